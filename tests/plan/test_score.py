"""Plans beside what came of them: arithmetic by hand, and verdicts that say what is known."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.plan.aftermath import Before, NotKnown, Observed, _Cut, before, new_controls, outcome
from roas.plan.noted import Noted, spent_of, weekly_means, weeks_over
from roas.plan.score import Score, fingerprint, holds, score, told
from roas.quantiles import Q
from roas.response.lift import LiftTest
from tests.plan.made import made

BEGINS = dt.date(2026, 3, 2)
NOW = {"Meta": 1000.0, "Search": 500.0}
PLAN = Noted(NOW, {"Meta": 800.0, "Search": 700.0}, 2, BEGINS, Q(50, 100, 150))
amounts = st.floats(0, 1e6).map(lambda x: round(x, 2))
levels = st.floats(-1e6, 1e6)


def daily(per_week: Mapping[str, float], *, weeks: int, begins: dt.date = BEGINS) -> pd.DataFrame:
    """The same money every day."""
    days = pd.date_range(begins, periods=7 * weeks)
    return pd.concat([pd.DataFrame({"date": days, "channel": n, "spend": x / 7}) for n, x in per_week.items()])


def till(*, weeks: int, begins: dt.date = BEGINS, per_week: float = 7000.0) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range(begins, periods=7 * weeks), "revenue": per_week / 7})


def observed(per_week: Mapping[str, float], *, weeks: int = 2) -> Observed:
    """Ten weeks of today's money, then the given one."""
    start = BEGINS - dt.timedelta(days=70)
    spend = pd.concat([daily(NOW, weeks=10, begins=start), daily(per_week, weeks=weeks)], ignore_index=True)
    return Observed(spend, till(weeks=10 + weeks, begins=start), "day", "day")


# ---- how far a plan was followed -------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "followed", "beside", "made"),
    [
        ({"Meta": 800, "Search": 700}, 1.0, 0.0, 1.0),
        ({"Meta": 900, "Search": 600}, 0.5, 0.0, 0.5),
        ({"Meta": 700, "Search": 800}, 0.5, 200.0, 1.0),  # half as much again
        ({"Meta": 1000, "Search": 500}, 0.0, 0.0, 0.0),
        ({"Meta": 1200, "Search": 300}, 0.0, 400.0, 0.0),  # the other way
        ({"Meta": 600, "Search": 900}, 0.0, 400.0, 1.0),  # twice as far is as wrong as nothing
        ({"Meta": 800, "Search": 500}, 0.5, 0.0, 0.5),
        ({"Meta": 800, "Search": 700, "TikTok": 300}, 0.25, 300.0, 1.0),  # a channel the plan does not know
    ],
)
def test_followed_counts_what_is_missing_and_what_is_too_much_alike(
    spent: dict[str, float], followed: float, beside: float, made: float
) -> None:
    found = spent_of(PLAN, daily(spent, weeks=2), 2)
    assert [found.followed, found.beside, found.made] == pytest.approx([followed, beside, made], abs=0.01)


@pytest.mark.parametrize(
    ("wobble", "followed"),
    [
        (40, 1.0),  # forgiven: less than a tenth of its own money …
        (80, 0.85),  # … but no more than a quarter of the plan's 200: 30 of 80 count
        (10_000, 0.0),
    ],
)
def test_a_budget_nobody_touched_may_wobble(wobble: float, followed: float) -> None:
    now = {"Meta": 1000.0, "Search": 500.0}
    plan = Noted(now, {"Meta": 1000.0, "Search": 700.0}, 1, BEGINS, Q(0, 0, 0))
    found = spent_of(plan, daily({"Meta": 1000 + wobble, "Search": 700}, weeks=1), 1)
    assert found.followed == pytest.approx(followed, abs=1e-3)


def test_a_wobble_of_more_than_a_tenth_counts() -> None:
    plan = Noted({"A": 100.0, "B": 500.0}, {"A": 100.0, "B": 700.0}, 1, BEGINS, Q(0, 0, 0))
    assert spent_of(plan, daily({"A": 110.0, "B": 700.0}, weeks=1), 1).followed == pytest.approx(1.0)
    assert spent_of(plan, daily({"A": 130.0, "B": 700.0}, weeks=1), 1).followed == pytest.approx(0.9)


