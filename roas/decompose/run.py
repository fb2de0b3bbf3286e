"""From the table of spend to where a change came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from roas._typing import Grain
from roas.decompose._arrays import Array
from roas.decompose.audit import MATERIAL, audited, shapley
from roas.decompose.bootstrap import BLOCK_DAYS, DRAWS, day_weights, resampled
from roas.decompose.chains import FACTORS, LINKS, PLACE, pairs
from roas.decompose.change import Change, Detail, Effect, RevenueEffect
from roas.decompose.comparison import Comparison, compare
from roas.decompose.lmdi import Lines, lines
from roas.decompose.mer import mer_change
from roas.decompose.panel import Panel, panel
from roas.decompose.periods import Period
from roas.decompose.spread import Split, intervals
from roas.decompose.units import Units, units_of
from roas.quantiles import Q

if TYPE_CHECKING:
    import pandas as pd


def decompose(
    spend: pd.DataFrame,
    before: Period,
    after: Period,
    *,
    revenue: pd.DataFrame | None = None,
    grain: Grain = "day",
    draws: int = DRAWS,
    seed: int = 0,
) -> Change:
    """Split the change of claimed ROAS between two periods into factors.

    Parameters
    ----------
    spend : DataFrame
        Canonical spend (`roas.tables`); ``conversion_value`` is claimed
        revenue, NaN is not exported.
    before, after : Period
        Not overlapping; days without conversions that are still to come
        should be in neither, nor later in the table.
    revenue : DataFrame, optional
        The till: ``date``, ``revenue``.
    grain : {"day", "week"}
    draws, seed : int
        Of the block bootstrap.

    Returns
    -------
    Change
        Without effects, and saying why, where nothing was spent or claimed.

    Notes
    -----
    ``ROAS = sum_i s_c s_(i|c) (1000 / CPM) CTR CVR AOV`` over campaigns i in
    channels c, split by `roas.decompose.lmdi.lines`; a channel's chain is
    shorter where columns are not exported. The interval of the whole change
    is that of `roas.decompose.compare`. For the lines, blocks of seven days
    are resampled within each period and the split is done again; each
    line's draws are stretched to its long-run width
    (`roas.decompose.spread`), as draws of four blocks are too narrow.
    """
    return decompose_panel(panel(spend, revenue=revenue, grain=grain), before, after, draws=draws, seed=seed)


def decompose_panel(data: Panel, before: Period, after: Period, *, draws: int = DRAWS, seed: int = 0) -> Change:
    """Split the change between two periods of an account grouped before (see `decompose`)."""
    rows = data.rows(before), data.rows(after)
    units = units_of(data, *rows)
    comparison = _compared(data, units, rows)
    frame = Change(before, after, comparison, merged=units.merged, gathered=data.gathered, left_out=units.left_out)
    weights = _weights(rows, draws, seed, data.step)
    frame = replace(frame, mer=mer_change(data, rows, weights, told=not units.left_out))
    if comparison.roas_before is None or comparison.roas_after is None:
        return frame
    return _split(frame, units, rows, weights, 7 // data.step)


def _compared(data: Panel, units: Units, rows: tuple[slice, slice]) -> Comparison:
    """Compare the blended ROAS of the units; days after both periods teach nothing."""
    if units.left_out and not units.names:
        return Comparison(None, None, cannot="not_exported")
    known = slice(0, max(part.stop for part in rows))
    totals = units.values[known].sum(axis=1)
    per_week = 7 // data.step
    return compare(totals[:, 0], totals[:, 4], before=rows[0], after=rows[1], periods_per_week=per_week)


def _weights(rows: tuple[slice, slice], draws: int, seed: int, step: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    low, high = (day_weights(rng, max(part.stop - part.start, 1), draws, BLOCK_DAYS // step) for part in rows)
    return low, high


def _split(
    frame: Change, units: Units, rows: tuple[slice, slice], weights: tuple[Array, Array], per_week: int
) -> Change:
    days = units.values[rows[0]], units.values[rows[1]]
    sums = days[0].sum(axis=0), days[1].sum(axis=0)
    found = lines(*sums, units.channel, units.chains)
    present = _present(units, sums, found)
    spread = intervals(_resplit(days, units, present), rows, weights, per_week)
    ends = np.cumsum([len(present), len(present) + 1])
    typical = ((frame.roas_before or 0.0) + (frame.roas_after or 0.0)) / 2
    spend = float(sums[0][:, 0].sum()), float(sums[1][:, 0].sum())
    return replace(
        frame,
        spend=spend,
        revenue=(float(sums[0][:, 4].sum()), float(sums[1][:, 4].sum())),
        effects=_effects(found, spread[: ends[0]], present, spend[1], typical),
        revenue_effects=_revenue_effects(found, spread[ends[0] : ends[1]], present),
        audit=audited(found.roas.sum(axis=0), shapley(*sums, units.channel, units.chains), typical, present),
        detail=Detail(
            units.names,
            present,
            found.roas[:, [PLACE[f] for f in present]],
            np.stack([s[:, 0] for s in sums], axis=1),
            np.stack([s[:, 4] for s in sums], axis=1),
            dict(zip(_names(units, present), spread[ends[1] :], strict=True)),
        ),
    )


def _names(units: Units, present: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(channel, f) for channel in units.channels for f in present]


def _by_channel(roas: Array, units: Units) -> Array:
    """Add lines (..., n_units, n_factors) up to channels."""
    starts = np.flatnonzero(np.r_[True, np.diff(units.channel) > 0])
    return np.asarray(np.add.reduceat(roas, starts, axis=-2))


def _resplit(days: tuple[Array, Array], units: Units, present: tuple[str, ...]) -> Split:
    """Return what splits under weights of days: totals in points, then in currency, then channels."""
    places = [PLACE[f] for f in present]

    def split(low: Array, high: Array) -> Array:
        before, after = resampled(days[0], low), resampled(days[1], high)
        fine = (before[..., 0].sum(axis=-1) > 0) & (after[..., 0].sum(axis=-1) > 0)
        found = lines(before[fine], after[fine], units.channel, units.chains)
        parts = (
            found.roas.sum(axis=1)[:, places],
            found.revenue.sum(axis=1)[:, [len(FACTORS), *places]],
            _by_channel(found.roas, units)[..., places].reshape(len(found.roas), -1),
        )
        out = np.full((len(fine), sum(part.shape[1] for part in parts)), np.nan)
        out[fine] = np.concatenate(parts, axis=1)
        return out

    return split


def _present(units: Units, sums: tuple[Array, Array], found: Lines) -> tuple[str, ...]:
    """Return the factors that this account has, in order."""
    linked = {LINKS[pair] for chain in set(units.chains) for pair in pairs(chain)}
    has = {
        "mix_between": len(units.channels) > 1,
        "mix_within": len(units.names) > len(units.channels),
        "entry_exit": bool((np.minimum(sums[0][:, 0], sums[1][:, 0]) <= 0).any()),
    }
    return tuple(f for f in FACTORS if f in linked or has.get(f, False) or bool(np.any(found.roas[:, PLACE[f]])))


def _effects(
    found: Lines, spread: list[Q | None], present: tuple[str, ...], spend: float, typical: float
) -> tuple[Effect, ...]:
    total = found.roas.sum(axis=0)
    change = float(total.sum())
    material = abs(change) >= MATERIAL * abs(typical) and change != 0
    effects = []
    for factor, interval in zip(present, spread, strict=True):
        ratio = float(total[PLACE[factor]])
        money = None if interval is None else Q.at(interval.p5 * spend, ratio * spend, interval.p95 * spend)
        effects.append(Effect(factor, ratio, interval, ratio * spend, money, ratio / change if material else None))
    return tuple(effects)


def _revenue_effects(found: Lines, spread: list[Q | None], present: tuple[str, ...]) -> tuple[RevenueEffect, ...]:
    total = found.revenue.sum(axis=0)
    named = ("volume", *present)
    places = [len(FACTORS), *(PLACE[f] for f in present)]
    return tuple(RevenueEffect(f, float(total[k]), q) for f, k, q in zip(named, places, spread, strict=True))
