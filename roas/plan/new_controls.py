"""Controls that leave the range they had before a plan: what they did cannot be told from what it did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.plan._arrays import Array

if TYPE_CHECKING:
    import pandas as pd

#: Share of the range that a control had before the plan by which it may leave
#: it: so far the straight line of the model is carried on. Of a bell curve the
#: largest of four draws passes that of sixty before it in one case of sixteen,
#: and by this much in one of forty.
LEAVES: Final = 0.1

#: Name of the days around New Year among the controls (`roas.response.data`).
HOLIDAYS: Final = "holidays"


def new_controls(revenue: pd.DataFrame, first: pd.Timestamp, holidays: Sequence[dt.date] = ()) -> tuple[str, ...]:
    """Return the controls that leave the range they had before a day, in the order of their names.

    Parameters
    ----------
    revenue : DataFrame
        Canonical, up to the end of a plan: ``date`` and controls.
    first : Timestamp
        First day of the plan.
    holidays : sequence of date
        Days of all of it.

    Returns
    -------
    tuple of str
        A first promotion, a new price, a control that nobody had noted
        before; `HOLIDAYS` where all of them lie in the plan's weeks. What
        they did to sales cannot be told from what the plan did.

    Notes
    -----
    With [a, b] the values before, on the rows as they are: any value below
    ``a - LEAVES * (b - a)`` or above ``b + LEAVES * (b - a)`` counts.
    """
    from roas.response.controls import choose_controls

    late = (revenue["date"] >= first).to_numpy()
    found = []
    for name in choose_controls(revenue).names:
        values = revenue[name].to_numpy(np.float64)
        before, after = values[~late & np.isfinite(values)], values[late & np.isfinite(values)]
        if not len(after):
            continue
        if not len(before) or _leaves(after, float(before.min()), float(before.max())):
            found.append(name)
    days = [day >= first.date() for day in holidays]
    return (*sorted(found), *([HOLIDAYS] if days and all(days) else []))


def _leaves(values: Array, low: float, high: float) -> bool:
    room = LEAVES * (high - low)
    return bool(values.min() < low - room or values.max() > high + room)
