"""How many campaigns miss the return they used to bring, and how much of that is luck."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.falls import Pairs, least_fallen, share_fallen
from roas.diagnosis.readings.luck import Luck
from roas.diagnosis.readings.ratios import FEWEST_WEEKS
from roas.diagnosis.readings.view import BEFORE_WEEKS, Array, Mask, View, recent
from roas.limits import RECENT_WEEKS

NAME: Final = "missed_expectation"

#: Fall from which a campaign has missed: what 28 days can show of it at 100 sales a day (10 %, volatility's
#: measurement of detectable change); less is no decision.
MISSED: Final = 0.1

#: Sales worth of claims expected lately below which a campaign says nothing: a fall by a third is then one
#: standard error.
FEWEST_SALES: Final = 5.0

#: Weeks of a campaign's own past that are an expectation.
OWN_WEEKS: Final = 8

#: Campaigns below which a share of campaigns is no figure.
FEWEST_CAMPAIGNS: Final = 5

#: Campaigns judged, the largest by recent spend: with more, the rest is without sales, and the time is not.
MOST_CAMPAIGNS: Final = 1000

#: Share of campaigns from which "campaigns miss their return" is said: a third. This project's choice; in healthy
#: simulated accounts the 5 % point passed it in the share that docs/readings.md names.
MANY: Final = 1 / 3

#: Share of recent spend that judged campaigns must hold before the rest is taken to be like them.
MOST_SPEND: Final = 0.5

#: Earlier stretches of eight weeks that hold a year: a share that some of them had too is usual, and no concern. With
#: fewer, a season cannot be told from a fall, and a concern must be one beyond what all campaigns did together (in
#: healthy simulated accounts of 60 weeks that end in February, 4 of 30 were a concern without this rule).
YEAR_STRETCHES: Final = 6

#: Earlier stretches that are compared with today's, at most: two years of them.
STRETCHES: Final = 12


def read(view: View, luck: Luck, *, seed: int = 0) -> Reading:
    """Count the campaigns whose return fell, with luck taken out.

    Parameters
    ----------
    view : View
    luck : Luck
        Noise unit of each channel's claims.
    seed : int

    Returns
    -------
    Reading
        ``value`` is the share of judged campaigns whose true claimed return lately is more than `MISSED` below what
        it was in the year before.

    Notes
    -----
    Claimed ROAS of the last 8 complete weeks against the campaign's own up to 52 weeks before, by
    `roas.diagnosis.readings.falls.share_fallen`; ``at_least``, campaigns that fell at all, by `least_fallen`. What all campaigns did together
    (season, the market) is in the count; ``together`` says how much it was.
    """
    if not view.named:
        return Reading(NAME, "unknown", None, "share", missing=("campaign",))
    if not view.has("conversion_value"):
        return Reading(NAME, "unknown", None, "share", missing=("conversion_value",))
    sums = _two_periods(view, 0)
    pairs, chosen = _pairs(sums, view, luck)
    facts: dict[str, Any] = {
        "weeks": RECENT_WEEKS,
        "by": MISSED,
        "judged": len(pairs.later),
        **_left_out(view, sums, chosen),
    }
    if not np.isfinite(luck.unit[view.reports["conversion_value"]]).any():
        return Reading(NAME, "unknown", None, "share", facts, missing=("conversions",))
    if len(pairs.later) < FEWEST_CAMPAIGNS:
        why = "history" if sums.no_past else "sales"
        return Reading(NAME, "unknown", None, "share", {**facts, "why": why}, missing=(why,))
    value = share_fallen(pairs, by=MISSED, seed=seed)
    facts |= {
        "under": _under(pairs),
        "at_least": _at_least(pairs),
        "together": _together(pairs),
        "young_below": _young_below(sums, view, luck),
        "usual": _usual(view, luck),
    }
    facts["season_known"] = len(facts["usual"]) >= YEAR_STRETCHES
    sure = facts["under"] > max(facts["usual"], default=0.0)
    if sure and not facts["season_known"] and value.p5 > MANY:
        sure = share_fallen(_apart(pairs), by=MISSED, seed=seed).p5 > MANY
    state = _state(value.p5, value.p95, sure=sure) if facts["spend_judged"] >= MOST_SPEND else "unclear"
    return Reading(NAME, state, value, "share", facts)


def _state(low: float, high: float, *, sure: bool) -> State:
    if low > MANY:
        return "concern" if sure else "unclear"
    return "fine" if high < MANY else "unclear"


class _Sums:
    """Claims and spend of each campaign in two periods, shape (U,) each."""

    def __init__(self, claims: tuple[Array, Array], spend: tuple[Array, Array], live: Mask, past: Mask) -> None:
        self.later, self.earlier = claims
        self.paid_later, self.paid_earlier = spend
        self.live, self.past = live, past

    @property
    def no_past(self) -> bool:
        return bool((self.live & ~self.past).sum() > (self.live & self.past).sum())


def _two_periods(view: View, back: int) -> _Sums:
    """Add up the recent weeks, `back` weeks earlier than the last complete ones, and those before."""
    weeks = np.arange(len(view.weeks))[None, :]
    end = (view.ripe[view.channel] - back)[:, None]
    now = (weeks < end) & (weeks >= end - RECENT_WEEKS)
    then = (weeks < end - RECENT_WEEKS) & (weeks >= end - RECENT_WEEKS - BEFORE_WEEKS)
    on = view.spend > 0
    named = np.array([name is not None for name in view.campaigns], dtype=bool) & view.claiming
    live = named & ((on & now).sum(axis=1) >= FEWEST_WEEKS)
    past = (on & then).sum(axis=1) >= OWN_WEEKS
    claims = [np.where(on & part, view.claims, 0.0).sum(axis=1) for part in (now, then)]
    spend = [np.where(on & part, view.spend, 0.0).sum(axis=1) for part in (now, then)]
    return _Sums((claims[0], claims[1]), (spend[0], spend[1]), live, past)


def _pairs(sums: _Sums, view: View, luck: Luck) -> tuple[Pairs, Mask]:
    unit, cv = luck.unit[view.channel], luck.basket_cv[view.channel]
    good = sums.live & sums.past & np.isfinite(unit) & (sums.later + sums.earlier > 0)
    every = _take(sums, unit, cv, good)
    enough = every.expected >= FEWEST_SALES
    places = np.flatnonzero(good)[enough]
    order = np.argsort(-sums.paid_later[places], kind="stable")[:MOST_CAMPAIGNS]
    chosen = np.zeros(len(good), dtype=bool)
    chosen[places[order]] = True
    return _take(sums, unit, cv, chosen), chosen


def _take(sums: _Sums, unit: Array, cv: Array, rows: Mask) -> Pairs:
    each = np.maximum(unit[rows], 1e-300)
    later, earlier = (np.maximum(x[rows], 0.0) / each for x in (sums.later, sums.earlier))
    return Pairs(later, earlier, sums.paid_later[rows], sums.paid_earlier[rows], cv[rows])


def _left_out(view: View, sums: _Sums, chosen: Mask) -> dict[str, Any]:
    """Say how much of recent campaigns and spend the count does not hold."""
    live = sums.live
    whole = float(view.spend[:, recent(len(view.weeks))].sum())
    return {
        "young": int((live & ~sums.past).sum()),
        "small": int((live & sums.past & ~chosen).sum()),
        "spend_judged": min(1.0, float(sums.paid_later[chosen].sum()) / whole) if whole > 0 else 0.0,
    }


def _under(pairs: Pairs) -> float:
    """Return the share of campaigns under their earlier return, luck included."""
    return float((pairs.later / pairs.paid_later < pairs.earlier / pairs.paid_earlier).mean())


def _at_least(pairs: Pairs) -> int:
    """Return the campaigns that have surely fallen at all: a share is a number of campaigns, so it rounds up."""
    least = least_fallen(pairs.below()) * len(pairs.later)
    return int(np.ceil(least - 1e-9))


def _together(pairs: Pairs) -> float:
    """Return the relative change of all judged campaigns, each at its recent spend."""
    expected = float((pairs.earlier / pairs.paid_earlier * pairs.paid_later).sum())
    return float(pairs.later.sum()) / expected - 1 if expected > 0 else 0.0


def _apart(pairs: Pairs) -> Pairs:
    """Return the campaigns as if all together had brought what they used to."""
    return replace(pairs, later=pairs.later / max(1 + _together(pairs), 1e-9))


def _young_below(sums: _Sums, view: View, luck: Luck) -> int:
    """Return the campaigns without a past of their own that are surely below what their channel used to bring.

    Their expectation is the channel's earlier return. Campaigns differ, so being below is no fall: it is told apart.
    """
    unit = luck.unit[view.channel]
    young = sums.live & ~sums.past & np.isfinite(unit)
    count = len(view.channels)
    claims = np.bincount(view.channel[sums.past], np.maximum(sums.earlier[sums.past], 0.0), count)[view.channel]
    spend = np.bincount(view.channel[sums.past], sums.paid_earlier[sums.past], count)[view.channel]
    young &= (spend > 0) & (claims > 0)
    each = np.maximum(unit[young], 1e-300)
    later = np.maximum(sums.later[young], 0.0) / each
    cv = luck.basket_cv[view.channel][young]
    expected = np.asarray(spend[young], dtype=np.float64)
    pairs = Pairs(later, claims[young] / each, sums.paid_later[young], expected, cv)
    return _at_least(pairs)


def _usual(view: View, luck: Luck) -> list[float]:
    """Return the share under their earlier return in each earlier stretch of 8 weeks, the newest first."""
    out = []
    last = int(view.ripe.max()) if len(view.ripe) else 0
    for stretch in range(1, STRETCHES + 1):
        back = stretch * RECENT_WEEKS
        if last - back < 2 * RECENT_WEEKS + OWN_WEEKS:
            break
        pairs, _ = _pairs(_two_periods(view, back), view, luck)
        if len(pairs.later) >= FEWEST_CAMPAIGNS:
            out.append(_under(pairs))
    return out
