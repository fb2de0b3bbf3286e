"""The record of an attribution: adds up, says its conventions, and is the published document."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console

import roas
from roas.analysis.attributed import attributed, days_of, position_shares
from roas.attribution import frames
from roas.attribution.models import ModelOptions
from roas.attribution.paths import Decay, Paths
from roas.attribution.results import Journeys
from roas.attribution.scaled import Caused, scale
from roas.charts import layout
from roas.errors import InputError, UsageError
from roas.quantiles import Q
from roas.report import attribution_words as words
from roas.report.attribution_names import conversions
from roas.report.attribution_page import page
from roas.report.attribution_summary import attribution_summary
from roas.schemas import schema

QUICK = ModelOptions(replicates=20)
ROWS = [
    (("Search", "Mail"), 40, 400, 100), (("Search",), 60, 500, 300), (("Social", "Search"), 30, 450, 200),
    (("Social",), 5, 40, 400), (("Mail", "Social", "Direct"), 12, 300, 8), (("Display", "Mail"), 3, 10, 2),
]  # fmt: skip


def timed(weeks: int = 2) -> Journeys:
    """The same journeys in each of some weeks, with times."""
    one = Paths.of(ROWS)
    paths = Paths(
        one.channels,
        np.tile(one.codes, weeks),
        np.concatenate([[0], np.cumsum(np.tile(one.lengths, weeks))]),
        np.tile(one.conversions, weeks),
        np.tile(one.nulls, weeks),
        np.tile(one.value, weeks),
        periods=np.repeat(4 + 7 * np.arange(weeks), len(one.conversions)),
    )
    even = np.repeat(1 / paths.lengths, paths.lengths)
    decay = Decay(even * paths.conversions[paths.owner], even * paths.value[paths.owner], np.ones(len(paths.channels)))
    return Journeys(
        replace(paths, decay=decay), 30, start=dt.date(1970, 1, 5), end=dt.date(1970, 1, 18), currency="EUR",
        days_to_convert=np.array([200.0, 60, 30, 10]), unattributed_conversions=2, unattributed_value=9.5,
    )  # fmt: skip


@pytest.fixture(scope="module")
def result() -> roas.Attribution:
    return attributed(timed(), settings=QUICK)


def test_every_model_adds_up_to_the_totals(result):
    frame = result.to_frame()
    sums = frame.groupby("model")[["conversions", "value", "share"]].sum()
    assert len(sums) == 11
    assert np.allclose(sums, [300, 3400, 1])


@given(
    st.lists(
        st.tuples(st.text("ABCD", min_size=1, max_size=4), st.integers(0, 9), st.integers(0, 90), st.integers(0, 9)),
        min_size=1, max_size=12,
    )
)  # fmt: skip
@settings(max_examples=10, deadline=None)
def test_any_paths_make_a_document_that_adds_up_and_is_valid(rows):
    document = attributed(Journeys(Paths.of(rows)), settings=ModelOptions(intervals=False)).to_dict()
    document |= {"run": {"version": "0", "started": "", "seconds": 0}, "inputs": [_input()]}
    assert [e.message for e in Draft202012Validator(schema("attribution")).iter_errors(document)] == []
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    for entries in document["models"].values():
        assert sum(e["conversions"] for e in entries) == pytest.approx(document["conversions"], abs=1e-9)
        assert sum(e["value"] for e in entries) == pytest.approx(document["value"], abs=1e-9)
    if document["other_paths"]["conversions"] is None:
        assert (document["top_paths"], document["journeys"] < 10) == ([], True)
        return
    rest = document["other_paths"]["conversions"] + sum(p["conversions"] for p in document["top_paths"])
    assert rest == pytest.approx(document["conversions"])


def _input():
    return {
        "file": "x.csv", "sha256": "0" * 64, "format": "paths",
        "rows_read": 1, "rows_used": 1, "rejected": [], "notes": [],
    }  # fmt: skip


def test_full_document_is_the_published_one(result):
    document = result.to_dict() | {"run": {"version": "0", "started": "", "seconds": 0}, "inputs": [_input()]}
    assert [e.message for e in Draft202012Validator(schema("attribution")).iter_errors(document)] == []
    assert document["lookback"] == "30d"
    assert document["unattributed"] == {"conversions": 2, "value": 9.5}
    assert (document["journeys"], document["converting"], document["touchpoints"]) == (2320, 300, 3150)


def test_shares_run_from_largest_to_smallest(result):
    for entries in result.to_dict()["models"].values():
        assert [e["conversions"] for e in entries] == sorted((e["conversions"] for e in entries), reverse=True)


def test_conventions_name_what_figures_depend_on(result):
    said = result.conventions
    for name in ("journey", "lookback", "causality", "duplicates", "ties", "nulls", "position", "half_life", "direct",
                 "markov", "shapley", "shapley_ordered", "intervals", "privacy", "weeks"):  # fmt: skip
        assert said[name], name
    assert said["intervals"]["replicates"] == 20
    assert set(said["models"]) == set(result.credits)
    bare = attributed(Journeys(Paths.of(ROWS)), models=["last"], settings=ModelOptions(intervals=False)).conventions
    assert {"markov", "position", "direct", "half_life", "ties"}.isdisjoint(bare)
    assert bare["intervals"] == "None."


def test_equal_weeks_share_the_whole_evenly(result):
    frame = pd.DataFrame([(r.week, r.model, r.channel, r.conversions) for r in result.weekly])
    weeks = frame.groupby([0, 1])[3].sum()
    assert np.allclose(weeks, 150)
    linear = result.weeks.conversions["linear"]
    assert np.allclose(linear.sum(0), result.credits["linear"].conversions)
    auto = result.weeks.conversions["markov_auto"]
    assert np.allclose(auto[0], auto[1])


def test_a_thin_week_is_left_out_and_counted():
    journeys = timed(1)
    late = replace(journeys.paths, periods=np.array([11, 4, 4, 4, 4, 4]))
    found = attributed(replace(journeys, paths=late), models=["last"], settings=QUICK)
    assert {row.week for row in found.weekly} == {dt.date(1970, 1, 5)}
    assert found.suppressed.weeks == 1


def test_time_decay_needs_times_and_is_left_out_without():
    found = attributed(Journeys(Paths.of(ROWS)), settings=ModelOptions(intervals=False))
    assert "time_decay" not in found.credits
    assert "time_decay" in attributed(timed(), models=["time_decay"], settings=QUICK).credits
    with pytest.raises(UsageError, match="time"):
        attributed(Journeys(Paths.of(ROWS)), models=["time_decay"])


def test_without_conversions_there_is_no_credit_and_it_is_said():
    found = attributed(Journeys(Paths.of([("AB", 0, 0, 50)])))
    assert found.to_dict()["models"] == {}
    assert "no credit" in found.notes[0]


def test_scaled_campaigns_add_up_to_what_their_channel_caused(result):
    names = ("Search / Brand", "Search / Generic", "Mail / All")
    paths = Paths.of([((names[0],), 3, 30, 0), ((names[1],), 3, 10, 0), ((names[2],), 1, 5, 0)])
    credits = attributed(Journeys(paths), models=["linear"], settings=QUICK).credits
    caused = Caused("a.json", "analysis", {"search": Q(10, 20, 30), "TV": Q(0, 1, 2)}, {})
    found = scale(paths.channels, credits, caused, parents={n: n.split(" / ")[0] for n in names})
    (row,) = found.rows
    assert row.attributed["linear"] == pytest.approx(40)
    assert row.factors["linear"] == pytest.approx(0.5)
    assert sum(part["linear"] or 0.0 for part in row.parts.values()) == pytest.approx(20)
    assert found.only_attributed == ("Mail",)
    assert found.only_caused == ("TV",)
    assert found.to_dict()["label"] == "scaled to incremental"


def test_charts_draw_and_return_their_axes(result):
    for draw in (result.plot_credit, result.plot_sankey, result.plot_transitions, result.plot_top_paths,
                 result.plot_path_lengths, result.plot_time_to_convert, result.plot_removal,
                 result.plot_positions, result.plot_weeks):  # fmt: skip
        ax = plt.figure().add_subplot()
        assert draw(ax=ax) is ax
        plt.close("all")


def test_a_chart_without_its_figures_says_what_is_missing():
    bare = attributed(Journeys(Paths.of(ROWS)), models=["last"], settings=QUICK)
    for draw, says in ((bare.plot_weeks, "weekly"), (bare.plot_positions, "shapley_ordered"),
                       (bare.plot_time_to_convert, "times"), (bare.plot_incremental, "incremental")):  # fmt: skip
        with pytest.raises(UsageError, match=says):
            draw()


@pytest.mark.parametrize("given", ["0d", "-3d", "soon", "12h", "1.5d", ""])
def test_a_window_is_whole_days_above_zero(given):
    with pytest.raises(UsageError, match="whole days"):
        days_of(given, option="--lookback", whole=True)


@pytest.mark.parametrize("given", ["40,20,50", "1,2", "a,b,c", "-10,60,50", (1, 1, 1)])
def test_position_shares_must_add_up(given):
    with pytest.raises(UsageError, match="--position"):
        position_shares(given)


def test_frames_and_files_give_the_same(tmp_path):
    table = pd.DataFrame({"path": [" > ".join(names) for names, *_ in ROWS], "conversions": [r[1] for r in ROWS],
                          "value": [r[2] for r in ROWS], "nulls": [r[3] for r in ROWS]})  # fmt: skip
    table.to_csv(tmp_path / "paths.csv", index=False)
    documents = []
    for source in (table, tmp_path / "paths.csv"):
        document = roas.attribute(source, models="markov").to_dict()
        del document["run"], document["inputs"]
        documents.append(document)
    assert documents[0] == documents[1]


def test_lift_tests_are_carried_over_to_the_days_of_the_journeys(tmp_path):
    from roas.analysis.incremental import read_caused
    from roas.io.load import LoadOptions

    table = tmp_path / "tests.csv"
    table.write_text(
        "channel,start,end,incremental_revenue,standard_error,spend_change\n"
        "Search,2026-01-01,2026-01-10,1000,100,\nSocial,2026-01-01,2026-01-10,50,10,25\n",
        encoding="utf-8",
    )
    found = read_caused(str(table), LoadOptions(), start=dt.date(2026, 1, 1), end=dt.date(2026, 1, 30), currency="EUR")
    assert set(found.revenue) == {"Search"}
    assert found.revenue["Search"].p50 == pytest.approx(3000)
    assert found.revenue["Search"].p95 == pytest.approx(3000 + 1.644854 * 300, rel=1e-5)
    assert any("Social" in note and "change of spend" in note for note in found.notes)


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "roas.plan/1"}', '{"schema": "roas.analysis/1"}'])
def test_what_is_no_analysis_is_refused(tmp_path, text):
    from roas.analysis.incremental import read_caused
    from roas.io.load import LoadOptions

    file = tmp_path / "analysis.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"analysis\.json"):
        read_caused(file, LoadOptions(), start=None, end=None, currency=None)


def test_a_lead_that_chance_could_turn_is_called_close():
    from roas.report.attribution_words import close_race, verdict

    even = Journeys(Paths.of([(("A",), 51, 0, 50), (("B",), 49, 0, 50)]))
    clear = Journeys(Paths.of([(("A",), 90, 0, 50), (("B",), 10, 0, 50)]))
    close, apart = (attributed(each, models=["linear", "last"], settings=QUICK) for each in (even, clear))
    assert "A and B are too close" in (close_race(close) or "")
    assert close_race(apart) is None
    assert verdict(apart) == "Both models give A most credit: 90 % of 100 conversions."


def credited(rows, *models, bucket=None):
    journeys = Journeys(Paths.of(rows))
    if bucket is not None:
        journeys = replace(journeys, paths=replace(journeys.paths, bucket=bucket))
    return attributed(journeys, models=models or ["linear", "last"], settings=ModelOptions(intervals=False))


def test_level_channels_are_no_win():
    two = [(("A",), 1, 0, 1), (("B",), 1, 0, 1)]
    assert words.verdict(credited(two)) == "Under both models A and B are level, with 50 % of 2 conversions each."
    assert words.verdict(credited(two, "linear")).startswith("By the model linear, A and B are level, with 50 %")
    many = [((f"C{i}",), 1, 0, 1) for i in range(5)]
    assert words.verdict(credited(many, "linear", "last", "first")) == (
        "Under all 3 models 5 channels are level, with 20 % of 5 conversions each."
    )
    assert words.close_race(credited(two)) is None


def test_a_lead_under_some_models_is_not_a_lead_under_all():
    rows = [(("A",), 10, 0, 0), (("B",), 10, 0, 0), (("B", "A"), 10, 0, 0)]
    assert words.verdict(credited(rows, "last", "linear")) == (
        "1 of 2 models give A most credit, the other puts it level with another: 50 to 67 % of 30 conversions."
    )
    turned = words.verdict(credited(rows, "last", "first"))
    assert turned.startswith("All models but first touch give A most credit")


def test_what_stands_for_many_names_never_leads():
    bucket = "(48,000 others)"
    rows = [((bucket,), 900, 0, 900), (("A",), 60, 0, 0), (("B", bucket), 40, 0, 0)]
    found = credited(rows, "last", "first", bucket=bucket)
    assert words.verdict(found).startswith("Both models give A most credit: 6.0 % of 1,000")
    for model in found.to_dict()["models"].values():
        assert model[-1]["channel"] == bucket
    assert frames.credit_frame(found)["channel"].tolist()[2::3] == [bucket, bucket]
    assert bucket not in " ".join(
        filter(None, (words.disagreement(found), words.steady(found), words.close_race(found)))
    )
    for draw in (found.plot_credit, found.plot_sankey, found.plot_transitions, found.plot_top_paths):
        assert bucket not in layout.said(draw(ax=plt.figure().add_subplot()), "title")
    plt.close("all")


def test_it_is_the_models_that_differ():
    rows = [(("A", "B"), 40, 0, 10), (("B",), 10, 0, 10)]
    said = words.disagreement(credited(rows, "first", "last"))
    assert said is not None
    assert said.startswith("The models differ most on A: from 0 conversions (last touch) to 40 (first touch).")


def test_one_is_counted_as_one():
    one = credited([(("A", "B"), 1, 9, 0), (("A",), 100, 9, 0)], "first")
    assert words.left_out(one)[-1].startswith("2 paths (101 journeys in all) are counted together as other")
    assert conversions(1.0) == "1 conversion"
    assert "1 touches" not in page(credited([(("A",), 1, 9, 0)], "first"), [])


def test_headings_are_whole_words():
    found = credited([(("A", "B"), 40, 9, 10)], "last_non_direct", "shapley_ordered", "markov_auto", "markov")
    out = io.StringIO()
    attribution_summary(found, Console(file=out, width=80))
    assert "…" not in out.getvalue()
    assert "non-direct" in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) <= 80
    assert "Last non\u2011direct</th>" in page(found, []), "it breaks between its words only"


def test_weeks_that_the_data_do_not_cover_are_marked():
    journeys = replace(timed(3), start=dt.date(1970, 1, 11), end=dt.date(1970, 1, 18))
    found = attributed(journeys, models=["last"], settings=QUICK)
    complete = {row.week: row.complete for row in found.weekly}
    assert list(complete.values()) == [False, True, False]
    assert [row["complete"] for row in found.to_dict()["weeks"]] == [row.complete for row in found.weekly]
    assert frames.week_frame(found).groupby("week")["complete"].all().tolist() == [False, True, False]


def test_the_share_of_the_first_path_is_of_all_conversions():
    found = credited([(("A",), 30, 0, 0), *[((f"x{i}", "A"), 5, 0, 0) for i in range(14)]], "last")
    assert layout.said(found.plot_top_paths(ax=plt.figure().add_subplot()), "title").endswith("30 % of all")
    plt.close("all")