def test_a_small_plan_does_not_drown_in_what_is_forgiven() -> None:
    small = Noted({"A": 100.0, "B": 1000.0}, {"A": 90.0, "B": 1000.0}, 1, BEGINS, Q(0, 0, 0))
    beside = spent_of(small, daily({"A": 90.0, "B": 1009.9}, weeks=1), 1)
    assert beside.followed == pytest.approx(1 - (9.9 - 2.5) / 10, abs=1e-3)
    over = spent_of(small, daily({"A": 81.0, "B": 1000.0}, weeks=1), 1)
    assert over.followed == pytest.approx(0.1, abs=1e-3)


def test_a_held_plan_is_followed_by_the_money_that_stays() -> None:
    held = replace(PLAN, planned=NOW)
    assert held.held
    assert spent_of(held, daily(NOW, weeks=2), 2).followed == pytest.approx(1.0)
    assert spent_of(held, daily({"Meta": 700, "Search": 500}, weeks=2), 2).followed == pytest.approx(1 - 300 / 1500)
    assert spent_of(replace(held, now={}, planned={}), daily({"Meta": 7}, weeks=2), 2).followed == 0


@settings(max_examples=25)
@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=5), st.floats(0.01, 100))
def test_followed_is_a_share_whatever_the_amounts_and_the_unit(split: list[tuple[float, ...]], unit: float) -> None:
    def of(factor: float) -> Any:
        now, planned, spent = ({f"c{i}": row[k] * factor for i, row in enumerate(split)} for k in range(3))
        table = pd.DataFrame({"date": pd.Timestamp(BEGINS), "channel": list(spent), "spend": list(spent.values())})
        return spent_of(Noted(now, planned, 1, BEGINS, Q(0, 0, 0)), table, 1)

    found = of(1.0)
    assert 0 <= found.followed <= 1
    assert found.beside >= 0
    moved = max(abs(planned - now) for now, planned, _ in split)
    if moved * min(unit, 1.0) > 1:  # above cents, in both units
        assert of(unit).followed == pytest.approx(found.followed, abs=1e-3)


def test_only_the_plans_own_weeks_count() -> None:
    around = pd.concat([daily({"Meta": 9999}, weeks=3, begins=BEGINS - dt.timedelta(days=21)), daily(NOW, weeks=5)])
    assert weekly_means(around, BEGINS, 2) == pytest.approx(NOW)


@pytest.mark.parametrize(
    ("spend_days", "known_days", "weeks"), [(14, 14, 2), (13, 14, 1), (14, 13, 1), (6, 20, 0), (21, 21, 3)]
)
def test_a_week_is_over_when_spend_and_revenue_reach_its_end(spend_days: int, known_days: int, weeks: int) -> None:
    spend = daily(NOW, weeks=4).query(
        "date < @end", local_dict={"end": pd.Timestamp(BEGINS) + pd.Timedelta(days=spend_days)}
    )
    revenue = till(weeks=4)
    revenue.loc[known_days:, "revenue"] = np.nan
    assert weeks_over(spend, revenue, BEGINS, days=1) == weeks


def test_an_account_that_stops_all_ads_does_not_wait_for_ever() -> None:
    spend, revenue = daily(NOW, weeks=1, begins=BEGINS - dt.timedelta(days=7)), till(weeks=6)
    assert weeks_over(spend, revenue[:14], BEGINS, days=1, silent=0) == 2  # the plan itself stops them
    assert weeks_over(spend, revenue[:14], BEGINS, days=1) == 0  # the export may be late
    assert weeks_over(spend, revenue[:42], BEGINS, days=1) == 2  # not by a month
    stops = replace(PLAN, planned=dict.fromkeys(NOW, 0.0))
    assert stops.stops
    assert not PLAN.stops
    seen = observed(NOW)
    seen = replace(seen, spend=seen.spend[seen.spend["date"] < pd.Timestamp(BEGINS)])
    assert score(stops, seen, known=NotKnown("no_model")).spent.followed == 1.0
    cut = _Cut.of(seen, BEGINS, 2)
    assert cut.spend["date"].max() == pd.Timestamp(PLAN.ends)
    assert cut.spend["spend"].sum() == pytest.approx(seen.spend["spend"].sum())


def test_a_row_by_week_covers_seven_days() -> None:
    weekly = pd.DataFrame({"date": [pd.Timestamp(BEGINS)], "channel": "Meta", "spend": 1.0, "revenue": 1.0})
    assert weeks_over(weekly, weekly, BEGINS, days=7) == 1
    assert weeks_over(weekly, None, BEGINS, days=7) == 0
    assert weeks_over(weekly[:0], weekly[:0], BEGINS, days=7) == 0


