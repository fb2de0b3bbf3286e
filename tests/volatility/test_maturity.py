"""Completion learnt from exports, and the days left out."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from roas.language import speaking
from roas.volatility.maturity.completion import CompletionCurve, completion_curve
from roas.volatility.maturity.cut import conservative_cut, maturity
from roas.volatility.maturity.ladder import chain_ladder, steps

LAST = dt.date(2025, 6, 30)

#: Taylor and Ashe (1983), the run-off triangle in which Mack (1993) shows his standard errors.
TAYLOR_ASHE = """357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463
352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085
290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315
310608 1418858 2195047 3757447 4029929 4381982 4588268
443160 1136350 2128333 2897821 3402672 3873311
396132 1333217 2180715 2985752 3691712
440832 1288463 2419861 3483130
359480 1421128 2864498
376686 1363294
344014"""

#: Mack (1993), table 4: standard errors of the reserves, in thousands.
ERRORS_FROM_MACK = [0, 76, 122, 134, 261, 411, 558, 875, 971, 1363]


def triangle():
    table = np.full((10, 10), np.nan)
    for i, line in enumerate(TAYLOR_ASHE.split("\n")):
        values = [float(x) for x in line.split()]
        table[i, : len(values)] = values
    return table


def exports(seed=0, *, delay=3.0, per_day=100.0, as_of=(59, 66, 73, 80), instant=False, taken_back=0.0):
    """Draw exports on the given days; sales fall at random hours and are reported after a delay."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(81), rng.poisson(per_day, 81))
    late = np.zeros(len(day)) if instant else rng.exponential(delay, len(day))
    reported = day + rng.uniform(size=len(day)) + late
    cancelled = np.where(rng.uniform(size=len(day)) < taken_back, reported + rng.uniform(5, 15, len(day)), np.inf)
    first = np.datetime64("2025-01-01")
    frames = []
    for last in as_of:
        seen = np.bincount(day[(reported <= last + 1) & (cancelled > last + 1)], minlength=81)[: last + 1]
        frames.append(pd.DataFrame({"as_of": first + last, "date": first + np.arange(last + 1), "conversions": seen}))
    return pd.concat(frames, ignore_index=True)


def truth(delay, ages):
    return 1 - delay * (np.exp(-ages / delay) - np.exp(-(ages + 1) / delay))


def test_chain_ladder_equals_macks_published_errors():
    found = chain_ladder(triangle())
    latest = np.array([row[np.isfinite(row)][-1] for row in triangle()])
    assert np.allclose(found.factors[:3], [3.491, 1.747, 1.457], atol=5e-4)
    assert round((found.ultimate - latest).sum() / 1000) == 18681
    assert np.round(found.errors / 1000).tolist() == ERRORS_FROM_MACK
    assert round(found.total_error / 1000) == 2447


@pytest.mark.parametrize("delay", [1.0, 3.0, 7.0])
def test_four_weekly_exports_give_the_curve_to_three_points(delay):
    ages = np.arange(1, 15)
    for seed in range(3):
        curve = completion_curve(exports(seed, delay=delay))
        assert curve.method == "weibull"
        assert np.abs(curve.share[ages] - truth(delay, ages)).mean() < 0.03


def test_delays_that_no_smooth_curve_fits_are_read_off_the_ladder():
    rng = np.random.default_rng(1)
    day = np.repeat(np.arange(81), 2000)
    # Half at once, the rest by a statement five to six days later.
    reported = day + np.where(rng.uniform(size=len(day)) < 0.5, 0.0, rng.uniform(5, 6, len(day)))
    frames = []
    for last in (59, 66, 73, 80):
        seen = np.bincount(day[reported <= last + 1], minlength=81)[: last + 1]
        dates = np.datetime64("2025-01-01") + np.arange(last + 1)
        frames.append(pd.DataFrame({"as_of": dates[-1], "date": dates, "conversions": seen}))
    curve = completion_curve(pd.concat(frames, ignore_index=True))
    assert curve.method == "ladder"
    assert np.allclose(curve.share[:8], [0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1], atol=0.03)


def test_exports_at_odd_intervals_serve_too():
    ages = np.arange(1, 15)
    curve = completion_curve(exports(as_of=(50, 53, 64, 66, 80)))
    assert np.abs(curve.share[ages] - truth(3.0, ages)).mean() < 0.03


def test_completed_flat_account_shows_no_decline():
    ratios = []
    for seed in range(6):
        frame = exports(seed, delay=7.0)
        curve = completion_curve(frame)
        newest = frame[frame["as_of"] == frame["as_of"].max()]
        age = (newest["as_of"] - newest["date"]).dt.days.to_numpy()
        total, variance = curve.complete(newest["conversions"].to_numpy(dtype=float), age)
        assert np.isfinite(variance).all()
        ratios.append(total[-7:].sum() / total[-14:-7].sum())
    assert abs(np.mean(ratios) - 1) < 0.06


