"""What the script of a plan's page says, and how it writes numbers: in the language in force, none in the script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from roas.charts.causal_words import one
from roas.format import decimals, money, percent
from roas.language import mark, say, spoken

#: What the script says. A field in braces is filled in on the page.
WORDS: Final[Mapping[str, str]] = {
    # numbers
    "over": mark("over 99 %"),
    "under": mark("under 1 %"),
    "new": mark("new"),
    "row": mark("{first} and {last}"),
    "to": mark("{low} to {high}"),
    "interval": mark("90 % interval: {low} to {high}"),
    "across": mark("90 % interval: {low} less to {high} more"),
    # a channel
    "hold": mark("fix"),
    "hold_channel": mark("Fix {channel}: it stays when others move"),
    "partly": mark("partly known"),
    "prior": mark("assumed"),
    "now": mark("today {amount}"),
    "field": mark("{channel}: planned, per week"),
    "weekly": mark("{amount} a week"),
    "weekly_never": mark("{amount} a week, never tried"),
    "next": mark("next {unit} brings {amount}"),
    "never": mark("never tried"),
    "most": mark("most seen {amount}"),
    "fixed": mark("Fixed: what it brings is not known, so it is not in the model."),
    # what stops a move
    "top": mark("{channel} goes up to {amount} here: beyond it nothing is known."),
    "all_fixed": mark("Every other channel is fixed, so the total cannot be kept. Free one, or let the total change."),
    "none_left": mark("{channel} stops here: the others have no more to give."),
    "none_free": mark("{channel} stops here: the others can take no more."),
    "low": mark("{channel} stops at {amount}: less than that cannot be spent."),
    "kept": mark("Fixed, so as they were: {channels}."),
    "no_number": mark("{channel} keeps its amount: that was no number."),
    "open": mark("{channel} keeps its amount: {text} could be thousands or decimals. Write it without separators."),
    # the answer
    "today": mark("Today"),
    "unmoved": mark("nothing changes"),
    "same": mark("This is today's split: nothing changes."),
    "more": mark("About {revenue} more revenue a week ({range})."),
    "less": mark("About {revenue} less revenue a week ({range})."),
    "more_more": mark("About {revenue} more revenue a week ({range}), and {profit} more profit ({profit_range})."),
    "more_less": mark("About {revenue} more revenue a week ({range}), and {profit} less profit ({profit_range})."),
    "less_more": mark("About {revenue} less revenue a week ({range}), and {profit} more profit ({profit_range})."),
    "less_less": mark("About {revenue} less revenue a week ({range}), and {profit} less profit ({profit_range})."),
    "chance": mark("The chance that it beats today's split is {chance}."),
    "in_profit": mark("in profit"),
    "in_revenue": mark("in revenue"),
    "in_rest": mark("in revenue less spend: {amount}"),
    "in_today": mark("this is today's split"),
    "as_profit": mark("profit as today"),
    "as_revenue": mark("revenue as today"),
    "as_rest": mark("revenue less spend as today"),
    "total_more": mark("{amount} more than today"),
    "total_less": mark("{amount} less than today"),
    "total_same": mark("as today"),
    "doubt": mark(
        "{channels} would get more than was ever at work there: what lies beyond is the curve's guess. "
        "Raise it step by step and look."
    ),
    # the link
    "copied": mark("The link is copied. It brings back this split on this page."),
    "copy": mark("Copy the link from the field."),
    "link_other": mark(
        "This link does not fit this page: it was made from other data, or for another plan. The plan is shown as it is."
    ),
}

#: Powers of ten that an amount may be written short with.
UNITS: Final = (1e12, 1e9, 1e6, 1e3, 1.0)


def page_words() -> dict[str, str]:
    """Return the sentences by the names that the script knows them by."""
    return {key: say(text) for key, text in WORDS.items()}


def numbers(currency: str | None) -> dict[str, Any]:
    """Return how amounts and shares are written; ``{n}`` is the number, which the browser writes.

    Returns
    -------
    dict
        ``language`` (BCP 47), ``symbol`` and whether it stands ``after``
        amounts, ``decimals``, ``one`` (a unit of money), ``full`` (pattern of
        an amount with all digits), ``units`` (size and pattern of short
        amounts, the largest first), ``trim`` (whether zeros after the decimal
        mark are left out of short amounts), ``percent``.

    Examples
    --------
    >>> found = numbers("EUR")
    >>> found["full"], found["units"][2], found["percent"]
    ('€{n}', [1000000.0, '€{n}M'], '{n} %')
    """
    full = _pattern(money(2.0, currency, full=True))
    symbol, _, after = full.partition("{n}")
    short = [(size, _pattern(money(2.5 * size, currency))) for size in UNITS]
    return {
        "language": spoken(),
        "symbol": symbol or after,
        "after": bool(after),
        "decimals": decimals(currency),
        "one": one(currency),
        "full": full,
        "units": [[size, pattern] for size, pattern in short if "{n}" in pattern],
        "trim": "50" not in money(2.5e6, currency),
        "percent": percent(0.43).replace("43", "{n}"),
    }


def _pattern(text: str) -> str:
    """Replace the number of an amount of 2, or of 2.5 of something."""
    return re.sub(r"(?<!\d)2(?:[.,](?:0+|50?))?(?!\d)", "{n}", text, count=1)
