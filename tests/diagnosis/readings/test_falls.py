"""How many truly fell: against worlds in which it is known."""

from __future__ import annotations

import numpy as np
import pytest

from roas.diagnosis.readings.falls import Pairs, least_fallen, share_fallen

#: Log change of each unit's true return; none of these worlds is one of the estimator's views.
WORLDS = {
    "unchanged": lambda rng, n: np.zeros(n),
    "drift": lambda rng, n: rng.normal(0, 0.15, n),
    "some by 40 %": lambda rng, n: np.where(rng.random(n) < 0.4, np.log(0.6), 0.0),
    "most by 30 %": lambda rng, n: np.where(rng.random(n) < 0.6, rng.normal(-0.35, 0.1, n), rng.normal(0.05, 0.05, n)),
    "all by 22 %": lambda rng, n: rng.normal(-0.25, 0.1, n),
    "all near the threshold": lambda rng, n: rng.normal(-0.105, 0.1, n),
}
BASKET_CV = 0.8


def world(kind: str, n: int, sales: float, seed: int) -> tuple[Pairs, np.ndarray]:
    """Draw units with gamma baskets, and the truth of those that can be judged."""
    rng = np.random.default_rng((seed, n, int(sales)))
    lately = rng.lognormal(0, 0.7, n) * 1000
    earlier = lately * rng.uniform(2, 8, n)
    change = WORLDS[kind](rng, n)
    expected = sales * rng.lognormal(0, 0.8, n)
    unit = 1 + BASKET_CV**2

    def claims(mean: np.ndarray) -> np.ndarray:
        count = rng.poisson(mean)
        return np.where(count > 0, rng.gamma(np.maximum(count, 1) / BASKET_CV**2, BASKET_CV**2), 0.0) / unit

    later, before = claims(expected * np.exp(change)), claims(expected * earlier / lately)
    pairs = Pairs(later, before, lately, earlier, np.full(n, BASKET_CV))
    kept = pairs.expected >= 5
    return Pairs(later[kept], before[kept], lately[kept], earlier[kept], pairs.basket_cv[kept]), change[kept]


def test_chances_are_uniform_where_nothing_fell():
    pairs, _ = world("unchanged", 40_000, 15, seed=1)
    chances = pairs.below()
    for cut in (0.01, 0.05, 0.2, 0.5):
        assert (chances <= cut).mean() == pytest.approx(cut, abs=4 * np.sqrt(cut / len(chances)) + 0.002)


def test_many_sales_tell_the_share_exactly():
    n = 20
    change = np.where(np.arange(n) < 13, 0.7, 1.0)
    ones = np.full(n, 1.0)
    pairs = Pairs(20_000 * change, 100_000 * ones, ones, 5 * ones, 0 * ones)
    found = share_fallen(pairs, by=0.1)
    assert found.p5 == found.p50 == found.p95 == 0.65
    assert least_fallen(pairs.below()) > 0.3


def test_units_alike_in_all_but_scale_give_the_same_share():
    pairs, _ = world("drift", 40, 30, seed=2)
    scaled = Pairs(pairs.later, pairs.earlier, 100 * pairs.paid_later, 100 * pairs.paid_earlier, pairs.basket_cv)
    assert share_fallen(pairs, by=0.1) == share_fallen(scaled, by=0.1)


def test_without_sales_nothing_is_known():
    ones = np.ones(10)
    pairs = Pairs(0 * ones, 0 * ones, ones, ones, 0 * ones)
    assert share_fallen(pairs, by=0.1).p95 > 0.5
    assert least_fallen(pairs.below()) == 0
    assert least_fallen(np.zeros(0)) == 0


def test_a_unit_that_lost_all_sales_has_fallen():
    one = np.ones(6)
    pairs = Pairs(0 * one, 500 * one, one, one, 0 * one)
    assert share_fallen(pairs, by=0.1).p5 == 1
    assert least_fallen(pairs.below()) > 0.8


def _covered(kind: str, n: int, sales: float, runs: int) -> tuple[float, float]:
    hit, kept = 0, 0
    for seed in range(runs):
        pairs, change = world(kind, n, sales, seed)
        found = share_fallen(pairs, by=0.1, seed=seed)
        hit += found.p5 - 1e-6 <= (change < np.log(0.9)).mean() <= found.p95 + 1e-6
        kept += least_fallen(pairs.below()) <= (change < 0).mean()
    return hit / runs, kept / runs


@pytest.mark.slow
@pytest.mark.parametrize("kind", WORLDS)
def test_intervals_hold_the_true_share(kind):
    covered, _ = _covered(kind, 30, 100, 6)
    assert covered >= 0.6  # six runs; the slow test measures


@pytest.mark.slow
@pytest.mark.parametrize("sales", [30, 150])
@pytest.mark.parametrize("n", [14, 50, 200])
@pytest.mark.parametrize("kind", WORLDS)
def test_measured_coverage(kind, n, sales):
    covered, kept = _covered(kind, n, sales, 60)
    assert covered >= 0.75
    assert kept >= 0.88


def test_luck_alone_seldom_makes_a_fall():
    false = [least_fallen(world("unchanged", 60, 30, seed)[0].below()) > 0 for seed in range(300)]
    assert np.mean(false) <= 0.08  # 5 % nominal
