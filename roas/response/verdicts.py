"""How far the data decide about each channel, and why not further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from roas.format import count, decimal, plural
from roas.language import mark, say
from roas.response import limits
from roas.response._arrays import Array
from roas.response.data import DAYS, MediaData

Identification = Literal["identified", "partly", "not identified"]
State = Literal["headroom", "efficient", "saturated", "unknown"]

#: What would settle most doubts.
EXPERIMENT: Final = mark(
    "Change {channel} alone for four weeks, by half or more, and leave the other channels as they are."
)


#: Reasons, to be said.
NEVER: Final = mark("its spend never varied")
LOCAL: Final = mark("what changes around today's spend bring is known, what the first units bring is not")


@dataclass(frozen=True)
class Figures:
    """Posterior draws that verdicts are read from, each of shape (C, n).

    Attributes
    ----------
    sampled : array
        Log ROAS as sampled, before what lies outside the observed range is added.
    roas, marginal : array
        As reported, over the window.
    """

    sampled: Array
    roas: Array
    marginal: Array


@dataclass(frozen=True)
class Evidence:
    """What verdicts are read from beside the draws.

    Attributes
    ----------
    expected : array, shape (T,)
        Sales without ads, currency per period.
    sales, spend : array, shape (T,), (T, C)
        Revenue and spend beyond trend, season and controls.
    demand_seen : bool
        Whether claims or visits show demand, so that spend that follows it
        is not taken for effect.
    varied : array of bool, shape (C,), optional
        Channels whose spend varied where the national sum does not show it.
    tested, disputed : set of int
        Channels with a lift test, and those whose tests contradict the rest.
    """

    expected: Array
    sales: Array
    spend: Array
    demand_seen: bool = False
    varied: frozenset[int] = frozenset()
    tested: frozenset[int] = frozenset()
    disputed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """What the data say about one channel's effect.

    Attributes
    ----------
    identified : {"identified", "partly", "not identified"}
    contraction : float
        Share of the prior's spread of log ROAS that the data removed.
    reasons : tuple of str
        Why not more is known; empty when identified.
    experiment : str or None
        A test that would settle it.
    varied : bool
        Whether its spend ever did.
    """

    identified: Identification
    contraction: float
    reasons: tuple[str, ...]
    experiment: str | None
    varied: bool = True


#: From worst to best.
GRADES: Final[tuple[Identification, ...]] = ("not identified", "partly", "identified")


class Doubt(NamedTuple):
    """A reason, and the best grade that it leaves."""

    reason: str
    best: Identification = "identified"


def judge(
    data: MediaData,
    figures: Figures,
    evidence: Evidence,
    *,
    within: float,
    pooled_sd: float,
    converged: bool,
) -> tuple[Verdict, ...]:
    """Give every channel its verdict.

    Parameters
    ----------
    data : MediaData
    figures : Figures
    evidence : Evidence
    within : float
        Sd of channels' log ROAS around the account's.
    pooled_sd : float
        Posterior sd of the account's log ROAS.
    converged : bool
        Whether the sampler did.
    """
    weekly = by_week(data.spend, data)
    spends = _correlations(weekly)
    draws = _correlations(figures.sampled.T)
    out = []
    for c, channel in enumerate(data.channels):
        # What would be known of a channel from the other ones alone.
        contraction = max(0.0, 1 - float(figures.sampled[c].std()) / float(np.hypot(within, pooled_sd)))
        ratio, marginal_ratio = _ratio(figures.roas[c]), _ratio(figures.marginal[c])
        doubts = _doubts(c, data, weekly, spends[c], draws[c], evidence)
        known = _grade(contraction, ratio)
        if marginal_ratio <= limits.IDENTIFIED_RATIO < ratio:
            doubts.append(Doubt(say(LOCAL), "partly"))
            known = _better(known, "partly")
        if data.weeks < limits.FEWEST_WEEKS:
            needed = say(
                "only {weeks} weeks of data; {needed} are needed",
                weeks=count(round(data.weeks)), needed=limits.FEWEST_WEEKS,
            )  # fmt: skip
            doubts.insert(0, Doubt(needed, "partly"))
        if not converged:
            doubts.insert(0, Doubt(say("the sampler has not converged"), "not identified"))
        known = min([known, *(doubt.best for doubt in doubts)], key=GRADES.index)
        reasons = [] if known == "identified" else [doubt.reason for doubt in doubts]
        if known != "identified" and not reasons:
            reasons = [say("its spend varied too little for the noise of revenue")]
        experiment = None if known == "identified" else say(EXPERIMENT, channel=channel)
        varied = not _never_varied(c, weekly[:, c], evidence)
        out.append(Verdict(known, contraction, tuple(reasons), experiment, varied))
    return tuple(out)


def _better(one: Identification, other: Identification) -> Identification:
    return max(one, other, key=GRADES.index)


def _ratio(draws: Array) -> float:
    """Return p95 / p5 of positive draws."""
    low, high = np.quantile(draws, [0.05, 0.95])
    return float(high / low) if low > 0 else np.inf


def by_week(values: Array, data: MediaData) -> Array:
    """Add days up to weeks of seven from the start; weeks stay as they are."""
    length = 7 // DAYS[data.grain]
    whole = len(values) // length * length
    if whole == 0:
        return values
    return np.asarray(values[:whole].reshape(-1, length, values.shape[1]).sum(axis=1))


def _grade(contraction: float, ratio: float) -> Identification:
    if ratio <= limits.IDENTIFIED_RATIO and contraction >= limits.IDENTIFIED_CONTRACTION:
        return "identified"
    return "partly" if contraction >= limits.PARTLY_CONTRACTION else "not identified"


def _correlations(columns: Array) -> Array:
    sd = columns.std(axis=0)
    scaled = (columns - columns.mean(axis=0)) / np.where(sd > 0, sd, 1.0)
    return np.asarray(scaled.T @ scaled / len(columns))


def _doubts(c: int, data: MediaData, weekly: Array, spends: Array, draws: Array, evidence: Evidence) -> list[Doubt]:
    """List what keeps a channel's effect from being known."""
    own, found = weekly[:, c], []
    running = int((own > 0).sum())
    if c in evidence.disputed:
        found.append(Doubt(say("its lift test and the other data disagree"), "partly"))
    if _never_varied(c, own, evidence):
        found.append(Doubt(say(NEVER), "partly" if c in evidence.tested else "not identified"))
    elif running <= limits.NEW_WEEKS and own[-1] > 0 and own[0] == 0:
        weeks = say("one week") if running == 1 else plural(running, "week")
        found.append(Doubt(say("it has run for {weeks} only", weeks=weeks), "not identified"))
    others = [o for o in range(len(data.channels)) if o != c]
    twin = max(others, key=lambda o: spends[o], default=None)
    rival = min(others, key=lambda o: draws[o], default=None)
    if twin is not None and spends[twin] > limits.COLLINEAR_SPEND:
        moves = say(
            "its spend moves with {channel} (correlation {correlation})",
            channel=data.channels[twin], correlation=decimal(spends[twin], 2),
        )  # fmt: skip
        found.append(Doubt(moves, "identified" if c in evidence.tested else "partly"))
    elif rival is not None and draws[rival] < limits.COLLINEAR_DRAWS:
        found.append(Doubt(say("its effect trades against that of {channel}", channel=data.channels[rival])))
    found += _demand(c, own, data, evidence)
    share = own.sum() / weekly.sum()
    if share < limits.SMALL_SHARE:
        found.append(Doubt(say("it is small ({share} % of spend)", share=decimal(100 * share, 1))))
    return found


