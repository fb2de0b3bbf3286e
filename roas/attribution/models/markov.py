"""Markov attribution: a channel is worth what would be lost without it, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.models.absorption import DENSE_STATES, check_work, dense_losses, without
from roas.attribution.models.chain import Counts, Layout
from roas.attribution.models.contexts import Level
from roas.attribution.models.rules import credit, linear
from roas.attribution.results import Removal
from roas.charts.attribution.states import CONVERSION, NULL, START

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Paths

#: Lost value below this share of the total is rounding, not a loss.
ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class Losses:
    """What a chain would lose without each channel.

    Attributes
    ----------
    total : array (..., 2)
        Chance that a journey converts, and its expected value in currency.
    lost : array (..., channels, 2)
        What of it goes with each channel.
    """

    total: Floats
    lost: Floats

    @property
    def effects(self) -> Floats:
        """Removal effects on conversions, (..., channels); 0 where nothing converts."""
        total = self.total[..., :1]
        found = np.divide(self.lost[..., 0], total, out=np.zeros(self.lost.shape[:-1]), where=total > 0)
        return np.clip(found, 0.0, 1.0)

    @property
    def conversion_shares(self) -> Floats:
        """Removal effects divided by their sum, (..., channels)."""
        return _shares(np.maximum(self.lost[..., 0], 0.0))

    @property
    def value_has_effects(self) -> bool:
        """Whether the value chain says anything: the value is positive, and no channel's loss is a gain."""
        total, lost = self.total[..., 1], self.lost[..., 1]
        return bool(np.all(total > 0) and np.all(lost >= -ROUNDING * total[..., None]) and np.all(lost.sum(-1) > 0))

    @property
    def value_shares(self) -> Floats:
        """The same for value; losses below 0 count as none."""
        return _shares(np.maximum(self.lost[..., 1], 0.0))


@dataclass(frozen=True)
class Transitions:
    """Journeys from each state of the order-1 chain to the next.

    Attributes
    ----------
    sources : tuple of str
        The channels, then ``(start)``.
    targets : tuple of str
        The channels, then ``(conversion)``, ``(null)``.
    counts : array (channels + 1, channels + 2)
        Steps of all journeys, repeats of a channel included.
    interval : array (channels + 1, channels + 2, 2) or None
        5 and 95 % points of the shares.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    counts: Floats
    interval: Floats | None = None

    @property
    def shares(self) -> Floats:
        """Counts over their row's sum: the transition matrix; a row without journeys is 0."""
        return _shares(self.counts)


def losses(layout: Layout, counts: Counts) -> Losses:
    """Lose each channel in turn: its traffic goes to null.

    Parameters
    ----------
    layout : Layout
    counts : Counts
        Without replicates.

    Returns
    -------
    Losses
        Exact: a closed form up to `DENSE_STATES` states, above that the
        series of the same chain, summed until nothing is left of it.

    Raises
    ------
    UsageError
        If the chain is too large; it names the order that works.
    """
    from threadpoolctl import threadpool_limits

    check_work(layout)
    with threadpool_limits(1, user_api="blas"):
        if layout.size <= DENSE_STATES or layout.order == 1:
            return Losses(*dense_losses(layout, counts))
        first = layout.first(counts)
        found = np.concatenate(
            [np.einsum("s,snr->nr", first, part.reached) for part in without(layout, counts, visits=False)]
        )
    return Losses(found[0], found[0] - found[1:])


def shared(paths: Paths, found: Losses) -> tuple[Floats, Floats, bool]:
    """Share the observed totals in proportion to removal effects.

    Returns
    -------
    conversions, value : array (channels,)
        Each adds up to its observed total.
    own : bool
        Whether value has removal effects of its own. Where the total is not
        positive, or more value would come without some channel, these have
        no meaning as shares; value is then shared like conversions (without
        any conversion, like the linear rule).
    """
    conversions = found.conversion_shares * paths.conversions.sum()
    total = float(paths.value.sum())
    if found.value_has_effects:
        return conversions, found.value_shares * total, True
    if conversions.any():
        return conversions, found.conversion_shares * total, total == 0
    return conversions, credit(paths, linear(paths), paths.value), total == 0


@dataclass(frozen=True)
class Solved:
    """A chain with its credit.

    Attributes
    ----------
    layout, counts, losses
        The chain and what it loses without each channel.
    conversions, value : array (channels,)
        Credit.
    own_value : bool
        Whether value is credited by removal effects of its own.
    """

    layout: Layout
    counts: Counts
    losses: Losses
    conversions: Floats
    value: Floats
    own_value: bool


def solve(paths: Paths, order: int = 1, *, known: list[Level] | None = None) -> Solved:
    """Build the chain of order k, lose each channel in turn, share the observed totals."""
    layout = Layout.of(paths, order, known)
    counts = layout.count(paths)
    found = losses(layout, counts)
    return Solved(layout, counts, found, *shared(paths, found))


def markov(paths: Paths, order: int = 1, *, known: list[Level] | None = None) -> tuple[Floats, Floats]:
    """Credit of the absorbing Markov chain of order k.

    Parameters
    ----------
    paths : Paths
    order : int
        Touches that a state remembers, >= 1.
    known : list of Level, optional
        Contexts already numbered.

    Returns
    -------
    conversions, value : array (channels,)
        Removal effects, divided by their sum, times the observed total;
        value in currency, by the same chain with the value as reward.

    Raises
    ------
    UsageError
        If the chain is too large to be exact.

    Notes
    -----
    States are the last k touches, start, conversion and null. Removing a
    channel sends all traffic of states that hold it to null. ``removal
    effect = 1 - P(conversion without it) / P(conversion)``.

    References
    ----------
    Anderl, Becker, von Wangenheim, Schumann (2016), Mapping the customer
    journey: lessons learned from graph-based online attribution modeling.

    Examples
    --------
    >>> from roas.attribution.paths import Paths
    >>> paths = Paths.of([("AB", 2, 30, 0), ("A", 1, 10, 1), ("B", 0, 0, 1)])
    >>> (markov(paths)[0] * 13).round(9)
    array([21., 18.])
    """
    found = solve(paths, order, known=known)
    return found.conversions, found.value


def removal_effects(paths: Paths) -> Removal:
    """Return the share of conversions lost without each channel, order 1, no intervals."""
    return Removal(solve(paths).losses.effects)


def transition_counts(paths: Paths) -> Transitions:
    """Count the steps of all journeys between channels, from the start and to the ends."""
    layout = Layout.of(paths, 1)
    counts = layout.count(paths)
    return Transitions((*paths.channels, START), (*paths.channels, CONVERSION, NULL), table(layout, counts))


def table(layout: Layout, counts: Counts) -> Floats:
    """Lay order-1 counts out as a table, (..., channels + 1, channels + 2)."""
    channels = layout.holds.shape[1]
    code = np.append(layout.state.last, channels)  # the start's place, -1, is the last
    out = np.zeros((*counts.steps.shape[:-1], channels + 1, channels + 2))
    out[..., code[layout.step.before], layout.step.last] = counts.steps
    out[..., layout.state.last, channels] = counts.converted
    out[..., layout.state.last, channels + 1] = counts.lost
    return out


def _shares(amounts: Any) -> Floats:
    sums = amounts.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(amounts, sums, out=np.zeros_like(amounts), where=sums > 0))
