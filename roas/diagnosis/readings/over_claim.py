"""What platforms claim against what the shop took, and against what ads caused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.ratios import Moved, moved
from roas.diagnosis.readings.view import View, before, recent, weeks_in, year_ago
from roas.quantiles import Q

if TYPE_CHECKING:
    from roas.response import ResponseResults

NAME: Final = "over_claim"

#: Claims over what ads caused from which claimed ROAS misleads: a quarter too much moves a channel from break-even to
#: a fifth below it. This project's choice.
OVER: Final = 1.25

#: Claims over the till above which they cannot all be true.
IMPOSSIBLE: Final = 1.0


def read(view: View, response: ResponseResults | None) -> Reading:
    """Hold claims against the till and, where it is estimated, against what ads caused.

    Parameters
    ----------
    view : View
    response : ResponseResults or None

    Returns
    -------
    Reading
        ``value`` is claims over what ads caused where that is estimated, else claims over the till of the last 8
        complete weeks; ``facts["against"]`` says which. The trend is of claims over the till, by
        `roas.diagnosis.readings.ratios.moved`, against the same weeks a year ago, else the weeks before.
    """
    if not view.has("conversion_value"):
        return Reading(NAME, "unknown", None, "ratio", missing=("conversion_value",))
    if "revenue" not in view.till:
        return Reading(NAME, "unknown", None, "ratio", missing=("revenue",))
    till, facts = _over_till(view)
    caused = None if response is None or not response.converged else _over_caused(view, response)
    if caused is not None:
        facts |= {"against": "caused", "till": None if till is None else till.now}
        return Reading(NAME, _state(caused, OVER, OVER), caused, "ratio", facts)
    if till is None:
        return Reading(NAME, "unknown", None, "ratio", {"why": "history"}, missing=("history",))
    # Below the till, claims may still be far above what ads caused: that is not known to be fine.
    return Reading(NAME, _state(till.now, IMPOSSIBLE, 0.0), till.now, "ratio", {**facts, "against": "till"})


def _state(value: Q, above: float, fine: float) -> State:
    if value.p5 > above:
        return "concern"
    return "fine" if value.p95 < fine else "unclear"


def _over_till(view: View) -> tuple[Moved | None, dict[str, Any]]:
    claims, end = view.claims.sum(axis=0), view.ripe_weeks
    since = year_ago(end)
    then = since or before(end)
    found = moved(claims, view.till["revenue"], recent(end), then)
    if found is None and since is not None:
        since, found = None, moved(claims, view.till["revenue"], recent(end), before(end))
    facts: dict[str, Any] = {"weeks": weeks_in(recent(end)), "change": None, "than": "year" if since else "before"}
    if found is not None:
        return found, {**facts, "change": found.change}
    only = moved(claims, view.till["revenue"], recent(end), recent(end))
    return only, facts


def _over_caused(view: View, response: ResponseResults) -> Q | None:
    """Return claims over what the same channels caused, over the weeks of the model in which both are known."""
    names = response.data.channels
    claiming = {name for name, claims in zip(view.channels, view.reports["conversion_value"], strict=True) if claims}
    rows = [c for c in response.curves.each() if names[c] in claiming]
    if not rows or not len(view.weeks):
        return None
    first, last = (np.datetime64(day, "D") for day in (response.data.dates[0], response.data.dates[-1]))
    kept = (view.weeks >= first) & (view.weeks <= last) & (np.arange(len(view.weeks)) < view.ripe_weeks)
    theirs = np.isin(view.channel, [view.channels.index(names[c]) for c in rows])
    claims, spend = (float(x[theirs][:, kept].sum()) for x in (view.claims, view.spend))
    # ROAS over the model's window, at the spend of the weeks in which claims are complete.
    draws = response.roas_draws()
    per_channel = np.array(
        [float(view.spend[view.channel == view.channels.index(names[c])][:, kept].sum()) for c in rows]
    )
    caused = draws[[names[c] for c in rows]].to_numpy() @ per_channel
    if not claims > 0 or not spend > 0 or not (caused > 0).all():
        return None
    return Q.of(claims / caused)
