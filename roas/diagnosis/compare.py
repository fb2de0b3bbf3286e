"""Hold what was seen against what each cause would do, and against nothing having happened."""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes.base import Signature
from roas.diagnosis.loads import Loads, available, loads_of, spread
from roas.diagnosis.panel import Array
from roas.diagnosis.seen import ANSWERS, Seen
from roas.limits import RECENT_WEEKS

#: Sizes of a hit (log) that are tried: from 10 % to 63 %.
SIZES: Final = np.array([0.105, 0.16, 0.25, 0.36, 0.51, 0.7, 1.0])

#: The same where spend moved by half or more (log): there no earlier week says how the channel answers.
UNKNOWN_GROUND, FAR = 0.25, 0.4

#: Sales that a claimed sale stands for: log-uniform from under a third (claims overlap, and harvest what would come
#: anyway) to more than two (platforms miss sales). Two unrelated simulators have 0.3 to 1.0 and 0.7 to 2.3.
CAUSED_OF_CLAIMED: Final = (0.3, 2.2)

#: Mean load from which a series says when a cause began.
TELLING: Final = 0.3

#: Change (log sd) of a series when something happens that none of the causes describes.
UNKNOWN_SD: Final = 0.25

#: How often a rate breaks beside a rise of spend for another reason, and how far (log sd): a fall too deep for spend to
#: explain is another cause's.
BROKEN, BROKEN_SD = 0.003, 0.4

#: Courses of what no cause describes; a holiday or an outage comes and goes.
ANY_COURSE: Final = ("step", "ramp", "slow", "passing")

#: What the answer to spend may differ by where spend goes beyond what it was (sd per log of spend): curves bend.
CURVATURE: Final = 0.1

#: What total spend may do to shared rates and the till (log per log, sd): sales follow money up to a share.
ANSWERED: Final = {
    "cvr": 0.1, "response": 0.1, "claimed_roas": 0.1, "frequency": 0.15, "ctr": 0.05, "cpm": 0.05, "cpc": 0.07,
    "orders": 0.3, "revenue": 0.3, "sessions": 0.05, "claims_over_till": 0.15, "orders_per_session": 0.1, "new_share": 0.1,
}  # fmt: skip

#: What sales per unit of spend do when spend rises and money is not wasted (log per log, mean and sd): next to
#: nothing. Falls by more than a third of the rise leave the added money with under two thirds of the old return.
HEALTHY_ANSWER: Final = {
    "cvr": (-0.06, 0.07),
    "response": (-0.08, 0.08),
    "claimed_roas": (-0.08, 0.08),
    "ctr": (-0.01, 0.04),
    "cpm": (0.01, 0.04),
    "cpc": (0.02, 0.05),
}


def hold_against(seen: Seen, signature: Signature, channel: int | None) -> Candidate:
    """Return how well one cause in one place explains what was seen."""
    shapes, sharper = len(seen.shapes.onset), None
    if signature.sets_size is not None:
        size = signature.sets_size(seen, channel)[:, None]
        ratio = _dose(seen, signature, channel, size[:, 0])[:, None]
    else:
        size = np.tile(SIZES, (shapes, 1))
        loads = loads_of(seen, signature, channel)
        ratio = _common(seen, loads, channel, size) + _own(seen, loads, channel, size)
        sharper = _sharper(seen, loads, channel)
    allowed = np.isin(np.array(seen.shapes.course), signature.courses)
    if signature.requires is not None:
        allowed &= signature.requires(seen, channel)
    ratio = np.where(allowed[:, None], ratio, -np.inf)
    return Candidate(signature, channel, ratio, size, sharper)


def _sharper(seen: Seen, loads: Loads, channel: int | None) -> Array:
    """Return how much better each shape fits the series that the cause moves once their slack is left out."""
    cover = common_noise(seen)[1]
    total = np.zeros(len(seen.shapes.onset))
    alone = channel is None or len(seen.panel.channels) == 1
    for k, each in enumerate(seen.series):
        load = loads.of_common(each.metric)[0] if alone else loads.rates.get(each.metric, (0.0, 0.0))[0]
        if abs(load) < TELLING or each.channel != (None if alone else channel):
            continue
        i = seen.common.index(k) if each.channel is None else -1
        noise = cover[:, i, i] if each.channel is None else own_noise(seen, k)
        found = seen.contrasts[k]
        total += 0.5 * found.change**2 * (1 / found.error**2 - 1 / noise)
    return total


