"""What the ad platforms' own steps do to a table before its cells are read."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from roas.io.mapped import Mapped
from roas.io.platforms import vocabulary
from roas.io.platforms.meta_steps import is_purchase
from roas.io.readers import read_frame
from roas.io.recognise import Overrides, recognise
from roas.io.text import read_text


def prepared(text: str) -> Mapped:
    """Recognise an export and take it through its platform's first step."""
    raw = read_text(text, name="export.csv", sha256="", encoding="utf-8", vocabulary=vocabulary())
    return step(recognise(raw, Overrides())[0])


def step(table: Mapped) -> Mapped:
    table.platform.prepare(table)
    return table


def cells(table: Mapped, column: str) -> list[object]:
    return table.frame[column].tolist()


def errors(table: Mapped) -> list[str]:
    return [p.says for p in table.findings.errors]


# ---- Meta -----------------------------------------------------------------------------------------

RESULTS = """Day,Campaign name,Results,Result indicator,Results value,Amount spent (EUR)
2025-03-24,Shop,9,actions:offsite_conversion.fb_pixel_purchase,81.00,10.00
2025-03-24,Chat,70,actions:onsite_conversion.messaging_conversation_started_7d,,5.00
2025-03-25,Shop,,,,0.00
"""


def test_results_are_conversions_only_where_they_are_purchases():
    table = prepared(RESULTS)
    assert cells(table, "conversions") == ["9", None, None]
    assert cells(table, "conversion_value") == ["81.00", None, None]
    assert table.header_of("conversions") == "Results"
    assert "messaging_conversation_started" in table.findings.notes[0]
    assert not {"results", "result_type", "results_value"} & set(table.frame.columns)


def test_results_of_unknown_kind_are_not_conversions():
    table = prepared("Day,Campaign name,Results,Amount spent (EUR)\n2025-03-24,Shop,9,10.00\n")
    assert not table.has("conversions")
    assert "not known" in table.findings.notes[0]


def test_purchases_are_read_before_results():
    table = prepared("Day,Purchases,Results,Result indicator,Amount spent (EUR)\n2025-03-24,3,9,actions:lead,10.00\n")
    assert cells(table, "conversions") == ["3"]
    assert table.findings.notes == []


@pytest.mark.parametrize("text", [
    "actions:offsite_conversion.fb_pixel_purchase", "actions:omni_purchase", "Website purchases", "Käufe",
    "Website-Käufe", "Achats",
    "Compras en el sitio web", "Aankopen", "Acquisti sul sito web", "Lượt mua", "購入",
])  # fmt: skip
def test_result_type_is_a_purchase(text):
    assert is_purchase(text)


@pytest.mark.parametrize("text", [
    "actions:link_click", "actions:offsite_conversion.fb_pixel_add_to_cart",
    "actions:offsite_conversion.fb_pixel_initiate_checkout",
    "Finalizações de compra iniciadas", "In den Einkaufswagen", "Reach", "", None, "Leads (Formular)",
])  # fmt: skip
def test_result_type_is_no_purchase(text):
    assert not is_purchase(text)


def test_account_setting_is_read_before_attribution_windows():
    heads = "Day,Amount spent (EUR),Purchases - 1-day view,Purchases: 7-day click,Purchases"
    table = prepared(f"{heads}\n2025-03-24,10.00,1,2,3\n")
    assert cells(table, "conversions") == ["3"]
    assert table.findings.notes == []


def test_windows_are_never_added():
    table = prepared("Day,Amount spent (EUR),Purchases: 1-day view,Purchases: 7-day click\n2025-03-24,10.00,1,2\n")
    assert cells(table, "conversions") == ["2"]
    assert '"Purchases: 7-day click" is read' in table.findings.notes[0]


