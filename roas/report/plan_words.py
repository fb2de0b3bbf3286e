"""Sentences on a plan: what to do, what it brings, how sure that is, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from roas.format import plural, visible
from roas.report.plan_moves import (
    MOST_MOVES,
    MOVES,
    about,
    exact,
    interval,
    less_or_more,
    moved,
    moves_words,
    row,
    sure,
)

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan

#: Probability from which a plan is advice without "probably".
SURE: Final = 0.9


# ---- the answer ------------------------------------------------------------------------------


def verdict(result: WhatIf, plan: Plan) -> str:
    """Say what to do, or what the named split would do, in one sentence."""
    currency, asked = result.analysis.tables.currency, result.question(plan)
    if plan.facts.get("reached") is False and asked.target_revenue is not None:
        target = exact(asked.target_revenue, currency)
        return f"{target} revenue a week is out of reach inside the limits. Keep today's split."
    if plan.held and moved(plan):
        return f"No split of this budget beats today's shares: {moves_words(plan, currency)}."
    if plan.held:
        return "Keep today's split."
    if not moved(plan):
        return "This is today's split: nothing changes."
    instruction = moves_words(plan, currency)
    if asked.optimizes:
        return _advice(result, plan, instruction)
    chance = plan.probability_better
    heading = "Worth doing" if _firm(plan) else "Better not" if chance <= 1 - SURE else _leaning(chance)
    return f"{heading}: {instruction}."


def _advice(result: WhatIf, plan: Plan, instruction: str) -> str:
    """Word the split that was looked for: as an instruction where it beats today's, else as what was asked for."""
    currency, asked = result.analysis.tables.currency, result.question(plan)
    if asked.target_revenue is not None:
        return f"To reach {exact(asked.target_revenue, currency)} revenue a week: {instruction}."
    if asked.budget is not None and abs(plan.total - result.today.total) >= MOVES:
        return f"The best split of {exact(plan.total, currency)} a week: {instruction}."
    start = instruction if _firm(plan) else f"probably best: {instruction}"
    return f"{start[:1].upper()}{start[1:]}."


def _firm(plan: Plan) -> bool:
    """Tell whether a plan may be said as an instruction: surely better, and by this account's own data."""
    return plan.probability_better >= SURE and all(move.known != "prior" for move in moved(plan))


def _leaning(chance: float) -> str:
    return "Probably worth doing" if chance >= 0.6 else "Probably not worth it" if chance <= 0.4 else "A toss-up"


def total_words(result: WhatIf, plan: Plan) -> str:
    """Say what the plan costs, where that is not what is spent today."""
    currency = result.analysis.tables.currency
    more = plan.total - result.today.total
    if abs(more) < MOVES:
        return ""
    word = "more" if more > 0 else "less"
    said = f"The plan spends {exact(plan.total, currency)} a week, {exact(abs(more), currency)} {word} than today."
    return said if plan.probability_better > 0.5 else f"{said} {_unpaid(more)}"


def _unpaid(more: float) -> str:
    if more > 0:
        return "The extra money would not earn itself back."
    return "What is saved is less than what is lost."


def brings(result: WhatIf, plan: Plan) -> str:
    """Say what the plan changes per week, with its interval and its probability."""
    if not moved(plan):
        return ""
    currency, change = result.analysis.tables.currency, plan.revenue_change
    said = f"That brings about {less_or_more(change.p50, currency)} revenue a week ({interval(change, currency)})"
    if plan.profit_change is not None:
        profit = plan.profit_change
        said += f", and {less_or_more(profit.p50, currency)} profit ({interval(profit, currency)})"
    return f"{said}. {_chance(result, plan)}"


def _chance(result: WhatIf, plan: Plan) -> str:
    same = abs(plan.total - result.today.total) < MOVES
    how = ""
    if not same:
        how = " in profit" if plan.profit_change is not None else " in revenue less spend"
    return f"The chance that it beats today's split{how} is {sure(plan.probability_better)}."