def _never_varied(c: int, own: Array, evidence: Evidence) -> bool:
    return bool(own.std() < limits.VARIED * own.mean()) and c not in evidence.varied


def _demand(c: int, own: Array, data: MediaData, evidence: Evidence) -> list[Doubt]:
    """Doubt a channel whose spend may answer demand instead of making it."""
    rhythm = by_week(evidence.expected[:, None], data)[:, 0]
    spend, sales = by_week(evidence.spend[:, [c]], data)[:, 0], by_week(evidence.sales[:, None], data)[:, 0]
    if c not in evidence.tested and not evidence.demand_seen and _correlation(spend, sales) > limits.CHASING_SALES:
        together = say("its spend and sales move together: spend that follows demand would look the same")
        return [Doubt(together, "partly")]
    return [Doubt(say("its spend follows demand"))] if _correlation(own, rhythm) > limits.CHASING else []


def _correlation(one: Array, other: Array) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if len(one) > 2 and one.std() > 0 and other.std() > 0 else 0.0


def saturation_state(marginal: Array, break_even: float) -> tuple[State, float]:
    """Return the likeliest state of a channel and its probability.

    Parameters
    ----------
    marginal : array, shape (n,)
        Draws of marginal ROAS.
    break_even : float
        One over the contribution margin.
    """
    below = float((marginal < break_even).mean())
    above = float((marginal > limits.HEADROOM * break_even).mean())
    states: Sequence[tuple[State, float]] = (
        ("saturated", below), ("headroom", above), ("efficient", 1 - below - above)
    )  # fmt: skip
    state, probability = max(states, key=lambda pair: pair[1])
    return ("unknown", probability) if probability < limits.KNOWN_STATE else (state, probability)
