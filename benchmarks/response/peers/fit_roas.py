"""Fit one world with roas, as it comes: spend, revenue, promo.

    python fit_roas.py WORLD.csv [claims]

With ``claims`` it also sees what platforms claim and how many visits there
were, as it does in an account's own exports. No peer reads those; the plain
run is the one to compare with them.
"""

from __future__ import annotations

import sys

import common
import pandas as pd

import roas
from roas.response import ResponseModel


def long(world: common.World, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per week and channel."""
    parts = []
    for channel in world.channels:
        named = {f"{kind}:{channel}": kind for kind in kinds if f"{kind}:{channel}" in world.table}
        parts.append(world.table[["date", *named]].rename(columns=named).assign(channel=channel))
    return pd.concat(parts, ignore_index=True)


def main(path: str, *, claims: bool) -> None:
    world = common.read(path)
    kinds = ("spend", "clicks", "conversions", "conversion_value") if claims else ("spend",)
    # The holidays of the table are roas' own default, which it adds by itself.
    own = {c: c.removeprefix("control:") for c in world.columns("control") if c != "control:holidays"}
    visits = ["sessions"] if claims and "sessions" in world.table else []
    revenue = world.table[["date", "revenue", *visits, *own]].rename(columns=own)
    results = ResponseModel(long(world, kinds), revenue, controls=list(own.values()), grain="week").fit(seed=0)
    common.report(
        world,
        peer="roas, with claims" if claims else "roas",
        version=roas.__version__,
        roas={each.channel: [each.roas.p5, each.roas.p50, each.roas.p95] for each in results.channels},
        marginal={
            each.channel: [each.marginal_roas.p5, each.marginal_roas.p50, each.marginal_roas.p95]
            for each in results.channels
            if each.marginal_roas
        },
        rhat=float(results.sample.rhat.max()),
    )


if __name__ == "__main__":
    main(sys.argv[1], claims="claims" in sys.argv[2:])
