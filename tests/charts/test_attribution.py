"""Charts of attribution: by their words, sizes and edges."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from roas import charts
from roas.charts import layout, theme
from roas.charts.attribution import CONVERSION, NULL, START, flow, lengths
from roas.charts.attribution.flow_table import LOST, OTHERS, WON, flow_of, steps_of
from roas.charts.attribution.matrix import _square
from roas.charts.attribution.rates import wilson
from roas.report.inline_svg import inline_svg

HOSTILE = [
    "$a$ and $b_{x}$", "x^2 ^ $", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\x1b[31mred\nline", "\u202eevil",
    "שלום עולם", "日本語キャンペーン", "x" * 80, "", "_under_score_",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def texts(ax: Any) -> list[str]:
    own = [t.get_text() for t in ax.texts if t.get_visible()]
    ticks = [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())] if ax.axison else []
    return own + ticks + [text for small in ax.child_axes for text in texts(small)]


def title(ax: Any) -> str:
    return layout.said(ax, "title")


def subtitle(ax: Any) -> str:
    return layout.said(ax, "subtitle")


def on(size: tuple[float, float]) -> Any:
    return theme.figure(size).add_subplot()


def boxes(ax: Any) -> list[Any]:
    """Where words are drawn, without title and subtitle."""
    renderer = ax.figure.canvas.get_renderer()
    shown = [t for t in ax.texts if t.get_visible() and t.get_gid() is None and t.get_text()]
    return [t.get_window_extent(renderer) for t in shown]


# ---- tables --------------------------------------------------------------------------------------


def credit(names: list[str], models: tuple[str, ...] = ("first", "last", "markov_1")) -> pd.DataFrame:
    """Credit falls from name to name; each model moves a tenth of the first channel's to the second."""
    rows = []
    for i, model in enumerate(models):
        for j, name in enumerate(names):
            value = 1000.0 / (j + 1) + (-100.0 * i if j == 0 else 100.0 * i if j == 1 else 0.0)
            rows.append((model, name, value, 0.9 * value, 1.1 * value))
    return pd.DataFrame(rows, columns=["model", "channel", "conversions", "conversions_p5", "conversions_p95"])


def journeys(names: list[str]) -> list[tuple[tuple[str, ...], float, float]]:
    """Paths of one to six touches that begin with each name in turn."""
    around = [*names, *names, *names, *names, *names, *names, *names][: len(names) + 6]
    return [
        (tuple(around[i : i + long]), 40.0 / (i + 1), 60.0 + i) for i in range(len(names)) for long in (1, 2, 3, 4, 6)
    ]


def moves(names: list[str]) -> pd.DataFrame:
    rows = [(START, name, 100.0) for name in names]
    rows += [(a, b, 50.0) for a in names for b in names]
    rows += [(name, end, 25.0 * k) for name in names for k, end in ((1, CONVERSION), (3, NULL))]
    return pd.DataFrame(rows, columns=["from", "to", "count"])


def paths(names: list[str]) -> pd.DataFrame:
    rows = [(path, won + lost, won, 10 * won) for path, won, lost in journeys(names)]
    return pd.DataFrame(rows, columns=["path", "journeys", "conversions", "value"])


def effects(names: list[str]) -> pd.DataFrame:
    value = np.linspace(0.6, 0.05, len(names))
    return pd.DataFrame({"channel": names, "effect": value, "effect_p5": value * 0.99, "effect_p95": value * 1.01})


def worth(names: list[str]) -> pd.DataFrame:
    value = 1000.0 * np.arange(len(names), 0, -1)
    return pd.DataFrame({"channel": names, "claimed": 3 * value, "attributed": value, "caused_p5": 0.5 * value,
                         "caused_p50": 0.9 * value, "caused_p95": 1.2 * value})  # fmt: skip


def places(names: list[str]) -> pd.DataFrame:
    rows = [
        (n, place, 10.0 * (i + k))
        for i, n in enumerate(names)
        for k, place in enumerate(("first", "middle", "last"), 1)
    ]
    return pd.DataFrame(rows, columns=["channel", "place", "conversions"])


def weekly(names: list[str], count: int = 10) -> pd.DataFrame:
    days = pd.date_range("2025-01-06", periods=count, freq="7D")
    rows = [(day, name, 10.0 * (len(names) - i)) for day in days for i, name in enumerate(names)]
    return pd.DataFrame(rows, columns=["week", "channel", "conversions"])


# ---- credit by model -----------------------------------------------------------------------------


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


