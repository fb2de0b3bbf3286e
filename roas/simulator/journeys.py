"""Journeys of some of an account's people, to try attribution on.

What they are: touches of a sample of people over the account's last weeks,
drawn from the account's own days. Each channel has touches in proportion to
its clicks of the day (to its views where people see it more than they click
it), beside visits without an ad. Orders are a stated part of the till's
orders of their day, with that part of the day's revenue.

What they are not: a measurement of effect. Credit is not cause. People who
would have bought anyway search for the brand, or click an ad that follows
them, just before they buy, and their journeys look like those of people whom
an ad moved. What ads caused stays what the account's truth says; the journeys
were drawn from it, and no model of credit can read it back.

Buyers leave an address and most of the others no trace, so more of the
buyers are followed than of the others; both shares are stated. Journeys
convert far more often than visits of the shop do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.errors import UsageError
from roas.simulator.buyers import DAY, Journey, People, join_people, person_ids
from roas.simulator.draws import Array, Draws, binomial_about, gamma_around_one
from roas.simulator.happenings import current_name
from roas.simulator.observe import Observed, observe
from roas.simulator.outcome import Outcome
from roas.simulator.visits import VIEWED, VIEWS_SEEN, Luck, Pool, traffic
from roas.simulator.world import WARM_UP_DAYS, World

if TYPE_CHECKING:
    import pandas as pd

#: Touches in one file, at most: a table that opens anywhere, about 1.5 MB.
MOST_TOUCHES: Final = 30_000
FEWEST_TOUCHES, LARGEST_TOUCHES = 1_000, 1_000_000

#: Last weeks of the account whose purchases and visits are shown, and days
#: before them whose touches may still lead to one. Our choice.
WEEKS, LEAD_DAYS = 6, 28

#: Part of the till's orders whose buyer is followed. Our choice: consent,
#: blockers and a second device cost analytics tools some of the orders.
TRACKED: Final = 0.85

#: Part of all touches that journeys with an order may take, at most, and how
#: many such a journey has about; what does not fit is not followed.
CONVERTING, TOUCHES_EACH = 0.6, 2.2

#: Part of the largest size that the sample aims at: counts are drawn, and
#: touches before the weeks shown come on top.
AIM: Final = 0.9

#: Added to each basket, in ratio to the mean: none is nearly empty.
SMALLEST: Final = 0.1


@dataclass(frozen=True)
class Sample:
    """Which part of an account is followed.

    Attributes
    ----------
    first, begin, end : int
        Exported days: from which touches are kept, from which journeys end, and the day after the last.
    touches, orders : float
        Share of touches and of orders that are kept.
    """

    first: int
    begin: int
    end: int
    touches: float
    orders: float


def draw_journeys(
    world: World,
    outcome: Outcome,
    draws: Draws,
    *,
    most_touches: int = MOST_TOUCHES,
    renamed: Iterable[Mapping[str, str]] = (),
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Draw journeys of some people of an account.

    Parameters
    ----------
    world : World
        The account with its causes.
    outcome : Outcome
        What it leads to.
    draws : Draws
        The account's; what else is drawn from it does not change.
    most_touches : int
        Rows, at most.
    renamed : iterable of dict
        Campaigns with another name, as exported.

    Returns
    -------
    DataFrame
        user_id, time (no time zone), channel, campaign (empty for visits
        without an ad), conversion (0 or 1) and conversion_value (account
        currency; NaN without an order). Rows by time, people mixed.
    dict
        For truth.json: what the journeys are.
    """
    daily = observe(world, outcome, draws, grain="day")
    days = len(daily.orders)
    begin = max(days - 7 * WEEKS, 0)
    first = max(begin - LEAD_DAYS, 0)
    flow = traffic(world, outcome, daily, slice(first, days))
    share = min(1.0, AIM * most_touches / float(flow.touches[:, begin - first :].sum()))
    sample = Sample(first, begin, days, share, _followed(daily.orders[begin:], most_touches))
    people = People(flow, Pool.of(flow.touches, share, draws), Luck(draws, "journeys people"))
    orders = _orders(daily, draws, sample, world.shop.order_value_variation)
    journeys = _journeys(people, orders, draws, sample, most_touches)
    table = _table(join_people(journeys, Luck(draws, "journeys again")), draws.seed)
    table["channel"] = [flow.channels[source] for source in table["source"]]
    table["campaign"] = _campaigns(table, flow.campaigns, daily, sample, renamed)
    return _laid_out(table, daily, sample), _truth(table, world, outcome, daily, sample, most_touches)


def check_size(most_touches: int) -> int:
    """Return the size asked for, 0 for none.

    Raises
    ------
    UsageError
        If it is out of range.
    """
    if most_touches and not FEWEST_TOUCHES <= most_touches <= LARGEST_TOUCHES:
        raise UsageError(f"journeys {most_touches} is out of range. Use {FEWEST_TOUCHES} to {LARGEST_TOUCHES} touches.")
    return int(most_touches)


def _followed(orders: Array, most_touches: int) -> float:
    """Return the share of orders that is tracked and fits."""
    room = CONVERTING * AIM * most_touches / TOUCHES_EACH
    return min(TRACKED, room / max(float(orders.sum()), 1.0))


