"""Small pictures: inside their edges, gaps stay gaps, the same in words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.quantiles import Q
from roas.report.weekly.sparkline import BAND, LINE, SPAN, band, bars, reach, span, sparkline

AMOUNTS = st.lists(st.none() | st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=60)
NUMBER = st.floats(-1e6, 1e6, allow_subnormal=False)


def points(svg: str) -> list[tuple[float, float]]:
    """Every point of a path, and the middle of every circle."""
    along = re.findall(r"(-?[\d.]+) (-?[\d.]+)", " ".join(re.findall(r' d="([^"]*)"', svg)))
    round_ones = re.findall(r'cx="(-?[\d.]+)" cy="(-?[\d.]+)"', svg)
    return [(float(x), float(y)) for x, y in (*along, *round_ones)]


@given(AMOUNTS)
def test_a_line_stays_inside_its_picture(values: list[float | None]) -> None:
    for x, y in points(sparkline(values, says="", line=1.5)):
        assert 0 <= x <= LINE[0]
        assert 0 <= y <= LINE[1]


@given(AMOUNTS)
def test_a_gap_is_not_drawn_over(values: list[float | None]) -> None:
    text = "".join("x" if value is not None else " " for value in values)
    stretches = [run for run in text.split() if len(run) > 1]
    assert sparkline(values, says="").count("<path") == len(stretches)


def test_zero_lies_on_the_ground_and_the_largest_value_at_the_top() -> None:
    (_, low), (_, high) = points(sparkline([0.0, 4.0], says=""))[:2]
    assert low == 26
    assert high == 4


def test_what_still_grows_is_dashed_and_ends_hollow() -> None:
    svg = sparkline([1.0, 2.0, 3.0, 4.0], says="", settled=2)
    assert 'class="spark late"' in svg
    assert 'class="dot late"' in svg
    assert "late" not in sparkline([1.0, 2.0, 3.0, 4.0], says="", settled=4)


@given(AMOUNTS)
def test_bars_stand_on_the_ground_and_only_where_money_was_spent(values: list[float | None]) -> None:
    found = re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', bars(values, says=""))
    assert len(found) == sum(bool(value) for value in values)
    assert all(float(y) + float(tall) == pytest.approx(LINE[1], abs=0.11) for y, tall in found)


@given(NUMBER, NUMBER, NUMBER, st.lists(st.none() | NUMBER, max_size=30))
def test_a_week_lies_in_its_band_where_its_value_does(
    value: float, a: float, b: float, past: list[float | None]
) -> None:
    low, high = min(a, b), max(a, b)
    svg = band(value, low, high, past, says="", unusual=not low <= value <= high)
    x, wide = (float(each) for each in re.findall(r'class="often" x="(-?[\d.]+)" y="3" width="([\d.]+)"', svg)[0])
    middle = float(re.findall(r'cx="(-?[\d.]+)"', svg)[0])
    tenth = 0.11  # coordinates are written to a tenth
    assert 0 <= x <= x + wide <= BAND[0] + tenth
    assert 0 <= middle <= BAND[0]
    assert (x - tenth <= middle <= x + wide + tenth) or not low <= value <= high


def test_intervals_on_one_scale_can_be_compared() -> None:
    predicted, realised = Q(100.0, 200.0, 300.0), Q(-400.0, 200.0, 800.0)
    ends = reach([predicted, realised])
    assert ends == (-400.0, 800.0)
    drawn = [span(each, ends, says="", kind="predicted") for each in (predicted, realised)]
    middles = [re.findall(r'middle" x="([\d.]+)"', svg)[0] for svg in drawn]
    zeros = [re.findall(r'class="zero" d="M([\d.]+)', svg)[0] for svg in drawn]
    assert middles[0] == middles[1]
    assert zeros[0] == zeros[1]
    wide = [float(re.findall(r'predicted" x="[\d.]+" y="3" width="([\d.]+)"', svg)[0]) for svg in drawn]
    assert wide[1] == pytest.approx(6 * wide[0], rel=0.01)
    assert wide[1] < SPAN[0]


def test_words_of_a_picture_cannot_end_its_attribute() -> None:
    svg = bars([1.0], says='"><script>alert(1)</script>')
    assert "<script" not in svg
    assert svg.count("aria-label") == 1
