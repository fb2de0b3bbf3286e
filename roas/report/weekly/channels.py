"""One row per channel: how it went, what it claims, what it caused, how full and how unsteady it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts import theme
from roas.format import DASH, money, ratio, say_many, swing, visible
from roas.language import say
from roas.report.caused_table import Row as Caused
from roas.report.caused_table import caused_table
from roas.report.inline_svg import VARIABLES
from roas.report.weekly.names import amount
from roas.report.weekly.sparkline import bars, sparkline
from roas.weekly.figures import Weekly, weekly_sums

if TYPE_CHECKING:
    from markupsafe import Markup

    from roas.weekly.record import Unit, WeeklyReport
    from roas.weekly.week import Week

#: Weeks of a sparkline: half a year.
WEEKS: Final = 26

#: Channels in sight; and those listed at all, the largest spend of the last half year first. The JSON has every one.
IN_SIGHT: Final = 8
ROWS: Final = 40


@dataclass(frozen=True)
class Row:
    """One channel as words, with two small pictures; ``colour`` is its CSS variable on every chart."""

    channel: str
    colour: str
    spend: str
    spend_line: Markup
    claimed: str
    claimed_line: Markup | None
    caused: str
    caused_range: str
    state: str
    known: str
    swing: str
    swing_range: str


def channels(report: WeeklyReport) -> list[Row]:
    """Return the channels by spend of the last half year, the largest first."""
    names = [str(name) for name in report.analysis.channels["channel"]]
    every = [each for each in weekly_sums(report.analysis).weeks if each <= report.week][-WEEKS:]
    sums = {name: weekly_sums(report.analysis, name) for name in names}
    spent = {name: sum(sums[name].at("spend", week) or 0.0 for week in every) for name in names}
    hues = theme.channel_colours(names)
    table = caused_table(report.analysis)
    caused = {} if table is None else {row.channel: row for row in (*table.rows, *table.more)}
    order = sorted(names, key=lambda name: -spent[name])[:ROWS]
    return [_row(name, sums[name], every, report, hues[name], caused.get(visible(name))) for name in order]


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


def _row(
    name: str, sums: Weekly, every: list[Week], report: WeeklyReport, hue: str, caused: Caused | None
) -> Row:  # fmt: skip
    currency, line = report.analysis.tables.currency, report.analysis.break_even_roas
    spend, claims = ([sums.at(of, week) for week in every] for of in ("spend", "claimed_roas"))
    swung, swung_range = _swing(name, report)
    return Row(
        channel=visible(name),
        colour=f"--hue:var({VARIABLES[hue]})",
        spend=money(sums.at("spend", report.week) or 0.0, currency),
        spend_line=bars(spend, says=_says(say("Spend"), spend, "money", currency)),
        claimed=ratio(sums.at("claimed_roas", report.week)),
        claimed_line=sparkline(
            claims, says=_says(say("Claimed ROAS"), claims, "ratio", currency), settled=_settled(every, report), line=line
        ) if any(value is not None for value in claims) else None,
        caused=caused.roas if caused else DASH,
        caused_range=caused.roas_range if caused else "",
        state=caused.state if caused else say("cannot be told"),
        known=caused.known if caused else "",
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
