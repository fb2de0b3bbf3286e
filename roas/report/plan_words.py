"""Sentences on a plan, in the order they are read: what to do, what it brings, what to know before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.format import visible
from roas.language import mark, say
from roas.plan.sentences import told
from roas.report.plan_cautions import assumed, cautions, converged, doubts, partly_known, pilot, why_held, would_change
from roas.report.plan_gains import brings, carriers, doing_nothing, reaches, target_of, total_words
from roas.report.plan_moves import same_total, sure
from roas.report.plan_total import kept_words
from roas.report.plan_total import total_words as pays_words
from roas.report.plan_verdict import trifle, verdict

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Plan

__all__ = [
    "CAUTION", "assumed", "brings", "carriers", "caution", "cautions", "comparison", "converged", "doing_nothing",
    "doubts", "gains", "notes", "partly_known", "pays_words", "pilot", "reaches", "total_words", "verdict", "why_held", "would_change",
]  # fmt: skip

#: What every plan rests on.
CAUTION: Final = mark(
    "Estimated from revenue and spend, not measured. Season, demand and luck move sales as well; "
    "look at the result after the plan has run."
)


def caution(result: WhatIf) -> str:
    """Say what every plan rests on; nothing where the estimates decide nothing."""
    return say(CAUTION) if converged(result) else ""


def notes(result: WhatIf) -> list[str]:
    """Return what was decided on the way to the answer."""
    return [visible(told(note)) for note in result.notes]


def gains(result: WhatIf, plan: Plan) -> list[str]:
    """Return what follows the verdict: what the plan brings and costs, and from where; nothing empty."""
    if trifle(result, plan):
        return [each for each in (pays_words(result, plan),) if each]
    said = [
        *(why_held(plan) if plan.held else []),
        brings(result, plan),
        reaches(result, plan),
        assumed(result, plan),
        total_words(result, plan),
        doing_nothing(result, plan),
        pays_words(result, plan),
        kept_words(result, plan),
        carriers(result, plan),
    ]
    return [each for each in said if each]


def comparison(result: WhatIf) -> str:
    """Say which scenario is best, and how surely."""
    best = result.plan
    if best is result.keep:
        return say("None of the scenarios can be recommended: today's split stays.")
    name, lead = visible(best.name), result.lead
    if lead is None:
        if target_of(best) is not None:
            return say("{name} is the best split for its target.", name=name)
        return say("{name} is worth doing.", name=name)
    fields = {"name": name, "second": visible(result.order[1].name), "chance": sure(lead)}
    if result.analysis.margin is not None:
        return say("Best by profit: {name}. The chance that it beats {second}, the next one, is {chance}.", **fields)
    if all(same_total(plan.total, result.today.total) for plan in result.plans):
        return say("Best by revenue: {name}. The chance that it beats {second}, the next one, is {chance}.", **fields)
    return say(
        "Best by revenue less spend (give --margin for profit): {name}. "
        "The chance that it beats {second}, the next one, is {chance}.",
        **fields,
    )
