"""Sheets with one column a channel, revenue beside spend, and the options that settle a table."""

from __future__ import annotations

import pytest

import roas


def spent(result) -> dict[str, float]:
    return dict(zip(result.channels["channel"], result.channels["spend"], strict=True))


def notes(result) -> list[str]:
    return [n for r in result.inputs for n in r.findings.notes]


@pytest.mark.parametrize(("heads", "channels"), [
    ("tv_spend,radio_spend", ["TV", "Radio"]), ("TV,Facebook", ["TV", "Facebook"]),
    ("TV Kosten (€),Meta Kosten (€)", ["TV", "Meta"]),
    ("spend_tv,spend_meta", ["TV", "Meta"]), ("tv_S,fb_S", ["TV", "Facebook"]), ("mdsp_dm,mdsp_sem", ["dm", "SEM"]),
    ("google ads ,GADS Brand cost", ["Google Ads", "GADS Brand"]), ("Chi phí TV,Chi phí Zalo", ["TV", "Zalo"]),
    ("TV spend,Facebook", ["TV", "Facebook"]),
])  # fmt: skip
def test_columns_that_are_channels(analysed, heads, channels):
    more = ",tv_I" if heads.startswith("tv_S") else ",x_I" if "_S" in heads else ""
    text = f"date,{heads},revenue{more}\n2025-01-01,10,5,100{',7' if more else ''}\n2025-01-02,10,6,120{',7' if more else ''}\n"
    result = analysed(text)
    assert spent(result) == {channels[0]: 20.0, channels[1]: 11.0}
    assert result.totals["revenue"] == 220.0
    assert result.inputs[0].format == "generic_wide"


def test_impressions_and_clicks_go_to_their_channel(analysed):
    result = analysed(
        "date,tv_S,tv_I,fb_S,fb_I,fb_P,revenue\n2025-01-01,10,1000,5,500,5,100\n2025-01-02,10,1000,6,600,6,1\n"
    )
    table = result.channels.set_index("channel")
    assert table.loc["Facebook", ["impressions", "clicks"]].tolist() == [1100.0, 11.0]
    assert table.loc["TV", "impressions"] == 2000.0


def test_columns_taken_by_exclusion_are_said(analysed):
    result = analysed("date,Zeppelin,Sandwich men,revenue,temperature\n2025-01-01,10,5,100,3\n2025-01-02,10,6,120,4\n")
    assert spent(result) == {"Zeppelin": 20.0, "Sandwich men": 11.0}
    assert notes(result) == ['read as spend, one column a channel: "Zeppelin", "Sandwich men"']
    mixed = analysed("date,tv_spend,Facebook,newsletter\n2025-01-01,10,5,100\n2025-01-02,10,6,100\n")
    assert spent(mixed) == {"TV": 20.0, "Facebook": 11.0}
    assert notes(mixed) == ['read as spend, one column a channel: "Facebook"']


def test_a_total_column_is_no_channel(analysed):
    for total in ("total_spend", "Total", "Gesamt", "spend", "Total media cost"):
        result = analysed(f"date,tv_spend,fb_spend,{total}\n2025-01-01,10,5,15\n2025-01-02,10,6,16\n")
        assert result.totals["spend"] == 31.0
        assert notes(result) == [f'"{total}" is the total of the channels: left out']
    off = analysed("date,tv_spend,fb_spend,total_spend\n2025-01-01,10,5,19\n2025-01-02,10,6,16\n")
    assert notes(off) == [
        '"total_spend" is read as the total of the channels and left out, but they do not add up to it.'
    ]


def test_a_total_alone_is_the_account(analysed):
    result = analysed("date,total_spend,revenue\n2025-01-01,15,100\n2025-01-02,16,120\n")
    assert spent(result) == {"All channels": 31.0}
    assert result.totals["revenue"] == 220.0


