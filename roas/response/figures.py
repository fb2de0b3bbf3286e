"""Figures of a fitted response model: quantiles, and one channel's effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from roas.quantiles import Q
from roas.response.verdicts import State, Verdict


@dataclass(frozen=True)
class ChannelResponse:
    """The estimated effect of one channel.

    Money is in the account's currency; ratios are unitless; a figure that
    has no meaning (marginal ROAS of a channel that is off) is None.
    """

    channel: str
    spend: float
    revenue: Q
    roas: Q
    roas_recent: Q | None
    marginal_roas: Q | None
    marginal_roas_window: Q
    half_life_days: Q
    half_saturation: Q  # currency per period
    slope: Q
    state: State
    probability: float
    prior_roas: Q
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, with the names of the contract."""
        names = ("revenue", "roas", "roas_recent", "marginal_roas")
        named = {name: plain(getattr(self, name)) for name in names}
        return {
            "channel": self.channel,
            "spend": self.spend,
            "incremental": named,
            "saturation": {"state": self.state, "probability": self.probability},
            "half_life_days": self.half_life_days.to_dict(),
            "prior_roas": self.prior_roas.to_dict(),
            "identified": self.verdict.identified,
            "contraction": float(f"{self.verdict.contraction:.3g}"),
            "reasons": list(self.verdict.reasons),
            "experiment": self.verdict.experiment,
        }


def plain(q: Q | None) -> dict[str, float] | None:
    """Return a figure as JSON has it."""
    return None if q is None else q.to_dict()
