"""Ad-exchange prices of the Numenta Anomaly Benchmark, judged online hour by hour.

    python benchmarks/volatility/nab.py [FOLDER]

Hours as they are, with a cycle of a day and one of a week: `odd_periods` with
its default settings, an alarm at the first hour of every odd stretch. Beside:
the same with more false alarms allowed (one a week is six times the default;
the published thresholds were chosen to score best, ours not), the watch for
lasting changes (`roas.volatility.online.looks`, by day), and rolling z-scores.

Scores follow the standard profile of the benchmark (Lavin and Ahmad 2015,
Evaluating real-time anomaly detection algorithms, section III): rows before
15 % of the file count for nothing; a window earns the sigmoid of the place of
its first detection, 1 at its left edge and about 0 at its right; a detection
outside costs up to 0.11, less shortly after a window; a missed window costs 1;
then silence is 0 and a perfect detector 100. Places are counted in rows. No
setting was tuned on these files: `benchmarks/volatility/oddities.py` holds the
simulations they rest on.

Each label is one hour, with a window drawn around it of a tenth of the file
divided by its labels; a file of 1600 hours has one to three. One hit decides
a score, and the labels have known flaws (Wu and Keogh 2021): a smoke test.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from roas.volatility.online.looks import watch
from roas.volatility.online.oddities import FALSE_ALARMS, odd_periods
from roas.volatility.series import RoasSeries

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "changepoints" / "nab_adexchange"
FALSE_POSITIVE = 0.11
PROBATION = 0.15


def sigmoid(place: float) -> float:
    """Worth of a detection at `place`: near 1 at a window's left edge (-1), 0 at its right edge, -1 far after it."""
    return 2 / (1 + float(np.exp(5 * place))) - 1 if place < 3 else -1.0


def score(
    times: pd.DatetimeIndex, windows: list[tuple[pd.Timestamp, pd.Timestamp]], alarms: list[pd.Timestamp]
) -> float:
    """Return the standard-profile score of one file, 0 for silence and 100 for a perfect detector."""
    start = int(min(PROBATION * len(times), PROBATION * 5000))
    rows = sorted(row for row in (int(times.searchsorted(each)) for each in alarms) if row >= start)
    edges = [(int(times.searchsorted(low)), int(times.searchsorted(high))) for low, high in windows]
    total = 0.0
    for low, high in edges:
        inside = [row for row in rows if low <= row <= high]
        # As published, the right edge counts as one row past itself.
        total += sigmoid(-(high - inside[0] + 1) / (high - low + 1)) / sigmoid(-1) if inside else -1.0
    for row in rows:
        if not any(low <= row <= high for low, high in edges):
            past = [(low, high) for low, high in edges if high < row]
            total += FALSE_POSITIVE * sigmoid((row - past[-1][1]) / (past[-1][1] - past[-1][0]) if past else 3.0)
    return 100 * (total + len(edges)) / (2 * len(edges))


def odd_hours(values: pd.Series, false_alarms: float = FALSE_ALARMS) -> list[pd.Timestamp]:
    """Return the first hour of every odd stretch."""
    return [
        values.index[at] for at in odd_periods(values.to_numpy(), season=(24, 168), false_alarms=false_alarms).index
    ]


def rolling_z(values: pd.Series, limit: float) -> list[pd.Timestamp]:
    """Return the hours whose z-score against the week before is beyond `limit`; no cycle, no robust scale."""
    past = values.rolling(168).agg(["mean", "std"]).shift(1)
    return list(values.index[((values - past["mean"]) / past["std"]).abs() >= limit])


def lasting_changes(values: pd.Series) -> list[pd.Timestamp]:
    """Return the ends of the days with an alarm."""
    days = values.resample("D").mean().dropna()
    spaced = np.datetime64("2024-01-01") + 7 * np.arange(len(days))
    series = RoasSeries("", "mer", "week", spaced, np.ones(len(days)), days.to_numpy())
    places = [int(np.searchsorted(spaced, alarm.week)) for alarm in watch(series).alarms]
    last = values.groupby(values.index.floor("D")).apply(lambda day: day.index[-1])
    return [last[days.index[place]] for place in places]


DETECTORS: dict[str, Callable[[pd.Series], list[pd.Timestamp]]] = {
    "odd_periods": odd_hours,
    "odd_periods, 1 a week": partial(odd_hours, false_alarms=1 / 168),
    "odd_periods, 1 in 100": partial(odd_hours, false_alarms=1 / 100),
    "watch, by day": lasting_changes,
    "rolling z, 2.5": partial(rolling_z, limit=2.5),
    "rolling z, 4": partial(rolling_z, limit=4.0),
}


def rows(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return one row per file and detector; none where the folder is absent."""
    if not folder.exists():
        return []
    labels = json.loads((folder / "labels.json").read_text())
    out = []
    for name, label in sorted(labels.items()):
        values = pd.read_csv(folder / f"{name}.csv", parse_dates=["timestamp"]).set_index("timestamp")["value"]
        windows = [(pd.Timestamp(low), pd.Timestamp(high)) for low, high in label["windows"]]
        for detector, find in DETECTORS.items():
            alarms = find(values)
            hit = sum(any(low <= each <= high for each in alarms) for low, high in windows)
            out.append({
                "file": name, "detector": detector, "score": score(values.index, windows, alarms),
                "windows hit": f"{hit} of {len(windows)}", "alarms": len(alarms),
            })  # fmt: skip
    return out


def main(folder: Path = FOLDER) -> None:
    found = rows(folder)
    if not found:
        print(f"no series in {folder}")
        return
    for row in found:
        print(f"{row['file']:16}{row['detector']:26}{row['score']:7.1f}  {row['windows hit']}  {row['alarms']} alarms")
    for detector in DETECTORS:
        print(f"mean {detector:26}{np.mean([row['score'] for row in found if row['detector'] == detector]):7.1f}")
    print("published, thresholds tuned on the whole corpus: numenta 89.7  knncad 86.0  htmjava 76.6  ARTime 75.7")
    print("  contextOSE 75.6  windowedGaussian 45.9  bayesChangePt 39.7  relativeEntropy 29.8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
