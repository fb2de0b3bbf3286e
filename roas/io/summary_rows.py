"""Totals rows and footers: left out, and used as a check."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from roas.format import decimal
from roas.io.distinct import which
from roas.io.headers import fold
from roas.io.mapped import Mapped
from roas.io.numbers import is_null, strip, to_number
from roas.io.platforms import vocabulary
from roas.io.subtotals import dated_totals
from roas.io.text import known_headers
from roas.language import say
from roas.limits import TOTALS_TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

_WORD = r"(?:grand |sub ?|account |campaign |overall )?(?:total|totals|gesamt|gesamtsumme|gesamtergebnis|summe|zwischensumme|totaal|subtotaal|eindtotaal|totale|totais|totales|sum|" \
        r"somme|suma|soma|итого|всего|tong|tong cong|tong so|cong|razem|summa|i alt|sous-total|total general|totaux)"  # fmt: skip
_EXACT = re.compile(rf"^{_WORD}$")
_LABELLED = re.compile(rf"^{_WORD}\s?:.*$|^(?:total|totaal|totale|tong) (?:of|von|de|van|di|cua) \d+ .*$|^(?:resultados?|resultats?|risultati|ergebnisse) tota\w+$|"
                       rf"^{_WORD} (?:- )?(?:account|campaigns?|conto|konto|compte|cuenta|conta)$|^grand total.*$")  # fmt: skip

#: Dimension columns of a canonical table; blank ones make a totals row.
DIMENSIONS = ("channel", "campaign", "campaign_id", "account", "ad_group", "ad_group_id", "creative", "creative_id",
              "geo", "device", "order_id", "placement", "conversion_action")  # fmt: skip


def is_total_label(text: Any, *, strict: bool = False) -> bool:
    """Return whether a cell labels a totals row.

    ``Total: Account`` and ``Total of 12 results`` always do; the bare word
    ``Total`` does too, unless `strict`. ``Total Wellness`` never does.

    Examples
    --------
    >>> is_total_label("Gesamt: Konto"), is_total_label("Total Wellness - Search")
    (True, False)
    """
    if not isinstance(text, str) or len(text) > 80:
        return False
    plain = fold(text)
    return bool(_LABELLED.match(plain)) or (not strict and bool(_EXACT.match(plain)))


def split_summary_rows(table: Mapped, dated: pd.Series, measures: list[str]) -> pd.DataFrame:
    """Leave out totals rows and footers; returns the totals rows for the check.

    Parameters
    ----------
    dated : Series of bool
        Whether the row's date cell is a date.
    measures : list of str
        Numeric columns, still raw cells.

    Notes
    -----
    A row without a date is a totals row when it is labelled so or names
    nothing, a footer when it holds no number; otherwise it stays, and its
    date is an error. A row with a date is a totals row only when arithmetic
    proves it, see `roas.io.subtotals`.
    """
    frame = table.frame
    has_number = _any_number(frame, measures)
    if table.wide:  # a line of a wide table is one row of several channels
        has_number = has_number.groupby(level=0).transform("any")
    dims = [c for c in DIMENSIONS if c in frame.columns and not _constant(frame[c])]
    blank = _all_blank(frame, dims)
    labelled = _labelled(table, frame, dims)
    footer = ~dated & ~has_number
    total = ~footer & ~dated & (labelled | (blank & bool(dims)))
    total |= (
        ~footer
        & dated
        & dated_totals(
            frame,
            dims,
            blank & dated,
            measures,
            is_label=is_total_label,
            number=lambda cell: number_of(cell, None) or 0.0,
        )
    )
    totals = frame[total]
    again = _header_again(table, footer)
    table.drop(again, say("the header again"))
    table.drop(footer[~again], say("footer or note, no figures"))
    table.drop(total[~footer], say("totals row"))
    return totals


def _header_again(table: Mapped, footer: pd.Series) -> pd.Series:
    """Find the file's own header among its rows; refuse the header of another table.

    Files that were glued together hold both. Below another header every
    amount would be read under a wrong name.
    """
    import pandas as pd

    rows = table.frame[footer]
    own = [(c, fold(h)) for c, h in table.headers.items() if c in rows.columns]
    is_own = {i: all(fold(str(row[c])) == h for c, h in own) for i, row in zip(rows.index, _rows_of(rows), strict=True)}
    for line, row in zip(rows.index, _rows_of(rows), strict=True):
        cells = list(row.values())
        if table.raw.scan is None and line in table.raw.cells.index:
            cells = table.raw.cells.loc[[line]].iloc[0].tolist()
        if not is_own[line] and known_headers(cells, vocabulary()) >= 3:
            table.findings.error(
                "another header begins here: two tables stand in one file.",
                "Put each table in a file of its own.",
                line=next(iter(table.lines(pd.Series(table.frame.index == line), most=1)), None),
            )
    return footer & pd.Series([is_own.get(i, False) for i in footer.index], index=footer.index)


def _rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def _constant(cells: pd.Series) -> bool:
    """Return whether a column was filled in by us, the same in every row."""
    return cells.nunique(dropna=False) == 1 and len(cells) > 1 and not is_null(cells.iloc[0])


def _any_number(frame: pd.DataFrame, measures: list[str]) -> pd.Series:
    import pandas as pd

    found = pd.Series(False, index=frame.index)
    for column in measures:
        cells = frame[column]
        found |= which(cells, _numberish) if cells.dtype == object else cells.notna()
    return found


def _numberish(value: Any) -> bool:
    if is_null(value):
        return False
    return strip(value) is not None if isinstance(value, str) else not isinstance(value, bool)


def _all_blank(frame: pd.DataFrame, dims: list[str]) -> pd.Series:
    import pandas as pd

    blank = pd.Series(True, index=frame.index)
    for column in dims:
        blank &= which(frame[column], is_null)
    return blank


def _labelled(table: Mapped, frame: pd.DataFrame, dims: list[str]) -> pd.Series:
    """Look for a totals label in the dimensions, the first cell and beyond the last."""
    import pandas as pd

    found = pd.Series(False, index=frame.index)
    for column in [
        *dims,
        *(c for c in ("date", "week", "month", "range_start", "currency") if c in frame.columns),
    ]:
        found |= which(frame[column], is_total_label)
    if table.raw.scan is None:
        first = table.raw.cells[0].reindex(frame.index) if table.raw.cells.index.is_unique else table.raw.cells[0]
        if len(first) == len(frame):
            found |= pd.Series(which(first, is_total_label).to_numpy(), index=frame.index)
    extra = {line for line, text in table.raw.wide.items() if is_total_label(text)}
    return found | pd.Series(frame.index.isin(list(extra)), index=frame.index)


def check_totals(table: Mapped, totals: pd.DataFrame, measures: list[str], mark: str | None) -> None:
    """Compare what was kept with the file's own totals, and say how it came out.

    Of several totals rows (account, campaigns, one per type) any may agree:
    an account's total holds removed campaigns that the table does not show.
    """
    agreed: list[str] = []
    off: list[str] = []
    hidden: list[str] = []
    for head, own, kept in _compared(table, totals, measures, mark):
        near = [
            v
            for v in (*own, math.fsum(own))
            if abs(kept - v) <= max(TOTALS_TOLERANCE * abs(v), 0.005 * len(table.frame))
        ]
        if near and len(own) > 1 and max(own, key=abs) > near[0] + max(TOTALS_TOLERANCE * abs(kept), 0.05):
            hidden.append(say(
                '"{header}": {total} in all, {kept} in the rows',
                header=head, total=decimal(max(own, key=abs), 2), kept=decimal(kept, 2),
            ))  # fmt: skip
        elif near:
            agreed.append(head)
        else:
            off.append(say(
                '"{header}": rows add to {kept}, the file says {total}',
                header=head, total=decimal(max(own, key=abs), 2), kept=decimal(kept, 2),
            ))  # fmt: skip
    if off:
        table.findings.warn(
            say("the rows do not add up to the file's own totals row: {sums}", sums="; ".join(off)),
            "Rows may be missing: export it again without a row limit or filter.",
        )
    if hidden:
        table.findings.warn(
            say("the file's own total holds more than its rows: {sums}", sums="; ".join(hidden)),
            "Campaigns that the table did not show (removed, filtered) hold the rest: export it with all of them.",
        )
    if agreed and not off:
        columns = ", ".join(agreed)
        table.findings.note(say("the rows add up to the file's own totals row ({columns})", columns=columns))


def _compared(
    table: Mapped, totals: pd.DataFrame, measures: list[str], mark: str | None
) -> Iterator[tuple[str, list[float], float]]:
    """Yield header, the file's totals and the sum of kept rows; a wide table by channel."""
    for column in [c for c in _CHECKED if c in measures]:
        if not table.wide or column != "spend":
            own = [v for v in _own_totals(table, totals[column], column, mark) if v]
            if own:
                yield table.header_of(column), own, math.fsum(table.frame[column].dropna())
            continue
        for channel, part in totals.groupby("channel", sort=False):
            own = [v for v in _own_totals(table, part[column], column, mark) if v]
            if own:
                yield (
                    str(channel),
                    own,
                    math.fsum(table.frame[column][table.frame["channel"] == channel].dropna()),
                )


_CHECKED = ("spend", "conversion_value", "revenue", "conversions", "clicks", "impressions")


def _own_totals(table: Mapped, cells: pd.Series, column: str, mark: str | None) -> list[float]:
    scale = 1e6 if column in table.platform.micros else 1.0
    return [(number_of(cell, mark) or 0.0) / scale for cell in cells.tolist()]


def number_of(cell: Any, mark: str | None) -> float | None:
    """Read a cell with the file's decimal mark, or with either where none is known yet."""
    for attempt in (mark, ".", ","):
        try:
            return to_number(cell, attempt)  # type: ignore[arg-type]
        except (ValueError, TypeError, OverflowError):
            continue
    return None
