"""Weekly ROAS, its breaks and what luck does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from roas.charts import theme
from tests.charts.looks import points, subtitle, texts, title
from tests.charts.unsteady_tables import (
    FELL,
    breaks,
    weeks,
)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (weeks(), "Nothing but luck to be seen: all 52 weeks are within its range"),
        (weeks(outside=5), "No more than luck: 47 of 52 weeks are within its range, about 47 would be"),
        (weeks(outside=11), "41 of 52 weeks are within what luck alone does; luck alone would keep about 47"),
        (weeks(6), "All 6 weeks are within what luck alone does"),
        (weeks().assign(roas=[60.0, 5.0, *([3.0] * 50)]), "1 week far beyond luck; 50 of 52 are within its range"),
        (weeks(1), "The only week is within what luck alone does"),
        (weeks(1, outside=1), "The only week is beyond what luck alone does"),
        (weeks(5, unfinished=5), "How much of MER is luck cannot be told"),
        (weeks().assign(lower=np.nan, upper=np.nan), "How much of MER is luck cannot be told"),
        (weeks().assign(roas=np.nan), "Weekly MER cannot be told"),
        (weeks(0), "Weekly MER cannot be told"),
    ],
)
def test_weeks_outside_are_counted_against_what_luck_leaves_outside(frame: pd.DataFrame, says: str) -> None:
    assert title(charts.roas_with_noise(frame)) == says


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([FELL], "MER fell around 4 August 2025 and stayed down"),
        ([("2025-08-04", 2.3, 3.1, 0.99)], "MER rose around 4 August 2025 and stayed up"),
        ([("2025-08-04", 3.1, 2.3, 0.7)], "MER probably fell around 4 August 2025 and stayed down"),
        ([("2025-08-04", 3.1, 2.3, 0.5)], "MER may have fallen around 4 August 2025 and stayed down"),
        ([("2025-12-15", 3.1, 2.3, 0.99)], "MER fell around 15 December 2025"),
        ([("2025-08-04", None, 2.3, 0.5)], "MER changed its level around 4 August 2025"),
        ([FELL, ("2025-04-07", 3.5, 3.1, 0.9)],
         "MER changed its level 2 times; last it fell around 4 August 2025, from 3.10 to 2.30"),
        ([("2030-08-04", 3.1, 2.3, 0.9)], "Nothing but luck to be seen: all 52 weeks are within its range"),
    ],
)  # fmt: skip
def test_a_break_is_said_as_surely_as_it_is(rows: list[Any], says: str) -> None:
    assert title(charts.roas_with_noise(weeks(), breaks=breaks(*rows))) == says


def test_breaks_are_marked_where_the_level_changes() -> None:
    ax: Any = charts.roas_with_noise(weeks(), breaks=breaks(FELL, ("2025-04-07", 3.5, 3.1, 0.72)), name="Meta")
    assert {"since 4 Aug: 3.10 → 2.30", "since 7 Apr: 3.50 → 3.10 (72 % sure)"} <= set(texts(ax))
    upright = [
        line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2
    ]
    first = ax.lines[1].get_xdata()[13] if len(ax.lines) > 1 else 0
    assert len(upright) == 2
    assert first - 7 < upright[0] < first
    assert title(ax).startswith("Meta: MER changed")


def test_only_the_largest_breaks_have_words() -> None:
    days = pd.date_range("2025-02-03", periods=8, freq="28D")
    many = pd.DataFrame({"date": days, "before": 3.0, "after": np.linspace(2.9, 1.5, 8), "probability": 0.99})
    ax = charts.roas_with_noise(weeks(), breaks=many)
    assert sum(t.startswith("since") for t in texts(ax)) == 3
    assert "→ 1.50" in " ".join(texts(ax))


def test_weeks_outside_have_a_shape_of_their_own() -> None:
    ax = charts.roas_with_noise(weeks(outside=11))
    assert [y for _, y in points(ax, "^")] == [5.0] * 6
    assert [y for _, y in points(ax, "v")] == [1.0] * 5


def test_unfinished_weeks_are_hollow_hatched_named_and_not_judged() -> None:
    frame = weeks(52, outside=2, unfinished=2)
    frame.loc[0, "complete"] = False
    ax: Any = charts.roas_with_noise(frame)
    assert title(ax) == "Nothing but luck to be seen: all 49 weeks are within its range"
    assert subtitle(ax).endswith("not final since 22 December 2025, incomplete week of 6 January 2025")
    assert [p.get_hatch() for p in ax.patches] == ["////"] * 3
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == theme.PAPER]
    assert [list(line.get_ydata()) for line in hollow] == [[3.0, 5.0, 1.0]]


def test_missing_weeks_stay_gaps_and_ratios_start_at_zero() -> None:
    ax: Any = charts.roas_with_noise(weeks().drop(index=[4, 5]), break_even=6.0, shares={"sampling": 0.71})
    line = next(line for line in ax.lines if line.get_color() == theme.INK and len(line.get_xdata()) == 52)
    assert list(np.flatnonzero(np.isnan(np.asarray(line.get_ydata(), float)))) == [4, 5]
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] >= 6
    assert {"Break-even\n6.00", "Level\n3.00"} <= set(texts(ax))
    assert "Luck is 71 % of the variance" in subtitle(ax)


def test_one_wild_week_does_not_hide_the_others() -> None:
    frame = weeks()
    frame.loc[7, ["roas", "upper"]] = [4000.0, 9000.0]
    ax = charts.roas_with_noise(frame)
    assert ax.get_ylim()[1] < 12
    assert "1 week above the chart, up to 4000" in subtitle(ax)


def test_a_small_image_of_weeks_and_their_band() -> None:
    """The band is grey where the limits say, and paper outside of them."""
    ax: Any = charts.roas_with_noise(weeks(), ax=theme.figure().add_subplot())
    ax.figure.set_dpi(40)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert pixels.shape == (162, 288, 3)

    def light(roas: float) -> int:
        x, y = ax.transData.transform((ax.get_xlim()[0] + 100, roas))
        return int(pixels[162 - int(y), int(x)].sum())

    assert light(3.5) < light(1.5) - 30
    assert light(2.5) < light(1.5) - 30
