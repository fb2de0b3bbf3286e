"""Top paths, their lengths and how long they take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from roas.charts import theme
from roas.charts.attribution import lengths
from tests.charts.attribution.tables import paths
from tests.charts.looks import boxes, on, overlap, subtitle, texts, title


def test_thin_lengths_between_are_joined_with_their_neighbours() -> None:
    frame = pd.DataFrame({"touches": [1, 2, 3, 4], "journeys": [100, 5, 50, 40], "conversions": [10, 5, 1, 1]})
    assert [(r.name, r.journeys) for r in lengths._rows(frame, 10)] == [("1 touch", 100), ("2 to 3", 55), ("4", 40)]
    assert lengths._rows(frame.assign(journeys=[5, 1, 1, 1]), 10) == []


def test_repeats_are_collapsed_and_equal_paths_added_up() -> None:
    frame = pd.DataFrame(
        [(("Email", "Email", "Email", "Ads"), 20, 8, 80.0), (("Email", "Email", "Email", "Ads"), 30, 2, 20.0),
         (("Ads",), 9, 9, 1.0)], columns=["path", "journeys", "conversions", "value"],
    )  # fmt: skip
    ax = charts.top_paths(frame, currency="EUR")
    said = texts(ax)
    assert {"Email ×3", "Ads", "10", "20 %", "€100"} <= set(said)
    assert said.count("Ads") == 1, "a path of nine journeys is not shown"
    assert "Paths of fewer than 10 journeys are not shown" in subtitle(ax)
    assert title(ax) == "The path with most conversions goes from Email to Ads: 53 % of all"


def test_long_paths_keep_both_ends() -> None:
    names = tuple(f"channel number {i}" for i in range(30))
    frame = pd.DataFrame([(names, 100, 50)], columns=["path", "journeys", "conversions"])
    said = texts(charts.top_paths(frame, ax=on(theme.PHONE)))
    assert "…" in said
    assert any(text.startswith("chan") and text.endswith("0") for text in said)
    assert any(text.startswith("chan") and text.endswith("29") for text in said)


@pytest.mark.parametrize("size", [theme.SIZE, theme.PHONE])
def test_chains_end_before_the_figures(size: tuple[float, float]) -> None:
    names = [f"Paid social ({c}, prospecting)" for c in "ABCDEF"]
    ax: Any = charts.top_paths(paths(names), currency="EUR", ax=on(size))
    chips = [p.get_window_extent() for p in ax.patches if type(p).__name__ == "FancyBboxPatch"]
    assert chips
    assert max(c.x1 for c in chips) <= ax.get_window_extent().x1 + 1
    found = boxes(ax)
    assert not [1 for i, a in enumerate(found) for b in found[:i] if overlap(a, b)]


def test_no_rate_is_told_where_only_conversions_are_known() -> None:
    ax = charts.top_paths(paths(["A", "B"]), nulls_known=False)
    assert "rate" not in texts(ax)
    assert "Rate" not in subtitle(ax)


def test_rare_lengths_are_added_to_the_longest() -> None:
    frame = pd.DataFrame({"touches": [1, 2, 3, 4], "journeys": [100, 50, 6, 3], "conversions": [10, 5, 1, 1]})
    rows = lengths._rows(frame, 10)
    assert [(r.name, r.journeys) for r in rows] == [("1 touch", 100), ("2 or more", 59)]
    assert [r.name for r in lengths._rows(frame.head(2), 10)] == ["1 touch", "2"]


def test_lengths_whose_intervals_meet_are_not_ranked() -> None:
    frame = pd.DataFrame({"touches": [1, 2], "journeys": [100, 100], "conversions": [20, 22]})
    assert title(charts.path_length(frame)) == (
        "50 % of journeys have one touch; how often a length converts does not clearly differ"
    )
    clear = frame.assign(conversions=[10, 60])
    says = "50 % of journeys have one touch; 10 % of those with 1 touch convert, 60 % of those with 2 touches"
    assert title(charts.path_length(clear)) == says


def test_lengths_tell_no_rate_without_the_other_journeys() -> None:
    frame = pd.DataFrame({"touches": [1, 2], "journeys": [75, 25], "conversions": [75, 25]})
    ax = charts.path_length(frame, nulls_known=False)
    assert title(ax) == "75 % of converting journeys have one touch"
    assert "convert" not in texts(ax)


def test_median_and_ninety_percent_of_days() -> None:
    ax = charts.time_to_convert([40, 20, 20, 15, 5])
    assert title(ax) == "Half of the conversions come within 2 days of the first touch, 90 % within 4 days"
    assert {"half within 2 days", "90 % within 4 days"} <= set(texts(ax))
    assert title(charts.time_to_convert([95, 5])) == "90 % of conversions come within a day of the first touch"


def test_shares_of_days_add_up_to_what_is_drawn() -> None:
    ax: Any = charts.time_to_convert(np.full(10, 7.0))
    drawn = np.concatenate([p.get_data().values for p in ax.patches])
    assert drawn.sum() == pytest.approx(1.0)
    assert len(drawn) == 10


def test_a_long_tail_of_days_is_cut_and_said() -> None:
    ax = charts.time_to_convert([999.0, *[0.0] * 80, 1.0])
    assert "up to 81: not drawn" in subtitle(ax)
