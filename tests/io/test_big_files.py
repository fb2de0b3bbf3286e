"""Big files go through the engine: the same tables, sums, lines and refusals as small ones."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import roas
from roas.errors import RoasError
from roas.io import databases, readers

HEAD = "date,channel,campaign,spend,impressions,clicks,conversions,conversion_value\n"


def rows(
    count: int, write: Callable[[float], str] = "{:.2f}".format, sep: str = ",", name: str = "camp {}", seed: int = 7
) -> str:
    """Rows of a campaign export, the same in every run."""
    draw = random.Random(seed)
    return "".join(
        sep.join([
            f"2025-01-{1 + i % 28:02}", f"ch{i % 3}", name.format(i % 7), write(draw.random() * 2000),
            str(draw.randrange(10**5)), str(draw.randrange(100)), write(draw.random() * 5), write(draw.random() * 500),
        ]) + "\n"
        for i in range(count)
    )  # fmt: skip


def european(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def outcome(arguments: list[Any], options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The document with its tables, or the refusal."""
    try:
        result = roas.analyze(*arguments, model=False, **options)
    except RoasError as error:
        return {}, str(error)
    document = result.to_dict()
    del document["run"]
    revenue = result.tables.revenue
    document["revenue"] = None if revenue is None else revenue.to_csv(index=False)
    document["rows"] = result.tables.spend.to_csv(index=False)
    return document, ""


Both = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture
def both(place, monkeypatch) -> Both:
    """Read a file both ways, see that they agree, and return what they say."""

    def read(content: str | bytes, *, name: str = "big.csv", revenue: bool = False, **options: Any):
        place("s.csv", "date,channel,spend\n2025-01-01,A,10\n2025-01-02,A,10\n")
        place(name, content)
        arguments = ["s.csv", name] if revenue else [name]
        monkeypatch.setattr(readers, "BIG_FILE_BYTES", 1 << 40)
        small = outcome(arguments, options)
        monkeypatch.setattr(readers, "BIG_FILE_BYTES", 64)
        big = outcome(arguments, options)
        assert big == small
        return big

    return read


EU_HEAD = HEAD.replace(",", ";")

