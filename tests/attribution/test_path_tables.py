"""Tables of paths: what is read, what is said, what is refused."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.attribution.paths import Paths
from roas.attribution.tables.finished import NO_NULLS
from roas.attribution.tables.gathered import gather, sums
from roas.attribution.tables.path_lists import items_of
from roas.attribution.tables.path_table import read_path_table
from roas.attribution.tables.separators import splitting_of
from roas.errors import InputError, RoasError
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.recognise import Overrides, parse_map, recognise
from roas.io.sources import Source, sources_of

NO_VALUES = "no column of values: every value is 0, and credit counts conversions only"


def read(given, *, mapping=(), **options):
    """Read a table given as text, bytes, a frame or a file, as the dispatcher does."""
    if isinstance(given, str | bytes):
        data = given.encode() if isinstance(given, str) else given
        sources = [Source("p.csv", data=data)]
    else:
        sources = sources_of(given)
    raw = next(read_source(sources[0], vocabulary()))
    try:
        table = recognise(raw, Overrides(parse_map(mapping)))[0]
        assert (table.platform.format, table.role) == ("paths", "journeys")
        return read_path_table(table, **options)
    finally:
        raw.close()


def refusal(given, **options):
    with pytest.raises(RoasError) as caught:
        read(given, **options)
    return str(caught.value)


def rows_of(paths):
    return {
        paths.names(i): (float(paths.conversions[i]), float(paths.value[i]), float(paths.nulls[i]))
        for i in range(len(paths.conversions))
    }


def same(one, other):
    """Whether two sets of paths are equal to the last bit."""
    arrays = ("codes", "starts", "conversions", "value", "nulls")
    return one.channels == other.channels and all(np.array_equal(getattr(one, a), getattr(other, a)) for a in arrays)


def written(rows, separator=" > ", delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["path", "conversions", "value", "nulls"])
    writer.writerows([separator.join(names), *numbers] for names, *numbers in rows)
    return out.getvalue()


def outcome(conversions, value, nulls):
    return conversions, value if conversions else 0, nulls if conversions else nulls + 1


PLAIN = ["Email", "Paid Search", "Social", "Été", "日本", "email"]
ODD = [*PLAIN, "google / cpc", "Display, video", "Brand|DE", "(direct)", 'the "big" one', "a -b", "T&C; x"]


def tables(names):
    counts = st.tuples(st.integers(0, 9), st.integers(0, 999).map(lambda v: v / 4), st.integers(0, 9))
    row = st.tuples(st.lists(st.sampled_from(names), min_size=1, max_size=6), counts.map(lambda c: outcome(*c)))
    rows = st.lists(row.map(lambda r: (r[0], *r[1])), min_size=1, max_size=8)
    return rows.filter(lambda found: any(r[1] for r in found))


# ---- round trips ----------------------------------------------------------------------------------


@given(tables(PLAIN), st.sampled_from([" > ", ">", " -> ", "→", " » ", "=>"]))
@settings(max_examples=15)
def test_paths_come_back_as_they_were_written(rows, separator):
    assert same(read(written(rows, separator)).paths, Paths.of(rows))


@given(tables(ODD))
@settings(max_examples=15)
def test_with_a_separator_said_names_may_hold_any_other_mark(rows):
    assert same(read(written(rows), separator=" > ").paths, Paths.of(rows))


@given(tables(["Search > Brand", "Email", "A|B", "x, y"]))
@settings(max_examples=15)
def test_quoted_names_keep_their_arrows(rows):
    quoted = [([f'"{name}"' for name in names], *numbers) for names, *numbers in rows]
    assert same(read(written(quoted), separator=">").paths, Paths.of(rows))


@given(tables(ODD))
@settings(max_examples=15)
def test_lists_need_no_separator(rows):
    listed = [([json.dumps(names, ensure_ascii=False)], *numbers) for names, *numbers in rows]
    assert same(read(written(listed)).paths, Paths.of(rows))


@given(tables(PLAIN), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_rows_changes_no_bit(rows, chance):
    rows = [(names, a, b / 3, c) for names, a, b, c in rows]
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert same(read(written(rows)).paths, read(written(shuffled)).paths)


@given(
    st.text(alphabet="AB >|/,\"'[]()\n-.;0123 ", max_size=60),
    st.sampled_from(["path,conversions,nulls", "path,converted"]),
)
@settings(max_examples=40)
def test_odd_text_is_read_or_refused_and_never_fails(text, header):
    try:
        found = read(f"{header}\n{text}\nB > A,1,1\n")
    except InputError as error:
        assert str(error)
    else:
        assert (found.paths.lengths > 0).all()
        assert found.paths.journeys.sum() > 0


@pytest.mark.parametrize("seed", range(3))
def test_big_files_read_as_small_ones(tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    rows = [([rng.choice(PLAIN) for _ in range(rng.randint(1, 5))], 2, rng.random(), 1) for _ in range(300)]
    file = tmp_path / "p.csv"
    file.write_text(written(rows))
    small = read(file)
    monkeypatch.setattr("roas.io.readers.BIG_FILE_BYTES", 0)
    big = read(file)
    assert same(small.paths, big.paths)
    assert small.notes == big.notes
    file.write_text(written(rows) + "A > B,1,2,3,4\nA,x,1,1\n")
    assert refusal(file).split("\n")[0] == (
        f'{file}, line 302: 1 row with more cells than the header: an unquoted "," inside a path or a number shifts the cells.'
    )
    file.write_text(written(rows) + "A > B,1,2,3\nA,x,1,1\n")
    assert refusal(file).startswith(f"{file}, line 303, column \"conversions\": 1 row with no count ('x').")


# ---- layouts of other tools -----------------------------------------------------------------------


@pytest.mark.parametrize("header", [
    "path,conversions,value,nulls", "path,total_conversions,total_conversion_value,total_null",
    "Channel Path,Conversions,Conversion Value,Non-conversions", "transformed_path,conversions,revenue,non_conversions",
    "MCF Channel Grouping Path,Conversions,Conversion Value (EUR),nulls",
])  # fmt: skip
def test_headers_of_other_tools(header):
    found = read(f"{header}\nA > B,2,30.5,1\n")
    assert rows_of(found.paths) == {("A", "B"): (2.0, 30.5, 1.0)}
    assert found.currency == ("EUR" if "EUR" in header else None)
    assert found.lookback_days is None and found.nulls_known and found.notes == ()


def test_any_header_can_be_mapped():
    text = "Weg;Anzahl\nA > B;2\nB;1\n"
    assert rows_of(read(text, mapping=["path=Weg", "conversions=Anzahl"]).paths)["A", "B"] == (2.0, 0.0, 0.0)


def test_decimal_commas_and_gzip():
    text = gzip.compress('path;conversions;value;nulls\nA > B;1.200;"1.234,50";0\nB;1;0,5;3\n'.encode("cp1252"))
    assert rows_of(read(text).paths) == {("A", "B"): (1200.0, 1234.5, 0.0), ("B",): (1.0, 0.5, 3.0)}


def test_a_frame_with_lists_and_truth_values():
    found = read(pd.DataFrame({"path": [["A", "B"], ("B",)], "conversion": [True, False], "value": [2.5, None]}))
    assert rows_of(found.paths) == {("A", "B"): (1.0, 2.5, 0.0), ("B",): (0.0, 0.0, 1.0)}
    assert found.paths.value_squares is not None and found.paths.value_squares.tolist() == [6.25, 0.0]


def test_parquet_lists(tmp_path):
    import duckdb

    file = tmp_path / "p.parquet"
    duckdb.execute(f"COPY (SELECT ['A', 'B'] AS path, 2 AS conversions, 1 AS nulls) TO '{file}' (FORMAT parquet)")
    assert rows_of(read(file).paths) == {("A", "B"): (2.0, 0.0, 1.0)}


def test_one_row_a_journey():
    found = read("path,conversion,value\nA > B,1,4\nA > B,1,6\nA > B,0,\nB,yes,\n".replace("yes", "1"))
    assert rows_of(found.paths) == {("A", "B"): (2.0, 10.0, 1.0), ("B",): (1.0, 0.0, 0.0)}
    assert found.paths.value_squares is not None and found.paths.value_squares.tolist() == [52.0, 0.0]
    assert found.notes == ("1 row with conversions and no value: the value is read as 0",)


def test_a_count_that_is_a_flag_is_said():
    found = read("path,conversions\nA,1\nB,0\n")
    assert found.notes[1] == '"conversions" is 1 or 0 in every row: each row is read as one journey'


@pytest.mark.parametrize(("word", "options"), [
    ("yes", {}), ("TRUE", {}), ("1", {}), ("ja", {}), ("Purchase", {"conversion": ("purchase",)}),
])  # fmt: skip
def test_words_for_a_conversion(word, options):
    no = {"yes": "no", "TRUE": "FALSE", "1": "0", "ja": "nein"}.get(word, "visit")
    assert rows_of(read(f"path,converted\nA > B,{word}\nB,{no}\n", **options).paths)["A", "B"][0] == 1.0


def test_journeys_counted_beside_conversions():
    found = read("path,conversions,frequency\nA > B,1,10\nB,3,20\n")
    assert rows_of(found.paths) == {("A", "B"): (1.0, 0.0, 9.0), ("B",): (3.0, 0.0, 17.0)}
    assert 'journeys without a conversion are "frequency" minus "conversions"' in found.notes


def test_journeys_counted_beside_a_flag():
    found = read("path,converted,frequency\nA > B,1,10\nA > B,0,20\nB,1,5\n")
    assert rows_of(found.paths) == {("A", "B"): (10.0, 0.0, 20.0), ("B",): (5.0, 0.0, 0.0)}
    assert '"converted" says how the journeys that "frequency" counts ended' in found.notes


def test_words_at_the_ends_are_no_touches():
    found = read("path,conversions,nulls\n(start) > A > B > (conversion),2,0\n(start) > A > (null),0,4\n")
    assert rows_of(found.paths) == {("A", "B"): (2.0, 0.0, 0.0), ("A",): (0.0, 0.0, 4.0)}
    assert found.notes[0] == "the words for start, conversion and null at the ends of paths are no touches: left out"


def test_bare_words_at_the_ends_may_be_channels():
    found = read("path,conversions,nulls\nStart > A,2,0\nA > Start,1,4\n")
    assert found.paths.channels == ("A", "Start")


def test_the_last_word_tells_the_outcome_where_no_column_does():
    found = read("path,nulls\nstart > A > conversion,\nstart > A > B > null,\n".replace(",nulls", ",x").replace(",\n", ",1\n"),
                 mapping=["path=path"])  # fmt: skip
    assert rows_of(found.paths) == {("A",): (1.0, 0.0, 0.0), ("A", "B"): (0.0, 0.0, 1.0)}


# ---- what separates -------------------------------------------------------------------------------


@pytest.mark.parametrize(("texts", "token"), [
    (["A > B", "B > A"], ">"), (["A>B"], ">"), (["A -> B"], "->"), (["A→B"], "→"), (["A &gt; B"], "&gt;"), (["A >>> B"], ">>>"),
    (["A|B", "B|A"], "|"), (["A / A"], "/"), (["A, B", "B, C", "B, A"], ","), (["A;B;A", "B;A"], ";"),
    (["google / cpc > bing / cpc", "bing / cpc > google / cpc", "(none)"], ">"),
    (["Search > Brand | Email", "Email | Search > Brand | Email", "Email | Social"], None),
    (["Search/Brand|Email", "Email|Search/Brand", "Email"], "|"),
    (["Email", "Paid Search"], None),
])  # fmt: skip
def test_the_separator_is_decided_from_the_whole_column(texts, token):
    assert splitting_of(texts).token == token


@pytest.mark.parametrize(("paths", "says"), [
    (["Search>Brand > Email"], '">" stands with spaces beside it and without ("Search>Brand > Email"): one of them may be part '
     "of a channel's name.\n  Use --separator \" > \" to split only there, or --separator \">\" to split at every one; or put "
     "the name in quotation marks."),
    (["A > B", "A->B"], '"->" and ">" both stand between names in the paths.\n  Write one of them everywhere, or use '
     '--separator "->" to split at that one only.'),
    (["google / cpc", "bing / cpc"], '"/" may stand between touches, or be part of a name ("google / cpc").\n  Use --separator '
     '"/" if it stands between touches, or --separator " > " if it is part of the names.'),
    (["Search > Brand | Email"], '">" and "|" stand in the paths, and either could separate touches ("Search > Brand | Email").\n'
     '  Use --separator ">" or --separator "|": the other is then part of the names.'),
    (["A_B", "B_A"], '"_" looks like the separator ("A_B").\n  Use --separator "_" if it stands between touches, or --separator '
     '" > " if it is part of the names.'),
    (['["A", "B"]', "A"], 'some paths are written as lists and others are not ("A").\n  Write all of them in one way.'),
    (["(start) > A > (conversion) > B"], '"(conversion)" stands in the middle of a path ("A > (conversion) > B").\n'
     "  Give each journey a row of its own: it ends at its conversion."),
])  # fmt: skip
def test_what_could_split_a_name_is_asked(paths, says):
    message = refusal(written([([path], 1, 2, 3) for path in paths]))
    line = 3 if "lists" in says or '"->" and ">"' in says else 2
    assert message == f'p.csv, line {line}, column "path": {says}'


def test_a_separator_with_spaces_splits_only_there():
    text = written([(["Search>Brand > Email"], 1, 2, 0), (["Email"], 1, 0, 4)])
    assert read(text, separator=" > ").paths.channels == ("Email", "Search>Brand")
    assert read(text, separator=">").paths.channels == ("Brand", "Email", "Search")


def test_readings_of_the_separator_are_said():
    rows = [(["google / cpc", "bing / cpc"], 1, 2, 1), (["bing / cpc", "google / cpc"], 1, 2, 1), (["x"], 1, 1, 1)]
    assert read(written(rows)).notes == ('paths are split at ">"; "/" stays part of the names',)
    assert read(written([(["A"], 1, 1, 1)]), separator="|").notes == (
        'no path holds the separator "|": each is read as one touch',
    )
    assert read(written([(["A"], 1, 1, 1)])).notes == ("no path holds a separator: each is read as one touch",)


@pytest.mark.parametrize(("text", "items"), [
    ('["A", "B > C"]', ["A", "B > C"]), ("['A', 'it\\'s']", ["A", "it's"]), ("['A' 'B']", ["A", "B"]), ('c("A", "B")', ["A", "B"]),
    ("('A', 'B')", ["A", "B"]), ("{A,B}", ["A", "B"]), ("[1, 2]", ["1", "2"]), ('["A", null]', ["A", ""]), ("[]", []),
    ("[A] > [B]", None), ("(direct) / (none)", None), ("A", None), ("[A", None), ('[["A"]]', None),
])  # fmt: skip
def test_lists_of_other_languages(text, items):
    assert items_of(text) == items


# ---- repairs that are said ------------------------------------------------------------------------


def test_what_is_repaired_is_said():
    found = read("path,conversions,value,nulls\n,3,30,2\n,0,0,7\nA > A,1,5,1\n A > A ,1.5,5,1\nB >  > a,,,2\nC,0,0,0\n")
    assert rows_of(found.paths) == {("A", "A"): (2.5, 10.0, 2.0), ("B", "a"): (0.0, 0.0, 2.0)}
    assert (found.unattributed_conversions, found.unattributed_value) == (3.0, 30.0)
    assert found.notes == (
        "1 path with an empty place between touches: closed",
        '1 row with an empty "conversions": read as 0',
        "conversions are fractions in 1 row: kept as they are",
        "1 row with the path of another row: added to it",
        "conversions without a touch: 3 (value 30.00); no channel is given credit for them",
        'channels that differ in spelling only are kept apart: "A" and "a"',
    )
    assert [(r.reason, r.count, r.first_line) for r in found.rejected] == [
        ("path without a journey", 1, 7),
        ("journeys without touches that did not convert", 1, 3),
    ]


def test_missing_columns_are_said():
    found = read("path,conversions\nA > B,2\nB,3\n")
    assert found.notes == (NO_VALUES, NO_NULLS)
    assert not found.nulls_known
    assert found.paths.value.tolist() == [0.0, 0.0]


def test_nulls_that_are_all_zero_are_not_known():
    assert not read("path,conversions,nulls\nA > B,2,0\n").nulls_known


@pytest.mark.parametrize("label", ["Total", "Grand Total", "Gesamt: Konto", ""])
def test_a_totals_row_that_adds_up_is_left_out(label):
    found = read(f"path,conversions,value,nulls\nA > B,1,3,0\nB,2,3,1\n{label},3,6,1\n")
    assert found.paths.conversions.sum() == 3.0
    assert [(r.reason, r.first_line) for r in found.rejected] == [("totals row", 4)]
    assert found.unattributed_conversions == 0.0


def test_ids_are_not_read():
    found = read("path,conversion,user_id\nA > B,1,7\nB,0,8\n")
    assert found.notes[0] == '"user_id" looks like an id: not read'


def test_only_conversions_without_touches_have_no_path():
    assert "no journey has a touch" in refusal("path,conversions,nulls\n,3,1\n")


# ---- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "says"), [
    ("path,conversions,nulls\nA,-1,0\nB,1,1\n", 'p.csv, line 2, column "conversions": 1 row below zero.\n'
     "  A count of journeys cannot be negative: correct the rows."),
    ("path,conversions,value,nulls\nA,1,-2,0\nB,1,1,1\n", 'p.csv, line 2, column "value": 1 row below zero.\n'
     "  Refunds belong to the orders they undo: net them, or remove the rows."),
    ("path,conversions,nulls\nA,5,0\nB,x,1\nB,,1\nA,y,1\n", 'p.csv, line 3, column "conversions": 2 rows with no count (lines 3, '
     "5; 'x', 'y').\n  Correct the cells; write 0 where there is none."),
    ("path,conversions,value,nulls\nA,1,abc,0\n", 'p.csv, line 2, column "value": 1 row with no amount of money (\'abc\').\n'
     "  Correct the cells; write 0 where there is none."),
    ("path,conversions,nulls\nA,50 %,0\n", 'p.csv, line 2, column "conversions": 1 row with no count (\'50 %\').\n'
     "  Correct the cells; write 0 where there is none."),
    ("path,conversions,nulls\nA > \nB,1,2\n", 'p.csv, line 2, column "conversions": 1 row without an outcome.\n'
     "  Fill in conversions and nulls, or remove the row; a row broken over two lines shows so too."),
    ("path,conversions\nA,2\nB,\n", 'p.csv, line 3, column "conversions": 1 row without an outcome.\n'
     "  Fill in the conversions; a row broken over two lines shows so too."),
    ("path,conversion\nA,1\nB,0\nC,\n", 'p.csv, line 4, column "conversion": 1 row without an outcome.\n  Fill in 1 or 0.'),
    ("path,converted\nA,yes\nC,\n", 'p.csv, line 3, column "converted": 1 row without an outcome.\n'
     "  Say for every journey whether it converted."),
    ("path,converted\nA,purchase\nC,visit\n", 'p.csv, line 2, column "converted": 2 rows with a word that says nothing of a '
     'conversion (lines 2, 3; "purchase", "visit").\n  Name the word that marks one with --conversion, or write 1 and 0.'),
    ("path,conversions,value,nulls\nA,0,3,1\nB,1,1,1\n", 'p.csv, line 2, column "value": 1 row with a value and no conversion.\n'
     "  A value belongs to conversions: correct the counts, or empty the value."),
    ("path,conversions,value,nulls\nA,1,3,0\nB,2,3,1\nTotal,4,6,1\n", 'p.csv, line 4, column "path": 1 row labelled as a total, '
     "and the other rows do not add up to it.\n  Remove it if it is one. If a channel has that name, rename the channel."),
    ("path,frequency\nA,1\n", 'p.csv, line 1: no column says which journeys converted ("frequency" counts journeys).\n'
     '  Add a column "conversions". If all of them converted, call this one "conversions".'),
    ("path,nulls\nA,1\n", "p.csv, line 1: no column says which journeys converted.\n"
     '  Add a column "conversions": a count, or 1 and 0 with one journey a row.'),
    ("path,conversions,frequency\nA,3,2\n", 'p.csv, line 2, column "conversions": 1 row with more conversions than journeys.\n'
     '  "frequency" should count all journeys of the path, those without a conversion too.'),
    ("path,conversions,nulls\nA > (null),3,2\n", 'p.csv, line 2, column "conversions": 1 row whose path ends otherwise than its '
     "columns say.\n  Correct the path or the conversions."),
    ("path,conversions,nulls\nA,0,2\n", "p.csv, line 1: no journey converted: there is no credit to share.\n"
     "  Export the journeys that converted too."),
    ("path,conversions,value,nulls,currency\nA,1,2,1,EUR\nB,1,2,1,USD\n", 'p.csv, column "value": values in EUR and USD stand in '
     "one table.\n  Give all of them in one currency."),
    ("path,conversions,nulls\nA,B,1,2\nB,1,1\n", 'p.csv, line 2: 1 row with more cells than the header: an unquoted "," inside a '
     "path or a number shifts the cells.\n  Put quotation marks around such cells, or export the file again."),
])  # fmt: skip
def test_what_is_refused(text, says):
    assert refusal(text) == says


def test_a_word_that_never_comes_is_no_conversion():
    assert refusal("path,converted\nA,yes\nB,no\n", conversion=("sale",)).startswith(
        'p.csv, line 2, column "converted": 2 rows and none says sale (lines 2, 3).'
    )


def test_every_problem_is_told_at_once():
    message = refusal("path,conversions,value,nulls\nA,5,x,0\nB,1,1,y\n")
    assert message.count("Also: ") == 1
    assert 'line 2, column "value"' in message and 'line 3, column "nulls"' in message


# ---- adding up ------------------------------------------------------------------------------------


def test_sums_by_group():
    table = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert sums(np.array([2, 0, 2]), table, 4).tolist() == [[3.0, 4.0], [0.0, 0.0], [6.0, 8.0], [0.0, 0.0]]


def test_gathered_paths_are_sorted_by_channel_names():
    found = gather(["b", "unused", "a"], np.array([0, 2, 2, 0, 2], dtype=np.int32), np.array([0, 2, 3, 5]),
                   np.array([[1.0, 2, 3], [4, 5, 6], [10, 20, 30]]))  # fmt: skip
    assert same(found, Paths.of([(["b", "a"], 11, 22, 33), (["a"], 4, 5, 6)]))


# ---- real tables ----------------------------------------------------------------------------------


def test_the_well_known_table_of_paths(shared_data):
    file = shared_data / "journeys" / "pathdata_paths.csv"
    if not file.exists():
        pytest.skip("no table of paths beside the repository")
    found = read(file)
    paths = found.paths
    with file.open() as lines:
        rows = [
            (
                r["path"].split(" > "),
                float(r["total_conversions"]),
                float(r["total_conversion_value"]),
                float(r["total_null"]),
            )
            for r in csv.DictReader(lines)
        ]
    plain = Paths.of(rows)
    assert (paths.channels, paths.codes.tolist(), paths.starts.tolist()) == (
        plain.channels, plain.codes.tolist(), plain.starts.tolist(),
    )  # fmt: skip
    assert np.array_equal(paths.conversions, plain.conversions) and np.array_equal(paths.nulls, plain.nulls)
    assert np.allclose(paths.value, plain.value, rtol=1e-14)
    assert (len(paths.channels), paths.conversions.sum(), paths.nulls.sum()) == (12, 19_785, 68_602)
    assert (float((paths.lengths * paths.journeys).sum()), int(paths.lengths.max())) == (378_209, 89)
    assert round(float(paths.value.sum()), 2) == 74_802.97
    assert found.notes == ("4,592 rows with the path of another row: added to it",)


@pytest.mark.parametrize(
    ("cells", "both"),
    [(["$5", "€5"], "$ and EUR"), (["kr 5", "€5"], "EUR and kr"), (["5", "€5"], 'EUR and no currency ("5")'),
     (["5 EUR", "6 USD"], "EUR and USD"), (["0", "€5"], None), (["$5", "US$5"], None)],
)  # fmt: skip
def test_values_in_two_currencies_are_not_added_up(cells, both):
    frame = pd.DataFrame({"path": ["A > B", "B > A"], "conversions": [1, 1], "value": cells})
    if both is None:
        read(frame)
    else:
        assert f"values in {both} stand in one table" in refusal(frame)
