"""10,000 to 10 million journeys: CPU seconds and memory of whole processes, beside other packages and the bare sort.

    python benchmarks/attribution/scale.py --most 1e6 [--peers PYTHON] [--write]
    python benchmarks/attribution/scale.py --sizes 1e4,1e5,1e6,1e7 --peers PYTHON --write

Touchpoints are drawn by journeys.py (seeded, rows shuffled). Ours read them as Parquet and as CSV; packages that want
ready paths get the path table, whose making is not in their figures. Ours and the sort run in turn, after one warm-up
up to a million journeys, and their ratio is the median of pairs. A run longer than --limit seconds is stopped and said so.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

from benchmarks.attribution.common import (  # noqa: E402
    Credits,
    Peers,
    Run,
    build_folder,
    credits_of,
    exponent,
    furthest,
    machine,
    roas_command,
    run,
    writer,
)
from benchmarks.attribution.journeys import Files, default_chain, make  # noqa: E402

RULES = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped")
MODELS = (*RULES, "markov", "markov_2", "markov_3", "shapley", "shapley_ordered")

#: Name of a stage → models, further options. The first is the way from touches to paths and next to nothing else.
STAGES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "roas, `last` alone": (("last",), ("--no-intervals",)),
    "roas, rules and Shapley": ((*RULES, "shapley", "shapley_ordered"), ("--no-intervals",)),
    "roas, all 12 models": (MODELS, ("--no-intervals",)),
    "roas, all 12 models with intervals": (MODELS, ()),
}
SORT = "bare sort"

#: Name of a job of peers.py → the most journeys it is given; beyond, earlier runs took gigabytes and minutes.
JOBS = {
    "channelattribution rules": 1e7,
    "channelattribution markov_1 seed 1": 1e7,
    "channelattribution markov_3 seed 1": 1e7,
    "do-attribution markov_1": 1e7,
    "do-attribution markov_3": 1e6,
    "mta markov": 1e7,
    "MAM markov": 1e7,
    "MAM touchpoints, rules": 1e6,
    "MAM touchpoints, markov": 1e6,
    "shapley-attribution shapley": 1e6,
}

#: Jobs whose answer ours must equal on the same journeys, and the models' names, theirs being named as ours.
SAME = {
    "channelattribution rules": ("first", "last", "linear"),
    "do-attribution markov_1": ("markov",),
    "MAM touchpoints, rules": ("first", "last", "linear", "position", "time_decay"),
    "shapley-attribution shapley": ("shapley",),
}


def sort_command(file: Path) -> list[str]:
    return [sys.executable, str(HERE / "bare_sort.py"), str(file)]


def in_turn(commands: dict[str, list[str]], *, runs: int, warm: bool, limit: float) -> dict[str, list[Run]]:
    """Run the commands one after the other, several times round; one that fails or is stopped is not run again."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(runs + warm):
        for name, command in commands.items():
            if found[name] and found[name][-1].failed:
                continue
            done = run(command, limit=limit)
            if turn >= warm or done.failed:
                found[name].append(done)
    return found


def middle(runs: Iterable[Run]) -> Run:
    """Return the median of each figure, or the run that failed."""
    runs = list(runs)
    failed = [each for each in runs if each.failed]
    if failed:
        return failed[0]
    wall, cpu, peak = (statistics.median(getattr(each, f) for each in runs) for f in ("wall", "cpu", "peak"))
    return Run(wall, cpu, peak, runs[-1].printed)


def ours(files: Files, kind: str, *, runs: int, limit: float) -> dict[str, list[Run]]:
    """Run the sort and every stage of ours on one file."""
    file = files.parquet if kind == "Parquet" else files.csv
    commands = {SORT: sort_command(file)}
    commands |= {name: roas_command(file, models, *more) for name, (models, more) in STAGES.items()}
    small = files.journeys <= 1e6
    return in_turn(commands, runs=runs if small else 1, warm=small, limit=limit)


def theirs(files: Files, peers: Peers, *, limit: float) -> dict[str, tuple[Run, Credits]]:
    """Run every package's job that is meant for this size."""
    return {
        job: peers.ask(job, files.parquet if "touchpoints" in job else files.paths, limit=limit)
        for job, most in JOBS.items()
        if peers and files.journeys <= most
    }


