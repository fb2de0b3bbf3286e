"""Campaigns with one label against those with another, in the same channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.luck import Luck
from roas.diagnosis.readings.view import Array, Mask, View
from roas.quantiles import Q

if TYPE_CHECKING:
    from roas.tags import Tags

#: Weeks compared: half a year, so that a promotion is a small part.
WEEKS: Final = 26

#: Degrees of freedom (campaigns less labelled cells) below which the spread between campaigns is not known: a 90 %
#: interval of a sd from fewer spans a factor of four.
FEWEST_FREE: Final = 4

#: Relative difference of returns that is worth acting on: 10 %, as for a campaign that missed.
WORTH: Final = 0.1

#: Least relative variance between campaigns of one label that is believed: 5 % apart, squared. Fewer campaigns than
#: a dozen often look more alike than they are.
LEAST_SPREAD: Final = 0.05**2


@dataclass(frozen=True)
class Question:
    """One comparison of labels.

    Attributes
    ----------
    name : str
        Of the reading.
    group : str
        Of labels, in the tags.
    first, second : str
        The labels; an unlabelled campaign counts as `second` where `rest` says so.
    rest : bool
    """

    name: str
    group: str
    first: str
    second: str
    rest: bool


AUTOMATED: Final = Question("automated", "automation", "automated", "manual", rest=True)
GENERATED: Final = Question("generated", "creative", "generated", "human", rest=False)


def labels_of(view: View, tags: Tags, group: str) -> list[str | None]:
    """Return the label of each unit in a group; None where no pattern matches."""
    import pandas as pd

    from roas.tags import label_campaigns

    units = pd.DataFrame(
        {
            "channel": pd.Series([view.channels[c] for c in view.channel], dtype=object),
            "campaign": pd.Series(list(view.campaigns), dtype=object),
        }
    )
    found = label_campaigns(units, type(tags)({group: tags.groups[group]}, suggested=tags.suggested))
    if group not in found:
        return [None] * len(units)
    return [None if label is None or label != label else str(label) for label in found[group]]


def read(view: View, tags: Tags, luck: Luck, question: Question) -> Reading:
    """Compare claimed returns between two labels, within channels.

    Parameters
    ----------
    view : View
    tags : Tags
    luck : Luck
    question : Question

    Returns
    -------
    Reading
        ``value`` is claimed ROAS with the first label over that with the second, over channels that have both.
    """
    facts: dict[str, Any] = {
        "first": question.first,
        "second": question.second,
        "suggested": tags.suggested,
        "weeks": min(WEEKS, len(view.weeks)),
    }
    if not view.named:
        return Reading(question.name, "unknown", None, "ratio", facts, missing=("campaign",))
    if not view.has("conversion_value"):
        return Reading(question.name, "unknown", None, "ratio", facts, missing=("conversion_value",))
    one, other = _marked(view, tags, question)
    facts |= _sizes(view, one, other)
    facts["rest"] = question.rest and question.second not in tags.groups.get(question.group, {})
    if not facts["first_campaigns"] or not facts["second_campaigns"]:
        return Reading(question.name, "unknown", None, "ratio", facts, missing=(f"labels {question.group}",))
    value, channels = compare(view, "conversion_value", "spend", one, other, luck.unit)
    same = np.isin(view.channel, channels)
    facts |= {"channels": len(channels), **_sizes(view, one & same, other & same)}
    if value is None:
        why = "both in a channel" if not channels else "campaigns"
        return Reading(question.name, "unknown", None, "ratio", {**facts, "why": why}, missing=(why,))
    nothing = np.full(len(view.channels), 1.0)
    facts["ctr"] = compare(view, "clicks", "impressions", one, other, nothing)[0]
    facts["cvr"] = compare(view, "conversions", "clicks", one, other, nothing)[0]
    return Reading(question.name, _state(value), value, "ratio", facts)


def _state(value: Q) -> State:
    if value.p95 < 1 - WORTH or (value.p95 < 1 and value.p50 < 1 - WORTH):
        return "concern"
    return "fine" if value.p5 > 1 - WORTH else "unclear"


def _marked(view: View, tags: Tags, question: Question) -> tuple[Mask, Mask]:
    named = np.array([name is not None for name in view.campaigns], dtype=np.bool_)
    if question.group not in tags.groups:
        return np.zeros_like(named), np.zeros_like(named)
    labels = labels_of(view, tags, question.group)
    one = named & np.array([label == question.first for label in labels], dtype=np.bool_)
    if question.rest and question.second not in tags.groups[question.group]:
        return one, named & np.array([label is None for label in labels], dtype=np.bool_)
    return one, named & np.array([label == question.second for label in labels], dtype=np.bool_)


def _window(view: View, measure: str) -> Array:
    """Return what each unit had in the last `WEEKS` complete weeks, shape (U,)."""
    weeks = np.arange(len(view.weeks))[None, :]
    end = view.ripe[view.channel][:, None]
    return np.asarray(np.where((weeks < end) & (weeks >= end - WEEKS), view.sums[measure], 0.0).sum(axis=1))


def _sizes(view: View, one: Mask, other: Mask) -> dict[str, Any]:
    spend = np.maximum(_window(view, "spend"), 0.0)
    live, total = spend > 0, float(spend.sum())
    return {
        "first_campaigns": int((one & live).sum()),
        "second_campaigns": int((other & live).sum()),
        "first_spend": float(spend[one].sum()) / total if total > 0 else 0.0,
        "second_spend": float(spend[other].sum()) / total if total > 0 else 0.0,
    }


def compare(view: View, top: str, bottom: str, one: Mask, other: Mask, unit: Array) -> tuple[Q | None, tuple[int, ...]]:
    """Compare a ratio of sums between two sets of campaigns, within channels.

    Parameters
    ----------
    view : View
    top, bottom : str
        Measures.
    one, other : array of bool, shape (U,)
    unit : array, shape (C,)
        Variance of `top` by luck over its mean; NaN where not known.

    Returns
    -------
    ratio : Q or None
        None where no channel has both, or too few campaigns tell how far campaigns differ.
    channels : tuple of int
        Those that have both.

    Notes
    -----
    In channel c and label l, ``r = Σ top / Σ bottom`` over its campaigns. Campaigns of one label differ: with shares s
    of `bottom`, ``Var(log r) = τ²·Σ s² + unit/Σ top``; τ² is one for all cells, by moments of
    ``Σ (top − r·bottom)²`` less luck. Channels are weighted by the inverse variance of their log ratio; Student's t
    with campaigns less cells degrees of freedom. So ten thousand sales of two campaigns are still two campaigns.
    """
    from scipy import stats

    if not (view.has(top) and view.has(bottom)):
        return None, ()
    high, low = np.maximum(_window(view, top), 0.0), np.maximum(_window(view, bottom), 0.0)
    told = view.reports[top] & view.reports[bottom]
    cells: dict[int, list[Mask]] = {}
    for channel in np.flatnonzero(told):
        own = [(view.channel == channel) & side & (low > 0) for side in (one, other)]
        if all(high[rows].sum() > 0 for rows in own):
            cells[int(channel)] = own
    if not cells:
        return None, ()
    every = [(channel, rows) for channel, own in cells.items() for rows in own]
    free = sum(int(rows.sum()) for _, rows in every) - len(every)
    if free < FEWEST_FREE:
        return None, tuple(cells)
    spread = _spread(high, low, every, unit)
    logs, variances = [], []
    for home, own in cells.items():
        ratios, errors = zip(*(_cell(high[rows], low[rows], unit[home], spread) for rows in own), strict=True)
        logs.append(float(np.log(ratios[0] / ratios[1])))
        variances.append(sum(errors))
    weight = 1 / np.array(variances)
    middle, error = float(weight @ logs / weight.sum()), float(weight.sum() ** -0.5)
    reach = min(float(stats.t.ppf(0.95, free)) * error, 20.0)
    return Q.at(*(float(np.exp(middle + sign * reach)) for sign in (-1, 0, 1))), tuple(cells)


def _cell(top: Array, bottom: Array, unit: float, spread: float) -> tuple[float, float]:
    """Return the ratio and the variance of its logarithm."""
    share = bottom / bottom.sum()
    luck = unit / top.sum() if np.isfinite(unit) else 0.0
    return float(top.sum() / bottom.sum()), float(spread * (share @ share) + luck)


def _spread(high: Array, low: Array, cells: list[tuple[int, Mask]], unit: Array) -> float:
    """Return τ², the relative variance of campaigns' true ratios about their cell's, by moments."""
    seen, weight = 0.0, 0.0
    for channel, rows in cells:
        top, bottom = high[rows], low[rows]
        share = bottom / bottom.sum()
        miss = (top - share * top.sum()) / top.sum()  # share_i · (relative deviation of i)
        luck = unit[channel] / top.sum() if np.isfinite(unit[channel]) else 0.0
        seen += float((miss**2 / np.maximum(share, 1e-12)).sum() - luck * (len(top) - 1))
        weight += 1 - float(share @ share)  # what fitting the cell's ratio leaves of the spread
    return max(LEAST_SPREAD, seen / weight) if weight > 0 else LEAST_SPREAD
