"""Journeys with one touch a column."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.attribution.paths import Paths
from roas.attribution.tables.path_table import read_path_table
from roas.errors import RoasError
from roas.io.numbered import numbered_columns
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.recognise import Overrides, recognise
from roas.io.sources import Source, sources_of


def read(given, *, role=None, **options):
    sources = [Source("w.csv", data=given.encode())] if isinstance(given, str) else sources_of(given)
    table = recognise(next(read_source(sources[0], vocabulary())), Overrides(), role=role)[0]
    assert (table.platform.format, table.role) == ("paths", "journeys")
    return read_path_table(table, **options)


def refusal(given, **options):
    with pytest.raises(RoasError) as caught:
        read(given, **options)
    return str(caught.value)


def rows_of(paths):
    return {
        paths.names(i): (float(paths.conversions[i]), float(paths.value[i]), float(paths.nulls[i]))
        for i in range(len(paths.conversions))
    }


JOURNEYS = st.lists(
    st.tuples(st.lists(st.sampled_from(["A", "B b", "c"]), min_size=1, max_size=5), st.booleans()),
    min_size=1,
    max_size=8,
).filter(lambda rows: any(converted for _, converted in rows))


@given(JOURNEYS)
@settings(max_examples=15)
def test_journeys_come_back_as_they_were_written(rows):
    lines = [",".join([*names, *[""] * (5 - len(names)), str(int(won)), "2.5" if won else ""]) for names, won in rows]
    found = read("touch_1,touch_2,touch_3,touch_4,touch_5,conversion,value\n" + "\n".join(lines) + "\n")
    expected = Paths.of([(names, won, 2.5 * won, not won) for names, won in rows])
    assert rows_of(found.paths) == rows_of(expected)
    assert found.paths.channels == expected.channels
    assert found.nulls_known == any(not won for _, won in rows)


@given(JOURNEYS)
@settings(max_examples=15)
def test_a_mark_after_the_touches_says_the_same(rows):
    lines = [",".join([*names, *["21"] * won, *[""] * (6 - won - len(names))]) for names, won in rows]
    found = read("t1,t2,t3,t4,t5,t6\n" + "\n".join(lines) + "\n", conversion=("21",))
    assert rows_of(found.paths) == rows_of(Paths.of([(names, won, 0, not won) for names, won in rows]))


@pytest.mark.parametrize(("headers", "asked", "columns"), [
    (["touch_1", "touch_2"], False, [0, 1]), (["id", "Channel2", "Channel1", "x"], False, [2, 1]),
    (["R05A.01", "R05A.02", "R05A.03", "R05A.04", "R05A.05", "Output"], False, [0, 1, 2, 3, 4]),
    (["1", "2", "3"], True, [0, 1, 2]), (["1", "2", "3"], False, []), (["touch_0", "touch_1"], False, [0, 1]),
    (["touch_1", "touch_3"], True, []), (["touch_1"], True, []), (["price_1", "price_2"], False, []),
    (["time_1", "touch_1", "time_2", "touch_2"], False, [1, 3]),
])  # fmt: skip
def test_which_columns_are_touches(headers, asked, columns):
    assert numbered_columns(headers, asked=asked) == columns


def test_gaps_and_conversions_without_touches_are_said():
    found = read("touch_1,touch_2,touch_3,converted,value\nA,,C,yes,\nB,A,,no,\n,,,yes,3\n,,,no,\n")
    assert rows_of(found.paths) == {("A", "C"): (1.0, 0.0, 0.0), ("B", "A"): (0.0, 0.0, 1.0)}
    assert (found.unattributed_conversions, found.unattributed_value) == (1.0, 3.0)
    assert found.notes[:2] == (
        "1 row with an empty column between touches: closed",
        "1 row with conversions and no value: the value is read as 0",
    )
    assert [(r.reason, r.count, r.first_line) for r in found.rejected] == [("row without touches or conversion", 1, 5)]


def test_a_row_is_cut_at_its_conversions():
    found = read("touch_1,touch_2,touch_3,touch_4\nA,B,21,\nA,21,C,21\nB,21,21,A\n", conversion=("21",))
    assert rows_of(found.paths) == {
        ("A", "B"): (1.0, 0.0, 0.0), ("A",): (1.0, 0.0, 1.0), ("C",): (1.0, 0.0, 0.0), ("B",): (1.0, 0.0, 0.0),
    }  # fmt: skip
    assert found.unattributed_conversions == 1.0
    assert found.notes[0] == "2 rows with touches after a conversion: cut there, a journey ends at its conversion"


def test_a_word_for_the_conversion_needs_no_option():
    found = read("touch_1,touch_2,touch_3,value\nA,B,(conversion),3\nA,C,,\n")
    assert rows_of(found.paths) == {("A", "B"): (1.0, 3.0, 0.0), ("A", "C"): (0.0, 0.0, 1.0)}


def test_words_for_both_outcomes():
    found = read("touch_1,touch_2,touch_3\nA,B,(conversion)\nA,C,(null)\n")
    assert rows_of(found.paths) == {("A", "B"): (1.0, 0.0, 0.0), ("A", "C"): (0.0, 0.0, 1.0)}


def test_what_stands_last_in_every_row_is_the_mark():
    found = read("touch_1,touch_2,touch_3\nA,B,21\nA,21,\nB,A,21\n")
    assert rows_of(found.paths) == {("A", "B"): (1.0, 0.0, 0.0), ("A",): (1.0, 0.0, 0.0), ("B", "A"): (1.0, 0.0, 0.0)}
    assert found.notes[0] == '"21" always stands last, in every row: it is read as the mark of a conversion'


def test_a_mark_in_some_rows_must_be_beyond_chance():
    some = [
        f"{a},{b},21" if (i % 2) else f"{b},{a}," for i, (a, b) in enumerate([("A", "B"), ("B", "A"), ("A", "A")] * 30)
    ]
    found = read("touch_1,touch_2,touch_3\n" + "\n".join(some) + "\n")
    assert found.paths.conversions.sum() == 45.0 and found.paths.nulls.sum() == 45.0
    assert "in 45 rows" in found.notes[0]
    assert refusal("touch_1,touch_2,touch_3\n" + "\n".join(some[:6]) + "\n") == (
        "w.csv, line 1: nothing says which journeys converted.\n"
        '  Add a column "conversion" with 1 or 0, or name the cell that marks a conversion: --conversion "21".'
    )


def test_codes_of_a_frame_are_whole_numbers():
    frame = pd.DataFrame({"touch1": [16.0, 2, 3], "touch2": [2, None, 21.0], "touch3": [21.0, None, None]})
    expected = {("16", "2"): (1.0, 0.0, 0.0), ("2",): (0.0, 0.0, 1.0), ("3",): (1.0, 0.0, 0.0)}
    assert rows_of(read(frame, conversion=("21",)).paths) == expected
    assert rows_of(read(frame.to_csv(index=False), conversion=("21",)).paths) == expected


@pytest.mark.parametrize(("text", "options", "says"), [
    ("touch_1,touch_2\nA,B\nB,A\n", {"conversion": ("21",)}, 'w.csv, line 1: no cell says "21".\n  Add a column "conversion" with '
     '1 or 0, or name the cell that marks a conversion: --conversion "21".'),
    ("touch_1,touch_2,conversion,value\nA,B,1,5\nA,B,0,4\n", {}, 'w.csv, line 3, column "value": 1 row with a value and no '
     "conversion.\n  A value belongs to conversions: correct the counts, or empty the value."),
    ("touch_1,touch_2,value\nA,B,5\nA,21,4\n", {"conversion": ("21",)}, 'w.csv, line 2, column "value": 1 row with a value and '
     "no conversion.\n  A value belongs to a conversion: mark it, or empty the value."),
    ("touch_1,touch_2,touch_3,value\n21,B,21,5\nA,21,,4\n", {"conversion": ("21",)}, 'w.csv, line 2, column "value": 1 row with '
     "one value and several conversions.\n  Give each journey a row of its own, with its own value."),
    ("touch_1,touch_2,conversion\nA,B,maybe\n", {}, 'w.csv, line 2, column "conversion": 1 row with a word that says nothing of a '
     'conversion ("maybe").\n  Name the word that marks one with --conversion, or write 1 and 0.'),
    ("touch_1,touch_2,conversion\nA,B,0\n", {}, "w.csv, line 1: no journey converted: there is no credit to share.\n"
     "  Export the journeys that converted too."),
    ("touch_1,touch_2,touch_3,conversion\nA,(conversion),B,1\n", {}, 'w.csv, line 2: "(conversion)" stands in the middle of a path '
     '("A > (conversion) > B").\n  Give each journey a row of its own: it ends at its conversion.'),
    ("touch_1,touch_2,conversion\n,,1\n", {}, "w.csv, line 1: no journey has a touch.\n  Check the numbered columns."),
    ("touch_1,touch_2,conversion\nA,B,1,2\n", {}, 'w.csv, line 2: 1 row with more cells than the header: an unquoted "," inside '
     "a path or a number shifts the cells.\n  Put quotation marks around such cells, or export the file again."),
])  # fmt: skip
def test_what_is_refused(text, options, says):
    assert refusal(text, **options) == says


def test_big_files_read_as_small_ones(tmp_path, monkeypatch):
    file = tmp_path / "w.csv"
    file.write_text("touch_1,touch_2,touch_3,conversion\n" + "A,B,,1\nB,,A,0\n" * 200)
    small = read(file)
    monkeypatch.setattr("roas.io.readers.BIG_FILE_BYTES", 0)
    big = read(file)
    assert rows_of(small.paths) == rows_of(big.paths) == {("A", "B"): (200.0, 0.0, 0.0), ("B", "A"): (0.0, 0.0, 200.0)}
    assert small.notes == big.notes


def test_converting_journeys_with_a_code_for_the_conversion(shared_data):
    file = shared_data / "journeys" / "converting_journeys_wide.csv"
    if not file.exists():
        pytest.skip("no wide journeys beside the repository")
    found = read(file)
    paths = found.paths
    assert (len(paths.channels), paths.conversions.sum(), paths.nulls.sum()) == (20, 2_392, 0)
    assert (paths.lengths * paths.journeys).sum() == 11_176
    assert "21" not in paths.channels
    assert not found.nulls_known
