"""Successive exports of one account: what each said of the same days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from roas.io.merge import Part

if TYPE_CHECKING:
    import pandas as pd


def successive_exports(parts: Sequence[Part]) -> pd.DataFrame | None:
    """Keep what older and newer exports say of the same days, before the newer ones replace the older.

    Parameters
    ----------
    parts : sequence of Part
        Rows of spend, file by file, by day.

    Returns
    -------
    DataFrame or None
        ``as_of`` (last day of the export), ``channel``, ``date``,
        ``conversions``, for channels that grew between two exports which
        end on different days. None where there are none: exports that
        agree on every shared day were made at one time, and their last
        days do not tell when.
    """
    import pandas as pd

    found = [_counts(part) for part in parts if part.grain == "day"]
    found = [rows for rows in found if len(rows)]
    if len(found) < 2:
        return None
    keys = ["channel", "as_of", "date"]
    rows: pd.DataFrame = pd.concat(found, ignore_index=True).groupby(keys)[["conversions"]].max().reset_index()
    grew = [channel for channel, group in rows.groupby("channel", sort=True) if _grew(group)]
    kept: pd.DataFrame = rows[rows["channel"].isin(grew)].reset_index(drop=True)
    return kept[["as_of", "channel", "date", "conversions"]] if len(kept) else None


def _counts(part: Part) -> pd.DataFrame:
    """Return the conversions of one export by channel and day."""
    rows, columns = part.rows, ["channel", "as_of", "date", "conversions"]
    if "conversions" not in rows.columns or not len(rows):
        return rows.reindex(columns=columns).iloc[:0]
    known = rows.dropna(subset=["conversions"])
    counts = known.groupby(["channel", "date"])["conversions"].sum().reset_index()
    dated: pd.DataFrame = counts.assign(as_of=part.reaches)
    return dated[columns]


def _grew(rows: pd.DataFrame) -> bool:
    """Whether a later export holds more of some day than an earlier one."""
    table = rows.pivot_table(index="date", columns="as_of", values="conversions")
    shared = table[table.notna().sum(axis=1) > 1]
    return bool((shared.max(axis=1) > shared.bfill(axis=1).iloc[:, 0]).any()) if len(shared) else False
