"""Where money should go, as the headline, the section and the card of a week say it: in the same words.

A plan starts from the mean of the last weeks. Where a channel's last week lies on the other side of what is
planned, or further from that mean than half of the move, "take 3,100 from it" would be read wrongly; then the
amounts planned are said, not the moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from roas.analysis.waits import NAMED, named
from roas.format import money, percent, say_many, visible
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.plan import holds
from roas.plan.amounts import SHORT
from roas.report import plan_words
from roas.report.plan_moves import MOVES, exact, moved, moves_words, row
from roas.report.plan_verdict import SURE

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan
    from roas.weekly.record import WeeklyReport

#: Amounts named one by one, more than moves: they are short, and one left out may be the money that pays for others.
LEVELS: Final = 6

#: Part of a change that last week may lie from the mean that it starts from: further, and whoever makes the change to
#: last week's money misses the plan by more than half of what it changes.
HALF: Final = 0.5


def verdict(report: WeeklyReport, found: WhatIf) -> str:
    """Say what to do with money, or what to wait for first, and what stands beside it."""
    return " ".join(filter(None, (instruction(report, found), beside(report, found))))


def instruction(report: WeeklyReport, found: WhatIf) -> str:
    """Say what to do with money, or what to wait for first."""
    plan = found.plan
    if only_channel(plan):
        return say("There is only one channel, {channel}: no split to choose.", channel=visible(plan.moves[0].channel))
    if not moved(plan) or plan.held or plan.facts.get("cost_of_limits") is not None:
        return plan_words.verdict(found, plan)
    if not named(plan):
        return say(
            "Keep today's split: the plan has only small moves, none of them {share} of the total.",
            share=percent(NAMED, digits=0),
        )
    return _waiting(report, found) or _said(report, plan, _moves(report, found))


def _waiting(report: WeeklyReport, found: WhatIf) -> str:
    """Say what to wait for, and the plan as what may come after; empty where nothing asks to wait."""
    reasons = waits(report, found)
    if not reasons:
        return ""
    said = {"reason": reasons[0], "moves": _moves(report, found)}
    if _firm(report, found.plan):
        return say("Wait with moving money: {reason}. After that: {moves}.", **said)
    return say("Wait with moving money: {reason}. After that, probably best: {moves}.", **said)


def _said(report: WeeklyReport, plan: Plan, moves: str) -> str:
    if _firm(report, plan):
        return say("{instruction}.", instruction=f"{moves[:1].upper()}{moves[1:]}")
    return say("Probably best: {moves}.", moves=moves)


def _firm(report: WeeklyReport, plan: Plan) -> bool:
    """Tell whether a plan may be said as an instruction.

    It is surely better, by this account's own data, and no finding beside it
    is only possible: such a one asks to change nothing large yet.
    """
    if holds.unproven(report.analysis.diagnosis):
        return False
    return plan.probability_better >= SURE and all(move.known != "prior" for move in moved(plan))


def _moves(report: WeeklyReport, found: WhatIf) -> str:
    """Name the moves, as amounts planned where last week would have them misread."""
    plan, currency = found.plan, found.analysis.tables.currency
    if as_levels(report, plan):
        return say("set {levels}", levels=_levels(named(plan), currency))
    kept = {move.channel for move in named(plan)}
    return moves_words(replace(plan, moves=tuple(m for m in plan.moves if m.channel in kept)), currency)


def _levels(moves: Sequence[ChannelMove], currency: str | None) -> str:
    """Write "ooh to 7,233 a week, tv to 11,969 and print to 9,789", the largest change first; many are counted."""
    shown = moves if len(moves) <= LEVELS else moves[: LEVELS - 1]
    said: list[str] = []
    for move in shown:
        fields = {"channel": visible(move.channel), "amount": exact(move.planned, currency)}
        said.append(say("{channel} to {amount}", **fields) if said else say("{channel} to {amount} a week", **fields))
    if moves[len(shown) :]:
        rest = len(moves) - len(shown)
        said.append(say_many("{number} other channel as listed", "{number} other channels as listed", rest))
    return row(said)


# ---- what the words depend on ----------------------------------------------------------------


def only_channel(plan: Plan) -> bool:
    """Tell whether there is but one channel, and so no split."""
    return len(plan.moves) == 1 and not moved(plan)


def waits(report: WeeklyReport, found: WhatIf) -> list[str]:
    """Say why moving money should wait; nothing where the plan moves none."""
    return holds.reasons(report.analysis.diagnosis, named(found.plan)) if named(found.plan) else []


def last_week(report: WeeklyReport, plan: Plan) -> dict[str, float | None]:
    """Return what each channel of the plan spent in the report's week; None where that is not known.

    As `roas.weekly.figures.weekly_sums` has it, of all channels at once.
    """
    import pandas as pd

    known, week = report.analysis.channel_weeks, pd.Timestamp(report.week.monday)
    known = known[known["complete"]]
    begun = set(known.loc[known["week"] <= week, "channel"])
    if not begun or week > known["week"].max() or not (report.analysis.weeks["week"] == week).any():
        return {move.channel: None for move in plan.moves}
    spent = known.loc[known["week"] == week].groupby("channel", observed=True)["spend"].sum()
    return {m.channel: float(spent.get(m.channel, 0.0)) if m.channel in begun else None for m in plan.moves}


def as_levels(report: WeeklyReport, plan: Plan) -> bool:
    """Tell whether moves would be misread beside last week, so that amounts are to be said."""
    last = last_week(report, plan)
    return any(beyond(move, last) or _further(move, last) for move in named(plan))


def beyond(move: ChannelMove, last: Mapping[str, float | None]) -> bool:
    """Tell whether last week's money already lies past what is planned: below a cut, above a gift."""
    spent, size = last[move.channel], move.planned - move.now
    if spent is None:
        return False
    return spent < move.planned - MOVES if size < 0 else size > 0 and spent > move.planned + MOVES


