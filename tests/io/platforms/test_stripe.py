"""Stripe: payments."""

from __future__ import annotations

import pytest

from tests.io.platforms.reading import notes, read, rejected, unordered

STRIPE = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,"
    "Converted Amount Refunded,Converted Currency,Mode,Status\n"
)


def test_stripe_keeps_live_captured_paid_payments():
    day = "2025-04-06 01:13:07"
    table = read(
        STRIPE
        + f"a,{day},10.00,0.00,eur,true,10.00,0.00,eur,Live,Paid\n"
        + f"b,{day},10.00,4.00,eur,true,10.00,4.00,eur,Live,Partially Refunded\n"
        + f"c,{day},10.00,0.00,eur,false,,,,Live,Failed\n"
        + f"d,{day},10.00,0.00,eur,false,10.00,0.00,eur,Live,Paid\n"
        + f"e,{day},10.00,0.00,eur,true,10.00,0.00,eur,Test,Paid\n"
        + f"a,{day},10.00,0.00,eur,true,10.00,0.00,eur,Live,Paid\n",
        "stripe",
    )
    assert table.frame["revenue"].tolist() == [10.0, 6.0]
    assert table.frame["orders"].sum() == 2.0
    assert rejected(table) == {
        "the same payment a second time": 1,
        "test payment": 1,
        "payment with status failed": 1,
        "payment not captured": 1,
    }
    assert "tax and shipping" in notes(table)


def test_stripe_reads_one_settlement_currency():
    day = "2025-04-06 01:13:07"
    table = read(
        STRIPE
        + f"a,{day},11.00,1.10,usd,true,10.00,1.00,eur,Live,Paid\n"
        + f"b,{day},10.00,0.00,eur,true,10.00,0.00,eur,Live,Paid\n",
        "stripe",
    )
    assert table.frame["currency"].tolist() == ["EUR", "EUR"]
    assert table.frame["revenue"].tolist() == [9.0, 10.0]
    assert "1 payments in other currencies" in notes(table)


def test_unordered_rows_of_a_big_file_pass_both_hooks():
    content = (
        STRIPE
        + "a,2025-04-06 01:13:07,100.00,0.00,eur,true,100.00,0.00,eur,Live,Paid\n"
        + "b,2025-04-06 01:13:07,10.00,0.00,eur,true,10.00,0.00,eur,Live,Failed\n"
        + "c,2025-04-06 01:13:07,11.00,11.00,usd,true,10.00,10.00,eur,Live,Refunded\n"
    )
    assert read(unordered(content), "stripe").frame["revenue"].tolist() == pytest.approx([100.0, 0.0])
