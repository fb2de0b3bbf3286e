"""Money in whole cents: what a person pays is exact, whatever was computed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from roas.errors import UsageError

#: Largest amount of money per week that is taken, in currency: doubles hold
#: cents exactly up to 9e13.
LARGEST = 1e12

#: Cents of one unit of money.
UNIT = 100


def to_cents(amount: float, what: str = "amount") -> int:
    """Round an amount of money per week to whole cents.

    Raises
    ------
    UsageError
        Where it is negative, not finite or beyond `LARGEST`.
    """
    value = float(amount)
    if not math.isfinite(value) or value < 0 or value > LARGEST:
        raise UsageError(f"{what} must be an amount of money per week, zero or more, not {amount}.")
    return round(value * UNIT)


def money_of(cents: int) -> float:
    """Return cents as currency."""
    return int(cents) / UNIT


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Split a total by weights into whole numbers that add up to it.

    Parameters
    ----------
    total : int
        Cents, zero or more.
    weights : sequence of float
        Zero or more, not all zero.

    Notes
    -----
    The method of the largest remainder (Hare quota); ties go to the earlier.

    Examples
    --------
    >>> share_out(100, [1, 1, 1])
    [34, 33, 33]
    """
    parts = np.asarray(weights, dtype=np.float64)
    exact = total * (parts / parts.sum())
    whole = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    for i in np.argsort(-(exact - whole), kind="stable")[: max(left, 0)]:
        whole[i] += 1
    return [int(each) for each in whole]


def fill(total: int, wanted: Sequence[int], low: Sequence[int], high: Sequence[int]) -> list[int]:
    """Scale amounts to a total inside limits.

    Parameters
    ----------
    total : int
        Cents; between the sums of `low` and `high`.
    wanted : sequence of int
        Amounts whose proportions are kept as far as limits allow.
    low, high : sequence of int

    Returns
    -------
    list of int
        ``clip(f * wanted, low, high)`` with the one factor f that reaches the
        total, to the cent. Amounts of zero count as equal and small.

    Examples
    --------
    >>> fill(300, [100, 100], [0, 0], [120, 500])
    [120, 180]
    """
    least, most = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    base = np.maximum(np.asarray(wanted, dtype=np.float64), 1e-3)
    if sum(wanted) == total and all(a <= w <= b for w, a, b in zip(wanted, low, high, strict=True)):
        return [int(w) for w in wanted]
    bottom, top = 0.0, float((most / base).max(initial=0.0)) + 1.0
    for _ in range(200):
        factor = (bottom + top) / 2
        if np.clip(base * factor, least, most).sum() > total:
            top = factor
        else:
            bottom = factor
    exact = np.clip(base * bottom, least, most)
    whole = [math.floor(each) for each in exact]
    return _settle(total, whole, exact, low, high)


def _settle(total: int, whole: list[int], exact: np.ndarray, low: Sequence[int], high: Sequence[int]) -> list[int]:
    """Give the cents that are left to those with the largest remainder, within limits."""
    out = [min(max(w, a), b) for w, a, b in zip(whole, low, high, strict=True)]
    order = sorted(range(len(out)), key=lambda i: (-(exact[i] - whole[i]), i))
    left = total - sum(out)
    while left:
        step = 1 if left > 0 else -1
        moved = 0
        for i in order:
            if left and low[i] <= out[i] + step <= high[i]:
                out[i] += step
                left -= step
                moved += 1
        if not moved:
            raise UsageError("the limits cannot meet the total.")
    return out
