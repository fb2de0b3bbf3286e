"""Forecasts of weeks that were held out, with spend and controls as they were.

    python benchmarks/response/forecasts.py series             # public series, several origins
    python benchmarks/response/forecasts.py worlds own 10      # worlds of known truth
    python benchmarks/response/forecasts.py worlds pysimmmulator 10
    python benchmarks/response/forecasts.py tables FOLDER      # last origin, for peers/forecast_pymc.py

Thirteen weeks are held out (four where the history is shorter than 78 weeks),
from up to four origins that many weeks apart. Printed per series and method:
CRPS over the mean of what came (the mean absolute error of a forecast without
a spread), and the share of weeks inside the 90 % interval.

Three references, on the same weeks. *Seasonal naive*: the value a year before
(a week before, by day), with a normal interval from the errors that this rule
made in the past. *Structural*: statsmodels UnobservedComponents, a local
level with two yearly waves (or weekdays), by maximum likelihood, which sees
revenue only. *Structural, informed*: the same with spend and controls as
linear regressors, their later values known, as the response model has them.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

sys.path.insert(0, str(Path(__file__).parent))
import real_series
import worlds

from roas.response import ResponseModel
from roas.response.data import MediaData

LEAST_WEEKS = 78
LONG, SHORT = 13, 4
ORIGINS = 4
#: Levels at which a normal forecast is laid out: as good as that many draws.
LEVELS = (np.arange(1000) + 0.5) / 1000


@dataclass(frozen=True)
class Case:
    """An account on its calendar, and how to model what came before a date."""

    name: str
    data: MediaData
    fit: Callable[[pd.Timestamp], Any]

    @property
    def step(self) -> int:
        """Return the days of a period."""
        return 7 if self.data.grain == "week" else 1

    @property
    def weeks(self) -> int:
        """Weeks to hold out."""
        return LONG if self.data.weeks >= LEAST_WEEKS + LONG else SHORT

    def origins(self, most: int = ORIGINS) -> list[int]:
        """Return numbers of periods to fit, the latest first."""
        ahead = self.weeks * 7 // self.step
        least = LEAST_WEEKS * 7 // self.step if self.weeks == LONG else 2 * ahead
        starts = [self.data.periods - ahead * (i + 1) for i in range(most)]
        return [each for each in starts if each >= least]


def of_series(series: real_series.Series) -> Case:
    return Case(series.name, series.model().data, lambda before: series.model(before=before).fit(seed=0))


def of_world(world: worlds.World) -> Case:
    def fit(before: pd.Timestamp) -> Any:
        spend, revenue = world.spend, world.revenue
        return ResponseModel(spend[spend["date"] < before], revenue[revenue["date"] < before], grain="week").fit(seed=0)

    return Case(world.name, ResponseModel(world.spend, world.revenue, grain="week").data, fit)


# -- methods: draws of revenue, shape (draws, periods) ------------------------


def response(case: Case, known: int, ahead: int) -> np.ndarray:
    data, rest = case.data, slice(known, known + ahead)
    results = case.fit(pd.Timestamp(data.dates[known]))
    if results.data.dates[-1] + case.step != data.dates[known]:
        raise ValueError(
            f"{case.name}: the model ends at {results.data.dates[-1]}, not right before {data.dates[known]}"
        )
    plan = pd.DataFrame(data.spend[rest], columns=list(data.channels))[list(results.data.channels)]
    controls = pd.DataFrame(data.controls[rest], columns=list(data.control_names))
    draws, _ = results.forecast_draws(ahead * case.step // 7, plan, controls=controls)
    return draws["revenue"]


def seasonal_naive(case: Case, known: int, ahead: int) -> np.ndarray:
    season = 52 if case.step == 7 else 7
    past = case.data.revenue[:known]
    errors = past[season:] - past[:-season]
    cycles = np.arange(ahead) // season + 1
    middle = past[known - season + np.arange(ahead) % season]
    return spread(middle, np.sqrt(np.nanmean(errors**2) * cycles))


def structural(case: Case, known: int, ahead: int) -> np.ndarray:
    return components(case, known, ahead, None)


def informed(case: Case, known: int, ahead: int) -> np.ndarray:
    columns = np.column_stack([case.data.spend, case.data.controls])
    sd = columns[:known].std(axis=0)
    scaled = (columns - columns[:known].mean(axis=0))[:, sd > 0] / sd[sd > 0]
    return components(case, known, ahead, scaled)


def components(case: Case, known: int, ahead: int, regressors: np.ndarray | None) -> np.ndarray:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    season = {"period": 365.25 / 7, "harmonics": 2} if case.step == 7 else {"period": 7, "harmonics": 3}
    past = case.data.revenue[:known]
    unit = np.nanmean(past)
    inside = None if regressors is None else regressors[:known]
    after = None if regressors is None else regressors[known : known + ahead]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = UnobservedComponents(
            past / unit, level="llevel", freq_seasonal=[season], stochastic_freq_seasonal=[False], exog=inside
        )
        forecast = model.fit(disp=False, maxiter=200).get_forecast(ahead, exog=after)
    return spread(np.asarray(forecast.predicted_mean) * unit, np.asarray(forecast.se_mean) * unit)


def spread(middle: np.ndarray, sd: np.ndarray) -> np.ndarray:
    return middle + sd * norm.ppf(LEVELS)[:, None]


METHODS = {
    "roas": response,
    "seasonal naive": seasonal_naive,
    "structural": structural,
    "structural, informed": informed,
}


# -- scores -------------------------------------------------------------------


def crps(draws: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the continuous ranked probability score of each period."""
    ordered, n = np.sort(draws, axis=0), len(draws)
    weights = (2 * np.arange(1, n + 1) - n - 1)[:, None] / n**2
    return np.abs(draws - truth).mean(axis=0) - (weights * ordered).sum(axis=0)