def reaches(result: WhatIf, plan: Plan) -> str:
    """Say how likely a target revenue is, beside what comes in today."""
    chance, now = plan.facts.get("probability_reached"), plan.facts.get("revenue_now")
    if plan.held or chance is None or now is None:
        return ""
    return (
        f"Today brings {about(now, result.analysis.tables.currency)} a week in all. The chance that the plan reaches "
        f"the target is {sure(chance)}, if what comes without ads stays as it is."
    )


def doing_nothing(result: WhatIf, plan: Plan) -> str:
    """Say what it costs to leave things as they are."""
    currency, regret = result.analysis.tables.currency, plan.regret
    if plan.held or not moved(plan) or regret.p50 <= 0 or plan.probability_better <= 0.5:
        return ""
    if result.question(plan).target_revenue is not None:
        return ""
    unit = "profit" if plan.profit_change is not None else "revenue"
    if plan.profit_change is None and abs(plan.total - result.today.total) >= MOVES:
        unit = "revenue less spend"
    return (
        f"Doing nothing costs about {about(regret.p50, currency)} of {unit} a week, "
        f"{about(regret.p50 * plan.weeks, currency)} over {plural(plan.weeks, 'week')}."
    )


def carriers(result: WhatIf, plan: Plan) -> str:
    """Say which moves carry the gain, and what the others give up."""
    currency = result.analysis.tables.currency
    known = [move for move in moved(plan) if move.channel not in result.today.excluded]
    gains = sorted((m for m in known if m.revenue_change.p50 > 0), key=lambda m: (-m.revenue_change.p50, m.channel))
    losses = sorted((m for m in known if m.revenue_change.p50 < 0), key=lambda m: (m.revenue_change.p50, m.channel))
    if len(known) < 2 or not (gains or losses):
        return ""
    parts = []
    if gains:
        parts.append(f"{_effects(gains, currency)} more")
    if losses:
        parts.append(f"{_effects(losses, currency)} less")
    return f"By channel: {'; '.join(parts)}."


def _effects(moves: Sequence[ChannelMove], currency: str | None) -> str:
    shown, rest = moves[:MOST_MOVES], moves[MOST_MOVES:]
    said = [f"{visible(move.channel)} brings about {about(move.revenue_change.p50, currency)}" for move in shown[:1]]
    said += [f"{visible(move.channel)} {about(move.revenue_change.p50, currency)}" for move in shown[1:]]
    if rest:
        said.append(f"{plural(len(rest), 'other')} {about(sum(m.revenue_change.p50 for m in rest), currency)}")
    return ", ".join(said)


# ---- doubts and next steps -------------------------------------------------------------------


def _doubtful(result: WhatIf, plan: Plan, known: str) -> list[str]:
    return [
        visible(move.channel)
        for move in moved(plan)
        if move.known == known and move.channel not in result.today.excluded
    ]


def assumed(result: WhatIf, plan: Plan) -> str:
    """Say whose answer rests on an assumption alone."""
    names = _doubtful(result, plan, "prior")
    if not names:
        return ""
    return f"The answer for {row(names)} rests on what is usual elsewhere, not on this account's data."


def partly_known(result: WhatIf, plan: Plan) -> str:
    """Say whose answer rests on an assumption in part."""
    names = _doubtful(result, plan, "partly")
    return f"What {row(names)} {'brings' if len(names) == 1 else 'bring'} is only partly known." if names else ""


def pilot(result: WhatIf, plan: Plan) -> str:
    """Name the experiment that would settle most: of the doubtful channel whose effect is widest in money."""
    today = result.today
    open_ones = [move for move in plan.moves if move.channel in today.experiments]
    if not plan.held:
        open_ones = [move for move in open_ones if abs(move.planned - move.now) >= MOVES]
    if not open_ones or not converged(result):
        return ""
    widest = max(open_ones, key=lambda move: (_doubt(move, held=plan.held), move.channel))
    return f"The pilot that would settle most: {visible(_lowered(today.experiments[widest.channel]))}"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _doubt(move: ChannelMove, *, held: bool) -> float:
    """Return how much money hangs on what is not known of a channel."""
    q = move.marginal_roas if held else move.revenue_change
    width = q.p95 - q.p5
    return width * move.now if held else width


