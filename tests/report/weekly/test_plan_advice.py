"""What the week says of money: moves or amounts, waiting first, one total beside another, one channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from roas.diagnosis.base import CAUSES
from roas.diagnosis.results import Diagnosis
from roas.diagnosis.sentences import PILOTS
from roas.plan import holds
from roas.quantiles import Q
from roas.report import plan_total
from roas.report.weekly import advice, headline, planned
from roas.report.weekly.card import plan as card
from roas.report.weekly.card.blank import HIGH
from roas.report.weekly.card.plan import plan_card
from roas.report.weekly.digest import digest
from roas.report.weekly.page import context
from roas.weekly.figures import weekly_sums
from roas.weekly.record import Change, Figure, WeeklyReport
from tests.report.diagnosis_example import finding
from tests.report.weekly.conftest import outside
from tests.report.weekly.example import NAMES
from tests.report.weekly.test_cards import drawing

#: Last week Search spent 560, Meta 140 and the third channel 140.
SEARCH, META, OTHER = NAMES[:3]


def planning(
    report: WeeklyReport, amounts: Mapping[str, tuple[float, float]], *findings: Any, **changes: Any
) -> WeeklyReport:
    """The week with a plan of (now, planned) for each channel, and these findings alone; nothing else is new."""
    assert report.plan is not None
    by_name = {move.channel: move for move in report.plan.plan.moves}
    moves = tuple(replace(by_name[name], now=now, planned=then, known="known") for name, (now, then) in amounts.items())
    plan = replace(report.plan.plan, moves=moves, **({"probability_better": 0.8, "held": False} | changes))
    analysis = replace(report.analysis, diagnosis=Diagnosis(findings, ()))
    for name in ("weeks", "channel_weeks"):  # worked out once
        vars(analysis)[name] = getattr(report.analysis, name)
    return replace(
        report, plan=replace(report.plan, plans=(plan,)), analysis=analysis, alerts=(), changes=(),
        figures=(Figure("mer", "ratio", 3.57, 3.6, 3.2, 4.4, 0.5),),
    )  # fmt: skip


def said(report: WeeklyReport) -> str:
    assert report.plan is not None
    return advice.verdict(report, report.plan)


#: Last week lies between the mean and the plan, or near the mean: the moves say what is to be done.
NEAR = {SEARCH: (600.0, 500.0), META: (130.0, 230.0), OTHER: (140.0, 140.0)}


def of(cause: str, channel: str | None, verdict: str = "supported", **changes: Any) -> Any:
    return finding(cause=cause, channel=channel, verdict=verdict, title="", **changes)


# ---- moves or amounts ------------------------------------------------------------------------


@pytest.mark.parametrize("sure", [0.8, 0.95])
def test_moves_are_named_where_last_week_is_near_the_mean(weekly: WeeklyReport, sure: float) -> None:
    words = "take €100 a week from Search and give it to Meta."
    says = f"T{words[1:]}" if sure > 0.9 else f"Probably best: {words}"
    assert said(planning(weekly, NEAR, probability_better=sure)) == says


@pytest.mark.parametrize(
    ("search", "meta", "says"),
    [
        ((700.0, 600.0), (100.0, 200.0), "set Meta to €200 a week and Search to €600."),  # below the cut already
        ((600.0, 500.0), (30.0, 130.0), "set Meta to €130 a week and Search to €500."),  # above the gift already
        ((620.0, 500.0), (130.0, 250.0), "take €120 a week from Search and give it to Meta."),  # half of the way
        ((622.0, 500.0), (130.0, 252.0), "set Meta to €252 a week and Search to €500."),  # further than half
        ((500.0, 450.0), (150.0, 200.0), "set Meta to €200 a week and Search to €450."),  # 60 above, moved by 50
    ],
)
def test_amounts_are_said_where_moves_would_be_misread(
    weekly: WeeklyReport, search: tuple[float, float], meta: tuple[float, float], says: str
) -> None:
    report = planning(weekly, {SEARCH: search, META: meta, OTHER: (140.0, 140.0)})
    assert said(report) == f"Probably best: {says}"
    assert said(replace(report, week=report.week.next)).startswith("Probably best: take")  # last week not known
    sure = planning(weekly, {SEARCH: search, META: meta}, probability_better=0.95)
    assert said(sure) == f"{says[:1].upper()}{says[1:]}"


def test_a_small_move_is_not_named_but_listed(weekly: WeeklyReport) -> None:
    report = planning(weekly, {SEARCH: (600.0, 500.0), META: (130.0, 228.56), OTHER: (140.0, 141.44)})
    assert OTHER not in said(report)
    assert "give €98.56 a week to Meta." in said(report)
    section = planned.plan(report)
    assert section is not None
    assert [row[4] for row in section["table"].rows][-1].startswith("+€1.44")


def test_a_plan_of_small_moves_only_keeps_the_split(weekly: WeeklyReport) -> None:
    report = planning(weekly, {SEARCH: (560.0, 555.0), META: (140.0, 145.0)}, of("fragmentation", META))
    assert said(report) == "Keep today's split: the plan has only small moves, none of them 1 % of the total."


def test_many_channels_are_counted(weekly: WeeklyReport) -> None:
    report = planning(weekly, NEAR)
    assert report.plan is not None
    first = report.plan.plan.moves[0]
    moves = tuple(replace(first, channel=f"C{n}", now=100.0, planned=100.0 + (-1) ** n * 10) for n in range(9))
    assert (
        advice._levels(moves, "EUR")
        == "C0 to €110 a week, C1 to €90, C2 to €110, C3 to €90, C4 to €110 and 4 other channels as listed"
    )


def test_last_week_is_what_the_weekly_sums_have(weekly: WeeklyReport) -> None:
    assert weekly.plan is not None
    plan = weekly.plan.plan
    for week in (weekly.week, weekly.week.previous, weekly.week.next):
        report = replace(weekly, week=week)
        for move in plan.moves:
            sums = weekly_sums(weekly.analysis, move.channel)
            assert advice.last_week(report, plan)[move.channel] == sums.at("spend", week)
    unknown = replace(plan, moves=(replace(plan.moves[0], channel="Nobody"),))
    assert advice.last_week(weekly, unknown) == {"Nobody": None}


@pytest.mark.parametrize(
    ("search", "told"), [(420.0, True), (426.0, False), (600.0, False), (674.0, False), (680.0, True), (2000.0, True)]
)
def test_another_total_than_last_weeks_is_said(weekly: WeeklyReport, search: float, told: bool) -> None:
    """Of 840, 15 % are 126: half of the 30 % that a channel may move."""
    report = planning(weekly, {SEARCH: (search, search - 100.0), META: (150.0, 250.0), OTHER: (140.0, 140.0)})
    total = f"{search + 290:,.0f}"
    says = f"The plan is for €{total} a week, the mean of the last 8 weeks; last week €840 was spent."
    assert (says in said(report)) == told == ("mean of the last 8" in said(report))


def test_two_totals_are_written_alike() -> None:
    assert advice._alike(1.64e6, 615_074.0, "USD") == {"total": "$1.64M", "last": "$615K"}
    assert advice._alike(44_964.0, 24_081.0, None) == {"total": "44,964", "last": "24,081"}


def test_one_channel_has_no_split(weekly: WeeklyReport) -> None:
    report = planning(weekly, {SEARCH: (560.0, 560.0)}, of("saturation", SEARCH), held=True)
    assert headline.lead(report).startswith("There is only one channel, Search: no split to choose.")
    assert "Keep today's split" not in said(report)


# ---- waiting ---------------------------------------------------------------------------------


def test_every_cause_says_whether_money_should_wait() -> None:
    assert set(holds.WAITS) == {cause.name for cause in CAUSES}
    assert set(holds.WAITS) >= holds.LESS
    assert not [cause for cause in holds.LESS if holds.WAITS[cause]]


@pytest.mark.parametrize("cause", [cause for cause, reason in holds.WAITS.items() if reason])
def test_a_plan_is_for_later_where_a_finding_asks_to_wait(weekly: WeeklyReport, cause: str) -> None:
    words = said(planning(weekly, NEAR, of(cause, SEARCH)))
    assert words.startswith("Wait with moving money: ")
    assert words.endswith(". After that, probably best: take €100 a week from Search and give it to Meta.")
    assert said(planning(weekly, NEAR, of(cause, SEARCH), probability_better=0.95)).endswith(
        ". After that: take €100 a week from Search and give it to Meta."
    )


def test_headline_section_card_and_message_say_it_in_the_same_words(weekly: WeeklyReport) -> None:
    report = planning(weekly, NEAR, of("fragmentation", SEARCH))
    words = said(report)
    assert report.plan is not None
    shown = context(report, [])
    assert words == headline.lead(report).removesuffix(f" {shown['plan']['gains'][-1]}")
    assert shown["plan"]["verdict"] == words
    assert any(words in getattr(block, "text", "") for block in digest(report))
    with drawing():
        assert words in plan_card(report.plan, report).texts


@pytest.mark.parametrize("cause", [cause for cause, reason in holds.WAITS.items() if not reason])
def test_other_findings_let_money_move(weekly: WeeklyReport, cause: str) -> None:
    assert said(planning(weekly, NEAR, of(cause, None))).startswith("Probably best: take €100")


def test_what_is_not_proven_asks_to_wait_or_to_test(weekly: WeeklyReport) -> None:
    maybe = finding(cause="saturation", channel=META, verdict="possible", rival=None)
    title = maybe.title.removesuffix(".")
    assert said(planning(weekly, NEAR, maybe)).startswith(f"Wait with moving money: “{title}” is not proven yet. ")
    pair = next(each for each in PILOTS if "saturation" in each)
    tied = finding(cause="saturation", channel=META, verdict="possible", rival=next(iter(pair - {"saturation"})))
    assert "is not proven yet, and the test that its finding names comes first. After that" in said(
        planning(weekly, NEAR, tied)
    )


def test_what_is_not_proven_but_agrees_with_the_plan_lets_it_go(weekly: WeeklyReport) -> None:
    maybe = finding(cause="saturation", channel=SEARCH, verdict="possible", rival=None)
    words = said(planning(weekly, NEAR, maybe))
    assert words.startswith("Probably best: ") and "What was found on Search points the same way" in words
    rival = next(iter(next(each for each in PILOTS if "saturation" in each) - {"saturation"}))
    assert said(planning(weekly, NEAR, replace(maybe, rival=rival))).startswith("Wait with moving money")


def test_beside_what_is_not_proven_no_plan_is_a_firm_instruction(weekly: WeeklyReport) -> None:
    maybe = finding(cause="saturation", channel=SEARCH, verdict="possible", rival=None)
    far = {SEARCH: (700.0, 600.0), META: (100.0, 200.0)}
    for amounts, words in ((NEAR, "take"), (far, "set")):
        assert said(planning(weekly, amounts, maybe, probability_better=0.99)).startswith(f"Probably best: {words}")
        assert said(planning(weekly, amounts, of("saturation", SEARCH), probability_better=0.99)).startswith(
            words.capitalize()
        )
    later = planning(weekly, NEAR, maybe, of("fragmentation", META), probability_better=0.99)
    assert ". After that, probably best: take" in said(later)


def test_what_is_proven_comes_first_and_other_reasons_below(weekly: WeeklyReport) -> None:
    maybe = finding(cause="demand_shift", channel=None, verdict="possible", effect=Q(1.0, 9e6, 9e9))
    report = planning(weekly, NEAR, maybe, of("fragmentation", META))
    assert "small campaigns of Meta" in said(report)
    section = planned.plan(report)
    assert section is not None
    assert section["already"][0].startswith("Another reason to wait: “")
    assert section["already"][0].endswith("” is not proven yet.")


@pytest.mark.parametrize("cause", sorted(holds.LESS))
def test_a_finding_and_the_plan_agree_or_that_is_settled_first(weekly: WeeklyReport, cause: str) -> None:
    same = said(planning(weekly, NEAR, of(cause, SEARCH)))
    assert same.endswith(
        "What was found on Search points the same way: less money there than in the last 8 weeks."
    ) and same.startswith("Probably best")
    below = said(planning(weekly, {SEARCH: (700.0, 600.0), META: (100.0, 200.0)}, of(cause, SEARCH)))
    assert below.endswith("than in the last 8 weeks. Search already spent less than planned last week.")
    against = said(planning(weekly, NEAR, of(cause, META)))
    assert against.startswith("Wait with moving money: the plan gives Meta more while a finding asks for less there")
    assert "points the same way" not in against + said(planning(weekly, NEAR, of(cause, OTHER)))


def test_a_plan_that_moves_nothing_waits_for_nothing(weekly: WeeklyReport) -> None:
    still = {name: (now, now) for name, (now, _) in NEAR.items()}
    assert said(planning(weekly, still, of("fragmentation", META), held=True)) == "Keep today's split."


# ---- the next unit, digits, what is really different -----------------------------------------


@pytest.mark.parametrize("state", ["none_pays", "all_pay", "some", ""])
def test_an_ordinary_week_says_where_no_next_unit_pays(
    weekly: WeeklyReport, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_total, "total_words", lambda *_: "No unit pays.")
    monkeypatch.setattr(plan_total, "total_state", lambda *_: state)
    report = planning(weekly, NEAR)
    assert headline.verdict(report).startswith("An ordinary week")
    assert ("No unit pays." in headline.lead(report)) == (state == "none_pays")
    odd = replace(report, figures=(Figure("spend", "money", 2000.0, 3600.0, 3200.0, 3900.0),))
    assert "No unit pays." not in headline.lead(odd)
    section = planned.plan(report)
    assert section is not None
    assert section["gains"][-1] == "No unit pays."
    assert "No unit pays." not in section["more"]


def test_card_and_page_write_a_gain_with_the_same_digits(weekly: WeeklyReport) -> None:
    report = planning(weekly, NEAR, revenue_change=Q(23.3, 458.0, 944.0), profit_change=None)
    assert report.plan is not None
    with drawing():
        texts = plan_card(report.plan, report).texts
    section = planned.plan(report)
    assert section is not None
    assert {"+€460", "90 % interval: €23 to €940"} <= set(texts)
    assert "about €460 more revenue a week (90 % interval: €23 to €940)" in section["gains"][0]


def card_texts(report: WeeklyReport) -> list[str]:
    assert report.plan is not None
    with drawing():
        return plan_card(report.plan, report).texts


def test_a_card_draws_what_the_gain_is_of_whatever_the_words_above_say(weekly: WeeklyReport) -> None:
    texts = card_texts(planning(weekly, {SEARCH: (700.0, 600.0), META: (100.0, 200.0), OTHER: (140.0, 140.0)}))
    assert "Probably best: set Meta to €200 a week and Search to €600." in texts
    shown = {"A week: mean of 8 weeks → planned", "€700 → €600", "€100 → €200", "€140, as today"}
    assert shown <= set(texts)
    assert "Estimated, not measured." in texts


@pytest.mark.parametrize("most", [1, 2, 5, 6, 9])
def test_rows_of_a_card_are_the_largest_moves_and_add_up(weekly: WeeklyReport, most: int) -> None:
    assert weekly.plan is not None
    first, size = weekly.plan.plan.moves[0], (-300.0, 250.0, 100.0, -90.0, 70.0, -40.0, 10.0)
    moves = tuple(replace(first, channel=f"C{n}", now=1000.0, planned=1000.0 + d) for n, d in enumerate(size))
    rows = card._rows(replace(weekly.plan.plan, moves=moves), most)
    assert len(rows) == min(most, len(moves))
    assert sum(row.size for row in rows) == pytest.approx(0.0, abs=1e-9)
    whole = rows if most > len(moves) else rows[:-1]
    assert [row.name for row in whole] == [f"C{n}" for n in range(len(whole))]
    assert (rows[-1].name == f"{len(moves) - len(whole)} more channels") == (most < len(moves))


@pytest.mark.parametrize(
    ("state", "said_there", "told"),
    [
        ("none_pays", "No unit pays.", True),
        ("some", "No unit pays.", False),
        ("none_pays", "No unit ever pays. " * 60, True),
    ],
)
def test_a_card_ends_with_no_unit_pays_where_there_is_room(
    weekly: WeeklyReport, state: str, said_there: str, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_total, "total_words", lambda *_: said_there)
    monkeypatch.setattr(plan_total, "total_state", lambda *_: state)
    texts = card_texts(planning(weekly, NEAR))
    assert (texts[-1] == said_there) == told == (said_there in texts)
    report = planning(weekly, NEAR)
    assert report.plan is not None
    assert bool(card._last_line(report.plan, 200.0, 100.0)[1]) == told
    for low, top in ((290.0, 100.0), (200.0, 260.0)):  # no room beside the columns
        assert card._last_line(report.plan, low, top) == (HIGH - 14, "")


def test_a_headline_names_what_is_really_different(weekly: WeeklyReport) -> None:
    real = Change("claimed_roas", None, 3.75, 2.98, "real", "ratio")
    report = planning(weekly, NEAR)
    assert headline.verdict(replace(report, changes=(real,))) == (
        "Really different from the last report, beyond luck: Claimed ROAS 3.75 → 2.98."
    )
    for harmless in (replace(real, because="new_data"), replace(real, channel=META)):
        assert headline.verdict(replace(report, changes=(harmless,))).startswith("An ordinary week: MER")
    maybe = of("saturation", META, "possible", probability=0.9)
    both = headline.verdict(replace(planning(weekly, NEAR, maybe), changes=(real,)))
    assert "3.75 → 2.98. " in both
    assert "likely, not proven" in both
    assert "ordinary" not in both


def test_every_sentence_on_money_is_said(weekly: WeeklyReport, bracketed: Any) -> None:
    real = Change("claimed_roas", None, 3.75, 2.98, "real", "ratio")
    far = {SEARCH: (700.0, 600.0), META: (900.0, 1000.0)}
    reports = [planning(weekly, NEAR, of(cause, place)) for cause in holds.WAITS for place in (SEARCH, META, None)]
    reports += [
        planning(weekly, NEAR, finding(cause="saturation", verdict="possible", rival=rival))
        for rival in (None, "demand_shift")
    ]
    reports += [
        planning(weekly, far, of("saturation", SEARCH)), planning(weekly, {SEARCH: (5.0, 5.0)}, held=True),
        planning(weekly, {SEARCH: (560.0, 555.0), META: (140.0, 145.0)}),
        replace(planning(weekly, NEAR), changes=(real,)),
    ]  # fmt: skip
    for report in reports:
        with bracketed():
            left = f"{outside(said(report))} {outside(headline.verdict(report))}"
        for given in (SEARCH, META, finding().title, "K"):
            left = left.replace(given, "")
        assert not re.search(r"[A-Za-z]", left), left
