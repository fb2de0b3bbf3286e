"""The page's tear sheet: each channel as an investment, one row a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import ranged_words
from roas.format import change, count, money, percent, plural, swing, visible
from roas.language import mark, say
from roas.report.tables_page import IN_SIGHT, ROWS

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.quantiles import Q
    from roas.volatility.sheet.tear import TearSheet

#: Heading → what it means, to be said.
HEADINGS: Final = (
    (mark("Return so far"), mark("mean contribution per 1 of spend over all weeks, margin × ROAS − 1; below it the 90 % interval")),
    (mark("True swing"), mark("how far a week lies from the average (standard deviation), luck removed; below it the 90 % interval")),
    (mark("Weeks at a loss"), mark("weeks below break-even; below it how many luck alone would bring at the mean return")),
    (mark("Deepest loss"), mark("largest fall of the contribution added up since the start; below it how long it took")),
    (mark("A bad month"), mark("what the next four weeks earn at recent spend and the present level, in the worst case of twenty")),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One channel: each figure, and below it what it rests on."""

    channel: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TearTable:
    """The table: its headings, its rows, those folded away."""

    caption: str
    headings: tuple[tuple[str, str], ...]
    rows: list[Row]
    more: list[Row]


def tear_table(analysis: Analysis) -> TearTable | None:
    """Return the channels by spend; None where no channel has a ROAS series."""
    found = analysis.volatility
    if found is None or not found.sheets:
        return None
    currency = analysis.tables.currency
    rows = [_row(sheet, currency) for sheet in list(found.sheets.values())[:ROWS]]
    if analysis.margin is None:
        caption = say(
            "Each channel as an investment, by what platforms claim, as if every sale were profit: no --margin is given"
        )
    else:
        caption = say("Each channel as an investment, by what platforms claim")
    headings = tuple((say(heading), say(means)) for heading, means in HEADINGS)
    return TearTable(caption, headings, rows[:IN_SIGHT], rows[IN_SIGHT:])


def _row(sheet: TearSheet, currency: str | None) -> Row:
    return Row(
        visible(sheet.name),
        (
            _interval(sheet.mean_return, signed=True),
            _swing(sheet.true_log_sd),
            _below(sheet),
            _drawdown(sheet, currency),
            _bad_month(sheet, currency),
        ),
    )


def _swing(q: Q | None) -> tuple[str, str]:
    if q is None:
        return "–", ""
    return swing(q.p50), ranged_words(swing(q.p5), swing(q.p95))


def _interval(q: Q | None, *, signed: bool = False) -> tuple[str, str]:
    if q is None:
        return "–", ""
    write = change if signed else percent
    return write(q.p50), ranged_words(write(q.p5), write(q.p95))


def _below(sheet: TearSheet) -> tuple[str, str]:
    found = sheet.below_break_even
    if found is None:
        return "–", ""
    seen = say("{part} of {whole}", part=count(found.below), whole=count(found.weeks))
    if found.by_luck is None:
        return seen, ""
    luck = count(round(found.by_luck.p50 * found.weeks))
    if found.more_than_luck:
        return seen, say("luck: {weeks}, more than luck", weeks=luck)
    return seen, say("luck: {weeks}", weeks=luck)


def _drawdown(sheet: TearSheet, currency: str | None) -> tuple[str, str]:
    found = sheet.drawdown
    if found is None:
        return "–", ""
    if not found.depth > 0:
        return say("none"), ""
    weeks = plural(found.weeks, "week")
    return money(found.depth, currency), weeks if found.recovered else say("{weeks}, not made good", weeks=weeks)


def _bad_month(sheet: TearSheet, currency: str | None) -> tuple[str, str]:
    found = sheet.budget_at_risk
    if found is None:
        return "–", ""
    earned = found.at_risk.p50
    amount = money(abs(earned), currency)
    says = say("earns {money}", money=amount) if earned >= 0 else say("loses {money}", money=amount)
    return says, say("on {money} spent", money=money(found.spend, currency))
