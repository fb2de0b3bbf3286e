"""How the shares of a transition matrix vary with the journeys, worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.models.chain import Layout
from roas.attribution.sums import summed

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Ints, Paths

#: Numbers in one block: 32 MB.
BLOCK: Final = 4_000_000


def transition_variances(paths: Paths, layout: Layout, counts: Floats) -> Floats:
    """Return the variance of each transition share over resampled journeys.

    Parameters
    ----------
    paths : Paths
    layout : Layout
        Of order 1.
    counts : array (channels + 1, channels + 2)
        As `transition_counts` lays them out.

    Returns
    -------
    array, shape (channels + 1, channels + 2)

    Notes
    -----
    A journey with `m` steps from i to j, of `d` from i in all, has the
    influence ``(m - p d) / D`` on the share p of D steps. Steps of one
    journey are not independent, so the squares are summed over journeys:
    ``sum n m^2 - 2 p sum n m d + p^2 sum n d^2``, over ``D^2``.
    """
    channels = len(paths.channels)
    squares, products, leaving = (
        np.zeros(counts.size),
        np.zeros(counts.size),
        np.zeros(channels + 1),
    )
    leaving[channels] = paths.journeys.sum()
    steps = layout.steps_matrix()
    code = np.append(layout.state.last, channels)
    cell = code[layout.step.before] * (channels + 2) + layout.step.last
    at_once = max(1, BLOCK // (channels + 1))
    for begin in range(0, len(paths.conversions), at_once):
        rows = slice(begin, min(begin + at_once, len(paths.conversions)))
        visits = _visits(paths, rows)
        leaving[:channels] += paths.journeys[rows] @ visits[:, :channels] ** 2
        taken = steps[rows].tocoo()
        last = paths.codes[paths.starts[1:][rows] - 1].astype(np.int64) * (channels + 2) + channels
        own = np.arange(len(last))
        for row, cells, times, weight in (
            (taken.row, cell[taken.col], taken.data, paths.journeys[rows]),
            (own, last, np.ones(len(own)), paths.conversions[rows]),
            (own, last + 1, np.ones(len(own)), paths.nulls[rows]),
        ):
            amounts = weight[row] * times
            squares += summed(cells, amounts * times, counts.size)
            beside = visits[row, cells // (channels + 2)]
            products += summed(cells, amounts * beside, counts.size)
    sums = counts.sum(axis=1, keepdims=True)
    sums = np.where(sums > 0, sums, 1.0)
    share = counts / sums
    found = squares.reshape(counts.shape) - 2 * share * products.reshape(counts.shape) + share**2 * leaving[:, None]
    return np.asarray(np.maximum(found, 0.0) / sums**2)


def _visits(paths: Paths, rows: slice) -> Floats:
    """Count each channel in each path of a block, and the start once; (paths, channels + 1)."""
    width = len(paths.channels) + 1
    lengths = paths.lengths[rows]
    codes: Ints = paths.codes[paths.starts[rows.start] : paths.starts[rows.stop]].astype(np.int64)
    keys = np.repeat(np.arange(len(lengths)), lengths) * width + codes
    found = np.bincount(keys, minlength=len(lengths) * width).reshape(-1, width).astype(np.float64)
    found[:, -1] = 1.0
    return found
