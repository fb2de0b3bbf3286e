"""Accounts whose truth is known: the cause is named in the right place, and healthy ones are left in peace."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from benchmarks.diagnosis.accounts import make
from benchmarks.diagnosis.cells import Job
from roas.diagnosis.results import Diagnosis
from roas.diagnosis.runner import diagnose
from roas.io.load import LoadOptions, merge_files, read_files
from tests.diagnosis.accounts import simulated_account

#: Whole analyses: too dear for the fast suite.
pytestmark = pytest.mark.slow

#: A clear case of each: what is planted, and the seed of the shop.
CLEAR = {
    "auction_inflation:size=0.5": 1,
    "tracking_break:size=0.5": 0,
    "conversion_rate_drop:size=0.4": 0,
    "reporting_lag:size=0.8": 0,
}
SLOW = {
    "creative_fatigue:size=0.4": 2,
    "audience_exhaustion:size=0.6": 0,
    "order_value_drop:size=0.3": 0,
    "harvesting": 2,
    "fragmentation": 2,
    "demand_shift:size=0.4": 2,
}


@cache
def told(cause: str, seed: int) -> tuple[Diagnosis, dict]:
    tables, truth = simulated_account(seed=seed, causes=[cause], weeks=70, channels=4, scale=1.5)
    [planted] = truth["causes"]
    return diagnose(tables), planted


#: Run with the fast tests: one cause of the account, one of a channel, one read day by day.
QUICK = ("conversion_rate_drop", "tracking_break", "reporting_lag")


def cases() -> list:
    every = {**CLEAR, **SLOW}
    return [
        pytest.param(c, seed, id=c.partition(":")[0], marks=() if c.startswith(QUICK) else pytest.mark.slow)
        for c, seed in every.items()
    ]


@pytest.mark.parametrize(("cause", "seed"), cases())
def test_a_clear_cause_is_named_where_it_is_when_it_began_and_for_what_it_costs(cause, seed):
    found, planted = told(cause, seed)
    name, channel = planted["cause"], planted["scope"]["channel"]
    [mine] = [each for each in found.findings if (each.cause, each.channel) == (name, channel)]
    assert mine.verdict == "supported" and mine.probability >= 0.7
    began = dt.date.fromisoformat(planted["since"])
    assert abs((mine.since - began).days) <= 35
    lost = planted["effect_per_week"]
    if not lost:
        assert mine.effect_per_week.p95 == 0
    else:
        assert 0.4 < mine.effect_per_week.p50 / lost < 2.5
    assert not any(each.verdict == "supported" for each in found.findings if each is not mine)


@pytest.mark.parametrize(("generator", "seed"), [("ours", 2), pytest.param("other", 3, marks=pytest.mark.slow)])
def test_a_healthy_account_is_accused_of_nothing(generator, seed):
    account = make(Job(generator=generator, seed=seed, weeks=104 if generator == "ours" else 52))
    reading = LoadOptions()
    found = diagnose(merge_files(read_files([account.spend], account.revenue, options=reading), reading))
    assert found.healthy and not found.of("supported")
    assert found.of("ruled_out")
