"""Measure everything on volatility, and write the tables into README.md.

OMP_NUM_THREADS=1 python benchmarks/volatility/run.py              # all, about half an hour on two cores
OMP_NUM_THREADS=1 python benchmarks/volatility/run.py noise periods
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from multiprocessing import Pool
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import breaks  # noqa: E402
import lag  # noqa: E402
import nab  # noqa: E402
import noise  # noqa: E402
import periods  # noqa: E402
import regimes  # noqa: E402
import tcpd  # noqa: E402
import tear_sheets  # noqa: E402
import weekly_looks  # noqa: E402
from measure import machine  # noqa: E402

PAGE = HERE / "README.md"
Rows = list[dict[str, Any]]

PEERS = ("roas", "long-run penalty", "PELT, BIC", "rolling z")


def tables(pool: Any) -> dict[str, dict[str, Callable[[], Rows]]]:
    """Section → table → what makes its rows."""
    return {
        "noise": {"true-sd": lambda: noise.true_sd(150), "shares": lambda: noise.shares(60)},
        "breaks": {
            "size": lambda: breaks.size(pool, 80),
            "peers": lambda: by_memory(breaks.size(pool, 20, PEERS[1:])),
            "harmless": lambda: breaks.other_healthy(pool, 30, PEERS),
            "power": lambda: breaks.power(pool, 20, PEERS),
            "calibration": lambda: breaks.calibration(pool, 400),
            "confusion": lambda: breaks.confusion(pool, 40),
            "squares": breaks.squares,
        },
        "watch": {
            "unchanged": lambda: weekly_looks.unchanged(pool, 100),
            "delays": lambda: weekly_looks.delays(pool, 40),
        },
        "periods": {
            "coverage": lambda: periods.summary(periods.coverage(2000)),
            "lines": lambda: periods.line_coverage(200),
            "waterfalls": lambda: periods.waterfalls(1000),
        },
        "regimes": {
            "healthy": lambda: regimes.size_rows(60),
            "doubled": lambda: regimes.power_rows(60),
            "differenced": lambda: regimes.differenced_rows(60),
            "chart": lambda: regimes.chart_rows(60),
        },
        "lag": {"completion": lambda: lag.rows(60), "shapes": lambda: lag.shape_rows(30)},
        "sheets": {
            "intervals": lambda: tear_sheets.rows(120),
            "correlations": lambda: tear_sheets.correlation_rows(100),
        },
        "labelled": {"tcpd": marked, "nab": nab.rows},
    }


def marked() -> Rows:
    """Mean scores on the labelled series: ours with default settings, and published ones."""
    found = [
        {"method": f"roas, {label}", "f1": mean(rows, "f1"), "cover": mean(rows, "cover")}
        for label, rows in (
            ("any series", tcpd.rows(method=tcpd.plain)),
            ("as an account", tcpd.rows(method=tcpd.as_account)),
        )
        if rows
    ]
    return [*found, *tcpd.published()]


def by_memory(rows: Rows) -> Rows:
    """Average false breaks of level a year by method and memory over accounts and volumes."""
    memories = sorted({row["phi"] for row in rows})
    return [
        {"method": name}
        | {
            f"memory {phi:g}": mean([r for r in rows if (r["method"], r["phi"]) == (name, phi)], "level")
            for phi in memories
        }
        for name in dict.fromkeys(row["method"] for row in rows)
    ]


def mean(rows: Rows, key: str) -> float:
    return sum(row[key] for row in rows) / len(rows)


def cell(value: Any) -> str:
    """Write one value: three decimals for a share, none it does not need."""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:.0f}"
    return str(value)


def write(name: str, rows: Rows) -> None:
    """Replace the table between ``<!-- name -->`` and ``<!-- /name -->`` in the page."""
    if not rows:
        print(f"{name}: nothing to measure on here")
        return
    heads = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(head.replace("_", " ") for head in heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell(row.get(head, "")) for head in heads) + " |" for row in rows]
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(f"<!-- {name} -->")[0], text.split(f"<!-- /{name} -->")[1]
    PAGE.write_text(f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- /{name} -->{after}", encoding="utf-8")
    print(f"\n{name}", *lines, sep="\n", flush=True)


def main(wanted: list[str]) -> None:
    with Pool(2) as pool:
        found = tables(pool)
        for section in wanted or found:
            for name, rows in found[section].items():
                write(name, rows())
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split("<!-- machine -->")[0], text.split("<!-- /machine -->")[1]
    PAGE.write_text(f"{before}<!-- machine -->Last measured {machine()}<!-- /machine -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
