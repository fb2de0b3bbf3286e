"""Fit one account with Meridian's national model, and split today's money with its own optimiser.

    python plan_meridian.py ACCOUNT.csv

The model is that of `benchmarks/response/peers/fit_meridian.py` with automatic knots and its default prior of ROI, with
fewer draws: 4 chains, 500 to adapt, 250 to burn in and 250 kept. Weeks of which revenue is not known are left out.
Its optimiser gets today's total per week for the last 8 weeks, today's split, and ±30 % by channel; it climbs a grid of
money (steps of its default tolerance) to the largest mean media contribution. Steps leave total and limits a little
off: the result is scaled back to the total and cut to the limits. Runs in an environment of its own.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "response" / "peers"))

import common
import fit_meridian
import meridian
import numpy as np
from meridian.analysis import analyzer, optimizer
from meridian.model import model, spec

WEEKS = 8

MAX_CHANGE = 0.3

DRAWS = {"n_chains": common.CHAINS, "n_adapt": 500, "n_burnin": 250, "n_keep": 250}


def known(world: common.World) -> common.World:
    """Return the weeks with revenue, without impressions where a channel has none: its model refuses such media."""
    table = world.table.dropna(subset=["revenue"])
    impressions = world.columns("impressions")
    if impressions and (table[impressions].sum() == 0).any():
        table = table.drop(columns=impressions)
    return common.World(world.name, table)


def main(path: str) -> None:
    """Print one line: planned money per week."""
    world = known(common.read(path))
    asked = json.loads(Path(path).with_suffix(".plan.json").read_text())
    data, times = fit_meridian.build(world)
    fitted = model.Meridian(input_data=data, model_spec=spec.ModelSpec(enable_aks=True))
    fitted.sample_posterior(**DRAWS, seed=0)
    names = [str(n) for n in data.media_channel.values]
    now, low, high = (np.array([asked[key][n] for n in names]) for key in ("now", "low", "high"))
    look = analyzer.Analyzer(model_context=fitted.model_context, inference_data=fitted.inference_data)
    found = optimizer.BudgetOptimizer(fitted, analyzer=look).optimize(
        start_date=times[-WEEKS],
        end_date=times[-1],
        fixed_budget=True,
        budget=float(now.sum()) * WEEKS,
        pct_of_spend=(now / now.sum()).tolist(),
        spend_constraint_lower=MAX_CHANGE,
        spend_constraint_upper=MAX_CHANGE,
        batch_size=DRAWS["n_keep"],
    )
    spend = found.optimized_data["spend"].sel(channel=names).to_numpy()
    planned = np.clip(spend * now.sum() / spend.sum(), low, high)
    worth = [
        float(each["incremental_outcome"].sel(channel=names, metric="mean").sum())
        for each in (found.nonoptimized_data, found.optimized_data)
    ]
    rhat = np.concatenate([np.ravel(np.asarray(values)) for values in look.get_rhat().values()])
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    line = {
        "peer": "Meridian",
        "version": meridian.__version__,
        "account": world.name,
        "planned": dict(zip(names, planned.round(2).tolist(), strict=True)),
        "predicted": (worth[1] - worth[0]) / WEEKS,
        "rhat": float(np.nanmax(rhat)),
        "cpu": sum(each.ru_utime + each.ru_stime for each in used),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
