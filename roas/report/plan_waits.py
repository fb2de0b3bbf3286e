"""A plan beside what it should wait for, as the weekly report says it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.analysis.waits import wait_sentences, waits
from roas.language import say
from roas.plan import holds

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Plan


def unproven(result: WhatIf) -> bool:
    """Tell whether a finding is only possible: beside it no split that was looked for is a firm instruction."""
    return holds.unproven(result.analysis.diagnosis)


def waiting(result: WhatIf, plan: Plan, moves: str, *, firm: bool) -> str:
    """Say what to wait for, and the moves as what may come after; empty where nothing asks to wait."""
    reasons = waits(result, plan)
    if not reasons:
        return ""
    said = {"reason": reasons[0], "moves": moves}
    if firm:
        return say("Wait with moving money: {reason}. After that: {moves}.", **said)
    return say("Wait with moving money: {reason}. After that, probably best: {moves}.", **said)


def first_wait(result: WhatIf, plan: Plan) -> str:
    """Say what to wait for, alone; empty where nothing asks to wait."""
    return "".join(wait_sentences(result, plan)[:1])


def other_waits(result: WhatIf, plan: Plan) -> list[str]:
    """Say what else asks to wait."""
    return wait_sentences(result, plan)[1:]
