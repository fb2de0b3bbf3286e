"""Note a plan in the history, so that later reports can say how it turned out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.plan_document import cents
from roas.errors import UsageError
from roas.format import day, visible
from roas.language import say

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.history import History
    from roas.plan.results import Plan

#: Folder of the reports, and of their history, unless another is named (contract).
FOLDER: Final = "reports"

#: Who decided, where nobody says so and the system does not know.
NOBODY: Final = "unknown"

#: Characters of a name that are kept: a line, not a text.
LONGEST: Final = 200


@dataclass(frozen=True)
class Saved:
    """Where a plan was noted.

    Attributes
    ----------
    number : int
        Of the plan in the history.
    new : bool
        False where the same plan, made from the same data, was there already.
    file : Path
    who, name : str
        As they stand there.
    begins, ends : date
        Days that the plan is about.
    notes : tuple of str
        What a person should know of the history.
    """

    number: int
    new: bool
    file: Path
    who: str
    name: str
    begins: dt.date
    ends: dt.date
    notes: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say what was noted and where, in the language in force."""
        fields = {"number": self.number, "file": visible(self.file.as_posix()), "who": visible(self.who)}
        if not self.new:
            return say(
                "This plan stands in {file} already, as number {number} by {who}: it is not noted twice.", **fields
            )
        return say(
            "Noted in {file} as plan {number} by {who}. It runs from {first} to {last}; "
            "reports from then on say how it turned out.",
            first=day(self.begins),
            last=day(self.ends),
            **fields,
        )


def save(
    result: WhatIf,
    folder: str | Path = FOLDER,
    *,
    who: str | None = None,
    name: str = "",
    made: dt.datetime | None = None,
) -> Saved:
    """Note the plan of a what-if in a history.

    Parameters
    ----------
    result : WhatIf
        Its `plan` is noted: today's split too, which is a decision.
    folder : path
        Folder of the reports, or the file; both are made where they are missing.
    who : str, optional
        Who decided; the login name by default.
    name : str
        What people call the plan; the scenario's name by default.
    made : datetime, optional
        When, with its zone; now by default.

    Returns
    -------
    Saved

    Raises
    ------
    InputError, OutputError
        The file is not a history, or cannot be written. Nothing was noted.
    UsageError
        The plan has no prediction to compare with.
    """
    from roas.history import open_history

    plan = result.plan
    row = _row(result, plan, who=who, name=name or plan.name, made=made)
    ended: dt.date = row["data_end"]
    with open_history(folder) as history, history.store.transaction():
        number, new = _noted(history, row)
        found = row if new else (history.plans.get(number) or row)
        return Saved(
            number=number,
            new=new,
            file=history.path,
            who=found["who"],
            name=found["name"],
            begins=ended + dt.timedelta(days=1),
            ends=ended + dt.timedelta(days=7 * plan.weeks),
            notes=history.notes,
        )


def _noted(history: History, row: Mapping[str, Any]) -> tuple[int, bool]:
    """Return the number of the plan, and whether it is new."""
    for each in history.plans.all():
        if all(each[key] == row[key] for key in ("data_end", "weeks", "plan")):
            return int(each["id"]), False
    return history.plans.note(**row), True


def _row(result: WhatIf, plan: Plan, *, who: str | None, name: str, made: dt.datetime | None) -> dict[str, Any]:
    predicted = plan.revenue_change.to_dict()
    if not all(value == value for value in predicted.values()):
        raise UsageError("the plan has no prediction, so nothing could be scored later: it is not noted.")
    return {
        "made": dt.datetime.now(dt.UTC) if made is None else made,
        "who": _line(login() if who is None else who) or NOBODY,
        "name": _line(name),
        "data_end": data_end(result),
        "weeks": plan.weeks,
        "plan": {move.channel: {"now": cents(move.now), "planned": cents(move.planned)} for move in plan.moves},
        "predicted": predicted,
        "probability_better": round(float(plan.probability_better), 4),
        "options": _asked(result, plan),
    }


def data_end(result: WhatIf) -> dt.date:
    """Return the last day of spend that a plan was made from."""
    tables = result.analysis.tables
    last: dt.date = tables.spend["date"].max().date()
    return last + dt.timedelta(days=6 if tables.grain == "week" else 0)


def _asked(result: WhatIf, plan: Plan) -> dict[str, Any]:
    """Return what was asked for, without what was left as it is, and the currency."""
    from dataclasses import asdict, fields

    from roas.analysis.asked import Asked

    asked, usual = asdict(result.question(plan)), Asked()
    said = {each.name: asked[each.name] for each in fields(Asked) if asked[each.name] != getattr(usual, each.name)}
    return {**said, "held": plan.held, "currency": result.analysis.tables.currency, "margin": result.analysis.margin}


def _line(text: str) -> str:
    return " ".join(str(text).split())[:LONGEST]


def login() -> str:
    """Return the login name; `NOBODY` where the system does not know it."""
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError, ImportError):  # no such entry in the list of users; no such list
        return NOBODY
