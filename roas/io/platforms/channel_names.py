"""What warehouses and connectors call a platform → the channel's name."""

from __future__ import annotations

import re

from roas.io.headers import words

#: Channel → what its rows are called elsewhere, besides its own name.
_NAMES = {
    "Google Ads": ("google", "adwords", "google adwords", "googleads", "gads"),
    "Meta": ("meta", "facebook", "facebookads", "fb", "fbads", "instagram", "facebook marketing"),
    "Microsoft Ads": ("microsoft", "bing", "bingads", "microsoftads", "microsoft advertising"),
    "TikTok": ("tiktok", "tik tok", "tiktokads", "tiktok marketing"),
    "LinkedIn": ("linkedin", "linkedinads", "linkedin marketing", "linkedin campaign manager"),
    "Pinterest": ("pinterest", "pinterestads"),
    "Snapchat": ("snapchat", "snap", "snapchatads", "snapchat marketing"),
    "Amazon Ads": ("amazon", "amazonads", "amazon advertising"),
    "Reddit": ("reddit", "redditads"),
    "X": ("x", "twitter", "twitterads", "x twitter"),
    "Apple Search Ads": ("apple search", "apple", "applesearchads", "asa", "searchads"),
}
_CHANNELS = {name: channel for channel, names in _NAMES.items() for name in names}
_PAID = re.compile(r"cpc|ppc|cpm|cpv|paid|retargeting|display|banner", re.I)


def channel_name(value: str) -> str:
    """Return the channel for a platform's name; unknown names are kept as written.

    Examples
    --------
    >>> channel_name("facebook_ads"), channel_name("Google Ads"), channel_name("Criteo")
    ('Meta', 'Google Ads', 'Criteo')
    """
    plain = re.sub(r"[^\w ]+", " ", words(value)).strip()
    plain = " ".join(w for w in plain.split() if w not in ("ads", "ad")) or plain
    return _CHANNELS.get(plain, value.strip())


def channel_of_source(source: str, medium: str = "") -> str:
    """Return the channel for a source and medium as Google Analytics writes them.

    A source names a platform only where its medium is paid or not given:
    ``google / organic`` is no advertising channel.

    Examples
    --------
    >>> channel_of_source("google", "cpc"), channel_of_source("google", "organic")
    ('Google Ads', 'google / organic')
    """
    if not medium:
        return channel_name(source)
    return channel_name(source) if _PAID.search(medium) else f"{source.strip()} / {medium.strip()}"
