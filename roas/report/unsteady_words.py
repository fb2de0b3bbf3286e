"""Sentences on volatility: what is luck, what moved, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.analysis.judged import MOST_UNITS
from roas.charts.causal_words import chained
from roas.format import count, day, decimal, percent, plural, ratio, say_many, swing, visible
from roas.language import mark, say
from roas.volatility.shares import PARTS

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.volatility.breaks.found import Break
    from roas.volatility.results import SeriesVolatility

#: Part of the variance → its words, to be said.
PART: Final = {
    "sampling": mark("luck"),
    "calendar": mark("season and promotions"),
    "demand": mark("demand"),
    "spend": mark("own spend"),
    "funnel": mark("price, click-through and basket"),
    "unexplained": mark("nothing that the files show"),
}

#: Share of the variance below which a part is not worth a word.
WORTH: Final = 0.1

#: Breaks named on the page; the table holds all.
MOST_BREAKS: Final = 6

#: Weeks back that a break is news: half a year.
NEWS_WEEKS: Final = 26


def metric(of: str) -> str:
    """Return the name of the ratio."""
    return "MER" if of == "mer" else say("claimed ROAS")


def sentence(analysis: Analysis) -> str | None:
    """Say how far the account's ROAS swings, and how much of that is luck; None where it is not measured."""
    account = None if analysis.volatility is None else analysis.volatility.account
    if account is None:
        return None
    swings = say(
        "From week to week, {metric} swings by {swing}.",
        metric=metric(account.series.of), swing=swing(account.swing.observed_log_sd),
    )  # fmt: skip
    return f"{swings} {_luck(account)}"


def _luck(of: SeriesVolatility) -> str:
    true, luck = of.swing.true_log_sd, float(np.sqrt(of.swing.sampling_variance))
    if of.noise.basis == "unknown":
        return say(
            "How much of that is luck cannot be told: without a count of sales "
            "true movement may be anything up to {most}.",
            most=swing(true.p95),
        )
    if true.p5 == 0:
        return say(
            "Luck alone, because sales are few and baskets differ, would make about {luck}: "
            "no movement beyond it is certain.",
            luck=swing(luck),
        )
    return say(
        "Luck alone would make {luck}; without it {rest} remain (90 % interval {low} to {high}).",
        luck=swing(luck), rest=swing(true.p50), low=swing(true.p5), high=swing(true.p95),
    )  # fmt: skip


def made_of(of: SeriesVolatility) -> str:
    """Say what the movement is made of, the largest part first."""
    parts = sorted(PARTS, key=lambda name: -of.shares[name])
    told = [f"{say(PART[name])} {percent(of.shares[name])}" for name in parts if of.shares[name] >= WORTH]
    return say("What the swing goes with, as shares of its variance: {parts}.", parts=", ".join(told)) if told else ""


def state(of: SeriesVolatility) -> str:
    """Say whether swings are larger than they used to be; empty where it cannot be told."""
    found = of.regime
    if found.state == "turbulent" and found.since is not None:
        return say(
            "Swings are larger than usual since {day} ({probability} sure).",
            day=day(found.since), probability=percent(found.probability),
        )  # fmt: skip
    if found.state == "calm":
        return say("Swings are no larger than they used to be.")
    return ""


def breaks(analysis: Analysis) -> list[str]:
    """Name the new levels, the newest first."""
    if analysis.volatility is None:
        return []
    found = [
        (each.date, name, of, each)
        for name, of in analysis.volatility
        for each in of.breaks.levels
        if each.date is not None
    ]
    found.sort(key=lambda item: (item[0], item[1] is None, item[1] or ""), reverse=True)
    said = [_break(name, of, each) for _, name, of, each in found[:MOST_BREAKS]]
    more = len(found) - len(said)
    return [*said, say("{breaks} in breaks.csv.", breaks=plural(more, "earlier break"))] if more > 0 else said


def _break(name: str | None, of: SeriesVolatility, each: Break) -> str:
    fields = {
        "metric": metric(of.series.of) if name is None else f"{visible(name)}: {metric(of.series.of)}",
        "before": ratio(each.before),
        "after": ratio(each.after),
        "day": day(str(each.date)),
        "sure": _sure(of, each),
    }
    if each.shape == "slope":
        return say("{metric} began to move from {before} to {after} on {day} ({sure}).", **fields)
    if each.after > each.before:
        return say("{metric} rose from {before} to {after} on {day} ({sure}).", **fields)
    return say("{metric} fell from {before} to {after} on {day} ({sure}).", **fields)


