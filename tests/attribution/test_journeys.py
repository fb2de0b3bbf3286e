"""Files of touches and paths → journeys, through the real engine."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from roas.attribution.journeys import JourneyOptions, read_journeys, refuse_nothing_sold
from roas.attribution.results import Journeys
from roas.attribution.touches import collect as collecting
from roas.errors import InputError, UsageError
from roas.io.recognise import Overrides

HEAD = "user_id,time,channel,conversion,conversion_value\n"


def written(folder: Path, rows: list[str], name: str = "touches.csv", head: str = HEAD) -> Path:
    path = folder / name
    path.write_text(head + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def as_dict(journeys: Journeys) -> dict[tuple[str, ...], tuple[float, float, float]]:
    paths = journeys.paths
    rows = zip(paths.conversions.tolist(), paths.nulls.tolist(), paths.value.tolist(), strict=True)
    return {paths.names(i): row for i, row in enumerate(rows)}


def test_journeys_end_at_conversions_and_begin_anew(tmp_path):
    file = written(tmp_path, [
        "u1,2024-05-01T10:00:00,A,0,0", "u1,2024-05-03T10:00:00,B,1,15", "u1,2024-05-04T10:00:00,A,0,0",
        "u2,2024-05-02 09:00:00,A,0,0", "u2,2024-05-02 12:00:00,,1,7.5",
    ])  # fmt: skip
    journeys, [report] = read_journeys(file)
    assert as_dict(journeys) == {("A", "B"): (1, 0, 15), ("A",): (1, 1, 7.5)}
    assert (report.rows_read, report.rows_used, report.format) == (5, 5, "journeys")
    assert journeys.days_to_convert is not None
    assert journeys.days_to_convert.tolist() == [1, 0, 1]


def test_a_window_shortens_journeys_and_says_so(tmp_path):
    file = written(tmp_path, ["u1,2024-05-01,A,0,0", "u1,2024-05-03,B,1,15", "u2,2024-05-03,B,0,0"])
    journeys, _ = read_journeys(file, JourneyOptions(lookback_days=1))
    assert as_dict(journeys) == {("B",): (1, 1, 15)}
    assert journeys.expired_touches == 1
    assert "touches more than 1 day before the end of their journey, without credit: 1" in journeys.notes


def test_a_conversion_without_a_touch_is_in_no_credit_but_told(tmp_path):
    file = written(tmp_path, ["u1,2024-01-01,A,0,0", "u1,2024-05-03,,1,99", "u2,2024-05-03,B,1,1"])
    journeys, _ = read_journeys(file)
    assert (journeys.unattributed_conversions, journeys.unattributed_value) == (1, 99)
    assert as_dict(journeys) == {("B",): (1, 0, 1)}
    assert any("without a touch in the 90 days" in note for note in journeys.notes)


def test_no_credit_goes_to_touches_after_the_conversion(tmp_path):
    file = written(tmp_path, ["u1,2024-05-01,A,1,10", "u1,2024-05-02,B,0,0"])
    assert as_dict(read_journeys(file)[0]) == {("A",): (1, 0, 10), ("B",): (0, 1, 0)}


def test_exact_repeats_count_once_and_real_twins_twice(tmp_path):
    row, sale = "u1,2024-05-01T10:00:00,A,0,0", "u1,2024-05-01T11:00:00,A,1,5"
    file = written(tmp_path, [row, row, sale, sale, "u1,2024-05-01T11:00:00,A,1,6"])
    journeys, _ = read_journeys(file)
    assert as_dict(journeys) == {("A", "A"): (1, 0, 5), ("A",): (1, 0, 6)}
    assert any(note.startswith("2 rows left out as a copy") and "1 conversion among" in note for note in journeys.notes)


def test_orders_with_numbers_of_their_own_are_orders_of_their_own(tmp_path):
    head = "user_id,time,channel,order_id,conversion,conversion_value\n"
    rows = [
        "u1,2024-05-01T10:00:00,Mail,A1,1,50",
        "u1,2024-05-01T10:00:00,Mail,A2,1,50",
        "u1,2024-05-01T10:00:00,Mail,A2,1,50",
    ]
    journeys, _ = read_journeys(written(tmp_path, rows, head=head))
    assert as_dict(journeys) == {("Mail",): (2, 0, 100)}


def test_where_only_days_are_known_equal_orders_are_kept(tmp_path):
    rows = ["u1,2024-05-01,Mail,1,50", "u1,2024-05-01,Mail,1,50", "u1,2024-04-01,Mail,0,0", "u1,2024-04-01,Mail,0,0"]
    journeys, _ = read_journeys(written(tmp_path, rows))
    assert as_dict(journeys) == {("Mail", "Mail"): (1, 0, 50), ("Mail",): (1, 0, 50)}


def test_rows_that_cannot_be_used_are_counted_with_the_money_in_them(tmp_path):
    file = written(tmp_path, ["u1,2024-05-01,A,1,10", ",2024-05-01,A,1,10", "u2,not a day,A,0,0", "u3,2024-05-01,,0,0"])
    journeys, [report] = read_journeys(file)
    assert sum(each.count for each in journeys.rejected) == 3
    assert report.rows_used == 1
    assert any("1 conversion among them worth 10" in note for note in journeys.notes)


def test_the_order_of_rows_and_the_salt_change_no_bit(tmp_path):
    rng = random.Random(3)
    rows = [
        f"u{rng.randrange(40)},2024-05-{rng.randrange(1, 29):02d}T{rng.randrange(24):02d}:00:00,{rng.choice('ABCD')},"
        f"{int(rng.random() < 0.2)},{round(rng.random() * 100, 2)}"
        for _ in range(600)
    ]
    one, _ = read_journeys(written(tmp_path, rows, "one.csv"))
    rng.shuffle(rows)
    two, _ = read_journeys(written(tmp_path, rows, "two.csv"))
    for name in ("codes", "starts", "conversions", "nulls", "value", "value_squares"):
        assert np.array_equal(getattr(one.paths, name), getattr(two.paths, name)), name
    assert one.paths.decay is not None
    assert two.paths.decay is not None
    assert np.array_equal(one.paths.decay.conversions, two.paths.decay.conversions)
    assert np.array_equal(one.paths.decay.value, two.paths.decay.value)


def test_parquet_csv_and_frame_are_one(tmp_path):
    frame = pd.DataFrame({
        "user_id": [1, 1, 2, 3], "time": pd.to_datetime(["2024-05-01 10:00", "2024-05-02 10:00", "2024-05-01 00:00", "2024-05-04 00:00"]),
        "channel": ["A", "B", "A", "B"], "conversion": [0, 1, 0, 1], "conversion_value": [0.0, 12.5, 0.0, 3.25],
    })  # fmt: skip
    frame.to_csv(tmp_path / "t.csv", index=False)
    import duckdb

    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY frame TO '{tmp_path / 't.parquet'}'")
    found = [as_dict(read_journeys(each)[0]) for each in (frame, tmp_path / "t.csv", tmp_path / "t.parquet")]
    assert found[0] == found[1] == found[2] == {("A", "B"): (1, 0, 12.5), ("A",): (0, 1, 0), ("B",): (1, 0, 3.25)}


def test_a_person_may_stand_in_several_files(tmp_path):
    may = written(tmp_path, ["7,2024-05-30,A,0,0", "8,2024-05-30,A,0,0"], "may.csv")
    june = written(tmp_path, ["7,2024-06-02,B,1,15"], "june.csv")
    journeys, reports = read_journeys([may, june])
    assert as_dict(journeys) == {("A", "B"): (1, 0, 15), ("A",): (0, 1, 0)}
    assert [report.rows_read for report in reports] == [2, 1]


def test_campaigns_can_take_the_credit(tmp_path):
    head = "user_id,time,channel,campaign,conversion,conversion_value\n"
    file = written(tmp_path, ["u1,2024-05-01,Meta,Spring,0,0", "u1,2024-05-02,Direct,,1,9"], head=head)
    journeys, _ = read_journeys(file, JourneyOptions(by="campaign"))
    assert as_dict(journeys) == {("Meta / Spring", "Direct"): (1, 0, 9)}
    assert journeys.paths.parents == ("Direct", "Meta")
    with pytest.raises(UsageError, match="campaign column"):
        read_journeys(written(tmp_path, ["u1,2024-05-01,A,1,1"]), JourneyOptions(by="campaign"))


def test_a_channel_with_a_slash_is_no_campaign_of_another(tmp_path):
    head = "user_id,time,channel,campaign,conversion,conversion_value\n"
    file = written(
        tmp_path, ["u1,2024-05-01,A,B,0,0", "u1,2024-05-02,A / B,,1,9", "u2,2024-05-02,google / cpc,x,1,1"], head=head
    )
    journeys, _ = read_journeys(file, JourneyOptions(by="campaign"))
    assert journeys.paths.channels == ("A / B", "A / B (campaign)", "google / cpc / x (campaign)")
    assert journeys.paths.parents == ("A / B", "A", "google / cpc")


def test_direct_traffic_with_a_campaign_is_still_direct(tmp_path):
    from roas.attribution.models import attribute_paths

    head = "user_id,time,channel,campaign,conversion,conversion_value\n"
    file = written(tmp_path, ["u1,2024-05-01,Search,brand,0,0", "u1,2024-05-02,direct,(direct),1,9"], head=head)
    paths = read_journeys(file, JourneyOptions(by="campaign"))[0].paths
    credit = attribute_paths(paths, ["last_non_direct"])["last_non_direct"]
    assert dict(zip(paths.channels, credit.conversions, strict=True)) == {"Search / brand": 1, "direct / (direct)": 0}


def test_very_many_names_are_cut_to_those_with_the_most_touches(tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "MOST_NAMES", 2)
    rows = ["u1,2024-05-01,A,0,0", "u2,2024-05-01,A,0,0", "u1,2024-05-02,B,0,0", "u3,2024-05-02,B,0,0",
            "u1,2024-05-03,C,0,0", "u1,2024-05-04,D,1,4"]  # fmt: skip
    journeys, _ = read_journeys(written(tmp_path, rows))
    assert journeys.paths.channels == ("(2 others)", "A", "B")
    assert journeys.bucket == "(2 others)"
    assert as_dict(journeys)["A", "B", "(2 others)", "(2 others)"] == (1, 0, 4)
    assert any("told apart" in note for note in journeys.notes)


def test_weeks_are_kept_where_they_are_asked_for(tmp_path):
    file = written(tmp_path, ["u1,2024-05-05,A,1,1", "u2,2024-05-06,A,1,1"])
    journeys, _ = read_journeys(file, JourneyOptions(weekly=True))
    assert journeys.paths.periods is not None
    assert sorted(np.datetime64(int(day), "D").astype(str) for day in journeys.paths.periods) == [
        "2024-04-29",
        "2024-05-06",
    ]


@pytest.mark.parametrize("option", [{"weekly": True}, {"by": "campaign"}])
def test_paths_refuse_what_needs_times(tmp_path, option):
    file = written(tmp_path, ["A > B,2,30,0"], head="path,conversions,value,nulls\n")
    with pytest.raises(UsageError, match="paths"):
        read_journeys(file, JourneyOptions(**option))


def test_what_is_no_journey_is_refused_by_name(tmp_path):
    file = written(tmp_path, ["2024-05-01,Meta,10"], "spend.csv", head="date,channel,spend\n")
    with pytest.raises(InputError, match=r"spend\.csv, line 1: no user or journey id column"):
        read_journeys(file)


def test_an_empty_file_and_one_without_a_usable_row_are_refused(tmp_path):
    with pytest.raises(InputError):
        read_journeys(written(tmp_path, []))
    with pytest.raises(InputError, match="touches"):
        read_journeys(written(tmp_path, [",2024-05-01,A,1,1", ",2024-05-01,B,0,0"]))


def test_ids_are_not_in_what_is_kept(tmp_path):
    secret = "maria.jansen@example.org"
    journeys, reports = read_journeys(written(tmp_path, [f"{secret},2024-05-01,A,1,1"]))
    assert secret not in repr(journeys) + repr(reports)


def test_the_reference_touches(shared_data):
    journeys, [report] = read_journeys(shared_data / "journeys" / "touchpoints_5ch_2018.csv")
    paths = journeys.paths
    assert (paths.journeys.sum(), paths.conversions.sum(), paths.value.sum()) == (9506, 1838, 11423.5)
    assert report.rows_read == 62483


@pytest.mark.slow
@pytest.mark.spark
def test_spark_gives_the_very_same_paths(tmp_path):
    rng = random.Random(5)
    rows = [
        f"u{rng.randrange(300)},2024-0{rng.randrange(1, 7)}-{rng.randrange(1, 29):02d} {rng.randrange(24):02d}:"
        f"{rng.randrange(60):02d}:00,{rng.choice(['Paid search', 'Meta', 'E-mail', 'Direct'])},"
        f"{int(rng.random() < 0.1)},{round(rng.random() * 100, 2)}"
        for _ in range(5_000)
    ]
    file = written(tmp_path, [*rows, *rows[:50], "u1,2024-05-01 10:00:00,,1,5", ",2024-05-01 10:00:00,Meta,1,5"])
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM read_csv('{file}')) TO '{tmp_path / 'touches.parquet'}'")
    for given in (file, tmp_path / "touches.parquet"):
        one, [report] = read_journeys(given, JourneyOptions(weekly=True))
        two, [other] = read_journeys(given, JourneyOptions(weekly=True, engine="spark", spark_master="local[2]"))
        assert one.paths.channels == two.paths.channels
        for name in ("codes", "starts", "conversions", "nulls", "value", "value_squares", "periods"):
            assert np.array_equal(getattr(one.paths, name), getattr(two.paths, name)), name
        for name in ("conversions", "value", "squares"):
            assert np.array_equal(getattr(one.paths.decay, name), getattr(two.paths.decay, name)), name
        assert (one.notes, one.rejected, report.rows_used) == (two.notes, two.rejected, other.rows_used)


def test_without_any_conversion_there_is_nothing_to_share(tmp_path):
    none = written(tmp_path, ["u1,2024-05-01,A,0,0", "u2,2024-05-02,B,0,0"])
    with pytest.raises(InputError, match=r"no journey converted: there is no credit to share\.\n.*--conversion WORD"):
        refuse_nothing_sold(*read_journeys(none))
    beside = written(tmp_path, ["u1,2024-05-03,A,1,5"], "more.csv")
    refuse_nothing_sold(*read_journeys([none, beside]))
    lonely = written(tmp_path, ["u1,2024-05-01,A,0,0", "u2,2024-05-02,,1,9"], "lonely.csv")
    refuse_nothing_sold(*read_journeys(lonely))  # one, without a touch before it


def test_names_that_differ_in_spelling_only_are_said(tmp_path):
    rows = [f"u{i},2024-05-01,{name},1,5" for i, name in enumerate(["facebook", "Facebook", "Face  book", "Mail"])]
    journeys, _ = read_journeys(written(tmp_path, rows))
    assert 'channels that differ in spelling only are kept apart: "Facebook" and "facebook"' in journeys.notes


@pytest.mark.parametrize(
    ("maps", "says"),
    [
        ({"user": ("zzz",)}, '--map user="zzz": no file has a column "zzz". Found: "user_id", "time"'),
        ({"time": ("tine",)}, '--map time="tine": no file has a column "tine". Did you mean "time"?'),
        ({"revenue": ("time",)}, "--map revenue: journeys have no such column"),
    ],
)
def test_a_map_that_fits_no_file_is_refused(tmp_path, maps, says):
    file = written(tmp_path, ["u1,2024-05-01,A,1,1"])
    with pytest.raises(UsageError) as caught:
        read_journeys(file, JourneyOptions(columns=Overrides(maps), given=frozenset(["--map"])))
    assert says in str(caught.value)


def test_options_that_cannot_apply_are_refused(tmp_path):
    paths = written(tmp_path, ["A > B,2,30,0"], head="path,conversions,value,nulls\n")
    for option in ("--lookback", "--half-life", "--date-format"):
        with pytest.raises(UsageError, match=f"{option} needs touches with times"):
            read_journeys(paths, JourneyOptions(given=frozenset([option])))
    wide = written(tmp_path, ["A,B,1"], head="touch 1,touch 2,conversion\n", name="wide.csv")
    for file in (written(tmp_path, ["u1,2024-05-01,A,1,1"], "touches.csv"), wide):
        with pytest.raises(UsageError, match="--separator splits"):
            read_journeys(file, JourneyOptions(separator=">"))
