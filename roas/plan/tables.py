"""What each channel's money is worth inside its limits, tabulated draw by draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from roas.plan._arrays import Array
from roas.plan.cents import to_cents
from roas.plan.effects import Effects
from roas.plan.results import Limit

if TYPE_CHECKING:
    from roas.plan.today import Today

#: A channel's value at amounts in cents.
Value: TypeAlias = Callable[[Array], Array]

#: Points of a table where the upper limit is at most `NARROW` times the lower
#: one, and where it is wider: the largest error of what lies between, by
#: monotone cubics, is then below a thousandth of a move's gain (tests).
POINTS: Final = 17
WIDE_POINTS: Final = 49
NARROW: Final = 3.0


@dataclass(frozen=True)
class Tables:
    """Movable channels, their limits, and draws of change on a grid of money.

    Attributes
    ----------
    names : tuple of str
        In alphabetical order, so that nothing depends on the account's.
    low, high, now : tuple of int
        Cents per week.
    money : tuple of array (K,)
        Cents per week; today's amount is a point where it lies inside.
    gains : tuple of array (n, K)
        Revenue change, currency per week of the horizon.
    """

    names: tuple[str, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    now: tuple[int, ...]
    money: tuple[Array, ...]
    gains: tuple[Array, ...]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.gains[0]) if self.gains else 0

    def some(self, keep: slice) -> Tables:
        """Return the same tables with some of the draws."""
        return replace(self, gains=tuple(each[keep] for each in self.gains))

    def values(self, factor: float, price: float, weights: Array | None = None) -> list[Value]:
        """Return each channel's expected value ``factor * gain - price * (money - now)``.

        Parameters
        ----------
        factor, price : float
        weights : array, shape (n,), optional
            Of the draws; equal by default.
        """
        out = []
        for money, gain, now in zip(self.money, self.gains, self.now, strict=True):
            mean = gain.mean(axis=0) if weights is None else weights @ gain / weights.sum()
            out.append(_smooth(money, factor * mean, price, now))
        return out

    def draws_at(self, plan: Sequence[int]) -> Array:
        """Return draws of the revenue change of a plan in cents, shape (n,)."""
        return np.asarray(sum((self.own_draws(c, x) for c, x in enumerate(plan)), np.zeros(self.draws)))

    def own_draws(self, channel: int, cents: int) -> Array:
        """Return draws of one channel's change at an amount in cents, between points along chords, shape (n,)."""
        money, gains = self.money[channel], self._columns[channel]
        right = min(max(int(np.searchsorted(money, cents)), 1), len(money) - 1)
        if right == 0:
            return np.asarray(gains[0])
        part = (cents - money[right - 1]) / (money[right] - money[right - 1])
        return np.asarray(gains[right - 1] + part * (gains[right] - gains[right - 1]))

    @cached_property
    def _columns(self) -> tuple[Array, ...]:
        return tuple(np.ascontiguousarray(each.T) for each in self.gains)


def _smooth(money: Array, mean: Array, price: float, now: int) -> Value:
    curve = _pchip(money, mean)

    def value(cents: Array) -> Array:
        return np.asarray(curve(cents) - price * (cents - now) / 100)

    return value


def _pchip(money: Array, values: Array) -> Callable[[Array], Array]:
    """Return the monotone cubic through points (Fritsch and Butland, 1984): it invents no bumps."""
    from scipy.interpolate import PchipInterpolator

    if len(money) == 1:
        return lambda cents: np.broadcast_to(values[0], (*np.shape(cents), *np.shape(values[0])))
    curve: Callable[[Array], Array] = PchipInterpolator(money, values, axis=0)
    return curve


def tables_of(effects: Effects, today: Today, limits: Mapping[str, Limit]) -> Tables:
    """Tabulate every channel that may move and has a curve."""
    movable = sorted(name for name in effects.channels if name in limits and not limits[name].fixed)
    low, high = ([to_cents(getattr(limits[name], side)) for name in movable] for side in ("low", "high"))
    now = [to_cents(today.of(name)) for name in movable]
    money = [_grid(a, b, x) for a, b, x in zip(low, high, now, strict=True)]
    gains = [effects.change(name, grid / 100) for name, grid in zip(movable, money, strict=True)]
    return Tables(tuple(movable), tuple(low), tuple(high), tuple(now), tuple(money), tuple(gains))


def _grid(low: int, high: int, now: int) -> Array:
    points = POINTS if high <= NARROW * low else WIDE_POINTS
    grid = np.linspace(low, high, points)
    if low < now < high:
        # The nearest inner point becomes today's amount: the change there is exactly nothing.
        inner = 1 + int(np.abs(grid[1:-1] - now).argmin())
        grid[inner] = now
    return np.unique(grid)
