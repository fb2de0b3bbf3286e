"""Calm or turbulent: has the size of true ROAS swings changed, and which state is it in now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.regimes.clustering import Clustering, clustering, reorder, upper_tail
from roas.volatility.regimes.shocks import Shocks
from roas.volatility.regimes.switching import Switching, fit, gain

State = Literal["calm", "turbulent", "unknown"]

#: Usable periods needed: 120 days (diagnosis recipe for a variance regime) and half a year of weeks. At 120 days a
#: doubled true sd over the last third is found in 25 to 70 % of accounts whose swings outweigh counting noise
#: (benchmarks/volatility/regimes.py); with fewer a missed regime is the rule.
FEWEST: Final[dict[str, int]] = {"day": 120, "week": 26}

#: p-value of the two tests of changing variance above which no switching model is fitted.
GATE: Final = 0.10

#: p-value of one variance at which the switching model is believed. With the gate before it, 5 % or
#: fewer of healthy accounts are called turbulent (benchmarks/volatility/regimes.py).
LEVEL: Final = 0.05

#: Probability of a state at which it is named.
SURE: Final = 0.8

#: How many standard errors a doubled true sd over a third of the time must move the mean of squared shocks before
#: "calm" is said where no test has spoken. At 4.5 about two doublings in three are found, at 2.8 one in four, at 7 nine
#: in ten, whatever mix of length and counts makes them (benchmarks/volatility/regimes.py).
VISIBLE: Final = 4.5

#: Reorderings behind the p-value of the switching model.
REORDERINGS: Final = 199


@dataclass(frozen=True)
class Regime:
    """The state of volatility at the last mature period.

    Attributes
    ----------
    state : {"calm", "turbulent", "unknown"}
        "calm" also where one variance suffices and a doubling would have been seen.
    probability : float or None
        Of the state named, given that there are two; None where no two states were found.
    since : date or None
        First period of the present spell; None where no two states were found.
    calm_sd, turbulent_sd : float or None
        True standard deviation of log ROAS per period in each state, counting noise removed.
    p_value : float or None
        Of one unchanging variance.
    why : str
        One plain clause.
    """

    state: State
    probability: float | None = None
    since: dt.date | None = None
    calm_sd: float | None = None
    turbulent_sd: float | None = None
    p_value: float | None = None
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        numbers = {
            name: None if (value := getattr(self, name)) is None else float(f"{value:.6g}")
            for name in ("probability", "calm_sd", "turbulent_sd", "p_value")
        }
        since = None if self.since is None else self.since.isoformat()
        return {"state": self.state, "since": since, **numbers, "why": self.why}


def regime(shocks: Shocks, *, seed: int = 0) -> Regime:
    """Tell calm from turbulent times.

    Parameters
    ----------
    shocks : Shocks
        From :func:`roas.volatility.regimes.shocks.standardise`, with level breaks given to it.

    Returns
    -------
    Regime

    Notes
    -----
    In order: enough data; counting noise known; ARCH-LM or kappa-2 on uncorrelated shocks rejects
    one variance (`GATE`); kappa-2 or the gain of a two-state switching
    variance reject one variance at `LEVEL` together (Bonferroni; null
    distributions from reordered shocks). Between the two, "unknown". Shocks
    are divided by their counting noise, so a stretch of few sales is not turbulent.
    """
    usable = shocks.usable
    white = shocks.white[usable]
    needed, unit = FEWEST[shocks.grain], f"{shocks.grain}s"
    if len(white) < needed:
        return Regime("unknown", why=f"{len(white)} usable {unit}; a regime needs {needed}")
    if not shocks.noise_known:
        return Regime("unknown", why="counting noise is not known: few sales cannot be told from turbulence")
    test = clustering(white, shocks.grain, seed=seed)
    if test.p_value > GATE:
        return _one_variance(shocks, test)
    per_week = 7 if shocks.grain == "day" else 1
    mixed = gain(np.concatenate([white[None], reorder(white, REORDERINGS, seed + 1)]), per_week)
    # A change for good shows best in kappa-2, spells that come and go in the switching model: both are counted.
    p_value = min(1.0, 2 * min(test.p_kappa2, upper_tail(float(mixed[0]), mixed[1:])))
    if p_value > LEVEL:
        why = f"a hint that the size of swings changed (p = {test.p_value:.2g}), too weak to name a state"
        return Regime("unknown", p_value=p_value, why=why)
    return _named(shocks, fit(white, per_week), p_value)


def _one_variance(shocks: Shocks, test: Clustering) -> Regime:
    """Say calm where a doubling would have shown, else unknown."""
    p = test.p_value
    count = int(shocks.usable.sum())
    if visibility(count, shocks.signal) < VISIBLE:
        luck = f"{(1 - shocks.signal) * 100:.0f} % of the variance is luck of few sales"
        why = f"true swings twice as large could go unseen in {count} {shocks.grain}s of which {luck}"
        return Regime("unknown", p_value=p, why=why)
    return Regime("calm", p_value=p, calm_sd=shocks.true_sd, why=f"no change in the size of swings found (p = {p:.2g})")


def visibility(count: int, signal: float) -> float:
    """Return how far a doubled true sd over a third of the periods would stand out.

    Parameters
    ----------
    count : int
        Usable periods.
    signal : float
        s, share of the variance that is true swings.

    Notes
    -----
    ``sqrt(n · 1/3 · 2/3) · 3 s / (sqrt(2) (1 + s))``: the variance rises from 1
    to 1 + 3 s, that is by 3 s against its mean 1 + s; a squared normal shock
    has standard deviation sqrt(2).
    """
    return float(np.sqrt(2 * count) / 3 * 3 * signal / (np.sqrt(2) * (1 + signal)))


def _named(shocks: Shocks, model: Switching, p_value: float) -> Regime:
    """Name the state of the last period."""
    places = np.flatnonzero(shocks.usable)
    probability = model.probability
    now = float(probability[-1])
    calm_sd, turbulent_sd = (_true_sd(shocks, places, share) for share in (1 - probability, probability))
    start = places[_spell_start(probability >= 0.5)]
    since = shocks.dates[start].astype("datetime64[D]").astype(object)
    times = np.sqrt(model.turbulent / max(model.calm, 1e-9))
    if max(now, 1 - now) < SURE:
        why = f"the last {shocks.grain}s lie between calm and turbulent (probability {now:.2f})"
        return Regime("unknown", now, None, calm_sd, turbulent_sd, p_value, why)
    state: State = "turbulent" if now >= SURE else "calm"
    why = f"shocks are {times:.1f} times as large in turbulent as in calm times (p = {p_value:.2g})"
    return Regime(state, max(now, 1 - now), since, calm_sd, turbulent_sd, p_value, why)


def _true_sd(shocks: Shocks, places: np.ndarray[tuple[int], np.dtype[np.int64]], share: Array) -> float:
    """Return the sd of residuals in a state with counting noise removed, each period weighted by what it tells."""
    noise = shocks.noise[places]
    weight = share / (noise + max(shocks.true_sd, 1e-3) ** 2) ** 2
    if weight.sum() <= 0:
        return 0.0
    return float(np.sqrt(max(0.0, (weight * (shocks.residual[places] ** 2 - noise)).sum() / weight.sum())))


def _spell_start(high: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Return the first position of the last run of equal values."""
    changes = np.flatnonzero(high[1:] != high[:-1])
    return int(changes[-1]) + 1 if len(changes) else 0
