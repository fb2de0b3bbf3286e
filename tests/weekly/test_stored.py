"""The figures that a report keeps for the next one."""

from __future__ import annotations

import copy
import json

import pytest

from roas.weekly.changes import changes
from roas.weekly.stored import figures_document
from tests.weekly.accounts import analysis_of, steady, till


def test_the_document_is_plain_and_knows_each_week() -> None:
    found = figures_document(analysis_of(steady(5, channels=("Meta", "Search")), till(5)))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["week"] == "2025-W06" and list(found["weeks"]) == [f"2025-W0{k}" for k in range(2, 7)]
    week = found["weeks"]["2025-W06"]
    assert week["totals"]["spend"] == 1400.0 and week["totals"]["mer"] == 5.0
    assert set(week["channels"]) == {"Meta", "Search"} and "revenue" not in week["channels"]["Meta"]
    assert found["totals"]["revenue"] == 35_000.0 and found["channels"]["Meta"]["spend"] == 3500.0


def test_stored_documents_explain_a_restated_week() -> None:
    first, both = steady(3), steady(4)
    late = (both["date"] >= "2025-01-20") & (both["date"] < "2025-01-27")
    both.loc[late, "conversion_value"] += 1.0
    stored = json.loads(json.dumps(figures_document(analysis_of(first))))
    found = changes(stored, figures_document(analysis_of(both)))
    (step,) = [c for c in found if c.because == "restated_data" and c.figure == "claimed_revenue" and not c.channel]
    assert float(step.after or 0) - float(step.before or 0) == pytest.approx(7.0)


def test_nothing_changed_says_nothing() -> None:
    found = figures_document(analysis_of(steady(3), till(3)))
    assert changes(found, copy.deepcopy(found)) == ()


def test_no_complete_week_is_no_trouble() -> None:
    empty = figures_document(analysis_of(steady(1).iloc[:3]))
    full = figures_document(analysis_of(steady(3)))
    assert (empty["week"], empty["weeks"], empty["bands"]) == (None, {}, None)
    assert changes(empty, empty) == ()
    assert {c.because for c in changes(empty, full)} == {"new_data"}
