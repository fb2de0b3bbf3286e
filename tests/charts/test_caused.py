"""Charts of what spend causes: by their words, limits and edges."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from roas import charts
from roas.charts import causal_words, layout, theme
from roas.charts.response import MOST_CURVES, break_even_spend
from roas.response.limits import IDENTIFIED_RATIO

LEVELS = ("p5", "p50", "p95")
HOSTILE = ["$a$ and $b_{x}$", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\x1b[31mred\nline", "\u202eevil"]


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def curve(*, most: float = 150.0, observed: tuple[float, float] = (20.0, 100.0)) -> pd.DataFrame:
    """A saturating curve, 300 · x / (100 + x): its slope falls from 3 to 0.48."""
    x = np.linspace(0, most, 61)
    y = 300.0 * x / (100 + x)
    seen = (x >= observed[0]) & (x <= observed[1])
    bands = {"spend": x, "p5": 0.5 * y, "p50": y, "p95": 2 * y}
    return pd.DataFrame({**bands, "marginal_p50": 300.0 * 100 / (100 + x) ** 2, "observed": seen})


def texts(ax: Any) -> list[str]:
    own = [t.get_text() for t in ax.texts if t.get_visible()]
    ticks = [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())] if ax.axison else []
    return own + ticks + [text for small in ax.child_axes for text in texts(small)]


def saved(ax: Any, kind: str = "png") -> bytes:
    out = io.BytesIO()
    ax.figure.savefig(out, format=kind)
    return out.getvalue()


def table(names: list[str], **changes: Any) -> pd.DataFrame:
    """Spend falls from name to name; ROAS 1 to 3, the next unit 0.5 to 1.4; claims of 4."""
    size = len(names)
    frame = pd.DataFrame({"channel": names, "spend": 1000.0 * np.arange(size, 0, -1), "claimed_roas": 4.0})
    for figure, values in (("roas", (1, 2, 3)), ("marginal_roas", (0.5, 1, 1.4)), ("prior_roas", (0.5, 1.5, 4))):
        for level, value in zip(LEVELS, values, strict=True):
            frame[f"{figure}_{level}"] = float(value)
    frame = frame.assign(spend_per_week_recent=50.0, state="saturated", probability=0.97, identified="identified")
    return frame.assign(**changes)


def parts(*names: str, weeks: int = 10, days: bool = False) -> pd.DataFrame:
    """Revenue of 700 a week without ads, and 70 due to each name."""
    dates = pd.date_range("2025-01-06", periods=7 * weeks if days else weeks, freq="D" if days else "7D")
    share = 7 if days else 1
    rows = [(d, n, v / share) for n, v in [("baseline", 700.0), *((n, 70.0) for n in names)] for d in dates]
    frame = pd.DataFrame(rows, columns=["date", "part", "mean"])
    return frame.assign(p5=0.9 * frame["mean"], p95=1.1 * frame["mean"])


def title(ax: Any) -> str:
    return layout.said(ax, "title")


# ---- words ---------------------------------------------------------------------------------------


def test_told_means_what_identified_means() -> None:
    assert causal_words.TOLD_RATIO == IDENTIFIED_RATIO


@pytest.mark.parametrize(
    ("probability", "says"),
    [(0.99, "saturated"), (0.8, "saturated"), (0.79, "probably saturated"), (0.6, "probably saturated"),
     (0.59, "may be saturated"), (0.5, "may be saturated"), (None, "cannot be told"), (float("nan"), "cannot be told")],
)  # fmt: skip
def test_states_are_said_as_surely_as_they_are(probability: float | None, says: str) -> None:
    assert causal_words.state_words("saturated", probability) == says


@pytest.mark.parametrize("state", ["saturated", "efficient", "headroom"])
def test_an_assumption_is_never_said_outright(state: str) -> None:
    assert causal_words.state_words(state, 1.0, known=False).startswith("may ")
    assert "%" not in causal_words.with_probability(state, 1.0, known=False)


# ---- one curve -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marginal", "says"),
    [
        ((0.3, 0.35, 0.5), "Meta: the next €1 brings €0.35, below break-even"),
        ((1.4, 1.7, 2.0), "Meta: the next €1 brings €1.70"),
        ((2.0, 2.5, 3.0), "Meta: the next €1 brings €2.50, above break-even"),
        ((0.1, 0.35, 0.82), "Meta: the next €1 brings €0.10 to €0.82, below break-even"),
        ((0.4, 1.4, 3.4), "Meta: what the next €1 brings cannot be told"),
        (None, "Meta: what the next €1 brings cannot be told"),
    ],
)
def test_a_curve_says_what_the_next_unit_brings(marginal: Any, says: str) -> None:
    ax = charts.response_curve(curve(), channel="Meta", marginal=marginal, break_even=1.67, currency="EUR")
    assert title(ax) == says


def test_a_curve_without_a_known_effect_says_nothing() -> None:
    ax = charts.response_curve(
        curve(), channel="Meta", marginal=(0.3, 0.35, 0.5), break_even=1.67, identified="not identified"
    )
    assert title(ax) == "Meta: what the next 1 of spend brings cannot be told"


def test_both_axes_are_per_week_whatever_the_grain() -> None:
    for grain, factor in (("day", 7), ("week", 1)):
        ax: Any = charts.response_curve(curve(), channel="Meta", grain=grain, currency="EUR")
        assert ax.get_xlim() == (0, pytest.approx(150 * factor))
        assert ax.get_ylim()[1] >= 2 * 300 * 0.6 * factor
        assert "per week (up) by spend per week (across), EUR" in layout.said(ax, "subtitle")


def test_today_stands_on_the_curve() -> None:
    ax: Any = charts.response_curve(curve(), channel="Meta", recent_spend=350.0, grain="day", currency="EUR")
    points = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(p.get_xdata()[0], p.get_ydata()[0]) for p in points] == [(350.0, pytest.approx(7 * 300 * 50 / 150))]
    assert "today €350" in texts(ax)


def test_break_even_is_where_the_slope_falls_to_it() -> None:
    at = break_even_spend(curve(), 300 * 100 / 150**2)  # the slope at 50
    assert at == pytest.approx(50, abs=0.1)
    ax: Any = charts.response_curve(curve(), channel="Meta", break_even=300 * 100 / 150**2, grain="day", currency="EUR")
    assert "break-even about €350" in texts(ax)


@pytest.mark.parametrize("break_even", [None, 4.0, 0.1])
def test_break_even_outside_the_curve_is_not_drawn(break_even: float | None) -> None:
    ax: Any = charts.response_curve(curve(), channel="Meta", break_even=break_even, currency="EUR")
    assert not [t for t in texts(ax) if "break-even" in t]


def test_where_the_slope_rises_first_the_last_crossing_counts() -> None:
    x = np.arange(7.0)
    shaped = pd.DataFrame({"spend": x, "marginal_p50": [3.0, 0.5, 0.5, 2.0, 2.0, 1.0, 0.2]})
    assert break_even_spend(shaped, 1.5) == pytest.approx(4.5)


def test_what_was_never_observed_is_dashed_and_faint() -> None:
    ax: Any = charts.response_curve(curve(), channel="Meta", currency="EUR")
    whole, seen = (line for line in ax.lines if len(line.get_xdata()) == 61)
    assert whole.is_dashed()
    known = np.isfinite(seen.get_ydata())
    assert (seen.get_xdata()[known].min(), seen.get_xdata()[known].max()) == (20, 100)
    assert sorted(band.get_alpha() for band in ax.collections) == [0.07, 0.15]
    assert "not observed" in texts(ax)


def test_an_empty_curve_says_so() -> None:
    ax: Any = charts.response_curve(curve().iloc[:0], channel="Meta")
    assert title(ax) == "Meta: what spend causes cannot be told"
    assert "No curve was estimated." in texts(ax)


# ---- many curves ---------------------------------------------------------------------------------


def test_the_largest_curves_are_drawn_and_the_others_counted() -> None:
    names = [f"channel {i}" for i in range(20)]
    ax: Any = charts.response_curves({n: curve() for n in names}, table(names), currency="EUR", break_even=1.0)
    assert len(ax.child_axes) == MOST_CURVES
    assert "14 smaller channels not drawn" in layout.said(ax, "subtitle")
    assert [small.texts[-2].get_text() for small in ax.child_axes] == names[:MOST_CURVES]


def test_curves_name_the_largest_channel_that_is_past_its_break_even() -> None:
    names, found = ["Meta", "Search"], {"Meta": curve(), "Search": curve()}
    frame = table(names, spend_per_week_recent=[50.0, 90.0], identified=["not identified", "partly"])
    ax: Any = charts.response_curves(found, frame, break_even=1.5, currency="EUR")
    assert title(ax) == "Search spends €90.0 a week; beyond about €41.4 the next €1 does not pay"
    unknown = charts.response_curves(found, frame.assign(identified="not identified"), break_even=1.5, currency="EUR")
    assert title(unknown) == "No curve shows clearly where the next €1 stops paying"
    above = frame.assign(marginal_roas_p5=1.6, marginal_roas_p95=2.0, spend_per_week_recent=30.0)
    room = charts.response_curves(found, above, break_even=1.5, currency="EUR")
    assert title(room) == "Search spends €30.0 a week; the next €1 pays up to about €41.4"


def test_a_low_slope_before_the_curve_rises_is_not_called_past_break_even() -> None:
    shaped = curve().assign(marginal_p50=0.2)  # never pays at all
    ax = charts.response_curves({"A": shaped, "B": shaped}, table(["A", "B"]), break_even=1.5, currency="EUR")
    assert title(ax) == "No curve shows clearly where the next €1 stops paying"


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("size", [theme.SIZE, theme.full_size(2), (4.0, 11.8)], ids=["file", "page", "phone"])
def test_small_curves_stay_apart_and_inside(count: int, size: tuple[float, float]) -> None:
    names = [f"Channel {i}" for i in range(count)]
    axes = theme.figure(size).add_subplot()
    ax: Any = charts.response_curves({n: curve() for n in names}, table(names), currency="EUR", break_even=1.5, ax=axes)
    renderer = ax.figure.canvas.get_renderer()
    boxes = [small.get_tightbbox(renderer) for small in ax.child_axes]
    for i, box in enumerate(boxes):
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= ax.figure.bbox.x1 + 1
        assert not [other for other in boxes[i + 1 :] if box.overlaps(other.shrunk(0.98, 0.98))]
    if theme.is_narrow(ax):
        assert len({round(small.get_window_extent(renderer).x0) for small in ax.child_axes}) == 1


# ---- rows of ranges ------------------------------------------------------------------------------


def test_claims_stand_beside_what_was_caused_by_spend() -> None:
    ax: Any = charts.claimed_against_caused(table(["Small", "Big"], spend=[1.0, 9.0]), break_even=1.5, currency="EUR")
    names = [t.get_text() for t in ax.texts if t.get_text() in ("Big", "Small")]
    assert names == ["Big", "Small"]
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == theme.PAPER]
    assert [list(line.get_xdata()) for line in hollow] == [[4.0], [4.0]]
    assert {"1.00 to 3.00", "break-even 1.50", "caused"} <= set(texts(ax))
    assert ax.get_xlim()[0] == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "A and B claim more than their spend caused"),
        ({"claimed_roas": [4.0, 2.0]}, "A claims more than its spend caused"),
        ({"claimed_roas": [0.5, 2.0]}, "A claims less than its spend caused"),
        ({"claimed_roas": 2.0}, "Claims lie within the ranges of what spend caused"),
        ({"identified": "not identified"}, "Claims cannot be checked: the data tell no channel's effect"),
        ({"identified": ["not identified", "partly"]}, "B claims more than its spend caused"),
        ({"claimed_roas": np.nan}, "Which channel causes most per 1 of spend cannot be told: the ranges overlap"),
        ({"claimed_roas": np.nan, "roas_p5": [4.0, 1.0], "roas_p50": [5.0, 2.0], "roas_p95": [6.0, 3.0]},
         "A caused 5.00 per 1 of spend, B 2.00"),
    ],
)  # fmt: skip
def test_claims_title(changes: dict[str, Any], says: str) -> None:
    assert title(charts.claimed_against_caused(table(["A", "B"], **changes))) == says


def test_without_claims_only_what_was_caused_is_drawn() -> None:
    ax: Any = charts.claimed_against_caused(table(["A", "B"]).drop(columns="claimed_roas"), currency="EUR")
    assert "hollow" not in layout.said(ax, "subtitle")
    assert not [line for line in ax.lines if line.get_markerfacecolor() == theme.PAPER]


def test_one_endless_range_does_not_hide_the_others() -> None:
    frame = table(["A", "B", "C"], roas_p95=[3.0, 3.0, 500.0])
    ax: Any = charts.claimed_against_caused(frame)
    assert ax.get_xlim()[1] < 20
    assert [line.get_marker() for line in ax.lines].count(">") == 1
    assert "1.00 to 500" in texts(ax)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "The next €1 does not pay in A and B"),
        ({"identified": ["identified", "not identified"]}, "The next €1 does not pay in A; open for one other"),
        ({"identified": "not identified"}, "Whether the next €1 pays cannot be told for any channel"),
        ({"probability": 0.89, "marginal_roas_p95": [1.4, 30.0]}, "The next €1 does not pay in A; open for one other"),
        ({"state": ["saturated", "headroom"], "marginal_roas_p5": [0.5, 2.0], "marginal_roas_p95": [1.4, 3.0]},
         "The next €1 pays in B, not in A"),
        ({"state": "efficient", "probability": 0.7, "marginal_roas_p95": 2.0},
         "Whether the next €1 pays cannot be told for any channel"),
    ],
)  # fmt: skip
def test_marginal_title(changes: dict[str, Any], says: str) -> None:
    ax = charts.marginal_roas_by_channel(table(["A", "B"], **changes), break_even=1.5, currency="EUR")
    assert title(ax) == says


def test_saturation_is_said_in_words_and_by_the_shape_of_the_point() -> None:
    states, probabilities = ["saturated", "efficient", "headroom", "unknown"], [0.97, 0.7, 0.55, 0.4]
    frame = table(list("ABCD"), state=states, probability=probabilities)
    ax: Any = charts.marginal_roas_by_channel(frame, break_even=1.5, currency="EUR")
    assert {"saturated", "probably efficient", "may have headroom", "cannot be told"} <= set(texts(ax))
    assert {"v", "o", "^", "s"} <= {line.get_marker() for line in ax.lines}


def test_prior_and_posterior_stand_in_one_row() -> None:
    ax: Any = charts.prior_and_posterior(table(["A", "B"], identified=["identified", "partly"]), currency="EUR")
    assert title(ax) == "The data tell the effect of A, not of the other 1 channel"
    assert {"known", "partly known"} <= set(texts(ax))
    nobody = charts.prior_and_posterior(table(["A"], identified="not identified"))
    assert title(nobody) == "The data tell no channel's effect: the ranges are mostly what was thought before"


ROWS = [charts.claimed_against_caused, charts.marginal_roas_by_channel, charts.prior_and_posterior]


@pytest.mark.parametrize("chart", ROWS)
def test_the_largest_channels_are_drawn(chart: Any) -> None:
    ax: Any = chart(table([f"channel {i}" for i in range(20)]))
    assert "12 smaller channels not drawn" in layout.said(ax, "subtitle")
    assert "channel 8" not in texts(ax)
    assert len(texts(ax)) < 60


@pytest.mark.parametrize("chart", ROWS)
def test_channels_without_an_estimate_are_left_out(chart: Any) -> None:
    frame = table(["A", "B"])
    frame.loc[0, [c for c in frame.columns if "roas_p" in c]] = np.nan
    assert "A" not in texts(chart(frame))
    empty = chart(frame.iloc[:1])
    assert "cannot be" in title(empty)
    assert "nan" not in " ".join(texts(empty))


# ---- parts of revenue ----------------------------------------------------------------------------


def test_parts_stack_up_to_their_sum() -> None:
    ax: Any = charts.contributions(parts("A", "B"), baseline_share=(0.7, 0.83, 0.95), currency="EUR")
    tops = [float(band.get_paths()[0].vertices[:, 1].max()) for band in ax.collections[:3]]
    assert tops == pytest.approx([700, 770, 840])
    assert title(ax) == "70 % to 95 % of revenue would have come without ads"
    assert {"Without ads", "A", "B"} <= set(texts(ax))


def test_days_are_added_up_to_whole_weeks() -> None:
    by_day = parts("A", days=True).query("date < '2025-03-14'")  # ends on a Thursday
    ax: Any = charts.contributions(by_day, grain="day", currency="EUR")
    x = ax.collections[0].get_paths()[0].vertices[:, 0]
    assert len(np.unique(x)) == 9
    assert float(ax.collections[0].get_paths()[0].vertices[:, 1].max()) == pytest.approx(700)


def test_four_channels_have_a_colour_and_the_others_are_one() -> None:
    ax: Any = charts.contributions(parts(*[f"channel {i}" for i in range(20)]), currency="EUR")
    assert "16 others" in texts(ax)
    assert sum(t.startswith("channel") for t in texts(ax)) == 4


def test_what_came_in_is_a_line_and_the_interval_is_hatched() -> None:
    revenue = pd.DataFrame({"date": pd.date_range("2025-01-06", periods=10, freq="7D"), "revenue": 900.0})
    ax: Any = charts.contributions(parts("A"), revenue=revenue, currency="EUR")
    assert list(ax.lines[0].get_ydata()) == [900.0] * 10
    assert ax.get_ylim()[1] >= 900
    hatched = [band for band in ax.collections if band.get_hatch()]
    assert [float(b.get_paths()[0].vertices[:, 1].max()) for b in hatched] == [pytest.approx(770)]


# ---- edges ---------------------------------------------------------------------------------------

EVERY: list[Any] = [
    lambda names, ax=None: charts.response_curve(curve(), channel=names[0], recent_spend=50, break_even=1.5, ax=ax),
    lambda names, ax=None: charts.response_curves({n: curve() for n in names}, table(names), break_even=1.5, ax=ax),
    lambda names, ax=None: charts.claimed_against_caused(table(names), break_even=1.5, currency="USD", ax=ax),
    lambda names, ax=None: charts.marginal_roas_by_channel(table(names), break_even=1.5, currency="USD", ax=ax),
    lambda names, ax=None: charts.prior_and_posterior(table(names), currency="USD", ax=ax),
    lambda names, ax=None: charts.contributions(parts(*names), baseline_share=(0.2, 0.5, 0.9), ax=ax),
]
IDS = ["curve", "curves", "claimed", "marginal", "prior", "contributions"]


@pytest.mark.parametrize("draw", EVERY, ids=IDS)
def test_hostile_names_are_drawn_as_they_are(draw: Any) -> None:
    ax = draw(HOSTILE)
    svg = saved(ax, "svg").decode()
    assert "\x1b" not in svg
    assert "<script" not in svg
    assert "\u202e" not in "".join(texts(ax))
    assert not any(t.get_parse_math() for t in ax.texts)


@pytest.mark.parametrize("draw", EVERY, ids=IDS)
@pytest.mark.parametrize("size", [theme.SIZE, theme.HALF, theme.PHONE], ids=["file", "half", "phone"])
def test_nothing_is_cut_off(draw: Any, size: tuple[float, float]) -> None:
    ax = draw(["A rather long name of a channel", "B", "C"], ax=theme.figure(size).add_subplot())
    renderer = ax.figure.canvas.get_renderer()
    for drawn in [*ax.texts, *(t for small in ax.child_axes for t in small.texts)]:
        box = drawn.get_window_extent(renderer)
        assert box.x0 >= -1, drawn
        assert box.x1 <= ax.figure.bbox.x1 + 1, drawn
        assert box.y0 >= -1, drawn
        assert box.y1 <= ax.figure.bbox.y1 + 1, drawn


@pytest.mark.parametrize("draw", EVERY, ids=IDS)
def test_one_channel_is_enough(draw: Any) -> None:
    ax = draw(["Only"])
    assert saved(ax)[:4] == b"\x89PNG"
    assert tuple(ax.figure.get_size_inches()) == theme.SIZE


def test_given_axes_are_used_and_neighbours_left_alone() -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4))
    place = right.get_position().bounds
    assert charts.response_curve(curve(), channel="A", ax=left) is left
    assert right.get_position().bounds == place
    assert len(figure.axes) == 2


def test_a_small_image_of_a_curve() -> None:
    """The curve rises to the right, and the band is widest where the money is."""
    ax: Any = charts.response_curve(curve(), channel="A", ax=theme.figure().add_subplot())
    ax.figure.set_dpi(40)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert pixels.shape == (162, 288, 3)
    colour = np.array([int(theme.channel_colours(["A"])["A"][i : i + 2], 16) for i in (1, 3, 5)])

    def height(spend: float) -> int:
        column = round(ax.transData.transform((spend, 0))[0])
        return int(np.abs(pixels[:, column] - colour).sum(axis=1).argmin())

    assert height(30) > height(60) > height(95)
