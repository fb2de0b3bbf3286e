"""Are plans scored right? Accounts of `roas.simulator` whose money moves in their last weeks, and what that truly changed.

    python benchmarks/weekly/scores.py [ACCOUNTS] [FIRST_SEED] [SHORTEST]

Each account spends as usual for SHORTEST (70) to 70 weeks more, so that plans begin all over the year; then a plan of
4 or 8 weeks moves money between its two largest channels, cuts one, or raises all, by a fifth to two thirds. Three in
four follow it, but for a tenth of luck by campaign and day; the others go on as they would have, with half of the
moves. `roas.plan.score` sees the exports up to the plan's last day. The prediction it is compared with is the truth,
with half of it to both sides. Truth is the same world with the money of those weeks left at the mean of the 8 weeks
before them, what arrives in the ten weeks after included. Printed: how often the 90 % interval of what was realised,
and of what the model expected of the money that was spent, holds the truth; how wide it is; what was said.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "whatif"))
from accounts import world_of

from roas.plan.aftermath import Observed
from roas.plan.noted import Noted, weekly_means
from roas.plan.score import Score, score
from roas.quantiles import Q
from roas.simulator.draws import Draws
from roas.simulator.observe import observe, to_tables
from roas.simulator.outcome import expected_outcome
from roas.simulator.world import World

#: Weeks after the plan in which money that was moved still brings something: the simulator's longest carryover.
AFTER = 10

#: Weeks of today's split.
RECENT = 8


def moved(world: World, kind: int, size: float) -> np.ndarray:
    """Return the factor on each campaign's money under a plan, shape (campaigns, 1)."""
    names = sorted({c.name for c in world.shop.channels}, key=lambda n: -world.budget[world.rows(n)].sum())
    factor = np.ones((len(world.budget), 1))
    first, second = world.rows(names[0]), world.rows(names[1])
    if kind == 0:
        factor[first] = 1 - size
        factor[second] = 1 + size * world.budget[first].sum() / world.budget[second].sum()
    elif kind == 1:
        factor[first] = 1 - size
    else:
        factor[:] = 1 + size
    return factor


def course(world: World, start: int, end: int, factor: np.ndarray | None, wobble: np.ndarray | None = None) -> World:
    """Return the world with the plan's weeks as planned (or left as they were), and money left as it was after them.

    With `wobble` money is at the planned level, times that; without, it is what it would have been, times `factor`.
    """
    other = world.copy()
    steady = world.spend[:, start - 7 * RECENT : start].mean(axis=1, keepdims=True)
    per_budget = world.spend / np.maximum(world.budget, 1e-9)
    other.budget = world.budget.copy()
    level = np.where(per_budget > 0, steady / np.maximum(per_budget, 1e-9), 0.0)
    if factor is None:
        other.budget[:, start:] = level[:, start:]
    else:
        usual = other.budget[:, start:end] if wobble is None else level[:, start:end] * wobble
        other.budget[:, start:end] = usual * factor
        other.budget[:, end:] = level[:, end:]
    return other


def one(seed: int, shortest: int) -> tuple[Score, dict[str, Any]]:
    """Score one account's plan and return the truth beside it."""
    rng = np.random.default_rng((seed, 11))
    weeks, history = int(rng.choice([4, 8])), int(rng.integers(shortest, shortest + 71))
    kind, size = int(rng.integers(3)), float(rng.choice([0.2, 0.4, 0.65]))
    world = world_of(seed, weeks=history + AFTER, scale=float(rng.choice([0.3, 1.0, 3.0])), chase=0.0)
    begins = world.start + dt.timedelta(days=7 * (history - weeks))
    start, end = world.at(begins), world.at(begins) + 7 * weeks
    wobble = np.exp(0.1 * rng.standard_normal((len(world.budget), end - start))) if rng.random() < 0.75 else None
    full, half = moved(world, kind, size), 0.5 * (1 + moved(world, kind, size))
    real = course(world, start, end, half if wobble is None else full, wobble)
    still = course(world, start, end, None)
    caused = [expected_outcome(each).contribution[:, start:].sum() for each in (real, still)]
    tables = to_tables(real, observe(real, expected_outcome(real), Draws(seed), grain="day"), currency="EUR")
    last = pd.Timestamp(begins) + pd.Timedelta(days=7 * weeks)
    spend, revenue = (tables[name][tables[name]["date"] < last] for name in ("spend", "revenue"))
    now = weekly_means(spend, begins - dt.timedelta(days=7 * RECENT), RECENT)
    planned = {name: money * float(moved(world, kind, size)[world.rows(name)[0], 0]) for name, money in now.items()}
    truth = (caused[0] - caused[1]) / weeks
    plan = Noted(now, planned, weeks, begins, Q(0.5 * truth, truth, 1.5 * truth))
    found = score(plan, Observed(spend, revenue, "day", "week"))
    sold = revenue.loc[revenue["date"] >= pd.Timestamp(begins), "revenue"].sum() / weeks
    return found, {
        "seed": seed,
        "truth": truth,
        "sold": sold,
        "kind": kind,
        "size": size,
        "weeks": weeks,
        "begins": begins,
    }


def main(accounts: int, first: int, shortest: int) -> None:
    """Print one line per account and the rates."""
    rows, began = [], time.process_time()
    for seed in range(first, first + accounts):
        found, told = one(seed, shortest)
        row = told | {"state": found.state, "why": found.why, "followed": found.spent.followed}
        for name in ("realised", "expected"):
            q = getattr(found, name)
            row |= {name: np.nan if q is None else q.p50, f"{name}_in": q and q.p5 <= told["truth"] <= q.p95}
            row |= {f"{name}_wide": np.nan if q is None else (q.p95 - q.p5) / 2}
        rows.append(row)
        print(
            f"{seed:4d} {['move', 'cut', 'raise'][told['kind']]:5s} {told['size']:.2f} {told['weeks']}w {told['begins']} "
            f"truth {told['truth']:9.0f} realised {row['realised']:9.0f} ± {row['realised_wide']:7.0f} "
            f"expected {row['expected']:9.0f} ± {row['expected_wide']:7.0f} sold {told['sold']:9.0f} "
            f"followed {row['followed']:.2f} {found.why}",
            flush=True,
        )
    table = pd.DataFrame(rows)
    done = table[table["realised"].notna()]
    for name in ("realised", "expected"):
        share = done[f"{name}_in"].astype(bool).mean()
        print(f"{name}: truth inside {share:.3f} of {len(done)}")
    wide, off = done["realised_wide"], (done["realised"] - done["truth"]).abs()
    print(
        f"half width over revenue: {(wide / done['sold']).median():.3f}; error over it: {(off / done['sold']).median():.3f}"
    )
    print(f"half width over the true change: {(wide / done['truth'].abs()).median():.2f}")
    print(table.groupby(["state", "why"]).size().to_string())
    print(f"{(time.process_time() - began) / len(table):.1f} CPU s each")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given + [30, 0, 70][len(given) :]))
