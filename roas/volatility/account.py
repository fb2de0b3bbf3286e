"""From an account's tables to the volatility of its ROAS series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from roas.quantiles import Q
from roas.tables import Tables
from roas.volatility._arrays import Array
from roas.volatility.around import Surroundings
from roas.volatility.breaks.find import roas_breaks
from roas.volatility.breaks.found import Breaks
from roas.volatility.build import account_series, channel_series, surroundings
from roas.volatility.noise import Noise, estimate_noise
from roas.volatility.online.looks import watch_account
from roas.volatility.online.oddities import odd_days
from roas.volatility.regimes.garch import conditional_volatility
from roas.volatility.regimes.shocks import standardise
from roas.volatility.regimes.states import Regime, regime
from roas.volatility.results import AccountVolatility, SeriesVolatility
from roas.volatility.series import RoasSeries
from roas.volatility.shares import variance_shares
from roas.volatility.sheet.comovement import correlations
from roas.volatility.sheet.tear import TearSheet, tear_sheet
from roas.volatility.truth import observed_log_sd, swing

#: Channels, the largest by spend, that are searched for breaks and regimes and have a tear sheet. An
#: export with more has campaigns in its channel column; a minute of search
#: would end in pages nobody reads.
SEARCHED: Final = 60

#: Channels whose shocks are correlated with each other: 435 pairs.
CORRELATED: Final = 30


#: Times the expected ROAS from which a period is worth a word: a sale doubles it,
#: a slipped decimal point makes ten.
GIANT: Final = 5.0

#: False alarms per period: none in a thousand channels of three years.
ODD: Final = 1e-6


def measure_account(
    tables: Tables,
    *,
    margin: float | None = None,
    marginal_roas: Mapping[str, Q] | None = None,
    immature_days: Mapping[str, int] | None = None,
    seed: int = 0,
) -> AccountVolatility:
    """Measure the volatility of an account and of its channels.

    Parameters
    ----------
    tables : Tables
    margin : float, optional
        Contribution margin, in (0, 1].
    marginal_roas : mapping of channel to Q, optional
        What the next unit of money brings, from a response model.
    immature_days : mapping of channel to int, optional
        Days at the end in which its claims are still arriving.
    seed : int
        Of the tests and simulations.

    Returns
    -------
    AccountVolatility
        Channels without claims, or with too few weeks, are left out.
    """
    account = account_series(tables, immature_days=immature_days)
    every = channel_series(tables, immature_days=immature_days)
    measured = {
        name: measure(series, surroundings(tables, account, series), search=place < SEARCHED, seed=seed)
        for place, (name, series) in enumerate(every.items())
    }
    channels = {name: each for name, each in measured.items() if each is not None}
    beyond = marginal_roas or {}
    sheets = {
        name: _sheet(each, account, margin, beyond.get(name), seed) for name, each in list(channels.items())[:SEARCHED]
    }
    whole = None if account is None else measure(account, surroundings(tables, account, account), seed=seed)
    return AccountVolatility(
        whole,
        channels,
        sheets,
        correlations([each.shocks for each in list(channels.values())[:CORRELATED]]),
        watch_account([*([] if account is None else [account]), *list(every.values())[:SEARCHED]]),
    )


def _sheet(
    each: SeriesVolatility, account: RoasSeries | None, margin: float | None, marginal: Q | None, seed: int
) -> TearSheet:
    return tear_sheet(
        each.series,
        noise_unit=each.noise.unit,
        true_log_sd=None if each.noise.unit is None else each.swing.true_log_sd,
        margin=margin,
        demand=_rest_of_till(each.series, account),
        marginal_roas=marginal,
        breaks=[b.index for b in each.breaks.levels],
        seed=seed,
    )


def _rest_of_till(series: RoasSeries, account: RoasSeries | None) -> Array | None:
    """Return what the shop took beside what the channel claims; None without a till."""
    return None if account is None or account.of != "mer" else account.revenue - series.revenue


def measure(
    series: RoasSeries, around: Surroundings | None = None, *, search: bool = True, seed: int = 0
) -> SeriesVolatility | None:
    """Measure the volatility of one ROAS series.

    Parameters
    ----------
    series : RoasSeries
    around : Surroundings, optional
        What else is known of its weeks.
    search : bool
        Look for breaks and regimes; without, they stay unknown.
    seed : int
        Of the tests that resample.

    Returns
    -------
    SeriesVolatility or None
        None with fewer weeks than a standard deviation needs.
    """
    ripe = series.until_mature()
    noise = estimate_noise(ripe)
    moved, shares = swing(ripe, noise), variance_shares(ripe, noise, around)
    if moved is None or shares is None:
        return None
    moved = moved.seen(observed_log_sd(series.weeks))
    breaks = _searched(series) if search else Breaks((), 0, judged=False)
    shocks = standardise(series, noise.unit, breaks=[each.index for each in breaks.levels])
    state = regime(shocks, seed=seed) if search else Regime("unknown", why=f"only the {SEARCHED} largest are searched")
    conditional = conditional_volatility(shocks, seed=seed)
    return SeriesVolatility(series, noise, moved, shares, breaks, shocks, state, conditional, _odd(ripe, noise))


def _searched(series: RoasSeries) -> Breaks:
    """Return the breaks; unjudged where figures are too extreme to compute with."""
    try:
        return roas_breaks(series)
    except np.linalg.LinAlgError:
        return Breaks((), 0, judged=False)


def _odd(series: RoasSeries, noise: Noise) -> tuple[tuple[np.datetime64, float, float], ...]:
    """Return date, ROAS and expected ROAS of periods far above all others; those below are no typing error."""
    used = series.usable
    roas = np.where(used, series.revenue, 0.0) / np.where(used, series.spend, 1.0)
    usual = float(np.median(roas[used]))
    if not usual > 0 or not (roas > GIANT * usual).any():
        return ()
    found = odd_days(series, noise, false_alarms=ODD)
    return tuple(
        (series.dates[i], float(roas[i]), float(found.expected[i]))
        for i in np.flatnonzero(found.odd)
        if roas[i] > GIANT * found.expected[i]
    )
