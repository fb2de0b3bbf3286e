"""A verdict on every cause."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from roas.diagnosis.base import CAUSES, Hypothesis
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.gates import missing_for
from roas.diagnosis.hypotheses import hypotheses_of
from roas.diagnosis.lateness import lateness_of
from roas.diagnosis.panel import Panel
from roas.diagnosis.search import Named, Searched, search
from roas.diagnosis.seen import Seen, look
from roas.diagnosis.weigh import weigh
from roas.tables import Tables
from tests.diagnosis.accounts import as_expected, even_account, even_spend, even_till, panel_of, replaced
from tests.diagnosis.readings.accounts import tables_of

NAMES = [each.name for each in CAUSES]
THREE = ("Meta", "Search", "Video")


def searched(seen: Seen) -> Searched:
    """Nothing was named, and this is what is left."""
    found = weigh(seen)
    return Searched((), seen, seen, found)


def said(panel: Panel | None, found: Searched | None, late=None, *, testable: bool = True) -> tuple[Hypothesis, ...]:
    return hypotheses_of(found, missing_for(panel), late or {}, lag_testable=testable)


@cache
def panel(days: int = 280) -> Panel:
    return panel_of(even_account(days, channels=THREE, campaigns=2))


def of(cause: str, hypotheses: tuple[Hypothesis, ...]) -> Hypothesis:
    [found] = [each for each in hypotheses if each.cause == cause]
    return found


def test_every_cause_is_answered_in_the_order_of_the_contract():
    for account in (None, panel(56), panel()):
        found = searched(look(account)) if account is not None and account.weeks >= 12 else None
        assert [each.cause for each in said(account, found)] == NAMES


def test_what_cannot_be_tested_names_the_column():
    spend = even_spend(294).drop(columns=["impressions", "reach", "conversion_value"])
    bare = panel_of(tables_of(spend))
    found = said(bare, searched(look(bare)))
    wanted = {
        "auction_inflation": "impressions in the ad export",
        "audience_exhaustion": "reach in the ad export",
        "demand_shift": "the shop's revenue per day",
        "mix_shift": "conversion value in the ad export",
        "promotion_hangover": "a promo column",
    }
    for cause, column in wanted.items():
        assert of(cause, found).verdict == "untestable"
        assert column in of(cause, found).because


def test_a_short_history_is_said_to_be_short():
    for each in said(panel(77), None):
        assert each.verdict in ("untestable", "cannot_tell")
    assert "12 weeks" in of("demand_shift", said(panel(77), None)).because


def test_a_closed_gate_rules_out():
    found = said(panel(), searched(look(panel(), brand=(2,))))
    for cause in ("saturation", "fragmentation", "baseline_erosion", "promotion_hangover"):
        assert of(cause, found).verdict == "ruled_out"
    assert "campaigns multiply" in of("fragmentation", found).because


def test_what_would_have_shown_and_did_not_is_ruled_out():
    quiet = replaced(look(panel()), {})
    found = said(panel(), searched(quiet))
    for cause, signature in SIGNATURES.items():
        if signature.requires is None and signature.hit and "step" in signature.courses:
            assert of(cause, found).verdict == "ruled_out"
            assert "would have shown" in of(cause, found).because


def test_what_could_hide_in_the_noise_is_not_ruled_out():
    loud = replaced(look(panel()), {}, error=3.0)
    found = said(panel(), searched(loud))
    for cause, signature in SIGNATURES.items():
        if signature.requires is None and signature.hit and "step" in signature.courses:
            assert of(cause, found).verdict == "cannot_tell"
            assert "no change would be seen reliably" in of(cause, found).because


@pytest.mark.slow
def test_a_tie_names_the_rival_and_what_tells_them_apart():
    between = replaced(look(panel()), {("cvr", None): -0.25, ("orders_per_session", None): -0.22, ("sessions", None): -0.1}, error=0.06)  # fmt: skip
    found = said(panel(), searched(between))
    tied = [each for each in found if "explains it as well" in each.because]
    assert tied and all(each.verdict == "cannot_tell" for each in tied)


@pytest.mark.slow
def test_named_causes_say_where_and_how_sure():
    fake = as_expected(look(panel()), SIGNATURES["creative_fatigue"], 1, 0.4)
    found = weigh(fake)
    k = int(found.probability.argmax())
    for supported, verdict in ((True, "supported"), (False, "possible")):
        named = Named(fake, found.candidates[k], 0.87, 5.0, None, supported)
        one = of("creative_fatigue", said(panel(), Searched((named,), fake, fake, found)))
        assert (one.verdict, one.channel) == (verdict, fake.panel.channels[1])
        assert "87 in 100" in one.because


def late_account(part: np.ndarray) -> Tables:
    spend = even_spend(200)
    age = (spend["date"].max() - spend["date"]).dt.days.to_numpy()
    sold = np.random.default_rng(1).binomial((spend["conversions"] * 9).astype(int), np.append(part, np.ones(300))[age])
    return tables_of(spend.assign(conversions=sold * 1.0), even_till(200))


def test_reporting_lag_is_ruled_out_where_the_last_days_are_whole():
    assert of("reporting_lag", said(panel(), None, lateness_of(late_account(np.ones(1))))).verdict == "ruled_out"


def test_a_little_lateness_is_not_blamed():
    little = lateness_of(late_account(np.array([0.1, 0.5, 0.8])))
    one = of("reporting_lag", said(panel(), None, little))
    assert one.verdict == "cannot_tell" and "second export" in one.because


@pytest.mark.parametrize(("testable", "verdict"), [(True, "cannot_tell"), (False, "untestable")])
def test_too_few_sales_for_single_days_is_said(testable, verdict):
    assert of("reporting_lag", said(panel(), None, testable=testable)).verdict == verdict


@pytest.mark.slow
def test_search_of_an_account_without_events_supports_nothing():
    found = search(panel())
    assert not any(each.supported for each in found.named)


def test_what_cannot_be_tested_is_never_named():
    fake_panel = panel()
    everything = frozenset(SIGNATURES)
    assert search(fake_panel, untestable=everything).named == ()
