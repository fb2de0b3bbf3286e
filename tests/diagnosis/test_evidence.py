"""What speaks for a finding, and what its chart draws."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.compare import hold_against
from roas.diagnosis.evidence import OVER_RIVAL, best_shape, evidence_of, evidence_of_lateness
from roas.diagnosis.exhibits import exhibits_of, observed_series
from roas.diagnosis.lateness import Lateness
from roas.diagnosis.metrics import METRICS
from roas.diagnosis.panel import Panel
from roas.diagnosis.seen import Seen, look
from tests.diagnosis.accounts import as_expected, even_account, even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of

THREE = ("Meta", "Search", "Video")
FREE = [name for name, each in SIGNATURES.items() if each.requires is None and "step" in each.courses and each.hit]


@cache
def plain() -> Seen:
    return look(panel_of(even_account(210, channels=THREE, campaigns=2)))


def hit(name: str, channel: int | None, size: float = 0.36) -> tuple[Seen, Candidate]:
    fake = as_expected(plain(), SIGNATURES[name], channel, size)
    return fake, hold_against(fake, SIGNATURES[name], channel)


def places(name: str) -> tuple[int | None, ...]:
    return (1, None) if SIGNATURES[name].scope == "channel" else (None,)


#: The date of a finding, which its charts take over.
SINCE = dt.date(2025, 3, 3)

CASES = [(name, place) for name in FREE for place in places(name)]


@pytest.mark.parametrize(("name", "place"), CASES)
def test_evidence_is_what_moved_what_stayed_and_how_far_ahead(name, place):
    fake, found = hit(name, place)
    evidence = evidence_of(fake, found, over_rival=5.0, rival=None)
    moved = [each for each in evidence if each.facts.get("kind") == "moved"]
    stayed = [each for each in evidence if each.facts.get("kind") == "stayed"]
    assert moved and len(moved) <= 4 and len(stayed) <= 2
    for each in moved:
        assert abs(each.value) > 0 and each.facts["low"] <= each.value <= each.facts["high"]
    for each in stayed:
        assert each.facts["low"] < 0 < each.facts["high"]
    assert evidence[-1].test == "evidence_ratio"
    assert evidence[-1].value == pytest.approx(np.exp(5.0), rel=0.01) and evidence[-1].threshold == OVER_RIVAL
    assert all(each.says.endswith(".") for each in evidence)


@pytest.mark.parametrize("name", [name for name in FREE if SIGNATURES[name].shows in SIGNATURES[name].hit])
def test_the_series_by_which_people_see_it_comes_first(name):
    fake, found = hit(name, places(name)[0])
    assert evidence_of(fake, found, over_rival=5.0, rival=None)[0].test == f"change_in_{SIGNATURES[name].shows}"


def test_a_ratio_beyond_belief_is_cut():
    fake, found = hit("tracking_break", 0)
    assert evidence_of(fake, found, over_rival=900.0, rival=None)[-1].value == pytest.approx(1e6)


def test_money_must_have_risen_to_be_too_much():
    spend = even_spend(210, channels=THREE)
    spend.loc[
        (spend["channel"] == "Meta") & (spend["date"] >= spend["date"].max() - np.timedelta64(69, "D")), "spend"
    ] *= 3
    seen = look(panel_of(tables_of(spend, even_till(210))))
    found = hold_against(seen, SIGNATURES["saturation"], seen.panel.channels.index("Meta"))
    first = evidence_of(seen, found, over_rival=5.0, rival=None)[0]
    assert first.test == "spend_rose" and first.value > first.threshold and "Meta" in first.says


def test_campaigns_must_have_multiplied_to_be_too_many():
    seen = plain()
    campaigns = seen.panel.campaigns.copy()
    campaigns[0, -10:] *= 4
    more = replace(
        as_expected(seen, SIGNATURES["fragmentation"], 0, 0.36), panel=replace(seen.panel, campaigns=campaigns)
    )
    found = hold_against(more, SIGNATURES["fragmentation"], 0)
    assert found.possible.any()
    first = evidence_of(more, found, over_rival=5.0, rival=None)[0]
    assert first.test == "campaigns_multiplied" and first.value > first.threshold


def test_late_days_are_shown_with_what_is_missing():
    late = Lateness(np.linspace(0.1, 1.0, 28), 3.2, 9.0, 4.0, 50.0, dt.date(2026, 3, 1), 40.0)
    for channel in ("Meta", None):
        days, over = evidence_of_lateness(channel, late)
        assert (days.value, days.facts["arrived"]) == (3.2, 0.1)
        assert over.value == pytest.approx(np.exp(4.0), rel=0.01)


@pytest.mark.parametrize(("name", "place"), CASES)
def test_charts_show_what_was_seen_and_what_would_have_been(name, place):
    fake, found = hit(name, place)
    exhibits = exhibits_of(fake, found, SINCE)
    assert 1 <= len(exhibits) <= 2
    for each in exhibits:
        assert each.metric in METRICS and each.weeks == fake.panel.starts and each.since == SINCE
        observed, expected, low, high = (np.array(v) for v in (each.observed, each.expected, each.low, each.high))
        assert len(observed) == fake.panel.weeks
        there = np.isfinite(expected)
        assert (low[there] <= expected[there]).all() and (expected[there] <= high[there]).all()
    assert exhibits[0].metric == SIGNATURES[name].shows


@pytest.mark.parametrize(
    ("name", "place"), [("auction_inflation", 1), ("creative_fatigue", None), ("order_value_drop", None)]
)
def test_before_it_began_nothing_is_expected_to_differ(name, place):
    fake, found = hit(name, place)
    [main, *_] = exhibits_of(fake, found, SINCE)
    early = int(fake.shapes.onset[np.flatnonzero(found.weights(fake.shapes.prior).sum(axis=1) > 1e-9)].min())
    assert main.expected[:early] == pytest.approx(main.observed[:early], rel=1e-5)
    assert main.expected[-1] != pytest.approx(main.observed[-1], rel=0.1)


def test_without_harvesting_a_channel_would_have_claimed_as_much_less_as_its_rates_say():
    fake, found = hit("harvesting", 1)
    [main, *_] = exhibits_of(fake, found, SINCE)
    assert main.metric == "claims_over_till" and main.channel == fake.panel.channels[1]
    # Claims per click and clicks rose by 0.36 * (0.65 + 0.425) in all: so did this channel's claims.
    assert np.log(main.observed[-1] / main.expected[-1]) == pytest.approx(0.36 * 1.075, abs=0.1)


def test_series_are_in_their_own_unit():
    panel, spend, till = panel_of(even_account(140)), even_spend(140), even_till(140)
    week = spend["date"] < spend["date"].min() + np.timedelta64(7, "D")
    meta = spend[week & (spend["channel"] == panel.channels[0])]
    first = {
        "cpm": 1000 * meta["spend"].sum() / meta["impressions"].sum(),
        "ctr": meta["clicks"].sum() / meta["impressions"].sum(),
        "claimed_roas": meta["conversion_value"].sum() / meta["spend"].sum(),
        "spend_share": meta["spend"].sum() / spend.loc[week, "spend"].sum(),
        "campaigns": 1.0,
    }
    for metric, value in first.items():
        series = observed_series(panel, metric, 0)
        assert series is not None and series[0] == pytest.approx(value)
    revenue = observed_series(panel, "revenue", None)
    assert revenue is not None and revenue[0] == pytest.approx(till["revenue"][:7].sum())


def one_of_two_without(column: str) -> Panel:
    spend = even_spend(140)
    return panel_of(
        tables_of(spend.assign(**{column: spend[column].mask(spend["channel"] == "Search")}), even_till(140))
    )


@pytest.mark.parametrize(("column", "metric"), [("impressions", "cpm"), ("reach", "frequency"), ("clicks", "ctr")])
def test_one_channel_without_a_column_hides_no_other(column, metric):
    series = observed_series(one_of_two_without(column), metric, None)
    assert series is not None and np.isfinite(series).all()


def test_what_is_not_exported_is_not_drawn():
    panel = panel_of(tables_of(even_spend(140)))
    for metric in ("revenue", "orders", "sessions", "claims_over_till", "unattributed", "order_value"):
        assert observed_series(panel, metric, None) is None


def test_the_best_shape_is_the_most_probable():
    fake, found = hit("tracking_break", 0)
    weight = found.weights(fake.shapes.prior).sum(axis=1)
    assert weight[best_shape(fake, found)] == weight.max()
