"""The words of a report, made from its numbers: the one place where sentences are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.calendar import end_of, last_day
from roas.charts.periods import Recent, recent_and_before, relative, with_claims_spend
from roas.format import change, day, money, percent, plural, ratio, short_day, visible
from roas.language import mark, say
from roas.limits import RECENT_WEEKS
from roas.metrics import common_days
from roas.report import caused_words, finding_words
from roas.tables import has_values

if TYPE_CHECKING:
    from roas.analysis.record import Analysis

UNCHECKED: Final = mark(
    "Without the shop's revenue nothing checks what platforms claim. Add it with --revenue orders.csv."
)


@dataclass(frozen=True)
class Number:
    """One of the three numbers: what it is, its value, how it moved."""

    label: str
    value: str
    says: str


def verdict(analysis: Analysis) -> str:
    """Say in one sentence what went wrong, where that is proven; else what `returned` says."""
    return finding_words.headline(analysis) or returned(analysis)


def beside(analysis: Analysis) -> str | None:
    """Say what came back for the money, where what went wrong has the first word; else None."""
    return returned(analysis) if finding_words.headline(analysis) else None


def returned(analysis: Analysis) -> str:
    """Say what ads caused, where that is known, else what the files show, and from which day to which."""
    caused = _caused(analysis)
    if caused is not None:
        return caused
    t, currency = analysis.totals, analysis.tables.currency
    spend, till, claims = t["spend"], t["revenue"], t["claimed_revenue"]
    if not spend:
        start, end = analysis.window["start"], last_day(analysis.window)
        return say(
            "No money was spent on {channels}, {start} to {end}.",
            channels=_channels(analysis), start=day(start), end=day(end),
        )  # fmt: skip
    if till is not None and t["mer"] is not None:
        return _against_till(analysis)
    if claims is not None and t["claimed_roas"] is not None:
        return say(
            "Platforms claim {claims} from {start} to {end}, {roas} per 1 of spend; "
            "without the shop's revenue nothing checks what they claim.",
            claims=money(claims, currency), roas=ratio(t["claimed_roas"]), **_period(analysis),
        )  # fmt: skip
    return _spent_only(analysis)


def _period(analysis: Analysis) -> dict[str, str]:
    """Return the fields of the whole period: the totals stand beside figures of one week or of two months."""
    return {"start": short_day(analysis.window["start"]), "end": short_day(last_day(analysis.window))}


def _shared(analysis: Analysis) -> dict[str, str]:
    """Return the fields of the dates that spend and revenue share: what MER and over-claim are taken over."""
    revenue = analysis.revenue_in_window
    if revenue is None:
        return _period(analysis)
    start, end = common_days(analysis.tables.spend, revenue)
    return {"start": short_day(start), "end": short_day(end_of(end.date(), analysis.tables.grain))}


def _caused(analysis: Analysis) -> str | None:
    """Say what ads caused, over the days of the model; None where it is not known."""
    said, response = caused_words.verdict(analysis), analysis.response
    if said is None or response is None:
        return None
    start, end = short_day(str(response.data.dates[0])), short_day(caused_words.last_day(response))
    return say("{sentence} The figures are of {start} to {end}.", sentence=said, start=start, end=end)


def _spent_only(analysis: Analysis) -> str:
    first = analysis.channels.iloc[0]
    spend = money(analysis.totals["spend"], analysis.tables.currency)
    spent = {"spend": spend, "channels": _channels(analysis), **_period(analysis)}
    if len(analysis.channels) == 1:
        return say(
            "{spend} was spent on {channels} from {start} to {end}; the files say nothing of what came back.", **spent
        )
    return say(
        "{spend} was spent on {channels} from {start} to {end}, {share} of it on {channel}; "
        "the files say nothing of what came back.",
        share=percent(first["spend_share"]), channel=visible(first["channel"]), **spent,
    )  # fmt: skip


def _against_till(analysis: Analysis) -> str:
    t, currency = analysis.totals, analysis.tables.currency
    spend, till, over = t["spend"], t["revenue"], t["over_claim_ratio"]
    figures = {"revenue": money(till, currency), "times": ratio(t["mer"])}
    if covers_all(analysis):
        took = say(
            "The shop took {revenue} from {start} to {end}, {times} times the {spend} spent on ads",
            spend=money(spend, currency), **_period(analysis), **figures,
        )  # fmt: skip
    else:
        took = say(
            "Over the dates that its revenue covers, {start} to {end}, the shop took {revenue}, "
            "{times} times what was spent on ads",
            **_shared(analysis), **figures,
        )  # fmt: skip
    if over is None or t["claimed_revenue"] is None:
        return say("{took}; the exports hold no platform claims to set beside it.", took=took)
    if over > 1:
        return say(
            "{took}; platforms together claim {times} times that, {more} more than was taken.",
            took=took, times=ratio(over), more=money((over - 1) * till, currency),
        )  # fmt: skip
    return say("{took}; platforms claim {share} of that revenue as theirs.", took=took, share=percent(over))


def covers_all(analysis: Analysis) -> bool:
    """Return whether MER was taken over all spend: revenue covers every date of it."""
    t = analysis.totals
    if not t["mer"] or t["revenue"] is None:
        return True
    return math.isclose(t["revenue"] / t["mer"], t["spend"], rel_tol=1e-9)


def over_claim(analysis: Analysis) -> str:
    """Say what the over-claim ratio does and does not tell."""
    t, currency = analysis.totals, analysis.tables.currency
    over, till = t["over_claim_ratio"], t["revenue"]
    if till is None:
        return say(UNCHECKED)
    if over is None:
        return say("The exports hold no conversion value, so there are no claims to set beside the till.")
    if over > 1:
        return say(
            "From {start} to {end}, claims are {times} times the till. At least {money} of them stand for no sale "
            "of their own: counted twice, counted with tax or refunds, or never booked.",
            times=ratio(over), money=money((over - 1) * till, currency), **_shared(analysis),
        )  # fmt: skip
    return say(
        "From {start} to {end}, claims are {times} times the till. Staying under it does not make them right: "
        "two platforms may claim one sale, and buyers may have come anyway.",
        times=ratio(over), **_shared(analysis),
    )  # fmt: skip


def numbers(analysis: Analysis) -> tuple[Number, Number, Number]:
    """Return spend, the return on it, and the revenue, each with how it moved."""
    t, currency = analysis.totals, analysis.tables.currency
    pair = recent_and_before(with_claims_spend(analysis.settled_weeks))
    spend = Number(say("Spend"), money(t["spend"], currency), _moved(pair, "spend", currency))
    if t["mer"] is not None:
        back = Number(say("MER, revenue over spend"), ratio(t["mer"]), _moved_ratio(pair, "revenue", "spend"))
    elif t["claimed_roas"] is not None:
        moved = _moved_ratio(pair, "claimed_revenue", "claims_spend")
        back = Number(say("Claimed ROAS"), ratio(t["claimed_roas"]), moved)
    else:
        back = Number("ROAS", "–", say("Needs revenue of the shop, or conversion value in the ad export."))
    return spend, back, _revenue(analysis, pair)


def _revenue(analysis: Analysis, pair: Recent | None) -> Number:
    t, currency = analysis.totals, analysis.tables.currency
    if t["revenue"] is not None:
        return Number(say("Revenue of the shop"), money(t["revenue"], currency), _moved(pair, "revenue", currency))
    if t["claimed_revenue"] is not None:
        moved = _moved(pair, "claimed_revenue", currency)
        return Number(say("Revenue claimed by platforms"), money(t["claimed_revenue"], currency), moved)
    return Number(say("Revenue"), "–", say("Not in the files."))


def _moved(pair: Recent | None, column: str, currency: str | None) -> str:
    after, before = pair.sums(column) if pair else (None, None)
    if after is None or before is None:
        return ""
    return say("{money} a week, {change}", money=money(after / RECENT_WEEKS, currency), change=_on(after, before))


def _moved_ratio(pair: Recent | None, top: str, bottom: str) -> str:
    after, before = pair.ratios(top, bottom) if pair else (None, None)
    if after is None or before is None:
        return ""
    return say(
        "{after} against {before}, {change}", after=ratio(after), before=ratio(before), change=_on(after, before)
    )


def _on(after: float, before: float) -> str:
    moved = relative(after, before)
    return say("nothing before") if moved is None else change(moved)


def comparison(analysis: Analysis) -> str:
    """Say what the changes compare, and that nobody has tested them."""
    import pandas as pd

    pair = recent_and_before(analysis.settled_weeks)
    if pair is None:
        return say("No change is shown: it needs {weeks} complete weeks in a row.", weeks=2 * RECENT_WEEKS)
    last = pair.recent["week"].iloc[-1] + pd.Timedelta(days=6)
    compared = say(
        "Changes compare the last {weeks} complete weeks ({start} to {end}) with the {weeks} before.",
        weeks=RECENT_WEEKS, start=day(pair.recent["week"].iloc[0]), end=day(last),
    )  # fmt: skip
    return f"{compared} {_tested(analysis)}"


def _tested(analysis: Analysis) -> str:
    """Say whether the return moved by more than luck and drift do."""
    found = analysis.recent_roas
    if found is None or found.interval is None:
        return say("A change can be noise: no interval can be given here.")
    low, high = change(found.interval.p5), change(found.interval.p95)
    metric = "MER" if analysis.totals["mer"] is not None else say("claimed ROAS")
    if found.interval.p5 < 0 < found.interval.p95:
        return say(
            "The change of {metric} may be luck and drift alone (90 % interval {low} to {high}).",
            metric=metric, low=low, high=high,
        )  # fmt: skip
    return say(
        "The change of {metric} is more than luck and drift (90 % interval {low} to {high}).",
        metric=metric, low=low, high=high,
    )  # fmt: skip


def _channels(analysis: Analysis) -> str:
    count = len(analysis.channels)
    if count != 1:
        return plural(count, "channel")
    return say("one channel, {channel}", channel=visible(analysis.channels.iloc[0]["channel"]))


def next_steps(analysis: Analysis) -> list[str]:
    """Name what would tell more, the most telling first."""
    steps = []
    if analysis.totals["revenue"] is None:
        steps.append(say(
            "Add the shop's revenue per day (--revenue orders.csv): "
            "it shows what platforms claim beside what was taken, and what spend causes can be estimated."
        ))  # fmt: skip
    if not has_values(analysis.channels, "claimed_revenue"):
        steps.append(say("Export conversion value with spend: it shows what each platform claims."))
    if not len(analysis.campaigns):
        steps.append(say("Export spend by campaign: it shows where inside a channel the money goes."))
    if analysis.tags.suggested and len(analysis.labels):
        steps.append(say(
            "Check the labels that names suggested: -o DIR writes tags.toml; correct it and give it back with --tags."
        ))  # fmt: skip
    if analysis.margin is None and analysis.totals["mer"] is not None:
        steps.append(say(
            "Give the contribution margin (--margin 0.6): it sets break-even, "
            "which without it is 1, as if every sale were profit."
        ))  # fmt: skip
    return steps
