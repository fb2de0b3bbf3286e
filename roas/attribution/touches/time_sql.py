"""Ways of writing a time → SQL of microseconds since 1970 UTC, as DuckDB has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from roas.attribution.touches.source import Kind

#: Functions of DuckDB in our expressions that sqlglot leaves as they are, for Spark 4.
SPARK_FUNCTIONS: Final = (
    "CREATE OR REPLACE TEMPORARY FUNCTION epoch_us(t TIMESTAMP) RETURNS BIGINT RETURN unix_micros(t)",
    "CREATE OR REPLACE TEMPORARY FUNCTION try_strptime(t STRING, f STRING) RETURNS TIMESTAMP RETURN try_to_timestamp(t, "
    "replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(f, '%Y', 'yyyy'), "
    "'%y', 'yy'), '%m', 'M'), '%d', 'd'), '%H', 'H'), '%I', 'h'), '%M', 'm'), '%S', 's'), '%p', 'a'), '%b', 'MMM'), "
    "'%B', 'MMMM'), '%z', 'Z'))",
)

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
_NOON = r"(?:\s*[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?:\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
_TAIL = rf"(?:(?:,?\s+|T){_CLOCK}{_NOON}{_ZONE})?"

WORDED: Final = re.compile(rf"(?:(?P<first>\d{{1,2}})(?P<gap>[ -])(?P<month>[A-Za-z]{{3,9}})(?P=gap)\d{{4}}|"
                         rf"(?P<american>[A-Za-z]{{3,9}}) \d{{1,2}}, \d{{4}})(?P<tail>{_TAIL})")  # fmt: skip

#: How a cell may be written, the first that fits.
FORMS: Final = {
    "iso": re.compile(rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}{_TAIL}"),
    "year": re.compile(rf"\d{{4}}([/.])\d{{1,2}}\1\d{{1,2}}{_TAIL}"),
    "short": re.compile(rf"\d{{1,2}}([/.\-])\d{{1,2}}\1(?:\d{{4}}|\d{{2}}){_TAIL}"),
    "number": re.compile(r"\d+(?:\.\d+)?"),
    "clock": re.compile(rf"{_CLOCK}{_NOON}"),
    "worded": WORDED,
}


def iso(c: str, found: list[str]) -> str:
    """Read ISO times; the usual shapes by the cast that is three times as fast, for it ignores zones."""
    if any("," in t or re.search(r"[AaPp]\.?[Mm]|\s[+-]\d{2}", t) for t in found):
        return instant(f"trim({c})", found)
    plain = f"{c} LIKE '____-__-_____:__:__' OR {c} LIKE '____-__-_____:__:__Z' OR {c} LIKE '____-__-__'"
    return f"CASE WHEN {plain} THEN epoch_us(TRY_CAST({c} AS TIMESTAMP)) ELSE {_zoned(f'trim({c})')} END"


def _zoned(iso: str) -> str:
    """Cast text in ISO order; anything that does not begin with a date is none."""
    return f"CASE WHEN {iso} LIKE '____-_%-_%' THEN epoch_us(TRY_CAST({iso} AS TIMESTAMPTZ)) END"


def instant(iso: str, found: list[str]) -> str:
    """Cast text whose date is in ISO order, whatever way its time is written."""
    twelve = any(re.search(r"[AaPp]\.?[Mm]", t) for t in found)
    text = f"upper({iso})" if twelve else iso
    if any(re.search(r"\d,?\s", t) and "," in t for t in found):
        text = f"replace(replace({text}, ', ', ' '), ',', '.')"
    elif any("," in t for t in found):
        text = f"replace({text}, ',', '.')"
    if any(re.search(r"\s[+-]\d{2}", t) for t in found):
        text = f"replace(replace({text}, ' +', '+'), ' -', '-')"
    if not twelve:
        return _zoned(text)
    text = f"replace(replace({text}, 'A.M.', 'AM'), 'P.M.', 'PM')"
    bare = f"trim(replace(replace({text}, 'AM', ''), 'PM', ''))"
    hour = f"TRY_CAST(split_part(split_part({bare}, ':', 1), ' ', 2) AS INTEGER)"
    shift = f"CASE WHEN {text} LIKE '%PM%' AND {hour} < 12 THEN 12 WHEN {text} LIKE '%AM%' AND {hour} = 12 THEN -12 ELSE 0 END"
    return f"{_zoned(bare)} + {shift} * 3600000000"


def short(c: str, mark: str, order: str, found: list[str]) -> str:
    """Write ``31/01/2025 10:30`` as ``2025-01-31 10:30``."""
    text = f"trim({c})"
    first, second = f"split_part({text}, '{mark}', 1)", f"split_part({text}, '{mark}', 2)"
    rest = f"substr({text}, length({first}) + length({second}) + 3)"
    long = any(re.match(rf"\d{{1,2}}\{mark}\d{{1,2}}\{mark}\d{{4}}", t) for t in found)
    year, tail = (f"substr({rest}, 1, 4)", f"substr({rest}, 5)") if long else (f"'20' || substr({rest}, 1, 2)",
                                                                              f"substr({rest}, 3)")  # fmt: skip
    month, day = (second, first) if order == "dmy" else (first, second)
    return f"({year} || '-' || {month} || '-' || {day} || {tail})"


def worded(c: str, found: list[str]) -> str:
    """Read English month names, by the patterns that the cells show."""
    patterns = dict.fromkeys(p for t in found[:200] if (p := _pattern(t)))
    parts = [f"epoch_us(try_strptime(trim({c}), '{p}'))" for p in list(patterns)[:6]]
    return parts[0] if len(parts) == 1 else f"COALESCE({', '.join(parts)})" if parts else "CAST(NULL AS BIGINT)"


def _pattern(text: str) -> str | None:
    m = WORDED.fullmatch(text)
    if m is None:
        return None
    name = m["month"] or m["american"]
    month = "%b" if len(name) == 3 else "%B"
    day = f"%d{m['gap']}{month}{m['gap']}%Y" if m["month"] else f"{month} %d, %Y"
    tail = m["tail"]
    twelve = bool(re.search(r"[AaPp][Mm]", tail))
    tail = re.sub(r"\d{1,2}:\d{2}:\d{2}[.,]\d+", "%H:%M:%S.%f", tail)
    tail = re.sub(r"\d{1,2}:\d{2}:\d{2}", "%H:%M:%S", tail)
    tail = re.sub(r"(?<!\d)\d{1,2}:\d{2}(?![\d:])", "%H:%M", tail, count=1)
    tail = re.sub(r"[+-]\d{2}(:?\d{2})?$", "%z", tail)
    if twelve:
        tail = re.sub(r"[AaPp][Mm]", "%p", tail).replace("%H", "%I")
    return day + tail


def scaled(c: str, kind: Kind, micros: float, low: float, high: float | None) -> str:
    """Turn numbers since 1970 into microseconds; whole microseconds without a detour over floats."""
    if micros == 1.0:
        x = c if kind == "whole" else f"TRY_CAST({c} AS BIGINT)"
        out = f"CAST({x} AS BIGINT)"
    else:
        x = f"TRY_CAST({c} AS DOUBLE)" if kind == "text" else f"CAST({c} AS DOUBLE)"
        out = f"CAST(round({x} * {micros!r}) AS BIGINT)"
    limit = 4e15 / micros if high is None else high
    return f"CASE WHEN {x} >= {low:.0f} AND {x} < {limit:.0f} THEN {out} END"


def digits(text: str, length: int) -> str:
    """Read 20250131, and the same with hours and minutes behind it."""
    iso = f"substr({text}, 1, 4) || '-' || substr({text}, 5, 2) || '-' || substr({text}, 7, 2)"
    if length >= 12:
        seconds = f"substr({text}, 13, 2)" if length == 14 else "'00'"
        iso += f" || ' ' || substr({text}, 9, 2) || ':' || substr({text}, 11, 2) || ':' || {seconds}"
    return f"CASE WHEN length({text}) = {length} THEN epoch_us(TRY_CAST({iso} AS TIMESTAMP)) END"


def clock(text: str) -> str:
    """Microseconds since midnight of ``9:30``, ``21:30:05.5`` or ``9:30 PM``."""
    text = f"upper({text})"
    bare = f"trim(replace(replace({text}, 'AM', ''), 'PM', ''))"
    hour, minute = (f"TRY_CAST(split_part({bare}, ':', {i}) AS DOUBLE)" for i in (1, 2))
    second = f"COALESCE(TRY_CAST(split_part({bare}, ':', 3) AS DOUBLE), CAST(0 AS DOUBLE))"
    shift = f"CASE WHEN {text} LIKE '%PM' AND {hour} < 12 THEN 12 WHEN {text} LIKE '%AM' AND {hour} = 12 THEN -12 ELSE 0 END"
    return f"CAST(round((({hour} + {shift}) * 3600 + {minute} * 60 + {second}) * 1000000) AS BIGINT)"