#: What is written → how.
SAME = {
    "plain": HEAD + rows(300),
    "grouped and quoted": HEAD + rows(300, lambda v: f'"{v:,.2f}"'),
    "european": EU_HEAD + rows(300, european, ";"),
    "narrow spaces": EU_HEAD + rows(300, lambda v: european(v).replace(".", "\u202f"), ";"),
    "apostrophes": EU_HEAD + rows(300, lambda v: f"{v:,.2f}".replace(",", "'"), ";"),
    "symbols before": HEAD + rows(100, lambda v: f"€{v:.2f}"),
    "symbols after": EU_HEAD + rows(100, lambda v: f"{european(v)} €", ";"),
    "tabs": HEAD.replace(",", "\t") + rows(100, sep="\t"),
    "separator hint": "sep=;\n" + EU_HEAD + rows(100, european, ";"),
    "words for nothing": HEAD + rows(50) + "2025-01-02,ch1,x,--,N/A,-,null,\n" + rows(50, seed=8),
    "a rare word for nothing": HEAD + rows(50) + "2025-01-02,ch1,x,n.v.t.,1,1,1,1\n",
    "bounds": HEAD + rows(50) + "2025-01-02,ch1,x,5,<5,1,1,1\n",
    "scientific": HEAD + rows(50) + "2025-01-02,ch1,x,1e2,1,1,1,1\n",
    "many decimals": HEAD + rows(50) + "2025-01-02,ch1,x,1.234567,1,1,1,1\n",
    "huge": HEAD + rows(50) + "2025-01-02,ch1,x,123456789012345.12,1,1,1,1\n",
    "carriage returns": (HEAD + rows(100)).replace("\n", "\r\n"),
    "empty lines": HEAD + rows(50) + "\n\n" + rows(50, seed=8) + "\n",
    "byte-order mark": "\ufeff" + HEAD + rows(100),
    "no line break at the end": (HEAD + rows(100)).rstrip("\n"),
    "quotes in names": HEAD + rows(50, name='"a ""b"" {}, c"'),
    "emoji and directions": HEAD + rows(50, name="😀 \u202e {}"),
    "spaces around names": HEAD + rows(50, name="  {}  "),
    "lines in names": HEAD + rows(50) + '2025-01-02,ch1,"new\nline",5.00,1,1,1,1\n' + rows(50, seed=8),
    "timestamps": "date,channel,spend\n" + "".join(f"2025-01-0{1 + i % 9} {i % 24:02}:00:00,A,{i}.5\n" for i in range(99)),
    "finer rows": "date,channel,campaign,ad,spend,reach\n" + "".join(f"2025-01-0{1 + i % 9},A,c{i % 3},ad{i},{i}.25,{i}\n" for i in range(99)),
    "one currency": HEAD.replace("\n", ",currency\n") + rows(50).replace("\n", ",EUR\n"),
    "micros": "date,channel,campaign,spend_micros\n2025-01-01,A,x,1500000\n2025-01-02,A,x,2500000\n",
    "one column twice": "date,channel,spend,spend\n" + "".join(f"2025-01-{i:02},A,1,1\n" for i in range(1, 20)),
    "totals first": HEAD + ",,,200,1000,100,10,1000\n" + rows(50),
    "revenue on every row": "date,channel,spend,revenue\n" + "".join(f"2025-01-{i:02},{c},{i}.5,{i}00\n" for i in range(1, 29) for c in "ABC"),
    "wide": "date,tv_spend,radio_spend,revenue,temperature\n" + "".join(f"2025-01-{i:02},{i}.5,{i},{i}00,7\n" for i in range(1, 29)),
    "wide and european": "Woche;TV;Facebook;Umsatz\n" + "".join(f"2025-W{i:02};{i}.000,50;{i};{i}00\n" for i in range(1, 29)),
    "wide by place": "date,geo,tv_spend,radio_spend,revenue\n" + "".join(f"2025-01-{i:02},G{j},{i}.5,{i},{i}00\n" for i in range(1, 29) for j in range(4)),
    "a total column": "date,tv_spend,radio_spend,total_spend\n" + "".join(f"2025-01-{i:02},{i}.5,{i},{2 * i}.5\n" for i in range(1, 29)),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", SAME)
def test_a_big_file_gives_the_same_tables(both, name):
    document, refused = both(SAME[name])
    assert not refused
    assert document["totals"]["spend"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content"), [
    ("big.csv.gz", gzip.compress((HEAD + rows(300)).encode())),
    ("packed.csv", gzip.compress((HEAD + rows(300)).encode())),
    ("big.csv", (HEAD + rows(300)).encode("utf-16")), ("big.csv", (HEAD + rows(50, name="Köln {}")).encode("cp1252")),
    ("big.csv", (HEAD + rows(100)).encode() + "2025-01-02,ch1,Köln,5.00,1,1,1,1\n".encode("cp1252")),
    ("big.jsonl", "".join(json.dumps({"date": f"2025-01-{i:02}", "channel": "A",
        "spend": i + 0.5}) + "\n" for i in range(1, 29))),
])  # fmt: skip
def test_a_big_file_in_other_bytes(both, name, content):
    document, refused = both(content, name=name)
    assert not refused
    assert document["totals"]["spend"] > 0


def test_a_wrong_byte_far_down_changes_no_name(place, monkeypatch):
    """The head is UTF-8; one byte behind it is not."""
    monkeypatch.setattr(readers, "BIG_FILE_BYTES", 64)
    text = (HEAD + rows(20_000)).encode() + "2025-01-02,ch1,Köln,5.00,1,1,1,1\n".encode("cp1252")
    assert len(text) > 1_000_000
    result = roas.analyze(place("big.csv", text))
    assert "Köln" in set(result.campaigns["campaign"])
    assert result.inputs[0].encoding == "windows-1252"


def test_sums_are_exact(place, monkeypatch):
    monkeypatch.setattr(readers, "BIG_FILE_BYTES", 64)
    draw = random.Random(3)
    amounts = [Decimal(draw.randrange(10**7)) / 100 for _ in range(30_000)]
    text = "date,channel,campaign,spend\n" + "".join(
        f"2025-0{1 + i % 9}-{1 + i % 28:02},ch{i % 4},c{i % 50},{a}\n" for i, a in enumerate(amounts)
    )
    result = roas.analyze(place("big.csv", text))
    assert Decimal(str(result.totals["spend"])) == sum(amounts)
    assert result.inputs[0].rows_used == 30_000


# ---- what is left out, and where ------------------------------------------------------------------


def test_totals_and_footers_keep_their_lines(both):
    document, _ = both(HEAD + rows(60) + "Total,,,1.00,1,1,1,1\n\nReport Time:,2025-02-01\n")
    (source,) = document["inputs"]
    assert source["rejected"] == [
        {"reason": "footer or note, no figures", "count": 1, "first_line": 64},
        {"reason": "totals row", "count": 1, "first_line": 62},
    ]
    assert source["notes"][0].startswith("the rows do not add up to the file's own totals row: ")
    assert source["rows_read"] == 62


