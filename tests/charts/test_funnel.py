"""Campaigns that differ by more than luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from roas.charts import funnel, luck_words, movers, theme
from roas.volatility import funnel as law
from tests.charts.looks import points, subtitle, texts, title
from tests.charts.unsteady_tables import (
    PARTED,
    units,
)


def test_limits_are_called_what_they_are() -> None:
    assert (funnel.INNER, funnel.OUTER) == (law.INNER, law.OUTER)
    assert luck_words.INSIDE == law.INNER
    assert set(movers.PARTS) == set(PARTED)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (units(list("abcd")), "1 of 4 campaigns differs from the average beyond luck: 1 above"),
        (
            units(list("abcd"), differ=(0, 1, 2)),
            "3 of 4 campaigns differ from the average beyond luck: 2 above, 1 below",
        ),
        (units(list("abcd"), differ=()), "None of 4 campaigns differs from the average beyond luck"),
        (units(["a"], differ=()), "The only campaign is within what luck alone does"),
        (units(list("abcd")).assign(lower=np.nan), "Whether campaigns differ by more than luck cannot be told"),
        (units(list("abcd")).drop(columns="differs"), "Whether campaigns differ by more than luck cannot be told"),
        (units(list("abcd")).assign(spend=0.0), "Which campaigns differ cannot be told"),
        (units([], differ=()), "Which campaigns differ cannot be told"),
    ],
)
def test_funnel_title(frame: pd.DataFrame, says: str) -> None:
    assert title(charts.funnel_plot(frame, center=3.0, currency="EUR")) == says


def test_units_that_differ_have_shape_colour_and_name() -> None:
    ax: Any = charts.funnel_plot(units(list("abcd"), differ=(0, 1)), center=3.0, currency="EUR")
    assert points(ax, "^") == [(100.0, 6.0)]
    assert points(ax, "v") == [(300.0, 1.0)]
    assert {"a", "b", "Average\n3.00", "€1K"} <= set(texts(ax))
    assert not {"c", "d"} & set(texts(ax))
    assert ax.get_xscale() == "log"
    assert ax.get_ylim()[0] == 0


def test_a_channel_keeps_its_colour_in_the_funnel() -> None:
    hues = {"Meta": theme.HUES[2]}
    ax: Any = charts.funnel_plot(units(list("abcd")), center=3.0, colours=hues)
    assert next(line for line in ax.lines if line.get_marker() == "^").get_color() == theme.HUES[2]
    assert "coloured by channel" in subtitle(ax)
    grey: Any = charts.funnel_plot(units(list("abcd")), center=3.0, colours={"Meta": theme.OTHER})
    assert next(line for line in grey.lines if line.get_marker() == "^").get_color() == theme.INK


def test_units_without_spend_are_counted_and_a_wild_one_is_kept_in_sight() -> None:
    frame = units(list("abcde"))
    frame.loc[0, "roas"], frame.loc[4, "spend"] = 500.0, 0.0
    ax = charts.funnel_plot(frame, center=3.0, what="ad set")
    assert subtitle(ax).endswith("1 ad set without spend or revenue not drawn")
    assert ax.get_ylim()[1] < 20
    assert points(ax, "^")[0][1] <= ax.get_ylim()[1]


def test_the_limits_follow_the_curve() -> None:
    spend = np.geomspace(10, 1e5, 50)
    curve = pd.DataFrame({"spend": spend, "lower": 3 - 30 / spend, "upper": 3 + 30 / spend})
    curve = curve.assign(outer_lower=3 - 60 / spend, outer_upper=3 + 60 / spend)
    ax: Any = charts.funnel_plot(units(list("abc")), center=3.0, curve=curve)
    dashed = [line for line in ax.lines if len(line.get_xdata()) == 50]
    assert [float(line.get_ydata()[-1]) for line in dashed] == pytest.approx([3 - 60 / 1e5, 3 + 60 / 1e5])


def test_names_of_units_do_not_overlap() -> None:
    frame = units([f"Campaign {i} of spring" for i in range(40)], differ=tuple(range(40))).assign(spend=1e4)
    ax: Any = charts.funnel_plot(frame, center=3.0, ax=theme.figure(theme.FULL).add_subplot())
    renderer = ax.figure.canvas.get_renderer()
    boxes = [t.get_window_extent(renderer) for t in ax.texts if t.get_text().startswith("Camp")]
    assert 1 <= len(boxes) <= 5
    assert not [1 for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)]
