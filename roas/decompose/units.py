"""Which units to compare: known columns, chains, and small campaigns together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.decompose._arrays import Array, Flags, Whole
from roas.decompose.chains import chain_of
from roas.decompose.panel import Panel, Unit, free_name

#: Conversions in either period under which campaigns of a channel are taken
#: together: the order rate of 20 sales is known to 22 % (1/sqrt(20)) at
#: best, and its line would be luck.
FEWEST_CONVERSIONS: Final = 20


@dataclass(frozen=True)
class Units:
    """The units of one comparison.

    Attributes
    ----------
    names : tuple of (channel, campaign)
    channels : tuple of str
    channel : array of int, shape (n_units,)
    chains : tuple of tuple of int
        Levels known for each unit.
    values : array, shape (n_periods, n_units, 5)
    merged : tuple of (channel, campaign)
        Campaigns taken together as `OTHER` of their channel.
    left_out : tuple of str
        Channels that do not tell claimed revenue in both periods.
    """

    names: tuple[Unit, ...]
    channels: tuple[str, ...]
    channel: Whole
    chains: tuple[tuple[int, ...], ...]
    values: Array
    merged: tuple[Unit, ...]
    left_out: tuple[str, ...]


def units_of(panel: Panel, before: slice, after: slice) -> Units:
    """Choose the units of a comparison.

    A channel counts where its claimed revenue is told in both periods. Its
    campaigns with under `FEWEST_CONVERSIONS` in a period are one unit, as
    are those that spent in one period only and sold as little there.
    """
    known = panel.exported((before, after))
    sums = [panel.values[rows].sum(axis=0) for rows in (before, after)]
    active = sums[0].any(axis=-1) | sums[1].any(axis=-1)
    kept = active & known[panel.channel, 4]
    out = tuple(c for k, c in enumerate(panel.channels) if not known[k, 4] and active[panel.channel == k].any())
    small = kept & known[panel.channel, 3] & _small(sums[0], sums[1])
    lone = np.bincount(panel.channel[small], minlength=len(panel.channels)) < 2
    small &= ~lone[panel.channel]
    return _gathered(panel, known, kept & ~small, small, out)


def _small(before: Array, after: Array) -> Flags:
    """Mark units with few conversions in a period in which they spent."""
    few = [(x[:, 3] < FEWEST_CONVERSIONS) & (x[:, 0] > 0) for x in (before, after)]
    return np.asarray(few[0] | few[1])


def _gathered(panel: Panel, known: Flags, whole: Flags, small: Flags, left_out: tuple[str, ...]) -> Units:
    names: list[Unit] = []
    columns: list[Array] = []
    for k, channel in enumerate(panel.channels):
        own = np.flatnonzero(whole & (panel.channel == k))
        names += [panel.units[u] for u in own]
        columns += [panel.values[:, u] for u in own]
        few = np.flatnonzero(small & (panel.channel == k))
        if len(few):
            names.append((channel, free_name({panel.units[u][1] for u in own})))
            columns.append(panel.values[:, few].sum(axis=1))
    channels = tuple(dict.fromkeys(channel for channel, _ in names))
    place = {channel: k for k, channel in enumerate(panel.channels)}
    values = np.stack(columns, axis=1) if columns else np.zeros((len(panel.dates), 0, panel.values.shape[2]))
    return Units(
        tuple(names),
        channels,
        np.array([channels.index(channel) for channel, _ in names], dtype=np.int64),
        tuple(chain_of(tuple(known[place[channel]].tolist())) for channel, _ in names),
        values,
        tuple(panel.units[u] for u in np.flatnonzero(small)),
        left_out,
    )
