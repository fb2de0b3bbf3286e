"""The week's figures and their usual range."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.volatility.maturity.cut import Maturity
from roas.weekly.figures import figures, weekly_sums
from roas.weekly.usual import FARTHEST_AHEAD, FEWEST_WEEKS, OUTSIDE, usual
from roas.weekly.week import Week
from tests.weekly.accounts import MONDAY, analysis_of, steady, till


def ends_of(*asked: Any, **told: Any) -> tuple[float, float] | None:
    """The ends of the usual range; None where too little is known."""
    found = usual(*asked, **told)
    return None if found is None else (found.low, found.high)


Array = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Array]


def normal_weeks(count: int, seed: int = 0, sd: float = 0.1) -> Array:
    return np.exp(sd * np.random.default_rng(seed).normal(size=count)) * 1000


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


# ---- the range ----------------------------------------------------------------------------------


def test_no_range_from_too_few_weeks() -> None:
    values = normal_weeks(FEWEST_WEEKS)
    weeks = np.arange(len(values), dtype=float)
    assert ends_of(values[1:], weeks[1:], FEWEST_WEEKS) is None
    assert ends_of(np.zeros(20), np.arange(20.0), 20) is None
    values[0] = math.nan
    assert ends_of(values, weeks, FEWEST_WEEKS) is None


def test_few_weeks_give_a_wider_range_than_many() -> None:
    widths = []
    for count in (8, 48):
        ends = [ends_of(normal_weeks(count, seed), np.arange(float(count)), count) for seed in range(6)]
        widths.append(np.median([math.log(high / low) for low, high in filter(None, ends)]))
    assert widths[0] > 1.1 * widths[1]


def test_the_range_of_plain_noise_is_that_of_the_normal_law() -> None:
    low, high = ends_of(normal_weeks(104), np.arange(104.0), 104) or (0.0, 0.0)
    assert math.log(high / low) == pytest.approx(2 * 1.645 * 0.1, rel=0.2)


def test_a_trend_is_followed() -> None:
    values = 1000 * 1.02 ** np.arange(60.0) * normal_weeks(60, sd=0.02) / 1000
    low, high = ends_of(values, np.arange(60.0), 60) or (0.0, 0.0)
    assert low < 1000 * 1.02**60 < high and high / low < 1.25


def test_the_range_is_never_narrower_than_counting() -> None:
    values = 1000.0 + np.arange(30.0) % 2
    weeks = np.arange(30.0)
    noise = np.full(30, 0.01)
    low, high = ends_of(values, weeks, 30, relative_noise=noise, noise_ahead=0.01) or (0.0, 0.0)
    assert math.log(high / low) >= 2 * 1.645 * 0.1
    low, high = ends_of(values, weeks, 30, relative_noise=noise, noise_ahead=0.04) or (0.0, 0.0)
    assert math.log(high / low) >= 2 * 1.645 * 0.2


def test_weeks_without_sales_are_no_trouble() -> None:
    counts = np.random.default_rng(0).poisson(1.0, 40).astype(float)
    low, high = ends_of(counts, np.arange(40.0), 40, counts=counts) or (-1.0, -1.0)
    assert low == 0.0 and 2 < high < 8


def test_how_unlikely_a_week_is_fits_its_range() -> None:
    few: Array = np.random.default_rng(0).poisson(3.0, 20).astype(np.float64)
    for values, counts in ((normal_weeks(20), None), (few, few)):
        found = usual(values, np.arange(20.0), 20, counts=counts)
        assert found is not None
        for end, outwards in ((found.low, -1e-6), (found.high, 1e-6)):
            if end > 0:
                assert found.unlikely(end) == pytest.approx(OUTSIDE, abs=1e-6)
                assert (found.unlikely(end * (1 + outwards)) or 0.0) < OUTSIDE
        middle = [found.unlikely(each) or 0.0 for each in np.linspace(found.low, found.high, 9)[1:-1]]
        assert min(middle) > OUTSIDE and max(middle) > 0.6
        assert found.unlikely(0.0) is not None and found.unlikely(1e9) == pytest.approx(0.0, abs=1e-6)


def test_weeks_left_out_are_as_if_they_were_not_there() -> None:
    """Looking four weeks ahead with thirty weeks is looking ahead with the first twenty-seven."""
    values, weeks = normal_weeks(30), np.arange(30.0)
    whole, part = usual(values, weeks, 30), usual(values[:27], weeks[:27], 30)
    assert whole is not None and part is not None
    for value in (850.0, 1000.0, 1200.0):
        assert whole.unlikely(value, ahead=4) == pytest.approx(part.unlikely(value), abs=2e-3)
        assert part.unlikely(value, ahead=4) == part.unlikely(value)
    assert whole.unlikely(1000.0, ahead=FARTHEST_AHEAD + 1) is None
    short = usual(values[:10], weeks[:10], 10)
    assert short is not None and short.unlikely(1000.0, ahead=3) is not None
    assert short.unlikely(1000.0, ahead=4) is None


@settings(max_examples=8)
@given(st.lists(st.floats(0.01, 1e9), min_size=8, max_size=20), st.floats(1e-3, 1e3))
def test_cents_and_euros_have_the_same_range(values: list[float], unit: float) -> None:
    weeks = np.arange(float(len(values)))
    one = ends_of(np.array(values), weeks, len(values))
    other = ends_of(np.array(values) * unit, weeks, len(values))
    assert one is not None and other is not None and one[0] <= one[1]
    assert np.allclose(np.array(one) * unit, other, rtol=1e-6)


def remembering(memory: float, sd: float, *, wave: float = 0.0, trend: float = 0.0, sales: float = 0.0) -> Draw:
    """Weeks with memory, a yearly wave and a trend; with `sales`, revenue of counted sales of uneven baskets."""

    def draw(rng: np.random.Generator, count: int) -> Array:
        noise = sd * rng.normal(size=count)
        for k in range(1, count):
            noise[k] = memory * noise[k - 1] + math.sqrt(1 - memory**2) * noise[k]
        t = np.arange(count)
        level = np.exp(noise + wave * np.sin(2 * np.pi * t / 52.18 + rng.uniform(0, 6.3)) + trend * t / 52)
        if not sales:
            return np.asarray(1000 * level)
        return np.array([rng.lognormal(0, 0.7, k).sum() for k in rng.poisson(sales * level)])

    return draw


#: What weeks may be like: noise alone, demand with memory, a strong season with growth, a level that wanders, few sales.
WORLDS = {
    "noise": remembering(0.0, 0.1),
    "memory": remembering(0.5, 0.1),
    "season": remembering(0.4, 0.06, wave=0.4, trend=0.3),
    "wandering": remembering(0.97, 0.2),
    "few sales": remembering(0.3, 0.1, sales=5.0),
    "many sales": remembering(0.3, 0.1, wave=0.2, sales=300.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_nine_weeks_in_ten_lie_inside(world: str) -> None:
    """200 weeks per length of history; a rate of 0.9 then has a standard error of 0.02."""
    for count in (8, 20, 60, 100):
        inside = []
        for seed in range(200):
            values = WORLDS[world](np.random.default_rng(seed), count + 1)
            noise = np.full(count, 1.63 / 5) if world == "few sales" else None
            ends = ends_of(values[:-1], np.arange(float(count)), count, relative_noise=noise,
                               counts=np.full(count, 5.0) if world == "few sales" else None)  # fmt: skip
            inside.append(ends is not None and ends[0] <= values[-1] <= ends[1])
        assert 0.84 <= np.mean(inside) <= 0.97, (count, np.mean(inside))


@pytest.mark.slow
def test_nine_weeks_in_ten_of_simulated_shops_lie_inside() -> None:
    from roas.io.load import LoadOptions, merge_files, read_files
    from roas.simulator import simulate

    inside = []
    for seed in range(9):
        frames, _ = simulate(seed=500 + seed, weeks=100, scale=[0.1, 1.0, 5.0][seed % 3])
        tables = merge_files(read_files(frames["spend"], frames["revenue"], options=LoadOptions()), LoadOptions())
        sums = weekly_sums(analysis_of(tables.spend, tables.revenue))
        for week in sums.weeks[12::9]:
            for name in sums.values:
                value, ends = sums.at(name, week), sums.band(name, week)
                inside.append(value is not None and ends is not None and ends[0] <= value <= ends[1])
    assert len(inside) > 500 and 0.85 <= np.mean(inside) <= 0.96