def score(draws: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """Return CRPS over mean, coverage of 90 % and mean error over mean."""
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    scale = np.abs(truth).mean()
    bias = (np.median(draws, axis=0) - truth).mean() / scale
    return float(crps(draws, truth).mean() / scale), float(((low <= truth) & (truth <= high)).mean()), float(bias)


def run(case: Case, most: int = ORIGINS) -> Iterator[dict[str, Any]]:
    ahead = case.weeks * 7 // case.step
    for known in case.origins(most):
        truth = case.data.revenue[known : known + ahead]
        for name, method in METHODS.items():
            values = score(method(case, known, ahead), truth)
            yield {"case": case.name, "origin": str(case.data.dates[known]), "method": name, "scores": values}


def show(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"| {title} | " + " | ".join(METHODS) + " |")
    print("|---" * (len(METHODS) + 1) + "|")
    origins = sorted({row["origin"] for row in rows}) if len({row["case"] for row in rows}) == 1 else []
    for origin in [*origins, "all"]:
        cells = []
        for name in METHODS:
            found = [r["scores"] for r in rows if r["method"] == name and origin in ("all", r["origin"])]
            cells.append("{:.4f}, {:.2f}, {:+.3f}".format(*np.mean(found, axis=0)))
        print(f"| {origin} | {' | '.join(cells)} |")
    print(flush=True)


def write_tables(folder: Path) -> None:
    """Write weekly series as peers/common.py reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("robyn", "meridian-national", "retailer"):
        for series in real_series.load([name]):
            data = series.model().data
            table = pd.DataFrame({"date": data.dates, "revenue": data.revenue})
            parts = (("spend", data.channels, data.spend), ("control", data.control_names, data.controls))
            for kind, names, values in parts:
                table = table.join(pd.DataFrame(values, columns=[f"{kind}:{n}" for n in names]))
            table.to_csv(folder / f"{name}.csv", index=False)


def main(arguments: list[str]) -> None:
    print("Cells: CRPS over mean revenue, coverage of 90 % intervals, mean error of the median over mean revenue.\n")
    if arguments[0] == "tables":
        write_tables(Path(arguments[1]))
    elif arguments[0] == "series":
        found = []
        for series in real_series.load(arguments[1:] or None):
            rows = list(run(of_series(series)))
            show(series.name, rows)
            found += rows
        if found:
            show("all series", found)
    elif arguments[0] == "worlds":
        kind, count = arguments[1], int(arguments[2])
        first = int(kind == "pysimmmulator")
        found = [row for seed in range(first, first + count) for row in run(of_world(getattr(worlds, kind)(seed)), 2)]
        show(f"{kind}, {count} worlds", found)


if __name__ == "__main__":
    main(sys.argv[1:])
