"""Paths as a river."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas import charts
from roas.charts import layout, theme
from roas.charts.attribution import flow
from roas.charts.attribution.flow_table import LOST, OTHERS, WON, flow_of, steps_of
from tests.charts.attribution.tables import journeys
from tests.charts.looks import boxes, on, overlap, subtitle, texts, title


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=7), st.integers(0, 50), st.integers(0, 50)
        ),
        min_size=1, max_size=12,
    ).filter(lambda rows: any(w + n for _, w, n in rows)),
    st.integers(1, 6), st.integers(3, 4),
)  # fmt: skip
def test_every_column_holds_all_journeys_and_links_balance(
    rows: list[tuple[list[str], int, int]], most: int, touches: int
) -> None:
    found = flow_of(steps_of(rows, touches), most=most, nulls=True)
    whole, won = sum(w + n for _, w, n in rows), sum(w for _, w, _ in rows)
    for column in found.columns:
        assert math.fsum(column.values()) == pytest.approx(whole)
    assert found.columns[-1].get(WON, 0.0) == pytest.approx(won)
    assert set(found.columns[-1]) <= {WON, LOST}
    for i, link in enumerate(found.links):
        for node, amount in found.columns[i].items():
            assert sum(v for (a, _, _), v in link.items() if a == node) == pytest.approx(amount)
        for node, amount in found.columns[i + 1].items():
            assert sum(v for (_, b, _), v in link.items() if b == node) == pytest.approx(amount)


def test_long_journeys_show_their_last_touch() -> None:
    found = flow_of(steps_of([(tuple("ABCDE"), 3, 1)], 4), most=8, nulls=True)
    assert [found.names[next(iter(column))] for column in found.columns[:4]] == ["A", "B", "C", "E"]


def test_small_channels_are_one_node() -> None:
    rows = [(("Big",), 500, 500), *[((f"small {i}",), 1, 1) for i in range(20)]]
    found = flow_of(steps_of(rows, 4), most=8, nulls=True)
    assert found.names == ["Big"]
    assert found.columns[0] == {0: 1000.0, OTHERS: 40.0}


@pytest.mark.parametrize(("won", "drawn"), [(4, False), (5, True)])
def test_journeys_without_conversion_are_left_out_where_few_convert(won: int, drawn: bool) -> None:
    ax = charts.path_flow([(("A", "B"), won, 100 - won)])
    assert any("No conversion" in text for text in texts(ax)) is drawn
    assert ("not drawn" in subtitle(ax)) is not drawn


def test_the_title_names_who_opens_and_who_closes() -> None:
    rows = [(("A", "B"), 6, 0), (("B",), 2, 0), (("C", "C", "C", "C", "B"), 2, 5)]
    assert title(charts.path_flow(rows)) == "A opens 60 % of converting journeys, B closes 100 %"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=11), st.floats(160, 400))
def test_nodes_fill_their_column_and_labels_never_meet(amounts: list[float], room: float) -> None:
    column = dict(enumerate(amounts[2:])) | {WON: amounts[0]}
    if len(amounts) > 1:
        column[LOST] = amounts[1]
    (placed,), scale = flow._boxes([column], 20.0, 20.0 + room)
    middles = sorted(box.middle for box in placed.values())
    assert all(b - a >= 12.9 for a, b in pairwise(middles))
    assert max(box.top + box.high for box in placed.values()) <= 20.0 + room + 0.1
    for node, box in placed.items():
        assert box.high == pytest.approx(column[node] * scale)


@pytest.mark.parametrize("size", [theme.SIZE, theme.full_size(2), theme.PHONE])
def test_labels_of_a_river_do_not_meet(size: tuple[float, float]) -> None:
    for names in (list("ABCDEFGHIJKLMNO"), [f"A long name of channel {c} (prospecting)" for c in "ABCDE"]):
        with layout.words_apart():
            found = boxes(charts.path_flow(journeys(names), ax=on(size)))
        assert len(found) > 10
        assert not [1 for i, a in enumerate(found) for b in found[:i] if overlap(a, b)]


def test_long_names_are_numbered_on_a_phone() -> None:
    names = [f"A long name of channel {c} (prospecting)" for c in "AB"]
    said = texts(charts.path_flow(journeys(names), ax=on(theme.phone_size(8))))
    assert any(text.startswith("1 A long name of") for text in said)
    assert any(re.match(r"1 · \d+", text) for text in said)


def test_a_river_says_the_same_of_long_journeys_however_wide_it_is() -> None:
    rows = [(tuple("ABCDE"), 9, 9)]
    said = {subtitle(charts.path_flow(rows, ax=on(size))) for size in (theme.SIZE, theme.HALF, theme.PHONE)}
    assert len(said) == 1
    assert "two" not in next(iter(said))
