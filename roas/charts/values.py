"""Columns of a table as charts may draw them: finite numbers or NaN, claims true or false."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def finite(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return the table with these columns as numbers; what is missing or endless becomes NaN.

    Parameters
    ----------
    frame : DataFrame
    columns : iterable of str
        Columns that a chart reads as numbers. One that is not there is added.
    """
    import numpy as np
    import pandas as pd

    out = frame.reset_index(drop=True).copy()
    for name in columns:
        values = pd.to_numeric(out[name], errors="coerce") if name in out.columns else pd.Series(np.nan, out.index)
        found = values.astype(float)
        out[name] = found.where(np.isfinite(found))
    return out


def claims(frame: pd.DataFrame, column: str, *, missing: bool) -> pd.Series:
    """Return a column of true and false; a cell that is not known counts as `missing`."""
    import pandas as pd

    if column not in frame.columns:
        return pd.Series(missing, frame.index, dtype=bool)
    known = frame[column].notna()
    return frame[column].eq(True).where(known, missing).astype(bool)


def named_unit(currency: str | None) -> str:
    """Name the unit of money under a chart.

    Examples
    --------
    >>> named_unit("EUR"), named_unit(None)
    ('EUR', 'currency not named')
    """
    return currency or say("currency not named")


def sentence(says: str, about: str = "") -> str:
    """Return a title: `says` with a capital letter, or after what it is about.

    Examples
    --------
    >>> sentence("more than luck"), sentence("MER fell", "Search")
    ('More than luck', 'Search: MER fell')
    """
    return f"{about}: {says}" if about else says[:1].upper() + says[1:]
