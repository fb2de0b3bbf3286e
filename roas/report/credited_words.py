"""Sentences on credit beside claims and effects: what is the same money, what is not, what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import is_known, is_told, listed, ranged
from roas.format import day, money, percent, plural, visible
from roas.language import mark, say
from roas.report.attribution_names import model_name
from roas.report.caused import usable

if TYPE_CHECKING:
    from roas.analysis.credited import Credited
    from roas.analysis.credited_rows import Row
    from roas.analysis.record import Analysis

CAUTION: Final = mark("Credit is not cause.")

#: Shares of the shop's revenue that journeys hold, between which nothing is
#: said of it but the share: outside, credit is of clearly other sales than
#: those that spend could cause. Our choice.
FITTING: Final = (0.8, 1.25)

#: Names written out before the others are counted.
_NAMED: Final = 5

#: What the section's figures are; for the page's list of terms.
TERMS: Final = (
    (mark("Attributed revenue"), mark(
     "Value of the journeys' conversions that a model shares out to the channels before them. It adds up to the value of "
     "all journeys. The range beside it runs over all models that were run.")),
    (mark("Over-claim"), mark("Claimed over attributed revenue of the same dates. Every platform claims the same sale, so they add up "
     "to more than was sold.")),
    (mark("Credit ÷ caused"), mark("Attributed revenue over the middle of what spend caused: above 1, a channel gets credit for "
     "sales that would have come without it.")),
)  # fmt: skip


def sentence(analysis: Analysis) -> str:
    """Say of the channel with the most spend what it claims, gets credit for, and caused."""
    found = analysis.credited
    assert found is not None
    if not found.attribution.credits:
        return say("No conversion of the journeys had a touch before it, so there is no credit to share out.")
    if not found.rows:
        return say("No channel of the journeys has spend under the same name, so nothing can be compared.")
    if found.dates.same is False:
        dated = say("Journeys and spend are of other dates, so credit cannot be compared with claims or effects.")
        return f"{dated} {say(CAUTION)}"
    row, currency = found.rows[0], analysis.tables.currency
    return f"{_cause(analysis, row, _claim(row, currency))} {say(CAUTION)}"


def _claim(row: Row, currency: str | None) -> str:
    """Begin with the claim, where there is one, and the credit."""
    name, worth = visible(row.channel), row.attributed
    credit = plural(round(row.conversions), "conversion") if worth is None else money(worth.value, currency)
    if row.claimed is None:
        return say("Journeys credit {channel} with {credit}", channel=name, credit=credit)
    return say(
        "{channel} claims {claimed}, journeys credit it with {credit}",
        channel=name, claimed=money(row.claimed, currency), credit=credit,
    )  # fmt: skip


def _cause(analysis: Analysis, row: Row, claim: str) -> str:
    """Go on with the effect, as surely as it is known."""
    if row.caused is None:
        return f"{claim}. {_no_cause(analysis, row)}"
    caused, currency = row.caused, analysis.tables.currency
    between = ranged(caused.p5, caused.p95, currency)
    if not is_known(row.identified):
        return say(
            "{claim}; what its spend caused is not known: {range} is likely, mostly by what is usual elsewhere.",
            claim=claim, range=between,
        )  # fmt: skip
    if row.identified == "identified" or is_told((caused.p5, caused.p50, caused.p95)):
        return say(
            "{claim}, and its spend caused about {caused} (90 % interval {range}).",
            claim=claim, caused=money(caused.p50, currency), range=between,
        )  # fmt: skip
    return say("{claim}, and its spend caused {range} (90 % interval).", claim=claim, range=between)


def _no_cause(analysis: Analysis, row: Row) -> str:
    response = analysis.response
    if usable(analysis) is None or response is None:
        return say("What its spend caused is not estimated here.")
    why = visible(response.excluded.get(row.channel) or say("no spend in the dates of the model"))
    return say("What its spend caused is not estimated: {why}.", why=why)


def together(analysis: Analysis) -> str | None:
    """Say the same of all channels that both sides know; None for one, or for no money."""
    found, currency = analysis.credited, analysis.tables.currency
    assert found is not None
    total = found.total
    if total is None or len(found.rows) < 2 or total.attributed is None or found.dates.same is False:
        return None
    said = [say("spent {money}", money=money(total.spend, currency))]
    if total.claimed is not None:
        said.append(say("claim {money}", money=money(total.claimed, currency)))
    said.append(say("get {money} of credit", money=money(total.attributed.value, currency)))
    known = all(row.caused is not None and is_known(row.identified) for row in found.rows)
    if total.caused is not None and known:
        said.append(say("caused {range}", range=ranged(total.caused.p5, total.caused.p95, currency)))
    return say("All {number} channels in both files {figures}.", number=len(found.rows), figures=listed(said, most=4))


def dates(analysis: Analysis) -> str:
    """Say of which dates the figures are."""
    found = analysis.credited
    assert found is not None
    own = found.dates
    span = say("{start} to {end}", start=day(own.start), end=day(own.end))
    if own.same is None or own.same is False:
        return next(iter(found.notes), "")
    if own.whole:
        if found.estimated:
            return say("Spend, claims and effects are of the dates of the journeys: {period}.", period=span)
        return say("Spend and claims are of the dates of the journeys: {period}.", period=span)
    assert own.first is not None
    assert own.last is not None
    fields = {"period": span, "first": day(own.first), "last": day(own.last)}
    if found.estimated:
        return say(
            "All figures are of {period}, which spend and estimates and journeys cover; "
            "the journeys run from {first} to {last}.",
            **fields,
        )
    return say(
        "All figures are of {period}, which spend and journeys cover; the journeys run from {first} to {last}.",
        **fields,
    )


def coverage(analysis: Analysis) -> str | None:
    """Say which part of the shop's revenue the journeys hold; None where it cannot be told."""
    found, currency = analysis.credited, analysis.tables.currency
    assert found is not None
    value, revenue = found.attribution.value, found.revenue
    if found.dates.same is False or not value > 0 or revenue is None or not revenue > 0:
        return None
    share = value / revenue
    said = say(
        "Journeys hold {value} of sales, {share} of the {revenue} that the shop took",
        value=money(value, currency), share=percent(share), revenue=money(revenue, currency),
    )  # fmt: skip
    if share < FITTING[0]:
        return say("{said}: credit is of that part of the sales only, too little beside claims and effects.", said=said)
    if share > FITTING[1]:
        return say("{said}: credit is of more than was sold, too much beside claims and effects.", said=said)
    return f"{said}."


