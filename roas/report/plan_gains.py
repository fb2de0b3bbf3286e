"""What a plan brings and costs, how surely, and which channels carry it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from roas.charts.causal_words import one
from roas.format import plural, ratio, say_many, visible
from roas.language import say
from roas.plan.outcome import TARGET
from roas.quantiles import Q
from roas.report.plan_moves import MOST_MOVES, about, exact, interval, moved, same_total, sure, times

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan


def total_words(result: WhatIf, plan: Plan) -> str:
    """Say what the plan costs, where that is not what is spent today."""
    currency = result.analysis.tables.currency
    more = plan.total - result.today.total
    if same_total(plan.total, result.today.total):
        return ""
    fields = {"total": exact(plan.total, currency), "amount": exact(abs(more), currency)}
    said = (
        say("The plan spends {total} a week, {amount} more than today.", **fields)
        if more > 0
        else say("The plan spends {total} a week, {amount} less than today.", **fields)
    )
    chance = plan.probability_better
    if target_of(plan) is not None:  # judged by the target; whether money comes back is another question
        chance = float((result.worth(plan) > 0).mean())
    return said if chance > 0.5 else f"{said} {_unpaid(more)}"


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
    target = target_of(plan)
    if target is not None:
        return _by_target(result, plan, target)
    if same_total(plan.total, result.today.total):
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
    """Say what it costs to leave things as they are, where it surely costs; else what the plan would gain."""
    currency, regret = result.analysis.tables.currency, plan.regret
    if plan.held or not moved(plan) or result.question(plan).target_revenue is not None or target_of(plan) is not None:
        return ""
    if regret.p5 <= 0:
        return _expected(result, plan)
    if plan.probability_better <= 0.5:
        return ""
    fields = {
        "amount": about(regret.p50, currency),
        "whole": times(regret.p50, plan.weeks, currency),
        "weeks": plural(plan.weeks, "week"),
    }
    if plan.profit_change is not None:
        return say("Doing nothing costs about {amount} of profit a week, {whole} over {weeks}.", **fields)
    if not same_total(plan.total, result.today.total):
        return say("Doing nothing costs about {amount} of revenue less spend a week, {whole} over {weeks}.", **fields)
    return say("Doing nothing costs about {amount} of revenue a week, {whole} over {weeks}.", **fields)


def target_of(plan: Plan) -> float | None:
    """Return the target marginal ROAS that a plan was looked for by; None of any other plan."""
    found = plan.facts.get(TARGET)
    return None if found is None else float(found)


def _by_target(result: WhatIf, plan: Plan, target: float) -> str:
    """Say what a plan gains by its target, and how surely: revenue less the target for each unit of money added."""
    currency, regret = result.analysis.tables.currency, plan.regret
    fields = {"unit": one(currency), "target": ratio(target), "chance": sure(plan.probability_better)}
    if regret.p50 <= 0:
        return say("If every {unit} must bring {target}, the chance that it beats today's split is {chance}.", **fields)
    return say(
        "If every {unit} must bring {target}, that is worth about {amount} a week, "
        "and the chance that it beats today's split is {chance}.",
        amount=about(regret.p50, currency),
        **fields,
    )


def _expected(result: WhatIf, plan: Plan) -> str:
    """Say what another total gains in revenue less spend, where no other sentence does."""
    if plan.profit_change is not None or same_total(plan.total, result.today.total):
        return ""
    currency, q = result.analysis.tables.currency, Q.of(result.worth(plan))
    fields = {"amount": about(q.p50, currency), "range": interval(q, currency)}
    if q.p50 < 0:
        return say("In revenue less spend that is about {amount} less a week ({range}).", **fields)
    return say("In revenue less spend that is about {amount} more a week ({range}).", **fields)


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
