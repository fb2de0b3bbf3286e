"""The week as Markdown for chat, and as plain text for mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from roas.format import shorten, visible, width
from roas.language import speaking
from roas.report.weekly.digest import Block, Grid, Text, digest

if TYPE_CHECKING:
    from roas.weekly.record import WeeklyReport

#: Columns of plain text, and of a table in a chat: phones show no more of code.
COLUMNS: Final = 72
CHAT: Final = 60

#: Between the columns of a table.
_GAP: Final = "  "


def weekly_markdown(report: WeeklyReport) -> str:
    """Return the week as Markdown that chats show as it is meant.

    No headings with ``#``, no pipe tables, no links: emphasis is one ``*`` (bold
    in Slack, italic elsewhere), tables are code. Whatever could be
    markup in a name is escaped.
    """
    with speaking(report.language):
        blocks = digest(report)
    return _joined(blocks, _markdown)


def weekly_text(report: WeeklyReport) -> str:
    """Return the week as plain text of 72 columns."""
    with speaking(report.language):
        blocks = digest(report)
    return _joined(blocks, _plain)


def _joined(blocks: Sequence[Block], write: Callable[[Block], list[str]]) -> str:
    """Put the blocks one below the other; items of a list stay together."""
    out: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None and not (_is_item(before) and _is_item(block)):
            out.append("")
        out += write(block)
        before = block
    return "\n".join(out).replace("\N{NO-BREAK SPACE}%", " %") + "\n"


def _is_item(block: Block) -> bool:
    return isinstance(block, Text) and block.kind == "item"


# ---- Markdown --------------------------------------------------------------------------------


def _markdown(block: Block) -> list[str]:
    if isinstance(block, Grid):
        return ["```", *(line.replace("`", "'") for line in table(block, CHAT)), "```"]
    text, strong = escaped(block.text), escaped(block.strong)
    if block.kind in ("title", "verdict", "heading"):
        return [f"*{text}*"]
    said = f"*{strong}* {text}" if strong else text
    return [f"- {said}" if block.kind == "item" else said]


#: What Markdown reads as markup wherever it stands; a ``_`` inside a word is not.
_MARKUP: Final = re.compile(r"[\\`*\[\]~|#!]|(?<![^\W_])_|_(?![^\W_])")

#: What makes a line a list, a heading or a rule where it begins one.
_START: Final = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")

#: Characters that HTML and Slack read as markup.
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    r"""Return a text as Markdown that shows it letter by letter.

    Examples
    --------
    >>> escaped("a_b *c* <!channel> [x](y)")
    'a_b \\*c\\* &lt;\\!channel&gt; \\[x\\](y)'
    """
    found = "".join(_ENTITIES.get(c, c) for c in visible(text))
    found = _MARKUP.sub(lambda m: f"\\{m[0]}", found)
    return _START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", found)


# ---- plain text ------------------------------------------------------------------------------


def _plain(block: Block) -> list[str]:
    if isinstance(block, Grid):
        return table(block, COLUMNS)
    said = " ".join(filter(None, (visible(block.strong), visible(block.text)))).replace(" %", "\N{NO-BREAK SPACE}%")
    if block.kind == "item":
        first, *rest = list(wrapped(said, COLUMNS - 2))
        return [f"- {first}", *(f"  {line}" for line in rest)]
    lines = list(wrapped(said, COLUMNS))
    rule = {"title": "=", "heading": "-"}.get(block.kind)
    return [*lines, rule * max(width(line) for line in lines)] if rule else lines


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Break a text into lines of so many columns; a wide character takes two, a word that is too long is cut.

    Examples
    --------
    >>> list(wrapped("one two three", 7)), list(wrapped("abcdefgh", 3))
    (['one two', 'three'], ['abc', 'def', 'gh'])
    """
    line = ""
    for word in text.split(" ") or [""]:
        longer = f"{line} {word}" if line else word
        if width(longer) <= columns:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _cut(word, columns)
        yield from whole
    yield line


def _cut(word: str, columns: int) -> list[str]:
    """Cut a word into pieces that fit."""
    pieces = [""]
    for character in word:
        if width(pieces[-1] + character) > columns:
            pieces.append("")
        pieces[-1] += character
    return pieces


def table(grid: Grid, columns: int) -> list[str]:
    """Lay a small table out in so many columns: names cut in the middle, numbers to the right.

    Examples
    --------
    >>> table(Grid(("Channel", "Spend"), (("Meta", "€5"),)), 40)
    ['Channel  Spend', '-------  -----', 'Meta        €5']
    """
    rows = [
        tuple(shorten(cell, grid.widest) if i else cell for i, cell in enumerate(row))
        for row in (grid.headings, *grid.rows)
    ]
    wide = [max(width(row[i]) for row in rows) for i in range(len(grid.headings))]
    wide[0] = min(wide[0], columns - sum(wide[1:]) - len(_GAP) * (len(wide) - 1))
    head, *lines = [_line(row, wide) for row in rows]
    notes = grid.notes or ("",) * len(lines)
    below = [
        [f"{_GAP}{each}" for each in wrapped(visible(note), columns - len(_GAP))] if note else [] for note in notes
    ]
    under = _GAP.join("-" * each for each in wide)
    return [head, under, *(each for line, more in zip(lines, below, strict=True) for each in (line, *more))]


def _line(row: Sequence[str], wide: Sequence[int]) -> str:
    first = shorten(row[0], wide[0])
    cells = [first + " " * (wide[0] - width(first))]
    cells += [" " * (each - width(cell)) + cell for cell, each in zip(row[1:], wide[1:], strict=True)]
    return _GAP.join(cells).rstrip()
