"""How a series usually moves, and how far a change stands out from that."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.diagnosis.series import Series
from roas.diagnosis.shapes import Shapes, build_shapes
from roas.diagnosis.usual import LONG, SHORT, Answer, Contrasts, contrasts_of

WEEKS = 60


@cache
def shapes_of(weeks: int = WEEKS) -> Shapes:
    return build_shapes(weeks)


def wave(rng: np.random.Generator, size: int, memory: float, sd: float) -> np.ndarray:
    """First-order autoregression of a given standard deviation."""
    out = rng.normal(0, sd, size)
    for t in range(1, size):
        out[t] = memory * out[t - 1] + (1 - memory**2) ** 0.5 * out[t]
    return out


def healthy(seed: int, size: int = WEEKS, *, luck: float = 0.05) -> np.ndarray:
    """Log series in which nothing happens: luck, waves and drift of several sizes."""
    rng = np.random.default_rng(seed)
    short = wave(rng, size, SHORT, (0.02, 0.08)[seed % 2])
    return np.asarray(short + wave(rng, size, LONG, (0.015, 0.05, 0.1)[seed % 3]) + rng.normal(0, luck, size))


def seen(values: np.ndarray, *, metric: str = "aov", channel: int | None = 0, luck: float = 0.05, **more) -> Contrasts:
    series = Series(metric, channel, values, np.full(len(values), luck**2))
    return contrasts_of(series, shapes_of(len(values)), **more)


def step_at(onset: int, size: int = WEEKS) -> int:
    steps = shapes_of(size).at("step")
    return int(steps[np.abs(shapes_of(size).onset[steps] - onset).argmin()])


@pytest.mark.slow
@pytest.mark.parametrize("course", ["step", "ramp", "slow"])
@pytest.mark.parametrize("size", [-0.5, 0.3])
def test_a_planted_change_is_recovered_within_two_errors(course, size):
    shapes = shapes_of()
    at = shapes.at(course)
    j = int(at[len(at) // 2])
    off = []
    for seed in range(12):
        found = seen(healthy(seed) + size * shapes.matrix[:, j])
        off.append((found.change[j] - size) / found.error[j])
        assert found.error[j] < 0.3
    assert np.mean(np.abs(off) <= 2) >= 0.8
    assert abs(np.mean(off)) < 0.8


def test_a_large_step_is_found_at_its_onset():
    j = step_at(45)
    for seed in range(6):
        found = seen(healthy(seed, luck=0.02) - 0.6 * shapes_of().matrix[:, j], luck=0.02)
        steps = shapes_of().at("step")
        best = steps[np.abs(found.change[steps] / found.error[steps]).argmax()]
        assert abs(shapes_of().onset[best] - 45) <= 1


def spread_of_z(seeds: range) -> float:
    found = [seen(healthy(seed)) for seed in seeds]
    return float(np.std([each.change / each.error for each in found]))


def test_errors_of_healthy_series_are_right():
    assert 0.6 < spread_of_z(range(40)) < 1.15


@pytest.mark.slow
def test_errors_of_many_healthy_series_are_right():
    assert 0.85 < spread_of_z(range(200)) < 1.1


@pytest.mark.parametrize("phase", [0, 13, 26, 39])
def test_a_season_of_two_years_is_not_read_as_a_change(phase):
    t = np.arange(115)
    luck = np.random.default_rng(phase).normal(0, 0.03, len(t))
    values = 0.3 * np.sin(2 * np.pi * (t + phase) / 52.18) + luck
    found = seen(values, metric="orders", channel=None, luck=0.03)
    assert np.abs(found.change / found.error).max() < 2.5
    # In the next-to-nothing of history that a new shop has, the same wave may be anything: the error says so.
    short = seen(values[-30:], metric="orders", channel=None, luck=0.03)
    assert short.error.min() > found.error.min()


def test_a_change_on_top_of_a_season_is_still_found():
    t = np.arange(115)
    j = step_at(103, 115)
    luck = np.random.default_rng(1).normal(0, 0.03, len(t))
    values = 0.3 * np.sin(2 * np.pi * t / 52.18) + luck - 0.5 * shapes_of(115).matrix[:, j]
    found = seen(values, metric="orders", channel=None, luck=0.03)
    assert found.change[j] / found.error[j] < -4
    assert found.change[j] == pytest.approx(-0.5, abs=2 * found.error[j])


def test_promotions_excuse_the_till_and_only_the_till():
    rng = np.random.default_rng(4)
    promo = (np.arange(WEEKS) >= 50).astype(np.float64)
    values = rng.normal(0, 0.03, WEEKS) + 0.3 * promo
    j = step_at(50)
    till = seen(values, metric="orders", channel=None, luck=0.03, promo=promo)
    blind = seen(values, metric="orders", channel=None, luck=0.03)
    price = seen(values, metric="cpm", channel=None, luck=0.03, promo=promo)
    assert abs(till.change[j] / till.error[j]) < 2 < blind.change[j] / blind.error[j]
    assert price.change[j] / price.error[j] > 4


def answered(elasticity: float, after: float | None = None) -> tuple[np.ndarray, Answer]:
    """A rate that answers to spend, which rises by half in week 45; `after` it may answer otherwise."""
    rng = np.random.default_rng(3)
    spend = wave(rng, WEEKS, 0.5, 0.3)
    spend[45:] += 0.7
    answer = np.where(np.arange(WEEKS) < 45, elasticity, elasticity if after is None else after) * spend
    return answer + rng.normal(0, 0.02, WEEKS), Answer(spend[:, None], np.array([-0.25]), np.array([0.25]))


def test_an_answer_to_spend_that_stays_is_no_change():
    values, answer = answered(-0.5)
    j = step_at(45)
    found = seen(values, luck=0.02, answer=answer)
    assert abs(found.change[j]) < 2 * found.error[j]
    plain = seen(values, luck=0.02).change[j]
    assert plain < -0.3
    assert found.explained[j] == pytest.approx(plain, abs=0.1)


def test_the_answer_to_spend_is_learned_before_the_onset():
    values, answer = answered(-0.1, after=-0.8)
    j = step_at(45)
    found = seen(values, luck=0.02, answer=answer)
    assert found.explained[j] == pytest.approx(-0.07, abs=0.1)
    assert found.change[j] < -2 * found.error[j]


def test_plain_change_is_change_and_what_is_explained():
    values, answer = answered(-0.5)
    found, plain = seen(values, luck=0.02, answer=answer), seen(values, luck=0.02)
    j = step_at(45)
    assert found.change[j] + found.explained[j] == pytest.approx(plain.change[j], abs=0.1)
    assert (found.plain_error <= found.error + 1e-9).all()


@settings(max_examples=8)
@given(level=st.floats(-30, 30))
def test_level_is_irrelevant(level):
    one, two = seen(healthy(1)), seen(healthy(1) + level)
    assert one.change == pytest.approx(two.change, abs=1e-8)
    assert one.error == pytest.approx(two.error, abs=1e-8)


def test_upside_down_is_the_opposite():
    one, two = seen(healthy(2)), seen(-healthy(2))
    assert one.change == pytest.approx(-two.change, abs=1e-9)
    assert one.error == pytest.approx(two.error, abs=1e-9)


def test_missing_weeks_cost_certainty_and_nothing_else():
    j = step_at(45)
    values = healthy(5) - 0.5 * shapes_of().matrix[:, j]
    holes = values.copy()
    holes[[3, 10, 20, 21, 22, 44, 50]] = np.nan
    found = seen(holes)
    assert np.isfinite(found.change).all() and np.isfinite(found.error).all()
    assert found.change[j] == pytest.approx(-0.5, abs=2 * found.error[j])
    assert np.isnan(found.residual[[3, 44]]).all() and np.isfinite(found.residual[[4, 45]]).all()


def test_nothing_known_says_nothing():
    for values in (np.full(WEEKS, np.nan), np.where(np.arange(WEEKS) < 10, 1.0, np.nan)):
        found = seen(values)
        assert (found.change == 0).all() or found.error.min() > 0
        late = shapes_of().onset > 12
        assert (found.error[late] >= 100).all() and (found.change[late] == 0).all()


def test_a_constant_series_did_not_change():
    found = seen(np.full(WEEKS, 2.0))
    assert np.abs(found.change).max() < 1e-9


def test_fewer_sales_give_wider_errors():
    rng = np.random.default_rng(0)
    errors = [seen(rng.normal(0, luck, WEEKS), luck=luck).error[step_at(45)] for luck in (0.02, 0.1, 0.4)]
    assert errors[0] < errors[1] < errors[2]


def test_a_late_onset_is_less_certain():
    found = seen(healthy(0))
    steps = shapes_of().at("step")
    assert found.error[steps[-1]] > found.error[steps[len(steps) // 2]]
