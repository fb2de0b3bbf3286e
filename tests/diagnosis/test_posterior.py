"""What a cause did to each series, and the account without it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.compare import hold_against
from roas.diagnosis.panel import Panel
from roas.diagnosis.posterior import changes_of, path_of, plain_contrast, take_out
from roas.diagnosis.seen import Seen, look
from roas.diagnosis.weigh import weigh
from tests.diagnosis.accounts import even_account, panel_of, replaced

pytestmark = pytest.mark.slow

THREE = ("Meta", "Search", "Video")
ONSET = 20


@cache
def healthy() -> Panel:
    return panel_of(even_account(210, channels=THREE))


@cache
def hit(cause: str) -> Seen:
    """An account of luck alone in which one thing was planted: exactly, from week 20 on."""
    panel = healthy()
    late = np.arange(panel.weeks) >= ONSET
    sums = {name: values.copy() for name, values in panel.sums.items()}
    till = dict(panel.till)
    total = dict(panel.total)
    if cause == "auction_inflation":
        for name in ("impressions", "reach", "clicks", "conversions", "conversion_value"):
            sums[name][0, late] *= 0.6
    if cause == "tracking_break":
        for name in ("conversions", "conversion_value"):
            sums[name][0, late] *= 0.5
    if cause == "conversion_rate_drop":
        for name in ("conversions", "conversion_value"):
            sums[name][:, late] *= 0.6
        till |= {name: np.where(late, 0.6, 1.0) * till[name] for name in ("orders", "revenue", "new_customers")}
    if cause == "order_value_drop":
        sums["conversion_value"][:, late] *= 0.7
        till["revenue"] = np.where(late, 0.7, 1.0) * till["revenue"]
    for name in ("conversions", "conversion_value", "clicks"):
        total[name] = sums[name].sum(axis=0)
    return look(replace(panel, sums=sums, till=till, total=total))


#: Cause → where, the metric that was moved, and its factor.
PLANTED = {
    "auction_inflation": (0, "cpm", 1 / 0.6),
    "tracking_break": (0, "cvr", 0.5),
    "conversion_rate_drop": (None, "cvr", 0.6),
    "order_value_drop": (None, "aov", 0.7),
}


def candidate(cause: str) -> Candidate:
    return hold_against(hit(cause), SIGNATURES[cause], PLANTED[cause][0])


@pytest.mark.parametrize("cause", PLANTED)
def test_what_was_planted_is_named(cause):
    found = weigh(hit(cause))
    best = found.candidates[int(found.probability.argmax())]
    assert best.signature is SIGNATURES[cause] and best.channel == PLANTED[cause][0]


@pytest.mark.parametrize("cause", PLANTED)
def test_the_change_is_what_was_planted(cause):
    _, metric, factor = PLANTED[cause]
    seen, found = hit(cause), candidate(cause)
    change = changes_of(seen, found)[metric]
    weight = found.weights(seen.shapes.prior)
    assert float((weight * change.mean).sum()) == pytest.approx(np.log(factor), abs=0.15)
    path = path_of(seen, found, change)
    assert path[-1] == pytest.approx(np.log(factor), abs=0.15)
    assert np.abs(path[: ONSET - 8]).max() < 0.1 * abs(path[-1])


def test_a_steady_series_that_steps_up_is_seen_to_step():
    panel = healthy()
    price = np.where(np.arange(panel.weeks) >= ONSET, 1 / 0.6, 1.0)
    sums = dict(panel.sums)
    for name in ("impressions", "reach", "clicks"):
        sums[name] = panel.sums["spend"] * 100 / np.array([price, np.ones(30), np.ones(30)])
    seen = look(replace(panel, sums=sums))
    found = hold_against(seen, SIGNATURES["auction_inflation"], 0)
    best = int(found.weights(seen.shapes.prior).sum(axis=1).argmax())
    assert abs(seen.shapes.onset[best] - ONSET) <= 1


@pytest.mark.parametrize("cause", PLANTED)
def test_taking_a_cause_out_leaves_nothing_to_be_seen(cause):
    place, metric, _ = PLANTED[cause]
    seen, found = hit(cause), candidate(cause)
    shape = int(found.weights(seen.shapes.prior).sum(axis=1).argmax())
    left = look(seen.panel, taken_out=take_out(seen, found, {}))
    was, _ = plain_contrast(seen, metric, place)
    now, variance = plain_contrast(left, metric, place)
    assert was is not None and now is not None
    assert abs(was[shape]) > 4 * variance[shape] ** 0.5
    assert abs(now[shape]) < 2 * variance[shape] ** 0.5
    again = weigh(left)
    mine = [k for k, each in enumerate(again.candidates) if each.signature is SIGNATURES[cause]]
    assert again.probability[mine].sum() < 0.2


def test_what_was_taken_out_before_stays_out():
    seen, found = hit("auction_inflation"), candidate("auction_inflation")
    once = take_out(seen, found, {})
    twice = take_out(seen, found, once)
    assert once.keys() == twice.keys()
    for key, path in once.items():
        assert twice[key] == pytest.approx(2 * path)


def test_a_channels_cause_is_taken_out_of_that_channel_and_the_till():
    rates = {key for key in take_out(hit("tracking_break"), candidate("tracking_break"), {}) if key[1] is not None}
    assert rates == {("cvr", 0)}
    everywhere = take_out(hit("order_value_drop"), candidate("order_value_drop"), {})
    assert {("aov", k) for k in range(3)} <= set(everywhere) and ("order_value", None) in everywhere


def test_what_no_cause_describes_has_no_changes():
    seen = hit("auction_inflation")
    nothing = Candidate(None, 0, np.zeros((len(seen.shapes.onset), 1)), np.zeros((len(seen.shapes.onset), 1)))
    assert changes_of(seen, nothing) == {} and take_out(seen, nothing, {}) == {}


def test_data_without_errors_are_believed_and_data_without_worth_are_not():
    signature = SIGNATURES["creative_fatigue"]
    for error, expected in ((0.001, -0.3), (50.0, None)):
        seen = replaced(look(healthy()), {("ctr", 0): -0.3 * (1 - 1 / 3)}, error=error)
        weight = float(seen.shared.weights["ctr"][0])
        seen = replaced(seen, {("ctr", 0): -0.3 * (1 - weight)}, error=error)
        found = hold_against(seen, signature, 0)
        mean = changes_of(seen, found)["ctr"].mean
        if expected is None:
            assert mean == pytest.approx(-0.95 * found.sizes, rel=0.01)
        else:
            assert np.abs(mean[:, 3] - expected).max() < 0.05
