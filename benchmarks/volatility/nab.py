"""Ad-exchange prices of the Numenta Anomaly Benchmark, watched online.

    python benchmarks/volatility/nab.py [FOLDER]

Hours are averaged to days and watched as `roas` watches weeks: an alarm is a
change of level that lasts, at the end of the day on which the evidence
suffices, and the watch then starts afresh. Scores follow the standard
profile of the benchmark (Lavin and Ahmad 2015): a true positive earns a
sigmoid of its place in the window, a false one costs 0.11, a missed window 1,
normalised so that silence is 0 and a perfect detector 100. No threshold was
tuned on these files. Labels mark odd days as well as changes of level, so a
detector of lasting changes cannot see them all.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from roas.volatility.series import RoasSeries
from roas.volatility.watch import watch

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "changepoints" / "nab_adexchange"
FALSE_POSITIVE = 0.11
PROBATION = 0.15


def sigmoid(place: float) -> float:
    """Worth of a detection at `place`: -1 at the window's start, 0 at its end, above after it."""
    return 2 / (1 + float(np.exp(5 * place))) - 1 if place <= 3 else -1.0


def score(
    times: pd.DatetimeIndex, windows: list[tuple[pd.Timestamp, pd.Timestamp]], alarms: list[pd.Timestamp]
) -> float:
    """Return the standard-profile score, 0 for silence and 100 for a perfect detector."""
    start = times[int(min(PROBATION * len(times), 750))]
    alarms = [each for each in alarms if each >= start]
    total = 0.0
    for low, high in windows:
        inside = [each for each in alarms if low <= each <= high]
        total += -1.0 if not inside else sigmoid(-((high - min(inside)) / (high - low))) / sigmoid(-1)
    for each in alarms:
        if any(low <= each <= high for low, high in windows):
            continue
        past = [(low, high) for low, high in windows if high < each]
        place = (each - past[-1][1]) / (past[-1][1] - past[-1][0]) if past else 9.0
        total += FALSE_POSITIVE * sigmoid(place)
    worst = -float(len(windows))
    return 100 * (total - worst) / (2 * len(windows))


def alarms_of(values: pd.Series) -> list[pd.Timestamp]:
    """Return the ends of the days with an alarm."""
    days = values.resample("D").mean().dropna()
    spaced = np.datetime64("2024-01-01") + 7 * np.arange(len(days))
    series = RoasSeries("", "mer", "week", spaced, np.ones(len(days)), days.to_numpy())
    places = [int(np.searchsorted(spaced, alarm.week)) for alarm in watch(series).alarms]
    last = values.groupby(values.index.floor("D")).apply(lambda day: day.index[-1])
    return [last[days.index[place]] for place in places]


def rows(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the score per file; none where the folder is absent."""
    if not folder.exists():
        return []
    labels = json.loads((folder / "labels.json").read_text())
    out = []
    for name, label in sorted(labels.items()):
        values = pd.read_csv(folder / f"{name}.csv", parse_dates=["timestamp"]).set_index("timestamp")["value"]
        windows = [(pd.Timestamp(low), pd.Timestamp(high)) for low, high in label["windows"]]
        alarms = alarms_of(values)
        out.append({"file": name, "score": score(values.index, windows, alarms), "alarms": [str(a) for a in alarms]})
    return out


def main(folder: Path = FOLDER) -> None:
    table = rows(folder)
    if not table:
        print(f"no series in {folder}")
        return
    for row in table:
        print(f"{row['file']:18} {row['score']:6.1f} {row['alarms']}")
    print(f"mean {np.mean([row['score'] for row in table]):.1f}")
    print("published: numenta 89.7  knncad 86.0  htmjava 76.6  windowedGaussian 45.9  bayesChangePt 39.7")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
