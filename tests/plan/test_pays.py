"""Whether the next unit of money earns itself back, at a margin and without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.language import speaking
from roas.plan.doubts import doubts_of
from roas.plan.effects import effects_of
from roas.plan.evaluate import evaluate
from roas.plan.flighting import flighted
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from roas.plan.outcome import Proposal
from roas.plan.pays import break_even, pays
from roas.plan.results import ChannelMove, Limit
from roas.quantiles import Q
from tests.plan.made import made

NOTHING = Q(0.0, 0.0, 0.0)


def move(name: str, *next_unit: float) -> ChannelMove:
    return ChannelMove(name, 100.0, 100.0, Limit(70.0, 130.0), NOTHING, Q(*next_unit), "known")


def said(*moves: ChannelMove, margin: float | None = 0.5) -> tuple[str, str]:
    found = pays(moves, margin=margin, currency="EUR")
    assert found is not None
    return found.state, found.sentence


def test_break_even_is_one_over_the_margin() -> None:
    assert break_even(0.4) == 2.5
    assert break_even(None) == 1.0


def test_nothing_pays_surely() -> None:
    assert said(move("Meta", 0.5, 0.9, 1.2), move("Search", 1.0, 1.45, 1.9)) == (
        "none_pays",
        "At a margin of 50 % no channel's next €1 earns itself back (best: Search, 1.45 of the 2.00 needed). "
        "Spending less would earn more: roas whatif with --optimize --for profit says how much.",
    )


def test_one_interval_beyond_break_even_makes_it_a_doubt() -> None:
    state, sentence = said(move("Meta", 0.5, 0.9, 2.4), move("Search", 1.0, 1.45, 1.9))
    assert state == "none_pays"
    assert sentence.startswith(
        "At a margin of 50 % probably no channel's next €1 earns itself back "
        "(best: Search, 1.45 of the 2.00 needed, 90 % interval: 1.00 to 1.90). Spending less would probably earn more"
    )


def test_everything_pays_even_at_the_low_end_which_is_the_lowest_of_all() -> None:
    state, sentence = said(move("Meta", 2.1, 5.0, 6.0), move("Search", 2.5, 3.0, 4.0))
    assert state == "all_pay"
    assert "(least: Meta, 2.10 or more; 2.00 needed). Spending more would earn more" in sentence


def test_what_probably_pays_and_what_does_not_is_named() -> None:
    both = move("Meta", 1.5, 2.5, 3.5), move("Search", 2.5, 3.0, 4.0)
    assert said(*both)[0] == "likely"
    assert "every channel's next €1 probably earns itself back (least: Meta, 2.50" in said(*both)[1]
    assert said(move("Meta", 0.9, 1.99, 3.6), both[1]) == ("likely", ""), "break-even, give or take"
    assert said(*both, margin=None)[1].startswith("Every channel's next €1 brings back more revenue than it costs")
    assert said(move("A", 0.1, 0.5, 0.9), move("B", 0.1, 0.5, 1.0), both[1]) == (
        "some",
        "At a margin of 50 % the next €1 of A and B does not earn itself back (2.00 needed).",
    )
    assert "probably does not" in said(move("A", 0.1, 0.5, 2.9), both[1])[1]


def test_without_a_margin_one_is_needed_and_no_profit_is_promised() -> None:
    assert said(move("A", 0.2, 0.5, 0.9), margin=None)[1] == (
        "No channel's next €1 brings back as much revenue as it costs (best: A, 0.50), so it pays at no margin."
    )
    assert said(move("A", 0.9, 1.5, 1.9), margin=None) == ("likely", "")


NAN = float("nan")
UNKNOWN = move("A", NAN, NAN, NAN)


def test_a_channel_whose_next_unit_is_not_known_leaves_no_every_and_no_none() -> None:
    assert pays([UNKNOWN], margin=0.5, currency="EUR") is None
    assert said(UNKNOWN, move("B", 0.1, 0.2, 0.3)) == (
        "some", "At a margin of 50 % the next €1 of B does not earn itself back (2.00 needed)."
    )  # fmt: skip
    assert said(UNKNOWN, move("B", 2.1, 2.5, 3.0)) == ("all_pay", "")


@pytest.mark.parametrize("margin", [None, 1.0])
@pytest.mark.parametrize(
    ("asked", "beside", "state", "start"),
    [
        ((2.1, 2.5, 3.0), (0.0, 0.0, 0.04), "all_pay", None),
        ((2.1, 2.5, 3.0), (NAN, NAN, NAN), "all_pay", None),
        ((2.1, 2.5, 3.0), (1.2, 1.5, 1.6), "all_pay", "least: Other, 1.20 or more"),
        ((0.1, 0.2, 0.3), (2.1, 2.5, 3.0), "some", "next €1 of Meta"),
        ((0.1, 0.2, 0.3), (0.1, 0.4, 0.6), "none_pays", "best: Other, 0.40"),
    ],
)
def test_every_and_none_count_all_channels_in(
    margin: float | None,
    asked: tuple[float, ...],
    beside: tuple[float, ...],
    state: str,
    start: str | None,
) -> None:
    found = pays([move("Meta", *asked)], margin=margin, currency="EUR", beside=[move("Other", *beside)])
    assert found is not None
    assert found.state == state
    assert (found.sentence == "") == (start is None)
    assert (start or "") in found.sentence
    assert found.warns == (state == "none_pays" or (state == "all_pay" and margin == 1.0 and start is not None))


def test_a_plan_that_stops_a_channel_does_not_say_every() -> None:
    model, today = made(spread=0.02)
    curves = model.curves
    weak = np.array([1e-3, 1.0, 1.0])[:, None]
    model = replace(model, curves=replace(curves, scale=curves.scale * weak, floor=curves.floor * weak))
    for margin in (None, 1.0):
        plan = optimize(
            model, today, limits=limits_of(today, max_change=1.5), weeks=8, margin=margin, budget=today.total
        )
        middles = {each.channel: each.marginal_roas.p50 for each in plan.moves}
        assert middles.pop("Meta") < 1 < min(middles.values())
        assert "next_unit" not in plan.facts


@pytest.mark.parametrize(("margin", "state"), [(0.2, "none_pays"), (None, "likely"), (1.0, "likely")])
def test_a_plan_tells_it_by_its_own_figures(margin: float | None, state: str) -> None:
    model, today = made(spread=0.05)
    plan = optimize(model, today, limits=limits_of(today), margin=margin)
    middles = [each.marginal_roas.p50 for each in plan.moves]
    found = plan.facts.get("next_unit_state", "likely")
    assert found == ("none_pays" if max(middles) < break_even(margin) else found)
    if state == "none_pays":
        assert found == state
        assert [each.reason for each in plan.warnings if "Spending less" in each.reason] == [plan.facts["next_unit"]]


def test_more_would_pay_only_where_it_does_at_the_margin() -> None:
    model, today = made(spread=0.02)
    limits = limits_of(today, max_change=0.02)
    rich, poor = (optimize(model, today, limits=limits, margin=margin) for margin in (1.0, 0.05))
    ups = [
        [w.reason for w in plan.warnings if w.kind == "binding" and "lower" not in w.reason] for plan in (rich, poor)
    ]
    assert ups[0] and all("more would pay" in each for each in ups[0])
    assert ups[1] and not any("would pay" in each for each in ups[1])


def test_a_limit_binds_also_where_moves_are_whole_units() -> None:
    model, today = made(("A", "B"))
    moves = [
        ChannelMove(name, now, planned, Limit(700.25, high), NOTHING, Q(2.0, 3.0, 4.0), "known")
        for name, now, planned, high in (("A", 1000.5, 1300.5, 1301.65), ("B", 1000.5, 1297.5, 1301.65))
    ]
    proposal = Proposal({each.channel: each.planned for each in moves})
    found = doubts_of(effects_of(model, today, 4), today, proposal, moves, price=1.0)
    said = [(each.channel, each.reason) for each in found if each.kind == "binding"]
    assert said == [("A", "A stops at its limit of €1,302 per week; more would pay.")]


def test_no_wider_limit_is_proposed_below_nothing() -> None:
    model, today = made(spread=0.02)
    curves = model.curves
    weak = np.array([1e-3, 1.0, 1.0])[:, None]
    model = replace(model, curves=replace(curves, scale=curves.scale * weak, floor=curves.floor * weak))
    plan = optimize(model, today, limits=limits_of(today, max_change=1.5), weeks=8)
    stopped = next(m for m in plan.moves if m.channel == "Meta")
    assert stopped.planned <= 3
    assert stopped.limit.low == 0
    assert "Meta" not in {each.channel for each in plan.warnings if each.kind == "binding"}
    assert "Meta" not in plan.facts.get("next_unit", "")


def test_weeks_spread_anew_say_it_once() -> None:
    model, today = made(slope=6.0, spread=0.02)
    plan = optimize(model, today, limits=limits_of(today), margin=0.05)
    spread = flighted(model, today, plan, margin=0.05)
    for each in (plan, spread):
        reasons = [w.reason for w in each.warnings]
        assert len(reasons) == len(set(reasons))
        assert reasons.count(each.facts["next_unit"]) == 1


def test_todays_split_named_as_it_is_needs_no_warning() -> None:
    model, today = made()
    assert evaluate(model, today, {}, margin=0.05).warnings == ()
    assert evaluate(model, today, {"Meta": today.of("Meta") + 1}, margin=0.05).warnings[-1].channel is None


def test_it_is_said_in_the_language_of_its_reader() -> None:
    found = pays([move("A", 0.2, 0.5, 0.9)], margin=0.5, currency="EUR")
    assert found is not None
    with speaking("nl"):
        assert "0,50" in found.sentence.said()  # type: ignore[attr-defined]
