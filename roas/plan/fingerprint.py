"""A hash of everything that a score rests on: while it stays, the score can be used again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from roas.plan.noted import Noted
from roas.plan.observed import Observed

if TYPE_CHECKING:
    import pandas as pd

#: Part of a fingerprint: a score of another way of scoring is not used again.
METHOD: Final = "2"

#: Sums in a fingerprint that are written to the cent (claims and visits to the hundredth).
MONEY: Final = frozenset({"spend", "revenue", "conversions", "conversion_value", "clicks", "sessions"})


def fingerprint(plan: Noted, seen: Observed) -> str:
    """Return a hash of what a score rests on: the plan, the tables up to its end, the grain, tests, the method.

    Amounts of money count to the cent, controls to their last digit, whatever
    the order of rows and files.
    """
    import pandas as pd

    first, end = pd.Timestamp(plan.begins), pd.Timestamp(plan.ends) + pd.Timedelta(days=1)
    spend = seen.spend[seen.spend["date"] < end].sort_values(["date", "channel", "spend"], kind="stable")
    revenue = seen.revenue[seen.revenue["date"] < end].sort_values("date", kind="stable")
    # Claims and visits are read of the time before alone: platforms correct theirs for weeks.
    claims = [name for name in ("conversions", "conversion_value", "clicks") if name in spend.columns]
    old = spend[spend["date"] < first].groupby(["date", "channel"])[claims].sum(min_count=1)
    visits = [name for name in ("sessions",) if name in revenue.columns]
    unused = [*visits, *(name for name in ("currency", "orders", "new_customers") if name in revenue.columns)]
    parts = (
        spend.groupby(["date", "channel"])[["spend"]].sum().reset_index(),
        old.reset_index(),
        revenue.drop(columns=unused),
        revenue.loc[revenue["date"] < first, ["date", *visits]],
    )
    digest = hashlib.sha256(repr((METHOD, plan, seen.grain, seen.model_grain, tuple(seen.tests))).encode())
    for frame in parts:
        digest.update(_text(frame).encode())
    return digest.hexdigest()


def _text(frame: pd.DataFrame) -> str:
    """Write a table in the order of its columns and rows: sums of rows in another order differ after the cent."""
    from pandas.api.types import is_float_dtype

    exact = [name for name in frame.columns if is_float_dtype(frame[name]) and name not in MONEY]
    written = frame.assign(**{name: [repr(float(each)) for each in frame[name]] for name in exact})
    ordered = written.reindex(columns=sorted(written.columns))
    ordered = ordered.sort_values(list(ordered.columns), kind="stable")
    return str(ordered.to_csv(index=False, float_format="%.2f"))
