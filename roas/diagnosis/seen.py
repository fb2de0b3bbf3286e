"""Everything seen of an account: every series with its change at every onset, ready to be held against causes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from roas.diagnosis.panel import Array, Panel
from roas.diagnosis.series import Series, Shared, Taken, build_series
from roas.diagnosis.shapes import Shapes, build_shapes
from roas.diagnosis.usual import Answer, Contrasts, contrasts_of

#: What a channel's own spend does to its rates when nothing is wrong: coefficient of log spend, mean and sd.
#: Hill curves at a third to a half of their ceiling lose about a quarter of a rise; audiences are not endless. Wide:
#: the weeks before an onset decide. This project's choice.
ANSWERS: Final = {
    "cvr": (-0.25, 0.25),
    "response": (-0.25, 0.25),
    "claimed_roas": (-0.25, 0.25),
    "frequency": (0.25, 0.25),
    "ctr": (-0.03, 0.1),
    "cpm": (0.03, 0.1),
    "cpc": (0.05, 0.1),
}

#: What paid clicks do to all visits: they are a part of them, usually a third to a half (mean and sd).
PAID_VISITS: Final = (0.35, 0.25)

#: What more money does to claims over the till: bought sales grow, the others do not (mean and sd).
CLAIMED_MORE: Final = (0.4, 0.3)

#: Weeks of spend that sales answer to, this one included, and what earlier ones may add (sd): half-lives of a
#: few days to two weeks are usual.
LAGS: Final = 3
LAG_SD: Final = 0.15
_CARRIED: Final = frozenset({"cvr", "response", "claimed_roas"})

#: Change (log sd) that a series may see at any moment with nothing wrong, beyond what its past shows.
SLACK: Final = {"cpm": 0.03, "cpc": 0.03, "frequency": 0.03, "new_share": 0.03, "claims_over_till": 0.03}
OTHER_SLACK: Final = 0.02

#: Weeks before an onset that a rise in spend is measured against.
WEEKS_BEFORE: Final = 12

#: Share by which estimated correlations of noise are drawn to zero: a hundred weeks estimate each to about 0.1.
SHRINK: Final = 0.15


@dataclass(frozen=True)
class Seen:
    """Series of an account and their changes.

    Attributes
    ----------
    panel : Panel
    shapes : Shapes
    series : tuple of Series
        As from `build_series`.
    contrasts : tuple of Contrasts
        One per series.
    shared : Shared
        Weights of channels in the shared parts.
    brand : tuple of int
        Channels whose money builds the brand.
    break_even : float
        ROAS at which a unit of money comes back: 1 / margin, 1 without one.
    """

    panel: Panel
    shapes: Shapes
    series: tuple[Series, ...]
    contrasts: tuple[Contrasts, ...]
    shared: Shared
    brand: tuple[int, ...] = ()
    break_even: float = 1.0

    @cached_property
    def place(self) -> dict[tuple[str, int | None], int]:
        """Position of each series."""
        return {(each.metric, each.channel): k for k, each in enumerate(self.series)}

    @cached_property
    def common(self) -> list[int]:
        """Positions of the series that all channels share, and of the till."""
        return [k for k, each in enumerate(self.series) if each.channel is None]

    @cached_property
    def correlation(self) -> Array:
        """Correlation of the noise of the common series, shrunk: a wave of demand moves several at once."""
        residuals = np.array([self.contrasts[k].residual for k in self.common])
        size = len(residuals)
        found = np.eye(size)
        for i in range(size):
            for j in range(i):
                both = np.isfinite(residuals[i]) & np.isfinite(residuals[j])
                a, b = residuals[i][both], residuals[j][both]
                norm = float(np.sqrt((a @ a) * (b @ b)))
                found[i, j] = found[j, i] = float(a @ b) / norm if norm > 0 else 0.0
        values, vectors = np.linalg.eigh((1 - SHRINK) * found + SHRINK * np.eye(size))
        return np.asarray((vectors * np.maximum(values, 0.05)) @ vectors.T)

    @cached_property
    def spend_change(self) -> Array:
        """Observed change of log spend at every shape, shape (channels, shapes): after against 12 weeks before."""
        return np.array([_plain_change(row, self.shapes) for row in _log_of(self.panel.sums["spend"])])

    @cached_property
    def total_spend_change(self) -> Array:
        """The same of all spend."""
        return _plain_change(_log_of(self.panel.total["spend"]), self.shapes)

    @cached_property
    def frequency_change(self) -> Array:
        """Observed change of log frequency, shape (channels, shapes); 0 where reach is not exported."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(self.panel.sums["impressions"] / self.panel.sums["reach"])
        return np.array([_plain_change(np.where(np.isfinite(row), row, np.nan), self.shapes) for row in logs])

    @cached_property
    def usual_spend_moves(self) -> Array:
        """How far each channel's log spend moves from one quarter to the next (root mean square), (channels,).

        Over the history without the last quarter; 0 where it is shorter than three.
        """
        found = np.zeros(len(self.panel.channels))
        for k, spend in enumerate(np.nan_to_num(self.panel.sums["spend"])):
            quarters = np.convolve(spend, np.full(WEEKS_BEFORE, 1 / WEEKS_BEFORE), mode="valid")[:-WEEKS_BEFORE]
            before, after = quarters[:-WEEKS_BEFORE], quarters[WEEKS_BEFORE:]
            both = (before > 0) & (after > 0) if len(before) == len(after) else np.zeros(0, dtype=bool)
            if both.any():
                found[k] = float(np.sqrt(np.mean(np.log(after[both] / before[both]) ** 2)))
        return found

    def other_spend_change(self, channel: int) -> Array:
        """Observed change of log spend of all other channels together; 0 where there are none."""
        others = np.delete(np.nan_to_num(self.panel.sums["spend"]), channel, axis=0).sum(axis=0)
        return _plain_change(_log_of(others), self.shapes)

    @cached_property
    def campaigns_change(self) -> Array:
        """Observed change of the log number of live campaigns, shape (channels, shapes)."""
        return np.array([_plain_change(row, self.shapes) for row in _log_of(self.panel.campaigns)])

    @cached_property
    def young_change(self) -> Array:
        """Observed change of the share of spend on young campaigns, shape (channels, shapes)."""
        return np.array([_plain_change(row, self.shapes) for row in self.panel.young])

    def beyond(self, channel: int | None, *, weeks: int | None = None) -> Array:
        """Return by how much log spend stands above what was high before each onset (upper quarter), (shapes,).

        Spend since the onset, or of the last `weeks`.
        """
        spend = self.panel.total["spend"] if channel is None else self.panel.sums["spend"][channel]
        spend = np.nan_to_num(spend)
        fours = np.convolve(spend, np.full(4, 0.25), mode="valid")
        found = np.full(len(self.shapes.onset), -np.inf)
        for j, onset in enumerate(self.shapes.onset):
            # Where the change is mostly there: the mean of weeks, each as far as it has come.
            weight = self.shapes.matrix[:, j] ** 4
            if weeks is not None:
                weight = (np.arange(len(spend)) >= len(spend) - weeks).astype(np.float64)
            after, before = float(weight @ spend / weight.sum()), float(np.quantile(fours[: max(onset - 3, 1)], 0.75))
            found[j] = np.log(after / before) if after > 0 and before > 0 else -np.inf
        return found

    @cached_property
    def claim_share(self) -> Array:
        """Each channel's claims over the till, shape (channels,); NaN without both."""
        return self._over_till("conversion_value", "revenue", "conversions", "orders")

    @cached_property
    def click_share(self) -> Array:
        """Each channel's clicks over visits, shape (channels,); NaN without both."""
        return self._over_till("clicks", "sessions")

    @cached_property
    def part_of_claims(self) -> Array:
        """Each channel's part of all claims, shape (channels,); NaN without claims."""
        for name in ("conversion_value", "conversions"):
            sums = np.where(np.isfinite(self.panel.sums[name]), self.panel.sums[name], 0.0).sum(axis=1)
            if sums.sum() > 0:
                return np.asarray(sums / sums.sum())
        return np.full(len(self.panel.channels), np.nan)

    def _over_till(self, top: str, bottom: str, other_top: str = "", other_bottom: str = "") -> Array:
        for above, below in ((top, bottom), (other_top, other_bottom)):
            if above and below in self.panel.till and self.panel.has(above):
                till = self.panel.till[below]
                both = np.isfinite(till)[None, :] & np.isfinite(self.panel.sums[above])
                over = np.where(both, self.panel.sums[above], 0.0).sum(axis=1)
                under = np.where(both, till[None, :], 0.0).sum(axis=1)
                with np.errstate(divide="ignore", invalid="ignore"):
                    return np.where(under > 0, over / under, np.nan)
        return np.full(len(self.panel.channels), np.nan)

    def slack(self, metric: str) -> float:
        """Change a series may see with nothing wrong."""
        return SLACK.get(metric, OTHER_SLACK)


