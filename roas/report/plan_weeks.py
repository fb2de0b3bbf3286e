"""A plan week by week on a terminal: whether pulses pay, and the money of those that do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.format import say_many, shorten, visible
from roas.language import say
from roas.plan.sentences import told
from roas.report.plan_moves import exact

if TYPE_CHECKING:
    from roas.plan.results import Plan

#: Channels in pulses that fit side by side into 80 columns; plan_weeks.csv and the JSON list all.
COLUMNS: Final = 4


def week_parts(plan: Plan, currency: str | None) -> list[Any]:
    """Return what to print of a plan's weeks: sentences, and a table where weeks differ. Empty where nobody asked."""
    if "flighting" not in plan.facts:
        return []
    if plan.by_week is None:
        return [told(plan.facts["flighting"])]
    pulsed = _pulsed(plan)
    rest = len(pulsed) - COLUMNS
    more = [say_many("{number} more channel pulses.", "{number} more channels pulse.", rest)] if rest > 0 else []
    lead = say("Pulses pay. Money of these channels, week by week; the others spend the same every week:")
    return [lead, _table(plan, pulsed[:COLUMNS], currency), *more]


def _pulsed(plan: Plan) -> list[int]:
    """Return places of the channels whose weeks differ."""
    assert plan.by_week is not None
    return [i for i, column in enumerate(plan.by_week.T) if column.min() != column.max()]


def _table(plan: Plan, pulsed: list[int], currency: str | None) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    assert plan.by_week is not None
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(say("Week"), justify="right")
    for i in pulsed:
        table.add_column(Text(shorten(visible(plan.moves[i].channel), 16)), justify="right", no_wrap=True)
    for week, row in enumerate(plan.by_week, start=1):
        table.add_row(str(week), *(exact(float(row[i]), currency) for i in pulsed))
    return table
