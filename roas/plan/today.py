"""Where the account stands: each channel's money per week, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.calendar import grain_of
from roas.language import mark
from roas.limits import RECENT_WEEKS
from roas.plan.cents import to_cents
from roas.response.data import DAYS

if TYPE_CHECKING:
    import pandas as pd

    from roas.plan.effects import CurvesOf
    from roas.response import ResponseResults

#: Verdict of the response model → how far a plan may rest on the channel.
KNOWN: Final = {"identified": "known", "partly": "partly", "not identified": "prior"}

#: Why a channel is not in the model, where the model does not say.
NO_MODEL: Final = mark("nothing was estimated for it")


@dataclass(frozen=True)
class Today:
    """Money per week of the last 8 weeks, and what is known of each channel.

    Attributes
    ----------
    channels : tuple of str
        In the account's order: largest spend of the window first.
    spend : tuple of float
        Currency per week, to the cent.
    excluded : mapping
        Channel without a usable curve → why.
    observed : mapping
        Channel → the largest money per week, after carryover, that the window saw.
    known : mapping
        Channel → ``"known"``, ``"partly"`` or ``"prior"``.
    experiments : mapping
        Channel → the pilot that would settle it.
    revenue_per_week : float or None
        All revenue of the same weeks, currency per week.
    currency : str or None
    """

    channels: tuple[str, ...]
    spend: tuple[float, ...]
    excluded: Mapping[str, str] = field(default_factory=dict)
    observed: Mapping[str, float] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    experiments: Mapping[str, str] = field(default_factory=dict)
    revenue_per_week: float | None = None
    currency: str | None = None

    @property
    def modelled(self) -> tuple[str, ...]:
        """Channels with a curve."""
        return tuple(each for each in self.channels if each not in self.excluded)

    @property
    def total(self) -> float:
        """Money per week, to the cent."""
        return sum(to_cents(each) for each in self.spend) / 100

    def of(self, channel: str) -> float:
        """Return a channel's money per week."""
        return self.spend[self.channels.index(channel)]

    def known_of(self, channel: str) -> str:
        """Return how far the data decide about a channel; one that spends nothing now is known in part at most."""
        found = self.known.get(channel, "prior")
        return "partly" if found == "known" and channel in self.channels and self.of(channel) == 0 else found


def today_of(response: ResponseResults | None, spend_table: pd.DataFrame) -> Today:
    """Read where the account stands.

    Parameters
    ----------
    response : ResponseResults or None
        The fitted model; None where nothing could be fitted.
    spend_table : DataFrame
        Canonical spend (``date``, ``channel``, ``spend``), or one row per
        channel with ``channel`` and ``spend_per_week_recent``.

    Returns
    -------
    Today
        Spend per week over the last 8 weeks (the whole table where that is
        shorter), rounded to the cent.
    """
    spend = _recent(spend_table)
    names = tuple(spend)
    currency = _currency(spend_table)
    amounts = tuple(to_cents(max(spend[name], 0.0), f"spend of {name}") / 100 for name in names)
    if response is None or response.fitting is None:
        told = {} if response is None else response.excluded
        return Today(names, amounts, {name: told.get(name, NO_MODEL) for name in names}, currency=currency)
    modelled = response.data.channels
    excluded = {name: response.excluded.get(name, NO_MODEL) for name in names if name not in modelled}
    verdicts = {each.channel: each.verdict for each in response.channels}
    return Today(
        channels=names,
        spend=amounts,
        excluded=excluded,
        observed=largest_carried(response),
        known={name: KNOWN[verdict.identified] for name, verdict in verdicts.items()},
        experiments={name: verdict.experiment for name, verdict in verdicts.items() if verdict.experiment},
        revenue_per_week=_revenue(response),
        currency=currency,
    )


def largest_carried(response: CurvesOf) -> dict[str, float]:
    """Return channel → the largest carried spend per week of the window, currency (mean over draws)."""
    days = DAYS[response.data.grain]
    per_week = 7 // days
    out = {}
    for c, name in enumerate(response.data.channels):
        carried = response.curves.carried(c).mean(axis=0) * response.curves.typical[c]
        out[name] = float(weekly_mean(carried, per_week).max()) * per_week
    return out


def weekly_mean(values: np.ndarray, per_week: int) -> np.ndarray:
    """Return means over every seven days in a row; weeks stay as they are."""
    if per_week == 1 or len(values) < per_week:
        return values
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((sums[per_week:] - sums[:-per_week]) / per_week)


def _recent(table: pd.DataFrame) -> dict[str, float]:
    """Return channel → spend per week, largest spend of the whole table first."""
    import pandas as pd

    if "spend_per_week_recent" in table.columns:
        pairs = zip(table["channel"].astype(str), table["spend_per_week_recent"].fillna(0.0), strict=True)
        return {name: float(value) for name, value in pairs}
    rows = table.assign(date=pd.to_datetime(table["date"]), channel=table["channel"].astype(str))
    whole = rows.groupby("channel", sort=True)["spend"].sum().round(6)
    order = whole.reset_index().sort_values(["spend", "channel"], ascending=[False, True], kind="stable")["channel"]
    dates = rows["date"]
    reading = grain_of([each.date() for each in dates.drop_duplicates()])
    length = 7 if reading.grain == "week" else 1
    weeks = min(float(RECENT_WEEKS), ((dates.max() - dates.min()).days + length) / 7)
    last = rows[dates >= dates.max() - pd.Timedelta(days=7 * RECENT_WEEKS - length)]
    recent = last.sort_values(["date", "channel", "spend"], kind="stable").groupby("channel")["spend"].sum().round(6)
    return {str(name): float(recent.get(name, 0.0)) / weeks for name in order}


def _currency(table: pd.DataFrame) -> str | None:
    if "currency" not in table.columns:
        return None
    said = sorted({str(each) for each in table["currency"].dropna()})
    return said[0] if len(said) == 1 else None


def _revenue(response: ResponseResults) -> float | None:
    """Return mean revenue per week of the last 8 weeks where it is known."""
    recent = response.data.revenue[response.data.recent(RECENT_WEEKS)]
    known = recent[np.isfinite(recent)]
    return float(known.mean()) * 7 / DAYS[response.data.grain] if len(known) else None
