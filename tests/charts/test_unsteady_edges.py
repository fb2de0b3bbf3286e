"""Any names, amounts and gaps, in every chart of volatility and decomposition."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from roas import charts
from roas.charts import layout, theme, values
from roas.report.inline_svg import VARIABLES
from tests.charts.looks import cut_off, drawn_harmlessly, texts, title
from tests.charts.unsteady_tables import (
    ALL_LOST,
    FELL,
    LOST,
    PARTED,
    breaks,
    losses,
    sheets,
    split,
    units,
    weeks,
)

HOSTILE = [
    "$a$ and $b_{x}$", "\\frac{1}{2}$$", "<script>alert(1)</script>", "a\x1b[31mred\nline", "\u202eevil",
    "日本語キャンペーン", "x" * 80, "", "_under_score_",
]  # fmt: skip


def _named(names: list[str], ax: Any = None) -> Any:
    return charts.roas_with_noise(
        weeks(outside=9, unfinished=2), breaks=breaks(FELL), name=names[0], break_even=2.5, ax=ax
    )


def _funnel(names: list[str], ax: Any = None) -> Any:
    few = units(names[:12], differ=tuple(range(min(len(names), 12))))
    frame = pd.concat([few, *([units(names[12:], differ=()).assign(spend=500.0)] if len(names) > 12 else [])])
    return charts.funnel_plot(frame, center=3.0, currency="EUR", ax=ax)


def _change(names: list[str], ax: Any = None) -> Any:
    frame = pd.DataFrame({"factor": names, "p5": -0.5, "p50": -0.4, "p95": -0.3})
    return charts.change_bars(frame, before=9.0, after=9.0 - 0.4 * len(names), total=ALL_LOST, ax=ax)


EVERY: list[Any] = [
    _named,
    _funnel,
    _change,
    lambda names, ax=None: charts.volatility_split(split(["Account", *names]), ax=ax),
    lambda names, ax=None: charts.return_and_risk(sheets(names), ax=ax),
    lambda names, ax=None: charts.loss_curve(losses(10, 30, 20, 5, 40), name=names[0], currency="EUR", ax=ax),
]

IDS = ["weeks", "funnel", "change", "split", "returns", "losses"]

SIZES = [theme.SIZE, theme.HALF, theme.PHONE]


@pytest.mark.parametrize("draw", EVERY, ids=IDS)
def test_hostile_names_are_drawn_as_they_are_in_colours_of_the_page(draw: Any) -> None:
    drawn_harmlessly(draw, HOSTILE, longest=39)
    assert theme.PAPER in VARIABLES


@pytest.mark.slow
@pytest.mark.parametrize("draw", EVERY, ids=IDS)
@pytest.mark.parametrize("size", SIZES, ids=["file", "half", "phone"])
def test_nothing_is_cut_off(draw: Any, size: tuple[float, float]) -> None:
    for words in (nullcontext(), layout.words_apart()):
        with words:
            ax = draw(["A rather long name of a channel", "B", "C"], ax=theme.figure(size).add_subplot())
        assert not cut_off(ax)
    assert ax.get_window_extent().height > 0.4 * ax.figure.bbox.height


@pytest.mark.slow
@pytest.mark.parametrize("draw", EVERY, ids=IDS)
def test_one_and_sixty_rows(draw: Any) -> None:
    for names in (["Only"], [f"channel {i} " + "with a very long name indeed " * 3 for i in range(60)]):
        ax = draw(names, ax=theme.figure(theme.PHONE).add_subplot())
        assert len(texts(ax)) < 70
        ax.figure.canvas.draw()


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1e-9, 1e12])
def test_any_amount_of_money_can_be_drawn(scale: float) -> None:
    for ax in (
        charts.loss_curve(losses(*(scale * v for v in (10, 30, 20, 5, 40)))),
        charts.funnel_plot(units(list("abc")).assign(spend=scale), center=3.0),
        charts.roas_with_noise(weeks(level=3 * scale)),
        charts.change_bars(LOST.set_index("factor").mul(scale).reset_index(), before=3 * scale, after=2 * scale),
        charts.return_and_risk(sheets(["A", "B"], scale)),
    ):
        assert title(ax)
        assert "nan" not in " ".join(texts(ax))


@pytest.mark.slow
@pytest.mark.parametrize("value", [np.nan, 0.0, -1.0])
def test_figures_that_say_nothing_are_no_error(value: float) -> None:
    numbers = ["roas", "expected", "lower", "upper"]
    for ax in (
        charts.roas_with_noise(weeks().assign(**dict.fromkeys(numbers, value))),
        charts.roas_with_noise(weeks(3).assign(mature=None, complete=None)),
        charts.roas_with_noise(weeks(), breaks=breaks(("2025-08-04", value, value, value)), break_even=None),
        charts.funnel_plot(units(list("abc")).assign(roas=value), center=value),
        charts.funnel_plot(units(list("abc")).assign(lower=value, upper=value, outer_upper=value), center=None),
        charts.change_bars(LOST.assign(p5=value, p50=value, p95=value), before=value, after=value),
        charts.volatility_split(split(["A", "B"]).assign(**dict.fromkeys(PARTED, value), observed=value)),
        charts.return_and_risk(sheets(["A", "B"], value)),
        charts.loss_curve(losses(value, value)),
    ):
        assert title(ax)
        assert not {"nan", "inf"} & set(re.findall(r"[a-z]+", " ".join(texts(ax))))


def test_endless_numbers_and_words_count_as_missing() -> None:
    read = values.finite(pd.DataFrame({"a": [1.0, np.inf, None], "b": ["2", "x", ""]}), ["a", "b", "c"])
    assert read.isna().to_numpy().tolist() == [[False, False, True], [True, True, True], [True, True, True]]
    said = values.claims(pd.DataFrame({"a": [True, None, False]}), "a", missing=True)
    assert said.tolist() == [True, True, False]
    assert values.claims(read, "d", missing=False).tolist() == [False] * 3
    assert title(charts.change_bars(LOST, before=np.inf, after=1.0)) == "The change of ROAS cannot be told"


def test_given_axes_are_used_and_neighbours_left_alone() -> None:
    for draw in EVERY:
        figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4))
        place = right.get_position().bounds
        assert draw(["A", "B"], ax=left) is left
        assert right.get_position().bounds == place
        assert len(figure.axes) == 2
        plt.close(figure)
