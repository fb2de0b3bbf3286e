"""How few campaigns bring most of what is claimed: those that did before, so that luck is not rewarded."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.ratios import level
from roas.diagnosis.readings.view import View, recent, weeks_in

NAME: Final = "concentration"

#: Share of campaigns called the best ones.
BEST: Final = 0.1

#: Campaigns below which a tenth is not even one.
FEWEST_CAMPAIGNS: Final = 10

#: Weeks in which the best campaigns are chosen, before the recent ones: half a year.
CHOSEN_WEEKS: Final = 26

#: Share of surplus from the best tenth above which the account hangs on few campaigns: half, this project's choice.
HALF: Final = 0.5


def read(view: View, *, margin: float | None = None) -> Reading:
    """Measure how much of the recent surplus the campaigns bring that were best before.

    Parameters
    ----------
    view : View
    margin : float or None
        Share of claimed revenue that is left for ads; 1 without.

    Returns
    -------
    Reading
        ``value`` is the share of claimed revenue of the last 8 complete weeks from the tenth of campaigns with the
        largest claimed surplus, ``margin · claims − spend``, in the half year before, or what there is
        of it (``facts["chosen"]`` weeks). Chosen and measured in
        different weeks: else the best would be best by luck.
    """
    if not view.named:
        return Reading(NAME, "unknown", None, "share", missing=("campaign",))
    if not view.has("conversion_value"):
        return Reading(NAME, "unknown", None, "share", missing=("conversion_value",))
    end = view.ripe_weeks
    now = recent(end)
    past = slice(max(0, now.start - CHOSEN_WEEKS), now.start)
    named = np.array([name is not None for name in view.campaigns], dtype=np.bool_) & view.claiming
    surplus = ((margin or 1.0) * view.claims - view.spend)[:, past].sum(axis=1)
    known = np.flatnonzero(named & (view.spend[:, past].sum(axis=1) > 0))
    if len(known) < FEWEST_CAMPAIGNS:
        why = "history" if named.sum() >= FEWEST_CAMPAIGNS else "campaigns"
        return Reading(NAME, "unknown", None, "share", {"why": why, "campaigns": len(known)}, (why,))
    best = known[np.argsort(-surplus[known], kind="stable")[: max(1, round(BEST * len(known)))]]
    value = level(view.claims[best].sum(axis=0), view.claims[named].sum(axis=0), at=now, most=1.0)
    if value is None:
        return Reading(NAME, "unknown", None, "share", {"why": "history", "campaigns": len(known)}, ("history",))
    paid = float(view.spend[named][:, now].sum())
    facts: dict[str, Any] = {
        "weeks": weeks_in(now),
        "chosen": weeks_in(past),
        "campaigns": len(known),
        "best": len(best),
        "spend": float(view.spend[best][:, now].sum()) / paid if paid > 0 else 0.0,
        "names": [view.campaigns[i] or "" for i in best[:3]],
    }
    state: State = "unclear" if value.p5 <= HALF <= value.p95 else ("concern" if value.p5 > HALF else "fine")
    return Reading(NAME, state, value, "share", facts)
