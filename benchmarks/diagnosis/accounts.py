"""From a job to an account: spend, revenue, and what was planted.

Columns, from few to many:

bare    date, channel, spend, and the revenue that platforms claim; no shop
claims  also claimed conversions; the shop's revenue
funnel  also campaigns, impressions and clicks; the shop's orders
full    also reach; the shop's sessions, new customers and promotions
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from benchmarks.diagnosis.cells import OWN_COURSE, Job

if TYPE_CHECKING:
    import pandas as pd

#: What `simulate` calls the columns.
COLUMNS: Final = {
    "bare": "bare",
    "claims": "date,channel,spend,conversions,conversion_value,currency,revenue",
    "funnel": "date,channel,campaign,spend,impressions,clicks,conversions,conversion_value,currency,revenue,orders",
    "full": "full",
}

COUNTS: Final = ("impressions", "reach", "clicks", "conversions")

#: Claimed conversions a day at scale 1: median of seeds 0 to 39 (90 % of them: 94 to 136).
SALES_AT_SCALE_1: Final = 112.0

#: What the simulator is asked for, beside causes.
HAPPENINGS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "holiday": {"decoys": ["holiday"]},
    "price_wobble": {"decoys": ["price_wobble"]},
    "spend_test": {"decoys": ["spend_test"]},
    "chase": {"chase": 0.5},
    "claims_lag": {"claims_lag": 3.0},
    "renamed": {"renamed": 2},
    "paused": {"paused": 2},
}


#: Weeks before the end in which the second generator plants a cause; in a short account the last third, as ours.
ONSET_WEEKS: Final = 12

#: Asked for in healthy accounts of the second generator, where it changes nothing.
ANY_SIZE: Final = 0.3


#: Mean of ``2 ** (-5 a / 14)`` over the ages 0 to 6: what late reporting takes of the last week where nothing of
#: the last day is counted yet (docs/simulator.md).
MISSING_OF_LAST_WEEK: Final = 0.54


class NotPossible(Exception):
    """The generator cannot make this account; no fault of anybody."""


@dataclass(frozen=True)
class Truth:
    """A cause that was planted.

    Attributes
    ----------
    cause, channel : str, str or None
        What and where; None is the whole account.
    since : date
        First day it acts.
    effect : float
        Revenue lost per week since, in currency; NaN where not known.
    channels : tuple of str
        All that are hit, where more than `channel` is.
    """

    cause: str
    channel: str | None
    since: dt.date
    effect: float
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """What is diagnosed, and the truth."""

    spend: pd.DataFrame
    revenue: pd.DataFrame | None
    truths: tuple[Truth, ...]

    @property
    def sales_per_day(self) -> float | None:
        """Claimed conversions per day; orders where no platform counts; None where nobody does."""
        days = self.spend["date"].nunique()
        if "conversions" in self.spend:
            return float(self.spend["conversions"].sum()) / days
        if self.revenue is not None and "orders" in self.revenue:
            return float(self.revenue["orders"].sum()) / days
        return None


def make(job: Job) -> Account:
    """Make the account of a job.

    Raises
    ------
    NotPossible
        Where the generator has no such account: a hit that the cause
        cannot reach in this shop, two causes in one place.
    """
    return _ours(job) if job.generator == "ours" else _other(job)


def _ours(job: Job) -> Account:
    from roas.errors import UsageError
    from roas.simulator import simulate

    planted = [_planted(cause, job.size, job.shape) for cause in (job.cause, job.second) if cause]
    try:
        tables, truth = simulate(
            seed=job.seed,
            causes=planted,
            weeks=job.weeks,
            scale=job.sales / SALES_AT_SCALE_1,
            columns=COLUMNS[job.columns],
            **HAPPENINGS[job.kind],
        )
    except UsageError as error:
        raise NotPossible(str(error)) from None
    found = tuple(
        Truth(each["cause"], each["scope"]["channel"], dt.date.fromisoformat(each["since"]), each["effect_per_week"])
        for each in truth["causes"]
    )
    spend = tables["account"] if job.columns == "bare" else tables["spend"]
    return Account(spend, tables.get("revenue"), _main_first(found, job.cause))


def _planted(cause: str, size: float, shape: str) -> Any:
    """Return a cause of a size; late reporting takes `size` of the claims of the last week."""
    from roas.simulator import Planted

    if cause == "reporting_lag":
        return Planted(cause, factor=max(0.05, 1 - size / MISSING_OF_LAST_WEEK))
    return Planted(cause, size=size, shape=_shape(cause, shape))


def _shape(cause: str, shape: str) -> Any:
    return None if shape == "own" or cause in OWN_COURSE else shape


def _main_first(found: tuple[Truth, ...], main: str | None) -> tuple[Truth, ...]:
    return tuple(sorted(found, key=lambda each: each.cause != main))


def with_more_campaigns(account: Account, *, times: int) -> Account:
    """Divide every campaign into several of equal size: as large an export as big accounts have."""
    import pandas as pd

    amounts = [name for name in ("spend", "conversion_value", *COUNTS) if name in account.spend]
    parts = [
        account.spend.assign(
            campaign=account.spend["campaign"] + f" {nth}", **{name: account.spend[name] / times for name in amounts}
        )
        for nth in range(times)
    ]
    return replace(account, spend=pd.concat(parts, ignore_index=True))


def _other(job: Job) -> Account:
    """Ask the second generator."""
    if not other_generator():
        raise NotPossible("the second generator, benchmarks/diagnosis/other_worlds.py, is not here")
    from benchmarks.diagnosis import other_worlds

    try:
        spend, revenue, truth = other_worlds.make(
            seed=job.seed,
            cause=job.cause,
            size=job.size or ANY_SIZE,
            sales_per_day=job.sales,
            columns=job.columns,
            weeks=job.weeks,
            onset_weeks=min(ONSET_WEEKS, job.weeks // 3),
            shape="step" if job.shape == "own" else job.shape,
            second=job.second,
            decoy=None if job.kind == "plain" else job.kind,
        )
    except ValueError as error:
        raise NotPossible(str(error)) from None
    planted = [each for each in (truth if job.cause else None, truth["second"]) if each]
    return Account(spend, revenue, tuple(_read_truth(each) for each in planted))


def _read_truth(each: Any) -> Truth:
    since = dt.date.fromisoformat(str(each["since"])[:10])
    return Truth(each["cause"], each["channel"], since, float(each["effect_per_week"]), tuple(each["channels"]))


@cache
def other_generator() -> bool:
    """Return whether the second generator is here."""
    return find_spec("benchmarks.diagnosis.other_worlds") is not None