def _common(seen: Seen, loads: Loads, channel: int | None, size: Array) -> Array:
    """Return the log ratio of the shared series and the till, jointly, shape (shapes, sizes)."""
    change, cover = common_noise(seen)
    shapes, sizes = size.shape
    mean, extra = np.zeros((shapes, sizes, len(seen.common))), np.zeros((shapes, sizes, len(seen.common)))
    for i, k in enumerate(seen.common):
        metric = seen.series[k].metric
        middle, sd = loads.of_common(metric)
        weight = loads.weight(seen, metric, channel)
        mean[..., i] = weight * middle * size
        extra[..., i] = (weight * sd * size) ** 2
    with_cause = cover[:, None] + extra[..., None] * np.eye(len(seen.common))
    return _normal(change[:, None] - mean, with_cause) - _normal(change, cover)[:, None]


def common_noise(seen: Seen) -> tuple[Array, Array]:
    """Return changes (shapes, common) and their covariance (shapes, common, common) when nothing happens."""
    shapes = len(seen.shapes.onset)
    if not seen.common:
        return np.zeros((shapes, 0)), np.zeros((shapes, 0, 0))
    change = np.array([seen.contrasts[k].change for k in seen.common]).T
    error = np.array([seen.contrasts[k].error for k in seen.common]).T
    cover = error[:, :, None] * seen.correlation[None] * error[:, None, :]
    for i, k in enumerate(seen.common):
        metric = seen.series[k].metric
        cover[:, i, i] += seen.slack(metric) ** 2 + (ANSWERED.get(metric, 0.0) * seen.total_spend_change) ** 2
    return change, cover


def _normal(off: Array, cover: Array) -> Array:
    """Return log normal densities up to a constant; last axes are the series."""
    if not off.shape[-1]:
        return np.zeros(off.shape[:-1])
    root = np.linalg.cholesky(cover)
    white = np.linalg.solve(root, off[..., None])[..., 0]
    return np.asarray(-0.5 * np.square(white).sum(axis=-1) - np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1))


def _own(seen: Seen, loads: Loads, channel: int | None, size: Array) -> Array:
    """Return the log ratio of all channels' own parts, shape (shapes, sizes)."""
    ratio = np.zeros(size.shape)
    if channel is None:
        return ratio  # what hits all alike is in no channel's own part
    for k, each in enumerate(seen.series):
        if each.channel is None or each.metric not in loads.rates:
            continue
        middle, sd = loads.rates[each.metric]
        weight = float(seen.shared.weights[each.metric][channel])
        part = 1 - weight if each.channel == channel else -weight
        mean, extra = part * middle * size, (part * sd * size) ** 2
        noise, change = own_noise(seen, k)[:, None], seen.contrasts[k].change[:, None]
        ratio += -0.5 * ((change - mean) ** 2 / (noise + extra) - change**2 / noise) - 0.5 * np.log1p(extra / noise)
    return ratio


def own_noise(seen: Seen, k: int) -> Array:
    """Return the variance of a channel's own change when nothing happens, at every shape."""
    each = seen.series[k]
    answers = each.channel is not None and each.metric in ANSWERS
    bend = 0.0
    if answers and each.channel is not None:
        moved = np.abs(seen.spend_change[each.channel])
        bend = CURVATURE * moved + UNKNOWN_GROUND * np.maximum(moved - FAR, 0.0)
    return np.asarray(seen.contrasts[k].error ** 2 + seen.slack(each.metric) ** 2 + bend**2)


def _dose(seen: Seen, signature: Signature, channel: int | None, rise: Array) -> Array:
    """Return the log ratio of rates that fell with the rise of spend, against those that money leaves alone.

    The plain change of each rate is held against ``load * rise``: how the channel used to answer to spend is no
    excuse here, because the cause is just that there was too much of it. Either sales per click alone fall, or
    prices and click-through go with them: both are tried, with equal odds.
    """
    alone = channel is None or len(seen.panel.channels) == 1
    sales, all_rates, response = (np.zeros(len(rise)) for _ in range(3))
    for metric, load in available(seen, signature).items():
        k = seen.place.get((metric, None if alone else channel))
        if k is None:
            continue
        part = 1.0 if alone or channel is None else 1 - float(seen.shared.weights[metric][channel])
        found = seen.contrasts[k]
        change, variance = found.change + found.explained, found.plain_error**2 + seen.slack(metric) ** 2
        (middle, sd), (usual, wander) = spread(load), HEALTHY_ANSWER[metric]
        wasted = _log_normal(change - part * middle * rise, variance + (part * sd * rise) ** 2)
        spared = _log_normal(change - part * usual * rise, variance + (part * wander * rise) ** 2)
        broken = _log_normal(change, variance + (part * BROKEN_SD) ** 2)
        ratio = wasted - np.logaddexp(spared, np.log(BROKEN) + broken)
        all_rates += ratio
        sales += ratio if metric in ("cvr", "response", "claimed_roas") else 0.0
        response += (-1 if metric in ("cpm", "cpc") else 1) * change / part
        if not alone and channel is not None:
            dragged = _dragged(seen, metric, channel, middle * rise, sd * rise)
            all_rates += dragged
            sales += dragged if metric in ("cvr", "response", "claimed_roas") else 0.0
    either = np.logaddexp(sales, all_rates) - np.log(2)
    return np.asarray(either + np.log(_wasted(seen, channel, response, rise)))


