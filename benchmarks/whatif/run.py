"""Does the plan earn more in truth? Every table of README.md.

    python benchmarks/whatif/run.py --keep FOLDER --write            # all tables: about an hour on one core
    python benchmarks/whatif/run.py own --accounts 12                # one table, few accounts

FOLDER keeps the fits (a few seconds each); what is there is not fitted again, so empty it when the response model
changes. Tables are printed; ``--write`` puts them into README.md. Set OMP_NUM_THREADS=1. The table ``others`` needs
``pip install pysimmmulator``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import accounts
import numpy as np
import other
import unknowable
from fits import Fit, fitted
from known import known_table
from rules import RULES, nothing
from scoring import (
    MATTERS,
    Score,
    best_gain,
    captured,
    covered,
    limits_for,
    mean_share,
    now_of,
    predicted_over_true,
    scored,
    stated_and_true,
    worse,
)

from roas.plan.evaluate import evaluate
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from roas.plan.results import Plan

sys.path.append(str(Path(__file__).resolve().parents[1]))
import measure

measure.PAGE = Path(__file__).with_name("README.md")

#: First seed, and accounts by generator. Seeds below 1000 were looked at while the planner was written.
FIRST, FIRST_UNKNOWABLE = 1000, 2000
COUNTS = {"own": 108, "market": 24, "funnel": 24, "pysimmmulator": 24}
UNKNOWABLE = 6

#: Share of today's money that channels may move, and weeks, of the main table.
MAX_CHANGE, WEEKS = 0.3, 8

#: Splits per account that nobody chose, and their seed.
GIVEN = 4

#: Bins of stated probability.
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)

PLAN_HEADER = (
    "", "accounts", "captured (90 % interval)", "mean of shares", "kept as it is", "made worse",
    "worse by > 1 % of the best", "coverage", "predicted / true", "stated probability: true share",
)  # fmt: skip


class Bench:
    """Fits by generator, and where they are kept."""

    def __init__(self, folder: Path, accounts: int | None) -> None:
        self.folder, self.limit = folder, accounts
        self._plans: dict[tuple[str, float, int], list[Score]] = {}

    def plans(self, kind: str, max_change: float = MAX_CHANGE, weeks: int = WEEKS) -> list[Score]:
        """Return the scores of the plans of a generator's accounts."""
        key = (kind, max_change, weeks)
        if key not in self._plans:
            self._plans[key] = plans(self.fits(kind), max_change, weeks)
        return self._plans[key]

    def fits(self, kind: str) -> list[Fit]:
        """Return the fits of a generator."""
        make = accounts.own if kind == "own" else getattr(other, kind)
        seeds = range(FIRST, FIRST + min(COUNTS[kind], self.limit or COUNTS[kind]))
        return [fitted(f"{kind}-{seed}", partial(make, seed), self.folder) for seed in seeds]

    def unknowable(self, name: str) -> list[Fit]:
        """Return the fits of a kind of account in which nothing is to be known."""
        make, bare = unknowable.KINDS[name]
        seeds = range(FIRST_UNKNOWABLE, FIRST_UNKNOWABLE + min(UNKNOWABLE, self.limit or UNKNOWABLE))
        return [fitted(f"{name}-{seed}", partial(make, seed, bare=bare), self.folder) for seed in seeds]


def planned(fit: Fit, max_change: float, weeks: int) -> Plan | dict[str, float]:
    """Plan as `roas whatif --optimize` does: on estimates that settled, or not at all."""
    if not fit.converged:
        return nothing(fit, {})
    return optimize(fit, fit.today, limits=limits_of(fit.today, max_change=max_change), weeks=weeks)


def plans(fits: Sequence[Fit], max_change: float = MAX_CHANGE, weeks: int = WEEKS) -> list[Score]:
    """Plan every account and score the plans."""
    return [scored(f, planned(f, max_change, weeks), best_of(f, max_change, weeks), weeks) for f in fits]


def best_of(fit: Fit, max_change: float, weeks: int) -> float:
    """Return the best gain there is inside the limits."""
    return best_gain(fit.truth, fit.today, limits_for(fit.today, max_change), weeks)[0]


