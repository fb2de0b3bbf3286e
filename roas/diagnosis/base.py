"""The causes that roas names, the columns each needs, and the verdict words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from roas.errors import UsageError
from roas.language import mark

Verdict = Literal["supported", "possible", "ruled_out", "untestable", "cannot_tell"]


@dataclass(frozen=True)
class Cause:
    """A reason that performance gets worse.

    ``needs`` lists canonical columns; ``asks`` completes "The test asks …".
    """

    name: str
    needs: tuple[str, ...]
    asks: str

    @property
    def means(self) -> str:
        """What the test asks for, as a clause."""
        return self.asks.removeprefix("whether ")


@dataclass(frozen=True)
class Hypothesis:
    """What is known of one cause in one place."""

    cause: str
    verdict: Verdict
    because: str
    channel: str | None = None
    campaign: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the hypothesis as in the contract."""
        scope = {"channel": self.channel, "campaign": self.campaign}
        return {"cause": self.cause, "scope": scope, "verdict": self.verdict, "because": self.because}


#: In the order of the contract. ``claims``: conversions or conversion value; ``baskets``: orders of the shop, or both.
CAUSES: Final = (
    Cause("saturation", ("claims",), mark("whether spend outgrew what the channel can answer")),
    Cause("auction_inflation", ("impressions",), mark("whether the price of impressions rose")),
    Cause("creative_fatigue", ("impressions", "clicks"), mark("whether click-through wears out as creatives age")),
    Cause("audience_exhaustion", ("impressions", "reach"), mark("whether the same people see the ads too often")),
    Cause("tracking_break", ("claims", "revenue"), mark("whether the platform's count broke while the till went on")),
    Cause("harvesting", ("claims", "revenue"), mark("whether the channel claims sales that would come anyway")),
    Cause(
        "reporting_lag",
        ("conversions",),
        mark("whether recent days look bad only because conversions are still arriving"),
    ),
    Cause(
        "fragmentation",
        ("campaign", "claims"),
        mark("whether the same money is spread over more and smaller campaigns"),
    ),
    Cause("conversion_rate_drop", ("clicks", "conversions"), mark("whether the site converts less from every source")),
    Cause("order_value_drop", ("baskets",), mark("whether baskets shrank")),
    Cause("mix_shift", ("conversion_value",), mark("whether money moved to weaker channels")),
    Cause("demand_shift", ("revenue",), mark("whether the market moved")),
    Cause("baseline_erosion", ("revenue",), mark("whether sales without ads decay after brand money was cut")),
    Cause("promotion_hangover", ("promo", "revenue"), mark("whether a promotion pulled sales forward")),
)


def check_causes(names: Iterable[str]) -> None:
    """Refuse a name that is no cause (``any`` stands for all).

    Raises
    ------
    UsageError
        With the nearest name.
    """
    known = [c.name for c in CAUSES]
    for name in names:
        if name not in (*known, "any"):
            near = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f'--fail-on "{name}" is no cause.'
                + (f' Did you mean "{near[0]}"?' if near else f" Known: any, {', '.join(known)}.")
            )
