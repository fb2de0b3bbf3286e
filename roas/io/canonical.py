"""Normalised tables → canonical rows: one per day, channel, campaign and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.distinct import each, group_codes
from roas.io.headers import fold
from roas.io.mapped import Mapped
from roas.io.numbers import is_null
from roas.language import say
from roas.tables import REACH, REVENUE_MEASURES, SPEND_KEYS, SPEND_MEASURES

if TYPE_CHECKING:
    import pandas as pd

#: What a spend row is called where the export leaves its channel empty.
NO_CHANNEL = "(no channel)"


def canonical_spend(table: Mapped) -> pd.DataFrame:
    """Add a spend table up to its canonical rows.

    Returns
    -------
    DataFrame
        ``SPEND_KEYS``, ``SPEND_MEASURES``, ``reach``, ``_rows``. Sums are
        compensated and taken in a fixed order, so the order of the file's
        rows changes no digit. Reach is kept only where one row stands for
        the key: people are not added.
    """
    import pandas as pd

    frame = table.frame
    out = pd.DataFrame({"date": frame["date"].to_numpy()})
    out["channel"] = _names(frame, "channel", table.platform.channel or NO_CHANNEL)
    campaign = "campaign" if "campaign" in frame.columns else "campaign_id"
    out["campaign"] = _names(frame, campaign, None)
    for key in ("account", "geo", "currency"):
        out[key] = _names(frame, key, None)
    for measure in (*SPEND_MEASURES, REACH):
        out[measure] = frame[measure].to_numpy(dtype="float64") if measure in frame.columns else float("nan")
    out["_rows"] = frame["_rows"].to_numpy()
    return add_up(out, list(SPEND_KEYS), list(SPEND_MEASURES))


def add_up(frame: pd.DataFrame, keys: list[str], measures: list[str]) -> pd.DataFrame:
    """Group by `keys`: sums that stay null where every cell is, reach of single rows.

    Rows come out sorted by key. Within a group they are added in the order
    of their values, with compensation, so that the file's order of rows
    changes no digit.
    """
    import numpy as np

    group = group_codes(frame, keys)
    single = np.bincount(group) == 1 if len(group) else np.zeros(0, dtype=bool)
    values = [frame[m].to_numpy(dtype="float64") for m in measures]
    order = np.argsort(group, kind="stable") if single.all() else np.lexsort((*values, group))
    first = order[np.unique(group[order], return_index=True)[1]]
    out = frame[keys].iloc[first].reset_index(drop=True)
    if single.all():
        sums = frame[measures].iloc[order].reset_index(drop=True)
    else:
        sums = frame[measures].iloc[order].groupby(group[order]).sum(min_count=1).reset_index(drop=True)
    out[measures] = sums.round(6)
    if REACH in frame.columns:
        out[REACH] = frame[REACH].to_numpy()[first]
        out.loc[~single, REACH] = float("nan")
    if "_rows" in frame.columns:
        out["_rows"] = np.bincount(group, weights=frame["_rows"].to_numpy(dtype="float64")).astype("int64")
    return out


def sorted_by(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sort rows by keys, null first."""
    import numpy as np

    return frame.iloc[np.argsort(group_codes(frame, keys), kind="stable")].reset_index(drop=True)


def _names(frame: pd.DataFrame, column: str, missing: str | None) -> pd.Series:
    """Return a text column as trimmed names (object, None or `missing` for null)."""
    import pandas as pd

    if column not in frame.columns:
        return pd.Series([missing] * len(frame), dtype=object)
    return pd.Series(each(frame[column], lambda v: missing if is_null(v) else _name(v)), dtype=object)


def _name(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half a character is none
    return text.strip(" \t\u00a0\u202f\ufeff")


def one_spelling(names: pd.Series) -> tuple[pd.Series, list[str]]:
    """Give names that differ only in case or spaces the spelling used most.

    Returns
    -------
    names, merged
        The Series, and a sentence for every spelling that was replaced.
    """
    counts = names.value_counts()
    best: dict[str, str] = {}
    for name in sorted(counts.index, key=lambda n: (-counts[n], n)):
        best.setdefault(fold(name), name)
    renamed = {n: best[fold(n)] for n in counts.index if best[fold(n)] != n}
    said = [
        say('"{old}" and "{new}" are one channel, spelled two ways', old=old, new=new)
        for old, new in sorted(renamed.items())
    ]
    return names.replace(renamed) if renamed else names, said


def canonical_revenue(table: Mapped) -> pd.DataFrame:
    """Add a revenue table up to one row a date.

    Returns
    -------
    DataFrame
        ``date``, ``currency``, ``REVENUE_MEASURES``, ``promo`` and controls
        (``control: name``), ``_rows``. An order table without a count of
        orders counts its distinct ids, or its rows.
    """
    import pandas as pd

    frame = table.frame.copy()
    if "orders" not in frame.columns and table.platform.format in ("orders", "stripe", "shopify_orders"):
        frame["orders"] = (~frame["order_id"].duplicated()).astype(float) if "order_id" in frame.columns else 1.0
    measures = [m for m in REVENUE_MEASURES if m in frame.columns]
    controls = [c for c in frame.columns if str(c).startswith("control: ") or c == "promo"]
    out = add_up(frame.drop(columns=[REACH], errors="ignore"), ["date"], measures)
    if controls:
        means = sorted_by(frame, ["date", *controls]).groupby("date")[controls].mean().round(9).reset_index()
        out = out.merge(means, on="date")
    codes: list[str] = list(frame["currency"].dropna().unique()) if "currency" in frame.columns else []
    if len(codes) <= 1:
        out["currency"] = codes[0] if len(codes) else None
        return out
    parts = [canonical_revenue_of(frame[frame["currency"] == c], c, measures) for c in sorted(codes)]
    return pd.concat(parts, ignore_index=True)


def revenue_by_region(table: Mapped) -> pd.DataFrame | None:
    """Add a revenue table up to one row a date and region.

    Returns
    -------
    DataFrame or None
        ``date``, ``geo``, ``revenue``, ``promo`` and controls; None where the
        table tells fewer than two regions apart, or leaves some revenue
        without one.
    """
    frame = table.frame
    if "geo" not in frame.columns:
        return None
    rows = frame.reset_index(drop=True).assign(geo=_names(frame, "geo", None))
    if rows["geo"].nunique() < 2 or rows.loc[rows["revenue"].fillna(0) != 0, "geo"].isna().any():
        return None
    rows = rows[rows["geo"].notna()].reset_index(drop=True)
    controls = [c for c in rows.columns if str(c).startswith("control: ") or c == "promo"]
    out = add_up(rows.drop(columns=[REACH, "_rows"], errors="ignore"), ["date", "geo"], ["revenue"])
    if controls:
        ordered = sorted_by(rows, ["date", "geo", *controls])
        means = ordered.groupby(["date", "geo"])[controls].mean().round(9).reset_index()
        out = out.merge(means, on=["date", "geo"])
    return out


def canonical_revenue_of(frame: pd.DataFrame, currency: str, measures: list[str]) -> pd.DataFrame:
    """Add up the rows of one currency."""
    return add_up(frame, ["date"], measures).assign(currency=currency)
