"""What to know before acting on a plan: whose answer is assumed, what a pilot would settle, limits, steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.format import say_many, visible
from roas.language import mark, say
from roas.plan.cost_of_limits import LIMITS_COST
from roas.plan.doubts import PILOT, pilot_words
from roas.plan.outcome import NEXT_UNIT
from roas.plan.sentences import told
from roas.report.plan_moves import MOVES, moved, row

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan, Warned

#: Kinds of doubt that a sentence of its own says already.
_SAID: Final = frozenset({"prior", "held"})

#: The order in which doubts are read: what changes what one does comes first.
_ORDER: Final = ("beyond_observed", "ramp", "other", "binding", "not_modelled")

#: What is said of several channels at once.
_TOGETHER: Final[Mapping[str, str]] = {
    "beyond_observed": mark(
        "{channels} would get more than was ever spent on them: what lies there is the curves' guess. "
        "Raise them step by step and look."
    ),
    "ramp": mark("{channels} move far: take each in two steps, two weeks apart, and look at the result in between."),
    "binding": mark(
        "{channels} stop at their limits; wider ones (--max-change, --min, --max) would move them further."
    ),
    "not_modelled": mark("{channels} keep their money: what they bring is not known."),
}


def converged(result: WhatIf) -> bool:
    """Tell whether the estimates may decide anything."""
    return result.analysis.response is not None and bool(result.analysis.response.converged)


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
    return say(
        "The answer for {channels} rests on what is usual elsewhere, not on this account's data.", channels=row(names)
    )


def partly_known(result: WhatIf, plan: Plan) -> str:
    """Say whose answer rests on an assumption in part."""
    names = _doubtful(result, plan, "partly")
    if not names:
        return ""
    return say_many(
        "What {channels} brings is only partly known.",
        "What {channels} bring is only partly known.",
        len(names),
        channels=row(names),
    )


def pilot(result: WhatIf, plan: Plan) -> str:
    """Name the experiment that would settle most: of the doubtful channel whose effect is widest in money."""
    today, asked = result.today, result.question(plan)
    open_ones = [move for move in plan.moves if move.channel in today.experiments]
    if asked.optimizes:  # what limits leave no room for is not to be changed for a pilot
        open_ones = [move for move in open_ones if not move.limit.fixed or move.planned != move.now]
    if not plan.held:
        open_ones = [move for move in open_ones if abs(move.planned - move.now) >= MOVES]
    if not open_ones or not converged(result):
        return ""
    widest = max(open_ones, key=lambda move: (_doubt(move, held=plan.held), move.channel)).channel
    text = today.experiments[widest]
    if text == PILOT.format(channel=widest) and len(today.channels) == 1:
        return say(
            "The pilot that would settle most: change {channel} for four weeks, by half or more.",
            channel=visible(widest),
        )
    if text == PILOT.format(channel=widest):
        return say(
            "The pilot that would settle most: change {channel} alone for four weeks, by half or more, "
            "and leave the other channels as they are.",
            channel=visible(widest),
        )
    return say("The pilot that would settle most: {pilot}", pilot=_lowered(pilot_words(widest, text)))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _doubt(move: ChannelMove, *, held: bool) -> float:
    """Return how much money hangs on what is not known of a channel."""
    q = move.marginal_roas if held else move.revenue_change
    if not held:
        return q.p95 - q.p5
    return (q.p95 - q.p5) * move.now if math.isfinite(q.p50) else 0.0


def why_held(plan: Plan) -> list[str]:
    """Say why today's split is kept."""
    whole = [each for each in plan.warnings if each.channel is None and each.kind in ("held", "other")]
    whole = [each for each in whole if not _said_above(plan, each)]
    return [visible(told(each.reason)) for each in whole]


def _said_above(plan: Plan, doubt: Warned) -> bool:
    """Tell whether a doubt of the whole plan is said before: whether money pays, what the limits cost."""
    if doubt.channel is not None:
        return False
    return doubt.reason == plan.facts.get(NEXT_UNIT) or getattr(doubt.reason, "message", "") == LIMITS_COST


def doubts(plan: Plan) -> list[str]:
    """Return the warnings, the most pressing first; the same doubt about several channels is said once."""
    said: list[str] = []
    for kind in dict.fromkeys([*_ORDER, *(each.kind for each in plan.warnings)]):
        found = [each for each in plan.warnings if each.kind == kind and kind not in _SAID]
        found = [each for each in found if not _said_above(plan, each)]
        found = [each for each in found if each.channel is not None or not plan.held]
        names = [visible(each.channel) for each in found if each.channel is not None]
        if len(names) == len(found) > 1 and kind in _TOGETHER:
            said.append(say(_TOGETHER[kind], channels=row(names)))
        else:
            said += [visible(told(each.reason)) for each in found]
    return said


def would_change(result: WhatIf, plan: Plan) -> str:
    """Say what would let a held plan move: a pilot, wider limits."""
    if not plan.held:
        return ""
    if not converged(result):
        return say("More weeks of data, or fewer channels that spend in step, would let the estimates settle.")
    found = pilot(result, plan)
    if not found and len(result.today.channels) == 1:
        return say("More weeks in which its spend changes would show what it brings.")
    return found or say("More weeks in which channels' spend changes one at a time would show what each brings.")


def cautions(result: WhatIf, plan: Plan) -> list[str]:
    """Return what to know before acting: whose answer is assumed, the pilot, limits, steps; nothing empty."""
    if plan.held:
        return [each for each in (would_change(result, plan), *doubts(plan)) if each]
    rests = " ".join(filter(None, (partly_known(result, plan), pilot(result, plan))))
    return [each for each in (rests, *doubts(plan)) if each]
