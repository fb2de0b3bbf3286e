"""The sentences that the first line of a week chooses from: of an alert, of a figure outside or inside its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from roas.language import mark

#: State of an alert, or "old" of a new one that began long ago → what is said where nothing is lost.
COSTLESS: Final[Mapping[str, str]] = {
    "opened": mark("{finding}. This is new."),
    "old": mark("{finding}. New alert, since about {date}."),
    "confirmed": mark("{finding}. That still holds."),
}

#: The same, of a loss of profit, and of a loss of revenue.
PROFIT: Final[Mapping[str, str]] = {
    "opened": mark("{finding}. New this week, it costs {amount} of profit a week (90 % range {low} to {high})."),
    "old": mark(
        "{finding}. New alert, since about {date}: it costs {amount} of profit a week (90 % range {low} to {high})."
    ),
    "confirmed": mark("{finding}. That still holds and costs {amount} of profit a week (90 % range {low} to {high})."),
}
REVENUE: Final[Mapping[str, str]] = {
    "opened": mark("{finding}. New this week, it costs {amount} of revenue a week (90 % range {low} to {high})."),
    "old": mark(
        "{finding}. New alert, since about {date}: it costs {amount} of revenue a week (90 % range {low} to {high})."
    ),
    "confirmed": mark("{finding}. That still holds and costs {amount} of revenue a week (90 % range {low} to {high})."),
}

#: Figure → the sentence of a week that lies outside its range. One for each: languages bend the words around a noun.
UNUSUAL: Final[Mapping[str, str]] = {
    "spend": mark("An unusual week: spend at {value}, while nine weeks in ten lie between {low} and {high}."),
    "revenue": mark(
        "An unusual week: the shop's revenue at {value}, while nine weeks in ten lie between {low} and {high}."
    ),
    "mer": mark("An unusual week: MER at {value}, while nine weeks in ten lie between {low} and {high}."),
    "claimed_revenue": mark(
        "An unusual week: revenue claimed by platforms at {value}, while nine weeks in ten lie between {low} and {high}."
    ),
    "claimed_roas": mark(
        "An unusual week: claimed ROAS at {value}, while nine weeks in ten lie between {low} and {high}."
    ),
    "conversions": mark(
        "An unusual week: claimed conversions at {value}, while nine weeks in ten lie between {low} and {high}."
    ),
}
ANY_UNUSUAL: Final = mark("An unusual week. {figure}: {value}, while nine weeks in ten lie between {low} and {high}.")

#: The same, of a week inside its range.
ORDINARY: Final[Mapping[str, str]] = {
    "spend": mark("An ordinary week: spend at {value}, inside the {low} to {high} that nine weeks in ten bring."),
    "revenue": mark(
        "An ordinary week: the shop's revenue at {value}, inside the {low} to {high} that nine weeks in ten bring."
    ),
    "mer": mark("An ordinary week: MER at {value}, inside the {low} to {high} that nine weeks in ten bring."),
    "claimed_revenue": mark(
        "An ordinary week: revenue claimed by platforms at {value}, inside the {low} to {high} that nine weeks in ten bring."
    ),
    "claimed_roas": mark(
        "An ordinary week: claimed ROAS at {value}, inside the {low} to {high} that nine weeks in ten bring."
    ),
    "conversions": mark(
        "An ordinary week: claimed conversions at {value}, inside the {low} to {high} that nine weeks in ten bring."
    ),
}
ANY_ORDINARY: Final = mark(
    "An ordinary week. {figure}: {value}, inside the {low} to {high} that nine weeks in ten bring."
)
