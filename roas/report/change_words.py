"""Sentences on where a change of ROAS came from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from roas.format import change as moved
from roas.format import money, percent, ratio, short_day
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.decompose import Change, Effect, Pair, Period

#: Factor → its words, to be said.
FACTOR: Final = {
    "mix_between": mark("Mix of channels"),
    "mix_within": mark("Mix of campaigns"),
    "cpm": mark("Price of impressions"),
    "cpc": mark("Price of clicks"),
    "cpa": mark("Price of a conversion"),
    "ctr": mark("Click-through"),
    "cvr": mark("Conversion rate"),
    "conversions_per_impression": mark("Conversions per impression"),
    "revenue_per_click": mark("Revenue per click"),
    "revenue_per_impression": mark("Revenue per impression"),
    "aov": mark("Order value"),
    "rate": mark("Return of each campaign"),
    "entry_exit": mark("New and ended campaigns"),
}

#: Share of the change from which a factor is named.
WORTH: Final = 0.1

#: Share of the variance from which the calendar may be what changed.
SEASONAL: Final = 0.1

#: Why nothing can be said of a pair → its words, to be said.
_CANNOT: Final = {
    "no_spend": mark("nothing was spent in one of them"),
    "no_revenue": mark("nothing was claimed in one of them"),
    "too_short": mark("they are too short"),
    "not_exported": mark("claims are not exported in both"),
    "too_few": mark("sales are too few"),
}


def shown_pair(analysis: Analysis) -> tuple[Pair, Change] | None:
    """Return the comparison that leads; None without claims.

    The year before where the calendar moves the account; else around the
    last break where what came after it lasts until now; else the last four
    weeks against the four before.
    """
    found = analysis.changes
    if found is None:
        return None
    named = {pair.name: (pair, change) for pair, change in zip(found.pairs, found.changes, strict=True)}
    recent, around = named.get("recent"), named.get("around_break")
    if _seasonal(analysis) and "year_ago" in named and named["year_ago"][1].effects:
        return named["year_ago"]
    if around is not None and recent is not None and (recent[0].after.end - around[0].after.end).days < 7:
        recent = around
    return recent if recent is not None and recent[1].effects else None


def _seasonal(analysis: Analysis) -> bool:
    account = None if analysis.volatility is None else analysis.volatility.account
    return account is not None and account.shares["calendar"] >= SEASONAL


def between(pair: Pair) -> str:
    """Name the two periods."""
    after, before = pair.after, pair.before
    return say(
        "{after} against {before}",
        after=f"{short_day(after.start)} – {_last(after)}", before=f"{short_day(before.start)} – {_last(before)}",
    )  # fmt: skip


def _last(period: Period) -> str:
    return short_day(period.end - dt.timedelta(1))


def sentences(analysis: Analysis) -> list[str]:
    """Say what each comparison finds, the leading one first, and whether they agree."""
    found, shown = analysis.changes, shown_pair(analysis)
    if found is None:
        return []
    pairs = [(p, c) for p, c in zip(found.pairs, found.changes, strict=True) if c.effects or c.mer is not None]
    pairs.sort(key=lambda item: shown is not None and item[0].name != shown[0].name)
    said = [_sentence(pair, change, analysis) for pair, change in pairs]
    if said and not any(pair.name == "year_ago" for pair, _ in pairs):
        said.append(say("A season would look the same: the same weeks of a year before would tell it apart."))
    if found.robustness.direction == "differ":
        said.append(say("The comparisons disagree on the direction: what changed depends on the weeks chosen."))
    elif found.robustness.direction == "agree" and found.robustness.leading == "agree":
        said.append(say("The comparisons agree on direction and leading cause."))
    return said


_AGAINST: Final = {
    "recent": mark("The last weeks against those before ({dates})"),
    "around_break": mark("After the last break against before it ({dates})"),
    "year_ago": mark("The last weeks against the same weekdays a year earlier ({dates})"),
}


def _sentence(pair: Pair, change: Change, analysis: Analysis) -> str:
    who = say(_AGAINST[pair.name], dates=between(pair))
    found, metric = change.comparison, say("claimed ROAS")
    if found.change is None and change.mer is not None:
        found, metric = change.mer.comparison, "MER"
    if found.change is None or found.roas_before is None or found.roas_after is None:
        why = _CANNOT.get(found.cannot or "", mark("the data cannot tell"))
        return say("{who}: no comparison, {why}.", who=who, why=say(why))
    figures = f"{metric} {ratio(found.roas_before)} → {ratio(found.roas_after)}, {moved(found.change)}"
    if found.interval is None:
        why = _CANNOT.get(found.cannot or "", mark("too few data"))
        return say("{who}: {figures}; how sure that is cannot be told, {why}.", who=who, figures=figures, why=say(why))
    if pair.name == "around_break":  # the data chose the day: an interval would be too narrow
        return f"{who}: {figures}. {_leading(change, analysis)}".rstrip()
    low, high = moved(found.interval.p5), moved(found.interval.p95)
    figures = say("{figures} (90 % interval {low} to {high})", figures=figures, low=low, high=high)
    if found.interval.p5 < 0 < found.interval.p95:
        return (
            f"{who}: {say('{figures}: no more than luck and drift can do.', figures=figures)}{_least(found.detectable)}"
        )
    return f"{who}: {figures}. {_leading(change, analysis)}".rstrip()


def _least(detectable: float | None) -> str:
    if detectable is None:
        return ""
    return f" {say('A fall of {share} would have been seen four times in five.', share=percent(detectable))}"


def _leading(change: Change, analysis: Analysis) -> str:
    """Name the factors whose part is clear, the largest first."""
    if not change.effects:
        return ""
    whole = change.change or 0.0
    telling = [e for e in change.effects if e.clear and e.ratio * whole > 0 and abs(e.ratio) >= WORTH * abs(whole)]
    clear = sorted(telling, key=lambda e: -abs(e.ratio))[:2]
    if not clear:
        return say("No single factor is clear.")
    return f"{'; '.join(_part(e, analysis.tables.currency) for e in clear)}."


def _part(effect: Effect, currency: str | None) -> str:
    sign = "+" if effect.ratio > 0 else "−"
    return say(
        "{factor} {points} points ({money} at the later spend)",
        factor=say(FACTOR[effect.factor]), points=f"{sign}{ratio(abs(effect.ratio))}",
        money=money(effect.currency, currency),
    )  # fmt: skip
