"""Charts by their words, limits and edges."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from roas import charts
from roas.charts import layout, theme
from roas.charts.periods import recent_and_before

HOSTILE = [
    "$a$ and $b_{x}$", "\\frac{1}{2}$$", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\x1b[31mred\nline",
    "\u202eevil", "שלום עולם", "العربية", "日本語キャンペーン", "🔥👩‍👩‍👧 sale", "x" * 300, "\ufffd lone", "",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def texts(ax: Any) -> list[str]:
    """Every text that is drawn, of small charts too."""
    own = [t.get_text() for t in ax.texts if t.get_visible()]
    ticks = [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())] if ax.axison else []
    return own + ticks + [text for small in ax.child_axes for text in texts(small)]


def saved(ax: Any, kind: str = "png") -> bytes:
    out = io.BytesIO()
    ax.figure.savefig(out, format=kind)
    return out.getvalue()


def lines(ax: Any) -> list[Any]:
    return [np.asarray(line.get_ydata(), dtype=float) for line in ax.lines]


# ---- what a chart says ---------------------------------------------------------------------------


def test_mer_title_is_a_ratio_of_sums(make: Any) -> None:
    weeks = make.weeks()
    weeks.loc[weeks.index[-1], ["spend", "revenue", "mer"]] = [2000.0, 2000.0, 1.0]
    ax: Any = charts.mer_by_week(weeks)
    expected = (7 * 600 + 2000) / (7 * 200 + 2000)  # 1.82; the mean of the weekly ratios is 2.75
    assert layout.said(ax, "title") == f"MER was {expected:.2f} over the last 8 complete weeks, 4.00 in the 8 before"


def test_incomplete_weeks_are_hollow_hatched_named_and_not_compared(make: Any) -> None:
    weeks = make.weeks(21)
    weeks.loc[20, ["spend", "revenue", "mer", "complete"]] = [1.0, 900.0, 900.0, False]
    ax: Any = charts.mer_by_week(weeks)
    assert "900" not in layout.said(ax, "title")
    assert layout.said(ax, "subtitle").count("incomplete week of 26 May 2025") == 1
    assert [p.get_hatch() for p in ax.patches] == ["////"]
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == theme.PAPER and len(line.get_xdata())]
    assert [list(line.get_ydata()) for line in hollow] == [[900.0]]
    assert np.nanmax(lines(ax)[0]) < 900


def test_missing_weeks_stay_gaps(make: Any) -> None:
    weeks = make.weeks().drop(index=[4, 5])
    drawn = lines(charts.spend_and_revenue(weeks, currency="EUR"))[0]
    assert list(np.flatnonzero(np.isnan(drawn))) == [4, 5]


def test_a_week_between_gaps_is_a_point(make: Any) -> None:
    weeks = make.weeks().drop(index=[4, 6])
    ax: Any = charts.mer_by_week(weeks)
    assert any(line.get_marker() == "o" and list(line.get_ydata()) == [4.0] for line in ax.lines)


def test_no_comparison_across_a_gap(make: Any) -> None:
    title = layout.said(charts.mer_by_week(make.weeks().drop(index=[15])), "title")
    assert title == "Weekly MER ran between 3.00 and 4.00"


def test_ratios_start_at_zero(make: Any) -> None:
    for ax in (charts.mer_by_week(make.weeks()), charts.claimed_roas_by_week(make.weeks())):
        assert ax.get_ylim()[0] == 0


def test_break_even_is_named_and_in_sight(make: Any) -> None:
    ax: Any = charts.mer_by_week(make.weeks(), break_even=8.0)
    assert ax.get_ylim()[1] >= 8.0
    assert "Break-even\n8.00" in texts(ax)
    across: Any = charts.claimed_roas_by_channel(make.channels(["A", "B"]), break_even=5.0)
    assert across.get_xlim()[1] >= 5.0
    assert "break-even 5.00" in texts(across)


def test_weekly_claims_leave_out_spend_of_channels_that_claim_nothing(make: Any) -> None:
    weeks = make.weeks().assign(claimed_roas=4.0)  # half of the spend belongs to channels without claims
    assert "was 4.00 over" in layout.said(charts.claimed_roas_by_week(weeks), "title")


def test_channels_are_ranked_by_claimed_roas_with_their_share(make: Any) -> None:
    ax: Any = charts.claimed_roas_by_channel(make.channels(["Big", "Small"]), currency="EUR")
    assert layout.said(ax, "title") == "Small claims most per 1 of spend, 2.00; Big least, 1.00"
    assert [round(p.get_width(), 6) for p in ax.patches] == [2.0, 1.0]
    assert {"67 %", "33 %", "1.00", "2.00"} <= set(texts(ax))


def test_others_are_a_ratio_of_sums(make: Any) -> None:
    table = make.channels([f"c{i}" for i in range(12)])
    ax: Any = charts.claimed_roas_by_channel(table)
    rest = table.sort_values("spend", ascending=False).iloc[8:]
    assert "4 others" in texts(ax)
    assert layout.said(ax, "title") == "Of the 8 largest channels, c7 claims most per 1 of spend, 8.00; c0 least, 1.00"
    assert ax.patches[-1].get_width() == pytest.approx(rest.claimed_revenue.sum() / rest.spend.sum())


def test_more_than_four_channels_share_one_scale(make: Any) -> None:
    ax: Any = charts.channel_spend_by_week(make.channel_weeks(list("ABCDEF")))
    assert len(ax.child_axes) == 6
    assert len({small.get_ylim() for small in ax.child_axes}) == 1
    assert len({small.get_xlim() for small in ax.child_axes}) == 1


def test_small_channels_are_added_up(make: Any) -> None:
    ax: Any = charts.channel_spend_by_week(make.channel_weeks([f"c{i}" for i in range(12)]))
    assert "4 others" in texts(ax)
    assert list(lines(ax.child_axes[-1])[0]) == [10.0 * (4 + 3 + 2 + 1)] * 10


def test_a_channel_called_others_is_not_added_to_the_others(make: Any) -> None:
    names = ["others", *[f"c{i}" for i in range(11)]]
    ax: Any = charts.channel_spend_by_week(make.channel_weeks(names))
    assert {"others", "4 others"} <= set(texts(ax))


def test_over_claim_is_said(make: Any) -> None:
    table = make.channels(["A", "B"])  # claims 2000 + 2000
    title = layout.said(charts.claims_against_till(table, revenue=2000.0, currency="EUR"), "title")
    assert title == "Platforms claim 2.00 times what the shop took"
    ax: Any = charts.claims_against_till(table, revenue=8000.0, currency="EUR")
    assert layout.said(ax, "title") == "Platforms claim 50 % of what the shop took"
    assert [p.get_width() for p in ax.patches] == [2000.0, 2000.0, 4000.0, 8000.0]
    assert [p.get_x() for p in ax.patches] == [0.0, 2000.0, 0.0, 0.0]


def test_campaigns_show_the_largest(make: Any) -> None:
    table = make.channels([f"k{i}" for i in range(10)]).rename(columns={"channel": "campaign"}).assign(channel="Meta")
    ax: Any = charts.campaigns_by_spend(table, most=3, currency="EUR")
    assert layout.said(ax, "title") == "The 3 largest of 10 campaigns take 49 % of their spend"
    assert len(ax.patches) == 3
    assert {"k0", "k1", "k2", "€10.0K"} <= set(texts(ax))


def test_suggested_labels_say_so() -> None:
    table = pd.DataFrame(
        {"group": ["intent"] * 2, "label": ["brand", None], "spend": [1.0, 3.0], "claimed_roas": [4.0, 2.0]}
    )
    assert "SUGGESTED" in layout.said(charts.labels_bars(table.assign(suggested=True)), "subtitle")
    sure = charts.labels_bars(table.assign(suggested=False))
    assert "SUGGESTED" not in layout.said(sure, "subtitle")
    assert {"25 %", "75 %", "intent: brand", "intent: no label"} <= set(texts(sure))


def test_no_chart_speaks_of_causes(make: Any) -> None:
    for _, draw in EVERY:
        ax: Any = draw(make, ["A", "B", "C"])
        said = f"{layout.said(ax, 'title')} {layout.said(ax, 'subtitle')}".lower()
        assert not any(
            word in said for word in ("because", "cause", "drove", "driven", "thanks to", "generated", "effect")
        )


# ---- edges ---------------------------------------------------------------------------------------

Draw = Callable[[Any, list[str]], Any]

EVERY: list[tuple[str, Draw]] = [
    ("channels", lambda make, names: charts.claimed_roas_by_channel(make.channels(names), currency="USD")),
    ("spend", lambda make, names: charts.channel_spend_by_week(make.channel_weeks(names, 3), currency="USD")),
    ("till", lambda make, names: charts.claims_against_till(make.channels(names), revenue=10.0, currency="$")),
    ("campaigns", lambda make, names: charts.campaigns_by_spend(make.channels(names).assign(campaign=names))),
    ("labels", lambda make, names: charts.labels_bars(make.labels(names), currency="USD")),
]
IDS = [name for name, _ in EVERY]


@pytest.mark.slow
@pytest.mark.parametrize(("_name", "draw"), EVERY, ids=IDS)
def test_hostile_names_are_drawn_as_they_are(make: Any, _name: str, draw: Draw) -> None:
    for part in (HOSTILE[:7], HOSTILE[7:], HOSTILE[:1]):
        ax: Any = draw(make, part)
        assert saved(ax)[:4] == b"\x89PNG"
        svg = saved(ax, "svg").decode()
        assert "\x1b" not in svg
        assert "<script" not in svg
        assert "\u202e" not in "".join(texts(ax))
        assert not any(len(t) > 120 for t in texts(ax) if "x" * 20 in t)


def test_a_dollar_is_no_formula(make: Any) -> None:
    ax: Any = charts.claimed_roas_by_channel(make.channels(["$a$", "b^2_3"]))
    assert {"$a$", "b^2_3"} <= set(texts(ax))
    assert not any(t.get_parse_math() for t in ax.texts)


@pytest.mark.slow
@pytest.mark.parametrize(("_name", "draw"), EVERY, ids=IDS)
def test_one_and_thousands_of_rows(make: Any, _name: str, draw: Draw) -> None:
    for names in (["Only"], [f"channel {i}" for i in range(5000)]):
        ax: Any = draw(make, names)
        assert len(texts(ax)) < 120
        assert saved(ax)


@pytest.mark.parametrize(("_name", "draw"), EVERY, ids=IDS)
def test_nothing_is_cut_off(make: Any, _name: str, draw: Draw) -> None:
    ax: Any = draw(make, ["A rather long name of a channel", "B", "C", "D", "E"])
    renderer = ax.figure.canvas.get_renderer()
    whole = ax.figure.bbox
    for drawn in [*ax.texts, *(t for small in ax.child_axes for t in small.texts)]:
        box = drawn.get_window_extent(renderer)
        assert box.x0 >= -1, drawn
        assert box.x1 <= whole.x1 + 1, drawn
        assert box.y0 >= -1, drawn
        assert box.y1 <= whole.y1 + 1, drawn


@pytest.mark.slow
@pytest.mark.parametrize("empty", ["none", "nan", "zero", "negative", "one week"])
def test_weeks_without_numbers(make: Any, empty: str) -> None:
    weeks = make.weeks(1 if empty == "one week" else 20)
    figures = ["spend", "revenue", "claimed_revenue", "claimed_roas", "mer"]
    if empty == "none":
        weeks = weeks.iloc[:0]
    elif empty == "nan":
        weeks[figures] = np.nan
    elif empty == "zero":
        weeks[figures] = [0.0, 0.0, 0.0, np.nan, np.nan]
    elif empty == "negative":
        weeks[figures] = -weeks[figures]
    for ax in (
        charts.spend_and_revenue(weeks), charts.mer_by_week(weeks, break_even=2.0), charts.claimed_roas_by_week(weeks),
    ):  # fmt: skip
        assert layout.said(ax, "title")
        assert saved(ax)
        assert "nan" not in " ".join(texts(ax))
    if empty in ("none", "nan", "zero"):
        assert layout.said(charts.mer_by_week(weeks), "title") == "MER cannot be told"
        assert layout.said(charts.claimed_roas_by_week(weeks), "title") == "Claimed ROAS cannot be told"


@pytest.mark.slow
@pytest.mark.parametrize("empty", ["none", "nan", "zero", "some", "negative"])
def test_channels_without_numbers(make: Any, empty: str) -> None:
    table = make.channels(["A", "B", "C"])
    figures = ["spend", "claimed_revenue", "claimed_roas"]
    if empty == "none":
        table = table.iloc[:0]
    elif empty == "nan":
        table[figures] = np.nan
    elif empty == "zero":
        table[figures] = [0.0, 0.0, np.nan]
    elif empty == "some":
        table.loc[0, figures] = [5.0, np.nan, np.nan]
    else:
        table[figures] = [-5.0, -10.0, 2.0]
    by_week = make.channel_weeks(["A", "B", "C"], 1)
    by_week = (
        by_week.iloc[:0] if empty == "none" else by_week.assign(spend={"nan": np.nan, "zero": 0.0}.get(empty, -3.0))
    )
    for ax in (
        charts.claimed_roas_by_channel(table), charts.claims_against_till(table, revenue=0.0),
        charts.claims_against_till(table, revenue=None), charts.campaigns_by_spend(table.assign(campaign="k")),
        charts.channel_spend_by_week(by_week),
    ):  # fmt: skip
        assert layout.said(ax, "title")
        assert saved(ax)
        assert "nan" not in " ".join(texts(ax))
    if empty == "some":
        assert "no claims" in texts(charts.claimed_roas_by_channel(table))


# ---- manners -------------------------------------------------------------------------------------


def test_global_settings_are_left_alone(make: Any) -> None:
    before = dict(mpl.rcParams)
    saved(charts.mer_by_week(make.weeks()))
    saved(charts.channel_spend_by_week(make.channel_weeks(list("ABCDEF"))))
    assert dict(mpl.rcParams) == before


def test_given_axes_are_used_and_neighbours_left_alone(make: Any) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4))
    place = right.get_position().bounds
    assert charts.mer_by_week(make.weeks(), ax=left) is left
    assert right.get_position().bounds == place
    assert not right.texts
    assert len(figure.axes) == 2


def test_a_new_chart_has_the_usual_size(make: Any) -> None:
    figure: Any = charts.mer_by_week(make.weeks()).figure
    assert tuple(figure.get_size_inches()) == theme.SIZE
    assert figure.dpi == theme.DPI


def test_same_input_gives_the_same_bytes(make: Any) -> None:
    def svg() -> bytes:
        ax: Any = charts.mer_by_week(make.weeks(), ax=theme.figure().add_subplot())
        out = io.BytesIO()
        with theme.style():
            ax.figure.savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue()

    assert svg() == svg()


def test_a_small_image_of_mer(make: Any) -> None:
    """The line stands where the numbers say: the last weeks lower than the first."""
    ax: Any = charts.mer_by_week(make.weeks(), ax=theme.figure().add_subplot())
    ax.figure.set_dpi(40)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert pixels.shape == (162, 288, 3)
    box = ax.get_window_extent()
    rows = slice(162 - int(box.y1), 162 - int(box.y0) - 2)

    def height(week: int) -> int:
        """How far below the top the darkest pixel of a week is."""
        column = round(ax.transData.transform((ax.lines[0].get_xdata()[week], 0))[0])
        return int(np.argmin(pixels[rows, column].sum(axis=1)))

    assert height(18) > height(2) + 5


def test_every_hue_has_contrast() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(colour: str) -> float:
        return 1.05 / (luminance(colour) + 0.05)

    assert all(contrast(theme.WORDS_OF[hue]) >= 4.5 for hue in (*theme.HUES, theme.OTHER, theme.INK))
    assert all(contrast(hue) >= 3.0 for hue in (*theme.HUES, theme.OTHER))


def test_a_channel_keeps_its_colour_when_the_order_changes() -> None:
    names = ["Meta", "Search", "TikTok", "Shopping"]
    first = theme.channel_colours(names)
    assert set(first.values()) == set(theme.HUES)
    assert theme.channel_colours(["Meta"])["Meta"] == first["Meta"]
    assert theme.channel_colours([*names, "Display"])["Display"] == theme.OTHER
    assert {n: theme.channel_colours([*names, "Display"])[n] for n in names} == first


def test_labels_at_line_ends_do_not_overlap(make: Any) -> None:
    table = make.channel_weeks(["A", "B", "C", "D"]).assign(spend=10.0)  # four lines on one another
    ax: Any = charts.channel_spend_by_week(table)
    renderer = ax.figure.canvas.get_renderer()
    boxes = sorted((t.get_window_extent(renderer) for t in ax.texts if t.get_text() in "ABCD"), key=lambda b: b.y0)
    assert len(boxes) == 4
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))


def test_long_titles_are_wrapped_into_the_figure(make: Any) -> None:
    ax: Any = charts.channel_spend_by_week(
        make.channel_weeks(["A channel with a name of some length", "B"]),
        ax=theme.figure(theme.PHONE).add_subplot(),
    )
    title = layout.words(ax, "title")
    assert title is not None
    assert "\n" in title.get_text()
    assert title.get_window_extent().x1 <= ax.figure.bbox.x1


def test_words_can_be_left_to_a_page(make: Any) -> None:
    before = charts.mer_by_week(make.weeks(), ax=theme.figure().add_subplot()).get_window_extent().height
    with layout.words_apart():
        ax: Any = charts.mer_by_week(make.weeks(), ax=theme.figure().add_subplot())
    assert ax.get_window_extent().height > before
    assert layout.said(ax, "title").startswith("MER was")


def test_an_incomplete_week_in_the_middle_is_compared_with_nothing(make: Any) -> None:
    weeks = make.weeks()
    assert recent_and_before(weeks) is not None
    weeks.loc[14, "complete"] = False
    assert recent_and_before(weeks) is None
    assert recent_and_before(weeks.iloc[:14]) is None  # fourteen weeks are too few
    assert recent_and_before(weeks.iloc[:0]) is None


def test_equal_claims_have_no_best_and_no_worst(make: Any) -> None:
    table = make.channels(["A", "B"]).assign(claimed_roas=2.0)
    assert (
        layout.said(charts.claimed_roas_by_channel(table), "title")
        == "Each of the 2 channels claims 2.00 per 1 of spend"
    )
