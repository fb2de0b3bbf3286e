"""Made-up curves that stand in for a fitted model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas._typing import Grain
from roas.plan.today import Today, largest_carried
from roas.response.curves import Curves

NAMES = ("Meta", "Search", "TikTok")

MAX_LAG = {"week": 13, "day": 56}


@dataclass(frozen=True)
class Data:
    channels: tuple[str, ...]
    grain: Grain


@dataclass(frozen=True)
class Made:
    curves: Curves
    data: Data


def made(
    names=NAMES,
    *,
    n=60,
    seed=0,
    slope=1.2,
    alpha=0.3,
    spread=0.2,
    scale=1.0,
    grain: Grain = "week",
    excluded=None,
    known="known",
):
    """Hill curves with `spread` in every parameter, and where the account stands.

    What a channel is does not depend on where it stands among the names.
    """
    per_week = 1 if grain == "week" else 7
    parts = [_channel(name, n, seed, spread, scale / per_week, per_week) for name in names]
    typical = np.array([part["typical"] for part in parts])
    drawn = {key: np.array([part[key] for part in parts]) for key in ("room", "scale")}
    size = drawn["scale"].shape
    curves = Curves(
        alpha=np.full(size, alpha),
        room=drawn["room"],
        slope=np.broadcast_to(np.reshape(slope, (-1, 1)), size).copy(),
        factor=np.ones(size),
        bend=np.ones(size),
        scale=drawn["scale"],
        floor=0.01 * drawn["scale"],
        typical=typical,
        before=typical,
        spend=np.column_stack([part["spend"] for part in parts]),
        max_lag=MAX_LAG[grain],
        largest=0.95 if grain == "week" else 0.985,
    )
    model = Made(curves, Data(tuple(names), grain))
    others = dict(excluded or {})
    recent = np.round(curves.spend[-8 * per_week :].mean(axis=0) * per_week, 2)
    today = Today(
        channels=(*names, *others),
        spend=(*(float(x) for x in recent), *(100.0 for _ in others)),
        excluded=others,
        observed=largest_carried(model),
        known=dict.fromkeys(names, known),
        experiments={name: f"Pause {name}." for name in names},
        revenue_per_week=50_000.0 * scale,
        currency="EUR",
    )
    return model, today


def _channel(name, n, seed, spread, scale, per_week):
    rng = np.random.default_rng([seed, *name.encode()])
    typical = scale * rng.uniform(500, 3000)
    return {
        "typical": typical,
        "spend": typical * np.exp(0.3 * rng.standard_normal(40 * per_week)),
        "room": rng.normal(0, 0.5) + spread * rng.standard_normal(n),
        "scale": typical * rng.uniform(2, 8) * np.exp(spread * rng.standard_normal(n)),
    }


def draws_of(plan):
    """Draws of a plan's revenue change."""
    assert plan.draws is not None
    return plan.draws


def planned(plan):
    """Money of every channel under a plan."""
    return {move.channel: move.planned for move in plan.moves}