def plan_row(name: str, scores: Sequence[Score]) -> list[str]:
    """Return a row of the table of plans."""
    share, low, high = captured(scores)
    stated, true, moved = stated_and_true(scores)
    n = len(scores)
    return [
        name, str(n), f"{share:.2f} ({low:.2f} to {high:.2f})", f"{mean_share(scores):.2f}",
        f"{np.mean([s.held for s in scores]):.2f}", f"{worse(scores)} ({worse(scores) / n:.3f})",
        f"{worse(scores, MATTERS)} ({worse(scores, MATTERS) / n:.3f})",
        *(["–"] * 3 if not moved else
          [f"{covered(scores):.2f}", f"{predicted_over_true(scores):.2f}", f"{stated:.2f}: {true:.2f}"]),
    ]  # fmt: skip


def own_table(bench: Bench) -> tuple[Sequence[str], list[list[str]]]:
    """Plans of the simulator's accounts, at several limits and lengths."""
    asked = [(0.3, 8), (0.1, 8), (0.5, 8), (0.3, 4)]
    rows = [plan_row(f"±{100 * m:.0f} %, {weeks} weeks", bench.plans("own", m, weeks)) for m, weeks in asked]
    return PLAN_HEADER, rows


def kinds_table(bench: Bench) -> tuple[Sequence[str], list[list[str]]]:
    """Split the plans at ±30 % by kind of account."""
    fits = bench.fits("own")
    scores = bench.plans("own")
    rows = []
    for trait, shown in (("weeks", "{} weeks of history"), ("scale", "size {}"), ("chase", "budgets chase demand: {}")):
        for value in sorted({f.traits[trait] for f in fits}):
            part = [s for s, f in zip(scores, fits, strict=True) if f.traits[trait] == value]
            rows.append(plan_row(shown.format(value), part))
    return PLAN_HEADER, rows


def rules_table(bench: Bench) -> tuple[Sequence[str], list[list[str]]]:
    """Put simple rules beside the plan, same limits and budget."""
    rows = []
    for kind in ("own", "market", "funnel"):
        fits = bench.fits(kind)
        rows.append([f"**{kind}** ({len(fits)})", "", "", "", "", ""])
        found = {"roas": bench.plans(kind)} | {name: ruled(fits, rule) for name, rule in RULES.items()}
        for name, scores in found.items():
            share, low, high = captured(scores)
            lost = sum(max(-s.gain, 0.0) for s in scores) / sum(s.best for s in scores)
            rows.append([
                name, f"{share:.2f} ({low:.2f} to {high:.2f})", f"{mean_share(scores):.2f}",
                f"{worse(scores) / len(scores):.2f}", f"{worse(scores, MATTERS) / len(scores):.2f}", f"{lost:.3f}",
            ])  # fmt: skip
    header = ("", "captured (90 % interval)", "mean of shares", "made worse", "worse by > 1 % of the best",
              "lost where worse, of the best gain")  # fmt: skip
    return header, rows


def ruled(fits: Sequence[Fit], rule: Callable[..., dict[str, float]]) -> list[Score]:
    """Score a rule on every account."""
    out = []
    for fit in fits:
        limits = limits_for(fit.today, MAX_CHANGE)
        best = best_gain(fit.truth, fit.today, limits, WEEKS)[0]
        out.append(scored(fit, rule(fit, limits), best, WEEKS))
    return out


def others_table(bench: Bench) -> tuple[Sequence[str], list[list[str]]]:
    """Plans of accounts from generators of other forms."""
    rows = []
    for kind in ("market", "funnel", "pysimmmulator"):
        rows += [plan_row(f"{kind}, ±{100 * m:.0f} %", bench.plans(kind, m)) for m in (0.3, 0.1, 0.5)]
    return PLAN_HEADER, rows


