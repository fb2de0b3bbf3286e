"""What a comparison found: the change, its lines, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from roas.decompose._arrays import Array
from roas.decompose.audit import Audit
from roas.decompose.comparison import Comparison
from roas.decompose.panel import Unit
from roas.decompose.periods import Period
from roas.quantiles import Q

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Effect:
    """What one factor did to ROAS.

    Attributes
    ----------
    factor : str
        One of `roas.decompose.chains.FACTORS`.
    ratio : float
        ROAS points; over all factors they add up to the change.
    ratio_interval : Q or None
    currency : float
        `ratio` times the spend of the period after.
    currency_interval : Q or None
    share : float or None
        Of the change of ROAS; None where that is immaterial (under
        `roas.decompose.audit.MATERIAL` of ROAS).
    """

    factor: str
    ratio: float
    ratio_interval: Q | None
    currency: float
    currency_interval: Q | None
    share: float | None

    @property
    def clear(self) -> bool:
        """Whether the 90 % interval leaves zero out."""
        return self.ratio_interval is not None and self.ratio_interval.p5 * self.ratio_interval.p95 > 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "factor": self.factor,
            "ratio": self.ratio,
            "ratio_interval": _plain(self.ratio_interval),
            "currency": self.currency,
            "currency_interval": _plain(self.currency_interval),
            "share": self.share,
        }


@dataclass(frozen=True)
class RevenueEffect:
    """What one factor, or ``volume`` (spend), did to claimed revenue, in currency."""

    factor: str
    currency: float
    currency_interval: Q | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "factor": self.factor,
            "currency": self.currency,
            "currency_interval": _plain(self.currency_interval),
        }


@dataclass(frozen=True)
class MerChange:
    """The change of MER: what the platforms claim, and what nobody claims.

    Attributes
    ----------
    comparison : Comparison
        Of MER itself: till revenue over all spend.
    claimed, unattributed : float or None
        Change of claimed revenue, and of (till - claims), over spend; MER
        points. Their sum is the change of MER. Claims overlap, so the
        unattributed part may be below zero; it is a difference of two books,
        not revenue without advertising. None where some channel that spent
        does not tell its claims in both periods.
    claimed_interval, unattributed_interval : Q or None
    unattributed_before, unattributed_after : float or None
        Currency.
    """

    comparison: Comparison
    claimed: float | None = None
    claimed_interval: Q | None = None
    unattributed: float | None = None
    unattributed_interval: Q | None = None
    unattributed_before: float | None = None
    unattributed_after: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            **self.comparison.to_dict(),
            "claimed": self.claimed,
            "claimed_interval": _plain(self.claimed_interval),
            "unattributed": self.unattributed,
            "unattributed_interval": _plain(self.unattributed_interval),
            "unattributed_before": self.unattributed_before,
            "unattributed_after": self.unattributed_after,
        }


@dataclass(frozen=True)
class Detail:
    """Lines below the total.

    Attributes
    ----------
    units : tuple of (channel, campaign)
    factors : tuple of str
    lines : array, shape (n_units, n_factors)
        ROAS points of the account.
    spend, revenue : array, shape (n_units, 2)
        Before and after, currency.
    channel_intervals : dict
        ``(channel, factor)`` → 90 % interval, ROAS points.
    """

    units: tuple[Unit, ...]
    factors: tuple[str, ...]
    lines: Array
    spend: Array
    revenue: Array
    channel_intervals: dict[tuple[str, str], Q | None]


@dataclass(frozen=True)
class Change:
    """Where the change of claimed ROAS between two periods came from.

    Attributes
    ----------
    before, after : Period
    comparison : Comparison
        The change itself, with intervals; its ``cannot`` says why there are
        none, or no change at all.
    effects : tuple of Effect
        In ROAS points and currency; empty where nothing can be said.
    revenue_effects : tuple of RevenueEffect
        Of the change of claimed revenue, ``volume`` first.
    spend, revenue : tuple of float
        Before and after, of the channels taken in; currency.
    mer : MerChange or None
        None without a till that covers both periods.
    merged : tuple of (channel, campaign)
        Campaigns too small to stand alone, in their channel's ``(other)``.
    gathered : int
        Campaigns beyond the largest, taken together likewise.
    left_out : tuple of str
        Channels without claimed revenue in one of the periods.
    audit : Audit or None
    detail : Detail or None
    """

    before: Period
    after: Period
    comparison: Comparison
    effects: tuple[Effect, ...] = ()
    revenue_effects: tuple[RevenueEffect, ...] = ()
    spend: tuple[float, float] = (0.0, 0.0)
    revenue: tuple[float, float] = (0.0, 0.0)
    mer: MerChange | None = None
    merged: tuple[Unit, ...] = ()
    gathered: int = 0
    left_out: tuple[str, ...] = ()
    audit: Audit | None = None
    detail: Detail | None = None

    @property
    def roas_before(self) -> float | None:
        """Claimed ROAS of the period before."""
        return self.comparison.roas_before

    @property
    def roas_after(self) -> float | None:
        """Claimed ROAS of the period after."""
        return self.comparison.roas_after

    @property
    def change(self) -> float | None:
        """Change of ROAS in points."""
        both = self.roas_before, self.roas_after
        return None if both[0] is None or both[1] is None else both[1] - both[0]

    @property
    def leading(self) -> Effect | None:
        """The largest effect whose interval leaves zero out, if that of the change itself does.

        The change is asked first: of six factors without any effect, some
        interval leaves zero out by luck in up to half of all cases.
        """
        whole = self.comparison.interval
        if whole is None or whole.p5 * whole.p95 <= 0:
            return None
        return max((e for e in self.effects if e.clear), key=lambda e: abs(e.ratio), default=None)

    @cached_property
    def by_channel(self) -> pd.DataFrame:
        """One row per channel and factor: money, effect in points and currency, its interval.

        Columns ``channel, spend_before, spend_after, revenue_before,
        revenue_after, factor, ratio, ratio_p5, ratio_p95, currency``.
        """
        import pandas as pd

        rows = [
            {
                "channel": channel,
                **money,
                "factor": factor,
                "ratio": value,
                **_ends(interval),
                "currency": value * self.spend[1],
            }
            for channel, money, factor, value, interval in self._channels()
        ]
        return pd.DataFrame(rows, columns=["channel", *MONEY, "factor", "ratio", "ratio_p5", "ratio_p95", "currency"])

    @cached_property
    def by_campaign(self) -> pd.DataFrame:
        """One row per campaign and factor; they add up to `by_channel`.

        Columns ``channel, campaign, spend_before, spend_after,
        revenue_before, revenue_after, factor, ratio, currency``.
        """
        import pandas as pd

        rows = [
            {
                "channel": channel,
                "campaign": campaign,
                **money,
                "factor": factor,
                "ratio": value,
                "currency": value * self.spend[1],
            }
            for (channel, campaign), money, factor, value in self._campaigns()
        ]
        return pd.DataFrame(rows, columns=["channel", "campaign", *MONEY, "factor", "ratio", "currency"])

    def _campaigns(self) -> list[tuple[Unit, dict[str, float], str, float]]:
        found = self.detail
        if found is None:
            return []
        return [
            (unit, _money(found.spend[u], found.revenue[u]), factor, float(found.lines[u, k]))
            for u, unit in enumerate(found.units)
            for k, factor in enumerate(found.factors)
        ]

    def _channels(self) -> list[tuple[str, dict[str, float], str, float, Q | None]]:
        found = self.detail
        if found is None:
            return []
        out = []
        for channel in dict.fromkeys(name for name, _ in found.units):
            own = [u for u, (name, _) in enumerate(found.units) if name == channel]
            money = _money(found.spend[own].sum(axis=0), found.revenue[own].sum(axis=0))
            sums = found.lines[own].sum(axis=0)
            out += [
                (channel, money, factor, float(sums[k]), found.channel_intervals[channel, factor])
                for k, factor in enumerate(found.factors)
            ]
        return out

    def to_frame(self) -> pd.DataFrame:
        """Return one row per factor: ratio, currency, their intervals, share."""
        import pandas as pd

        rows = [
            {
                "factor": e.factor, "ratio": e.ratio, **_ends(e.ratio_interval), "currency": e.currency,
                **_ends(e.currency_interval, "currency"), "share": e.share,
            }
            for e in self.effects
        ]  # fmt: skip
        ends = [f"{name}{end}" for name in ("ratio", "currency") for end in ("", "_p5", "_p95")]
        return pd.DataFrame(rows, columns=["factor", *ends, "share"])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: None, never NaN, for what is not known."""
        points = self.comparison.points
        return {
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            **self.comparison.to_dict(),
            "points": self.change,
            "points_interval": _plain(points),
            "spend": list(self.spend),
            "revenue": list(self.revenue),
            "effects": [e.to_dict() for e in self.effects],
            "revenue_effects": [e.to_dict() for e in self.revenue_effects],
            "by_channel": self._channels_plain(),
            "by_campaign": self._campaigns_plain(),
            "mer": self.mer and self.mer.to_dict(),
            "merged": len(self.merged) + self.gathered,
            "left_out": list(self.left_out),
            "audit": self.audit and self.audit.to_dict(),
        }

    def _channels_plain(self) -> list[dict[str, Any]]:
        grouped: dict[str, dict[str, Any]] = {}
        for channel, money, factor, value, interval in self._channels():
            own = grouped.setdefault(channel, {"channel": channel, **money, "effects": []})
            own["effects"].append({"factor": factor, "ratio": value, "ratio_interval": _plain(interval)})
        return list(grouped.values())

    def _campaigns_plain(self) -> list[dict[str, Any]]:
        grouped: dict[Unit, dict[str, Any]] = {}
        for unit, money, factor, value in self._campaigns():
            own = grouped.setdefault(unit, {"channel": unit[0], "campaign": unit[1], **money, "effects": {}})
            own["effects"][factor] = value
        return list(grouped.values())

    def __repr__(self) -> str:
        if self.change is None:
            return f"<Change {self.before} → {self.after}: cannot ({self.comparison.cannot})>"
        leading = self.leading
        most = f", most by {leading.factor} {leading.ratio:+.3g}" if leading else ""
        return f"<Change {self.before} → {self.after}: {self.roas_before:.3g} → {self.roas_after:.3g}{most}>"


MONEY = ("spend_before", "spend_after", "revenue_before", "revenue_after")


def _money(spend: Array, revenue: Array) -> dict[str, float]:
    return dict(zip(MONEY, (float(x) for x in (*spend, *revenue)), strict=True))


def _ends(interval: Q | None, name: str = "ratio") -> dict[str, float | None]:
    low, high = (None, None) if interval is None else (interval.p5, interval.p95)
    return {f"{name}_p5": low, f"{name}_p95": high}


def _plain(interval: Q | None) -> dict[str, float] | None:
    return None if interval is None else interval.to_dict()