def overlap(a: Any, b: Any) -> bool:
    """Whether two words meet by more than the room above and below their letters."""
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(wide > 1 and high > 0.25 * min(a.height, b.height))


def test_value_is_money() -> None:
    frame = credit(["A", "B"]).rename(columns=lambda c: c.replace("conversions", "value"))
    ax = charts.credit_by_model(frame, measure="value", currency="EUR")
    assert "Credited value, EUR" in subtitle(ax)
    assert any(text.startswith("€") for text in texts(ax))


# ---- paths as a river ----------------------------------------------------------------------------


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


# ---- transition matrix ---------------------------------------------------------------------------


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


def test_a_river_says_the_same_of_long_journeys_however_wide_it_is() -> None:
    rows = [(tuple("ABCDE"), 9, 9)]
    said = {subtitle(charts.path_flow(rows, ax=on(size))) for size in (theme.SIZE, theme.HALF, theme.PHONE)}
    assert len(said) == 1
    assert "two" not in next(iter(said))


def test_thin_lengths_between_are_joined_with_their_neighbours() -> None:
    frame = pd.DataFrame({"touches": [1, 2, 3, 4], "journeys": [100, 5, 50, 40], "conversions": [10, 5, 1, 1]})
    assert [(r.name, r.journeys) for r in lengths._rows(frame, 10)] == [("1 touch", 100), ("2 to 3", 55), ("4", 40)]
    assert lengths._rows(frame.assign(journeys=[5, 1, 1, 1]), 10) == []


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


@pytest.mark.parametrize("draw", [charts.attributed_against_caused, charts.removal_effects])
def test_long_names_end_before_the_words_of_their_row_on_a_phone(draw: Any) -> None:
    names = [f"Paid social (Meta, prospecting {c})" for c in "ABCD"]
    table = worth(names) if draw is charts.attributed_against_caused else effects(names)
    with layout.words_apart():
        found = boxes(draw(table, ax=on(theme.PHONE)))
    assert not [1 for i, a in enumerate(found) for b in found[:i] if overlap(a, b)]


# ---- top paths -----------------------------------------------------------------------------------


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


# ---- lengths and times ---------------------------------------------------------------------------


def test_rare_lengths_are_added_to_the_longest() -> None:
    frame = pd.DataFrame({"touches": [1, 2, 3, 4], "journeys": [100, 50, 6, 3], "conversions": [10, 5, 1, 1]})
    rows = lengths._rows(frame, 10)
    assert [(r.name, r.journeys) for r in rows] == [("1 touch", 100), ("2 or more", 59)]
    assert [r.name for r in lengths._rows(frame.head(2), 10)] == ["1 touch", "2"]


def test_the_interval_of_a_rate_is_wilsons() -> None:
    # p = 0.2, n = 100, z² = 2.7055: (0.213528 ± 0.067157) / 1.027055
    assert wilson(20, 100) == pytest.approx((0.142502, 0.2, 0.273304), abs=2e-6)
    assert wilson(0, 50)[0] == 0
    assert wilson(50, 50)[2] == 1


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


# ---- removal, worth, places, weeks ---------------------------------------------------------------


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


# ---- edges ---------------------------------------------------------------------------------------

EVERY: dict[str, Any] = {
    "models": lambda names, ax=None: charts.credit_by_model(credit(names), ax=ax),
    "flow": lambda names, ax=None: charts.path_flow(journeys(names), ax=ax),
    "matrix": lambda names, ax=None: charts.transition_matrix(moves(names), ax=ax),
    "paths": lambda names, ax=None: charts.top_paths(paths(names), currency="EUR", ax=ax),
    "removal": lambda names, ax=None: charts.removal_effects(effects(names), ax=ax),
    "worth": lambda names, ax=None: charts.attributed_against_caused(worth(names), currency="EUR", ax=ax),
    "places": lambda names, ax=None: charts.credit_by_place(places(names), ax=ax),
    "weeks": lambda names, ax=None: charts.credit_by_week(weekly(names), ax=ax),
}
every = pytest.mark.parametrize("draw", EVERY.values(), ids=EVERY)

EMPTY: dict[str, Any] = {
    "models": lambda: charts.credit_by_model(credit([])),
    "flow": lambda: charts.path_flow([]),
    "matrix": lambda: charts.transition_matrix(moves([])),
    "paths": lambda: charts.top_paths(paths([])),
    "length": lambda: charts.path_length(pd.DataFrame({"touches": [], "journeys": [], "conversions": []})),
    "time": lambda: charts.time_to_convert([]),
    "removal": lambda: charts.removal_effects(effects([])),
    "worth": lambda: charts.attributed_against_caused(worth([])),
    "places": lambda: charts.credit_by_place(places([])),
    "weeks": lambda: charts.credit_by_week(weekly([])),
}


