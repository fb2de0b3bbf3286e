"""The loss shared over causes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.diagnosis.panel import Panel
from roas.diagnosis.results import Finding
from roas.diagnosis.search import Searched
from roas.diagnosis.seen import look
from roas.diagnosis.shares import _shapley, explained
from roas.diagnosis.weigh import weigh
from roas.quantiles import Q
from tests.diagnosis.accounts import even_account, even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of

KEPT = st.lists(st.floats(0.2, 1.2), min_size=1, max_size=4)


@given(kept=KEPT, revenue=st.floats(1, 1e9))
def test_parts_add_up_exactly(kept, revenue):
    whole = revenue * (1 / np.prod(kept) - 1)
    assert sum(_shapley(kept, revenue)) == pytest.approx(whole, rel=1e-9, abs=1e-9 * revenue)


@given(kept=KEPT)
def test_order_of_causes_is_irrelevant(kept):
    forth, back = _shapley(kept, 100.0), _shapley(kept[::-1], 100.0)
    assert forth == pytest.approx(back[::-1], rel=1e-9, abs=1e-9)


@given(same=st.floats(0.2, 1.2), other=st.floats(0.2, 1.2))
def test_equal_causes_get_equal_parts(same, other):
    one, two, _ = _shapley([same, same, other], 100.0)
    assert one == pytest.approx(two, rel=1e-9, abs=1e-9)


@given(kept=st.floats(0.2, 1.2))
def test_one_cause_gets_all_and_one_that_does_nothing_nothing(kept):
    [alone] = _shapley([kept], 100.0)
    assert alone == pytest.approx(100 * (1 / kept - 1))
    assert _shapley([kept, 1.0], 100.0) == pytest.approx([alone, 0.0], abs=1e-9)


def searched(panel: Panel) -> Searched:
    seen = look(panel)
    found = weigh(seen)
    return Searched((), seen, seen, found)


def finding(loss: float, since: dt.date, cause: str = "demand_shift", *, verdict="supported", channel=None) -> Finding:
    return Finding(cause, channel, None, verdict, 0.99, since, (since, since), Q(loss, loss, loss), ())


ACCOUNT = searched(panel_of(even_account(140)))
SINCE = ACCOUNT.seen.panel.starts[10]


def test_shares_and_the_rest_add_up_to_the_total():
    found = explained(ACCOUNT, (finding(900.0, SINCE), finding(500.0, SINCE, "order_value_drop")), margin=None)
    assert found is not None
    assert sum(amount for _, _, amount in found.parts) + found.unexplained == pytest.approx(found.total, abs=1e-6)
    assert [cause for cause, _, _ in found.parts] == ["demand_shift", "order_value_drop"]


def test_one_finding_gets_its_own_loss():
    found = explained(ACCOUNT, (finding(900.0, SINCE),), margin=None)
    assert found is not None and found.parts[0][2] == pytest.approx(900.0, rel=1e-4)


def test_what_is_only_possible_shares_nothing():
    assert explained(ACCOUNT, (finding(900.0, SINCE, verdict="possible"),), margin=None) is None
    assert explained(ACCOUNT, (), margin=None) is None


def test_a_wrong_count_has_no_share_in_the_till():
    wrong = finding(0.0, SINCE, "tracking_break", channel="Meta")
    found = explained(ACCOUNT, (finding(900.0, SINCE), wrong), margin=None)
    assert found is not None and found.parts[1] == ("tracking_break", "Meta", 0.0)


def test_without_a_till_there_is_nothing_to_share():
    assert explained(searched(panel_of(tables_of(even_spend(140)))), (finding(9.0, SINCE),), margin=None) is None


def test_a_till_that_ended_before_shares_nothing():
    half = searched(panel_of(tables_of(even_spend(140), even_till(140).iloc[:63])))
    assert explained(half, (finding(900.0, SINCE),), margin=None) is None


@pytest.mark.parametrize("days", [0, 3, 6])
def test_a_cause_of_the_last_days_is_shared_in_the_last_week(days):
    last = ACCOUNT.seen.panel.starts[-1] + dt.timedelta(days=days)
    found = explained(ACCOUNT, (finding(0.0, last, "reporting_lag"),), margin=None)
    assert found is not None and np.isfinite(found.total)


def test_with_a_margin_shares_are_profit():
    whole = explained(ACCOUNT, (finding(900.0, SINCE), finding(500.0, SINCE, "order_value_drop")), margin=None)
    part = explained(ACCOUNT, (finding(90.0, SINCE), finding(50.0, SINCE, "order_value_drop")), margin=0.1)
    assert whole is not None and part is not None
    assert part.total == pytest.approx(whole.total / 10, rel=1e-4)
