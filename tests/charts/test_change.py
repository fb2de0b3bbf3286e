"""Parts of a change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from roas.charts import theme
from tests.charts.looks import points, subtitle, texts, title
from tests.charts.unsteady_tables import (
    ALL_LOST,
    LOST,
    effects,
)


@pytest.mark.parametrize(
    ("frame", "before", "after", "total", "says"),
    [
        (LOST, 3.1, 2.5, ALL_LOST, "Conversion took 0.40 of the 0.60 that ROAS lost"),
        (LOST, 3.1, 2.5, None, "Conversion took 0.40 of the 0.60 that ROAS lost"),
        (effects(A=(0.3, 0.4, 0.5)), 2.1, 2.5, None, "A brought 0.40 of the 0.40 that ROAS gained"),
        (effects(A=(-1, -0.9, -0.8), B=(0.2, 0.3, 0.4)), 3.1, 2.5, ALL_LOST,
         "A took 0.90; others gave some back, so ROAS lost 0.60"),
        (LOST, 3.1, 2.5, {"p5": -0.9, "p50": -0.6, "p95": 0.1},
         "ROAS went from 3.10 to 2.50, no further than luck could take it"),
        (effects(A=(-1, -0.6, 0.2)), 3.1, 2.5, ALL_LOST, "ROAS lost 0.60; which part took it cannot be told"),
        (LOST.assign(material=False), 3.1, 2.5, ALL_LOST, "ROAS lost 0.60; which part took it cannot be told"),
        (effects(A=(-0.5, -0.4, -0.3), B=(0.3, 0.4, 0.5)), 3.1, 3.1, None,
         "ROAS stayed at 3.10: what its parts took and brought adds up to nothing"),
        (effects(**{f"f{i}": (-0.2, -0.1, -0.05) for i in range(6)}), 3.1, 2.5, None,
         "ROAS lost 0.60 in many parts; the largest, f0, took 0.10"),
        (LOST, None, 2.5, None, "The change of ROAS cannot be told"),
        (LOST.assign(p50=np.nan), 3.1, 2.5, ALL_LOST, "What the change of ROAS consists of cannot be told"),
        (effects(), 3.1, 2.5, None, "What the change of ROAS consists of cannot be told"),
    ],
)  # fmt: skip
def test_change_title(frame: pd.DataFrame, before: float, after: float, total: Any, says: str) -> None:
    assert title(charts.change_bars(frame, before=before, after=after, total=total)) == says


def test_every_bar_begins_at_zero_and_the_bars_add_up() -> None:
    ax: Any = charts.change_bars(LOST, before=3.1, after=2.5, total=ALL_LOST, currency="EUR", periods="May and June")
    bars = [(p.get_x(), p.get_width()) for p in ax.patches]
    assert all(x == 0 for x, _ in bars)
    assert sum(wide for _, wide in bars[:-1]) == pytest.approx(bars[-1][1])
    assert {"−0.40 (−0.50 to −0.30)", "0.00 (−0.20 to +0.10)", "All together", "−0.60 (−0.80 to −0.40)"} <= set(
        texts(ax)
    )
    assert "ROAS from 3.10 to 2.50, revenue per €1; May and June. The parts add up" in subtitle(ax)
    assert "no order" in subtitle(ax)


def test_parts_that_could_be_luck_are_grey() -> None:
    ax: Any = charts.change_bars(LOST, before=3.1, after=2.5)
    from matplotlib.colors import to_hex

    assert [to_hex(p.get_facecolor()) for p in ax.patches] == [theme.HUES[1], theme.HUES[1], theme.OTHER, theme.INK]


def test_order_of_the_parts_does_not_change_the_chart() -> None:
    first, second = (charts.change_bars(t, before=3.1, after=2.5) for t in (LOST, LOST.iloc[::-1]))
    assert texts(first) == texts(second)


def test_an_endless_interval_is_cut_with_an_arrow() -> None:
    ax: Any = charts.change_bars(effects(A=(-0.5, -0.4, -0.3), B=(-90.0, -0.2, 90.0)), before=3.1, after=2.5)
    low, high = ax.get_xlim()
    assert -2 < low < high < 2
    assert points(ax, "<")
    assert points(ax, ">")


def test_small_parts_are_added_up() -> None:
    many = effects(**{f"f{i}": (0.01, 0.02, 0.03) for i in range(60)})
    ax: Any = charts.change_bars(many, before=1.0, after=2.2)
    assert "52 others" in texts(ax)
    assert sum(p.get_width() for p in ax.patches[:-1]) == pytest.approx(1.2)
