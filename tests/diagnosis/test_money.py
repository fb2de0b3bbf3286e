"""What a cause costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.compare import hold_against
from roas.diagnosis.money import DRAWS, loss_draws, loss_per_week
from roas.diagnosis.seen import Seen, look
from tests.diagnosis.accounts import as_expected, even_account, even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of

THREE = ("Meta", "Search", "Video")
EVEN = panel_of(even_account(140, channels=THREE))
PLAIN = look(EVEN)
#: The same, and people see the ads of all channels more often since eight weeks ago.
OFTEN = look(
    replace(
        EVEN,
        sums={**EVEN.sums, "reach": EVEN.sums["reach"] * np.where(np.arange(EVEN.weeks) >= EVEN.weeks - 8, 0.8, 1.0)},
    )
)


def hit(name: str, channel: int | None, size: float = 0.36, seen: Seen = PLAIN) -> tuple[Seen, Candidate]:
    """What would be seen, and the cause held against it, begun at once eight weeks ago."""
    fake = as_expected(seen, SIGNATURES[name], channel, size)
    found = hold_against(fake, SIGNATURES[name], channel)
    then = (np.array(fake.shapes.course) == "step") & (fake.shapes.onset == fake.panel.weeks - 8)
    return fake, replace(found, log_ratio=np.where(then[:, None], found.log_ratio, -np.inf))


@pytest.mark.parametrize("name", ["tracking_break", "harvesting"])
@pytest.mark.parametrize("channel", [0, None])
def test_a_wrong_count_costs_nothing(name, channel):
    assert (loss_draws(*hit(name, channel)) == 0).all()
    assert loss_per_week(*hit(name, channel)).p95 == 0


@pytest.mark.parametrize(
    ("name", "channel"),
    [("auction_inflation", 0), ("creative_fatigue", 1), ("audience_exhaustion", 0), ("creative_fatigue", None),
     ("conversion_rate_drop", None), ("order_value_drop", None), ("demand_shift", None)],
)  # fmt: skip
def test_every_other_cause_costs_and_the_more_the_larger(name, channel):
    seen = OFTEN if name == "audience_exhaustion" else PLAIN
    losses = [loss_per_week(*hit(name, channel, size, seen)) for size in (0.16, 0.36, 0.7)]
    assert 0 < losses[0].p50 < losses[1].p50 < losses[2].p50
    assert all(each.p5 <= each.p50 <= each.p95 for each in losses)


@pytest.mark.parametrize("size", [0.16, 0.36])
def test_a_site_that_sells_less_costs_that_part_of_the_till(size):
    fake, found = hit("conversion_rate_drop", None, size)
    revenue = float(fake.panel.till["revenue"][-8:].mean())
    # What is left is exp(-size) of what would have been.
    assert loss_per_week(fake, found).p50 == pytest.approx(revenue * np.expm1(size), rel=0.12)


def test_smaller_baskets_cost_that_part_of_the_till():
    fake, found = hit("order_value_drop", None)
    assert loss_per_week(fake, found).p50 == pytest.approx(
        fake.panel.till["revenue"][-8:].mean() * np.expm1(0.36), rel=0.12
    )


def test_a_channel_costs_no_more_than_it_claims_to_have_brought():
    fake, found = hit("creative_fatigue", 0)
    claims = float(np.nanmean(fake.panel.sums["conversion_value"][0]))
    assert (
        0
        < loss_per_week(fake, found, caused={"Meta": (1.0, 1.0), "Search": (1.0, 1.0), "Video": (1.0, 1.0)}).p50
        < claims
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "channel"), [("creative_fatigue", 0), ("conversion_rate_drop", None)])
@pytest.mark.parametrize("factor", [0.01, 1e6])
def test_losses_scale_with_money(name, channel, factor):
    spend, till = even_spend(140, channels=THREE), even_till(140)
    money = {each: spend[each] * factor for each in ("spend", "conversion_value")}
    other = look(panel_of(tables_of(spend.assign(**money), till.assign(revenue=till["revenue"] * factor))))
    assert loss_per_week(*hit(name, channel, seen=other)).p50 == pytest.approx(
        factor * loss_per_week(*hit(name, channel)).p50, rel=1e-4
    )


@pytest.mark.parametrize(("name", "channel"), [("creative_fatigue", 0), ("demand_shift", None)])
def test_with_a_margin_losses_are_profit(name, channel):
    fake, found = hit(name, channel)
    whole, part = loss_per_week(fake, found), loss_per_week(fake, found, margin=0.25)
    assert part.p50 == pytest.approx(whole.p50 / 4, rel=1e-5) and part.p5 == pytest.approx(whole.p5 / 4, rel=1e-5)


def test_what_claims_stand_for_scales_a_channels_loss():
    fake, found = hit("auction_inflation", 0)
    name = fake.panel.channels[0]
    half, whole = (loss_draws(fake, found, caused={name: (part, part)}) for part in (0.5, 1.0))
    assert half == pytest.approx(whole / 2)


def test_the_same_draws_every_time():
    fake, found = hit("auction_inflation", 0)
    one, two = loss_draws(fake, found), loss_draws(fake, found)
    assert one.shape == (DRAWS,) and (one == two).all()


def test_a_cause_that_cannot_be_costs_nothing():
    fake, found = hit("auction_inflation", 0)
    closed = replace(found, log_ratio=np.full_like(found.log_ratio, -np.inf))
    assert (loss_draws(fake, closed) == 0).all()


def test_without_claimed_revenue_a_channel_costs_at_most_its_part_of_the_till():
    spend = even_spend(140, channels=THREE).drop(columns="conversion_value")
    seen = look(panel_of(tables_of(spend, even_till(140))))
    fake, found = hit("creative_fatigue", 0, seen=seen)
    lost = loss_per_week(fake, found)
    assert 0 < lost.p50 < lost.p95 < float(seen.panel.till["revenue"].mean()) / 3 * np.expm1(0.8)


def risen(*missing: str) -> Seen:
    """One channel's money trebled, and its sales hardly followed."""
    spend = even_spend(210, channels=THREE)
    late = (spend["channel"] == "Meta") & (spend["date"] >= spend["date"].min() + np.timedelta64(126, "D"))
    spend.loc[late, ["spend", "impressions", "clicks"]] *= 3
    return look(panel_of(tables_of(spend.drop(columns=["reach", *missing]), even_till(210))))


@pytest.mark.parametrize(
    "missing",
    [
        (),
        ("clicks", "impressions"),
        ("clicks", "impressions", "conversions"),
    ],
    ids=["all", "claims", "bare"],
)  # fmt: skip
def test_money_that_buys_nothing_costs_whatever_is_exported(missing):
    seen = risen(*missing)
    found = hold_against(seen, SIGNATURES["saturation"], seen.panel.channels.index("Meta"))
    assert found.possible.any()
    assert loss_per_week(seen, found).p50 > 0
