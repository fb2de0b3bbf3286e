"""What holds for any file: an answer or a refusal, the exact money, no matter in which order."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import roas
from roas.errors import RoasError
from roas.io.dates import read_dates
from roas.io.numbers import decide_mark, is_null, to_number
from roas.io.summary_rows import is_total_label

NO_FIXTURE_RESET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

HEADER = "date,channel,campaign,spend,impressions,clicks,conversions,conversion_value,currency"
VALID = (
    HEADER + "\n"
    '2025-01-01,Meta,"Brand, ""new""",10.50,1000,10,1.5,99.90,EUR\n'
    "2025-01-01,Google,Généric,1234.56,20000,200,12,1500,EUR\n"
    "2025-01-02,Meta,Brand,11.50,1100,12,2,120,EUR\n"
    "Total,,,1256.56,22100,222,15.5,1719.90,EUR\n"
)
GOOGLE = (
    'Campaign report\n"March 24, 2025 - March 25, 2025"\nDay,Campaign,Currency code,Impr.,Clicks,Cost,Conv. value\n'
    '2025-03-24,A,EUR,"1,000",10,5.50,"1,100.00"\n2025-03-25,A,EUR,900,9,4.50,90.00\n'
    'Total: Account, --,EUR,"1,900",19,10.00,"1,190.00"\n'
)


def answer(path: Path, data: bytes, **options: Any) -> dict[str, Any] | None:
    """The JSON document without its clock and hash; None where the file is refused."""
    path.write_bytes(data)
    try:
        document = roas.analyze(str(path), **options).to_dict()
    except RoasError as error:
        assert str(error)
        assert "Traceback" not in str(error)
        return None
    del document["run"]
    for source in document["inputs"]:
        del source["sha256"]
    return document


# ---- any bytes ------------------------------------------------------------------------------------


@settings(max_examples=60, suppress_health_check=NO_FIXTURE_RESET)
@given(st.binary(max_size=300))
@example(b"\x00")
@example(b'"')
@example(b"date,channel,spend\n" + b'"' * 9)
@example("date,channel,spend\n٣٤,x,²\n".encode())
@example(b"\xff\xfed\x00a\x00")
def test_any_bytes_are_read_or_refused(tmp_path, data):
    answer(tmp_path / "a.csv", data)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=NO_FIXTURE_RESET)
@given(
    st.sampled_from([VALID.encode(), GOOGLE.encode(), VALID.replace(",", ";").encode("cp1252", "replace")]),
    st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from(["drop", "set", "add", "swap"]), st.binary(max_size=4)),
             max_size=5),
)  # fmt: skip
def test_a_damaged_export_is_read_or_refused(tmp_path, data, damages):
    damaged = bytearray(data)
    for where, how, bytes_ in damages:
        at = int(where * len(damaged))
        if how == "drop":
            del damaged[at : at + len(bytes_) + 1]
        elif how == "swap":
            damaged[at : at + 2] = damaged[at : at + 2][::-1]
        else:
            damaged[at : at + (len(bytes_) if how == "set" else 0)] = bytes_
        assume(damaged)
    answer(tmp_path / "a.csv", bytes(damaged))


