"""From an account's tables to the volatility of its ROAS series."""

from __future__ import annotations

from roas.tables import Tables
from roas.volatility.build import account_series, channel_series, surroundings
from roas.volatility.noise import estimate_noise
from roas.volatility.results import AccountVolatility, SeriesVolatility
from roas.volatility.series import RoasSeries
from roas.volatility.shares import variance_shares
from roas.volatility.truth import swing


def measure_account(tables: Tables, *, margin: float | None = None) -> AccountVolatility:
    """Measure the volatility of an account and of its channels.

    Parameters
    ----------
    tables : Tables
    margin : float, optional
        Contribution margin, in (0, 1].

    Returns
    -------
    AccountVolatility
        Channels without claims, or with too few weeks, are left out.
    """
    account = account_series(tables)
    channels = {}
    for name, series in channel_series(tables).items():
        measured = _measure(series, tables, account)
        if measured is not None:
            channels[name] = measured
    whole = None if account is None else _measure(account, tables, account)
    return AccountVolatility(whole, channels)


def _measure(series: RoasSeries, tables: Tables, account: RoasSeries | None) -> SeriesVolatility | None:
    noise = estimate_noise(series)
    moved = swing(series, noise)
    if moved is None:
        return None
    shares = variance_shares(series, noise, surroundings(tables, account, series))
    assert shares is not None
    return SeriesVolatility(series, noise, moved, shares)