def test_an_interface_download_with_preamble_and_totals(both):
    text = 'Campaign report\n"March 1, 2025 - March 20, 2025"\nDay,Campaign,Currency code,Impr.,Clicks,Cost,Conv. value\n' + "".join(
        f'2025-03-{i:02},Brand | EU,EUR,"1,{i:03}",{i},{i}.50,"2,{i:03}.10"\n' for i in range(1, 21)
    ) + 'Total: Campaigns, --,EUR,"20,210",210,220.00,"40,212.00"\nTotal: Account,,EUR,"20,210",210,220.00,"40,212.00"\n'  # fmt: skip
    document, _ = both(text)
    assert document["totals"]["spend"] == 220.0
    assert document["inputs"][0]["rejected"] == [{"reason": "totals row", "count": 2, "first_line": 24}]


REFUSED = {
    "a word": (HEAD + rows(50) + "2025-01-02,ch1,bad,abc,1,1,1,1\n", 52),
    "a word after lines in names": (HEAD + '2025-01-02,ch1,"new\nline",5,1,1,1,1\n' + rows(50) + "2025-01-02,ch1,bad,abc,1,1,1,1\n", 54),
    "a word among groups": (EU_HEAD + rows(50, european, ";") + "2025-01-02;ch1;bad;abc;1;1;1;1\n", 52),
    "infinity": (HEAD + rows(50) + "2025-01-02,ch1,bad,inf,1,1,1,1\n", 52),
    "no such day": (HEAD + rows(50) + "2025-01-32,ch1,bad,5,1,1,1,1\n", 52),
    "the future": (HEAD + rows(50) + "2225-01-30,ch1,bad,5,1,1,1,1\n", 52),
    "an undecided date": ("date,channel,spend\n" + "03/04/2025,A,1\n05/04/2025,B,1\n" * 5, 2),
    "a negative row in a positive sum": (HEAD + rows(50) + "2025-01-02,ch1,camp 1,-5,1,1,1,1\n" + rows(20, seed=8), 52),
    "more cells": (HEAD + rows(50) + "2025-01-02,ch1,bad, worse,5,1,1,1,1\n" + rows(9), 52),
    "more cells, european": (EU_HEAD + rows(50, european, ";") + "2025-01-02;ch1;bad;5;5;1;1;1;1\n" + rows(9, european,
      ";"), 52),
    "cut off": (HEAD + rows(50) + "2025-01-02,ch1,ba", 52),
    "cut off in quotes": (HEAD + rows(50) + '2025-01-02,ch1,"ba', 52),
    "another table": (HEAD + rows(50) + "Day,Cost,Impr.,Clicks,x,y,z,w\n2025-01-01,5,1,1,1,1,1,1\n", 52),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_the_line(both, name):
    content, line = REFUSED[name]
    _, refused = both(content)
    assert f", line {line}" in refused.splitlines()[0]


@pytest.mark.parametrize(("content", "says"), [
    ("date,channel,spend\n" + "2025-01-02,ch1,1.234\n2025-01-03,ch1,2.234\n" * 9,
     '"1.234" could be a thousand or a decimal number'),
    (HEAD + rows(50) + '2025-01-02,ch1,bad,"1,5",1,1,1,1\n', "is written with a decimal point and"),
    (HEAD.replace("\n", ",currency\n") + rows(9).replace("\n", ",EUR\n") + rows(9).replace("\n", ",USD\n"),
     "cannot add money in EUR"),
    (HEAD + rows(9, lambda v: f"€{v:.2f}") + rows(1, lambda v: f"£{v:.2f}"),
     "amounts in EUR and GBP stand in one file"),
    (HEAD.replace("channel", "who") + rows(50), "no channel column"),
    ("date,channel,spend,spend\n" + "".join(f"2025-01-{i:02},A,1,2\n" for i in range(1, 20)),
     "stands twice (columns 3 and 4)"),
])  # fmt: skip
def test_what_is_refused_small_is_refused_big(both, content, says):
    _, refused = both(content)
    assert says in refused


def test_the_decimal_option_reaches_the_engine(both):
    text = "date;channel;spend\n" + "".join(f"2025-01-0{i};ch1;{i}.234\n" for i in range(1, 10))
    assert both(text, decimal=",")[0]["totals"]["spend"] == 45_000 + 9 * 234
    assert both(text, decimal=".")[0]["totals"]["spend"] == 47.106


def test_credits_are_found_inside_sums(both):
    content, _ = REFUSED["a negative row in a positive sum"]
    document, _ = both(content, credits="net")
    assert document["inputs"][0]["notes"][-1] == "1 negative amount subtracted as credits (-5.00)"


@pytest.mark.parametrize("sep", [",", ";"])
def test_a_file_glued_to_itself_counts_once(place, monkeypatch, sep):
    text = (HEAD + rows(60)) if sep == "," else EU_HEAD + rows(60, european, ";")
    once = outcome([place("once.csv", text)], {})[0]
    monkeypatch.setattr(readers, "BIG_FILE_BYTES", 64)
    twice, _ = outcome([place("twice.csv", text + text)], {})
    assert twice["totals"] == once["totals"]
    (source,) = twice["inputs"]
    assert (source["rows_read"], source["rows_used"]) == (121, 60)
    assert source["rejected"] == [
        {"reason": "the header again", "count": 1, "first_line": 62},
        {"reason": "repeated date, counted once", "count": 60, "first_line": None},
    ]
    assert "28 dates in the file more than once, every row the same: counted once (60 rows left out)" in source["notes"]


def test_one_day_appended_again_counts_once(place, monkeypatch):
    day = "2025-01-02,A,x,5,1,1,1,1\n2025-01-02,B,x,7,1,1,1,1\n"
    text = (
        HEAD
        + "2025-01-01,A,x,5,1,1,1,1\n"
        + day
        + day
        + "2025-01-03,A,x,5,1,1,1,1\n2025-01-03,A,x,5,1,1,1,1\n2025-01-03,B,x,1,1,1,1,1\n"
    )
    small = outcome([place("a.csv", text)], {})[0]
    monkeypatch.setattr(readers, "BIG_FILE_BYTES", 64)
    big = outcome([place("a.csv", text)], {})[0]
    assert big["totals"] == small["totals"]
    assert big["totals"]["spend"] == 28.0


# ---- shops ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("content", [
    "order_id,created_at,amount\n" + "".join(f"{i},2025-01-0{1 + i % 2} 10:00,{i}.50\n" for i in range(100)),
    "date,revenue,orders\n" + "".join(f"2025-01-{i:02},{i}.50,3\n" for i in range(1, 30)),
    "date,revenue,orders,temperature,promo\n" + "".join(f"2025-01-{i:02},{i}.50,3,{i % 7},{i % 2}\n" for i in range(1,
      30)),
])  # fmt: skip
def test_a_big_revenue_table(both, content):
    document, refused = both(content, revenue=True)
    assert not refused
    assert document["totals"]["revenue"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "least"), [
    ("platform-exports/fixtures/google_ads", 7), ("platform-exports/fixtures/[!g]*", 20),
    ("platform-exports/google-ads-api-legacy", 6), ("spend-revenue/daily-campaigns-bi", 4),
])  # fmt: skip
def test_reference_exports_read_alike(shared_data, both, folder, least):
    """Layouts with their preambles, totals, languages, encodings and units."""
    files = [f for f in sorted(shared_data.glob(f"{folder}/*.csv")) if f.name != "no_data.csv"]
    assert len(files) >= least
    for path in files:
        shop = path.parent.name in ("shopify", "stripe") or path.name == "business.csv"
        both(path.read_bytes(), name=path.name, revenue=shop)


