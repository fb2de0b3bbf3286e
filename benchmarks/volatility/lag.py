"""How well a completion curve is learnt from weekly exports, and whether flat accounts look flat.

Run: ``python benchmarks/volatility/lag.py [replications]``. Conversions at a constant rate, reported after an
exponential delay; `exports` weekly exports of the last 60 days each.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd

from roas.volatility.maturity.completion import CompletionCurve, completion_curve


def exports(seed: int, *, delay: float, per_day: float, count: int = 4, every: int = 7, days: int = 60,
            demand_sd: float = 0.0, shape: str = "exponential") -> pd.DataFrame:  # fmt: skip
    """Draw successive exports; each sale falls at a random hour, and is reported after its delay."""
    rng = np.random.default_rng(seed)
    length = days + every * (count - 1)
    rate = per_day * np.exp(demand_sd * rng.standard_normal(length))
    day = np.repeat(np.arange(length), rng.poisson(rate))
    reported = day + rng.uniform(size=len(day)) + late(rng, len(day), delay, shape)
    frames = []
    for k in range(count):
        last = length - 1 - every * (count - 1 - k)
        seen = np.bincount(day[reported <= last + 1], minlength=length)[max(0, last + 1 - days) : last + 1]
        dates = np.datetime64("2025-01-01") + np.arange(max(0, last + 1 - days), last + 1)
        frames.append(
            pd.DataFrame(
                {"as_of": np.datetime64("2025-01-01") + last, "date": dates, "conversions": seen.astype(float)}
            )
        )
    return pd.concat(frames, ignore_index=True)


def late(rng: np.random.Generator, count: int, delay: float, shape: str) -> np.ndarray:
    """Draw delays: exponential; six in ten at once; cut off by a 7-day window; or a first day without any."""
    drawn = rng.exponential(delay, count)
    if shape == "at once":
        return np.where(rng.uniform(size=count) < 0.6, 0.0, drawn)
    if shape == "window":
        return -delay * np.log1p(-rng.uniform(size=count) * (1 - np.exp(-7 / delay)))
    return drawn + 1.0 if shape == "a day later" else drawn


def shape_rows(replications: int) -> list[dict[str, Any]]:
    """Return the error for delays that are not exponential, mean 3 days, four exports; the truth is simulated."""
    table = []
    ages = np.arange(1, 15)
    for shape in ("at once", "window", "a day later"):
        rng = np.random.default_rng(0)
        whole = rng.uniform(size=400_000) + late(rng, 400_000, 3.0, shape)
        share = np.array([(whole <= age + 1).mean() for age in ages])
        for per_day in (30.0, 300.0, 3000.0):
            curves = [
                completion_curve(exports(k, delay=3.0, per_day=per_day, shape=shape)) for k in range(replications)
            ]
            miss = np.array([curve.share[ages] - share for curve in curves])
            table.append(
                {
                    "shape": shape,
                    "per_day": per_day,
                    "mean_error_points": round(100 * float(np.abs(miss).mean()), 2),
                    "worst_age_points": round(100 * float(np.abs(miss).mean(axis=0).max()), 2),
                    "ladder": round(float(np.mean([curve.method == "ladder" for curve in curves])), 2),
                }
            )
    return table


def truth(delay: float, ages: np.ndarray) -> np.ndarray:
    """Return the share reported at the end of the day `ages` days later, over hours of the sale's day."""
    return 1 - delay * (np.exp(-ages / delay) - np.exp(-(ages + 1) / delay))


def flat(curve: CompletionCurve, newest: pd.DataFrame) -> tuple[float, float]:
    """Return the log ratio of the last 7 days to the 7 before, completed, and its standard error."""
    age = (newest["as_of"] - newest["date"]).dt.days.to_numpy()
    total, variance = curve.complete(newest["conversions"].to_numpy(), age)
    parts = [(total[rows].sum(), variance[rows].sum()) for rows in (age < 7, (age >= 7) & (age < 14))]
    return float(np.log(parts[0][0] / parts[1][0])), float(np.sqrt(sum(v / t**2 for t, v in parts)))


def rows(replications: int) -> list[dict[str, Any]]:
    """Return one row per delay, volume and number of exports."""
    ages = np.arange(0, 29)
    table = []
    for delay in (1.0, 3.0, 7.0):
        for per_day in (10.0, 30.0, 100.0, 300.0):
            for count in (2, 4, 8):
                errors, covered, raw, ratios, inside = [], [], [], [], []
                for seed in range(replications):
                    frame = exports(seed, delay=delay, per_day=per_day, count=count)
                    curve = completion_curve(frame)
                    miss = curve.share[ages] - truth(delay, ages)
                    errors.append(np.abs(miss))
                    covered.append(np.abs(miss[1:8]) <= 1.645 * curve.error[1:8])
                    newest = frame[frame["as_of"] == frame["as_of"].max()]
                    ratio, error = flat(curve, newest)
                    ratios.append(np.exp(ratio) - 1)
                    inside.append(abs(ratio) <= 1.645 * error)
                    late = newest["conversions"].to_numpy()
                    raw.append(late[-7:].sum() / late[-14:-7].sum() - 1)
                typical = np.mean(errors, axis=0)
                table.append(
                    {
                        "delay": delay,
                        "per_day": per_day,
                        "exports": count,
                        "mean_error_points": round(100 * float(typical[1:15].mean()), 2),
                        "worst_age_points": round(100 * float(typical[1:15].max()), 2),
                        "within_3_points": round(float((np.array(errors)[:, 1:15].mean(axis=1) <= 0.03).mean()), 2),
                        "cover_90": round(float(np.mean(covered)), 3),
                        "raw_week_change": round(float(np.mean(raw)), 3),
                        "completed_change": round(float(np.mean(ratios)), 3),
                        "flat_in_90": round(float(np.mean(inside)), 3),
                    }
                )
    return table


def show(found: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    print("| " + " | ".join(found[0]) + " |\n|" + "---|" * len(found[0]))
    for row in found:
        print(
            "| " + " | ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in row.values()) + " |"
        )
    print()


if __name__ == "__main__":
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    show(rows(times))
    show(shape_rows(times))
