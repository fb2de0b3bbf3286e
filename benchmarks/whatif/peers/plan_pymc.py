"""Fit one account with PyMC-Marketing, and split today's money with its own optimiser.

    python plan_pymc.py ACCOUNT.csv

The fit is that of `benchmarks/response/peers/fit_pymc.py`. Its optimiser gets today's total per week, ±30 % by
channel and 8 weeks, and maximises the mean media contribution, carryover counted: its defaults. Spend is rounded to
cents outside. Runs in an environment of its own.
"""

from __future__ import annotations

import json
import resource
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "response" / "peers"))

import common
import fit_pymc
import numpy as np
import pandas as pd
import xarray as xr
from pymc_marketing.mmm.budget_optimizer import MinimizeException
from pymc_marketing.mmm.multidimensional import MultiDimensionalBudgetOptimizerWrapper

WEEKS = 8

#: Share to both sides of today's money within which today's split itself is "optimised", to read what it brings.
STILL = 1e-5

#: Tolerance with which its optimiser is asked again where it gives up at its default.
LOOSER = 1e-3


def main(path: str) -> None:
    """Print one line: planned money per week."""
    world = common.read(path)
    asked = json.loads(Path(path).with_suffix(".plan.json").read_text())
    table, columns = world.table, world.columns("spend")
    controls = [c for c in world.columns("control") if table[c].std() > 0]
    model, _ = fit_pymc.fit(table, columns, controls, rows=len(table))
    start = table["date"].iloc[-1] + pd.Timedelta(weeks=1)
    end = start + pd.Timedelta(weeks=WEEKS - 1)
    wrapper = MultiDimensionalBudgetOptimizerWrapper(
        model=model, start_date=str(start.date()), end_date=str(end.date())
    )
    names = [c.removeprefix("spend:") for c in columns]
    now = np.array([asked["now"][n] for n in names])

    def best(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, float, bool]:
        bounds = xr.DataArray(
            np.column_stack([low, high]),
            dims=("channel", "bound"),
            coords={"channel": columns, "bound": ["lower", "upper"]},
        )
        try:
            found, result = wrapper.optimize_budget(budget=float(now.sum()), budget_bounds=bounds)
        except MinimizeException:
            looser = {"method": "SLSQP", "options": {"ftol": LOOSER, "maxiter": 1000}}
            found, result = wrapper.optimize_budget(
                budget=float(now.sum()), budget_bounds=bounds, minimize_kwargs=looser
            )
        return found.sel(channel=columns).to_numpy(), -float(result.fun), bool(result.success)

    planned, worth, settled = best(
        np.array([asked["low"][n] for n in names]), np.array([asked["high"][n] for n in names])
    )
    try:
        _, today, _ = best(now * (1 - STILL), now * (1 + STILL))
        predicted = (worth - today) / WEEKS
    except MinimizeException:
        predicted = None
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    line = {
        "peer": "PyMC-Marketing",
        "version": version("pymc-marketing"),
        "account": world.name,
        "planned": dict(zip(names, planned.round(2).tolist(), strict=True)),
        "predicted": predicted,
        "settled": settled,
        "rhat": fit_pymc.largest_rhat(model),
        "cpu": sum(each.ru_utime + each.ru_stime for each in used),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
