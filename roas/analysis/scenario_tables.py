"""Scenarios as a table: one row for each channel of a scenario, or the ``plan.csv`` that an earlier plan left behind."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from roas.analysis.asked import amount
from roas.errors import InputError, UsageError

if TYPE_CHECKING:
    from roas.analysis.asked import Asked
    from roas.analysis.scenario_files import Scenarios

#: Columns of a table of scenarios.
COLUMNS: Final = ("scenario", "channel", "spend_per_week")

#: Columns by which a ``plan.csv`` is known, ours or the page's: one scenario, named like its file.
PLAN: Final = ("channel", "planned")

#: The apostrophe that our tables put before what a spreadsheet would run.
_APOSTROPHE: Final = re.compile(r"(^|[;\t\r\n])'(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])")


def read_table(text: str, base: Asked, found: Scenarios) -> None:
    """Read a table of scenarios (`COLUMNS`) or of one plan (`PLAN`) into `found`.

    Raises
    ------
    InputError
        It has the columns of neither.
    """
    head = text.partition("\n")[0]
    mark = ";" if head.count(";") > head.count(",") else "\t" if "\t" in head and "," not in head else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    names = {str(n).strip().casefold(): n for n in reader.fieldnames or ()}
    of_plan = COLUMNS[0] not in names and all(column in names for column in PLAN)
    missing = [] if of_plan else [column for column in COLUMNS if column not in names]
    if missing:
        raise InputError(_columns(found.file, missing, names))
    spends: dict[str, dict[str, float]] = {}
    for row in reader:
        cells = {name: str(row[column] or "").strip() for name, column in names.items() if name}
        if of_plan:
            cells = _of_plan(cells, Path(found.file).stem)
        if any(cells[column] for column in COLUMNS):
            _row(f"line {reader.line_num}", cells, spends, found)
    for scenario, spend in spends.items():
        found.asked.append(replace(base, name=scenario, spend=spend))


def _columns(file: str, missing: list[str], names: Mapping[str, str]) -> str:
    return (
        f"{file}, line 1: no column {', '.join(missing)}. Found: {', '.join(filter(None, names.values())) or 'nothing'}.\n"
        f"  A table of scenarios has {', '.join(COLUMNS)}: one row for each channel of a scenario. "
        f"A plan.csv ({', '.join(PLAN)}) is one scenario."
    )


def _of_plan(cells: Mapping[str, str], name: str) -> dict[str, str]:
    """Return a row of a plan as one of a scenario; empty where it is."""
    channel, planned = (cells[column] for column in PLAN)
    scenario = name if channel or planned else ""
    return dict(zip(COLUMNS, (scenario, _APOSTROPHE.sub(r"\1\2", channel), planned), strict=True))


def _row(where: str, cells: Mapping[str, str], spends: dict[str, dict[str, float]], found: Scenarios) -> None:
    scenario, channel, value = (cells[column] for column in COLUMNS)
    if not scenario or not channel:
        found.errors.append(f"{where}: no {'scenario' if not scenario else 'channel'} is named.")
        return
    spend = spends.setdefault(scenario, {})
    found.where.setdefault(scenario, where)
    if channel in spend:
        found.errors.append(f'{where}: scenario "{scenario}" names {channel} twice.')
        return
    try:
        spend[channel] = amount(value, option="spend_per_week")
    except UsageError as error:
        found.errors.append(f"{where}: {error}")
        return
    found.channels.append((where, scenario, channel))
