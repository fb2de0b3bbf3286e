"""A simulated year of Mondays: what the weekly report said, when, and what it took.

    python benchmarks/weekly/replay.py                  # a healthy account and one that fails in week 30
    python benchmarks/weekly/replay.py --write          # and put the table into README.md
    python benchmarks/weekly/replay.py --weeks 8 --folder /path/to/keep

Every Monday the shop and the platforms are exported anew: sales of the last
days are not all claimed yet (half of a day's after one and a half days), and
in week 20 the largest channel rewrites a month of its past by a tenth. The
report is the whole command: reading, model, diagnosis, page, workbook, cards.
Week 40 is reported twice; its files must not change.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import re
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from measure import machine

from roas import __version__
from roas.report.weekly.run import Reported, weekly_report
from roas.simulator import exported_on, simulate
from roas.weekly.week import Week

PAGE = Path(__file__).with_name("README.md")

#: Weeks that the account has before the first report: a year and a half.
BEFORE = 78

FAILS, REWRITTEN, TWICE = 30, 20, 40


def account(seed: int, cause: str | None, reports: int) -> tuple[dict[str, pd.DataFrame], dt.date]:
    """Return the tables, and the first Monday to report."""
    weeks = BEFORE + reports
    start = dt.date(2024, 1, 1)
    fails = start + dt.timedelta(weeks=BEFORE + FAILS - 1)
    causes = [f"{cause}:since={fails}"] if cause else []
    tables, _ = simulate(seed=seed, weeks=weeks, start=start, causes=causes)
    return tables, start + dt.timedelta(weeks=BEFORE)


def exported(
    tables: dict[str, pd.DataFrame], week: Week, number: int, largest: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the exports hold on the Monday after a week."""
    found = exported_on(tables, week.next.monday)
    rows = found["spend"]
    if number >= REWRITTEN:
        month = pd.Timestamp(week.monday) - pd.Timedelta(weeks=number - REWRITTEN)
        old = pd.to_datetime(rows["date"]).between(month - pd.Timedelta(days=30), month - pd.Timedelta(days=1))
        rewritten = old & (rows["channel"] == largest)
        for column in ("conversions", "conversion_value"):
            rows[column] = rows[column].where(~rewritten, (rows[column] * 0.9).round(2))
    return rows, found["revenue"]


def replay(name: str, seed: int, cause: str | None, reports: int, folder: Path) -> dict[str, Any]:
    """Report one account Monday by Monday; return what happened."""
    tables, monday = account(seed, cause, reports)
    largest = str(tables["spend"].groupby("channel")["spend"].sum().idxmax())
    told: list[dict[str, Any]] = []
    seconds, same, size = [], None, 0
    for number in range(1, reports + 1):
        week = Week(monday + dt.timedelta(weeks=number - 1))
        rows, till = exported(tables, week, number, largest)
        rows.to_csv(folder / "spend.csv", index=False)
        till.to_csv(folder / "revenue.csv", index=False)
        began = time.perf_counter()
        made = run(folder, week)
        seconds.append(time.perf_counter() - began)
        size = (made.folders[-1] / "index.html").stat().st_size
        told.append(
            {"number": number, "alerts": made.to_dict()["alerts"], "why": _reasons(made), "healthy": _healthy(made)}
        )
        if number == TWICE:
            first = digest(made.folders[-1])
            same = digest(run(folder, week).folders[-1]) == first
        print(name, number, [f"{a['state']} {a['cause']}" for a in told[-1]["alerts"]], told[-1]["why"], flush=True)
    history = folder / "reports" / "history.sqlite"
    with sqlite3.connect(history) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return {
        "account": name, "cause": cause, "told": told, "seconds": seconds, "same": same, "page": size,
        "history": history.stat().st_size, "peak": peak,
    }  # fmt: skip


def run(folder: Path, week: Week) -> Reported:
    """Run the whole command once."""
    return weekly_report(
        str(folder / "spend.csv"), str(folder / "revenue.csv"), week=str(week), folder=folder / "reports"
    )


def digest(folder: Path) -> str:
    """Return a digest of a week's files; the clock, which stands in the `run` block, is left out."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "report.json":
                document = json.loads(content)
                document["analysis"].pop("run")
                content = json.dumps(document, sort_keys=True).encode()
            elif path.suffix in (".html", ".md", ".txt"):  # one line says when it was made
                content = re.sub(rb"\d{4}-\d\d-\d\dT[0-9:+.]+", b"", content)
            whole.update(path.name.encode() + content)
    return whole.hexdigest()


def _reasons(made: Reported) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in made.report.changes:
        counts[each.because] = counts.get(each.because, 0) + 1
    return counts


def _healthy(made: Reported) -> bool:
    return made.report.analysis.diagnosis.healthy


def row(found: dict[str, Any]) -> str:
    """Return one line of the table."""
    opened = [(week["number"], each) for week in found["told"] for each in week["alerts"] if each["state"] == "opened"]
    withdrawn = sum(each["state"] == "withdrawn" for week in found["told"] for each in week["alerts"])
    false = [number for number, each in opened if found["cause"] is None or number < FAILS]
    right = [number for number, each in opened if each["cause"] == found["cause"] and number >= FAILS]
    named = f"week {right[0]} ({right[0] - FAILS} after it began)" if right else "–" if found["cause"] is None else "no"
    rewritten = found["told"][REWRITTEN - 1]["why"].get("restated_data", 0) if len(found["told"]) >= REWRITTEN else "–"
    seconds = sorted(found["seconds"])
    cells = [
        found["account"],
        len(found["told"]),
        len(opened),
        len(false),
        withdrawn,
        named,
        rewritten,
        {True: "yes", False: "**no**", None: "–"}[found["same"]],
        f"{seconds[len(seconds) // 2]:.1f}",
        f"{sum(seconds):.0f}",
        f"{found['history'] / 1e6:.2f}",
        f"{found['page'] / 1e6:.2f}",
        f"{found['peak']:.0f}",
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


HEAD = """\
| account | reports | alerts opened | false | withdrawn | cause named | corrected figures shown in week 20 | week 40 twice, same files | s per report (median) | s in all | history MB | page MB | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|---|---|"""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--weeks", type=int, default=52)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--cause", default="conversion_rate_drop")
    options.add_argument("--folder", type=Path)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    lines = [HEAD]
    for name, cause in (("healthy", None), (f"fails in week {FAILS}: {given.cause}", given.cause)):
        with tempfile.TemporaryDirectory() as scratch:
            folder = (given.folder or Path(scratch)) / ("healthy" if cause is None else "fails")
            folder.mkdir(parents=True, exist_ok=True)
            lines.append(row(replay(name, given.seed, cause, given.weeks, folder)))
    table = "\n".join([*lines, "", f"roas {__version__}, seed {given.seed}. {machine()}"])
    print(table)
    if given.write:
        text = PAGE.read_text(encoding="utf-8")
        begin, end = "<!-- replay -->\n", "<!-- /replay -->"
        before, _, rest = text.partition(begin)
        PAGE.write_text(before + begin + table + "\n" + end + rest.partition(end)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
