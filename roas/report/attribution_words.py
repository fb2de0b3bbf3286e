"""Sentences on attribution: what the models agree on, where they part, what they leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.format import money, plural, visible
from roas.report.agreement import LEAD, Agreement
from roas.report.attribution_names import all_of, amount, between, conversions, either, model_name

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution
    from roas.attribution.results import Credit

CAUTION: Final = (
    "Credit is not cause: a model shares out sales that happened. It cannot say which of them would have happened "
    "without the ads. roas analyze estimates that, a lift test measures it."
)

#: Largest over smallest share up to which models are said to agree on a
#: channel; and the share below which agreement is not worth a word.
ALIKE: Final = 1.25
WORTH: Final = 0.05


def verdict(result: Attribution) -> str:
    """Say in one sentence who leads, and how far the models agree."""
    if not result.credits or not result.conversions:
        return "No conversion had a touch before it, so there is no credit to share out."
    agreement = Agreement(result)
    total = plural(round(result.conversions), "conversion")
    if len(result.channels) == 1:
        return f"{visible(result.channels[0])} is the only channel, so it has the credit for all of {total}."
    if not agreement.leaders:
        return _level(result, agreement, total)
    models, (channel, backers) = len(agreement.models), agreement.leaders.most_common(1)[0]
    name, shares = visible(result.channels[channel]), agreement.shares[:, channel]
    spread = f"{between(shares.min(), shares.max())} of {total}"
    if models == 1:
        return f"By the model {model_name(agreement.models[0])}, {name} has most credit: {spread}."
    if backers == models:
        every = "Both models" if models == 2 else f"All {models} models"
        return f"{every} give {name} most credit: {spread}."
    return _parted(result, agreement, spread)


def _parted(result: Attribution, agreement: Agreement, spread: str) -> str:
    """Say who leads under some of the models, and what the others say."""
    models, leaders = len(agreement.models), agreement.leaders
    channel, backers = leaders.most_common(1)[0]
    name = visible(result.channels[channel])
    parts = [each for each in agreement.first if each != {channel}]
    if all(channel in each for each in parts):
        puts = "the other puts" if len(parts) == 1 else "the others put"
        return f"{backers} of {models} models give {name} most credit, {puts} it level with another: {spread}."
    if backers == models - 1:
        odd = next(m for m, each in zip(agreement.models, agreement.first, strict=True) if channel not in each)
        return f"All models but {model_name(odd)} give {name} most credit: {spread}."
    others = [visible(result.channels[c]) for c, _ in leaders.most_common()[1:]]
    if not others:
        return f"The models do not agree on who leads: {backers} of {models} give {name} most credit; it gets {spread}."
    return (
        f"The models do not agree on who leads: {backers} of {models} give {name} most credit, the others "
        f"{either(others)}; {name} gets {spread}."
    )


def _level(result: Attribution, agreement: Agreement, total: str) -> str:
    """Say that no channel leads."""
    models, level = len(agreement.models), sorted(agreement.level, key=lambda c: result.channels[c])
    by = {1: f"By the model {model_name(agreement.models[0])},", 2: "Under both models"}.get(
        models, f"Under all {models} models"
    )
    if not level:
        return f"No channel leads: {by[:1].lower()}{by[1:]} several are level, and models differ in which."
    shares = agreement.shares[:, level]
    names = all_of([visible(result.channels[c]) for c in level])
    return f"{by} {names} are level, with {between(shares.min(), shares.max())} of {total} each."


def disagreement(result: Attribution) -> str | None:
    """Say where models differ most, and whether that is more than chance; None for one model or channel."""
    if len(result.credits) < 2 or len(result.channels) < 2 or not result.conversions:
        return None
    agreement = Agreement(result)
    channel = agreement.widest
    low, high = agreement.ends(channel)
    credited = [float(result.credits[m].conversions[channel]) for m in (low, high)]
    if credited[1] - credited[0] < LEAD and agreement.shares[:, channel].max() < 2 * agreement.shares[:, channel].min():
        return "The models agree to within one conversion for every channel."
    said = (
        f"The models differ most on {visible(result.channels[channel])}: from {conversions(credited[0])} "
        f"({model_name(low)}) to {amount(credited[1])} ({model_name(high)})."
    )
    return said + _chance(result.leading, channel, credited[1] - credited[0])


def _chance(credit: Credit, channel: int, gap: float) -> str:
    """Compare the gap between models with what luck in the journeys would make."""
    if credit.conversions_interval is None:
        return ""
    low, high = (float(x) for x in credit.conversions_interval[channel])
    if not np.isfinite(high - low):
        return ""
    width = f" Luck alone moves {model_name(credit.model)} from {amount(low)} to {amount(high)} (90 % interval)"
    if gap > 2 * (high - low):
        return f"{width}: which model you choose matters more than chance."
    if gap < high - low:
        return f"{width}: no less than the models differ."
    return f"{width}."


def steady(result: Attribution) -> str | None:
    """Name the channels whose share hardly depends on the model; None where there are none, or one model."""
    if len(result.credits) < 2 or len(result.channels) < 2 or not result.conversions:
        return None
    agreement = Agreement(result)
    shares = agreement.shares
    low, high = shares.min(axis=0), shares.max(axis=0)
    order = sorted(agreement.named, key=lambda c: -high[c])
    alike = [c for c in order if high[c] >= WORTH and high[c] <= ALIKE * low[c] and c not in agreement.level]
    if not alike:
        return None
    named = ", ".join(f"{visible(result.channels[c])} ({between(low[c], high[c])})" for c in alike[:3])
    more = f" and {len(alike) - 3} more" if len(alike) > 3 else ""
    return f"Whatever the model, these get about the same: {named}{more}."


def close_race(result: Attribution) -> str | None:
    """Say where chance alone could swap the first two channels; None where it could not, or is not known."""
    if not result.credits or len(result.channels) < 2 or result.leading.conversions_interval is None:
        return None
    credit, interval = result.leading.conversions, result.leading.conversions_interval
    agreement = Agreement(result)
    first, *order = [c for c in result.ranked(credit) if c in agreement.named]
    near = [c for c in order if interval[first, 0] <= credit[c]]
    if not near or not result.conversions or not agreement.leaders:
        return None
    names = [visible(result.channels[c]) for c in (first, *near)]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2:,} more"]
    what = "chance alone could swap them" if len(names) == 2 else "chance alone could change their order"
    return f"{all_of(names)} are too close to say which leads: {what}."


def left_out(result: Attribution) -> list[str]:
    """Say what no model has shared out, and what cannot be told."""
    journeys, currency = result.journeys, result.journeys.currency
    said = []
    if journeys.unattributed_conversions:
        worth = f", worth {money(journeys.unattributed_value, currency)}," if journeys.unattributed_value else ""
        inside = "" if journeys.lookback_days is None else f" in the {journeys.lookback_days} days before"
        count = journeys.unattributed_conversions
        said.append(
            f"{amount(count)} more conversion{'' if count == 1 else 's'}{worth} had no touch{inside}: "
            "no model credits them."
        )
    if not journeys.nulls_known:
        said.append(
            "No journey without a conversion is in the file. Removal effects then only tell in how many converting "
            "journeys a channel stands, not how often it leads to nothing: export the other journeys too."
        )
    small = result.suppressed
    if small.paths:
        counted = "are counted together" if small.paths > 1 else "is counted"
        them = "them" if small.paths > 1 else "it"
        said.append(
            f"{plural(small.paths, 'path')} ({plural(small.path_journeys, 'journey')} in all) {counted} as other, so that "
            f"nothing stands for fewer than {small.fewest} journeys. --show-small lists {them}."
        )
    return said


def scaled_lines(result: Attribution) -> list[str]:
    """Say how attributed value compares with what channels caused."""
    found = result.scaled
    if found is None:
        return []
    currency, model = result.journeys.currency, result.leading.model
    said = [
        f"{visible(row.channel)}: caused {money(row.caused.p50, currency)} "
        f"({money(row.caused.p5, currency)} to {money(row.caused.p95, currency)}), "
        f"attributed {money(row.attributed[model], currency)} by {model_name(model)}"
        + (f", claimed {money(row.claimed, currency)}" if row.claimed is not None else "")
        + "."
        for row in found.rows
    ]
    for names, what in (
        (found.only_attributed, f"Not in {visible(found.caused.source)}, so nothing to compare with"),
        (found.only_caused, f"In {visible(found.caused.source)}, but in no journey"),
    ):
        if names:
            said.append(f"{what}: {', '.join(visible(n) for n in names[:5])}{' …' if len(names) > 5 else ''}.")
    return [*said, *(visible(n) for n in found.caused.notes)]
