"""Fit one world with Meridian's national model, default priors.

    python fit_meridian.py WORLD.csv [default | automatic | contribution]

``default``: one knot, its default for national data, and its default prior of
ROI. ``automatic``: knots by ``enable_aks``. ``contribution``: automatic knots,
and the prior its manual advises to those who know nothing of ROI: one for all
channels, such that all media together make 40 ± 20 % of revenue.

Media are impressions where the account has them, as its manual advises, else
spend. The account's controls as they are; a lag of 8 weeks; JAX in double
precision (its defaults); 4 chains, 1000 to adapt, 500 to burn in and 1000 kept
(the manual's lengths, with 4 of its 7 chains).
"""

from __future__ import annotations

import sys

import common
import meridian
import numpy as np
from meridian import backend, constants
from meridian.analysis import analyzer
from meridian.data import data_frame_input_data_builder as builders
from meridian.model import model, prior_distribution, spec

NAMES = {
    "default": "Meridian, default knots",
    "automatic": "Meridian, automatic knots",
    "contribution": "Meridian, automatic knots, prior of contribution",
}


def build(world: common.World):
    table = world.table.assign(time=world.table["date"].dt.strftime("%Y-%m-%d"))
    builder = builders.DataFrameInputDataBuilder(kpi_type="revenue", default_kpi_column="revenue")
    builder = builder.with_kpi(table)
    controls = [c for c in world.columns("control") if table[c].std() > 0]
    if controls:
        builder = builder.with_controls(table, control_cols=controls)
    builder = builder.with_media(
        table, media_cols=world.media(), media_spend_cols=world.columns("spend"), media_channels=world.channels
    )
    return builder.build(), list(table["time"])


def of_contribution(world: common.World, mean: float = 0.4, sd: float = 0.2) -> prior_distribution.PriorDistribution:
    """Return the prior of ROI under which all media make `mean` ± `sd` of revenue."""
    revenue, cost = world.table["revenue"].sum(), world.table[world.columns("spend")].sum().to_numpy()
    middle, apart = mean * revenue / cost.sum(), sd * revenue / np.sqrt((cost**2).sum())
    sigma = np.sqrt(np.log(apart**2 / middle**2 + 1))
    roi = backend.tfd.LogNormal(np.log(middle) - sigma**2 / 2, sigma, name=constants.ROI_M)
    return prior_distribution.PriorDistribution(roi_m=roi)


def main(path: str, variant: str) -> None:
    world = common.read(path)
    data, times = build(world)
    known = {"prior": of_contribution(world)} if variant == "contribution" else {}
    fitted = model.Meridian(input_data=data, model_spec=spec.ModelSpec(enable_aks=variant != "default", **known))
    fitted.sample_posterior(n_chains=common.CHAINS, n_adapt=1000, n_burnin=500, n_keep=common.DRAWS, seed=0)
    look = analyzer.Analyzer(model_context=fitted.model_context, inference_data=fitted.inference_data)
    roas = np.asarray(look.roi())
    marginal = np.asarray(look.marginal_roi(selected_times=times[-common.RECENT_WEEKS :]))
    names = [str(n) for n in data.media_channel.values]
    rhat = max(float(np.nanmax(np.asarray(values))) for values in look.get_rhat().values() if np.size(values))
    common.report(
        world,
        peer=NAMES[variant],
        version=meridian.__version__,
        roas={n: common.quantiles(roas[..., i]) for i, n in enumerate(names)},
        marginal={n: common.quantiles(marginal[..., i]) for i, n in enumerate(names)},
        rhat=rhat,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "default")
