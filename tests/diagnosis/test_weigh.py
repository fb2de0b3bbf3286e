"""All causes against each other: each is named from what it does, and nothing from nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.panel import Panel
from roas.diagnosis.seen import Seen, look
from roas.diagnosis.weigh import CAUSE, NOTHING, SOMETHING_ELSE, Weighed, weigh
from tests.diagnosis.accounts import as_expected, even_account, panel_of, replaced

THREE = ("Meta", "Search", "Video")

#: What a cause needs to have happened: see `roas.diagnosis.causes`.
GATED = ("saturation", "audience_exhaustion", "fragmentation", "baseline_erosion", "promotion_hangover")


@cache
def panel(name: str = "") -> Panel:
    """An account of a year in which only what lets a cause be asked for happened."""
    plain = panel_of(even_account(336, channels=THREE, campaigns=2))
    late = np.arange(plain.weeks) >= plain.weeks - 12
    spend, campaigns = plain.sums["spend"].copy(), plain.campaigns.copy()
    reach = np.where(late & (name == "audience_exhaustion"), 0.8, 1.0) * plain.sums["reach"]
    if name == "fragmentation":
        campaigns[0, late] *= 3
    if name == "baseline_erosion":
        spend[2, -30:] *= 0.2
    moved = replace(
        plain, sums={**plain.sums, "spend": spend, "reach": reach}, total={**plain.total, "spend": spend.sum(axis=0)}
    )
    ends = (plain.weeks - 4.0,) if name == "promotion_hangover" else ()
    return replace(moved, campaigns=campaigns, after_promotions=ends)


@cache
def seen(name: str = "") -> Seen:
    return look(panel(name), brand=(2,))


def winner(found: Weighed) -> tuple[str, int | None, float]:
    k = int(found.probability.argmax())
    signature = found.candidates[k].signature
    return signature.name if signature else "something else", found.candidates[k].channel, float(found.probability[k])


CASES = [
    (name, place)
    for name, each in SIGNATURES.items()
    for place in ((0, None) if each.scope == "channel" else (None,))
    # Mix is measured from spend, and campaigns are those of a channel; saturation stands apart below.
    if name not in ("mix_shift", "saturation") and (name, place) != ("fragmentation", None)
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place"), CASES)
def test_what_a_cause_does_is_named_as_that_cause(name, place):
    fake = as_expected(seen(name if name in GATED else ""), SIGNATURES[name], place, 0.4)
    cause, channel, probability = winner(weigh(fake))
    assert (cause, channel) == (name, place)
    assert probability > 0.9


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place"), [case for case in CASES if case[0] not in GATED])
def test_the_opposite_of_a_cause_is_not_that_cause(name, place):
    found = weigh(as_expected(seen(), SIGNATURES[name], place, -0.36))
    mine = [k for k, each in enumerate(found.candidates) if each.signature is SIGNATURES[name]]
    assert found.probability[mine].sum() < 0.05


@pytest.mark.slow
def test_nothing_seen_is_nothing():
    found = weigh(replaced(seen(), {}))
    assert found.nothing > 0.9


def test_noise_leaves_what_was_believed_beforehand():
    found = weigh(replaced(seen(), {}, error=30.0))
    asked = {each.signature.name for each in found.candidates if each.signature is not None and each.possible.any()}
    believed = {name: CAUSE / SIGNATURES[name].by_chance for name in asked}
    whole = NOTHING + SOMETHING_ELSE + sum(believed.values())
    assert found.nothing == pytest.approx(NOTHING / whole, rel=0.1)
    for name in asked:
        places = [k for k, each in enumerate(found.candidates) if each.signature is SIGNATURES[name]]
        assert found.probability[places].sum() == pytest.approx(believed[name] / whole, rel=0.1)


@pytest.mark.parametrize("name", ["", "fragmentation"])
def test_probabilities_add_to_one(name):
    for each in (seen(name), replaced(seen(name), {("cvr", None): -0.4}), replaced(seen(name), {("cvr", 1): -9.0})):
        found = weigh(each)
        assert found.probability.sum() + found.nothing == pytest.approx(1.0)
        assert (found.probability >= 0).all() and 0 <= found.nothing <= 1


def test_how_far_ahead_is_symmetric_between_the_two_best():
    found = weigh(as_expected(seen(), SIGNATURES["creative_fatigue"], 0, 0.3))
    first = int(found.probability.argmax())
    ahead, rival = found.ahead(first)
    assert ahead > np.log(20)
    assert rival is None or rival.signature is not found.candidates[first].signature


def test_a_rival_is_another_cause_not_the_same_elsewhere():
    found = weigh(as_expected(seen(), SIGNATURES["tracking_break"], 0, 0.5))
    for k, each in enumerate(found.candidates):
        _, rival = found.rival(k)
        assert rival is None or rival.signature is not each.signature


def test_a_cause_without_what_it_needs_has_no_probability():
    found = weigh(seen())
    for k, each in enumerate(found.candidates):
        if each.signature is not None and each.signature.name in GATED:
            assert found.probability[k] == 0


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1])
def test_saturation_is_not_taken_for_something_else(place):
    plain = panel()
    late = np.arange(plain.weeks) >= plain.weeks - 12
    spend = plain.sums["spend"].copy()
    spend[slice(None) if place is None else place, late] *= 2.5
    moved = replace(plain, sums={**plain.sums, "spend": spend}, total={**plain.total, "spend": spend.sum(axis=0)})
    cause, channel, _ = winner(weigh(as_expected(look(moved, brand=(2,)), SIGNATURES["saturation"], place, 0.3)))
    assert (cause, channel) == ("saturation", place)
