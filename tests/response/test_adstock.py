"""Carryover: plain, and tabulated for many evaluations."""

from __future__ import annotations

import numpy as np
import pytest

from roas.response.adstock import AdstockTable, geometric_adstock, lag_weights
from roas.response.limits import LARGEST_ALPHA, MAX_LAG

RNG = np.random.default_rng(7)


def test_no_lag_changes_nothing():
    spend = RNG.uniform(0, 100, 20)
    assert np.array_equal(geometric_adstock(spend, alpha=0.7, max_lag=0), spend)


def test_no_retention_changes_nothing():
    spend = RNG.uniform(0, 100, 20)
    assert np.allclose(geometric_adstock(spend, alpha=0.0, max_lag=8), spend)


def test_normalised_weights_keep_steady_spend():
    steady = np.full(40, 50.0)
    assert np.allclose(geometric_adstock(steady, alpha=0.6, max_lag=8, before=50.0), steady)


def test_plain_weights_are_powers():
    carried = geometric_adstock([100, 0, 0, 0], alpha=0.5, max_lag=2, normalize=False)
    assert carried.tolist() == [100.0, 50.0, 25.0, 0.0]


def test_columns_are_channels():
    spend = RNG.uniform(0, 9, (30, 3))
    together = geometric_adstock(spend, alpha=0.4, max_lag=5)
    alone = [geometric_adstock(column, alpha=0.4, max_lag=5) for column in spend.T]
    assert np.allclose(together, np.column_stack(alone))


@pytest.mark.parametrize(
    ("spend", "alpha", "max_lag"), [([1.0], 1.0, 2), ([1.0], -0.1, 2), ([-1.0], 0.5, 2), ([1.0], 0.5, -1)]
)
def test_what_cannot_be_is_refused(spend, alpha, max_lag):
    with pytest.raises(ValueError, match=r"alpha|spend|max_lag"):
        geometric_adstock(spend, alpha=alpha, max_lag=max_lag)


@pytest.mark.parametrize(("grain", "tolerance"), [("week", 1e-6), ("day", 2e-5)])
def test_table_equals_plain_adstock(grain, tolerance):
    impulse = np.zeros((MAX_LAG[grain] + 1, 1))
    impulse[0] = 1.0
    table = AdstockTable.of(impulse, max_lag=MAX_LAG[grain], largest=LARGEST_ALPHA[grain], before=np.zeros(1))
    alphas = np.linspace(0.001, LARGEST_ALPHA[grain] - 0.001, 97)
    exact = np.array([lag_weights(alpha, MAX_LAG[grain]) for alpha in alphas])
    assert np.abs(table.series(alphas[None])[0] - exact).max() < tolerance


def test_slopes_of_the_table_are_derivatives():
    table = AdstockTable.of(RNG.uniform(0, 2, (50, 2)), max_lag=13, largest=0.95, before=np.ones(2))
    alpha = np.array([[0.05, 0.5, 0.9], [0.2, 0.7, 0.94]])
    numeric = (table.polynomials(alpha + 1e-6)[0] - table.polynomials(alpha - 1e-6)[0]) / 2e-6
    assert np.allclose(table.polynomials(alpha)[1], numeric, rtol=1e-5, atol=1e-6)
