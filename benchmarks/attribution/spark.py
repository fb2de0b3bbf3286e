"""Spark gives what DuckDB gives: the same file through both engines, the largest difference, what each took.

    python benchmarks/attribution/spark.py [--journeys 1e5] [--masters local[1],local[2],local-cluster[2,1,1024]] [--write]

Runs ``roas attribute FILE --engine spark --spark-master URL`` with the interpreter that runs this, which must hold the
extra `spark` and a Java. ``local-cluster[executors,cores,MB]`` starts executors as processes of their own, so data are
shuffled between processes as they are between machines. CPU seconds and memory are of the whole family of processes.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

from benchmarks.attribution.common import (  # noqa: E402
    build_folder,
    credits_of,
    furthest,
    machine,
    roas_command,
    run,
    writer,
)
from benchmarks.attribution.journeys import default_chain, make  # noqa: E402
from benchmarks.attribution.scale import MODELS  # noqa: E402

MASTERS = "local[1],local[2],local-cluster[2,1,1024]"

#: What the difference of a credit may be, of all conversions or value. The JSON document carries twelve digits.
SAME = 1e-12


def masters(given: str) -> list[str]:
    """Split at commas outside brackets.

    >>> masters("local[2],local-cluster[2,1,1024]")
    ['local[2]', 'local-cluster[2,1,1024]']
    """
    out, depth = [""], 0
    for letter in given:
        depth += (letter == "[") - (letter == "]")
        if letter == "," and not depth:
            out.append("")
        else:
            out[-1] += letter
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journeys", default="1e4,1e5", help="sizes, comma separated")
    parser.add_argument("--masters", default=MASTERS)
    parser.add_argument("--limit", type=float, default=600, help="seconds after which a run is stopped")
    parser.add_argument("--paths")
    parser.add_argument("--folder")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not (importlib.util.find_spec("pyspark") and shutil.which("java")):
        raise SystemExit('Error: Spark is not here. pip install "roas[spark]", and a Java 17 or 21.')
    chain, said = default_chain(options.paths)
    folder = build_folder(options.folder)
    rows = []
    for size in (int(float(each)) for each in options.journeys.split(",")):
        file = make(chain, size, folder).parquet
        plain = run(roas_command(file, MODELS, "--no-intervals"), family=True)
        rows.append([f"{size:,}", "DuckDB", plain.cell(), "", ""])
        for master in masters(options.masters):
            more = ("--no-intervals", "--engine", "spark", "--spark-master", master)
            done = run(roas_command(file, MODELS, *more), limit=options.limit, family=True)
            rows.append([f"{size:,}", f"Spark, `{master}`", done.cell(), *differences(plain.printed, done.printed)])
    head = (
        "journeys",
        "engine",
        "wall s / CPU s / peak MB",
        "largest difference, of all conversions",
        "of all value",
    )
    writer(options.write)("spark", head, rows, said=f"Measured {machine(versions())} Journeys: {said}.")


def differences(plain: str, other: str) -> list[str]:
    """Return the largest difference over channels and models, of all conversions and of all value."""
    if not (plain and other):
        return ["", ""]
    found = []
    for field in ("conversions", "value"):
        ours, theirs = (credits_of(json.loads(text), field) for text in (plain, other))
        worst = max(furthest(theirs[model], ours[model], of_total=True) for model in ours)
        found.append(f"{worst:.1e}" + ("" if worst <= SAME else f" FAILS {SAME:.0e}"))
    return found


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("pyspark", "sqlglot")}


if __name__ == "__main__":
    main()
