"""The drivers of the account, day by day: what causes may change.

Every driver is an array over days, or over campaigns and days. A cause
changes some of them from its onset; nothing else is touched.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from roas.simulator import seasons
from roas.simulator.draws import Array, Draws
from roas.simulator.shop import Campaign, Shop

# Effects are carried for nine weeks; the account runs that long before its
# first exported day, so that no channel starts from silence.
MAX_LAG = 63
WARM_UP_DAYS = MAX_LAG

# How restless a healthy account is: standard deviations of logs.
DEMAND_SD, DEMAND_HALF_LIFE = 0.05, 8.0
BASELINE_SD, BASELINE_HALF_LIFE = 0.05, 120.0
ORDER_VALUE_SD, ORDER_VALUE_HALF_LIFE = 0.015, 30.0
CPM_SD, CPM_HALF_LIFE = 0.06, 14.0
CTR_SD, CTR_HALF_LIFE = 0.05, 14.0
DAILY_PRICE_SD = 0.03
PACING_SD = 0.08

# Budgets are planned in blocks of four weeks; now and then a block is a test.
PLAN_DAYS = 28
PLAN_SD, PLAN_KEEP = 0.22, 0.6
TEST_PROBABILITY, TEST_DOWN, TEST_UP = 0.16, 0.4, 1.7
# A test still running when the account ends would be a cause of its own.
DAYS_WITHOUT_TESTS = 7 * 20
PAUSE_PROBABILITY, PAUSE_DAYS = 0.08, 14
PROMOTION_BUDGET = 1.2
SEASON_BUDGET = 0.8  # budget ~ season ** this
SEASON_CPM = 0.9  # CPM ~ season ** this: auctions are dear in December


@dataclass
class World:
    """An account's drivers, from the first day of the warm-up on.

    Shapes: ``days`` is (T,); arrays named for an account-wide driver are
    (T,), the others (campaigns, T) in the order of `shop.campaigns`.
    """

    shop: Shop
    days: seasons.Dates
    promotion: npt.NDArray[np.bool_]  # a promotion runs
    season: Array  # demand of a year without surprises, ratio to the average day
    demand: Array  # people who want to buy, ratio to the average day
    baseline: Array  # strength of the shop without ads, ratio to its start
    site_conversion: Array  # ratio to the shop's reference
    order_value: Array  # ratio to the shop's reference
    budget: Array  # planned spend, currency
    cpm: Array  # currency per 1000 impressions
    ctr: Array  # clicks / impressions
    audience: Array  # people
    tracking: Array  # share of claimable orders that the platform counts
    harvest: Array  # ratio to the campaign's reference
    usual_spend: Array  # spend at which a campaign harvests its reference share, currency
    appeal: Array  # clicks per impression and orders with them, ratio, beyond `ctr`
    click_worth: Array  # orders a click leads to, ratio
    diverted: Array  # clicks of people on their way to the shop, per other click
    room: Array  # market that moved money opens: spend meets the curve divided by this

    @property
    def start(self) -> dt.date:
        """First exported day."""
        first: dt.date = self.days[WARM_UP_DAYS].astype(object)
        return first

    @property
    def weeks(self) -> int:
        """Number of exported weeks."""
        return (len(self.days) - WARM_UP_DAYS) // 7

    def at(self, day: dt.date) -> int:
        """Return the position of `day` in the arrays."""
        return WARM_UP_DAYS + (day - self.start).days

    def rows(self, channel: str) -> list[int]:
        """Return the positions of a channel's campaigns."""
        return [i for i, campaign in enumerate(self.shop.campaigns) if campaign.channel == channel]

    @property
    def spend(self) -> Array:
        """Spend per campaign and day: budgets that follow demand, in cents."""
        chase = np.array([channel.demand_chase for channel in self.shop.channels for _ in channel.campaigns])
        followed: Array = self.budget * self.demand ** chase[:, np.newaxis]
        return np.round(followed, 2)

    @property
    def impressions(self) -> Array:
        """Impressions bought, per campaign and day."""
        return np.rint(1000 * self.spend / self.cpm)

    def add_campaigns(self, channel: str, added: Sequence[tuple[Campaign, int]]) -> None:
        """Add campaigns to a channel, each with the drivers of a running one.

        Parameters
        ----------
        channel : str
            The channel that gains them, behind those it has.
        added : sequence of (Campaign, int)
            Each new campaign and the position of the one it copies.
        """
        rows, count = list(range(len(self.shop.campaigns))), len(self.shop.campaigns)
        behind = self.rows(channel)[-1] + 1
        rows[behind:behind] = [parent for _, parent in added]
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[0] == count:
                setattr(self, name, value[rows])
        self.shop = replace(
            self.shop,
            channels=tuple(
                replace(each, campaigns=(*each.campaigns, *(campaign for campaign, _ in added)))
                if each.name == channel
                else each
                for each in self.shop.channels
            ),
        )

    def copy(self) -> World:
        """Return a world whose drivers can be changed on their own."""
        twin = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(twin, name, value.copy())
        return twin


