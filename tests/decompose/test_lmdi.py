"""The split of a change, as algebra on sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.decompose.audit import audited, shapley
from roas.decompose.chains import FACTORS, PLACE, chain_of
from roas.decompose.lmdi import lines, log_mean, shares

FULL = chain_of((True, True, True, True, True))
CHANNEL = np.array([0, 0, 0, 1, 1, 2])


def account(seed: int, *, moves: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """Six campaigns in three channels, whose factors move by about `moves`."""
    rng = np.random.default_rng(seed)
    first = np.exp(rng.normal([7, 0, 0, 0, 0], 0.5, (6, 5))) * [1, 80, 0.02, 0.05, 60]
    rates = np.stack([first, first * np.exp(rng.normal(0, moves, (6, 5)))])
    sums = np.cumprod(rates, axis=-1)
    return sums[0], sums[1]


def blended(sums: np.ndarray) -> float:
    return float(sums[:, 4].sum() / sums[:, 0].sum())


SEEDS = st.integers(0, 10_000)
MOVES = st.sampled_from([0.01, 0.2, 1.0])
AMOUNT = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))


@given(SEEDS, MOVES)
def test_lines_add_up_to_the_changes(seed, moves):
    before, after = account(seed, moves=moves)
    found = lines(before, after, CHANNEL, (FULL,) * 6)
    assert found.roas.sum() == pytest.approx(blended(after) - blended(before), abs=1e-9)
    assert found.revenue.sum() == pytest.approx(after[:, 4].sum() - before[:, 4].sum(), rel=1e-9, abs=1e-6)


@given(st.lists(AMOUNT, min_size=60, max_size=60), st.lists(st.booleans(), min_size=3, max_size=3))
def test_lines_add_up_whatever_is_zero_or_unknown(amounts, known):
    before, after = np.array(amounts).reshape(2, 6, 5)
    before[0, 0] = after[1, 0] = 10.0
    chain = chain_of((True, *known, True))
    found = lines(before, after, CHANNEL, (chain,) * 6)
    gap = blended(after) - blended(before)
    assert np.isfinite(found.roas).all()
    assert found.roas.sum() == pytest.approx(gap, rel=1e-9, abs=1e-9 * (blended(before) + blended(after)))
    assert found.revenue.sum() == pytest.approx(
        after[:, 4].sum() - before[:, 4].sum(), abs=1e-9 * (after[:, 4].sum() + before[:, 4].sum() + 1)
    )


@given(SEEDS, MOVES)
def test_swapped_periods_give_minus_the_lines(seed, moves):
    before, after = account(seed, moves=moves)
    before[1, 3:] = 0.0  # a campaign that sold nothing
    after[4] = 0.0  # and one that ended
    forth, back = (lines(*each, CHANNEL, (FULL,) * 6) for each in ((before, after), (after, before)))
    assert np.allclose(forth.roas, -back.roas, atol=1e-12)
    assert np.allclose(forth.revenue, -back.revenue, rtol=1e-9, atol=1e-6)


@given(SEEDS)
def test_cents_and_euros_say_the_same(seed):
    before, after = account(seed)
    cents = np.array([100, 1, 1, 1, 100])
    plain = lines(before, after, CHANNEL, (FULL,) * 6)
    scaled = lines(before * cents, after * cents, CHANNEL, (FULL,) * 6)
    assert np.allclose(plain.roas, scaled.roas, atol=1e-10)
    assert np.allclose(plain.revenue * 100, scaled.revenue, rtol=1e-9, atol=1e-5)


@given(SEEDS)
def test_order_of_campaigns_changes_nothing(seed):
    before, after = account(seed)
    order = np.array([2, 0, 1, 4, 3, 5])
    plain = lines(before, after, CHANNEL, (FULL,) * 6).roas
    assert np.allclose(plain[order], lines(before[order], after[order], CHANNEL, (FULL,) * 6).roas, atol=1e-12)


@given(SEEDS, st.floats(0.05, 0.95))
def test_a_campaign_split_in_two_changes_no_total(seed, part):
    before, after = account(seed)
    low, high = (np.vstack([x[:1] * part, x[:1] * (1 - part), x[1:]]) for x in (before, after))
    plain = lines(before, after, CHANNEL, (FULL,) * 6).roas.sum(axis=0)
    split = lines(low, high, np.r_[0, CHANNEL], (FULL,) * 7).roas.sum(axis=0)
    assert np.allclose(plain, split, atol=1e-10)


@given(SEEDS)
def test_draws_are_split_like_single_accounts(seed):
    one, two = account(seed), account(seed + 1)
    together = lines(np.stack([one[0], two[0]]), np.stack([one[1], two[1]]), CHANNEL, (FULL,) * 6)
    assert np.allclose(together.roas[1], lines(*two, CHANNEL, (FULL,) * 6).roas, atol=1e-12)


@pytest.mark.parametrize("factor", ["cpm", "ctr", "cvr", "aov"])
def test_a_lone_factor_takes_the_whole_change(factor):
    before, _ = account(1)
    after = before.copy()
    after[:, ("cpm", "ctr", "cvr", "aov").index(factor) + 1 :] *= 0.8
    found = lines(before, after, CHANNEL, (FULL,) * 6).roas.sum(axis=0)
    assert found[PLACE[factor]] == pytest.approx(blended(after) - blended(before))
    assert np.abs(np.delete(found, PLACE[factor])).max() < 1e-12


def test_every_campaign_better_and_the_account_worse_is_mix():
    before = np.array([[900.0, 0, 0, 0, 900 * 6], [100.0, 0, 0, 0, 100 * 1]])
    after = np.array([[100.0, 0, 0, 0, 100 * 6.6], [900.0, 0, 0, 0, 900 * 1.1]])
    found = lines(before, after, np.array([0, 1]), ((0, 4),) * 2).roas
    assert blended(after) < blended(before)
    assert (found[:, PLACE["rate"]] > 0).all()
    # Centred: leaving the good channel and growing the poor one are both losses.
    assert (found[:, PLACE["mix_between"]] < 0).all()


def test_shift_between_equal_campaigns_is_no_mix():
    before = np.array([[100.0, 0, 0, 0, 300.0], [100.0, 0, 0, 0, 300.0]])
    after = np.array([[150.0, 0, 0, 0, 450.0], [50.0, 0, 0, 0, 150.0]])
    for channel in (np.array([0, 0]), np.array([0, 1])):
        assert np.abs(lines(before, after, channel, ((0, 4),) * 2).roas).max() < 1e-12


def test_a_new_campaign_as_good_as_its_channel_changes_nothing():
    before = np.array([[100.0, 0, 0, 0, 300.0], [0.0] * 5, [50.0, 0, 0, 0, 50.0]])
    after = np.array([[60.0, 0, 0, 0, 180.0], [40.0, 0, 0, 0, 120.0], [50.0, 0, 0, 0, 50.0]])
    assert np.abs(lines(before, after, np.array([0, 0, 1]), ((0, 4),) * 3).roas.sum(axis=0)).max() < 1e-12


def test_units_that_come_or_go_have_one_line():
    before, after = account(3)
    before[0] = 0.0
    after[5] = 0.0
    found = lines(before, after, CHANNEL, (FULL,) * 6).roas
    others = [k for k in range(len(FACTORS)) if k != PLACE["entry_exit"]]
    assert not found[[0, 5]][:, others].any()
    assert not found[1:5, PLACE["entry_exit"]].any()


def test_sales_that_stop_are_the_order_rate():
    before, after = (np.array([[100.0, 1e4, 200.0, n, r]]) for n, r in ((10, 500.0), (0, 0.0)))
    found = lines(before, after, np.array([0]), (FULL,)).roas[0]
    assert found[PLACE["cvr"]] == pytest.approx(-5.0)
    assert found[PLACE["aov"]] == 0.0


def test_the_limit_is_what_small_numbers_tend_to():
    before = np.array([[100.0, 1e4, 200.0, 10, 500.0], [50.0, 4e3, 90.0, 5, 200.0]])
    after = np.array([[120.0, 1e4, 180.0, 0, 0.0], [60.0, 4e3, 99.0, 6, 230.0]])
    exact = lines(before, after, np.array([0, 1]), (FULL,) * 2).roas
    tiny = after.copy()
    tiny[0, 3:] = [1e-300, 1e-300 * 50]
    near = lines(before, tiny, np.array([0, 1]), (FULL,) * 2).roas
    assert np.allclose(exact, near, atol=0.02)


def test_sales_without_clicks_stand_on_the_link_before():
    before, after = (np.array([[100.0, 1e4, k, 10.0, 500.0 * g]]) for k, g in ((5.0, 1.0), (0.0, 1.2)))
    found = lines(before, after, np.array([0]), (FULL,)).roas[0]
    assert found.sum() == pytest.approx(1.0)
    assert found[PLACE["aov"]] == pytest.approx(1.0)


def test_refunds_above_revenue_still_add_up():
    before, after = account(5)
    after[2, 4] = -50.0
    found = lines(before, after, CHANNEL, (FULL,) * 6)
    assert found.roas.sum() == pytest.approx(blended(after) - blended(before), abs=1e-9)
    assert found.revenue.sum() == pytest.approx(after[:, 4].sum() - before[:, 4].sum(), rel=1e-9)


def test_one_campaign_has_no_mix():
    before, after = (x[:1] for x in account(2))
    found = lines(before, after, np.array([0]), (FULL,)).roas[0]
    assert not found[[PLACE["mix_between"], PLACE["mix_within"], PLACE["entry_exit"]]].any()


@given(st.floats(1e-6, 1e9), st.floats(1e-6, 1e9))
def test_log_mean_lies_between_geometric_and_arithmetic_mean(a, b):
    mean = float(log_mean(np.array([a]), np.array([b]))[0])
    assert np.sqrt(a * b) * (1 - 1e-9) <= mean <= (a + b) / 2 * (1 + 1e-9)
    assert mean == pytest.approx(float(log_mean(np.array([b]), np.array([a]))[0]))


@given(SEEDS)
def test_shapley_adds_up_and_agrees_on_what_is_material(seed):
    before, after = account(seed)
    found = lines(before, after, CHANNEL, (FULL,) * 6).roas.sum(axis=0)
    other = shapley(before, after, CHANNEL, (FULL,) * 6)
    assert other.sum() == pytest.approx(blended(after) - blended(before), abs=1e-9)
    typical = (blended(before) + blended(after)) / 2
    audit = audited(found, other, typical, FACTORS)
    assert audit.agrees


def test_shapley_is_the_mean_over_all_orders():
    from itertools import permutations

    before, after = (x[:1] for x in account(8))
    links = [after[0, k + 1] / after[0, k] / (before[0, k + 1] / before[0, k]) for k in range(4)]
    worth = np.zeros(4)
    for order in permutations(range(4)):
        value = blended(before)
        for k in order:
            worth[k] += value * (links[k] - 1) / 24
            value *= links[k]
    found = shapley(before, after, np.array([0]), (FULL,))
    assert np.allclose(found[[PLACE[f] for f in ("cpm", "ctr", "cvr", "aov")]], worth)


@given(SEEDS)
def test_what_the_mix_is_measured_from_adds_to_zero(seed):
    before, after = account(seed)
    before[0] = 0.0
    split = shares(before, after, CHANNEL)
    assert abs(split.centre_between.sum()) < 1e-12
    assert abs(split.centre_within.sum()) < 1e-12
