"""What the figures of a week are called, and how each unit is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.format import DASH, count, day, day_and_month, money, percent, ratio, visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.quantiles import Q
    from roas.weekly.record import Unit
    from roas.weekly.week import Week

#: Figure → its label, as it heads a card or a row.
LABELS: Final[Mapping[str, str]] = {
    "spend": mark("Spend"),
    "revenue": mark("Revenue of the shop"),
    "mer": mark("MER, revenue over spend"),
    "claimed_revenue": mark("Revenue claimed by platforms"),
    "claimed_roas": mark("Claimed ROAS"),
    "conversions": mark("Conversions claimed by platforms"),
    "orders": mark("Orders"),
    "incremental_revenue": mark("Revenue that ads caused"),
    "incremental_roas": mark("ROAS caused"),
    "marginal_roas": mark("Marginal ROAS"),
    "saturation": mark("Saturation"),
    "volatility": mark("Swings"),
}

#: Figure → the same inside a sentence.
NOUNS: Final[Mapping[str, str]] = {
    "spend": mark("spend"),
    "revenue": mark("the shop's revenue"),
    "mer": mark("MER"),
    "claimed_revenue": mark("revenue claimed by platforms"),
    "claimed_roas": mark("claimed ROAS"),
    "conversions": mark("claimed conversions"),
}

#: Word that a figure may be → how it reads.
WORDS: Final[Mapping[str, str]] = {
    "saturated": mark("saturated"),
    "efficient": mark("efficient"),
    "headroom": mark("has headroom"),
    "calm": mark("as usual"),
    "turbulent": mark("larger than usual"),
    "unknown": mark("cannot be told"),
}


def label(figure: str) -> str:
    """Return what a figure is called; a name that nobody listed is written as it is."""
    return say(LABELS[figure]) if figure in LABELS else visible(figure.replace("_", " "))


def noun(figure: str) -> str:
    """Return what a figure is called inside a sentence."""
    return say(NOUNS[figure]) if figure in NOUNS else label(figure)


def amount(value: float | str | None, unit: Unit, currency: str | None) -> str:
    """Write a figure in its unit; a dash where it is not known."""
    if value is None or value != value:
        return DASH
    if isinstance(value, str):
        return say(WORDS[value]) if value in WORDS else visible(value)
    if unit == "money":
        return money(value, currency)
    return {"ratio": ratio, "share": percent}.get(unit, count)(value)


def between(q: Q, currency: str | None) -> str:
    """Write the 90 % range of an amount."""
    low, high = money(q.p5, currency), money(q.p95, currency)
    return low if low == high else say("{low} to {high}", low=low, high=high)


def whose(channel: str | None) -> str:
    """Name a channel, or the account."""
    return visible(channel) if channel else say("All channels")


def week_words(week: Week) -> str:
    """Write a week with its dates."""
    return say(
        "Week {number}, {first} to {last}",
        number=str(week.monday.isocalendar().week),
        first=day_and_month(week.monday),
        last=day(week.sunday),
    )


def week_number(week: Week) -> str:
    """Write a week by its number and year, inside a sentence."""
    year, number, _ = week.monday.isocalendar()
    return say("week {number} of {year}", number=str(number), year=str(year))
