"""The plan of the week as a table, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.format import DASH, change, say_many, visible
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.report import plan_total, plan_words
from roas.report.plan_moves import MOVES, about, exact, moved, row
from roas.report.tables_page import Column, Table
from roas.report.weekly import advice
from roas.report.weekly.advice import beyond, last_week

__all__ = ["FAR", "ROWS", "already", "largest_first", "last_week", "plan", "table"]

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan
    from roas.weekly.record import WeeklyReport

#: Channels listed, those that move most first; the others are added up.
ROWS: Final = 12

#: Share of what is spent on average from which last week is said to lie far from it: as much as most plans move.
FAR: Final = 0.25


def plan(report: WeeklyReport) -> dict[str, Any] | None:
    """Return the section on where money should go, as words; None without a plan."""
    found = report.plan
    if found is None:
        return None
    verdict = advice.verdict(report, found)
    beside = [*_also(report, found), *already(report, found), *_far(report, found)]
    pays = plan_total.total_words(found, found.plan)
    gains = [each for each in plan_words.gains(found, found.plan) if each != pays]
    return {
        "verdict": verdict,
        "gains": [each for each in (*gains[:1], pays) if each],
        "assumed": plan_words.assumed(found, found.plan),
        "more": [*gains[1:], *plan_words.cautions(found, found.plan), *plan_words.notes(found)],
        "table": table(report, found),
        "now": say_many(
            "“Now” is the mean of the last {number} week.",
            "“Now” is the mean of the last {number} weeks.",
            RECENT_WEEKS,
        ),
        "already": [each for each in beside if each not in verdict],
    }


def _also(report: WeeklyReport, found: WhatIf) -> list[str]:
    """Say the reasons to wait that the verdict has no room for."""
    return [say("Another reason to wait: {reason}.", reason=each) for each in advice.waits(report, found)[1:]]


def table(report: WeeklyReport, found: WhatIf) -> Table:
    """Return last week, now, planned and the change per channel, the largest move first."""
    currency, last = found.analysis.tables.currency, last_week(report, found.plan)
    columns = [
        Column("channel", say("Channel"), text=True), Column("last", say("Last week")),
        Column("now", say("Now"), say_many("mean of {number} week", "mean of {number} weeks", RECENT_WEEKS)),
        Column("planned", say("Planned")), Column("change", say("Change")), Column("brings", say("What the move brings"), say("revenue a week, 90 % interval")),
    ]  # fmt: skip
    moves = largest_first(found.plan)
    rows = [[visible(m.channel), *_amounts([m], last, currency), _brings(m, found)] for m in moves[:ROWS]]
    if moves[ROWS:]:
        rows.append([say("All others"), *_amounts(moves[ROWS:], last, currency), ""])
    total = [say("Total"), *_amounts(found.plan.moves, last, currency), ""]
    return Table(say("The plan, channel by channel, per week"), columns, rows, rest=total)


def largest_first(plan: Plan) -> list[ChannelMove]:
    """Return the moves, the largest first; those alike by spend, then by name."""
    return sorted(plan.moves, key=lambda m: (-abs(m.planned - m.now), -m.now, m.channel))


def already(report: WeeklyReport, found: WhatIf) -> list[str]:
    """Name the channels that went further last week than the plan asks: less where it cuts, more where it adds."""
    beyond, said = _beyond(report, found), []
    less = [visible(m.channel) for m in beyond if m.planned < m.now]
    more = [visible(m.channel) for m in beyond if m.planned > m.now]
    if less:
        said.append(advice.already_less(less))
    if more:
        said.append(say("{channels} already spent more than planned last week.", channels=row(more)))
    return said


def _beyond(report: WeeklyReport, found: WhatIf) -> list[ChannelMove]:
    last = last_week(report, found.plan)
    return [move for move in moved(found.plan) if beyond(move, last)]


def _far(report: WeeklyReport, found: WhatIf) -> list[str]:
    """Name the other channels of the plan whose last week lies far from the mean that it starts from."""
    last, currency, beyond = last_week(report, found.plan), found.analysis.tables.currency, _beyond(report, found)
    names = [
        say("{channel} {amount}", channel=visible(m.channel), amount=exact(spent, currency))
        for m in moved(found.plan)
        if m not in beyond and (spent := last[m.channel]) is not None and abs(spent - m.now) > FAR * m.now
    ]
    if not names:
        return []
    return [
        say(
            "Far from that mean last week ({channels}): go by the amount planned, not by the change.",
            channels=row(names),
        )
    ]


def _amounts(moves: Sequence[ChannelMove], last: Mapping[str, float | None], currency: str | None) -> list[str]:
    """Write last week, now, planned and the change."""
    spent = [last[m.channel] for m in moves]
    known = [each for each in spent if each is not None]
    before = exact(sum(known), currency) if len(known) == len(spent) else DASH
    now, planned = (sum(round(getattr(m, of) * 100) for m in moves) / 100 for of in ("now", "planned"))
    size = planned - now
    if abs(size) < MOVES:
        return [before, exact(now, currency), exact(planned, currency), "–"]
    signed = f"{'+' if size > 0 else '−'}{exact(abs(size), currency)}"
    share = f" ({change(planned / now - 1)})" if now > 0 else ""
    return [before, exact(now, currency), exact(planned, currency), signed + share]


def _brings(move: ChannelMove, found: WhatIf) -> str:
    if abs(move.planned - move.now) < MOVES or move.channel in found.today.excluded:
        return "–"
    q, currency = move.revenue_change, found.analysis.tables.currency
    low, high = (_signed(each, currency) for each in (q.p5, q.p95))
    return say("{amount} ({low} to {high})", amount=_signed(q.p50, currency), low=low, high=high)


def _signed(value: float, currency: str | None) -> str:
    """Write an estimate with the digits of the sentences on the plan."""
    return f"{'−' if value < 0 else ''}{about(value, currency)}"
