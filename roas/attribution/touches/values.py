"""Cells of a value column → an SQL expression of their number, in the style that the column is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.touches.conversions import quoted
from roas.io.headers import SYMBOLS
from roas.io.numbers import NULLS, decide_mark, is_null, strip

if TYPE_CHECKING:
    from roas.attribution.touches.source import Kind
    from roas.io.numbers import Mark
    from roas.problems import Findings

#: Values at which a cell is no money but an id or an overflow.
MOST_VALUE: Final = 1e15

#: Signs that several currencies share, with the currencies whose amounts carry
#: them (CLDR, narrow symbols): alone they do not decide.
SHARED: Final = {
    "$": frozenset((
        "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "DOP", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD",
        "MXN", "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "USD", "UYU", "XCD",
    )),
    "¥": frozenset(("CNY", "JPY")),
    "kr": frozenset(("DKK", "ISK", "NOK", "SEK")),
    "lei": frozenset(("MDL", "RON")),
}  # fmt: skip

#: Signs beside those of headers, longest first, and how they are named.
_SIGNS: Final = {**SYMBOLS, "Kč": "CZK", "Ft": "HUF", "kr.": "kr", **{sign: sign for sign in SHARED}}

#: Blanks and apostrophes that group digits.
_BLANKS: Final = (" ", "\u00a0", "\u202f", "\u2009", "'", "’")


@dataclass(frozen=True)
class Value:
    """A value column in SQL.

    Attributes
    ----------
    sql : str
        DOUBLE; NULL where the cell is empty or no number.
    unread : str
        BOOLEAN: rows whose cell holds something that is no number.
    currencies : tuple of str
        What the cells' symbols and codes say: ISO codes, and the signs of `SHARED`.
    bare : str or None
        Where others carry a sign: an amount above zero without one.
    """

    sql: str
    unread: str
    currencies: tuple[str, ...] = ()
    bare: str | None = None


def read_value(
    c: str, kind: Kind, cells: Sequence[Any], header: str, findings: Findings, *, mark: Mark | None = None
) -> Value | None:
    """Decide how the numbers of a column are written.

    Parameters
    ----------
    cells : sequence
        Distinct cells of the head of the column.
    mark : {".", ","}, optional
        ``--decimal``, which decides alone.

    Returns
    -------
    Value or None
        None after an error in `findings`: no mark proven, or two of them.
    """
    if kind == "boolean" or kind in ("timestamp", "zoned", "date"):
        findings.error(f"holds no amounts but a {kind}.", 'Use --map conversion_value="Header".', column=header)
        return None
    if kind != "text":
        number = f"CAST({c} AS DOUBLE)"
        return Value(f"CASE WHEN abs({number}) < {MOST_VALUE:.0f} THEN {number} END",
                     f"COALESCE(abs({number}) >= {MOST_VALUE:.0f} AND {number} = {number}, FALSE)")  # fmt: skip
    texts = [str(v) for v in cells if not is_null(v)]
    reading = decide_mark(texts)
    mark = mark or reading.mark
    if mark is None and reading.conflict:
        findings.error(
            f'"{reading.conflict[0]}" has a decimal point and "{reading.conflict[1]}" a decimal comma.',
            "Say which with --decimal . or --decimal , or correct the cells.", column=header,
        )  # fmt: skip
        return None
    if mark is None and reading.open_cell:
        findings.error(
            f'"{reading.open_cell}" could be thousands or decimals, and no row settles it.',
            "Use --decimal . or --decimal , to say which.", column=header,
        )  # fmt: skip
        return None
    return _styled(c, texts, mark or ".")


def _styled(c: str, texts: Sequence[str], mark: Mark) -> Value:
    """Take symbols and group marks off, check the shape, cast."""
    symbols, currencies = signs(texts)
    bare = next((t.strip() for t in texts if symbols and unsigned(t, symbols)), None)
    text = f"trim({c})"
    empty = f"({c} IS NULL OR lower({text}) IN ({quoted(sorted(NULLS))}))"
    if mark == "." and not symbols and all(re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", t.strip()) for t in texts):
        plain = f"TRY_CAST({c} AS DOUBLE)"
        number = f"CASE WHEN abs({plain}) < {MOST_VALUE:.0f} THEN {plain} END"
        # A cast takes 1_000 and 1e5 too, which are numbers wherever they are written.
        return Value(number, f"({number} IS NULL AND NOT {empty})")
    for symbol in symbols:
        text = f"replace({text}, {quoted([symbol])}, '')"
    text = f"trim(replace({text}, '\u00a0', ' '))"
    group = "," if mark == "." else "."
    apart = "".join(b for b in _BLANKS if b not in ("'", "\u00a0")) + "''"
    shape = f"^-?([0-9]{{1,3}}([{group}{apart}][0-9]{{2,3}})*[{group}{apart}][0-9]{{3}}|[0-9]+)?([{mark}][0-9]*)?$"
    digits = text
    for blank in (*_BLANKS, group):
        digits = f"replace({digits}, {quoted([blank])}, '')"
    digits = f"replace({digits}, ',', '.')" if mark == "," else digits
    cast = f"TRY_CAST({digits} AS DOUBLE)"
    number = f"CASE WHEN regexp_matches({text}, '{shape}') AND abs({cast}) < {MOST_VALUE:.0f} THEN {cast} END"
    return Value(number, f"({number} IS NULL AND NOT {empty})", currencies, bare)


def signs(texts: Iterable[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return currency signs and codes of the cells, longest first, and the currencies they name.

    Examples
    --------
    >>> signs(["$5", "€ 7", "12 EUR", "0"])
    (['EUR', '$', '€'], ('$', 'EUR'))
    """
    found: set[str] = set()
    known = sorted(_SIGNS, key=len, reverse=True)
    for text in texts:
        if strip(text) is None:
            continue
        code = re.search(r"(?<![A-Z])[A-Z]{3}(?![A-Z])", text)
        sign = code[0] if code else next((s for s in known if s in text), None)
        if sign:
            found.add(sign)
    named = {_SIGNS.get(s, s) for s in found}
    return sorted(found, key=lambda s: (-len(s), s)), tuple(sorted(named))


def unsigned(text: str, symbols: Sequence[str]) -> bool:
    """Return whether a cell is an amount other than zero that carries none of the signs."""
    number = strip(text)
    return number is not None and bool(re.search("[1-9]", number.digits)) and not any(s in text for s in symbols)


def mixed(named: Sequence[str], bare: str | None) -> str | None:
    """Say which amounts cannot be added up: in two currencies, or with a sign and without.

    Parameters
    ----------
    named : sequence of str
        Currencies and signs of `SHARED`, from wherever they are said.

    Examples
    --------
    >>> mixed(["$", "EUR"], None), mixed(["$", "USD"], None), mixed(["EUR"], "5")
    ('$ and EUR', None, 'EUR and no currency ("5")')
    """
    codes = [name for name in named if name not in SHARED]
    apart = [name for name in named if name in SHARED and not (len(codes) == 1 and codes[0] in SHARED[name])]
    several = [*codes, *apart] if len(codes) + len(apart) > 1 else []
    if several:
        *first, last = sorted(several)
        return f"{', '.join(first)} and {last}"
    return f'{named[0]} and no currency ("{bare}")' if bare is not None and named else None


def way_out(named: Sequence[str]) -> str:
    """Return how to say that bare amounts are in the one currency that others name; empty where there are two."""
    if len(named) > 1:
        return ""
    code = "CODE" if named[0] in SHARED else named[0]
    return f" If those without a sign are in it too, say so: --currency {code}."
