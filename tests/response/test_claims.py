"""Claims as evidence: exact gradients, plain matrices, and claims that are not to be believed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from roas.response import ResponseModel
from roas.response.claims import VOTE
from roas.response.data import MediaData, assemble
from roas.response.lift import LiftTest
from roas.response.limits import MOST_CLAIMED_PERIODS
from roas.response.prepare import prepare
from roas.response.saturation import log_odds, logistic

pytestmark = pytest.mark.slow

PERIODS = 60


def account(periods=PERIODS, channels=3, seed=0, *, demand=0.05, claim_noise=0.05, drift=()):
    """Weekly data whose claims follow spend and a common demand; returns the data and log demand.

    `drift` gives the sd, per year, of the random walk in a channel's claims.
    """
    rng = np.random.default_rng(seed)
    moved = np.zeros(periods)
    for t in range(1, periods):
        moved[t] = 0.7 * moved[t - 1] + demand * np.sqrt(1 - 0.49) * rng.standard_normal()
    spend = 1000 * np.exp(0.5 * rng.standard_normal((periods, channels)))
    caused = 4000 * spend / (1200 + spend)
    log_claims = np.log(1.7 * caused) + moved[:, None] + claim_noise * rng.standard_normal(spend.shape)
    for c, yearly in enumerate(drift):
        log_claims[:, c] += np.cumsum(yearly / np.sqrt(52) * rng.standard_normal(periods))
    revenue = (12000 + caused.sum(axis=1)) * np.exp(moved) + 300 * rng.standard_normal(periods)
    data = MediaData(
        dates=np.datetime64("2024-01-01") + 7 * np.arange(periods),
        grain="week",
        channels=tuple(f"c{i}" for i in range(channels)),
        spend=spend,
        revenue=revenue,
        controls=rng.integers(0, 2, (periods, 1)).astype(float),
        control_names=("promo",),
        claimed=np.exp(log_claims),
        counts=np.round(np.exp(log_claims) / 8),
        visits=2000 * np.exp(moved + 0.05 * rng.standard_normal(periods)),
    )
    return data, moved


def tables(data):
    """The same account as the tables that are read from files."""
    index = pd.DatetimeIndex(data.dates.astype("datetime64[ns]"))
    columns = {"spend": data.spend, "conversion_value": data.claimed, "conversions": data.counts}
    long = {
        name: pd.DataFrame(values, index=index, columns=data.channels)
        .rename_axis("date").reset_index().melt("date", var_name="channel", value_name=name)
        for name, values in columns.items()
    }  # fmt: skip
    spend = long["spend"].assign(conversion_value=long["conversion_value"]["conversion_value"])
    spend["conversions"] = long["conversions"]["conversions"]
    return spend, pd.DataFrame({"date": index, "revenue": data.revenue, "promo": data.controls[:, 0]})


def points_of(posterior, n=5, seed=1, reach=0.7):
    rng = np.random.default_rng(seed)
    return posterior.center + reach * posterior.spread * rng.standard_normal((n, posterior.size))


def numeric_gradient(posterior, points, step=2e-4):
    """Central differences of fourth order."""
    out = np.empty_like(points)
    for i in range(posterior.size):
        values = []
        for k in (1, -1, 2, -2):
            moved = points.copy()
            moved[:, i] += k * step
            values.append(posterior.evaluate(moved)[0])
        out[:, i] = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * step)
    return out


def shape(posterior):
    """What claims say of shapes; here they say something."""
    assert posterior.claims is not None
    return posterior.claims


def level(posterior):
    """Log claimed ROAS of each channel; here there are claims."""
    assert posterior.claimed_level is not None
    return posterior.claimed_level


TESTS = (
    LiftTest("c0", dt.date(2024, 4, 1), dt.date(2024, 4, 28), 9000.0, 1500.0),
    LiftTest("c1", dt.date(2024, 5, 8), dt.date(2024, 5, 28), 900.0, 400.0, 800.0),
    LiftTest("c1", dt.date(2024, 9, 2), dt.date(2024, 9, 15), -700.0, 400.0, -500.0),
)


def data_of(case):
    data, _ = account(44)
    if case == "claims alone":
        return replace(data, visits=None)
    if case == "no counts":
        return replace(data, counts=None)
    if case == "one channel without claims":
        claimed = data.claimed.copy()
        claimed[:, 1] = np.nan
        return replace(data, claimed=claimed)
    if case == "one channel with claims":
        claimed = data.claimed.copy()
        claimed[:, 1:] = np.nan
        return replace(data, claimed=claimed, visits=None)
    if case == "holes":
        claimed, visits = data.claimed.copy(), data.visits.copy()
        claimed[5:9, 0], claimed[20, 1], visits[11:14] = 0.0, np.nan, np.nan
        return replace(data, claimed=claimed, visits=visits)
    return data


# -- exactness ---------------------------------------------------------------


@pytest.mark.parametrize(
    "case",
    ["everything", "claims alone", "no counts", "one channel without claims", "one channel with claims", "holes"],
)
@pytest.mark.parametrize("tests", [(), TESTS], ids=["no tests", "lift tests"])
def test_gradient_equals_finite_differences(case, tests):
    posterior = prepare(data_of(case), tests=tests).posterior
    assert posterior.claims is not None
    points = points_of(posterior)
    gradient, numeric = posterior.evaluate(points)[1], numeric_gradient(posterior, points)
    size = np.abs(numeric).max(axis=1, keepdims=True)
    assert np.allclose(gradient, numeric, rtol=1e-6, atol=1e-6 * size)


def test_a_batch_equals_its_points():
    posterior = prepare(account(44)[0], tests=TESTS).posterior
    points = points_of(posterior)
    together = posterior.evaluate(points)
    for i, point in enumerate(points):
        alone = posterior.evaluate(point[None])
        assert np.isclose(alone[0][0], together[0][i])
        assert np.allclose(alone[1][0], together[1][i])


def cosine_basis(periods):
    k = np.arange(periods)
    basis = np.cos(np.pi * np.outer(k, k + 0.5) / periods) * np.sqrt(2 / periods)
    basis[0] /= np.sqrt(2)
    return basis


def test_claims_density_equals_plain_matrices():
    """Restricted likelihood (Harville 1974) of all channels' log claims at once, every covariance written out."""
    data = replace(account(30, seed=3)[0], visits=None)
    fitting = prepare(data)
    posterior, claims, design = fitting.posterior, fitting.posterior.claims, fitting.posterior.design
    assert claims is not None and claims.demand_sd > 0
    periods, k = data.periods, len(claims.channels)
    basis, turn = cosine_basis(periods), np.cos(np.pi * np.arange(periods) / periods)
    walk = np.zeros(periods)
    walk[1:] = 1 / (2 - 2 * turn[1:]) / design.per_year
    keep = claims.demand_keep
    demand = basis.T @ np.diag(claims.demand_sd**2 * (1 - keep**2) / (1 + keep**2 - 2 * keep * turn)) @ basis
    covariance = np.kron(np.ones((k, k)), demand)
    for c in range(k):
        own = slice(c * periods, (c + 1) * periods)
        covariance[own, own] += basis.T @ np.diag(claims.noise[c] ** 2 + claims.drift[c] ** 2 * walk) @ basis
    precision = np.linalg.inv(covariance)
    fixed = np.kron(np.eye(k), design.fixed)
    projected = precision - precision @ fixed @ np.linalg.inv(fixed.T @ precision @ fixed) @ fixed.T @ precision
    points = points_of(posterior, n=4)
    parameters = posterior.split(points)
    logs = np.log(data.claimed.T) - np.log(data.claimed.T).mean(axis=1, keepdims=True)
    plain, blended = [], []
    for n in range(len(points)):
        room = parameters.room_logit[:, n] + points[n, -k:]
        carried = posterior.media(parameters).carried[:, n]
        reached = logistic(log_odds(carried, room, np.exp(parameters.log_slope[:, n])))
        away = (logs - np.log(reached)).ravel()
        plain.append(-0.5 * VOTE * away @ projected @ away)
        blended.append(np.kron(np.ones((1, k)), demand) @ projected @ away)
    told = posterior.told(posterior.media(parameters), points)
    assert told is not None
    assert np.allclose(np.array(plain), told.log_density, rtol=1e-8)
    assert np.allclose(np.array(blended), told.demand, rtol=1e-6, atol=1e-9)


