"""What platforms and the shop said differently of days that were reported before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.format import count, day_and_month, money, percent, say_many, short_day, visible
from roas.language import say
from roas.weekly.steps import SAME_SUM
from roas.weekly.week import Week

if TYPE_CHECKING:
    import pandas as pd

#: Figures of an export that are followed.
FOLLOWED: Final = ("spend", "conversions", "conversion_value", "revenue")


@dataclass(frozen=True)
class Correction:
    """What one channel, or the shop, corrected since the last report.

    Attributes
    ----------
    channel : str or None
        None for the shop.
    first, last : date
        Days that were corrected lie between them, both included.
    days : int
        Days that were corrected.
    before, after : mapping of figure to float
        Sums over those days: ``spend``, ``conversions``, ``conversion_value`` (what is claimed), of the shop
        ``revenue``; in currency or counts.
    late : float or None
        Share of what the last reported week now claims that came after its report; in conversions where no value is
        claimed. None where that week claims nothing.
    """

    channel: str | None
    first: dt.date
    last: dt.date
    days: int
    before: dict[str, float]
    after: dict[str, float]
    late: float | None

    def moved(self, name: str) -> float:
        """Return the correction of one figure; 0 where the export does not hold it."""
        return self.after.get(name, 0.0) - self.before.get(name, 0.0)

    def says(self, currency: str | None) -> str:
        """Return the correction in one sentence."""
        fields = {
            "days": say_many("{number} day", "{number} days", self.days),
            "when": self._when(),
        }
        if self.channel is None:
            return say("The shop corrected {days} ({when}): revenue went from {before} to {after}.",
                       **fields, **self._amounts("revenue", currency))  # fmt: skip
        named = {"channel": visible(self.channel), **fields}
        if self._largest() == "spend":
            return say("{channel} corrected {days} ({when}): spend went from {before} to {after}.",
                       **named, **self._amounts("spend", currency))  # fmt: skip
        if self._largest() == "conversion_value":
            return say(
                "{channel} corrected {days} ({when}): claimed revenue went from {before} to {after}.",
                **named, **self._amounts("conversion_value", currency),
            )  # fmt: skip
        return say("{channel} corrected {days} ({when}): conversions went from {before} to {after}.",
                   **named, before=count(self.before.get("conversions", 0.0)),
                   after=count(self.after.get("conversions", 0.0)))  # fmt: skip

    def _largest(self) -> str:
        """Return the figure to speak of: spend where that moved by a hundredth, else what is claimed."""
        spend = max(self.before.get("spend", 0.0), self.after.get("spend", 0.0))
        if abs(self.moved("spend")) > LATE * spend:
            return "spend"
        claimed = abs(self.moved("conversion_value")) >= SAME_SUM
        fewest = "conversions" if abs(self.moved("conversions")) >= SAME_SUM else "spend"
        return "conversion_value" if claimed else fewest

    def says_late(self) -> str | None:
        """Say how much of the last reported week came late; None where nothing did."""
        if self.late is None or self.late < LATE:
            return None
        return say("{share} of what {channel} now claims for last report's week came after that report.",
                   share=percent(self.late), channel=visible(self.channel or ""))  # fmt: skip

    def _when(self) -> str:
        if self.first == self.last:
            return day_and_month(self.first)
        written = day_and_month if self.first.year == self.last.year else short_day
        return say("{first} to {last}", first=written(self.first), last=written(self.last))

    def _amounts(self, name: str, currency: str | None) -> dict[str, str]:
        values = self.before.get(name, 0.0), self.after.get(name, 0.0)
        return {"before": money(values[0], currency), "after": money(values[1], currency)}


#: Share of a week's claims that must have come late to be said: under a hundredth no figure of the page moves.
LATE: Final = 0.01


def corrections(rows: pd.DataFrame | None, week: Week, known: pd.DataFrame | None = None) -> tuple[Correction, ...]:
    """Add up, per channel, what a new export says differently of old days.

    Parameters
    ----------
    rows : DataFrame or None
        As `roas.history.snapshots.Snapshots.restated` returns them: ``date``, perhaps ``channel``, and
        ``<figure>_before``, ``<figure>_after``. None where there is no earlier export.
    week : Week
        The week of the last report.
    known : DataFrame, optional
        The new export, by channel and date, for the share of that week which came late: its unchanged days count, too.

    Returns
    -------
    tuple of Correction
        The largest correction of claims first; without what nets to under half a cent in every figure.
    """
    if rows is None or not len(rows):
        return ()
    groups = [(None, rows)] if "channel" not in rows.columns else list(rows.groupby("channel", sort=True))
    found = [_correction(name, part, week, known) for name, part in groups if _was_known(part)]
    real = [each for each in found if any(abs(each.moved(name)) >= SAME_SUM for name in FOLLOWED)]
    return tuple(sorted(real, key=lambda each: (-abs(each.moved("conversion_value")), each.channel or "")))


def _was_known(rows: pd.DataFrame) -> bool:
    """Tell whether a channel was in both exports: a new name, or one that is gone, corrects nothing."""
    return "kind" not in rows.columns or not (rows["kind"].eq("appeared").all() or rows["kind"].eq("gone").all())


def _correction(name: object, rows: pd.DataFrame, week: Week, known: pd.DataFrame | None) -> Correction:
    channel = None if name is None else str(name)
    there = [each for each in FOLLOWED if f"{each}_before" in rows.columns and _compared(rows, each)]
    before = {each: float(rows[f"{each}_before"].fillna(0.0).sum()) for each in there}
    after = {each: float(rows[f"{each}_after"].fillna(0.0).sum()) for each in there}
    dates = rows["date"]
    late = None if channel is None else _late(rows, channel, week, known)
    span = dates.min().date(), dates.max().date()
    return Correction(channel, *span, int(dates.nunique()), before, after, late)


def _compared(rows: pd.DataFrame, name: str) -> bool:
    """Tell whether both exports have a column: a new column corrects nothing."""
    changed = rows[rows["kind"] == "changed"] if "kind" in rows.columns else rows
    return not len(changed) or bool(changed[[f"{name}_before", f"{name}_after"]].notna().any().all())


def _late(rows: pd.DataFrame, channel: str, week: Week, known: pd.DataFrame | None) -> float | None:
    """Return the share of a week's claims that came after its report."""
    import pandas as pd

    start, end = pd.Timestamp(week.monday), pd.Timestamp(week.sunday)
    inside = rows[(rows["date"] >= start) & (rows["date"] <= end)]
    for name in ("conversion_value", "conversions"):
        if f"{name}_before" not in rows.columns or not _compared(rows, name):
            continue
        came = float((inside[f"{name}_after"].fillna(0.0) - inside[f"{name}_before"].fillna(0.0)).sum())
        total = float(inside[f"{name}_after"].fillna(0.0).sum())
        if known is not None and name in known.columns:
            of_week = (known["channel"] == channel) & (known["date"] >= start) & (known["date"] <= end)
            total = float(known.loc[of_week, name].sum())
        if total > 0:
            return max(came, 0.0) / total
    return None
