"""Days are told from weeks, and mixtures are seen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from roas.calendar import end_of, grain_of, last_day, parse_day, periods_between
from roas.errors import InputError

START = date(2024, 1, 1)


def days(*offsets: int) -> list[date]:
    return [START + timedelta(n) for n in offsets]


def test_consecutive_days_are_days() -> None:
    assert grain_of(days(*range(30))).grain == "day"


def test_multiples_of_seven_are_weeks_and_gaps_are_named() -> None:
    reading = grain_of(days(0, 7, 21, 28))
    assert reading.grain == "week"
    assert reading.missing == (START + timedelta(14),)


def test_days_with_gaps_stay_days() -> None:
    reading = grain_of(days(0, 1, 2, 5, 6, 20))
    assert reading.grain == "day"
    assert START + timedelta(3) in reading.missing


def test_sparse_days_of_a_small_account_stay_days() -> None:
    assert grain_of(days(0, 3, 14, 16)).grain == "day"


def test_days_that_turn_into_weeks_are_mixed_from_the_first_week_on() -> None:
    reading = grain_of(days(*range(30), 36, 43, 50, 57))
    assert reading.grain == "mixed"
    assert reading.first_odd == START + timedelta(29)


def test_weeks_that_drift_are_mixed() -> None:
    reading = grain_of(days(0, 7, 13, 21, 28))
    assert reading.grain == "mixed"
    assert reading.first_odd == START + timedelta(13)


def test_firsts_of_months_are_months() -> None:
    assert grain_of([date(2024, m, 1) for m in range(1, 9)]).grain == "month"


def test_one_date_tells_no_grain() -> None:
    assert grain_of(days(0)).grain == "unknown"


def test_periods_count_both_ends() -> None:
    assert periods_between(START, START + timedelta(279), "day") == 280
    assert periods_between(START, START + timedelta(273), "week") == 40


def test_a_date_option_that_is_no_date_is_refused() -> None:
    with pytest.raises(InputError, match="--as-of"):
        parse_day("31/12/2025", option="--as-of")


@pytest.mark.parametrize(("grain", "last"), [("week", date(2025, 3, 2)), ("day", date(2025, 2, 24))])
def test_data_of_weeks_cover_the_week_that_begins_last(grain: str, last: date) -> None:
    assert last_day({"end": "2025-02-24", "grain": grain}) == last
    assert end_of(date(2025, 2, 24), grain) == last
