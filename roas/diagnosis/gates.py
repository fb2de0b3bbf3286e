"""What the files allow to be asked at all: columns, history, counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.diagnosis.base import CAUSES
from roas.diagnosis.panel import Panel

if TYPE_CHECKING:
    from roas.diagnosis.rates import Columns

#: Weeks without which no change is looked for: six before an onset and six to see it (`roas.diagnosis.shapes`).
FEWEST_WEEKS: Final = 12

#: Weeks that a slow decay of sales without ads needs: before the cut, and half a year after it.
EROSION_WEEKS: Final = 40

#: Weeks that late reporting needs: four that may be late, and three that say what is usual.
LATE_WEEKS: Final = 7

_WEEKS: Final = {"baseline_erosion": EROSION_WEEKS, "reporting_lag": LATE_WEEKS}


@dataclass(frozen=True)
class Missing:
    """What keeps a cause from being tested.

    Attributes
    ----------
    columns : tuple of str
        Canonical columns that are not exported.
    weeks : int
        Weeks of history that are needed, where there are fewer; else 0.
    channels : int
        Channels that are needed, where there are fewer; else 0.
    """

    columns: tuple[str, ...] = ()
    weeks: int = 0
    channels: int = 0

    def __bool__(self) -> bool:
        return bool(self.columns or self.weeks or self.channels)


def missing_for(panel: Panel | None) -> dict[str, Missing]:
    """Return for every cause what it lacks; empty where it can be tested."""
    return {cause.name: _missing(cause.name, cause.needs, panel) for cause in CAUSES}


def _missing(name: str, needs: tuple[str, ...], panel: Panel | None) -> Missing:
    if panel is None:
        return Missing(weeks=FEWEST_WEEKS)
    columns = tuple(column for column in needs if not _there(panel, column))
    weeks = _WEEKS.get(name, FEWEST_WEEKS)
    if name == "reporting_lag" and panel.grain == "week" and not columns:
        columns = ("days",)
    return Missing(
        columns,
        weeks if panel.weeks < weeks else 0,
        2 if name == "mix_shift" and len(panel.channels) < 2 else 0,
    )


def _there(panel: Panel, column: str) -> bool:
    if column == "claims":
        return panel.has("conversion_value") or panel.has("conversions")
    if column == "baskets":
        return "orders" in panel.till or (panel.has("conversion_value") and panel.has("conversions"))
    if column == "campaign":
        return bool(np.isfinite(panel.campaigns).any())
    return panel.has(column)


def sales_per_day(panel: Panel) -> float | None:
    """Return claimed conversions per day of the account, else orders; None where nothing is counted."""
    for values in (panel.total["conversions"], panel.till.get("orders")):
        if values is not None and np.isfinite(values).any():
            return float(np.nanmean(values)) / 7
    return None


def columns_of(panel: Panel) -> Columns:
    """Return which set of columns an account comes nearest to, of those whose error rates are known."""
    if not panel.till or not (panel.has("conversions") and panel.has("conversion_value")):
        return "bare"
    if not (panel.has("impressions") and panel.has("clicks") and "orders" in panel.till):
        return "claims"
    if panel.has("reach") and "sessions" in panel.till:
        return "full"
    return "funnel"
