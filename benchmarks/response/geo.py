"""Recovery of known truth and speed of the response model with regions.

    python benchmarks/response/geo.py recovery flighted 12    # worlds of seeds 0 … 11
    python benchmarks/response/geo.py recovery steady 12
    python benchmarks/response/geo.py scaling
    python benchmarks/response/geo.py table FILE.csv       # a table of Meridian's layout

Worlds are made here, without the model's code: regions of log-normal size
whose people spend more or less than elsewhere, national demand that wanders
and shocks, seasons that differ by region, budgets partly national and partly
regional, some of which chase demand. Curves are per head of population and of
three families (Hill, logistic, spend times Hill), carryover is geometric, and
regions respond differently. Set OMP_NUM_THREADS=1 for CPU seconds that mean
something.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from roas.response.geo import GeoResponseModel

RECENT = 8


@dataclass(frozen=True)
class GeoWorld:
    """Tables and truth. Ratios per channel, all regions; `marginal` over the last 8 weeks."""

    name: str
    spend: pd.DataFrame
    revenue: pd.DataFrame
    roas: dict[str, float]
    marginal: dict[str, float]
    by_geo: dict[tuple[str, str], float]
    baseline_share: float


def carried(spend: np.ndarray, keep: float) -> np.ndarray:
    """Carry spend (G, T) forward without a cut, in units of spend; the past is like the first weeks."""
    out = np.empty_like(spend)
    state = spend[:, :4].mean(axis=1)
    for t in range(spend.shape[1]):
        state = keep * state + (1 - keep) * spend[:, t]
        out[:, t] = state
    return out


def shape_of(kind: str, rng: np.random.Generator) -> Any:
    """Return a curve of spend over its typical size, zero at zero, and its name's parameters drawn."""
    half, power = rng.uniform(0.6, 2.5), rng.uniform(0.8, 1.8)
    rate = rng.uniform(0.5, 1.8)
    return {
        "hill": lambda u: u**power / (u**power + half**power),
        "logistic": lambda u: np.tanh(0.5 * rate * u),
        "times hill": lambda u: u * half / (half + u) / (1 + 0.15 * u),
    }[kind]


def world(seed: int, *, style: str = "flighted", geos: int = 20, weeks: int = 156, channels: int = 4) -> GeoWorld:
    """Make a world; spend is "flighted" (with pauses, as in most tables by region) or "steady"."""
    rng = np.random.default_rng((77, seed))
    people = np.exp(rng.normal(0, rng.uniform(0.6, 1.1), geos)) * 1e5
    wealth = np.exp(rng.normal(0, 0.12, geos))
    time_ = np.arange(weeks)
    year = 2 * np.pi * time_ / 52.18
    national = np.cumsum(rng.normal(0, rng.uniform(0.004, 0.012), weeks))
    national += rng.normal(0, rng.uniform(0.01, 0.04), weeks)
    season = rng.uniform(0.03, 0.15) * np.sin(year + rng.uniform(0, 6)) + rng.uniform(0, 0.05) * np.sin(2 * year)
    own = np.cumsum(rng.normal(0, rng.uniform(0.002, 0.006), (geos, weeks)), axis=1)
    own += rng.normal(0, 0.03, (geos, 1)) * np.sin(year + rng.uniform(0, 6))
    demand = 1 + rng.uniform(-0.1, 0.15) * (time_ / weeks - 0.5) + season + national + own
    share = rng.uniform(0.15, 0.5)
    base = 10 * people[:, None] * wealth[:, None] * np.maximum(demand, 0.2)
    parts = rng.dirichlet(np.full(channels, 4.0)) * share / (1 - share) * base.mean(axis=1).sum()
    budgets = rng.dirichlet(np.full(channels, 4.0)) * base.mean(axis=1).sum() * rng.uniform(0.06, 0.15)
    media, spend, roas, marginal, by_geo = np.zeros_like(base), [], {}, {}, {}
    names = [f"channel {c}" for c in range(channels)]
    for c, name in enumerate(names):
        paid = flights(rng, geos, weeks, demand, style=style, chase=rng.choice([0.0, 0.0, 0.6, 1.5]))
        paid *= (people * np.exp(rng.normal(0, 0.2, geos)))[:, None]
        paid *= budgets[c] / paid.mean(axis=1).sum()
        curve, keep = shape_of(rng.choice(["hill", "logistic", "times hill"]), rng), rng.uniform(0, 0.75)
        level = budgets[c] / people.sum()
        strength = np.maximum(1 + rng.uniform(0.15, 0.3) * rng.standard_normal(geos), 0.1) * people

        def effect(factor: float, paid=paid, curve=curve, keep=keep, level=level, strength=strength) -> np.ndarray:
            return strength[:, None] * curve(carried(paid * factor, keep) / people[:, None] / level)

        caused = effect(1.0)
        scale = parts[c] / caused.mean(axis=1).sum()
        media += scale * caused
        slope = scale * (effect(1.001) - effect(0.999)) / 0.002
        roas[name] = float(scale * caused.sum() / paid.sum())
        lately = paid[:, -RECENT:].sum()
        marginal[name] = float(slope[:, -RECENT:].sum() / lately) if lately > 0 else np.nan
        by_geo |= {(f"G{g:03d}", name): float(scale * caused[g].sum() / paid[g].sum()) for g in range(geos)}
        spend.append(paid)
    noise = rng.uniform(0.03, 0.08) * (people / np.median(people)) ** -rng.uniform(0, 0.3)
    revenue = base + media + base.mean(axis=1)[:, None] * noise[:, None] * rng.standard_normal(base.shape)
    dates = pd.date_range("2022-01-03", periods=weeks, freq="7D")
    index = pd.MultiIndex.from_product([[f"G{g:03d}" for g in range(geos)], dates], names=["geo", "date"])
    till = pd.DataFrame({"revenue": np.round(revenue.ravel(), 2)}, index=index).reset_index()
    tables = [pd.DataFrame({"spend": np.round(paid.ravel(), 2)}, index=index).reset_index().assign(channel=name)
              for name, paid in zip(names, spend, strict=True)]  # fmt: skip
    share = float(base.sum() / (base + media).sum())
    return GeoWorld(f"world {seed}", pd.concat(tables), till, roas, marginal, by_geo, share)


