"""One account in the units of the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.claims import Claims, read_claims
from roas.response.data import DAYS, MediaData
from roas.response.design import Design, build_design
from roas.response.lift import LiftTest, anchors
from roas.response.limits import BEFORE_WEEKS, LARGEST_ALPHA, MAX_LAG, MOST_CLAIMED_PERIODS
from roas.response.posterior import Posterior
from roas.response.priors import Priors, default_priors

#: Digits kept of scaled input: the last ones differ between currencies.
DIGITS: Final = 11


@dataclass(frozen=True)
class Fitting:
    """One account in the units of the model.

    Attributes
    ----------
    data : MediaData
        With the channels that can be modelled.
    posterior : Posterior
    unit : float
        Mean absolute revenue of a period: revenue is relative to it.
    typical : array, shape (C,)
        Typical spend of each channel per period; half saturation is
        relative to it.
    before : array, shape (C,)
        Spend per period taken for the time before the window.
    spikes : tuple of int
        Periods taken out, because revenue is missing or far off.
    tests : tuple of LiftTest
        Those that entered the likelihood.
    """

    data: MediaData
    posterior: Posterior
    unit: float
    typical: Array
    before: Array
    spikes: tuple[int, ...]
    tests: tuple[LiftTest, ...] = ()

    @property
    def max_lag(self) -> int:
        """Largest lag in periods."""
        return MAX_LAG[self.data.grain]

    @property
    def roas_unit(self) -> float:
        """ROAS at which all media together make all of revenue."""
        return self.unit / float(self.data.spend.mean(axis=0).sum())


def prepare(
    data: MediaData,
    *,
    priors: Priors | None = None,
    spikes: tuple[int, ...] = (),
    tests: Sequence[LiftTest] = (),
    control_sd: float | None = None,
) -> Fitting:
    """Scale an account and build its posterior.

    Every figure is divided by the account's own level, so that the fit is
    the same in euros and in cents.
    """
    known = np.isfinite(data.revenue)
    unit = _unit(np.abs(data.revenue[known]))
    missing = tuple(int(i) for i in np.flatnonzero(~known))
    spikes = tuple(sorted({*missing, *spikes}))
    revenue = np.where(known, np.round(data.revenue / unit, DIGITS), 1.0)
    typical = np.array([math.fsum(x**2) / math.fsum(x) for x in data.spend.T])
    spend = np.round(data.spend / typical, DIGITS)
    first = max(1, BEFORE_WEEKS * 7 // DAYS[data.grain])
    before = spend[:first].mean(axis=0)
    table = AdstockTable.of(spend, max_lag=MAX_LAG[data.grain], largest=LARGEST_ALPHA[data.grain], before=before)
    totals = np.array([math.fsum(x) for x in data.spend.T])
    shares = np.round(totals / math.fsum(totals), DIGITS)
    design = build_design(data, spikes=spikes, control_sd=control_sd)
    level, shape = _claims(data, design, table, unit * len(data.dates) / math.fsum(totals))
    posterior = Posterior(
        revenue=revenue,
        table=table,
        shares=shares,
        design=design,
        priors=priors or default_priors(data.grain),
        claimed_level=level,
        claims=shape,
        anchors=anchors(tests, data, typical, before, unit, table, MAX_LAG[data.grain]),
    )
    return Fitting(data, posterior, unit, typical, before * typical, spikes, tuple(tests))


def _claims(
    data: MediaData, design: Design, table: AdstockTable, roas_unit: float
) -> tuple[Array | None, Claims | None]:
    """Return what platforms claim, as level and as shape; None where they claim nothing."""
    if data.claimed is None:
        return None, None
    # Before its first claim a platform did not report them yet.
    begun = np.cumsum(np.nan_to_num(data.claimed) > 0, axis=0) > 0
    sums, spent = np.nansum(data.claimed, axis=0), (data.spend * begun).sum(axis=0)
    if not (sums > 0).any():
        return None, None
    ratio = sums / np.where(spent > 0, spent, np.nan) / roas_unit
    level = np.asarray(np.round(np.log(np.where(sums > 0, ratio, np.nan)), DIGITS), dtype=np.float64)
    if len(data.dates) > MOST_CLAIMED_PERIODS:
        return level, None
    counts = np.full_like(data.claimed, np.nan) if data.counts is None else data.counts
    return level, read_claims(data.claimed, counts, data.visits, design, table)


def _unit(amounts: Array) -> float:
    """Return the mean amount; one that is far off counts as six times the median."""
    middle = float(np.median(amounts))
    if middle > 0:
        amounts = np.minimum(amounts, 6 * middle)
    return math.fsum(amounts) / len(amounts)
