"""Exact credit on the real path table: ours beside definitions and beside other packages, run now.

    python benchmarks/attribution/exact.py [--paths pathdata_paths.csv] [--peers PYTHON] [--write]

Three demands, checked at the end (exit code 1 if one fails): Markov of orders 1 to 3 equals do-attribution's
`redirect_to_null` and a plain chain solved once per channel to 1e-9; set Shapley equals the definition over all 4,096
sets of channels and shapley-attribution's to 1e-9; rules equal other packages' to 1e-10. Other rows are answers of
packages with other conventions or with simulation: they show how far the choice of a package moves the answer.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

import numpy as np  # noqa: E402

from benchmarks.attribution.chains import (  # noqa: E402
    fit_chain,
    markov_credit,
    read_paths,
    rule_weights,
    shapley_value,
    worth_of,
)
from benchmarks.attribution.common import (  # noqa: E402
    Credits,
    Peers,
    Run,
    furthest,
    machine,
    path_table,
    roas_command,
    run,
    writer,
)
from benchmarks.attribution.ours import credits  # noqa: E402
from roas.attribution.paths import Paths  # noqa: E402

MODELS = ("first", "last", "linear", "position", "w_shaped", "markov", "markov_2", "markov_3", "shapley")

#: Largest relative difference to what is exact by definition, and for rules.
EXACT, RULE = 1e-9, 1e-10

#: A job of peers.py → ours that it must equal.
EQUAL = {
    "do-attribution markov_1": {"markov": "markov"},
    "do-attribution markov_2": {"markov": "markov_2"},
    "do-attribution markov_3": {"markov": "markov_3"},
    "shapley-attribution shapley": {"shapley": "shapley"},
    "mta shapley": {"shapley": "shapley"},
    "channelattribution rules": {
        each: each for each in ("first", "last", "linear", "first value", "last value", "linear value")
    },
    "MAM rules": {each: each for each in ("first", "last", "linear", "position")},
    "mta rules": {each: each for each in ("first", "last", "linear", "position")},
    "shapley-attribution rules": {each: each for each in ("first", "last", "linear", "position")},
}

#: A job whose answer differs → the exact answer it is nearest to in meaning.
BESIDE = {
    "channelattribution markov_1 seed 1": "markov",
    "channelattribution markov_1 seed 2": "markov",
    "channelattribution markov_1 conv_par 0.01": "markov",
    "do-attribution fail": "markov",
    "do-attribution fail_refit": "markov",
    "mta markov": "markov",
    "mta markov with loops": "markov",
    "MAM markov": "markov",
    "channelattribution markov_2 seed 1": "markov_2",
    "channelattribution markov_3 seed 1": "markov_3",
    "MAM shapley": "shapley",
    "mta linear": "linear",
}


@dataclass(frozen=True)
class Check:
    """One comparison that must hold."""

    ours: str
    other: str
    difference: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether the difference is small enough."""
        return self.difference <= self.allowed


def definitions(file: Path) -> Credits:
    """Return credits from their definitions: a chain solved once per channel, all sets of channels, rules path by path."""
    table = read_paths(file)
    names = tuple(sorted({name for path, *_ in table for name in path}))
    code = {name: i for i, name in enumerate(names)}
    total = sum(row[1] for row in table)
    found = {}
    for order, model in ((1, "markov"), (2, "markov_2"), (3, "markov_3")):
        chain = fit_chain(file, order)
        for name, credit, whole in (
            (model, markov_credit(chain), total),
            (f"{model} value", markov_credit(chain, worth_of(file, chain)), sum(row[2] for row in table)),
        ):
            found[name] = credit / credit.sum() * whole
    game = np.zeros(2 ** len(names))
    for path, conversions, *_ in table:
        game[sum(1 << code[name] for name in set(path))] += conversions
    for c in range(len(names)):
        sets = np.flatnonzero(np.arange(len(game)) >> c & 1)
        game[sets] += game[sets ^ (1 << c)]
    found["shapley"] = shapley_value(game)
    for name in rule_weights(1):
        found[name], found[f"{name} value"] = np.zeros(len(names)), np.zeros(len(names))
    for path, conversions, value, _ in table:
        codes = [code[name] for name in path]
        for name, weights in rule_weights(len(path)).items():
            np.add.at(found[name], codes, weights * conversions)
            np.add.at(found[f"{name} value"], codes, weights * value)
    return {model: dict(zip(names, map(float, credit), strict=True)) for model, credit in found.items()}


