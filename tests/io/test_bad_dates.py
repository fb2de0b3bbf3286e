"""Dates and grains that mislead: an exact answer or an exact refusal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.io.cells import HEAD, OK, days

# ---- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "says"), [
    (["03/04/2025", "05/04/2025"], 'line 2, column "date": "03/04/2025" could be 3 April or March 4, and no row '
                                   'settles it.\n'
     '  Use --date-format "%d/%m/%Y" or "%m/%d/%Y".'),
    (["13/04/2025", "04/15/2025"], 'column "date": "13/04/2025" has the day first and "04/15/2025" the month first.\n'
     '  Use --date-format "%d/%m/%Y" or "%m/%d/%Y", or correct the cells.'),
    (["2025-01-01", ""], 'line 3, column "date": 1 row with figures but without a readable date (empty).\n'
     "  Correct the dates, or use --date-format."),
    (["2025-01-01", "2025-02-30"], 'line 3, column "date": 1 row with figures but without a readable date '
                                   '("2025-02-30").\n'
     "  Correct the dates, or use --date-format."),
    (["45658", "2025-01-02"], 'line 2, column "date": 1 row with figures but without a readable date ("45658").\n'
     "  Correct the dates, or use --date-format."),
    (["2025-01-01", "x", "y", "z", "", "x"], 'line 3, column "date": 5 rows with figures but without a readable date '
                                             '(lines '
     '3, 4, 5 …; "x", "y", "z" …).\n  Correct the dates, or use --date-format.'),
    (["2025-01-01", "2225-01-02"], 'line 3, column "date": 1 row dated 2225-01-02; dates from 1990-01-01 to a year '
                                   'from now '
     "are expected.\n  Correct the dates, or say how they are written with --date-format."),
    (["1925-01-01", "2025-01-02"], 'line 2, column "date": 1 row dated 1925-01-01; dates from 1990-01-01 to a year '
                                   'from now '
     "are expected.\n  Correct the dates, or say how they are written with --date-format."),
    (["0000-01-01", "2025-01-02"], 'line 2, column "date": 1 row with figures but without a readable date '
                                   '("0000-01-01").\n'
     "  Correct the dates, or use --date-format."),
])  # fmt: skip
def test_dates_that_cannot_be_read(refused, cells, says):
    message = refused(HEAD + days(cells))
    assert message == f"a.csv, {says}"


def test_tomorrow_is_no_error(analysed):
    soon = date.today() + timedelta(30)
    assert analysed(HEAD + days([soon])).window["end"] == soon.isoformat()


@pytest.mark.parametrize(("cells", "options", "first"), [
    (["13/04/25", "14/04/25"], {}, "2025-04-13"), (["04/13/25", "04/14/25"], {}, "2025-04-13"),
    (["45658", "45659"], {}, "2025-01-01"), (["03/04/2025", "04/04/2025"], {"date_format": "%d/%m/%Y"}, "2025-04-03"),
    (["03/04/2025", "03/05/2025"], {"date_format": "%m/%d/%Y"}, "2025-03-04"),
    (["03.04.2025", "04.04.2025"], {}, "2025-04-03"),
    (["3 Apr 2025", "4 Apr 2025"], {}, "2025-04-03"), (["2025-04-03T23:59:00-08:00", "2025-04-04 00:00"], {},
     "2025-04-03"),
    (["20250403", "20250404"], {}, "2025-04-03"), (["2025/4/3", "2025/4/4"], {}, "2025-04-03"),
])  # fmt: skip
def test_dates_as_people_write_them(analysed, cells, options, first):
    assert analysed(HEAD + days(cells), **options).window["start"] == first


def test_a_date_format_that_fits_no_cell(refused):
    assert refused(OK, date_format="%d/%m/%Y").startswith(
        'a.csv, line 2, column "date": 2 rows with figures but without a readable date (lines 2, 3; "2025-01-01", '
    )


# ---- grain --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "line", "at"), [
    ([1, 1, 1, 1, 7, 7, 7], 6, "2025-01-10"), ([7, 7, 6, 8, 7, 7], 5, "2025-01-26"),
    ([7, 7, 7, 1, 1, 1, 1], 2, "2025-01-06"),
])  # fmt: skip
def test_days_and_weeks_in_one_file(refused, steps, line, at):
    dates = [date(2025, 1, 6)]
    for step in steps:
        dates.append(dates[-1] + timedelta(step))
    assert refused(HEAD + days(dates)) == (
        f'a.csv, line {line}, column "date": days and weeks are mixed, or the dates are ragged: the step changes at '
        f"{at}.\n"
        "  Export the whole file by day, or the whole file by week."
    )


def test_a_weekly_channel_beside_daily_ones(analysed, refused):
    month = [date(2025, 1, 1) + timedelta(i) for i in range(28)]
    text = HEAD + days(month) + days(month[5::7], channel="TV", spend="70")
    assert refused(text) == (
        'a.csv, column "date": days and weeks are mixed: "TV" with one row every seven days, the file as a whole by '
        "day.\n"
        "  Use --grain week to add the days up, or write a row with 0 for each day without spend."
    )
    assert analysed(text, grain="week").totals["spend"] == 560.0
    zeros = days([d for d in month if d not in month[5::7]], channel="TV", spend="0")
    assert analysed(text + zeros).totals["spend"] == 560.0


def test_weeks_that_begin_on_different_days(refused):
    mondays = [date(2025, 1, 6) + timedelta(7 * i) for i in range(5)]
    text = HEAD + days(mondays) + days([d + timedelta(1) for d in mondays], channel="TV")
    assert '"Meta", "TV" with one row every seven days' in refused(text)


def test_a_channel_that_pauses_is_no_weekly_one(analysed):
    month = [date(2025, 1, 1) + timedelta(i) for i in range(28)]
    assert analysed(HEAD + days(month) + days(month[:3] + month[20:], channel="TV")).totals["spend"] == 390.0


def test_a_gap_is_said_and_not_filled(analysed):
    result = analysed(HEAD + days(["2025-01-01", "2025-01-02", "2025-01-05"]))
    assert len(result.tables.spend) == 3
    assert result.inputs[0].findings.notes == ["no row at all on 2 days (2025-01-03, 2025-01-04): a gap, not zero"]


def test_months_are_too_coarse(refused):
    text = "month,channel,spend\n" + "".join(f"2025-{m:02},Meta,5\n" for m in range(1, 7))
    assert refused(text) == (
        'a.csv, column "month": the file is by month, which is too coarse: 12 points a year carry no reading of ROAS.\n'
        "  Export it by day or by week."
    )


def test_a_period_in_one_row_is_no_day(refused):
    head = "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions\n"
    assert refused(head + "A,2025-01-05,2025-02-03,10,5\nB,2025-01-01,2025-01-31,10,5\n") == (
        'a.csv, line 3, column "Reporting ends": one row covers 31 days: the export holds totals of a period, not '
        "days.\n"
        "  Export it again with the breakdown by day."
    )
