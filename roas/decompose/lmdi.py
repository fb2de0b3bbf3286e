"""The logarithmic mean Divisia index: a change split into lines that add up, in no order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas.decompose._arrays import Array, Flags, Whole
from roas.decompose.chains import PLACE, LogRatios, log_ratios

BETWEEN, WITHIN, LEFT = PLACE["mix_between"], PLACE["mix_within"], PLACE["entry_exit"]


def log_mean(a: Array, b: Array) -> Array:
    """Return the logarithmic mean ``(a - b) / (ln a - ln b)``, with its limits.

    Parameters
    ----------
    a, b : array, same shape
        Not negative. ``log_mean(a, a) = a`` and ``log_mean(a, 0) = 0``.

    Examples
    --------
    >>> log_mean(np.array([2.0, 4.0, 3.0]), np.array([1.0, 4.0, 0.0])).round(4).tolist()
    [1.4427, 4.0, 0.0]
    """
    both = (a > 0) & (b > 0)
    logs = np.log(np.where(both, a, 1.0) / np.where(both, b, 1.0))
    same = np.abs(logs) < 1e-12
    slope = np.expm1(logs) / np.where(same, 1.0, logs)
    return np.where(both, b * np.where(same, 1.0, slope), 0.0)


@dataclass(frozen=True)
class Shares:
    """Where spend went, in both periods.

    Arrays have shape (..., n_units); the first axes may be bootstrap draws.

    Attributes
    ----------
    channel, inside : tuple of array
        Share of the unit's channel in spend, and of the unit in its channel,
        before and after.
    roas : tuple of array, shape (...)
        Blended ROAS before and after.
    centre_between, centre_within : array
        What the mix lines are measured from, in ROAS points: shares gained
        at the mean ROAS of the account, and of the channel. Both add to zero.
    """

    channel: tuple[Array, Array]
    inside: tuple[Array, Array]
    roas: tuple[Array, Array]
    centre_between: Array
    centre_within: Array


def shares(before: Array, after: Array, channel: Whole) -> Shares:
    """Take shares of spend; `before` and `after` have shape (..., n_units, 5)."""
    starts = np.flatnonzero(np.r_[True, np.diff(channel) > 0])
    count = np.bincount(channel)[channel]
    of_channel, inside, roas, own = [], [], [], []
    for sums in (before, after):
        spend, revenue = sums[..., 0], sums[..., 4]
        total = spend.sum(axis=-1)
        pooled, earned = (np.add.reduceat(x, starts, axis=-1)[..., channel] for x in (spend, revenue))
        safe = np.where(pooled > 0, pooled, 1.0)
        of_channel.append(pooled / total[..., None])
        inside.append(np.where(pooled > 0, spend / safe, np.nan))
        roas.append(revenue.sum(axis=-1) / total)
        own.append(np.where(pooled > 0, earned / safe, np.nan))
    low, high = inside  # a channel that is off keeps the shares of when it was on
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    low, high = (np.where(np.isnan(x), 1 / count, x) for x in (low, high))
    between = (of_channel[1] - of_channel[0]) * (low + high) / 2
    within = (of_channel[0] + of_channel[1]) / 2 * (high - low)
    overall = (roas[0] + roas[1])[..., None] / 2
    typical = np.where(np.isnan(own[0] + own[1]), 0.0, own[0] + own[1]) / 2
    return Shares((of_channel[0], of_channel[1]), (low, high), (roas[0], roas[1]), between * overall, within * typical)


@dataclass(frozen=True)
class Lines:
    """A change, by unit and factor.

    Attributes
    ----------
    roas : array, shape (..., n_units, n_factors)
        ROAS points; adds up to the change of ROAS.
    revenue : array, shape (..., n_units, n_factors + 1)
        Currency; the last is ``volume``, the effect of spend. Adds up to the
        change of revenue.
    """

    roas: Array
    revenue: Array


def lines(before: Array, after: Array, channel: Whole, chains: tuple[tuple[int, ...], ...]) -> Lines:
    """Split the changes of ROAS and of revenue by unit and factor.

    Parameters
    ----------
    before, after : array, shape (..., n_units, 5)
        Spend, impressions, clicks, conversions and claimed revenue of each
        unit in each period. Spend above zero in sum.
    channel : array of int, shape (n_units,)
        Channel of each unit, not falling.
    chains : tuple of tuple of int
        Levels known for each unit (`roas.decompose.chains.chain_of`).

    Notes
    -----
    LMDI-I, additive: unit i contributes ``c = R_i / S`` to ROAS, and factor
    k of it ``L(c1, c0) ln(x1 / x0)`` with the logarithmic mean L. Units
    without spend in a period have one line, ``entry_exit``. The mix lines
    (and entry_exit) have the share gained, at the ROAS of the account or
    channel, taken off; that is zero in sum. Revenue is ``S c``: the same
    lines weighted with ``L(R1, R0)``, and ``volume`` for S.

    References
    ----------
    Ang (2005), The LMDI approach to decomposition analysis. Ang and Liu
    (2007), Handling zero values in the logarithmic mean Divisia index.
    """
    split = shares(before, after, channel)
    ratios = log_ratios(before, after, chains)
    total = before[..., 0].sum(axis=-1), after[..., 0].sum(axis=-1)
    low, high = before[..., 4] / total[0][..., None], after[..., 4] / total[1][..., None]
    lasting = (before[..., 0] > 0) & (after[..., 0] > 0)
    logs = mix_logs(ratios, split, lasting)
    roas = _weighted(logs, ratios.broken, low, high, lasting)
    _below_zero(roas, low, high, lasting, split, before, after)
    money, volume = _in_money(logs, ratios.broken, roas, (before, after), total, lasting)
    for out, scale in ((roas, np.ones_like(total[0])), (money, (total[0] + total[1]) / 2)):
        _centre(out, split, lasting, scale)
    return Lines(roas, np.concatenate([money, volume[..., None]], axis=-1))


def mix_logs(ratios: LogRatios, split: Shares, lasting: Flags) -> Array:
    """Return the log ratios of all factors of units with spend in both periods; 0 else."""
    logs = ratios.values.copy()
    for place, (low, high) in ((BETWEEN, split.channel), (WITHIN, split.inside)):
        fine = lasting & (low > 0) & (high > 0)
        logs[..., place] = np.log(np.where(fine, high, 1.0) / np.where(fine, low, 1.0))
    return np.where(lasting[..., None], logs, 0.0)


def _weighted(logs: Array, broken: Whole, low: Array, high: Array, lasting: Flags) -> Array:
    """Return ``L(high, low) log`` per factor; broken chains and units that come or go whole."""
    out = np.asarray(log_mean(high, low)[..., None] * logs)
    whole = np.where(lasting, broken, LEFT)
    hit = np.arange(logs.shape[-1]) == whole[..., None]
    return np.where(hit, (high - low)[..., None], np.where(lasting[..., None], out, 0.0))


def _below_zero(
    out: Array, low: Array, high: Array, lasting: Flags, split: Shares, before: Array, after: Array
) -> None:
    """Split units whose revenue, net of refunds, is below zero by means instead of logs (Bennet 1920)."""
    odd = lasting & ((low < 0) | (high < 0))
    if not odd.any():
        return
    safe = np.where(before[..., 0] > 0, before[..., 0], 1.0), np.where(after[..., 0] > 0, after[..., 0], 1.0)
    rate = (before[..., 4] / safe[0] + after[..., 4] / safe[1]) / 2
    (c0, c1), (w0, w1) = split.channel, split.inside
    parts = np.zeros_like(out)
    parts[..., BETWEEN] = (c1 - c0) * (w0 + w1) / 2 * rate
    parts[..., WITHIN] = (c0 + c1) / 2 * (w1 - w0) * rate
    parts[..., _LAST] = high - low - parts[..., BETWEEN] - parts[..., WITHIN]
    out[...] = np.where(odd[..., None], parts, out)


#: Where refunds above revenue show: nothing before revenue can be negative.
_LAST = PLACE["rate"]


def _in_money(logs: Array, broken: Whole, roas: Array, sums: tuple[Array, Array], total: tuple[Array, Array],
              lasting: Flags) -> tuple[Array, Array]:  # fmt: skip
    """Return the lines of revenue and the effect of spend."""
    low, high = sums[0][..., 4], sums[1][..., 4]
    first, last = (x[..., None] for x in total)
    plain = lasting & (low > 0) & (high > 0)
    scaled = roas * ((first + last) / 2)[..., None]
    mean = log_mean(np.where(plain, high, 0.0), np.where(plain, low, 0.0))
    money = np.where(plain[..., None], mean[..., None] * logs, scaled)
    # Without a chain: revenue = spend x contribution, each at the mean of the other.
    around = (last - first) * (low / first + high / last) / 2
    volume = np.where(plain, mean * np.log(last / first), around)
    return money, volume


def _centre(out: Array, split: Shares, lasting: Flags, scale: Array) -> None:
    """Take the shares gained off the mix lines, in place."""
    between, within = split.centre_between * scale[..., None], split.centre_within * scale[..., None]
    out[..., BETWEEN] -= np.where(lasting, between, 0.0)
    out[..., WITHIN] -= np.where(lasting, within, 0.0)
    out[..., LEFT] -= np.where(lasting, 0.0, between + within)
