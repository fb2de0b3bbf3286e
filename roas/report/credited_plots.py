"""Charts of who gets credit, in the colours that channels have on the other charts of the page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from roas import charts
from roas.attribution.flow_paths import flow_paths
from roas.attribution.frames import credit_frame
from roas.charts import theme
from roas.charts.attribution.model_names import model_label
from roas.io.headers import fold
from roas.limits import CHART_CHANNELS
from roas.report.credited_table import chart_frame
from roas.report.plot import Plot

if TYPE_CHECKING:
    from roas.analysis.credited import Credited
    from roas.analysis.record import Analysis


def credited_plots(analysis: Analysis) -> list[Plot]:
    """Return the charts that the journeys allow, in the page's order."""
    found, currency = analysis.credited, analysis.tables.currency
    if found is None or not found.attribution.credits:
        return []
    result, hues = found.attribution, _colours(analysis, found)
    plots, rows = [], min(len(result.channels), CHART_CHANNELS + 1)
    credit = partial(
        charts.credit_by_model, credit_frame(result), measure="value" if result.value else "conversions",
        currency=currency, colours=hues, bucket=result.bucket,
    )  # fmt: skip
    # side by side on one axis only where they are of the same dates
    beside = any(row.attributed is not None for row in found.rows) and found.dates.same is not False
    if beside:
        against = partial(
            charts.attributed_against_caused, chart_frame(found), currency=currency,
            model=model_label(result.leading.model), colours=hues,
        )  # fmt: skip
        some = min(len(found.rows), CHART_CHANNELS + 1) + 2
        plots.append(Plot("attributed_against_caused", "attributed.csv", against, some))
    plots.append(Plot("credit_by_model", "credit.csv", credit, rows + 6, alone=not beside))
    journeys = result.journeys
    flow = partial(
        charts.path_flow, flow_paths(journeys.paths, fewest=result.fewest),
        nulls=None if journeys.nulls_known else False, colours=hues, bucket=result.bucket,
    )  # fmt: skip
    return [*plots, *([Plot("path_flow", "paths.csv", flow, alone=True)] if result.path_lengths else [])]


def _colours(analysis: Analysis, found: Credited) -> dict[str, str]:
    """Give each channel of the journeys the colour that the spend's charts give it."""
    spent = [str(name) for name in analysis.channels["channel"]]
    known = {fold(name): name for name in reversed(spent)}
    result = found.attribution
    hues = theme.channel_colours([*spent, *found.only_journeys])
    return hues | {name: hues[known[fold(name)]] for name in result.channels if fold(name) in known}
