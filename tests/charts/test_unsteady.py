"""Charts of volatility and decomposition: by their words, limits and edges."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from roas import charts
from roas.charts import funnel, layout, movers, theme, unsteady_words, values
from roas.report.inline_svg import VARIABLES, inline_svg
from roas.volatility import funnel as law
from roas.volatility.shares import PARTS

HOSTILE = [
    "$a$ and $b_{x}$", "\\frac{1}{2}$$", "<script>alert(1)</script>", "a\x1b[31mred\nline", "\u202eevil",
    "日本語キャンペーン", "x" * 80, "", "_under_score_",
]  # fmt: skip
PARTED = [*PARTS]


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def texts(ax: Any) -> list[str]:
    own = [t.get_text() for t in ax.texts if t.get_visible()]
    return own + ([t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())] if ax.axison else [])


def title(ax: Any) -> str:
    return layout.said(ax, "title")


def subtitle(ax: Any) -> str:
    return layout.said(ax, "subtitle")


def points(ax: Any, marker: str) -> list[tuple[float, float]]:
    """Where a marker was drawn."""
    found = [np.column_stack([line.get_xdata(), line.get_ydata()]) for line in ax.lines if line.get_marker() == marker]
    return [(float(x), float(y)) for rows in found for x, y in rows]


def weeks(count: int = 52, *, outside: int = 0, unfinished: int = 0, level: float = 3.0) -> pd.DataFrame:
    """ROAS at its level, between 2 and 4; every other week of the last `outside` ones at 5, else at 1."""
    roas = np.full(count, level)
    roas[count - outside :] = np.where(np.arange(outside) % 2, 1.0, 5.0)
    ripe = np.arange(count) < count - unfinished
    return pd.DataFrame(
        {"week": pd.date_range("2025-01-06", periods=count, freq="7D"), "roas": roas, "expected": level,
         "lower": level - 1, "upper": level + 1, "mature": ripe, "complete": True}
    )  # fmt: skip


def breaks(*rows: tuple[str, float | None, float | None, float | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["date", "before", "after", "probability"])
    return table.assign(date=pd.to_datetime(table["date"]))


FELL = ("2025-08-04", 3.1, 2.3, 0.97)


def units(names: list[str], *, differ: tuple[int, ...] = (0,)) -> pd.DataFrame:
    """Spend rises from name to name; the n-th that differs is above and below in turns."""
    count = len(names)
    roas = np.full(count, 3.0)
    for n, place in enumerate(differ):
        roas[place] = 1.0 if n % 2 else 6.0
    table = pd.DataFrame({"label": names, "channel": "Meta", "spend": 100.0 * 3.0 ** np.arange(count), "roas": roas})
    table["differs"] = np.isin(np.arange(count), differ)
    return table.assign(lower=2.0, upper=4.0, outer_lower=1.5, outer_upper=4.5)


def effects(**rows: tuple[float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["p5", "p50", "p95"]).rename_axis("factor")
    return table.reset_index()


LOST = effects(Conversion=(-0.5, -0.4, -0.3), Price=(-0.3, -0.2, -0.1), Basket=(-0.2, 0.0, 0.1))
ALL_LOST = {"p5": -0.8, "p50": -0.6, "p95": -0.4}


def split(names: list[str], sampling: Any = 0.6) -> pd.DataFrame:
    table = pd.DataFrame({"name": names, "observed": 0.3, "sampling": sampling})
    rest = 1 - table["sampling"]
    for part, share in zip(PARTED[1:], (0.1, 0.5, 0.2, 0.1, 0.1), strict=True):
        table[part] = share * rest
    return table


def sheets(names: list[str], mean: Any = 0.2, **changes: Any) -> pd.DataFrame:
    table = pd.DataFrame({"channel": names, "mean_p50": mean, "true_sd": 0.1})
    table = table.assign(mean_p5=table["mean_p50"] - 0.1, mean_p95=table["mean_p50"] + 0.1)
    return table.assign(below_observed=0.25, below_by_luck=0.2).assign(**changes)


def losses(*amounts: float) -> pd.DataFrame:
    table = pd.DataFrame({"week": pd.date_range("2025-01-06", periods=len(amounts), freq="7D"), "cumulative": amounts})
    return table.assign(peak=table["cumulative"].cummax())


# ---- weekly ROAS and luck ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (weeks(), "Nothing but luck to be seen: all 52 weeks are within its range"),
        (weeks(outside=5), "No more than luck: 47 of 52 weeks are within its range, about 47 would be"),
        (weeks(outside=11), "41 of 52 weeks are within what luck alone does; luck alone would keep about 47"),
        (weeks(6), "All 6 weeks are within what luck alone does"),
        (weeks().assign(roas=[60.0, 5.0, *([3.0] * 50)]), "1 week far beyond luck; 50 of 52 are within its range"),
        (weeks(1), "The only week is within what luck alone does"),
        (weeks(1, outside=1), "The only week is beyond what luck alone does"),
        (weeks(5, unfinished=5), "How much of MER is luck cannot be told"),
        (weeks().assign(lower=np.nan, upper=np.nan), "How much of MER is luck cannot be told"),
        (weeks().assign(roas=np.nan), "Weekly MER cannot be told"),
        (weeks(0), "Weekly MER cannot be told"),
    ],
)
def test_weeks_outside_are_counted_against_what_luck_leaves_outside(frame: pd.DataFrame, says: str) -> None:
    assert title(charts.roas_with_noise(frame)) == says


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([FELL], "MER fell around 4 August 2025 and stayed down"),
        ([("2025-08-04", 2.3, 3.1, 0.99)], "MER rose around 4 August 2025 and stayed up"),
        ([("2025-08-04", 3.1, 2.3, 0.7)], "MER probably fell around 4 August 2025 and stayed down"),
        ([("2025-08-04", 3.1, 2.3, 0.5)], "MER may have fallen around 4 August 2025 and stayed down"),
        ([("2025-12-15", 3.1, 2.3, 0.99)], "MER fell around 15 December 2025"),
        ([("2025-08-04", None, 2.3, 0.5)], "MER changed its level around 4 August 2025"),
        ([FELL, ("2025-04-07", 3.5, 3.1, 0.9)],
         "MER changed its level 2 times; last it fell around 4 August 2025, from 3.10 to 2.30"),
        ([("2030-08-04", 3.1, 2.3, 0.9)], "Nothing but luck to be seen: all 52 weeks are within its range"),
    ],
)  # fmt: skip
def test_a_break_is_said_as_surely_as_it_is(rows: list[Any], says: str) -> None:
    assert title(charts.roas_with_noise(weeks(), breaks=breaks(*rows))) == says


def test_breaks_are_marked_where_the_level_changes() -> None:
    ax: Any = charts.roas_with_noise(weeks(), breaks=breaks(FELL, ("2025-04-07", 3.5, 3.1, 0.72)), name="Meta")
    assert {"since 4 Aug: 3.10 → 2.30", "since 7 Apr: 3.50 → 3.10 (72 % sure)"} <= set(texts(ax))
    upright = [
        line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2
    ]
    first = ax.lines[1].get_xdata()[13] if len(ax.lines) > 1 else 0
    assert len(upright) == 2
    assert first - 7 < upright[0] < first
    assert title(ax).startswith("Meta: MER changed")


def test_only_the_largest_breaks_have_words() -> None:
    days = pd.date_range("2025-02-03", periods=8, freq="28D")
    many = pd.DataFrame({"date": days, "before": 3.0, "after": np.linspace(2.9, 1.5, 8), "probability": 0.99})
    ax = charts.roas_with_noise(weeks(), breaks=many)
    assert sum(t.startswith("since") for t in texts(ax)) == 3
    assert "→ 1.50" in " ".join(texts(ax))


def test_weeks_outside_have_a_shape_of_their_own() -> None:
    ax = charts.roas_with_noise(weeks(outside=11))
    assert [y for _, y in points(ax, "^")] == [5.0] * 6
    assert [y for _, y in points(ax, "v")] == [1.0] * 5


def test_unfinished_weeks_are_hollow_hatched_named_and_not_judged() -> None:
    frame = weeks(52, outside=2, unfinished=2)
    frame.loc[0, "complete"] = False
    ax: Any = charts.roas_with_noise(frame)
    assert title(ax) == "Nothing but luck to be seen: all 49 weeks are within its range"
    assert subtitle(ax).endswith("not final since 22 December 2025, incomplete week of 6 January 2025")
    assert [p.get_hatch() for p in ax.patches] == ["////"] * 3
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == theme.PAPER]
    assert [list(line.get_ydata()) for line in hollow] == [[3.0, 5.0, 1.0]]


def test_missing_weeks_stay_gaps_and_ratios_start_at_zero() -> None:
    ax: Any = charts.roas_with_noise(weeks().drop(index=[4, 5]), break_even=6.0, shares={"sampling": 0.71})
    line = next(line for line in ax.lines if line.get_color() == theme.INK and len(line.get_xdata()) == 52)
    assert list(np.flatnonzero(np.isnan(np.asarray(line.get_ydata(), float)))) == [4, 5]
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] >= 6
    assert {"Break-even\n6.00", "Level\n3.00"} <= set(texts(ax))
    assert "Luck is 71 % of the variance" in subtitle(ax)


def test_one_wild_week_does_not_hide_the_others() -> None:
    frame = weeks()
    frame.loc[7, ["roas", "upper"]] = [4000.0, 9000.0]
    ax = charts.roas_with_noise(frame)
    assert ax.get_ylim()[1] < 12
    assert "1 week above the chart, up to 4000" in subtitle(ax)


def test_chance_of_weeks_outside_is_the_binomial_tail() -> None:
    for outside, count in ((0, 10), (5, 52), (11, 52), (30, 156)):
        fewer = math.fsum(math.comb(count, k) * 0.1**k * 0.9 ** (count - k) for k in range(outside))
        assert unsteady_words.chance_outside(outside, count) == pytest.approx(1 - fewer, abs=1e-12)


# ---- funnel --------------------------------------------------------------------------------------


def test_limits_are_called_what_they_are() -> None:
    assert (funnel.INNER, funnel.OUTER) == (law.INNER, law.OUTER)
    assert unsteady_words.INSIDE == law.INNER
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


# ---- parts of a change ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "before", "after", "total", "says"),
    [
        (LOST, 3.1, 2.5, ALL_LOST, "Conversion took 0.40 of the 0.60 that ROAS lost"),
        (LOST, 3.1, 2.5, None, "Conversion took 0.40 of the 0.60 that ROAS lost"),
        (effects(A=(0.3, 0.4, 0.5)), 2.1, 2.5, None, "A brought 0.40 of the 0.40 that ROAS gained"),
        (effects(A=(-1, -0.9, -0.8), B=(0.2, 0.3, 0.4)), 3.1, 2.5, ALL_LOST,
         "A took 0.90; others gave some back, so ROAS lost 0.60"),
        (LOST, 3.1, 2.5, {"p5": -0.9, "p50": -0.6, "p95": 0.1},
         "ROAS went from 3.10 to 2.50, no further than luck could take it"),
        (effects(A=(-1, -0.6, 0.2)), 3.1, 2.5, ALL_LOST, "ROAS lost 0.60; which part took it cannot be told"),
        (LOST.assign(material=False), 3.1, 2.5, ALL_LOST, "ROAS lost 0.60; which part took it cannot be told"),
        (effects(A=(-0.5, -0.4, -0.3), B=(0.3, 0.4, 0.5)), 3.1, 3.1, None,
         "ROAS stayed at 3.10: what its parts took and brought adds up to nothing"),
        (effects(**{f"f{i}": (-0.2, -0.1, -0.05) for i in range(6)}), 3.1, 2.5, None,
         "ROAS lost 0.60 in many parts; the largest, f0, took 0.10"),
        (LOST, None, 2.5, None, "The change of ROAS cannot be told"),
        (LOST.assign(p50=np.nan), 3.1, 2.5, ALL_LOST, "What the change of ROAS consists of cannot be told"),
        (effects(), 3.1, 2.5, None, "What the change of ROAS consists of cannot be told"),
    ],
)  # fmt: skip
def test_change_title(frame: pd.DataFrame, before: float, after: float, total: Any, says: str) -> None:
    assert title(charts.change_bars(frame, before=before, after=after, total=total)) == says


def test_every_bar_begins_at_zero_and_the_bars_add_up() -> None:
    ax: Any = charts.change_bars(LOST, before=3.1, after=2.5, total=ALL_LOST, currency="EUR", periods="May and June")
    bars = [(p.get_x(), p.get_width()) for p in ax.patches]
    assert all(x == 0 for x, _ in bars)
    assert sum(wide for _, wide in bars[:-1]) == pytest.approx(bars[-1][1])
    assert {"−0.40 (−0.50 to −0.30)", "0.00 (−0.20 to +0.10)", "All together", "−0.60 (−0.80 to −0.40)"} <= set(
        texts(ax)
    )
    assert "ROAS from 3.10 to 2.50, revenue per €1; May and June. The parts add up" in subtitle(ax)
    assert "no order" in subtitle(ax)


def test_parts_that_could_be_luck_are_grey() -> None:
    ax: Any = charts.change_bars(LOST, before=3.1, after=2.5)
    from matplotlib.colors import to_hex

    assert [to_hex(p.get_facecolor()) for p in ax.patches] == [theme.HUES[1], theme.HUES[1], theme.OTHER, theme.INK]


def test_order_of_the_parts_does_not_change_the_chart() -> None:
    first, second = (charts.change_bars(t, before=3.1, after=2.5) for t in (LOST, LOST.iloc[::-1]))
    assert texts(first) == texts(second)


def test_an_endless_interval_is_cut_with_an_arrow() -> None:
    ax: Any = charts.change_bars(effects(A=(-0.5, -0.4, -0.3), B=(-90.0, -0.2, 90.0)), before=3.1, after=2.5)
    low, high = ax.get_xlim()
    assert -2 < low < high < 2
    assert points(ax, "<")
    assert points(ax, ">")


def test_small_parts_are_added_up() -> None:
    many = effects(**{f"f{i}": (0.01, 0.02, 0.03) for i in range(60)})
    ax: Any = charts.change_bars(many, before=1.0, after=2.2)
    assert "52 others" in texts(ax)
    assert sum(p.get_width() for p in ax.patches[:-1]) == pytest.approx(1.2)


# ---- what ROAS moves with ------------------------------------------------------------------------


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


# ---- returns and losses --------------------------------------------------------------------------


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


# ---- edges ---------------------------------------------------------------------------------------


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
    with theme.style(live_text=True):
        ax = draw(HOSTILE, ax=theme.figure().add_subplot())
    svg = inline_svg(ax.figure, name="x", says="", kind="wide")
    assert "\x1b" not in svg
    assert "<script" not in svg
    assert "\u202e" not in "".join(texts(ax))
    assert not any(t.get_parse_math() for t in ax.texts)
    assert not any("x" * 40 in t for t in texts(ax))
    assert not re.findall(r"#[0-9a-f]{6}\b", svg), "a colour without a variable stays as it is in the dark"
    assert theme.PAPER in VARIABLES


@pytest.mark.slow
@pytest.mark.parametrize("draw", EVERY, ids=IDS)
@pytest.mark.parametrize("size", SIZES, ids=["file", "half", "phone"])
def test_nothing_is_cut_off(draw: Any, size: tuple[float, float]) -> None:
    for words in (nullcontext(), layout.words_apart()):
        with words:
            ax = draw(["A rather long name of a channel", "B", "C"], ax=theme.figure(size).add_subplot())
        renderer = ax.figure.canvas.get_renderer()
        for drawn in (t for t in ax.texts if t.get_visible()):
            box = drawn.get_window_extent(renderer)
            assert box.x0 >= -1, drawn
            assert box.x1 <= ax.figure.bbox.x1 + 1, drawn
            assert box.y0 >= -1, drawn
            assert box.y1 <= ax.figure.bbox.y1 + 1, drawn
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


def test_a_small_image_of_weeks_and_their_band() -> None:
    """The band is grey where the limits say, and paper outside of them."""
    ax: Any = charts.roas_with_noise(weeks(), ax=theme.figure().add_subplot())
    ax.figure.set_dpi(40)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert pixels.shape == (162, 288, 3)

    def light(roas: float) -> int:
        x, y = ax.transData.transform((ax.get_xlim()[0] + 100, roas))
        return int(pixels[162 - int(y), int(x)].sum())

    assert light(3.5) < light(1.5) - 30
    assert light(2.5) < light(1.5) - 30
