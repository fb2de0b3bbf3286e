"""Any names and any number of channels, in every chart of attribution."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import Any

import pandas as pd
import pytest

from roas import charts
from roas.charts import layout, theme
from roas.report.inline_svg import inline_svg
from tests.charts.attribution.tables import credit, effects, journeys, moves, paths, places, weekly, worth
from tests.charts.looks import cut_off, drawn_harmlessly, on, texts, title

HOSTILE = [
    "$a$ and $b_{x}$", "x^2 ^ $", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\x1b[31mred\nline", "\u202eevil",
    "שלום עולם", "日本語キャンペーン", "x" * 80, "", "_under_score_",
]  # fmt: skip

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
    drawn_harmlessly(draw, HOSTILE, longest=40)


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
    assert not cut_off(ax)
    assert ax.get_window_extent().height > 0.4 * ax.figure.bbox.height


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
