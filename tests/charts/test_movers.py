"""What ROAS moves with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas import charts
from tests.charts.looks import subtitle, texts, title
from tests.charts.unsteady_tables import (
    split,
)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (split(list("abcdef"), [0.6, 0.7, 0.8, 0.9, 0.1, 0.2]), "Luck is most of what moves 4 of 6 channels"),
        (split(["Account", *"abc"]), "Luck is most of what moves all 3 channels"),
        (split(list("abc"), [0.6, 0.1, 0.2]), "More than luck moves 2 of 3 channels: demand most of all"),
        (split(["Account"], 0.62), "Luck is 62 % of what moves the account's ROAS"),
        (split(["Account", "Meta"], 0.4), "Luck is 40 % of what moves Meta"),
        (split(["Account", "Meta"], np.nan), "What moves ROAS cannot be told"),
        (split([]), "What moves ROAS cannot be told"),
    ],
)
def test_split_title(frame: pd.DataFrame, says: str) -> None:
    assert title(charts.volatility_split(frame)) == says


def test_shares_fill_each_bar_and_say_what_they_are() -> None:
    ax: Any = charts.volatility_split(split(["Meta", "Account"]))
    for height in {round(p.get_y(), 6) for p in ax.patches}:
        assert sum(p.get_width() for p in ax.patches if round(p.get_y(), 6) == height) == pytest.approx(1)
    assert {"luck", "calendar", "demand", "own spend", "price, click-through, basket", "unexplained"} <= set(texts(ax))
    assert {"60 %", "20 %", "±35 %"} <= set(texts(ax))
    names = [t for t in texts(ax) if t in ("Meta", "Account")]
    assert names == ["Account", "Meta"]


def test_a_channel_without_shares_says_so() -> None:
    frame = split(["A", "B", "C"], [0.6, np.nan, 0.7])
    ax = charts.volatility_split(frame.assign(observed=[0.1, np.nan, 0.2]))
    assert "cannot be told" in texts(ax)
    assert "–" in texts(ax)
    assert title(ax) == "Luck is most of what moves all 2 channels"


def test_the_largest_channels_are_drawn_and_all_are_counted() -> None:
    ax = charts.volatility_split(split(["Account", *(f"channel {i}" for i in range(60))]))
    assert subtitle(ax).endswith("52 other channels not drawn")
    assert title(ax) == "Luck is most of what moves all 60 channels"