def flights(
    rng: np.random.Generator, geos: int, weeks: int, demand: np.ndarray, *, style: str, chase: float
) -> np.ndarray:
    """Draw spend per head (G, T): national flights and smooth plans, regional ones, and what chases demand."""
    wide = style == "flighted"
    size = rng.uniform(0.4, 0.8) if wide else 0.4
    plan = np.exp(size * smooth(rng.standard_normal((1, weeks)), 3))
    regional = np.exp(size * smooth(rng.standard_normal((geos, weeks)), 3))
    weight = rng.uniform(0.2, 0.9)
    out = weight * plan + (1 - weight) * regional
    if rng.uniform() < (0.8 if wide else 0.3):  # pauses, or little left, in all regions or in each at its time
        rows, low = (1 if rng.uniform() < 0.4 else geos), rng.uniform(0, 0.3)
        on = smooth(rng.standard_normal((rows, weeks)), 3) > rng.uniform(-1.2, 0)
        out = out * np.where(on, 1.0, 0.0 if wide and rng.uniform() < 0.7 else low)
    jitter = np.exp((0.3 if wide else 0.15) * rng.standard_normal((geos, weeks)))
    return np.asarray(out * np.maximum(demand, 0.3) ** chase * jitter)


def smooth(rows: np.ndarray, width: int) -> np.ndarray:
    kernel = np.exp(-0.5 * (np.arange(-3 * width, 3 * width + 1) / width) ** 2)
    kernel /= np.sqrt((kernel**2).sum())
    padded = np.concatenate([rows[:, ::-1], rows, rows[:, ::-1]], axis=1)
    middle = slice(rows.shape[1], 2 * rows.shape[1])
    return np.array([np.convolve(row, kernel, mode="same")[middle] for row in padded])


def recover(seed: int, style: str) -> dict[str, Any]:
    made = world(seed, style=style)
    started = time.process_time()
    results = GeoResponseModel(made.spend, made.revenue).fit(seed=0)
    rows = [
        {
            "roas": (*levels(each.roas), made.roas[each.channel]),
            "marginal": each.marginal_roas and (*levels(each.marginal_roas), made.marginal[each.channel]),
            "known": each.verdict.identified,
        }
        for each in results.channels
    ]
    regional = [(row.p5, row.p50, row.p95, made.by_geo[row.geo, row.channel]) for row in results.by_geo().itertuples()]
    return {
        "rows": rows,
        "by_geo": regional,
        "seconds": time.process_time() - started,
        "rhat": float(results.sample.rhat.max()),
        "ess": float(results.sample.ess.min()),
        "converged": results.converged,
        "baseline": (*levels(results.baseline_share), made.baseline_share),
    }


def levels(q: Any) -> tuple[float, float, float]:
    return q.p5, q.p50, q.p95


