"""Rebuild the example reports: ``python reports/rebuild.py [DIRECTORY]``.

A simulated shop whose site begins to convert less is reported Monday by
Monday, with sales that are claimed late. A plan is noted on the way and its
weeks pass. The last report is made in every language there is, and kept.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from roas.analysis.planning import whatif
from roas.analysis.saving import save
from roas.language import languages
from roas.report.weekly.folder import week_folder
from roas.report.weekly.run import weekly_report
from roas.simulator import Planted, exported_on, simulate
from roas.weekly.week import Week

SEED, WEEKS, START = 5, 110, dt.date(2024, 9, 30)

#: The cause begins, the plan is noted, and the first report is made so many weeks before the end.
FAILS, PLANNED, FIRST = 8, 6, 6

#: Contribution margin of the shop.
MARGIN = 0.55


def rebuild(directory: Path) -> list[Path]:
    """Write one folder per language into a directory; return them."""
    last = Week(START + dt.timedelta(weeks=WEEKS - 1))
    begins = last.monday - dt.timedelta(weeks=FAILS)
    tables, _ = simulate(
        seed=SEED, weeks=WEEKS, start=START, scale=1.5,
        causes=[Planted("conversion_rate_drop", since=begins)],
    )  # fmt: skip
    directory = directory.resolve()
    with tempfile.TemporaryDirectory() as scratch, chdir(scratch):  # reports name their files as they were given
        place = Path()
        for back in range(FIRST, -1, -1):
            week = Week(last.monday - dt.timedelta(weeks=back))
            exports = exported_on(tables, week.next.monday)
            for name in ("spend", "revenue"):
                exports[name].to_csv(place / f"{name}.csv", index=False)
            if back == PLANNED:
                noted = whatif(str(place / "spend.csv"), str(place / "revenue.csv"), optimize=True, margin=MARGIN)
                made = dt.datetime.combine(week.next.monday, dt.time(9), dt.UTC)
                save(noted, place / "reports", who="Ada", name="More of what works", made=made)
            for language in languages() if back == 0 else languages()[:1]:
                weekly_report(
                    str(place / "spend.csv"), str(place / "revenue.csv"), language=language, margin=MARGIN,
                    folder=place / "reports", week=str(week),
                )  # fmt: skip
        return [_kept(week_folder(place / "reports", str(last), tag), directory / tag) for tag in languages()]


def _kept(made: Path, kept: Path) -> Path:
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(made, kept)
    return kept


if __name__ == "__main__":
    for folder in rebuild(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(folder)