def test_two_columns_of_one_channel_are_refused(refused):
    assert refused("date,tv_spend,TV cost\n2025-01-01,10,5\n2025-01-02,10,6\n") == (
        'a.csv, line 1: "tv_spend" and "TV cost" are both the spend of one channel.\n'
        "  Rename one of them, or name the right columns with --map spend=..."
    )


def test_an_empty_cell_of_a_channel_is_said(analysed):
    text = (
        "Woche;Google Kosten (€);Meta Kosten (€)\nKW 13 2025;1.234,50;-\nKW 14 2025;1.234,50;12\nGesamt;2.469,00;12\n"
    )
    result = analysed(text)
    assert (result.totals["spend"], result.tables.grain, result.tables.currency) == (2481.0, "week", "EUR")
    assert notes(result) == [
        "the rows add up to the file's own totals row (Google, Meta)",
        '1 row without the spend of "Meta": not known, which is not zero',
    ]
    assert (result.inputs[0].rows_read, result.inputs[0].rows_used) == (3, 2)


# ---- revenue beside spend -------------------------------------------------------------------------


def test_the_shops_revenue_on_every_row_counts_once(analysed):
    result = analysed(
        "date,channel,spend,revenue\n2025-01-01,A,10,100\n2025-01-01,B,10,100\n2025-01-02,A,10,120\n2025-01-02,B,10,120\n"
    )
    assert (result.totals["revenue"], result.totals["claimed_revenue"]) == (220.0, None)
    assert notes(result) == ['"revenue" is the same on every row of a date: read once a date, as the shop\'s revenue']


def test_even_when_it_never_changes(analysed):
    rows = "".join(f"2025-01-0{d},{c},10,100\n" for d in (1, 2, 3) for c in "AB")
    assert analysed("date,channel,spend,revenue\n" + rows).totals["revenue"] == 300.0
    zeros = analysed("date,channel,spend,revenue\n" + rows.replace(",100\n", ",0\n"))
    assert zeros.totals["revenue"] is None
    assert zeros.totals["claimed_revenue"] == 0.0


def test_once_a_place(analysed):
    rows = "".join(f"2025-01-0{d},{c},{g},10,{d * 100 + len(g)}\n" for d in (1, 2) for c in "AB" for g in ("DE", "FRA"))
    result = analysed("date,channel,geo,spend,revenue\n" + rows)
    assert result.totals["revenue"] == 102 + 103 + 202 + 203
    same = "".join(f"2025-01-0{d},{c},{g},10,{d * 100}\n" for d in (1, 2) for c in "AB" for g in ("DE", "FRA"))
    assert analysed("date,channel,geo,spend,revenue\n" + same).totals["revenue"] == 300.0


def test_revenue_by_channel_is_a_claim(analysed):
    result = analysed(
        "date,channel,spend,revenue\n2025-01-01,A,10,100\n2025-01-01,B,10,90\n2025-01-02,A,10,120\n2025-01-02,B,10,130\n"
    )
    assert (result.totals["revenue"], result.totals["claimed_revenue"]) == (None, 440.0)


def test_revenue_that_is_neither_is_refused(analysed, refused):
    rows = "".join(f"2025-01-0{d},{c},10,{d * 100}\n" for d in range(1, 9) for c in "AB")
    text = "date,channel,spend,revenue\n" + rows.replace("2025-01-03,B,10,300", "2025-01-03,B,10,301")
    assert refused(text) == (
        'a.csv, column "revenue": the same amount on every row of 7 dates, and different amounts on 1: the shop\'s '
        "revenue and "
        'what platforms claim cannot be told apart.\n  Correct the rows, or use --map conversion_value="revenue" if '
        "platforms "
        "claim it."
    )
    assert analysed(text, map=["conversion_value=revenue"]).totals["claimed_revenue"] == 7201.0


# ---- the shop's own table -------------------------------------------------------------------------


