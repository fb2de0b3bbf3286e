"""The published schemas accept what the contract allows and nothing less."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from roas.errors import UsageError
from roas.schemas import NAMES, schema

DOCUMENTS = Path(__file__).parent / "documents"

#: Fields that may be null; every other field may not. ``*`` is any row.
MAY_BE_NULL = {
    "analysis": """
        currency window.mature_until inputs.*.rejected.*.first_line
        totals.conversions totals.revenue totals.mer totals.claimed_revenue totals.claimed_roas
        totals.incremental_revenue totals.baseline_share totals.volatility
        channels.*.conversions channels.*.claimed_revenue channels.*.claimed_roas
        channels.*.incremental channels.*.incremental.revenue channels.*.incremental.roas
        channels.*.incremental.roas_recent channels.*.incremental.marginal_roas
        channels.*.saturation.probability channels.*.volatility
        campaigns.*.conversions campaigns.*.claimed_revenue
        diagnosis.findings.*.scope.channel diagnosis.findings.*.scope.campaign
        diagnosis.findings.*.evidence.*.value diagnosis.findings.*.evidence.*.threshold
        diagnosis.hypotheses.*.scope.channel diagnosis.hypotheses.*.scope.campaign""",
    "plan": "plan.*.change_pct profit_change_per_week warnings.*.channel",
    "attribution": "lookback models.linear.*.conversions_interval",
    "inspection": """
        inputs.*.format inputs.*.encoding inputs.*.delimiter inputs.*.header_line inputs.*.grain
        inputs.*.start inputs.*.end inputs.*.currency inputs.*.rejected.*.first_line
        inputs.*.columns.*.canonical inputs.*.totals.spend inputs.*.totals.conversions
        inputs.*.totals.claimed_revenue inputs.*.totals.revenue
        inputs.*.problems.*.line inputs.*.problems.*.column""",
    "report": """
        changes.*.scope.channel changes.*.scope.campaign changes.*.before changes.*.after
        alerts.*.scope.channel alerts.*.scope.campaign decisions.*.realised""",
}

#: The contract's top level, which no document may do without.
REQUIRED = {
    "analysis": "schema run inputs window currency totals channels campaigns diagnosis",
    "plan": """schema weeks current plan revenue_change_per_week profit_change_per_week probability_better
        warnings""",
    "attribution": "schema journeys converting touchpoints conversions value lookback conventions models",
    "inspection": "schema inputs",
    "report": "schema week language analysis changes alerts decisions",
}


def document(name: str) -> Any:
    return json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))


def accepts(name: str, value: Any) -> bool:
    return Draft202012Validator(schema(name)).is_valid(value)


def fields(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key of every object inside `value`, as a path from the top."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        if isinstance(key, str):
            yield (*path, key)
        yield from fields(below, (*path, key))


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a schema."""
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(below)


def free(name: str, path: tuple[str | int, ...]) -> bool:
    """Whether a key is the writer's own, or tested with another document."""
    if name == "attribution":  # conventions are free; so are the names of the models computed
        return len(path) > 1 and (path[0] == "conventions" or path[:-1] == ("models",))
    return name == "report" and len(path) > 1 and path[0] == "analysis"


def cut(value: Any, path: tuple[str | int, ...]) -> tuple[Any, Any]:
    """A copy of `value` and, inside it, the object that holds `path`'s key."""
    whole = copy.deepcopy(value)
    holder = whole
    for step in path[:-1]:
        holder = holder[step]
    return whole, holder


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_schema_names_its_document(name: str) -> None:
    assert schema(name)["$id"] == f"urn:roas:{name}:1"
    assert schema(name)["properties"]["schema"]["const"] == f"roas.{name}/1"


@pytest.mark.parametrize("name", NAMES)
def test_required_fields_are_the_contracts(name: str) -> None:
    assert schema(name)["required"] == REQUIRED[name].split()


@pytest.mark.parametrize("name", NAMES)
def test_every_field_says_what_it_is(name: str) -> None:
    described = [part for part in parts(schema(name)) if {"description", "properties"} <= set(part)]
    assert described
    fields = [(key, field) for part in described for key, field in part["properties"].items()]
    silent = [key for key, field in fields if "description" not in field]
    assert silent == []


