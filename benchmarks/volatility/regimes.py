"""Size and power of the variance tests and of the regime call; GARCH on log changes beside it.

Run: ``python benchmarks/volatility/regimes.py [replications]``. Healthy worlds have one true variance; turbulent ones
double the true sd over the last third. "called" is the share named turbulent at the last day.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from worlds import WEEKDAYS, ar1

from roas.volatility.regimes.clustering import arch_lm, clustering
from roas.volatility.regimes.ewma import drift_chart
from roas.volatility.regimes.garch import conditional_volatility
from roas.volatility.regimes.shocks import standardise
from roas.volatility.regimes.states import regime
from roas.volatility.series import RoasSeries

BASKET, CV, ROAS = 60.0, 0.8, 3.0
UNIT = BASKET * (1 + CV**2)


def world(seed: int, *, days: int, per_day: float, sd: float, phi: float, times: float = 1.0,
          thin: float = 1.0, spend_sd: float = 0.3) -> RoasSeries:  # fmt: skip
    """Draw a channel; over the last third the true sd is multiplied by `times` and spend by `thin`."""
    rng = np.random.default_rng(seed)
    t = np.arange(days)
    late = t >= days * 2 // 3
    demand = ar1(rng, (days,), 1.0, phi) * sd * np.where(late, times, 1.0)
    spend = per_day * BASKET / ROAS * np.exp(ar1(rng, (days,), spend_sd, 0.8)) * np.where(late, thin, 1.0)
    rho = ROAS * np.exp(demand + WEEKDAYS[t % 7])
    count = rng.poisson(rho * spend / BASKET)
    revenue = np.where(count > 0, rng.gamma(np.maximum(count, 1) / CV**2, BASKET * CV**2), 0.0)
    return RoasSeries("a", "claimed_roas", "day", np.datetime64("2024-01-01") + t, spend, revenue, count.astype(float))


def by_day_rows(replications: int, settings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row per setting: rejection rates of the tests, shares of states."""
    rows = []
    for setting in settings:
        found = []
        for seed in range(replications):
            shocks = standardise(world(seed, **setting), UNIT)
            white = shocks.white[shocks.usable]
            test = clustering(white, "day", seed=seed) if len(white) >= 30 else None
            state = regime(shocks, seed=seed).state
            p = (1.0, 1.0) if test is None else (test.p_arch, test.p_kappa2)
            found.append((p[0] <= 0.05, p[1] <= 0.05, state == "turbulent", state == "calm", shocks.signal))
        names = ("arch_lm", "kappa2", "turbulent", "calm", "signal")
        rows.append({**setting, **dict(zip(names, np.nanmean(found, axis=0).round(3).tolist(), strict=True))})
    return rows


def size_rows(replications: int) -> list[dict[str, Any]]:
    """Healthy accounts: one true variance, few or many sales, weak or strong autocorrelation."""
    cells = [
        {"days": 365, "per_day": n, "sd": sd, "phi": phi}
        for n in (3.0, 10.0, 30.0, 100.0, 300.0)
        for sd, phi in ((0.0, 0.0), (0.1, 0.6), (0.1, 0.8), (0.2, 0.8))
    ]
    cells += [{"days": 730, "per_day": n, "sd": 0.1, "phi": 0.6} for n in (30.0, 300.0)]
    cells += [{"days": 365, "per_day": n, "sd": 0.1, "phi": 0.6, "thin": 0.1} for n in (30.0, 100.0, 300.0)]
    return by_day_rows(replications, cells)


def power_rows(replications: int) -> list[dict[str, Any]]:
    """Double the true sd over the last third."""
    cells = [
        {"days": days, "per_day": n, "sd": sd, "phi": 0.6, "times": 2.0}
        for days in (120, 365, 730)
        for n, sd in ((30.0, 0.1), (100.0, 0.1), (300.0, 0.1), (30.0, 0.2), (100.0, 0.2))
    ]
    return by_day_rows(replications, cells)


def differenced_rows(replications: int) -> list[dict[str, Any]]:
    """How often clustering is "found" in accounts with none: on log changes of ROAS, and on our shocks."""
    from scipy.special import chdtrc

    rows = []
    for n in (10.0, 30.0, 100.0, 300.0):
        found = []
        for seed in range(replications):
            series = world(seed, days=365, per_day=n, sd=0.1, phi=0.6)
            ratio = (series.revenue / series.spend)[series.revenue > 0]
            change = np.diff(np.log(ratio))
            naive = float(chdtrc(7, float(arch_lm((change - change.mean()) ** 2, 7))))
            shocks = standardise(series, UNIT)
            ours = clustering(shocks.white[shocks.usable], "day", seed=seed)
            used = conditional_volatility(shocks, seed=seed).model != "ewma"
            found.append((naive <= 0.05, ours.p_arch <= 0.05, used))
        names = ("log_changes", "shocks", "garch_used")
        rows.append({"per_day": n, **dict(zip(names, np.mean(found, axis=0).round(3).tolist(), strict=True))})
    return rows


def chart_rows(replications: int) -> list[dict[str, Any]]:
    """Judge a year by the EWMA chart at a nominal 5 % of false alarms a year; then a fall by a quarter."""
    rows = []
    for n in (10.0, 30.0, 100.0, 300.0):
        for sd, phi in ((0.0, 0.0), (0.1, 0.6), (0.1, 0.8)):
            alarms, delays = [], []
            for seed in range(replications):
                series = world(seed, days=547, per_day=n, sd=sd, phi=phi)
                alarms.append(drift_chart(standardise(series, UNIT), reference=182, alarms=0.05).first is not None)
                fallen = replace(series, revenue=series.revenue * np.where(np.arange(547) < 365, 1.0, 0.75))
                chart = drift_chart(standardise(fallen, 0.75 * UNIT), reference=365, alarms=0.05)
                delays.append(999 if chart.first is None else chart.first + 1)
            rows.append(
                {
                    "per_day": n,
                    "sd": sd,
                    "phi": phi,
                    "alarm_in_a_year": round(float(np.mean(alarms)), 3),
                    "days_to_find_-25%": float(np.median(delays)),
                }
            )
    return rows


def show(title: str, rows: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    print(f"\n{title}\n| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(f"{row.get(name, ''):g}" if name in row else "" for name in names) + " |")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    show("Healthy", size_rows(count))
    show("True sd doubled over the last third", power_rows(count))
    show("EWMA chart, 5 % a year", chart_rows(count))
    show("Clustering found where there is none", differenced_rows(count))
