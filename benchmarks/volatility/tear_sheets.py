"""Coverage of the tear sheet's intervals on accounts whose truth is known.

Run: ``python benchmarks/volatility/tear_sheets.py [replications]``. Weekly channels: log ROAS a first-order
autoregression about a constant level, compound-Poisson sales, margin 0.6, ROAS 1.8 (a mean return of 8 %). The truth
of budget at risk and of the share below break-even is simulated with the planted parameters.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from worlds import ar1

from roas.quantiles import Q
from roas.volatility.regimes.shocks import standardise
from roas.volatility.series import RoasSeries
from roas.volatility.sheet.comovement import correlations
from roas.volatility.sheet.tear import tear_sheet

BASKET, CV, ROAS, MARGIN = 60.0, 0.8, 1.8, 0.6
UNIT = BASKET * (1 + CV**2)


def sales(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Draw compound-Poisson revenue of a given mean."""
    count = rng.poisson(mean / BASKET)
    return np.where(count > 0, rng.gamma(np.maximum(count, 1) / CV**2, BASKET * CV**2), 0.0)


def world(seed: int, *, weeks: int, per_week: float, sd: float, phi: float, spend_sd: float = 0.0) -> RoasSeries:
    """Draw one weekly channel."""
    rng = np.random.default_rng(seed)
    spend = per_week * BASKET / ROAS * np.exp(ar1(rng, (weeks,), spend_sd, 0.8))
    mean = ROAS * np.exp(ar1(rng, (weeks,), sd, phi) - sd**2 / 2) * spend
    revenue = sales(rng, mean)
    dates = np.datetime64("2023-01-02") + 7 * np.arange(weeks)
    return RoasSeries("a", "claimed_roas", "week", dates, spend, revenue, np.round(revenue / BASKET))


def truth(*, per_week: float, sd: float, phi: float, **_: Any) -> tuple[float, float]:
    """Return the 5 % worst 4-week contribution and the share of weeks below break-even at constant spend."""
    rng = np.random.default_rng(0)
    spend = per_week * BASKET / ROAS
    revenue = sales(rng, ROAS * np.exp(ar1(rng, (200_000, 4), sd, phi) - sd**2 / 2) * spend)
    contribution = MARGIN * revenue - spend
    return float(np.quantile(contribution.sum(axis=1), 0.05)), float((contribution < 0).mean())


def inside(interval: Q | None, value: float) -> float:
    """Return whether an interval holds a value; NaN without one."""
    return float("nan") if interval is None else float(interval.p5 <= value <= interval.p95)


def rows(replications: int) -> list[dict[str, Any]]:
    """Return one row per setting: shares of 90 % intervals that hold the truth."""
    table = []
    for weeks in (26, 52, 104):
        for per_week, sd, phi in ((70.0, 0.1, 0.5), (210.0, 0.0, 0.0), (210.0, 0.1, 0.5), (2100.0, 0.1, 0.5),
                                  (2100.0, 0.1, 0.8)):  # fmt: skip
            setting = {"weeks": weeks, "per_week": per_week, "sd": sd, "phi": phi}
            worst, below = truth(**setting)
            found = []
            for seed in range(replications):
                sheet = tear_sheet(world(seed, **setting), noise_unit=UNIT, margin=MARGIN, seed=seed)
                risk, under = sheet.budget_at_risk, sheet.below_break_even
                middle = float("nan") if risk is None else (risk.at_risk.p50 - worst) / abs(risk.spend)
                found.append(
                    (
                        inside(sheet.mean_return, MARGIN * ROAS - 1),
                        inside(sheet.true_log_sd, sd),
                        inside(None if risk is None else risk.at_risk, worst),
                        middle,
                        inside(None if under is None else under.share, below),
                        float(bool(under and under.more_than_luck)),
                    )
                )
            names = ("mean_return", "true_sd", "budget_at_risk", "at_risk_bias", "below", "more_than_luck")
            table.append({**setting, **dict(zip(names, np.nanmean(found, axis=0).round(3).tolist(), strict=True))})
    return table


def correlation_rows(replications: int) -> list[dict[str, Any]]:
    """Coverage of correlations of three channels, and how often "one risk" is said."""
    table = []
    for rho in (0.0, 0.5, 0.8):
        for phi in (0.0, 0.6):
            held, risks, joined = [], [], []
            for seed in range(replications):
                rng = np.random.default_rng(seed)
                common, own = ar1(rng, (1, 104), 1.0, phi), ar1(rng, (3, 104), 1.0, phi)
                demand = 0.1 * (np.sqrt(rho) * common + np.sqrt(1 - rho) * own)
                spend = np.full(104, 1e6)
                dates = np.datetime64("2023-01-02") + 7 * np.arange(104)
                found = correlations(
                    [
                        standardise(RoasSeries(name, "claimed_roas", "week", dates, spend, spend * 2 * np.exp(d)), 1.0)
                        for name, d in zip("abc", demand, strict=True)
                    ]
                )
                held.append([q.p5 <= rho <= q.p95 for _, _, q in found.pairs()])
                risks.append(found.independent_risks)
                joined.append(any(len(group) == 3 for group in found.clusters))
            expected = 9 / (3 + 6 * rho**2)
            table.append(
                {
                    "correlation": rho,
                    "phi": phi,
                    "cover_90": round(float(np.mean(held)), 3),
                    "independent_risks": round(float(np.mean(risks)), 2),
                    "true_risks": round(expected, 2),
                    "three_are_one": round(float(np.mean(joined)), 3),
                }
            )
    return table


def show(title: str, found: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    print(f"\n{title}\n| " + " | ".join(found[0]) + " |\n|" + "---|" * len(found[0]))
    for row in found:
        print("| " + " | ".join(f"{value:g}" for value in row.values()) + " |")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    show("Share of 90 % intervals that hold the truth", rows(count))
    show("Correlations of three channels, 104 weeks", correlation_rows(count))
