"""Random draws that stay put: one stream per name, one uniform per cell.

Every random number is a uniform turned into a count or an amount by
its quantile function. A cell whose mean does not change keeps its
value exactly, whatever happens to its neighbours, so an account with
a cause can be compared with the same account without it.
"""

from __future__ import annotations

import hashlib
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Below this mean the Poisson quantile is searched exactly; above it the
# Cornish-Fisher expansion is right to within one count (tested).
POISSON_SEARCH_BELOW = 30.0


class Draws:
    """Named, independent streams of random numbers from one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def uniform(self, name: str, size: int | tuple[int, ...]) -> Array:
        """Draw uniforms strictly inside (0, 1) from the stream `name`."""
        # The name, not the order of the calls, picks the stream: a new
        # cause or channel cannot reshuffle what the others draw.
        digest = hashlib.sha256(name.encode("utf-8")).digest()
        key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))
        return np.clip(stream.random(size), 1e-12, 1 - 1e-12)

    def normal(self, name: str, size: int | tuple[int, ...]) -> Array:
        """Draw standard normals from the stream `name`."""
        return normal_quantile(self.uniform(name, size))

    def around_one(self, name: str, log_sd: float) -> float:
        """Draw one log-normal multiplier with median 1."""
        return float(np.exp(log_sd * self.normal(name, 1)[0]))

    def drift(self, name: str, size: int, *, half_life: float) -> Array:
        """Draw a stationary AR(1) path with unit variance.

        `half_life` is the number of periods after which half of a
        deviation is left.
        """
        keep = 0.5 ** (1 / half_life)
        fresh = float(np.sqrt(1 - keep * keep))
        shocks = self.normal(name, size)
        path = np.empty(size)
        level = float(shocks[0])
        for t in range(size):
            level = keep * level + fresh * float(shocks[t]) if t else level
            path[t] = level
        return path


def normal_quantile(probability: Array) -> Array:
    """Return the standard normal quantile of each probability."""
    quantile = NormalDist().inv_cdf
    flat = np.fromiter(map(quantile, probability.ravel().tolist()), dtype=np.float64, count=probability.size)
    return flat.reshape(probability.shape)


def poisson_quantile(probability: Array, mean: Array) -> Array:
    """Return the Poisson quantile of each probability at each mean.

    Parameters
    ----------
    probability : array
        In (0, 1).
    mean : array, same shape
        Expected counts, >= 0.

    Returns
    -------
    array of whole numbers (as floats), same shape
    """
    counts = np.zeros(mean.shape)
    few = mean < POISSON_SEARCH_BELOW
    counts[few] = _poisson_by_search(probability[few], mean[few])
    counts[~few] = _poisson_by_expansion(probability[~few], mean[~few])
    return counts


def _poisson_by_search(probability: Array, mean: Array) -> Array:
    """Add up Poisson probabilities until each target is passed."""
    term = np.exp(-mean)
    below = term.copy()
    counts = np.zeros(mean.shape)
    k = 0
    # A sum of probabilities may stop an ulp short of 1: the bound on k ends the search.
    while k < 200 and bool(np.any(short := below < probability)):
        k += 1
        counts[short] = k
        term = term * mean / k
        below = below + term
    return counts


def _poisson_by_expansion(probability: Array, mean: Array) -> Array:
    """Cornish-Fisher expansion to third order, continuity corrected."""
    z = normal_quantile(probability)
    root = np.sqrt(mean)
    value: Array = mean + root * z + (z * z - 1) / 6 + (z - z * z * z) / (72 * root)
    return np.maximum(np.ceil(value - 0.5), 0.0)


def overdispersed_quantile(probability: Array, noise: Array, mean: Array, *, size: float) -> Array:
    """Return negative binomial counts: Poisson with a gamma-varying mean.

    The variance is ``mean + mean**2 / size``; `noise` are standard
    normals that move the mean.
    """
    return poisson_quantile(probability, mean * gamma_around_one(noise, np.full(mean.shape, size)))


def gamma_around_one(noise: Array, shape: Array) -> Array:
    """Turn standard normals into gamma values with mean 1.

    Notes
    -----
    Wilson and Hilferty (1931): ``(1 - u + sqrt(u) * z)**3`` with
    ``u = 1 / (9 * shape)``. Its mean is ``1 - u**3``, so totals are
    unbiased to a hundredth of a percent from shape 1.5 on.
    """
    u = 1 / (9 * shape)
    root: Array = np.maximum(1 - u + np.sqrt(u) * noise, 0.0)
    return root * root * root


def basket_total(count: Array, noise: Array, *, mean_value: Array, variation: float) -> Array:
    """Return the value of `count` gamma baskets, in currency.

    A sum of n gamma baskets with coefficient of variation c is one
    gamma value with shape ``n / c**2``, so one draw is enough.
    """
    shape = np.maximum(count, 1.0) / variation**2
    return count * mean_value * gamma_around_one(noise, shape)


def binomial_about(share: Array, count: Array, noise: Array) -> Array:
    """Return how many of `count` fall in a share, by normal approximation."""
    value = count * share + np.sqrt(count * share * (1 - share)) * noise
    return np.clip(np.rint(value), 0.0, count)
