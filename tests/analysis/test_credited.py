"""Attribution beside claims and effects: one span of dates, sums that add up, nothing divided that differs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roas
from roas.analysis import credited
from roas.analysis.credited_dates import without_weeks
from roas.analysis.credited_document import credited_document
from roas.attribution.paths import Decay, Paths
from roas.errors import UsageError
from roas.io.load import LoadOptions, merge_files, read_files
from roas.simulator import simulate

START = pd.Timestamp("2025-01-06")  # a Monday


def account(days: int = 56, channels: tuple[str, ...] = ("Meta", "Search"), **changes: Any) -> pd.DataFrame:
    """Spend 10 a day and channel, 20 on the second; claims of three times that."""
    rows = [
        {"date": day, "channel": name, "spend": 10.0 * 2**place}
        for day in pd.date_range(START, periods=days)
        for place, name in enumerate(channels)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(conversion_value=3 * frame["spend"], currency="EUR").assign(**changes)


def till(days: int = 56, amount: float = 100.0) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range(START, periods=days), "revenue": amount})


def touches(
    days: int = 56, *, start: pd.Timestamp = START, names: tuple[str, str] = ("Meta", "Search"), value: float = 40.0
) -> pd.DataFrame:
    """One person a day, two touches within it; every second one converts. No journey crosses midnight."""
    rows: list[tuple[Any, ...]] = []
    for place, day in enumerate(pd.date_range(start, periods=days)):
        person = f"p{day:%Y%m%d}"
        rows.append((person, f"{day:%Y-%m-%d}T09:00:00", names[0], 0, ""))
        sold = place % 2
        rows.append((person, f"{day:%Y-%m-%d}T10:00:00", names[1], sold, value if sold else ""))
    return pd.DataFrame(rows, columns=["user", "time", "channel", "conversion", "conversion_value"])


@dataclass(frozen=True)
class Model:
    """As much of `ResponseResults` as is used here: each draw is the same every period."""

    draws: dict[str, list[float]]  # per channel: revenue caused a period, one number a draw
    periods: int
    grain: str = "day"
    first: str = "2025-01-06"
    identified: str = "identified"
    converged: bool = True

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(self.draws)

    @property
    def data(self) -> Any:
        step = 7 if self.grain == "week" else 1
        dates = np.datetime64(self.first) + step * np.arange(self.periods)
        return SimpleNamespace(dates=dates, grain=self.grain, channels=self.channels)

    @property
    def curves(self) -> Any:
        values = list(self.draws.values())
        return SimpleNamespace(contribution=lambda c: np.outer(values[c], np.ones(self.periods)))

    def channel(self, name: str) -> Any:
        assert name in self.draws
        return SimpleNamespace(verdict=SimpleNamespace(identified=self.identified))


def beside(
    spend: pd.DataFrame, journeys: Any, model: Any = None, revenue: pd.DataFrame | None = None
) -> credited.Credited:
    tables = merge_files(read_files(spend, revenue, options=LoadOptions()), LoadOptions())
    found, reports = credited.read(journeys, LoadOptions())
    return credited.credited(tables, found, reports, model)


def steady(**draws: float) -> dict[str, list[float]]:
    """Draws of which the 5, 50 and 95 % points are half, all and twice the number."""
    return {name: list(each * np.repeat([0.5, 1.0, 2.0], [10, 81, 10])) for name, each in draws.items()}


# ---- figures by hand ---------------------------------------------------------------------------------


def test_one_channel_by_hand() -> None:
    found = beside(account(), touches(), Model(steady(Meta=5.0, Search=8.0), 56))
    meta = {row.channel: row for row in found.rows}["Meta"]
    assert (meta.spend, meta.claimed) == (560.0, 1680.0)
    assert meta.attributed is not None
    # 28 orders of 40; first touch credits Meta with all, last touch with none
    assert (meta.attributed.lowest, meta.attributed.highest) == (0.0, 1120.0)
    assert meta.attributed.value == pytest.approx(560.0)  # both are in every journey: half each
    assert meta.conversions == pytest.approx(14.0)
    assert meta.caused is not None
    assert (meta.caused.p5, meta.caused.p50, meta.caused.p95) == (140.0, 280.0, 560.0)
    assert meta.over_claim == pytest.approx(3.0)
    assert meta.credit_over_cause == pytest.approx(2.0)
    assert meta.attributed_roas == pytest.approx(1.0)
    assert meta.incremental_roas is not None
    assert meta.incremental_roas.p50 == 0.5


def test_rows_stand_by_spend_and_add_up_to_the_total() -> None:
    found = beside(account(), touches(), Model(steady(Meta=5.0, Search=8.0), 56))
    assert [row.channel for row in found.rows] == ["Search", "Meta"]
    total = found.total
    assert total is not None
    assert total.attributed is not None
    assert total.spend == sum(row.spend for row in found.rows)
    assert total.attributed.value == pytest.approx(found.attribution.value)
    assert total.attributed.lowest == total.attributed.highest == 1120.0  # every model shares out all of it
    assert total.caused is not None
    assert total.caused.p50 == 13 * 56


def test_ratios_of_the_total_leave_out_channels_that_lack_a_side() -> None:
    spend = account()
    spend.loc[spend["channel"] == "Search", "conversion_value"] = np.nan
    total = beside(spend, touches(), Model(steady(Meta=5.0), 56)).total
    assert total is not None
    assert total.over_claim == pytest.approx(1680 / 560)
    assert total.credit_over_cause == pytest.approx(560 / 280)
    assert total.incremental_roas is not None
    assert total.incremental_roas.p50 == 0.5
    assert total.attributed_roas == pytest.approx(1120 / 1680)


def test_credit_is_that_of_attribution_alone_to_the_last_digit() -> None:
    found, alone = beside(account(), touches()).attribution, roas.attribute(touches())
    assert list(found.credits) == list(alone.credits)
    for name, credit in alone.credits.items():
        assert np.array_equal(found.credits[name].value, credit.value)
        ranges = found.credits[name].conversions_interval, credit.conversions_interval
        assert ranges[0] is not None and ranges[1] is not None
        assert np.array_equal(ranges[0], ranges[1])


def test_names_match_whatever_their_case_and_spellings_are_added_up() -> None:
    journeys = pd.concat([touches(names=(" META ", "TV")), touches(names=("meta", "Café")).assign(user="x")])
    found = beside(account(channels=("Meta", "cafe", "Radio")), journeys)
    assert {row.channel for row in found.rows} == {"Meta", "cafe"}
    assert found.only_journeys == ("TV",)
    assert found.only_spend == ("Radio",)
    values = dict(zip(found.attribution.channels, found.attribution.leading.value, strict=True))
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert meta.attributed is not None
    assert meta.attributed.value == pytest.approx(sum(v for name, v in values.items() if name.casefold() == "meta"))


# ---- dates ---------------------------------------------------------------------------------------------


def test_journeys_inside_the_spend_keep_all_and_money_is_of_their_days() -> None:
    found = beside(account(), touches(20, start=START + pd.Timedelta(days=10)), Model(steady(Meta=5.0, Search=1.0), 56))
    assert found.dates.whole
    assert found.dates.same
    assert (str(found.dates.start), str(found.dates.end)) == ("2025-01-16", "2025-02-04")
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert (meta.spend, meta.claimed) == (200.0, 600.0)
    assert meta.caused is not None
    assert meta.caused.p50 == 100.0


def test_journeys_beyond_the_spend_are_cut_to_whole_weeks() -> None:
    spend = account(45)  # to Wednesday of the seventh week
    found = beside(spend, touches(140, start=START - pd.Timedelta(days=42)))
    assert not found.dates.whole
    assert (str(found.dates.start), str(found.dates.end)) == ("2025-01-06", "2025-02-16")
    # the same as the journeys of those six weeks alone
    alone = roas.attribute(
        touches(140, start=START - pd.Timedelta(days=42)).query("'2025-01-06' <= time < '2025-02-17'")
    )
    assert found.attribution.conversions == alone.conversions == 21
    for name, credit in alone.credits.items():
        assert found.attribution.credits[name].value == pytest.approx(credit.value)
        assert found.attribution.credits[name].value_interval == pytest.approx(credit.value_interval)
    assert next(row.spend for row in found.rows if row.channel == "Meta") == 420.0
    assert "98 of 140 journeys ended outside 2025-01-06 to 2025-02-16" in " ".join(found.attribution.notes)


def test_estimates_of_fewer_weeks_narrow_the_dates() -> None:
    found = beside(account(), touches(), Model(steady(Meta=35.0, Search=7.0), 4, grain="week", first="2025-01-13"))
    assert (str(found.dates.start), str(found.dates.end)) == ("2025-01-13", "2025-02-09")
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert meta.caused is not None
    assert (meta.spend, meta.caused.p50) == (280.0, 140.0)
    assert meta.attributed is not None
    assert meta.attributed.value == pytest.approx(14 * 40 / 2)


def test_a_week_that_lies_inside_in_part_counts_in_that_part() -> None:
    found = beside(
        account(), touches(17, start=START + pd.Timedelta(days=2)), Model(steady(Meta=35.0), 8, grain="week")
    )
    assert found.dates.days == 17
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert meta.caused is not None
    assert (meta.spend, meta.caused.p50) == (170.0, 5.0 * 17)


def test_spend_by_week_is_taken_by_days() -> None:
    spend = account().assign(date=lambda f: f["date"] - pd.to_timedelta(f["date"].dt.day_of_week, unit="D"))
    spend = spend.groupby(["date", "channel", "currency"], as_index=False).sum()
    found = beside(spend, touches(17, start=START + pd.Timedelta(days=2)))
    assert {row.channel: row.spend for row in found.rows} == {"Meta": 170.0, "Search": 340.0}


def test_an_export_of_one_months_orders_does_not_begin_with_its_first_touch() -> None:
    """Orders of four weeks, each with a touch eight weeks before: nothing was credited in between."""
    orders = touches(28, start=START + pd.Timedelta(days=56))
    early = orders["conversion"].eq(0) & orders["channel"].eq("Meta")
    when = pd.to_datetime(orders["time"]) - pd.to_timedelta(np.where(early, 56, 0), unit="D")
    found = beside(account(84), orders.assign(time=when.dt.strftime("%Y-%m-%dT%H:%M:%S")))
    assert (str(found.dates.start), str(found.dates.end)) == ("2025-03-03", "2025-03-30")
    assert {row.spend for row in found.rows} == {280.0, 560.0}


def test_fewer_than_two_weeks_in_common_divide_nothing() -> None:
    found = beside(account(), touches(60, start=START + pd.Timedelta(days=50)), Model(steady(Meta=5.0), 56))
    assert found.dates.same is False
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert (meta.spend, meta.claimed) == (560.0, 1680.0)
    assert meta.attributed is not None
    assert meta.attributed.value == pytest.approx(600.0)
    assert (meta.over_claim, meta.credit_over_cause, meta.attributed_roas) == (None, None, None)
    assert meta.incremental_roas is not None  # both of its sides are of the spend's dates
    assert found.attribution.scaled is None
    assert found.notes == (
        "Journeys (2025-02-25 to 2025-04-25) and spend (2025-01-06 to 2025-03-02) share fewer than 14 days. "
        "Each stands for its own dates, and they are not divided by one another.",
    )


def test_paths_without_dates_are_compared_with_a_caveat() -> None:
    paths = pd.DataFrame(
        {"path": ["Meta > Search", "Meta"], "conversions": [30, 10], "value": [900, 300], "nulls": [60, 90]}
    )
    found = beside(account(), paths, Model(steady(Meta=5.0), 56))
    assert found.dates.same is None
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert meta.attributed is not None
    assert meta.over_claim == pytest.approx(1680 / meta.attributed.value)
    assert found.notes == (
        "The journeys carry no dates. All beside them is of 2025-01-06 to 2025-03-02: "
        "compare only if the journeys are of the same time.",
    )
    assert found.attribution.scaled is not None
    assert found.attribution.scaled.caused.notes == found.notes


# ---- what is not known ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [None, Model(steady(Meta=5.0), 56, converged=False), Model({}, 56)])
def test_without_estimates_credit_stands_beside_claims_only(model: Any) -> None:
    found = beside(account(), touches(), model)
    assert not found.estimated
    assert found.attribution.scaled is None
    for row in found.rows:
        assert (row.caused, row.credit_over_cause, row.incremental_roas, row.identified) == (None, None, None, None)
        assert row.over_claim is not None


def test_journeys_without_value_are_not_compared_with_money() -> None:
    found = beside(account(), touches().drop(columns="conversion_value"), Model(steady(Meta=5.0), 56))
    meta = next(row for row in found.rows if row.channel == "Meta")
    assert (meta.attributed, meta.over_claim, meta.credit_over_cause) == (None, None, None)
    assert meta.conversions == pytest.approx(14.0)
    assert "carry no value" in found.notes[0]


def test_conversions_without_a_touch_give_no_credit_and_no_crash() -> None:
    journeys = touches()
    journeys.loc[journeys["conversion"].eq(1), "channel"] = ""
    journeys.loc[journeys["conversion"].eq(1), "user"] += "x"
    found = beside(account(), journeys, Model(steady(Meta=5.0), 56))
    assert found.model is None
    document = credited_document(found)
    assert (document["leading"], document["models"]) == (None, [])
    assert document["unattributed"] == {"conversions": 28, "value": 1120}
    assert all(row.attributed is None for row in found.rows)


def test_revenue_is_that_of_the_same_dates_or_none() -> None:
    days = touches(20, start=START + pd.Timedelta(days=10))
    assert beside(account(), days, revenue=till()).revenue == 2000.0
    assert beside(account(), days, revenue=till(15)).revenue is None


def test_another_currency_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        beside(account(), touches().assign(currency="USD"))
    assert str(caught.value) == (
        "--journeys is in USD and the account is in EUR.\n  Give the values of the journeys in EUR."
    )


@pytest.mark.parametrize("claim", [0.0, -50.0])
def test_claims_of_nothing_and_refunds_are_figures(claim: float) -> None:
    found = beside(account(conversion_value=claim), touches(value=-5.0))
    json.dumps(credited_document(found), allow_nan=False)
    assert all(row.over_claim is None for row in found.rows)  # credit is below zero


# ---- the whole command ---------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> Path:
    account().to_csv(tmp_path / "spend.csv", index=False)
    till().to_csv(tmp_path / "till.csv", index=False)
    touches().to_csv(tmp_path / "touches.csv", index=False)
    return tmp_path


def test_analyze_lists_the_file_and_matches_the_schemas(files: Path) -> None:
    result = roas.analyze(files / "spend.csv", files / "till.csv", journeys=files / "touches.csv", model=False)
    document = result.to_dict()
    jsonschema.validate(document, roas.schema("analysis"))
    assert [entry["format"] for entry in document["inputs"]][-1] == "journeys"
    assert not any("not used" in note for entry in document["inputs"] for note in entry["notes"])
    found = document["attribution"]
    assert found["window"] == {
        "start": "2025-01-06", "end": "2025-03-02", "same_dates": True,
        "journeys": {"start": "2025-01-06", "end": "2025-03-02"},
    }  # fmt: skip
    assert found["totals"]["revenue"] == 5600.0
    assert result.attribution is not None
    whole = result.attribution.to_dict()
    jsonschema.validate(whole, roas.schema("attribution"))
    assert whole["run"]["version"] == document["run"]["version"]
    credit = {row["channel"]: row["value"] for row in whole["models"][found["leading"]]}
    assert {row["channel"]: row["attributed_revenue"]["value"] for row in found["channels"]} == pytest.approx(credit)


def test_without_journeys_the_field_is_null() -> None:
    result = roas.analyze(account(), model=False)
    assert result.to_dict()["attribution"] is None
    assert result.attribution is None


def test_several_files_are_one_set_of_journeys(files: Path) -> None:
    whole = touches()
    parts = [files / "one.csv", files / "two.csv"]
    for path, rows in zip(parts, (whole[:51], whole[51:]), strict=True):
        rows.to_csv(path, index=False)
    one, two = (roas.analyze(account(), journeys=given, model=False) for given in (files / "touches.csv", parts))
    assert one.to_dict()["attribution"] == two.to_dict()["attribution"]


def test_the_order_of_rows_changes_nothing(files: Path) -> None:
    texts = []
    for seed in (None, 1):
        rows = touches() if seed is None else touches().sample(frac=1, random_state=seed)
        document = roas.analyze(account(), till(), journeys=rows, model=False).to_dict()
        texts.append(json.dumps(document["attribution"]))
    assert texts[0] == texts[1]


def test_columns_of_the_journeys_alone_may_be_named(files: Path) -> None:
    rows = touches().rename(columns={"user": "who exactly"})
    result = roas.analyze(account(), journeys=rows, model=False, map={"user": "who exactly"})
    assert result.credited is not None
    assert result.credited.attribution.conversions == 28


def test_what_is_no_file_of_journeys_is_refused(files: Path) -> None:
    with pytest.raises(roas.RoasError, match="no user or journey id column"):
        roas.analyze(account(), journeys=till(), model=False)


@pytest.mark.slow
def test_a_simulated_account_with_its_own_estimates() -> None:
    tables, _ = simulate(seed=1, weeks=60, grain="week")
    names = list(dict.fromkeys(tables["spend"]["channel"]))[:2]
    first = pd.Timestamp(tables["spend"]["date"].min())
    journeys = touches(420, start=first, names=(names[0], names[1]), value=900.0)
    result = roas.analyze(tables["spend"], tables["revenue"], journeys=journeys)
    document = result.to_dict()
    jsonschema.validate(document, roas.schema("analysis"))
    assert result.credited is not None
    assert result.credited.dates.days == 420
    by_name = {row["channel"]: row["incremental"] for row in document["channels"]}
    for row in document["attribution"]["channels"]:  # the whole window: to the digit what the channels say
        assert row["incremental_revenue"] == by_name[row["channel"]]["revenue"]
        assert row["incremental_roas"] == pytest.approx(by_name[row["channel"]]["roas"], rel=1e-5)


# ---- weeks put together --------------------------------------------------------------------------------

outcome = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 900))
weekly = st.lists(
    st.tuples(st.text("ABC", min_size=1, max_size=4), st.integers(0, 3), outcome), min_size=1, max_size=30
)


@settings(max_examples=60)
@given(weekly)
def test_weeks_put_together_are_the_paths_as_if_never_apart(rows: list[tuple[str, int, tuple[int, int, int]]]) -> None:
    names = [path for path, _, _ in rows]
    codes = np.array(["ABCD".index(c) for path in names for c in path], dtype=np.int32)
    lengths = [len(path) for path in names]
    numbers = np.array([each for _, _, each in rows], dtype=float)
    shares = np.arange(len(codes), dtype=float)
    paths = Paths(
        ("A", "B", "C", "D"), codes, np.cumsum([0, *lengths]).astype(np.int64), numbers[:, 0], numbers[:, 1],
        numbers[:, 2], numbers[:, 2] ** 2, Decay(shares, 2 * shares, np.ones(4)),
        np.array([week for _, week, _ in rows], dtype=np.int64),
    )  # fmt: skip
    merged = without_weeks(paths)
    assert merged.periods is None
    expected = Paths.of([(list(path), won, worth, lost) for path, _, (won, lost, worth) in rows])
    assert merged.channels == expected.channels  # D is in no path
    found = {
        merged.names(p): (merged.conversions[p], merged.value[p], merged.nulls[p]) for p in range(len(merged.value))
    }
    assert found == {
        expected.names(p): (expected.conversions[p], expected.value[p], expected.nulls[p])
        for p in range(len(expected.value))
    }
    assert merged.decay is not None
    assert merged.decay.conversions.sum() == shares.sum()
