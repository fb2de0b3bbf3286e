"""Google Analytics 4: explorations, snapshots and advertising cost."""

from __future__ import annotations

import pandas as pd
import pytest

from roas.io.sections import sections
from tests.io.platforms.reading import mapped, notes, read, rejected, tables

RULE = "# ----------------------------------------\n"

EXPLORE = RULE + "# Acme - GA4\n# Free form-Free form 1\n# 20250324-20250325\n" + RULE + "\n"


def test_ga4_grand_total_is_dropped_and_checked():
    head = "Date,Session default channel group,Sessions\n"
    rows = head + ",,{},Grand total\n20250324,Direct,7\n20250325,(not set),3\n"
    whole, short = read(EXPLORE + rows.format(10), "ga4"), read(EXPLORE + rows.format(12), "ga4")
    assert whole.frame["sessions"].tolist() == [7.0, 3.0]
    assert rejected(whole) == {"totals row": 1}
    assert not whole.findings.notes
    assert "rows are missing" in notes(short)


def test_ga4_not_set_is_a_row_like_any_other():
    table = read(
        EXPLORE + "Date,Session default channel group,Sessions\n20250324,(not set),3\n20250324,Direct,7\n",
        "ga4",
    )
    assert table.frame["sessions"].sum() == 10.0


SNAPSHOT = (
    RULE + "# Report CSV Export\n# Account: Acme\n# Property: Acme - GA4\n" + RULE
    + "#  \n# Start date: 20250324\n# End date: 20250325\nNth day,Sessions\n0000,10\n0001,9\n"
    + "\n# Start date: 20250324\n# End date: 20250325\nSession default channel group,Sessions\nDirect,19\n"
    + "\n# Start date: 20250331\n# End date: 20250401\nNth day,Total revenue\n0000,5.5\n0001,6.5\n"
)  # fmt: skip


def test_a_snapshot_is_cut_into_its_tables():
    found = sections(SNAPSHOT)
    assert found is not None
    assert [s.first_line for s in found] == [1, 13, 18]
    assert "".join(s.text for s in found) == SNAPSHOT


def test_a_snapshot_reads_its_dated_tables_with_the_files_lines():
    first, second = tables(SNAPSHOT)
    assert (first.header_line, second.header_line) == (9, 20)
    assert second.cells.index.tolist() == [21, 22]
    assert "passed over: Session default channel group,Sessions" in " ".join(first.findings.notes)
    assert "# Account: Acme" in second.preamble


def test_nth_day_counts_from_the_sections_own_start():
    raws = tables(SNAPSHOT)
    days = []
    for raw in raws:
        table = mapped(raw, "ga4")
        table.platform.prepare(table)
        days += table.frame["date"].tolist()
    assert days == ["2025-03-24", "2025-03-25", "2025-03-31", "2025-04-01"]


def test_nth_day_without_a_start_date_is_refused():
    table = read("Nth day,Sessions\n0000,10\n0001,9\n", "ga4")
    assert "do not" not in notes(table)
    assert table.findings.errors[0].column == "Nth day"


def test_windows_line_ends_change_nothing():
    assert [r.header_line for r in tables(SNAPSHOT.replace("\n", "\r\n"))] == [9, 20]


@pytest.mark.parametrize(
    "content",
    ["Name,Total\n#1001,5\n\n#1002,6\n", "date,channel,spend\n2025-01-01,tv,3\n", "", "# note\na,b\n"],
)
def test_other_texts_have_no_sections(content):
    assert sections(content) is None


def test_a_ga4_table_without_a_date_says_what_to_do():
    table = read(EXPLORE + "Session default channel group,Sessions,Key events\nDirect,7,1\n", "ga4")
    assert "no date column" in table.findings.errors[0].says
    assert '"Date"' in table.findings.errors[0].fix


def test_a_report_of_one_day_needs_no_date_column():
    one_day = EXPLORE.replace("20250324-20250325", "20250324-20250324")
    table = read(one_day + "Session default channel group,Sessions,Key events\nDirect,7,1\n", "ga4")
    assert table.frame["date"].tolist() == [pd.Timestamp("2025-03-24")]


def test_overlapping_segments_are_not_added():
    rows = "Date,Segment,Sessions\n20250324,{},7\n20250324,Mobile,3\n"
    assert read(EXPLORE + rows.format("All Users"), "ga4").frame["sessions"].tolist() == [7.0]
    assert "overlap" in read(EXPLORE + rows.format("Desktop"), "ga4").findings.errors[0].says


def test_ads_cost_makes_a_ga4_table_one_of_spend():
    table = read(
        EXPLORE + "Date,Session source / medium,Ads cost,Ads clicks,Total revenue\n"
        "20250324,google / cpc,12.5,30,99\n20250324,google / organic,0,0,50\n",
        "ga4",
    )
    assert table.role == "spend"
    assert table.frame["channel"].tolist() == ["Google Ads"]
    assert table.frame["conversion_value"].tolist() == [99.0]
    assert rejected(table) == {"channel without advertising cost": 1}
