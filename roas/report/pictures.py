"""Which charts an analysis has something to show for, and their files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from roas import charts
from roas.charts import layout, theme
from roas.limits import CHART_CHANNELS
from roas.report.caused_plots import caused_plots
from roas.report.credited_plots import credited_plots
from roas.report.finding_plots import finding_plots
from roas.report.inline_svg import inline_svg
from roas.report.plot import Plot
from roas.report.unsteady_plots import steadiness_plot, unsteady_plots
from roas.report.verdict import covers_all
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from roas.analysis.record import Analysis

#: A third off the time that PNGs take, for files a twelfth larger.
_QUICKLY: Final = {"compress_level": 3}


@dataclass(frozen=True)
class Picture:
    """A drawn chart: its words, its files, and what the page shows (nothing, for a file only)."""

    name: str
    title: str
    subtitle: str
    png: bytes
    svg: str
    wide: str = ""
    narrow: str = ""


def plots(analysis: Analysis) -> list[Plot]:
    """Return the charts that the account's columns allow, in the page's order."""
    return [
        *finding_plots(analysis),
        *_account(analysis),
        *caused_plots(analysis),
        *credited_plots(analysis),
        *unsteady_plots(analysis),
        *_channels(analysis),
        *_campaigns(analysis),
    ]


def _account(analysis: Analysis) -> list[Plot]:
    weeks, channels, currency = analysis.weeks, analysis.channels, analysis.tables.currency
    line, till = analysis.break_even_roas, analysis.totals["revenue"]
    claims, mer = has_values(channels, "claimed_roas"), has_values(weeks, "mer")
    found = []
    if claims and till is not None and covers_all(analysis):
        hues = theme.channel_colours(channels["channel"])
        against = partial(charts.claims_against_till, channels, revenue=till, currency=currency, colours=hues)
        found.append(Plot("claims_against_till", "channels.csv", against, _bars(channels) + 2))
    steady = steadiness_plot(analysis)
    spend = partial(charts.spend_and_revenue, weeks, currency=currency)
    found.append(Plot("spend_and_revenue", "weeks.csv", spend, alone=not claims and not mer))
    if steady is not None:
        found.append(steady)
    if mer:
        by_week = partial(charts.mer_by_week, weeks, break_even=line)
        found.append(Plot("mer_by_week", "weeks.csv", by_week, page=steady is None))
    if claims:
        weekly = partial(charts.claimed_roas_by_week, weeks, break_even=line)
        found.append(Plot("claimed_roas_by_week", "weeks.csv", weekly, page=not mer and steady is None))
    return found


def _channels(analysis: Analysis) -> list[Plot]:
    channels, currency = analysis.channels, analysis.tables.currency
    hues, claims = theme.channel_colours(channels["channel"]), has_values(channels, "claimed_roas")
    found = []
    if claims:
        line = analysis.break_even_roas
        claimed = partial(charts.claimed_roas_by_channel, channels, break_even=line, currency=currency, colours=hues)
        found.append(Plot("claimed_roas_by_channel", "channels.csv", claimed, _bars(channels) + 1))
    spend = partial(charts.channel_spend_by_week, analysis.channel_weeks, currency=currency, colours=hues)
    return [*found, Plot("channel_spend_by_week", "channel_weeks.csv", spend, alone=not claims)]


def _campaigns(analysis: Analysis) -> list[Plot]:
    campaigns, labels, currency = analysis.campaigns, analysis.labels, analysis.tables.currency
    hues = theme.channel_colours(analysis.channels["channel"])
    found = []
    if len(campaigns):
        rows = min(len(campaigns), CHART_CHANNELS) + 1
        spend = partial(charts.campaigns_by_spend, campaigns, currency=currency, colours=hues)
        found.append(Plot("campaigns_by_spend", "campaigns.csv", spend, rows, alone=not len(labels)))
    if len(labels):
        labelled = partial(charts.labels_bars, labels, currency=currency)
        rows = min(len(labels), 10) + 2
        found.append(Plot("labels", "labels.csv", labelled, rows, alone=not len(campaigns)))
    return found


def _bars(channels: pd.DataFrame) -> int:
    return min(len(channels), CHART_CHANNELS + 1)


def draw(plot: Plot) -> Picture:
    """Draw a chart once for its files, and in two widths for the page."""
    with theme.style(live_text=False):
        whole = _axes(plot, theme.SIZE)
        png, svg = io.BytesIO(), io.BytesIO()
        figure = _figure(whole)
        figure.savefig(png, format="png", dpi=theme.DPI, metadata={"Software": None}, pil_kwargs=_QUICKLY)
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    files = png.getvalue(), svg.getvalue().decode("utf-8")
    if not plot.page:
        return Picture(plot.name, layout.said(whole, "title"), layout.said(whole, "subtitle"), *files)
    return _with_page(plot, *files)


def _with_page(plot: Plot, png: bytes, svg: str) -> Picture:
    """Draw a chart for the page, which writes its title and subtitle itself."""
    shown = []
    with theme.style(live_text=True), layout.words_apart():
        for kind, size in (
            ("wide", theme.full_size(plot.lines) if plot.alone else theme.HALF),
            ("narrow", theme.phone_size(plot.rows)),
        ):
            ax = _axes(plot, size)
            title, subtitle = layout.said(ax, "title"), layout.said(ax, "subtitle")
            says = f"Chart. {title}. {subtitle}. The figures are in {plot.table}."
            shown.append(inline_svg(_figure(ax), name=f"{plot.name}-{kind}", says=says, kind=kind))
    return Picture(plot.name, title, subtitle, png, svg, *shown)


def _axes(plot: Plot, size: tuple[float, float]) -> Axes:
    return plot.draw(ax=theme.figure(size).add_subplot())


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure
