"""The change of MER: claimed, and claimed by nobody."""

from __future__ import annotations

import numpy as np

from roas.decompose._arrays import Array
from roas.decompose.bootstrap import resampled
from roas.decompose.change import MerChange
from roas.decompose.comparison import compare
from roas.decompose.panel import KNOWN_SHARE, Panel
from roas.decompose.spread import intervals


def mer_change(data: Panel, rows: tuple[slice, slice], weights: tuple[Array, Array], *, told: bool) -> MerChange | None:
    """Split the change of MER into claims and what nobody claims.

    Parameters
    ----------
    rows : pair of slice
        The periods before and after.
    weights : pair of array, shape (draws, n_periods)
        How often each day counts in each draw.
    told : bool
        Whether every channel that spent tells its claims in both periods;
        without, MER is compared but not split.

    Returns
    -------
    MerChange or None
        None where the till is not known for nine days in ten of a period,
        or nothing was spent on those days.

    Notes
    -----
    On days with a till: ``MER = claims / spend + (till - claims) / spend``,
    each a ratio of sums over all channels, and so are their differences.
    """
    if data.till is None or any(part.stop <= part.start for part in rows):
        return None
    known = np.isfinite(data.till)
    if any(known[part].mean() < KNOWN_SHARE for part in rows):
        return None
    totals = data.values.sum(axis=1) * known[:, None]
    books = np.stack([totals[:, 0], totals[:, 4], np.where(known, data.till, 0.0) - totals[:, 4]], axis=1)
    sums = [books[part].sum(axis=0) for part in rows]
    if not min(s[0] for s in sums) > 0:
        return None
    end = max(part.stop for part in rows)
    compared = compare(books[:end, 0], data.till[:end], before=rows[0], after=rows[1], periods_per_week=7 // data.step)
    if not told:
        return MerChange(compared)
    change = sums[1][1:] / sums[1][0] - sums[0][1:] / sums[0][0]

    def split(low: Array, high: Array) -> Array:
        old, new = resampled(books[rows[0]], low), resampled(books[rows[1]], high)
        out = np.full((len(old), 2), np.nan)
        fine = (old[:, 0] > 0) & (new[:, 0] > 0)
        out[fine] = new[fine, 1:] / new[fine, :1] - old[fine, 1:] / old[fine, :1]
        return out

    claimed, rest = intervals(split, rows, weights, 7 // data.step)
    return MerChange(compared, float(change[0]), claimed, float(change[1]), rest, float(sums[0][2]), float(sums[1][2]))
