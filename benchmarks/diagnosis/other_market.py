"""The market around the channels, day by day: demand, budgets, prices. No cause and no luck of counting yet."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np
from other_channels import WORDS, Array, Channel


@dataclass
class World:
    """What drives an account. N campaigns, C channels, T days; everything is an expectation.

    Attributes
    ----------
    dates : array of datetime64[D], shape (T,)
    onset : int
        Day on which a cause begins, unless it has a course of its own.
    owner : int array, shape (N,)
        Channel of each campaign.
    spend, cpm, ctr, cvr : arrays, shape (N, T)
        Currency a day, currency per 1000, clicks per impression, sales caused per click at reference volume.
    reference : array, shape (C,)
        Spend a day at which the response is gauged; `clicks_reference` likewise for clicks.
    pull : array, shape (T,)
        How readily paid clicks buy; 1 on an average day.
    base, visits : arrays, shape (T,)
        Sales and sessions without ads.
    basket : array, shape (T,)
        Mean value of a sale.
    pool : array, shape (C, T)
        People within reach of a day's ads.
    harvest : array, shape (C, T)
        Share of the sales without ads that the channel claims at reference.
    counted : array, shape (C, T)
        Share of its sales that the platform has counted.
    promo : array, shape (T,)
        1 on days of a promotion.
    exported : bool array, shape (T,)
        False on days that the ad exports lack.
    """

    dates: np.ndarray
    onset: int
    channels: list[Channel]
    owner: np.ndarray
    names: list[str]
    spend: Array
    cpm: Array
    ctr: Array
    cvr: Array
    reference: Array
    clicks_reference: Array
    pull: Array
    base: Array
    visits: Array
    basket: Array
    pool: Array
    harvest: Array
    counted: Array
    promo: Array
    landing: float
    basket_cv: float
    exported: np.ndarray
    keeps_zero_rows: bool
    notes: dict[str, object] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """T."""
        return len(self.dates)

    def of(self, channel: int) -> np.ndarray:
        """Campaigns of a channel."""
        return np.flatnonzero(self.owner == channel)

    def copy(self) -> World:
        """Return an independent copy."""
        return copy.deepcopy(self)

    def index(self, name: str) -> int:
        """Position of a channel."""
        return [c.name for c in self.channels].index(name)


def wander(rng: np.random.Generator, size: tuple[int, ...], sd: float, memory: float) -> Array:
    """Stationary first-order autoregression along the last axis, mean of its exponential near 1."""
    from scipy.signal import lfilter

    shocks = rng.standard_normal(size) * sd * np.sqrt(1 - memory**2)
    shocks[..., 0] /= np.sqrt(1 - memory**2)
    return np.asarray(np.exp(lfilter([1.0], [1.0, -memory], shocks, axis=-1) - sd**2 / 2))


def season(kind: str, day_of_year: Array) -> Array:
    """Yearly course of demand: none, a mild wave, a summer dip, or a strong fourth quarter (a decoy)."""
    if kind == "wave":
        return 1 + 0.08 * np.cos(2 * np.pi * (day_of_year - 320) / 365.25)
    if kind == "summer":
        return 1 - 0.12 * np.exp(-(((day_of_year - 205) / 28) ** 2))
    if kind == "quarter":
        return 1 + 0.55 * np.exp(-(((day_of_year - 340) / 22) ** 2)) - 0.15 * np.exp(-(((day_of_year - 215) / 30) ** 2))
    return np.ones_like(day_of_year)


def draw_market(
    channels: list[Channel], rng: np.random.Generator, *, weeks: int, onset: int, yearly: str | None = None
) -> World:
    """Draw demand, budgets and prices for `weeks` weeks.

    Parameters
    ----------
    yearly : str or None
        A season (see `season`); None draws none, a mild wave or a summer dip.
    """
    days = weeks * 7
    dates = np.datetime64("2024-06-03") + int(rng.integers(0, 540)) + np.arange(days) - days
    weekday = (dates.astype(int) + 3) % 7
    of_year = (dates - dates.astype("datetime64[Y]")).astype(float)
    yearly = yearly or str(rng.choice(["none", "none", "wave", "summer"]))
    rhythm = rng.normal(1.0, rng.choice([0.02, 0.08, 0.14]), 7).clip(0.6, 1.4)
    growth = (1 + rng.uniform(-0.03, 0.08)) ** ((np.arange(days) - onset) / 365)
    slow = wander(rng, (days,), float(rng.uniform(0.03, 0.10)), float(rng.choice([0.3, 0.6, 0.85])))
    demand = season(yearly, of_year) * (rhythm / rhythm.mean())[weekday] * growth * slow
    promo, lift = _promotions(rng, days, onset)
    basket = float(np.exp(rng.uniform(np.log(25), np.log(150))))
    value = basket * wander(rng, (days,), 0.015, 0.9) * (1 - 0.06 * promo)
    share = float(rng.uniform(0.3, 0.8))
    caused = sum(c.caused for c in channels)
    claims = sum(c.claims for c in channels if "v" in c.shows)
    harvested = sum(c.harvest * c.claims for c in channels if "v" in c.shows)
    base = max(claims / share - caused, 0.3 * caused, 1.6 * harvested)
    world = _with_campaigns(channels, rng, dates, onset, demand, basket)
    world.base = base * demand * lift
    # A shop has at least as many free visits as paid ones: else no market could be seen in its sessions.
    visits = max(base / rng.uniform(0.012, 0.035), float(world.clicks_reference.sum()))
    world.visits = visits * demand**0.75 * lift**0.6
    world.pull = demand ** float(rng.uniform(0.4, 0.8)) * lift**0.7
    world.basket, world.promo = value, promo
    world.harvest = np.array([c.harvest * c.claims / base for c in channels])[:, None] * np.ones(days)
    world.basket_cv = float(rng.uniform(0.5, 1.5))
    world.landing = float(rng.uniform(0.75, 0.95))
    world.notes |= {"season": yearly, "attributed_share": claims / (base + caused)}
    return world


def _promotions(rng: np.random.Generator, days: int, onset: int) -> tuple[Array, Array]:
    """Up to four sales of three to six days, the last one well before the onset; nothing follows them."""
    promo, lift = np.zeros(days), np.ones(days)
    room = onset - 40
    for _ in range(int(rng.integers(0, 5)) if room > 20 else 0):
        start, length, height = int(rng.integers(0, room)), int(rng.integers(3, 7)), float(rng.uniform(1.25, 1.6))
        promo[start : start + length] = 1
        lift[start : start + length] = height
    return promo, lift


def _with_campaigns(
    channels: list[Channel], rng: np.random.Generator, dates: np.ndarray, onset: int, demand: Array, basket: float
) -> World:
    """Spread each channel over its campaigns, and draw their prices and click-through."""
    days = len(dates)
    owner = np.repeat(np.arange(len(channels)), [c.campaigns for c in channels])
    names, share = [], np.empty(len(owner))
    for i, channel in enumerate(channels):
        words = WORDS[channel.kind]
        names += [f"{words[k % len(words)]} {1 + k // len(words):02d}" for k in range(channel.campaigns)]
        share[owner == i] = rng.dirichlet(np.full(channel.campaigns, 3.0))
    budget = np.stack([_budget(c, rng, dates, onset, demand) for c in channels])
    reference = np.array([c.spend(basket) for c in channels])
    pacing = wander(rng, (len(owner), days), float(rng.uniform(0.04, 0.12)), 0.3)
    spend = (reference[owner] * share)[:, None] * budget[owner] * pacing
    cpm_level = np.array([c.cpm for c in channels])[owner] * np.exp(rng.normal(0, 0.1, len(owner)))
    ctr_level = np.array([c.ctr for c in channels])[owner] * np.exp(rng.normal(0, 0.1, len(owner)))
    cpm = wander(rng, (len(channels), days), float(rng.uniform(0.03, 0.08)), 0.8)[owner]
    cpm = cpm_level[:, None] * cpm * wander(rng, (len(owner), days), 0.04, 0.2)
    ctr = wander(rng, (len(channels), days), float(rng.uniform(0.02, 0.05)), 0.8)[owner]
    ctr = ctr_level[:, None] * ctr * wander(rng, (len(owner), days), 0.04, 0.2)
    clicks = 1000 * reference[owner] * share / cpm_level * ctr_level
    clicks_reference = np.bincount(owner, clicks, len(channels))
    quality = np.exp(rng.normal(0, 0.12, len(owner)))
    weighted = np.bincount(owner, clicks * quality, len(channels))
    caused = np.array([c.caused for c in channels])
    cvr = (caused / weighted)[owner] * quality
    impressions = np.bincount(owner, 1000 * reference[owner] * share / cpm_level, len(channels))
    pool = impressions / np.array([c.exposure for c in channels])
    ones = np.ones(days)
    return World(
        dates=dates,
        onset=onset,
        channels=channels,
        owner=owner,
        names=names,
        spend=spend,
        cpm=cpm,
        ctr=ctr,
        cvr=cvr[:, None] * wander(rng, (len(owner), days), 0.03, 0.5),
        reference=reference,
        clicks_reference=clicks_reference,
        pull=ones,
        base=ones,
        visits=ones,
        basket=ones,
        pool=pool[:, None] * wander(rng, (len(channels), days), 0.02, 0.7),
        harvest=np.zeros((len(channels), days)),
        counted=np.ones((len(channels), days)),
        promo=np.zeros(days),
        landing=0.9,
        basket_cv=1.0,
        exported=np.ones(days, dtype=bool),
        keeps_zero_rows=bool(rng.random() < 0.5),
    )


def _budget(channel: Channel, rng: np.random.Generator, dates: np.ndarray, onset: int, demand: Array) -> Array:
    """Budget over reference by day. Near 1 from the onset on; what was tested was tested before."""
    days = len(dates)
    out = np.ones(days)
    before = max(onset - 14, 1)
    if channel.budget == "blocks":
        levels = np.exp(rng.normal(0, 0.14, days // 28 + 2))
        out *= np.where(np.arange(days) < before, levels[np.arange(days) // 28], 1.0)
        for factor in rng.choice([0.5, 0.6, 1.5, 1.7], 2, replace=False):
            start = int(rng.integers(0, before))
            out[start : min(start + 21, before)] *= factor
    if channel.budget == "chase":
        out *= demand**channel.chase
    if channel.budget == "weekday":
        out *= np.where((dates.astype(int) + 3) % 7 >= 5, rng.uniform(0.5, 0.8), 1.1)
    if channel.budget == "steps":
        steps = np.maximum(before - np.arange(days), 0) // int(rng.integers(49, 64))
        out *= rng.uniform(0.86, 0.93) ** np.minimum(steps, 5)
    if rng.random() < 0.3:
        out[rng.integers(0, days, 3)] = 0.0
    if rng.random() < 0.15 and before > 40:
        start = int(rng.integers(0, before - 12))
        out[start : start + int(rng.integers(4, 11))] = 0.0
    return out