CELLS = st.one_of(
    st.sampled_from(["2025-01-01", "01/02/2025", "45658", "1.234,5", "1,234", "-3", "(3)", "12%", "<5", "nan", "inf",
      "1e9",
                     "--", "", " ", "Total", "Total: x", "EUR", "Meta", "€5", "=1+1", "2025-W03", "KW 5 2025",
                     "5 mai 2025",
                     "0000-00-00", "99999999", "\u202e", "日", "'", "€", "1 000", "\ufeff", "²", "٣"]),
    st.text(max_size=6),
)  # fmt: skip
HEADS = st.sampled_from(
    ["date", "week", "month", "channel", "campaign", "spend", "Cost", "revenue", "impressions", "clicks", "currency",
     "order_id", "amount", "tv_spend", "Facebook", "Total", "orders", "geo", "Day", "Impr.", "Conv. value", "x", ""],
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=120, suppress_health_check=NO_FIXTURE_RESET)
@given(
    st.lists(HEADS, min_size=2, max_size=6).flatmap(
        lambda heads: st.tuples(st.just(heads), st.lists(st.lists(CELLS, max_size=len(heads) + 1), max_size=6))
    ),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
def test_any_grid_is_read_or_refused(tmp_path, grid, delimiter, as_revenue):
    heads, rows = grid
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([heads, *rows])
    data = text.getvalue().encode("utf-8", "replace")
    if as_revenue:
        (tmp_path / "s.csv").write_text("date,channel,spend\n2025-01-01,Meta,5\n")
        (tmp_path / "r.csv").write_bytes(data)
        try:
            roas.analyze(str(tmp_path / "s.csv"), revenue=str(tmp_path / "r.csv")).to_dict()
        except RoasError:
            return
    else:
        answer(tmp_path / "a.csv", data)


# ---- money in, money out --------------------------------------------------------------------------

NAMES = ["Brand", "Total Wellness - Search", "a,b;c|d\te", '"quoted"', "=1+1", "<b>x</b>", "Élan – Köln", "chiến dịch",
         "\u202eRTL", "😀", "12345", "1.5", "007", "new\nline", "it's", "2025-01-01", "subtotal of joy"]  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a file is written."""

    delimiter: str
    mark: str
    group: str
    dates: str
    encoding: str
    newline: str
    quote_all: bool
    totals: bool

    def number(self, value: Decimal) -> str:
        text = f"{value:,.2f}"
        return text.replace(",", "\0").replace(".", self.mark).replace("\0", self.group)


STYLES = st.builds(
    Style,
    delimiter=st.sampled_from([",", ";", "\t"]),
    mark=st.sampled_from([".", ","]),
    group=st.sampled_from(["", "\u00a0", " ", "'", ".", ","]),
    dates=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%m/%d/%Y", "%d/%m/%Y", "%b %d, %Y"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    quote_all=st.booleans(),
    totals=st.booleans(),
).filter(lambda s: s.mark != s.group)

#: Names that are kept to the letter: not blank at the ends, no word for nothing, no label of a totals row.
ANY_NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=8).filter(
    lambda n: n.strip() == n.strip(" \u202f\ufeff") == n and not is_null(n) and not is_total_label(n)
)

#: Days that settle every order of day and month.
DAYS = [date(2025, 1, 28) + timedelta(i) for i in range(10)]

ROWS = st.lists(
    st.tuples(
        st.sampled_from(DAYS), st.sampled_from(["Meta", "Google Ads", "TV & Co; x"]), st.sampled_from(NAMES) | ANY_NAME,
        st.decimals(0, 99999, places=2), st.integers(0, 10**6),
    ),
    min_size=1, max_size=12, unique_by=lambda r: r[:3],
)  # fmt: skip


def written(rows: list[tuple[date, str, str, Decimal, int]], style: Style) -> bytes:
    """A campaign table in that style; the first two rows settle the dates."""
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=style.delimiter, lineterminator=style.newline,
        quoting=csv.QUOTE_ALL if style.quote_all else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    writer.writerow(["date", "channel", "campaign", "spend", "impressions"])
    for day, channel, campaign, spend, impressions in rows:
        writer.writerow([day.strftime(style.dates), channel, campaign, style.number(spend), impressions])
    if style.totals:
        total = sum((r[3] for r in rows), Decimal(0))
        writer.writerow(["Total", "", "", style.number(total), sum(r[4] for r in rows)])
    return text.getvalue().encode(style.encoding)


def anchors() -> list[tuple[date, str, str, Decimal, int]]:
    """Rows that leave no date and no decimal mark open."""
    return [
        (date(2025, 1, 31), "Radio", "x", Decimal("12.34"), 1),
        (date(2025, 1, 30), "Radio", "x", Decimal("0.50"), 2),
    ]


@pytest.mark.slow
@settings(max_examples=50, suppress_health_check=NO_FIXTURE_RESET)
@given(ROWS, STYLES, st.randoms(use_true_random=False))
def test_money_in_is_money_out(tmp_path, rows, style, shuffle):
    rows = [*rows, *anchors()]
    shuffle.shuffle(rows)
    document = answer(tmp_path / "a.csv", written(rows, style))
    assert document is not None
    by_campaign: Counter[tuple[str, str]] = Counter()
    for _, channel, campaign, spend, _ in rows:
        by_campaign[channel, campaign] += spend
    found = {(c["channel"], c["campaign"]): Decimal(str(c["spend"])) for c in document["campaigns"]}
    assert found == dict(by_campaign)
    assert Decimal(str(document["totals"]["spend"])) == sum(r[3] for r in rows)
    assert document["totals"]["impressions"] == sum(r[4] for r in rows)
    source = document["inputs"][0]
    assert source["rows_read"] == len(rows) + style.totals
    assert source["rows_read"] == source["rows_used"] + sum(r["count"] for r in source["rejected"])


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=NO_FIXTURE_RESET)
@given(ROWS, STYLES)
def test_a_file_without_anchors_is_exact_or_refused(tmp_path, rows, style):
    document = answer(tmp_path / "a.csv", written(rows, style))
    if document is not None:
        assert Decimal(str(document["totals"]["spend"])) == sum(r[3] for r in rows)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=NO_FIXTURE_RESET)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(tmp_path, rows, shuffle):
    style = Style(",", ".", "", "%Y-%m-%d", "utf-8", "\n", False, False)
    first = answer(tmp_path / "a.csv", written([*rows, *anchors()], style))
    again = [*rows, *anchors()]
    shuffle.shuffle(again)
    assert answer(tmp_path / "a.csv", written(again, style)) == first


@pytest.mark.slow
def test_the_order_of_a_damaged_files_rows_changes_no_figure(tmp_path):
    head, *rows = VALID.splitlines()
    rows = [r for r in rows if "new" not in r]
    outcomes = set()
    for seed in range(6):
        random.Random(seed).shuffle(rows)
        document = answer(tmp_path / "a.csv", "\n".join([head, *rows, ""]).encode())
        assert document is not None
        outcomes.add((document["totals"]["spend"], document["totals"]["conversions"]))
    assert outcomes == {(1246.06, 14.0)}


# ---- numbers and dates ----------------------------------------------------------------------------


@given(
    st.decimals(-10**9, 10**9, places=2),
    st.sampled_from([".", ","]),
    st.sampled_from(["", ".", ",", " ", "\u00a0", "\u202f", "'", "’"]),
    st.sampled_from(["{}", "€{}", "{} €", "$ {}", "R$ {}", "EUR {}", "{} EUR", "{}\u00a0₫", "  {} ", "CA${}"]),
    st.sampled_from(["-{}", "−{}", "({})", "{}-"]),
)  # fmt: skip
def test_a_number_survives_any_style(value, mark, group, money, minus):
    assume(group != mark)
    text = f"{abs(value):,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)
    text = money.format(minus.format(text) if value < 0 else text)
    assert to_number(text, mark) == float(value)


@given(st.integers(0, 10**12), st.sampled_from([".", ","]), st.sampled_from(["", "'", " ", "\u202f"]))
def test_a_whole_number_needs_no_mark(value, mark, group):
    text = f"{value:,}".replace(",", group)
    assert to_number(text, mark) == value
    assert to_number(text, None) == value


@given(st.text(max_size=12))
def test_a_number_is_read_or_refused(text):
    for mark in (".", ",", None):
        try:
            number = to_number(text, mark)
        except ValueError:
            continue
        assert number is None or abs(number) < float("inf")


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=5), st.sampled_from([".", ","]))
def test_cents_settle_the_mark(values, mark):
    texts = [f"{v:.2f}".replace(".", mark) for v in values]
    assert decide_mark(texts).mark == mark


@given(st.integers(1, 999), st.integers(0, 999))
def test_one_mark_before_three_digits_settles_nothing(thousands, rest):
    for mark in ".,":
        reading = decide_mark([f"{thousands}{mark}{rest:03}"])
        assert (reading.mark, reading.open_cell) == (None, f"{thousands}{mark}{rest:03}")


PATTERNS = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%b %d, %Y", "%d %B %Y",
            "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M"]  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(PATTERNS))
def test_a_date_survives_any_style(day, pattern):
    text = day.strftime(pattern)
    anchor = date(day.year, 12, 31).strftime(pattern)
    reading = read_dates({text, anchor})
    assert reading.days[text] == day
    assert not reading.unread


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from("/-"))
def test_day_and_month_are_never_guessed(first, second, mark):
    text = f"{first:02}{mark}{second:02}{mark}2025"
    reading = read_dates([text])
    if first == second:
        assert reading.days == {text: date(2025, first, first)}
    else:
        assert reading.undecided == text
        assert not reading.days


@given(st.text(max_size=14))
def test_a_date_cell_is_read_or_left(text):
    reading = read_dates([text])
    assert set(reading.days) <= {text}


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("ter., 5 de mai. de 2026", date(2026, 5, 5)), ("KW 13 2025", date(2025, 3, 24)),
        ("2025-W13", date(2025, 3, 24)),
        ("2002 Jan", date(2002, 1, 1)), ("1-Apr-12", date(2012, 4, 1)), ("Mar 24, 2025", date(2025, 3, 24)),
        ("24. März 2025", date(2025, 3, 24)), ("45658", date(2025, 1, 1)),
        ("2026-04-10 11:11:26 +0530", date(2026, 4, 10)),
        ("2/31/2025", None), ("2025-13-01", None), ("tomorrow", None), ("", None),
    ],
)  # fmt: skip
def test_dates_as_exports_write_them(cell, day):
    assert read_dates([cell]).days.get(cell) == day