@pytest.fixture
def shop(place):
    """Two days of spend beside a revenue table of the content given."""

    def read(content: str, **options):
        spend = place("s.csv", "date,channel,spend\n2025-01-01,A,10\n2025-01-02,A,10\n")
        return roas.analyze(spend, revenue=place("r.csv", content), **options)

    return read


@pytest.mark.parametrize(("content", "revenue", "orders"), [
    ("date,revenue\n2025-01-01,100\n2025-01-02,200\n", 300.0, None),
    ("Datum;Umsatz (€)\n01.01.2025;1.000,50\n02.01.2025;2.000\n", 3000.5, None),
    ("Date,Net sales,Orders\n2025-01-01,100,3\n2025-01-02,-20,1\n", 80.0, 4.0),
    ("order_id,created_at,amount\n1,2025-01-01 10:00,50\n2,2025-01-01 23:59,60\n3,2025-01-02 00:00,60\n", 170.0, 3.0),
    ("date,amount\n2025-01-01,50\n2025-01-01,60\n2025-01-02,60\n", 170.0, 3.0),
    ("date,revenue,orders,sessions,new_customers,promo,temperature\n2025-01-01,100,3,50,1,0,5\n2025-01-02,200,5,60,2,1,6\n", 300.0, 8.0),
])  # fmt: skip
def test_tables_of_revenue_and_of_orders(shop, content, revenue, orders):
    result = shop(content)
    assert (result.totals["revenue"], result.totals["orders"]) == (revenue, orders)


@pytest.mark.parametrize(("content", "says"), [
    ("date,foo\n2025-01-01,5\n", 'r.csv, line 1: no revenue column. Found: "date", "foo".\n  Use --map '
                                 'revenue="Header".'),
    ("date,revenu\n2025-01-01,5\n", 'r.csv, line 1: no revenue column. Found: "date", "revenu".\n'
     '  Did you mean "revenu"? Use --map revenue="revenu".'),
    ("when,revenue\n2025-01-01,5\n", 'r.csv, line 1: no date column. Found: "when", "revenue".\n  --map date="Header" '
                                     'names it.'),
    ("date,revenue\n2025-01-01,abc\n", "r.csv, line 2, column \"revenue\": 1 cell is no number ('abc').\n"
     "  Correct the cells, or empty them where nothing is known."),
])  # fmt: skip
def test_revenue_that_cannot_be_read(place, refusal, content, says):
    spend = place("s.csv", "date,channel,spend\n2025-01-01,A,10\n2025-01-02,A,10\n")
    assert refusal(spend, revenue=place("r.csv", content)) == says


def test_revenue_alone_is_no_analysis(place, refusal):
    assert refusal(place("r.csv", "date,revenue\n2025-01-01,5\n")) == (
        "no advertising spend in r.csv (found generic_wide).\n  Add an export of an ad platform, or a table with "
        "date, channel, "
        "spend. `roas inspect` shows how files are read."
    )


# ---- --map, --platform, --channel, --as-of --------------------------------------------------------

FOREIGN = "Buchungstag,Wer,Geld raus\n2025-01-01,Meta,10\n2025-01-02,Meta,10\n"


def test_map_names_the_columns(analysed, refused):
    assert refused(FOREIGN).startswith('a.csv, line 1: no date column. Found: "Buchungstag", "Wer", "Geld raus".')
    as_list = analysed(FOREIGN, map=["date=Buchungstag", 'channel="Wer"', "spend = geld RAUS"])
    as_dict = analysed(FOREIGN, map={"date": "Buchungstag", "channel": "Wer", "spend": ["Geld raus"]})
    assert spent(as_list) == spent(as_dict) == {"Meta": 20.0}


def test_map_names_several_spend_columns(analysed):
    result = analysed(
        "date,Alpha,Beta,Gamma\n2025-01-01,1,10,100\n2025-01-02,1,10,100\n", map=["spend=Alpha", "spend=Beta"]
    )
    assert spent(result) == {"Beta": 20.0, "Alpha": 2.0}


