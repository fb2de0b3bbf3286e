"""``roas attribute``: exit codes, streams, one document, and nothing half-written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import roas
from roas.cli.main import main
from roas.errors import InputError, RoasError, UsageError

PATHS = """path,conversions,value,nulls
Search > Mail,40,400,100
Search,60,500,300
Social > Search,30,450,200
=HYPERLINK("x") > Social,15,40,400
Display > Mail,3,10,2
"""


def touches() -> str:
    """Rows of touches: forty persons, each with Social, then Search, then perhaps an order."""
    rows = ["user,time,channel,conversion,conversion_value"]
    for person in range(40):
        day = 1 + person % 20
        rows.append(f"secret-id-{person},2026-03-{day:02d}T10:00:00,Social,0,")
        sold = "1,25.50" if person % 2 else "0,"
        rows.append(f"secret-id-{person},2026-03-{day + 3:02d}T11:00:00,Search,{sold}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def paths(tmp_path: Path) -> Path:
    file = tmp_path / "paths.csv"
    file.write_text(PATHS, encoding="utf-8")
    return file


@pytest.fixture
def timed(tmp_path: Path) -> Path:
    file = tmp_path / "touches.csv"
    file.write_text(touches(), encoding="utf-8")
    return file


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["attribute", *map(str, arguments)])
        out, errors = capsys.readouterr()
        return code, out, errors

    return call


def refused(done: tuple[int, str, str]) -> str:
    code, out, errors = done
    assert code == 2
    assert not out
    assert errors.startswith("Error: ")
    assert "Traceback" not in errors
    return errors


def test_json_is_one_document_and_nothing_else(run, paths):
    code, out, errors = run(paths, "--json", "--quiet")
    document = json.loads(out)
    assert (code, errors) == (0, "")
    assert document["schema"] == "roas.attribution/1"
    assert document["conversions"] == 148
    assert document["lookback"] is None
    assert document["inputs"][0]["format"] == "paths"


def test_the_summary_leads_with_who_gets_credit_and_ends_with_what_credit_is(run, paths):
    code, out, _ = run(paths)
    assert code == 0
    said = " ".join(out.split())
    assert "models give Search most credit" in said
    assert "Credit is not cause" in said
    assert "90 % interval" in said
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


def test_models_lookback_and_weeks_are_as_asked(run, timed):
    code, out, _ = run(timed, "--model", "last", "--model", "Time-Decay", "--lookback", "2d", "--weekly", "--json")
    document = json.loads(out)
    assert code == 0
    assert list(document["models"]) == ["last", "time_decay"]
    assert document["lookback"] == "2d"
    assert document["conversions"] == 20
    assert document["value"] == 510
    assert document["weeks"]
    assert [e["conversions"] for e in document["models"]["time_decay"] if e["channel"] == "Search"] == [20]


@pytest.mark.slow
def test_the_folder_holds_tables_charts_and_a_page_and_no_id(run, timed, tmp_path):
    report = tmp_path / "report"
    code, out, errors = run(timed, "--weekly", "--show-small", "-o", report)
    assert code == 0
    files = {path.relative_to(report).as_posix(): path.read_bytes() for path in report.rglob("*") if path.is_file()}
    assert {
        "attribution.json", "credit.csv", "paths.csv", "transitions.csv", "path_lengths.csv", "weeks.csv",
        "removal.csv", "index.html", "charts/credit_by_model.png", "charts/path_flow.svg",
    } <= set(files)  # fmt: skip
    assert files["index.html"].rstrip().endswith(b"</html>")
    assert json.loads(files["attribution.json"])["inputs"][0]["sha256"].encode() in files["index.html"]
    assert "secret-id" not in out + errors
    assert [name for name, content in files.items() if b"secret-id" in content] == []


def test_a_cell_that_could_be_a_formula_is_made_harmless(paths):
    from roas.report.attribution_tables import tables

    written = tables(roas.attribute(paths, models="last", intervals=False))
    names = [row["channel"] for row in csv.DictReader(io.StringIO(written["credit.csv"].removeprefix("\ufeff")))]
    assert '\'=HYPERLINK("x")' in names


def test_a_report_of_analyze_is_not_overwritten(run, paths, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "analysis.json").write_text("{}", encoding="utf-8")
    assert "roas analyze" in refused(run(paths, "-o", tmp_path / "old"))
    assert [p.name for p in (tmp_path / "old").iterdir()] == ["analysis.json"]


def test_small_paths_are_named_only_when_asked_for(run, paths):
    hidden, shown = (json.loads(run(paths, "--json", "--quiet", *more)[1]) for more in ((), ("--show-small",)))
    assert ["Display", "Mail"] not in [row["path"] for row in hidden["top_paths"]]
    assert ["Display", "Mail"] in [row["path"] for row in shown["top_paths"]]
    assert hidden["suppressed"]["paths"] == 2, "the small path, and the next one: five journeys would stand alone"
    assert hidden["other_paths"]["journeys"] == 145


def test_no_intervals_are_null_and_said(run, paths):
    document = json.loads(run(paths, "--no-intervals", "--json", "--quiet", "--model", "linear")[1])
    assert {row["conversions_interval"] for row in document["models"]["linear"]} == {None}
    assert document["conventions"]["intervals"] == "None."


def test_own_weights_are_a_model(run, paths, tmp_path):
    rule = tmp_path / "rule.toml"
    rule.write_text("first = 1\nmiddle = 0\nlast = 0\n", encoding="utf-8")
    models = json.loads(run(paths, "--weights", rule, "--model", "first", "--json", "--quiet")[1])["models"]
    assert [row["conversions"] for row in models["custom"]] == [row["conversions"] for row in models["first"]]


def test_caused_revenue_stands_beside_and_is_labelled(run, timed, tmp_path):
    caused = {
        "schema": "roas.analysis/1", "currency": None,
        "window": {"start": "2026-03-01", "end": "2026-03-23", "grain": "day"},
        "channels": [
            {"channel": "search ", "claimed_revenue": 900, "incremental": {"revenue": {"p5": 90, "p50": 100, "p95": 130}}},
            {"channel": "TV", "claimed_revenue": None, "incremental": {"revenue": {"p5": 1, "p50": 2, "p95": 3}}},
        ],
    }  # fmt: skip
    file = tmp_path / "analysis.json"
    file.write_text(json.dumps(caused), encoding="utf-8")
    found = json.loads(run(timed, "--incremental", file, "--model", "last", "--json", "--quiet")[1])["incremental"]
    assert found["label"] == "scaled to incremental"
    assert found["channels"][0]["attributed"] == {"last": 510}
    assert found["channels"][0]["factors"] == {"last": pytest.approx(100 / 510)}
    assert found["unmatched"] == {"attributed": ["Social"], "caused": ["TV"]}
    said = " ".join(run(timed, "--incremental", file)[1].split())
    assert "Scaled to incremental (what channels caused; not attribution)" in said


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--model", "markof"), "markov"),
        (("--model", "custom"), "--weights"),
        (("--lookback", "12h"), "whole days"),
        (("--half-life", "0"), "--half-life"),
        (("--position", "40,20"), "--position"),
        (("--weekly",), "--weekly"),
        (("--model", "time_decay"), "time"),
        (("--spark-master", "local[1]"), "--engine spark"),
        (("--weights", "nowhere.toml"), "nowhere.toml"),
        (("--incremental", "nowhere.json"), "nowhere.json"),
        (("--currency", "euro"), "ISO 4217"),
    ],
)
def test_wrong_usage_is_one_error(run, paths, more, says):
    assert says in refused(run(paths, *more))


def test_what_is_no_file_of_journeys_is_refused(run, tmp_path):
    spend = tmp_path / "spend.csv"
    spend.write_text("date,channel,spend\n2026-01-01,Search,10\n2026-01-02,Search,10\n", encoding="utf-8")
    assert "spend.csv" in refused(run(spend))
    assert "nowhere.csv" in refused(run("nowhere.csv"))


def test_help_has_an_example() -> None:
    from roas.cli.attribute import command

    done: Result = CliRunner().invoke(command, ["--help"])
    assert done.exit_code == 0
    assert "Example: roas attribute" in done.output


@pytest.mark.parametrize("more", [("--lookback", "90d"), ("--half-life", "7d"), ("--date-format", "%Y")])
def test_paths_refuse_what_only_times_allow(run, paths, more):
    assert f"{more[0]} needs touches with times" in refused(run(paths, *more))


def test_the_mark_of_decimals_can_be_said(run, tmp_path):
    file = tmp_path / "touches.csv"
    file.write_text(
        "user,time,channel,conversion,value\n" + "".join(f"{i},2026-03-01 10:00,A,1,1.10{i}\n" for i in range(3))
    )
    assert "--decimal" in refused(run(file))
    code, out, _ = run(file, "--decimal", ",", "--model", "last", "--no-intervals", "--json", "--quiet")
    assert (code, json.loads(out)["value"]) == (0, 3303)


def test_rows_that_are_left_out_are_said_once(run, tmp_path):
    file = tmp_path / "touches.csv"
    rows = "".join(f"{i},2026-03-01 10:00,A,1,5\n" for i in range(30))
    file.write_text(f"user,time,channel,conversion,value\n{rows},2026-03-01 10:00,A,1,9\n")
    errors = run(file, "--model", "last", "--no-intervals", "--json")[2]
    assert errors.count("left out") == 1
    assert "1 row left out, 1 conversion among them worth 9.00: no user or journey id." in errors


@pytest.mark.parametrize(
    "given",
    [
        {"journeys": None}, {"journeys": {}}, {"journeys": []}, {"journeys": 5}, {"position": None}, {"direct": 5},
        {"weights": {"first": 1}}, {"models": 5}, {"models": "markov_10"}, {"date_format": 5}, {"date_format": "%q"},
        {"currency": 5}, {"incremental": 5}, {"map": 5}, {"map": {"user": 5}}, {"map": {"usr": "user"}}, {"separator": 5},
        {"separator": ""}, {"lookback": []}, {"half_life": "x"}, {"modles": "last"}, {"as_of": "2026-01-01"}, {"conversion": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_option_takes_is_refused_in_python_too(given, timed):
    with pytest.raises(RoasError) as caught:
        roas.attribute(given.get("journeys", timed), **{k: v for k, v in given.items() if k != "journeys"})
    assert isinstance(caught.value, InputError | UsageError)


@pytest.mark.parametrize("word", [1, [1], ("1",)])
def test_a_flag_can_be_a_word_for_conversion(timed, word):
    found = roas.attribute(timed, conversion=word, models="last", intervals=False)
    assert found.to_dict()["conversions"] == 20


def test_touches_without_any_conversion_are_refused_and_a_lonely_conversion_is_not(run, tmp_path):
    file = tmp_path / "touches.csv"
    head = "user,time,channel,conversion\n"
    file.write_text(f"{head}1,2026-03-01 10:00,A,0\n2,2026-03-01 10:00,B,0\n")
    assert "no journey converted: there is no credit to share." in refused(run(file))
    file.write_text(f"{head}1,2026-03-01 10:00,A,0\n2,2026-03-01 10:00,,1\n")
    assert run(file, "--json")[0] == 0