def our_credits(file: Path) -> tuple[Credits, dict[str, dict[str, tuple[float, float]]]]:
    """Return our credits, conversions and for rules value, and the 90 % intervals of conversions."""
    paths = Paths.of((path, conversions, value, nulls) for path, conversions, value, nulls in read_paths(file))
    found = credits(paths, MODELS, seed=1)
    plain = {name: dict(zip(paths.channels, map(float, each.conversions), strict=True)) for name, each in found.items()}
    plain |= {
        f"{name} value": dict(zip(paths.channels, map(float, each.value), strict=True)) for name, each in found.items()
    }
    intervals = {
        name: {
            c: (float(low), float(high))
            for c, (low, high) in zip(paths.channels, each.conversions_interval, strict=True)
        }
        for name, each in found.items()
        if each.conversions_interval is not None
    }
    return plain, intervals


def checks(ours: Credits, plain: Credits, theirs: dict[str, Credits]) -> list[Check]:
    """Compare what must be equal."""
    out = [
        Check(
            model, "definition", furthest(ours[model], credit), RULE if model.split()[0] in rule_weights(1) else EXACT
        )
        for model, credit in plain.items()
    ]
    for job, models in EQUAL.items():
        if theirs.get(job):
            allowed = RULE if "rules" in job else EXACT
            out += [
                Check(mine, job, furthest(ours[mine], theirs[job][their]), allowed) for their, mine in models.items()
            ]
    return out


def outside(credit: dict[str, float], intervals: dict[str, tuple[float, float]] | None) -> str:
    """Count the channels whose credit is outside our interval."""
    if not intervals:
        return ""
    return str(sum(not low <= credit.get(name, 0.0) <= high for name, (low, high) in intervals.items()))


def table_rows(
    ours: Credits, intervals: dict[str, dict[str, tuple[float, float]]], theirs: dict[str, Credits]
) -> list[list[str]]:
    """One row per model and source, conversions by channel, the largest difference to the exact row above it."""
    rows, names = [], sorted(ours["markov"])
    for model in ("markov", "markov_2", "markov_3", "shapley", "linear"):
        rows.append([f"**roas `{model}`**", *(f"{ours[model][n]:.1f}" for n in names), "", ""])
        equal = {job: models for job, models in EQUAL.items() if model in models.values() and theirs.get(job)}
        rows += [
            [f"{job}", *["=" for _ in names], "0", ""]
            for job, models in equal.items()
            if _same(ours, theirs[job], models, model)
        ]
        for job, exact in BESIDE.items():
            if exact == model and theirs.get(job):
                credit = next(iter(theirs[job].values()))
                worst = max(abs(credit.get(n, 0.0) / x - 1) for n, x in ours[model].items() if x > 150)
                shown = [f"{credit.get(n, 0.0):.1f}" for n in names]
                rows.append([job, *shown, f"{worst:.1%}", outside(credit, intervals.get(model))])
    return rows


def _same(ours: Credits, theirs: Credits, models: dict[str, str], model: str) -> bool:
    return all(furthest(ours[mine], theirs[their]) <= EXACT for their, mine in models.items() if mine == model)


def cost_rows(file: Path, costs: dict[str, Run], runs: int = 3) -> list[list[str]]:
    """Whole processes on this table: ours and others."""
    commands = {
        "roas, all models of this page": roas_command(file, MODELS, "--no-intervals"),
        "roas, all models of this page, with intervals": roas_command(file, MODELS),
        "roas `markov` alone": roas_command(file, ["markov"], "--no-intervals"),
    }
    ours = {
        name: min((run(command) for _ in range(runs)), key=lambda each: each.cpu) for name, command in commands.items()
    }
    return [[name, done.cell()] for name, done in {**ours, **costs}.items()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", help="the real path table, pathdata_paths.csv")
    parser.add_argument("--peers", help="interpreter of an environment with peers.txt")
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()
    file = path_table(options.paths)
    if not file:
        print("Nothing to measure on: give the real path table with --paths or ROAS_SHARED_DATA.", file=sys.stderr)
        return 0
    peers, put = Peers(options.peers), writer(options.write)
    asked = {job: peers.ask(job, file, limit=options.limit) for job in [*EQUAL, *BESIDE] if peers}
    theirs = {job: credit for job, (_, credit) in asked.items()}
    ours, intervals = our_credits(file)
    said = f"Measured {machine(peers.versions)} {file.name}."
    names = sorted(ours["markov"])
    head = ("conversions", *names, "furthest, channels over 150", "channels outside our 90 % interval")
    put("exact", head, table_rows(ours, intervals, theirs), said=said)
    done = checks(ours, definitions(file), theirs)
    rows = [[c.ours, c.other, f"{c.difference:.1e}", f"{c.allowed:.0e}", "yes" if c.holds else "NO"] for c in done]
    put("checks", ("ours", "other", "largest relative difference", "allowed", "holds"), rows, said=said)
    costs = {job: each for job, (each, _) in asked.items()}
    put("exact-costs", ("whole process", "wall s / CPU s / peak MB"), cost_rows(file, costs), said=said)
    failed = [c for c in done if not c.holds]
    for check in failed:
        print(f"FAILS: {check.ours} against {check.other}: {check.difference:.1e}, allowed {check.allowed:.0e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
