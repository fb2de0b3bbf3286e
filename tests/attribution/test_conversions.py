"""Which rows are conversions, and what they are worth: decided on the whole column or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roas.attribution.touches.conversions import read_conversion
from roas.errors import InputError
from roas.io import scan
from roas.problems import Findings
from tests.attribution.touching import query_of, rows_of, told


def frame_of(cells: list[Any], header: str = "conversion", **more: Any) -> pd.DataFrame:
    """One row a person, a minute apart."""
    times = [f"2024-01-01 10:{i:02d}:00" for i in range(len(cells))]
    users = [f"u{i:02d}" for i in range(len(cells))]
    return pd.DataFrame(
        {"user_id": users, "time": times, "channel": "Search", header: pd.Series(cells, dtype=object), **more}
    )


def converted(frame: pd.DataFrame, **how: Any) -> list[bool]:
    return [c for (c,) in rows_of(query_of(frame, **how), "converted", kept=False)]


def refusal(frame: pd.DataFrame, **how: Any) -> str:
    with pytest.raises(InputError) as caught:
        query_of(frame, **how).refuse()
    return str(caught.value).removeprefix("<table>")


@pytest.mark.parametrize(
    "cells",
    [
        [0, 1, None], ["0", "1", ""], [False, True, None], ["false", "TRUE", None], ["no", "Yes", "-"], ["Nein", "Ja", ""],
        ["non", "oui", "n/a"], ["No", "Sí", ""], ["Não", "Sim", ""], ["không", "có", ""], ["nie", "tak", ""], ["n", "y", ""],
        [0.0, 1.0, None], ["0.0", "1.0", ""], ["", " 1 ", ""],
    ],
)  # fmt: skip
def test_flags_in_every_spelling(cells: list[Any]) -> None:
    assert converted(frame_of(cells)) == [False, True, False]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["impression", "conversion"], [False, True]),
        (["page_view", "purchase"], [False, True]),
        (["Page Viewed", "Order Completed"], [False, True]),
        (["click", "Checkout_Completed"], [False, True]),
        (["visit", "sign_up"], [False, True]),
        (["view", "generate_lead"], [False, True]),
        (["click", "PURCHASE", "Purchase"], [False, True, True]),
    ],
)
def test_names_of_events(cells: list[str], expected: list[bool]) -> None:
    assert converted(frame_of(cells, "event_name")) == expected


def test_the_sale_counts_before_the_sign_up_and_it_is_said() -> None:
    query = query_of(frame_of(["page_view", "sign_up", "purchase", "sign_up"], "event_name"))
    assert [c for (c,) in rows_of(query, "converted")] == [False, False, True, False]
    assert '"purchase" counts as the conversion; "sign_up" (2) count as touches.' in query.findings.notes


def test_two_words_for_a_sale_are_refused() -> None:
    assert refusal(frame_of(["click", "purchase", "transaction", "purchase"], "event")) == (
        ', column "event": 2 words could each be a sale: "purchase" (2), "transaction" (1). '
        "Counting all might count one twice.\n"
        '  Say which: --conversion "purchase", and again for each one that counts.'
    )


def test_unknown_words_are_refused_with_their_counts() -> None:
    assert refusal(frame_of(["visit", "visit", "kassa_ok"], "event")) == (
        ', column "event": no word that is known for a conversion. Found: "visit" (2), "kassa_ok" (1).\n'
        "  Say which one is: --conversion WORD (several times for several)."
    )


def test_conversion_words_decide_alone() -> None:
    cells = ["visit", "kassa_ok", "Sign Up", "purchase"]
    assert converted(frame_of(cells, "event"), conversion=["kassa_ok"]) == [False, True, False, False]
    assert converted(frame_of(cells, "event"), conversion=["sign_up", "purchase"]) == [False, False, True, True]


def test_a_conversion_word_that_is_not_there_names_the_nearest() -> None:
    assert refusal(frame_of(["visit", "kassa_ok"], "event"), conversion=["kasa_ok"]) == (
        ', column "event": --conversion "kasa_ok": no row has it.\n  Did you mean "kassa_ok"?'
    )
    assert 'It has: "kassa_ok" (1), "visit" (1).' in refusal(
        frame_of(["visit", "kassa_ok"], "event"), conversion=["zzz"]
    )


def test_a_flag_stands_above_the_name_of_the_event() -> None:
    frame = frame_of([0, 1, 0], interaction=["impression", "conversion", "impression"])
    query = query_of(frame)
    assert [c for (c,) in rows_of(query, "converted")] == [False, True, False]
    assert '"conversion" says what converted; "interaction" is left aside' in query.findings.notes


def test_conversion_words_look_at_the_column_that_has_them() -> None:
    frame = frame_of([0, 0, 0], event_name=["page_view", "lead", "lead"])
    assert converted(frame, conversion=["lead"]) == [False, True, True]


def test_parts_of_conversions_are_refused() -> None:
    assert refusal(frame_of([0, 0.5, 0.5])) == (
        ', column "conversion": "0.5" is a part of a conversion (2 rows like it): the conversions were shared out by a '
        "model already.\n  Export the events themselves, one row a touch. If the column is money, use "
        '--map conversion_value="conversion".'
    )


def test_more_than_one_conversion_in_a_row_counts_once_and_is_said() -> None:
    query = query_of(frame_of(["0", "2", "1"], value=["", "10", "5"]))
    assert rows_of(query, "converted, value") == [(False, 0.0), (True, 10.0), (True, 5.0)]
    assert "1 row with more than one conversion: each row counts as one, its value whole." in query.findings.notes


def test_a_conversion_taken_back_is_left_out_and_counted() -> None:
    query = query_of(frame_of(["0", "1", "-1", "1"], value=["", "10", "-10", "-3"]))
    sentences = told(query)
    assert rows_of(query, "person, value") == [("u00", 0.0), ("u01", 10.0)]
    assert "2 rows left out, 1 conversion among them worth −3.00: a conversion taken back (negative)." in sentences


def test_without_a_conversion_column_value_converts() -> None:
    query = query_of(frame_of(["0", "12.50", ""], "revenue"))
    assert rows_of(query, "converted, value") == [(False, 0.0), (True, 12.5), (False, 0.0)]
    assert 'no column says what converted: rows with "revenue" above 0 do' in query.findings.notes


def test_words_of_touches_alone_leave_it_to_the_value() -> None:
    query = query_of(frame_of(["click", "view", "click"], "event", value=["", "5", ""]))
    assert rows_of(query, "converted, value") == [(False, 0.0), (True, 5.0), (False, 0.0)]


def test_neither_conversion_nor_value_is_refused() -> None:
    frame = frame_of([1]).drop(columns="conversion")
    assert refusal(frame) == (
        ", line 1: no row says what converted, and there is no value either.\n"
        '  Use --map conversion="Header", with 0 and 1 or names of events in it.'
    )


def test_a_column_of_addresses_is_no_column_of_events() -> None:
    found = {f"/page/{i}": 1 for i in range(1_001)}
    findings = Findings()
    assert read_conversion("c1", "text", found, "event", findings) is None
    assert findings.errors[0].says == "more than 1,000 different words: no column of events."


def test_refund_events_are_named() -> None:
    query = query_of(frame_of(["purchase", "refund", "page_view"], "event_name"))
    assert '"refund" (1): not subtracted, since no row says which conversion was taken back.' in query.findings.notes


@pytest.mark.parametrize(
    ("cells", "numbers", "currency"),
    [
        (["€1.234,50", "€ 12,50", "0"], [1234.5, 12.5, 0.0], "EUR"),
        (["$1,234.50", "$12.50", "$1,234,567"], [1234.5, 12.5, 1234567.0], None),
        (["£1,234.50", "£12.50", "£5"], [1234.5, 12.5, 5.0], "GBP"),
        (["1 234,50 €", "12,5 €", "1\u202f000,00 €"], [1234.5, 12.5, 1000.0], "EUR"),
        (["1'234.50", "12.50", "5"], [1234.5, 12.5, 5.0], None),
        (["12.50 EUR", "EUR 3.10", "0.00"], [12.5, 3.1, 0.0], "EUR"),
        (["12.5", "1e3", "7"], [12.5, 1000.0, 7.0], None),
        ([12.5, 3, 7.25], [12.5, 3.0, 7.25], None),
        ([12, 3, 7], [12.0, 3.0, 7.0], None),
        (["1,23,456.50", "12.50", "5"], [123456.5, 12.5, 5.0], None),
    ],
)
def test_amounts_in_every_style(cells: list[Any], numbers: list[float], currency: str | None) -> None:
    query = query_of(frame_of(["1"] * 3, conversion_value=cells))
    assert [v for (v,) in rows_of(query, "value", kept=False)] == numbers
    assert query.currency == currency
    assert not [r for r in query.findings.rejected if r.count]


def test_unreadable_amounts_of_conversions_are_counted() -> None:
    query = query_of(frame_of(["1", "1", "0", "1", "1"], value=["12,50", "much", "much", "12.50", ""]), decimal=",")
    sentences = told(query)
    assert [v for (v,) in rows_of(query, "value")] == [12.5, 0.0, 0.0]
    assert "2 rows left out, 2 conversions among them: a value that is no number." in sentences
    assert "1 conversion without a value: each counts as a conversion worth 0." in sentences


def test_thousands_or_decimals_that_nothing_settles_are_refused() -> None:
    assert refusal(frame_of(["1", "1"], conversion_value=["1.234", "5"])) == (
        ', column "conversion_value": "1.234" could be thousands or decimals, and no row settles it.\n'
        "  Use --decimal . or --decimal , to say which."
    )
    query = query_of(frame_of(["1", "1"], conversion_value=["1.234", "5"]), decimal=",")
    assert [v for (v,) in rows_of(query, "value")] == [1234.0, 5.0]


def test_two_decimal_marks_are_refused() -> None:
    assert '"12.50" has a decimal point and "12,50" a decimal comma' in refusal(
        frame_of(["1", "1"], conversion_value=["12.50", "12,50"])
    )


def test_two_currencies_are_refused() -> None:
    frame = frame_of(["1", "1"], value=["5", "6"], currency=["EUR", "USD"])
    assert "amounts in EUR and USD cannot be added up" in refusal(frame)
    assert query_of(frame.assign(currency="eur")).currency == "EUR"


@pytest.mark.parametrize(
    ("cells", "both"),
    [
        (["€5", "£6"], "EUR and GBP"),
        (["$100", "€100", "¥10000"], "$, EUR and ¥"),
        (["$5", "€5"], "$ and EUR"),
        (["kr 5", "€5"], "EUR and kr"),
        (["$5", "5 AUD"], None),
        (["$5", "US$5", "A$5"], "$, AUD and USD"),
        (["Kč 5", "5 Ft"], "CZK and HUF"),
        (["5", "€5"], 'EUR and no currency ("5")'),
        (["5", "kr 5"], 'kr and no currency ("5")'),
        (["0", "€5", ""], None),
    ],
)
def test_amounts_of_two_currencies_are_refused(cells: list[str], both: str | None) -> None:
    frame = frame_of(["1"] * len(cells), value=cells)
    if both is None:
        query_of(frame).refuse()
    else:
        assert f"amounts in {both} cannot be added up" in refusal(frame)


def test_a_currency_that_is_said_settles_shared_signs_and_bare_amounts() -> None:
    assert "say so: --currency CODE." in refusal(frame_of(["1", "1"], value=["$5", "5"]))
    assert "say so: --currency EUR." in refusal(frame_of(["1", "1"], value=["€5", "5"]))
    frame = frame_of(["1"] * 3, value=["$5", "US$5", "5"])
    query = query_of(frame, currency="USD")
    assert [v for (v,) in rows_of(query, "value")] == [5.0] * 3
    assert query.currency == "USD"
    with pytest.raises(InputError, match=r"amounts in \$, EUR and USD cannot be added up"):
        query_of(frame, currency="EUR").refuse()


def test_another_currency_below_the_head_of_a_big_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "HEAD", 1_000)
    path = tmp_path / "touches.csv"
    path.write_text("user_id,time,channel,conversion,value\n" + "u,2024-01-01,A,1,€5\n" * 100 + "v,2024-01-01,A,1,$7\n")
    with pytest.raises(InputError, match=r"amounts in \$ and EUR cannot be added up"):
        query_of(str(path), big=True).refuse()


def test_value_of_touches_counts_nowhere_and_is_said() -> None:
    query = query_of(frame_of(["add_to_cart", "purchase"], "event_name", value=["40", "50"]))
    assert rows_of(query, "converted, value") == [(False, 0.0), (True, 50.0)]
    assert "1 row with a value is no conversion: the value counts nowhere" in told(query)
