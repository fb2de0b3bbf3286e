"""The series a response model reads: one row per period, one column per channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roas._typing import Grain
from roas.calendar import grain_of, to_weeks
from roas.errors import InputError
from roas.language import say
from roas.response._arrays import Array
from roas.response.limits import MOST_OPEN, VISITS_PER_CLICK

if TYPE_CHECKING:
    import pandas as pd

Dates = npt.NDArray[np.datetime64]

#: Periods in a year of 365.25 days, and days in a period.
PER_YEAR: Final[dict[str, float]] = {"day": 365.25, "week": 365.25 / 7}
DAYS: Final[dict[str, int]] = {"day": 1, "week": 7}

#: Month and day of the holidays that most shops feel, used when none are given.
YEAR_END: Final = ((1, 1), (12, 24), (12, 25), (12, 26), (12, 31))


@dataclass(frozen=True)
class MediaData:
    """Spend, revenue and controls on one regular calendar.

    Attributes
    ----------
    dates : array of datetime64[D], shape (T,)
        First day of each period, without gaps.
    grain : {"day", "week"}
    channels : tuple of str
        In alphabetical order, whatever the order of the input.
    spend : array, shape (T, C)
        Currency per period.
    revenue : array, shape (T,)
        Currency per period; NaN where not known.
    controls : array, shape (T, k)
    control_names : tuple of str
    visits : array, shape (T,), or None
        Visits of the shop that no paid click explains.
    claimed, counts : array, shape (T, C), or None
        Revenue (currency) and conversions that platforms claim; NaN where
        an export has none.
    notes : tuple of str
        What was decided on the way.
    """

    dates: Dates
    grain: Grain
    channels: tuple[str, ...]
    spend: Array
    revenue: Array
    controls: Array
    control_names: tuple[str, ...] = ()
    claimed: Array | None = None
    counts: Array | None = None
    visits: Array | None = None
    notes: tuple[str, ...] = ()

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.dates)

    @property
    def weeks(self) -> float:
        """Length of the window in weeks."""
        return self.periods * DAYS[self.grain] / 7

    def recent(self, weeks: int) -> slice:
        """Return the last `weeks` weeks as a slice of periods."""
        return slice(max(0, self.periods - weeks * 7 // DAYS[self.grain]), self.periods)


def assemble(
    spend: pd.DataFrame,
    revenue: pd.DataFrame,
    *,
    controls: Sequence[str] = (),
    holidays: Iterable[dt.date] | None = None,
    grain: Grain | None = None,
) -> MediaData:
    """Bring spend and revenue on one calendar.

    Parameters
    ----------
    spend : DataFrame
        ``date``, ``channel``, ``spend`` (currency); any finer rows are added up.
    revenue : DataFrame
        ``date``, ``revenue`` (currency) and the columns named in `controls`.
    controls : sequence of str
        Numeric columns of `revenue` that drive sales by themselves; weeks
        take their mean over days.
    holidays : iterable of date
        Days on which sales differ; they share one effect. By default the
        days between the years on which families meet (`YEAR_END`).
    grain : {"day", "week"}, optional
        That of the tables by default; days can be added up to weeks.

    Returns
    -------
    MediaData
        Over the periods that both tables cover.

    Raises
    ------
    InputError
        When columns are missing, the tables do not overlap or the grain is
        neither days nor weeks.
    """
    _need(spend, ("date", "channel", "spend"), "spend")
    _need(revenue, ("date", "revenue", *controls), "revenue")
    spend, till = _dated(spend, "spend"), _dated(revenue, "revenue")
    found = _grain(spend, till)
    target = found if grain is None else grain
    if found == "week" and target == "day":
        raise InputError('the tables are by week: grain "day" cannot be made from them. Use grain "week".')
    if target == "week" and not _share_a_weekday(spend, till):
        spend = spend.assign(date=to_weeks(spend["date"]))
        if found == "week":
            till = till.assign(date=to_weeks(till["date"]))
    media = _pivot(spend, target)
    till = _periods(till, controls, found, target)
    calendar = _calendar(media, till, target)
    media = media.reindex(calendar, fill_value=0.0)
    till = till.reindex(calendar)
    columns, names = [], []
    for name in sorted(controls):
        values = till[name].to_numpy(np.float64)
        columns.append(np.where(np.isfinite(values), values, np.nanmean(values) if len(values) else 0.0))
        names.append(name)
    days = calendar.to_numpy().astype("datetime64[D]")
    marked = _holiday_share(days, DAYS[target], year_ends(days) if holidays is None else holidays)
    if marked.any():
        columns.append(marked)
        names.append("holidays")
    return MediaData(
        dates=days,
        grain=target,
        channels=tuple(str(c) for c in media.columns),
        spend=media.to_numpy(np.float64),
        revenue=till["revenue"].to_numpy(np.float64),
        controls=np.column_stack(columns) if columns else np.zeros((len(days), 0)),
        control_names=tuple(names),
        claimed=_claims(spend, "conversion_value", media),
        counts=_claims(spend, "conversions", media),
        visits=_visits(till, spend, media),
    )


def _claims(spend: pd.DataFrame, column: str, media: pd.DataFrame) -> Array | None:
    """Add a claimed figure up like `media`; NaN for channels that have none of it."""
    if column not in spend.columns or spend[column].isna().all():
        return None
    rows = spend[["date", "channel", column]].dropna().sort_values(["date", "channel", column], kind="stable")
    wide = rows.pivot_table(index="date", columns="channel", values=column, aggfunc="sum", fill_value=0.0)
    return wide.reindex(index=media.index, fill_value=0.0).reindex(columns=media.columns).to_numpy(np.float64)


def _calendar(media: pd.DataFrame, till: pd.DataFrame, grain: str) -> pd.DatetimeIndex:
    """Return the periods of the model: all with spend, or where both tables are, if revenue lacks too many.

    Spend without revenue at the ends still causes something, which is told;
    beyond a tenth of the window it would be a forecast.
    """
    import pandas as pd

    step = "7D" if grain == "week" else "D"
    told = till.index[till["revenue"].notna()]
    if not len(told):
        told = till.index
    first, last = max(media.index[0], told[0]), min(media.index[-1], told[-1])
    both = pd.date_range(first, last, freq=step)
    if len(both) < 2:
        raise InputError(say("spend and revenue have fewer than two periods in common. Check their dates."))
    every = pd.date_range(media.index[0], media.index[-1], freq=step)
    return every if len(both) >= (1 - MOST_OPEN) * len(every) else both


def _visits(till: pd.DataFrame, spend: pd.DataFrame, media: pd.DataFrame) -> Array | None:
    """Return visits that no paid click explains; None where visits or clicks are not known."""
    clicks = _claims(spend, "clicks", media)
    if clicks is None or "sessions" not in till.columns or till["sessions"].isna().all():
        return None
    left = till["sessions"].to_numpy(np.float64) - VISITS_PER_CLICK * np.nansum(clicks, axis=1)
    return np.where(left > 0, left, np.nan)


def _need(frame: pd.DataFrame, columns: Sequence[str], table: str) -> None:
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        found = ", ".join(f'"{c}"' for c in list(frame.columns)[:12])
        raise InputError(f'{table}: no column "{missing[0]}". Found: {found}.')


def _dated(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    import pandas as pd

    dates = pd.to_datetime(frame["date"]).dt.normalize()
    if dates.isna().any():
        raise InputError(f"{table}: {int(dates.isna().sum())} rows have no date. Remove them.")
    if not len(dates):
        raise InputError(f"{table}: the table has no rows.")
    if table == "spend":
        amounts = pd.to_numeric(frame["spend"], errors="coerce")
        if np.isinf(amounts).any():
            raise InputError("spend: an amount is infinite. Correct it.")
        if (amounts < 0).any():
            raise InputError(say(
                "spend: {number} amounts are negative. Net them against the spend that they correct.",
                number=int((amounts < 0).sum()),
            ))  # fmt: skip
        frame = frame.assign(spend=amounts.fillna(0.0), channel=frame["channel"].astype(str))
    return frame.assign(date=dates)


def _share_a_weekday(spend: pd.DataFrame, till: pd.DataFrame) -> bool:
    """Tell whether all weeks begin on one weekday: they then keep their own first day.

    A week that begins on Sunday would else be taken for the one before it,
    and a holiday would fall into the wrong week.
    """
    days = {*spend["date"].dt.day_of_week.unique(), *till["date"].dt.day_of_week.unique()}
    return len(days) == 1


def _grain(spend: pd.DataFrame, till: pd.DataFrame) -> Grain:
    found = []
    for name, frame in (("spend", spend), ("revenue", till)):
        reading = grain_of([d.date() for d in frame["date"].drop_duplicates()])
        if reading.grain not in ("day", "week", "unknown"):
            raise InputError(say(
                "{table}: periods are {grain}, not days or weeks; the model cannot be fitted.",
                table=name, grain=reading.grain,
            ))  # fmt: skip
        found.append(reading.grain)
    known = {g for g in found if g != "unknown"}
    return "week" if "week" in known else "day"


def _pivot(spend: pd.DataFrame, grain: str) -> pd.DataFrame:
    """Return spend with one row per period and one column per channel, in alphabetical order."""
    import pandas as pd

    # Amounts are added in a fixed order, so rows may come in any.
    ordered = spend.sort_values(["date", "channel", "spend"], kind="stable")
    wide = ordered.pivot_table(index="date", columns="channel", values="spend", aggfunc="sum", fill_value=0.0)
    wide = wide.sort_index().sort_index(axis=1)
    step = "7D" if grain == "week" else "D"
    return wide.reindex(pd.date_range(wide.index[0], wide.index[-1], freq=step), fill_value=0.0)


def _periods(till: pd.DataFrame, controls: Sequence[str], found: str, target: str) -> pd.DataFrame:
    """Return revenue, visits and controls per period; weeks with gaps are not known."""
    ordered = till.sort_values(["date", "revenue"], kind="stable")
    summed = [name for name in ("revenue", "sessions") if name in till.columns]
    sums = _added(ordered, ordered["date"], summed, controls)
    if target == "day" or found == "week":
        return sums.sort_index()
    weeks = to_weeks(sums.index.to_series()).array
    out = _added(sums, weeks, summed, controls)
    days = sums["revenue"].notna().groupby(weeks).sum()
    short = (days < 7).to_numpy()
    # Days that are missing now and then are gaps, in every week they are days off.
    broken = short if short.mean() <= 0.5 else short & out.index.isin([out.index[0], out.index[-1]])
    out.loc[broken, summed] = np.nan
    return out


def _added(frame: pd.DataFrame, by: Any, summed: Sequence[str], averaged: Sequence[str]) -> pd.DataFrame:
    """Group rows: some columns are added up, the others averaged."""
    out = frame.groupby(by)[list(summed)].sum(min_count=1)
    for name in averaged:
        out[name] = frame.groupby(by)[name].mean().astype(float)
    return out


def year_ends(days: Dates) -> list[dt.date]:
    """Return the holidays between the years that `days` reach."""
    first, last = (int(str(day)[:4]) for day in (days[0], days[-1]))
    return [dt.date(year, month, day) for year in range(first, last + 2) for month, day in YEAR_END]


def _holiday_share(days: Dates, length: int, holidays: Iterable[dt.date]) -> Array:
    """Return the share of each period's days that are holidays."""
    marked = np.array(sorted({np.datetime64(day, "D") for day in holidays}), dtype="datetime64[D]")
    if not len(marked):
        return np.zeros(len(days))
    place = np.searchsorted(days, marked, side="right") - 1
    inside = (place >= 0) & ((marked - days[place]).astype(int) < length)
    return np.bincount(place[inside], minlength=len(days)).astype(np.float64) / length
