"""The answer to a what-if in one sentence: what to do, or what the named split would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import one
from roas.format import money, ratio
from roas.language import say
from roas.report.plan_moves import MOVES, about, exact, moved, moves_words, same_total
from roas.report.plan_waits import first_wait, unproven, waiting

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Plan

#: Probability from which a plan is advice without "probably".
SURE: Final = 0.9

#: Probabilities from and up to which a move leans to one side.
LEANS: Final = (0.6, 0.4)


def verdict(result: WhatIf, plan: Plan) -> str:
    """Say what to do, or what the named split would do, in one sentence."""
    currency, asked = result.analysis.tables.currency, result.question(plan)
    if plan.facts.get("reached") is False and asked.target_revenue is not None:
        return say(
            "{revenue} revenue a week is out of reach inside the limits. Keep today's split.",
            revenue=exact(asked.target_revenue, currency),
        )
    if trifle(result, plan):
        return say(
            "{budget} a week is what you spend today, but for {amount}: nothing worth moving.",
            budget=exact(plan.total, currency),
            amount=money(abs(plan.total - result.today.total), currency, full=True),
        )
    if plan.held and moved(plan):
        return say("No split of this budget beats today's shares: {moves}.", moves=moves_words(plan, currency))
    if plan.held:
        return say("Keep today's split.")
    if not moved(plan):
        return say("This is today's split: nothing changes.")
    if plan.facts.get("cost_of_limits") is not None:
        return say(
            "Your limits cost about {cost} a week against today's split: {moves}.",
            cost=about(float(plan.facts["cost_of_limits"]), currency),
            moves=moves_words(plan, currency),
        )
    if "why_held" in plan.facts:
        return say("Only your limits move money: {moves}.", moves=moves_words(plan, currency))
    return _advice(result, plan) if asked.optimizes else _judged(plan, moves_words(plan, currency))


def _advice(result: WhatIf, plan: Plan) -> str:
    """Word the split that was looked for: after what to wait for, as an instruction where it beats today's."""
    moves = moves_words(plan, result.analysis.tables.currency)
    answer = _answer(result, plan, moves)
    if answer:
        return " ".join(filter(None, (first_wait(result, plan), answer)))
    firm = _firm(plan) and not unproven(result)
    after = waiting(result, plan, moves, firm=firm)
    if after:
        return after
    if firm:
        return say("{instruction}.", instruction=f"{moves[:1].upper()}{moves[1:]}")
    return say("Probably best: {moves}.", moves=moves)


def _answer(result: WhatIf, plan: Plan, moves: str) -> str:
    """Answer what was asked for by a figure: a target, another total; empty where none was."""
    currency, asked = result.analysis.tables.currency, result.question(plan)
    if asked.target_revenue is not None:
        target = exact(asked.target_revenue, currency)
        return say("To reach {revenue} revenue a week: {moves}.", revenue=target, moves=moves)
    if asked.target_marginal_roas is not None:
        return say(
            "To bring the next {unit} closer to {target}: {moves}.",
            unit=one(currency),
            target=ratio(asked.target_marginal_roas),
            moves=moves,
        )
    if asked.budget is not None and not same_total(plan.total, result.today.total):
        return say("The best split of {budget} a week: {moves}.", budget=exact(plan.total, currency), moves=moves)
    return ""


def _judged(plan: Plan, moves: str) -> str:
    """Say whether a move of one's own is worth doing."""
    chance, (likely, unlikely) = plan.probability_better, LEANS
    if _firm(plan):
        return say("Worth doing: {moves}.", moves=moves)
    if chance <= 1 - SURE:
        return say("Better not: {moves}.", moves=moves)
    if chance >= likely:
        return say("Probably worth doing: {moves}.", moves=moves)
    if chance <= unlikely:
        return say("Probably not worth it: {moves}.", moves=moves)
    return say("A toss-up: {moves}.", moves=moves)


def trifle(result: WhatIf, plan: Plan) -> bool:
    """Tell whether a budget moves less in all than the last digit that totals are written with."""
    today, moves = result.today.total, moved(plan)
    if result.question(plan).budget is None or abs(plan.total - today) < MOVES:
        return False
    return same_total(today, today + sum(abs(move.planned - move.now) for move in moves))


def _firm(plan: Plan) -> bool:
    """Tell whether a plan may be said as an instruction: surely better, and by this account's own data."""
    return plan.probability_better >= SURE and all(move.known != "prior" for move in moved(plan))
