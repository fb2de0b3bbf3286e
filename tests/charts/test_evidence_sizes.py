"""One finding has one date and one size, or its chart says why there are two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from matplotlib import pyplot as plt

import roas
from roas.charts import evidence_chart, layout
from roas.charts.evidence_words import size_says
from roas.diagnosis.metrics import METRICS
from roas.diagnosis.results import Evidence, Finding
from roas.format import change, day, percent
from roas.quantiles import Q
from roas.report.finding_plots import alone, finding_plots, shown
from roas.simulator import Planted, simulate
from tests.charts.test_evidence import ONSET, exhibit

EARLIER = ONSET - dt.timedelta(weeks=2)


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")


def finding(*evidence: Evidence, channel: str | None = "Meta") -> Finding:
    """A finding since two weeks before the onset that its series fits best."""
    return Finding(
        "creative_fatigue", channel, None, "supported", 0.9, EARLIER,
        (EARLIER - dt.timedelta(20), ONSET + dt.timedelta(6)), Q(1.0, 2.0, 3.0), evidence, (exhibit(channel=channel),),
    )  # fmt: skip


def moved(value: float, *, metric: str = "ctr", channel: str | None = "Meta") -> Evidence:
    return Evidence(f"change_in_{metric}", value, -0.1, {"metric": metric, "channel": channel, "kind": "moved"})


def drawn(found: Finding) -> tuple[str, str, list[str]]:
    """Title, subtitle and the words of the onset."""
    ax: Any = evidence_chart(shown(found), metric=METRICS[found.exhibits[0].metric], alone=alone(found))
    return layout.said(ax, "title"), layout.said(ax, "subtitle"), [t.get_text() for t in ax.texts]


def test_the_chart_has_the_date_of_its_finding() -> None:
    title, _, words = drawn(finding())
    assert title.endswith(f"since {day(EARLIER)}")
    assert "since 28 Apr" in words
    assert not [each for each in words if "12 May" in each]


def test_another_size_in_the_evidence_is_explained() -> None:
    title, subtitle, _ = drawn(finding(moved(-0.31)))
    assert "25 % lower" in title
    assert subtitle.endswith("the typical week since then; judged on its own, this series changed by −31 %")


@pytest.mark.parametrize(
    "evidence",
    [
        moved(-0.25),
        moved(-0.2503),
        moved(-0.27),
        moved(-0.23),
        moved(-0.4, metric="cvr"),
        moved(-0.4, channel="Search"),
        moved(-0.4, channel=None),
    ],
)
def test_one_size_needs_no_explanation(evidence: Evidence) -> None:
    assert "Title" not in drawn(finding(evidence))[1]


def test_the_same_size_the_other_way_is_another_size() -> None:
    assert size_says(exhibit(), 0.25)
    assert not size_says(exhibit(), -0.25)


def test_nothing_is_explained_without_a_size_in_the_title() -> None:
    assert not size_says(exhibit(), None)
    assert not size_says(exhibit(since=None), -0.4)
    assert not size_says(exhibit(weeks=0), -0.4)
    assert not size_says(exhibit("unattributed", usual=-500.0), -0.4)


def test_a_title_that_was_given_is_not_explained() -> None:
    ax = evidence_chart(exhibit(), metric=METRICS["ctr"], title="Ads wear out", alone=-0.4)
    assert "Title" not in layout.said(ax, "subtitle")


def test_a_finding_of_the_account_looks_at_the_evidence_of_the_account() -> None:
    found = finding(moved(-0.31, channel=None), channel=None)
    assert alone(found) == -0.31
    assert alone(replace(found, evidence=(moved(-0.31),))) is None


@pytest.mark.slow
def test_charts_of_a_diagnosis_agree_with_its_words() -> None:
    tables, _ = simulate(seed=31, weeks=80, causes=[Planted("tracking_break", channel="Search", since="2025-05-05")])
    analysis = roas.analyze(tables["spend"], tables["revenue"], model=False)
    findings = [each for each in analysis.diagnosis.findings if each.exhibits]
    assert findings
    for found, plot in zip(findings, finding_plots(analysis), strict=False):
        ax = plot.draw()
        title, subtitle = layout.said(ax, "title"), layout.said(ax, "subtitle")
        assert day(found.since) in title
        value = alone(found)
        if value is not None:
            told = [percent(abs(value) + near / 1000) in title for near in range(-30, 31)]
            assert any(told) or subtitle.endswith(change(value))
