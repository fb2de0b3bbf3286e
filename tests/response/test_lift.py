"""Lift tests: what they do to an estimate, and whether the model foresaw them."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from roas.response import ResponseModel
from roas.response.data import MediaData
from roas.response.lift import DISAGREEMENT, LiftTest, compare
from roas.response.model import usable
from roas.response.prepare import prepare

START = dt.date(2024, 1, 1)


def week(number):
    return START + dt.timedelta(weeks=number)


def lift_test(channel="c0", first=20, weeks=4, revenue=1000.0, error=100.0, change=None):
    return LiftTest(channel, week(first), week(first + weeks) - dt.timedelta(days=1), revenue, error, change)


def spent(values, grain="week"):
    values = np.asarray(values, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    step = 7 if grain == "week" else 1
    return MediaData(
        dates=np.datetime64(START) + step * np.arange(len(values)),
        grain=grain,
        channels=tuple(f"c{i}" for i in range(values.shape[1])),
        spend=values,
        revenue=np.full(len(values), 5000.0),
        controls=np.zeros((len(values), 0)),
    )


# -- spend without the test --------------------------------------------------


def test_without_spend_change_all_spend_of_those_days_is_held_against_none():
    covered, without = lift_test(first=2, weeks=3).otherwise(spent(np.full(8, 70.0)), 0)
    assert covered.tolist() == [0, 0, 1, 1, 1, 0, 0, 0]
    assert without.tolist() == [70, 70, 0, 0, 0, 70, 70, 70]


def test_a_change_of_all_spend_is_a_holdout():
    data = spent([70, 80, 90, 40, 70])
    whole = lift_test(first=1, weeks=2).otherwise(data, 0)
    change = lift_test(first=1, weeks=2, change=170.0).otherwise(data, 0)
    assert np.array_equal(whole, change)


def test_a_change_is_spread_as_spend_is():
    _, without = lift_test(first=1, weeks=2, change=60.0).otherwise(spent([70, 80, 40, 70]), 0)
    assert without == pytest.approx([70, 40, 20, 70])


def test_a_cut_was_more_spend_otherwise():
    _, without = lift_test(first=1, weeks=2, change=-60.0).otherwise(spent([70, 20, 40, 70]), 0)
    assert without.sum() == pytest.approx(70 + 60 + 60 + 70)


def test_a_channel_switched_off_would_have_spent_what_was_cut():
    _, without = lift_test(first=1, weeks=2, change=-100.0).otherwise(spent([70, 0, 0, 70]), 0)
    assert without == pytest.approx([70, 50, 50, 70])


def test_spend_without_the_test_is_never_negative():
    _, without = lift_test(first=1, weeks=1, change=500.0).otherwise(spent([70, 80, 90]), 0)
    assert without.tolist() == [70, 0, 90]


def test_part_of_a_week_is_a_share_of_it():
    test = LiftTest("c0", dt.date(2024, 1, 10), dt.date(2024, 1, 16), 1.0, 1.0)  # Wednesday to Tuesday
    covered, without = test.otherwise(spent(np.full(4, 70.0)), 0)
    assert covered == pytest.approx([0, 5 / 7, 2 / 7, 0])
    assert without == pytest.approx([70, 20, 50, 70])


def test_days_count_both_ends():
    test = LiftTest("c0", dt.date(2024, 1, 3), dt.date(2024, 1, 3), 1.0, 1.0)
    assert test.otherwise(spent(np.full(5, 7.0), "day"), 0)[0].tolist() == [0, 0, 1, 0, 0]


# -- tests that cannot be used -----------------------------------------------


def why_not(test, data):
    kept, notes = usable([test], data)
    assert kept == ()
    return notes[0].split(": ")[1]


def test_a_test_of_an_unknown_channel_is_named():
    _, notes = usable([lift_test("Radio")], spent(np.full(40, 7.0)))
    assert notes == ("lift test of Radio, 2024-05-20 to 2024-06-16, is not used: the channel is not in the model",)


@pytest.mark.parametrize("first", [-2, -30, 38, 60])
def test_a_test_outside_the_window_is_not_used(first):
    assert why_not(lift_test(first=first), spent(np.full(40, 7.0))) == (
        "it reaches outside the window of spend and revenue"
    )


@pytest.mark.parametrize("first", [0, 36])
def test_a_test_at_the_edge_of_the_window_is_used(first):
    assert usable([lift_test(first=first)], spent(np.full(40, 7.0)))[1] == ()


def test_a_channel_that_was_off_needs_to_know_what_would_have_been_spent():
    off = np.full(40, 7.0)
    off[18:26] = 0
    assert why_not(lift_test(), spent(off)) == (
        "nothing was spent then, and spend_change does not say what would have been"
    )
    assert usable([lift_test(change=-28.0)], spent(off))[1] == ()


def test_unused_tests_do_not_take_the_others_with_them():
    kept, notes = usable([lift_test("Radio"), lift_test()], spent(np.full(40, 7.0)))
    assert [test.channel for test in kept] == ["c0"]
    assert len(notes) == 1


# -- agreement ---------------------------------------------------------------


def draws(middle, sd, n=4000, seed=0):
    return middle + sd * np.random.default_rng(seed).standard_normal(n)


def test_a_measurement_in_the_middle_agrees():
    (check,) = compare([lift_test(revenue=1000.0)], draws(1000, 200)[None])
    assert check.p_value > 0.9 and not check.disagrees
    assert check.foreseen == pytest.approx((1000 - 329, 1000, 1000 + 329), rel=0.05)


def test_a_far_measurement_disagrees_and_says_so():
    (check,) = compare([lift_test(revenue=3000.0)], draws(1000, 200)[None])
    assert check.disagrees
    assert check.p_value < 1e-6
    assert check.says().startswith(
        "lift test of c0, 2024-05-20 to 2024-06-16: measured 3,000 (standard error 100), the model without it said"
    )
    assert "they disagree (p = " in check.says()


def test_p_values_are_those_of_a_normal_difference():
    from scipy.stats import norm

    (check,) = compare([lift_test(revenue=1400.0, error=150.0)], draws(1000, 200, n=200_000)[None])
    assert check.p_value == pytest.approx(2 * norm.sf(400 / 250), rel=0.03)


@pytest.mark.parametrize("revenue", [1e9, -1e9, 0.0])
def test_p_values_are_probabilities(revenue):
    (check,) = compare([lift_test(revenue=revenue, error=1e-6)], draws(1000, 200)[None])
    assert 0 <= check.p_value <= 1
    json.dumps(check.to_dict(), allow_nan=False)


def test_p_values_are_uniform_where_the_model_is_right():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(1000):
        posterior = 1000 + 200 * rng.standard_normal(500)
        truth = 1000 + 200 * rng.standard_normal()
        measured = truth + 150 * rng.standard_normal()
        found.append(compare([lift_test(revenue=measured, error=150.0)], posterior[None])[0].p_value)
    # Not even: where the prior covers truth well, large p-values are the rule.
    assert np.mean(np.array(found) < 0.1) <= 0.1


def benjamini_hochberg(p_values, rate):
    """As the paper writes it: the largest k with p(k) <= k / m * rate; all up to it are rejected."""
    ranked = sorted(p_values)
    k = max((i for i, p in enumerate(ranked, 1) if p <= i / len(ranked) * rate), default=0)
    return [p <= ranked[k - 1] if k else False for p in p_values]


@pytest.mark.parametrize("seed", range(6))
def test_disagreement_controls_the_false_discovery_rate(seed):
    rng = np.random.default_rng(seed)
    tests = [lift_test(revenue=r, error=100.0) for r in 1000 + 650 * rng.standard_normal(8)]
    checks = compare(tests, np.repeat(draws(1000, 200)[None], 8, axis=0))
    assert [c.disagrees for c in checks] == benjamini_hochberg([c.p_value for c in checks], DISAGREEMENT)


def test_one_weak_doubt_among_many_tests_is_no_disagreement():
    weak = lift_test(revenue=1480.0)  # p is about 0.03
    alone = compare([weak], draws(1000, 200)[None])
    among = compare([weak, *[lift_test()] * 9], np.repeat(draws(1000, 200)[None], 10, axis=0))
    assert alone[0].disagrees and alone[0].p_value < DISAGREEMENT
    assert not any(check.disagrees for check in among)


def test_a_check_is_plain_values_in_its_own_order():
    checks = compare([lift_test(revenue=1000.123456789), lift_test("c1", revenue=-5.0)], np.array([draws(1000, 9)] * 2))
    first, second = (check.to_dict() for check in checks)
    assert list(first) == [
        "channel", "start", "end", "incremental_revenue", "standard_error", "foreseen", "p_value", "agrees",
    ]  # fmt: skip
    assert (first["channel"], first["incremental_revenue"], first["agrees"]) == ("c0", 1000.12, True)
    assert (second["channel"], second["agrees"]) == ("c1", False)


# -- whole fits --------------------------------------------------------------


def tables(seed=0, periods=52, *, effect=5000.0):
    """Two channels that act at once and saturate; and what each caused per week."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(START, periods=periods, freq="7D")
    spend = np.exp(0.5 * rng.standard_normal((periods, 2))) * 900
    caused = effect * spend / (1500 + spend)
    revenue = 9000 + caused.sum(axis=1) + 700 * rng.standard_normal(periods)
    wide = pd.DataFrame(spend, index=dates, columns=["c0", "c1"]).rename_axis("date").reset_index()
    return wide.melt("date", var_name="channel", value_name="spend"), pd.DataFrame(
        {"date": dates, "revenue": revenue}
    ), caused  # fmt: skip


