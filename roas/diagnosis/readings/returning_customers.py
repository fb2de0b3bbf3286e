"""Whether the account still wins new customers or lives on those it has."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.ratios import Moved, level, moved
from roas.diagnosis.readings.view import Array, View, before, recent, weeks_in, year_ago
from roas.quantiles import Q

NAME: Final = "returning_customers"

#: Relative fall of the share of new customers that is worth acting on: 5 %, this project's choice.
FALL: Final = 0.05

#: Relative rise of the cost of a new customer that is worth acting on: 10 %, this project's choice.
DEARER: Final = 0.1


def read(view: View) -> Reading:
    """Measure the share of new customers and what one costs.

    Parameters
    ----------
    view : View

    Returns
    -------
    Reading
        ``value`` is the share of orders by returning customers in the last 8 weeks; where the shop does not tell new
        customers, of conversions that platforms report. Trends by `roas.diagnosis.readings.ratios.moved`, against
        the same weeks a year ago, else the weeks before.
    """
    found = _sources(view)
    if found is None:
        return Reading(NAME, "unknown", None, "share", missing=("new_customers",))
    source, new, every, end = found
    lately = level(new[recent(end)], every[recent(end)])
    if lately is None:
        return Reading(NAME, "unknown", None, "share", {"source": source}, missing=("history",))
    then = year_ago(end) or before(end)
    share = moved(new, every, recent(end), then)
    cost = moved(view.spend.sum(axis=0), new, recent(end), then)
    facts: dict[str, Any] = {
        "weeks": weeks_in(recent(end)),
        "source": source,
        "currency": view.currency,
        "than": "year" if year_ago(end) else "before",
        "share_change": None if share is None else share.change,
        "cost": None if cost is None else cost.now,
        "cost_change": None if cost is None else cost.change,
        # More new customers than orders cannot be: the two columns count different things.
        "odd_weeks": int((new > every).sum()),
    }
    value = Q.at(*(float(np.clip(1 - x, 0.0, 1.0)) for x in (lately.p95, lately.p50, lately.p5)))
    state: State = "unclear" if facts["odd_weeks"] else _state(share, cost)
    return Reading(NAME, state, value, "share", facts)


def _sources(view: View) -> tuple[str, Array, Array, int] | None:
    if "new_customers" in view.till and "orders" in view.till:
        return "shop", view.till["new_customers"], view.till["orders"], len(view.weeks)
    if view.has("new_conversions") and view.has("conversions"):
        both = view.reports["new_conversions"][view.channel]
        new, every = (view.sums[name][both].sum(axis=0) for name in ("new_conversions", "conversions"))
        return "claims", new, every, view.ripe_weeks
    return None


def _state(share: Moved | None, cost: Moved | None) -> State:
    if share is None or cost is None:
        return "unclear"
    if share.change.p50 < -FALL and share.change.p95 < 0:
        return "concern"
    if cost.change.p50 > DEARER and cost.change.p5 > 0:
        return "concern"
    return "fine" if share.change.p5 > -FALL and cost.change.p95 < DEARER else "unclear"