# -- truth -------------------------------------------------------------------


def recovered(data):
    """Demand as the claims tell it at the true curves, and what of a series they can tell."""
    fitting = prepare(data)
    posterior, c = fitting.posterior, len(data.channels)
    point = posterior.center[None].copy()
    point[:, :c], point[:, 2 * c : 3 * c] = -7.0, 0.0
    point[:, c : 2 * c] = np.log(1200 / fitting.typical)
    told = posterior.told(posterior.media(posterior.split(point)), point)
    assert told is not None
    fixed = posterior.design.fixed
    return told.demand[0], lambda x: x - fixed @ (fixed.T @ x)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_common_demand_is_recovered(seed):
    data, truth = account(104, 4, seed, demand=0.08, claim_noise=0.06)
    found, left = recovered(replace(data, visits=None))
    assert np.corrcoef(left(found), left(truth))[0, 1] > 0.8
    assert 0.5 < left(found).std() / left(truth).std() < 1.5


def test_no_demand_is_found_where_there_is_none():
    data, _ = account(104, 4, 5, demand=0.0, claim_noise=0.06)
    found, _ = recovered(replace(data, visits=None))
    assert found.std() < 0.02


def test_one_series_alone_tells_no_demand():
    posterior = prepare(data_of("one channel with claims")).posterior
    assert shape(posterior).demand_sd == 0.0
    assert not shape(posterior).blend.any()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_drifting_channel_has_more_drift_and_less_weight(seed):
    data, _ = account(104, 4, seed, drift=(0.0, 0.0, 1.0, 0.0))
    posterior = prepare(data).posterior
    claims = shape(posterior)
    others = [0, 1, 3]
    assert claims.drift[2] > 2 * claims.drift[others].max()
    slow = np.cos(np.pi * 5 * (np.arange(104) + 0.5) / 104)
    weight = np.array([slow @ precision @ slow for precision in claims.precision])
    assert weight[2] < 0.5 * weight[others].min()