@pytest.mark.parametrize(("given", "says"), [
    (["spnd=Geld raus"], '--map "spnd=Geld raus": no canonical column "spnd". Did you mean "spend"?'),
    (["spend"], '--map "spend": write it as canonical="Header", for example --map spend="Money out".'),
    (["spend="], '--map "spend=": write it as canonical="Header", for example --map spend="Money out".'),
    (["spend=Geld aus"], '--map spend="Geld aus": no file has a column "Geld aus". Did you mean "Geld raus"?'),
    (["clicks=Nowhere"], '--map clicks="Nowhere": no file has a column "Nowhere". `roas inspect` lists the headers.'),
])  # fmt: skip
def test_a_map_that_names_nothing(refused, given, says):
    assert refused(FOREIGN, map=given) == says


def test_a_map_may_be_meant_for_one_of_the_files(place):
    files = [place("a.csv", FOREIGN), place("b.csv", "date,channel,spend\n2025-01-01,TV,5\n")]
    result = roas.analyze(files, map=["date=Buchungstag", "channel=Wer", "spend=Geld raus"])
    assert result.totals["spend"] == 25.0


PLAIN = "Day,Campaign,Cost\n2025-01-01,Brand,1\n2025-01-03,Brand,2\n"


def test_platform_and_channel(analysed, refused):
    for name in ("google_ads", "google"):
        assert spent(analysed(PLAIN, platform=name)) == {"Google Ads": 3.0}
    assert spent(analysed(PLAIN, channel="Radio")) == {"Radio": 3.0}
    assert refused(PLAIN, platform="gogle_ads") == '--platform "gogle_ads" is not known. Did you mean "google_ads"?'
    assert refused("Foo,Bar\n2025-01-01,1\n", platform="google_ads") == (
        'a.csv, line 1: no date column. Found: "Foo", "Bar".\n'
        '  Export the file with a day column, or use --map date="Header".'
    )


def test_channel_is_for_files_that_name_none(place):
    files = [place("a.csv", PLAIN), place("b.csv", "date,channel,spend\n2025-01-01,TV,5\n2025-01-02,TV,5\n")]
    assert spent(roas.analyze(files, channel="Radio")) == {"TV": 10.0, "Radio": 3.0}


def test_a_file_name_may_name_the_channel(place):
    assert spent(roas.analyze(place("my facebook export.csv", PLAIN))) == {"Meta": 3.0}


def test_as_of_leaves_out_what_came_later(analysed, refused):
    result = analysed(PLAIN, channel="TV", as_of="2025-01-02")
    assert result.totals["spend"] == 1.0
    assert [(r.reason, r.count, r.first_line) for r in result.inputs[0].findings.rejected] == [
        ("after --as-of 2025-01-02", 1, 3)
    ]
    assert refused(PLAIN, channel="TV", as_of="2024-12-31") == (
        "a.csv: every row is dated after --as-of 2024-12-31.\n  Give a later date, or leave the file out."
    )
    assert refused(PLAIN, as_of="01/02/2025") == (
        '--as-of "01/02/2025" is not a date. Write it as YYYY-MM-DD, for example 2026-11-16.'
    )


def test_weeks_from_days(analysed):
    text = "date,channel,spend\n" + "".join(f"2025-01-{d:02},TV,1\n" for d in range(1, 20))
    result = analysed(text, grain="week")
    assert (result.tables.grain, result.window["start"], result.window["periods"]) == ("week", "2024-12-30", 3)
    assert result.tables.spend["spend"].tolist() == [5.0, 7.0, 7.0]
    assert notes(result) == ["days were added up to weeks; the first or the last week is not complete"]


@pytest.mark.parametrize(
    ("option", "value"), [("decimal", "'"), ("credits", "yes"), ("grain", "month"), ("overlap", "sum")]
)
def test_an_option_with_an_unknown_value(refused, option, value):
    assert refused(PLAIN, **{option: value}).startswith(f'--{option} "{value}" is not known. Use ')
