"""Text on a card: how wide it is, broken into lines, cut, shortened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final

from roas.charts import layout, theme
from roas.format import compact
from roas.language import speaking, spoken

#: Points of letters. At 320 pixels width the smallest are as high as those of a chart's PNG, or higher.
SMALL: Final = 12.0
BODY: Final = 13.0
LARGE: Final = 27.0

#: Points that letters may shrink to before words are left out, and where a number would not fit otherwise.
EASY: Final = 10.0
LEAST: Final = 8.0

#: Words after a number that say what it is of ("of revenue a week"): a text is not cut among them.
NEAR: Final = 4

#: Part of the smallest size asked for that words may shrink to, rather than end in the middle: a headline stays one.
_SMALLER: Final = 0.7

#: Words of a clause that says something by itself, at least.
_STUB: Final = 3

_TIE: Final = "\N{NO-BREAK SPACE}"
_DIGIT: Final = re.compile(r"\d")
_ENDS: Final = frozenset(".;:,!?")


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
    for word in glued(text).split(" "):
        room = width_of(word, size, bold)
        if lines and used + space + room <= wide:
            lines[-1], used = f"{lines[-1]} {word}", used + space + room
            continue
        lines += [word] if room <= wide else _pieces(word, wide, size, bold)
        used = width_of(lines[-1], size, bold)
    return lines


def glued(text: str) -> str:
    """Tie a number to its unit and its currency, and a day to its month, so that no line ends between them."""
    text = re.sub(rf"(?<=\d) (?:%|{_units(spoken())})", lambda found: found[0].replace(" ", _TIE), text)
    text = re.sub(r"\b(\d{1,2}) (?=[^\W\d]+ \d{4}\b)", rf"\1{_TIE}", text)
    return re.sub(r"\b([A-Z]{3}) (?=\d)", rf"\1{_TIE}", text)


@cache
def _units(language: str) -> str:
    """Return a pattern of the words in which a language writes thousands and more after a number."""
    with speaking(language):
        written = {compact(2.0 * 1000**power).partition(" ")[2] for power in range(1, 5)}
    return "|".join(sorted(map(re.escape, written - {""}), reverse=True)) or "%"


def placed(
    text: str, wide: float, sizes: Sequence[float], *, bold: bool = False, high: float = 0.0, lines: int = 0
) -> tuple[float, list[str]]:
    """Return the size and the lines of a text in a column.

    The largest of `sizes` that fits `high`, or a number of `lines`; then
    smaller letters that are still easily read; then the end is left out at
    a clause; then the smallest letters; then the end is left out at a word.
    A number is never broken, nor its unit left out.
    """
    for size, said in _tries(text, wide, sizes, bold, lambda size: _room(size, high, lines)):
        if said and fits(said, wide, size, _room(size, high, lines), bold=bold):
            return size, wrapped(said, wide, size, bold=bold)
    room = _room(LEAST, high, lines)
    broken = wrapped(text, wide - width_of("…", LEAST, bold), LEAST, bold=bold)[:room]
    return LEAST, [*broken[:-1], "…" if _DIGIT.search(broken[-1]) else f"{broken[-1]}…"]


def _tries(
    text: str, wide: float, sizes: Sequence[float], bold: bool, room: Callable[[float], int]
) -> Iterator[tuple[float, str]]:
    """Yield sizes and texts to try, the best first; a text is empty where nothing can be left out."""
    easy = min(sizes[-1], EASY)
    for size in (*sizes, *_below(sizes[-1], EASY)):
        yield size, text
    yield easy, cut(text, wide, easy, bold=bold, lines=room(easy), clauses=True)
    for size in _below(easy, LEAST):
        if size > _SMALLER * sizes[-1]:
            yield size, text
    for size in (easy, *_below(easy, LEAST)):
        yield size, cut(text, wide, size, bold=bold, lines=room(size))
        yield size, text


def _below(size: float, least: float) -> list[float]:
    return [size - step for step in range(1, int(size - least) + 1)]


def _room(size: float, high: float, lines: int) -> int:
    return lines or max(int((high + 0.5) / (size * layout.LEADING)), 1)


def fits(text: str, wide: float, size: float, lines: int, *, bold: bool = False) -> bool:
    """Return whether a text takes at most so many lines, and no number in it is broken."""
    numbers = (word for word in glued(text).split(" ") if _DIGIT.search(word))
    return all(width_of(word, size, bold) <= wide for word in numbers) and (
        len(wrapped(text, wide, size, bold=bold)) <= lines
    )


def cut(text: str, wide: float, size: float, *, bold: bool = False, lines: int = 1, clauses: bool = False) -> str:
    """Leave out the end of a text until it takes so many lines, with an ellipsis; empty where that cannot be.

    The text ends with a clause, unless that would leave out two thirds of
    what there is room for; else at a word, but not near a number: "€4.25K
    of revenue per" says less than nothing. With `clauses` only at one.
    """
    words = glued(text).split(" ")
    room = sum(line.count(" ") + 1 for line in wrapped(text, wide, size, bold=bold)[:lines])
    most = min(room, len(words) - 1)
    while most and not fits(_ended(words[:most]), wide, size, lines, bold=bold):
        most -= 1
    clause = max((end for end in _clauses(words) if most / 3 < end <= most), default=0)
    while not clause and most and (clauses or any(map(_DIGIT.search, words[max(most - NEAR, 0) : most]))):
        most -= 1
    return _ended(words[: clause or most]) if clause or most else ""


def _clauses(words: Sequence[str]) -> Iterator[int]:
    """Yield the places at which a clause ends: outside of brackets, and not after a mere "if so,"."""
    begins = inside = 0
    for end, (word, after) in enumerate(pairwise(words), start=1):
        inside += word.count("(") - word.count(")")
        if not inside and (word[-1:] in _ENDS or after.startswith("(")):
            if end - begins >= _STUB:
                yield end
            begins = end


def _ended(words: Sequence[str]) -> str:
    return f"{' '.join(words).rstrip(' ,.;:')} …"


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
