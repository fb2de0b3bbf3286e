"""Models that weigh touches: credit is a sum over paths, so its spread is one too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.models.resample import value_variance
from roas.attribution.models.rules import per_channel, time_decay
from roas.attribution.models.spread import interval_from, variance_of_sum

if TYPE_CHECKING:
    from roas.attribution.models.pairs import Pairs
    from roas.attribution.paths import Floats, Paths


@dataclass(frozen=True)
class Weighted:
    """Credit that is a weighted sum over paths.

    Attributes
    ----------
    conversions, value : array (channels,)
    per_conversion : array (pairs,)
        Credit of the channel per conversion of the path.
    per_value : array (pairs,)
        Credit of value, per unit of value of the path; per conversion where
        `value_by_conversions`.
    value_by_conversions : bool
        For time decay, whose shares differ between journeys of a path: what
        is known is the sum of share times value.
    within : array (channels, 2)
        Variance of credit between conversions of one path, conversions and
        value: zero but for time decay.
    """

    conversions: Floats
    value: Floats
    per_conversion: Floats
    per_value: Floats
    value_by_conversions: bool
    within: Floats


def by_weights(paths: Paths, pairs: Pairs, weights: Floats) -> Weighted:
    """Credit by weights per touch, (touches,), that add up to 1 in each path."""
    credited = weights * np.repeat(paths.conversions, paths.lengths)
    value = weights * np.repeat(paths.value, paths.lengths)
    share = pairs.add_up(weights)
    return Weighted(
        per_channel(paths, credited),
        per_channel(paths, value),
        share,
        share,
        value_by_conversions=False,
        within=np.zeros((len(paths.channels), 2)),
    )


def by_time(paths: Paths, pairs: Pairs) -> Weighted:
    """Credit by time decay, from its sums per place.

    Shares differ between journeys of one path. How much is known for
    conversions (`Decay.squares`); for value it is taken as that times the
    mean square of a conversion's value, plus the spread of values within a
    path at its mean shares.
    """
    credited, value = time_decay(paths)
    count = np.where(paths.conversions > 0, paths.conversions, 1.0)[pairs.path]
    share = pairs.add_up(credited) / count
    channels = len(paths.channels)
    assert paths.decay is not None
    within = np.maximum(paths.decay.squares - pairs.by_channel(share**2 * count, channels), 0.0)
    spread = value_variance(paths)
    total = max(float(paths.conversions.sum()), 1e-300)
    mean_square = float((paths.value**2 / np.where(paths.conversions > 0, paths.conversions, 1.0)).sum()) / total
    mean_square += float((spread * paths.conversions).sum()) / total
    valued = within * mean_square + pairs.by_channel(share**2 * count * spread[pairs.path], channels)
    return Weighted(
        per_channel(paths, credited),
        per_channel(paths, value),
        share,
        pairs.add_up(value) / count,
        value_by_conversions=True,
        within=np.stack([within, valued], axis=-1),
    )


def worked_intervals(paths: Paths, pairs: Pairs, model: Weighted) -> tuple[Floats, Floats]:
    """Work out intervals of conversions and of value, (channels, 2) each, without drawing."""
    channels, journeys = len(paths.channels), float(paths.journeys.sum())
    converted = np.where(paths.conversions > 0, paths.conversions, 1.0)
    value_squares = value_variance(paths) * paths.conversions + paths.value**2 / converted
    factor = paths.conversions if model.value_by_conversions else value_squares
    squares = (
        pairs.by_channel(model.per_conversion**2 * paths.conversions[pairs.path], channels),
        pairs.by_channel(model.per_value**2 * factor[pairs.path], channels),
    )
    points = (model.conversions, model.value)
    positive = (True, not (paths.value < 0).any())
    conversions, value = (
        interval_from(
            point,
            variance_of_sum(square + model.within[:, i], point, journeys),
            positive=positive[i],
        )
        for i, (point, square) in enumerate(zip(points, squares, strict=True))
    )
    return conversions, value
