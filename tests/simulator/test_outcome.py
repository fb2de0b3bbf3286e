"""The response: adstock, saturation and what one more unit of money brings."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from roas.limits import RECENT_WEEKS
from roas.simulator import simulate
from roas.simulator.draws import Draws
from roas.simulator.outcome import adstock, expected_outcome, hill
from roas.simulator.shop import draw_shop
from roas.simulator.world import MAX_LAG, build_world


@pytest.fixture
def world():
    draws = Draws(0)
    shop = draw_shop(draws, scale=1.0, channels=None)
    return build_world(shop, draws, start=dt.date(2024, 1, 1), weeks=20)


def test_no_retention_leaves_spend_as_it_was():
    spend = np.array([5.0, 0.0, 7.0])
    assert adstock(spend, alpha=0.0).tolist() == spend.tolist()


def test_adstock_keeps_the_total_of_a_pulse():
    pulse = np.zeros(MAX_LAG + 10)
    pulse[3] = 80.0
    assert adstock(pulse, alpha=0.9).sum() == pytest.approx(80)


def test_half_saturation_is_half_of_the_ceiling_whatever_the_slope():
    reached = [hill(np.array([40.0]), half_saturation=40.0, slope=s)[0] for s in (0.7, 1.0, 2.0)]
    assert reached == [0.5, 0.5, 0.5]


def test_no_spend_brings_nothing(world):
    world.budget[:] = 0
    outcome = expected_outcome(world)
    assert outcome.contribution.max() == 0
    assert outcome.claims.max() == 0
    assert outcome.baseline.min() > 0


def test_an_ordinary_account_earns_the_roas_of_its_channels(world):
    campaigns = world.shop.campaigns
    for row, campaign in enumerate(campaigns):
        world.budget[row], world.cpm[row], world.ctr[row] = campaign.daily_spend, campaign.cpm, campaign.ctr
    world.demand[:], world.baseline[:], world.order_value[:] = 1, 1, 1
    outcome = expected_outcome(world)
    last = outcome.contribution[:, -1]  # after the warm-up, carryover is complete
    for number, channel in enumerate(world.shop.channels):
        assert last[number] / channel.daily_spend == pytest.approx(channel.roas, rel=1e-3)
    assert outcome.baseline[-1] == pytest.approx(world.shop.baseline_orders * world.shop.order_value)


def test_stated_marginal_roas_is_the_gain_from_slightly_more_spend(world):
    _, truth = simulate(seed=0, weeks=20)
    recent = slice(-7 * RECENT_WEEKS, None)
    before = expected_outcome(world)
    for number, channel in enumerate(world.shop.channels):
        more = world.copy()
        rows = world.rows(channel.name)
        more.budget[rows] *= 1.01
        after = expected_outcome(more)
        gain = (after.contribution - before.contribution)[number, recent].sum()
        money = (after.spend - before.spend)[rows][:, recent].sum()
        assert truth["channels"][number]["marginal_roas"] == pytest.approx(gain / money, rel=0.01)


def test_price_and_click_rate_act_like_spend_on_the_response(world):
    dearer, duller, poorer = world.copy(), world.copy(), world.copy()
    dearer.cpm *= 2
    duller.ctr /= 2
    poorer.budget /= 2
    found = [expected_outcome(each).contribution.sum() for each in (dearer, duller, poorer)]
    assert found == pytest.approx([found[0]] * 3, rel=1e-4)


def test_a_copy_of_a_world_is_its_own(world):
    twin = world.copy()
    twin.demand *= 0
    twin.budget *= 0
    assert world.demand.min() > 0
    assert world.budget.max() > 0