# ---- what the weeks changed ------------------------------------------------------------------


def known(*, spend: dict[str, float], sold: list[float], noise: float = 0.0) -> tuple[Before, dict[str, float]]:
    """A model of made-up curves whose forecast is 5000 a week and what money brings, and the weeks after it."""
    model, today = made(("Meta", "Search"), spread=0.05)
    names, weeks = model.data.channels, len(sold)
    luck = noise * np.random.default_rng(3).standard_normal((model.curves.draws, weeks))

    def forecast_draws(length: int, held: dict[str, float], *, controls: Any = None) -> Any:
        asked.append((length, dict(held), controls))
        media = sum(model.curves.contribution(c, np.full(length, held[n])) for c, n in enumerate(names))
        return {"revenue": 5000.0 + media + luck[:, :length]}, None

    asked: list[Any] = []
    response: Any = SimpleNamespace(curves=model.curves, data=model.data, forecast_draws=forecast_draws, asked=asked)
    money = {name: np.full(weeks, spend.get(name, today.of(name))) for name in names}
    controls = {"promo": np.ones(weeks), "weather": np.full(weeks, np.nan)}
    return Before(response, money, np.array(sold), controls), {name: today.of(name) for name in names}


def test_realised_is_what_was_sold_less_the_forecast_with_money_left_as_it_was() -> None:
    seen, now = known(spend={}, sold=[9000.0, 9000.0])
    found = outcome(seen, now, 2)
    without = found.without
    np.testing.assert_allclose(found.realised, 9000 - without)
    np.testing.assert_allclose(found.expected, 0, atol=1e-6)
    np.testing.assert_allclose(found.tail, 0, atol=1e-6)
    ((length, held, controls),) = seen.response.asked  # type: ignore[attr-defined]
    assert (length, held) == (2, now)
    assert list(controls.columns) == ["promo"]  # what is not known all along is left to the model


def test_what_the_model_expects_is_measured_when_sales_are_what_it_says() -> None:
    """Sales made by the curves themselves: realised = expected in every draw, but for how steep curves are."""
    seen, now = known(spend={"Meta": 0.0}, sold=[0.0, 0.0, 0.0, 0.0])
    curves, weeks = seen.response.curves, 4
    media = sum(curves.contribution(c, path).mean(axis=0) for c, path in enumerate(seen.spend.values()))
    found = outcome(replace(seen, revenue=5000.0 + media), now, weeks)
    assert float(np.median(found.realised)) == pytest.approx(float(np.median(found.expected)), rel=0.1)
    assert (found.tail <= 0).all()  # money that was taken away is missed afterwards too
    assert (found.tail >= found.expected - 1e-6).all()


def test_weeks_without_revenue_are_left_out_and_half_of_them_is_too_few() -> None:
    seen, now = known(spend={}, sold=[9000.0, np.nan, 9000.0, 9000.0])
    assert outcome(seen, now, 4).revenue == pytest.approx(9000)
    with pytest.raises(NotKnown, match="no_revenue"):
        outcome(replace(seen, revenue=np.array([9000.0, np.nan, np.nan, np.nan])), now, 4)
    with pytest.raises(NotKnown, match="no_revenue"):
        outcome(replace(seen, revenue=np.array([9000.0, 9000.0])), now, 4)


def test_a_channel_that_the_model_does_not_have_is_left_out_of_the_forecast() -> None:
    seen, now = known(spend={}, sold=[9000.0])
    outcome(seen, {**now, "Radio": 300.0}, 1)
    assert set(seen.response.asked[0][1]) == set(now)  # type: ignore[attr-defined]


def test_a_channel_the_model_does_not_have_is_taken_to_be_as_the_others() -> None:
    seen, now = known(spend={}, sold=[9000.0, 9000.0])
    bare = outcome(seen, now, 2)
    found = outcome(seen, now, 2, spent={**now, "TikTok": 400.0})
    assert (bare.unmodelled, found.unmodelled) == ((), ("TikTok",))
    assert (found.tail > 0).all()
    assert (found.expected >= found.tail).all()
    assert np.ptp(found.tail) > np.ptp(bare.tail)  # a stranger's carryover is not known
    less = outcome(seen, {**now, "TikTok": 800.0}, 2, spent={**now, "TikTok": 400.0})
    np.testing.assert_allclose(less.tail, -found.tail)  # money that was taken away
    nothing = dict.fromkeys(now, 0.0)
    with pytest.raises(NotKnown) as none:
        outcome(seen, nothing, 2, spent={"TikTok": 400.0})
    assert none.value.args == ("new_channel", "TikTok")


