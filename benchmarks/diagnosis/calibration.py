"""From a raw score to a probability, and how well stated probabilities are kept.

``python benchmarks/diagnosis/calibration.py`` fits the two parameters on the cached development answers.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY)]

from benchmarks.diagnosis.cells import DEVELOPMENT  # noqa: E402
from benchmarks.diagnosis.score import Outcome, outcomes  # noqa: E402

Array = npt.NDArray[np.float64]

#: Scores further out than this are as good as certain: a probability of 0.999999.
FURTHEST: Final = 13.8

#: Newton steps; ten are plenty for two parameters.
STEPS: Final = 50

#: Width of a bin of the reliability table.
BINS: Final = 10


def fit(raw: Sequence[float], hit: Sequence[bool]) -> tuple[float, float]:
    """Fit ``P(hit) = 1 / (1 + exp(-(a + b raw)))`` with b >= 0.

    Parameters
    ----------
    raw : sequence of float
        Log odds or any score that grows with belief; cut off at +-13.8.
    hit : sequence of bool
        Whether the cause was there.

    Returns
    -------
    a, b : float
        Intercept and slope. Without both hits and misses, or without two
        scores, b is 1 and a shifts the mean only.

    Notes
    -----
    Newton's method on the log likelihood with Platt's targets,
    ``(hits + 1) / (hits + 2)`` and ``1 / (misses + 2)`` in place of 1 and
    0, so that a score that separates perfectly keeps a finite slope. A
    negative slope is set to zero: a map that turns the order round would
    be an accident.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines; Lin,
    Lin and Weng (2007), A note on Platt's probabilistic outputs.
    """
    score = np.clip(np.asarray(raw, dtype=float), -FURTHEST, FURTHEST)
    true = np.asarray(hit, dtype=bool)
    if not len(true):
        return 0.0, 1.0
    hits, misses = int(true.sum()), int((~true).sum())
    target = np.where(true, (hits + 1) / (hits + 2), 1 / (misses + 2))
    if not hits or not misses or np.ptp(score) == 0:
        return _shift(score, float(target.mean())), 1.0
    a, b = _newton(np.column_stack([np.ones_like(score), score]), target)
    return (a, b) if b >= 0 else (_logit(float(target.mean())), 0.0)


def _newton(design: Array, target: Array) -> tuple[float, float]:
    """Maximise the log likelihood; a step that does not raise it is halved."""
    at = np.zeros(2)
    value = _likelihood(design @ at, target)
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(design @ at)))
        slope = design.T @ (target - p)
        curve = design.T @ (design * np.maximum(p * (1 - p), 1e-12)[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        while np.abs(step).max() > 1e-10 and _likelihood(design @ (at + step), target) < value:
            step = step / 2
        at = at + step
        value = _likelihood(design @ at, target)
        if np.abs(step).max() < 1e-9:
            break
    return float(at[0]), float(at[1])


def _likelihood(log_odds: Array, target: Array) -> float:
    return float((target * log_odds - np.logaddexp(0, log_odds)).sum())


def _shift(score: Array, mean: float) -> float:
    """Return the intercept that gives the wanted mean at slope 1 (bisection)."""
    low, high = -2 * FURTHEST, 2 * FURTHEST
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if float((1 / (1 + np.exp(-(middle + score)))).mean()) < mean else (low, middle)
    return (low + high) / 2


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def isotonic(raw: Sequence[float], hit: Sequence[bool]) -> tuple[Array, Array]:
    """Return the best rising step function by pooling adjacent violators: scores, and the probability at each.

    A referee for `fit`: where the two differ by much, two parameters are
    too few.

    References
    ----------
    Ayer et al. (1955), An empirical distribution function for sampling
    with incomplete information.
    """
    order = np.argsort(np.asarray(raw, dtype=float), kind="stable")
    score, true = np.asarray(raw, dtype=float)[order], np.asarray(hit, dtype=float)[order]
    blocks: list[list[float]] = []
    for at, value in zip(score, true, strict=True):
        same = bool(blocks) and blocks[-1][2] == at
        if same:
            blocks[-1][0] += value
            blocks[-1][1] += 1
        else:
            blocks.append([value, 1.0, at])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            hits, count, end = blocks.pop()
            blocks[-1] = [blocks[-1][0] + hits, blocks[-1][1] + count, end]
    return np.array([end for _, _, end in blocks]), np.array([hits / count for hits, count, _ in blocks])


@dataclass(frozen=True)
class Bin:
    """Findings whose stated probability lies in [low, high)."""

    low: float
    high: float
    findings: int
    stated: float
    kept: float


def reliability(pairs: Sequence[tuple[float, bool]], *, bins: int = BINS) -> list[Bin]:
    """Put findings into bins of equal width by stated probability; empty bins are left out."""
    found = []
    for at in range(bins):
        low, high = at / bins, (at + 1) / bins
        inside = [(p, hit) for p, hit in pairs if low <= p < high or (at == bins - 1 and p == 1)]
        if inside:
            count = len(inside)
            found.append(Bin(low, high, count, sum(p for p, _ in inside) / count, sum(h for _, h in inside) / count))
    return found


def calibration_error(pairs: Sequence[tuple[float, bool]], *, bins: int = BINS) -> float:
    """Return the expected calibration error: the mean gap of stated and kept, bins weighted by findings; NaN of none."""
    if not pairs:
        return math.nan
    return sum(each.findings * abs(each.stated - each.kept) for each in reliability(pairs, bins=bins)) / len(pairs)


def brier(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return the mean squared gap of probability and outcome; NaN of none."""
    return sum((p - hit) ** 2 for p, hit in pairs) / len(pairs) if pairs else math.nan


def groups(of: Sequence[Outcome]) -> dict[str, tuple[list[float], list[bool]]]:
    """Return log odds and hits of all findings: together, by columns, and by whether supported."""
    found: dict[str, tuple[list[float], list[bool]]] = {}
    for account in of:
        for each in account.findings:
            p = min(max(each.probability, 1e-6), 1 - 1e-6)
            for group in ("all", f"columns {account.job.columns}", each.verdict, each.cause):
                raw, hit = found.setdefault(group, ([], []))
                raw.append(_logit(p))
                hit.append(any(true.is_said_by(each) for true in account.planted))
    return found


def main() -> None:
    """Fit on the cached answers from development seeds that the present engine gave."""
    from benchmarks.diagnosis.answers import version
    from benchmarks.diagnosis.run import CACHE, read_cache

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CACHE
    records: list[dict[str, Any]] = [
        record for (part, hashed, key), record in read_cache(path).items()
        if part == "engine" and hashed == version(part, key.split("/")[0])
    ]  # fmt: skip
    of = [each for each in outcomes(records) if each.job.seed in DEVELOPMENT]
    for name, (raw, hit) in sorted(groups(of).items()):
        a, b = fit(raw, hit)
        before = [(1 / (1 + math.exp(-r)), h) for r, h in zip(raw, hit, strict=True)]
        after = [(1 / (1 + math.exp(-(a + b * r))), h) for r, h in zip(raw, hit, strict=True)]
        line = {"group": name, "findings": len(raw), "a": round(a, 3), "b": round(b, 3)}
        print(json.dumps(line | {"ece": _pair(calibration_error, before, after), "brier": _pair(brier, before, after)}))


def _pair(measure: Any, before: Any, after: Any) -> str:
    return f"{measure(before):.3f} → {measure(after):.3f}"


if __name__ == "__main__":
    main()