def ratio(runs: dict[str, list[Run]], name: str) -> str:
    """Return the median ratio of CPU seconds to the sort's, pair by pair."""
    pairs = [(a.cpu, b.cpu) for a, b in zip(runs[name], runs[SORT], strict=False) if not (a.failed or b.failed)]
    return f"{statistics.median(a / b for a, b in pairs):.2f}" if pairs else ""


def stage_rows(found: dict[int, dict[str, list[Run]]]) -> list[list[str]]:
    """One row per stage: cost and ratio to the sort at each size, growth over the last tenfold."""
    rows = []
    for name in (SORT, *STAGES):
        cells = []
        for runs in found.values():
            beside = f" ({ratio(runs, name)})" if name != SORT and ratio(runs, name) else ""
            cells.append(middle(runs[name]).cell() + beside)
        rows.append([name, *cells, growth({size: middle(runs[name]) for size, runs in found.items()})])
    return rows


def growth(runs: dict[int, Run]) -> str:
    """Return the exponent of CPU seconds over the two largest sizes."""
    sizes = [size for size, each in runs.items() if not each.failed]
    if len(sizes) < 2:
        return ""
    small, large = sizes[-2:]
    return f"{exponent(runs[small].cpu, runs[large].cpu, large / small):.2f}"


def peer_rows(found: dict[int, dict[str, tuple[Run, Credits]]]) -> list[list[str]]:
    """One row per package and model."""
    return [
        [
            job + ("" if "touchpoints" in job else " (path table)"),
            *(jobs[job][0].cell() if job in jobs else "" for jobs in found.values()),
            growth({size: jobs[job][0] for size, jobs in found.items() if job in jobs}),
        ]
        for job in JOBS
        if any(job in jobs for jobs in found.values())
    ]


def same_rows(
    ours_by_size: dict[int, dict[str, list[Run]]], theirs_by_size: dict[int, dict[str, tuple[Run, Credits]]]
) -> list[list[str]]:
    """How far ours, from touchpoints, is from theirs on the same journeys: the largest difference over all conversions."""
    rows = []
    for size, jobs in theirs_by_size.items():
        done = middle(ours_by_size[size]["roas, all 12 models"])
        if done.failed:
            continue
        credits = credits_of(json.loads(done.printed))
        rows += [
            [f"{size:,}", model, job, f"{furthest(credits[model], jobs[job][1][model], of_total=True):.1e}"]
            for job, models in SAME.items()
            for model in models
            if job in jobs and model in jobs[job][1]
        ]
    return rows


def paths_in(files: Files) -> int:
    with files.paths.open("rb") as lines:
        return sum(1 for _ in lines) - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1e4,1e5,1e6", help="journeys, comma separated")
    parser.add_argument("--formats", default="Parquet,CSV")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a run is stopped")
    parser.add_argument("--peers", help="interpreter of an environment with peers.txt")
    parser.add_argument("--paths", help="the real path table, pathdata_paths.csv")
    parser.add_argument("--folder", help="where made files are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()
    chain, said = default_chain(options.paths)
    sizes = [int(float(size)) for size in options.sizes.split(",")]
    folder, peers, put = build_folder(options.folder), Peers(options.peers), writer(options.write)
    formats = options.formats.split(",")
    made = {n: make(chain, n, folder, seed=options.seed, csv="CSV" in formats) for n in sizes}
    others = {n: theirs(files, peers, limit=options.limit) for n, files in made.items()}
    stages = {
        kind: {n: ours(files, kind, runs=options.runs, limit=options.limit) for n, files in made.items()}
        for kind in formats
    }
    header = ["wall s / CPU s / peak MB (CPU over the sort's)", *(f"{n:,} journeys" for n in sizes), "growth"]
    data = "; ".join(f"{n:,} journeys: {paths_in(files):,} distinct paths" for n, files in made.items())
    where = f"Measured {machine(peers.versions)} Journeys: {said}, seed {options.seed}; {data}."
    for kind, found in stages.items():
        put(f"scale-{kind.lower()}", header, stage_rows(found), said=where)
    if peers:
        put("scale-peers", header, peer_rows(others), said=where)
        put(
            "scale-same",
            ("journeys", "model", "peer", "largest difference, of all conversions"),
            same_rows(stages[formats[0]], others),
            said=where,
        )


if __name__ == "__main__":
    main()
