"""The collapsed posterior against plain matrices and finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from roas.response.adstock import geometric_adstock
from roas.response.data import MediaData
from roas.response.design import NOISE_FLOOR
from roas.response.limits import LARGEST_ALPHA, MAX_LAG
from roas.response.prepare import prepare
from roas.response.saturation import hill


def account(periods, channels, grain="week", seed=0):
    rng = np.random.default_rng(seed)
    step = 7 if grain == "week" else 1
    spend = np.exp(rng.normal(6, 0.5, (periods, channels)))
    revenue = 9000 + 3 * spend.sum(axis=1) + rng.normal(0, 500, periods)
    return MediaData(
        dates=np.datetime64("2024-01-01") + step * np.arange(periods),
        grain=grain,
        channels=tuple(f"c{i}" for i in range(channels)),
        spend=spend,
        revenue=revenue,
        controls=rng.integers(0, 2, (periods, 1)).astype(float),
        control_names=("promo",),
    )


def points_of(posterior, n=6, seed=1):
    rng = np.random.default_rng(seed)
    return posterior.center + 0.7 * posterior.spread * rng.standard_normal((n, posterior.size))


@pytest.mark.parametrize(
    ("periods", "channels", "grain"), [(60, 3, "week"), (20, 2, "week"), (104, 1, "week"), (120, 2, "day")]
)
def test_gradient_equals_finite_differences(periods, channels, grain):
    posterior = prepare(account(periods, channels, grain)).posterior
    points = points_of(posterior)
    gradient = posterior.evaluate(points)[1]
    step = 1e-5
    for i in range(posterior.size):
        up, down = points.copy(), points.copy()
        up[:, i] += step
        down[:, i] -= step
        numeric = (posterior.evaluate(up)[0] - posterior.evaluate(down)[0]) / (2 * step)
        assert np.allclose(gradient[:, i], numeric, rtol=1e-5, atol=1e-5), f"parameter {i}"


def test_gradient_holds_where_media_exceed_revenue():
    posterior = prepare(account(52, 2)).posterior
    points = points_of(posterior)
    points[:, 6:8] = 0.3
    gradient = posterior.evaluate(points)[1]
    up, down = points.copy(), points.copy()
    up[:, 6] += 1e-6
    down[:, 6] -= 1e-6
    numeric = (posterior.evaluate(up)[0] - posterior.evaluate(down)[0]) / 2e-6
    assert np.allclose(gradient[:, 6], numeric, rtol=1e-4)


def test_a_batch_equals_its_points():
    posterior = prepare(account(60, 3)).posterior
    points = points_of(posterior)
    together = posterior.evaluate(points)
    for i, point in enumerate(points):
        alone = posterior.evaluate(point[None])
        assert np.isclose(alone[0][0], together[0][i])
        assert np.allclose(alone[1][0], together[1][i])


def test_media_total_is_adstock_then_hill():
    data = account(70, 2)
    fitting = prepare(data)
    posterior = fitting.posterior
    point = points_of(posterior, n=1)
    parameters = posterior.split(point)
    expected = np.zeros(data.periods)
    for c in range(2):
        alpha = float(LARGEST_ALPHA["week"] / (1 + np.exp(-parameters.alpha_logit[c, 0])))
        slope = float(np.exp(parameters.log_slope[c, 0]))
        half = float(fitting.typical[c] * np.exp(parameters.room_logit[c, 0] / slope))
        carried = geometric_adstock(data.spend[:, c], alpha=alpha, max_lag=MAX_LAG["week"], before=fitting.before[c])
        shape = hill(carried, half_saturation=half, slope=slope)
        roas = float(np.exp(parameters.log_roas[c, 0])) * fitting.roas_unit
        expected += roas * data.spend[:, c].sum() * shape / shape.sum()
    assert np.allclose(posterior.media(parameters).total[0] * fitting.unit, expected, rtol=1e-5)


def test_collapsed_density_equals_plain_matrices():
    """Restricted likelihood (Harville 1974) with the whole covariance written out."""
    data = account(48, 2)
    posterior = prepare(data).posterior
    design, periods = posterior.design, data.periods
    values = []
    for point in points_of(posterior, n=3):
        parameters = posterior.split(point[None])
        total = posterior.media(parameters).total
        variance = design.spectrum(*parameters[6:]).variance[0]
        k, t = np.arange(periods), np.arange(periods)
        basis = np.cos(np.pi * np.outer(k, t + 0.5) / periods) * np.sqrt(2 / periods)
        basis[0] /= np.sqrt(2)
        covariance = basis.T @ np.diag(variance) @ basis
        precision = np.linalg.inv(covariance)
        fixed, left = design.fixed, posterior.revenue - total[0]
        information = fixed.T @ precision @ fixed
        projected = precision - precision @ fixed @ np.linalg.inv(information) @ fixed.T @ precision
        plain = -0.5 * (np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1] + left @ projected @ left)
        values.append((plain, posterior.collapsed(total, parameters).log_density[0]))
    plain_values, collapsed = np.array(values).T
    assert np.allclose(plain_values, collapsed, rtol=1e-9)


def test_the_walk_is_a_random_walk():
    """Differences of the walk's covariance are those of independent steps."""
    design = prepare(account(40, 1)).posterior.design
    one = np.zeros(1)
    quiet = np.array([-30.0])
    spectrum = design.spectrum(one, quiet, quiet, one).variance[0] - NOISE_FLOOR**2
    k = np.arange(40)
    basis = np.cos(np.pi * np.outer(k, k + 0.5) / 40) * np.sqrt(2 / 40)
    basis[0] /= np.sqrt(2)
    steps = np.diff(np.eye(40), axis=0) @ (basis.T @ np.diag(spectrum) @ basis) @ np.diff(np.eye(40), axis=0).T
    assert np.allclose(steps, np.eye(39) / design.per_year, atol=1e-9)


def test_noise_of_the_spectrum_is_autoregressive():
    design = prepare(account(400, 1, "day")).posterior.design
    keep = 0.6
    variance = design.spectrum(
        np.array([-30.0]), np.zeros(1), np.array([30.0]), np.log(np.array([keep / (1 - keep)]))
    ).variance[0]
    k = np.arange(400)
    basis = np.cos(np.pi * np.outer(k, k + 0.5) / 400) * np.sqrt(2 / 400)
    basis[0] /= np.sqrt(2)
    covariance = basis.T @ np.diag(variance) @ basis
    expected = keep ** np.abs(np.subtract.outer(k, k))[150:250, 150:250]
    assert np.allclose(covariance[150:250, 150:250], expected, atol=1e-5)


def test_fit_does_not_know_the_currency():
    data = account(60, 2)
    cents = MediaData(
        data.dates, "week", data.channels, data.spend * 100, data.revenue * 100, data.controls, ("promo",)
    )
    one, other = prepare(data), prepare(cents)
    points = points_of(one.posterior)
    assert np.array_equal(one.posterior.evaluate(points)[0], other.posterior.evaluate(points)[0])
    assert one.roas_unit == pytest.approx(other.roas_unit)
