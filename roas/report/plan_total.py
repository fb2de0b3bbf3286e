"""Whether the next unit of money pays anywhere at a plan: one sentence, and its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from roas.format import visible
from roas.plan.outcome import NEXT_STATE, NEXT_UNIT
from roas.plan.sentences import told

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


def _known(result: WhatIf, plan: Plan) -> bool:
    response = result.analysis.response
    return NEXT_UNIT in plan.facts and response is not None and bool(response.converged)