@pytest.mark.parametrize("name", [*NAMES, "analysis_bare"])
def test_valid_document_is_accepted(name: str) -> None:
    errors = Draft202012Validator(schema(name.removesuffix("_bare"))).iter_errors(document(name))
    assert [f"{e.json_path}: {e.message}" for e in errors] == []


@pytest.mark.parametrize("name", NAMES)
def test_more_fields_may_stand_beside(name: str) -> None:
    assert accepts(name, {**document(name), "extra": {"anything": 1}})


@pytest.mark.parametrize("name", NAMES)
def test_no_field_may_be_missing(name: str) -> None:
    whole = document(name)
    accepted = []
    for path in fields(whole):
        if free(name, path):
            continue
        value, holder = cut(whole, path)
        del holder[path[-1]]
        if accepts(name, value):
            accepted.append(path)
    assert accepted == []


@pytest.mark.parametrize("name", NAMES)
def test_only_the_named_fields_may_be_null(name: str) -> None:
    whole = document(name)
    null = set()
    for path in fields(whole):
        if free(name, path):
            continue
        value, holder = cut(whole, path)
        holder[path[-1]] = None
        if accepts(name, value):
            null.add(".".join("*" if isinstance(step, int) else step for step in path))
    assert null == set(MAY_BE_NULL[name].split())


def test_report_rejects_a_broken_analysis() -> None:
    report = document("report")
    del report["analysis"]["totals"]["spend"]
    assert not accepts("report", report)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("analysis", "schema", "roas.analysis/2"),
        ("analysis", "currency", "euro"),
        ("analysis", "window.start", "06/07/2026"),
        ("analysis", "window.grain", "month"),
        ("analysis", "inputs.0.sha256", "abc"),
        ("analysis", "inputs.0.format", "meta"),
        ("analysis", "totals.spend", "52000"),
        ("analysis", "totals.volatility.state", "wild"),
        ("analysis", "totals.volatility.shares.demand", -0.1),
        ("analysis", "channels.0.saturation.state", "full"),
        ("analysis", "diagnosis.healthy", True),
        ("analysis", "diagnosis.findings.0.cause", "bad_luck"),
        ("analysis", "diagnosis.findings.0.verdict", "ruled_out"),
        ("analysis", "diagnosis.findings.0.verdict", "possible"),
        ("analysis", "diagnosis.findings.0.probability", 1.2),
        ("analysis", "diagnosis.findings.0.evidence", []),
        ("analysis", "diagnosis.findings.0.action", ""),
        ("analysis", "diagnosis.hypotheses.3.cause", "saturation"),
        ("plan", "probability_better", -0.2),
        ("plan", "weeks", 0),
        ("attribution", "models.magic", []),
        ("attribution", "lookback", 90),
        ("inspection", "inputs.0.problems.0.severity", "fatal"),
        ("inspection", "inputs.0.problems.0.line", 0),
        ("report", "week", "2026-46"),
        ("report", "changes.0.because", "luck"),
        ("report", "alerts.0.state", "closed"),
    ],
)
def test_broken_document_is_rejected(name: str, path: str, value: object) -> None:
    steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))
    whole, holder = cut(document(name), steps)
    holder[steps[-1]] = value
    assert not accepts(name, whole)


def test_every_cause_must_be_answered() -> None:
    analysis = document("analysis_bare")
    causes = [h["cause"] for h in analysis["diagnosis"]["hypotheses"]]
    assert len(causes) == 14
    for i in range(len(causes)):
        value = copy.deepcopy(analysis)
        del value["diagnosis"]["hypotheses"][i]
        assert not accepts("analysis", value), causes[i]


def test_schema_is_a_fresh_copy() -> None:
    schema("report")["$defs"].clear()
    assert "analysis" in schema("report")["$defs"]


def test_unknown_schema_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        schema("analisys")
    assert str(caught.value) == (
        'no schema is called "analisys". Did you mean "analysis"?\n'
        "  Schemas: analysis, plan, attribution, inspection, report."
    )


@pytest.mark.parametrize("name", ["", "../errors", "zzz", "analysis.json/x"])
def test_unknown_schema_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no schema is called"):
        schema(name)