@cache
def fitted(*tests, seed=0):
    spend, revenue, _ = tables(seed)
    return ResponseModel(spend, revenue, tests=tests).fit(seed=0)


def truth_of_the_test(seed=0):
    return float(tables(seed)[2][20:24, 0].sum())


def half():
    """A test that measured less than half of the truth."""
    return lift_test(revenue=0.4 * truth_of_the_test(), error=0.03 * truth_of_the_test())


def width(q):
    return q.p95 / q.p5


@pytest.mark.slow
def test_a_good_test_narrows_the_interval_around_the_truth():
    measured = lift_test(revenue=truth_of_the_test(), error=0.05 * truth_of_the_test())
    spend, _, caused = tables()
    before, after = fitted().channel("c0"), fitted(measured).channel("c0")
    assert fitted(measured).converged
    assert width(after.roas) < 0.7 * width(before.roas)
    assert after.roas.p5 < caused[:, 0].sum() / spend.loc[spend["channel"] == "c0", "spend"].sum() < after.roas.p95
    assert fitted(measured).lift_draws(measured).mean() == pytest.approx(measured.revenue, rel=0.06)


@pytest.mark.slow
def test_an_estimate_moves_to_a_measurement_that_disagrees():
    test = half()
    before, after = fitted(), fitted(test)
    (check,) = after.checks
    assert check.disagrees and "they disagree" in check.says()
    assert before.lift_draws(test).mean() == pytest.approx(np.mean(check.foreseen), rel=0.2)
    distance = abs(after.lift_draws(test).mean() - test.revenue) / abs(before.lift_draws(test).mean() - test.revenue)
    assert distance < 0.25
    assert after.channel("c0").roas.p50 < before.channel("c0").roas.p50
    assert width(after.channel("c0").roas) < width(before.channel("c0").roas)


