"""The card of the week in numbers: the verdict, and three figures with the range of nine weeks in ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts import layout, theme
from roas.charts.theme import GRID, HUES, INK, MUTED, WORDS_OF
from roas.language import mark, say
from roas.report.weekly import headline, numbers
from roas.report.weekly.card.blank import EDGE, GAP, HEADLINE, HIGH, TOP, WIDE, Card
from roas.report.weekly.card.letters import BODY, LARGE, SMALL, wrapped
from roas.report.weekly.names import amount

if TYPE_CHECKING:
    from roas.weekly.record import Figure, WeeklyReport

#: Points from the top to the numbers, at least.
_NUMBERS: Final = 112.0

#: What the bar below each number is.
USUAL: Final = mark("Grey: where nine weeks in ten lie when nothing happens.")


def numbers_card(report: WeeklyReport) -> Card:
    """Draw the verdict and the three numbers, each with the range of nine weeks in ten."""
    card = Card(report, say("The week in numbers"))
    y = card.write(headline.verdict(report), EDGE, TOP, WIDE - 2 * EDGE, high=67, sizes=HEADLINE, bold=True)
    if report.plan is None:
        y = card.write(
            headline.lead(report), EDGE, y + 2, WIDE - 2 * EDGE, high=2 * BODY * layout.LEADING, colour=MUTED
        )
    shown = report.figures[: numbers.SHOWN]
    wide = (WIDE - 2 * EDGE - (numbers.SHOWN - 1) * GAP) / numbers.SHOWN
    top = max(y + 9, _NUMBERS)
    card.box(EDGE, top, WIDE - 2 * EDGE, 1, GRID)
    words, currency = numbers.numbers(report), report.analysis.tables.currency
    heads = max((len(wrapped(each.label, wide, BODY)) for each in words), default=1)
    for place, (figure, said) in enumerate(zip(shown, words, strict=True)):
        _number(card, figure, said, (EDGE + place * (wide + GAP), top + 8, wide), currency, heads=min(heads, 2))
    if any(each.low is not None and each.value is not None for each in shown):
        card.write(say(USUAL), EDGE, HIGH - 23, WIDE - 2 * EDGE, sizes=(SMALL - 1,), colour=MUTED)
    return card


def _number(
    card: Card, figure: Figure, said: numbers.Number, at: tuple[float, float, float], currency: str | None, *, heads: int
) -> None:  # fmt: skip
    """Draw one number: what it is, its value, how it moved, and where that lies."""
    (x, y, wide), step = at, BODY * layout.LEADING
    odd = figure.unusual
    hue = HUES[1] if odd else HUES[0]
    lines = min(len(wrapped(said.label, wide, BODY)), heads)
    y = card.write(said.label, x, y + (heads - lines) * step, wide, high=lines * step, colour=MUTED)
    y = card.write(
        said.value, x, y, wide, sizes=(LARGE, 23.0, 19.0, 16.0), bold=True, colour=WORDS_OF[hue] if odd else INK
    )
    y = card.fewest(said.moved, x, y, wide, sizes=(SMALL, SMALL - 1), most=2) if said.moved else y
    if figure.low is None or figure.high is None or figure.value is None:
        card.write(said.says, x, y + 4, wide, high=HIGH - 32 - y, sizes=(SMALL, SMALL - 1), colour=MUTED)
        return
    _band(card, figure.value, (figure.low, figure.high), (x, y + 7, wide), hue)
    low, high = (amount(end, figure.unit, currency) for end in (figure.low, figure.high))
    y = card.fewest(say("{low} to {high}", low=low, high=high), x, y + 23, wide, sizes=(SMALL, SMALL - 1), most=1)
    if odd:
        badge = f"{said.badge[:1].upper()}{said.badge[1:]}"
        card.fewest(badge, x, y, wide, sizes=(SMALL, SMALL - 1), most=1, bold=True, colour=WORDS_OF[hue])


def _band(card: Card, value: float, usual: tuple[float, float], at: tuple[float, float, float], hue: str) -> None:
    """Draw the range that nine weeks in ten lie in, and the week as a dot on it or outside."""
    x, y, wide = at
    low, high = min(value, *usual), max(value, *usual)
    air = 0.15 * (high - low)
    step = (wide - 12) / ((high - low + 2 * air) or 1.0)

    def spot(amount: float) -> float:
        return x + 6 + (amount - low + air) * step

    card.box(x, y + 5, wide, 2, GRID)
    card.box(spot(usual[0]), y, max(spot(usual[1]) - spot(usual[0]), 2.0), 12, "#c9d3dc")
    card.ax.plot(
        [spot(value)], [y + 6], "o", markersize=11, color=hue, markeredgecolor=theme.PAPER, markeredgewidth=1.5
    )
