"""Sentences on attribution: what the models agree on, where they part, what they leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.charts.attribution.model_names import model_label
from roas.format import money, percent, plural, visible

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution
    from roas.attribution.results import Credit
    from roas.attribution.suppress import Floats

#: Names that keep their capital inside a sentence.
_PROPER: Final = ("Markov", "Shapley", "W-")

CAUTION: Final = (
    "Credit is not cause: a model shares out sales that happened. It cannot say which of them would have happened "
    "without the ads. roas analyze estimates that, a lift test measures it."
)


def model_name(model: str) -> str:
    """Return a model's name as it stands inside a sentence.

    Examples
    --------
    >>> model_name("last"), model_name("w_shaped"), model_name("markov_3")
    ('last touch', 'W-shaped', 'Markov, order 3')
    """
    if model == "markov_auto":
        return "Markov, automatic order"
    label = model_label(model)
    return label if label.startswith(_PROPER) else label[:1].lower() + label[1:]


def amount(value: float) -> str:
    """Write credited conversions: whole ones from 100 on, else one decimal.

    Examples
    --------
    >>> amount(5344.9), amount(4.62), amount(0)
    ('5,345', '4.6', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 99.95 or float(value).is_integer() else f"{value:,.1f}"


def short_name(model: str) -> str:
    """Return a model's name as it heads a column.

    Examples
    --------
    >>> short_name("markov_auto"), short_name("markov_3"), short_name("last_non_direct"), short_name("first")
    ('Markov auto', 'Markov 3', 'Last non-direct', 'First')
    """
    if model in _SHORT:
        return _SHORT[model]
    return model_label(model).replace(", order ", " ")


_SHORT: Final = {"first": "First", "last": "Last", "markov_auto": "Markov auto"}

#: Conversions by which a channel must lead to be called the first: less than
#: half of one rounds to nothing. Our choice.
LEAD: Final = 0.5


def conversions(value: float) -> str:
    """Count credited conversions.

    Examples
    --------
    >>> conversions(1.0), conversions(0.4), conversions(4012)
    ('1 conversion', '0.4 conversions', '4,012 conversions')
    """
    said = amount(value)
    return f"{said} conversion{'' if said == '1' else 's'}"


@dataclass(frozen=True)
class Agreement:
    """Credit of all models side by side; their shares of conversions. A name that stands for many never leads."""

    result: Attribution

    @cached_property
    def shares(self) -> Floats:
        """Shares, (models, channels)."""
        total = self.result.conversions
        return np.array([c.conversions / total for c in self.result.credits.values()])

    @cached_property
    def models(self) -> list[str]:
        """Names of the models."""
        return list(self.result.credits)

    @cached_property
    def named(self) -> list[int]:
        """Channels that may lead: all but the bucket."""
        result = self.result
        return [c for c, name in enumerate(result.channels) if name != result.bucket] or [0]

    @cached_property
    def first(self) -> list[frozenset[int]]:
        """The channels that each model puts first: several where they are level."""
        least = LEAD / self.result.conversions
        tops = self.shares[:, self.named].max(axis=1)
        return [
            frozenset(c for c in self.named if row[c] >= top - min(least, top / 2))
            for row, top in zip(self.shares, tops, strict=True)
        ]

    @property
    def leaders(self) -> Counter[int]:
        """Channel → how many models put it first, alone."""
        return Counter(next(iter(first)) for first in self.first if len(first) == 1)

    @property
    def level(self) -> frozenset[int]:
        """Channels that every model puts first together; none where models part, or one channel leads."""
        first = self.first[0]
        return first if len(first) > 1 and all(each == first for each in self.first) else frozenset()

    @property
    def widest(self) -> int:
        """Channel on which models differ by the most conversions."""
        return self.named[int(np.ptp(self.shares[:, self.named], axis=0).argmax())]

    def ends(self, channel: int) -> tuple[str, str]:
        """Return the models that give a channel least and most."""
        column = self.shares[:, channel]
        return self.models[int(column.argmin())], self.models[int(column.argmax())]


def verdict(result: Attribution) -> str:
    """Say in one sentence who leads, and how far the models agree."""
    if not result.credits or not result.conversions:
        return "No conversion had a touch before it, so there is no credit to share out."
    agreement = Agreement(result)
    total = plural(round(result.conversions), "conversion")
    if len(result.channels) == 1:
        return f"{visible(result.channels[0])} is the only channel, so it has the credit for all of {total}."
    models, leaders = len(agreement.models), agreement.leaders
    if not leaders:
        return _level(result, agreement, total)
    channel, backers = leaders.most_common(1)[0]
    name = visible(result.channels[channel])
    low, high = agreement.shares[:, channel].min(), agreement.shares[:, channel].max()
    if models == 1:
        return (
            f"By the model {model_name(agreement.models[0])}, {name} has most credit: {_between(low, high)} of {total}."
        )
    if backers == models:
        every = "Both models" if models == 2 else f"All {models} models"
        return f"{every} give {name} most credit: {_between(low, high)} of {total}."
    spread = f"{_between(low, high)} of {total}"
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
        f"{_either(others)}; {name} gets {spread}."
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
    names = _all_of([visible(result.channels[c]) for c in level])
    return f"{by} {names} are level, with {_between(shares.min(), shares.max())} of {total} each."


def _all_of(names: Sequence[str]) -> str:
    """Name up to three channels, else count them.

    Examples
    --------
    >>> _all_of(["A", "B"]), _all_of(["A", "B", "C"]), _all_of(["A", "B", "C", "D"])
    ('A and B', 'A, B and C', '4 channels')
    """
    return f"{len(names):,} channels" if len(names) > 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _between(low: float, high: float) -> str:
    first, last = percent(float(low)), percent(float(high))
    return first if first == last else f"{first.removesuffix(' %')} to {last}"


def _either(names: Sequence[str]) -> str:
    """Name at most three channels.

    Examples
    --------
    >>> _either(["A"]), _either(["A", "B"]), _either(["A", "B", "C", "D"])
    ('A', 'A or B', 'A, B or one of 2 more')
    """
    if len(names) <= 2:
        return " or ".join(names)
    return f"{names[0]}, {names[1]} or {names[2] if len(names) == 3 else f'one of {len(names) - 2} more'}"


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
    named = ", ".join(f"{visible(result.channels[c])} ({_between(low[c], high[c])})" for c in alike[:3])
    more = f" and {len(alike) - 3} more" if len(alike) > 3 else ""
    return f"Whatever the model, these get about the same: {named}{more}."


#: Largest over smallest share up to which models are said to agree on a
#: channel; and the share below which agreement is not worth a word.
ALIKE: Final = 1.25
WORTH: Final = 0.05


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
    return f"{_all_of(names)} are too close to say which leads: {what}."


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
