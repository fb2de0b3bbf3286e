"""The words about what spend causes: one sentence, its doubts, and what would settle them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from roas.analysis.causal import is_not_estimated
from roas.charts.causal_words import KNOWN, TOLD_RATIO, listed, one, ranged
from roas.format import money, plural, ratio, visible
from roas.language import mark, say
from roas.report.caused import revenue_modelled, usable

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.response import ChannelResponse, ResponseResults

Standing = Literal["none", "nothing fitted", "not converged", "not known", "partly known", "known"]

NOT_CAUSED: Final = mark("What spend causes is not estimated here.")

UNKNOWN: Final = mark("What ads caused cannot be told from these files: no channel's effect is known.")
UNSETTLED: Final = mark(
    "What ads caused cannot be told: the estimates did not settle, so they decide nothing and are not shown."
)
MODELLED: Final = mark("Estimated from revenue and spend, not measured by an experiment.")

#: Share of modelled spend on channels with a known effect from which the
#: account's total is said as a finding. Below it, most of the range rests on
#: what is usual elsewhere.
KNOWN_SHARE: Final = 0.5


def standing(analysis: Analysis) -> Standing:
    """Say how far the account's total effect is known."""
    response = analysis.response
    if response is None:
        return "none"
    total = response.incremental_revenue
    if total is None or not response.channels:
        return "nothing fitted"
    if not response.converged:
        return "not converged"
    found = [each for each in response.channels if each.verdict.identified == "identified"]
    spend = math.fsum(each.spend for each in response.channels)
    if found and math.fsum(e.spend for e in found) >= KNOWN_SHARE * spend and total.p95 <= TOLD_RATIO * total.p5:
        return "known"
    some = [each for each in response.channels if each.verdict.identified != "not identified"]
    return "partly known" if some else "not known"


def sentence(analysis: Analysis) -> str:
    """Say in one sentence what ads caused, or that it cannot be told."""
    how, response = standing(analysis), analysis.response
    if response is None:
        return _why_none(analysis)
    if how == "nothing fitted":
        reasons = "; ".join(dict.fromkeys(visible(why) for why in response.excluded.values()))
        return say("What ads caused cannot be told: no channel could be estimated ({reasons}).", reasons=reasons)
    if how == "not converged":
        return say(UNSETTLED)
    currency, total, share = analysis.tables.currency, response.incremental_revenue, response.baseline_share
    assert total is not None
    assert share is not None
    revenue = money(float(revenue_modelled(response)["revenue"].sum()), currency)
    between = ranged(total.p5, total.p95, currency)
    if how == "known":
        return say(
            "Ads caused about {caused} of the {revenue} revenue (90 % interval {range}); "
            "the rest would have come without them.",
            caused=money(total.p50, currency), revenue=revenue, range=between,
        )  # fmt: skip
    if how == "partly known":
        return say(
            "Of the {revenue} revenue, ads may have caused {range} (90 % interval); "
            "only {known}; the rest of that range is an assumption.",
            revenue=revenue, range=between, known=_partly(response),
        )  # fmt: skip
    likely = say(
        "Between {low} and {high} of the {revenue} revenue is likely (90 % interval), "
        "but that range rests mostly on what is usual elsewhere, not on this account.",
        low=money(total.p5, currency), high=money(total.p95, currency), revenue=revenue,
    )  # fmt: skip
    return f"{say(UNKNOWN)} {likely}"


def _partly(response: ResponseResults) -> str:
    """Say whose effect is known: goes on in a sentence after "only"."""
    known = [e.channel for e in response.channels if e.verdict.identified == "identified"]
    if known:
        return say("the effect of {channels} is known", channels=_named(known))
    partly = [e.channel for e in response.channels if e.verdict.identified == "partly"]
    return say("the effect of {channels} is partly known", channels=_named(partly))


def _named(names: Sequence[str]) -> str:
    return listed([visible(name) for name in names])


def _why_none(analysis: Analysis) -> str:
    """Repeat the note that says why nothing is estimated."""
    for note in analysis.notes:
        if is_not_estimated(note):
            return visible(note)
    if analysis.totals["revenue"] is None:
        return say("What spend causes is not estimated here: that needs the shop's revenue, at least by week.")
    return say(NOT_CAUSED)


def modelled(analysis: Analysis) -> str:
    """Say what the estimates rest on."""
    tests = len(analysis.response.checks) if analysis.response is not None else 0
    if not tests:
        return say(MODELLED)
    return say("Estimated from revenue, spend and {tests}.", tests=plural(tests, "lift test"))


def caution(analysis: Analysis) -> str:
    """Say plainly, below the verdict, how far it can be trusted."""
    how = standing(analysis)
    if how == "none":
        return _sums_only(analysis)
    if how == "known":
        unknown = [e.channel for e in analysis.caused.values() if e.verdict.identified != "identified"]
        if not unknown:
            return modelled(analysis)
        besides = say("The effect of {channels} is not, or only partly, known.", channels=_named(unknown))
        return f"{modelled(analysis)} {besides}"
    if how == "not known":
        return f"{say(UNKNOWN)} {say('The ranges below are wide, and they are no findings.')}"
    if how == "partly known" and analysis.response is not None:
        return say("What ads caused in all cannot be told: only {known}.", known=_partly(analysis.response))
    return sentence(analysis)


