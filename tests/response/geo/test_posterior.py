"""The density of the model with regions: exact, and its gradient too."""

from __future__ import annotations

import numpy as np
import pytest

from roas.response.data import MediaData
from roas.response.design import cosines
from roas.response.geo.collapse import _inverted, _roots, project
from roas.response.geo.curves import draw_slopes
from roas.response.geo.data import GeoData
from roas.response.geo.prepare import prepare


def account(geos=3, periods=20, channels=2, controls=0, seed=0):
    rng = np.random.default_rng(seed)
    spend = rng.gamma(2.0, 50.0, (geos, periods, channels))
    spend[0, :, 0] = 0.0
    revenue = 1000 * np.exp(rng.normal(0, 1, (geos, 1))) * (1 + 0.1 * rng.standard_normal((geos, periods)))
    dates = np.datetime64("2024-01-01") + 7 * np.arange(periods)
    names = tuple(f"c{i}" for i in range(channels))
    national = MediaData(dates, "week", names, spend.sum(axis=0), revenue.sum(axis=0), np.zeros((periods, 0)))
    extra = rng.standard_normal((geos, periods, controls))
    return GeoData(national, tuple(f"g{i}" for i in range(geos)), spend, revenue, extra, tuple("xyz"[:controls]))


def posterior(**sizes):
    fitting = prepare(account(**sizes))
    scale = np.exp(0.3 * np.random.default_rng(1).standard_normal(fitting.posterior.geos))
    return fitting.renewed(scale=scale).posterior


def points(posterior, n=3, seed=2):
    rng = np.random.default_rng(seed)
    return posterior.center + 0.5 * posterior.spread * rng.standard_normal((n, posterior.size))


@pytest.mark.parametrize("controls", [0, 2])
def test_gradient_is_that_of_the_density(controls):
    model = posterior(controls=controls)
    at = points(model)
    gradient = model.evaluate(at)[1]
    steps = 1e-5 * model.spread * np.eye(model.size)
    found = np.stack([(model.evaluate(at + s)[0] - model.evaluate(at - s)[0]) / (2 * s.sum()) for s in steps], axis=1)
    assert np.abs(found - gradient).max() / np.abs(gradient).max() < 1e-5
    np.testing.assert_allclose(found, gradient, rtol=1e-4, atol=1e-5 * np.abs(gradient).max())


def test_points_do_not_depend_on_each_other():
    model = posterior()
    at = points(model, n=9)
    values, gradients = model.evaluate(at)
    for i in (0, 8):
        value, gradient = model.evaluate(at[i : i + 1])
        np.testing.assert_allclose(value, values[i : i + 1])
        np.testing.assert_allclose(gradient[0], gradients[i], rtol=1e-6, atol=1e-8)


def dense(model, point):
    """Return residuals, covariance and fixed columns of all rows, written plainly."""
    media = model.media(model.split(point))
    own, common = model.spectra(point)
    size, periods = model.geos, model.periods
    basis = cosines(np.eye(periods))  # row t: that period's part in each frequency
    shared = basis @ np.diag(common.variance[0]) @ basis.T
    alone = basis @ np.diag(own.variance[0]) @ basis.T
    covariance = np.kron(np.ones((size, size)), shared)
    residual, spread = [], np.exp(model.own(point)[4, 0])
    for g in range(size):
        rows = slice(g * periods, (g + 1) * periods)
        covariance[rows, rows] += alone / model.loading[g] ** 2
        adds = media.scale[:, 0, None] * media.reached[:, 0, g]
        covariance[rows, rows] += spread**2 * adds.T @ adds + model.controls[g] @ model.controls[g].T
        residual.append(model.revenue[g] - adds.sum(axis=0))
    fixed = np.kron(np.eye(size), model.national.design.fixed)
    return np.concatenate(residual), covariance, fixed, media, spread


