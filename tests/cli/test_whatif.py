"""``roas whatif``: exit codes, streams, one document, words, and nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import roas
from roas.cli.main import main
from tests.analysis import planned_account

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def bare() -> roas.Analysis:
    return planned_account.bare()


@pytest.fixture
def run(bare: roas.Analysis, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on an account of chosen curves; what it would analyse is kept in `asked`."""
    from roas.analysis import run as analysis_run

    def analyzed(spend: Any, revenue: Any = None, **options: Any) -> roas.Analysis:
        asked.update(options, spend=spend, revenue=revenue)
        return replace(bare, response=planned_account.response(), margin=options["margin"])

    asked: dict[str, Any] = {}
    monkeypatch.setattr(analysis_run, "analyze", analyzed)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["whatif", "spend.csv", "--revenue", "shop.csv", *map(str, arguments)])
        out, errors = capsys.readouterr()
        return code, out, errors

    call.asked = asked  # type: ignore[attr-defined]
    return call


def refused(done: tuple[int, str, str]) -> str:
    code, out, errors = done
    assert code == 2
    assert not out
    assert errors.startswith("Error: ")
    assert errors.count("Error:") == 1
    assert "Traceback" not in errors
    return errors


def document(done: tuple[int, str, str]) -> dict[str, Any]:
    code, out, _ = done
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    assert [e.message for e in Draft202012Validator(roas.schema("plan")).iter_errors(found)] == []
    return found


def split(found: dict[str, Any], of: str = "plan") -> dict[str, float]:
    return {each["channel"]: each["spend_per_week"] for each in found[of]}


def test_the_best_split_keeps_the_total_inside_the_limits(run: Run) -> None:
    found = document(run("--optimize", "--max-change", "20%", "--json", "--quiet"))
    now, planned = split(found, "current"), split(found)
    assert sum(round(v * 100) for v in planned.values()) == sum(round(v * 100) for v in now.values())
    assert all(abs(planned[name] - now[name]) <= 0.2 * now[name] + 0.01 for name in now)
    assert found["profit_change_per_week"] is None


def test_a_budget_is_met_to_the_cent_and_limits_hold(run: Run) -> None:
    asked = ("--budget", "1700.09", "--optimize", "--max-change", "90%", "--min", "Search=500", "--max", "tiktok=120")
    planned = split(document(run(*asked, "--json")))
    assert sum(round(v * 100) for v in planned.values()) == 170009
    assert planned["Search"] >= 500
    assert planned["TikTok"] <= 120


def test_a_fixed_channel_and_a_fixed_label_stay(run: Run) -> None:
    planned = split(document(run("--optimize", "--fix", "Meta", "--json")))
    assert planned["Meta"] == 1000
    planned = split(document(run("--optimize", "--fix", "brand", "--json")))
    assert (planned["Search"], planned["TikTok"]) == (400, 100)


def test_options_of_reading_reach_the_analysis(run: Run) -> None:
    document(run("--optimize", "--margin", "0.6", "--as-of", "2025-08-01", "--tags", "t.toml", "--json"))
    asked = run.asked  # type: ignore[attr-defined]
    assert (asked["margin"], asked["as_of"], asked["tags"]) == (0.6, "2025-08-01", "t.toml")
    assert (asked["spend"], asked["revenue"]) == (["spend.csv"], ["shop.csv"])


def test_the_answer_leads_with_the_verdict_and_shows_the_table(run: Run) -> None:
    code, out, errors = run("--shift", "Meta>Search=200", "--margin", "0.5")
    assert code == 0
    lines = out.splitlines()
    assert lines[1] == "Worth doing: take €200 a week from Meta and give it to Search."
    said = " ".join(out.split())
    for part in ("revenue a week (90 % interval:", "profit", "Doing nothing costs", "Now Planned Change", "Next €1"):
        assert part in said
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in out + errors


def test_a_budget_alone_says_that_it_scales(run: Run) -> None:
    says = "spread as today's money is"
    code, out, errors = run("--budget", "3000")
    assert code == 0
    assert says in out
    assert says not in errors
    code, out, errors = run("--budget", "3000", "--json")
    assert says in errors
    assert says in json.loads(out)["notes"][0]
    assert run("--budget", "3000", "--json", "--quiet")[2] == ""


def test_the_same_question_gives_the_same_bytes(run: Run) -> None:
    first, second = (document(run("--optimize", "--json")) for _ in range(2))
    first.pop("run")
    second.pop("run")
    assert json.dumps(first) == json.dumps(second)


def test_scenarios_are_compared_and_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('[scenario.a]\nshift = "Meta>Search=100"\n[scenario.b]\noptimize = true\n', encoding="utf-8")
    folder = tmp_path / "plan"
    code, out, _ = run("--scenarios", file, "--weeks", "6", "-o", folder)
    assert code == 0
    assert "Best by revenue" in out
    assert sorted(p.name for p in folder.iterdir()) == [
        "charts",
        "index.html",
        "plan.csv",
        "plan.json",
        "scenarios.csv",
    ]
    found = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in found["scenarios"]] == ["a", "b"]
    assert {each["weeks"] for each in found["scenarios"]} == {6}


