"""Totals among dated rows are proven by arithmetic; a name proves nothing."""

from __future__ import annotations

import pytest

DAYS = [f"2025-01-{d:02d}" for d in range(1, 9)]


def table(*rows: str) -> str:
    return "date,channel,campaign,spend\n" + "\n".join(rows) + "\n"


def per_day(name: str, campaign: str) -> list[str]:
    rows = [f"{d},A,one,{10 + i}" for i, d in enumerate(DAYS)] + [f"{d},A,two,{20 + i}" for i, d in enumerate(DAYS)]
    return rows + [f"{d},{name},{campaign},{30 + 2 * i}" for i, d in enumerate(DAYS)]


WHOLE = float(sum(30 + 2 * i for i in range(8)))


@pytest.mark.parametrize(
    ("name", "campaign"), [("A", "Total"), ("", ""), ("Total", ""), ("A", "Gesamt"), ("A", "Totaal")]
)
def test_a_subtotal_of_each_date_is_left_out(analysed, name: str, campaign: str) -> None:
    result = analysed(table(*per_day(name, campaign)))
    assert result.totals["spend"] == WHOLE
    assert [(r.reason, r.count) for r in result.inputs[0].findings.rejected] == [("totals row", 8)]


@pytest.mark.parametrize("campaign", ["Total: Recall", "Total", "Grand Total War"])
def test_a_campaign_that_adds_up_nothing_stays_whatever_its_name(analysed, campaign: str) -> None:
    rows = [f"{d},A,one,{10 + i}" for i, d in enumerate(DAYS)] + [f"{d},A,{campaign},7" for d in DAYS]
    assert analysed(table(*rows)).totals["spend"] == sum(10 + i for i in range(8)) + 56


def test_a_channel_of_all_channels_is_left_out_whatever_its_name(analysed) -> None:
    rows = [r.replace(",one,", ",").replace(",two,", ",") for r in per_day("Everything", "x")]
    head = "date,channel,spend\n"
    rows = [r.replace("A", "B") if i >= 8 else r for i, r in enumerate(rows[:16])] + [
        r.replace(",x,", ",") for r in rows[16:]
    ]
    result = analysed(head + "\n".join(rows) + "\n")
    assert result.totals["spend"] == WHOLE


def test_two_channels_of_equal_spend_are_two_channels(analysed) -> None:
    rows = [f"{d},{c},{10 + i}" for i, d in enumerate(DAYS) for c in "AB"]
    assert analysed("date,channel,spend\n" + "\n".join(rows) + "\n").totals["spend"] == 2 * sum(
        10 + i for i in range(8)
    )
