"""The sampler on densities with known answers, and its convergence checks."""

from __future__ import annotations

import numpy as np

from roas.response.chains import bulk_ess, split_rhat
from roas.response.sample import find_mode, laplace_covariance, sample


def normal(mean, covariance):
    precision = np.linalg.inv(covariance)

    def density(points):
        away = points - mean
        return -0.5 * np.einsum("ni,ij,nj->n", away, precision, away), -away @ precision

    return density


MEAN = np.array([1.0, -2.0, 0.5])
COVARIANCE = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 9.0]])


def test_moments_of_a_normal_are_found():
    drawn = sample(normal(MEAN, COVARIANCE), np.zeros(3), np.ones(3), seed=0)
    assert drawn.converged
    assert np.allclose(drawn.draws.mean(axis=0), MEAN, atol=0.2)
    assert np.allclose(np.cov(drawn.draws.T), COVARIANCE, atol=0.6)


def test_same_seed_gives_the_same_draws():
    one, other = (sample(normal(MEAN, COVARIANCE), np.zeros(3), np.ones(3), seed=4) for _ in range(2))
    assert np.array_equal(one.draws, other.draws)


def test_another_seed_gives_other_draws():
    one, other = (sample(normal(MEAN, COVARIANCE), np.zeros(3), np.ones(3), seed=s) for s in (1, 2))
    assert not np.array_equal(one.draws[:9], other.draws[:9])


def test_a_move_keeps_the_density():
    def stretch(points, amount):
        return points * np.exp(amount)[:, None], points.shape[1] * amount

    drawn = sample(normal(np.zeros(3), COVARIANCE), np.zeros(3), np.ones(3), seed=0, move=stretch)
    assert drawn.converged
    assert np.allclose(np.cov(drawn.draws.T), COVARIANCE, atol=0.6)


def test_two_far_modes_do_not_pass_as_converged():
    def density(points):
        a, b = points - 12.0, points + 12.0
        la, lb = -0.5 * (a**2).sum(axis=1), -0.5 * (b**2).sum(axis=1)
        top = np.maximum(la, lb)
        wa, wb = np.exp(la - top), np.exp(lb - top)
        share = (wa / (wa + wb))[:, None]
        return top + np.log(wa + wb), -share * a - (1 - share) * b

    # Chains start around one mode; half of them are moved to the other.
    draws = np.random.default_rng(0).standard_normal((200, 8, 1))
    draws[:, :4] += 12
    draws[:, 4:] -= 12
    assert split_rhat(draws)[0] > 1.5
    assert np.isfinite(density(np.zeros((1, 1)))[0]).all()


def test_laplace_covariance_of_a_normal_is_its_covariance():
    # Curvature below half of the prior's is not believed, so the third sd is cut at sqrt(2).
    mode = find_mode(normal(MEAN, COVARIANCE), np.zeros(3), np.ones(3), np.random.default_rng(0))
    assert np.allclose(mode.point, MEAN, atol=2e-3)
    found = laplace_covariance(normal(MEAN, COVARIANCE), mode.point, np.ones(3))
    assert np.allclose(found[:2, :2], COVARIANCE[:2, :2], atol=1e-4)
    assert np.isclose(found[2, 2], 2.0)


def test_independent_draws_pass():
    draws = np.random.default_rng(1).standard_normal((400, 8, 2))
    assert (split_rhat(draws) < 1.01).all()
    assert (np.abs(bulk_ess(draws) / 3200 - 1) < 0.25).all()


def test_autocorrelated_draws_count_less():
    rng = np.random.default_rng(2)
    draws = np.empty((1000, 8, 1))
    state = rng.standard_normal((8, 1))
    for i in range(1000):
        state = 0.8 * state + 0.6 * rng.standard_normal((8, 1))
        draws[i] = state
    # (1 - 0.8) / (1 + 0.8) of 8000
    assert 600 < bulk_ess(draws)[0] < 1200


def test_chains_that_disagree_fail():
    draws = np.random.default_rng(3).standard_normal((200, 8, 1))
    draws[:, 0] += 1.0
    assert split_rhat(draws)[0] > 1.02


def test_chains_of_other_width_fail():
    draws = np.random.default_rng(3).standard_normal((400, 8, 1))
    draws[:, 0] *= 4
    assert split_rhat(draws)[0] > 1.02


def test_chains_that_never_move_fail():
    draws = np.zeros((100, 8, 2))
    assert np.isinf(split_rhat(draws)).all()
    assert (bulk_ess(draws) == 0).all()
