"""The layouts that are recognised; a new one is a module and a line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from roas.io.platforms.base import Platform

#: Modules, each with ``PLATFORMS``: a tuple of layouts.
_MODULES = (
    "google_ads", "meta_ads", "microsoft_ads", "tiktok_ads", "linkedin_ads", "pinterest_ads", "snapchat_ads",
    "amazon_ads", "dv360", "cm360", "x_ads", "reddit_ads", "apple_ads", "ga4", "adobe_analytics", "shopify",
    "woocommerce", "stripe", "warehouse", "generic",
)  # fmt: skip


@cache
def platforms() -> tuple[Platform, ...]:
    """Return every known layout, in the order of the registry."""
    return tuple(p for m in _MODULES for p in import_module(f"roas.io.platforms.{m}").PLATFORMS)


@cache
def vocabulary() -> frozenset[str]:
    """Return every folded header that some layout knows."""
    return frozenset(k for p in platforms() for c in p.columns for k in p.keys(c))