ACTIONS = [
    {"action_type": "link_click", "value": "40"},
    {"action_type": "omni_purchase", "value": "4"},
    {"action_type": "purchase", "value": "3"},
    {"action_type": "offsite_conversion.fb_pixel_purchase", "value": "3", "7d_click": "2", "1d_view": "1"},
]


def insights(actions: list[object]) -> Mapped:
    days = [f"2025-03-{24 + i}" for i in range(len(actions))]
    frame = pd.DataFrame(
        {"date_start": days, "date_stop": days, "spend": "10", "actions": actions, "action_values": actions}
    )
    return step(recognise(read_frame(frame, "insights"), Overrides())[0])


@pytest.mark.parametrize("spell", [json.dumps, repr, lambda actions: actions])
def test_one_kind_of_purchase_is_read_from_a_list_of_actions(spell):
    table = insights([spell(ACTIONS), spell(ACTIONS[:1])])
    assert cells(table, "conversions") == [3.0, 0.0]
    assert cells(table, "conversion_value") == [3.0, 0.0]
    assert not table.has("actions")


def test_kind_of_purchase_is_the_same_in_every_row():
    table = insights([ACTIONS[:2], ACTIONS])
    assert cells(table, "conversions") == [0.0, 3.0]


def test_lists_without_purchases_leave_conversions_unknown():
    table = insights([ACTIONS[:1], "[]", "not a list", None])
    assert not table.has("conversions")
    assert "holds no purchase" in table.findings.notes[0]


def test_start_without_end_is_a_day_and_said():
    table = prepared("Reporting starts,Campaign name,Amount spent (EUR)\n2025-03-24,Shop,10.00\n")
    assert cells(table, "date") == ["2025-03-24"]
    assert "no end beside it" in table.findings.notes[0]


# ---- Google ---------------------------------------------------------------------------------------

BY_ACTION = "Day,Campaign,Currency code,Conversion action,Cost,Clicks,Impr.,Conversions\n"


def test_cost_repeated_for_each_conversion_action_counts_once():
    rows = ["24,A,EUR,Purchase,10.00,5,90,2", "24,A,EUR,Lead,10.00,5,90,7", "25,A,EUR,Lead,10.00,5,90,1"]
    table = prepared(BY_ACTION + "".join(f"2025-03-{row}\n" for row in rows))
    assert cells(table, "spend") == ["10.00", None, "10.00"]
    assert cells(table, "clicks") == ["5", None, "5"]
    assert cells(table, "conversions") == ["2", "7", "1"]
    assert "counted once" in table.findings.notes[0]


def test_blank_cost_beside_conversion_actions_is_left_alone():
    table = prepared(BY_ACTION + "2025-03-24,A,EUR,Purchase, --,,,2\n2025-03-24,A,EUR,Lead,10.00,5,90,7\n")
    assert cells(table, "spend") == [" --", "10.00"]
    assert table.findings.notes == []


def test_zero_cost_beside_a_conversion_action_does_not_hide_the_cost():
    table = prepared(BY_ACTION + "2025-03-24,A,EUR,Purchase,0.00,0,0,2\n2025-03-24,A,EUR,Lead,10.00,5,90,7\n")
    assert cells(table, "spend") == [None, "10.00"]


def test_cost_that_differs_between_conversion_actions_is_refused():
    table = prepared(BY_ACTION + "2025-03-24,A,EUR,Purchase,10.00,5,90,2\n2025-03-24,A,EUR,Lead,4.00,5,90,7\n")
    problem = table.findings.errors[0]
    assert (problem.line, problem.column) == (3, "Cost")
    assert "differs between the rows of one campaign and day (10.00, 4.00)" in problem.says
    assert "Conversions > Conversion action" in problem.fix


def old_report(*rows: str, heads: str = "Customer ID,Day,Cost,Clicks,Impressions,Currency", above: str = "") -> Mapped:
    return prepared("\n".join([*([above] if above else []), heads, *rows]) + "\n")