def _sure(of: SeriesVolatility, each: Break) -> str:
    """Say how sure a break is, and between which dates it lies where that is more than a week."""
    if each.probability > 0.99:
        sure = say("over {probability} sure", probability=percent(0.99))
    else:
        sure = say("{probability} sure", probability=percent(each.probability))
    first, last = of.dates_of(each)
    if (last - first).astype(int) <= 7:
        return sure
    between = say("the day may be any from {start} to {end}", start=day(str(first)), end=day(str(last)))
    return f"{sure}; {between}"


def watch(analysis: Analysis) -> str:
    """Say what looking every week would have raised."""
    assert analysis.volatility is not None
    found = analysis.volatility.watch
    if not found.judged:
        return say("History is too short to watch week by week.")
    weeks = plural(len(found.weeks), "week")
    if not found.alarms:
        return say("A look every Monday over {weeks} would have raised no alarm.", weeks=weeks)
    newest = found.alarms[-1]
    return say(
        "A look every Monday over {weeks} would have raised {alarms}; the newest on {day}: "
        "{whose}, {levels} since about {since}. An unchanged account raises any in one year of ten at most.",
        weeks=weeks, alarms=plural(len(found.alarms), "alarm"), day=day(str(newest.week)),
        whose=visible(newest.channel) if newest.channel else say("the account"),
        levels=f"{ratio(newest.before)} → {ratio(newest.after)}", since=day(str(newest.since)),
    )  # fmt: skip


def together(analysis: Analysis) -> str:
    """Say which channels are one risk; empty where channels cannot be compared."""
    assert analysis.volatility is not None
    found = analysis.volatility.correlations
    if found.independent_risks is None:
        return ""
    said = say(
        "Shocks of {channels} count as {risks} separate risks.",
        channels=plural(len(found.names), "channel"), risks=decimal(found.independent_risks, 1),
    )  # fmt: skip
    if not found.clusters:
        return said
    groups = "; ".join(chained([visible(name) for name in group]) for group in found.clusters)
    return f"{said} {say('{channels} move as one.', channels=groups)}"


def judged(analysis: Analysis) -> str | None:
    """Say how many campaigns differ from the average by more than luck; None where it cannot be told."""
    found = analysis.judged
    if found is None:
        return None
    units, differ = len(found.units), int(found.units["differs"].sum())
    every = len(analysis.campaigns if found.what == "campaign" else analysis.channels)
    what = _of_what(found.what, units, largest=every > units == MOST_UNITS)
    if not differ:
        return say(
            "None of {units} differs from the claimed ROAS of all, {roas}, by more than luck at its spend.",
            units=what, roas=ratio(found.center),
        )  # fmt: skip
    better = int((found.units["differs"] & (found.units["roas"] > found.center)).sum())
    said = say_many(
        "{number} of {units} differs from the claimed ROAS of all, {roas}, by more than luck at their spend: "
        "{better} better, {worse} worse.",
        "{number} of {units} differ from the claimed ROAS of all, {roas}, by more than luck at their spend: "
        "{better} better, {worse} worse.",
        differ, units=what, roas=ratio(found.center), better=better, worse=differ - better,
    )  # fmt: skip
    return said if differ == units else f"{said} {say('The others cannot be told apart.')}"


def _of_what(what: str, units: int, *, largest: bool) -> str:
    """Name the campaigns or channels that were judged."""
    if what == "campaign":
        return say("the {number} largest campaigns", number=count(units)) if largest else plural(units, "campaign")
    return say("the {number} largest channels", number=count(units)) if largest else plural(units, "channel")


def summary_lines(analysis: Analysis) -> list[str]:
    """Return what the terminal says of volatility."""
    said = sentence(analysis)
    if said is None or analysis.volatility is None or analysis.volatility.account is None:
        return []
    return [said, *_newest(analysis)]


def _newest(analysis: Analysis) -> list[str]:
    """Return the newest break, where it is news."""
    import pandas as pd

    assert analysis.volatility is not None
    table: Any = analysis.volatility.breaks()
    end = pd.Timestamp(analysis.window["end"])
    recent = table[(table["kind"] == "level") & (table["date"] > end - pd.Timedelta(weeks=NEWS_WEEKS))]
    return breaks(analysis)[:1] if len(recent) else []
