"""Sequences with their outcomes → distinct paths; sums do not depend on the order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.paths import Paths

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]


def sums(group: Ints, table: Floats, groups: int) -> Floats:
    """Add up the rows of a table by group.

    Parameters
    ----------
    group : array (rows,)
        In ``[0, groups)``.
    table : array (rows, columns)

    Returns
    -------
    array (groups, columns)
        Rows are added in the order of their values, so that the last bit
        does not depend on where they stood in the file.
    """
    out = np.zeros((groups, table.shape[1]))
    if not len(group):
        return out
    if len(group) == groups and len(np.unique(group)) == groups:  # nothing to add
        out[group] = table
        return out
    order = np.lexsort((*table.T, group))
    ordered = group[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    out[ordered[first]] = np.add.reduceat(table[order], first, axis=0)
    return out


def _equal(codes: Codes, starts: Ints) -> tuple[Ints, Ints]:
    """Group equal sequences; groups in the order of their channels, as `Paths.of` has them.

    Written big-endian, bytes compare as the sequences of codes do.
    """
    import pandas as pd

    text = codes.astype(">u2" if int(codes.max(initial=0)) < 1 << 16 else ">u4")
    whole, at = text.tobytes(), (starts * text.itemsize).tolist()
    keys = np.array([whole[a:b] for a, b in pairwise(at)], dtype=object)
    group, distinct = pd.factorize(keys)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    order = np.array(sorted(range(len(distinct)), key=distinct.__getitem__), dtype=np.int64)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[group]


def gather(names: Sequence[str], codes: Codes, starts: Ints, outcomes: Floats) -> Paths:
    """Put distinct paths together.

    Parameters
    ----------
    names : sequence of str
        Name of each code; names that no sequence holds are left out.
    codes, starts : array
        Sequences as in `Paths`, none empty; equal ones are added up.
    outcomes : array (sequences, 3 or 4)
        Conversions, value, nulls and, where known, the sum of squared values.
    """
    names_used = np.unique(codes)
    channels = sorted(names[code] for code in names_used)
    place = {name: i for i, name in enumerate(channels)}
    recode = np.zeros(len(names), dtype=np.int32)
    recode[names_used] = [place[names[code]] for code in names_used]
    codes = recode[codes]
    first, group = _equal(codes, starts)
    added = sums(group, outcomes, len(first))
    lengths = np.diff(starts)[first]
    ends = np.cumsum(lengths, dtype=np.int64)
    new_starts = np.concatenate([[0], ends]).astype(np.int64)
    within = np.arange(new_starts[-1]) - np.repeat(new_starts[:-1], lengths)
    return Paths(
        tuple(channels),
        codes[np.repeat(starts[:-1][first], lengths) + within],
        new_starts,
        conversions=added[:, 0],
        value=added[:, 1],
        nulls=added[:, 2],
        value_squares=added[:, 3] if outcomes.shape[1] > 3 else None,
    )
