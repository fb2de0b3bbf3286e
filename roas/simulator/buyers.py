"""How people come to a purchase, or do not: one journey at a time.

Two kinds of people buy. Some are moved: an ad that the account's response
says caused the order comes first, as many days before it as the channel's
carryover has it; they may buy in that visit, or come back for it. The others
would have bought anyway. Both come in at last as people do who know what they
want: by the brand's name in a search, by an ad that follows them, by typing
the address. The model that credits the last touch cannot tell them apart.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Final

import numpy as np

from roas.simulator.draws import Array
from roas.simulator.visits import OWN, Luck, Pool, Traffic

#: Of people whom an ad moves on the day they buy, those who buy in that visit. Our choice.
SAME_VISIT: Final = 0.5

#: Chance of one more visit between the first and the last, again and again. Our choice.
ONE_MORE_BUYER, ONE_MORE_VISITOR = 0.45, 0.3

#: Visits of one journey, at most.
MOST_VISITS: Final = 12

#: Days between two visits of one who was not moved: median, and sd of the log.
#: From hours to weeks. Our choice.
GAP_DAYS, GAP_LOG_SD = 2.0, 1.3

#: Purchases by someone who bought in these weeks before, and visits that do
#: not lead to one by someone who did. Our choice.
AGAIN, BACK = 0.15, 0.1

#: Earlier buyers asked in turn whether they could be the one who comes back.
_TRIES: Final = 8

#: Hour at which people's day begins, and its hours; later ones are likelier. Our choice.
_FROM, _HOURS = 7.0, 16.5

DAY: Final = 86_400

_Visit = tuple[int, int]  # (day, source)


@dataclass(frozen=True)
class Journey:
    """One person's visits up to a purchase, or up to the last that is seen.

    ``touches`` are (seconds since the first day, source), in order; `value`
    is the order's, in currency, and None without one.
    """

    touches: tuple[tuple[int, int], ...]
    value: float | None = None


@dataclass
class _Person:
    free_from: int = 0
    journeys: list[Journey] = field(default_factory=list)


class People:
    """Makes journeys of a sample of touches.

    Parameters
    ----------
    traffic : Traffic
    pool : Pool
        Touches in the sample; each is used once.
    luck : Luck
    """

    def __init__(self, traffic: Traffic, pool: Pool, luck: Luck) -> None:
        self.traffic, self.pool, self.luck = traffic, pool, luck
        self.direct = len(traffic.channels) - len(OWN) + OWN.index("Direct")

    def buyer(self, day: int, value: float) -> Journey:
        """Return a journey that ends with an order on `day`."""
        caused, closing = self.traffic.caused[:, day], self.traffic.closing[:, day]
        moved = self.luck.pick(np.append(caused, closing.sum()))
        start = self._first(moved, day) if moved is not None and moved < len(caused) else None
        if start is None:
            visits = [*self._before(day, closing), self._last(day)]
        elif start[0] == day and self.luck() < SAME_VISIT:
            visits = [start]
        else:
            visits = [start, *self._between(start[0], day), self._last(day)]
        return Journey(self._at_times(visits), value)

    def visitors(self, first_end: int) -> Iterator[Journey]:
        """Yield journeys without an order, of what is left from the day `first_end` on."""
        sources, days = np.nonzero(self.pool.left[:, first_end:] >= 1)
        times = self.pool.left[sources, days + first_end].astype(np.int64)
        ends = np.repeat(np.column_stack([days + first_end, sources]), times, axis=0)
        order = np.argsort([self.luck() for _ in ends], kind="stable")
        for day, source in ends[order].tolist():
            if self.pool.take(source, day):
                earlier = self._before(day, None, again=ONE_MORE_VISITOR)
                yield Journey(self._at_times([*earlier, (day, source)]))

    def _first(self, source: int, day: int) -> _Visit | None:
        """Return the ad that moved a buyer, as long before as its effect is carried."""
        reach = min(day + 1, self.traffic.carried.shape[1])
        there = self.pool.left[source, day::-1][:reach] >= 1
        lag = self.luck.pick(self.traffic.carried[source, :reach] * there)
        if lag is None:
            return None
        self.pool.take(source, day - lag)
        return day - lag, source

    def _last(self, day: int) -> _Visit:
        """Return the visit of a purchase; where the sample has none left, a direct one."""
        there = self.pool.left[:, day] >= 1
        source = self.luck.pick(self.traffic.closing[:, day] * there)
        if source is None:
            return day, self.direct
        self.pool.take(source, day)
        return day, source

    def _between(self, first: int, last: int) -> list[_Visit]:
        """Return visits after the first ad, nearer to the purchase."""
        found: list[_Visit | None] = []
        while len(found) < MOST_VISITS - 2 and self.luck() < ONE_MORE_BUYER:
            day = last - int((last - first + 1) * self.luck() ** 2)
            # Who is moved meets any ad, those that follow people most of all.
            found.append(self._met(day, self.traffic.caused[:, day] + self.traffic.closing[:, day]))
        return sorted((visit for visit in found if visit), key=lambda visit: visit[0])

    def _before(self, last: int, weights: Array | None, again: float = ONE_MORE_BUYER) -> list[_Visit]:
        """Return visits of one whom no ad moved, backwards by gaps."""
        found: list[_Visit] = []
        day = float(last) + 0.5
        while len(found) < MOST_VISITS - 1 and self.luck() < again:
            day -= GAP_DAYS * math.exp(GAP_LOG_SD * NormalDist().inv_cdf(self.luck()))
            visit = self._met(math.floor(day), weights) if day >= 0 else None
            if visit is None:
                break
            found.append(visit)
        return found[::-1]

    def _met(self, day: int, weights: Array | None) -> _Visit | None:
        """Take a touch of a day by these weights; without them, each as likely as any other."""
        left = self.pool.left[:, day]
        source = self.luck.pick(left if weights is None else weights * (left >= 1))
        if source is None or not self.pool.take(source, day):
            return None
        return day, source

    def _at_times(self, visits: Iterable[_Visit]) -> tuple[tuple[int, int], ...]:
        """Give each visit its second; the later of one day come later."""
        visits = list(visits)
        hours = [_FROM + _HOURS * math.sqrt(self.luck()) for _ in visits]
        times = sorted(day * DAY + int(3600 * hour) for (day, _), hour in zip(visits, hours, strict=True))
        for i in range(1, len(times)):
            times[i] = max(times[i], times[i - 1] + 1)
        return tuple((time, source) for time, (_, source) in zip(times, visits, strict=True))


def join_people(journeys: Iterable[Journey], luck: Luck) -> list[list[Journey]]:
    """Give journeys to people; some buy again, some come back and do not.

    A journey goes on with a person only after their last purchase, and no
    visit without one stands before a purchase: that would be one journey.
    """
    people: list[_Person] = []
    buyers: list[_Person] = []
    for journey in sorted(journeys, key=lambda each: each.touches):
        bought = journey.value is not None
        person = _earlier(buyers, journey.touches[0][0], luck) if luck() < (AGAIN if bought else BACK) else None
        if person is None:
            people.append(person := _Person())
            if bought:
                buyers.append(person)
        person.journeys.append(journey)
        # Whose last visit led to nothing so far is left alone.
        person.free_from = journey.touches[-1][0] if bought else -1
    return [person.journeys for person in people]


def _earlier(buyers: list[_Person], start: int, luck: Luck) -> _Person | None:
    for _ in range(_TRIES if buyers else 0):
        person = buyers[int(luck() * len(buyers))]
        if 0 <= person.free_from < start:
            return person
    return None


def person_ids(number: int, seed: int) -> list[str]:
    """Return as many ids as there are people, all different, from the seed alone.

    Examples
    --------
    >>> person_ids(2, seed=0)
    ['u-cbf1f2a5', 'u-752eb1bf']
    """
    found: dict[str, None] = {}
    tried = 0
    while len(found) < number:
        found[f"u-{hashlib.sha256(f'{seed} person {tried}'.encode()).hexdigest()[:8]}"] = None
        tried += 1
    return list(found)
