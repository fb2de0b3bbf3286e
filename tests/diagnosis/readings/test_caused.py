"""Readings that rest on what spend caused: with draws whose answer is known, and on fitted models."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas.response import ResponseModel
from roas.tables import Tables
from tests.diagnosis.readings.accounts import campaigns, named, simulated, tables_of, till

WEEKS, DRAWS = 70, 200
RATES = {("Meta", "a"): (4.0, 4.0), ("Search", "b"): (3.0, 3.0), ("Video", "Awareness"): (2.0, 2.0)}


def modelled(marginal: dict[str, float], *, baseline: Any = 5000.0, known: str = "identified", **options: Any) -> Any:
    """A fitted model that says the same in every draw: marginal ROAS, and average ROAS twice that."""
    names = tuple(sorted(marginal))
    spend = np.full((WEEKS, len(names)), 700.0)
    dates = np.datetime64("2024-01-01") + 7 * np.arange(WEEKS)

    def path(channel: int, times: float) -> np.ndarray:
        return np.full((DRAWS, WEEKS), times * marginal[names[channel]] * 700.0)

    def recent(weeks: int) -> slice:
        return slice(WEEKS - weeks, WEEKS)

    frame = pd.DataFrame({"date": dates.astype("datetime64[ns]"), "part": "baseline", "mean": baseline})
    return SimpleNamespace(
        converged=options.get("converged", True),
        channels=tuple(SimpleNamespace(channel=n, verdict=SimpleNamespace(identified=known)) for n in names),
        data=SimpleNamespace(channels=names, spend=spend, recent=recent, dates=dates, weeks=WEEKS, grain="week"),
        curves=SimpleNamespace(
            each=lambda: range(len(names)), rising=lambda c: path(c, 1.0), contribution=lambda c: path(c, 2.0)
        ),
        roas_draws=lambda: pd.DataFrame({n: np.full(DRAWS, 2 * marginal[n]) for n in names}),
        contributions=lambda: frame,
    )


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(campaigns(WEEKS, RATES), till(WEEKS), grain="week")


def test_spend_whose_last_unit_loses_is_counted(tables):
    response = modelled({"Meta": 1.2, "Search": 3.0, "Video": 0.4})
    found = named(tables, "below_break_even", response=response, margin=0.5)
    assert found.state == "concern"
    assert found.value is not None
    assert found.value.p50 == pytest.approx(2 / 3, rel=1e-4)
    assert found.facts["average"].p50 == pytest.approx(1 / 3, rel=1e-4)
    assert [each[0] for each in found.facts["channels"]] == ["Meta", "Video"]
    assert "estimated" in found.says


def test_all_above_break_even_is_fine(tables):
    assert named(tables, "below_break_even", response=modelled({"Meta": 3.0, "Search": 3.0})).state == "fine"


def test_what_the_data_do_not_tell_is_no_concern(tables):
    response = modelled({"Meta": 0.1, "Search": 0.1}, known="not identified")
    found = named(tables, "below_break_even", response=response)
    assert found.state == "unclear"
    assert "rests on assumptions" in found.says


def test_a_model_that_did_not_converge_is_not_asked(tables):
    response = modelled({"Meta": 0.1, "Search": 0.1}, converged=False)
    assert named(tables, "below_break_even", response=response).facts["basis"] == "claims"
    assert named(tables, "over_claim", response=response).facts["against"] == "till"


def test_claims_over_what_was_caused(tables):
    found = named(tables, "over_claim", response=modelled({"Meta": 1.0, "Search": 1.0, "Video": 1.0}))
    assert found.state == "concern"
    assert found.value is not None
    assert found.value.p50 == pytest.approx((4 + 3 + 2) / 6)  # claimed 9 for each unit, caused 2 · 3
    assert "1.50 times what their ads caused" in found.says


def test_modest_claims_are_fine(tables):
    assert named(tables, "over_claim", response=modelled({"Meta": 2.0, "Search": 2.0, "Video": 2.0})).state == "fine"


def test_the_estimated_baseline_stands_for_sales_without_ads(tables):
    fallen = np.where(np.arange(WEEKS) < 55, 5000.0, 4000.0)
    found = named(tables, "performance_share", response=modelled({"Meta": 2.0}, baseline=fallen))
    assert found.facts["without_ads"] == "baseline"
    assert found.facts["base_change"].p50 == pytest.approx(-0.2, abs=1e-4)
    assert found.state == "fine"  # the performance share stayed


@pytest.mark.slow
def test_true_shares_lie_in_the_intervals():
    share, over = [], []
    for seed in range(10):
        account, truth = simulated(seed=seed)
        assert account.revenue is not None
        response = ResponseModel(account.spend, account.revenue, controls=(), margin=0.6, grain="week").fit(seed=0)
        below = named(account, "below_break_even", response=response, margin=0.6)
        claims = named(account, "over_claim", response=response)
        assert below.value is not None
        assert claims.value is not None
        recent = {each["channel"]: each["spend_per_week_recent"] for each in truth["channels"]}
        lost = sum(recent[c["channel"]] for c in truth["channels"] if c["marginal_roas"] < 1 / 0.6)
        share.append(below.value.p5 - 0.02 <= lost / sum(recent.values()) <= below.value.p95 + 0.02)
        over.append(claims.value.p5 <= truth["totals"]["over_claim"] <= claims.value.p95)
    assert np.mean(share) >= 0.7
    assert np.mean(over) >= 0.7


@pytest.mark.parametrize(("weeks", "last"), [(1, "of the last week's spend"), (70, "of the last 8 weeks' spend")])
@pytest.mark.parametrize(("margin", "need"), [(0.5, "is 2.00."), (None, "is 1.00, as no margin was given.")])
def test_the_weeks_and_the_margin_are_said(tables, weeks, last, margin, need):
    response = modelled({"Meta": 1.2, "Search": 3.0, "Video": 0.4})
    response.data.weeks = weeks
    says = named(tables, "below_break_even", response=response, margin=margin).says
    assert last in says
    assert f"Break-even {need}" in says
