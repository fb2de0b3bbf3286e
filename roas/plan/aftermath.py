"""What became of a plan's weeks: what was sold, and what would have been sold without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.plan._arrays import Array
from roas.plan.before import Before, NotKnown, before
from roas.plan.expected import Expectation
from roas.plan.new_controls import HOLIDAYS
from roas.plan.observed import Observed
from roas.plan.strangers import as_others, strangers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HOLIDAYS", "Before", "NotKnown", "Observed", "Outcome", "before", "outcome"]

#: Share of a plan's weeks whose revenue must be known.
KNOWN_SHARE: Final = 0.5


@dataclass(frozen=True)
class Outcome:
    """Draws of what a plan's weeks changed, currency per week, each of shape (n,).

    Attributes
    ----------
    revenue : float
        What was really sold.
    without : array
        What would have been sold with the money left as it was, luck included.
    expected, tail : array
        What the model expects of the money that was really spent, with what
        still arrives after the plan's weeks; the latter alone.
    unmodelled : tuple of str
        Channels that the model does not have and whose money moved: in
        `expected` and `tail` they are taken to be as the others.
    """

    revenue: float
    without: Array
    expected: Array
    tail: Array
    unmodelled: tuple[str, ...] = ()

    @property
    def realised(self) -> Array:
        """What was sold beyond that, and what still arrives."""
        return self.revenue - self.without + self.tail


def outcome(
    known: Before, now: Mapping[str, float], weeks: int, *, spent: Mapping[str, float] | None = None, seed: int = 0
) -> Outcome:
    """Compare what was sold in the first weeks with what would have been.

    Parameters
    ----------
    known : Before
    now : mapping
        Channel → money per week before the plan, held in the other course of
        things; channels that the model does not have are left out.
    weeks : int
    spent : mapping, optional
        Channel → money per week of the plan's weeks. Channels that the model
        does not have are read from here alone.
    seed : int
        Of the channel that stands in for one that the model does not have.

    Raises
    ------
    NotKnown
        ``"no_revenue"``: of half the weeks or more. ``"new_channel"`` with
        names: money of channels that the model does not have moved, and
        nothing can stand in for them.

    Notes
    -----
    Per draw i and week, ``realised_i = sold - without_i + tail_i``. `without`
    is the forecast of the model of the time before: baseline, what money that
    stays as it was brings, carryover of earlier money, and noise, summed over
    the periods with known revenue and divided by their weeks. `tail` is what
    the difference in money still brings in the longest carryover after the
    weeks, with money back to what it was. It is the model's, since those weeks
    have not been measured, or hold other changes.

    A channel that the model does not have (new, or never estimated) is a
    stranger. What it sold in these weeks is measured like the rest. What it is
    expected to bring, and what of that comes later, is taken from a channel of
    the account that is drawn for each draw, as what a unit of all its money
    brings: as unlike as the account's channels are, so unlike it may be.
    """
    held = {name: float(now.get(name, 0.0)) for name in known.response.data.channels}
    expectation = Expectation(known, held, weeks)
    sold = known.revenue[: expectation.periods]
    told = np.flatnonzero(np.isfinite(sold))
    if len(sold) < expectation.periods or len(told) < KNOWN_SHARE * expectation.periods:
        raise NotKnown("no_revenue")
    measured = len(told) / known.per_week
    forecast, _ = known.response.forecast_draws(weeks, held, controls=_controls(known, expectation.periods))
    expected, tail = expectation.of_spent()
    moves = strangers(held, now, spent or {})
    if moves:
        brings, later = as_others(expectation, tuple(moves), seed=seed)
        moved = sum(moves.values())
        expected, tail = expected + moved * brings, tail + moved * later
    return Outcome(
        revenue=float(sold[told].sum()) / measured,
        without=forecast["revenue"][:, told].sum(axis=1) / measured,
        expected=expected,
        tail=tail,
        unmodelled=tuple(moves),
    )


def _controls(known: Before, periods: int) -> pd.DataFrame:
    """Return controls as they were; one that is not known all along is left to the model."""
    import pandas as pd

    columns = {name: values[:periods] for name, values in known.controls.items()}
    kept = {name: each for name, each in columns.items() if len(each) == periods and np.isfinite(each).all()}
    return pd.DataFrame(kept, index=range(periods))
