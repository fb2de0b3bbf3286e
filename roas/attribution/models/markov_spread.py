"""How a Markov model's credit varies with the journeys: redrawn where small, by influence where large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.models.absorption import dense_losses, without
from roas.attribution.models.chain import Counts, Layout
from roas.attribution.models.markov import Losses, table
from roas.attribution.models.resample import Draws, value_variance
from roas.attribution.models.spread import BLOCK, variance_of_sum

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Paths

#: States up to which a chain is rebuilt and solved for every replicate: 200
#: replicates of 200 states take about a second. Above it contexts are so thin
#: that redrawing them is biased besides.
REDRAWN_STATES: Final = 200


@dataclass
class Redrawn:
    """A chain rebuilt from redrawn journeys, through maps made once.

    Attributes
    ----------
    layout : Layout
    steps, ends : sparse
        Paths to steps, (steps, paths); paths to their last states, (states, paths).
    """

    layout: Layout
    steps: Any
    ends: Any

    @classmethod
    def of(cls, layout: Layout) -> Redrawn:
        """Make the maps."""
        return cls(layout, layout.steps_matrix().T.tocsr(), layout.ends_matrix())

    def count(self, draws: Draws) -> Counts:
        """Count redrawn journeys; replicates lead."""
        return Counts(
            np.ascontiguousarray((self.steps @ draws.journeys).T),
            *(
                np.ascontiguousarray((self.ends @ amounts).T)
                for amounts in (draws.conversions, draws.nulls, draws.value)
            ),
        )

    def losses(self, counts: Counts) -> Losses:
        """Solve every replicate."""
        return Losses(*dense_losses(self.layout, counts))

    def tables(self, counts: Counts) -> Floats:
        """Return transition shares, (replicates, channels + 1, channels + 2)."""
        found = table(self.layout, counts)
        sums = found.sum(axis=-1, keepdims=True)
        return np.asarray(np.divide(found, sums, out=np.zeros_like(found), where=sums > 0))


@dataclass(frozen=True)
class Variances:
    """Variances over resampled journeys, each (channels,).

    Attributes
    ----------
    conversions, value : array
        Of the credit; currency squared for value.
    effects : array
        Of the removal effect on conversions.
    """

    conversions: Floats
    value: Floats
    effects: Floats


def variances(paths: Paths, layout: Layout, counts: Counts) -> Variances:
    """Work out how credit varies, by each journey's influence on the solved chain.

    Parameters
    ----------
    paths : Paths
    layout, counts
        The paths' chain.

    Returns
    -------
    Variances

    Notes
    -----
    With ``x`` the chance of converting from each state and ``u`` the
    expected visits over the journeys that leave it, one journey more over
    the step i → j changes P(conversion) by ``u[i] (x[j] - x[i])``; one that
    begins in j by ``(x[j] - P) / journeys``; one that converts from i by
    ``u[i] (1 - x[i])``, one that is lost by ``- u[i] x[i]``. The same holds
    without a channel, and for value with the value in place of 1. One
    solve forwards and one backwards per channel give the influence of all.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        parts = list(without(layout, counts, visits=True))
    reached = np.concatenate([part.reached for part in parts], axis=1)
    visits = np.concatenate([np.asarray(part.visits) for part in parts], axis=1)
    steps = layout.steps_matrix()
    count = np.where(paths.conversions > 0, paths.conversions, 1.0)
    effects, conversions = _Influence.of(layout, counts, reached[..., 0], visits).spread(
        paths, steps, np.where(paths.conversions > 0, 1.0, 0.0), np.zeros(len(count))
    )
    _, value = _Influence.of(layout, counts, reached[..., 1], visits).spread(
        paths, steps, paths.value / count, value_variance(paths)
    )
    return Variances(conversions, value, effects)


@dataclass(frozen=True)
class _Influence:
    """Changes of the chance (or expected value), by step and by last state; a column per channel removed, none first."""

    ends: Any
    step: Floats
    end: Floats
    visits: Floats
    level: Floats

    @classmethod
    def of(cls, layout: Layout, counts: Counts, reached: Floats, visits: Floats) -> _Influence:
        level = layout.first(counts) @ reached
        step = np.zeros((layout.step.size, reached.shape[1]))
        inner, start = layout.inner, layout.beginnings
        source, target = layout.step.before[inner], layout.step.suffix[inner]
        step[inner] = visits[source] * (reached[target] - reached[source])
        journeys = max(float(counts.steps[start].sum()), 1e-300)
        step[start] = (reached[layout.step.suffix[start]] - level) / journeys
        return cls(layout.ends, step, -visits * reached, visits, level)

    def spread(self, paths: Paths, steps: Any, reward: Floats, within: Floats) -> tuple[Floats, Floats]:
        """Return the variances of effects and credit; `reward` of a conversion and its variance within a path."""
        lost = self.level[0] - self.level[1:]
        whole = float(lost.sum())
        if not (self.level[0] > 0 and whole > 0):  # nothing is credited by removal effects
            return np.zeros(len(lost)), np.zeros(len(lost))
        shares, total = lost / whole, float((paths.conversions * reward).sum())
        squares, sums = np.zeros((2, len(lost))), np.zeros((2, len(lost)))
        for begin in range(0, len(reward), BLOCK):
            rows = slice(begin, begin + BLOCK)
            ends = self.ends[rows]
            lost_journey = steps[rows] @ self.step + self.end[ends]
            converted = lost_journey + self.visits[ends] * reward[rows, None]
            for weight, change, won in (
                (paths.nulls[rows], lost_journey, np.zeros(len(ends))),
                (paths.conversions[rows], converted, reward[rows]),
            ):
                for i, moved in enumerate(self._moved(change, won, lost, shares, total / whole)):
                    squares[i] += weight @ moved**2
                    sums[i] += weight @ moved
            # One unit of value more in a conversion of the path, for the spread within it.
            noisy = np.flatnonzero(within[rows] * paths.conversions[rows] > 0)
            if len(noisy):
                moved = self._moved(self.visits[ends[noisy]], np.ones(len(noisy)), lost, shares, total / whole)[1]
                squares[1] += (within[rows] * paths.conversions[rows])[noisy] @ moved**2
        found = variance_of_sum(squares, sums, float(paths.journeys.sum()))
        return found[0], found[1]

    def _moved(self, change: Floats, won: Floats, lost: Floats, shares: Floats, scale: float) -> tuple[Floats, Floats]:
        """Turn changes of chances into changes of removal effects and of credit."""
        losses = change[:, :1] - change[:, 1:]
        level = float(self.level[0])
        effects = losses / level - (lost / level**2) * change[:, :1]
        credit = scale * (losses - shares * losses.sum(axis=1, keepdims=True)) + shares * won[:, None]
        return effects, credit
