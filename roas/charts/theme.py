"""How every chart looks: sizes, palette, letters. Leaves no global setting changed."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from roas.format import shorten, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Width and height in inches: a file; half, all of a page's width; a phone. Dots per inch of a PNG.
SIZE: Final = (7.2, 4.05)
HALF: Final = (5.3, 3.5)
FULL: Final = (10.4, 3.9)
PHONE: Final = (4.0, 3.5)
DPI: Final = 160

#: Points. Letters of a PNG must read at 320 pixels width.
TEXT: Final = 11.0
TITLE: Final = 13.0

#: Colour-blind safe, over 3:1 on white; and the same hues as text, over 4.5:1.
HUES: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
WORDS_OF: Final[Mapping[str, str]] = {
    "#0072b2": "#0072b2",
    "#d55e00": "#c05500",
    "#009e73": "#008561",
    "#cc79a7": "#a16084",
    "#8a929c": "#5b6470",
    "#1b1f24": "#1b1f24",
}
OTHER: Final = "#8a929c"
INK: Final = "#1b1f24"
MUTED: Final = "#5b6470"
GRID: Final = "#e2e5e9"
PAPER: Final = "#ffffff"

#: Comes with matplotlib, so that a chart is the same on every computer.
FONT: Final = "DejaVu Sans"

#: How letters are written by the style that is in force; "" outside of any.
_IN_FORCE: ContextVar[str] = ContextVar("style", default="")


@contextmanager
def style(*, live_text: bool | None = None) -> Iterator[None]:
    """Set how charts look, for as long as the block lasts.

    Parameters
    ----------
    live_text : bool, optional
        Write letters in SVG as text, for a page that brings its own fonts,
        or (False) as outlines, the same everywhere. None leaves it as it is.
    """
    from matplotlib import rc_context, rcParams

    letters = rcParams["svg.fonttype"] if live_text is None else "none" if live_text else "path"
    if _IN_FORCE.get() == letters == rcParams["svg.fonttype"]:  # a chart within a style: nothing to set
        yield
        return
    settings: Any = {
        "font.family": [FONT], "font.size": TEXT, "text.color": INK,
        "text.parse_math": False, "text.usetex": False,
        "axes.edgecolor": GRID, "axes.facecolor": "none", "axes.linewidth": 1.0, "axes.axisbelow": True,
        "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "axes.grid": False,
        "figure.facecolor": PAPER, "figure.constrained_layout.use": False, "figure.autolayout": False,
        "grid.color": GRID, "grid.linewidth": 1.0, "hatch.linewidth": 0.8, "lines.linewidth": 1.8,
        "xtick.color": GRID, "xtick.labelcolor": MUTED, "ytick.color": GRID, "ytick.labelcolor": MUTED,
        "path.simplify": True, "savefig.bbox": None, "savefig.facecolor": "auto",
        "savefig.transparent": False, "svg.hashsalt": "roas",
    }  # fmt: skip
    settings["svg.fonttype"] = letters
    with rc_context(settings), warnings.catch_warnings():
        if live_text:  # measured without the letter, shown by a font that has it
            warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        before = _IN_FORCE.set(letters)
        try:
            yield
        finally:
            _IN_FORCE.reset(before)


def figure(size: tuple[float, float] = SIZE) -> Figure:
    """Make a figure that no window and no global list of figures knows of."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=size, dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(made)
    return made


def full_size(lines: int = 1) -> tuple[float, float]:
    """Return the size of a chart across a page, with room for `lines` rows of small charts."""
    return FULL[0], FULL[1] * (1 + 0.35 * (lines - 1))


def phone_size(rows: int = 0) -> tuple[float, float]:
    """Return the size of a chart for a phone, with room for `rows` of bars."""
    return PHONE[0], max(PHONE[1], 0.5 + 0.44 * rows) if rows else PHONE[1]


def axes(ax: Axes | None) -> Axes:
    """Return the axes to draw on: those given, or new ones of the usual size."""
    if ax is None:
        from matplotlib import pyplot as plt

        ax = plt.subplots(figsize=SIZE, dpi=DPI)[1]
    ax.set_facecolor("none")
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
        spine.set(color=GRID, linewidth=1.0)
    ax.set_axisbelow(True)
    return ax


def is_narrow(ax: Axes) -> bool:
    """Tell a chart for a phone from one for a page."""
    return bool(ax.get_figure(root=True).get_figwidth() < 5)  # type: ignore[union-attr]


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=[FONT]))).get_charmap())


def literal(text: object, *, most: int = 28) -> str:
    """Return a name as it may stand in a chart: short, visible, in letters the font has.

    A letter that the font lacks becomes □, except where the letters are left
    to the reader's own fonts (``svg.fonttype`` none).
    """
    from matplotlib import rcParams

    short = shorten(visible(text), most)
    if rcParams["svg.fonttype"] == "none":
        return short
    return "".join(c if ord(c) in _glyphs() else "" if c in "\ufe0e\ufe0f\u200c\u200d" else "□" for c in short)


def channel_colours(channels: Iterable[str]) -> dict[str, str]:
    """Give the four largest channels a colour each, the others grey.

    Parameters
    ----------
    channels : iterable of str
        Names, largest spend first.

    Notes
    -----
    The name decides which colour is tried first, so that a channel keeps it
    from one report to the next even when the order by spend changes.
    """
    colours: dict[str, str] = {}
    free = list(HUES)
    for name in dict.fromkeys(str(c) for c in channels):
        if not free:
            colours[name] = OTHER
            continue
        wanted = zlib.crc32(name.casefold().encode("utf-8", "surrogatepass")) % len(HUES)
        hue = next(h for h in HUES[wanted:] + HUES[:wanted] if h in free)
        free.remove(hue)
        colours[name] = hue
    return colours
