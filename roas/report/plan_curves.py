"""A channel's curve as a page keeps it: amounts of money, draws packed into 16 bits, marginal ROAS."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.plan.cents import to_cents
from roas.plan.effects import Effects
from roas.plan.outcome import NUDGE
from roas.quantiles import DIGITS, LEVELS

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: Amounts of money at which a channel's curve is kept.
POINTS: Final = 24

#: Share of the slider's end that is added before roots are taken.
SOFT: Final = 0.05

#: Values are whole numbers up to this, times a scale of each draw: 16 bits.
WHOLE: Final = 32767


def amounts(top: int, wanted: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return amounts in cents from nothing to the top; `wanted` are among them.

    Gaps are halved, the widest first, until there are `POINTS`. Width is
    taken on roots (of money and a part of the top, so that nothing is not
    special): curves bend most where little is spent.
    """
    found = sorted({0, top, *(min(each, top) for each in wanted)})
    while len(found) < POINTS:
        widths = np.diff(np.sqrt(np.array(found) + SOFT * top))
        widths[np.diff(found) < 2] = 0.0
        if not widths.any():
            break
        at = int(widths.argmax())
        found.insert(at + 1, (found[at] + found[at + 1]) // 2)
    return np.array(found, dtype=np.int64)


def curve(effects: Effects, name: str, grid: Floats) -> tuple[Floats, list[list[float | None]]]:
    """Return draws of the change at each amount, (n, k), and quantiles of marginal ROAS as `outcome.marginal` has them."""
    c = effects.channels.index(name)
    step = NUDGE * np.maximum(grid, max(effects.today[name], float(effects.curves.typical[c]) * 1e-3))
    low = np.maximum(grid - step, 0.0)
    found = effects.change(name, np.concatenate([grid, low, grid + step]))
    gains, below, above = np.split(found, 3, axis=1)
    slopes = (above - below) / (grid + step - low)
    levels = np.quantile(slopes, LEVELS, axis=0).T
    return gains, [[float(f"{v:.{DIGITS}g}") if np.isfinite(v) else None for v in row] for row in levels]


def tried(effects: Effects, name: str, most: float | None, top: int) -> int:
    """Return the steady money per week, cents, at which carried spend reaches the most that was ever at work.

    That is where the command begins to warn; halved in, since carried money
    rises with what is spent.
    """
    low, high = to_cents(effects.today[name]), top
    if most is None:
        return low

    def beyond(cents: int) -> bool:
        return effects.largest_carried(name, np.full(effects.weeks, cents / 100)) > most * (1 + 1e-6)

    if not beyond(high):
        return high
    while high - low > max(1, top // 2000):
        middle = (low + high) // 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return low


# ---- packing ---------------------------------------------------------------------------------


def packed(gains: Floats) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Write draws as whole numbers times a scale of each draw.

    Parameters
    ----------
    gains : array, shape (n, k)

    Returns
    -------
    scale : array, shape (n,)
    whole : array, shape (n, k)
        From minus `WHOLE` to `WHOLE`; off by half a unit at most.
    """
    finite = np.nan_to_num(gains, nan=0.0, posinf=0.0, neginf=0.0)
    scale = (np.abs(finite).max(axis=1) / WHOLE).astype(np.float32)
    scale[scale == 0] = 1.0
    whole = np.clip(np.rint(finite / scale[:, None].astype(np.float64)), -WHOLE, WHOLE)
    return scale, whole.astype(np.int64)


def as_base64(values: npt.NDArray[Any]) -> str:
    """Write the bytes of an array as text."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
