"""What the exports of an account held on an earlier day: fewer days, and sales that are not all claimed yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

#: Days after which a platform has counted half of a day's orders: most of them within the first week.
LAG: Final = 1.5


def exported_on(tables: Mapping[str, pd.DataFrame], day: dt.date, *, lag: float = LAG) -> dict[str, pd.DataFrame]:
    """Return what an account's tables held in the morning of a day.

    Parameters
    ----------
    tables : mapping
        As `simulate` returns them, by day, with claims in full.
    day : date
        The tables end the day before.
    lag : float
        Days after which a platform has counted half of a day's orders, >= 0.

    Returns
    -------
    dict
        The same tables, cut. Of an order placed `a` days before, the share
        ``1 - 0.5 ** (a / lag)`` is claimed; the shop knows all of its own.

    Examples
    --------
    >>> import datetime as dt
    >>> from roas.simulator import exported_on, simulate
    >>> tables, _ = simulate(seed=1, weeks=4)
    >>> exported_on(tables, dt.date(2024, 1, 15))["spend"]["date"].max()
    Timestamp('2024-01-14 00:00:00')
    """
    import pandas as pd

    end = pd.Timestamp(day)
    found = {name: table[pd.to_datetime(table["date"]) < end].reset_index(drop=True) for name, table in tables.items()}
    spend = found["spend"]
    age = (end - pd.to_datetime(spend["date"])).dt.days
    share = 1 - 0.5 ** (age / lag) if lag else 1.0
    claimed = {name: (spend[name] * share).round(2) for name in ("conversions", "conversion_value") if name in spend}
    return {**found, "spend": spend.assign(**claimed)}
