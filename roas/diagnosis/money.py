"""What a cause costs: revenue lost per week since it began."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from roas.diagnosis.candidate import Array, Candidate
from roas.diagnosis.causes import mix_shift
from roas.diagnosis.compare import CAUSED_OF_CLAIMED
from roas.diagnosis.posterior import Change, changes_of
from roas.diagnosis.seen import Seen
from roas.quantiles import Q

Index = npt.NDArray[np.intp]

#: Draws behind an interval; their number moves the ends of a 90 % interval by about 2 % of its width.
DRAWS: Final = 2000
SEED: Final = 5

_SIGNS: Final = {"cvr": 1, "ctr": 1, "cpm": -1, "cpc": -1, "response": 1, "aov": 1, "claimed_roas": 1}
_TILL: Final = ("sessions", "orders_per_session", "orders", "order_value", "revenue")


def loss_per_week(
    seen: Seen,
    candidate: Candidate,
    *,
    caused: dict[str, tuple[float, float]] | None = None,
    margin: float | None = None,
) -> Q:
    """Return the revenue (profit with a margin) lost per week since the onset, in currency.

    Parameters
    ----------
    seen : Seen
    candidate : Candidate
    caused : mapping of channel to (low, high), optional
        What its claims stand for in sales caused, from a response model.
    margin : float, optional
    """
    draws = loss_draws(seen, candidate, caused=caused)
    return Q.of(draws * (margin or 1.0))


def loss_draws(seen: Seen, candidate: Candidate, *, caused: dict[str, tuple[float, float]] | None = None) -> Array:
    """Return draws of the revenue lost per week, shape (DRAWS,)."""
    rng = np.random.default_rng(SEED)
    weight = candidate.weights(seen.shapes.prior)
    signature = candidate.signature
    if signature is None or not weight.any() or signature.sells[1] <= 0.1:
        return np.zeros(DRAWS)  # the count is wrong, the till is not
    cells = rng.choice(weight.size, size=DRAWS, p=weight.ravel())
    shape, size = (np.asarray(each, dtype=np.intp) for each in np.unravel_index(cells, weight.shape))
    if signature is mix_shift.CAUSE:
        lost = mix_shift.moves(seen).lost[shape]
        return np.asarray(lost * _kept(seen, candidate, caused, rng))
    changes = changes_of(seen, candidate)
    names = _TILL if signature.scope == "account" and seen.panel.till else tuple(_SIGNS)
    total = np.zeros(DRAWS)
    for metric in names:
        if metric in changes:
            total += _SIGNS.get(metric, 1) * _draw(changes[metric], shape, size, rng)
    if signature.scope == "account" and seen.panel.till:
        return _mean_loss(seen, seen.panel.till["revenue"], total, shape)
    claims = _claims(seen, candidate.channel)
    if claims is None:  # nobody counts its sales: at most its part of the till, by spend
        return np.asarray(
            _mean_loss(seen, _part_of_till(seen, candidate.channel), total, shape) * rng.uniform(0, 1, DRAWS)
        )
    return np.asarray(_mean_loss(seen, claims, total, shape) * _kept(seen, candidate, caused, rng))


def _draw(change: Change, shape: Index, size: Index, rng: np.random.Generator) -> Array:
    return np.asarray(change.mean[shape, size] + change.sd[shape, size] * rng.standard_normal(len(shape)))


def _claims(seen: Seen, channel: int | None) -> Array | None:
    """Return claimed revenue per week; None where a channel (or all) claims none."""
    sums = seen.panel.total["conversion_value"] if channel is None else seen.panel.sums["conversion_value"][channel]
    return np.asarray(sums) if np.isfinite(sums).any() and np.nansum(sums) > 0 else None


def _part_of_till(seen: Seen, channel: int | None) -> Array:
    """Return revenue times a channel's share of spend, per week."""
    revenue = seen.panel.till.get("revenue", np.zeros(seen.panel.weeks))
    if channel is None:
        return revenue
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(revenue * seen.panel.sums["spend"][channel] / seen.panel.total["spend"])


def _mean_loss(seen: Seen, money: Array, total: Array, shape: Index) -> Array:
    """Return ``mean over weeks since the onset of money[t] * (exp(-total * shape[t]) - 1)``."""
    known = np.isfinite(money)
    found = np.zeros(len(total))
    for j in np.unique(shape):
        since = known & (np.arange(len(money)) >= seen.shapes.onset[j])
        if not since.any():
            continue
        here = shape == j
        course = seen.shapes.matrix[since, j]
        # A hit cannot take more than nine tenths: beyond that the log normal tail runs away.
        power = np.clip(-np.outer(total[here], course), -2.3, 2.3)
        found[here] = (money[since] * np.expm1(power)).mean(axis=1)
    return found


def _kept(
    seen: Seen, candidate: Candidate, caused: dict[str, tuple[float, float]] | None, rng: np.random.Generator
) -> Array:
    """Return draws of the sales that a claimed sale stands for."""
    low, high = CAUSED_OF_CLAIMED
    if candidate.channel is not None and caused:
        low, high = caused.get(seen.panel.channels[candidate.channel], (low, high))
    low = max(low, 0.02)
    return np.asarray(low * (max(high, low) / low) ** rng.uniform(0, 1, DRAWS))