def test_a_file_of_scenarios_may_hold_the_margin(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    scenario = '[scenario.a]\noptimize = true\nfor = "profit"\n'
    file.write_text(f"margin = 0.5\n{scenario}", encoding="utf-8")
    found = document(run("--scenarios", file, "--json", "--quiet"))
    assert found["margin"] == 0.5
    assert found["scenarios"][0]["profit_change_per_week"] is not None
    assert document(run("--scenarios", file, "--margin", "0.5", "--json"))["margin"] == 0.5
    assert "differ" in refused(run("--scenarios", file, "--margin", "0.6", "--json"))
    for body, says in (
        (scenario, "at its top"),
        (f"{scenario}margin = 0.5\n", "above the first scenario"),
        (f"margin = 60\n{scenario}", '"margin": must be a share'),
        (f"margin = 0.5\nweeks = 6\n{scenario}", '"weeks": belongs to a scenario'),
    ):
        file.write_text(body, encoding="utf-8")
        code, out, errors = run("--scenarios", file, "--json")
        assert (code, out) == (2, "")
        assert says in errors


def test_a_plan_that_was_written_is_a_scenario(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    assert run("--optimize", "-o", folder, "--quiet")[0] == 0
    planned = split(json.loads((folder / "plan.json").read_text(encoding="utf-8")))
    found = document(run("--scenarios", folder / "plan.csv", "--json"))
    assert [each["name"] for each in found["scenarios"]] == ["plan"]
    assert split(found["scenarios"][0]) == planned
    # As the page writes it, as a spreadsheet saves it again, with a channel that looks like a formula.
    mine = tmp_path / "my_plan.csv"
    mine.write_text("\ufeffchannel;now;planned\nMeta;1000;900,5\n'=Nope;1;2\n", encoding="utf-8")
    assert 'there is no channel "=Nope"' in run("--scenarios", mine, "--json")[2]
    mine.write_text("channel,now\nMeta,1000\n", encoding="utf-8")
    assert "plan.csv (channel, planned)" in run("--scenarios", mine, "--json")[2]


def test_a_name_of_the_command_line_is_put_right_in_python(bare: roas.Analysis) -> None:
    account = replace(bare, response=planned_account.response())
    with pytest.raises(roas.UsageError, match=r'"min" is a name of the command line\. In Python write minimum='):
        account.optimize(min={"TikTok": 50})
    with pytest.raises(roas.UsageError, match=r'no argument "maximun"\. Did you mean "maximum"'):
        account.optimize(maximun={"TikTok": 50})


def test_nothing_asked_shows_three_examples(run: Run) -> None:
    said = refused(run())
    assert said.count("roas whatif spend.csv") == 3
    assert "--shift" in said
    assert "--budget" in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--shift", "Nope=-20%"), "Nope"),
        (("--shift", "Serch=-20%"), 'Did you mean "Search"'),
        (("--shift", "Meta=-20%", "--optimize"), "--optimize"),
        (("--shift", "Meta=-20%", "--budget", "900"), "--budget"),
        (("--optimize", "--max-change", "30"), '"30%"'),
        (("--optimize", "--max-change", "-5%"), "--max-change"),
        (("--optimize", "--min", "Meta"), "--min"),
        (("--optimize", "--min", "Nope=5"), "Nope"),
        (("--optimize", "--min", "Meta=900", "--max", "Meta=800"), "Meta"),
        (("--optimize", "--fix", "Nope"), "Nope"),
        (("--optimize", "--for", "profit"), "--margin"),
        (("--optimize", "--for", "luck"), "--for"),
        (("--optimize", "--budget", "9000"), "budget"),
        (("--optimize", "--budget", "1.200"), "thousands"),
        (("--optimize", "--weeks", "0"), "--weeks"),
        (("--optimize", "--target-marginal-roas", "-1"), "--target-marginal-roas"),
        (("--target-marginal-roas", "2", "--budget", "900"), "--budget"),
        (("--target-revenue", "9000", "--budget", "900"), "--target-revenue"),
        (("--shift", "Meta=-20%", "--min", "Meta=5"), "--optimize"),
        (("--scenarios", "nowhere.toml"), "nowhere.toml"),
        (("--scenarios", "nowhere.toml", "--optimize"), "--scenarios"),
    ],
)
def test_wrong_usage_is_one_error(run: Run, asked: tuple[str, ...], says: str) -> None:
    assert says in refused(run(*asked, "--json"))


def test_without_revenue_the_message_says_what_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spend = tmp_path / "spend.csv"
    rows = [f"2025-01-{day:02d},{channel},{10 + day}" for day in range(1, 29) for channel in ("Meta", "Search")]
    spend.write_text("date,channel,spend\n" + "\n".join(rows) + "\n", encoding="utf-8")
    code = main(["whatif", str(spend), "--optimize", "--quiet"])
    out, errors = capsys.readouterr()
    assert "--revenue FILE" in refused((code, out, errors))


def test_help_needs_no_account(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whatif", "--help"]) == 0
    said = capsys.readouterr().out
    for option in ("--shift", "--budget", "--optimize", "--max-change", "--min", "--max", "--weeks", "--scenarios"):
        assert option in said


@pytest.mark.slow
def test_the_small_shop_moves_money_out_of_meta(capsys: pytest.CaptureFixture[str]) -> None:
    shop = Path(__file__).parents[2] / "datasets" / "small-shop"
    arguments = [str(shop / "spend.csv"), "--revenue", str(shop / "revenue.csv"), "--optimize", "--json", "--quiet"]
    assert main(["whatif", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert split(found)["Meta"] < split(found, "current")["Meta"]
    assert found["probability_better"] > 0.5
