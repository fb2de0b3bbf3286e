"""Whether the next unit of money pays anywhere at a plan: one sentence, and its state."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, Literal

from roas.format import visible
from roas.language import say
from roas.plan.doubts import BINDS
from roas.plan.outcome import NEXT_STATE, NEXT_UNIT
from roas.plan.pays import break_even
from roas.plan.sentences import told
from roas.report.plan_moves import moved, same_total

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Plan

#: As `roas.plan.pays.State`; empty where nothing is said.
State = Literal["none_pays", "all_pay", "likely", "some", ""]


def total_words(result: WhatIf, plan: Plan) -> str:
    """Say whether any channel's next unit of money earns itself back, at the margin or at 1 without one.

    One thought in the language in force: that it does nowhere, everywhere or
    not in the channels that are named, with doubt where the 90 % intervals
    leave some, and what follows for the money in all. Empty where nothing is
    to be said, as for estimates that did not settle.
    """
    return visible(told(plan.facts[NEXT_UNIT])) if _known(result, plan) else ""


def total_state(result: WhatIf, plan: Plan) -> State:
    """Return what `total_words` says: ``"none_pays"`` where no channel's next unit earns itself back."""
    state: State = plan.facts[NEXT_STATE] if _known(result, plan) else ""
    return state


def kept_words(result: WhatIf, plan: Plan) -> str:
    """Say why a plan gives money to a channel whose next unit does not earn itself back.

    Only where the total is kept, no limit asks for it, and the next unit loses
    no more there than where the money comes from.
    """
    asked = result.question(plan)
    targets = asked.target_revenue is not None or asked.target_marginal_roas is not None
    free = bool(plan.facts.get("free_total")) or not same_total(plan.total, result.today.total)
    if plan.held or not asked.optimizes or targets or free or not _known(result, plan):
        return ""
    known = [m for m in moved(plan) if m.channel not in result.today.excluded and isfinite(m.marginal_roas.p50)]
    left = max((move.marginal_roas.p50 for move in known if move.planned < move.now), default=inf)
    least = break_even(result.analysis.margin) * (1 - BINDS)
    gifts = [move for move in known if move.planned > move.now and move.limit.low <= move.now]
    if not any(left <= move.marginal_roas.p50 < least for move in gifts):
        return ""
    return say("The total is kept, so money goes where it loses least.")


def _known(result: WhatIf, plan: Plan) -> bool:
    response = result.analysis.response
    return NEXT_UNIT in plan.facts and response is not None and bool(response.converged)
