"""Title and subtitle of weekly ROAS, and the sentence above it, say the same of luck in every case."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from roas import charts
from roas.charts import luck_words
from roas.charts.unsteady import _breaks, _settled
from roas.charts.unsteady_words import noise_title
from roas.report import unsteady_words
from roas.volatility.band import weekly_band
from roas.volatility.noise import estimate_noise
from roas.volatility.shares import variance_shares
from roas.volatility.truth import swing
from tests.charts.looks import subtitle, title
from tests.charts.unsteady_tables import FELL, breaks, weeks
from tests.volatility.worlds import channel

ALL, MOST, LITTLE = 1.0, 0.7, 0.3
WILD = weeks().assign(roas=[60.0, 5.0, *([3.0] * 50)])


@pytest.mark.parametrize(
    ("frame", "luck", "says"),
    [
        (weeks(), ALL, "Nothing but luck to be seen: all 52 weeks are within its range"),
        (weeks(), MOST, "All 52 weeks are within what luck alone does"),
        (weeks(), LITTLE, "Each of the 52 weeks could be luck, but luck is only 30 % of their variance"),
        (weeks(outside=5), ALL, "No more than luck: 47 of 52 weeks are within its range, about 47 would be"),
        (weeks(outside=5), MOST, "47 of 52 weeks are within what luck alone does; luck alone would keep about 47"),
        (weeks(outside=5), LITTLE, "47 of 52 weeks could each be luck, but luck is only 30 % of their variance"),
        (weeks(outside=11), ALL, "Only 41 of 52 weeks are within luck's range, though all together swing no more than luck alone would make them"),
        (weeks(outside=11), MOST, "41 of 52 weeks are within what luck alone does; luck alone would keep about 47"),
        (WILD, ALL, "1 week far beyond luck, though all 52 together swing no more than luck alone would make them"),
        (WILD, LITTLE, "1 week far beyond luck; 50 of 52 are within its range"),
    ],
)  # fmt: skip
def test_the_title_weighs_weeks_and_variance_together(frame: pd.DataFrame, luck: float, says: str) -> None:
    assert title(charts.roas_with_noise(frame, shares={"sampling": luck})) == says


def said(frame: pd.DataFrame, luck: float, broken: bool) -> tuple[str, str]:
    """Title, and what the subtitle says of luck, without drawing."""
    found = _breaks(breaks(FELL) if broken else None, _settled(frame))
    return noise_title(_settled(frame), found, "MER", luck), luck_words.luck_says(luck, broken=bool(found))


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("luck", [0.0, 0.038, 0.3, 0.6, 0.9, 0.994, 0.996, 1.0])
@pytest.mark.parametrize(
    "frame", [weeks(), weeks(8), weeks(7), weeks(1), weeks(outside=5), weeks(outside=11), weeks(outside=40), WILD]
)
def test_title_and_subtitle_agree(frame: pd.DataFrame, luck: float, broken: bool) -> None:
    head, below = said(frame, luck, broken)
    if "nothing but luck" in head or "no more than luck:" in head:
        assert below == "Luck is 100 % of the variance"
    if below == "Luck is 100 % of the variance":
        assert re.search(r"nothing but luck|no more than luck|within what luck alone does", head)
    if "luck is only" in head:
        assert below.split()[2] == head.split("luck is only ")[1].split()[0]
        assert luck < 0.5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("true_sd", "inflated"), [(0.0, 1.0), (0.0, 4.0), (0.02, 1.0), (0.1, 1.0), (0.3, 1.0)])
def test_the_sentence_on_the_page_agrees(seed: int, true_sd: float, inflated: float) -> None:
    """That nothing but luck is seen on the chart, and that movement is certain in the sentence above it, never meet."""
    series, _ = channel(seed, days=140, true_sd=true_sd)
    noise = estimate_noise(series)
    assert noise.unit is not None and noise.basket_cv is not None
    noise = replace(noise, unit=inflated * noise.unit, basket_cv=math.sqrt(inflated * (1 + noise.basket_cv**2) - 1))
    moved, shares = swing(series, noise), variance_shares(series, noise)
    assert moved is not None and shares is not None
    luck = shares["sampling"]
    account = SimpleNamespace(series=series, noise=noise, swing=moved)
    sentence = unsteady_words.sentence(SimpleNamespace(volatility=SimpleNamespace(account=account)))  # type: ignore[arg-type]
    assert sentence is not None
    head, below = said(weekly_band(series, noise, []), luck, broken=False)
    certain = not sentence.endswith("no movement beyond it is certain.")
    if certain:
        assert "nothing but luck" not in head and "no more than luck" not in head
        assert below != "Luck is 100 % of the variance"
    if inflated > 1:
        assert (luck, below, certain) == (1.0, "Luck is 100 % of the variance", False)
    if true_sd > 0.2:
        assert certain and luck < 0.5


def test_luck_that_is_not_known_has_no_share() -> None:
    frame = weeks().assign(lower=float("nan"), upper=float("nan"))
    ax = charts.roas_with_noise(frame, shares={"sampling": 0.0})
    assert title(ax) == "How much of MER is luck cannot be told"
    assert "Luck is" not in subtitle(ax)


def test_a_new_level_is_not_denied_by_the_luck_of_single_weeks() -> None:
    ax = charts.roas_with_noise(weeks(), breaks=breaks(FELL), shares={"sampling": 1.0})
    assert title(ax).startswith("MER fell around")
    assert "a level is judged by many of them together" in subtitle(ax)


def test_chance_of_weeks_outside_is_the_binomial_tail() -> None:
    for outside, count in ((0, 10), (5, 52), (11, 52), (30, 156)):
        fewer = math.fsum(math.comb(count, k) * 0.1**k * 0.9 ** (count - k) for k in range(outside))
        assert luck_words.chance_outside(outside, count) == pytest.approx(1 - fewer, abs=1e-12)
