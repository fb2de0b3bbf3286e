"""Returns and losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from roas.charts import theme
from tests.charts.looks import points, subtitle, texts, title
from tests.charts.unsteady_tables import (
    losses,
    sheets,
)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (sheets(["A", "B"]), "All 2 channels pay by claims"),
        (sheets(["A", "B"], -0.2), "All 2 channels lose money by claims"),
        (sheets(["A", "B", "C"], [0.2, -0.2, 0.0]), "B loses money by claims, A pays; open for one other"),
        (sheets(["A", "B"], [0.2, 0.0]), "A pays by claims; open for one other"),
        (sheets(["A", "B"], 0.0), "Whether any channel pays by claims cannot be told"),
        (sheets(["A"], 0.0), "Whether A pays by claims cannot be told"),
        (sheets(["A"]), "A pays by claims"),
        (sheets(["A", "B"], [0.2, np.nan]), "A pays by claims"),
        (sheets(["A"], np.nan), "What channels earn cannot be told"),
        (sheets([]), "What channels earn cannot be told"),
    ],
)
def test_return_title(frame: pd.DataFrame, says: str) -> None:
    assert title(charts.return_and_risk(frame, margin=0.4)) == says


def test_weeks_at_a_loss_stand_beside_what_luck_brings() -> None:
    ax: Any = charts.return_and_risk(sheets(["A", "B"]), margin=0.4)
    assert {"25 % (luck alone: 20 %)", "break-even", "0 %", "weeks at a loss"} <= set(texts(ax))
    assert "margin of 40 % × ROAS − 1" in subtitle(ax)
    counted = charts.return_and_risk(sheets(["A", "B"], weeks=52))
    assert "13 of 52 (luck alone: 10)" in texts(counted)
    silent: Any = charts.return_and_risk(sheets(["A"], below_observed=np.nan, true_sd=np.nan))
    assert "weeks" not in " ".join(t for t in texts(silent) if t != subtitle(silent).strip() and "Mean" not in t)
    assert "swing" not in subtitle(silent)


def test_one_wild_channel_does_not_hide_the_others() -> None:
    ax = charts.return_and_risk(sheets(["A", "B", "C"], [0.2, 0.1, 40.0]))
    assert ax.get_xlim()[1] < 3
    assert points(ax, ">")


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        ((10.0, 30.0, 20.0, 5.0, 40.0), "The worst stretch cost €25.0 and took 3 weeks to earn back"),
        ((10.0, 30.0, 20.0, 5.0), "The worst stretch cost up to €25.0 and is not earned back after 2 weeks"),
        ((10.0, 20.0, 30.0), "No week ended below an earlier one"),
        ((10.0,), "One week alone shows no losses in a row"),
        ((np.nan, np.nan), "What was earned cannot be told"),
        ((), "What was earned cannot be told"),
    ],
)
def test_loss_title(amounts: tuple[float, ...], says: str) -> None:
    assert title(charts.loss_curve(losses(*amounts), currency="EUR")) == says


def test_depth_and_length_are_drawn_and_named() -> None:
    ax: Any = charts.loss_curve(losses(10, 30, 20, 5, 40, 60, 80, 90, 95, 99), name="Meta", currency="EUR")
    assert title(ax).startswith("Meta: the worst stretch")
    assert {"−€25.0 in 2 weeks", "3 weeks, recovered", "Earned\n€99.0"} <= set(texts(ax))
    lines = [np.asarray(line.get_ydata(), float).tolist() for line in ax.lines if line.get_color() == theme.HUES[1]]
    assert [5.0, 30.0] in lines
    assert [30.0, 30.0] in lines


def test_a_missing_peak_is_the_running_maximum() -> None:
    table = losses(10, 30, 20, 5, 40)
    assert title(charts.loss_curve(table.drop(columns="peak"))) == title(charts.loss_curve(table))


def test_losses_from_the_first_week_on_are_below_the_start() -> None:
    ax: Any = charts.loss_curve(losses(-10, -20, -30).assign(peak=0.0), currency="EUR")
    assert title(ax) == "The worst stretch cost up to €30.0 and is not earned back after 3 weeks"
    assert ax.get_ylim()[0] < -30
