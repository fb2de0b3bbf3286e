"""Adobe Analytics: freeform tables."""

from __future__ import annotations

import pandas as pd

from tests.io.platforms.reading import read, rejected, tables

ADOBE = (
    "#=================\n# Freeform\n# Report suite: acme.prod\n"
    '"# Date: Mar 24, 2025 - Mar 25, 2025"\n#=================\n\n'
)

TITLE = "##############################\n# {}\n##############################\n"


def test_adobe_names_its_empty_header_cell_after_the_totals_row():
    rows = TITLE.format("Freeform table") + ',Visits,Orders\nDay,30,3\n"Mar 24, 2025",10,1\n"Mar 25, 2025",20,2\n'
    table = read("\ufeff" + ADOBE + rows, "adobe_analytics")
    assert table.header_of("date") == "Day"
    assert table.frame["sessions"].tolist() == [10.0, 20.0]
    assert table.frame["date"].tolist() == [pd.Timestamp("2025-03-24"), pd.Timestamp("2025-03-25")]
    assert rejected(table) == {"totals row": 1}


def test_adobe_segment_columns_are_not_read_for_all_visits():
    rows = (
        TITLE.format("Freeform table (4)")
        + ",,Visits,Visits,Orders\n,,Mobile Phone,Visits,Orders\nDay,,9,30,3\nMarch 24 2025,,9,30,3\n"
    )
    table = read(ADOBE + rows, "adobe_analytics")
    assert table.frame["sessions"].tolist() == [30.0]


def test_adobe_reads_the_table_by_day_and_names_the_others():
    channels = TITLE.format("Channels") + ",Visits,Orders\nMarketing Channel,30,3\nDirect,30,3\n\n"
    days = TITLE.format("Days") + ",Visits,Orders\nDay,30,3\nMarch 24 2025,30,3\n"
    raws = tables(ADOBE + channels + days)
    assert [r.header[0] for r in raws] == ["Day"]
    assert raws[0].header_line == 17
    assert "Channels" in " ".join(raws[0].findings.notes)
    assert "# Report suite: acme.prod" in raws[0].preamble


def test_adobe_without_a_day_says_what_to_do():
    rows = TITLE.format("Freeform table") + ",Visits,Orders\nMarketing Channel,30,3\nDirect,20,2\n(not set),10,1\n"
    table = read(ADOBE + rows, "adobe_analytics")
    assert len(table.frame) == 2
    assert '"Day"' in table.findings.errors[0].fix
