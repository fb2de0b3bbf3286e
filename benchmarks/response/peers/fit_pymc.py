"""Fit one world with PyMC-Marketing's MMM, as its example notebook does.

    python fit_pymc.py WORLD.csv

Geometric adstock of 8 weeks, logistic saturation, two yearly harmonics, a
linear trend and the account's controls (scaled, as its manual asks); spend as
media; default priors; nutpie, 4 chains of 1000 after 1000 of tuning. ROAS and
marginal ROAS are those of its own ``incrementality`` module.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

import arviz as az
import common
import numpy as np
import pandas as pd
from pymc_marketing.mmm import GeometricAdstock, LogisticSaturation
from pymc_marketing.mmm.multidimensional import MMM


def fit(table: pd.DataFrame, channels: list[str], controls: list[str], *, rows: int) -> tuple[MMM, pd.DataFrame]:
    """Fit the first `rows` rows; return the model and the inputs of all rows."""
    inputs = table[["date", *channels]].copy()
    inputs["trend"] = np.arange(len(table)) / rows
    for name in controls:
        known = table[name].iloc[:rows]
        inputs[name] = (table[name] - known.mean()) / (known.std() or 1.0)
    model = MMM(
        date_column="date",
        channel_columns=channels,
        target_column="revenue",
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
        control_columns=["trend", *controls],
        yearly_seasonality=2,
    )
    sampling: dict[str, Any] = {"chains": common.CHAINS, "draws": common.DRAWS, "tune": 1000}
    model.fit(
        inputs.iloc[:rows],
        table["revenue"].iloc[:rows],
        nuts_sampler="nutpie",
        progressbar=False,
        random_seed=0,
        **sampling,
    )
    return model, inputs


def largest_rhat(model: MMM) -> float:
    free = [v.name for v in model.model.free_RVs]
    return float(max(np.nanmax(value) for value in az.rhat(model.idata.posterior[free]).values()))


def main(path: str) -> None:
    world = common.read(path)
    table, channels = world.table, world.columns("spend")
    controls = [c for c in world.columns("control") if table[c].std() > 0]
    model, _ = fit(table, channels, controls, rows=len(table))
    recent = table["date"].iloc[-common.RECENT_WEEKS :]
    roas = model.incrementality.contribution_over_spend(frequency="all_time")
    marginal = model.incrementality.marginal_contribution_over_spend(
        frequency="all_time", start_date=recent.iloc[0], end_date=recent.iloc[-1]
    )
    common.report(
        world,
        peer="PyMC-Marketing",
        version=version("pymc-marketing"),
        roas={c.removeprefix("spend:"): common.quantiles(roas.sel(channel=c)) for c in channels},
        marginal={c.removeprefix("spend:"): common.quantiles(marginal.sel(channel=c)) for c in channels},
        rhat=largest_rhat(model),
    )


if __name__ == "__main__":
    main(sys.argv[1])