def _dragged(seen: Seen, metric: str, channel: int, middle: Array, sd: Array) -> Array:
    """Return the log ratio of the other channels' own parts: what one channel does to the mean moves them the other way."""
    weight, ratio = float(seen.shared.weights[metric][channel]), np.zeros(len(middle))
    for k, each in enumerate(seen.series):
        if each.metric == metric and each.channel is not None and each.channel != channel:
            found, noise = seen.contrasts[k], own_noise(seen, k)
            plain = found.change + found.explained
            ratio += _log_normal(plain + weight * middle, noise + (weight * sd) ** 2) - _log_normal(found.change, noise)
    return ratio


def _log_normal(off: Array, variance: Array) -> Array:
    return np.asarray(-0.5 * (off**2 / variance + np.log(variance)))


def _wasted(seen: Seen, channel: int | None, response: Array, rise: Array) -> Array:
    """Return the probability that the last unit of money brings back less than break-even, at every shape.

    Marginal ROAS is what a unit claims today, times the sales that a claim stands for, times one plus the
    elasticity of response to spend.
    """
    claims, spend = seen.panel.sums["conversion_value"], seen.panel.sums["spend"]
    if channel is None:
        claims, spend = claims.sum(axis=0, keepdims=True), spend.sum(axis=0, keepdims=True)
    known = np.flatnonzero(np.isfinite(claims[channel or 0]))[-RECENT_WEEKS:]
    spent = float(spend[channel or 0][known].sum())
    if not len(known) or spent <= 0:
        return np.ones(len(rise))
    today = float(claims[channel or 0][known].sum()) / spent
    left = np.maximum(1 + response / np.maximum(rise, 0.1), 0.0) * today
    low, high = CAUSED_OF_CLAIMED
    with np.errstate(divide="ignore"):
        enough = np.where(left > 0, seen.break_even / left, np.inf)
        share = np.log(np.maximum(enough, 1e-9) / low) / np.log(high / low)
    return np.asarray(np.clip(share, 0.02, 1.0))


def something_else(seen: Seen, channel: int | None) -> Candidate:
    """Return how well a change that no cause describes explains what was seen: each series may move or not."""
    shapes = len(seen.shapes.onset)
    usual = np.isin(np.array(seen.shapes.course), ANY_COURSE)[:, None]
    if channel is None:
        change, cover = common_noise(seen)
        wide = [cover + spread**2 * np.eye(len(seen.common)) for spread in (UNKNOWN_SD / 2.5, UNKNOWN_SD)]
        ratio = np.stack([_normal(change, each) - _normal(change, cover) for each in wide], axis=1)
        return Candidate(None, None, np.where(usual, ratio, -np.inf), np.full(ratio.shape, UNKNOWN_SD))
    total = np.zeros(shapes)
    for metric, weights in seen.shared.weights.items():
        # What one channel does moves the shared mean, and so every other channel's own part the other way.
        power, pull = np.zeros(shapes), np.zeros(shapes)
        for k, each in enumerate(seen.series):
            if each.metric == metric and each.channel is not None:
                weight = float(weights[channel])
                part = 1 - weight if each.channel == channel else -weight
                noise = own_noise(seen, k)
                power += part**2 / noise
                pull += part * seen.contrasts[k].change / noise
        more = 1 + UNKNOWN_SD**2 * power
        moved = -0.5 * np.log(more) + 0.5 * UNKNOWN_SD**2 * pull**2 / more
        total += np.logaddexp(0.0, moved) - np.log(2)
    return Candidate(None, channel, np.where(usual, total[:, None], -np.inf), np.full((shapes, 1), UNKNOWN_SD))
