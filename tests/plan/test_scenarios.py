"""Shifts that a person types, and whole cents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.errors import UsageError
from roas.plan.cents import fill, share_out
from roas.plan.scenarios import shifted
from roas.plan.today import Today

TODAY = Today(("Meta", "Search", "A>B", "A", "B", "x=1"), (1000.0, 500.5, 10.0, 20.0, 30.0, 40.0), currency="EUR")


def moved(*shifts):
    now = dict(zip(TODAY.channels, TODAY.spend, strict=True))
    return {name: value for name, value in shifted(TODAY, shifts).items() if value != now[name]}


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        ("Meta=-20%", {"Meta": 800.0}),
        ("Meta=−20 %", {"Meta": 800.0}),
        ("Meta = +500", {"Meta": 1500.0}),
        ("meta=2000", {"Meta": 2000.0}),
        ("Meta=+1 500", {"Meta": 2500.0}),
        ("Meta=1,234.50", {"Meta": 1234.5}),
        ("Meta=1.234,50", {"Meta": 1234.5}),
        ("Meta=0", {"Meta": 0.0}),
        ("Meta=-100%", {"Meta": 0.0}),
        ("Meta > Search = 500", {"Meta": 500.0, "Search": 1000.5}),
        ("Search>Meta=10%", {"Search": 450.45, "Meta": 1050.05}),
        ("A>B=5", {"A>B": 5.0}),
        ("A>B>A=5", {"A>B": 5.0, "A": 25.0}),
        ("B>A>B=5", {"B": 25.0, "A>B": 15.0}),
        ("x=1=5", {"x=1": 5.0}),
        ("x=1>A=5", {"x=1": 35.0, "A": 25.0}),
    ],
)
def test_shift_is_read(shift, expected):
    assert moved(shift) == expected


def test_percents_are_of_todays_money_whatever_came_before():
    assert moved("Meta>Search=10%", "Meta>A=10%") == {"Meta": 800.0, "Search": 600.5, "A": 120.0}


def test_moving_money_and_back_changes_nothing():
    assert moved("Meta>Search=123.45", "Search>Meta=123.45") == {}


@pytest.mark.parametrize(
    ("shift", "says"),
    [
        ("Mta=5", 'no channel "Mta". Did you mean "Meta"'),
        ("Meta>Serch=5", 'no channel "Serch". Did you mean "Search"'),
        ("Zebra=5", "There are: Meta, Search"),
        ("Meta=-2000", r"takes €2,000.00 per week from Meta, which has €1,000.00"),
        ("Meta>Search=1001", r"takes €1,001.00 per week from Meta, which has €1,000.00"),
        ("Meta=-120%", "which has"),
        ("Meta>Search=120%", "more than Meta has"),
        ("Meta>Search=-5", "Turn the channels round"),
        ("Meta>Meta=5", "to itself"),
        ("Meta=20%", "more or less"),
        ("Meta=1,500", "thousands or decimals"),
        ("Meta=much", "much is no amount"),
        ("Meta=", "nothing is no amount"),
        ("Meta", "is no shift"),
        ("=5", "is no shift"),
    ],
)
def test_shift_that_cannot_be_read_says_why(shift, says):
    with pytest.raises(UsageError, match=says):
        shifted(TODAY, [shift])


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="Meta>Search=%+-0123456789., ", max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        found = shifted(TODAY, [text])
    except UsageError:
        return
    assert all(value >= 0 for value in found.values())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.lists(st.floats(0.01, 1e6), min_size=1, max_size=9))
def test_parts_add_up_and_are_within_a_cent(total, weights):
    parts = share_out(total, weights)
    assert sum(parts) == total
    assert all(abs(p - total * w / sum(weights)) <= 1 + 1e-6 for p, w in zip(parts, weights, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_filling_meets_the_total_inside_limits(data):
    limits = data.draw(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6))
    low, high = [min(pair) for pair in limits], [max(pair) for pair in limits]
    wanted = data.draw(st.lists(st.integers(0, 10**6), min_size=len(low), max_size=len(low)))
    total = data.draw(st.integers(sum(low), sum(high)))
    found = fill(total, wanted, low, high)
    assert sum(found) == total
    assert all(a <= x <= b for a, x, b in zip(low, found, high, strict=True))


def test_filling_keeps_what_fits():
    assert fill(300, [100, 200], [0, 0], [500, 500]) == [100, 200]
    assert fill(600, [100, 200], [0, 0], [500, 500]) == [200, 400]
