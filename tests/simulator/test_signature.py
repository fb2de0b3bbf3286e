"""Every cause moves the columns that name it, and leaves those that rule it out.

Expected outcomes with and without the cause are compared, so what stays,
stays exactly up to carryover and the mix of campaigns and days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from roas.simulator import available_causes
from roas.simulator.causes.base import Placed, Planted
from roas.simulator.draws import Draws
from roas.simulator.outcome import Outcome, expected_outcome
from roas.simulator.placement import place_causes, prepared_for, with_causes
from roas.simulator.shop import draw_shop
from roas.simulator.world import World, build_world

WEEKS = 104


@dataclass(frozen=True)
class Account:
    """An account with and without one cause."""

    placed: Placed
    healthy: World
    world: World
    before: Outcome
    after: Outcome

    @property
    def unit(self):
        """The channel hit; for causes of the whole account every channel."""
        return self.placed.channel

    def days(self):
        return slice(self.world.at(self.placed.since), None)


@cache
def account(name, *, seed=1, channel=None, **options):
    draws = Draws(seed)
    shop = draw_shop(draws, scale=1.0, channels=None)
    calm = build_world(shop, draws, start=dt.date(2024, 1, 1), weeks=WEEKS)
    (placed,) = place_causes([Planted(name, channel=channel, **options)], calm, draws)
    healthy = prepared_for(calm, [placed])
    world = with_causes(healthy, [placed])
    return Account(placed, healthy, world, expected_outcome(healthy), expected_outcome(world))


def figures(world, outcome, days, channel):
    """Return the columns of the signature matrix, over days and a channel (None: all)."""
    rows = world.rows(channel) if channel else slice(None)
    spend, impressions, clicks, claims = (
        getattr(outcome, name)[rows, days] for name in ("spend", "impressions", "clicks", "claims")
    )
    audience = world.audience[rows, days]
    reach = (impressions * audience / (impressions + audience)).sum()
    every_claim = (outcome.claims * outcome.order_value)[:, days].sum()
    revenue = outcome.baseline[days].sum() + outcome.contribution[:, days].sum()
    value = (claims * outcome.order_value[days]).sum()
    return {
        "spend": spend.sum(),
        "cpm": 1000 * spend.sum() / impressions.sum(),
        "ctr": clicks.sum() / impressions.sum(),
        "cvr": claims.sum() / clicks.sum(),
        "aov": value / claims.sum(),
        "frequency": impressions.sum() / reach,
        "reach": reach,
        "claims": claims.sum(),
        "attributed": every_claim / revenue,
        "unattributed": revenue - every_claim,
        "till": revenue,
        "sessions": outcome.sessions[days].sum(),
    }


def moves(name, **options):
    """Return the relative change of each figure from the onset to the end."""
    this = account(name, **options)
    before = figures(this.healthy, this.before, this.days(), this.unit)
    after = figures(this.world, this.after, this.days(), this.unit)
    return {each: float(after[each] / before[each] - 1) for each in before}


def within(name, **options):
    """Return the claims per unit of spend of each channel, with over without the cause."""
    this, found = account(name, **options), {}
    for channel in this.world.shop.channels:
        ratio = []
        for world, outcome in ((this.healthy, this.before), (this.world, this.after)):
            figure = figures(world, outcome, this.days(), channel.name)
            ratio.append(figure["claims"] * figure["aov"] / figure["spend"])
        found[channel.name] = float(np.divide(*ratio[::-1]))
    return found


SEEDS = range(3)
# A cell of the matrix: rises, falls, or stays within 4 %. A column that is not
# listed may do either.
LEAST, MOST = 0.005, 0.04
MATRIX = {
    "auction_inflation": {"cpm": "+", "ctr": "0", "aov": "0", "spend": "0"},
    "audience_exhaustion": {
        "cpm": "+", "ctr": "-", "cvr": "-", "aov": "0", "frequency": "+", "reach": "-", "spend": "0",
    },
    "conversion_rate_drop": {
        "cpm": "0", "ctr": "0", "cvr": "-", "aov": "0", "frequency": "0", "attributed": "0",
        "unattributed": "-", "sessions": "0",
    },
    "creative_fatigue": {"cpm": "0", "ctr": "-", "cvr": "0", "aov": "0", "frequency": "+", "spend": "0"},
    "demand_shift": {"cpm": "0", "cvr": "-", "aov": "0", "frequency": "0", "attributed": "0", "unattributed": "-",
                     "sessions": "-"},
    "fragmentation": {"cpm": "+", "ctr": "0", "cvr": "-", "aov": "0", "frequency": "0", "spend": "0"},
    "harvesting": {
        "cpm": "0", "ctr": "+", "cvr": "+", "aov": "0", "frequency": "+", "attributed": "+", "unattributed": "-",
        "till": "0", "sessions": "0", "spend": "0",
    },
    "order_value_drop": {"cpm": "0", "ctr": "0", "cvr": "0", "aov": "-", "frequency": "0", "attributed": "0",
                         "unattributed": "-", "sessions": "0"},
    "promotion_hangover": {"cpm": "+", "cvr": "-", "aov": "-", "frequency": "0", "attributed": "0",
                           "unattributed": "-"},
    "reporting_lag": {"cpm": "0", "ctr": "0", "cvr": "-", "aov": "0", "frequency": "0", "attributed": "-",
                      "till": "0", "sessions": "0", "spend": "0"},
    "saturation": {"spend": "+", "cvr": "-", "aov": "0", "frequency": "+"},
    "tracking_break": {"cpm": "0", "ctr": "0", "cvr": "-", "aov": "0", "frequency": "0", "attributed": "-",
                       "unattributed": "+", "till": "0", "sessions": "0", "spend": "0"},
}  # fmt: skip
# These two are seen between channels, and tested below.
BETWEEN = {"baseline_erosion", "mix_shift"}


def cell(change):
    """Return how a figure moved, as a set of the cells that it fits."""
    return {sign for sign, fits in (("+", change > LEAST), ("-", change < -LEAST), ("0", abs(change) < MOST)) if fits}


def test_every_cause_has_a_signature():
    assert set(MATRIX) | BETWEEN == set(available_causes())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MATRIX)
def test_the_columns_of_the_matrix_move_as_it_says(name, seed):
    found = moves(name, seed=seed)
    wrong = {column: found[column] for column, sign in MATRIX[name].items() if sign not in cell(found[column])}
    assert not wrong


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["audience_exhaustion", "auction_inflation", "creative_fatigue", "fragmentation"])
def test_the_till_confirms_what_a_channel_claims_to_have_lost(name, seed):
    """Attributed over total moves only because the channel sold less."""
    this = account(name, seed=seed, channel="Search")
    before, after = (
        figures(world, outcome, this.days(), None)
        for world, outcome in ((this.healthy, this.before), (this.world, this.after))
    )
    lost = {each: before[each] - after[each] for each in ("till", "unattributed")}
    claimed = lost["till"] - lost["unattributed"]
    assert 0.35 < lost["till"] / claimed < 1.2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mix_shift_moves_money_and_leaves_each_channel_as_it_was(seed):
    this = account("mix_shift", seed=seed)
    assert this.before.spend.sum() == pytest.approx(this.after.spend.sum(), rel=1e-5)
    last = slice(-56, None)
    for channel in this.world.shop.channels:
        before, after = (
            figures(world, outcome, last, channel.name)
            for world, outcome in ((this.healthy, this.before), (this.world, this.after))
        )
        # Effects outlast the money that moved, so conversion lags behind a little.
        for rate, most in (("cpm", 0.02), ("ctr", 0.02), ("cvr", 0.06), ("aov", 0.005), ("frequency", 0.02)):
            assert after[rate] == pytest.approx(before[rate], rel=most), (channel.name, rate)
    ratios = {channel: ratio for channel, ratio in within("mix_shift", seed=seed).items() if ratio != 1}
    assert len(ratios) == 2
    found = moves("mix_shift", seed=seed)
    assert found["spend"] > 0.5 and found["till"] < 0


@pytest.mark.parametrize("seed", SEEDS)
def test_an_erosion_slowly_takes_sales_without_ads_and_a_little_of_all_else(seed):
    this = account("baseline_erosion", seed=seed)
    early, late = slice(this.world.at(this.placed.since), this.world.at(this.placed.since) + 28), slice(-28, None)
    change = []
    for days in (early, late):
        before, after = (
            figures(world, outcome, days, "Search")
            for world, outcome in ((this.healthy, this.before), (this.world, this.after))
        )
        change.append({each: after[each] / before[each] - 1 for each in before})
    for rate, sign in (("cpm", "+"), ("ctr", "-"), ("cvr", "0"), ("aov", "-"), ("frequency", "0")):
        assert sign in cell(change[1][rate]), rate
    assert change[1]["attributed"] > 0.02
    assert change[1]["unattributed"] < 3 * change[0]["unattributed"] < 0


def test_wear_follows_impressions_and_ends_with_a_refresh():
    this = account("creative_fatigue", channel="Meta", size=0.4)
    appeal = this.world.appeal[this.world.rows("Meta")]
    resets = (np.diff(appeal, axis=1) > 0).sum(axis=1)
    assert resets.tolist() == [0, *[1] * (len(resets) - 1)]
    assert appeal[0, -1] == pytest.approx(0.6, abs=0.05)
    silent = np.diff(this.after.impressions.cumsum(axis=1)[this.world.rows("Meta")], axis=1) == 0
    assert not np.diff(appeal, axis=1)[silent].any()


def test_young_campaigns_share_the_money_and_convert_less():
    this = account("fragmentation", channel="Meta")
    spend = this.after.spend[this.world.rows("Meta")]
    assert np.allclose(spend.sum(axis=0), this.before.spend[this.healthy.rows("Meta")].sum(axis=0), atol=0.2)
    running = (spend[:, -1] > 0).sum()
    assert running == 3 * len(this.healthy.rows("Meta"))
    grown_up, young = spend[: len(this.healthy.rows("Meta")), -1].sum(), spend[:, -1].sum()
    assert grown_up / young == pytest.approx(1 / 3, rel=0.01)


def test_only_the_last_days_wait_for_conversions():
    this = account("reporting_lag", channel="Meta", factor=0.4)
    share = this.after.claims[this.world.rows("Meta")[0]] / this.before.claims[this.world.rows("Meta")[0]]
    assert (share[:-14] == 1).all()
    assert (np.diff(share[-14:]) < 0).all()
    assert share[-1] == pytest.approx(0.4)


def test_a_hangover_pays_back_about_what_the_promotion_sold_ahead():
    this = account("promotion_hangover")
    missing = 1 - this.after.caused_orders / this.before.caused_orders
    missing_days = 1 - (this.after.baseline_orders / this.before.baseline_orders)
    assert 2.5 < missing_days.sum() < 4.5
    assert missing_days[-1] < 0.2 * missing_days.max() and missing.max() > 0
    assert this.world.promotion[this.world.at(this.placed.since) - 1]


def test_a_hangover_without_a_promotion_brings_its_own():
    this = account("promotion_hangover", since="2025-05-19")
    onset = this.world.at(this.placed.since)
    assert this.healthy.promotion[onset - 14 : onset].all()
    assert not this.healthy.promotion[onset]
    assert this.before.baseline[:onset].tolist() == this.after.baseline[:onset].tolist()


@pytest.mark.parametrize("name", ["audience_exhaustion", "conversion_rate_drop", "creative_fatigue", "fragmentation"])
def test_a_hit_of_a_size_takes_that_share_of_a_channels_return(name):
    this = account(name, seed=2, size=0.3, since="2025-03-03")
    unit, last = this.unit, slice(-56, None)
    before, after = (
        figures(world, outcome, last, unit)
        for world, outcome in ((this.healthy, this.before), (this.world, this.after))
    )
    assert 1 - after["claims"] / before["claims"] == pytest.approx(0.3, abs=0.04)


def test_harvesting_of_a_size_adds_that_share_of_claims():
    this = account("harvesting", size=0.4)
    change = {
        when: figures(world, outcome, slice(-56, None), this.unit)["claims"]
        for when, world, outcome in (("before", this.healthy, this.before), ("after", this.world, this.after))
    }
    assert change["after"] / change["before"] == pytest.approx(1.4, abs=0.06)


def test_a_shape_changes_how_a_cause_comes_and_not_where_it_ends():
    paths = {
        shape: account("conversion_rate_drop", since="2025-03-03", shape=shape).world.site_conversion
        for shape in ("step", "ramp", "slow")
    }
    assert {float(path[-1]) for path in paths.values()} == {0.7}
    days = {shape: int((path < 1).sum() - (path == path[-1]).sum()) for shape, path in paths.items()}
    assert days == {"step": 0, "ramp": 20, "slow": 83}
