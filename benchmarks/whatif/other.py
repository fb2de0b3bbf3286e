"""Accounts from generators that share no code and no functional form with the model, and their true curves.

``market`` is that of `benchmarks/diagnosis/other_*.py`, without a cause: power curves and straight lines, effects that
arrive over a triangle of days, claims with harvest. ``funnel`` is that of `benchmarks/response/worlds.py`: exponential,
power and Hill curves, claims that drift, spend that chases demand. ``pysimmmulator`` is the package of that name:
convex, then linear, no claims. The second and third do not hand their curves out, so they are watched at work.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from accounts import WEEKS, Account, Truth, ahead, read_curves

HERE = Path(__file__).resolve().parent
for folder in ("diagnosis", "response"):
    sys.path.append(str(HERE.parent / folder))

SALES = (150.0, 50.0, 450.0)


def market(seed: int) -> Account:
    """Draw an account of the other diagnosis generator; budgets hardly move in the last 10 weeks."""
    import other_worlds
    from other_books import expect, exports

    how = {"weeks": WEEKS[seed % 3], "sales_per_day": SALES[seed // 3 % 3]}
    plan, markets, _, luck = (np.random.default_rng([seed, stream]) for stream in range(4))
    world, _ = other_worlds._account(
        plan, markets, [], None, sales_per_day=how["sales_per_day"], weeks=how["weeks"], onset_weeks=8
    )
    spend, revenue = exports(world, luck, columns="full")
    assert revenue is not None
    longer = world.copy()
    for name, value in vars(world).items():
        if isinstance(value, np.ndarray) and value.shape[-1] == world.days:
            setattr(longer, name, value[..., ahead(world.days)])

    def caused(multiplier: np.ndarray) -> np.ndarray:
        moved = longer.copy()
        moved.spend = longer.spend * multiplier
        sums = (expect(moved).caused * moved.basket).sum(axis=1)
        return np.bincount(world.owner, sums, len(world.channels))

    return Account(
        f"market-{seed}", spend, revenue, read_curves(tuple(c.name for c in world.channels), world.days, caused), how
    )


def funnel(seed: int) -> Account:
    """Draw an account of the response benchmark's second generator."""
    import worlds

    curves: list[_Watched] = []
    demands: list[np.ndarray] = []

    def demand(*given: Any) -> np.ndarray:
        demands.append(worlds_demand(*given))
        return demands[-1]

    def curve(*given: Any) -> _Watched:
        curves.append(_Watched(worlds_curve(*given)))
        return curves[-1]

    worlds_demand, worlds_curve = worlds._demand, worlds._curve
    with replaced(worlds, "_demand", demand), replaced(worlds, "_curve", curve):
        world = worlds.funnel(seed)
    days, pull = len(demands[0]), demands[0] ** 0.5
    names = tuple(world.roas)
    paths, kernels, scales = [], [], []
    for name, watched in zip(names, curves, strict=True):
        rows = world.spend[world.spend["channel"] == name].set_index("date")["spend"]
        path = rows.reindex(pd.DatetimeIndex(world.revenue["date"]), fill_value=0.0).to_numpy()
        paths.append(path)
        kernels.append(_kernel(path, watched.first))
        scales.append(world.roas[name] * path.sum() / (watched.curve(watched.first) * pull).sum())
    longer = [path[ahead(days)] for path in paths]

    def caused(multiplier: np.ndarray) -> np.ndarray:
        found = []
        for path, kernel, scale, watched in zip(longer, kernels, scales, curves, strict=True):
            carried = _carried(path * multiplier, kernel, path[:28].mean())
            found.append(float((scale * watched.curve(carried) * pull[ahead(days)]).sum()))
        return np.array(found)

    return Account(
        f"funnel-{seed}", world.spend, world.revenue, read_curves(names, days, caused), {"chase": world.chase}
    )


class _Watched:
    """A curve that remembers what it was first asked: the carried spend of the account."""

    def __init__(self, curve: Callable[[np.ndarray], np.ndarray]) -> None:
        self.curve = curve
        self.first = np.zeros(0)

    def __call__(self, carried: np.ndarray) -> np.ndarray:
        if not len(self.first):
            self.first = carried
        return self.curve(carried)


