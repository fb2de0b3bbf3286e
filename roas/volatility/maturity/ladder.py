"""Chain ladder: how much of a day's conversions has been reported at each age, from a run-off triangle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.volatility._arrays import Array

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Ladder:
    """Chain-ladder estimates of one triangle.

    Attributes
    ----------
    factors : array, shape (n_ages - 1,)
        Growth from each age to the next.
    factor_errors : array, shape (n_ages - 1,)
        Their standard errors.
    ultimate : array, shape (n_origins,)
        Conversions of each origin at the last age.
    errors : array, shape (n_origins,)
        Standard error of what is still to come, process and parameters.
    total_error : float
        Standard error of the sum of what is still to come.
    """

    factors: Array
    factor_errors: Array
    ultimate: Array
    errors: Array
    total_error: float


def chain_ladder(triangle: Array) -> Ladder:
    """Complete a run-off triangle with Mack's standard errors.

    Parameters
    ----------
    triangle : array, shape (n, n)
        Cumulative counts by origin (row) and age (column); NaN below the
        diagonal. Rows in order of time.

    Notes
    -----
    ``f[k] = sum C[i,k+1] / sum C[i,k]``; ``s2[k] = sum C[i,k] (C[i,k+1]/C[i,k] - f[k])² / (n-k-2)``,
    the last by Mack's extrapolation ``min(s2[-1]²/s2[-2], s2[-1], s2[-2])``;
    ``mse[i] = U[i]² sum_k s2[k]/f[k]² (1/C[i,k] + 1/sum_j C[j,k])``, C completed; with
    the covariance of origins through common factors in the total.

    References
    ----------
    Mack (1993), Distribution-free calculation of the standard error of chain
    ladder reserve estimates, ASTIN Bulletin 23.
    """
    n = len(triangle)
    full = triangle.copy()
    factors, s2, base = np.ones(n - 1), np.zeros(n - 1), np.zeros(n - 1)
    for k in range(n - 1):
        rows = slice(0, n - k - 1)
        now, then = triangle[rows, k], triangle[rows, k + 1]
        base[k] = now.sum()
        factors[k] = then.sum() / base[k] if base[k] > 0 else 1.0
        if n - k - 2 > 0:
            good = now > 0
            s2[k] = (now[good] * (then[good] / now[good] - factors[k]) ** 2).sum() / (n - k - 2)
        full[n - k - 1 :, k + 1] = full[n - k - 1 :, k] * factors[k]
    if n > 3 and s2[-3] > 0:
        s2[-1] = min(s2[-2] ** 2 / s2[-3], s2[-2], s2[-3])
    with np.errstate(all="ignore"):
        scale = np.where(factors > 0, s2 / factors**2, 0.0)
        common = np.where(base > 0, scale / base, 0.0)
        mse = np.zeros(n)
        for i in range(1, n):
            ages = slice(n - 1 - i, n - 1)
            own = np.where(full[i, ages] > 0, scale[ages] / full[i, ages], 0.0)
            mse[i] = full[i, -1] ** 2 * (own + common[ages]).sum()
        shared = sum(
            2 * full[i, -1] * full[i + 1 :, -1].sum() * common[n - 1 - i : n - 1].sum() for i in range(1, n - 1)
        )
        errors = np.sqrt(np.where(base > 0, s2 / base, 0.0))
    return Ladder(factors, errors, full[:, -1], np.sqrt(mse), float(np.sqrt(mse.sum() + shared)))


@dataclass(frozen=True)
class Steps:
    """Successive exports of the same dates, added up by age at the first and at the second.

    Attributes
    ----------
    young, old : array of int, shape (n_steps,)
        Age of a date in days at the two exports.
    before, after : array, shape (n_steps,)
        Conversions of those dates at each.
    scatter : array, shape (n_steps,)
        ``sum (after - f·before)² / before`` about the pooled growth f of the step.
    dates : array of int, shape (n_steps,)
        Dates behind each.
    """

    young: np.ndarray[tuple[int], np.dtype[np.int64]]
    old: np.ndarray[tuple[int], np.dtype[np.int64]]
    before: Array
    after: Array
    scatter: Array
    dates: np.ndarray[tuple[int], np.dtype[np.int64]]

    @property
    def restated(self) -> float:
        """Share of conversions that were taken back between exports, net within a step."""
        total = float(self.after.sum())
        return float(np.maximum(self.before - self.after, 0.0).sum()) / total if total > 0 else 0.0


#: Ages beyond which nothing is learnt: the longest click window of the large platforms is 90 days.
OLDEST: Final = 90


def steps(snapshots: pd.DataFrame) -> Steps:
    """Pair successive exports of the same dates.

    Parameters
    ----------
    snapshots : DataFrame
        Columns ``as_of`` (day of the export), ``date``, ``conversions``.
        Repeated rows are added up; rows with missing values, negative counts or an age below
        zero are left out.
    """
    import pandas as pd

    frame = pd.DataFrame(
        {
            "as_of": pd.to_datetime(snapshots["as_of"], errors="coerce").dt.normalize(),
            "date": pd.to_datetime(snapshots["date"], errors="coerce").dt.normalize(),
            "conversions": pd.to_numeric(snapshots["conversions"], errors="coerce"),
        }
    )
    frame = frame[np.isfinite(frame["conversions"]) & (frame["conversions"] >= 0)].dropna()
    frame = frame.groupby(["date", "as_of"], as_index=False)["conversions"].sum().sort_values(["date", "as_of"])
    frame["age"] = (frame["as_of"] - frame["date"]).dt.days
    frame = frame[(frame["age"] >= 0) & (frame["age"] <= OLDEST)]
    later = frame.groupby("date")[["age", "conversions"]].shift(-1)
    pairs = pd.DataFrame(
        {"young": frame["age"], "before": frame["conversions"], "old": later["age"], "after": later["conversions"]}
    ).dropna()
    pairs["growth"] = (pairs["after"] ** 2 / pairs["before"].where(pairs["before"] > 0)).fillna(0.0)
    pairs["dates"] = 1
    sums = pairs.groupby(["young", "old"])[["before", "after", "growth", "dates"]].sum()
    with np.errstate(all="ignore"):
        # sum (after - f·before)²/before = sum after²/before - (sum after)²/sum before
        about = np.where(sums["before"] > 0, sums["growth"] - sums["after"] ** 2 / sums["before"], 0.0)
    ages = sums.index.to_frame().to_numpy(dtype=np.int64)
    values = sums[["before", "after"]].to_numpy(dtype=np.float64)
    counts = sums["dates"].to_numpy(dtype=np.int64)
    return Steps(ages[:, 0], ages[:, 1], values[:, 0], values[:, 1], np.maximum(about, 0.0), counts)
