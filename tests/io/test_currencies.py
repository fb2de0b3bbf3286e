"""Money in several currencies, or in none that is named: converted, said, or refused."""

from __future__ import annotations

import pytest

import roas
from tests.io.cells import HEAD, WITH_CURRENCY, days


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
