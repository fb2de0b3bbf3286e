"""Number cells → floats: one decimal mark a file, decided from all its cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from roas.io.headers import SYMBOLS

Mark = Literal[".", ","]

#: Words for "no value". Null is not zero.
NULLS = frozenset({"", "-", "--", "---", "—", "–", "―", "n/a", "na", "null", "none", "nan", "(not set)", "#n/a", "nil",
                   "n.v.t.", "not available", "no data", "\\n"})  # fmt: skip

_BARE = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
_CODE = re.compile(r"^[A-Z]{3}\s*(?=[-+(\d])|(?<=[\d)-])\s*[A-Z]{3}$")
_BLANK = ' \t\u00a0\u202f"'
_SPACE = r"\s\u00a0\u202f\u2009'’`_"
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})
_SIGNS = "|".join(sorted(map(re.escape, [*SYMBOLS, "$", "¥", "kr.", "kr", "Kč", "lei", "Ft"]), key=len, reverse=True))
#: Signs, percent and one currency symbol, before the digits and after them.
_FRONT = re.compile(rf"(?P<sign>[-+])|(?P<percent>%)|(?P<symbol>{_SIGNS})")
_BACK = re.compile(rf"(?:(?P<sign>-)|(?P<percent>%)|(?P<symbol>{_SIGNS}))$")
_DIGITS = re.compile(r"[.,]*\d[\d.,]*")
#: Spaces and apostrophes stand before three digits, or the cell is no number.
_APART = re.compile(rf"\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?:[.,]\d*)?")
_GAP = re.compile(rf"[{_SPACE}]")
_PLAIN = re.compile(r"^\d+[.,]\d+$")
_GROUPED = {
    ".": re.compile(r"^-?\d{1,3}(,\d{2,3})*(\.\d*)?$|^-?\d*\.\d+$"),
    ",": re.compile(r"^-?\d{1,3}(\.\d{2,3})*(,\d*)?$|^-?\d*,\d+$"),
}
_CENSORED = re.compile(r"^[<>≤≥~]\s*=?\s*[\d.,]+\s*%?$")


@dataclass(frozen=True)
class Cell:
    """A number cell stripped of symbols: digits and marks, sign, percent."""

    digits: str
    negative: bool
    percent: bool


def is_null(value: Any) -> bool:
    """Return whether a cell says "no value"."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip(' \t\u00a0\u202f\ufeff"').casefold() in NULLS
    return (isinstance(value, float) and math.isnan(value)) or str(value) in {"<NA>", "NaT"}


def is_censored(value: str) -> bool:
    """Return whether a cell gives a bound (``<5``, ``> 90%``), not a value."""
    return bool(_CENSORED.match(value.strip()))


def strip(value: str) -> Cell | None:
    """Strip symbols, spaces, sign and percent; None when no number is left."""
    text = _CODE.sub("", value.translate(_MINUS).strip(_BLANK)).strip()
    bracketed = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if bracketed else text
    found: list[str] = []
    while (m := _FRONT.match(text)) and m.lastgroup not in found:
        found.append(str(m.lastgroup) if m[0] != "+" else "plus")
        text = text[m.end() :].lstrip()
    while (m := _BACK.search(text[-4:])) and m.lastgroup not in found:
        found.append(str(m.lastgroup))
        text = text[: -len(m[0])].rstrip()
    if not bracketed and text.startswith("(") and text.endswith(")"):
        bracketed, text = True, text[1:-1].strip()
    digits = _GAP.sub("", text)
    if not _DIGITS.fullmatch(digits) or (digits != text and not _APART.fullmatch(text)):
        return None
    return Cell(digits, bracketed != ("sign" in found), "percent" in found)


def mark_vote(digits: str, *, counts: bool = False) -> Mark | None:
    """Return the decimal mark that a cell proves, or None.

    ``1.234`` proves nothing in a money column (survey rule 8); in a column
    that counts (`counts`) it can only be grouped. Scientific notation and
    typed cells never get here.

    Examples
    --------
    >>> mark_vote("1.234,5"), mark_vote("1,234"), mark_vote("12.5"), mark_vote("1.234.567")
    (',', None, '.', ',')
    """
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return None
    if dots and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    mark, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return other  # type: ignore[return-value]
    before, after = digits.split(mark)
    if len(after) == 3 and before and before != "0" and len(before) <= 3:
        return other if counts else None  # type: ignore[return-value]
    return mark  # type: ignore[return-value]


def to_number(value: Any, mark: Mark | None) -> float | None:
    """Read one cell with a known decimal mark.

    Returns
    -------
    float or None
        None for a null word. Percents come back as fractions.

    Raises
    ------
    ValueError
        When the cell is not a finite number in that style.
    """
    if is_null(value):
        return None
    if isinstance(value, bool):
        raise ValueError(value)
    if not isinstance(value, str):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(value)
        return number
    text = value.strip()
    if (mark != "," or "." not in text) and _BARE.match(text) and not (mark is None and mark_is_open(text)):
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(value)
        return number
    cell = strip(text)
    if cell is None:
        raise ValueError(value)
    if mark is None:
        if "." in cell.digits or "," in cell.digits:
            raise ValueError(value)
        digits = cell.digits
    elif not _GROUPED[mark].match(cell.digits) and not cell.digits.isdigit():
        if cell.digits.replace(mark, "", 1).isdigit():
            digits = cell.digits.replace(mark, ".")
        else:
            raise ValueError(value)
    else:
        digits = cell.digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    number = float(digits) / (100 if cell.percent else 1)
    return -number if cell.negative else number


def mark_is_open(text: str) -> bool:
    """Return whether a bare number's only mark could group (``1.234``)."""
    cell = strip(text)
    return cell is not None and ("." in cell.digits or "," in cell.digits) and mark_vote(cell.digits) is None


@dataclass(frozen=True)
class MarkReading:
    """The decimal mark of a file and what spoke for it.

    ``mark`` is None when nothing decides; ``open_cell`` then names a cell
    that needs deciding (None: no cell does, any mark reads the file).
    ``conflict`` holds two cells that contradict each other. ``votes``: mark
    → the first cell that speaks for it.
    """

    mark: Mark | None
    open_cell: str | None = None
    conflict: tuple[str, str] | None = None
    votes: dict[str, str] = field(default_factory=dict)


def decide_mark(money: Iterable[str], counts: Iterable[str] = (), others: Iterable[str] = ()) -> MarkReading:
    """Decide the decimal mark once per file from its number cells.

    Parameters
    ----------
    money, counts, others : iterables of str
        Distinct cells of money, count, and any other numeric columns.
    """
    votes: dict[str, str] = {}
    undecided: str | None = None
    for cells, counting in ((money, False), (others, False), (counts, True)):
        for text in cells:
            if text.isdigit() or is_null(text) or is_censored(text):
                continue
            cell = Cell(text, False, False) if _PLAIN.match(text) else strip(text)
            if cell is None:
                continue
            vote = mark_vote(cell.digits, counts=counting)
            if vote is None:
                if "." in cell.digits or "," in cell.digits:
                    undecided = undecided or text
            elif counting and vote in votes:
                continue
            elif counting and votes:
                # A count such as 349895.0107 or 1.234 never overrules money.
                continue
            else:
                votes.setdefault(vote, text)
        if len(votes) == 2:
            return MarkReading(None, conflict=(votes["."], votes[","]), votes=votes)
    if votes:
        return MarkReading(next(iter(votes)), votes=votes)  # type: ignore[arg-type]
    return MarkReading(None, open_cell=undecided)
