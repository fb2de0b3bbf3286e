"""The card of the plan: what to do, the moves, and what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from roas.charts import layout, theme
from roas.charts.theme import GRID, HUES, MUTED
from roas.format import say_many
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.report import plan_total, plan_words
from roas.report.plan_moves import MOVES, about, exact, interval, moved, sure
from roas.report.weekly import advice, planned
from roas.report.weekly.card.blank import EDGE, GAP, HEADLINE, HIGH, SIDE, TOP, WIDE, Card
from roas.report.weekly.card.letters import BODY, EASY, LARGE, SMALL, named, wrapped

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Plan
    from roas.weekly.record import WeeklyReport

#: Moves that the card shows.
ROWS: Final = 6

#: Rows that a last line below must leave room for.
FEWEST: Final = 4

#: Lines in which the last line still says that no next unit pays: what follows from that may be left out.
SHORTEST: Final = 2

#: Sizes of what stands small, and of the last line.
_FINE: Final = (SMALL, SMALL - 1)
_LAST: Final = (*_FINE, EASY)

#: Points between the columns and the last line, and from there to the edge.
_APART: Final = 3.0
_RIM: Final = 4.0

#: Points that a row of a plan takes, and how many of them are blank below its bar.
_ROW: Final = 30.0
_BLANK: Final = 5.0
_LINE: Final = SMALL * layout.LEADING


def plan_card(found: WhatIf, report: WeeklyReport) -> Card:
    """Draw what to do, the moves, and what they bring."""
    card = Card(report, say("Where money should go"))
    said, beside = advice.instruction(report, found), advice.beside(report, found)
    y = card.fewest(said, EDGE, TOP, WIDE - 2 * EDGE, sizes=HEADLINE, most=4, bold=True)
    if beside:
        y = card.fewest(beside, EDGE, y + 3, WIDE - 2 * EDGE, sizes=(SMALL, SMALL - 1), colour=MUTED)
    y += 12
    low = _brings(card, found, (EDGE, y, WIDE - 2 * EDGE - GAP - SIDE))
    foot, last = _last_line(found, low, y)
    _moves(card, found, (WIDE - EDGE - SIDE, y, SIDE), foot - _APART)
    if last:
        card.write(last, EDGE, foot, WIDE - 2 * EDGE, high=HIGH - _RIM - foot, sizes=_LAST, colour=MUTED)
    return card


def _last_line(found: WhatIf, low: float, top: float) -> tuple[float, str]:
    """Return that no next unit of money pays, and where that begins; empty where it does not fit below all else."""
    nothing = (HIGH - 14.0, "")
    if plan_total.total_state(found, found.plan) != "none_pays":
        return nothing
    said = plan_total.total_words(found, found.plan)
    lines = len(wrapped(theme.literal(said, most=len(said)), WIDE - 2 * EDGE, _LAST[-1]))
    rows = top + _LINE + 4 + min(len(found.plan.moves), FEWEST) * _ROW - _BLANK
    for most in (lines, min(lines, SHORTEST)):  # in so few, its end may be left out at a clause
        foot = HIGH - _RIM - most * _LAST[-1] * layout.LEADING
        if max(low, rows) + _APART <= foot:
            return foot, said
    return nothing


def _brings(card: Card, found: WhatIf, at: tuple[float, float, float]) -> float:
    """Write what the plan brings with its range and chance; of a plan that moves nothing, why. Return where that ends."""
    (x, y, wide), plan, currency = at, found.plan, found.analysis.tables.currency
    if plan.held or not moved(plan):
        said = " ".join(plan_words.why_held(plan)) or say("Nothing moves, so nothing changes.")
        return card.write(said, x, y, wide, high=HIGH - 12 - y, sizes=(BODY, SMALL))
    gain, label = plan.revenue_change, say("Revenue a week, expected")
    if plan.profit_change is not None:
        gain, label = plan.profit_change, say("Profit a week, expected")
    y = card.write(label, x, y, wide, sizes=(BODY, SMALL, SMALL - 1), colour=MUTED)
    y = card.write(_gained(gain.p50, currency), x, y, wide, sizes=(LARGE, 23.0, 19.0), bold=True)
    between = interval(gain, currency)
    y = card.fewest(between, x, y - 1, wide, sizes=(SMALL, SMALL - 1), most=2, colour=MUTED) + 7
    chance = say("Chance that it beats today's split: {chance}", chance=sure(plan.probability_better))
    y = card.fewest(chance, x, y, wide, bold=True) + 8
    said = say("Estimated, not measured.")
    return card.write(said, x, y, wide, high=HIGH - 12 - y, sizes=_FINE, colour=MUTED)


def _gained(value: float, currency: str | None) -> str:
    """Write an estimate with its sign and the digits that the page gives it."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{about(value, currency)}"


def _moves(card: Card, found: WhatIf, at: tuple[float, float, float], end: float) -> None:
    """Draw one row for each of the largest moves, from "now" as in the plan's table, and one for all others."""
    (x, y, wide), currency = at, found.analysis.tables.currency
    y = card.write(_heading(), x, y, wide, sizes=_FINE, colour=MUTED) + 4
    rows = _rows(found.plan, max(1, min(ROWS, int((end - y + _BLANK) / _ROW))))
    reach = max(abs(row.size) for row in rows)
    for row in rows:
        _row(card, row, reach, (x, y, wide), currency)
        y += _ROW


class _Row(NamedTuple):
    """One row: whose money, what it is now, what is planned; currency per week."""

    name: str
    now: float
    planned: float

    @property
    def size(self) -> float:
        return self.planned - self.now


def _rows(plan: Plan, most: int) -> list[_Row]:
    """Return the largest moves and the sum of all others: the differences add up to what the plan adds in all."""
    moves = planned.largest_first(plan)
    if len(moves) <= most:
        return [_Row(move.channel, move.now, move.planned) for move in moves]
    shown, rest = moves[: most - 1], moves[most - 1 :]
    others = say_many("{number} more channel", "{number} more channels", len(rest))
    added = _Row(others, *(sum(round(getattr(m, of) * 100) for m in rest) / 100 for of in ("now", "planned")))
    return [*(_Row(move.channel, move.now, move.planned) for move in shown), added]


def _heading() -> str:
    return say_many("A week: mean of {number} week → planned", "A week: mean of {number} weeks → planned", RECENT_WEEKS)


def _row(card: Card, row: _Row, reach: float, at: tuple[float, float, float], currency: str | None) -> None:
    """Draw one row: the channel, now and planned, a bar to either side."""
    x, y, wide = at
    amounts = f"{exact(row.now, currency)} → {exact(row.planned, currency)}"
    if abs(row.size) < MOVES:
        amounts = say("{amount}, as today", amount=exact(row.now, currency))
    right = card.measured(amounts, BODY)
    card.write(named(row.name, wide - right - 10), x, y, wide - right - 10, bold=True)
    card.write(amounts, x + wide - right, y, right + 1, sizes=(BODY,))
    middle, y = x + wide / 2, y + BODY * layout.LEADING + 1
    card.box(x, y + 3, wide, 1, GRID)
    if abs(row.size) >= MOVES:
        length = wide / 2 * abs(row.size) / reach
        card.box(middle if row.size > 0 else middle - length, y, length, 7, HUES[0] if row.size > 0 else HUES[1])
    card.box(middle - 0.5, y - 2, 1, 11, MUTED)
