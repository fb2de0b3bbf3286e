"""The charts that the weekly page shows, drawn for a screen and for a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from roas.charts import layout, theme
from roas.language import say, speaking
from roas.report.caused_plots import caused_plots
from roas.report.credited_plots import credited_plots
from roas.report.finding_plots import finding_plots
from roas.report.inline_svg import inline_svg
from roas.report.pictures import Picture
from roas.report.unsteady_plots import steadiness_plot

if TYPE_CHECKING:
    from roas.report.plot import Plot
    from roas.weekly.record import WeeklyReport

#: Charts that stand side by side on the page, beside those of findings.
PAIRS: Final = (("claimed_against_caused", "roas_with_noise"), ("attributed_against_caused",))


def weekly_pictures(report: WeeklyReport) -> list[Picture]:
    """Draw what the page shows, in the report's language.

    Returns
    -------
    list of Picture
        Without files (``png`` and ``svg`` are empty): the page brings its own drawings.
    """
    with speaking(report.language):
        return [_drawn(plot) for plot in weekly_plots(report)]


def weekly_plots(report: WeeklyReport) -> list[Plot]:
    """Return the charts of the page: each finding's evidence, claims against effects, ROAS beside luck, credit."""
    analysis = report.analysis
    steady = steadiness_plot(analysis)
    beside = [*caused_plots(analysis), *([steady] if steady else []), *credited_plots(analysis)]
    found = {plot.name: plot for plot in beside}
    pairs = [[found[name] for name in pair if name in found] for pair in PAIRS]
    return [
        *finding_plots(analysis),
        *(replace(plot, alone=len(pair) == 1) for pair in pairs for plot in pair),
    ]


def _drawn(plot: Plot) -> Picture:
    shown = []
    wide = theme.full_size(plot.lines) if plot.alone else theme.HALF
    with theme.style(live_text=True), layout.words_apart():
        for kind, size in (("wide", wide), ("narrow", theme.phone_size(plot.rows))):
            ax = plot.draw(ax=theme.figure(size).add_subplot())
            title, subtitle = layout.said(ax, "title"), layout.said(ax, "subtitle")
            figure = ax.get_figure(root=True)
            assert figure is not None
            says = say("Chart. {title}. {subtitle}.", title=title, subtitle=subtitle)
            shown.append(inline_svg(figure, name=f"{plot.name}-{kind}", says=says, kind=kind))
    return Picture(plot.name, title, subtitle, b"", "", *shown)
