"""Cells that mislead: money, dates, currencies, names, totals; an exact answer or an exact refusal."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pandas as pd
import pytest

import roas

HEAD = "date,channel,spend\n"
OK = HEAD + "2025-01-01,Meta,10\n2025-01-02,Meta,20\n"
WITH_CURRENCY = "date,channel,spend,currency\n"
UNKNOWN = '1 row without "spend": not known, which is not zero'


def days(dates, channel="Meta", spend="10"):
    return "".join(f"{d},{channel},{spend}\n" for d in dates)


# ---- columns --------------------------------------------------------------------------------------


def test_a_column_that_stands_twice(analysed, refused):
    table = "date,channel,spend,{}\n2025-01-01,Meta,10,10\n2025-01-02,Meta,20,{}\n"
    same = analysed(table.format("spend", 20))
    assert same.totals["spend"] == 30.0
    assert same.inputs[0].findings.notes == ['column "spend" stands twice with the same cells; the first is read']
    for twin in ("spend", "Spend", " SPEND "):
        assert refused(table.format(twin, 21)) == (
            'a.csv, line 1, column "spend": stands twice (columns 3 and 4) with different cells.\n'
            "  Rename or remove one of them."
        )


def test_an_unread_column_may_stand_twice(analysed):
    assert analysed("date,note,channel,spend,note\n2025-01-01,a,Meta,10,b\n").totals["spend"] == 10.0


def test_two_columns_that_could_be_the_spend_are_refused(analysed, refused):
    table = "date,channel,spend,cost\n2025-01-01,Meta,10,11\n"
    assert refused(table) == (
        'a.csv, line 1: "spend" and "cost" could both be the spend, and they differ.\n'
        '  Use --map spend="spend" or --map spend="cost".'
    )
    assert analysed(table, map=["spend=cost"]).totals["spend"] == 11.0


@pytest.mark.parametrize(("text", "says"), [
    ("when,channel,spend\n2025-01-01,Meta,1\n",
     'a.csv, line 1: no date column. Found: "when", "channel", "spend".\n'
     '  Export the file with a day column, or use --map date="Header".'),
    ("date,channel,Money out\n2025-01-01,Meta,1\n", 'a.csv, line 1: no spend column. Found: "date", "channel", "Money '
                                                    'out".\n'
     '  Did you mean "Money out"? Use --map spend="Money out".'),
    ("Day,Campaign,Cost\n2025-01-01,Brand,1\n", 'a.csv, line 1: no channel column. Found: "Day", "Campaign", "Cost".\n'
     '  --map channel="Header" names the column, --channel "Name" puts the whole file under one channel, --platform '
     'names '
     "the platform."),
    ("date,channel,spend\n2025-01-01,Meta,\n2025-01-02,Meta,--\n",
     'a.csv, column "spend": the spend column is empty.\n  Export it again with cost.'),
])  # fmt: skip
def test_a_missing_column(refused, text, says):
    assert refused(text) == says


# ---- money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["abc", "12abc", "inf", "-inf", "Infinity", "1e400", "0x10", "TRUE", "#DIV/0!", "1.2.3,4", "5€5"]
)
def test_a_word_in_a_money_column(refused, word):
    text = f'{OK}2025-01-03,Meta,"{word}"\n'
    assert refused(text) == (
        f"a.csv, line 4, column \"spend\": 1 cell is no number ('{word}').\n"
        "  Correct the cells, or empty them where nothing is known."
    )


def test_many_words_are_counted_and_three_lines_named(refused):
    text = HEAD + "".join(f"2025-01-{i:02},Meta,{'x' * i}\n" for i in range(1, 8)) + days(["2025-01-09"])
    assert refused(text).splitlines()[0] == (
        "a.csv, line 2, column \"spend\": 7 cells are not numbers (lines 2, 3, 4 …; 'x', 'xx', 'xxx' …)."
    )


@pytest.mark.parametrize(
    "word", ["", "--", " --", "-", "—", "N/A", "n/a", "NULL", "(not set)", "NaN", "nan", "#N/A", "None"]
)
def test_no_value_is_not_zero(analysed, word):
    result = analysed(f"{OK}2025-01-03,Meta,{word}\n")
    assert result.totals["spend"] == 30.0
    assert result.tables.spend["spend"].isna().sum() == 1
    assert UNKNOWN in result.inputs[0].findings.notes


def test_a_word_in_a_count_is_not_known(analysed):
    result = analysed("date,channel,spend,clicks\n2025-01-01,Meta,10,many\n2025-01-02,Meta,10,3\n")
    assert result.totals["clicks"] == 3.0
    assert result.inputs[0].findings.notes == ["1 cell is no number ('many'). It is read as not known."]


def test_a_bound_is_not_a_number(analysed):
    result = analysed("date,channel,spend,impressions\n2025-01-01,Meta,10,<5\n2025-01-02,Meta,10,30\n")
    assert result.totals["impressions"] == 30.0
    assert result.inputs[0].findings.notes == ['1 cell with a bound, not a number (such as "<5"): read as not known']


@pytest.mark.parametrize("cell", ["-38.20", "(38.20)", "−38.20", "38.20-", "€-38.20", "-€38.20"])
def test_negative_spend(analysed, refused, cell):
    text = OK + f"2025-01-03,Meta,{cell}\n2025-01-04,Meta,50\n"
    code = " EUR" if "€" in cell else ""
    assert refused(text) == (
        f'a.csv, line 4, column "spend": 1 negative amount (lowest -38.20{code}).\n'
        "  These are usually credits. Use --credits net to subtract them, or remove the rows."
    )
    result = analysed(text, credits="net")
    assert result.totals["spend"] == 41.8
    assert result.inputs[0].findings.notes[-1] == "1 negative amount subtracted as credits (-38.20)"


def test_zero_spend_is_an_answer(analysed):
    result = analysed(HEAD + days(["2025-01-01", "2025-01-02"], spend="0"))
    assert result.totals["spend"] == 0.0
    assert result.totals["claimed_roas"] is None


def test_truth_values_are_no_money(refusal):
    frame = pd.DataFrame({"date": ["2025-01-01", "2025-01-02"], "channel": "Meta", "spend": [True, 1.0]})
    assert refusal(frame).startswith("<table>, line 2, column \"spend\": 1 cell is no number ('True').")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 10**400])
def test_a_number_beyond_numbers(refusal, value):
    frame = pd.DataFrame({"date": ["2025-01-01"], "channel": ["Meta"], "spend": pd.Series([value], dtype=object)})
    assert refusal(frame).startswith('<table>, line 2, column "spend": 1 cell is no number (')


@pytest.mark.parametrize(("cells", "total"), [
    (["1.234,50", "7"], 1241.5), (["1,234.50", "7"], 1241.5), (["1 234,50", "7"], 1241.5), (["1'234.50", "7"], 1241.5),
    (["1.234", "5,5"], 1239.5), (["1,234", "5.5"], 1239.5), (["1.234.567", "1.234"], 1235801.0),
    (["12.5", "1.234"], 13.734),
    (["1.234.567 ₫", "1.234 ₫"], 1235801.0), (["₫ 1.234", "₫ 12"], 1246.0),
    (["R$ 1.234,50", "R$ 0,00"], 1234.5), (["CA$1,234.50", "CA$1"], 1235.5), (["EUR 5,50", "EUR 6"], 11.5),
    (["1e3", "5"], 1005.0),
    (["\u00a05.50\u202f", "6"], 11.5),
])  # fmt: skip
def test_amounts_as_people_write_them(analysed, cells, total):
    text = "date;channel;spend\n" + "".join(f"2025-01-0{i};Meta;{c}\n" for i, c in enumerate(cells, 1))
    assert analysed(text).totals["spend"] == total


def test_an_amount_that_could_be_two(analysed, refused):
    text = "date;channel;spend\n2025-01-01;Meta;1.234\n2025-01-02;Meta;5\n"
    assert refused(text) == (
        'a.csv, column "spend": "1.234" could be a thousand or a decimal number, and no cell settles it.\n'
        '  Use --decimal "." or --decimal ",".'
    )
    assert analysed(text, decimal=".").totals["spend"] == 6.234
    assert analysed(text, decimal=",").totals["spend"] == 1239.0
    dong = text.replace("spend\n", "spend (VND)\n")
    assert analysed(dong).totals["spend"] == 1239.0


def test_a_point_and_a_comma(refused):
    assert refused("date;channel;spend\n2025-01-01;Meta;1,5\n2025-01-02;Meta;1.5\n") == (
        'a.csv: "1.5" is written with a decimal point and "1,5" with a decimal comma.\n'
        '  Use --decimal "." or --decimal "," if one of them is a thousands mark.'
    )


def test_micros(analysed, refused):
    said = "date,channel,spend_micros\n2025-01-01,Meta,1500000\n2025-01-02,Meta,2500000\n"
    assert analysed(said).totals["spend"] == 4.0
    silent = "date,channel,spend,clicks\n2025-01-01,Meta,1500000,3\n2025-01-02,Meta,2500000,5\n"
    assert refused(silent) == (
        'a.csv, column "spend": a click would cost 500,000; the amounts may be in micros (millionths).\n'
        "  Use --micros spend if they are, or --currency VND (or another without decimals) if they are not."
    )
    assert analysed(silent, micros=["spend"]).totals["spend"] == 4.0
    assert analysed(silent, currency="VND").totals["spend"] == 4_000_000.0


# ---- currencies -----------------------------------------------------------------------------------


def test_two_currencies_need_rates(place, analysed, refused):
    text = WITH_CURRENCY + "2025-01-01,Meta,10,EUR\n2025-01-02,Meta,20,usd\n"
    assert refused(text) == (
        "cannot add money in EUR (a.csv) and USD (a.csv).\n"
        "  Give rates with --fx rates.csv (columns: date, currency, rate) and --currency EUR."
    )
    place("fx.csv", "date,currency,rate\n2025-01-01,USD,0.5\n")
    result = analysed(text, fx="fx.csv", currency="EUR")
    assert (result.totals["spend"], result.tables.currency) == (20.0, "EUR")
    assert result.inputs[0].findings.notes == ["USD was converted to EUR at the rates of fx.csv"]
    assert refused(text, fx="fx.csv") == (
        "--fx needs --currency: the currency to convert into, for example --currency EUR."
    )
    early = text.replace("2025-01-02", "2024-12-31")
    assert refused(early, fx="fx.csv", currency="EUR") == (
        "a.csv: no rate for USD on or before 2024-12-31. Add it to the --fx file."
    )


@pytest.mark.parametrize(("rates", "says"), [
    ("date,currency\n2025-01-01,USD\n", "fx.csv: no rate column. Rates need the columns date, currency, rate."),
    ("date,currency,rate\n2025-01-01,USD,0\n", 'fx.csv, column "rate": every rate must be above zero.'),
    ("date,currency,rate\n2025-01-01,USD,x\n", 'fx.csv, column "rate": x is not a number.'),
    ("date,currency,rate\n01/02/2025,USD,1\n", 'fx.csv, column "date": 01/02/2025 cannot be read. Write YYYY-MM-DD.'),
])  # fmt: skip
def test_rates_that_cannot_be_used(place, refused, rates, says):
    place("fx.csv", rates)
    text = WITH_CURRENCY + "2025-01-01,Meta,10,EUR\n2025-01-02,Meta,20,USD\n"
    assert refused(text, fx="fx.csv", currency="EUR") == says


def test_two_files_of_two_currencies(place, refusal):
    euros = place("m.csv", "date,channel,spend (EUR)\n2025-01-01,Meta,10\n")
    dollars = place("g.csv", "date,channel,spend (USD)\n2025-01-01,Google,10\n")
    silent = place("t.csv", "date,channel,spend\n2025-01-01,TV,10\n")
    assert refusal([euros, dollars]) == (
        "cannot add money in EUR (m.csv) and USD (g.csv).\n"
        "  Give rates with --fx rates.csv (columns: date, currency, rate) and --currency EUR."
    )
    assert refusal(euros, currency="USD") == (
        "money is in EUR (m.csv), not in USD.\n"
        "  Give rates with --fx rates.csv (columns: date, currency, rate) and --currency USD."
    )
    place("fx.csv", "date,currency,rate\n2025-01-01,USD,0.5\n")
    assert roas.analyze([euros, dollars], fx="fx.csv", currency="EUR").totals["spend"] == 15.0
    result = roas.analyze([euros, silent])
    assert result.totals["spend"] == 20.0
    assert result.inputs[1].findings.notes == ["no currency in the file; taken as EUR, the currency of the other files"]


def test_rates_reach_a_file_that_names_no_currency(place, refusal):
    dollars = place("g.csv", "date,channel,spend (USD)\n2025-01-01,Google,10\n")
    pounds = place("p.csv", "date,channel,spend (GBP)\n2025-01-01,TV,10\n")
    till = place("till.csv", "date,revenue\n2025-01-01,100\n")
    place("fx.csv", "date,currency,rate\n2025-01-01,USD,0.5\n2025-01-01,GBP,1.2\n")
    result = roas.analyze(dollars, revenue=till, fx="fx.csv", currency="EUR", model=False)
    assert (result.totals["spend"], result.totals["revenue"]) == (5.0, 50.0)
    assert result.inputs[1].findings.notes == [
        "no currency in the file; taken as USD, the currency of the other files",
        "USD was converted to EUR at the rates of fx.csv",
    ]
    assert refusal([dollars, pounds], revenue=till, fx="fx.csv", currency="EUR") == (
        "till.csv: the file names no currency, and the others are in GBP (p.csv) and USD (g.csv): which it is in "
        'cannot be told.\n  Add a column "currency" to it.'
    )


def test_a_word_beside_a_currency_is_refused(refused):
    assert refused(WITH_CURRENCY + "2025-01-01,Meta,10,EUR\n2025-01-02,Meta,20,XXQ\n") == (
        'a.csv, line 3, column "currency": no currency code: "XXQ"; other rows are in EUR.\n'
        "  Correct the cells: ISO 4217 codes such as EUR are expected."
    )


def test_an_empty_currency(place, analysed, refused):
    one = analysed(WITH_CURRENCY + "2025-01-01,Meta,10,EUR\n2025-01-02,Meta,20,\n")
    assert one.totals["spend"] == 30.0
    assert one.inputs[0].findings.notes == ["1 row without a currency: taken as EUR, the currency of all others"]
    place("fx.csv", "date,currency,rate\n2025-01-01,USD,0.5\n")
    two = WITH_CURRENCY + "2025-01-01,Meta,10,EUR\n2025-01-02,Meta,20,USD\n2025-01-03,Meta,20,\n"
    assert refused(two, fx="fx.csv", currency="EUR") == (
        'a.csv, line 4, column "currency": 1 row without a currency, and the others are in EUR and USD.\n  Fill the '
        "cells."
    )


def test_symbols_name_a_currency_or_do_not(analysed, refused):
    assert analysed(HEAD + days(["2025-01-01"], spend="€10")).tables.currency == "EUR"
    dollars = analysed(HEAD + days(["2025-01-01"], spend="$10"))
    assert dollars.tables.currency is None
    assert 'amounts carry "$", which twenty currencies use' in dollars.inputs[0].findings.notes[0]
    assert refused(HEAD + "2025-01-01,Meta,€10\n2025-01-02,Meta,£10\n").startswith(
        "a.csv: amounts in EUR and GBP stand in one file without a currency column."
    )
    assert refused("date,channel,Cost (EUR),Conv. value (USD)\n2025-01-01,Meta,1,2\n").startswith(
        "a.csv: two currencies in the header: EUR, USD."
    )


# ---- dates ----------------------------------------------------------------------------------------


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


# ---- grain ----------------------------------------------------------------------------------------


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


# ---- names ----------------------------------------------------------------------------------------

HOSTILE = ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", "new\nline", "\u202eRTL", "😀", '"quoted"', "a,b;c|d", "12345",
           "007", "1.5", "Total Wellness", "2025-01-01", "a\ttab", "'apos", "é" * 300, "\x1b[31mred", "a\u2028b", "a\rb",
           "a\x85b", "\x1cx", "zero\0byte", "NULL Corp", "N", "{{7*7}}", "../../etc"]  # fmt: skip


def test_names_are_kept_to_the_letter(analysed):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["date", "channel", "campaign", "spend"])
    writer.writerows([f"2025-01-0{day}", "Meta", name, "1"] for name in HOSTILE for day in (1, 2))
    result = analysed(text.getvalue())
    assert sorted(result.campaigns["campaign"]) == sorted(HOSTILE)
    assert set(result.campaigns["spend"]) == {2.0}


def test_half_a_character_is_replaced(place):
    text = '[{"date": "2025-01-01", "channel": "M\\ud800", "spend": 1}]'
    document = roas.analyze(place("a.json", text)).to_dict()
    assert document["channels"][0]["channel"] == "M\ufffd"


def test_channels_that_differ_in_case_are_one(analysed):
    result = analysed(HEAD + "2025-01-01,Meta,1\n2025-01-01,META ,2\n2025-01-02,Meta,4\n2025-01-02,Google,8\n")
    assert result.channels["channel"].tolist() == ["Google", "Meta"]
    assert result.inputs[0].findings.notes == ['"META" and "Meta" are one channel, spelled two ways']


@pytest.mark.slow
def test_five_thousand_channels(analysed):
    result = analysed(HEAD + "".join(f"2025-01-0{1 + i % 3},c{i},1.25\n" for i in range(5000)))
    assert len(result.channels) == 5000
    assert result.totals["spend"] == 6250.0


@pytest.mark.slow
def test_fifty_thousand_campaigns(analysed):
    rows = "".join(f"2025-01-0{1 + i % 3},Meta,c{i},1.25\n" for i in range(50_000))
    result = analysed("date,channel,campaign,spend\n" + rows)
    assert len(result.campaigns) == 50_000
    assert result.totals["spend"] == 62_500.0


# ---- totals rows ----------------------------------------------------------------------------------

CAMPAIGNS = "date,channel,campaign,spend,clicks\n2025-01-01,Meta,Total Wellness,10,1\n2025-01-02,Google,Total Body - Search,20,2\n"


@pytest.mark.slow
@pytest.mark.parametrize("row", [
    "Total,,,30,3", "Total: Account,,,30,3", "Total: Account, --, --,30,3", "Grand Total:,---,---,30,3",
    "Gesamt,,,30,3",
    "Totaal: account,,,30,3", "Итого,,,30,3", "Tổng cộng,,,30,3", "Total of 2 results,,,30,3", ",,,30,3",
    ",Total,,30,3",
    ",,Total: Campaigns,30,3", "Resultados totales,,,30,3", "2025-01-01,Total,,30,3", "2025-01-02,,,30,3",
    "subtotal,,,30,3",
    "Total général,,,30,3",
])  # fmt: skip
@pytest.mark.parametrize("first", [True, False])
def test_a_totals_row_is_a_check_and_no_spend(analysed, row, first):
    head, *rows = CAMPAIGNS.splitlines()
    result = analysed("\n".join([head, row, *rows] if first else [head, *rows, row]) + "\n")
    assert result.totals["spend"] == 30.0
    assert set(result.campaigns["campaign"]) == {"Total Wellness", "Total Body - Search"}
    source = result.inputs[0]
    assert [(r.reason, r.count, r.first_line) for r in source.findings.rejected] == [
        ("totals row", 1, 2 if first else 4)
    ]
    assert source.findings.notes == ["the rows add up to the file's own totals row (spend, clicks)"]


def test_a_totals_row_that_disagrees_is_said(analysed):
    result = analysed(CAMPAIGNS + "Total,,,45,3\n")
    assert result.inputs[0].findings.notes == [
        'the rows do not add up to the file\'s own totals row: "spend": rows add to 30.00, the file says 45.00'
    ]


def test_subtotals_inside_a_table(analysed):
    text = "date,channel,campaign,spend\n2025-01-01,Meta,a,1\n2025-01-01,Meta,b,2\n2025-01-01,Subtotal,,3\n2025-01-02,Meta,a,4\nTotal,,,7\n"
    result = analysed(text)
    assert result.totals["spend"] == 7.0
    assert result.inputs[0].findings.rejected[0].count == 2


@pytest.mark.parametrize("footer", [
    "©2025 Example Corporation. All rights reserved.", "Report Time:,2025/01/30 14:14 GMT",
    "\nDate Range:,2025-01-01 to 2025-01-02\n",
    '"Reporting numbers from the previous month are finalized (for billing purposes) …"',
])  # fmt: skip
def test_a_footer_is_left_out(analysed, footer):
    result = analysed(CAMPAIGNS + footer + "\n")
    assert result.totals["spend"] == 30.0
    assert result.inputs[0].findings.rejected[0].reason == "footer or note, no figures"


def test_rows_read_are_rows_used_and_rows_left_out(analysed):
    result = analysed(CAMPAIGNS + "Total,,,30,3\n\nReport by,nobody\n", as_of="2025-01-01")
    source = result.inputs[0]
    assert (source.rows_read, source.rows_used) == (4, 1)
    assert {r.reason: r.count for r in source.findings.rejected} == {
        "totals row": 1, "footer or note, no figures": 1, "after --as-of 2025-01-01": 1,
    }  # fmt: skip