# ---- controls that the time before did not have ----------------------------------------------


def with_control(name: str, before_: float, after: float, *, once: float | None = None) -> pd.DataFrame:
    seen = observed(PLAN.planned).revenue.assign(**{name: before_})
    late = seen["date"] >= pd.Timestamp(BEGINS)
    seen.loc[late, name] = after
    seen.loc[seen.index[-1], name] = before_  # so that it is not the same all along
    if once is not None:
        seen.loc[seen.index[3], name] = once
    return seen


@pytest.mark.parametrize(
    ("before_", "after", "once", "new"),
    [
        (0.0, 1.0, None, True),  # the first promotion
        (0.0, 1.0, 1.0, False),  # one as before
        (1.0, 0.0, None, True),  # the end of something that always was
        (0.0, 1.05, 1.0, False),  # within a tenth of the range it had
        (0.0, 1.2, 1.0, True),
        (np.nan, 1.0, None, True),  # nobody noted it before
    ],
)
def test_a_control_that_leaves_its_range_cannot_be_told_from_the_plan(
    before_: float, after: float, once: float | None, new: bool
) -> None:
    revenue = with_control("promo", before_, after, once=once)
    if np.isnan(before_):
        revenue.loc[revenue.index[-1], "promo"] = 0.0
    assert new_controls(revenue, pd.Timestamp(BEGINS)) == (("promo",) if new else ())


def test_a_first_promotion_is_named_without_a_fit() -> None:
    seen = observed(PLAN.planned)
    longer = pd.concat([daily(NOW, weeks=40, begins=BEGINS - dt.timedelta(days=350)), seen.spend], ignore_index=True)
    older = till(weeks=40, begins=BEGINS - dt.timedelta(days=350)).assign(promo=0.0)
    revenue = pd.concat([older, with_control("promo", 0.0, 1.0)], ignore_index=True)
    found = score(PLAN, replace(seen, spend=longer, revenue=revenue))
    assert (found.state, found.why, found.about) == ("cannot_tell", "new_control", ("promo",))
    assert Score.of_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_holidays_that_the_time_before_did_not_have_are_named() -> None:
    table, first = till(weeks=4), pd.Timestamp(BEGINS)
    inside, earlier = BEGINS + dt.timedelta(days=3), BEGINS - dt.timedelta(days=3)
    assert new_controls(table, first, [inside]) == ("holidays",)
    assert new_controls(table, first, [earlier, inside]) == ()
    assert new_controls(table, first) == ()


# ---- verdicts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("realised", "predicted", "verdict"),
    [
        (Q(-400, 50, 500), Q(20, 100, 180), ("cannot_tell", "too_noisy")),
        (Q(-400, -50, 300), Q(20, 100, 180), ("cannot_tell", "too_noisy")),
        (Q(40, 120, 200), Q(20, 100, 180), ("scored", "as_predicted")),
        (Q(300, 400, 500), Q(20, 100, 180), ("scored", "more")),
        (Q(20, 50, 80), Q(200, 300, 400), ("scored", "less")),
        (Q(-40, 10, 60), Q(200, 300, 400), ("scored", "nothing")),
        (Q(-90, -50, -10), Q(20, 100, 180), ("scored", "opposite")),
        (Q(-500, -400, -300), Q(-180, -100, -20), ("scored", "more")),  # a plan that saves money lost more
        (Q(-80, -50, -20), Q(-400, -300, -200), ("scored", "less")),
        (Q(300, 400, 500), Q(0, 0, 0), ("scored", "more")),  # beside a prediction of nothing
        (Q(-500, -400, -300), Q(-10, 5, 20), ("scored", "more")),
        (Q(-100, 10, 120), Q(0, 0, 0), ("cannot_tell", "too_noisy")),
        (Q(40, 120, 200), Q(-300, -10, 300), ("scored", "as_predicted")),  # it fits, whatever the signs
    ],
)
def test_verdicts_by_hand(realised: Q, predicted: Q, verdict: tuple[str, str]) -> None:
    assert told(realised, predicted) == verdict