# ---- typed tables ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("wide", [False, True])
def test_a_big_typed_table_gives_the_same(place, monkeypatch, wide):
    import duckdb

    place("unused", "")
    columns = "i % 7 + 0.5 AS tv_spend, i % 5 AS radio_spend, 100 + i AS revenue" if wide else (
        "'ch' || (i % 3) AS channel, 'c' || (i % 5) AS campaign, (i % 100) / 4 AS spend, i % 9 AS clicks"
    )  # fmt: skip
    step = "i" if wide else "i // 20"
    query = f"SELECT date '2024-01-01' + ({step})::int AS date, {columns} FROM range(300) t(i)"
    duckdb.sql(f"COPY ({query}) TO 'a.parquet'")
    with duckdb.connect("a.duckdb") as engine:
        engine.execute(f"CREATE TABLE spend AS {query}")
    found = []
    for most in (50_000, 50):
        monkeypatch.setattr(databases, "SAMPLE_ROWS", most)
        for name in ("a.parquet", "duckdb:///a.duckdb?table=spend"):
            document, refused = outcome([name], {})
            assert not refused
            del document["inputs"]
            found.append(document)
    assert found[0]["totals"]["spend"] > 0
    assert all(document == found[0] for document in found)


def test_temporary_copies_are_removed(place, monkeypatch, tmp_path):
    import tempfile

    kept = tmp_path / "temporary"
    kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(kept))
    monkeypatch.setattr(readers, "BIG_FILE_BYTES", 64)
    roas.analyze(place("big.csv", (HEAD + rows(50)).encode("utf-16")))
    with pytest.raises(RoasError):
        roas.analyze(place("bad.csv", (HEAD + rows(50) + "x,y,z,1,1,1,1,1\n").encode("utf-16")))
    assert not list(Path(kept).iterdir())