def build_world(shop: Shop, draws: Draws, *, start: dt.date, weeks: int) -> World:
    """Draw the drivers of a healthy account."""
    days = seasons.date_range(start - dt.timedelta(WARM_UP_DAYS), WARM_UP_DAYS + 7 * weeks)
    promotion = seasons.promotion_factor(days, draws)
    season = np.exp(seasons.yearly_wave(days))
    surprise = np.exp(DEMAND_SD * draws.drift("demand", len(days), half_life=DEMAND_HALF_LIFE))
    rhythm = seasons.WEEKDAY_DEMAND[seasons.weekday(days)] * seasons.quiet_factor(days)
    shape = (len(shop.campaigns), len(days))
    return World(
        shop=shop,
        days=days,
        promotion=promotion > 1,
        season=season,
        demand=season * rhythm * promotion * surprise,
        baseline=_baseline(shop, draws, len(days)),
        site_conversion=np.ones(len(days)),
        order_value=_order_value(draws, promotion > 1),
        budget=_budgets(shop, draws, season, promotion > 1),
        cpm=_cpm(shop, draws, season),
        ctr=_ctr(shop, draws, len(days)),
        audience=_column([campaign.audience for campaign in shop.campaigns]) * np.ones(shape),
        tracking=np.ones(shape),
        harvest=np.ones(shape),
        usual_spend=_column([campaign.daily_spend for campaign in shop.campaigns]) * np.ones(shape),
        appeal=np.ones(shape),
        click_worth=np.ones(shape),
        diverted=np.zeros(shape),
        room=np.ones(shape),
    )


def _column(values: list[float]) -> Array:
    """Stand values of campaigns upright, to be stretched over days."""
    return np.array(values)[:, np.newaxis]


def _baseline(shop: Shop, draws: Draws, days: int) -> Array:
    growth = shop.growth * np.arange(days) / 365.25
    return np.exp(growth + BASELINE_SD * draws.drift("baseline", days, half_life=BASELINE_HALF_LIFE))


def _order_value(draws: Draws, promotion: npt.NDArray[np.bool_]) -> Array:
    drift = draws.drift("order value path", len(promotion), half_life=ORDER_VALUE_HALF_LIFE)
    return np.where(promotion, seasons.PROMOTION_ORDER_VALUE, 1.0) * np.exp(ORDER_VALUE_SD * drift)


def _cpm(shop: Shop, draws: Draws, season: Array) -> Array:
    """Draw the price of impressions: one auction per channel, one accent per campaign."""
    rows = []
    for campaign in shop.campaigns:
        auction = draws.drift(f"{campaign.channel} cpm path", len(season), half_life=CPM_HALF_LIFE)
        accent = draws.normal(f"{campaign.name} cpm path", len(season))
        rows.append(campaign.cpm * np.exp(CPM_SD * auction + DAILY_PRICE_SD * accent))
    return np.array(rows) * season**SEASON_CPM


def _ctr(shop: Shop, draws: Draws, days: int) -> Array:
    rows = []
    for campaign in shop.campaigns:
        drift = draws.drift(f"{campaign.name} ctr path", days, half_life=CTR_HALF_LIFE)
        rows.append(campaign.ctr * np.exp(CTR_SD * drift))
    return np.array(rows)


def _budgets(shop: Shop, draws: Draws, season: Array, promotion: npt.NDArray[np.bool_]) -> Array:
    """Plan spend per campaign and day, before it follows demand."""
    common = season**SEASON_BUDGET * np.where(promotion, PROMOTION_BUDGET, 1.0)
    rows = []
    for channel in shop.channels:
        plan = _plan(channel.name, draws, len(season))
        for position, campaign in enumerate(channel.campaigns):
            pacing = np.exp(PACING_SD * draws.normal(f"{campaign.name} pacing", len(season)))
            # The main campaign never pauses, so a channel is never silent by chance.
            running = _running(campaign.name, draws, len(season)) if position else np.ones(len(season))
            rows.append(campaign.daily_spend * plan * pacing * running)
    return np.array(rows) * common


def _plan(channel: str, draws: Draws, days: int) -> Array:
    """Draw the planned level of a channel, block by block, with tests."""
    blocks = days // PLAN_DAYS + 1
    testing = (days - DAYS_WITHOUT_TESTS) // PLAN_DAYS
    steps = PLAN_SD * draws.normal(f"{channel} plan", blocks)
    luck = draws.uniform(f"{channel} budget tests", blocks)
    levels, level = [], 0.0
    for block, (step, chance) in enumerate(zip(steps, luck, strict=True)):
        level = PLAN_KEEP * level + (1 - PLAN_KEEP**2) ** 0.5 * step
        tested = block < testing and chance < TEST_PROBABILITY
        direction = TEST_DOWN if chance < TEST_PROBABILITY / 2 else TEST_UP
        levels.append(np.exp(level) * (direction if tested else 1.0))
    return np.repeat(levels, PLAN_DAYS)[:days]


def _running(campaign: str, draws: Draws, days: int) -> Array:
    """Draw the pauses of a campaign: 0 on paused days, else 1."""
    blocks = days // PLAN_DAYS + 1
    luck, when = draws.uniform(f"{campaign} pauses", (blocks, 2)).T
    running = np.ones(days)
    for block in np.flatnonzero(luck < PAUSE_PROBABILITY):
        begin = block * PLAN_DAYS + int(when[block] * (PLAN_DAYS - PAUSE_DAYS))
        running[begin : begin + PAUSE_DAYS] = 0.0
    return running
