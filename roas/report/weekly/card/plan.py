"""The card of the plan: what to do, the moves, and what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts import layout
from roas.charts.theme import GRID, HUES, MUTED
from roas.format import say_many
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.report import plan_words
from roas.report.plan_moves import MOVES, about, exact, interval, moved, sure
from roas.report.weekly import advice, planned
from roas.report.weekly.card.blank import EDGE, GAP, HEADLINE, HIGH, SIDE, TOP, WIDE, Card
from roas.report.weekly.card.letters import BODY, LARGE, SMALL, named

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove
    from roas.weekly.record import WeeklyReport

#: Moves that the card shows.
ROWS: Final = 6

#: Points that a row of a plan takes.
_ROW: Final = 30.0
_LINE: Final = SMALL * layout.LEADING


def plan_card(found: WhatIf, report: WeeklyReport) -> Card:
    """Draw what to do, the moves, and what they bring."""
    card = Card(report, say("Where money should go"))
    said, beside = advice.instruction(report, found), advice.beside(report, found)
    y = card.fewest(said, EDGE, TOP, WIDE - 2 * EDGE, sizes=HEADLINE, most=4, bold=True)
    if beside:
        y = card.fewest(beside, EDGE, y + 3, WIDE - 2 * EDGE, sizes=(SMALL, SMALL - 1), colour=MUTED)
    y += 12
    _moves(card, found, report, (WIDE - EDGE - SIDE, y, SIDE))
    _brings(card, found, report, (EDGE, y, WIDE - 2 * EDGE - GAP - SIDE))
    return card


def _brings(card: Card, found: WhatIf, report: WeeklyReport, at: tuple[float, float, float]) -> None:
    """Write what the plan brings with its range and chance; of a plan that moves nothing, why."""
    (x, y, wide), plan, currency = at, found.plan, found.analysis.tables.currency
    if plan.held or not moved(plan):
        said = " ".join(plan_words.why_held(plan)) or say("Nothing moves, so nothing changes.")
        card.write(said, x, y, wide, high=HIGH - 12 - y, sizes=(BODY, SMALL))
        return
    gain, label = plan.revenue_change, say("Revenue a week, expected")
    if plan.profit_change is not None:
        gain, label = plan.profit_change, say("Profit a week, expected")
    y = card.write(label, x, y, wide, sizes=(BODY, SMALL, SMALL - 1), colour=MUTED)
    y = card.write(_gained(gain.p50, currency), x, y, wide, sizes=(LARGE, 23.0, 19.0), bold=True)
    between = interval(gain, currency)
    y = card.fewest(between, x, y - 1, wide, sizes=(SMALL, SMALL - 1), most=2, colour=MUTED) + 7
    chance = say("Chance that it beats today's split: {chance}", chance=sure(plan.probability_better))
    y = card.fewest(chance, x, y, wide, bold=True) + 8
    card.write(_measured(found, report), x, y, wide, high=HIGH - 12 - y, sizes=(SMALL, SMALL - 1), colour=MUTED)


def _measured(found: WhatIf, report: WeeklyReport) -> str:
    """Say that a gain is estimated, and against what where the rows start from something else."""
    if not _from_last_week(found, report):
        return say("Estimated, not measured.")
    return say_many(
        "Estimated against the mean of the last {number} week, not measured.",
        "Estimated against the mean of the last {number} weeks, not measured.",
        RECENT_WEEKS,
    )


def _gained(value: float, currency: str | None) -> str:
    """Write an estimate with its sign and the digits that the page gives it."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{about(value, currency)}"


def _moves(card: Card, found: WhatIf, report: WeeklyReport, at: tuple[float, float, float]) -> None:
    """Draw one row for each of the largest moves: the channel, before and planned, a bar to either side."""
    (x, y, wide), plan, currency = at, found.plan, found.analysis.tables.currency
    order, before = planned.largest_first(plan), _before(found, report)
    reach = max((abs(m.planned - before[m.channel]) for m in order), default=0.0)
    y = card.write(_heading(found, report), x, y, wide, sizes=(SMALL,), colour=MUTED) + 4
    room = HIGH - 14 - y
    fits = int(room / _ROW)
    shown = order if len(order) <= min(ROWS, fits) else order[: min(ROWS, int((room - _LINE) / _ROW))]
    for move in shown:
        _move(card, move, before[move.channel], reach, (x, y, wide), currency)
        y += _ROW
    if len(order) > len(shown):
        rest = say_many("{number} more channel", "{number} more channels", len(order) - len(shown))
        card.write(rest, x, y, wide, sizes=(SMALL,), colour=MUTED)


def _from_last_week(found: WhatIf, report: WeeklyReport) -> bool:
    """Tell whether rows start from last week: where amounts are said, and all of last week is known."""
    last = advice.last_week(report, found.plan)
    return advice.as_levels(report, found.plan) and None not in last.values()


def _before(found: WhatIf, report: WeeklyReport) -> dict[str, float]:
    """Return what each row starts from: last week's money, or the mean of the last weeks."""
    last = advice.last_week(report, found.plan) if _from_last_week(found, report) else {}
    known = {channel: spent for channel, spent in last.items() if spent is not None}
    return {move.channel: known.get(move.channel, move.now) for move in found.plan.moves}


def _heading(found: WhatIf, report: WeeklyReport) -> str:
    if _from_last_week(found, report):
        return say("A week: last week → planned")
    return say_many("A week: mean of {number} week → planned", "A week: mean of {number} weeks → planned", RECENT_WEEKS)


def _move(
    card: Card, move: ChannelMove, before: float, reach: float, at: tuple[float, float, float], currency: str | None
) -> None:
    """Draw one row."""
    x, y, wide = at
    size = move.planned - before
    amounts = f"{exact(before, currency)} → {exact(move.planned, currency)}"
    if abs(size) < MOVES:
        amounts = say("{amount}, as today", amount=exact(before, currency))
    right = card.measured(amounts, BODY)
    card.write(named(move.channel, wide - right - 10), x, y, wide - right - 10, bold=True)
    card.write(amounts, x + wide - right, y, right + 1, sizes=(BODY,))
    middle, y = x + wide / 2, y + BODY * layout.LEADING + 1
    card.box(x, y + 3, wide, 1, GRID)
    if abs(size) >= MOVES:
        length = wide / 2 * abs(size) / reach
        card.box(middle if size > 0 else middle - length, y, length, 7, HUES[0] if size > 0 else HUES[1])
    card.box(middle - 0.5, y - 2, 1, 11, MUTED)
