"""Cards for a chat: the right size, nothing over anything else, every letter there, said in one language."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest

from roas.charts import theme
from roas.diagnosis.results import Evidence
from roas.language import languages, speaking
from roas.quantiles import Q
from roas.report.finding_plots import alone
from roas.report.weekly.card.blank import HIGH, PIXELS, WIDE, Card
from roas.report.weekly.card.finding import finding_card, recent
from roas.report.weekly.card.letters import named
from roas.report.weekly.card.numbers import USUAL, numbers_card
from roas.report.weekly.card.plan import ROWS, plan_card
from roas.report.weekly.cards import cards, costliest
from roas.weekly.record import Figure, WeeklyReport
from tests.report.diagnosis_example import exhibit, finding
from tests.report.weekly.conftest import outside
from tests.report.weekly.example import NAMES, weekly_report

#: Points that lines of two texts may share: their boxes hold the room of letters that are not there.
SHARED = 3.0

ODD = (
    Figure("spend", "money", 12_345_678.9, 8_900_000.0, 8_000_000.0, 9_000_000.0),
    Figure("claimed_revenue", "money", 3500.0, 36_000.0, 32_000.0, 39_000.0),
    Figure("claimed_roas", "ratio", 9.5, 4.0, 3.0, 4.0),
)
UNKNOWN = (
    Figure("spend", "money", 98.0, None),
    Figure("revenue", "money", None, 5.0),
    Figure("mer", "ratio", 1.0, None),
)


@contextmanager
def drawing(language: str = "en") -> Iterator[None]:
    with speaking(language), theme.style(live_text=False):
        yield


def with_plan(weekly: WeeklyReport, channels: int, **changes: Any) -> WeeklyReport:
    """The report with a plan of so many channels with long names."""
    assert weekly.plan is not None
    first = weekly.plan.plan.moves[0]
    moves = tuple(
        replace(first, channel=f"Channel number {n} | prospecting, a long name", now=1e5, planned=1e5 + (-1) ** n * 10 ** (n % 6))
        for n in range(channels)
    )  # fmt: skip
    plan = replace(weekly.plan.plan, moves=moves, **changes)
    return replace(weekly, plan=replace(weekly.plan, plans=(plan,)))


def drawn(weekly: WeeklyReport) -> Iterator[Card]:
    """Cards of ordinary and of odd reports."""
    yield numbers_card(replace(weekly, figures=ODD))
    yield numbers_card(replace(weekly, figures=UNKNOWN, plan=None, alerts=()))
    long = finding(exhibits=(), title="A very long title of a finding " * 6, action="Do this, and that. " * 40)
    yield finding_card(replace(long, effect_per_week=Q(0.0, 0.0, 0.0)), weekly)
    report = with_plan(weekly, 40)
    assert report.plan is not None
    yield plan_card(report.plan, report)


# ---- files -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(weekly: WeeklyReport) -> dict[str, bytes]:
    return cards(weekly)


def test_there_is_a_card_for_the_numbers_each_finding_and_the_plan(made: dict[str, bytes]) -> None:
    assert list(made) == ["numbers", "finding_1", "finding_2", "plan"]


def test_every_card_is_1200_by_675_pixels_without_clock_or_maker(made: dict[str, bytes]) -> None:
    for png in made.values():
        assert png.startswith(b"\x89PNG")
        assert struct.unpack(">II", png[16:24]) == PIXELS == (1200, 675)
        assert not re.search(b"tEXt|tIME|zTXt|iTXt", png)


def test_the_same_report_gives_the_same_bytes(weekly: WeeklyReport, made: dict[str, bytes]) -> None:
    with drawing():
        card = finding_card(costliest(weekly)[0], weekly)
    assert card.png() == made["finding_1"]


def test_without_plan_and_findings_there_is_the_card_of_numbers() -> None:
    bare = weekly_report(alerts=(), changes=(), decisions=(), plan=None, figures=(), previous=None)
    healthy = replace(bare.analysis, diagnosis=replace(bare.analysis.diagnosis, findings=()))
    assert list(cards(replace(bare, analysis=healthy))) == ["numbers"]


# ---- layout ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_no_text_leaves_the_card_meets_another_or_lacks_a_letter(weekly: WeeklyReport, language: str) -> None:
    with drawing(language):
        for card in drawn(weekly):
            assert not [text for text in card.texts if "□" in text]
            assert not [
                line for line in card.lines if re.search(r"\d\S*( \S+){0,2} …$", line) and not _clause(line, card)
            ]
            assert all(left >= 0 and right <= WIDE - 10 and low <= HIGH for left, _, right, low in card.ends)
            for a, b in combinations(card.ends, 2):
                beside = a[2] <= b[0] + 1 or b[2] <= a[0] + 1
                assert beside or a[3] <= b[1] + SHARED or b[3] <= a[1] + SHARED, (a, b)


def _clause(line: str, card: Card) -> bool:
    """Whether a line was cut where a clause ends."""
    kept = re.escape(line.removesuffix(" …").replace("\xa0", " "))
    return any(re.search(rf"{kept}([.,;:!?]| \()", text.replace("\xa0", " ")) for text in card.texts)


def test_a_letter_that_the_font_lacks_is_a_box_and_no_warning(weekly: WeeklyReport) -> None:
    with drawing():
        card = finding_card(finding(exhibits=(), title="日本: \u202eclicks fell"), weekly)
        card.png()
    assert "□□: \\u202eclicks fell" in card.texts


# ---- words -----------------------------------------------------------------------------------


def test_a_number_outside_its_range_says_where(weekly: WeeklyReport) -> None:
    with drawing():
        said = numbers_card(replace(weekly, figures=ODD)).texts
        usual = numbers_card(weekly).texts
    assert said.count("Above the usual") == 2
    assert said.count("Below the usual") == 1
    assert not [text for text in usual if text.endswith("the usual")]
    assert "€8.00M to €9.00M" in said


def test_a_number_whose_range_is_not_known_says_so(weekly: WeeklyReport) -> None:
    with drawing():
        said = numbers_card(replace(weekly, figures=UNKNOWN, plan=None)).texts
    assert said.count("Too few weeks to say what is usual.") == 3
    assert "Where money should go cannot be told: what spend causes is not estimated here." in said
    assert USUAL not in said


def test_a_finding_says_what_it_costs_since_when_and_what_to_do(weekly: WeeklyReport) -> None:
    with drawing():
        card = finding_card(costliest(weekly)[0], weekly)
    assert {"Profit lost a week", "€1.20K", "90 % range €400 to €2.10K", "Since about 12 May 2025"} <= set(card.texts)
    assert card.texts[-1].startswith("Do: Replace the three oldest ads")
    assert card.texts[-1] != card.texts[2]


def test_a_finding_without_a_series_shows_its_evidence(weekly: WeeklyReport) -> None:
    with drawing():
        said = finding_card(finding(exhibits=()), weekly).texts
    assert "The mean age of the ads rose from 24 to 71 days." in said


@pytest.mark.parametrize("channels", [1, 5, 6, 30])
def test_channels_that_have_no_row_are_counted(weekly: WeeklyReport, channels: int) -> None:
    report = with_plan(weekly, channels)
    assert report.plan is not None
    with drawing():
        said = plan_card(report.plan, report).texts
    more = [int(text.split()[0]) for text in said if re.fullmatch(r"\d+ more channels?", text)]
    rows = sum("→" in text for text in said) - 1 - len(more)
    assert rows + sum(more) == channels
    assert 1 <= rows <= ROWS


def test_a_plan_says_its_gain_with_range_and_chance(weekly: WeeklyReport) -> None:
    gain = {"profit_change": Q(-20.0, 140.0, 310.0), "probability_better": 0.83}
    report = with_plan(weekly, 2, **gain)
    assert report.plan is not None
    with drawing():
        said = plan_card(report.plan, report).texts
        plain = plan_card(replace(report.plan, plans=(replace(report.plan.plan, profit_change=None),)), report).texts
    assert {"Profit a week, expected", "+€140", "90 % interval: €20 less to €310 more"} <= set(said)
    assert "Chance that it beats today's split: 83 %" in said
    assert "Revenue a week, expected" in plain


def test_a_plan_that_keeps_todays_split_promises_nothing(weekly: WeeklyReport) -> None:
    assert weekly.plan is not None
    still = tuple(replace(move, planned=move.now) for move in weekly.plan.plan.moves)
    held = replace(weekly.plan, plans=(replace(weekly.plan.plan, moves=still, held=True),))
    with drawing():
        said = plan_card(held, weekly).texts
    assert "Keep today's split." in said
    assert not [text for text in said if "expected" in text]


def test_every_sentence_of_a_card_is_said(weekly: WeeklyReport, bracketed: Any) -> None:
    with bracketed(), drawing():
        made = [*drawn(weekly), numbers_card(weekly)]
    titles = [each.title for each in weekly.analysis.diagnosis.findings]
    given = ("A very long title of a finding", *titles, "Search", "Meta", "K", "M")
    others = re.compile(r"Channel n[^⟦]*|Click-through fell.*|The mean age.*")  # names, and evidence of others
    for text in (text for card in made for text in card.texts):
        left = others.sub("", outside(text))
        for word in given:
            left = left.replace(word, "")
        assert not re.search(r"[A-Za-z]", left), text


# ---- the series of a finding -----------------------------------------------------------------


@pytest.mark.parametrize(("after", "shown"), [(5, 52), (26, 52), (40, 66), (200, 104)])
def test_a_series_reaches_half_a_year_before_its_onset_and_is_a_year_long_at_least(after: int, shown: int) -> None:
    whole = exhibit(weeks=104)
    since = whole.weeks[-min(after, 104)]
    found = recent(replace(whole, since=since))
    assert len(found.weeks) == len(found.observed) == len(found.expected) == len(found.low) == len(found.high) == shown
    assert found.weeks[-1] == whole.weeks[-1]
    assert all((b - a).days == 7 for a, b in pairwise(found.weeks))


def test_the_names_of_the_example_are_not_run() -> None:
    with drawing():
        assert named(NAMES[4], 200.0).startswith("\\u202e")


def test_the_chart_of_a_card_explains_no_title_that_it_does_not_have(weekly: WeeklyReport) -> None:
    shown = exhibit()
    facts = {"metric": shown.metric, "channel": shown.channel, "kind": "moved"}
    moved = Evidence(f"change_in_{shown.metric}", -0.93, -0.1, facts)
    found = replace(finding(exhibits=(shown,)), evidence=(moved,))
    assert alone(found) == -0.93
    with drawing():
        words = " ".join(finding_card(found, weekly).texts).replace("\n", " ")
    assert "Dashed: expected" in words
    assert "judged on its own" not in words
    assert "title" not in words.lower()
