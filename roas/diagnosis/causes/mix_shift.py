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
USUAL: Final = 0.012

#: Least and largest loss (log) that a move of money makes.
LEAST, MOST = 0.03, 0.3

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
    """

    effect: Array
    gainer: npt.NDArray[np.int64]
    moved: Array
    lost: Array


def moves(seen: Seen) -> Move:
    """Measure at every onset what the change of shares did to claimed ROAS, each channel's own ROAS held.

    ``effect = log(sum(after share * roas before) / sum(before share * roas before))``
    """
    shapes = len(seen.shapes.onset)
    effect, moved, lost = np.zeros(shapes), np.zeros(shapes), np.zeros(shapes)
    gainer = np.full(shapes, -1, dtype=np.int64)
    spend = np.nan_to_num(seen.panel.sums["spend"])
    claims = np.nan_to_num(seen.panel.sums["conversion_value"])
    known = np.isfinite(seen.panel.sums["conversion_value"])
    for j, onset in enumerate(seen.shapes.onset):
        before = slice(max(0, onset - WEEKS_BEFORE), onset)
        there = seen.shapes.matrix[:, j] >= 0.75
        if not there.any():
            continue
        was, now = spend[:, before].mean(axis=1), spend[:, there].mean(axis=1)
        spent = np.where(known[:, before], spend[:, before], 0.0).sum(axis=1)
        roas = np.where(spent > 0, claims[:, before].sum(axis=1) / np.where(spent > 0, spent, 1.0), 0.0)
        if was.sum() <= 0 or now.sum() <= 0 or (was @ roas) <= 0 or (now @ roas) <= 0:
            continue
        average = float(was @ roas / was.sum())
        effect[j] = float(np.log(now @ roas / now.sum() / average))
        gained, given = now - was, float(np.maximum(was - now, 0.0).sum())
        weaker = (gained > 0) & (roas < average) & (now >= was * np.exp(GAIN)) & (given >= GIVEN * gained)
        if weaker.any():
            best = int(np.where(weaker, gained * (average - roas), -np.inf).argmax())
            gainer[j], moved[j] = best, min(float(gained[best]), given)
            giving = np.maximum(was - now, 0.0)
            lost[j] = moved[j] * (float(giving @ roas / giving.sum()) - roas[best])
    return Move(effect, gainer, moved, lost)


def log_ratio(seen: Seen, channel: int, move: Move) -> Array:
    """Return per shape how much likelier such a change of the mix is where money was moved than where budgets wander.

    The mix of a healthy account wanders by as much as it did at earlier onsets, at least `USUAL`; moved money
    costs between `LEAST` and `MOST`.
    """
    early = seen.shapes.onset < seen.shapes.onset.max(initial=0) - 2 * WEEKS_BEFORE
    steps = np.array(seen.shapes.course) == "step"
    past = move.effect[early & steps]
    usual = max(USUAL, float(np.median(np.abs(past)) / 0.6745) if len(past) >= 8 else 0.0)
    size = -move.effect
    wander = -0.5 * (size / usual) ** 2 - np.log(usual * (2 * np.pi) ** 0.5)
    inside = (size >= LEAST) & (size <= MOST) & (move.gainer == channel)
    # Beyond the range the edges count as Gaussian tails of the wander itself.
    return np.asarray(np.where(inside, -np.log(MOST - LEAST) - wander, -np.inf))
