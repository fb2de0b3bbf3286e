"""Mix shift: money moved to weaker channels, while each channel sells as before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.diagnosis.causes.base import Signature

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen

    Array = npt.NDArray[np.float64]

#: Weeks before a move that say what each channel brings.
WEEKS_BEFORE: Final = 12

#: What the mix does to claimed ROAS from month to month with nothing wrong (log sd), at least: budgets move.
USUAL: Final = 0.02

#: Least and largest loss (log) that a move of money makes.
LEAST, MOST = 0.04, 0.3

#: Share of today's spend that a channel must have had before, for its return then to say something.
KNOWN: Final = 0.1

#: Rise of log spend of the channel that gains, and part of what it gains that others must give up.
GAIN, GIVEN = 0.2, 0.4

CAUSE: Final = Signature(
    name="mix_shift", scope="channel", hit={}, shows="spend_share", courses=("step", "ramp"), gate="money_moved"
)


@dataclass(frozen=True)
class Move:
    """What moving money did, per shape.

    Attributes
    ----------
    effect : array (shapes,)
        Change of the account's log claimed ROAS through the mix alone.
    gainer : array of int (shapes,)
        The weaker channel that gained most; -1 where none did.
    moved : array (shapes,)
        Money per week that it gained.
    lost : array (shapes,)
        Claimed revenue per week that the move costs.
    cost : array (shapes,)
        The same as a share of all claims before (log): what this one move did.
    """

    effect: Array
    gainer: npt.NDArray[np.int64]
    moved: Array
    lost: Array
    cost: Array


def moves(seen: Seen) -> Move:
    """Measure at every onset what the change of shares did to claimed ROAS, each channel's own ROAS held.

    ``effect = log(sum(after share * roas before) / sum(before share * roas before))``
    """
    shapes = len(seen.shapes.onset)
    found = np.zeros((shapes, 5))
    found[:, 1] = -1
    for j, onset in enumerate(seen.shapes.onset):
        after = np.flatnonzero(seen.shapes.matrix[:, j] >= 0.75)
        found[j] = _move(seen, slice(max(0, int(onset) - WEEKS_BEFORE), int(onset)), after)
    effect, gainer, moved, lost, cost = found.T
    return Move(effect, gainer.astype(np.int64), moved, lost, cost)


def _move(seen: Seen, before: slice, after: npt.NDArray[np.int64]) -> tuple[float, float, float, float, float]:
    """Return effect, gainer, money moved, claims lost and their cost between two spans of weeks."""
    nothing = (0.0, -1.0, 0.0, 0.0, 0.0)
    spend, claims = seen.panel.sums["spend"], seen.panel.sums["conversion_value"]
    if not len(after) or before.stop - before.start < 2:
        return nothing
    known = np.isfinite(claims[:, before]) & np.isfinite(spend[:, before])
    was = np.nan_to_num(spend[:, before]).mean(axis=1)
    now = np.nan_to_num(spend[:, after]).mean(axis=1)
    spent = np.where(known, spend[:, before], 0.0).sum(axis=1)
    roas = np.where(known, claims[:, before], 0.0).sum(axis=1) / np.where(spent > 0, spent, 1.0)
    if min(was @ roas, now @ roas) <= 0:
        return nothing
    average = float(was @ roas / was.sum())
    effect = float(np.log(now @ roas / now.sum() / average))
    gained, giving = now - was, np.maximum(was - now, 0.0)
    there = (np.nan_to_num(spend[:, before]) > 0).all(axis=1)
    # Of a new channel, or of one that claims nothing, no return is known.
    judged = there & (was >= KNOWN * now) & (roas > 0)
    weaker = judged & (gained > 0) & (roas < average) & (now >= was * np.exp(GAIN)) & (giving.sum() >= GIVEN * gained)
    if not weaker.any():
        return effect, -1.0, 0.0, 0.0, 0.0
    best = int(np.where(weaker, gained * (average - roas), -np.inf).argmax())
    moved = min(float(gained[best]), float(giving.sum()))
    lost = max(moved * (float(giving @ roas / giving.sum()) - float(roas[best])), 0.0)
    return effect, float(best), moved, lost, -float(np.log(max(1 - lost / float(was @ roas), 0.05)))


def _usual(seen: Seen) -> float:
    """Return how much moves of money from quarter to quarter have cost before, at least `USUAL`."""
    ends = range(2 * WEEKS_BEFORE, seen.panel.weeks - 2 * WEEKS_BEFORE, 4)
    costs = [
        _move(seen, slice(end - 2 * WEEKS_BEFORE, end - WEEKS_BEFORE), np.arange(end - WEEKS_BEFORE, end))[4]
        for end in ends
    ]
    return max(USUAL, float(np.sqrt(np.mean(np.square(costs)))) if costs else 0.0)


def log_ratio(seen: Seen, channel: int, move: Move) -> Array:
    """Return per shape how much likelier such a change of the mix is where money was moved than where budgets wander.

    The mix of a healthy account wanders by as much as it did from quarter to quarter before, at least `USUAL`;
    moved money costs between `LEAST` and `MOST`.
    """
    usual = _usual(seen)
    size = np.minimum(move.cost, np.maximum(-move.effect, 0.0))
    wander = -0.5 * (size / usual) ** 2 - np.log(usual * (2 * np.pi) ** 0.5)
    inside = (size >= LEAST) & (size <= MOST) & (move.gainer == channel)
    inside &= np.isin(np.array(seen.shapes.course), CAUSE.courses)
    return np.asarray(np.where(inside, -np.log(MOST - LEAST) - wander, -np.inf))