def test_conversions_taken_back_lead_to_a_ladder_above_one():
    curve = completion_curve(exports(taken_back=0.3, per_day=300))
    assert curve.method == "ladder"
    assert curve.restated > 0.02
    assert curve.share[10:14].max() > 1.05


def test_ladder_of_regular_exports_equals_the_chain_ladder_where_data_are_many():
    from roas.volatility.maturity.completion import _stepwise

    table = triangle()[:, ::1] * 100
    rows = [
        {
            "as_of": np.datetime64("2025-01-01") + i + a,
            "date": np.datetime64("2025-01-01") + i,
            "conversions": table[i, a],
        }
        for i in range(10)
        for a in range(10 - i)
    ]
    curve = _stepwise(steps(pd.DataFrame(rows)), 1.0)
    factors = chain_ladder(table).factors
    expected = 1 / np.cumprod(factors[::-1])[::-1]
    assert np.allclose(curve.share[:9], expected, rtol=1e-3)


def test_figures_that_never_change_are_mature_at_once():
    curve = completion_curve(exports(instant=True))
    assert curve.share[1:].min() > 0.99
    assert maturity(curve, LAST, of="claimed_roas").days <= 1


@pytest.mark.parametrize(
    "frame",
    [
        exports(as_of=(80,)),
        exports(per_day=0.5, as_of=(79, 80)).head(100),
        exports().head(0),
        exports().assign(conversions=0.0),
        exports().assign(conversions=np.nan),
        exports().assign(date="not a date"),
    ],
)
def test_too_little_gives_no_curve_and_a_reason(frame):
    curve = completion_curve(frame)
    assert curve.method == "none"
    assert curve.why
    assert np.isnan(curve.complete(np.ones(2), np.arange(2.0))[0]).all()
    assert json.loads(json.dumps(curve.to_dict(), allow_nan=False))["curve"] == []


def test_order_of_rows_does_not_matter():
    frame = exports()
    shuffled = frame.sample(frac=1.0, random_state=1)
    assert np.array_equal(completion_curve(frame).share, completion_curve(shuffled).share)


def test_cut_of_one_export():
    assert conservative_cut(LAST, of="claimed_roas").days == 7
    assert conservative_cut(LAST, of="claimed_roas", window_days=28).days == 28
    assert conservative_cut(LAST, of="claimed_roas", window_days=1).days == 7
    assert conservative_cut(LAST, of="claimed_roas", window_days=9999).why == "default"
    till = conservative_cut(LAST, of="mer", window_days=28)
    assert (till.days, till.mature_until) == (0, dt.date(2025, 7, 1))
    assert conservative_cut(LAST, of="claimed_roas").mature_until == dt.date(2025, 6, 24)


def test_exports_shorten_or_lengthen_the_cut():
    quick = maturity(completion_curve(exports(delay=1.0)), LAST, of="claimed_roas")
    slow = maturity(completion_curve(exports(delay=7.0)), LAST, of="claimed_roas")
    assert quick.days < 7 < slow.days
    assert quick.why == slow.why == "exports"
    assert str(slow.days) in slow.note
    assert json.dumps(slow.to_dict())


def test_without_a_curve_the_cut_is_the_conservative_one():
    curve = completion_curve(exports(as_of=(80,)))
    assert maturity(curve, LAST, of="claimed_roas") == conservative_cut(LAST, of="claimed_roas")


def learnt(*, short: int, oldest: int, error: float = 0.0) -> CompletionCurve:
    """A curve of which `short` days at the end are not complete."""
    share = np.where(np.arange(91) < short, 0.5, 1.0)
    return CompletionCurve(share, np.full(91, error), "ladder", oldest)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (learnt(short=1, oldest=30), "The last day is left out: earlier exports show that 98 % of sales are reported after 1 day."),
        (learnt(short=2, oldest=30), "The last 2 days are left out: earlier exports show that 98 % of sales are reported after 2 days."),
        (learnt(short=90, oldest=1), "The last 7 days are left out: earlier exports reach 1 day back, and sales were still being added then."),
    ],
)  # fmt: skip
def test_one_day_is_said_as_one(curve, expected):
    assert maturity(curve, LAST, of="claimed_roas").note == expected


def test_a_window_of_one_day_is_said_as_one():
    assert conservative_cut(LAST, of="claimed_roas", window_days=1).note.endswith("for 1 day after a click.")
    assert conservative_cut(LAST, of="claimed_roas", window_days=28).note.endswith("for 28 days after a click.")


@pytest.mark.parametrize(("language", "wrong"), [("nl", "1 dagen"), ("en", "1 days")])
def test_no_language_counts_one_as_many(language, wrong):
    with speaking(language):
        notes = [maturity(learnt(short=short, oldest=oldest), LAST, of="claimed_roas").note
                 for short, oldest in ((1, 30), (90, 1))]  # fmt: skip
        notes.append(conservative_cut(LAST, of="claimed_roas", window_days=1).note)
    assert not [each for each in notes if wrong in each]