def _further(move: ChannelMove, last: Mapping[str, float | None]) -> bool:
    """Tell whether last week lies further from the mean than `HALF` of what the plan moves it."""
    spent = last[move.channel]
    return spent is not None and abs(spent - move.now) > HALF * abs(move.planned - move.now) + MOVES


# ---- what stands beside it -------------------------------------------------------------------


def beside(report: WeeklyReport, found: WhatIf) -> str:
    """Say which finding agrees with the plan, and that the plan is for another total than last week's."""
    return " ".join(filter(None, (_agreed(report, found.plan), _total_far(report, found))))


def _agreed(report: WeeklyReport, plan: Plan) -> str:
    """Say where a finding asks for what the plan does, and where last week went further; nothing where it does not."""
    names = [] if plan.held else holds.agreed(report.analysis.diagnosis, named(plan))
    if not names:
        return ""
    last = last_week(report, plan)
    further = [visible(move.channel) for move in named(plan) if move.channel in names and beyond(move, last)]
    said = say_many(
        "What was found on {channels} points the same way: less money there than in the last {number} week.",
        "What was found on {channels} points the same way: less money there than in the last {number} weeks.",
        RECENT_WEEKS,
        channels=row([visible(name) for name in names]),
    )
    return f"{said} {already_less(further)}" if further else said


def already_less(channels: Sequence[str]) -> str:
    """Name the channels that spent less last week than the plan asks."""
    return say("{channels} already spent less than planned last week.", channels=row(channels))


def _total_far(report: WeeklyReport, found: WhatIf) -> str:
    """Say that the plan is for another total than last week's, where that is more than half of what a channel may move."""
    plan, currency = found.plan, found.analysis.tables.currency
    spent = list(last_week(report, plan).values())
    known = [each for each in spent if each is not None]
    if not named(plan) or len(known) < len(spent):
        return ""
    if abs(plan.total - sum(known)) <= HALF * found.question(plan).max_change * sum(known):
        return ""
    return say_many(
        "The plan is for {total} a week, the mean of the last {number} week; last week {last} was spent.",
        "The plan is for {total} a week, the mean of the last {number} weeks; last week {last} was spent.",
        RECENT_WEEKS,
        **_alike(plan.total, sum(known), currency),
    )


def _alike(total: float, last: float, currency: str | None) -> dict[str, str]:
    """Write two totals in one way: both short where one of them is."""
    write = money if max(total, last) >= SHORT else exact
    return {"total": write(total, currency), "last": write(last, currency)}
