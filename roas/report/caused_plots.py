"""Charts of what spend causes, where the estimates are worth showing."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from roas import charts
from roas.charts import theme
from roas.charts.response import MOST_CURVES, PANELS_ACROSS
from roas.limits import CHART_CHANNELS
from roas.report.caused import caused_frame, revenue_modelled, usable
from roas.report.plot import Plot

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis
    from roas.charts.causal_words import Range
    from roas.response import Q, ResponseResults

#: Rows of bars (see `theme.phone_size`) that one small curve takes on a phone.
_CURVE_ROWS: Final = 4.4


def caused_plots(analysis: Analysis) -> list[Plot]:
    """Return the charts of what spend causes, in the page's order; none that has not converged."""
    response = usable(analysis)
    if response is None:
        return []
    frame, currency, line = caused_frame(analysis), analysis.tables.currency, response.break_even_roas
    hues = theme.channel_colours(analysis.channels["channel"])
    rows = min(len(frame), CHART_CHANNELS) + 1
    against, following = (
        partial(draw, frame, break_even=line, currency=currency, colours=hues)
        for draw in (charts.claimed_against_caused, charts.marginal_roas_by_channel)
    )
    learned = partial(charts.prior_and_posterior, frame, currency=currency, colours=hues)
    return [
        Plot("claimed_against_caused", "channels.csv", against, rows),
        Plot("marginal_roas_by_channel", "channels.csv", following, rows),
        *_curves(response, frame, currency, hues),
        _contributions(response, currency, hues),
        Plot("prior_and_posterior", "channels.csv", learned, rows, page=False),
    ]


def _curves(response: ResponseResults, frame: pd.DataFrame, currency: str | None, hues: dict[str, str]) -> list[Plot]:
    """Return the curves of the largest channels: together for the page, each as a file of its own."""
    named = [each.channel for each in response.channels[:MOST_CURVES]]
    curves = {name: response.curve(name) for name in named}
    grain, line = response.data.grain, response.break_even_roas
    together = partial(
        charts.response_curves, curves, frame, break_even=line, currency=currency, grain=grain, colours=hues
    )
    rows, lines = math.ceil(_CURVE_ROWS * len(curves)), 1 if len(curves) <= PANELS_ACROSS else 2
    found = [Plot("response_curves", "response_curves.csv", together, rows, alone=True, lines=lines)]
    recent = dict(zip(frame["channel"], frame["spend_per_week_recent"], strict=True))
    for place, each in enumerate(response.channels[:MOST_CURVES], start=1):
        single = partial(
            charts.response_curve, curves[each.channel], channel=each.channel, recent_spend=recent[each.channel],
            marginal=_range(each.marginal_roas), break_even=line, currency=currency, grain=grain,
            identified=each.verdict.identified, colour=hues.get(each.channel),
        )  # fmt: skip
        found.append(Plot(f"response_curve_{place}{_slug(each.channel)}", "response_curves.csv", single, page=False))
    return found


def _contributions(response: ResponseResults, currency: str | None, hues: dict[str, str]) -> Plot:
    split = partial(
        charts.contributions, response.contributions(), revenue=revenue_modelled(response),
        baseline_share=_range(response.baseline_share), currency=currency, grain=response.data.grain, colours=hues,
    )  # fmt: skip
    return Plot("contributions", "contributions.csv", split, alone=True)


def _range(q: Q | None) -> Range | None:
    return None if q is None else (q.p5, q.p50, q.p95)


def _slug(name: str) -> str:
    """Return what of a channel's name may stand in a file's name.

    Examples
    --------
    >>> _slug("Meta Ads"), _slug("../x"), _slug("日本")
    ('_meta_ads', '_x', '')
    """
    plain = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:24].strip("_")
    return f"_{plain}" if plain else ""
