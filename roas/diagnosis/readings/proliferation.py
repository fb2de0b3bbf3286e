"""Whether the same money is spread over more, younger and smaller campaigns."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.ratios import FEWEST_WEEKS, exact, exact_change
from roas.diagnosis.readings.view import Array, View, before, recent, weeks_in
from roas.quantiles import Q

NAME: Final = "proliferation"

#: Age below which a campaign is young, days, and claimed conversions a week below which it is starved: what platforms
#: ask for before their bidding has learnt (diagnosis.md, H14).
YOUNG_DAYS: Final = 14
ENOUGH_SALES: Final = 50

#: Growth of the number of live campaigns that is a concern, if money per campaign falls with it: a quarter, this
#: project's choice.
MORE: Final = 1.25

#: Days in a month.
MONTH: Final = 365.25 / 12


def read(view: View) -> Reading:
    """Count live campaigns, their age and their size.

    Parameters
    ----------
    view : View

    Returns
    -------
    Reading
        ``value`` is the number of campaigns live per week in the last 8 weeks over that of the year before, counted
        and not estimated.
    """
    if not view.named:
        return Reading(NAME, "unknown", None, "ratio", missing=("campaign",))
    named = np.array([name is not None for name in view.campaigns], dtype=bool)
    spend = np.where(named[:, None], view.spend, 0.0)
    end = len(view.weeks)
    live = (spend > 0).sum(axis=0).astype(float)
    weeks = (live > 0).astype(float)
    now, then = exact(live, weeks, recent(end)), exact(live, weeks, before(end))
    if now is None or not then or weeks[before(end)].sum() < FEWEST_WEEKS:
        return Reading(NAME, "unknown", None, "ratio", missing=("history",))
    paid = spend.sum(axis=0)
    each = exact(paid, live, recent(end))
    grown, per = now / then, exact_change(each, exact(paid, live, before(end)))
    small, young = _starved(view, spend), _young(view, spend)
    facts: dict[str, Any] = {
        "weeks": weeks_in(recent(end)),
        "now": now,
        "then": then,
        "currency": view.currency,
        "per_campaign": each,
        "per_campaign_change": per,
        "young": _share(young, spend, recent(end)),
        "young_then": _share(young, spend, before(end)),
        "small": None if small is None else _share(small, spend, recent(view.ripe_weeks)),
        "small_then": None if small is None else _share(small, spend, before(view.ripe_weeks)),
        "effective": _effective(spend[:, recent(end)]),
        "effective_then": _effective(spend[:, before(end)]),
        "launches": _launches(view, recent(end)),
        "launches_then": _launches(view, before(end)),
    }
    return Reading(NAME, _state(grown, per), Q.at(grown, grown, grown), "ratio", facts)


def _state(grown: float, per: float | None) -> State:
    if grown < MORE:
        return "fine"
    return "concern" if per is not None and per < 0 else "unclear"


def _young(view: View, spend: Array) -> Array:
    """Return spend in weeks that begin less than `YOUNG_DAYS` after a campaign's first; NaN where that is not known.

    Campaigns that are there from the first days on may be of any age.
    """
    age = (view.weeks[None, :] - view.first_day[:, None]) / np.timedelta64(1, "D")
    old = view.first_day - view.weeks[0] < np.timedelta64(YOUNG_DAYS, "D")
    out = np.where((age < YOUNG_DAYS) & ~old[:, None], spend, 0.0)
    out[:, : YOUNG_DAYS // 7] = np.nan
    return np.asarray(out, dtype=np.float64)


def _starved(view: View, spend: Array) -> Array | None:
    """Return spend in weeks with fewer than `ENOUGH_SALES` claimed conversions; None where none are told."""
    told = view.reports["conversions"][view.channel]
    if not told.any():
        return None
    return np.where(told[:, None], np.where(view.sums["conversions"] < ENOUGH_SALES, spend, 0.0), np.nan)


def _share(part: Array, spend: Array, weeks: slice) -> float | None:
    part, whole = part[:, weeks], spend[:, weeks]
    known = np.isfinite(part)
    total = float(whole[known].sum())
    return float(part[known].sum()) / total if total > 0 else None


def _effective(spend: Array) -> float | None:
    """Return the number of equal campaigns that would be as spread out: the inverse Herfindahl index."""
    paid = np.maximum(spend.sum(axis=1), 0.0)
    total = float(paid.sum())
    return float(1 / ((paid / total) ** 2).sum()) if total > 0 else None


def _launches(view: View, weeks: slice) -> float | None:
    """Return first days of campaigns per month; the first two weeks of the file tell no launch."""
    chosen = view.weeks[weeks]
    chosen = chosen[chosen >= view.weeks[0] + np.timedelta64(YOUNG_DAYS, "D")]
    if not len(chosen):
        return None
    named = np.array([name is not None for name in view.campaigns], dtype=bool)
    first = view.first_day[named]
    inside = (first >= chosen[0]) & (first < chosen[-1] + np.timedelta64(7, "D"))
    return float(inside.sum() / (7 * len(chosen)) * MONTH)