def test_whole_cost_of_a_fortune_a_click_is_millionths():
    table = old_report("1,2013-05-01,1110000,5,927,EUR", "1,2013-05-02,0,0,90,EUR")
    assert table.platform.micros == {"spend"}
    assert '"Cost" holds only whole numbers, 222,000 for one of 5 clicks' in table.findings.notes[0]
    assert cells(table, "spend") == ["1110000", "0"]


def test_millionths_show_in_the_price_of_an_impression_without_clicks():
    assert old_report("1,2013-05-01,1110000,0,927,EUR").platform.micros == {"spend"}
    assert old_report("1,2013-05-01,900,0,927,EUR").platform.micros == frozenset()


@pytest.mark.parametrize("row", [
    "1,2013-05-01,0.11,2,32,EUR",  # decimals
    "1,2013-05-01,12,5,900,EUR",  # whole, but a plausible price
    '1,2013-05-01,"1,110,000",5,900,EUR',  # grouped, which no API does
    "1,2013-05-01,25065000,620,9000,VND",  # 40,000 dong a click
    "1,2013-05-01,0,0,9,EUR",  # nothing spent
])  # fmt: skip
def test_cost_in_units_stays(row):
    table = old_report(row)
    assert table.platform.micros == frozenset()
    assert table.findings.notes == []


def test_interface_download_is_in_units_whatever_a_click_costs():
    heads = "Customer ID,Day,Cost,Clicks,Impressions"
    above = 'Campaign report\n"March 24, 2025 - April 6, 2025"'
    assert old_report("1,2025-03-24,1110000,5,927", heads=heads, above=above).platform.micros == frozenset()


def test_unknown_currency_needs_rounded_cells_too():
    heads = "Customer ID,Day,Cost,Clicks,Impressions"
    assert old_report("1,2013-05-01,530000,2,99", heads=heads).platform.micros == {"spend"}
    assert old_report("1,2013-05-01,530123,2,99", heads=heads).platform.micros == frozenset()


def test_converted_cost_does_not_take_the_accounts_currency():
    table = prepared("Day,Account name,Currency code,Cost (Converted currency),Impr.\n2025-03-24,A,SEK,10.00,90\n")
    assert not table.has("currency")
    assert "manager account's currency" in table.findings.notes[0]


# ---- ranges above the header ----------------------------------------------------------------------


@pytest.mark.parametrize(("above", "row", "ends"), [
    ('Campaign report\n"July 8, 2025 - July 31, 2025"\n',
     "Campaign,Currency code,Cost,Impr.\nA,INR,10.00,90\n", ["July 8, 2025", "July 31, 2025"]),
    ("Relatório de campanha\n5 de maio de 2026 - 15 de maio de 2026\n", "Campanha,Custo,Impr.\nA,10.00,90\n",
     ["5 de maio de 2026", "15 de maio de 2026"]),
    ('"Report Name: X"\n"Report Time: 6/10/2026,6/16/2026"\n"Report Aggregation: Summary"\n\n',
     "Campaign name,Spend\nA,10.00\n", ["6/10/2026", "6/16/2026"]),
    ("Acme\n\nDate Range,4/12/15 - 4/11/17\n\nReport Fields\n",
     "Campaign,Site (CM360),Media Cost\nA,b,10.00\n", ["4/12/15", "4/11/17"]),
])  # fmt: skip
def test_report_without_days_takes_the_range_above_it(above, row, ends):
    table = prepared(above + row)
    assert [cells(table, c)[0] for c in ("range_start", "range_end")] == ends


def test_report_with_days_does_not_take_the_range_above_it():
    table = prepared('Campaign report\n"July 8, 2025 - July 31, 2025"\nDay,Cost,Impr.\n2025-07-08,1.00,9\n')
    assert not table.has("range_start")


# ---- the others -----------------------------------------------------------------------------------


