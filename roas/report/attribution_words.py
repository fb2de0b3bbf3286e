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


@dataclass(frozen=True)
class Agreement:
    """Credit of all models side by side; their shares of conversions."""

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

    @property
    def leaders(self) -> Counter[int]:
        """Channel → how many models put it first."""
        return Counter(int(row.argmax()) for row in self.shares)

    @property
    def widest(self) -> int:
        """Channel on which models differ by the most conversions."""
        return int(np.ptp(self.shares, axis=0).argmax())

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
    channel, backers = agreement.leaders.most_common(1)[0]
    name = visible(result.channels[channel])
    low, high = agreement.shares[:, channel].min(), agreement.shares[:, channel].max()
    models = len(agreement.models)
    if len(result.channels) == 1:
        return f"{name} is the only channel, so it has the credit for all of {total}."
    if models == 1:
        return (
            f"By the model {model_name(agreement.models[0])}, {name} has most credit: {_between(low, high)} of {total}."
        )
    if backers == models:
        every = "Both models" if models == 2 else f"All {models} models"
        return f"{every} give {name} most credit: {_between(low, high)} of {total}."
    spread = f"{_between(low, high)} of {total}"
    if backers == models - 1:
        odd = next(m for m, row in zip(agreement.models, agreement.shares, strict=True) if row.argmax() != channel)
        return f"All models but {model_name(odd)} give {name} most credit: {spread}."
    others = [visible(result.channels[c]) for c, _ in agreement.leaders.most_common()[1:]]
    return (
        f"The models do not agree on who leads: {backers} of {models} give {name} most credit, the others "
        f"{_either(others)}; {name} gets {spread}."
    )


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
    conversions = [float(result.credits[m].conversions[channel]) for m in (low, high)]
    if (
        conversions[1] - conversions[0] < 0.5
        and agreement.shares[:, channel].max() < 2 * agreement.shares[:, channel].min()
    ):
        return "The models agree to within one conversion for every channel."
    said = (
        f"They differ most on {visible(result.channels[channel])}: from {amount(conversions[0])} conversions "
        f"({model_name(low)}) to {amount(conversions[1])} ({model_name(high)})."
    )
    return said + _chance(result.leading, channel, conversions[1] - conversions[0])


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
    shares = Agreement(result).shares
    low, high = shares.min(axis=0), shares.max(axis=0)
    alike = [c for c in np.argsort(-high, kind="stable") if high[c] >= WORTH and high[c] <= ALIKE * low[c]]
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
    first, second = (int(c) for c in np.argsort(-credit, kind="stable")[:2])
    if not interval[first, 0] <= credit[second]:
        return None
    names = f"{visible(result.channels[first])} and {visible(result.channels[second])}"
    return f"{names} are too close to say which leads: chance alone could swap them."


def left_out(result: Attribution) -> list[str]:
    """Say what no model has shared out, and what cannot be told."""
    journeys, currency = result.journeys, result.journeys.currency
    said = []
    if journeys.unattributed_conversions:
        worth = f", worth {money(journeys.unattributed_value, currency)}," if journeys.unattributed_value else ""
        inside = "" if journeys.lookback_days is None else f" in the {journeys.lookback_days} days before"
        count = journeys.unattributed_conversions
        said.append(
            f"{amount(count)} more {'conversion' if count == 1 else 'conversions'}{worth} had no touch{inside}: "
            "no model credits them."
        )
    if not journeys.nulls_known:
        said.append(
            "No journey without a conversion is in the file. Removal effects then only tell in how many converting "
            "journeys a channel stands, not how often it leads to nothing: export the other journeys too."
        )
    small = result.suppressed
    if small.paths:
        said.append(
            f"{plural(small.paths, 'path')} of fewer than {small.fewest} journeys "
            f"({plural(small.path_journeys, 'journey')} in all) are counted together as other. --show-small lists them."
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
