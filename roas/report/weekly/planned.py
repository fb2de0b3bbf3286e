"""The plan of the week as a table, and what it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.format import change, money, visible
from roas.language import say
from roas.report import plan_words
from roas.report.plan_moves import MOVES, exact
from roas.report.tables_page import Column, Table
from roas.report.weekly.names import between

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan
    from roas.weekly.record import WeeklyReport

#: Channels listed, those that move most first; the others are added up.
ROWS: Final = 12


def plan(report: WeeklyReport) -> dict[str, Any] | None:
    """Return the section on where money should go, as words; None without a plan."""
    found = report.plan
    if found is None:
        return None
    gains = plan_words.gains(found, found.plan)
    return {
        "verdict": plan_words.verdict(found, found.plan),
        "gains": gains[:1],
        "more": [*gains[1:], *plan_words.cautions(found, found.plan), *plan_words.notes(found)],
        "table": table(found),
    }


def table(found: WhatIf) -> Table:
    """Return now, planned and the change per channel, the largest move first."""
    currency = found.analysis.tables.currency
    columns = [
        Column("channel", say("Channel"), text=True), Column("now", say("Now")), Column("planned", say("Planned")),
        Column("change", say("Change")), Column("brings", say("What the move brings"), say("revenue a week, 90 % interval")),
    ]  # fmt: skip
    moves = largest_first(found.plan)
    rows = [[visible(m.channel), *_amounts([m], currency), _brings(m, found)] for m in moves[:ROWS]]
    if moves[ROWS:]:
        rows.append([say("All others"), *_amounts(moves[ROWS:], currency), ""])
    total = [say("Total"), *_amounts(found.plan.moves, currency), ""]
    return Table(say("The plan, channel by channel, per week"), columns, rows, rest=total)


def largest_first(plan: Plan) -> list[ChannelMove]:
    """Return the moves, the largest first; those alike by spend, then by name."""
    return sorted(plan.moves, key=lambda m: (-abs(m.planned - m.now), -m.now, m.channel))


def _amounts(moves: Any, currency: str | None) -> list[str]:
    """Write now, planned and the change."""
    now, planned = (sum(round(getattr(m, of) * 100) for m in moves) / 100 for of in ("now", "planned"))
    size = planned - now
    if abs(size) < MOVES:
        return [exact(now, currency), exact(planned, currency), "–"]
    signed = f"{'+' if size > 0 else '−'}{exact(abs(size), currency)}"
    share = f" ({change(planned / now - 1)})" if now > 0 else ""
    return [exact(now, currency), exact(planned, currency), signed + share]


def _brings(move: ChannelMove, found: WhatIf) -> str:
    if abs(move.planned - move.now) < MOVES or move.channel in found.today.excluded:
        return "–"
    q, currency = move.revenue_change, found.analysis.tables.currency
    return f"{money(q.p50, currency)} ({between(q, currency)})"
