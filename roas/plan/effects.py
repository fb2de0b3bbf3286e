"""What a plan changes: draws of revenue along paths of weekly money."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from roas._typing import Grain
from roas.errors import UsageError
from roas.plan._arrays import Array
from roas.plan.alike import alike_factors
from roas.response.curves import Curves
from roas.response.data import DAYS
from roas.response.geo.curves import GeoCurves

if TYPE_CHECKING:
    from roas.plan.today import Today

#: Weeks that a plan may run: beyond a year nothing says that curves stay.
LONGEST: Final = 52


#: Share of today's money to both sides in which a curve's slope at today's
#: spend says how much a change brings; beyond it the curve speaks alone.
LOCAL: Final = 0.5

#: Share of today's money by which it is raised and lowered to read that slope.
PROBE: Final = 0.2


class DataOf(Protocol):
    """What is read of the data of a model."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels with curves, in their order."""
        ...

    @property
    def grain(self) -> Grain:
        """Period of the curves."""
        ...


class CurvesOf(Protocol):
    """What is read of a fitted model: `ResponseResults`, or made-up curves."""

    @property
    def curves(self) -> Curves:
        """Draws of every response curve."""
        ...

    @property
    def data(self) -> DataOf:
        """Names and grain."""
        ...


@dataclass
class Effects:
    """Revenue that money brings, against today's money all along.

    The change of channel c under weekly money x_1 … x_W is, per week of the
    horizon,

    ``sum over t of (revenue_c(carried(plan)_t) - revenue_c(carried(today)_t)) * bend_c / W``

    where t runs over the horizon and the longest carryover after it, money is
    back to today's after the horizon, and what was spent before is as
    observed. Every draw has its own carryover and curve. ``bend`` is the
    model's doubt on how steep a curve is at one place (`limits.BEND_SD`):
    a change between two places is a sum of slopes. Within a week money is
    spread evenly.

    Attributes
    ----------
    curves : Curves
    channels : tuple of str
        Names of the curves.
    today : mapping of str to float
        Currency per week.
    weeks : int
        Horizon.
    grain : {"day", "week"}
    fast : bool
        Daily curves are read at the mean carried spend of each week: the sum
        over days differs by the curvature within one week only, which the
        optimiser's tables need not see.
    """

    curves: Curves
    channels: tuple[str, ...]
    today: dict[str, float]
    weeks: int
    grain: Grain
    fast: bool = False
    _kept: dict[str, tuple[Array, Array, Array]] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.curves.draws

    def change(self, channel: str, paths: Array) -> Array:
        """Return draws of the change that a channel's own money makes.

        Parameters
        ----------
        channel : str
        paths : array, shape (k, weeks) or (k,)
            Currency per week; one number is the same every week.

        Returns
        -------
        array, shape (n, k)
            Currency per week of the horizon.
        """
        paths = np.asarray(paths, dtype=np.float64)
        reach = LOCAL * max(self.today[channel], self._usual(channel))
        near = np.clip(paths, self.today[channel] - reach, self.today[channel] + reach)
        local = self._raw(channel, near)
        far = self._raw(channel, paths) - local if (near != paths).any() else 0.0
        return np.asarray(local * self._factors[channel][:, None] + far)

    def _usual(self, channel: str) -> float:
        """Return typical money per week."""
        return float(self.curves.typical[self.channels.index(channel)]) * (7 // DAYS[self.grain])

    @cached_property
    def _factors(self) -> dict[str, Array]:
        """Doubt on how steep curves are at one place, and what channels have in common; per draw."""
        names = sorted(self.channels)
        slopes = []
        for name in names:
            now, step = self.today[name], PROBE * max(self.today[name], self._usual(name))
            low = max(now - step, 0.0)
            both = self._raw(name, np.array([low, now + step]))
            slopes.append((both[:, 1] - both[:, 0]) / (now + step - low) * self._bend(self.channels.index(name)))
        shared = alike_factors(np.array(slopes)) if names else np.zeros((0, self.draws))
        return {name: shared[i] * self._bend(self.channels.index(name)) for i, name in enumerate(names)}

    def _raw(self, channel: str, paths: Array) -> Array:
        """Return `change` as the curves alone say."""
        base, first, rest = self._prepared(channel)
        c = self.channels.index(channel)
        moved = paths - self.today[channel]
        weekly = moved.ndim == 2
        steady = None if weekly else self._extra(np.ones(self.weeks), first)
        carried = np.empty((self.draws, len(moved), base.shape[1]))
        for i, each in enumerate(moved):
            carried[:, i] = base + (self._extra(each, first) if steady is None else each * steady)
        np.maximum(carried, 0.0, out=carried)
        revenue = self.curves.revenue(c, carried.reshape(self.draws, -1)).reshape(carried.shape)
        step = 7 if self.fast and self.grain == "day" else 1
        sums = (revenue - rest[:, None, :]).sum(axis=2) * (step / self.weeks)
        # Money that does not move changes nothing, whatever the last bit of a sum says.
        sums[:, ~(moved.any(axis=1) if weekly else moved != 0)] = 0.0
        return np.asarray(sums)

    def largest_carried(self, channel: str, path: Array) -> float:
        """Return the largest carried money per week under a path of weeks (mean over draws)."""
        from roas.plan.today import weekly_mean

        base, first, _ = self._prepared(channel)
        c = self.channels.index(channel)
        carried = (base + self._extra(np.asarray(path) - self.today[channel], first)).mean(axis=0)
        per_week = 7 // DAYS[self.grain]
        weekly = carried if self.fast else weekly_mean(carried, per_week)
        return float(weekly.max() * self.curves.typical[c] * per_week)

    def _bend(self, c: int) -> Array:
        # Over regions the slope at a place is told well enough (`GeoCurves.elasticity`).
        return np.ones(self.draws) if isinstance(self.curves, GeoCurves) else self.curves.bend[c]

    def _extra(self, moved: Array, first: Array) -> Array:
        """Return carried spend that moves of each week add, shape (n, P)."""
        per_week = 1 if self.fast else 7 // DAYS[self.grain]
        out = np.zeros_like(first)
        for week, amount in enumerate(moved):
            if amount:
                start = week * per_week
                out[:, start:] += amount * first[:, : first.shape[1] - start]
        return out

    def _prepared(self, channel: str) -> tuple[Array, Array, Array]:
        """Return carried spend under today's money, what one unit in the first week adds, and today's revenue.

        Each of shape (n, P).
        """
        if channel not in self._kept:
            c, per_week = self.channels.index(channel), 7 // DAYS[self.grain]
            periods = self.weeks * per_week + self.curves.max_lag + (-self.curves.max_lag) % per_week
            path = np.full(periods, self.today[channel] / per_week)
            base = self.curves.carried(c, path)
            amount = self.curves.typical[c]
            path[:per_week] += amount
            first = (self.curves.carried(c, path) - base) / (amount * per_week)
            if self.fast and per_week > 1:
                base, first = (each.reshape(len(each), -1, per_week).mean(axis=2) for each in (base, first))
            self._kept[channel] = base, first, self.curves.revenue(c, base)
        return self._kept[channel]


def effects_of(
    response: CurvesOf, today: Today, weeks: int, *, draws: slice | int | None = None, fast: bool = False
) -> Effects:
    """Prepare the effects of plans on an account.

    Parameters
    ----------
    response : ResponseResults, or anything with ``curves`` and ``data``
    today : Today
    weeks : int
        Horizon, from 1 to `LONGEST`.
    draws : slice or int, optional
        Which draws, or how many evenly spread; by default all.
    fast : bool
        See `Effects`.
    """
    if isinstance(weeks, bool) or weeks != int(weeks) or not 1 <= weeks <= LONGEST:
        raise UsageError(f"weeks {weeks}: a plan runs from 1 to {LONGEST} weeks.")
    curves = response.curves
    if isinstance(draws, int):
        keep = np.linspace(0, curves.draws - 1, min(draws, curves.draws)).round().astype(int)
        curves = picked(curves, keep)
    elif draws is not None:
        curves = picked(curves, np.arange(curves.draws)[draws])
    names = response.data.channels
    spend = {name: today.of(name) if name in today.channels else 0.0 for name in names}
    return Effects(curves, tuple(names), spend, int(weeks), response.data.grain, fast)


#: Attributes of curves whose last axis is draws.
_DRAWN: Final = frozenset({"alpha", "room", "slope", "factor", "bend", "scale", "floor", "slopes"})


def picked(curves: Curves, keep: np.ndarray) -> Curves:
    """Return the same curves with some of their draws."""
    names = [each.name for each in fields(curves) if each.name in _DRAWN]
    fewer: dict[str, Any] = {name: np.ascontiguousarray(getattr(curves, name)[..., keep]) for name in names}
    return replace(curves, **fewer)
