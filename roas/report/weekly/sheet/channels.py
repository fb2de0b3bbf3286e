"""The sheets of channels: one row each with what is known of it, and the spend of every week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.format import say_many, visible
from roas.language import mark, say
from roas.report.caused import usable
from roas.report.weekly import lately
from roas.report.weekly.channels import WEEKS, heading, shown
from roas.report.weekly.sheet.columns import RATIOS, Column, Row, ends, is_told, ranged

if TYPE_CHECKING:
    import pandas as pd

    from roas.report.weekly.sheet.book import Book
    from roas.response import ChannelResponse
    from roas.weekly.record import WeeklyReport

#: Name of the second sheet, which the small pictures of the first point to.
_BY_WEEK: Final = mark("Channels by week")


def channels(made: Book, report: WeeklyReport) -> None:
    """Write one row a channel, the largest spend first, with its spend by week as a small picture."""
    spend = _by_week(report)
    columns = [
        Column("channel", say("Channel")),
        Column("spend", say("Spend this week"), "money", "sum"),
        Column("claimed_revenue", say("Revenue claimed this week"), "money", "sum"),
        Column("claimed_roas", say("Claimed ROAS this week"), "ratio", RATIOS["claimed_roas"]),
        Column("conversions", say("Conversions claimed this week"), "count", "sum"),
        *ranged("recent", heading(report), "ratio"),
        *ranged("roas", say("ROAS caused, whole period"), "ratio"),
        *ranged("marginal", say("Marginal ROAS"), "ratio"),
        Column("state", say("Saturation")),
        Column("known", say("How well it is known")),
        *ranged("swing", say("Swing of weekly ROAS without luck, sd of its logarithm"), "ratio"),
        Column("line", say_many("Spend, last {number} week", "Spend, last {number} weeks", len(shown(report)))),
    ]
    rows = _channel_rows(report, list(spend.columns))
    always = ("channel", "spend", "state", "line")
    columns = [each for each in columns if each.key in always or any(is_told(row.get(each.key)) for row in rows)]
    sheet = made.table(say("Channels"), columns, rows, nothing=say("No channel spent anything."))
    _sparklines(sheet, report, spend, len(columns) - 1)


def channels_by_week(made: Book, report: WeeklyReport) -> None:
    """Write one row a week with the spend of every channel: what the small pictures show."""
    spend = _by_week(report)
    of_week = Column("week", say("Week from"), "date")
    columns = [of_week, *(Column(f"={channel}", visible(channel), "money", "sum") for channel in spend.columns)]
    rows = [
        {"week": week.date(), **{f"={channel}": value for channel, value in row.items()}}
        for week, row in zip(spend.index, spend.to_dict("records"), strict=True)
    ]
    made.table(say(_BY_WEEK), columns, rows, nothing=say("No channel spent anything."))


def _by_week(report: WeeklyReport) -> pd.DataFrame:
    """Return spend by week and channel, every week to the report's own, the largest spend of the half year first."""
    import pandas as pd

    last = pd.Timestamp(report.week.monday)
    rows = report.analysis.channel_weeks
    rows = rows[rows["week"] <= last].assign(channel=rows["channel"].astype(str))
    table = rows.pivot_table(index="week", columns="channel", values="spend", aggfunc="sum", sort=True, observed=True)
    if len(table):
        table = table.reindex(pd.date_range(table.index.min(), last, freq="7D"))
    order = table.tail(WEEKS).sum().sort_values(ascending=False, kind="stable").index
    return table[order]


def _channel_rows(report: WeeklyReport, names: Sequence[str]) -> list[Row]:
    import pandas as pd

    analysis = report.analysis
    rows = analysis.channel_weeks
    rows = rows[rows["week"] == pd.Timestamp(report.week.monday)]
    week = {str(row["channel"]): row for row in rows.to_dict("records")}
    estimated, steady = usable(analysis) is not None, analysis.volatility
    found: list[Row] = []
    for name in names:
        row = week.get(name, {"spend": 0.0})
        each, swings = analysis.caused.get(name) if estimated else None, steady and steady.channels.get(name)
        words = lately.caused(analysis, name)
        found.append(
            {key: row.get(key) for key in ("spend", "claimed_revenue", "claimed_roas", "conversions")}
            | {"channel": visible(name), "state": words.state, "known": words.known}
            | (ends("swing", swings.swing.true_log_sd) if swings else {})
            | (_caused(each) if each else {})
        )
    return found


def _caused(each: ChannelResponse) -> dict[str, float | None]:
    return ends("recent", each.roas_recent) | ends("roas", each.roas) | ends("marginal", each.marginal_roas)


def _sparklines(sheet: Any, report: WeeklyReport, spend: pd.DataFrame, column: int) -> None:
    """Draw each channel's spend of the last half year in its row, in the colour that it has on every chart."""
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    hues = theme.channel_colours(report.analysis.channels["channel"])
    first, last = max(len(spend) - WEEKS, 0) + 1, len(spend)
    for place, channel in enumerate(spend.columns, start=1):
        cells = f"{quote_sheetname(say(_BY_WEEK))}!{xl_range_abs(first, place, last, place)}"
        colour = hues.get(channel, theme.OTHER)
        sheet.add_sparkline(place, column, {"range": cells, "type": "column", "series_color": colour, "min": 0})
    sheet.set_column(column, column, 26)
