"""The week as pictures for a chat: the numbers, each finding, the plan."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from roas import charts
from roas.charts import layout, theme
from roas.charts.theme import GRID, HUES, INK, MUTED, WORDS_OF
from roas.diagnosis.metrics import METRICS
from roas.format import money, say_many, visible
from roas.language import mark, say, speaking
from roas.report import finding_words, plan_words
from roas.report.plan_moves import MOVES, exact, sure
from roas.report.weekly import headline, numbers
from roas.report.weekly.names import amount, between, week_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from roas.analysis.what_if import WhatIf
    from roas.diagnosis.results import Exhibit, Finding
    from roas.plan.results import ChannelMove
    from roas.quantiles import Q
    from roas.weekly.record import Figure, WeeklyReport

#: Width and height of a card in pixels: what chats show without cutting (16:9), at the charts' own density.
PIXELS: Final = (1200, 675)

#: The same in points, in which everything on a card is placed, from its upper left corner.
WIDE: Final = 72 * PIXELS[0] / theme.DPI
HIGH: Final = 72 * PIXELS[1] / theme.DPI

#: Points around a card, and between its columns.
EDGE: Final = 22.0
GAP: Final = 20.0

#: Points from the top to the headline of a card, and to the numbers at least.
TOP: Final = 36.0
_NUMBERS: Final = 112.0

#: Points of letters. At 320 pixels width the smallest are as high as those of a chart's PNG, or higher.
SMALL: Final = 12.0
BODY: Final = 13.0
LARGE: Final = 27.0

#: Sizes that a headline is tried in, the largest first.
HEADLINE: Final = (20.0, 18.5, 17.0, 15.5, 14.0)

#: Findings that get a card, as in the message; moves that a plan's card shows.
FINDINGS: Final = 3
ROWS: Final = 6

#: Weeks of a finding's chart, unless it began earlier.
YEAR: Final = 52

#: Lines of evidence where there is no chart of it.
EVIDENCE: Final = 2

#: Points that a row of a plan takes.
_ROW: Final = 30.0
_LINE: Final = SMALL * layout.LEADING

#: What the bar below each number is.
USUAL: Final = mark("Grey: where nine weeks in ten lie when nothing happens.")

#: Letters of a name or a sentence that no card has room for.
_ENDLESS: Final = 10_000

#: Width of a finding's chart in points of the card; it is drawn as for a phone.
_CHART: Final = 296.0

#: Points above the data of a chart for the words of the onset; and how far its band reaches over its line, at most.
_ONSET: Final = 30.0
_OVER: Final = 1.1


def cards(report: WeeklyReport) -> dict[str, bytes]:
    """Draw the week as cards of 1200 x 675 pixels.

    Returns
    -------
    dict of str to bytes
        Name → PNG, in the order to post them: ``numbers``; ``finding_1`` …
        for the costliest supported findings, three at most; ``plan``, where
        there is one. The same record gives the same bytes.
    """
    with speaking(report.language), theme.style(live_text=False):
        found = {"numbers": _numbers(report)}
        for place, finding in enumerate(_top(report), start=1):
            found[f"finding_{place}"] = _finding(finding, report)
        if report.plan is not None:
            found["plan"] = _plan(report.plan, report)
        return {name: card.png() for name, card in found.items()}


def _top(report: WeeklyReport) -> list[Finding]:
    """Return the supported findings that lose most."""
    return [each for each in report.analysis.diagnosis.findings if each.verdict == "supported"][:FINDINGS]


# ---- a sheet to draw on ----------------------------------------------------------------------


class Card:
    """An empty card with its heading; places are points from the upper left corner, y downwards.

    Attributes
    ----------
    ends : list of tuple
        Left, top, right, bottom of every text drawn, for those who check that none meet.
    """

    def __init__(self, report: WeeklyReport, kind: str) -> None:
        self.figure: Canvas = theme.figure((WIDE / 72, HIGH / 72))
        self.ax: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, WIDE), ylim=(HIGH, 0))
        self.ax.set_axis_off()
        self.ends: list[tuple[float, float, float, float]] = []
        self.texts: list[str] = []
        self.box(0, 0, WIDE, 5, HUES[0])
        right = self.measured(kind, SMALL)
        self.write(kind, WIDE - EDGE - right, 14, right + 1, sizes=(SMALL,), colour=MUTED)
        self.write(week_words(report.week), EDGE, 14, WIDE - 2 * EDGE - GAP - right, sizes=(SMALL,), colour=MUTED)

    def measured(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is, in points."""
        return _width(text, size, bold)

    def write(
        self, text: str, x: float, y: float, wide: float, *, high: float = 0.0, sizes: Sequence[float] = (BODY,),
        bold: bool = False, colour: str = INK, lines: int = 0,
    ) -> float:  # fmt: skip
        """Write a text into a column, in the largest of `sizes` that fits `high`; return where it ends.

        What does not fit in the smallest size either is cut at a word, with an
        ellipsis. Without `high` or a number of `lines` a text takes one line.
        """
        text = theme.literal(text, most=_ENDLESS)
        for size in sizes:
            step = size * layout.LEADING
            broken, most = wrapped(text, wide, size, bold=bold), lines or max(int((high + 0.5) / step), 1)
            if len(broken) <= most:
                break
        if len(broken) > most:
            broken = [*broken[: most - 1], cut(" ".join(broken[most - 1 :]), wide, size, bold=bold)]
        for n, line in enumerate(broken):
            self._line(line, x, y + n * step, size, bold, colour)
        self.texts.append(text)
        return y + len(broken) * step

    def fewest(
        self, text: str, x: float, y: float, wide: float, *, sizes: Sequence[float] = (BODY, SMALL), most: int = 3,
        bold: bool = False, colour: str = INK,
    ) -> float:  # fmt: skip
        """Write a text in as few lines as its smallest size needs, in the largest size that needs no more."""
        lines = min(len(wrapped(theme.literal(text, most=_ENDLESS), wide, sizes[-1], bold=bold)), most)
        return self.write(text, x, y, wide, sizes=sizes, bold=bold, colour=colour, lines=lines)

    def _line(self, text: str, x: float, y: float, size: float, bold: bool, colour: str) -> None:
        font: Any = {**layout.font_of(size), "fontweight": "bold" if bold else "normal"}
        self.ax.text(x, y + size, text, color=colour, va="baseline", **font)
        self.ends.append((x, y, x + self.measured(text, size, bold=bold), y + size * 1.2))

    def box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        """Fill a box."""
        from matplotlib.patches import Rectangle

        self.ax.add_patch(Rectangle((x, y), wide, high, facecolor=colour, linewidth=0))

    def chart(self, draw: partial[Axes], x: float, y: float, wide: float, high: float) -> str:
        """Draw a chart as for a phone, without its words, and put it in place; return its subtitle."""
        inches = theme.PHONE[0]
        small = theme.figure((inches, inches * high / wide))
        small.set_dpi(PIXELS[0] * (wide / WIDE) / inches)
        with layout.words_apart():
            ax = draw(ax=small.add_subplot())
        _without_air(ax)
        _apart(ax)
        canvas: Any = small.canvas
        canvas.draw()
        image = canvas.buffer_rgba()
        point = theme.DPI / 72
        tall = len(image)
        self.figure.figimage(image, xo=round(x * point), yo=round(PIXELS[1] - y * point - tall), zorder=5)
        return layout.said(ax, "subtitle")

    def png(self) -> bytes:
        """Return the file, without a clock or a program's name in it."""
        out = io.BytesIO()
        self.figure.savefig(out, format="png", dpi=theme.DPI, metadata={"Software": None})
        return out.getvalue()


