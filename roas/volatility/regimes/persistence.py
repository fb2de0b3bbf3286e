"""Persistent demand under counting noise: a first-order autoregression seen through known errors."""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Autocorrelations per period that are tried. Above 0.97 a swing lasts months and belongs to the level.
PHIS: Final = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.85, 0.92, 0.97)

#: Persistent variances that are tried, as shares of the residual variance.
SHARES: Final = (0.0, 0.02, 0.05, 0.1, 0.18, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)

#: Prediction errors beyond this many standard deviations move the state as if they were this large.
BOUND: Final = 3.0


def persistent_part(residual: Array, noise: Array) -> tuple[float, float, Array, Array]:
    """Fit ``residual = d + e``: d autoregressive, e independent of known variance.

    Parameters
    ----------
    residual : array, shape (n_periods,)
        Unitless; NaN where nothing was observed.
    noise : array, shape (n_periods,)
        Variance of e.

    Returns
    -------
    sd, phi : float
        Stationary standard deviation of d, and its autocorrelation.
    error, spread : array, shape (n_periods,)
        One-step prediction errors and their variances; NaN where nothing was observed.

    Notes
    -----
    Maximum likelihood over the grid `SHARES` x `PHIS` by the Kalman filter,
    with prediction errors bounded at `BOUND` standard deviations.
    """
    sd, phi, misfit, error, spread = _over_grid(residual, noise, SHARES)
    best = int(np.argmin(misfit))
    return float(sd[best]), float(phi[best]), error[:, best], spread[:, best]


def likely_settings(residual: Array, noise: Array, *, count: int, seed: int = 0) -> tuple[Array, Array]:
    """Draw (sd, phi) as likely as the data make them, given residuals as in :func:`persistent_part`.

    Returns
    -------
    sd, phi : array, shape (count,)

    Notes
    -----
    Posterior over the grid `WIDE_SHARES` x `PHIS`, flat in sd and in phi, with
    draws spread evenly within the cells of sd; the cell at zero stays at zero.
    """
    sd, phi, misfit, *_ = _over_grid(residual, noise, WIDE_SHARES)
    steps = np.sqrt(WIDE_SHARES)
    edges = np.concatenate([[0.0], (steps[1:] + steps[:-1]) / 2, [1.5 * steps[-1] - 0.5 * steps[-2]]])
    unit = float(sd[-1] / steps[-1])
    cell = np.searchsorted(steps, sd / unit * (1 - 1e-9))
    ends = np.concatenate([[-0.1], (np.array(PHIS[1:]) + np.array(PHIS[:-1])) / 2, [0.99]])
    place = np.searchsorted(PHIS, phi)
    weight = (edges[cell + 1] - edges[cell]) * np.where(cell > 0, ends[place + 1] - ends[place], ends[-1] - ends[0])
    weight = weight * np.exp(-(misfit - misfit.min()) / 2)
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(sd), size=count, p=weight / weight.sum())
    within = edges[cell[drawn]] + rng.uniform(size=count) * (edges[cell[drawn] + 1] - edges[cell[drawn]])
    return np.where(cell[drawn] > 0, within * unit, 0.0), phi[drawn]


#: As `SHARES`, reaching further: the variance of few weeks may have come out small.
WIDE_SHARES: Final = (0.0, 0.02, 0.05, 0.1, 0.18, 0.28, 0.4, 0.52, 0.65, 0.8, 1.0, 1.25, 1.6, 2.1, 2.8, 4.0)


def _over_grid(residual: Array, noise: Array, shares: tuple[float, ...]) -> tuple[Array, Array, Array, Array, Array]:
    """Return sd, phi, twice the negative log density, prediction errors and their variances of each setting."""
    seen = np.isfinite(residual)
    total = float(np.mean(residual[seen] ** 2))
    share, phi = (grid.ravel() for grid in np.meshgrid(shares, PHIS, indexing="ij"))
    keep = (share > 0) | (phi == 0)
    share, phi = share[keep], phi[keep]
    floor = 1e-6 * total
    error, spread = _filter(residual, np.where(seen, noise, 0.0) + floor, share * total, phi)
    size = error[seen] ** 2 / spread[seen]
    # Beyond the bound the density falls as Huber's does, not as the normal one.
    size = np.where(size > BOUND**2, 2 * BOUND * np.sqrt(size) - BOUND**2, size)
    return np.sqrt(share * total), phi, (np.log(spread[seen]) + size).sum(axis=0), error, spread


def _filter(residual: Array, noise: Array, variance: Array, phi: Array) -> tuple[Array, Array]:
    """Run one scalar Kalman filter per setting; shapes (n_periods, n_settings)."""
    errors = np.full((len(residual), len(phi)), np.nan)
    spreads = np.full_like(errors, np.nan)
    state, doubt = np.zeros_like(phi), variance.copy()
    fresh, square = variance * (1 - phi**2), phi**2
    for t, (value, own) in enumerate(zip(residual.tolist(), noise.tolist(), strict=True)):
        if value == value:
            spread = doubt + own
            error = value - state
            errors[t], spreads[t] = error, spread
            gain = doubt / spread
            bound = BOUND * np.sqrt(spread)
            state = state + gain * np.minimum(np.maximum(error, -bound), bound)
            doubt = doubt * (1 - gain)
        state = state * phi
        doubt = doubt * square + fresh
    return errors, spreads
