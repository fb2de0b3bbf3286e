"""Sentences on volatility: what is luck, what moved, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.analysis.judged import MOST_UNITS
from roas.format import day, percent, plural, ratio, swing, visible
from roas.volatility.shares import PARTS

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.volatility.breaks.found import Break
    from roas.volatility.results import SeriesVolatility

#: Part of the variance → its words.
PART: Final = {
    "sampling": "luck",
    "calendar": "season and promotions",
    "demand": "demand",
    "spend": "own spend",
    "funnel": "price, click-through and basket",
    "unexplained": "nothing that the files show",
}

#: Share of the variance below which a part is not worth a word.
WORTH: Final = 0.1

#: Breaks named on the page; the table holds all.
MOST_BREAKS: Final = 6

#: Weeks back that a break is news: half a year.
NEWS_WEEKS: Final = 26


def metric(of: str) -> str:
    """Return the name of the ratio."""
    return "MER" if of == "mer" else "claimed ROAS"


def sentence(analysis: Analysis) -> str | None:
    """Say how far the account's ROAS swings, and how much of that is luck; None where it is not measured."""
    account = None if analysis.volatility is None else analysis.volatility.account
    if account is None:
        return None
    return f"From week to week, {metric(account.series.of)} swings by {swing(account.swing.observed_log_sd)}{_luck(account)}"


def _luck(of: SeriesVolatility) -> str:
    true, luck = of.swing.true_log_sd, float(np.sqrt(of.swing.sampling_variance))
    if of.noise.basis == "unknown":
        return (
            ". How much of that is luck cannot be told: without a count of sales "
            f"true movement may be anything up to {swing(true.p95)}."
        )
    if true.p5 == 0:
        return (
            f". Luck alone, because sales are few and baskets differ, would make about {swing(luck)}: "
            "no movement beyond it is certain."
        )
    return (
        f". Luck alone would make {swing(luck)}; without it {swing(true.p50)} remain "
        f"(90 % interval {swing(true.p5)} to {swing(true.p95)})."
    )


def made_of(of: SeriesVolatility) -> str:
    """Say what the movement is made of, the largest part first."""
    parts = sorted(PARTS, key=lambda name: -of.shares[name])
    told = [f"{PART[name]} {percent(of.shares[name])}" for name in parts if of.shares[name] >= WORTH]
    return f"What the swing goes with, as shares of its variance: {', '.join(told)}." if told else ""


def state(of: SeriesVolatility) -> str:
    """Say whether swings are larger than they used to be; empty where it cannot be told."""
    found = of.regime
    if found.state == "turbulent" and found.since is not None:
        return f"Swings are larger than usual since {day(found.since)} ({percent(found.probability)} sure)."
    if found.state == "calm":
        return "Swings are no larger than they used to be."
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
    return [*said, f"{plural(more, 'earlier break')} in breaks.csv."] if more > 0 else said


def _break(name: str | None, of: SeriesVolatility, each: Break) -> str:
    whose = metric(of.series.of) if name is None else f"{visible(name)}: {metric(of.series.of)}"
    moved = "began to move" if each.shape == "slope" else ("rose" if each.after > each.before else "fell")
    sure = f"{'over 99 %' if each.probability > 0.99 else percent(each.probability)} sure{_between(of, each)}"
    return f"{whose} {moved} from {ratio(each.before)} to {ratio(each.after)} on {day(str(each.date))} ({sure})."


def _between(of: SeriesVolatility, each: Break) -> str:
    """Say between which dates a break lies, where that is more than a week."""
    first, last = of.dates_of(each)
    if (last - first).astype(int) <= 7:
        return ""
    return f"; the day may be any from {day(str(first))} to {day(str(last))}"


def watch(analysis: Analysis) -> str:
    """Say what looking every week would have raised."""
    assert analysis.volatility is not None
    found = analysis.volatility.watch
    if not found.judged:
        return "History is too short to watch week by week."
    weeks = plural(len(found.weeks), "week")
    if not found.alarms:
        return f"A look every Monday over {weeks} would have raised no alarm."
    newest = found.alarms[-1]
    whose = visible(newest.channel) if newest.channel else "the account"
    raised = plural(len(found.alarms), "alarm")
    return (
        f"A look every Monday over {weeks} would have raised {raised}; the newest on {day(str(newest.week))}: "
        f"{whose}, {ratio(newest.before)} → {ratio(newest.after)} since about {day(str(newest.since))}. "
        "An unchanged account raises any in one year of ten at most."
    )


def together(analysis: Analysis) -> str:
    """Say which channels are one risk; empty where channels cannot be compared."""
    assert analysis.volatility is not None
    found = analysis.volatility.correlations
    if found.independent_risks is None:
        return ""
    groups = "; ".join(" and ".join(visible(name) for name in group) for group in found.clusters)
    one_risk = f" {groups} move as one." if groups else ""
    return f"Shocks of {plural(len(found.names), 'channel')} count as {found.independent_risks:.1f} separate risks.{one_risk}"


def judged(analysis: Analysis) -> str | None:
    """Say how many campaigns differ from the average by more than luck; None where it cannot be told."""
    found = analysis.judged
    if found is None:
        return None
    units, differ = len(found.units), int(found.units["differs"].sum())
    every = len(analysis.campaigns if found.what == "campaign" else analysis.channels)
    what = f"the {units:,} largest {found.what}s" if every > units == MOST_UNITS else plural(units, found.what)
    if not differ:
        return f"None of {what} differs from the claimed ROAS of all, {ratio(found.center)}, by more than luck at its spend."
    better = int((found.units["differs"] & (found.units["roas"] > found.center)).sum())
    said = (
        f"{differ} of {what} {'differs' if differ == 1 else 'differ'} from the claimed ROAS of all, {ratio(found.center)}, by more than luck at their "
        f"spend: {better} better, {differ - better} worse."
    )
    return said if differ == units else f"{said} The others cannot be told apart."


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
