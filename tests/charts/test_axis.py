"""Weeks under a chart: months short, and never into each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from roas.charts import theme
from roas.charts.axis import week_axis
from roas.language import speaking


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def under(weeks: int, *, wide: float = 4.0, size: float = 12.0, beside: float = 1.3) -> Any:
    """Return the axes of a chart for a phone, drawn, with weeks under it and room for words beside it."""
    figure = theme.figure((wide, 3.5))
    ax = figure.add_axes((0.2, 0.2, 1 - beside / wide - 0.2, 0.7))
    week_axis(ax, pd.Series(pd.date_range("2024-12-30", periods=weeks, freq="7D")), size=size)
    figure.canvas.draw()
    return ax


def said(ax: Any) -> list[str]:
    return [each.get_text() for each in ax.get_xticklabels() if each.get_text()]


@pytest.mark.parametrize("language", ["en", "nl", "vi"])
@pytest.mark.parametrize("weeks", [5, 8, 9, 20, 52, 80, 104])
def test_marks_stand_apart_on_a_phone(language: str, weeks: int) -> None:
    with speaking(language):
        ax = under(weeks, size=14.0)
    boxes = [each.get_window_extent() for each in ax.get_xticklabels() if each.get_text()]
    assert len(boxes) >= 2
    assert all(a.x1 + 4 <= b.x0 for a, b in pairwise(boxes))


def test_a_page_keeps_its_marks() -> None:
    assert len(said(under(30, wide=9.0))) == 7


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Jan\n2025", "Apr", "Jul", "Oct"]),
        ("nl", ["jan\n2025", "apr", "jul", "okt"]),
        ("vi", ["thg 1\n2025", "thg 4", "thg 7", "thg 10"]),
    ],
)
def test_months_are_short_in_each_language(language: str, expected: list[str]) -> None:
    with speaking(language):
        assert said(under(52, wide=9.0))[0] == expected[0]
        assert set(said(under(52))) <= set(expected)
