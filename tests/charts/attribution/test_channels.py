"""What each channel is worth: removal, worth, places and weeks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from roas.charts import layout, theme
from tests.charts.attribution.tables import effects, places, weekly, worth
from tests.charts.looks import boxes, on, overlap, subtitle, texts, title


@pytest.mark.parametrize("draw", [charts.attributed_against_caused, charts.removal_effects])
def test_long_names_end_before_the_words_of_their_row_on_a_phone(draw: Any) -> None:
    names = [f"Paid social (Meta, prospecting {c})" for c in "ABCD"]
    table = worth(names) if draw is charts.attributed_against_caused else effects(names)
    with layout.words_apart():
        found = boxes(draw(table, ax=on(theme.PHONE)))
    assert not [1 for i, a in enumerate(found) for b in found[:i] if overlap(a, b)]


def test_channels_whose_intervals_meet_are_not_ranked() -> None:
    frame = effects(["A", "B", "C"])
    assert title(charts.removal_effects(frame)) == (
        "Without A, the model loses 60 % of conversions, more than without any other"
    )
    level = frame.assign(effect_p5=[0.5, 0.3, 0.04], effect_p95=[0.7, 0.55, 0.06])
    assert title(charts.removal_effects(level)) == "A and B cost most to lose; the order among them cannot be told"


def test_removal_says_when_only_conversions_are_known() -> None:
    assert "Only converting journeys are known" in subtitle(charts.removal_effects(effects(["A"]), nulls_known=False))


def test_credit_outside_the_range_of_what_was_caused_is_named() -> None:
    frame = worth(["A", "B"])
    assert title(charts.attributed_against_caused(frame)) == "Credit lies within the ranges of what spend caused"
    more = frame.assign(attributed=[4000.0, 900.0])
    assert title(charts.attributed_against_caused(more)) == "A gets more credit than its spend caused"
    unknown = frame.drop(columns=["caused_p5", "caused_p50", "caused_p95"])
    ax = charts.attributed_against_caused(unknown, currency="EUR", model="Markov, order 1")
    assert title(ax) == "A gets most credit, 67 %; what it caused is not known"
    assert "attributed by Markov, order 1" in subtitle(ax)
    assert "not known" in texts(ax)


def test_places_fill_each_row() -> None:
    ax: Any = charts.credit_by_place(places(["A", "B", "C"]))
    ends = [p.get_x() + p.get_width() for p in ax.patches]
    assert max(ends) == pytest.approx(1.0)
    assert len(ends) == 9
    assert "in between" in texts(ax)


def test_numbered_places_beyond_three_are_one() -> None:
    frame = pd.DataFrame({"channel": "A", "place": [1, 2, 3, 4, 9], "conversions": [10.0, 10, 10, 5, 5]})
    ax = charts.credit_by_place(frame)
    assert "4th and later" in texts(ax)
    assert texts(ax).count("25 %") == 4


def test_weeks_without_a_row_are_zero_and_unfinished_ones_left_out() -> None:
    frame = weekly(["A", "B"], 4).assign(complete=[True] * 6 + [False] * 2)
    frame = frame[~((frame["channel"] == "B") & (frame["week"] == frame["week"].iloc[2]))]
    frame.loc[frame["week"] == frame["week"].iloc[0], "conversions"] = [30.0, 10.0]
    ax: Any = charts.credit_by_week(frame)
    lines = [line.get_ydata().tolist() for line in ax.lines if line.get_linestyle() == "-" and len(line.get_ydata())]
    assert lines == [[30.0, 20.0, 20.0], [10.0, 0.0, 10.0]]
    assert title(ax) == "A gets 78 % of conversions, 20 to 30 a week"
    assert "weeks that the data do not cover wholly are not drawn" in subtitle(ax)


def test_many_channels_are_small_charts_that_hold_all_credit() -> None:
    frame = weekly([f"c{i}" for i in range(9)])
    ax: Any = charts.credit_by_week(frame)
    assert len(ax.child_axes) == 6
    drawn = sum(np.nansum(small.lines[0].get_ydata()) for small in ax.child_axes)
    assert drawn == pytest.approx(frame["conversions"].sum())
    assert "4 others" in texts(ax)
