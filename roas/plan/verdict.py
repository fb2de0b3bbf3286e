"""Verdicts on a plan that is over: was it followed, and did what it was predicted to change come."""

from __future__ import annotations

import math
from typing import Final, Literal

from roas.plan.noted import Noted, Spent
from roas.quantiles import Q

State = Literal["waiting", "running", "scored", "not_followed", "cannot_tell"]

#: Why a score is as it is; words are rendered where it is shown.
Why = Literal[
    "no_week", "weeks_left",  # waiting, running
    "as_predicted", "more", "less", "nothing", "opposite",  # scored
    "kept_as_expected", "kept_otherwise",  # scored: a plan that holds today's split
    "moved_little", "moved_otherwise",  # not followed
    "too_noisy", "short", "no_model", "not_settled", "gap", "no_revenue",  # cannot tell
    "new_control", "new_channel",  # cannot tell, for something that the time before did not have
]  # fmt: skip

#: Share from which a plan that moves money counts as followed (`roas.plan.noted.spent_of`): most of it
#: was done, and little else.
FOLLOWED: Final = 0.5

#: Share of the money that must have stayed where it was for today's split to
#: count as kept. In `roas.simulator`, where nobody acts on a plan, four weeks
#: differ from the eight before by 17 % of all money in the middle and by less
#: than a quarter in nine cases of ten (10 accounts, 30 dates).
KEPT: Final = 0.75


def verdict(plan: Noted, spent: Spent, realised: Q) -> tuple[State, Why]:
    """Judge a plan whose weeks are over: where it was followed, by what was measured; see `roas.plan.score.score`."""
    assert spent.followed is not None
    assert spent.beside is not None
    if plan.held:
        if spent.followed < KEPT:
            return "not_followed", "moved_little"
        return "scored", "kept_as_expected" if holds(realised, 0.0) else "kept_otherwise"
    if spent.followed < FOLLOWED:
        made = spent.followed if spent.made is None else spent.made
        return "not_followed", "moved_little" if made < FOLLOWED else "moved_otherwise"
    return told(realised, plan.predicted)


def told(realised: Q, predicted: Q) -> tuple[State, Why]:
    """Judge what was measured against what was predicted; see `roas.plan.score.score`.

    Examples
    --------
    >>> told(Q(-400, 50, 500), Q(20, 100, 180))
    ('cannot_tell', 'too_noisy')
    >>> told(Q(40, 120, 200), Q(20, 100, 180)), told(Q(300, 400, 500), Q(20, 100, 180))
    (('scored', 'as_predicted'), ('scored', 'more'))
    >>> told(Q(-40, 10, 60), Q(200, 300, 400)), told(Q(-90, -50, -10), Q(20, 100, 180))
    (('scored', 'nothing'), ('scored', 'opposite'))
    >>> told(Q(300, 400, 500), Q(0, 0, 0)), told(Q(40, 120, 200), Q(-300, -10, 300))
    (('scored', 'more'), ('scored', 'as_predicted'))
    """
    apart = realised.p50 - predicted.p50
    low = apart - math.hypot(realised.p50 - realised.p5, predicted.p95 - predicted.p50)
    high = apart + math.hypot(realised.p95 - realised.p50, predicted.p50 - predicted.p5)
    fits = low <= 0 <= high
    if holds(realised, 0.0):
        return ("cannot_tell", "too_noisy") if fits else ("scored", "nothing")
    if fits:
        return "scored", "as_predicted"
    if holds(predicted, 0.0):
        return "scored", "more"
    if realised.p50 * predicted.p50 < 0:
        return "scored", "opposite"
    # "More" is further from zero: of a plan that saves money, a larger loss of revenue.
    return "scored", "more" if (apart > 0) == (predicted.p50 > 0) else "less"


def holds(interval: Q, value: float) -> bool:
    """Return whether a value lies in the 90 % interval."""
    return interval.p5 <= value <= interval.p95
