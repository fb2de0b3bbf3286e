"""What a plan's weeks changed: arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.plan.aftermath import outcome
from roas.plan.before import NotKnown
from tests.plan.weeks import known


def test_realised_is_what_was_sold_less_the_forecast_with_money_left_as_it_was() -> None:
    seen, now = known(spend={}, sold=[9000.0, 9000.0])
    found = outcome(seen, now, 2)
    without = found.without
    np.testing.assert_allclose(found.realised, 9000 - without)
    np.testing.assert_allclose(found.expected, 0, atol=1e-6)
    np.testing.assert_allclose(found.tail, 0, atol=1e-6)
    ((length, held, controls),) = seen.response.asked  # type: ignore[attr-defined]
    assert (length, held) == (2, now)
    assert list(controls.columns) == ["promo"]  # what is not known all along is left to the model


def test_what_the_model_expects_is_measured_when_sales_are_what_it_says() -> None:
    """Sales made by the curves themselves: realised = expected in every draw, but for how steep curves are."""
    seen, now = known(spend={"Meta": 0.0}, sold=[0.0, 0.0, 0.0, 0.0])
    curves, weeks = seen.response.curves, 4
    media = sum(curves.contribution(c, path).mean(axis=0) for c, path in enumerate(seen.spend.values()))
    found = outcome(replace(seen, revenue=5000.0 + media), now, weeks)
    assert float(np.median(found.realised)) == pytest.approx(float(np.median(found.expected)), rel=0.1)
    assert (found.tail <= 0).all()  # money that was taken away is missed afterwards too
    assert (found.tail >= found.expected - 1e-6).all()


def test_weeks_without_revenue_are_left_out_and_half_of_them_is_too_few() -> None:
    seen, now = known(spend={}, sold=[9000.0, np.nan, 9000.0, 9000.0])
    assert outcome(seen, now, 4).revenue == pytest.approx(9000)
    with pytest.raises(NotKnown, match="no_revenue"):
        outcome(replace(seen, revenue=np.array([9000.0, np.nan, np.nan, np.nan])), now, 4)
    with pytest.raises(NotKnown, match="no_revenue"):
        outcome(replace(seen, revenue=np.array([9000.0, 9000.0])), now, 4)
