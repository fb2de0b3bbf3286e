"""GARCH is used only where it is earned."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from roas.volatility.regimes.garch import conditional_volatility, qlike, reason_against
from roas.volatility.regimes.shocks import standardise
from roas.volatility.series import RoasSeries

UNIT = 60 * 1.64


def shocks_of(white):
    """Shocks of a quiet channel, with the uncorrelated part replaced."""
    days = len(white)
    rng = np.random.default_rng(0)
    revenue = 3000 * np.exp(0.1 * rng.standard_normal(days))
    dates = np.datetime64("2022-01-01") + np.arange(days)
    shocks = standardise(RoasSeries("a", "claimed_roas", "day", dates, np.full(days, 1000.0), revenue), 1.0)
    return replace(shocks, white=white / white.std())


def garch_path(seed, days, alpha=0.2, beta=0.77):
    rng = np.random.default_rng(seed)
    variance, out = 1.0, np.empty(days)
    for t in range(days):
        out[t] = rng.standard_normal() * np.sqrt(variance)
        variance = 1 - alpha - beta + alpha * out[t] ** 2 + beta * variance
    return out


def test_garch_is_used_where_it_forecasts_better():
    found: Any = [conditional_volatility(shocks_of(garch_path(seed, 1460)), seed=seed) for seed in range(4)]
    used = [each for each in found if each.model != "ewma"]
    assert len(used) >= 2
    assert all(each.persistence is not None and 0.5 < each.persistence < 1.05 for each in used)
    assert all(each.why_not == "" and each.p_value <= 0.05 for each in used)


def test_ewma_says_why_not():
    rng = np.random.default_rng(1)
    calm = conditional_volatility(shocks_of(rng.standard_normal(600)))
    assert calm.model == "ewma"
    assert "do not follow" in calm.why_not
    assert "needs 250 days" in conditional_volatility(shocks_of(rng.standard_normal(200))).why_not
    assert "days" in reason_against(rng.standard_normal(600), "week")


def test_a_break_of_variance_is_not_garch():
    rng = np.random.default_rng(2)
    broken = rng.standard_normal(700) * np.where(np.arange(700) < 350, 1.0, 2.5)
    assert "one change of variance" in conditional_volatility(shocks_of(broken)).why_not


def test_qlike_is_least_at_the_true_variance():
    z = 1.5 * np.random.default_rng(3).standard_normal(20_000)
    losses = [qlike(z, np.full(len(z), sd)).mean() for sd in (1.2, 1.5, 1.9)]
    assert losses[1] == min(losses)


@pytest.mark.parametrize("days", [0, 1, 30])
def test_little_data_gives_a_path_and_a_reason(days):
    dates = np.datetime64("2024-01-01") + np.arange(days)
    zero = np.zeros(days)
    found = conditional_volatility(standardise(RoasSeries("a", "mer", "day", dates, zero, zero), UNIT))
    assert len(found.volatility) == days
    assert found.why_not
    json.dumps(found.to_dict(), allow_nan=False)
