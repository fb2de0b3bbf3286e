"""Names that are told apart: the commonest, and one for all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.touches.grouping import Sequences, alike
from roas.format import plural

if TYPE_CHECKING:
    from roas.attribution.paths import Paths

#: Channels, or campaigns, told apart. A removal effect of each out of 2,000
#: takes one inverse of half a second; more names than that are no table a
#: person reads. The rest, which have the fewest touches, are one.
MOST_NAMES: Final = 2_000


def bucket_of(names: int) -> str:
    """Name what stands for so many names."""
    return f"({plural(names, 'other')})"


def said_of(bucket: str) -> str:
    """Say that names are not told apart."""
    return f"only the {MOST_NAMES:,} names with the most touches are told apart; the rest are one, {bucket}"


def fewer_names(paths: Paths, most: int = MOST_NAMES) -> Paths:
    """Let the names with the fewest touches share one, where there are more than `most`.

    Parameters
    ----------
    paths : Paths
        Without times: time decay and weeks are of touches, whose names are cut while they are read.
    """
    if len(paths.channels) <= most:
        return paths
    touches = summed(paths.codes, paths.journeys[paths.owner], len(paths.channels))
    order = sorted(range(len(paths.channels)), key=lambda code: (-touches[code], paths.channels[code]))
    bucket = bucket_of(len(order) - most)
    kept = [paths.channels[code] for code in order[:most]]
    channels = tuple(sorted([*kept, bucket]))
    place = {name: code for code, name in enumerate(channels)}
    recoded = np.array([place.get(name, place[bucket]) for name in paths.channels], dtype=np.int32)
    return _together(replace(paths, channels=channels, codes=recoded[paths.codes], bucket=bucket))


def _together(paths: Paths) -> Paths:
    """Add equal paths up."""
    first, group, kept, _ = alike(Sequences(paths.codes, paths.starts, paths.owner))
    conversions, nulls, value = (
        summed(group, figures, len(first)) for figures in (paths.conversions, paths.nulls, paths.value)
    )
    squares = None if paths.value_squares is None else summed(group, paths.value_squares, len(first))
    return replace(
        paths, codes=kept.codes, starts=kept.starts, conversions=conversions, nulls=nulls, value=value,
        value_squares=squares,
    )  # fmt: skip
