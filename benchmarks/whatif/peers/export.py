"""Write accounts of the benchmark as weekly tables with today's money and limits, for every peer to read.

    python export.py FOLDER

``FOLDER/NAME.csv`` is what `benchmarks/response/peers` reads: date, revenue, ``spend:CHANNEL``, ``control:NAME``, and
impressions where the account has them for all channels. ``NAME.plan.json`` has money per week today, and the limits.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import accounts
import other
from scoring import limits_for

from roas.plan.today import today_of

BENCHMARKS = Path(__file__).resolve().parents[2]

#: The response benchmark's module of the same name.
_spec = importlib.util.spec_from_file_location("export_worlds", BENCHMARKS / "response" / "peers" / "export.py")
assert _spec is not None and _spec.loader is not None
export_worlds = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(export_worlds)

#: Generator → seeds, the first of the published tables.
SEEDS = {"own": range(1000, 1004), "funnel": range(1000, 1002), "market": range(1000, 1002)}

MAX_CHANGE = 0.3


def write(account: accounts.Account, folder: Path) -> None:
    """Write one account."""
    world = export_worlds.worlds.World(account.name, account.spend, account.revenue, {}, {}, 0.0)
    export_worlds.write(world, folder)
    today = today_of(None, account.spend)
    limits = limits_for(today, MAX_CHANGE)
    plan = {
        "total": today.total,
        "now": dict(zip(today.channels, today.spend, strict=True)),
        "low": {name: each.low for name, each in limits.items()},
        "high": {name: each.high for name, each in limits.items()},
    }
    (folder / f"{account.name}.plan.json").write_text(json.dumps(plan, indent=1))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for kind, seeds in SEEDS.items():
        for seed in seeds:
            write(accounts.own(seed) if kind == "own" else getattr(other, kind)(seed), target)
