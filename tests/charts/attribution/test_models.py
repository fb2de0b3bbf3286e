"""Credit by model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from roas import charts
from roas.charts import theme
from tests.charts.attribution.tables import credit
from tests.charts.looks import boxes, on, overlap, subtitle, texts, title


def test_the_title_names_the_channel_that_the_models_disagree_about() -> None:
    frame = pd.DataFrame(
        [("first", "A", 60.0), ("first", "B", 40.0), ("first", "C", 0.0),
         ("last", "A", 25.0), ("last", "B", 70.0), ("last", "C", 5.0)],
        columns=["model", "channel", "conversions"],
    )  # fmt: skip
    assert title(charts.credit_by_model(frame)) == "A gets 25 to 60 % of conversions, depending on the model"
    same = frame[frame["channel"] != "C"].assign(conversions=50.0)
    assert title(charts.credit_by_model(same)) == "All models agree: A and B are level, with 50 % of conversions each"


def test_models_of_equal_credit_share_one_mark() -> None:
    frame = credit(["A", "B"], ("last",))
    frame = pd.concat([frame.assign(model=m) for m in ("last", "last_non_direct", "shapley", "shapley_ordered")])
    said = texts(charts.credit_by_model(frame))
    assert "Last touch = Last non-direct" in said
    assert "Shapley = Ordered Shapley" in said


def test_the_grey_bar_runs_from_the_least_to_the_most() -> None:
    ax: Any = charts.credit_by_model(credit(["A", "B"]))
    ends = [
        tuple(line.get_xdata()) for line in ax.lines if line.get_color() == theme.GRID and len(line.get_xdata()) == 2
    ]
    assert (800.0, 1000.0) in ends
    assert (500.0, 700.0) in ends


def test_intervals_are_drawn_for_models_that_learn_only() -> None:
    ax: Any = charts.credit_by_model(credit(["A"]))
    drawn = {tuple(np.round(line.get_xdata(), 6)) for line in ax.lines if line.get_linewidth() == 2.2}
    assert drawn == {(720.0, 880.0)}  # markov_1: 800 ± 10 %


def test_twelve_channels_under_ten_models_do_not_run_into_one_another() -> None:
    models = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov_1",
              "markov_2", "shapley")  # fmt: skip
    names = [f"A channel of length {i}" for i in range(12)]
    for size in (theme.SIZE, theme.phone_size(15)):
        found = boxes(charts.credit_by_model(credit(names, models), ax=on(size)))
        assert not [1 for i, a in enumerate(found) for b in found[:i] if overlap(a, b)]


def test_value_is_money() -> None:
    frame = credit(["A", "B"]).rename(columns=lambda c: c.replace("conversions", "value"))
    ax = charts.credit_by_model(frame, measure="value", currency="EUR")
    assert "Credited value, EUR" in subtitle(ax)
    assert any(text.startswith("€") for text in texts(ax))
