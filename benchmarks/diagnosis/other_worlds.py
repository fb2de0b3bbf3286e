"""Ad accounts with a planted cause, or none, written apart from `roas.simulator` and from the analyser.

`make` draws one account: other channels, another response, another reach, other luck. What the exports show
follows the published signatures of the causes, not this project's code. Use it to check a diagnosis:

    spend, revenue, truth = make(seed=3, cause="creative_fatigue", size=0.3)

    python benchmarks/diagnosis/other_worlds.py 3 creative_fatigue     # prints the truth and a weekly table
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from other_books import Columns, exports, loss_per_week
from other_causes import CAUSES, COSTS_NOTHING, MOVES_MONEY, Hit, Shape, first_day, hold_promotion
from other_channels import choose, draw_channels, ready_for, scaled
from other_decoys import DECOYS, PREPARE
from other_market import World, draw_market

__all__ = ["CAUSES", "DECOYS", "make"]


def make(
    *,
    seed: int,
    cause: str | None,
    size: float = 0.3,
    sales_per_day: float = 150,
    columns: Columns = "full",
    weeks: int = 56,
    onset_weeks: int = 8,
    shape: Shape = "step",
    second: str | None = None,
    decoy: str | None = None,
    luck: bool = True,
    hit: bool = True,
) -> tuple[pd.DataFrame, pd.DataFrame | None, dict[str, Any]]:
    """Draw an account.

    Parameters
    ----------
    seed : int
        The same seed and arguments give the same bytes.
    cause : str or None
        A name of `CAUSES`; None for a healthy account.
    size : float
        Share that the rate of the unit that is hit loses, in (0, 0.9). See `other_causes`.
    sales_per_day : float
        Sales that all platforms together claim on an average day.
    columns : {"bare", "claims", "funnel", "full"}
        What is exported; bare has claimed revenue only and no till.
    weeks, onset_weeks : int
        History, and how long before its end the cause begins. `baseline_erosion` begins at least half a year
        before, `reporting_lag` ten to 21 days.
    shape : {"step", "ramp", "slow"}
        At once, over three weeks, over ten.
    second : str or None
        Another cause at the same time, in another channel.
    decoy : str or None
        A name of `DECOYS`: something that is no cause.
    luck : bool
        False writes expectations instead of draws.
    hit : bool
        False draws the very same account without its causes.

    Returns
    -------
    spend : DataFrame
        One row per day, channel and campaign (day and channel for bare and claims).
    revenue : DataFrame or None
        One row per day.
    truth : dict
        cause, channel (None for the account; in `mix_shift` the one that gains), channels (all that are hit),
        since (ISO date), effect_per_week (revenue lost per week since then, currency), second (the same of the
        other cause, or None), decoy, flavour, and what the account is like.
    """
    names = [each for each in (cause, second) if each is not None]
    _check(names, decoy, size, weeks, onset_weeks)
    plan, market, flavour, luck_rng = (np.random.default_rng([seed, stream]) for stream in range(4))
    world, hits = _account(plan, market, names, decoy, sales_per_day, weeks, onset_weeks)
    planted = [
        Hit(each, size, shape, first_day(each, weeks=weeks, onset_weeks=onset_weeks), flavour, channel, gainer)
        for each, (channel, gainer) in zip(names, hits, strict=True)
    ]
    for each in planted:
        if each.cause == "promotion_hangover":
            hold_promotion(world, until=each.since, rng=flavour)
    if decoy is not None:
        DECOYS[decoy](world, (weeks - int(flavour.integers(5, 13))) * 7, flavour)
    worlds = _worlds(world, planted, flavour)
    spend, revenue = exports(worlds["all"] if hit else world, luck_rng, columns=columns, luck=luck)
    told = [_told(each, world, worlds, hit) for each in planted]
    truth: dict[str, Any] = {"cause": None, "channel": None, "channels": [], "since": None, "effect_per_week": 0.0}
    truth |= told[0] if cause is not None else {}
    truth |= {"second": told[-1] if second is not None else None, "decoy": decoy, "seed": seed, "size": size}
    truth |= {"shape": shape, "sales_per_day": sales_per_day, "columns": columns} | world.notes
    return spend, revenue, truth


def _check(names: list[str], decoy: str | None, size: float, weeks: int, onset_weeks: int) -> None:
    unknown = [n for n in names if n not in CAUSES] + ([decoy] if decoy is not None and decoy not in DECOYS else [])
    if unknown or len(set(names)) < len(names):
        raise ValueError(f"no such cause or decoy, or the same twice: {unknown or names}")
    if not 0 < size < 0.9 or not 1 <= onset_weeks < weeks:
        raise ValueError("size must lie in (0, 0.9), and onset_weeks in the history")


def _account(
    plan: np.random.Generator,
    market: np.random.Generator,
    names: list[str],
    decoy: str | None,
    sales_per_day: float,
    weeks: int,
    onset_weeks: int,
) -> tuple[World, list[tuple[int | None, int | None]]]:
    """Draw the channels, give them what causes and decoy presume, and draw the market around them."""
    channels = draw_channels(plan, sales_per_day=sales_per_day, causes=names)
    if decoy in PREPARE:
        PREPARE[decoy](channels, plan)
    hits: list[tuple[int | None, int | None]] = []
    taken: set[int] = set()
    for name in names:
        channel = choose(name, channels, plan, taken=taken)
        gainer = ready_for(name, channels, channel, plan)
        hits.append((channel, gainer))
        taken |= {i for i in (channel, gainer) if i is not None}
    yearly = "quarter" if decoy == "strong_season" else None
    world = draw_market(
        scaled(channels, sales_per_day), market, weeks=weeks, onset=(weeks - onset_weeks) * 7, yearly=yearly
    )
    return world, hits


def _worlds(world: World, planted: list[Hit], rng: np.random.Generator) -> dict[str, World]:
    """Build the world with all causes, and without each of them in turn, from the same draws."""
    out = {}
    state = rng.bit_generator.state
    for leave in ("all", *(each.cause for each in planted)):
        out[leave] = world.copy()
        rng.bit_generator.state = state
        for k, each in enumerate(planted):
            each.rng = np.random.default_rng([int(rng.integers(1 << 31)), k])
            if each.cause != leave:
                CAUSES[each.cause](out[leave], each)
    return out


def _told(hit: Hit, world: World, worlds: dict[str, World], planted: bool) -> dict[str, Any]:
    """Tell what a diagnosis should find of one cause."""
    main = hit.gainer if hit.cause == "mix_shift" else hit.channel
    if hit.channels and (len(hit.channels) > 1 or hit.cause == "baseline_erosion"):
        main = None
    effect = 0.0
    if planted and hit.cause not in COSTS_NOTHING:
        moved = hit.cause in MOVES_MONEY
        effect = loss_per_week(worlds[hit.cause], worlds["all"], since=hit.since, moved=moved)
    all_ = hit.channels or ([main] if main is not None else [])
    return {
        "cause": hit.cause,
        "channel": None if main is None else world.channels[main].name,
        "channels": [world.channels[i].name for i in all_],
        "since": str(world.dates[hit.since]),
        "effect_per_week": effect,
        "flavour": hit.flavour,
    }


def main(arguments: list[str]) -> None:
    seed, cause = int(arguments[0]), arguments[1] if len(arguments) > 1 else None
    spend, revenue, truth = make(seed=seed, cause=cause)
    print(truth)
    week = spend["date"].dt.to_period("W")
    print(spend.groupby([week, "channel"])["conversions"].sum().unstack().tail(14).round())
    if revenue is not None:
        print(revenue.set_index("date").resample("W").sum().tail(14).round())


if __name__ == "__main__":
    main(sys.argv[1:])
