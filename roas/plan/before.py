"""A model of the time before a plan, which knows nothing of the time after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.errors import InputError, UsageError
from roas.limits import FEWEST_MODEL_WEEKS
from roas.plan._arrays import Array
from roas.plan.new_controls import new_controls
from roas.plan.observed import Cut, Observed
from roas.response.data import DAYS, assemble

if TYPE_CHECKING:
    from roas.response.data import MediaData
    from roas.response.model import ResponseModel
    from roas.response.results import ResponseResults


class NotKnown(Exception):
    """Why nothing can be said; ``args[0]`` is a key of `roas.plan.verdict.Why`, the others are names it is about."""


@dataclass(frozen=True)
class Before:
    """A model of the time before a day, and what the tables say of the time from that day on.

    Attributes
    ----------
    response : ResponseResults
        Fitted to nothing from that day on.
    spend : mapping
        Channel of the model → money per period from that day on, currency.
    revenue : array, shape (P,)
        Currency per period from that day on; NaN where not known.
    controls : mapping
        Name → value per period: promotions and holidays as they were.
    """

    response: ResponseResults
    spend: Mapping[str, Array]
    revenue: Array
    controls: Mapping[str, Array]

    @property
    def per_week(self) -> int:
        """Periods of a week."""
        return 7 // DAYS[self.response.data.grain]


def before(seen: Observed, begins: dt.date, *, weeks: int, seed: int = 0) -> Before:
    """Fit the response model to everything before a day.

    Parameters
    ----------
    seen : Observed
    begins : date
        First day that the model may not know.
    weeks : int
        Weeks from that day on that will be asked about.
    seed : int

    Raises
    ------
    NotKnown
        ``"short"``, ``"gap"``, ``"no_model"``, ``"not_settled"``, and
        ``"new_control"`` with the names of the controls (`new_controls`).

    Notes
    -----
    A model by week of a table by day needs weeks that begin on the weekday of
    `begins`. All dates are moved on by up to six days for that, holidays and
    tests with them; the yearly season is a curve without a fixed origin.
    """
    from threadpoolctl import threadpool_limits

    cut = Cut.of(seen, begins, weeks)
    if cut.weeks_before < FEWEST_MODEL_WEEKS:
        raise NotKnown("short")
    if strange := new_controls(cut.revenue, cut.first, cut.holidays):
        raise NotKnown("new_control", *strange)
    with threadpool_limits(1):
        response, whole = _fitted(seen, cut, begins, seed)
    later = whole.dates >= cut.start
    names = [name for name in response.data.channels if name in whole.channels]
    return Before(
        response,
        {name: whole.spend[later, whole.channels.index(name)] for name in names},
        whole.revenue[later],
        {name: whole.controls[later, i] for i, name in enumerate(whole.control_names)},
    )


def _fitted(seen: Observed, cut: Cut, begins: dt.date, seed: int) -> tuple[ResponseResults, MediaData]:
    """Return the model of the time before, and one calendar of everything."""
    from numpy.linalg import LinAlgError

    try:
        model, whole = _models(seen, cut, begins)
        if model.data.dates[-1] + np.timedelta64(DAYS[model.data.grain], "D") != cut.start:
            raise NotKnown("gap")
        response = model.fit(seed=seed)
    except (InputError, UsageError, LinAlgError):
        raise NotKnown("no_model") from None
    if response.fitting is None:
        raise NotKnown("no_model")
    if not response.converged:
        raise NotKnown("not_settled")
    return response, whole


def _models(seen: Observed, cut: Cut, begins: dt.date) -> tuple[ResponseModel, MediaData]:
    """Return the model of the time before, not fitted yet, and one calendar of everything."""
    from roas.response.controls import choose_controls
    from roas.response.model import ResponseModel

    old = [table[table["date"] < cut.first] for table in (cut.spend, cut.revenue)]
    how: dict[str, Any] = {
        "controls": choose_controls(old[1]).names,
        "holidays": cut.holidays,
        "grain": seen.model_grain,
    }
    tests = tuple(
        replace(test, start=test.start + cut.moved, end=test.end + cut.moved)
        for test in seen.tests
        if test.end < begins
    )
    return ResponseModel(*old, tests=tests, **how), assemble(cut.spend, cut.revenue, **how)
