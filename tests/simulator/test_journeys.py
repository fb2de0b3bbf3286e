"""Journeys agree with the account they are drawn from, and show what misleads in credit."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import roas
from roas._typing import Grain
from roas.cli.main import cli
from roas.errors import UsageError
from roas.simulator import Planted, simulate, write_account
from roas.simulator.buyers import DAY, MOST_VISITS, Journey, People, join_people, person_ids
from roas.simulator.draws import Draws
from roas.simulator.journeys import LEAD_DAYS, TRACKED, WEEKS, _in_cents
from roas.simulator.visits import OWN, VIEWED, VIEWS_SEEN, Luck, Pool, Traffic

SETTING: dict[str, Any] = {"seed": 9, "channels": 6, "scale": 0.5}
GRAINS: tuple[Grain, Grain] = ("day", "week")
COLUMNS = ["user_id", "time", "channel", "campaign", "conversion", "conversion_value"]


@pytest.fixture(scope="module")
def account():
    return simulate(**SETTING, journeys=True)


@pytest.fixture(scope="module")
def touches(account):
    """The rows, each with the number of its journey, its place in it and the journey's size."""
    rows = account[0]["journeys"].sort_values(["user_id", "time"], kind="stable", ignore_index=True)
    before = rows.groupby("user_id")["conversion"].cumsum() - rows["conversion"]
    parts = rows.groupby(["user_id", before])
    return rows.assign(
        journey=parts.ngroup(),
        place=parts.cumcount(),
        size=parts["time"].transform("size"),
        sells=parts["conversion"].transform("max").astype(bool),
        ends=parts["time"].transform("max"),
    )


def of_days(account):
    """Till and followed orders by day of the journeys' weeks."""
    tables, truth = account
    rows, till = tables["journeys"], tables["revenue"].set_index("date")
    sold = rows[rows["conversion"] == 1]
    sums = sold.groupby(sold["time"].dt.normalize())["conversion_value"].agg(["size", "sum"])
    return till.loc[truth["journeys"]["start"] : truth["journeys"]["end"]].join(sums)


def test_the_account_is_the_same_with_and_without_journeys(account):
    tables, truth = simulate(**SETTING)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(account[0][name], table)
    assert {key: value for key, value in account[1].items() if key != "journeys"} == truth
    assert set(account[0]) == {*tables, "journeys"}


