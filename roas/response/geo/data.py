"""The series a model with regions reads: spend and revenue per region and period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas._typing import Grain
from roas.calendar import to_weeks
from roas.errors import InputError, UsageError
from roas.format import decimal
from roas.language import mark, say
from roas.response._arrays import Array
from roas.response.data import MediaData, assemble
from roas.response.geo.limits import FEWEST_GEOS, LARGEST_GAP

if TYPE_CHECKING:
    import pandas as pd

#: Columns of what platforms claim, which this model does not read.
CLAIMED: Final = ("conversion_value", "conversions")


@dataclass(frozen=True)
class GeoData:
    """Spend, revenue and controls of every region on one calendar.

    Attributes
    ----------
    national : MediaData
        Sums over the regions; the calendar, channels and national controls.
    geos : tuple of str
        In alphabetical order.
    spend : array, shape (G, T, C)
        Currency per period.
    revenue : array, shape (G, T)
        Currency per period; NaN where not known.
    controls : array, shape (G, T, k)
        Controls that differ between regions, standardised over all of them.
    control_names : tuple of str
    """

    national: MediaData
    geos: tuple[str, ...]
    spend: Array
    revenue: Array
    controls: Array
    control_names: tuple[str, ...] = ()

    def take(self, regions: Sequence[int]) -> GeoData:
        """Keep some regions, by position; national figures stay."""
        rows = list(regions)
        return replace(
            self,
            geos=tuple(self.geos[i] for i in rows),
            spend=self.spend[rows],
            revenue=self.revenue[rows],
            controls=self.controls[rows],
        )


def assemble_geos(
    spend: pd.DataFrame,
    revenue: pd.DataFrame,
    *,
    controls: Sequence[str] = (),
    holidays: Iterable[dt.date] | None = None,
    grain: Grain | None = None,
) -> GeoData:
    """Bring spend and revenue of every region on one calendar.

    Parameters
    ----------
    spend : DataFrame
        ``date``, ``channel``, ``geo``, ``spend`` (currency). Rows without a
        region are national and are spread over regions by revenue. A region
        without ads needs rows of zero spend.
    revenue : DataFrame
        ``date``, ``geo``, ``revenue`` (currency) and the columns in `controls`.
    controls : sequence of str
        Numeric columns of `revenue`; national when equal in all regions.
    holidays : iterable of date
        As for a national model.
    grain : {"day", "week"}, optional
        Weeks by default, whatever the tables hold.

    Returns
    -------
    GeoData

    Raises
    ------
    InputError
        When columns are missing or tables do not overlap.
    UsageError
        When fewer than two regions remain.
    """
    _need(spend, ("date", "channel", "geo", "spend"), "spend")
    _need(revenue, ("date", "geo", "revenue", *controls), "revenue")
    spend, till = _labelled(spend.drop(columns=list(CLAIMED), errors="ignore")), _labelled(revenue)
    notes: list[str] = []
    till = _placed(till, notes)
    spend = _spread(spend, till, notes)
    spend, till = _common(spend, till, notes)
    own = [name for name in sorted(controls) if name in till and _differs(till, name)]
    shared = [name for name in controls if name not in own]
    sums = assemble(spend, till, controls=shared, holidays=holidays, grain=grain or "week")
    wide_spend, wide_revenue, wide_controls = _wide(spend, till, own, sums)
    geos = tuple(sorted(till["geo"].unique()))
    data = GeoData(sums, geos, wide_spend, wide_revenue, wide_controls, tuple(own))
    data = _without_gaps(data, notes)
    return replace(data, national=replace(data.national, notes=(*sums.notes, *notes)))


def _need(frame: pd.DataFrame, columns: Sequence[str], table: str) -> None:
    for name in columns:
        if name not in frame.columns:
            found = ", ".join(f'"{c}"' for c in list(frame.columns)[:12])
            step = " Add the region of every row, or use ResponseModel." if name == "geo" else ""
            raise InputError(f'{table}: no column "{name}". Found: {found}.{step}')


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Write regions as text; what has none is empty."""
    geo = frame["geo"]
    return frame.assign(geo=geo.astype(object).where(geo.notna(), "").astype(str).str.strip())


