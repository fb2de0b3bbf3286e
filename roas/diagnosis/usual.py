"""How a series moves when nothing happens, and how far a change at any week stands out from that."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.diagnosis.panel import Array
from roas.diagnosis.series import Series
from roas.diagnosis.shapes import Shapes

#: Weeks in a year.
YEAR: Final = 52.18

#: Standard deviation (log) that the level of a series may take beforehand: anything.
LEVEL_SD: Final = 3.0

#: Growth per year (log sd): an account may grow or shrink by a fifth a year with nothing wrong.
GROWTH_SD: Final = 0.2

#: What a promotion may do to a week of the till (log sd).
PROMOTION_SD: Final = 0.3

#: Size (log sd) of the change that decides how noisy a series is: between the 10 and 50 % that matter.
CHANGE_SD: Final = 0.3

#: Memory from week to week of what moves without reason: waves of a week or two, and drift over quarters.
SHORT, LONG = 0.5, 0.97

#: Their standard deviations (log), and what counting noise is multiplied by (diagnosis finding 1: over-dispersion).
WAVES: Final = (0.006, 0.02, 0.05, 0.12, 0.3)
DRIFTS: Final = (0.006, 0.015, 0.03, 0.08, 0.2, 0.5)
DISPERSIONS: Final = (1.0, 2.0)

#: Log prior odds per step of drift: a short history cannot tell slow drift from none, and with equal odds for all
#: the errors of healthy simulated accounts came out a third too wide.
STEADY: Final = -0.8

#: Season sizes (log sd) tried, for series that follow demand and prices, and for rates, which hardly do. None is
#: nil for demand: a short history cannot show that there is no season.
SEASONS: Final = {
    "orders": (0.06, 0.2),
    "orders_per_session": (0.03, 0.12),
    "revenue": (0.06, 0.2),
    "sessions": (0.06, 0.2),
    "cvr": (0.03, 0.12),
    "response": (0.03, 0.12),
    "claimed_roas": (0.03, 0.12),
    "cpm": (0.03, 0.12),
    "cpc": (0.03, 0.12),
    "frequency": (0.02, 0.1),
    "ctr": (0.02,),
    "aov": (0.02,),
    "order_value": (0.02,),
    "new_share": (0.02,),
    "claims_over_till": (0.02, 0.08),
}

#: Weeks from which the data say how large the season is: a year and a half. With fewer it is taken to be large, so
#: that a quiet time of year is no finding.
SEASON_KNOWN: Final = 78
UNKNOWN_SEASON: Final = 1.3
_DEMAND: Final = frozenset({"orders", "revenue", "sessions"})

#: Series on which promotions act.
_PROMOTED: Final = frozenset(
    {"orders", "orders_per_session", "revenue", "sessions", "cvr", "response", "aov", "order_value", "claimed_roas"}
)


@dataclass(frozen=True)
class Contrasts:
    """Change of one series at every onset and shape.

    Attributes
    ----------
    change, error : array, shape (shapes,)
        Estimate and standard error of the full change (log), beyond what `explained` takes; the error is very
        large where nothing can be said.
    explained : array, shape (shapes,)
        Part of the plain change that the usual answer to own spend accounts for.
    plain_error : array, shape (shapes,)
        Standard error of the plain change, `change` + `explained`.
    residual : array, shape (n,)
        Whitened residuals without any change, NaN where unknown: what correlation between series is read from.
    """

    change: Array
    error: Array
    explained: Array
    plain_error: Array
    residual: Array


@dataclass(frozen=True)
class Answer:
    """How a series usually answers to something known, beforehand.

    Attributes
    ----------
    drivers : array, shape (n, k)
        Log spend of this week and of the weeks before.
    mean, sd : array, shape (k,)
        Coefficients before any data.
    """

    drivers: Array
    mean: Array
    sd: Array


def contrasts_of(
    series: Series, shapes: Shapes, *, promo: Array | None = None, answer: Answer | None = None
) -> Contrasts:
    """Estimate the change of a series at every onset and shape.

    Notes
    -----
    Between changes the log series is Gaussian: a level, growth, a season (periodic kernel, MacKay 1998), two
    first-order autoregressions (short waves, slow drift) and counting noise. The change at onset j is the generalised
    least squares coefficient of its shape. Sizes of season, waves, drift and noise are averaged over a grid, weighted
    by their likelihood, in which a change may or may not have happened at any week with equal prior odds, so that a
    change makes a series no noisier.

    How the series answers to spend is learned from the weeks before each onset alone, so that what the answer
    became afterwards counts as change. Rows of a Cholesky factor whiten in order of time, so running sums of
    whitened products give that regression at every onset at once.
    """
    known = np.isfinite(series.values)
    if answer is not None:
        known &= np.isfinite(answer.drivers).all(axis=1)
    y = series.values[known] - series.values[known].mean() if known.any() else series.values[known]
    base, design = _fixed(series, known, promo), shapes.matrix[known]
    drivers = answer.drivers[known] - answer.drivers[known].mean(axis=0) if answer is not None else None
    before = np.array([int(known[:onset].sum()) for onset in shapes.onset], dtype=np.int64)
    found = []
    apart = shapes.apart[np.ix_(known, known)]
    short, long = SHORT**apart, LONG**apart
    grid = _grid(series)
    for wave, drift, dispersion, season in grid:
        cover = base + wave**2 * short + drift**2 * long
        cover[np.diag_indices_from(cover)] += dispersion * series.counting[known] + 1e-6
        if season and series.channel is None:
            cover += season**2 * shapes.season[np.ix_(known, known)]
        found.append(_at(cover, y, design, drivers, answer, before))
    weights = np.array([each[0] for each in found]) + np.array([STEADY * DRIFTS.index(each[1]) for each in grid])
    share = np.exp(weights - weights.max())
    share /= share.sum()
    changes, errors = np.array([each[1] for each in found]), np.array([each[2] for each in found])
    change = np.asarray(share @ changes)
    error = np.sqrt(share @ np.square(errors) + share @ (changes - change) ** 2)
    explained = np.asarray(share @ np.array([each[3] for each in found]))
    residual = np.full(len(known), np.nan)
    residual[known] = found[int(share.argmax())][4]
    plain_error = np.sqrt(share @ np.array([each[5] for each in found]))
    return Contrasts(change, error, explained, plain_error, residual)


def _grid(series: Series) -> list[tuple[float, float, float, float]]:
    dispersions = DISPERSIONS if series.counting.any() else (1.0,)
    seasons = SEASONS.get(series.metric, (0.0,)) if series.channel is None else (0.0,)
    if len(series.values) < SEASON_KNOWN:
        seasons = (seasons[-1] * (UNKNOWN_SEASON if series.metric in _DEMAND else 1.0),)
    return list(product(WAVES, DRIFTS, dispersions, seasons))


def _fixed(series: Series, known: npt.NDArray[np.bool_], promo: Array | None) -> Array:
    """Return the covariance of what is free: level, growth, promotions."""
    t = np.arange(len(known))[known] / YEAR
    t = t - t.mean() if len(t) else t
    growth = GROWTH_SD if series.channel is None else GROWTH_SD / 2
    cover: Array = LEVEL_SD**2 + growth**2 * np.outer(t, t)
    if promo is not None and series.channel is None and series.metric in _PROMOTED:
        p = np.nan_to_num(promo[known])
        cover = cover + PROMOTION_SD**2 * np.outer(p, p)
    return cover


def _at(
    cover: Array, y: Array, design: Array, drivers: Array | None, answer: Answer | None,
    before: npt.NDArray[np.int64],
) -> tuple[float, Array, Array, Array, Array, Array]:  # fmt: skip
    """Return log evidence, change, error, explained part, residual and plain variance for one covariance."""
    from scipy.linalg import solve_triangular

    root = np.linalg.cholesky(cover)
    columns = [y[:, None], design] + ([drivers] if drivers is not None else [])
    white = solve_triangular(root, np.column_stack(columns), lower=True, check_finite=False)
    shapes = design.shape[1]
    residual, regressors = white[:, 0], white[:, 1 : 1 + shapes]
    precision = np.einsum("tj,tj->j", regressors, regressors)
    seen = precision > 1e-8
    safe = np.where(seen, precision, 1.0)
    change = regressors.T @ residual / safe
    variance, explained, fit = 1 / safe, np.zeros(shapes), 0.0
    if answer is not None:
        learned, doubt, fit, residual = _answers(white[:, 1 + shapes :], residual, answer, before)
        # What a unit of each driver looks like as a change.
        part = (regressors.T @ white[:, 1 + shapes :]) / safe[:, None]
        explained = np.einsum("jk,jk->j", part, learned)
        variance = variance + np.einsum("jk,jkl,jl->j", part, doubt, part)
    change = np.where(seen, change - explained, 0.0)
    error = np.where(seen, np.sqrt(variance), 1e3)
    gain = np.where(seen, _gain(change, error**2), 0.0)
    top = max(float(gain.max(initial=0.0)), 0.0)
    any_change = top + np.log(0.5 * np.exp(-top) + 0.5 * np.exp(gain - top).mean()) if shapes else 0.0
    evidence = fit - 0.5 * float(residual @ residual) - float(np.log(np.diag(root)).sum()) + any_change
    return evidence, change, error, explained, residual, np.where(seen, 1 / safe, 1e6)


def _gain(change: Array, variance: Array) -> Array:
    """Return the log likelihood ratio of a change of about `CHANGE_SD` against none."""
    wide = variance + CHANGE_SD**2
    return np.asarray(0.5 * change**2 * (1 / variance - 1 / wide) - 0.5 * np.log(wide / variance))


def _answers(
    drivers: Array, y: Array, answer: Answer, before: npt.NDArray[np.int64]
) -> tuple[Array, Array, float, Array]:
    """Learn the coefficients from the rows before each onset; also log evidence and residual over all rows."""
    prior = np.diag(answer.sd**-2.0)
    pull = prior @ answer.mean
    products = np.cumsum(np.einsum("tk,tl->tkl", drivers, drivers), axis=0)
    scores = np.cumsum(drivers * y[:, None], axis=0)
    products = np.concatenate([np.zeros((1, *prior.shape)), products])
    scores = np.concatenate([np.zeros((1, len(prior))), scores])
    cover = np.linalg.inv(products + prior)
    learned = np.einsum("tkl,tl->tk", cover, scores + pull)
    left = y - drivers @ answer.mean
    score = drivers.T @ left
    fit = 0.5 * float(score @ cover[-1] @ score) + 0.5 * float(
        np.linalg.slogdet(cover[-1])[1] + np.linalg.slogdet(prior)[1]
    )
    # The evidence has the prior mean's residual and the fit; what is left serves correlations.
    at_end = y - drivers @ learned[-1]
    fit += -0.5 * float(left @ left) + 0.5 * float(at_end @ at_end)
    return np.asarray(learned[before]), np.asarray(cover[before]), fit, np.asarray(at_end)
