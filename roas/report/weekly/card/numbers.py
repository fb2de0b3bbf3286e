"""The card of the week in numbers: the verdict, and three figures with the range of nine weeks in ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts import layout, theme
from roas.charts.theme import GRID, HUES, INK, MUTED, WORDS_OF
from roas.format import span
from roas.language import mark, say
from roas.report.weekly import headline, numbers
from roas.report.weekly.card.blank import EDGE, GAP, HEADLINE, HIGH, TOP, WIDE, Card
from roas.report.weekly.card.letters import BODY, LARGE, SMALL, fits, wrapped
from roas.report.weekly.names import amount

if TYPE_CHECKING:
    from roas.weekly.record import Figure, WeeklyReport

#: Points from the top to the numbers, at least.
_NUMBERS: Final = 112.0

#: Points from the top to the words at the bottom.
_FOOT: Final = HIGH - 23

#: Sizes that the values are tried in, all alike, and the smallest letters of what stands below.
VALUES: Final = (LARGE, 23.0, 19.0, 16.0)
_FINE: Final = SMALL - 1

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
    _rows(card, list(zip(shown, numbers.numbers(report), strict=True)), top + 8, wide, report.analysis.tables.currency)
    if any(each.low is not None and each.value is not None for each in shown):
        card.write(say(USUAL), EDGE, _FOOT, WIDE - 2 * EDGE, sizes=(SMALL - 1,), colour=MUTED)
    return card


def _rows(
    card: Card, figures: list[tuple[Figure, numbers.Number]], y: float, wide: float, currency: str | None
) -> None:
    """Draw the numbers side by side, row by row, so that like stands beside like: what, value, how it moved, range."""
    columns = [EDGE + place * (wide + GAP) for place in range(len(figures))]
    y = low = _labels(card, [said.label for _, said in figures], columns, y, wide)
    values = [said.value for _, said in figures]
    size = next((size for size in VALUES if all(fits(v, wide, size, 1, bold=True) for v in values)), VALUES[-1])
    for x, (figure, said) in zip(columns, figures, strict=True):
        hue = WORDS_OF[HUES[1]] if figure.unusual else INK
        low = max(low, card.write(said.value, x, y, wide, sizes=(size,), bold=True, colour=hue))
    y = low
    for x, (_, said) in zip(columns, figures, strict=True):
        if said.moved:
            low = max(low, card.fewest(said.moved, x, y, wide, sizes=(SMALL, _FINE), most=2))
    for x, (figure, said) in zip(columns, figures, strict=True):
        _usual(card, figure, said, (x, low, wide), currency)


def _labels(card: Card, labels: list[str], columns: list[float], y: float, wide: float) -> float:
    """Write what each number is, down to one line; return where that ends."""
    step, needed = BODY * layout.LEADING, [min(len(wrapped(label, wide, BODY)), 2) for label in labels]
    most = max(needed, default=1)
    for x, label, lines in zip(columns, labels, needed, strict=True):
        card.write(label, x, y + (most - lines) * step, wide, high=lines * step, colour=MUTED)
    return y + most * step


def _usual(
    card: Card, figure: Figure, said: numbers.Number, at: tuple[float, float, float], currency: str | None
) -> None:
    """Draw where a number lies in the range of nine weeks in ten, or say why there is none."""
    x, y, wide = at
    if figure.low is None or figure.high is None or figure.value is None:
        card.write(said.says, x, y + 4, wide, high=_FOOT - 9 - y, sizes=(SMALL, SMALL - 1), colour=MUTED)
        return
    odd = figure.unusual
    hue = HUES[1] if odd else HUES[0]
    _band(card, figure.value, (figure.low, figure.high), (x, y + 7, wide), hue)
    low, high = (amount(end, figure.unit, currency) for end in (figure.low, figure.high))
    room = max(int((_FOOT - y - 23) / (_FINE * layout.LEADING)) - odd, 1)
    text = say("{low} to {high}", low=low, high=high)
    if not fits(text, wide, _FINE, room):
        text = span(low, high)
    y = card.fewest(text, x, y + 23, wide, sizes=(SMALL, _FINE), most=room)
    if odd:
        badge = f"{said.badge[:1].upper()}{said.badge[1:]}"
        card.fewest(badge, x, y, wide, sizes=(SMALL, _FINE), most=1, bold=True, colour=WORDS_OF[hue])


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
