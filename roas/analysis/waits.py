"""What a plan that was looked for should wait for: findings of the same analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.language import say
from roas.plan import holds

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan

#: Share of the plan's total below which a move is not named, nor waited with: nobody would notice it.
NAMED: Final = 0.01


def named(plan: Plan) -> list[ChannelMove]:
    """Return the moves that are worth naming (see `NAMED`), the largest first."""
    found = [move for move in plan.moves if abs(move.planned - move.now) >= max(NAMED * plan.total, 0.005)]
    return sorted(found, key=lambda move: (-abs(move.planned - move.now), move.channel))


def waits(result: WhatIf, plan: Plan) -> list[str]:
    """Say why moving money should wait, as parts of a sentence, what is proven first.

    Empty for a split that somebody named, for a plan that is held or that
    limits force, and where nothing large is moved.
    """
    if not result.question(plan).optimizes or plan.held or _forced(plan):
        return []
    found = named(plan)
    return holds.reasons(result.analysis.diagnosis, found) if found else []


def wait_sentences(result: WhatIf, plan: Plan) -> list[str]:
    """Say what to wait for in whole sentences: the first reason, and each other one."""
    reasons = waits(result, plan)
    first = [say("Wait with moving money: {reason}.", reason=each) for each in reasons[:1]]
    return [*first, *(say("Another reason to wait: {reason}.", reason=each) for each in reasons[1:])]


def _forced(plan: Plan) -> bool:
    """Tell whether the plan only does what limits demand."""
    return "why_held" in plan.facts or plan.facts.get("cost_of_limits") is not None
