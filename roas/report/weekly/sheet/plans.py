"""The sheets of plans: where money should go, and what came of what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.format import visible
from roas.language import say
from roas.report.weekly import decided, headline, planned
from roas.report.weekly.sheet.columns import Column, ends, ranged

if TYPE_CHECKING:
    from roas.plan.results import ChannelMove
    from roas.report.weekly.sheet.book import Book
    from roas.weekly.record import WeeklyReport


def plan(made: Book, report: WeeklyReport) -> None:
    """Write now, planned and the change per channel; a changed plan is worked out again by the sheet."""
    columns = [
        Column("channel", say("Channel")),
        Column("now", say("Spend a week now"), "money", "sum"),
        Column("planned", say("Spend a week, planned"), "money", "sum"),
        Column("change", say("Change"), "money", "sum", formula="{planned}-{now}"),
        Column("share", say("Change, share"), "share", formula='IF({now}=0,"",{change}/{now})'),
        Column("last", say("Spend last week"), "money", "sum"),
        *ranged("brings", say("Revenue a week that the move brings"), "money"),
    ]
    found, rows, totals = report.plan, [], {}
    if found is not None:
        last = planned.last_week(report, found.plan)
        for move in planned.largest_first(found.plan):
            told = move.channel not in found.today.excluded and move.planned != move.now
            rows.append(
                _move(move) | {"last": last[move.channel]} | (ends("brings", move.revenue_change) if told else {})
            )
        totals = ends("brings", found.plan.revenue_change)
    sheet = made.table(say("Plan"), columns, rows, nothing=headline.lead(report), totals=totals)
    words = planned.plan(report)
    if words is not None:
        line = len(rows) + 3
        for text in (words["verdict"], *words["gains"], words["now"], *words["already"], *words["more"]):
            line = made.paragraph(sheet, line, text, len(columns))


def _move(move: ChannelMove) -> dict[str, Any]:
    now, then = round(move.now, 2), round(move.planned, 2)
    size = round(then - now, 2)
    cells = {"now": now, "planned": then, "change": size, "share": size / now if now else ""}
    return {"channel": visible(move.channel), **cells}


def decisions(made: Book, report: WeeklyReport) -> None:
    """Write every plan that was noted, predicted beside realised."""
    columns = [
        Column("name", say("Plan")), Column("state", say("State")), Column("who", say("Noted by")),
        Column("made", say("Noted on"), "date"), Column("begins", say("Begins on"), "date"),
        Column("weeks", say("Weeks"), "count"),
        *ranged("predicted", say("Revenue change a week, predicted"), "money"),
        *ranged("realised", say("Revenue change a week, realised"), "money"),
        Column("followed", say("Share of the moves made"), "share"), Column("said", say("In words")),
    ]  # fmt: skip
    rows = [
        {
            "name": decided.title(each), "state": say(decided.STATES[each.state]),
            "who": visible(each.who), "made": each.made, "begins": each.begins, "weeks": each.weeks,
            **ends("predicted", each.predicted), **ends("realised", each.realised), "followed": each.followed,
            "said": visible(each.because),
        }
        for each in report.decisions
    ]  # fmt: skip
    made.table(say("Decisions"), columns, rows, nothing=say("No plan was noted so far."))
