"""What happens to healthy accounts: decoys, pauses, new names, late claims.

None of it is a cause. A diagnosis that accuses one of these is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from roas.errors import UsageError
from roas.simulator.draws import Draws
from roas.simulator.world import WARM_UP_DAYS, World

# Decoys begin in this part of the window and last a few weeks, so that they are
# recent enough to mislead and over before the end.
EARLIEST, LATEST = 0.6, 0.85
SPEND_TEST_DAYS, SPEND_TEST_FACTOR = 21, 1.5
PRICE_WOBBLE_DAYS, PRICE_WOBBLE_FACTOR = 14, 1.35
HOLIDAY_DAYS, HOLIDAY_FACTOR = 7, 0.75
# In a short account nothing lasts longer than this part of it.
LONGEST_PART = 8
# Pauses and new names begin in this part of the window.
EARLIEST_CHANGE, LATEST_CHANGE = 0.3, 0.8


@dataclass(frozen=True)
class Decoy:
    """A passing change that looks like a cause.

    Attributes
    ----------
    driver : str
        The driver it multiplies by `factor` for `days`.
    by_channel : bool
        One drawn channel, or the whole account.
    """

    driver: str
    factor: float
    days: int
    by_channel: bool


DECOYS = {
    "holiday": Decoy("demand", HOLIDAY_FACTOR, HOLIDAY_DAYS, by_channel=False),
    "price_wobble": Decoy("cpm", PRICE_WOBBLE_FACTOR, PRICE_WOBBLE_DAYS, by_channel=True),
    "spend_test": Decoy("budget", SPEND_TEST_FACTOR, SPEND_TEST_DAYS, by_channel=True),
}


def add_decoys(world: World, names: Iterable[str], draws: Draws) -> list[dict[str, Any]]:
    """Let decoys happen in `world`; return what happened, by name.

    Raises
    ------
    UsageError
        If a name is not known.
    """
    found = []
    for name in sorted(set(names)):
        if name not in DECOYS:
            raise UsageError(f'decoy "{name}" is not known. Available: {", ".join(DECOYS)}.')
        found.append(_add_decoy(world, name, DECOYS[name], draws))
    return found


def _add_decoy(world: World, name: str, decoy: Decoy, draws: Draws) -> dict[str, Any]:
    when, where = draws.uniform(f"decoy {name}", 2)
    begin = _position(world, EARLIEST + (LATEST - EARLIEST) * when)
    end = begin + min(decoy.days, max(1, 7 * world.weeks // LONGEST_PART))
    channel = world.shop.channels[int(where * len(world.shop.channels))].name if decoy.by_channel else None
    driver = getattr(world, decoy.driver)
    for target in [driver[row] for row in world.rows(channel)] if channel else [driver]:
        target[begin:end] *= decoy.factor
    return {
        "decoy": name,
        "scope": {"channel": channel, "campaign": None},
        "start": str(world.days[begin]),
        "end": str(world.days[begin] + (end - begin)),
        "factor": decoy.factor,
    }


def pause_campaigns(world: World, count: int, draws: Draws) -> list[dict[str, str]]:
    """Stop campaigns for good; their channel's others take money and people over.

    The main campaign of a channel never stops, so the channel goes on.
    """
    found = []
    main = {channel.campaigns[0].name for channel in world.shop.channels}
    minor = [row for row, campaign in enumerate(world.shop.campaigns) if campaign.name not in main]
    for row in _drawn("paused", minor, count, world, draws):
        campaign = world.shop.campaigns[row]
        begin = _change_day(world, f"paused {campaign.name}", draws)
        others = [each for each in world.rows(campaign.channel) if each != row]
        rest = world.budget[others, begin:].sum(axis=0)
        world.budget[others, begin:] *= 1 + world.budget[row, begin:] / rest
        more = 1 + campaign.daily_spend / sum(world.shop.campaigns[each].daily_spend for each in others)
        world.audience[others, begin:] *= more
        world.budget[row, begin:] = 0.0
        found.append({"channel": campaign.channel, "campaign": campaign.name, "since": str(world.days[begin])})
    return found


def rename_campaigns(world: World, count: int, draws: Draws) -> list[dict[str, str]]:
    """Choose campaigns that go on under another name from a Monday on."""
    found = []
    for row in _drawn("renamed", range(len(world.shop.campaigns)), count, world, draws):
        campaign = world.shop.campaigns[row]
        since = world.days[_change_day(world, f"renamed {campaign.name}", draws)]
        name = f"{campaign.name} | {since.astype(object).year} relaunch"
        found.append({"channel": campaign.channel, "campaign": campaign.name, "now": name, "since": str(since)})
    return found


def delay_claims(world: World, half_life_days: float) -> None:
    """Leave out the claims that are still on their way on the last day.

    Half of the orders are counted `half_life_days` after their day:
    ``1 - 2 ** (-(age + 1) / half_life)``, age 0 on the last day.
    """
    if half_life_days > 0:
        age = np.arange(len(world.days))[::-1]
        world.tracking *= 1 - 0.5 ** ((age + 1) / half_life_days)


def current_name(renamed: Iterable[Mapping[str, str]]) -> Callable[[str, dt.date], str]:
    """Return the name under which a campaign is exported in a period."""
    changes = {each["campaign"]: (dt.date.fromisoformat(each["since"]), each["now"]) for each in renamed}

    def name(campaign: str, day: dt.date) -> str:
        since, now = changes.get(campaign, (dt.date.max, campaign))
        return now if day >= since else campaign

    return name


def _drawn(what: str, rows: Iterable[int], count: int, world: World, draws: Draws) -> list[int]:
    """Draw `count` of the campaigns in `rows`; all of them where there are fewer."""
    luck = {row: draws.uniform(f"{what} {world.shop.campaigns[row].name}", 1)[0] for row in rows}
    return sorted(sorted(luck, key=lambda row: float(luck[row]))[:count])


def _change_day(world: World, name: str, draws: Draws) -> int:
    """Draw a Monday of the window, not near its ends."""
    when = draws.uniform(f"{name} day", 1)[0]
    part = EARLIEST_CHANGE + (LATEST_CHANGE - EARLIEST_CHANGE) * when
    return WARM_UP_DAYS + 7 * int(part * world.weeks)


def _position(world: World, part: float) -> int:
    return WARM_UP_DAYS + int(part * 7 * world.weeks)