def _kernel(path: np.ndarray, carried: np.ndarray) -> np.ndarray:
    """Find the retention that turns spend into the carried spend that was seen; cents are all it may miss."""
    from scipy.optimize import minimize_scalar

    def kernel(keep: float) -> np.ndarray:
        weights = keep ** np.arange(70)
        return weights / weights.sum()

    def miss(keep: float) -> float:
        return float(np.abs(_carried(path, kernel(keep), path[:28].mean()) - carried).max())

    start = min(np.linspace(0, 0.92, 93), key=miss)
    found = minimize_scalar(
        miss, bounds=(max(start - 0.01, 0.0), start + 0.01), method="bounded", options={"xatol": 1e-9}
    )
    if found.fun > 1e-4 * carried.mean():
        raise ValueError(f"the carryover was not found: {found.fun} of {carried.mean()}")
    return kernel(found.x)


def _carried(path: np.ndarray, kernel: np.ndarray, before: float) -> np.ndarray:
    return np.convolve(np.concatenate([np.full(70, before), path]), kernel)[70 : 70 + len(path)]


def pysimmmulator(seed: int) -> Account:
    """Draw an account of the package; needs ``pip install pysimmmulator``."""
    import worlds
    from pysimmmulator import Simulate

    kept: dict[str, Any] = {}

    def config(*given: Any) -> Any:
        kept["config"], kept["names"] = found = worlds_config(*given)
        return found

    def consolidate(self: Any, mmm_df: pd.DataFrame, *rest: Any, **named: Any) -> pd.DataFrame:
        kept["inside"] = mmm_df.copy()
        return finish(self, mmm_df, *rest, **named)

    worlds_config, finish = worlds._config, Simulate.consolidate_dataframe
    with replaced(worlds, "_config", config), replaced(Simulate, "consolidate_dataframe", consolidate):
        world = worlds.pysimmmulator(seed)
    inside = kept["inside"][kept["inside"]["date"].isin(world.revenue["date"])].reset_index(drop=True)
    days = len(inside)
    read = [_channel(inside, name, kept["config"], days) for name in kept["names"]]

    def caused(multiplier: np.ndarray) -> np.ndarray:
        return np.array([channel(multiplier) for channel in read])

    truth = read_curves(tuple(kept["names"]), days, caused)
    return Account(f"pysimmmulator-{seed}", world.spend, world.revenue, truth, {"chase": 0.0})


def _channel(inside: pd.DataFrame, name: str, config: dict[str, Any], days: int) -> Callable[[np.ndarray], float]:
    """Return multipliers of spend → revenue caused: views, carried over, times a Hill curve of themselves."""
    keep = config["adstock_params"]["adstock"][name]["params"]["lambda"]
    power = config["adstock_params"]["saturation"][name]["params"]["alpha"]
    carried = inside[f"{name}_impressions_adstocked"].to_numpy()
    worked = inside[f"{name}_impressions_adstocked_decay_diminishing"].to_numpy()
    knee = float(np.median(carried * np.maximum(carried / worked - 1, 0) ** (1 / power)))
    curve = carried ** (1 + power) / (carried**power + knee**power)
    if np.abs(curve / worked - 1).max() > 1e-6:
        raise ValueError(f"{name}: the curve is not what it was taken for")
    value = config["basic_params"]["revenue_per_conv"]
    rate = (inside[f"{name}_conversions"].to_numpy() / worked)[ahead(days)] * value
    views = inside[f"{name}_impressions"].to_numpy()[ahead(days)]

    def caused(multiplier: np.ndarray) -> float:
        from scipy.signal import lfilter

        moved = lfilter([1.0], [1.0, -keep], views * multiplier)
        return float((rate * moved ** (1 + power) / (moved**power + knee**power)).sum())

    return caused


@contextmanager
def replaced(owner: Any, name: str, new: Any) -> Iterator[None]:
    """Put something else in a name's place for a while."""
    old = getattr(owner, name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, old)


def marginal(truth: Truth, today: dict[str, float]) -> dict[str, float]:
    """Return true marginal ROAS at today's money, within 5 % of it to both sides."""
    return {
        c: float(truth.of(c, 8)(1.05) - truth.of(c, 8)(0.95)) / (0.1 * today[c])
        for c in truth.channels
        if today.get(c, 0) > 0
    }