@pytest.mark.parametrize("draw", EMPTY.values(), ids=EMPTY)
def test_without_data_a_chart_says_so(draw: Any) -> None:
    assert title(draw()).endswith(("cannot be told", "cannot be compared"))


@every
def test_hostile_names_are_drawn_as_they_are_in_colours_of_the_page(draw: Any) -> None:
    with theme.style(live_text=True):
        ax = draw(HOSTILE, ax=theme.figure().add_subplot())
    svg = inline_svg(ax.figure, name="x", says="", kind="wide")
    assert "\x1b" not in svg
    assert "<script" not in svg
    assert "\u202e" not in "".join(texts(ax))
    assert not any(t.get_parse_math() for t in ax.texts)
    assert not any("x" * 41 in t for t in texts(ax))
    assert not re.findall(r"#[0-9a-f]{6}\b", svg), "a colour without a variable stays as it is in the dark"


@every
def test_names_are_written_out(draw: Any) -> None:
    ax = draw(["$a_1$ ^2", "=cmd()", "C"], ax=on(theme.FULL))
    said = " ".join(texts(ax))
    assert "$a_1$ ^2" in said
    assert "=cmd()" in said


@every
@pytest.mark.parametrize("phone", [False, True], ids=["file", "phone"])
def test_nothing_is_cut_off(draw: Any, phone: bool) -> None:
    with layout.words_apart() if phone else nullcontext():  # the page writes the title itself
        ax = draw(["A rather long name of a channel", "B", "C"], ax=on(theme.PHONE if phone else theme.SIZE))
    renderer, page = ax.figure.canvas.get_renderer(), ax.figure.bbox
    for drawn in (t for t in ax.texts if t.get_visible()):
        box = drawn.get_window_extent(renderer)
        assert box.x0 >= -1, drawn
        assert box.x1 <= page.x1 + 1, drawn
        assert box.y0 >= -1, drawn
        assert box.y1 <= page.y1 + 1, drawn
    assert ax.get_window_extent().height > 0.4 * page.height


@pytest.mark.parametrize(
    ("chart", "count"), [*((name, 60) for name in EVERY), ("models", 1), ("flow", 1), ("matrix", 1)]
)
def test_one_and_sixty_channels(chart: str, count: int) -> None:
    names = [f"channel {i} " + "with a very long name indeed " * 3 for i in range(count)]
    with layout.words_apart():
        said = texts(EVERY[chart](names, ax=on(theme.PHONE)))
    assert 0 < len(said) < 120


@pytest.mark.parametrize("chart", ["models", "flow", "weeks"])
def test_the_same_table_gives_the_same_bytes(chart: str) -> None:
    def svg() -> bytes:
        out = io.BytesIO()
        with theme.style(live_text=True):
            ax = EVERY[chart](["A", "B", "C"], ax=on(theme.SIZE))
            ax.figure.savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue()

    assert svg() == svg()


def test_a_name_that_reads_from_right_to_left_leaves_the_figures_in_place() -> None:
    ax = charts.top_paths(pd.DataFrame([(("שלום", "שלום"), 20, 10)], columns=["path", "journeys", "conversions"]))
    assert "\u200eשלום\u200e ×2" in texts(ax)
    assert title(ax).startswith("The path with most conversions is \u200eשלום\u200e, 2 touches")


def test_colours_are_those_of_the_page() -> None:
    given = {"A": theme.HUES[3], "B": theme.HUES[1]}
    for chart, data in (
        (charts.credit_by_model, credit(["A", "B"])), (charts.path_flow, journeys(["A", "B"])),
        (charts.top_paths, paths(["A", "B"])), (charts.removal_effects, effects(["A", "B"])),
        (charts.attributed_against_caused, worth(["A", "B"])), (charts.credit_by_place, places(["A", "B"])),
        (charts.credit_by_week, weekly(["A", "B"])),
    ):  # fmt: skip
        draw: Any = chart
        ax: Any = draw(data, colours=given, ax=on(theme.SIZE))
        svg = inline_svg(ax.figure, name="x", says="", kind="wide")
        assert "var(--pink)" in svg, draw
        assert "var(--orange)" in svg, draw
        assert "var(--blue)" not in svg, draw
        assert "var(--green)" not in svg, draw