def _without_air(ax: Axes) -> None:
    """Lower the top of a chart to its data and one line of words: it was drawn for more room than a card has."""
    import numpy as np

    drawn = [np.asarray(line.get_ydata(), float) for line in ax.lines if line.get_gid() in ("observed", "expected")]
    seen = np.concatenate(drawn) if drawn else np.array([])
    low, high = ax.get_ylim()
    room = ax.get_window_extent().height / (ax.figure.dpi / 72)
    if not np.isfinite(seen).any() or room <= 2 * _ONSET:
        return
    top = low + _OVER * (float(np.nanmax(seen)) - low) / (1 - _ONSET / room)
    if low < top < high:
        ax.set_ylim(low, top)


def _apart(ax: Axes) -> None:
    """Leave out every other mark below a chart until their words stand apart."""
    from matplotlib.transforms import Bbox

    for _ in range(3):
        labels = [label for label in ax.get_xticklabels() if label.get_text()]
        boxes: list[Bbox] = [label.get_window_extent() for label in labels]
        if all(a.x1 + 6 <= b.x0 for a, b in pairwise(boxes)):
            return
        ax.set_xticks(list(ax.get_xticks())[::2], labels=[label.get_text() for label in labels][::2])


@cache
def _renderer() -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = theme.figure().canvas
    assert isinstance(canvas, FigureCanvasAgg)
    return canvas.get_renderer()  # type: ignore[no-untyped-call]


