"""Funnel limits: each unit judged at its own spend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from roas.volatility.funnel import chance, compound_cdf, compound_quantile, funnel_table, limits


def revenue_by_luck(sales: float, size: int, *, true_cv: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(int(sales * 10))
    mean = sales * (rng.gamma(true_cv**-2, true_cv**2, size) if true_cv else 1.0)
    count = rng.poisson(mean, size)
    return np.asarray(rng.gamma(np.maximum(count, 1) / 0.64, 60 * 0.64) * (count > 0))


@pytest.mark.parametrize("true_cv", [0.0, 0.15])
@pytest.mark.parametrize("sales", [1.0, 4.0, 12.0, 40.0, 300.0])
def test_limits_hold_their_share(sales: float, true_cv: float) -> None:
    revenue = revenue_by_luck(sales, 60_000, true_cv=true_cv)
    spend = sales * 20.0
    lower, upper = limits(np.array([spend]), 3.0, basket=60, basket_cv=0.8, true_cv=true_cv)
    assert (revenue / spend > upper[0]).mean() == pytest.approx(0.05, abs=0.008)
    # No limit below can be tighter than the chance of no sale at all.
    assert (revenue / spend < lower[0]).mean() <= 0.058


def test_the_exact_law_and_the_approximation_meet() -> None:
    for tail in (0.05, 0.95):
        exact = compound_quantile(tail, np.array([25.0]), 60, 0.8) / (25 * 20)
        near = limits(np.array([500.0]), 3.0, basket=60, basket_cv=0.8)[0 if tail < 0.5 else 1]
        assert near == pytest.approx(exact, rel=0.01)


def test_no_sale_at_all_has_its_poisson_chance() -> None:
    at_zero = compound_cdf(np.zeros(1), np.array([2.0]), 60, 0.8)
    assert at_zero == pytest.approx(np.exp(-2))
    assert compound_quantile(0.05, np.array([2.0]), 60, 0.8) == 0


def test_limits_narrow_with_spend() -> None:
    spend = np.geomspace(10, 1e6, 40)
    lower, upper = limits(spend, 3.0, basket=60, basket_cv=0.8)
    assert (np.diff(upper) < 0).all() and (np.diff(lower) >= 0).all()
    assert (lower <= 3).all() and (upper >= 3).all()


def test_chances_are_even_where_nothing_differs() -> None:
    revenue = revenue_by_luck(30.0, 20_000)
    p = chance(np.full(20_000, 600.0), revenue / 600, 3.0, basket=60, basket_cv=0.8)
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.01)
    assert (p < 0.5).mean() == pytest.approx(0.5, abs=0.02)


def test_equal_campaigns_are_not_ranked_and_an_odd_one_is_found() -> None:
    rng = np.random.default_rng(5)
    spend = rng.uniform(200, 9000, 60)
    sales = rng.poisson(spend * 3 / 60)
    revenue = rng.gamma(np.maximum(sales, 1) / 0.64, 60 * 0.64) * (sales > 0)
    units = pd.DataFrame({"label": range(60), "spend": spend, "roas": revenue / spend})
    assert funnel_table(units, center=3.0, basket=60, basket_cv=0.8)["differs"].sum() <= 1
    units.loc[7, ["spend", "roas"]] = [9000.0, 1.5]
    found = funnel_table(units, center=3.0, basket=60, basket_cv=0.8)
    assert found.loc[7, "differs"]
    assert found["roas"].between(found["outer_lower"], found["outer_upper"])[~found["differs"]].mean() > 0.95


def test_an_empty_table_stays_empty() -> None:
    empty = pd.DataFrame({"spend": [], "roas": []}, dtype=float)
    assert len(funnel_table(empty, center=3.0, basket=60, basket_cv=0.8)) == 0
