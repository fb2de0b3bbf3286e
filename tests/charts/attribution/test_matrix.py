"""What follows what, and how sure a share is."""

from __future__ import annotations

import pandas as pd
import pytest

from roas import charts
from roas.charts import theme
from roas.charts.attribution import CONVERSION, NULL, START
from roas.charts.attribution.matrix import _square
from roas.charts.attribution.rates import wilson
from tests.charts.attribution.tables import moves
from tests.charts.looks import on, subtitle, texts, title


def test_rows_are_shares_and_rare_moves_are_hidden_and_said() -> None:
    frame = pd.DataFrame(
        [(START, "A", 91), (START, "B", 9), ("A", "B", 20), ("A", CONVERSION, 30), ("A", NULL, 50), ("B", NULL, 29)],
        columns=["from", "to", "count"],
    )
    ax = charts.transition_matrix(frame)
    assert {"91 %", "20 %", "30 %", "50 %", "100 %"} <= set(texts(ax))
    assert "9.0 %" not in texts(ax)
    assert "·" in texts(ax)
    assert "1 move seen fewer than 10 times" in subtitle(ax)
    assert title(ax) == "A is followed by a conversion most often: after 30 % of its touches"


def following(*rows: tuple[str, int, int]) -> pd.DataFrame:
    moves = [(name, end, n) for name, won, lost in rows for end, n in ((CONVERSION, won), (NULL, lost))]
    return pd.DataFrame(moves, columns=["from", "to", "count"])


def test_shares_that_chance_could_swap_are_not_ranked() -> None:
    alike = following(("A", 300, 9700), ("B", 299, 9701), ("C", 280, 9720))
    assert title(charts.transition_matrix(alike)) == (
        "Channels are followed by a conversion about equally often: after 2.8 to 3.0 % of their touches"
    )
    two = following(("A", 300, 9700), ("B", 299, 9701), ("C", 100, 9900))
    assert title(charts.transition_matrix(two)) == (
        "A and B are followed by a conversion most often; the order among them cannot be told"
    )
    clear = following(("A", 900, 9100), ("B", 300, 9700))
    assert title(charts.transition_matrix(clear)) == (
        "A is followed by a conversion most often: after 9.0 % of its touches"
    )


def test_small_steps_are_a_column_that_says_so() -> None:
    names = [f"A long name of channel {c} (prospecting)" for c in "ABC"]
    steps = pd.DataFrame([(name, "(other)", 20.0) for name in names], columns=["from", "to", "count"])
    for size in (theme.SIZE, theme.PHONE):
        said = texts(charts.transition_matrix(pd.concat([moves(names), steps]), ax=on(size)))
        assert "Others" in said
        assert "4" not in said, "a number that no row explains"


def test_intervals_of_many_channels_are_wider() -> None:
    assert wilson(20, 100, among=10)[0] < wilson(20, 100)[0]
    assert wilson(20, 100, among=5) == pytest.approx((0.123469, 0.2, 0.307335), abs=2e-6)  # z = 2.3263


def test_the_title_does_not_tell_what_is_hidden() -> None:
    frame = pd.DataFrame([("Rare", CONVERSION, 9), ("Rare", NULL, 1), ("A", CONVERSION, 10), ("A", NULL, 90)],
                         columns=["from", "to", "count"])  # fmt: skip
    assert title(charts.transition_matrix(frame)).startswith("A is followed")
    assert "Rare" not in title(charts.transition_matrix(frame))


def test_others_keep_their_moves() -> None:
    names = [f"c{i:02}" for i in range(20)]
    table = _square(moves(names), 12)
    assert table.shape == (14, 15)
    assert table.to_numpy().sum() == moves(names)["count"].sum()


def test_the_interval_of_a_rate_is_wilsons() -> None:
    # p = 0.2, n = 100, z² = 2.7055: (0.213528 ± 0.067157) / 1.027055
    assert wilson(20, 100) == pytest.approx((0.142502, 0.2, 0.273304), abs=2e-6)
    assert wilson(0, 50)[0] == 0
    assert wilson(50, 50)[2] == 1
