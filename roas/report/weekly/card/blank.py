"""An empty card with its heading, on which texts, boxes and charts are placed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from roas.charts import layout, theme
from roas.charts.theme import HUES, INK, MUTED
from roas.report.weekly.card.letters import BODY, SMALL, placed, width_of, wrapped
from roas.report.weekly.names import week_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from roas.weekly.record import WeeklyReport

#: Width and height of a card in pixels: what chats show without cutting (16:9), at the charts' own density.
PIXELS: Final = (1200, 675)

#: The same in points, in which everything on a card is placed, from its upper left corner.
WIDE: Final = 72 * PIXELS[0] / theme.DPI
HIGH: Final = 72 * PIXELS[1] / theme.DPI

#: Points around a card, and between its columns.
EDGE: Final = 22.0
GAP: Final = 20.0

#: Points from the top to the headline of a card.
TOP: Final = 36.0

#: Sizes that a headline is tried in, the largest first.
HEADLINE: Final = (20.0, 18.5, 17.0, 15.5, 14.0)

#: Letters of a name or a sentence that no card has room for.
_ENDLESS: Final = 10_000

#: Width of the column at the right in points; a chart there is drawn as for a phone.
SIDE: Final = 296.0


class Card:
    """An empty card with its heading; places are points from the upper left corner, y downwards.

    Attributes
    ----------
    ends : list of tuple
        Left, top, right, bottom of every line drawn, for those who check that none meet.
    texts, lines : list of str
        What was to be written, and the lines that were.
    """

    def __init__(self, report: WeeklyReport, kind: str) -> None:
        self.figure: Figure = theme.figure((WIDE / 72, HIGH / 72))
        self.ax: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, WIDE), ylim=(HIGH, 0))
        self.ax.set_axis_off()
        self.ends: list[tuple[float, float, float, float]] = []
        self.texts: list[str] = []
        self.lines: list[str] = []
        self.box(0, 0, WIDE, 5, HUES[0])
        right = self.measured(kind, SMALL)
        self.write(kind, WIDE - EDGE - right, 14, right + 1, sizes=(SMALL,), colour=MUTED)
        self.write(week_words(report.week), EDGE, 14, WIDE - 2 * EDGE - GAP - right, sizes=(SMALL,), colour=MUTED)

    def measured(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is, in points."""
        return width_of(text, size, bold)

    def write(
        self, text: str, x: float, y: float, wide: float, *, high: float = 0.0, sizes: Sequence[float] = (BODY,),
        bold: bool = False, colour: str = INK, lines: int = 0,
    ) -> float:  # fmt: skip
        """Write a text into a column, in the largest of `sizes` that fits `high`; return where it ends.

        What does not fit in the smallest size either says less (`placed`).
        Without `high` or a number of `lines` a text takes one line.
        """
        text = theme.literal(text, most=_ENDLESS)
        size, broken = placed(text, wide, sizes, bold=bold, high=high, lines=lines)
        step = size * layout.LEADING
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
        self.lines.append(text)
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


def _apart(ax: Axes) -> None:
    """Leave out every other mark below a chart until their words stand apart."""
    from matplotlib.transforms import Bbox

    for _ in range(3):
        labels = [label for label in ax.get_xticklabels() if label.get_text()]
        boxes: list[Bbox] = [label.get_window_extent() for label in labels]
        if all(a.x1 + 6 <= b.x0 for a, b in pairwise(boxes)):
            return
        ax.set_xticks(list(ax.get_xticks())[::2], labels=[label.get_text() for label in labels][::2])
