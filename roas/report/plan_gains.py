"""What a plan brings and costs, how surely, and which channels carry it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from roas.format import plural, say_many, visible
from roas.language import say
from roas.report.plan_moves import MOST_MOVES, MOVES, about, exact, interval, moved, sure

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan


def total_words(result: WhatIf, plan: Plan) -> str:
    """Say what the plan costs, where that is not what is spent today."""
    currency = result.analysis.tables.currency
    more = plan.total - result.today.total
    if abs(more) < MOVES:
        return ""
    fields = {"total": exact(plan.total, currency), "amount": exact(abs(more), currency)}
    said = (
        say("The plan spends {total} a week, {amount} more than today.", **fields)
        if more > 0
        else say("The plan spends {total} a week, {amount} less than today.", **fields)
    )
    return said if plan.probability_better > 0.5 else f"{said} {_unpaid(more)}"


def _unpaid(more: float) -> str:
    if more > 0:
        return say("The extra money would not earn itself back.")
    return say("What is saved is less than what is lost.")


def brings(result: WhatIf, plan: Plan) -> str:
    """Say what the plan changes per week, with its interval and its probability."""
    if not moved(plan):
        return ""
    return f"{_changes(plan, result.analysis.tables.currency)} {_chance(result, plan)}"


def _changes(plan: Plan, currency: str | None) -> str:
    """Say how revenue changes, and profit where it is known; each as more or less."""
    revenue, profit = plan.revenue_change, plan.profit_change
    less = revenue.p50 < 0
    fields: dict[str, Any] = {"revenue": about(revenue.p50, currency), "range": interval(revenue, currency)}
    if profit is None:
        if less:
            return say("That brings about {revenue} less revenue a week ({range}).", **fields)
        return say("That brings about {revenue} more revenue a week ({range}).", **fields)
    fields |= {"profit": about(profit.p50, currency), "profit_range": interval(profit, currency)}
    if profit.p50 < 0:
        if less:
            return say(
                "That brings about {revenue} less revenue a week ({range}), and {profit} less profit ({profit_range}).",
                **fields,
            )
        return say(
            "That brings about {revenue} more revenue a week ({range}), and {profit} less profit ({profit_range}).",
            **fields,
        )
    if less:
        return say(
            "That brings about {revenue} less revenue a week ({range}), and {profit} more profit ({profit_range}).",
            **fields,
        )
    return say(
        "That brings about {revenue} more revenue a week ({range}), and {profit} more profit ({profit_range}).",
        **fields,
    )


def _chance(result: WhatIf, plan: Plan) -> str:
    chance = sure(plan.probability_better)
    if abs(plan.total - result.today.total) < MOVES:
        return say("The chance that it beats today's split is {chance}.", chance=chance)
    if plan.profit_change is not None:
        return say("The chance that it beats today's split in profit is {chance}.", chance=chance)
    return say("The chance that it beats today's split in revenue less spend is {chance}.", chance=chance)


def reaches(result: WhatIf, plan: Plan) -> str:
    """Say how likely a target revenue is, beside what comes in today."""
    chance, now = plan.facts.get("probability_reached"), plan.facts.get("revenue_now")
    if plan.held or chance is None or now is None:
        return ""
    return say(
        "Today brings {revenue} a week in all. The chance that the plan reaches the target is {chance}, "
        "if what comes without ads stays as it is.",
        revenue=about(now, result.analysis.tables.currency),
        chance=sure(chance),
    )


def doing_nothing(result: WhatIf, plan: Plan) -> str:
    """Say what it costs to leave things as they are."""
    currency, regret = result.analysis.tables.currency, plan.regret
    if plan.held or not moved(plan) or regret.p50 <= 0 or plan.probability_better <= 0.5:
        return ""
    if result.question(plan).target_revenue is not None:
        return ""
    fields = {
        "amount": about(regret.p50, currency),
        "whole": about(regret.p50 * plan.weeks, currency),
        "weeks": plural(plan.weeks, "week"),
    }
    if plan.profit_change is not None:
        return say("Doing nothing costs about {amount} of profit a week, {whole} over {weeks}.", **fields)
    if abs(plan.total - result.today.total) >= MOVES:
        return say("Doing nothing costs about {amount} of revenue less spend a week, {whole} over {weeks}.", **fields)
    return say("Doing nothing costs about {amount} of revenue a week, {whole} over {weeks}.", **fields)


def carriers(result: WhatIf, plan: Plan) -> str:
    """Say which moves carry the gain, and what the others give up."""
    currency = result.analysis.tables.currency
    known = [move for move in moved(plan) if move.channel not in result.today.excluded]
    gains = sorted((m for m in known if m.revenue_change.p50 > 0), key=lambda m: (-m.revenue_change.p50, m.channel))
    losses = sorted((m for m in known if m.revenue_change.p50 < 0), key=lambda m: (m.revenue_change.p50, m.channel))
    if len(known) < 2 or not (gains or losses):
        return ""
    if not losses:
        return say("By channel: {gains} more.", gains=_effects(gains, currency))
    if not gains:
        return say("By channel: {losses} less.", losses=_effects(losses, currency))
    both = {"gains": _effects(gains, currency), "losses": _effects(losses, currency)}
    return say("By channel: {gains} more; {losses} less.", **both)


def _effects(moves: Sequence[ChannelMove], currency: str | None) -> str:
    shown, rest = moves[:MOST_MOVES], moves[MOST_MOVES:]
    said = []
    for i, move in enumerate(shown):
        fields = {"channel": visible(move.channel), "amount": about(move.revenue_change.p50, currency)}
        said.append(say("{channel} {amount}", **fields) if i else say("{channel} brings about {amount}", **fields))
    if rest:
        amount = about(sum(m.revenue_change.p50 for m in rest), currency)
        said.append(say_many("{number} other {amount}", "{number} others {amount}", len(rest), amount=amount))
    return ", ".join(said)