def _plain_change(logs: Array, shapes: Shapes) -> Array:
    """Regress a log series on each shape, over the weeks from 12 before the onset to the end."""
    weeks, found = len(logs), np.zeros(shapes.matrix.shape[1])
    known = np.isfinite(logs)
    t = np.arange(weeks)
    for j, onset in enumerate(shapes.onset):
        near = known & (t >= onset - WEEKS_BEFORE)
        x, y = shapes.matrix[near, j], logs[near]
        around = x - x.mean() if len(x) else x
        power = float(around @ around)
        found[j] = float(around @ y) / power if power > 1e-9 else 0.0
    return found


def look(panel: Panel, *, brand: tuple[int, ...] = (), break_even: float = 1.0, taken_out: Taken | None = None) -> Seen:
    """Measure every series of a panel against how it usually moves.

    Parameters
    ----------
    panel : Panel
    brand : tuple of int
        Positions of the channels that build the brand.
    break_even : float
        ROAS at which a unit of money comes back.
    taken_out : mapping of (metric, channel) to array (n,), optional
        What causes already found did to the logs of a channel's rates, and (None) of the till.
    """
    series, shared = build_series(panel, taken_out or {})
    shapes = build_shapes(panel.weeks, dips=panel.after_promotions)
    promo = panel.till.get("promo")
    spend = _log_of(panel.sums["spend"])
    contrasts = tuple(
        contrasts_of(each, shapes, promo=promo, answer=_answer(each, spend, shared, panel)) for each in series
    )
    return Seen(panel, shapes, tuple(series), contrasts, shared, brand, break_even)