def test_microsoft_ids_lose_their_brackets():
    table = prepared("Gregorian date,Campaign ID,Spend\n6/10/2026,[82945799304067],1.00\n6/11/2026,7,1.00\n")
    assert cells(table, "campaign_id") == ["82945799304067", "7"]


LINKEDIN = """Campaign Performance Report (in UTC)
Report Start: March 24, 2025, 12:00 AM
Report End: April 6, 2025, 11:59 PM

"""


def test_linkedin_row_over_the_whole_report_is_a_range():
    table = prepared(
        LINKEDIN + "Start Date (in UTC)\tCampaign Name\tTotal Spent\n03/24/2025\tA\t9.00\n03/24/2025\tB\t8.00\n"
    )
    assert cells(table, "range_start") == ["03/24/2025", "03/24/2025"]
    assert cells(table, "range_end") == ["April 6, 2025, 11:59 PM"] * 2


def test_linkedin_rows_by_day_stay_days():
    table = prepared(
        LINKEDIN + "Start Date (in UTC)\tCampaign Name\tTotal Spent\n03/24/2025\tA\t9.00\n03/25/2025\tA\t8.00\n"
    )
    assert cells(table, "date") == ["03/24/2025", "03/25/2025"]
    assert not table.has("range_end")


@pytest.mark.parametrize(
    "heads",
    [
        "Start Date,End Date,Campaign Name,Spend,7 Day Total Sales",
        "Start Time,End Time,Campaign Name,Spend,Swipe Ups",
    ],
)
def test_start_and_end_are_a_range(heads):
    table = prepared(f"{heads}\n2025-03-24,2025-03-30,A,1.00,2\n")
    assert cells(table, "range_start") == ["2025-03-24"]
    assert cells(table, "range_end") == ["2025-03-30"]


def test_pinterest_adds_earned_to_paid():
    table = prepared("date,spend_in_micro_dollar,impression_1,impression_2,clickthrough_1,clickthrough_2\n"
                     "2023-06-01,2250000,100,50,9,\n2023-06-02,2250000,,,x,2\n")  # fmt: skip
    assert cells(table, "impressions") == [150.0, ""]
    assert cells(table, "clicks") == ["9", "x"]
    assert not table.has("earned_impressions")


@pytest.mark.parametrize(("times", "days"), [
    (["2022-05-20 22:00:00", "2022-05-21 22:00:00"], ["2022-05-21", "2022-05-22"]),  # Paris
    (["2022-03-26 23:00:00", "2022-03-27 22:00:00"], ["2022-03-27", "2022-03-28"]),  # when the clock changed
    (["2022-05-20T11:00:00Z", "2022-05-21T11:00:00Z"], ["2022-05-21", "2022-05-22"]),  # Auckland
])  # fmt: skip
def test_midnight_east_of_greenwich_is_the_next_day(times, days):
    table = prepared("date,placement,billed_charge_local_micro\n" + "".join(f"{t},ALL_ON_TWITTER,1\n" for t in times))
    assert [str(d) for d in cells(table, "date")] == days
    assert "account's midnight" in table.findings.notes[0]


@pytest.mark.parametrize("times", [
    ["2022-05-20 07:00:00", "2022-05-21 07:00:00"],  # Los Angeles
    ["2022-05-20", "2022-05-21"],
    ["2022-05-20 13:00:00", "2022-05-20 14:00:00", "2022-05-20 15:00:00"],  # by hour
])  # fmt: skip
def test_midnight_west_of_greenwich_and_hours_keep_their_day(times):
    table = prepared("date,placement,billed_charge_local_micro\n" + "".join(f"{t},ALL_ON_TWITTER,1\n" for t in times))
    assert cells(table, "date") == times


def test_media_cost_is_said_to_lack_fees():
    table = prepared("Date,Insertion Order,Impressions,Media Cost (Advertiser Currency)\n2025/03/24,A,9,1.000000\n")
    assert "the file lacks" in table.findings.notes[0]
    assert errors(table) == []
