"""The chart of a finding: by its words, limits and edges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

from roas.charts import evidence_chart, evidence_title, layout, theme
from roas.diagnosis.metrics import METRICS
from roas.diagnosis.results import Exhibit
from roas.report.inline_svg import inline_svg

MONDAY = dt.date(2025, 1, 6)
ONSET = dt.date(2025, 5, 12)
NAN = float("nan")


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def exhibit(
    metric: str = "ctr", *, weeks: int = 40, usual: float = 0.02, factor: float = 0.75, channel: str | None = "Meta",
    since: dt.date | None = ONSET,
) -> Exhibit:  # fmt: skip
    """`usual` in every week, times `factor` since the onset; expected all along."""
    days = tuple(MONDAY + dt.timedelta(7 * n) for n in range(weeks))
    observed = tuple(usual * (factor if since and day >= since else 1.0) for day in days)
    return Exhibit(
        metric, channel, days, observed, (usual,) * weeks, (0.9 * usual,) * weeks, (1.1 * usual,) * weeks, since
    )


def drawn(shown: Exhibit, **options: Any) -> Any:
    return evidence_chart(shown, metric=METRICS[shown.metric], **options)


def line(ax: Any, gid: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    found = next(each for each in ax.lines if each.get_gid() == gid)
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def words(ax: Any) -> str:
    return " ".join(t.get_text() for t in ax.texts if t.get_gid() not in ("title", "subtitle"))


def test_title_states_the_finding_and_subtitle_the_unit() -> None:
    ax = drawn(exhibit())
    assert layout.said(ax, "title") == "Meta: click-through is 25 % lower than expected since 12 May 2025"
    assert layout.said(ax, "subtitle") == (
        "Clicks per impression, by week; 6 January 2025 to 12 October 2025. "
        "Dashed: expected without the cause, band: 90 %"
    )


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (exhibit("cpm", usual=8.0, factor=1.5, channel=None), "Price of 1,000 impressions is 50 % higher than expected since 12 May 2025"),
        (exhibit("mer", usual=3.0, factor=1.001, channel=None), "MER is as expected since 12 May 2025"),
        (exhibit("ctr", since=None), "Meta: click-through by week"),
        (exhibit("unattributed", usual=-500.0, factor=3.0, channel=None), "Revenue no platform claims is €1.00K lower than expected since 12 May 2025"),
    ],
)  # fmt: skip
def test_title_from_the_data(shown: Exhibit, says: str) -> None:
    assert evidence_title(shown, metric=METRICS[shown.metric], currency="EUR") == says


def test_a_given_title_stands() -> None:
    assert layout.said(drawn(exhibit(), title="Ads wear out"), "title") == "Ads wear out"


def test_title_does_not_depend_on_the_order_of_weeks() -> None:
    shown = exhibit()
    turned: dict[str, Any] = {
        name: getattr(shown, name)[::-1] for name in ("weeks", "observed", "expected", "low", "high")
    }
    assert evidence_title(replace(shown, **turned), metric=METRICS["ctr"]) == evidence_title(
        shown, metric=METRICS["ctr"]
    )


def test_cents_and_euros_have_the_same_title() -> None:
    euros, cents = (evidence_title(exhibit("cpm", usual=u), metric=METRICS["cpm"]) for u in (8.0, 800.0))
    assert euros == cents


def test_expectation_begins_a_little_before_the_onset() -> None:
    x, y = line(drawn(exhibit()), "expected")
    known = x[np.isfinite(y)]
    onset = (ONSET - dt.date(1970, 1, 1)).days
    assert known.min() == onset - 56
    assert known.max() == x.max()


def test_onset_is_marked_and_dated() -> None:
    ax = drawn(exhibit())
    assert "since 12 May" in words(ax)
    onset = (ONSET - dt.date(1970, 1, 1)).days
    assert [each for each in ax.lines if list(each.get_xdata()) == [onset - 3.5] * 2]
    assert "since" not in words(drawn(exhibit(since=None)))


def test_gaps_stay_gaps() -> None:
    shown = exhibit()
    missing = replace(shown, observed=(*shown.observed[:9], NAN, *shown.observed[10:]))
    _, y = line(drawn(missing), "observed")
    assert np.isnan(y[9])
    absent: dict[str, Any] = {
        name: (*getattr(shown, name)[:9], *getattr(shown, name)[10:])
        for name in ("weeks", "observed", "expected", "low", "high")
    }
    x, y = line(drawn(replace(shown, **absent)), "observed")
    assert len(x) == 40
    assert np.isnan(y[9])


def test_zero_is_on_the_axis_and_shares_are_percents() -> None:
    ax = drawn(exhibit())
    assert ax.get_ylim()[0] == 0
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0 %", "1 %", "2 %"]


def test_money_ratios_and_counts_are_written_as_such() -> None:
    assert "€7.5" in "".join(t.get_text() for t in drawn(exhibit("cpm", usual=8.0), currency="EUR").get_yticklabels())
    assert "CHF" not in "".join(
        t.get_text() for t in drawn(exhibit("mer", usual=3.0), currency="CHF").get_yticklabels()
    )
    assert "40K" in "".join(
        t.get_text() for t in drawn(exhibit("sessions", usual=5e4), currency="EUR").get_yticklabels()
    )


def test_one_week_far_above_does_not_flatten_the_rest() -> None:
    shown = exhibit()
    ax = drawn(replace(shown, observed=(*shown.observed[:5], 5.0, *shown.observed[6:])))
    assert ax.get_ylim()[1] < 0.1
    assert layout.said(ax, "subtitle").endswith("1 week above the chart, up to 500 %")


@pytest.mark.parametrize("size", [theme.HALF, theme.PHONE])
@pytest.mark.parametrize(
    "shown",
    [
        exhibit(weeks=0), exhibit(weeks=1, since=MONDAY), exhibit(usual=0.0), exhibit(usual=NAN),
        exhibit("spend", usual=1e12), exhibit("unattributed", usual=-5.0), exhibit("cpm", usual=float("inf")),
        exhibit("frequency", usual=1e-9), exhibit(since=dt.date(2031, 1, 1)), exhibit(since=dt.date(2019, 1, 1)),
        exhibit(channel="$a$ <b>\u202e\x1b[31m_{x}" * 9), exhibit(weeks=160), exhibit(factor=NAN),
    ],
)  # fmt: skip
def test_never_raises_and_stays_inside(shown: Exhibit, size: tuple[float, float]) -> None:
    with theme.style():
        ax = drawn(shown, currency="EUR", ax=theme.figure(size).add_subplot())
        figure: Any = ax.get_figure(root=True)
        box = ax.get_tightbbox(figure.canvas.get_renderer())
    assert box.x0 > 0 and box.x1 < figure.bbox.width
    assert "\x1b" not in layout.said(ax, "title")


def test_no_setting_is_left_changed_and_the_same_bytes_come_twice() -> None:
    before = dict(plt.rcParams)
    made = []
    for _ in range(2):
        with theme.style(live_text=True):
            ax = drawn(exhibit(), ax=theme.figure(theme.HALF).add_subplot())
            made.append(inline_svg(ax.get_figure(root=True), name="n", says="s", kind="wide"))
    assert made[0] == made[1]
    assert dict(plt.rcParams) == before