def unmatched(found: Credited) -> list[str]:
    """Name channels that one side alone knows."""
    said = []
    if found.only_journeys:
        said.append(say("In journeys only, so without spend here: {channels}.", channels=_named(found.only_journeys)))
    if found.only_spend:
        said.append(say("With spend, but in no journey: {channels}.", channels=_named(found.only_spend)))
    if found.only_journeys and found.only_spend:
        said.append(say("A channel is compared when both files call it the same."))
    return said


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(visible(name) for name in names[:_NAMED])
    more = len(names) - _NAMED
    return say("{names} and {number} more", names=shown, number=more) if more > 0 else shown


def doubts(found: Credited) -> list[str]:
    """Return what else limits the comparison, as sentences; the note on dates stands elsewhere."""
    skipped = 1 if found.dates.same is not True else 0
    notes = [*found.notes[skipped:], *found.attribution.notes]
    return [_ended(visible(note[:1].upper() + note[1:])) for note in notes]


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def method(found: Credited) -> str | None:
    """Name the leading model and how it shares; None where nothing was credited."""
    if not found.attribution.credits:
        return None
    lead = found.attribution.leading
    others = len(found.attribution.credits) - 1
    leading = say("Attributed by {model}: {convention}", model=model_name(lead.model), convention=lead.convention)
    if not others:
        return leading
    beside = say("Beside it {models}; the ranges run over all.", models=plural(others, "other model"))
    return f"{leading} {beside}"


def scaling(found: Credited) -> str | None:
    """Say how credit of campaigns is scaled to effects; None where it cannot be."""
    if not found.estimated or found.attribution.journeys.lookback_days is None:
        return None
    return say(
        "Campaigns: roas attribute JOURNEYS --by campaign --incremental analysis.json scales each campaign's credit to "
        "what its channel caused."
    )


def summary_lines(analysis: Analysis) -> list[str]:
    """Return two or three lines for a terminal; none without journeys."""
    found = analysis.credited
    if found is None:
        return []
    of = " ".join(filter(None, (dates(analysis), coverage(analysis))))
    return [line for line in (sentence(analysis), of, " ".join(unmatched(found))) if line]
