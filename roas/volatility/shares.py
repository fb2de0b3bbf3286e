"""Which movements a ROAS series is made of: luck, calendar, demand, own spend, funnel, the rest.

Weekly log ROAS is regressed on what is known of each week. What the parts
explain is averaged over the orders in which they can enter (Lindeman, Merenda
and Gold 1980; Kruskal 1987), the calendar always before demand: a season in
demand is season. Each R² is adjusted for what as many columns would explain
by chance in a series with this one's memory. Correlation is all that is
claimed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final

import numpy as np

from roas.volatility._arrays import Array, Days
from roas.volatility.noise import Noise
from roas.volatility.series import RoasSeries
from roas.volatility.truth import FEWEST_WEEKS, deviation

#: The parts, in the order in which they are told.
PARTS: Final = ("sampling", "calendar", "demand", "spend", "funnel", "unexplained")

#: Weeks from which a yearly wave can be told from a trend: a year and a half.
YEARLY_WEEKS: Final = 78

#: Sine pairs of the yearly wave: a year and half a year, as in the simulator's
#: and most shops' seasons (winter peak, summer dip).
YEARLY_WAVES: Final = 2

#: Weeks per column that a regression must have, or the block is left out
#: (Harrell 2015, *Regression Modeling Strategies*, 4.4: ten to twenty).
WEEKS_PER_COLUMN: Final = 8


#: Memory from one week to the next beyond which a series counts as one that
#: drifts; an estimate from 104 weeks of a random walk lies about here.
MOST_MEMORY: Final = 0.95


@dataclass(frozen=True)
class Surroundings:
    """What is known of an account's weeks beside one channel's own figures.

    Attributes
    ----------
    weeks : array, shape (n_weeks,)
        First day of each week.
    demand : mapping of name to array, shape (n_weeks,)
        Levels that follow demand and are not bought by the channel itself:
        revenue nobody claims, sessions without clicks. Logs are taken.
    calendar : mapping of name to array, shape (n_weeks,)
        Shares of the week under promotion and the like.
    """

    weeks: Days
    demand: Mapping[str, Array] = field(default_factory=dict)
    calendar: Mapping[str, Array] = field(default_factory=dict)

    def at(self, weeks: Days) -> Surroundings:
        """Return the same for these weeks; NaN where nothing is known."""
        place = np.searchsorted(self.weeks, weeks)
        found = place < len(self.weeks)
        found[found] = self.weeks[place[found]] == weeks[found]

        def pick(values: Array) -> Array:
            out = np.full(len(weeks), np.nan)
            out[found] = values[place[found]]
            return out

        demand = {name: pick(values) for name, values in self.demand.items()}
        return Surroundings(weeks, demand, {name: pick(values) for name, values in self.calendar.items()})


def variance_shares(series: RoasSeries, noise: Noise, around: Surroundings | None = None) -> dict[str, float] | None:
    """Split the variance of log weekly ROAS.

    Parameters
    ----------
    series : RoasSeries
    noise : Noise
        Its noise floor.
    around : Surroundings, optional
        What else is known of the weeks.

    Returns
    -------
    dict or None
        `PARTS` → share, each in [0, 1], together 1. A part that nothing is
        known about is 0 and its movement is in ``unexplained``. None with
        fewer than `FEWEST_WEEKS` weeks.
    """
    weeks = series.weeks
    used = weeks.usable
    if used.sum() < FEWEST_WEEKS or not weeks.revenue[used].sum() > 0:
        return None
    deviations, weight, variance = deviation(weeks, noise)
    root = np.sqrt(weight)
    y = deviations * root
    square = float(y @ y)
    if square <= 0:
        return dict.fromkeys(PARTS, 0.0) | {"unexplained": 1.0}
    luck = 0.0 if noise.unit is None else float((weight * variance).sum()) / square * (1 - 1 / len(y))
    blocks = _blocks(weeks, around)
    explained = _explained(y, root, {name: block * root[:, None] for name, block in blocks.items()})
    return _add_to_one(luck, explained)


def _add_to_one(luck: float, explained: dict[str, float]) -> dict[str, float]:
    """Give luck at most what nothing explains; the rest is unexplained."""
    total = sum(explained.values())
    if total > 1:
        explained = {name: value / total for name, value in explained.items()}
        total = 1.0
    shares = {"sampling": min(luck, 1 - total), **explained}
    shares["unexplained"] = max(0.0, 1 - sum(shares.values()))
    scale = sum(shares.values())
    return {name: float(shares.get(name, 0.0) / scale) for name in PARTS}


def _blocks(weeks: RoasSeries, around: Surroundings | None) -> dict[str, Array]:
    """Return the columns of each part over the usable weeks, centred; empty parts left out."""
    used = weeks.usable
    beside = (around or Surroundings(weeks.dates)).at(weeks.dates)
    found = {
        "calendar": _calendar(weeks, beside),
        "demand": [_log(values) for values in beside.demand.values()],
        "spend": _own_spend(weeks),
        "funnel": _funnel(weeks),
    }
    blocks = {}
    room = int(used.sum()) // WEEKS_PER_COLUMN
    for name, columns in found.items():
        kept = [c[used] for c in columns if np.isfinite(c[used]).all() and np.ptp(c[used]) > 1e-9]
        kept = kept[: max(room, 0)]
        if kept:
            blocks[name] = np.column_stack(kept) - np.mean(kept, axis=1)
            room -= len(kept)
    return blocks


def _calendar(weeks: RoasSeries, beside: Surroundings) -> list[Array]:
    columns = list(beside.calendar.values())
    if weeks.usable.sum() >= YEARLY_WEEKS:
        year = 2 * np.pi * (weeks.dates - weeks.dates[0]).astype(float) / 365.25
        for wave in range(1, YEARLY_WAVES + 1):
            columns += [np.sin(wave * year), np.cos(wave * year)]
    return columns


def _own_spend(weeks: RoasSeries) -> list[Array]:
    """Return spend of this week and the last: a response curve in logs, with carryover."""
    now = _log(weeks.spend)
    before = np.concatenate([now[:1], now[:-1]])
    return [now, np.where(np.isfinite(before), before, now)]


def _funnel(weeks: RoasSeries) -> list[Array]:
    """Price of impressions, click-through and basket, where exported.

    The rate of conversion is what is left of the identity: it is the outcome,
    not an explanation of it.
    """
    columns = []
    if weeks.impressions is not None:
        columns.append(_log(weeks.spend) - _log(weeks.impressions))
        if weeks.clicks is not None:
            columns.append(_log(weeks.clicks) - _log(weeks.impressions))
    elif weeks.clicks is not None:
        columns.append(_log(weeks.spend) - _log(weeks.clicks))
    if weeks.conversions is not None:
        columns.append(_basket_around(weeks))
    return columns


def _basket_around(weeks: RoasSeries) -> Array:
    """Return the log mean basket of the two weeks either side.

    A week's own basket shares its luck with its ROAS and would explain it away.
    """
    assert weeks.conversions is not None
    window = np.array([1.0, 1.0, 0.0, 1.0, 1.0])
    revenue, count = (np.convolve(np.nan_to_num(v), window)[2:-2] for v in (weeks.revenue, weeks.conversions))
    return _log(np.divide(revenue, count, out=np.full_like(revenue, np.nan), where=count > 0))


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(values), np.nan)


def _explained(y: Array, root: Array, blocks: dict[str, Array]) -> dict[str, float]:
    """Average the gain in R² over the orders in which parts can enter, calendar before demand."""
    orders = [o for o in permutations(blocks) if not {"calendar", "demand"} <= set(o) or _calendar_first(o)]
    memory = float(y[1:] @ y[:-1] / (y @ y))
    worth: dict[frozenset[str], float] = {}

    def known(names: tuple[str, ...]) -> float:
        key = frozenset(names)
        if key not in worth:
            worth[key] = _adjusted(y, root, [blocks[name] for name in blocks if name in key], memory)
        return worth[key]

    gains = {name: [known(o[: o.index(name) + 1]) - known(o[: o.index(name)]) for o in orders] for name in blocks}
    return {name: max(0.0, float(np.mean(gain))) for name, gain in gains.items()}


def _calendar_first(order: tuple[str, ...]) -> bool:
    return order.index("calendar") < order.index("demand")


def _adjusted(y: Array, root: Array, blocks: list[Array], memory: float) -> float:
    """R² of y on the blocks, less what it would be by chance; not below 0.

    A slow series follows any other slow series for a while. The share of a
    first-order autoregression that the columns take by chance is
    ``tr(PΣ)/tr(Σ)``; without memory that is the usual ``k/T``.
    """
    if not blocks:
        return 0.0
    design = np.column_stack([root, *blocks])
    basis = np.linalg.svd(design, full_matrices=False)
    span = basis[0][:, basis[1] > 1e-9 * basis[1][0]]
    left = y - span @ (span.T @ y)
    lags = np.abs(np.subtract.outer(np.arange(len(y)), np.arange(len(y))))
    chance = float(np.einsum("ik,ij,jk->", span, np.clip(memory, 0.0, MOST_MEMORY) ** lags, span)) / len(y)
    if chance >= 1:
        return 0.0
    return max(0.0, 1 - float(left @ left) / float(y @ y) / (1 - chance))
