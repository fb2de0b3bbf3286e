"""The week's figures."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from roas.volatility.maturity.cut import Maturity
from roas.weekly.figures import figures, weekly_sums
from roas.weekly.week import Week
from tests.weekly.accounts import MONDAY, analysis_of, steady, till


def test_the_three_numbers_of_the_page_come_first() -> None:
    shop = figures(analysis_of(steady(4), till(4)))
    assert [each.name for each in shop] == [
        "spend", "revenue", "mer", "claimed_revenue", "claimed_roas", "conversions"
    ]  # fmt: skip
    claims = figures(analysis_of(steady(4)))
    assert [each.name for each in claims] == ["spend", "claimed_revenue", "claimed_roas", "conversions"]
    assert [each.unit for each in claims] == ["money", "money", "ratio", "count"]


def test_values_are_sums_of_the_week_and_ratios_of_sums() -> None:
    spend = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-01-06", "2025-01-12", "2025-01-13", "2025-01-19", "2025-01-19"]),
            "channel": ["A", "A", "A", "A", "B"],
            "spend": [10.0, 30.0, 50.0, 1.0, 9.0],
            "conversions": [1.0, 1.0, 2.0, 0.0, 1.0],
            "conversion_value": [100.0, 20.0, 30.0, 0.0, 90.0],
        }
    )
    found = {each.name: each for each in figures(analysis_of(spend))}
    assert (found["spend"].before, found["spend"].value) == (40.0, 60.0)
    assert (found["claimed_roas"].before, found["claimed_roas"].value) == (3.0, 2.0)
    assert found["claimed_roas"].change == pytest.approx(-1 / 3)
    assert found["conversions"].value == 3.0
    assert found["spend"].low is None and not found["spend"].unusual


def test_a_week_may_be_asked_for_and_need_not_be_there() -> None:
    account = analysis_of(steady(12), till(12))
    second = Week(MONDAY).next
    assert [each.value for each in figures(account, second)][:3] == [700.0, 7000.0, 10.0]
    assert all(each.value is None and each.low is None for each in figures(account, Week.parse("2030-W01")))
    assert figures(analysis_of(steady(12).iloc[:3])) == ()


def test_a_week_that_the_shops_export_covers_in_part_has_no_revenue() -> None:
    short = till(12).iloc[:-2]
    found = {each.name: each for each in figures(analysis_of(steady(12), short))}
    assert (found["revenue"].value, found["mer"].value) == (None, None)
    assert found["revenue"].before == 7000.0 and found["spend"].value == 700.0


def test_claims_known_to_be_arriving_have_no_range() -> None:
    late = Maturity(dt.date(2025, 4, 5), 10, "exports", "")
    account = analysis_of(steady(14), till(14), maturity={"Meta": late})
    found = {each.name: each.low for each in figures(account)}
    assert found["claimed_revenue"] is found["claimed_roas"] is found["conversions"] is None
    assert found["mer"] is not None and found["spend"] is not None
    for why, has_range in (("default", False), ("window", False), ("till", True)):
        other = Maturity(dt.date(2025, 4, 7), 7, why, "")  # type: ignore[arg-type]
        assert (figures(analysis_of(steady(14), maturity={"Meta": other}))[1].low is not None) is has_range
    over = Maturity(dt.date(2025, 4, 14), 7, "default", "")
    assert figures(analysis_of(steady(14), maturity={"Meta": over}))[1].low is not None


def test_a_week_of_half_the_sales_is_unusual_and_a_plain_one_is_not() -> None:
    spend = steady(20)
    assert not any(each.unusual for each in figures(analysis_of(spend)))
    spend.loc[spend["date"] >= "2025-05-19", ["conversions", "conversion_value"]] *= 0.5
    assert {each.name for each in figures(analysis_of(spend)) if each.unusual} == {
        "claimed_revenue", "claimed_roas", "conversions"
    }  # fmt: skip


def test_a_week_that_is_in_no_file_is_not_known() -> None:
    spend = steady(24, channels=("A", "B"))
    gap = analysis_of(spend[(spend["date"] < "2025-06-09") | (spend["date"] >= "2025-06-16")], till(24))
    whole = analysis_of(spend, till(24))
    found, full = ({each.name: each for each in figures(account)} for account in (gap, whole))
    assert weekly_sums(gap).at("spend", Week.parse("2025-W24")) is None
    assert weekly_sums(gap, "A").at("spend", Week.parse("2025-W24")) is None
    assert found["spend"].value == full["spend"].value == 1400.0
    assert (found["spend"].before, full["spend"].before, found["mer"].before) == (None, 1400.0, None)
    assert not found["spend"].unusual
    for name in ("revenue", "claimed_revenue"):
        low, high = found[name].low or 0.0, found[name].high or 0.0
        assert low == pytest.approx(full[name].low, rel=0.1) and high == pytest.approx(full[name].high, rel=0.1)


def test_three_figures_are_judged_together() -> None:
    """A week just outside the range of one figure is not called unusual, and one far outside is."""
    spend = steady(20)
    low = next(each.low for each in figures(analysis_of(spend)) if each.name == "conversions") or 0.0
    last = spend["date"] >= "2025-05-19"
    sold = float(spend.loc[last, "conversions"].sum())
    for share, unusual in ((0.99, False), (0.6, True)):
        changed = spend.copy()
        changed.loc[last, ["conversions"]] *= share * low / sold
        (found,) = (each for each in figures(analysis_of(changed, till(20))) if each.name == "conversions")
        assert found.value is not None and found.low is not None and found.value < found.low
        assert found.unusual is unusual and (found.unlikely or 0.0) < 0.4


def test_the_range_knows_nothing_of_its_own_week() -> None:
    spend = steady(20)
    ranges = []
    for factor in (1.0, 9.0):
        changed = spend.assign(conversion_value=spend["conversion_value"].where(spend["date"] < "2025-05-19", factor))
        ranges.append([(f.low, f.high) for f in figures(analysis_of(changed)) if f.name == "claimed_revenue"])
    assert ranges[0] == ranges[1]


def test_a_channel_without_a_row_spent_nothing_and_one_yet_to_come_has_no_past() -> None:
    spend = steady(12, channels=("A", "B"))
    kept = spend[(spend["channel"] == "A") | (spend["date"] >= "2025-03-03") & (spend["date"] < "2025-03-17")]
    sums = weekly_sums(analysis_of(kept), "B")
    assert str(sums.weeks[0]) == "2025-W10"
    assert [sums.at("spend", each) for each in sums.weeks[:3]] == [700.0, 700.0, 0.0]
    assert sums.at("claimed_revenue", sums.weeks[2]) is None
    assert weekly_sums(analysis_of(kept), "C").weeks == ()
