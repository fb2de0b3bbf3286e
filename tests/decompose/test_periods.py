"""Which periods are compared."""

from __future__ import annotations

import datetime as dt

import numpy as np

from roas.decompose import Period, default_periods

FIRST = dt.date(2024, 1, 1)


def days(count: int, step: int = 1) -> np.ndarray:
    return np.datetime64(FIRST) + step * np.arange(count)


def named(*args, **options):
    return {pair.name: pair for pair in default_periods(*args, **options)}


def test_three_pairs_where_history_reaches():
    found = named(days(500), grain="day", breaks=[FIRST + dt.timedelta(400)])
    assert list(found) == ["around_break", "recent", "year_ago"]
    end = FIRST + dt.timedelta(500)
    assert found["recent"].after == Period(end - dt.timedelta(28), end)
    assert found["recent"].before.end == found["recent"].after.start
    assert found["year_ago"].before.start + dt.timedelta(364) == found["year_ago"].after.start


def test_segments_are_whole_weeks_nearest_the_last_break():
    cut = FIRST + dt.timedelta(400)
    pair = named(days(500), grain="day", breaks=[FIRST + dt.timedelta(380), cut])["around_break"]
    assert (pair.before.days, pair.after.days) == (14, 84)
    assert pair.before.end == pair.after.start == cut


def test_a_break_too_near_the_end_is_not_compared():
    assert "around_break" not in named(days(500), grain="day", breaks=[FIRST + dt.timedelta(490)])


def test_immature_days_are_left_out():
    until = FIRST + dt.timedelta(90)
    assert named(days(100), grain="day", mature_until=until)["recent"].after.end == until


def test_short_histories_are_halved_in_whole_weeks():
    assert named(days(40), grain="day")["recent"].after.days == 14
    assert named(days(13), grain="day") == {}
    assert default_periods([], grain="day") == ()


def test_weeks_keep_to_their_days():
    found = named(
        days(80, 7), grain="week", mature_until=FIRST + dt.timedelta(7 * 79 + 3), breaks=[FIRST + dt.timedelta(213)]
    )
    assert (found["recent"].after.end - FIRST).days == 7 * 79
    assert all((p.after.start - FIRST).days % 7 == 0 == p.after.days % 7 for p in found.values())
    assert found["recent"].after.days == 28
