"""What a cause did to each series, given that it is at work: what was expected and what was seen, put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas.diagnosis.candidate import Array, Candidate
from roas.diagnosis.compare import common_noise, own_noise
from roas.diagnosis.loads import available, loads_of
from roas.diagnosis.seen import Seen
from roas.diagnosis.series import Taken


@dataclass(frozen=True)
class Change:
    """Change of one log series at every shape and size: mean and sd, shape (shapes, sizes) each."""

    mean: Array
    sd: Array


def changes_of(seen: Seen, candidate: Candidate) -> dict[str, Change]:
    """Return the full change of every series that a cause moves: rates of the hit channel (or of all), and the till.

    Normal prior from the signature times normal likelihood from the contrast, series by series.
    """
    signature = candidate.signature
    if signature is None:
        return {}
    if signature.sets_size is not None:
        there = [m for m in available(seen, signature) if _at(seen, m, candidate.channel) is not None]
        return {m: _plain(seen, m, candidate.channel, candidate.sizes) for m in there}
    loads = loads_of(seen, signature, candidate.channel)
    found = {}
    for metric, (middle, sd) in {**loads.till, **loads.rates}.items():
        channel = candidate.channel if metric in loads.rates else None
        change, variance = plain_contrast(seen, metric, channel)
        if change is None or (middle == 0 and sd == 0):
            continue
        expected, spread = middle * candidate.sizes, np.maximum(sd * np.abs(candidate.sizes), 0.02)
        precision = 1 / spread**2 + 1 / variance[:, None]
        mean = (expected / spread**2 + (change / variance)[:, None]) / precision
        found[metric] = Change(mean, np.sqrt(1 / precision))
    return found


def plain_contrast(seen: Seen, metric: str, channel: int | None) -> tuple[Array | None, Array]:
    """Return the change of a series and its variance at every shape, of a channel in full; None where there is none."""
    k = _at(seen, metric, channel)
    if k is None:
        return None, np.ones(len(seen.shapes.onset))
    found = seen.contrasts[k]
    if seen.series[k].channel is None:
        cover = common_noise(seen)[1]
        i = seen.common.index(k)
        return found.change, cover[:, i, i]
    kept = 1 - float(seen.shared.weights[metric][seen.series[k].channel])
    return found.change / kept, own_noise(seen, k) / kept**2


def _at(seen: Seen, metric: str, channel: int | None) -> int | None:
    own = seen.place.get((metric, channel))
    return own if own is not None else (seen.place.get((metric, None)) if len(seen.panel.channels) == 1 else None)


def _plain(seen: Seen, metric: str, channel: int | None, sizes: Array) -> Change:
    """Return the plain change, usual answer to spend included: for a cause that is too much spend."""
    k = _at(seen, metric, channel)
    assert k is not None
    found, each = seen.contrasts[k], seen.series[k]
    kept = 1.0 if each.channel is None else 1 - float(seen.shared.weights[metric][each.channel])
    mean = ((found.change + found.explained) / kept)[:, None] + 0 * sizes
    return Change(mean, (found.plain_error / kept)[:, None] + 0 * sizes)


def path_of(seen: Seen, candidate: Candidate, change: Change) -> Array:
    """Return the expected course of a change week by week, shape (weeks,)."""
    weight = candidate.weights(seen.shapes.prior)
    return np.asarray(seen.shapes.matrix @ (weight * change.mean).sum(axis=1))


def take_out(seen: Seen, candidate: Candidate, taken: Taken) -> Taken:
    """Return what causes did so far with one more added."""
    found = dict(taken)
    changes = changes_of(seen, candidate)
    for metric, change in changes.items():
        path = path_of(seen, candidate, change)
        in_till = metric not in seen.shared.weights
        everywhere = candidate.channel is None and not in_till
        for channel in range(len(seen.panel.channels)) if everywhere else [None if in_till else candidate.channel]:
            found[metric, channel] = found.get((metric, channel), 0.0) + path
    return found
