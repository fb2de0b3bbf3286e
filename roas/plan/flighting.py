"""The same money, week by week: even, or in pulses where they truly pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.language import mark
from roas.plan._arrays import Array
from roas.plan.cents import share_out, to_cents
from roas.plan.effects import CurvesOf, Effects, effects_of
from roas.plan.honest import monte_carlo_error
from roas.plan.noted import CENT
from roas.plan.outcome import NEXT_UNIT, Proposal, plan_of
from roas.plan.payable import payable
from roas.plan.recommend import SURE
from roas.plan.results import Limit, Plan
from roas.plan.sentences import Sentence
from roas.plan.task import DRAWS, halves

if TYPE_CHECKING:
    from roas.plan.today import Today

#: Probability of being better that a pulse must pass: uneven weeks cost work,
#: so they are proposed where they are nearly sure to pay.
PULSE_SURE: Final = 0.9

#: Gain of a pulse, as a share of the channel's money, below which it is not worth the work.
PULSE_PAYS: Final = 0.01

EVEN: Final = Sentence(mark("Even spend is as good: no channel earns more from the same money in pulses."))

HELD: Final = Sentence(mark("Today's split is kept, the same every week."))

WITHIN: Final = Sentence(
    mark("Even spend: uneven weeks would leave the limits of some channels, and pay in none of the others.")
)

PULSES: Final = Sentence(mark("Pulses pay."))


def flighted(
    response: CurvesOf,
    today: Today,
    plan: Plan,
    *,
    margin: float | None = None,
    limits: Mapping[str, Limit] | None = None,
) -> Plan:
    """Spread a plan's money over its weeks where uneven weeks pay.

    Parameters
    ----------
    response : ResponseResults, or anything with ``curves`` and ``data``
    today : Today
    plan : Plan
        The same every week.
    margin : float, optional
        As the plan had it.
    limits : mapping, optional
        What each channel may get in any one week, currency; a channel that is
        fixed stays even. Without them a week may hold anything that was seen.

    Returns
    -------
    Plan
        The same plan with ``facts["flighting"]`` in words; where a pulse
        pays, with ``by_week`` and figures of that. Each channel's money over
        all weeks stays the same, to the cent. A plan that is held stays even.

    Notes
    -----
    Where curves bend down, even spend is best, and carryover evens out what
    is not. Pulses can pay on an S-shaped curve, where half the weeks at twice
    the money pass its steep part. Patterns: every other week, two on and two
    off, first or last half, twice the money while on. A pattern must not
    pass the largest carried spend that was observed; it is chosen on one half
    of the draws and must pay on the other.
    """
    if plan.held:
        return replace(plan, facts={**plan.facts, "flighting": HELD})
    if plan.weeks < 2 or plan.by_week is not None:
        return replace(plan, facts={**plan.facts, "flighting": EVEN})
    effects = effects_of(response, today, plan.weeks, draws=DRAWS, fast=True)
    paths = {move.channel: np.full(plan.weeks, move.planned) for move in plan.moves}
    pulsed, bound = [], False
    for move in plan.moves:
        if move.channel in effects.channels and move.planned > 0:
            limit = None if limits is None else limits[move.channel]
            tried = _allowed(move.planned, plan.weeks, limit, today.currency)
            bound = bound or len(tried) < len(patterns(plan.weeks))
            path = _best_path(effects, today, move.channel, move.planned, tried)
            if path is not None:
                paths[move.channel] = path
                pulsed.append(move.channel)
    if not pulsed:
        return replace(plan, facts={**plan.facts, "flighting": WITHIN if bound else EVEN})
    proposal = Proposal({move.channel: move.planned for move in plan.moves}, paths)
    _, late = halves(response.curves.draws)
    told = plan_of(
        effects_of(response, today, plan.weeks, draws=late),
        today,
        proposal,
        limits={move.channel: move.limit for move in plan.moves},
        margin=margin,
        name=plan.name,
        facts={**plan.facts, "flighting": PULSES, "pulsed": pulsed},
        extra=tuple(w for w in plan.warnings if w.channel is None and w.reason != plan.facts.get(NEXT_UNIT)),
        held=plan.held,
    )
    kept = [w for w in plan.warnings if w.channel is not None and w.kind in ("binding", "other")]
    kept = [each for each in kept if each not in told.warnings]
    return replace(told, warnings=(*told.warnings, *kept))


def patterns(weeks: int) -> list[list[int]]:
    """Return patterns of weeks with money (1) and without (0); none is even."""
    half = (weeks + 1) // 2
    found = [
        [1 - week % 2 for week in range(weeks)],
        [1 - week // 2 % 2 for week in range(weeks)],
        [int(week < half) for week in range(weeks)],
        [int(week >= weeks - half) for week in range(weeks)],
    ]
    return [each for i, each in enumerate(found) if each not in found[:i] and 0 < sum(each) < weeks]


def _allowed(planned: float, weeks: int, limit: Limit | None, currency: str | None) -> list[Array]:
    """Return the uneven paths of a channel's money whose every week lies inside its limits."""
    paths = [_path(pattern, planned, currency) for pattern in patterns(weeks)]
    if limit is None:
        return paths
    # Half a cent: limits and amounts are to the cent.
    return [path for path in paths if path.min() > limit.low - CENT and path.max() < limit.high + CENT]


def _best_path(effects: Effects, today: Today, channel: str, planned: float, paths: Sequence[Array]) -> Array | None:
    """Return the money of each week where a pattern pays, else None."""
    even = np.full(effects.weeks, planned)
    most = max(today.observed.get(channel, planned), effects.largest_carried(channel, even))
    paths = [path for path in paths if effects.largest_carried(channel, path) <= most]
    if not paths:
        return None
    gains = effects.change(channel, np.array(paths)) - effects.change(channel, even[None])
    early, late = halves(len(gains))
    best = int(gains[early].mean(axis=0).argmax())
    judged = gains[late, best]
    pays = judged.mean() > max(PULSE_PAYS * planned, SURE * monte_carlo_error(judged))
    return paths[best] if pays and float(np.mean(judged > 0)) > PULSE_SURE else None


def _path(pattern: Sequence[int], planned: float, currency: str | None) -> Array:
    """Share a channel's money of all weeks out over those of a pattern: what is paid is whole, the sum to the cent."""
    total = to_cents(planned) * len(pattern)
    shared = share_out(total, [float(each) for each in pattern])
    return np.array(payable(shared, [0] * len(shared), currency, fixed=True)) / 100