def measure(quantiles: list[tuple[float, ...]]) -> str:
    low, middle, high, truth = np.array(quantiles).T
    error = np.abs(middle / truth - 1)
    held = np.mean((low <= truth) & (truth <= high))
    return f"{error.mean():.3f} | {np.median(error):.3f} | {held:.3f} | {np.exp(np.median(np.log(high / low))):.2f}"


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def recovery(style: str, count: int, first: int = 0) -> None:
    found = []
    for seed in range(first, first + count):
        each = recover(seed, style)
        found.append(each)
        shown = " ".join(f"{row['roas'][1] / row['roas'][3]:.2f}" for row in each["rows"])
        print(f"world {seed}: {shown}  {each['seconds']:.1f} s, R-hat {each['rhat']:.4f}, ESS {each['ess']:.0f}",
              file=sys.stderr, flush=True)  # fmt: skip
    rows = [row for each in found for row in each["rows"]]
    print(f"{style}: {count} worlds of 20 regions, 156 weeks, 4 channels\n")
    print("| figure | mean error | median error | coverage of 90 % | p95 / p5 |\n|---|---|---|---|---|")
    print(f"| ROAS, all regions | {measure([row['roas'] for row in rows])} |")
    print(f"| marginal ROAS, all regions | {measure([row['marginal'] for row in rows if row['marginal']])} |")
    print(f"| ROAS by region | {measure([row for each in found for row in each['by_geo']])} |")
    for known in ("identified", "partly", "not identified"):
        part = [row["roas"] for row in rows if row["known"] == known]
        if part:
            print(f"| ROAS, {known} ({len(part)}) | {measure(part)} |")
    base = np.array([each["baseline"] for each in found])
    held = np.mean((base[:, 0] <= base[:, 3]) & (base[:, 3] <= base[:, 2]))
    seconds = [each["seconds"] for each in found]
    print(f"\nbaseline share: mean error {np.abs(base[:, 1] - base[:, 3]).mean():.3f}, coverage {held:.2f}; "
          f"CPU s {np.mean(seconds):.1f} (largest {max(seconds):.1f}); peak {peak():.0f} MB; "
          f"R-hat <= {max(e['rhat'] for e in found):.4f}, ESS >= {min(e['ess'] for e in found):.0f}, "
          f"converged {np.mean([e['converged'] for e in found]):.2f}", flush=True)  # fmt: skip


def scaling() -> None:
    print(
        "| regions x weeks x channels | rows | CPU s | peak MB | R-hat | ESS | mean error |\n|---|---|---|---|---|---|---|"
    )
    for geos, channels in ((5, 4), (20, 4), (50, 4), (100, 4), (200, 4), (200, 8)):
        made = world(500, geos=geos, channels=channels)
        started = time.process_time()
        results = GeoResponseModel(made.spend, made.revenue).fit(seed=0)
        error = np.mean([abs(each.roas.p50 / made.roas[each.channel] - 1) for each in results.channels])
        seconds = time.process_time() - started
        sample = results.sample
        print(f"| {geos} x 156 x {channels} | {geos * 156} | {seconds:.1f} | {peak():.0f} | {sample.rhat.max():.4f} | "
              f"{sample.ess.min():.0f} | {error:.3f} |", flush=True)  # fmt: skip


def table(path: str) -> None:
    """Fit a table of Meridian's layout: geo, time, <channel>_spend, conversions and their value."""
    wide = pd.read_csv(path).rename(columns={"time": "date"})
    names = [c for c in wide.columns if c.endswith("_spend")]
    spend = wide.melt(["date", "geo"], names, var_name="channel", value_name="spend")
    spend["channel"] = spend["channel"].str.removesuffix("_spend")
    till = wide.assign(revenue=wide["conversions"] * wide["revenue_per_conversion"])
    controls = [c for c in wide.columns if c.endswith("_control") or c.startswith(("Organic", "Promo"))]
    started = time.process_time()
    results = GeoResponseModel(spend, till, controls=controls).fit(seed=0)
    print(results.summary())
    print(f"CPU s {time.process_time() - started:.1f}; spread of regions' response "
          f"{results.by_geo().groupby('channel')['response_p50'].std().round(3).to_dict()}")  # fmt: skip


def main(arguments: list[str]) -> None:
    if arguments[0] == "recovery":
        recovery(arguments[1], *map(int, arguments[2:]))
    elif arguments[0] == "scaling":
        scaling()
    else:
        table(arguments[1])


if __name__ == "__main__":
    main(sys.argv[1:])