def level_pull(posterior):
    """Size of what claims add to the slope along each channel's log ROAS, a little off the centre."""
    point = posterior.center[None].copy()
    point[:, 3 * posterior.channels : 4 * posterior.channels] -= 0.3
    bare = replace(posterior, claimed_level=None, claims=None)
    own = slice(3 * posterior.channels, 4 * posterior.channels)
    return posterior.prior(point)[1][0, own] - bare.prior(point[:, : bare.size])[1][0, own]


def test_a_broken_tag_weakens_what_claims_say_of_the_level():
    data, _ = account(104, 3)
    claimed = data.claimed.copy()
    claimed[60:, 1] *= 0.3
    broken = replace(data, claimed=claimed)
    whole, other = prepare(data).posterior, prepare(broken).posterior
    assert shape(other).drift[1] > 2 * max(shape(whole).drift[1], shape(other).drift[0])
    # The same claimed ROAS pulls less where the claims have drifted.
    same = replace(other, claimed_level=whole.claimed_level)
    before, after = level_pull(whole), level_pull(same)
    assert abs(after[1]) < abs(before[1])
    assert np.allclose(after[[0, 2]], before[[0, 2]], rtol=0.3)


# -- what must not matter ----------------------------------------------------


@pytest.fixture(scope="module")
def believed():
    return ResponseModel(*tables(account()[0])).fit(seed=0)


def test_a_fit_with_claims_is_sound(believed):
    assert believed.converged
    for each in believed.channels:
        spend = believed.data.spend[:, believed.data.channels.index(each.channel)]
        truth = (4000 * spend / (1200 + spend)).sum() / spend.sum()
        assert 0 < each.roas.p5 < truth < each.roas.p95


def test_one_platform_that_claims_ten_times_too_much_does_not_drag_the_others(believed):
    data, _ = account()
    claimed = data.claimed.copy()
    claimed[:, 0] *= 10
    boasting = ResponseModel(*tables(replace(data, claimed=claimed))).fit(seed=0)
    for name in ("c1", "c2"):
        before, after = believed.channel(name).roas, boasting.channel(name).roas
        assert after.p50 == pytest.approx(before.p50, rel=0.2)
    assert boasting.channel("c0").roas.p50 < 2 * believed.channel("c0").roas.p50


def test_cents_give_the_same_density():
    data, _ = account(44)
    cents = replace(data, spend=data.spend * 100, revenue=data.revenue * 100, claimed=data.claimed * 100)
    one, other = prepare(data).posterior, prepare(cents).posterior
    points = points_of(one)
    for a, b in zip(one.evaluate(points), other.evaluate(points), strict=True):
        assert np.allclose(a, b, rtol=1e-8, atol=1e-8)


def test_the_unit_of_claims_moves_their_level_alone():
    """Conversions weighed by another currency: the shape of claims says the same."""
    data, _ = account(44)
    one, other = prepare(data).posterior, prepare(replace(data, claimed=data.claimed * 7)).posterior
    assert np.allclose(level(other) - level(one), np.log(7))
    assert np.allclose(shape(one).logs, shape(other).logs)
    assert np.allclose(shape(one).precision, shape(other).precision)


