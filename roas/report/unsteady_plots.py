"""Charts of volatility, of what differs beyond luck, and of where a change came from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from roas import charts
from roas.charts import theme
from roas.language import say
from roas.limits import CHART_CHANNELS
from roas.report.change_words import FACTOR, between, shown_pair
from roas.report.plot import Plot

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.analysis.record import Analysis
    from roas.volatility.results import SeriesVolatility


def steadiness_plot(analysis: Analysis) -> Plot | None:
    """Return weekly ROAS of the account beside what luck does to it; None where it is not measured."""
    of = None if analysis.volatility is None else analysis.volatility.account
    return None if of is None else Plot("roas_with_noise", "weeks.csv", _with_noise(of, "", analysis.break_even_roas))


def unsteady_plots(analysis: Analysis) -> list[Plot]:
    """Return the charts of the section on volatility, in the page's order."""
    found = analysis.volatility
    if found is None:
        return []
    plots = []
    if any(each.noise.basis != "unknown" for _, each in found):
        split = partial(charts.volatility_split, _parts(analysis))
        lone = shown_pair(analysis) is None
        plots.append(Plot("volatility_split", "volatility.csv", split, _rows(len(found.channels)) + 2, alone=lone))
    plots += [*_change(analysis), *_judged(analysis), *_returns(analysis)]
    broken = [(name, each) for name, each in found.channels.items() if each.breaks.levels]
    for place, (name, each) in enumerate(broken[:CHART_CHANNELS], start=1):
        drawn = _with_noise(each, name, analysis.break_even_roas)
        plots.append(Plot(f"roas_with_noise_{place}", "breaks.csv", drawn, page=False))
    return plots


def _rows(channels: int) -> int:
    return min(channels, CHART_CHANNELS) + 1


def _with_noise(of: SeriesVolatility, name: str, line: float | None) -> partial[Axes]:
    import pandas as pd

    breaks = pd.DataFrame(
        [(each.date, each.before, each.after, each.probability) for each in of.breaks.levels],
        columns=["date", "before", "after", "probability"],
    )
    return partial(
        charts.roas_with_noise, of.weeks, breaks=breaks, name=name, of=of.series.of, break_even=line, shares=of.shares
    )


def _parts(analysis: Analysis) -> pd.DataFrame:
    from roas.charts.movers import ACCOUNT
    from roas.volatility.shares import PARTS

    assert analysis.volatility is not None
    frame = analysis.volatility.to_frame().rename(columns={"channel": "name", "observed_log_sd": "observed"})
    unknown = [each.noise.basis == "unknown" for _, each in analysis.volatility]
    frame.loc[unknown, list(PARTS)] = float("nan")
    return frame.assign(name=frame["name"].astype(object).where(frame["name"].notna(), ACCOUNT))


def _change(analysis: Analysis) -> list[Plot]:
    """Return where the change came from, of the pair of periods that the page tells."""
    import pandas as pd

    found = shown_pair(analysis)
    if found is None:
        return []
    pair, change = found
    ends = [None if (q := e.ratio_interval) is None else (q.p5, q.p95) for e in change.effects]
    effects = pd.DataFrame(
        {
            "factor": [say(FACTOR[e.factor]) for e in change.effects],
            "p5": [None if both is None else both[0] for both in ends],
            "p50": [e.ratio for e in change.effects],
            "p95": [None if both is None else both[1] for both in ends],
        }
    )
    total = change.comparison.points
    drawn = partial(
        charts.change_bars, effects, before=change.roas_before, after=change.roas_after,
        periods=between(pair), total=None if total is None else total.to_dict(), currency=analysis.tables.currency,
    )  # fmt: skip
    assert analysis.volatility is not None
    lone = all(each.noise.basis == "unknown" for _, each in analysis.volatility)
    return [Plot("change_bars", "decomposition.csv", drawn, len(effects) + 2, alone=lone)]


def _judged(analysis: Analysis) -> list[Plot]:
    found = analysis.judged
    if found is None:
        return []
    drawn = partial(
        charts.funnel_plot, found.units, center=found.center, what=found.what, currency=analysis.tables.currency,
        curve=found.curve,
    )  # fmt: skip
    return [Plot("funnel_plot", "funnel.csv", drawn, alone=analysis.margin is None)]


def _returns(analysis: Analysis) -> list[Plot]:
    """Return what channels earn: with a margin for the page, as a file alone without one."""
    import pandas as pd

    assert analysis.volatility is not None
    rows = []
    for name, sheet in analysis.volatility.sheets.items():
        if sheet.mean_return is None:
            continue
        true, below = sheet.true_log_sd, sheet.below_break_even
        luck = None if below is None or below.by_luck is None else below.by_luck.p50
        rows.append(
            {
                "channel": name,
                **{f"mean_{level}": value for level, value in sheet.mean_return.to_dict().items()},
                "true_sd": None if true is None else true.p50 * (1 + sheet.mean_return.p50),
                "below_observed": None if below is None else below.below / below.weeks,
                "below_by_luck": None if luck is None or below is None else luck,
                "weeks": sheet.weeks,
            }
        )
    if not rows:
        return []
    hues = theme.channel_colours(analysis.channels["channel"])
    drawn = partial(charts.return_and_risk, pd.DataFrame(rows), margin=analysis.margin, colours=hues)
    return [Plot("return_and_risk", "tear_sheet.csv", drawn, _rows(len(rows)) + 1, page=analysis.margin is not None)]
