"""Measure how unstable the account is, from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.tables import Tables

if TYPE_CHECKING:
    from roas.volatility.results import AccountVolatility


def measure(tables: Tables, *, margin: float | None) -> AccountVolatility:
    """Return volatility, breaks, regimes and tear sheets of the account and its channels."""
    from roas.volatility.account import measure_account

    return measure_account(tables, margin=margin)
