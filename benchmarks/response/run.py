"""Recovery of known truth, forecasts, ablations and speed of the response model.

    python benchmarks/response/run.py recovery own week 40        # worlds of seeds 0 … 39
    python benchmarks/response/run.py recovery pysimmmulator week 40
    python benchmarks/response/run.py recovery funnel week 40
    python benchmarks/response/run.py ablation own 12
    python benchmarks/response/run.py calibration 200
    python benchmarks/response/run.py forecast own 20
    python benchmarks/response/run.py speed

The second generator needs ``pip install pysimmmulator``. Set OMP_NUM_THREADS=1
for CPU seconds that mean something. Figures of a run stand in README.md.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace
from math import log
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from roas.response import ResponseModel
from roas.response.priors import Pooled, Priors, default_priors

FIXED = 1e-3

#: What is taken out of the model, one thing at a time.
ABLATIONS: dict[str, dict[str, Any]] = {
    "full": {},
    "slope fixed at 1": {"slope": Pooled(0.0, FIXED, FIXED)},
    "shape not pooled": {"slope": Pooled(0.15, FIXED, 0.55), "room": Pooled(0.1, FIXED, 1.3)},
    "ROAS not pooled (sd 2)": {"roas_within": (log(2.0), 0.01)},
    "noise white": {"noise_share": (-8.0, 0.1)},
    "baseline rigid": {"walk": (-8.0, 0.1)},
}

#: Columns that are taken out of the tables.
WITHOUT = {
    "no claims": ["conversions", "conversion_value", "clicks"],
    "no visits": ["clicks"],
}


def fit(world: worlds.World, grain: str, priors: Priors | None = None, last: int = 0) -> Any:
    revenue = world.revenue
    if last:
        revenue = revenue[revenue["date"] < revenue["date"].max() - pd.Timedelta(weeks=last)]
    return ResponseModel(world.spend, revenue, grain=grain, priors=priors).fit(seed=0)


def recover(job: tuple[str, str, int, str]) -> dict[str, Any]:
    kind, grain, seed, ablation = job
    world = getattr(worlds, kind)(seed)
    if ablation in WITHOUT:
        world = replace(world, spend=world.spend.drop(columns=WITHOUT[ablation], errors="ignore"))
    priors = replace(default_priors(grain), **ABLATIONS.get(ablation, {}))
    started = time.process_time()
    results = fit(world, grain, priors)
    seconds = time.process_time() - started
    draws = results.roas_draws()
    rows = [
        {
            "channel": each.channel,
            "roas": (*levels(each.roas), world.roas[each.channel]),
            "marginal": (*levels(each.marginal_roas), world.marginal[each.channel]),
            "rank": float((draws[each.channel] < world.roas[each.channel]).mean()),
            "known": each.verdict.identified,
        }
        for each in results.channels
    ]  # fmt: skip
    share = results.baseline_share
    return {
        "traits": world.traits(),
        "rows": rows,
        "seconds": seconds,
        "rhat": float(results.sample.rhat.max()),
        "ess": float(results.sample.ess.min()),
        "converged": results.converged,
        "baseline": (*levels(share), world.baseline_share),
    }


def levels(q: Any) -> tuple[float, float, float]:
    return q.p5, q.p50, q.p95


def measure(quantiles: list[tuple[float, ...]]) -> str:
    low, middle, high, truth = np.array(quantiles).T
    error = np.abs(middle / truth - 1)
    return (
        f"{error.mean():.3f} | {np.median(error):.3f} | {np.mean((low <= truth) & (truth <= high)):.3f} | "
        f"{np.exp(np.median(np.log(high / low))):.1f}"
    )


def report(name: str, found: list[dict[str, Any]]) -> None:
    rows = [row for each in found for row in each["rows"]]
    base = np.array([each["baseline"] for each in found])
    held = np.mean((base[:, 0] <= base[:, 3]) & (base[:, 3] <= base[:, 2]))
    print(f"{name}: {len(found)} worlds, {len(rows)} channels")
    print("| figure | mean error | median error | coverage of 90 % | p95 / p5 |\n|---|---|---|---|---|")
    print(f"| ROAS | {measure([row['roas'] for row in rows])} |")
    print(f"| marginal ROAS | {measure([row['marginal'] for row in rows])} |")
    for kind in ("roas", "marginal"):
        logs = [abs(np.log(row[kind][1] / row[kind][3])) for row in rows]
        print(f"| {kind}: mean absolute log error | {np.mean(logs):.3f} | | | |")
    for known in ("identified", "partly", "not identified"):
        part = [row["roas"] for row in rows if row["known"] == known]
        if part:
            print(f"| ROAS, {known} ({len(part)}) | {measure(part)} |")
    for trait in sorted({trait for each in found for trait in each["traits"]}):
        part = [row for each in found if trait in each["traits"] for row in each["rows"]]
        roas, marginal = (measure([row[kind] for row in part]) for kind in ("roas", "marginal"))
        print(f"| {trait} | {len(part)} | {roas} | {marginal} |")
    print(f"baseline share: mean error {np.abs(base[:, 1] - base[:, 3]).mean():.3f}, coverage {held:.2f}")
    ranks = np.histogram([row["rank"] for row in rows], bins=10, range=(0, 1))[0]
    print(f"rank of the truth among draws, tenths: {ranks.tolist()}")
    seconds = [each["seconds"] for each in found]
    rhat, ess = max(e["rhat"] for e in found), min(e["ess"] for e in found)
    print(f"CPU s {np.mean(seconds):.2f} (largest {max(seconds):.2f}); R-hat <= {rhat:.4f}; ESS >= {ess:.0f}")
    print(f"converged {np.mean([e['converged'] for e in found]):.3f}\n", flush=True)


def forecast(job: tuple[str, int]) -> tuple[float, float, float]:
    kind, seed = job
    world = getattr(worlds, kind)(seed)
    weeks = 13
    results = fit(world, "week", last=weeks)
    end = results.data.dates[-1]
    whole = ResponseModel(world.spend, world.revenue, grain="week").data
    later = whole.dates > end
    plan = pd.DataFrame(whole.spend[later], columns=list(whole.channels))
    controls = pd.DataFrame(whole.controls[later], columns=list(whole.control_names))
    draws, _ = results.forecast_draws(int(later.sum()), plan, controls=controls)
    values, truth = draws["revenue"], whole.revenue[later]
    ordered = np.sort(values, axis=0)
    n = len(ordered)
    weights = (2 * np.arange(1, n + 1) - n - 1)[:, None] / n**2
    crps = np.abs(values - truth).mean(axis=0) - (weights * ordered).sum(axis=0)
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    naive = np.abs(whole.revenue[~later][-1] - truth).mean() / truth.mean()
    return float(crps.mean() / truth.mean()), float(((low <= truth) & (truth <= high)).mean()), float(naive)


def calibrate(seed: int) -> list[float]:
    """Draw a truth from the prior and data from the model; return ranks of log ROAS among the draws."""
    from roas.response.design import from_cosines
    from roas.response.prepare import prepare
    from roas.response.sample import sample

    world = worlds.synthetic(104, 4, "week", seed)
    posterior = prepare(ResponseModel(world.spend, world.revenue, grain="week").data).posterior
    rng, c, priors = np.random.default_rng(seed), posterior.channels, posterior.priors
    while True:
        account = np.array([rng.normal(*normal) for normal in priors.account])
        spread = np.repeat([block.within for block in priors.channel], c)
        spread[3 * c :] = np.exp(account[4])
        point = np.concatenate([np.repeat(account[:4], c) + spread * rng.standard_normal(4 * c), account])[None]
        made = (np.exp(point[0, 3 * c : 4 * c]) * posterior.shares).sum()
        over = max(made - priors.largest_share, 0.0) / priors.share_softness
        if rng.random() < np.exp(-0.5 * over**2):
            break
    parameters = posterior.split(point)
    variance = posterior.design.spectrum(*parameters[6:]).variance[0]
    noise = from_cosines(np.sqrt(variance) * rng.standard_normal(len(variance)))
    revenue = 1 + posterior.media(parameters).total[0] + noise
    posterior = replace(posterior, revenue=revenue)
    drawn = sample(posterior.evaluate, posterior.center, posterior.spread, seed=seed, move=posterior.stretch)
    own = slice(3 * c, 4 * c)
    return [float(r) for r in (drawn.draws[:, own] < point[0, own]).mean(axis=0)]


def speed() -> None:
    print("| size | CPU s | R-hat | ESS | peak MB |\n|---|---|---|---|---|")
    weekly = [(periods, channels, "week") for periods, channels in ((104, 3), (156, 5), (156, 8), (156, 20))]
    for periods, channels, grain in [*weekly, (730, 8, "day"), (1100, 20, "day")]:
        world = worlds.synthetic(periods, channels, grain)
        started = time.process_time()
        sample = fit(world, grain).sample
        seconds = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rhat, ess = sample.rhat.max(), sample.ess.min()
        print(
            f"| {periods} {grain}s x {channels} | {seconds:.1f} | {rhat:.4f} | {ess:.0f} | {peak:.0f} |",
            flush=True,
        )


def main(arguments: list[str]) -> None:
    task = arguments[0]
    if task == "speed":
        speed()
        return
    kind = arguments[1] if task != "calibration" else ""
    first = int(kind == "pysimmmulator")
    with Pool(2) as pool:
        if task == "recovery":
            grain, count = arguments[2], int(arguments[3])
            start = int(arguments[4]) if len(arguments) > 4 else first
            part = arguments[5] if len(arguments) > 5 else "full"
            jobs = [(kind, grain, seed, part) for seed in range(start, start + count)]
            report(
                f"{kind}, {grain}s, seeds {start} to {start + count - 1}, {part}",
                pool.map(recover, jobs, chunksize=1),
            )
        elif task == "calibration":
            ranks = np.concatenate(pool.map(calibrate, range(int(arguments[1])), chunksize=1))
            bins = np.histogram(ranks, bins=10, range=(0, 1))[0]
            off = ((bins - bins.mean()) ** 2 / bins.mean()).sum()
            print(f"{len(ranks)} ranks, tenths: {bins.tolist()}; chi-square {off:.1f} on 9 degrees of freedom; "
                  f"inside 5 to 95 %: {np.mean((ranks > 0.05) & (ranks < 0.95)):.3f}")  # fmt: skip
        elif task == "ablation":
            for name in [*ABLATIONS, *WITHOUT]:
                jobs = [(kind, "week", seed, name) for seed in range(first, first + int(arguments[2]))]
                report(f"{kind}, {name}", pool.map(recover, jobs, chunksize=1))
        elif task == "forecast":
            seeds = range(first, first + int(arguments[2]))
            found = np.array(pool.map(forecast, [(kind, seed) for seed in seeds], chunksize=1))
            crps, held, naive = found.mean(axis=0)
            print(f"{kind}: CRPS / mean {crps:.4f} ({found[:, 0].min():.4f} to {found[:, 0].max():.4f}), "
                  f"coverage {held:.3f}; error of the last value {naive:.4f}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
