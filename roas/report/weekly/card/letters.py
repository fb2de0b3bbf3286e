"""Text on a card: how wide it is, broken into lines, cut, shortened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final

from roas.charts import theme

#: Points of letters. At 320 pixels width the smallest are as high as those of a chart's PNG, or higher.
SMALL: Final = 12.0
BODY: Final = 13.0
LARGE: Final = 27.0


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
def width_of(text: str, size: float, bold: bool) -> float:
    """Return how wide a text is, in points."""
    wide: float = _renderer().get_text_width_height_descent(text, _font(size, bold), False)[0]
    return wide * 72 / theme.DPI


def wrapped(text: str, wide: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most so many points; a word that is too long is broken too."""
    lines: list[str] = []
    used, space = 0.0, width_of("n n", size, bold) - width_of("nn", size, bold)
    for word in text.replace(" %", "\N{NO-BREAK SPACE}%").split(" "):
        room = width_of(word, size, bold)
        if lines and used + space + room <= wide:
            lines[-1], used = f"{lines[-1]} {word}", used + space + room
            continue
        lines += [word] if room <= wide else _pieces(word, wide, size, bold)
        used = width_of(lines[-1], size, bold)
    return lines


def cut(text: str, wide: float, size: float, *, bold: bool = False) -> str:
    """Cut a text at a word so that it takes one line, with an ellipsis."""
    first = wrapped(text, max(wide - width_of(" …", size, bold), size), size, bold=bold)[0]
    return f"{first.rstrip(' ,.;:')} …"


def named(name: str, wide: float, size: float = BODY) -> str:
    """Shorten a name in its middle until it takes at most so many points in bold letters."""
    letters = range(28, 3, -1)
    return next((short for n in letters if width_of(short := theme.literal(name, most=n), size, True) <= wide), "…")


def _pieces(word: str, wide: float, size: float, bold: bool) -> Iterator[str]:
    """Break a word that is wider than its column."""
    piece = ""
    for character in word:
        if piece and width_of(piece + character, size, bold) > wide:
            yield piece
            piece = ""
        piece += character
    yield piece
