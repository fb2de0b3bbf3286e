"""Write worlds with known truth as weekly tables, for every peer to read.

    python export.py FOLDER [SHIFT]

``FOLDER/NAME.csv`` has date, revenue, ``spend:CHANNEL``, ``control:NAME`` and,
where the account knows them, the same of impressions, clicks, conversions and
conversion_value (what platforms claim), and sessions. ``NAME.json`` beside it
has the truth, which no fit opens. The weeks and the controls are those that
roas itself would use, so that all fit the same numbers. SHIFT is added to the
seeds: the priors of roas were set while looking at low ones.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import worlds

from roas.response.data import MediaData, assemble

OWN, PYSIMMMULATOR = range(4), range(1, 5)
REPORTED = ("impressions", "clicks", "conversions", "conversion_value")


def write(world: worlds.World, folder: Path) -> None:
    controls = [c for c in ("promo",) if c in world.revenue]
    data = assemble(world.spend, world.revenue, controls=controls, grain="week")
    table = pd.DataFrame({"date": data.dates, "revenue": data.revenue})
    for name, values in zip(data.channels, data.spend.T, strict=True):
        table[f"spend:{name}"] = values
    for kind in (kind for kind in REPORTED if kind in world.spend):
        for name, values in zip(data.channels, added(world, kind, data).T, strict=True):
            table[f"{kind}:{name}"] = values
    if "sessions" in world.revenue:
        visits = world.revenue.assign(revenue=world.revenue["sessions"])
        table["sessions"] = assemble(world.spend, visits, grain="week").revenue
    for name, values in zip(data.control_names, data.controls.T, strict=True):
        table[f"control:{name}"] = values
    name = world.name.replace(" ", "-")
    table.to_csv(folder / f"{name}.csv", index=False)
    truth = {"roas": world.roas, "marginal": world.marginal, "baseline_share": world.baseline_share}
    (folder / f"{name}.json").write_text(json.dumps(truth, indent=1))


def added(world: worlds.World, kind: str, data: MediaData) -> np.ndarray:
    """Add a reported figure up by channel and week."""
    figures = world.spend.assign(spend=world.spend[kind].fillna(0.0))
    found = assemble(figures, world.revenue, grain="week")
    if found.channels != data.channels or list(found.dates) != list(data.dates):
        raise ValueError(f"{world.name}: {kind} and spend cover different weeks or channels")
    return found.spend


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    shift = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for seed in OWN:
        write(worlds.own(seed + shift), target)
    for seed in PYSIMMMULATOR:
        write(worlds.pysimmmulator(seed + shift), target)
