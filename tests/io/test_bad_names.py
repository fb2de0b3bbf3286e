"""Names that could do harm, and rows of totals: an exact answer or an exact refusal."""

from __future__ import annotations

import csv
import io

import pytest

import roas
from tests.io.cells import HEAD

# ---- names --------------------------------------------------------------------------------------

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


# ---- totals rows --------------------------------------------------------------------------------

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
