"""One row per channel: how it went, what it claims, what it caused, how full and how unsteady it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts import theme
from roas.format import DASH, day_and_month, money, ratio, say_many, swing, visible
from roas.language import say
from roas.report.inline_svg import VARIABLES
from roas.report.weekly import lately
from roas.report.weekly.names import amount
from roas.report.weekly.sparkline import bars, sparkline
from roas.weekly.figures import Weekly, weekly_sums

if TYPE_CHECKING:
    from markupsafe import Markup

    from roas.weekly.record import Unit, WeeklyReport
    from roas.weekly.week import Week

#: Most weeks of a sparkline: half a year.
WEEKS: Final = 26

#: Channels in sight; and those listed at all, the largest spend of the last half year first. The JSON has every one.
IN_SIGHT: Final = 8
ROWS: Final = 40


@dataclass(frozen=True)
class Row:
    """One channel as words, with two small pictures; ``colour`` is its CSS variable on every chart.

    ``caused`` is of the last weeks (`heading` names them), ``doubt`` says that it is not or only partly known.
    """

    channel: str
    colour: str
    spend: str
    spend_line: Markup
    claimed: str
    claimed_line: Markup | None
    caused: str
    caused_range: str
    doubt: str
    state: str
    swing: str
    swing_range: str


@dataclass(frozen=True)
class Whole:
    """One channel over the whole period, as words; ``known`` says how well the effect is known, and why not better."""

    channel: str
    claimed: str
    caused: str
    caused_range: str
    known: str


def channels(report: WeeklyReport) -> list[Row]:
    """Return the channels by spend of the last half year, the largest first."""
    names = [str(name) for name in report.analysis.channels["channel"]]
    every = shown(report)
    sums = {name: weekly_sums(report.analysis, name) for name in names}
    spent = {name: sum(sums[name].at("spend", week) or 0.0 for week in every) for name in names}
    hues = theme.channel_colours(names)
    order = sorted(names, key=lambda name: -spent[name])[:ROWS]
    return [_row(name, sums[name], every, report, hues[name]) for name in order]


def shown(report: WeeklyReport) -> list[Week]:
    """Return the weeks of the small pictures: half a year to the report's own, or as many as there are."""
    return [each for each in weekly_sums(report.analysis).weeks if each <= report.week][-WEEKS:]


def claims(report: WeeklyReport) -> bool:
    """Tell whether any channel has claims at all: without, no column of them is shown."""
    return bool(report.analysis.channels["claimed_roas"].notna().any())


def heading(report: WeeklyReport) -> str:
    """Name what was caused, and the weeks that it is about."""
    found = lately.window(report.analysis)
    if found is None:
        return say("ROAS caused")
    return say_many(
        "ROAS caused, {number} week to {date}",
        "ROAS caused, {number} weeks to {date}",
        found.weeks,
        date=day_and_month(found.end),
    )


def pictured(report: WeeklyReport) -> str:
    """Name the weeks of the small pictures."""
    return say_many("last {number} week", "last {number} weeks", len(shown(report)))


def over_all(report: WeeklyReport) -> list[Whole]:
    """Return claimed and caused ROAS of the channels over the whole period, the largest spend first; none without estimates."""
    analysis = report.analysis
    if lately.window(analysis) is None:
        return []
    claims = dict(zip(analysis.channels["channel"].astype(str), analysis.channels["claimed_roas"], strict=True))
    every = [(name, claimed, lately.caused(analysis, name)) for name, claimed in list(claims.items())[:ROWS]]
    return [Whole(visible(name), ratio(claimed), of.whole, of.whole_between, of.known) for name, claimed, of in every]


def left_out(report: WeeklyReport) -> str:
    """Say how many channels are not listed; empty where all are."""
    rest = len(report.analysis.channels) - ROWS
    if rest <= 0:
        return ""
    return say_many(
        "{number} smaller channel is not listed; the JSON has all.",
        "{number} smaller channels are not listed; the JSON has all.",
        rest,
    )


def _row(name: str, sums: Weekly, every: list[Week], report: WeeklyReport, hue: str) -> Row:
    currency, line = report.analysis.tables.currency, report.analysis.break_even_roas
    spend, claims = ([sums.at(of, week) for week in every] for of in ("spend", "claimed_roas"))
    swung, swung_range = _swing(name, report)
    found = lately.caused(report.analysis, name)
    return Row(
        channel=visible(name),
        colour=f"--hue:var({VARIABLES[hue]})",
        spend=money(sums.at("spend", report.week) or 0.0, currency),
        spend_line=bars(spend, says=_says(say("Spend"), spend, "money", currency)),
        claimed=ratio(sums.at("claimed_roas", report.week)),
        claimed_line=sparkline(
            claims, says=_says(say("Claimed ROAS"), claims, "ratio", currency), settled=_settled(every, report), line=line
        ) if any(value is not None for value in claims) else None,
        caused=found.roas,
        caused_range=found.between,
        doubt=found.doubt,
        state=found.state,
        swing=swung,
        swing_range=swung_range,
    )  # fmt: skip


def _settled(every: list[Week], report: WeeklyReport) -> int | None:
    """Return how many of the weeks have all their claims; None where all have."""
    until = report.analysis.window["mature_until"]
    if until is None:
        return None
    done = sum(week.sunday.isoformat() <= until for week in every)
    return done if done < len(every) else None


def _says(what: str, values: list[float | None], unit: Unit, currency: str | None) -> str:
    """Say in words what a small picture shows."""
    found = [value for value in values if value is not None]
    if not found:
        return say("{what}: no data in these weeks", what=what)
    low, high, last = (amount(v, unit, currency) for v in (min(found), max(found), values[-1]))
    return say(
        "{what}, week by week: lowest {low}, highest {high}, last {last}", what=what, low=low, high=high, last=last
    )


def _swing(name: str, report: WeeklyReport) -> tuple[str, str]:
    """Return how far a channel's weekly ROAS swings, luck removed, and its range."""
    found = report.analysis.volatility
    of = None if found is None else found.channels.get(name)
    if of is None:
        return DASH, ""
    true = of.swing.true_log_sd
    return swing(true.p50), say("{low} to {high}", low=swing(true.p5), high=swing(true.p95))
