"""The best split of a total: a global search, and a bound on what any split can reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.plan._arrays import Array
from roas.plan.tables import Value

#: Steps into which the money that may move is cut at first. Each later round
#: cuts steps by `FINER` and looks `AROUND` of the earlier steps to both sides,
#: until a step is one cent.
STEPS: Final = 600
FINER: Final = 8
AROUND: Final = 2

#: Amounts per channel at which the bound reads its curve.
BOUND_POINTS: Final = 385

#: Rounds in which the price of the bound is halved in: 2^-50 of the range.
ROUNDS: Final = 50


@dataclass(frozen=True)
class Split:
    """The best amounts that were found.

    Attributes
    ----------
    cents : tuple of int
        By channel; inside the limits, adding up to the total.
    value : float
        What they are worth, currency per week.
    bound : float
        No split is worth more.
    price : float
        Worth of one more unit of money (Lagrange multiplier of the total).
    """

    cents: tuple[int, ...]
    value: float
    bound: float
    price: float

    @property
    def gap(self) -> float:
        """How much better a split could be at most, currency per week."""
        return max(self.bound - self.value, 0.0)


def best_split(values: Sequence[Value], low: Sequence[int], high: Sequence[int], total: int) -> Split:
    """Find the split of a total that is worth most.

    Parameters
    ----------
    values : sequence of functions
        Worth of each channel's cents; any shape, S-shaped too.
    low, high : sequence of int
        Limits, cents.
    total : int
        Cents; between the sums of `low` and `high`.

    Notes
    -----
    ``max sum_c v_c(x_c)  subject to  sum_c x_c = total, low <= x <= high``.
    Dynamic programming over channels on a grid of money is exact on the grid
    whatever the curves; it is repeated on finer grids about the best split
    down to the cent. The bound is the Lagrangian dual ``min over p of
    p * total + sum_c max_x (v_c(x) - p * x)``, which is the best split of the
    curves' concave envelopes, plus what curves may do between its points.
    For concave curves it meets the value; for S-shaped ones the gap is what
    is not proven.

    References
    ----------
    Bellman (1957), Dynamic Programming, on the distribution of effort.
    """
    windows = list(zip(low, high, strict=True))
    step = max(1, -(-sum(b - a for a, b in windows) // (2 * STEPS)))
    while True:
        cents = _on_grid(values, windows, step, total)
        if step == 1:
            break
        reach = AROUND * step
        step = max(1, step // FINER)
        windows = [(max(a, x - reach), min(b, x + reach)) for x, a, b in zip(cents, low, high, strict=True)]
    value = worth(values, cents)
    bound, price = _bound(values, low, high, total)
    return Split(tuple(cents), value, max(bound, value), price)


def worth(values: Sequence[Value], cents: Sequence[int]) -> float:
    """Add up what a split is worth, currency per week."""
    return float(sum(float(v(np.array([float(x)]))[0]) for v, x in zip(values, cents, strict=True)))


def _on_grid(values: Sequence[Value], windows: Sequence[tuple[int, int]], step: int, total: int) -> list[int]:
    """Return the best split with amounts ``low + k * step``; it falls short of the total by less than can be added."""
    counts = [(b - a) // step for a, b in windows]
    units = min((total - sum(a for a, _ in windows)) // step, sum(counts))
    worths = [v(a + step * np.arange(n + 1.0)) for v, (a, _), n in zip(values, windows, counts, strict=True)]
    chosen = best_units([w[: units + 1] for w in worths], units)
    return [a + step * k for (a, _), k in zip(windows, chosen, strict=True)]


def best_units(worths: Sequence[Array], units: int) -> list[int]:
    """Split `units` so that the sum of ``worths[c][k_c]`` is largest.

    Parameters
    ----------
    worths : sequence of array (n_c + 1,)
        Worth of 0 … n_c units.
    units : int
        At most the sum of all n_c.
    """
    best = np.full(units + 1, -np.inf)
    best[0] = 0.0
    choices = []
    for worth_of in worths:
        size = len(worth_of)
        padded = np.concatenate([np.full(size - 1, -np.inf), best])
        # Row s holds best[s - k] for k = size-1 … 0.
        sums = np.lib.stride_tricks.sliding_window_view(padded, size) + worth_of[::-1]
        pick = sums.argmax(axis=1)
        best = sums[np.arange(units + 1), pick]
        choices.append(size - 1 - pick)
    left, out = units, []
    for choice in reversed(choices):
        out.append(int(choice[left]))
        left -= out[-1]
    return out[::-1]


def _bound(values: Sequence[Value], low: Sequence[int], high: Sequence[int], total: int) -> tuple[float, float]:
    """Return the smallest dual value, and the price at which it is reached (worth per unit of currency)."""
    money = np.array([np.linspace(a, b, BOUND_POINTS) for a, b in zip(low, high, strict=True)])
    worths = np.array([v(row) for v, row in zip(values, money, strict=True)])
    rows = np.arange(len(money))
    widths = np.maximum(money[:, 1:] - money[:, :-1], 1e-12)
    slopes = (worths[:, 1:] - worths[:, :-1]) / widths
    bottom, top = float(slopes.min()) - 1e-9, float(slopes.max()) + 1e-9
    least = np.inf
    price = 0.0
    for _ in range(ROUNDS):
        middle = (bottom + top) / 2
        net = worths - middle * money
        pick = net.argmax(axis=1)
        dual = float(net[rows, pick].sum() + middle * total)
        if dual < least:
            least, price = dual, middle
        if money[rows, pick].sum() > total:
            bottom = middle
        else:
            top = middle
    # Between two points a curve rises above its chord by about an eighth of
    # the change of slope times the step, at most.
    turns = np.pad(np.abs(np.diff(slopes, axis=1)), ((0, 0), (1, 1)))
    bend = np.maximum(turns[:, 1:], turns[:, :-1]) * widths / 8
    net = worths - price * money
    between = (np.maximum(net[:, 1:], net[:, :-1]) + bend).max(axis=1)
    return float(between.sum() + price * total), price * 100


def best_alone(value: Value, low: int, high: int) -> int:
    """Return the amount of cents that is worth most where the total is free."""
    points = np.linspace(low, high, 4 * BOUND_POINTS).round()
    while True:
        best = int(value(points).argmax())
        step = int(np.diff(points).max(initial=1))
        if step <= 1:
            return int(points[best])
        left, right = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
        points = np.unique(np.linspace(left, right, 65).round())
