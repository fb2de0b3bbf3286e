"""Amounts and columns that mislead: an exact answer or an exact refusal."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.io.cells import HEAD, OK, UNKNOWN, days

# ---- columns ------------------------------------------------------------------------------------


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


# ---- money --------------------------------------------------------------------------------------


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