def test_the_same_seed_gives_the_same_journeys_and_another_seed_other_people():
    one, same, other = (simulate(seed=seed, weeks=3, journeys=2_000)[0]["journeys"] for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(one, same)
    assert not set(other["user_id"]) & set(one["user_id"])


def test_names_are_those_of_the_account(account):
    tables, _ = account
    rows = tables["journeys"]
    assert rows.columns.tolist() == COLUMNS
    known = set(tables["spend"][["channel", "campaign"]].itertuples(index=False, name=None))
    found = set(rows[["channel", "campaign"]].itertuples(index=False, name=None))
    assert found == known | {(name, "") for name in OWN}


def test_each_campaign_has_touches_in_proportion_to_its_clicks_or_views_of_the_day(account):
    tables, truth = account
    own = truth["journeys"]
    spend = tables["spend"][tables["spend"]["date"] >= own["start"]]
    met = spend["clicks"].where(~spend["channel"].isin(VIEWED), VIEWS_SEEN * spend["impressions"])
    keys = ["date", "campaign"]
    expected = (met * own["share_of_touches"]).groupby([spend[key] for key in keys]).sum()
    rows = tables["journeys"].assign(date=tables["journeys"]["time"].dt.normalize())
    rows = rows[(rows["date"] >= own["start"]) & (rows["campaign"] != "")]
    counted = rows.groupby(keys).size().reindex(expected.index, fill_value=0)
    # A Poisson count misses its mean by the mean's root, on average over 800 cells.
    misses = (counted - expected) / np.sqrt(expected)
    assert len(misses) > 500
    assert (misses**2).mean() == pytest.approx(1, abs=0.15)
    assert counted.sum() == pytest.approx(expected.sum(), rel=0.03)


def test_orders_of_a_day_are_a_part_of_the_tills_and_carry_that_part_of_its_revenue(account):
    days = of_days(account)
    assert len(days) == 7 * WEEKS
    assert (days["size"] <= days["orders"]).all()
    assert days["size"].sum() / days["orders"].sum() == pytest.approx(TRACKED, abs=0.02)
    part = days["revenue"] * days["size"] / days["orders"]
    np.testing.assert_allclose(days["sum"], part, atol=0.006)


def test_truth_says_what_the_journeys_are(account):
    tables, truth = account
    own, rows, days = truth["journeys"], tables["journeys"], of_days(account)
    assert own["touches"] == len(rows) <= own["most_touches"] == 30_000
    assert own["people"] == rows["user_id"].nunique()
    assert own["conversions"] == rows["conversion"].sum() == days["size"].sum()
    assert own["conversion_value"] == pytest.approx(rows["conversion_value"].sum(), abs=0.005)
    assert own["share_of_orders"] == pytest.approx(own["conversions"] / days["orders"].sum(), abs=1e-6)
    assert own["share_of_revenue"] == pytest.approx(own["conversion_value"] / days["revenue"].sum(), abs=1e-6)
    counts = rows["channel"].value_counts()
    assert {each["channel"]: each["touches"] for each in own["channels"]} == counts.drop(list(OWN)).to_dict()
    for each in own["channels"]:
        caused = truth["weekly"]["channels"][each["channel"]][-WEEKS:]
        assert each["incremental_revenue"] == pytest.approx(sum(caused), abs=0.05)


def test_journeys_end_in_the_last_weeks_and_may_begin_before(account, touches):
    own = account[1]["journeys"]
    begin, first = (dt.date.fromisoformat(own[name]) for name in ("start", "touches_from"))
    assert begin - first == dt.timedelta(LEAD_DAYS)
    assert touches["ends"].min() >= pd.Timestamp(begin)
    assert pd.Timestamp(first) <= touches["time"].min() < pd.Timestamp(begin)
    assert touches["time"].max() < pd.Timestamp(own["end"]) + pd.Timedelta(days=1)


def test_people_come_once_or_often_over_hours_to_weeks_and_some_buy_again(touches):
    sizes = touches.groupby("journey")["size"].first()
    assert 0.4 < (sizes == 1).mean() < 0.8
    assert 4 < sizes.max() <= MOST_VISITS
    begins = touches.groupby("journey")["time"].transform("min")
    days = (touches["ends"] - begins)[touches["sells"] & (touches["size"] > 1)] / pd.Timedelta(days=1)
    low, high = days.quantile([0.1, 0.9])
    assert low < 1
    assert high > 14
    bought = touches.groupby("user_id")["conversion"].sum()
    assert 0.03 < (bought > 1).sum() / (bought > 0).sum() < 0.3


def test_times_of_one_person_never_meet(touches):
    assert not touches.duplicated(["user_id", "time"]).any()


def test_rows_come_by_time_with_people_mixed_and_ids_say_nothing(account):
    rows = account[0]["journeys"]
    assert rows["time"].is_monotonic_increasing
    assert not rows["user_id"].is_monotonic_increasing
    assert rows["user_id"].map(lambda user: bool(re.fullmatch(r"u-[0-9a-f]{8}", user))).all()


def test_ids_are_different_and_follow_from_the_seed():
    ids = person_ids(5000, seed=1)
    assert len(set(ids)) == 5000
    assert ids[:10] == person_ids(10, seed=1)


def shares(touches, place):
    """Part of converting journeys of several touches that each campaign opens or closes."""
    chosen = touches[touches["sells"] & (touches["size"] > 1) & (touches["place"] == place)]
    return chosen["campaign"].where(chosen["campaign"] != "", chosen["channel"]).value_counts(normalize=True)


def test_ads_that_win_people_come_first_and_brand_search_and_direct_last(touches):
    first, last = shares(touches, 0), shares(touches, touches["size"] - 1)
    for late in ("Search Brand", "Meta Retargeting", "Direct"):
        assert last[late] > 1.3 * first[late], late
    for early in ("Search Generic", "Meta Prospecting", "YouTube Awareness"):
        assert first[early] > 1.3 * last[early], early


def test_an_ad_whose_effect_lasts_comes_longer_before_the_order(touches):
    opened = touches[touches["sells"] & (touches["place"] == 0)]
    days = (opened["ends"] - opened["time"]).dt.total_seconds() / 86_400
    waited = days.groupby(opened["channel"]).mean()
    # Half-lives of 11, 5 and 2 days in the catalogue.
    assert waited["YouTube"] > waited["Meta"] > waited["Search"]


def test_models_disagree_in_the_known_way(account):
    # A third of the people are enough.
    rows = account[0]["journeys"]
    rows = rows[rows["user_id"].str[-1].isin(list("01234"))]
    result = roas.attribute(rows, models=["first", "last", "linear"], intervals=False, by="campaign")
    assert result.conversions == rows["conversion"].sum()
    assert result.value == pytest.approx(rows["conversion_value"].sum())
    credit = result.to_frame().set_index(["model", "channel"])["conversions"]
    brand = "Search / Search Brand"
    assert credit["last", brand] > credit["linear", brand] > credit["first", brand]
    prospecting = "Meta / Meta Prospecting"
    assert credit["first", prospecting] > credit["linear", prospecting] > credit["last", prospecting]


def test_a_channel_that_harvests_closes_more_journeys_and_the_till_sells_the_same():
    settings: dict[str, Any] = {"seed": 11, "weeks": 20, "scale": 0.4, "journeys": 10_000}
    calm, _ = simulate(**settings)
    ill, _ = simulate(**settings, causes=[Planted("harvesting", channel="Search", since="2024-03-04")])
    assert ill["revenue"]["orders"].equals(calm["revenue"]["orders"])
    closes = [
        (rows.loc[rows["conversion"] == 1, "channel"] == "Search").mean()
        for rows in (calm["journeys"], ill["journeys"])
    ]
    assert closes[1] > 1.5 * closes[0]


@pytest.mark.parametrize("most", [1_000, 7_500])
@pytest.mark.parametrize("scale", [0.01, 30.0])
def test_no_file_is_larger_than_asked_for(most, scale):
    tables, truth = simulate(seed=3, weeks=8, scale=scale, journeys=most)
    own = truth["journeys"]
    assert len(tables["journeys"]) <= most
    if scale > 1:
        assert len(tables["journeys"]) > 0.85 * most
        assert 0 < own["share_of_orders"] < TRACKED / 2
    assert tables["journeys"]["conversion"].sum() > 0


@pytest.mark.parametrize("size", [-1, 999, 1_000_001])
def test_a_size_out_of_range_is_refused(size):
    with pytest.raises(UsageError, match=r"journeys .* is out of range\. Use 1000 to 1000000 touches\."):
        simulate(weeks=2, journeys=size)


def test_journeys_of_an_account_by_week_are_by_the_second():
    by_day, by_week = (simulate(seed=2, weeks=3, grain=g, journeys=2_000)[0]["journeys"] for g in GRAINS)
    pd.testing.assert_frame_equal(by_week, by_day)


def test_a_renamed_campaign_has_its_name_of_the_day():
    tables, truth = simulate(seed=5, weeks=8, renamed=2, journeys=5_000)
    rows = tables["journeys"]
    for change in truth["renamed"]:
        since = pd.Timestamp(change["since"])
        assert rows.loc[rows["campaign"] == change["campaign"], "time"].max() < since
        assert rows.loc[rows["campaign"] == change["now"], "time"].min() >= since


@pytest.mark.parametrize(("layout", "others"), [("long", {"spend.csv", "revenue.csv"}), ("wide", {"account.csv"})])
def test_the_file_reads_back_as_the_table(tmp_path, account, layout, others):
    tables, truth = account
    write_account(tmp_path / "a", tables, truth, layout=layout)
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"journeys.csv", "truth.json", *others}
    found = pd.read_csv(
        tmp_path / "a" / "journeys.csv", parse_dates=["time"], keep_default_na=False, na_values={"conversion_value": ""}
    )
    pd.testing.assert_frame_equal(found, tables["journeys"], check_dtype=False)
    line = (tmp_path / "a" / "journeys.csv").read_text(encoding="utf-8").splitlines()[1]
    assert re.match(r"u-[0-9a-f]{8},20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d,", line)