@given(st.lists(levels, min_size=3, max_size=3), st.lists(levels, min_size=3, max_size=3))
def test_a_plan_and_its_mirror_get_the_same_verdict(first: list[float], second: list[float]) -> None:
    realised, predicted = Q(*sorted(first)), Q(*sorted(second))
    mirrored = [Q(-q.p95, -q.p50, -q.p5) for q in (realised, predicted)]
    state, why = told(realised, predicted)
    assert told(*mirrored) == (state, why) or predicted.p50 == 0
    assert (why in ("too_noisy", "nothing")) == holds(realised, 0.0)
    assert (state == "cannot_tell") == (why == "too_noisy")


def test_waiting_and_running_need_no_model() -> None:
    seen = observed({"Meta": 900.0, "Search": 600.0}, weeks=1)
    never = NotKnown("no_model")
    assert score(replace(PLAN, begins=BEGINS + dt.timedelta(days=7)), seen, known=never).state == "waiting"
    running = score(PLAN, seen, known=never)
    assert (running.state, running.spent.weeks) == ("running", 1)
    assert running.spent.followed == pytest.approx(0.5)
    assert running.realised is None


def test_a_reason_why_nothing_can_be_said_is_kept() -> None:
    found = score(PLAN, observed(PLAN.planned), known=NotKnown("gap"))
    assert (found.state, found.why, found.realised) == ("cannot_tell", "gap", None)
    assert found.spent.followed == pytest.approx(1.0)


def test_too_short_a_past_cannot_tell() -> None:
    seen = observed(PLAN.planned)
    late = pd.Timestamp(BEGINS) - pd.Timedelta(days=40)
    short = replace(
        seen, spend=seen.spend[seen.spend["date"] >= late], revenue=seen.revenue[seen.revenue["date"] >= late]
    )
    assert (score(PLAN, short).state, score(PLAN, short).why) == ("cannot_tell", "short")


def test_a_hole_right_before_the_plan_cannot_tell() -> None:
    seen = observed(PLAN.planned)
    hole = pd.Timestamp(BEGINS) - pd.Timedelta(days=3)
    kept = (seen.spend["date"] < hole) | (seen.spend["date"] >= pd.Timestamp(BEGINS))
    found = score(PLAN, replace(seen, spend=seen.spend[kept]))
    assert (found.state, found.why) == ("cannot_tell", "gap")


@pytest.mark.parametrize("grain", ["day", "week"])
def test_a_shop_that_sold_nothing_before_cannot_tell(grain: Any) -> None:
    seen = replace(observed(PLAN.planned), model_grain=grain)
    nothing = seen.revenue.assign(revenue=np.where(seen.revenue["date"] < pd.Timestamp(BEGINS), 0.0, 10.0))
    found = score(PLAN, replace(seen, revenue=nothing))
    assert (found.state, found.why) == ("cannot_tell", "no_model")
    assert found.spent.followed == pytest.approx(1.0)


def scored(spent: dict[str, float], plan: Noted, *, realised: Q) -> Score:
    """Score with an outcome that is known."""
    from roas.plan import score as module

    found = spent_of(plan, observed(spent).spend, 2)
    return Score(*module._verdict(plan, found, realised), found, realised=realised)


def test_a_plan_that_was_not_followed_is_no_test_of_it() -> None:
    clear = Q(300, 400, 500)
    assert scored({"Meta": 950, "Search": 550}, PLAN, realised=clear).why == "moved_little"
    assert scored({"Meta": 800, "Search": 700, "Radio": 900}, PLAN, realised=clear).why == "moved_otherwise"
    assert scored({"Meta": 600, "Search": 900}, PLAN, realised=clear).why == "moved_otherwise"
    assert scored({"Meta": 800, "Search": 700, "Radio": 100}, PLAN, realised=clear).why == "more"


def test_a_held_plan_is_scored_by_the_forecast() -> None:
    held = replace(PLAN, planned=NOW, predicted=Q(0, 0, 0))
    assert scored(NOW, held, realised=Q(-5, 1, 9)).why == "kept_as_expected"
    assert scored(NOW, held, realised=Q(5, 7, 9)).why == "kept_otherwise"
    assert scored({"Meta": 100, "Search": 100}, held, realised=Q(5, 7, 9)).why == "moved_little"
    assert scored({"Meta": 625, "Search": 875}, held, realised=Q(-5, 1, 9)).why == "moved_little"  # half of it moved