def _answer(series: Series, spend: Array, shared: Shared, panel: Panel) -> Answer | None:
    """Return how a rate may answer to the spend of its channel (shared: of all), visits to paid clicks."""
    if series.metric == "sessions" and panel.has("clicks"):
        return _answering(_log_of(panel.total["clicks"]), *PAID_VISITS, lags=1)
    if series.metric == "claims_over_till":
        return _answering(_log_of(panel.total["spend"]), *CLAIMED_MORE, lags=1)
    if series.metric not in ANSWERS:
        return None
    # A rate's own part is what its channel did less what all did; so must be the spend that it answers to.
    known = np.isfinite(spend)
    mean = np.where(known, spend, 0.0).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    around = spend - mean
    weight = np.where(np.isfinite(around), shared.weights[series.metric][:, None], 0.0)
    whole = weight.sum(axis=0)
    common = (weight * np.nan_to_num(around)).sum(axis=0) / np.where(whole > 0, whole, 1.0)
    driver = common if series.channel is None else around[series.channel] - common
    return _answering(driver, *ANSWERS[series.metric], lags=LAGS if series.metric in _CARRIED else 1)


def _answering(driver: Array, mean: float, sd: float, *, lags: int) -> Answer | None:
    if not np.isfinite(driver).any():
        return None
    filled = np.where(np.isfinite(driver), driver, np.nanmedian(driver))
    drivers = np.column_stack([np.concatenate([np.full(k, filled[0]), filled[: len(filled) - k]]) for k in range(lags)])
    return Answer(drivers, np.array([mean, *[0.0] * (lags - 1)]), np.array([sd, *[LAG_SD] * (lags - 1)]))


def _log_of(values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(values)
    return np.where(np.isfinite(logs), logs, np.nan)
