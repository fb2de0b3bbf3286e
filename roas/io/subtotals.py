"""Totals among dated rows: proven by arithmetic, never by a name alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roas.io.distinct import each, which
from roas.limits import TOTALS_TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

#: Dates on which one value must be the sum of two or more others, before it
#: is taken for a total without being called one.
UNNAMED_DATES = 3

_DATES = ("date", "week", "month", "range_start")


def dated_totals(
    frame: pd.DataFrame,
    dims: list[str],
    blank: pd.Series,
    measures: list[str],
    *,
    is_label: Callable[[Any], bool],
    number: Callable[[Any], float],
) -> pd.Series:
    """Find rows with a date that add up other rows of that date.

    They name nothing (`blank`), or one dimension calls them a total, or a
    table of one dimension has a value that is the sum of all others on every
    date. A campaign may be called ``Total Wellness``, or ``Total: Recall``:
    it stays, since nothing adds up to it.

    Parameters
    ----------
    dims : list of str
        Dimension columns.
    is_label : callable
        Whether a cell labels a totals row.
    number : callable
        A cell's amount, 0 where it has none.

    Returns
    -------
    Series of bool
    """
    import pandas as pd

    found = pd.Series(False, index=frame.index)
    column = next((c for c in ("spend", "revenue", "impressions", "clicks") if c in measures), None)
    date = next((c for c in _DATES if c in frame.columns), None)
    if column is None or date is None or not dims:
        return found
    rows = pd.DataFrame({d: frame[d].astype(str).to_numpy() for d in dims})
    rows["_date"] = frame[date].astype(str).to_numpy()
    rows["_amount"] = each(frame[column], number)
    for mine, keys in _candidates(frame, dims, blank, is_label):
        if _adds_up(rows, mine, keys) or _adds_up_all(rows, mine):
            found |= pd.Series(mine, index=frame.index)
    if not found.any() and len(dims) == 1:
        found = pd.Series(_unnamed(rows, dims[0]), index=frame.index)
    return found


def _candidates(frame: pd.DataFrame, dims: list[str], blank: pd.Series, is_label: Callable[[Any], bool]) -> list[Any]:
    """Return masks of possible totals, each with the columns within which it would add up."""
    from roas.io.numbers import is_null

    out: list[Any] = [(blank.to_numpy(), ["_date"])] if blank.any() and not blank.all() else []
    for column in dims:
        mine = which(frame[column], is_label).to_numpy()
        if not mine.any() or mine.all():
            continue
        others = [d for d in dims if d != column]
        said = [d for d in others if not which(frame[d][mine], is_null).all()]
        out.append((mine, ["_date", *said]))
    return out


def _adds_up(rows: pd.DataFrame, mine: Any, keys: list[str]) -> bool:
    """Return whether the marked rows are the sum of the others in every group that has one."""
    own = rows[mine].groupby(keys)["_amount"].sum()
    others = rows[~mine].groupby(keys)["_amount"].sum().reindex(own.index).fillna(0.0)
    paid = own.abs() > 0
    if not paid.any() or bool((others[paid] == 0).any()):
        return False
    return bool(((own - others).abs() <= (TOTALS_TOLERANCE * own.abs()).clip(lower=0.05)).all())


def _adds_up_all(rows: pd.DataFrame, mine: Any) -> bool:
    """Return whether every marked row is the sum of all others: a grand total that carries a date."""
    own, whole = rows["_amount"][mine], rows["_amount"][~mine].sum()
    return bool(whole) and bool(((own - whole).abs() <= max(TOTALS_TOLERANCE * abs(whole), 0.05)).all())


def _unnamed(rows: pd.DataFrame, dim: str) -> Any:
    """Mark the value of the only dimension that is half of every date's sum, beside two others or more."""
    by_day = rows.groupby(["_date", dim])["_amount"].sum().reset_index()
    by_day = by_day[by_day["_amount"] != 0]
    whole = by_day.groupby("_date")["_amount"].agg(["sum", "size"])
    joined = by_day.join(whole, on="_date")
    joined["half"] = ((2 * joined["_amount"] - joined["sum"]).abs() < 0.005) & (joined["size"] >= 3)
    values = joined.groupby(dim).agg(half=("half", "all"), dates=("_date", "nunique"), amounts=("_amount", "nunique"))
    every = values["dates"] == rows["_date"].nunique()
    proven = values.index[values["half"] & every & (values["dates"] >= UNNAMED_DATES)]
    return rows[dim].isin(proven).to_numpy()
