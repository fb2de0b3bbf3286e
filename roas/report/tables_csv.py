"""Tables → CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

#: What a spreadsheet takes for the beginning of a formula, also in its wide
#: form, at the start of a cell or of what it may split off as one.
_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])")


def csv_text(frame: pd.DataFrame) -> str:
    """Write a table as CSV.

    UTF-8 with a byte-order mark, by which spreadsheets know the encoding;
    lines end in LF; numbers have all their digits and a point; empty is not
    known; dates are ISO; text that could be a formula begins with an
    apostrophe, as spreadsheets mark text.
    """
    return rows_text([str(c) for c in frame.columns], frame.itertuples(index=False, name=None))


def rows_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a header and rows as `csv_text` does."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def cell(value: Any) -> str:
    """Write one value.

    Examples
    --------
    >>> cell(533004.94), cell(39439.0), cell(-3.5), cell(True), cell(float("nan"))
    ('533004.94', '39439', '-3.5', 'true', '')
    >>> cell("=1+1"), cell("-20% off"), cell("Meta")
    ("'=1+1", "'-20% off", 'Meta')
    """
    if value is None or value != value:
        return ""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if hasattr(value, "date"):
        return str(value.date().isoformat())
    return neutral(str(value))


def neutral(text: str) -> str:
    r"""Put an apostrophe where a spreadsheet could begin to read a formula.

    Examples
    --------
    >>> neutral("@SUM(A1)"), neutral("a;=1"), neutral("search - brand")
    ("'@SUM(A1)", "a;'=1", 'search - brand')
    """
    text = text.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")
    return _FORMULA.sub(r"\1'\2", text)