def density(model, point):
    residual, covariance, fixed, _, _ = dense(model, point)
    inverse = np.linalg.inv(covariance)
    information = fixed.T @ inverse @ fixed
    projected = inverse - inverse @ fixed @ np.linalg.inv(information) @ fixed.T @ inverse
    determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return -0.5 * (determinants + residual @ projected @ residual) + model.prior(point)[0][0]


@pytest.mark.parametrize("controls", [0, 1])
def test_density_is_that_of_the_whole_covariance(controls):
    model = posterior(controls=controls)
    at = points(model, n=4)
    exact = np.array([density(model, point[None]) for point in at])
    quick = model.evaluate(at)[0]
    # Constants of the noise scales are left out.
    np.testing.assert_allclose(quick - quick[0], exact - exact[0], rtol=1e-8, atol=1e-7)


def test_slopes_are_drawn_around_their_conditional_mean():
    model = posterior()
    point = points(model, n=1)
    residual, covariance, fixed, media, spread = dense(model, point)
    inverse = np.linalg.inv(covariance)
    projected = inverse - inverse @ fixed @ np.linalg.inv(fixed.T @ inverse @ fixed) @ fixed.T @ inverse
    pull = (projected @ residual).reshape(model.geos, model.periods)
    adds = media.scale[:, 0, None, None] * media.reached[:, 0]
    mean = 1 + spread**2 * np.einsum("cgt,gt->gc", adds, pull)
    drawn = draw_slopes(model, np.repeat(point, 4000, axis=0), seed=3)
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - mean) < 5 * error).all()
    # A region that never spent in a channel says nothing of its slope there.
    assert drawn[:, 0, 0].std() == pytest.approx(spread, rel=0.05)
    assert (drawn.std(axis=0) <= spread * 1.05).all()


def test_a_part_of_the_regions_has_its_own_rows():
    fitting = prepare(account(geos=4))
    part = fitting.part([1, 3])
    rows = fitting.posterior.table.coefficients.reshape(2, -1, 4, 20)[:, :, [1, 3]]
    np.testing.assert_array_equal(part.posterior.table.coefficients.reshape(2, -1, 2, 20), rows)
    assert part.posterior.weights.sum() == pytest.approx(1)
    assert np.isfinite(part.posterior.evaluate(points(part.posterior))[0]).all()


def test_projection_removes_fixed_columns():
    rng = np.random.default_rng(0)
    waves, variance = rng.standard_normal((10, 3)), rng.gamma(2, 1, (2, 10))
    projection = project(variance, waves)
    np.testing.assert_allclose(projection.rows(np.broadcast_to(waves.T, (2, 3, 10))), 0, atol=1e-12)
    full, middle = projection.full(), rng.standard_normal((2, 10, 10))
    middle = middle @ middle.swapaxes(1, 2)
    np.testing.assert_allclose(projection.diagonal, np.diagonal(full, axis1=1, axis2=2))
    np.testing.assert_allclose(projection.around(middle), np.diagonal(full @ middle @ full, axis1=1, axis2=2))


def test_a_setting_without_a_root_is_lost_alone():
    good, bad = np.broadcast_to(np.eye(2), (3, 2, 2)), np.broadcast_to(-np.eye(2), (3, 2, 2))
    factor, turn = _roots(np.stack([good, bad]))
    np.testing.assert_array_equal(factor[0], good)
    assert np.isnan(factor[1]).all() and np.isfinite(turn[0]).all()


@pytest.mark.parametrize("size", [1, 40, 41, 130])
def test_inverses_by_halves_are_inverses(size):
    rows = np.random.default_rng(0).standard_normal((2, size, 2 * size))
    matrices = np.eye(size) + rows @ rows.swapaxes(1, 2)
    inverse, determinant = _inverted(matrices)
    np.testing.assert_allclose(inverse @ matrices, np.broadcast_to(np.eye(size), matrices.shape), atol=1e-9)
    np.testing.assert_allclose(determinant, np.linalg.slogdet(matrices)[1])
