"""Forecast the last weeks of a table with PyMC-Marketing, later spend and controls known.

    python forecast_pymc.py TABLE.csv [BACK]

The model of fit_pymc.py, fitted without the last 13 weeks; BACK leaves that
many blocks of 13 weeks at the end out altogether (earlier origins). Tables
come from ``forecasts.py tables``. Prints CRPS over the mean of what came and the share
of weeks inside the 90 % interval.
"""

from __future__ import annotations

import json
import sys

import common
import fit_pymc
import numpy as np

WEEKS = 13


def main(path: str, back: int) -> None:
    world = common.read(path)
    table = world.table.iloc[: len(world.table) - WEEKS * back]
    rows = len(table) - WEEKS
    channels = world.columns("spend")
    controls = [c for c in world.columns("control") if table[c].iloc[:rows].std() > 0]
    model, inputs = fit_pymc.fit(table, channels, controls, rows=rows)
    drawn = model.sample_posterior_predictive(
        inputs.iloc[rows:], include_last_observations=True, extend_idata=False, random_seed=0, progressbar=False
    )
    # Draws are relative to the largest revenue that was fitted.
    values = drawn["y"].transpose("sample", "date").to_numpy() * float(model.get_scales_as_xarray()["target_scale"])
    truth = table["revenue"].to_numpy()[rows:]
    ordered, n = np.sort(values, axis=0), len(values)
    weights = (2 * np.arange(1, n + 1) - n - 1)[:, None] / n**2
    crps = np.abs(values - truth).mean(axis=0) - (weights * ordered).sum(axis=0)
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    line = {
        "series": world.name,
        "origin": str(table["date"].iloc[rows].date()),
        "crps": float(crps.mean() / np.abs(truth).mean()),
        "coverage": float(((low <= truth) & (truth <= high)).mean()),
        "bias": float((np.median(values, axis=0) - truth).mean() / np.abs(truth).mean()),
        "rhat": fit_pymc.largest_rhat(model),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
