"""How far the data decide about each channel, and why not further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from roas.response import limits
from roas.response._arrays import Array
from roas.response.data import DAYS, MediaData

Identification = Literal["identified", "partly", "not identified"]
State = Literal["headroom", "efficient", "saturated", "unknown"]

#: What would settle most doubts.
EXPERIMENT: Final = "Change {channel} alone for four weeks, by half or more, and leave the other channels as they are."


#: Reasons that other rules look for.
NEVER: Final = "its spend never varied"
LOCAL: Final = "what changes around today's spend bring is known, what the first units bring is not"


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
    """

    identified: Identification
    contraction: float
    reasons: tuple[str, ...]
    experiment: str | None


def judge(
    data: MediaData,
    figures: Figures,
    expected: Array,
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
    expected : array, shape (T,)
        Sales without ads, currency per period.
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
    rhythm = by_week(expected[:, None], data)[:, 0]
    out = []
    for c, channel in enumerate(data.channels):
        # What would be known of a channel from the other ones alone.
        contraction = 1 - float(figures.sampled[c].std()) / float(np.hypot(within, pooled_sd))
        ratio, marginal_ratio = _ratio(figures.roas[c]), _ratio(figures.marginal[c])
        reasons = _reasons(c, data, weekly, spends[c], draws[c], rhythm)
        known = _grade(contraction, ratio, never=NEVER in reasons)
        if marginal_ratio <= limits.IDENTIFIED_RATIO < ratio:
            reasons.append(LOCAL)
            known = "partly" if NEVER not in reasons else known
        if data.weeks < limits.FEWEST_WEEKS:
            reasons.insert(0, f"only {data.weeks:.0f} weeks of data; {limits.FEWEST_WEEKS} are needed")
            known = "partly" if known == "identified" else known
        if not converged:
            reasons.insert(0, "the sampler has not converged")
            known = "not identified"
        if known == "identified":
            reasons = []
        elif not reasons:
            reasons = ["its spend varied too little for the noise of revenue"]
        experiment = None if known == "identified" else EXPERIMENT.format(channel=channel)
        out.append(Verdict(known, contraction, tuple(reasons), experiment))
    return tuple(out)


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


def _grade(contraction: float, ratio: float, *, never: bool) -> Identification:
    if never:
        return "not identified"
    if ratio <= limits.IDENTIFIED_RATIO and contraction >= limits.IDENTIFIED_CONTRACTION:
        return "identified"
    return "partly" if contraction >= limits.PARTLY_CONTRACTION else "not identified"


def _correlations(columns: Array) -> Array:
    sd = columns.std(axis=0)
    scaled = (columns - columns.mean(axis=0)) / np.where(sd > 0, sd, 1.0)
    return np.asarray(scaled.T @ scaled / len(columns))


def _reasons(c: int, data: MediaData, weekly: Array, spends: Array, draws: Array, rhythm: Array) -> list[str]:
    """List what keeps a channel's effect from being known."""
    own, found = weekly[:, c], []
    running = int((own > 0).sum())
    if own.std() < limits.VARIED * own.mean():
        found.append(NEVER)
    elif running <= limits.NEW_WEEKS and own[-1] > 0 and own[0] == 0:
        found.append(f"it has run for {running} week(s) only")
    others = [o for o in range(len(data.channels)) if o != c]
    twin = max(others, key=lambda o: spends[o], default=None)
    rival = min(others, key=lambda o: draws[o], default=None)
    if twin is not None and spends[twin] > limits.COLLINEAR_SPEND:
        found.append(f"its spend moves with {data.channels[twin]} (correlation {spends[twin]:.2f})")
    elif rival is not None and draws[rival] < limits.COLLINEAR_DRAWS:
        found.append(f"its effect trades against that of {data.channels[rival]}")
    if own.std() > 0 and rhythm.std() > 0 and np.corrcoef(own, rhythm)[0, 1] > limits.CHASING:
        found.append("its spend follows demand")
    share = own.sum() / weekly.sum()
    if share < limits.SMALL_SHARE:
        found.append(f"it is small ({100 * share:.1f} % of spend)")
    return found


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
