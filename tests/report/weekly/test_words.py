"""What the week's words say, by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from roas.diagnosis.results import Diagnosis
from roas.io import platforms
from roas.plan.results import Warned
from roas.quantiles import Q
from roas.report.weekly import alerted, changed, channels, decided, headline, numbers, planned, trust
from roas.report.weekly.names import LABELS, PLATFORMS, TABLES, amount, recognised, week_number, week_words
from roas.weekly.changes import ESTIMATES, STATES
from roas.weekly.figures import UNITS
from roas.weekly.record import Alert, Change, Figure, Unit, WeeklyReport
from roas.weekly.week import Week
from tests.report.diagnosis_example import finding as found
from tests.report.weekly.conftest import outside
from tests.report.weekly.example import CHANGES, NAMES, alert, decision, weekly_report

TITLE = "Click-through wears out as the ads age"


def alike(report: WeeklyReport) -> WeeklyReport:
    """The same week without a figure that is really different from the last report."""
    return replace(report, changes=tuple(each for each in report.changes if each.because != "real"))


def healthy(report: WeeklyReport) -> WeeklyReport:
    """The same week of an account in which nothing is proven to be wrong, or really different."""
    return alike(replace(report, analysis=replace(report.analysis, diagnosis=Diagnosis((), ()))))


def quiet(weekly: WeeklyReport, *figures: Figure) -> WeeklyReport:
    """The week without alerts, with these figures first."""
    return replace(weekly, alerts=(), figures=figures or weekly.figures)


# ---- the verdict -----------------------------------------------------------------------------


def test_a_new_alert_has_the_first_word(weekly: WeeklyReport) -> None:
    assert headline.verdict(weekly).endswith(
        ". New this week, it costs €1.20K of profit a week (90 % range €400 to €2.10K)."
    )


def test_without_a_margin_the_loss_is_revenue(weekly: WeeklyReport) -> None:
    bare = replace(weekly, analysis=replace(weekly.analysis, margin=None))
    assert "€1.20K of revenue a week" in headline.verdict(bare)


def test_the_costliest_of_the_new_alerts_is_said(weekly: WeeklyReport) -> None:
    small = alert("opened", "mix_shift", None, effect_per_week=Q(1.0, 2.0, 3.0))
    assert "€1.20K" in headline.verdict(replace(weekly, alerts=(small, alert("opened"))))


def test_an_old_alert_is_said_as_one_that_holds(weekly: WeeklyReport) -> None:
    said = headline.verdict(replace(weekly, alerts=(alert("confirmed"),)))
    assert "That still holds and costs €1.20K of profit a week" in said


@pytest.mark.parametrize(("state", "ends"), [("opened", ". This is new."), ("confirmed", ". That still holds.")])
def test_an_alert_that_costs_nothing_names_no_sum(weekly: WeeklyReport, state: str, ends: str) -> None:
    said = headline.verdict(replace(weekly, alerts=(alert(state, effect_per_week=Q(0.0, 0.0, 0.0)),)))
    assert said.endswith(ends)
    assert "€" not in said


def test_an_alert_that_is_taken_back_is_no_verdict(weekly: WeeklyReport) -> None:
    said = headline.verdict(healthy(replace(weekly, alerts=(alert("withdrawn", effect_per_week=None),))))
    assert said == "An ordinary week: MER at 3.57, inside the 3.20 to 4.40 that nine weeks in ten bring."


def test_what_is_proven_wrong_outlasts_its_alert(weekly: WeeklyReport) -> None:
    said = headline.verdict(replace(weekly, alerts=()))
    assert "€1.20K of profit lost a week" in said


def test_a_figure_outside_its_range_makes_the_week_unusual(weekly: WeeklyReport) -> None:
    odd = Figure("revenue", "money", 2000.0, 3600.0, 3200.0, 3900.0)
    assert headline.verdict(quiet(weekly, odd)) == (
        "An unusual week: the shop's revenue at €2.00K, while nine weeks in ten lie between €3.20K and €3.90K."
    )


def test_a_figure_outside_its_range_by_luck_is_not_said_to_be_inside(weekly: WeeklyReport) -> None:
    lucky = Figure("mer", "ratio", 3.1, 3.4, 3.2, 4.4, unlikely=0.2)
    report = healthy(quiet(weekly, lucky))
    assert headline.verdict(report) == (
        "No figure stands out: luck brings such a week. MER, revenue over spend: 3.10, just outside the 3.20 to 4.40 "
        "that nine weeks in ten bring."
    )
    assert numbers.state_of(lucky, report) == "edge"


def test_no_week_is_called_ordinary_over_a_figure_just_outside_the_usual(weekly: WeeklyReport) -> None:
    inside, spend = Figure("mer", "ratio", 3.6, 3.4, 3.2, 4.4), Figure("spend", "money", 3100.0, 3400.0, 3200.0, 4400.0)
    report = quiet(weekly, spend, Figure("revenue", "money", 5e3, 5e3, 4e3, 6e3), inside)
    report = replace(report, figures=(replace(spend, unlikely=0.2), *report.figures[1:]))
    assert [each.badge for each in numbers.numbers(report)] == ["just outside the usual", "usual", "usual"]
    assert headline.verdict(healthy(report)) == (
        "No figure stands out: luck brings such a week. Spend: €3.10K, just outside the €3.20K to €4.40K that nine "
        "weeks in ten bring."
    )
    likely = headline.verdict(with_possible(report, 0.8))
    assert "ordinary" not in likely
    assert likely.startswith("Meta earns less. That is likely, not proven, and would cost")


def test_without_a_range_nothing_is_called_usual(weekly: WeeklyReport) -> None:
    said = headline.verdict(healthy(quiet(weekly, Figure("mer", "ratio", 2.5, 2.0))))
    assert said == "MER, revenue over spend: 2.50, after 2.00 the week before. Too few weeks to say what is usual."
    first = headline.verdict(healthy(quiet(weekly, Figure("spend", "money", 90.0, None))))
    assert first == "Spend: €90.0. Too few weeks to say what is usual."


def test_a_week_without_figures_says_so(weekly: WeeklyReport) -> None:
    said = headline.verdict(healthy(quiet(weekly, Figure("spend", "money", None, 10.0))))
    assert said == "The files say nothing of this week."


def test_where_money_should_go_is_said_or_why_not(weekly: WeeklyReport) -> None:
    assert headline.lead(replace(weekly, plan=None)).endswith("what spend causes is not estimated here.")


#: A loss of 20,000 a week.
LOSS = Q(2000.0, 20_000.0, 31_000.0)


def with_possible(report: WeeklyReport, probability: float, effect: Q = LOSS) -> WeeklyReport:
    """The same week without alerts, of an account in which one thing is possible, not proven."""
    maybe = found(verdict="possible", probability=probability, effect=effect, title="Meta earns less")
    analysis = replace(report.analysis, diagnosis=Diagnosis((maybe,), ()))
    return alike(replace(report, alerts=(), analysis=analysis))


def test_an_ordinary_week_names_what_is_likely_and_what_it_would_cost(weekly: WeeklyReport) -> None:
    assert headline.verdict(with_possible(weekly, 0.96)) == (
        "By its figures an ordinary week, but something is likely wrong, though not proven. Meta earns less, "
        "which would cost €20.0K of profit a week."
    )
    vague = replace(with_possible(weekly, 0.96), figures=(Figure("mer", "ratio", 2.5, 2.0),))
    assert headline.verdict(vague).startswith("Meta earns less. That is likely, not proven, and would cost €20.0K")


@pytest.mark.parametrize(("probability", "effect"), [(0.49, Q(1.0, 9.0, 20.0)), (0.96, Q(-9.0, 0.0, 9.0))])
def test_what_is_unlikely_or_costs_nothing_leaves_the_week_ordinary(
    weekly: WeeklyReport, probability: float, effect: Q
) -> None:
    assert headline.verdict(with_possible(weekly, probability, effect)).startswith("An ordinary week: MER")


@pytest.mark.parametrize(
    ("days_before", "says"),
    [
        (7, ". New this week, it costs €1.20K of profit a week"),
        (8, ". New alert, since about 27 April 2025: it costs €1.20K of profit"),
    ],
)
def test_a_new_alert_of_an_old_loss_says_since_when(weekly: WeeklyReport, days_before: int, says: str) -> None:
    since = weekly.week.monday - dt.timedelta(days=days_before)
    said = headline.verdict(replace(weekly, alerts=(alert("opened", since=since),)))
    assert says in said
    assert ("New this week" in said) == (days_before == 7)


def held(report: WeeklyReport, *reasons: str) -> WeeklyReport:
    """The same week with a plan that moves nothing."""
    assert report.plan is not None
    still = [replace(move, planned=move.now) for move in report.plan.plan.moves]
    why = tuple(Warned(None, "held", reason) for reason in reasons)
    plan = replace(report.plan.plan, moves=tuple(still), warnings=why, held=True)
    return replace(report, plan=replace(report.plan, plans=(plan,), keep=plan))


def test_beside_a_loss_a_plan_that_moves_nothing_says_why(weekly: WeeklyReport) -> None:
    assert headline.lead(held(weekly, "Today's split is kept: too unsure.")) == (
        "Where the money would do better is not known well enough to move any of it. Today's split is kept: too unsure."
    )
    assert headline.lead(held(weekly)) == ""
    assert headline.lead(held(with_possible(weekly, 0.96))) == ""
    assert headline.lead(held(healthy(quiet(weekly)), "Too unsure.")).startswith("Keep today's split.")


@pytest.mark.parametrize("name", UNITS)
def test_every_figure_has_a_sentence_of_its_own_or_its_label(weekly: WeeklyReport, name: str, bracketed: Any) -> None:
    unit = UNITS[name]
    for value in (4.0, 9.0):
        with bracketed():
            said = headline.verdict(healthy(quiet(weekly, Figure(name, unit, value, 4.0, 3.0, 5.0))))
            assert not outside(said).strip()


# ---- the three numbers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "state", "badge"),
    [(3.5, "usual", "usual"), (5.0, "above", "above the usual"), (1.0, "below", "below the usual")],
)
def test_a_number_says_where_it_lies(weekly: WeeklyReport, value: float, state: str, badge: str) -> None:
    found = numbers.numbers(quiet(weekly, Figure("mer", "ratio", value, 4.0, 3.0, 4.5)))[0]
    assert (found.state, found.badge) == (state, badge)
    assert found.says == "Nine weeks in ten: 3.00 to 4.50"
    assert found.picture is not None
    assert f"{value:.2f}, {badge}." in found.picture


def test_a_number_without_a_range_has_no_picture(weekly: WeeklyReport) -> None:
    found = numbers.numbers(quiet(weekly, Figure("spend", "money", 90.0, 0.0)))[0]
    assert found.picture is None
    assert found.badge == "no range yet"
    assert found.moved == "€0 the week before"


def test_claims_that_are_still_arriving_have_no_range_for_that_reason(
    weekly: WeeklyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, till = Figure("claimed_roas", "ratio", 2.5, 2.0), Figure("mer", "ratio", 2.5, 2.0)
    for arriving, badge in ((True, "no range: sales are still arriving"), (False, "no range yet")):
        monkeypatch.setattr(numbers, "still_arriving", lambda *_, arriving=arriving: arriving)
        found = numbers.numbers(quiet(weekly, late, till))
        assert [each.badge for each in found] == [badge, "no range yet"]
        assert ("arriving" in found[0].says) == arriving
        assert ("arriving" in headline.verdict(healthy(quiet(weekly, late)))) == arriving


def test_the_picture_marks_the_weeks_before_and_not_the_week_itself(weekly: WeeklyReport) -> None:
    assert str(numbers.numbers(weekly)[0].picture).count('class="past"') == 17  # 18 weeks of data


# ---- changes and alerts ----------------------------------------------------------------------


def test_changes_stand_under_their_reason_the_news_first(weekly: WeeklyReport) -> None:
    found = changed.groups(weekly)
    assert [group.reason for group in found] == ["real", "restated_data", "model", "new_data"]
    row = found[1].rows[0]
    assert (row.whose, row.before, row.after, row.moved) == (NAMES[3], "€900", "€940", "+4.4 %")
    assert found[2].rows[0].after == "saturated"


def test_no_change_is_lost_when_there_are_many(weekly: WeeklyReport) -> None:
    many = tuple(Change("spend", f"Channel {n}", 1.0, 2.0, "real", "money") for n in range(20))
    group = changed.groups(replace(weekly, changes=many))[0]
    assert len(group.rows) + len(group.more) == 20
    assert len(group.rows) == changed.IN_SIGHT


def test_the_first_report_compares_with_nothing(weekly: WeeklyReport) -> None:
    assert "first report" in changed.since(replace(weekly, previous=None))
    assert changed.since(replace(weekly, changes=())) == "Nothing moved since the report of week 18 of 2025."


def test_alerts_are_listed_new_first_and_a_withdrawn_one_has_no_cost(weekly: WeeklyReport) -> None:
    found = alerted.alerts(weekly)
    assert [row.state for row in found] == ["opened", "confirmed", "withdrawn"]
    assert [row.link for row in found] == ["finding-1", "finding-2", ""]
    assert found[0].cost == "€1.20K of profit a week (€400 to €2.10K)"
    assert found[2].cost == found[2].evidence == ""
    assert found[2].title == f"Auction inflation ({NAMES[3]})"


@pytest.mark.parametrize(
    ("e_value", "level", "says"),
    [
        (81.0, 30.0, "once in 81 times at most; an alert asks for once in 30."),
        (float("inf"), 30.0, "once in 10,000 times at most; an alert asks for once in 30."),
        (81.0, float("inf"), "once in 81 times at most."),
    ],
)
def test_evidence_is_said_as_how_rare_it_is(weekly: WeeklyReport, e_value: float, level: float, says: str) -> None:
    made: Alert = alert("opened", e_value=e_value, level=level)
    assert alerted.alerts(replace(weekly, alerts=(made,)))[0].evidence.endswith(says)


def test_the_ledger_says_promise_and_count(weekly: WeeklyReport) -> None:
    assert "at most 10 % may be false" in alerted.promise(weekly)
    assert alerted.used(weekly) == "This year so far: 3 opened, 1 taken back; weekly reports: 19."


# ---- plan and decisions ----------------------------------------------------------------------


def test_the_plan_lists_the_largest_moves_first_and_adds_up(weekly: WeeklyReport) -> None:
    assert weekly.plan is not None
    table = planned.table(weekly, weekly.plan)
    assert [row[0] for row in table.rows] == ["Search", "Meta", NAMES[2]]
    assert [row[4][:4] for row in table.rows] == ["−€50", "+€50", "–"]
    assert table.rest[2] == table.rest[3]


def test_the_plan_shows_last_week_beside_the_mean_that_it_starts_from(weekly: WeeklyReport) -> None:
    assert weekly.plan is not None
    table = planned.table(weekly, weekly.plan)
    assert [column.heading for column in table.columns[:4]] == ["Channel", "Last week", "Now", "Planned"]
    assert table.columns[2].means == "mean of 8 weeks"
    assert [row[1] for row in table.rows] == ["€560", "€140", "€140"]  # 2 campaigns of 40 a day; of 10 a day
    unknown = replace(weekly, week=weekly.week.next)
    assert {row[1] for row in planned.table(unknown, weekly.plan).rows} == {"–"}


@pytest.mark.parametrize(
    ("now", "planned_", "says"),
    [
        ((700.0, 100.0), (600.0, 130.0), ["Search already spent less than planned last week.", "Meta already spent more than planned last week."]),
        ((600.0, 130.0), (550.0, 150.0), []),
        ((900.0, 300.0), (560.0, 140.0), ["Far from that mean last week (Search €560 and Meta €140): go by the amount planned, not by the change."]),
    ],
)  # fmt: skip
def test_who_went_further_than_planned_already_is_named(
    weekly: WeeklyReport, now: tuple[float, float], planned_: tuple[float, float], says: list[str]
) -> None:
    assert weekly.plan is not None
    moves = [
        replace(move, now=now[i], planned=planned_[i]) if i < 2 else move
        for i, move in enumerate(sorted(weekly.plan.plan.moves, key=lambda m: NAMES.index(m.channel)))
    ]
    plan = replace(weekly.plan.plan, moves=tuple(moves))
    section = planned.plan(healthy(replace(weekly, plan=replace(weekly.plan, plans=(plan,), keep=plan))))
    assert section is not None
    assert section["already"] == says


@pytest.mark.parametrize("state", ["waiting", "running", "not_followed", "cannot_tell"])
def test_what_is_not_measured_has_its_own_badge(weekly: WeeklyReport, state: str) -> None:
    made = decision(state, realised=Q(5000.0, 6000.0, 7000.0) if state == "cannot_tell" else None)
    assert decided.decisions(replace(weekly, decisions=(made,)))[0].badge == decided.STATES[made.state]


# ---- channels and the rest -------------------------------------------------------------------


def test_channels_show_their_week_and_what_is_not_known(weekly: WeeklyReport) -> None:
    rows = channels.channels(weekly)
    assert rows[0].channel == "Search"
    assert rows[0].spend == "€560"  # 2 campaigns, 40 a day
    assert rows[0].spend_line.count("<rect") == 18
    known = {row.channel: row for row in rows}
    assert known["Meta"].caused == "2.00"
    assert known["<script>alert(1)</script>"].caused == "–"
    assert channels.left_out(weekly) == ""


def test_files_say_what_was_left_out(weekly: WeeklyReport) -> None:
    found = trust.data(weekly)
    assert found["covers"] == "The data run from 6 January 2025 to 11 May 2025."
    assert found["notes"][0] == "Week 17 was made late."
    assert [file["read"] for file in found["files"]] == ["1,512", "126"]


def kinds() -> set[str]:
    """Every format that a file may be recognised as."""
    modules = (import_module(f"roas.io.platforms.{each.name}") for each in iter_modules(platforms.__path__))
    values = [value for module in modules for value in vars(module).values()]
    every = [one for value in values for one in (value if isinstance(value, list | tuple) else (value,))]
    return {kind for one in every if isinstance(kind := getattr(one, "format", None), str)}


def test_every_format_has_words_or_the_name_of_its_platform() -> None:
    assert {"meta_ads", "generic_wide", "warehouse"} < kinds()
    assert kinds() <= TABLES.keys() | PLATFORMS.keys()
    assert (recognised("generic_wide"), recognised("ga4")) == (
        "table with one row per date",
        "Google Analytics 4",
    )
    assert (recognised(None), recognised("new_thing")) == ("not recognised", "new thing")


def test_every_figure_that_may_change_has_a_label() -> None:
    assert {*UNITS, *ESTIMATES, *STATES} <= LABELS.keys()


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1234.0, "money", "€1.23K"),
        (2.5, "ratio", "2.50"),
        (0.25, "share", "25 %"),
        (1234.0, "count", "1,234"),
        (None, "money", "–"),
        (float("nan"), "ratio", "–"),
        ("turbulent", "word", "larger than usual"),
        ("\x1b", "word", "\\x1b"),
    ],
)
def test_amounts_are_written_in_their_unit(value: float | str | None, unit: Unit, written: str) -> None:
    assert amount(value, unit, "EUR") == written


def test_weeks_are_named_by_their_iso_year() -> None:
    week = Week.of(dt.date(2024, 12, 30))
    assert week_number(week) == "week 1 of 2025"
    assert week_words(week) == "Week 1, 30 Dec to 5 Jan 2025"


def test_a_report_of_nothing_but_spend_has_words() -> None:
    bare = weekly_report(alerts=(), changes=(), decisions=(), plan=None, figures=(), previous=None, notes=())
    assert headline.verdict(healthy(bare)) == "The files say nothing of this week."
    assert not any((numbers.numbers(bare), changed.groups(bare), alerted.alerts(bare), decided.decisions(bare)))
    assert planned.plan(bare) is None


def test_the_example_has_every_reason() -> None:
    assert {each.because for each in CHANGES} == set(changed.REASONS)
