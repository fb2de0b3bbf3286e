"""The readings of an account, on accounts whose answer is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from roas.diagnosis.readings.run import READINGS, read_account
from roas.diagnosis.readings.view import look_at
from roas.tables import Tables
from roas.tags import Tags, suggest_tags
from tests.diagnosis.readings.accounts import START, campaigns, late, named, simulated, tables_of, till

KINDS = Tags(
    {
        "automation": {"automated": ("*auto*",), "manual": ("*hand*",)},
        "creative": {"generated": ("*gen*",), "human": ("*people*",)},
    }
)


@pytest.fixture(scope="module")
def healthy() -> Tables:
    return simulated(seed=1)[0]


def some(n: int, before: float, lately: float, start: int = 0) -> dict[tuple[str, str], tuple[float, float]]:
    return {("Meta", f"k{i:02}"): (before, lately) for i in range(start, start + n)}


# -- all of them ----------------------------------------------------------


def test_every_reading_answers_in_order(healthy):
    found = read_account(healthy, tags=suggest_tags())
    assert [each.name for each in found] == list(READINGS)


def test_rows_in_another_order_read_the_same(healthy):
    shuffled = Tables(healthy.spend.sample(frac=1, random_state=1), healthy.revenue, "day", "EUR")
    for one, other in zip(
        read_account(healthy, tags=suggest_tags()), read_account(shuffled, tags=suggest_tags()), strict=True
    ):
        assert one.says == other.says


def test_currency_times_hundred_reads_the_same(healthy):
    spend, revenue = healthy.spend.copy(), healthy.revenue.copy()
    spend[["spend", "conversion_value"]] *= 100
    revenue["revenue"] *= 100
    cents = Tables(spend, revenue, "day", "EUR")
    for one, other in zip(
        read_account(healthy, tags=suggest_tags()), read_account(cents, tags=suggest_tags()), strict=True
    ):
        assert (one.name, one.state) == (other.name, other.state)
        if one.value is not None:
            assert other.value is not None
            assert one.value.p50 == pytest.approx(other.value.p50, rel=1e-4)


ODD = (
    "zero spend",
    "credits only",
    "zero claims",
    "negative claims",
    "no claims",
    "zero revenue",
    "negative revenue",
    "unknown revenue",
    "constant",
    "huge",
    "one row",
    "five days",
)


def odd(spend: pd.DataFrame, revenue: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, pd.DataFrame | None]]:
    nothing = dict.fromkeys(("conversion_value", "conversions", "clicks", "impressions"), np.nan)
    return {
        "zero spend": (spend.assign(spend=0.0), revenue),
        "credits only": (spend.assign(spend=-spend["spend"]), revenue),
        "zero claims": (spend.assign(conversion_value=0.0), revenue),
        "negative claims": (spend.assign(conversion_value=-1.0), revenue),
        "no claims": (spend.assign(**nothing, campaign=None), None),
        "zero revenue": (spend, revenue.assign(revenue=0.0, orders=0.0)),
        "negative revenue": (spend, revenue.assign(revenue=-5.0)),
        "unknown revenue": (spend, revenue.assign(revenue=np.nan, orders=np.nan)),
        "constant": (spend.assign(spend=10.0, conversion_value=20.0, conversions=1.0), revenue.assign(revenue=100.0)),
        "huge": (spend.assign(spend=1e12 * spend["spend"], conversion_value=1e12 * spend["conversion_value"]), revenue),
        "one row": (spend.head(1), revenue.head(1)),
        "five days": (spend[spend["date"] < spend["date"].min() + pd.Timedelta(days=5)], revenue.head(5)),
    }


@pytest.mark.parametrize("kind", ODD)
def test_odd_accounts_are_read_without_a_guess(kind):
    tables, _ = simulated(seed=2, weeks=30)
    assert tables.revenue is not None
    spend, revenue = odd(tables.spend, tables.revenue)[kind]
    for each in read_account(Tables(spend, revenue, "day", None), tags=suggest_tags(), margin=0.5):
        assert each.says.endswith(".")
        assert "nan" not in each.says
        assert each.to_dict()["name"] == each.name
        if each.state == "unknown":
            assert each.value is None
            assert each.missing
        else:
            assert each.value is not None
            assert np.isfinite([each.value.p5, each.value.p50, each.value.p95]).all()


def test_a_bare_table_is_told_what_is_missing():
    spend = simulated(seed=3, weeks=30)[0].spend[["date", "channel", "spend"]]
    found = {each.name: each for each in read_account(tables_of(spend), tags=suggest_tags())}
    assert {each.state for each in found.values()} == {"unknown"}
    assert found["missed_expectation"].missing == ("campaign",)
    assert "--revenue" in found["below_break_even"].says


# -- the view -------------------------------------------------------------


def test_the_view_adds_up_to_complete_weeks(healthy):
    view = look_at(healthy, {})
    inside = healthy.spend["date"] < pd.Timestamp(view.weeks[-1]) + pd.Timedelta(days=7)
    assert view.spend.sum() == pytest.approx(healthy.spend.loc[inside, "spend"].sum())
    assert len(view.weeks) == 104


def test_claims_that_still_arrive_are_left_out():
    frame = campaigns(60, some(10, 2.0, 2.0))
    frame.loc[frame["date"] == frame["date"].max(), ["conversions", "conversion_value"]] = 0.0
    tables = tables_of(frame, till(60), grain="week")
    last = START + dt.timedelta(60 * 7 - 1)
    whole = named(tables, "missed_expectation")
    ripe = named(tables, "missed_expectation", maturity=late(7, last, "Meta"))
    assert whole.facts["under"] == 1.0
    assert ripe.facts["under"] == 0.0


# -- campaigns that missed ------------------------------------------------


def test_campaigns_that_fell_are_counted():
    frame = campaigns(60, some(12, 2.0, 1.2) | some(8, 2.0, 2.0, start=12), spend=7000, seed=4)
    found = named(tables_of(frame, grain="week"), "missed_expectation")
    assert found.state == "concern"
    assert found.value is not None
    assert found.value.p5 <= 0.6 <= found.value.p95
    assert found.value.p95 - found.value.p5 < 0.25
    assert 6 <= found.facts["at_least"] <= 12
    assert "Luck alone would make 50 %" in found.says


@pytest.mark.slow
def test_luck_is_not_a_miss():
    states = []
    for seed in range(12):
        frame = campaigns(60, some(30, 2.0, 2.0), seed=seed)
        found = named(tables_of(frame, grain="week"), "missed_expectation")
        states.append(found.state)
        assert found.facts["at_least"] <= 3
    assert "concern" not in states


def test_few_sales_do_not_tell():
    found = named(tables_of(campaigns(60, some(20, 2.0, 1.2), spend=20, seed=5), grain="week"), "missed_expectation")
    assert found.state == "unknown"
    assert found.missing == ("sales",)


def test_young_campaigns_are_named_and_not_judged():
    frame = campaigns(60, some(10, 2.0, 2.0))
    young = (frame["campaign"] < "k03") & (frame["date"] < frame["date"].max() - pd.Timedelta(weeks=10))
    found = named(tables_of(frame[~young], grain="week"), "missed_expectation")
    assert (found.facts["young"], found.facts["judged"]) == (3, 7)
    assert found.facts["young_below"] == 0


def test_a_young_campaign_is_held_against_its_channel():
    frame = campaigns(60, some(10, 2.0, 2.0) | some(1, 0.5, 0.5, start=10), spend=7000)
    young = (frame["campaign"] == "k10") & (frame["date"] < frame["date"].max() - pd.Timedelta(weeks=10))
    found = named(tables_of(frame[~young], grain="week"), "missed_expectation")
    assert found.facts["young_below"] == 1
    assert "what their channel used to bring" in found.says


def test_claims_without_a_count_leave_luck_open():
    frame = campaigns(60, some(10, 2.0, 1.0), counted=False)
    assert named(tables_of(frame, grain="week"), "missed_expectation").missing == ("conversions",)


@pytest.mark.slow
def test_healthy_accounts_are_seldom_a_concern():
    states = [named(simulated(seed=seed)[0], "missed_expectation").state for seed in range(30)]
    assert states.count("concern") <= 1


@pytest.mark.slow
def test_a_broken_site_is_missed_by_most():
    for seed in range(5):
        found = named(simulated(seed=seed, causes=["conversion_rate_drop"])[0], "missed_expectation")
        assert found.state == "concern"
        assert found.value is not None
        assert found.value.p50 > 0.5


# -- break-even -----------------------------------------------------------


def test_claims_below_break_even_are_a_share_of_spend():
    frame = campaigns(40, {("Meta", "good"): (4.0, 4.0), ("Meta", "bad"): (0.5, 0.5)}, spend=7000, seed=6)
    found = named(tables_of(frame, till(40), grain="week"), "below_break_even", margin=0.5)
    assert found.state == "concern"
    assert found.facts["basis"] == "claims"
    assert found.value is not None
    assert found.value.p50 == pytest.approx(0.5)
    assert found.facts["sure"] == 1
    assert "own claims" in found.says


def test_claims_never_acquit():
    frame = campaigns(40, some(5, 9.0, 9.0), spend=7000, seed=6)
    assert named(tables_of(frame, till(40), grain="week"), "below_break_even", margin=0.5).state == "unclear"


def test_a_small_campaign_without_sales_is_not_surely_below():
    frame = campaigns(40, some(9, 3.0, 3.0), seed=7)
    tiny = campaigns(40, {("Meta", "tiny"): (0.0, 0.0)}, spend=1.0)
    found = named(tables_of(pd.concat([frame, tiny]), grain="week"), "below_break_even", margin=0.5)
    assert found.facts["sure"] == 0


# -- claims ---------------------------------------------------------------


def test_claims_above_the_till_cannot_be_true():
    rng = np.random.default_rng(1)
    frame = campaigns(70, some(5, 3.0, 3.0), seed=8)  # claims of 10,500 a week
    found = named(tables_of(frame, till(70, 8000 * rng.uniform(0.95, 1.05, 70)), grain="week"), "over_claim")
    assert found.state == "concern"
    assert found.facts["against"] == "till"
    assert "counted more than once" in found.says


def test_the_trend_of_claims_is_seen():
    frame = campaigns(70, some(5, 2.0, 3.0), seed=8)
    found = named(tables_of(frame, till(70, 50_000.0), grain="week"), "over_claim")
    assert found.state == "unclear"
    assert found.facts["change"].p5 > 0.2
    assert found.facts["change"].p95 < 0.7


# -- performance, campaigns, customers -------------------------------------


def brand_cut(weeks: int = 70) -> pd.DataFrame:
    frame = campaigns(weeks, {("YouTube", "Awareness film"): (1.0, 1.0), ("Search", "Brand"): (3.0, 3.0)})
    cut = (frame["channel"] == "YouTube") & (frame["date"] >= frame["date"].max() - pd.Timedelta(weeks=20))
    frame.loc[cut, ["spend", "conversion_value"]] /= 10
    return frame


def test_performance_rose_while_sales_without_ads_fell():
    base = np.where(np.arange(70) < 50, 20_000.0, 14_000.0) * np.random.default_rng(1).uniform(0.98, 1.02, 70)
    found = named(tables_of(brand_cut(), till(70, base), grain="week"), "performance_share")
    assert found.state == "concern"
    assert found.facts["labels"] == "names"
    assert found.facts["then"] == pytest.approx(0.5)
    assert found.facts["brand_change"] == pytest.approx(-0.9)
    assert "correlation" in found.says
    assert "suggested" in found.says


def test_performance_rose_and_nothing_else_happened():
    base = 20_000.0 * np.random.default_rng(1).uniform(0.99, 1.01, 70)
    assert named(tables_of(brand_cut(), till(70, base), grain="week"), "performance_share").state == "fine"


def test_less_than_a_year_does_not_tell_drift_from_season():
    found = named(tables_of(brand_cut(40), till(40), grain="week"), "performance_share")
    assert found.state == "unclear"
    assert "14 months" in found.says


def test_a_tags_file_says_what_brand_is():
    tags = Tags({"goal": {"brand": ("Search*",), "performance": ("*",)}})
    found = named(tables_of(brand_cut(), till(70), grain="week"), "performance_share", tags=tags)
    assert found.facts["labels"] == "tags"
    assert found.value is not None
    assert found.value.p50 == pytest.approx(70 / 770)


def test_brand_search_does_not_build_the_brand():
    frame = campaigns(70, {("Search", "Brand"): (3.0, 3.0), ("Search", "Generic"): (3.0, 3.0)})
    assert named(tables_of(frame, till(70), grain="week"), "performance_share").missing == ("brand labels",)


def test_more_and_smaller_campaigns_are_a_concern():
    frame = campaigns(60, some(4, 2.0, 2.0))
    more = campaigns(60, some(8, 2.0, 2.0, start=4))
    more = more[more["date"] >= more["date"].max() - pd.Timedelta(weeks=7)]
    both = pd.concat([frame, more])
    both.loc[both["date"] >= more["date"].min(), ["spend", "conversions", "conversion_value"]] /= 3
    found = named(tables_of(both, grain="week"), "proliferation")
    assert found.state == "concern"
    assert found.value is not None
    assert found.value.p50 == 3.0
    assert found.facts["young"] == pytest.approx(2 / 8 * 8 / 12, rel=0.01)  # their first two weeks of eight
    assert found.facts["effective"] == pytest.approx(12)
    assert found.facts["small"] == 1.0


def test_campaigns_of_the_first_day_are_no_launch():
    found = named(tables_of(campaigns(60, some(4, 2.0, 2.0)), grain="week"), "proliferation")
    assert found.state == "fine"
    assert found.facts["launches"] == 0
    assert found.facts["young"] == 0


def test_fewer_new_customers_are_a_concern():
    rng = np.random.default_rng(2)
    orders = rng.poisson(1000, 70).astype(float)
    new = rng.binomial(orders.astype(int), np.where(np.arange(70) < 60, 0.5, 0.35)).astype(float)
    tables = tables_of(campaigns(70, some(3, 2.0, 2.0)), till(70, orders=orders, new_customers=new), grain="week")
    found = named(tables, "returning_customers")
    assert found.state == "concern"
    assert found.value is not None
    assert found.value.p5 <= 0.65 <= found.value.p95
    assert found.facts["share_change"].p95 < -0.2


def test_more_new_customers_than_orders_is_said():
    tables = tables_of(campaigns(70, some(3, 2.0, 2.0)), till(70, orders=100.0, new_customers=120.0), grain="week")
    found = named(tables, "returning_customers")
    assert found.state == "unclear"
    assert "more new customers than orders" in found.says


# -- labels ---------------------------------------------------------------


def labelled(first: str, second: str, ratio: float, seed: int, spread: float = 0.2) -> pd.DataFrame:
    rng = np.random.default_rng((seed, 5))
    rates = {}
    for channel, level in (("A", 2.0), ("B", 5.0)):
        for i in range(4 if channel == "A" else 8):
            for label, factor in ((first, ratio), (second, 1.0)):
                # The first label stands mostly in the channel that claims less.
                if channel == "B" and label == first and i > 1:
                    continue
                rate = level * factor * float(np.exp(rng.normal(0, spread)))
                rates[(channel, f"{label} {i}")] = (rate, rate)
    return campaigns(30, rates, spend=2000, seed=seed)


@pytest.mark.parametrize(("name", "first", "second"), [("automated", "auto", "hand"), ("generated", "gen", "people")])
def test_labels_are_compared_within_channels(name, first, second):
    hits = 0
    for seed in range(12):
        frame = labelled(first, second, 1.0, seed)
        found = named(tables_of(frame, grain="week"), name, tags=KINDS)
        assert found.value is not None
        hits += found.value.p5 <= 1.0 <= found.value.p95  # blended, the ratio is about 0.6
    assert hits >= 9
    assert "not assigned at random" in found.says


def test_a_weaker_label_is_a_concern():
    found = named(tables_of(labelled("auto", "hand", 0.5, 1, spread=0.05), grain="week"), "automated", tags=KINDS)
    assert found.state == "concern"
    assert found.value is not None
    assert found.value.p5 <= 0.5 <= found.value.p95


def test_labels_in_different_channels_are_not_compared():
    frame = campaigns(30, {("A", "auto"): (2.0, 2.0), ("B", "hand"): (5.0, 5.0)})
    found = named(tables_of(frame, grain="week"), "automated", tags=KINDS)
    assert found.state == "unknown"
    assert "side by side" in found.says


def test_two_campaigns_are_no_comparison():
    frame = campaigns(30, {("A", "auto"): (2.0, 2.0), ("A", "hand"): (5.0, 5.0)}, spend=1e6)
    assert named(tables_of(frame, grain="week"), "automated", tags=KINDS).missing == ("campaigns",)


# -- concentration --------------------------------------------------------


def test_the_best_are_chosen_before_they_are_measured():
    rates = some(9, 1.0, 1.0) | {("Meta", "star"): (20.0, 20.0), ("Meta", "late"): (0.5, 99.0)}
    found = named(tables_of(campaigns(60, rates), grain="week"), "concentration")
    assert found.facts["names"] == ["star"]
    assert found.value is not None
    assert found.value.p50 == pytest.approx(20 / (9 + 20 + 99))


@pytest.mark.parametrize(("weeks", "past"), [(34, "half year"), (33, "25 weeks"), (12, "4 weeks"), (9, "week")])
def test_the_best_were_best_in_the_weeks_there_are(weeks, past):
    found = named(tables_of(campaigns(weeks, some(11, 1.0, 1.0)), grain="week"), "concentration")
    assert f"with the largest surplus in the {past} before (" in found.says


# -- short accounts -------------------------------------------------------


@pytest.mark.parametrize(("weeks", "last"), [(1, "last week"), (2, "last 2 weeks")])
@pytest.mark.parametrize("name", ["below_break_even", "automated"])
def test_one_week_is_not_weeks(name, weeks, last):
    frame = labelled("auto", "hand", 1.0, 1)
    frame = frame[frame["date"] < frame["date"].min() + pd.Timedelta(weeks=weeks)]
    for kept in (frame, frame.drop(columns="campaign")) if name == "below_break_even" else (frame,):
        says = named(tables_of(kept, grain="week"), name, tags=KINDS).says
        assert last in says
        assert "1 weeks" not in says


@pytest.mark.parametrize(("weeks", "last"), [(1, "50 % of the last week's"), (3, "50 % of the last 3 weeks'")])
def test_performance_of_one_week(weeks, last):
    rates = {("YouTube", "Awareness film"): (1.0, 1.0), ("Search", "Generic"): (3.0, 3.0)}
    found = named(tables_of(campaigns(weeks, rates), grain="week"), "performance_share")
    assert found.says.startswith(f"{last} spend is performance.")
