"""The card of the plan: what to do, the moves, and what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts import layout
from roas.charts.theme import GRID, HUES, MUTED
from roas.format import say_many
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.report import plan_words
from roas.report.plan_moves import MOVES, exact, sure
from roas.report.weekly import planned
from roas.report.weekly.card.blank import EDGE, GAP, HEADLINE, HIGH, SIDE, TOP, WIDE, Card
from roas.report.weekly.card.estimate import estimate
from roas.report.weekly.card.letters import BODY, SMALL, named

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
    plan, currency = found.plan, report.analysis.tables.currency
    card = Card(report, say("Where money should go"))
    said = plan_words.verdict(found, plan)
    y = card.fewest(said, EDGE, TOP, WIDE - 2 * EDGE, sizes=HEADLINE, most=4, bold=True) + 12
    left = WIDE - 2 * EDGE - GAP - SIDE
    _moves(card, found, (WIDE - EDGE - SIDE, y, SIDE))
    if plan.held or not any(abs(move.planned - move.now) >= MOVES for move in plan.moves):
        said = " ".join(plan_words.why_held(plan)) or say("Nothing moves, so nothing changes.")
        card.write(said, EDGE, y, left, high=HIGH - 12 - y, sizes=(BODY, SMALL))
        return card
    gain, label = plan.revenue_change, say("Revenue a week, expected")
    if plan.profit_change is not None:
        gain, label = plan.profit_change, say("Profit a week, expected")
    y = estimate(card, label, gain, currency, (EDGE, y, left)) + 7
    chance = say("Chance that it beats today's split: {chance}", chance=sure(plan.probability_better))
    y = card.fewest(chance, EDGE, y, left, bold=True) + 8
    card.write(
        say("Estimated, not measured."), EDGE, y, left, high=HIGH - 12 - y, sizes=(SMALL, SMALL - 1), colour=MUTED
    )
    return card


def _moves(card: Card, found: WhatIf, at: tuple[float, float, float]) -> None:
    """Draw one row for each of the largest moves: the channel, now and planned, a bar to either side."""
    (x, y, wide), plan, currency = at, found.plan, found.analysis.tables.currency
    order = planned.largest_first(plan)
    reach = max((abs(m.planned - m.now) for m in order), default=0.0)
    heading = say_many(
        "A week: mean of {number} week → planned", "A week: mean of {number} weeks → planned", RECENT_WEEKS
    )
    y = card.write(heading, x, y, wide, sizes=(SMALL,), colour=MUTED) + 4
    room = HIGH - 14 - y
    fits = int(room / _ROW)
    shown = order if len(order) <= min(ROWS, fits) else order[: min(ROWS, int((room - _LINE) / _ROW))]
    for move in shown:
        _move(card, move, reach, (x, y, wide), currency)
        y += _ROW
    if len(order) > len(shown):
        rest = say_many("{number} more channel", "{number} more channels", len(order) - len(shown))
        card.write(rest, x, y, wide, sizes=(SMALL,), colour=MUTED)


def _move(card: Card, move: ChannelMove, reach: float, at: tuple[float, float, float], currency: str | None) -> None:
    x, y, wide = at
    size = move.planned - move.now
    amounts = f"{exact(move.now, currency)} → {exact(move.planned, currency)}"
    if abs(size) < MOVES:
        amounts = say("{amount}, as today", amount=exact(move.now, currency))
    right = card.measured(amounts, BODY)
    card.write(named(move.channel, wide - right - 10), x, y, wide - right - 10, bold=True)
    card.write(amounts, x + wide - right, y, right + 1, sizes=(BODY,))
    middle, y = x + wide / 2, y + BODY * layout.LEADING + 1
    card.box(x, y + 3, wide, 1, GRID)
    if abs(size) >= MOVES:
        length = wide / 2 * abs(size) / reach
        card.box(middle if size > 0 else middle - length, y, length, 7, HUES[0] if size > 0 else HUES[1])
    card.box(middle - 0.5, y - 2, 1, 11, MUTED)
