"""Convergence of chains: split R-hat and bulk effective sample size, rank-normalised."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from roas.response._arrays import Array


def split_rhat(draws: Array) -> Array:
    """Return the rank-normalised split R-hat.

    Parameters
    ----------
    draws : array, shape (n_draws, n_chains, n_parameters)

    Returns
    -------
    array, shape (n_parameters,)
        The larger one of that of the values and of their distance from the
        median. Never NaN: chains that do not move give infinity.

    References
    ----------
    Vehtari et al. (2021), Rank-normalization, folding, and localization.
    """
    folded = np.abs(draws - np.median(draws, axis=(0, 1)))
    both = np.maximum(_rhat(_normal(_split(draws))), _rhat(_normal(_split(folded))))
    return np.where(np.isfinite(both), both, np.inf)


def bulk_ess(draws: Array) -> Array:
    """Return the bulk effective sample size; 0 where chains do not move."""
    values = _normal(_split(draws))
    n, m, _ = values.shape
    covariance = _autocovariance(values).mean(axis=1)
    within = covariance[0] * n / (n - 1)
    between = values.mean(axis=0).var(axis=0, ddof=1) if m > 1 else np.zeros(values.shape[2])
    total = within * (n - 1) / n + between
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = 1 - (within - covariance) / total
    out = np.array([_geyer(rho, n * m) for rho in correlation.T])
    return np.where((within > 0) & np.isfinite(out), out, 0.0)


def _split(draws: Array) -> Array:
    half = len(draws) // 2
    return np.concatenate([draws[:half], draws[len(draws) - half :]], axis=1)


def _normal(values: Array) -> Array:
    """Replace values by the normal quantiles of their ranks."""
    n, m, d = values.shape
    ranks = rankdata(values.reshape(-1, d), axis=0)
    normal: Array = ndtri((ranks - 0.375) / (n * m + 0.25))
    # Values that are all equal share one rank; their normal quantile is zero.
    return normal.reshape(n, m, d)


def _rhat(values: Array) -> Array:
    n = len(values)
    within = values.var(axis=0, ddof=1).mean(axis=0)
    between = values.mean(axis=0).var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt((n - 1) / n + between / within))


@cache
def _fft_size(n: int) -> int:
    from scipy.fft import next_fast_len

    return int(next_fast_len(2 * n))


def _autocovariance(values: Array) -> Array:
    n = len(values)
    size = _fft_size(n)
    spectrum = np.fft.rfft(values - values.mean(axis=0), size, axis=0)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, size, axis=0)[:n] / n)


def _geyer(rho: Array, total: int) -> float:
    """Sum autocorrelations up to Geyer's initial monotone sequence."""
    pairs = rho[: len(rho) // 2 * 2].reshape(-1, 2).sum(axis=1)
    stop = int(np.argmax(pairs < 0)) if (pairs < 0).any() else len(pairs)
    time = 2 * np.minimum.accumulate(pairs[:stop]).sum() - 1 if stop else np.nan
    return float(total / max(time, 1 / np.log10(total)))
