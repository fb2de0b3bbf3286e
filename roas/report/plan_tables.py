"""Write the folder of a what-if: JSON, tables, the chart, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from roas.analysis.document import dumps
from roas.analysis.plan_document import plan_frame, scenario_frame, week_frame
from roas.errors import OutputError
from roas.io.folder import whole_folder
from roas.limits import CHART_CHANNELS
from roas.report.pictures import draw
from roas.report.plan_page import page
from roas.report.plot import Plot
from roas.report.tables_csv import csv_text

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf

#: A folder that holds this file is ours and may be replaced.
MARK: Final = "plan.json"

#: Names at the top of the folder that are ours; anything else there is kept.
WRITTEN: Final = frozenset({MARK, "plan.csv", "plan_weeks.csv", "scenarios.csv", "charts", "index.html"})


def write_plan(result: WhatIf, directory: str | Path, *, progress: Callable[[str], None] | None = None) -> list[str]:
    """Write everything a what-if has to show into a folder.

    Parameters
    ----------
    directory : path
        An earlier plan there is replaced in one step; other people's files
        in it stay.

    Returns
    -------
    list of str
        The files written, relative to `directory`, sorted.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds the report of another
        command. What stood there still stands.
    """
    say = progress or (lambda _: None)
    _not_of_another(Path(directory))
    with whole_folder(directory, written=WRITTEN, mark=MARK) as folder:
        say("writing the plan")
        written = files(result)
        for name, content in written.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
    return sorted(written)


def files(result: WhatIf) -> dict[str, str | bytes]:
    """Return every file by name."""
    picture = draw(plot(result))
    return {
        MARK: dumps(result.to_dict()),
        "index.html": page(result),
        **tables(result),
        f"charts/{picture.name}.png": picture.png,
        f"charts/{picture.name}.svg": picture.svg,
    }


def plot(result: WhatIf) -> Plot:
    """Return the chart of now against planned."""
    rows = min(len(result.plan.moves), CHART_CHANNELS + 1)
    return Plot("planned_spend", "plan.csv", partial(result.plot), rows, alone=True)


def tables(result: WhatIf) -> dict[str, str]:
    """Return the CSV files by name; those that nothing was asked for are left out."""
    found = {"plan.csv": plan_frame(result.plan)}
    weeks = week_frame(result.plan)
    if weeks is not None:
        found["plan_weeks.csv"] = weeks
    if result.compared:
        found["scenarios.csv"] = scenario_frame(result)
    return {name: csv_text(frame) for name, frame in found.items()}


def _not_of_another(directory: Path) -> None:
    """Refuse to write over the report of another command."""
    for mark, command in (("analysis.json", "roas analyze"), ("attribution.json", "roas attribute")):
        if (directory / mark).exists() and not (directory / MARK).exists():
            raise OutputError(
                f"{directory.as_posix()}: the folder holds a report of {command}, which would be lost.\n"
                "  Choose another folder with -o."
            )
