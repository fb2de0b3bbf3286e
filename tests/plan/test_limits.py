"""What each channel may get, and limits that are refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.errors import UsageError
from roas.plan.limit_checks import check_total
from roas.plan.limits import limits_of
from roas.plan.results import Limit
from roas.plan.today import Today

TODAY = Today(("Meta", "Search", "TikTok"), (1000.0, 500.0, 0.01), observed={"Meta": 1500.0}, currency="EUR")


def test_limits_by_default_are_thirty_percent():
    limits = limits_of(TODAY)
    assert limits["Meta"] == Limit(700.0, 1300.0)
    assert limits["TikTok"] == Limit(0.01, 0.01)  # rounded inwards, never looser


def test_minimum_and_maximum_stand_above_the_change():
    limits = limits_of(TODAY, minimum={"meta": 1400}, maximum={"Search": 100})
    assert limits["Meta"] == Limit(1400.0, 1400.0)
    assert limits["Search"] == Limit(100.0, 100.0)


def test_change_by_channel_leaves_others_at_the_default():
    limits = limits_of(TODAY, max_change={"Meta": 0.1})
    assert limits["Meta"] == Limit(900.0, 1100.0)
    assert limits["Search"] == Limit(350.0, 650.0)


def test_without_a_share_the_limit_is_what_was_seen():
    assert limits_of(TODAY, max_change=None)["Meta"] == Limit(0.0, 1500.0)


def test_amount_of_a_label_is_shared_by_todays_money():
    limits = limits_of(TODAY, maximum={"paid": 900}, by_tag={"paid": ["Search", "Meta"]})
    assert limits["Meta"].high == 600.0
    assert limits["Search"].high == 300.0


@pytest.mark.parametrize(
    ("options", "low", "high"),
    [
        ({"minimum": {"L": 60}, "maximum": {"A": 30}}, (30.0, 30.0), (30.0, 95.0)),
        ({"minimum": {"L": 160}, "fixed": ["A"]}, (100.0, 60.0), (100.0, 95.0)),
        ({"maximum": {"L": 140}, "fixed": ["A"]}, (100.0, 5.0), (100.0, 40.0)),
        ({"minimum": {"L": 100, "A": 90}}, (90.0, 10.0), (190.0, 95.0)),
        ({"maximum": {"L": 140}, "minimum": {"A": 120}}, (120.0, 5.0), (120.0, 20.0)),
        ({"minimum": {"L": 600}}, (400.0, 200.0), (400.0, 200.0)),  # above what is usual: in proportion
    ],
)
def test_amount_of_a_label_fits_the_limits_of_its_channels(options, low, high):
    found = limits_of(Today(("A", "B"), (100.0, 50.0)), max_change=0.9, by_tag={"L": ["A", "B"]}, **options)
    assert tuple(each.low for each in found.values()) == low
    assert tuple(each.high for each in found.values()) == high


@settings(max_examples=40, deadline=None)
@given(
    money=st.lists(st.floats(0.01, 1e4).map(lambda x: round(x, 2)), min_size=2, max_size=5),
    share=st.floats(0, 1),
    least=st.floats(0, 2e4).map(lambda x: round(x, 2)),
    most=st.floats(0, 2e4).map(lambda x: round(x, 2)),
    own=st.floats(0, 1e4).map(lambda x: round(x, 2)),
)
def test_a_labels_amounts_add_up_or_are_refused_for_a_reason(money, share, least, most, own):
    names = tuple("ABCDE"[: len(money)])
    options: Any = {"minimum": {"L": least}, "maximum": {"L": most, "A": own}, "by_tag": {"L": names}}
    if least > most:
        with pytest.raises(UsageError, match="--min of L"):
            limits_of(Today(names, tuple(money)), max_change=share, **options)
        return
    found = limits_of(Today(names, tuple(money)), max_change=share, **options)
    assert sum(round(each.high * 100) for each in found.values()) <= round(most * 100)
    assert sum(round(each.low * 100) for each in found.values()) >= round(least * 100)
    assert all(each.low <= each.high for each in found.values())
    assert found["A"].high <= own


def test_fixed_label_fixes_its_channels():
    limits = limits_of(TODAY, fixed=["paid"], by_tag={"paid": ["Search", "Meta"]})
    assert limits["Meta"].fixed
    assert limits["Search"].fixed


def test_channels_outside_the_model_are_fixed():
    today = Today(("Meta", "TV"), (100.0, 50.0), excluded={"TV": "it is new"})
    assert limits_of(today)["TV"] == Limit(50.0, 50.0)
    with pytest.raises(UsageError, match=r"TV keeps its .*it is new"):
        limits_of(today, minimum={"TV": 60})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"minimum": {"Meta": 900}, "maximum": {"Meta": 800}}, r"€900\.00 per week is above .*€800\.00, by €100\.00"),
        ({"minimum": {"Mta": 900}}, 'no channel "Mta". Did you mean "Meta"'),
        ({"maximum": {"Meta": -1}}, "zero or more, not -1"),
        ({"maximum": {"Meta": float("nan")}}, "not nan"),
        ({"max_change": -0.1}, "share of zero or more"),
        ({"fixed": ["Meta"], "minimum": {"Meta": 1001}}, r"Meta is fixed at €1,000\.00"),
        ({"minimum": {"Meta": 1, "meta": 5}}, "twice for Meta"),
        (
            {"minimum": {"paid": 1001}, "fixed": ["Meta"], "by_tag": {"paid": ["Meta"]}},
            r"at most €1,000\.00 .*€1\.00 less",
        ),
        ({"maximum": {"paid": 900}, "fixed": ["Meta"], "by_tag": {"paid": ["Meta"]}}, r"at least €1,000\.00"),
    ],
)
def test_limits_that_cannot_be_are_refused(options, says):
    with pytest.raises(UsageError, match=says):
        limits_of(TODAY, **options)


def test_totals_that_limits_cannot_meet_say_by_how_much():
    limits = limits_of(TODAY)
    with pytest.raises(UsageError, match=r"at most €1,950\.01 per week, €49\.99 less than the budget of €2,000\.00"):
        check_total(limits, 200_000, TODAY)
    with pytest.raises(UsageError, match=r"at least €1,050\.01 per week, €50\.01 more than the budget of €1,000\.00"):
        check_total(limits, 100_000, TODAY)
