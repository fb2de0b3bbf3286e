"""Planned amounts in whole units of money, for currencies that have nothing smaller."""

from __future__ import annotations

from collections.abc import Sequence

from roas.format import decimals
from roas.plan.cents import UNIT


def payable(
    plan: Sequence[int],
    start: Sequence[int],
    currency: str | None,
    *,
    low: Sequence[int] | None = None,
    high: Sequence[int] | None = None,
    fixed: bool,
) -> list[int]:
    """Round amounts that were chosen to what can be paid.

    Parameters
    ----------
    plan, start : sequence of int
        Hundredths of each channel. What `plan` leaves as it was at the start
        stays exact: it is a mean of weeks, nobody chose it.
    currency : str or None
        Nothing is rounded where it has decimals, or is not known.
    low, high : sequence of int, optional
        Limits; none by default but nothing.
    fixed : bool
        Whether the total must stay, to the hundredth.

    Returns
    -------
    list of int
        The nearest whole units inside the limits. With `fixed` the largest
        moves take up what rounding leaves over, and one of them what the
        total itself has beyond whole units. As planned where limits leave
        no room for that.

    Examples
    --------
    >>> payable([60_049, 40_074, 1_037], [70_049, 30_074, 1_037], "JPY", fixed=True)
    [60023, 40100, 1037]
    >>> payable([60_049, 40_074], [70_049, 30_074], "EUR", fixed=True)
    [60049, 40074]
    """
    moved = [i for i, (chosen, had) in enumerate(zip(plan, start, strict=True)) if chosen != had]
    if decimals(currency) or not moved:
        return list(plan)
    least, most = low or [0] * len(plan), high or [sum(plan) + UNIT * len(plan)] * len(plan)
    out = [
        _nearest(each, a, b) if i in moved else each
        for i, (each, a, b) in enumerate(zip(plan, least, most, strict=True))
    ]
    if not fixed:
        return out
    order = sorted(moved, key=lambda i: (-abs(plan[i] - start[i]), i))
    return out if _made_up(out, sum(plan) - sum(out), order, least, most) else list(plan)


def _nearest(amount: int, low: int, high: int) -> int:
    """Return the nearest whole units inside limits; the amount itself where there are none."""
    found = min(max(round(amount / UNIT), -(-low // UNIT)), high // UNIT) * UNIT
    return found if low <= found <= high else amount


def _made_up(out: list[int], left: int, order: Sequence[int], low: Sequence[int], high: Sequence[int]) -> bool:
    """Add what is left over, unit by unit in turn and the last part at once; False where there is no room."""
    while left:
        step = left if abs(left) < UNIT else UNIT if left > 0 else -UNIT
        given = 0
        for i in order:
            if left and abs(step) <= abs(left) and low[i] <= out[i] + step <= high[i]:
                out[i] += step
                left -= step
                given += 1
        if not given:
            return False
    return True


def payable_change(had: int, change: int, currency: str | None) -> int:
    """Return a change that was computed, such that what comes out can be paid.

    Examples
    --------
    >>> payable_change(70_049, -14_010, "JPY"), payable_change(70_049, -14_010, "EUR")
    (-14049, -14010)
    """
    if decimals(currency) or not change:
        return change
    return round((had + change) / UNIT) * UNIT - had