@cache
def _font(size: float, bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=[theme.FONT], size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool) -> float:
    wide: float = _renderer().get_text_width_height_descent(text, _font(size, bold), False)[0]
    return wide * 72 / theme.DPI


def wrapped(text: str, wide: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most so many points; a word that is too long is broken too."""
    lines: list[str] = []
    used, space = 0.0, _width("n n", size, bold) - _width("nn", size, bold)
    for word in text.replace(" %", "\N{NO-BREAK SPACE}%").split(" "):
        room = _width(word, size, bold)
        if lines and used + space + room <= wide:
            lines[-1], used = f"{lines[-1]} {word}", used + space + room
            continue
        lines += [word] if room <= wide else _pieces(word, wide, size, bold)
        used = _width(lines[-1], size, bold)
    return lines


def cut(text: str, wide: float, size: float, *, bold: bool = False) -> str:
    """Cut a text at a word so that it takes one line, with an ellipsis."""
    first = wrapped(text, max(wide - _width(" …", size, bold), size), size, bold=bold)[0]
    return f"{first.rstrip(' ,.;:')} …"


def named(name: str, wide: float, size: float = BODY) -> str:
    """Shorten a name in its middle until it takes at most so many points in bold letters."""
    letters = range(28, 3, -1)
    return next((short for n in letters if _width(short := theme.literal(name, most=n), size, True) <= wide), "…")


def _pieces(word: str, wide: float, size: float, bold: bool) -> Iterator[str]:
    """Break a word that is wider than its column."""
    piece = ""
    for character in word:
        if piece and _width(piece + character, size, bold) > wide:
            yield piece
            piece = ""
        piece += character
    yield piece


# ---- the three kinds -------------------------------------------------------------------------


def _numbers(report: WeeklyReport) -> Card:
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


def _finding(finding: Finding, report: WeeklyReport) -> Card:
    """Draw what is wrong, what it costs, since when, what to do, and the chart that shows it."""
    analysis, effect = report.analysis, finding.effect_per_week
    card = Card(report, say("What went wrong"))
    title = finding_words.title(finding)
    y = card.fewest(title, EDGE, TOP, WIDE - 2 * EDGE, sizes=HEADLINE[:4], most=2, bold=True) + 10
    wide = WIDE - 2 * EDGE - (_CHART + GAP if finding.exhibits else 0)
    if finding.exhibits:
        _evidence(card, finding.exhibits[0], report, y)
    if finding_words.costs(effect):
        label = say("Profit lost a week") if analysis.margin is not None else say("Revenue lost a week")
        y = _estimate(card, label, effect, analysis.tables.currency, (EDGE, y, wide), lost=True) + 7
    else:
        y = card.write(finding_words.lost(effect, analysis), EDGE, y, wide, sizes=(18.0, 16.0), bold=True) + 6
    y = card.fewest(say("Since {when}", when=finding_words.since(finding)), EDGE, y, wide, bold=True)
    chance = say("Probability: {chance}", chance=finding_words.sure(finding.probability))
    y = card.fewest(chance, EDGE, y, wide, sizes=(SMALL, SMALL - 1), colour=MUTED) + 7
    if not finding.exhibits:
        for each in finding.evidence[:EVIDENCE]:
            y = card.fewest(visible(each.says), EDGE, y, wide, colour=MUTED) + 5
    action = say("Do: {action}", action=visible(finding.action))
    card.write(action, EDGE, y, wide, high=HIGH - 12 - y, sizes=(BODY, SMALL))
    return card


def _evidence(card: Card, exhibit: Exhibit, report: WeeklyReport, top: float) -> None:
    """Draw the chart of a finding at the right, with what it shows below it."""
    hues = theme.channel_colours(report.analysis.channels["channel"])
    draw = partial(
        charts.evidence_chart,
        recent(exhibit),
        metric=METRICS[exhibit.metric],
        currency=report.analysis.tables.currency,
        colour=hues.get(exhibit.channel or "", INK),
    )
    words = 3 * (SMALL - 1) * layout.LEADING
    left, bottom = WIDE - EDGE - _CHART, HIGH - 10 - words
    subtitle = card.chart(draw, left, top, _CHART, bottom - top)
    card.write(subtitle, left, bottom + 2, _CHART, high=words, sizes=(SMALL - 1,), colour=MUTED)


def recent(exhibit: Exhibit) -> Exhibit:
    """Return the last year of a series; more of it where it began to differ earlier, and half a year before that."""
    since = exhibit.since or exhibit.weeks[-1]
    after = sum(week >= since for week in exhibit.weeks)
    last = max(YEAR, after + YEAR // 2)
    series = {name: getattr(exhibit, name)[-last:] for name in ("weeks", "observed", "expected", "low", "high")}
    return replace(exhibit, **series)


def _estimate(
    card: Card, label: str, q: Q, currency: str | None, at: tuple[float, float, float], *, lost: bool = False
) -> float:
    """Write an amount a week in large figures, with its 90 % range; return where it ends."""
    x, y, wide = at
    y = card.write(label, x, y, wide, sizes=(BODY, SMALL, SMALL - 1), colour=MUTED)
    sign = "" if lost or q.p50 <= 0 else "+"
    hue = WORDS_OF[HUES[1]] if lost else INK
    y = card.write(f"{sign}{money(q.p50, currency)}", x, y, wide, sizes=(LARGE, 23.0, 19.0), bold=True, colour=hue)
    said = say("90 % range {range}", range=between(q, currency))
    said = f"{said[:1].upper()}{said[1:]}"
    return card.fewest(said, x, y - 1, wide, sizes=(SMALL, SMALL - 1), most=2, colour=MUTED)


def _plan(found: WhatIf, report: WeeklyReport) -> Card:
    """Draw what to do, the moves, and what they bring."""
    plan, currency = found.plan, report.analysis.tables.currency
    card = Card(report, say("Where money should go"))
    said = plan_words.verdict(found, plan)
    y = card.fewest(said, EDGE, TOP, WIDE - 2 * EDGE, sizes=HEADLINE, most=4, bold=True) + 12
    left = WIDE - 2 * EDGE - GAP - _CHART
    _moves(card, found, (WIDE - EDGE - _CHART, y, _CHART))
    if plan.held or not any(abs(move.planned - move.now) >= MOVES for move in plan.moves):
        said = " ".join(plan_words.why_held(plan)) or say("Nothing moves, so nothing changes.")
        card.write(said, EDGE, y, left, high=HIGH - 12 - y, sizes=(BODY, SMALL))
        return card
    gain, label = plan.revenue_change, say("Revenue a week, expected")
    if plan.profit_change is not None:
        gain, label = plan.profit_change, say("Profit a week, expected")
    y = _estimate(card, label, gain, currency, (EDGE, y, left)) + 7
    chance = say("Chance that it beats today's split: {chance}", chance=sure(plan.probability_better))
    y = card.fewest(chance, EDGE, y, left, bold=True) + 8
    card.write(
        say("Estimated, not measured."), EDGE, y, left, high=HIGH - 12 - y, sizes=(SMALL, SMALL - 1), colour=MUTED
    )
    return card


def _moves(card: Card, found: WhatIf, at: tuple[float, float, float]) -> None:
    """Draw one row for each of the largest moves: the channel, now and planned, a bar to either side."""
    (x, y, wide), plan, currency = at, found.plan, found.analysis.tables.currency
    order = sorted(plan.moves, key=lambda m: (-abs(m.planned - m.now), -m.now, m.channel))
    reach = max((abs(m.planned - m.now) for m in order), default=0.0)
    y = card.write(say("Spend a week: now → planned"), x, y, wide, sizes=(SMALL,), colour=MUTED) + 4
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