def _journeys(
    people: People, orders: list[tuple[int, float]], draws: Draws, sample: Sample, most: int
) -> list[Journey]:
    """Draw journeys with an order first, in any order; then, of the touches that are left, those without."""
    luck = draws.uniform("journeys order", len(orders))
    found, rows = [], 0
    for place in np.argsort(luck, kind="stable"):
        found.append(journey := people.buyer(*orders[place]))
        rows += len(journey.touches)
    for journey in people.visitors(sample.begin - sample.first):
        if rows + len(journey.touches) > most:
            break
        found.append(journey)
        rows += len(journey.touches)
    return found


def _orders(daily: Observed, draws: Draws, sample: Sample, variation: float) -> list[tuple[int, float]]:
    """Return day and value of each order followed; a day's values are that part of its revenue, to the cent."""
    every, revenue = daily.orders[sample.begin : sample.end], daily.revenue[sample.begin : sample.end]
    luck = draws.normal("journeys orders", len(every))
    counts = binomial_about(np.full(len(every), sample.orders), every, luck)
    found: list[tuple[int, float]] = []
    for day, (number, all_orders, money) in enumerate(zip(counts, every, revenue, strict=True)):
        if number < 1:
            continue
        noise = draws.normal(f"journeys baskets {day}", int(number))
        baskets = SMALLEST + gamma_around_one(noise, np.full(int(number), variation**-2))
        values = _in_cents(baskets, float(money * number / all_orders))
        found += [(day + sample.begin - sample.first, value) for value in values]
    return found


def _in_cents(parts: Array, total: float) -> list[float]:
    """Split money in proportion to `parts`; the sum is the total to the cent."""
    steps = np.rint(np.cumsum(parts) / parts.sum() * round(100 * total))
    return [float(cents) / 100 for cents in np.diff(steps, prepend=0.0)]


def _table(people: list[list[Journey]], seed: int) -> pd.DataFrame:
    """Return one row per touch, by time; the order stands in the last row of its journey."""
    import pandas as pd

    ids = person_ids(len(people), seed)
    rows = [
        (user, second, source, journey.value if last else None)
        for user, journeys in zip(ids, people, strict=True)
        for journey in journeys
        for last, (second, source) in _marked(journey)
    ]
    table = pd.DataFrame(rows, columns=["user_id", "second", "source", "conversion_value"])
    table["conversion_value"] = table["conversion_value"].astype(float)
    return table.sort_values(["second", "user_id"], ignore_index=True)


def _marked(journey: Journey) -> list[tuple[bool, tuple[int, int]]]:
    end = len(journey.touches) - 1
    return [(place == end, touch) for place, touch in enumerate(journey.touches)]


def _campaigns(
    table: pd.DataFrame, names: tuple[str, ...], daily: Observed, sample: Sample, renamed: Iterable[Mapping[str, str]]
) -> list[str]:
    name = current_name(renamed)
    days = [day.astype(object) for day in daily.periods[sample.first : sample.end]]
    places = zip(table["source"], table["second"] // DAY, strict=True)
    return [name(names[source], days[day]) for source, day in places]


def _laid_out(table: pd.DataFrame, daily: Observed, sample: Sample) -> pd.DataFrame:
    import pandas as pd

    start = daily.periods[sample.first].astype("datetime64[s]")
    return pd.DataFrame(
        {
            "user_id": table["user_id"],
            "time": start + table["second"].to_numpy().astype("timedelta64[s]"),
            "channel": table["channel"],
            "campaign": table["campaign"],
            "conversion": table["conversion_value"].notna().astype(np.int64),
            "conversion_value": table["conversion_value"],
        }
    )


def _truth(
    table: pd.DataFrame, world: World, outcome: Outcome, daily: Observed, sample: Sample, most: int
) -> dict[str, Any]:
    """State what the journeys are, and what each channel caused in their weeks."""
    window = slice(WARM_UP_DAYS + sample.begin, WARM_UP_DAYS + sample.end)
    touches = table["channel"].value_counts()
    values = table["conversion_value"].dropna()
    orders, revenue = (float(x[sample.begin : sample.end].sum()) for x in (daily.orders, daily.revenue))
    return {
        "start": str(daily.periods[sample.begin]),
        "end": str(daily.periods[sample.end - 1]),
        "touches_from": str(daily.periods[sample.first]),
        "most_touches": most,
        "touches": len(table),
        "people": int(table["user_id"].nunique()),
        "conversions": len(values),
        "conversion_value": round(math.fsum(values), 2),
        "share_of_orders": round(len(values) / max(orders, 1.0), 6),
        "share_of_revenue": round(math.fsum(values) / max(revenue, 0.01), 6),
        "share_of_touches": round(sample.touches, 6),
        "views_seen": VIEWS_SEEN,
        "channels": [
            {
                "channel": channel.name,
                "counts": "views" if channel.name in VIEWED else "clicks",
                "touches": int(touches.get(channel.name, 0)),
                "incremental_revenue": round(float(outcome.contribution[row, window].sum()), 2),
            }
            for row, channel in enumerate(world.shop.channels)
        ],
    }
