"""Is the noise floor right? Bias and coverage of the true sd, and recovery of planted shares.

python benchmarks/volatility/noise.py
"""

from __future__ import annotations

import numpy as np
from worlds import ar1, draw

from roas.volatility.around import Surroundings
from roas.volatility.noise import estimate_noise
from roas.volatility.series import RoasSeries
from roas.volatility.shares import PARTS, variance_shares
from roas.volatility.truth import swing


def weekly(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, 7).sum(axis=1)


def true_sd(replications: int = 300) -> list[dict]:
    """Bias and coverage of `true_log_sd` against the sd of the expected weekly ROAS of those weeks."""
    rows = []
    for days in (182, 728):
        for per_day in (3, 10, 30, 100, 300):
            for sd, phi in ((0.05, 0.6), (0.1, 0.6), (0.2, 0.8)):
                errors, covered, observed, truths, apart = [], [], [], [], []
                for seed in range(replications):
                    w = draw(seed, per_day=per_day, days=days, demand_sd=sd, phi=phi, weekday=seed % 2, spend_sd=0.2)
                    counted = RoasSeries("a", "mer", "day", w.dates, w.spend, w.revenue, w.conversions)
                    bare = RoasSeries("a", "mer", "day", w.dates, w.spend, w.revenue)
                    truth = np.log(weekly(np.exp(w.log_rho) * w.spend) / weekly(w.spend)).std(ddof=1)
                    found = swing(counted, estimate_noise(counted))
                    blind = swing(bare, estimate_noise(bare)).true_log_sd
                    errors.append(found.true_log_sd.p50 - truth)
                    covered.append(found.true_log_sd.p5 <= truth <= found.true_log_sd.p95)
                    apart.append(blind.p5 <= truth <= blind.p95)
                    observed.append(found.observed_log_sd)
                    truths.append(truth)
                rows.append(
                    {
                        "weeks": days // 7,
                        "sales a day": per_day,
                        "demand sd, phi": f"{sd:g}, {phi:g}",
                        "observed": np.mean(observed),
                        "true": np.mean(truths),
                        "bias": np.mean(errors),
                        "median error": np.median(errors),
                        "coverage": np.mean(covered),
                        "coverage without counts": np.mean(apart),
                    }
                )
    return rows


def planted(seed: int, sizes: dict[str, float], *, weeks: int = 104, per_day: float = 60.0) -> tuple[dict, dict]:
    """Return planted and recovered shares of one channel with every kind of movement."""
    rng = np.random.default_rng(seed)
    days = 7 * weeks
    t = np.arange(days)
    log_spend = np.repeat(rng.normal(0, sizes["spend"] / 0.4, weeks // 4 + 1), 28)[:days]
    parts = {
        "calendar": sizes["calendar"] * np.sqrt(2) * np.sin(2 * np.pi * t / 365.25 + 1),
        "demand": ar1(rng, (days,), sizes["demand"], 0.95),
        "spend": -0.4 * log_spend,
        "funnel": -ar1(rng, (days,), sizes["funnel"], 0.97),
        "unexplained": ar1(rng, (days,), sizes["unexplained"], 0.9),
    }
    spend = per_day * 20.0 * np.exp(log_spend)
    expected = 3.0 * spend * np.exp(sum(parts.values()))
    count = rng.poisson(expected / 60.0)
    revenue = rng.gamma(np.maximum(count, 1) / 0.64, 60.0 * 0.64) * (count > 0)
    impressions = spend * 1000 / 8.0 * np.exp(parts["funnel"])
    clicks = rng.poisson(impressions * 0.012).astype(float)
    unpaid = 5000.0 * np.exp(parts["demand"] + parts["calendar"]) * rng.gamma(400, 1 / 400, days)
    dates = np.datetime64("2024-01-01") + t
    series = RoasSeries("a", "claimed_roas", "day", dates, spend, revenue, count.astype(float), impressions, clicks)
    noise = estimate_noise(series)
    around = Surroundings(dates[::7], {"unpaid": weekly(unpaid)})
    found = variance_shares(series, noise, around)
    truth = {name: np.var(values.reshape(-1, 7).mean(axis=1), ddof=1) for name, values in parts.items()}
    truth["sampling"] = float(np.mean(1.64 / weekly(expected / 60.0)))
    total = sum(truth.values())
    return {name: value / total for name, value in truth.items()}, found


def shares(replications: int = 100) -> list[dict]:
    """Planted and recovered shares, mean over accounts, and the mean absolute error."""
    even = dict.fromkeys(("calendar", "demand", "spend", "funnel", "unexplained"), 0.1)
    scenes = {"everything": even} | {name: dict.fromkeys(even, 0.01) | {name: 0.2} for name in even}
    scenes["nothing but luck"] = dict.fromkeys(even, 0.0001)
    rows = []
    for scene, sizes in scenes.items():
        pairs = [planted(seed, sizes) for seed in range(replications)]
        row: dict = {"moves": scene}
        for name in PARTS:
            row[name] = f"{np.mean([a[name] for a, _ in pairs]):.2f} / {np.mean([b[name] for _, b in pairs]):.2f}"
        row["mean error"] = np.mean([[abs(a[name] - b[name]) for name in PARTS] for a, b in pairs])
        rows.append(row)
    return rows


def main() -> None:
    for rows in (true_sd(100), shares(50)):
        for row in rows:
            print(*(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()), sep=" | ")


if __name__ == "__main__":
    main()