def test_order_of_rows_does_not_matter():
    spend, revenue = tables(account()[0])
    mixed = spend.sample(frac=1, random_state=1), revenue.sample(frac=1, random_state=2)
    one, other = assemble(spend, revenue), assemble(*mixed)
    for name in ("spend", "revenue", "claimed", "counts", "controls"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    points = points_of(prepare(one).posterior)
    assert np.array_equal(prepare(one).posterior.evaluate(points)[0], prepare(other).posterior.evaluate(points)[0])


def test_order_of_channels_does_not_matter():
    data, _ = account(44)
    turned = [2, 0, 1]
    other = replace(data, spend=data.spend[:, turned], claimed=data.claimed[:, turned], counts=data.counts[:, turned])
    one, two = prepare(data).posterior, prepare(other).posterior
    points = points_of(one)
    moved = points.copy()
    for block in range(4):
        moved[:, 3 * block : 3 * block + 3] = points[:, 3 * block : 3 * block + 3][:, turned]
    moved[:, -3:] = points[:, -3:][:, turned]
    assert np.allclose(one.evaluate(points)[0], two.evaluate(moved)[0], rtol=1e-9)


# -- claims that say little or nothing ---------------------------------------


def finite(posterior):
    density, gradient = posterior.evaluate(points_of(posterior))
    return bool(np.isfinite(density).all() and np.isfinite(gradient).all())


def test_claims_of_zero_are_no_claims():
    data, _ = account(44)
    posterior = prepare(replace(data, claimed=np.zeros_like(data.claimed))).posterior
    bare = prepare(replace(data, claimed=None, counts=None)).posterior
    assert posterior.claimed_level is None and posterior.claims is None
    points = points_of(bare)
    assert np.array_equal(posterior.evaluate(points)[0], bare.evaluate(points)[0])


def test_a_channel_without_claims_has_no_level():
    posterior = prepare(data_of("one channel without claims")).posterior
    assert np.isnan(level(posterior)[1]) and np.isfinite(level(posterior)[[0, 2]]).all()
    assert shape(posterior).channels.tolist() == [0, 2]
    assert finite(posterior)


def test_claims_of_one_week_have_no_say_on_shape():
    data, _ = account(44)
    claimed = np.zeros_like(data.claimed)
    claimed[10] = data.claimed[10]
    posterior = prepare(replace(data, claimed=claimed)).posterior
    assert posterior.claims is None
    assert finite(posterior)


def test_negative_claims_are_no_claims_of_that_week():
    data, _ = account(44)
    claimed = data.claimed.copy()
    claimed[::6, 0] = -200.0
    posterior = prepare(replace(data, claimed=claimed)).posterior
    assert (shape(posterior).logs[0, ::6] == 0).all()
    assert finite(posterior)


def test_claims_that_net_to_a_loss_have_no_level():
    data, _ = account(44)
    claimed = data.claimed.copy()
    claimed[:20, 0] *= -3
    posterior = prepare(replace(data, claimed=claimed)).posterior
    assert np.isnan(level(posterior)[0])
    assert finite(posterior)


def test_visits_alone_are_not_used():
    data, _ = account(44)
    posterior = prepare(replace(data, claimed=None)).posterior
    assert posterior.claims is None and posterior.claimed_level is None
    assert finite(posterior)


def test_constant_claims_have_a_level_and_no_drift():
    data, _ = account(44)
    posterior = prepare(replace(data, claimed=np.full_like(data.claimed, 500.0))).posterior
    assert finite(posterior)


def test_long_series_have_a_level_alone():
    data, _ = account(MOST_CLAIMED_PERIODS + 10, 2)
    posterior = prepare(data).posterior
    assert posterior.claims is None and posterior.claimed_level is not None
    assert finite(posterior)


def test_without_conversions_claims_still_count():
    posterior = prepare(data_of("no counts")).posterior
    assert posterior.claims is not None and finite(posterior)


def test_claims_that_begin_late_are_set_against_the_spend_since_then():
    data, _ = account()
    assert data.claimed is not None
    late = data.claimed.copy()
    late[: PERIODS // 2] = 0.0
    found, whole = level(prepare(replace(data, claimed=late)).posterior), level(prepare(data).posterior)
    assert found == pytest.approx(whole, abs=0.15)  # not log 2 lower