@pytest.mark.slow
def test_a_test_without_precision_changes_little():
    vague = lift_test(revenue=truth_of_the_test(), error=50 * truth_of_the_test())
    before, after = fitted().channel("c0").roas, fitted(vague).channel("c0").roas
    assert after.p50 == pytest.approx(before.p50, rel=0.05)
    assert not fitted(vague).checks[0].disagrees


def test_unused_tests_are_named_and_leave_the_model_as_it_is():
    spend, revenue, _ = tables()
    model = ResponseModel(spend, revenue, tests=[lift_test("Radio"), lift_test(first=80)])
    assert model.tests == ()
    assert model.unused == (
        "lift test of Radio, 2024-05-20 to 2024-06-16, is not used: the channel is not in the model",
        "lift test of c0, 2025-07-14 to 2025-08-10, is not used: it reaches outside the window of spend and revenue",
    )


def test_cents_give_the_same_density():
    spend, revenue, _ = tables()
    model = ResponseModel(spend, revenue, tests=[lift_test(change=700.0)])
    cents = ResponseModel(
        spend.assign(spend=100 * spend["spend"]), revenue.assign(revenue=100 * revenue["revenue"]),
        tests=[lift_test(revenue=100_000.0, error=10_000.0, change=70_000.0)],
    )  # fmt: skip
    one, other = (prepare(m.data, tests=m.tests).posterior for m in (model, cents))
    points = one.center + 0.3 * np.random.default_rng(0).standard_normal((4, one.size))
    assert np.allclose(one.evaluate(points)[0], other.evaluate(points)[0], rtol=1e-8)


@pytest.mark.slow
def test_lift_of_a_density_is_that_of_the_draws():
    """The likelihood's lift, and what results report, agree up to what lies outside the observed range."""
    test = half()
    results = fitted(test)
    posterior = results.fitting.posterior
    parameters = posterior.split(results._points)
    lift = posterior.anchors.tell(posterior.media(parameters), parameters).lift[0] * results.fitting.unit
    assert results.lift_draws(test).mean() == pytest.approx(lift.mean(), rel=0.15)


@pytest.mark.slow
def test_a_right_model_is_seldom_said_to_disagree_with_a_right_test():
    found = []
    for seed in range(30):
        rng = np.random.default_rng(1000 + seed)
        spend, revenue, _ = tables(seed)
        truth = truth_of_the_test(seed)
        error = 0.15 * truth
        test = lift_test(revenue=truth + error * rng.standard_normal(), error=error)
        found.append(ResponseModel(spend, revenue, tests=[test]).fit(seed=0).checks[0].p_value)
    # Not even: where the prior covers truth well, large p-values are the rule.
    assert np.mean(np.array(found) < 0.1) <= 0.1
    assert np.mean(np.array(found) < 0.1) < 0.25


def test_a_test_that_adds_spend_which_nobody_spent_is_not_used():
    data = spent([100.0] * 18 + [0.0] * 8)
    kept, notes = usable([lift_test(first=20, weeks=4, revenue=500.0, change=900.0)], data)
    assert kept == ()
    assert notes[0].endswith("its spend_change is more than was spent on the channel in those days")


def test_a_standard_error_that_cannot_be_is_said():
    kept, notes = usable([lift_test(revenue=500.0, error=1e-9)], spent([100.0] * 40))
    assert len(kept) == 1
    assert notes[0].endswith("counts with a standard error of 1% of what it measured: none is surer")
