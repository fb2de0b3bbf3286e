"""A split that was chosen: recommended where it can be defended, else today's is kept, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.format import percent
from roas.language import mark
from roas.plan.aims import aims
from roas.plan.amounts import about
from roas.plan.cost_of_limits import cost_of_limits, forced
from roas.plan.honest import Chosen, monte_carlo_error
from roas.plan.outcome import TARGET, Proposal, plan_of
from roas.plan.results import Plan, Warned
from roas.plan.sentences import Sentence, told
from roas.plan.task import Amounts, Task

if TYPE_CHECKING:
    from roas.plan._arrays import Array

#: Standard errors of the judging half by which a gain must differ from nothing.
SURE: Final = 2.0

#: Probability of beating the reference that a plan must pass to be recommended.
#: Above a half is the least that could be asked; but a move costs work and
#: trust. 0.65, 0.7, 0.75 and 0.8 were tried over 108 accounts of
#: `roas.simulator` at 30 %: this one leaves 4 % worse off, 0.7 leaves 8 %.
LIKELY: Final = 0.75


def recommended(task: Task, planned: Amounts, chosen: Chosen, *, proven: bool) -> Plan:
    """Recommend a split, or keep the reference and say why.

    Parameters
    ----------
    task : Task
    planned : mapping
        What was chosen: every channel → currency per week.
    chosen : Chosen
        How it was.
    proven : bool
        Whether the search bounds what any other split could reach.
    """
    gain = task.gain(planned, task.reference)
    facts = _facts(task, gain, chosen, proven=proven)
    if planned == task.reference:
        return held(task, Sentence(_nothing(task)), facts)
    doubt = _doubt(task, planned, gain)
    if doubt is not None:
        return held(task, doubt, facts, gain)
    cost, costs = cost_of_limits(task, planned)
    return plan_of(
        task.judge,
        task.today,
        Proposal(planned),
        limits=task.limits,
        margin=task.margin,
        name=task.name,
        facts=facts | cost,
        extra=(*aims(task, planned, chosen.taken_back), *costs),
        price=chosen.split.price,
    )


def _facts(task: Task, gain: Array, chosen: Chosen, *, proven: bool) -> dict[str, Any]:
    return {
        **asked_for(task),
        "optimality_gap": round(chosen.split.gap, 2) if proven else None,
        "optimism": round(chosen.optimism, 2),
        "part": chosen.part,
        "taken_back": list(chosen.taken_back),
        "gain_over_reference": float(gain.mean()),
        "monte_carlo_error": monte_carlo_error(gain),
        "probability_over_reference": _better(gain),
    }


def asked_for(task: Task) -> dict[str, Any]:
    """Return what the plan is to be best at: the objective, and the target where one is given."""
    found: dict[str, Any] = {"objective": task.goal.objective, "free_total": task.goal.free}
    return found | ({TARGET: task.goal.price} if task.goal.objective == "target_roas" else {})


def _nothing(task: Task) -> str:
    if task.goal.objective == "cautious":
        return mark("no move inside the limits makes the bad case better")
    return mark("no move inside the limits gains anything")


def _better(gain: Array) -> float:
    return float(np.mean(gain > 0))


def _doubt(task: Task, planned: Amounts, gain: Array) -> Sentence | None:
    """Return why a gain cannot be defended; None where it can."""
    better = _better(gain)
    if gain.mean() <= 0 or better <= LIKELY:
        unsure = mark("the best split found beats it with a probability of {better}; more than {needed} is asked")
        return Sentence(unsure, better=(percent, better), needed=(percent, LIKELY))
    if task.goal.score(gain) <= 0:
        return Sentence(mark("every split that gains on average loses in the worst cases"))
    if gain.mean() <= SURE * monte_carlo_error(gain):
        small = mark(
            "the best split found gains about {amount} per week, which is not beyond the error of the computation"
        )
        return Sentence(small, amount=(about, float(gain.mean()), task.today.currency))
    if _assumed(task, planned):
        return Sentence(mark("what its moves bring rests on what is usual elsewhere, not on this account's data"))
    return None


def _assumed(task: Task, planned: Amounts) -> bool:
    """Whether the data say little of every channel that would move: then they do not choose between them.

    Over 297 accounts of three generators the rule changes no plan that gains
    (benchmarks/whatif); one that asks it of half the moved money takes a
    fifth of the gain where claims are all there is to go by.
    """
    moved = [name for name, amount in planned.items() if amount != task.reference[name]]
    return all(task.today.known.get(name) == "prior" for name in moved)


def held(task: Task, why: Sentence, facts: dict[str, Any], gain: Array | None = None) -> Plan:
    """Keep the reference.

    Parameters
    ----------
    task : Task
    why : Sentence
    facts : dict
    gain : array, optional
        Draws of what the best split that was found would have gained: what
        keeping today's split costs. Where limits move it, what the plan
        itself changes counts.
    """
    demanded = bool(forced(task))
    cost, costs = cost_of_limits(task, task.reference)
    kept = Warned(None, "other" if demanded else "held", Sentence(_kept(task, demanded=demanded), why=(told, why)))
    return plan_of(
        task.judge,
        task.today,
        Proposal(task.reference),
        limits=task.limits,
        margin=task.margin,
        name=task.name,
        facts={**asked_for(task), **facts, "why_held": why, **cost},
        extra=(kept, *aims(task, task.reference, ()), *costs),
        # Moves that limits demand are no split of today's that is kept.
        held=not demanded,
        regret=None if demanded else gain,
    )


def _kept(task: Task, *, demanded: bool) -> str:
    if task.reference == dict(zip(task.today.channels, task.today.spend, strict=True)):
        return mark("Today's split is kept: {why}.")
    if demanded:
        return mark("Your limits move today's split; beyond that nothing is moved: {why}.")
    return mark("Today's shares are kept, as far as limits and budget allow: {why}.")