def unknowable_table(bench: Bench) -> tuple[Sequence[str], list[list[str]]]:
    """Plans where nothing is to be known; changes as shares of what is spent."""
    rows = []
    for name in unknowable.KINDS:
        fits = bench.unknowable(name)
        scores = plans(fits)
        gains = 100 * np.array([s.gain / f.today.total for s, f in zip(scores, fits, strict=True)])
        best = 100 * np.array([s.best / f.today.total for s, f in zip(scores, fits, strict=True)])
        rule = ruled(fits, RULES["equal marginal claimed revenue"])
        ruled_gains = 100 * np.array([s.gain / f.today.total for s, f in zip(rule, fits, strict=True)])
        # A drawn account's best split is never exactly today's: what is lost counts from a thousandth of spend on.
        rows.append([
            name, f"{sum(s.held for s in scores)} of {len(scores)}", f"{gains.mean():+.2f} %", f"{gains.min():+.2f} %",
            f"{sum(g < -0.1 for g in gains)}", f"{best.mean():+.2f} %",
            "–" if name.endswith("bare") else f"{ruled_gains.mean():+.2f} % ({ruled_gains.min():+.2f} %)",
        ])  # fmt: skip
    header = ("account", "kept as it is", "true change, mean", "worst", "lose > 0.1 % of spend", "best possible",
              "equal marginal claimed revenue: mean (worst)")  # fmt: skip
    return header, rows


def given_table(bench: Bench) -> tuple[Sequence[str], list[list[str]]]:
    """Judge splits that nobody chose (`roas whatif --shift`): coverage, and stated probability against truth."""
    rows = []
    for kind in COUNTS:
        found = [score for fit in bench.fits(kind) if fit.converged for score in given(fit)]
        stated, gained = np.array([s.stated for s in found]), np.array([s.gain > 0 for s in found])
        cells = []
        for low, high in pairwise(BINS):
            inside = (stated >= low) & ((stated < high) | (high == 1))
            cells.append(f"{gained[inside].mean():.2f} ({inside.sum()})" if inside.any() else "–")
        brier = float(((stated - gained) ** 2).mean())
        rows.append([kind, str(len(found)), f"{covered(found):.2f}", *cells, f"{brier:.3f}"])
    ranges = [f"{low:g} to {high:g}" for low, high in pairwise(BINS)]
    return ("", "splits", "coverage", *ranges, "Brier score"), rows


def given(fit: Fit) -> list[Score]:
    """Score random splits of today's total inside ±30 %."""
    rng = np.random.default_rng([int(fit.name.rsplit("-", 1)[1]), 7])
    now = now_of(fit.today)
    names = [c for c in fit.today.modelled if now[c] > 0]
    out = []
    for _ in range(GIVEN if len(names) > 1 else 0):
        moves = rng.uniform(-1, 1, len(names)) * np.array([now[c] for c in names])
        moves -= moves.sum() * np.array([now[c] for c in names]) / sum(now[c] for c in names)
        moves *= MAX_CHANGE / np.abs(moves / np.array([now[c] for c in names])).max()
        split = now | {c: round(now[c] + m, 2) for c, m in zip(names, moves, strict=True)}
        out.append(scored(fit, evaluate(fit, fit.today, split, weeks=WEEKS), 0.0, WEEKS))
    return out


def commit() -> str:
    """Name the commit that was measured."""
    here = Path(__file__).parent

    def told(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=False).stdout.strip()

    changed = told("status", "--porcelain", "--", "../../roas/plan", "../../roas/response")
    return (told("rev-parse", "--short", "HEAD") or "unknown") + (", with changes" if changed else "")


TABLES: dict[str, Callable[[Bench], tuple[Sequence[str], list[list[str]]]]] = {
    "own": own_table,
    "rules": rules_table,
    "kinds": kinds_table,
    "others": others_table,
    "unknowable": unknowable_table,
    "given": given_table,
    "known": lambda bench: known_table({kind: bench.fits(kind) for kind in ("own", "market", "funnel")}),
}


def main() -> None:
    """Print tables, or write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], help="all by default")
    parser.add_argument("--keep", type=Path, help="folder for the fits")
    parser.add_argument("--accounts", type=int, help="at most so many of each generator")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(asked.keep or Path(folder), asked.accounts)
        for name in asked.tables or TABLES:
            header, rows = TABLES[name](bench)
            if asked.write:
                measure.write_table(name, header, rows)
            else:
                print(f"\n{name}")
                for row in (header, *rows):
                    print("| " + " | ".join(row) + " |", flush=True)
    if asked.write:
        page = measure.PAGE.read_text(encoding="utf-8")
        before, after = page.split("<!-- commit -->")[0], page.split("<!-- /commit -->")[1]
        measure.PAGE.write_text(f"{before}<!-- commit -->{commit()}<!-- /commit -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
