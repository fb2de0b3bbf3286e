"""What was seen against what each cause would do, and against nothing."""

from __future__ import annotations

import numpy as np
import pytest

from roas.diagnosis import compare
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.compare import common_noise, hold_against, something_else
from roas.diagnosis.seen import Seen, look
from roas.diagnosis.weigh import places
from tests.diagnosis.accounts import as_expected, even_account, panel_of, replaced

THREE = ("Meta", "Search", "Video")
SEEN = look(panel_of(even_account(140, channels=THREE)))
FREE = [name for name, each in SIGNATURES.items() if each.requires is None and "step" in each.courses and each.hit]


@pytest.mark.parametrize("name", FREE)
def test_a_hit_of_size_nothing_is_nothing(name, monkeypatch):
    monkeypatch.setattr(compare, "SIZES", np.array([0.0]))
    for place in places(SEEN, SIGNATURES[name]):
        found = hold_against(SEEN, SIGNATURES[name], place)
        assert found.log_ratio[found.possible] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("name", FREE)
def test_nothing_seen_speaks_against_every_hit_and_the_more_the_larger(name):
    quiet = replaced(SEEN, {})
    for place in places(quiet, SIGNATURES[name]):
        found = hold_against(quiet, SIGNATURES[name], place)
        ratio = found.log_ratio[found.possible]
        assert (ratio < 0).all() and (np.diff(ratio, axis=1) < 0).all()


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("size", [0.25, 0.51])
def test_a_hit_as_expected_is_recognised_at_its_size(name, size):
    signature = SIGNATURES[name]
    for place in places(SEEN, signature):
        fake = as_expected(SEEN, signature, place, size)
        found = hold_against(fake, signature, place)
        ratio = found.log_ratio[found.possible]
        assert (ratio.max(axis=1) > 5).all()
        best = found.sizes[found.possible][np.arange(len(ratio)), ratio.argmax(axis=1)]
        assert np.abs(np.log(best / size)).max() < 0.5


def test_noise_drowns_every_hit():
    for name in FREE:
        loud = replaced(SEEN, {}, error=30.0)
        found = hold_against(loud, SIGNATURES[name], places(loud, SIGNATURES[name])[0])
        assert np.abs(found.log_ratio[found.possible]).max() < 0.05


@pytest.mark.parametrize("name", [name for name in SIGNATURES if name != "mix_shift"])
def test_a_cause_comes_in_its_own_courses_only(name):
    signature = SIGNATURES[name]
    found = hold_against(SEEN, signature, places(SEEN, signature)[0])
    assert {course for course, there in zip(SEEN.shapes.course, found.possible, strict=True) if there} <= set(
        signature.courses
    )


def test_gates_are_closed_where_nothing_was_moved():
    for name in ("saturation", "fragmentation", "baseline_erosion", "promotion_hangover"):
        found = [hold_against(SEEN, SIGNATURES[name], place) for place in places(SEEN, SIGNATURES[name])]
        assert not any(each.possible.any() for each in found)
        assert all(each.evidence(SEEN.shapes.prior) == -np.inf for each in found)
        assert all((each.weights(SEEN.shapes.prior) == 0).all() for each in found)


def test_noise_of_common_series_is_a_covariance():
    change, cover = common_noise(SEEN)
    assert change.shape == (len(SEEN.shapes.onset), len(SEEN.common))
    assert cover == pytest.approx(np.swapaxes(cover, 1, 2))
    assert np.linalg.eigvalsh(cover).min() > 0


def test_correlations_are_one_with_oneself_and_never_more():
    assert np.diag(SEEN.correlation) == pytest.approx(np.ones(len(SEEN.common)), abs=0.06)
    assert np.abs(SEEN.correlation).max() < 1.06


@pytest.mark.parametrize("place", [0, None])
def test_weights_of_shapes_and_sizes_add_to_one(place):
    for found in (something_else(SEEN, place), hold_against(SEEN, SIGNATURES["tracking_break"], place)):
        assert found.weights(SEEN.shapes.prior).sum() == pytest.approx(1.0)


def test_evidence_is_the_mean_ratio():
    found = hold_against(SEEN, SIGNATURES["tracking_break"], 0)
    inside = found.possible
    prior = SEEN.shapes.prior[inside] / SEEN.shapes.prior[inside].sum()
    assert found.evidence(SEEN.shapes.prior) == pytest.approx(
        np.log(prior @ np.exp(found.log_ratio[inside]).mean(axis=1))
    )


def test_something_else_explains_what_no_cause_does():
    odd = replaced(SEEN, {("aov", 0): 0.6})
    other = something_else(odd, 0).evidence(odd.shapes.prior)
    causes = [hold_against(odd, SIGNATURES[name], p).evidence(odd.shapes.prior) for name in FREE for p in places(odd, SIGNATURES[name])]  # fmt: skip
    assert other > 0 and other > max(causes)


def test_one_channel_needs_no_own_part():
    alone: Seen = look(panel_of(even_account(140, channels=("Meta",))))
    for name in FREE:
        for place in places(alone, SIGNATURES[name]):
            ratio = hold_against(alone, SIGNATURES[name], place).log_ratio
            assert not np.isnan(ratio).any()
