"""What one more week usually brings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.weekly.figures import weekly_sums
from roas.weekly.mixture import OUTSIDE
from roas.weekly.usual import FARTHEST_AHEAD, FEWEST_WEEKS, usual
from tests.weekly.accounts import analysis_of


def ends_of(*asked: Any, **told: Any) -> tuple[float, float] | None:
    """The ends of the usual range; None where too little is known."""
    found = usual(*asked, **told)
    return None if found is None else (found.low, found.high)


Array = npt.NDArray[np.float64]

Draw = Callable[[np.random.Generator, int], Array]


def normal_weeks(count: int, seed: int = 0, sd: float = 0.1) -> Array:
    return np.exp(sd * np.random.default_rng(seed).normal(size=count)) * 1000


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