def _sums_only(analysis: Analysis) -> str:
    said = _why_none(analysis)
    if analysis.totals["revenue"] is not None:
        only = say(
            "The figures are sums and ratios of what the files say; some of this revenue may have come without ads."
        )
        return f"{said} {only}"
    if analysis.totals["claimed_revenue"] is not None:
        return f"{said} {say('Platforms count their own sales, and several may count the same one.')}"
    return said


def verdict(analysis: Analysis) -> str | None:
    """Say what ads caused, where it is known; None elsewhere."""
    response = analysis.response
    if response is None or standing(analysis) != "known" or response.incremental_revenue is None:
        return None
    currency, total = analysis.tables.currency, response.incremental_revenue
    spend = math.fsum(each.spend for each in response.channels)
    revenue, claimed = float(revenue_modelled(response)["revenue"].sum()), _claimed(analysis, response)
    figures = {
        "caused": ranged(total.p5, total.p95, currency),
        "revenue": money(revenue, currency),
        "times": ranged(total.p5 / spend, total.p95 / spend, ratios=True),
        "unit": one(currency) if currency else "1",
    }
    if claimed is None:
        return say("Ads caused {caused} of the {revenue} revenue, {times} for each {unit} spent on them.", **figures)
    return say(
        "Ads caused {caused} of the {revenue} revenue, {times} for each {unit} spent on them; platforms claim {claimed}.",
        claimed=money(claimed, currency), **figures,
    )  # fmt: skip


def claims(analysis: Analysis) -> str:
    """Set what platforms claim beside what ads caused, over the same channels and dates."""
    response = analysis.response
    if response is None or standing(analysis) not in ("not known", "partly known", "known"):
        return ""
    claimed, total = _claimed(analysis, response), response.incremental_revenue
    if claimed is None or total is None or total.p5 <= 0:
        return ""
    currency = analysis.tables.currency
    said, low, high = money(claimed, currency), claimed / total.p95, claimed / total.p5
    times = ranged(low, high, ratios=True)
    if standing(analysis) != "known":
        return say(
            "Platforms claim {claimed} for the same spend, by that range {times} times what it caused.",
            claimed=said, times=times,
        )  # fmt: skip
    return say("Platforms claim {claimed} for the same spend, {times} times what it caused.", claimed=said, times=times)


def _claimed(analysis: Analysis, response: ResponseResults) -> float | None:
    """Add up claims of the channels and dates that were modelled; None where one channel claims nothing."""
    rows = analysis.tables.spend
    rows = rows[rows["channel"].astype(str).isin([e.channel for e in response.channels])]
    rows = rows[(rows["date"] >= str(response.data.dates[0])) & (rows["date"] <= last_day(response))]
    sums = rows.groupby("channel")["conversion_value"].sum(min_count=1)
    return None if not len(sums) or sums.isna().any() else math.fsum(sums)


def last_day(response: ResponseResults) -> str:
    """Return the last day that was modelled, ISO 8601."""
    import pandas as pd

    last = pd.Timestamp(response.data.dates[-1])
    return (last + pd.Timedelta(days=6 if response.data.grain == "week" else 0)).date().isoformat()


def experiments(analysis: Analysis) -> list[str]:
    """Name the changes of spend that would settle most, those with the widest range of money first.

    Channels that ask for the same experiment share one sentence.
    """
    response = usable(analysis)
    if response is None:
        return []
    open_ones = [e for e in response.channels if e.verdict.experiment]
    open_ones.sort(key=lambda e: (e.revenue.p5 - e.revenue.p95, e.channel))
    groups: dict[str, list[ChannelResponse]] = {}
    for each in open_ones:
        assert each.verdict.experiment is not None
        groups.setdefault(each.verdict.experiment.replace(each.channel, "\0"), []).append(each)
    return [_experiment(same) for same in groups.values()]


def _experiment(same: Sequence[ChannelResponse]) -> str:
    first, *rest = same
    said = visible(first.verdict.experiment or "")
    if not rest:
        return said
    others = listed([visible(e.channel) for e in rest], most=6)
    return f"{said} {say('Then the same, one at a time, for {channels}.', channels=others)}"


def known_words(each: ChannelResponse) -> str:
    """Say how far a channel's effect is known, and why not further."""
    reasons = "; ".join(visible(reason) for reason in each.verdict.reasons)
    word = say(KNOWN[each.verdict.identified])
    return f"{word}: {reasons}" if reasons else word


def summary_line(analysis: Analysis) -> str:
    """Say on one line how many channels' effects are known, and the experiment that would settle the rest."""
    response = analysis.response
    if response is None or standing(analysis) in ("none", "nothing fitted", "not converged"):
        return ""
    unknown = [e.channel for e in response.channels if e.verdict.identified != "identified"]
    if not unknown:
        return say("The effect of every channel in the model is known.")
    tests = experiments(analysis)
    said = say("Not known, or only partly: {channels}.", channels=_named(unknown))
    return f"{said} {tests[0]}" if tests else said


def caused_ratio(each: ChannelResponse) -> str:
    """Write a channel's incremental ROAS with its interval, in one line."""
    return f"{ratio(each.roas.p50)} [{ratio(each.roas.p5)}–{ratio(each.roas.p95)}]"


def next_ratio(each: ChannelResponse) -> str:
    """Write what the next unit of money brings with its interval, in one line."""
    q = each.marginal_roas
    return "–" if q is None else f"{ratio(q.p50)} [{ratio(q.p5)}–{ratio(q.p95)}]"