def _placed(till: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Leave revenue out that belongs to no region, or to one without sales."""
    nowhere = till["geo"] == ""
    if nowhere.any():
        share = _share(till.loc[nowhere, "revenue"], till["revenue"])
        notes.append(say(
            "{number} rows of revenue without a region are left out ({share} of revenue)",
            number=int(nowhere.sum()), share=share,
        ))  # fmt: skip
        till = till[~nowhere]
    sales = till["revenue"].abs().groupby(till["geo"]).sum()
    empty = sorted(sales.index[~(sales > 0)])
    if empty:
        notes.append(say(
            "{number} region(s) without revenue are left out: {names}", number=len(empty), names=_named(empty)
        ))  # fmt: skip
        till = till[~till["geo"].isin(empty)]
    return till


def _spread(spend: pd.DataFrame, till: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Spread national spend over regions in proportion to revenue."""
    import pandas as pd

    nowhere = spend["geo"] == ""
    if not nowhere.any():
        return spend
    sizes = till["revenue"].abs().groupby(till["geo"]).sum().sort_index()
    if not len(sizes):
        return spend[~nowhere]
    rows, share = spend[nowhere], _share(spend.loc[nowhere, "spend"], spend["spend"])
    notes.append(say(
        "{number} rows of spend without a region are spread by revenue ({share} of spend)",
        number=len(rows), share=share,
    ))  # fmt: skip
    amounts = pd.to_numeric(rows["spend"], errors="coerce").fillna(0.0)
    parts = [rows.assign(geo=str(geo), spend=amounts * part) for geo, part in (sizes / sizes.sum()).items()]
    return pd.concat([spend[~nowhere], *parts], ignore_index=True)


def _common(spend: pd.DataFrame, till: pd.DataFrame, notes: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the regions that both tables know."""
    spent, sold = set(spend["geo"]), set(till["geo"])
    for frame, column, missing, says in (
        (spend, "spend", sorted(spent - sold),
         mark("{number} region(s) without revenue are left out: {names} ({share} of spend)")),
        (till, "revenue", sorted(sold - spent),
         mark("{number} region(s) without spend are left out: {names} ({share} of revenue)")),
    ):  # fmt: skip
        if missing:
            share = _share(frame.loc[frame["geo"].isin(missing), column], frame[column])
            notes.append(say(says, number=len(missing), names=_named(missing), share=share))
    kept = spent & sold
    _enough(len(kept))
    return spend[spend["geo"].isin(kept)], till[till["geo"].isin(kept)]


def _enough(found: int) -> None:
    if found < FEWEST_GEOS:
        raise UsageError(say(
            "a model with regions needs spend and revenue of {needed} regions at least; found {found}. "
            "Use ResponseModel.", needed=FEWEST_GEOS, found=found,
        ))  # fmt: skip


def _share(part: pd.Series, whole: pd.Series) -> str:
    import pandas as pd

    amounts = [pd.to_numeric(each, errors="coerce").abs().sum() for each in (part, whole)]
    return f"{decimal(100 * amounts[0] / amounts[1], 1)} %" if amounts[1] > 0 else say("none")


def _named(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _differs(till: pd.DataFrame, name: str) -> bool:
    """Whether a control differs between regions in any period."""
    per_date = till.groupby("date")[name]
    return bool((per_date.max() > per_date.min()).any())


def _wide(
    spend: pd.DataFrame, till: pd.DataFrame, controls: Sequence[str], sums: MediaData
) -> tuple[Array, Array, Array]:
    """Lay spend, revenue and controls out as arrays, regions in alphabetical order."""
    import pandas as pd

    geos = sorted(till["geo"].unique())
    calendar = pd.DatetimeIndex(sums.dates)
    spend, till = (_on_calendar(frame, sums.grain) for frame in (spend, till))
    amounts = pd.to_numeric(spend["spend"], errors="coerce").fillna(0.0)
    # Amounts are added in a fixed order, so rows may come in any.
    ordered = spend.assign(spend=amounts, channel=spend["channel"].astype(str))
    ordered = ordered.sort_values(["geo", "period", "channel", "spend"], kind="stable")
    cells = ordered.groupby(["geo", "period", "channel"])["spend"].sum()
    index = pd.MultiIndex.from_product([geos, calendar, list(sums.channels)])
    media = cells.reindex(index, fill_value=0.0).to_numpy(np.float64)
    ordered = till.sort_values(["geo", "period", "revenue"], kind="stable")
    index = pd.MultiIndex.from_product([geos, calendar])
    groups = ordered.groupby(["geo", "period"])
    sales = groups["revenue"].sum(min_count=1).reindex(index).to_numpy(np.float64)
    if sums.grain == "week" and _daily(till):
        days = ordered[ordered["revenue"].notna()].groupby(["geo", "period"])["date"].nunique().reindex(index)
        sales = np.where(days.to_numpy(np.float64) == 7, sales, np.nan)
    columns = [_standard(groups[name].mean().reindex(index).to_numpy(np.float64)) for name in controls]
    shape = (len(geos), len(calendar))
    return (
        media.reshape(*shape, len(sums.channels)),
        sales.reshape(shape),
        np.stack(columns, axis=-1).reshape(*shape, -1) if columns else np.zeros((*shape, 0)),
    )


def _on_calendar(frame: pd.DataFrame, grain: str) -> pd.DataFrame:
    import pandas as pd

    dates = pd.to_datetime(frame["date"]).dt.normalize()
    return frame.assign(date=dates, period=to_weeks(dates) if grain == "week" else dates)


def _daily(till: pd.DataFrame) -> bool:
    """Whether revenue has more than one date in most weeks."""
    return bool(till.groupby("period")["date"].nunique().median() > 1)


def _standard(values: Array) -> Array:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros_like(values)
    mean, sd = values[known].mean(), values[known].std()
    return np.where(known, (values - mean) / (sd if sd > 0 else 1.0), 0.0)


def _without_gaps(data: GeoData, notes: list[str]) -> GeoData:
    """Leave regions out whose revenue is unknown in too many periods."""
    known = np.isfinite(data.revenue)
    level = np.where(known, np.abs(data.revenue), 0.0).sum(axis=1)
    whole = (known.mean(axis=1) >= 1 - LARGEST_GAP) & (level > 0)
    if whole.all():
        return data
    lost = [data.geos[i] for i in np.flatnonzero(~whole)]
    notes.append(say(
        "{number} region(s) without revenue in more than {gap} of periods are left out: {names} ({share} % of revenue)",
        number=len(lost), gap=f"{LARGEST_GAP:.0%}", names=_named(lost),
        share=decimal(100 * level[~whole].sum() / max(level.sum(), 1e-300), 1),
    ))  # fmt: skip
    _enough(int(whole.sum()))
    kept = data.take(list(np.flatnonzero(whole)))
    return replace(kept, national=summed(kept, kept.revenue))


def summed(data: GeoData, revenue: Array) -> MediaData:
    """Return the national series of the regions, given their revenue, shape (G, T)."""
    return replace(data.national, spend=data.spend.sum(axis=0), revenue=revenue.sum(axis=0))
