"""What each week knew is known for ever, and only changes are stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.history import History, open_history
from roas.history.weeks import later
from tests.history.noted import shop, spend, three_weeks

VALUES = ["spend", "conversions", "conversion_value", "impressions", "clicks"]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with open_history(tmp_path) as opened:
        yield opened


def known(frame: pd.DataFrame | None) -> dict[tuple[str, str], tuple[Any, ...]] | None:
    """A frame as (channel, day) → (spend, conversions), NaN as None."""
    if frame is None:
        return None
    rows = frame[["channel", "date", "spend", "conversions"]].itertuples(index=False)
    return {(c, str(d.date())): tuple(None if x != x else round(x, 2) for x in values) for c, d, *values in rows}


amounts = st.none() | st.integers(0, 300).map(lambda cents: cents / 100)
exports = st.dictionaries(
    st.tuples(st.sampled_from(["Meta", "Search", "=cmd()"]), st.sampled_from(["2026-11-02", "2026-11-03"])),
    st.tuples(amounts, amounts),
    max_size=6,
)
#: In any order, weeks again and again: reports are repeated, caught up and back-filled.
notings = st.lists(st.tuples(st.integers(0, 5), exports), min_size=1, max_size=8)


def frame_of(export: dict[tuple[str, str], tuple[Any, ...]]) -> pd.DataFrame:
    rows: list[Any] = [(*key, *(float("nan") if x is None else x for x in values)) for key, values in export.items()]
    return spend(*rows)


def check_what_each_week_knows(notings: Any) -> None:
    truth: dict[str, Any] = {}
    with open_history_in_memory() as history:
        for number, export in notings:
            week = later("2026-W45", number)
            history.snapshots.note(week, frame_of(export))
            truth[week] = export
        assert history.snapshots.weeks() == sorted(truth)
        for number in range(6):
            week = later("2026-W45", number)
            earlier = [each for each in truth if each <= week]
            assert known(history.snapshots.as_of(week)) == (truth[max(earlier)] if earlier else None)


@settings(max_examples=8)
@given(notings)
def test_each_week_knows_what_was_noted_of_it_whatever_came_before_or_after(notings: Any) -> None:
    check_what_each_week_knows(notings)


@pytest.mark.slow
@settings(max_examples=100)
@given(notings)
def test_each_week_knows_what_was_noted_of_it_in_many_more_histories(notings: Any) -> None:
    check_what_each_week_knows(notings)


def open_history_in_memory() -> History:
    """A history without a file: hundreds of them in a second."""
    import sqlite3

    from roas.history.schema import migrate

    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return History(Path("memory"), connection)


@settings(max_examples=8)
@given(notings)
def test_noting_what_is_known_stores_nothing(notings: Any) -> None:
    with open_history_in_memory() as history:
        for number, export in notings:
            history.snapshots.note(later("2026-W45", number), frame_of(export))
        before = history.snapshots.versions()
        for week in history.snapshots.weeks():
            frame = history.snapshots.as_of(week)
            assert frame is not None
            history.snapshots.note(week, frame)
        pd.testing.assert_frame_equal(history.snapshots.versions(), before)


@settings(max_examples=8)
@given(notings, st.integers(0, 5))
def test_forgetting_a_week_changes_no_other(notings: Any, number: int) -> None:
    with open_history_in_memory() as history:
        for each, export in notings:
            history.snapshots.note(later("2026-W45", each), frame_of(export))
        gone = later("2026-W45", number)
        others = [week for week in history.snapshots.weeks() if week != gone]
        before = [known(history.snapshots.as_of(week)) for week in others]
        history.snapshots.forget(gone)
        assert history.snapshots.weeks() == others
        assert [known(history.snapshots.as_of(week)) for week in others] == before


def test_the_last_digits_of_a_sum_are_no_restatement(history: History) -> None:
    history.snapshots.note("2026-W45", spend(("Meta", "2026-11-02", 0.1 + 0.2, 4)))
    again = spend(("Meta", "2026-11-02", 0.3, 4))
    found = history.snapshots.restated("2026-W46", again)
    assert found is not None
    assert found.empty
    history.snapshots.note("2026-W46", again)
    assert len(history.snapshots.versions()) == 1


def test_a_cent_is_a_restatement(history: History) -> None:
    history.snapshots.note("2026-W45", spend(("Meta", "2026-11-02", 1_234_567.89, 4)))
    found = history.snapshots.restated("2026-W46", spend(("Meta", "2026-11-02", 1_234_567.90, 4)))
    assert found is not None
    assert found[["kind", "spend_before", "spend_after"]].values.tolist() == [["changed", 1_234_567.89, 1_234_567.90]]


def test_restated_tells_changed_appeared_and_gone_and_leaves_news_out(history: History) -> None:
    old = spend(
        ("Meta", "2026-10-01", 9, 9),
        ("Meta", "2026-11-02", 100, 4),
        ("Meta", "2026-11-03", 100, 4),
        ("Search", "2026-11-02", 50, 2),
        ("Search", "2026-11-08", 50, 2),
    )
    new = spend(
        ("Meta", "2026-11-02", 100, 6),
        ("Meta", "2026-11-03", 100, 4),
        ("TikTok", "2026-11-05", 10, 1),
        ("TikTok", "2026-11-06", 0, 0),
        ("Search", "2026-11-08", 50, 2),
        ("Meta", "2026-11-09", 120, 3),
    )
    history.snapshots.note("2026-W45", old)
    found = history.snapshots.restated("2026-W46", new)
    assert found is not None
    rows = found.assign(date=found["date"].dt.strftime("%m-%d"))
    columns = ["channel", "date", "kind", "conversions_before", "conversions_after"]
    shown = [[None if x != x else x for x in row] for row in rows[columns].values.tolist()]
    assert shown == [
        [
            "Meta",
            "11-02",
            "changed",
            4.0,
            6.0,
        ],  # 1 October is outside the new export, zeros are nothing, 9 November is news
        ["Search", "11-02", "gone", 2.0, None],
        ["TikTok", "11-05", "appeared", None, 1.0],
    ]


def test_a_column_that_an_export_gained_restates_nothing(history: History) -> None:
    old = spend(("Meta", "2026-11-02", 100, 4), ("Meta", "2026-11-03", 100, 4))
    history.snapshots.note("2026-W45", old)
    found = history.snapshots.restated("2026-W46", old.assign(clicks=[30, 40]))
    assert found is not None
    assert found.empty


def test_without_an_earlier_snapshot_nothing_is_known(history: History) -> None:
    history.snapshots.note("2026-W46", spend(("Meta", "2026-11-02", 100, 4)))
    assert history.snapshots.as_of("2026-W45") is None
    assert history.snapshots.restated("2026-W46", spend(("Meta", "2026-11-02", 100, 5))) is None
    assert history.snapshots.as_of("2026-W46", shop=True) is None


def test_campaigns_are_added_up_and_their_names_forgotten(history: History) -> None:
    rows = spend(("Meta", "2026-11-02", 100, 4), ("Meta", "2026-11-02", 20.5, 1))
    history.snapshots.note("2026-W46", rows.assign(campaign=["Secret launch", "Other"], customer_id=["7", "8"]))
    assert known(history.snapshots.as_of("2026-W46")) == {("Meta", "2026-11-02"): (120.5, 5.0)}
    history.close()
    assert b"Secret launch" not in history.path.read_bytes()


def test_the_order_of_rows_changes_no_stored_bit() -> None:
    rows = [("Meta", "2026-11-02", spent, 1.0) for spent in (0.1, 0.2, 0.3, 1e9, 0.7)]
    found = []
    for order in (rows, rows[::-1]):
        with open_history_in_memory() as history:
            history.snapshots.note("2026-W46", spend(*order))
            found.append(history.store.rows("SELECT * FROM channel_values"))
    assert found[0] == found[1]


def test_the_shop_is_kept_beside_the_channels(history: History) -> None:
    three_weeks(history)
    assert history.snapshots.weeks(shop=True) == ["2026-W46", "2026-W47"]
    known_46 = history.snapshots.as_of("2026-W46", shop=True)
    assert known_46 is not None
    assert known_46["revenue"].tolist() == [900.0]
    assert known_46.columns.tolist() == ["date", "revenue", "orders", "sessions"]
    found = history.snapshots.restated("2026-W47", shop(("2026-11-02", 880.0), ("2026-11-09", 950.0)), shop=True)
    assert found is not None
    assert found[["revenue_before", "revenue_after"]].values.tolist() == [[900.0, 880.0]]


def test_versions_show_how_conversions_arrived(history: History) -> None:
    three_weeks(history)
    every = history.snapshots.versions()
    meta = every[(every["channel"] == "Meta") & (every["date"] == "2026-11-02")]
    assert meta[["seen", "conversions"]].values.tolist() == [["2026-W45", 4.0], ["2026-W46", 6.0], ["2026-W47", 7.0]]
    assert not every["gone"].any()
    assert set(VALUES) <= set(every.columns)