def test_the_command_writes_journeys_only_when_asked(tmp_path):
    def files(*options):
        done = CliRunner().invoke(
            cli, ["simulate", str(tmp_path / "a"), "--weeks", "2", *options], catch_exceptions=False
        )
        assert done.exit_code == 0
        return {path.name for path in (tmp_path / "a").iterdir()}

    assert files() == {"spend.csv", "revenue.csv", "truth.json"}
    assert files("--journeys") == {"spend.csv", "revenue.csv", "truth.json", "journeys.csv"}
    assert files() == {"spend.csv", "revenue.csv", "truth.json"}


journeys = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 50), st.none() | st.floats(1, 9)).map(
        lambda drawn: Journey(tuple((second, 0) for second in sorted({drawn[0], drawn[0] + drawn[1]})), drawn[2])
    ),
    max_size=40,
)


@given(journeys, st.integers(0, 5))
def test_people_keep_every_journey_and_go_on_only_after_a_purchase(drawn, seed):
    people = join_people(drawn, Luck(Draws(seed), "test"))
    assert sorted((j for person in people for j in person), key=repr) == sorted(drawn, key=repr)
    for person in people:
        for earlier, later in pairwise(person):
            assert earlier.value is not None
            assert earlier.touches[-1][0] < later.touches[0][0]


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=30), st.integers(0, 10**7))
def test_parts_of_money_add_up_to_the_cent(parts, cents):
    found = _in_cents(np.array(parts), cents / 100)
    assert sum(round(100 * value) for value in found) == cents
    assert min(found) >= 0


def test_luck_picks_in_proportion_and_nothing_where_nothing_weighs():
    luck = Luck(Draws(1), "test")
    picked = np.bincount([luck.pick(np.array([0.0, 1.0, 3.0])) or 0 for _ in range(4000)], minlength=3)
    assert picked[0] == 0
    assert picked[2] / 4000 == pytest.approx(0.75, abs=0.03)
    assert luck.pick(np.zeros(3)) is None


def test_a_buyer_of_whom_no_touch_is_left_comes_directly():
    sources = ("Meta", *OWN)
    none, some = np.zeros((3, 2)), np.ones((3, 2))
    alone = Traffic(sources, ("Meta Prospecting", "", ""), none, some, some, np.ones((3, 2)) / 2)
    journey = People(alone, Pool(none), Luck(Draws(2), "test")).buyer(1, 20.0)
    assert [(second // DAY, sources[source]) for second, source in journey.touches] == [(1, "Direct")]


def test_a_touch_is_taken_once():
    pool = Pool(np.array([[1.0, 0.0]]))
    assert pool.take(0, 0)
    assert not pool.take(0, 0)
    assert not pool.take(0, 1)
