"""What the page of a plan computes with: curves of every channel, draw by draw, small enough for one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.format import decimals, visible
from roas.language import say
from roas.plan.cents import UNIT, to_cents
from roas.plan.effects import Effects, effects_of
from roas.quantiles import Q
from roas.report.plan_curves import POINTS, WHOLE, amounts, as_base64, curve, packed, tried
from roas.report.plan_page_words import numbers, page_words
from roas.report.plan_summary import SCENARIOS

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Plan

    Floats = npt.NDArray[np.float64]

__all__ = ["DRAWS", "POINTS", "WHOLE", "amounts", "as_json", "packed", "plan_data", "thinned"]

#: Draws kept. The 5 % point then rests on ten of them, as coarse as a picture may be.
DRAWS: Final = 200

#: Draws kept at least, however many channels there are.
FEWEST: Final = 80

#: Values kept in all: 20 channels with `POINTS` and `DRAWS`, about 270 kB.
VALUES: Final = 20 * POINTS * DRAWS

#: A slider ends at this multiple of the largest of today's money, the limits,
#: the plans and the most that was ever at work.
REACH: Final = 1.5

#: Plans, from the first, whose money is among the amounts. Of every plan the
#: page says the command's own figures; more would leave the curve too few points.
EXACT: Final = 4

#: Weeks up to which days are counted one by one. Over more weeks the fast reading
#: of `Effects` is within one percent (at none or three times today's money, S-shaped
#: curves, long carryover) and mostly within a tenth of that; a year of days would
#: take 12 seconds with 20 channels, and so takes 1.4.
BY_DAY: Final = 8


def plan_data(result: WhatIf) -> dict[str, Any] | None:
    """Return what the page computes with, in plain types.

    Returns
    -------
    dict or None
        None where there are no curves, or the estimates did not settle: then
        nothing may be moved.
        Money is in whole cents per week. Of each channel with a curve:
        ``money`` (amounts, `POINTS` of them), ``gain`` (base64 of 16-bit
        whole numbers, little end first, one row of draws per amount),
        ``scale`` (base64 of 32-bit floats, one per draw) and ``next``
        (5, 50 and 95 % points of marginal ROAS at each amount). A draw's
        change of revenue per week is ``gain * scale``.

    Notes
    -----
    Draws are the same in every channel, so sums over channels are draws of
    the whole. They are those that the answer of the command rests on,
    thinned: sorted by the answer's own revenue change, one is kept from the
    middle of each of `DRAWS` equal parts. Today's money and the money of
    the first plans are among the amounts, so nothing is interpolated there.
    """
    from threadpoolctl import threadpool_limits

    response = result.analysis.response
    if response is None or not response.converged or result.plan.draws is None or not hasattr(response, "curves"):
        return None
    judged = len(result.plan.draws)
    with threadpool_limits(1):
        weeks = result.plan.weeks
        effects = effects_of(response, result.today, weeks, draws=slice(-judged, None), fast=weeks > BY_DAY)
        keep = thinned(result.plan.draws, _affordable(len(effects.channels)))
        plans = _plans(result)
        channels = [_channel(result, effects, i, plans, keep) for i in range(len(result.today.channels))]
    currency = result.analysis.tables.currency
    found = {
        "weeks": result.plan.weeks,
        "margin": result.analysis.margin,
        **numbers(currency),
        "words": page_words(),
        "draws": len(keep),
        "channels": channels,
        "presets": [_preset(result, plan, name) for name, plan in plans],
    }
    return {"id": _made_from(result), **found}


def _made_from(result: WhatIf) -> str:
    """Return what a link is known by: the files' fingerprints, the account as it stands today, the plan's length."""
    today, analysis = result.today, result.analysis
    money = [[name, to_cents(spent)] for name, spent in zip(today.channels, today.spend, strict=True)]
    files = sorted(report.sha256 or "" for report in analysis.inputs)
    parts = json.dumps([analysis.tables.currency, result.plan.weeks, money, files]).encode()
    return hashlib.sha256(parts).hexdigest()[:8]


def as_json(data: dict[str, Any]) -> str:
    r"""Write the data for a page: no ``<`` can end its element.

    Examples
    --------
    >>> as_json({"a": "</script>"})
    '{"a":"\\u003c/script>"}'
    """
    return json.dumps(data, separators=(",", ":"), ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")


def thinned(judged: Floats, count: int) -> npt.NDArray[np.intp]:
    """Return which draws are kept: spread evenly over what the plan brings, or over the row where it brings nothing."""
    count = min(count, len(judged))
    places = np.floor((np.arange(count) + 0.5) * len(judged) / count).astype(int)
    order = np.argsort(judged, kind="stable") if np.ptp(judged) > 0 else np.arange(len(judged))
    return np.sort(order[places])


def _affordable(channels: int) -> int:
    return int(min(DRAWS, max(FEWEST, VALUES // (POINTS * max(channels, 1)))))


# ---- plans -----------------------------------------------------------------------------------


def _plans(result: WhatIf) -> list[tuple[str, Plan]]:
    """Name the plans that the page offers, the one to read first in front; only those of the same length."""
    best = result.plan
    label = say("Best plan") if result.compared or result.question(best).optimizes else say("Your plan")
    named = [(label, best)]
    if result.compared:
        named += [(visible(plan.name), plan) for plan in result.order[:SCENARIOS] if plan.weeks == best.weeks]
    return named


def _preset(result: WhatIf, plan: Plan, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "cents": [to_cents(move.planned) for move in plan.moves],
        "said": _said(result, plan),
    }


def _said(result: WhatIf, plan: Plan) -> dict[str, Any] | None:
    """Return what the command says of a plan, so that the page says the same of it, not what thinned draws say."""
    if plan.by_week is not None:
        return None  # the page gives every week the same
    worth = result.worth(plan)
    revenue, judged = ([q.p5, q.p50, q.p95] for q in (plan.revenue_change, Q.of(worth)))
    # A plan for a target is judged by the target; the page judges every split by profit, or revenue less spend.
    own = plan.facts.get("objective") == "target_roas" and plan.draws is not None
    better = np.mean(worth > 0) if own else plan.probability_better
    return {"revenue": revenue, "judged": judged, "better": float(better)}


# ---- channels --------------------------------------------------------------------------------


def _whole(cents: int, currency: str | None) -> int:
    """Round up to whole units where a currency has no smaller ones: a slider can end at a yen only."""
    return cents if decimals(currency) else -(-cents // UNIT) * UNIT


def _channel(
    result: WhatIf, effects: Effects, i: int, plans: Sequence[tuple[str, Plan]], keep: npt.NDArray[np.intp]
) -> dict[str, Any]:
    today = result.today
    name, now = today.channels[i], to_cents(today.spend[i])
    shown = visible(name)
    found: dict[str, Any] = {"name": shown, **({} if shown == name else {"raw": name}), "now": now}
    if name in today.excluded or name not in effects.channels:
        return found
    limit = result.plan.moves[i].limit
    planned = [to_cents(plan.moves[i].planned) for _, plan in plans]
    seen = round(100 * max(today.spend[i], today.observed.get(name, 0.0)))
    top = _whole(
        max(round(REACH * max(now, seen, to_cents(limit.high), *planned)), UNIT), result.analysis.tables.currency
    )
    grid = amounts(top, [now, *planned[:EXACT]])
    gains, following = curve(effects, name, grid / 100)
    scale, whole = packed(gains[keep])
    asked = result.question(result.plan)
    return found | {
        "known": today.known_of(name),
        "fixed": bool(asked.optimizes and limit.fixed),
        "seen": tried(effects, name, today.observed.get(name), top),
        "money": [int(each) for each in grid],
        "gain": as_base64(whole.T.astype("<i2")),
        "scale": as_base64(scale.astype("<f4")),
        "next": following,
    }