# ---- memory ----------------------------------------------------------------------------------


def test_a_score_survives_json() -> None:
    full = scored(dict(PLAN.planned), PLAN, realised=Q(300, 400, 500))
    for each in (full, score(PLAN, observed(PLAN.planned), known=NotKnown("short"))):
        assert Score.of_dict(json.loads(json.dumps(each.to_dict()))) == each


def test_the_fingerprint_changes_with_what_counts_and_nothing_else() -> None:
    seen = observed(PLAN.planned)
    mark = fingerprint(PLAN, seen)
    mixed = replace(seen, spend=seen.spend.sample(frac=1, random_state=1), revenue=seen.revenue[::-1])
    assert fingerprint(PLAN, mixed) == mark
    later = pd.concat([seen.spend, daily({"Meta": 5.0}, weeks=1, begins=PLAN.ends + dt.timedelta(days=1))])
    assert fingerprint(PLAN, replace(seen, spend=later)) == mark
    assert fingerprint(PLAN, replace(seen, spend=seen.spend.assign(spend=seen.spend["spend"] + 0.01))) != mark
    assert fingerprint(PLAN, replace(seen, revenue=seen.revenue.assign(revenue=1.0))) != mark
    assert fingerprint(PLAN, replace(seen, revenue=seen.revenue.assign(promo=1.0))) != mark
    assert fingerprint(replace(PLAN, planned=NOW), seen) != mark
    fine, finer = (replace(seen, revenue=seen.revenue.assign(**{"control: price": x})) for x in (0.001, 0.0011))
    assert fingerprint(PLAN, fine) != fingerprint(PLAN, finer)


def test_claims_count_of_the_time_before_alone() -> None:
    """Platforms correct their claims for weeks; what the model does not read must not have it fitted again."""
    seen = observed(PLAN.planned)
    old = seen.spend["date"] < pd.Timestamp(BEGINS)
    marks = {
        fingerprint(PLAN, replace(seen, spend=seen.spend.assign(conversion_value=np.where(old, before_, after))))
        for before_, after in ((1.0, 1.0), (1.0, 2.0), (2.0, 1.0))
    }
    assert len(marks) == 2


# ---- the calendar of the model ---------------------------------------------------------------


@pytest.mark.parametrize("weekday", range(7))
def test_weeks_of_the_model_begin_with_the_plan(weekday: int) -> None:
    begins = BEGINS + dt.timedelta(days=weekday)
    seen = replace(observed(NOW, weeks=4), model_grain="week")
    cut = _Cut.of(seen, begins, 2)
    assert cut.first.day_of_week == 0
    assert (cut.first - cut.spend["date"].min()).days % 7 == 0
    assert (cut.spend["date"].max() - cut.first).days == 13
    kept = cut.spend.assign(date=cut.spend["date"] - cut.moved).merge(seen.spend, on=["date", "channel", "spend"])
    assert len(kept) == len(cut.spend)  # each amount is on its own day, but for the move of all
    assert {day - cut.moved for day in cut.holidays} >= {dt.date(2025, 12, 24), dt.date(2026, 1, 1)}


@pytest.mark.slow
def test_the_model_knows_nothing_of_the_time_after() -> None:
    from roas.simulator import simulate

    tables, _ = simulate(seed=1, weeks=40, grain="week")
    spend, revenue = tables["spend"], tables["revenue"]
    begins = (revenue["date"].max() - pd.Timedelta(days=21)).date()
    seen = Observed(spend, revenue, "week", "week")
    other = revenue.assign(revenue=np.where(revenue["date"] >= pd.Timestamp(begins), 1.0, revenue["revenue"]))
    ends = dt.date(2030, 1, 1)
    test = LiftTest("Meta", begins, ends, 1.0, 1e-3)
    first, second = (
        before(replace(seen, revenue=table, tests=tests), begins, weeks=4)
        for table, tests in ((revenue, ()), (other, (test,)))
    )
    now = weekly_means(spend, begins - dt.timedelta(days=56), 8)
    plan = Noted(now, {**now, "Meta": 0.0}, 4, begins, Q(-1, 0, 1))
    np.testing.assert_array_equal(outcome(first, now, 4).without, outcome(second, now, 4).without)
    found = score(plan, seen, known=first)
    assert found.realised is not None
    assert found.realised.p5 < found.realised.p50 < found.realised.p95
    assert found == score(plan, seen)  # the same seed, the same score