def converged(result: WhatIf) -> bool:
    """Tell whether the estimates may decide anything."""
    return result.analysis.response is not None and bool(result.analysis.response.converged)


#: Kinds of doubt that a sentence of its own says already.
_SAID: Final = frozenset({"prior", "held"})

#: The order in which doubts are read: what changes what one does comes first.
_ORDER: Final = ("beyond_observed", "ramp", "other", "binding", "not_modelled")

#: What is said of several channels at once.
_TOGETHER: Final[Mapping[str, str]] = {
    "beyond_observed": "would get more than was ever spent on them: what lies there is the curves' guess. "
    "Raise them step by step and look.",
    "ramp": "move far: take each in two steps, two weeks apart, and look at the result in between.",
    "binding": "stop at their limits; wider ones (--max-change, --min, --max) would move them further.",
    "not_modelled": "keep their money: what they bring is not known.",
}


def why_held(plan: Plan) -> list[str]:
    """Say why today's split is kept."""
    whole = [each for each in plan.warnings if each.channel is None and each.kind in ("held", "other")]
    return [visible(each.reason) for each in whole]


def doubts(plan: Plan) -> list[str]:
    """Return the warnings, the most pressing first; the same doubt about several channels is said once."""
    said: list[str] = []
    for kind in dict.fromkeys([*_ORDER, *(each.kind for each in plan.warnings)]):
        found = [each for each in plan.warnings if each.kind == kind and kind not in _SAID]
        found = [each for each in found if each.channel is not None or not plan.held]
        names = [visible(each.channel) for each in found if each.channel is not None]
        if len(names) == len(found) > 1 and kind in _TOGETHER:
            said.append(f"{row(names)} {_TOGETHER[kind]}")
        else:
            said += [visible(each.reason) for each in found]
    return said


def would_change(result: WhatIf, plan: Plan) -> str:
    """Say what would let a held plan move: a pilot, wider limits."""
    if not plan.held:
        return ""
    if not converged(result):
        return "More weeks of data, or fewer channels that spend in step, would let the estimates settle."
    found = pilot(result, plan)
    return found or "More weeks in which channels' spend changes one at a time would show what each brings."


def gains(result: WhatIf, plan: Plan) -> list[str]:
    """Return what follows the verdict: what the plan brings and costs, and from where; nothing empty."""
    said = [
        *(why_held(plan) if plan.held else []),
        brings(result, plan),
        reaches(result, plan),
        assumed(result, plan),
        total_words(result, plan),
        doing_nothing(result, plan),
        carriers(result, plan),
    ]
    return [each for each in said if each]


def cautions(result: WhatIf, plan: Plan) -> list[str]:
    """Return what to know before acting: whose answer is assumed, the pilot, limits, steps; nothing empty."""
    if plan.held:
        return [each for each in (would_change(result, plan), *doubts(plan)) if each]
    rests = " ".join(filter(None, (partly_known(result, plan), pilot(result, plan))))
    return [each for each in (rests, *doubts(plan)) if each]


# ---- scenarios -------------------------------------------------------------------------------


def comparison(result: WhatIf) -> str:
    """Say which scenario is best, and how surely."""
    best = result.plan
    if best is result.keep:
        return "None of the scenarios can be recommended: today's split stays."
    lead = result.lead
    name = visible(best.name)
    by = "profit" if result.analysis.margin is not None else _judged_by(result)
    if lead is None:
        return f"{name} is worth doing."
    second = visible(result.order[1].name)
    return f"Best by {by}: {name}. The chance that it beats {second}, the next one, is {sure(lead)}."


def _judged_by(result: WhatIf) -> str:
    same = all(abs(plan.total - result.today.total) < MOVES for plan in result.plans)
    return "revenue" if same else "revenue less spend (give --margin for profit)"


CAUTION: Final = (
    "Estimated from revenue and spend, not measured. Season, demand and luck move sales as well; "
    "look at the result after the plan has run."
)
