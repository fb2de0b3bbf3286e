"""How much of recent spend does not earn its margin back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.luck import Luck
from roas.diagnosis.readings.view import Array, View, recent, weeks_in
from roas.limits import RECENT_WEEKS
from roas.quantiles import Q

if TYPE_CHECKING:
    from roas.response import ResponseResults

NAME: Final = "below_break_even"

#: Share of spend from which losing money is a concern: a fifth, as for breaks that count as the account's. This
#: project's choice.
MUCH: Final = 0.2

#: Share of recent spend that the model leaves out, or of which it knows nothing, above which nothing is called fine or a concern:
#: most of the answer would then be what was assumed.
MOSTLY: Final = 0.5

#: Draws of campaigns' true returns.
DRAWS: Final = 500

#: Sales in the spread of campaigns' true returns below which they are taken as alike (a floor of the gamma's shape),
#: and above which as nearly unrelated.
SHAPES: Final = (0.2, 400.0)


def read(
    view: View, luck: Luck, response: ResponseResults | None, *, margin: float | None = None, seed: int = 0
) -> Reading:
    """Say which share of recent spend is below break-even.

    Parameters
    ----------
    view : View
    luck : Luck
    response : ResponseResults or None
        With one that converged, what spend caused is asked; else what platforms claim.
    margin : float or None
        Break-even ROAS is its inverse; 1 without.
    seed : int

    Returns
    -------
    Reading
        ``value`` is the share of the last 8 weeks' spend in channels whose next unit of money brings less than
        break-even; from claims the share in campaigns (else channels) whose claimed ROAS is below it.
        ``facts["basis"]`` is "caused" or "claims": these are different things.
    """
    need = 1 / margin if margin else 1.0
    claimed = _claimed(view, luck, need, seed)
    if response is not None and response.converged and response.channels:
        found = _caused(view, response, need)
        if found is not None:
            value, facts = found
            facts["claimed"] = None if claimed is None else claimed[0].p50
            facts |= {"break_even": need, "margin": margin}
            return Reading(NAME, _state(value, max(facts["untold"], 1 - facts["modelled"])), value, "share", facts)
    if claimed is None:
        missing = ("revenue", "conversion_value") if response is None else ("history",)
        return Reading(NAME, "unknown", None, "share", {"break_even": need, "margin": margin}, missing)
    value, facts = claimed
    # Claims can convict and cannot acquit: as a rule they hold more than ads cause. Nor can they convict where nobody
    # counted sales, so that a campaign below break-even may be unlucky.
    state: State = "concern" if value.p5 > MUCH and facts["sure"] is not None else "unclear"
    facts |= {"break_even": need, "margin": margin}
    return Reading(NAME, state, value, "share", facts, () if "revenue" in view.till else ("revenue",))


def _state(value: Q, untold: float) -> State:
    if untold > MOSTLY:
        return "unclear"
    if value.p5 > MUCH:
        return "concern"
    return "fine" if value.p95 < MUCH else "unclear"


def _caused(view: View, response: ResponseResults, need: float) -> tuple[Q, dict[str, Any]] | None:
    """Return the share by what spend caused, from posterior draws of all channels together."""
    names, lately = response.data.channels, response.data.recent(RECENT_WEEKS)
    paid = np.array([response.data.spend[lately, c].sum() for c in range(len(names))])
    known = {each.channel: each for each in response.channels}
    rows = [c for c in response.curves.each() if paid[c] > 0 and names[c] in known]
    whole = _recent_spend(view)
    if not rows or not whole > 0:
        return None
    last = np.array([response.curves.rising(c)[:, lately].sum(axis=1) / paid[c] for c in rows])
    mean = np.array([response.curves.contribution(c)[:, lately].sum(axis=1) / paid[c] for c in rows])
    weight = paid[rows] / paid[rows].sum()
    below = last < need
    vague = [c for c in rows if known[names[c]].verdict.identified == "not identified"]
    chances = below.mean(axis=1)
    worst = [
        (names[c], float(chances[i]), Q.of(last[i]), float(weight[i]))
        for i, c in enumerate(rows)
        if chances[i] > 0.5 and c not in vague
    ]
    facts = {
        "basis": "caused",
        "weeks": min(RECENT_WEEKS, max(1, round(response.data.weeks))),
        "expected": float(weight @ chances),
        "average": Q.of(weight @ (mean < need)),
        "untold": float(paid[vague].sum() / paid[rows].sum()) if vague else 0.0,
        "modelled": min(1.0, float(paid[rows].sum()) / whole),
        "channels": sorted(worst, key=lambda each: (-each[3], each[0])),
    }
    return Q.of(weight @ below), facts


def _recent_spend(view: View) -> float:
    return float(view.spend[:, recent(len(view.weeks))].sum())


def _claimed(view: View, luck: Luck, need: float, seed: int) -> tuple[Q, dict[str, Any]] | None:
    """Return the share by what platforms claim, luck of small campaigns shrunk towards their channel.

    Claims over their noise unit are taken as Poisson with a mean of the channel's rate times a gamma factor of mean
    1, whose shape is fitted to the channel's campaigns by moments; the posterior of each factor is gamma.
    """
    if not view.has("conversion_value") or not len(view.weeks):
        return None
    now = recent(view.ripe_weeks)
    paid, claims = view.spend[:, now].sum(axis=1), np.maximum(view.claims[:, now].sum(axis=1), 0.0)
    rows = view.claiming & (paid > 0)
    if not rows.any() or not claims[rows].sum() > 0:
        return None
    rng = np.random.default_rng((seed, 3))
    lost = np.zeros(DRAWS)
    sure = 0
    for place in np.unique(view.channel[rows]):
        own = rows & (view.channel == place)
        roas = _draws(claims[own], paid[own], luck.unit[place], rng)
        lost += paid[own] @ (roas < need)
        sure += int(((roas < need).mean(axis=1) > 0.95).sum())
    facts = {
        "basis": "claims",
        "weeks": weeks_in(now),
        "units": int(rows.sum()),
        "what": "campaign" if view.named else "channel",
        "sure": sure if np.isfinite(luck.unit[view.channel[rows]]).all() else None,
    }
    return Q.of(lost / paid[rows].sum()), facts


def _draws(claims: Array, paid: Array, unit: float, rng: np.random.Generator) -> Array:
    """Return draws of true claimed ROAS, shape (n, DRAWS); as they are where luck is not known."""
    rate = claims.sum() / paid.sum()
    if not np.isfinite(unit) or not rate > 0:
        return np.repeat((claims / paid)[:, None], DRAWS, axis=1)
    seen, expected = claims / unit, paid * rate / unit
    shape = SHAPES[1]
    if len(claims) > 1:
        beyond = float(((seen - expected) ** 2 - expected).sum()) / float((expected**2).sum())
        shape = float(np.clip(1 / max(beyond, 1e-9), *SHAPES))
    if len(claims) == 1:
        shape = 0.0
    factor = rng.standard_gamma((shape + seen + 1e-3)[:, None], (len(seen), DRAWS)) / (shape + expected)[:, None]
    return np.asarray(rate * factor, dtype=np.float64)
