"""Pictures of a fitted model: thin calls of `roas.charts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.limits import RECENT_WEEKS
from roas.response.data import DAYS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.response.results import ResponseResults


def plot_curve(results: ResponseResults, channel: str, *, ax: Axes | None = None) -> Axes:
    """Draw what a channel's spend brings, with today's point, break-even and the range observed."""
    from roas import charts

    each, data = results.channel(channel), results.data
    per_week = 7 / DAYS[data.grain]
    recent = data.spend[data.recent(RECENT_WEEKS), data.channels.index(channel)].mean() * per_week
    marginal = each.marginal_roas
    return charts.response_curve(
        results.curve(channel), channel=channel, recent_spend=float(recent), grain=data.grain,
        marginal=None if marginal is None else (marginal.p5, marginal.p50, marginal.p95),
        break_even=results.break_even_roas, identified=each.verdict.identified, ax=ax,
    )  # fmt: skip


def plot_contributions(results: ResponseResults, *, ax: Axes | None = None) -> Axes:
    """Draw revenue over time, split into the baseline and what each channel caused."""
    import pandas as pd

    from roas import charts

    data, share = results.data, results.baseline_share
    revenue = pd.DataFrame({"date": data.dates.astype("datetime64[ns]"), "revenue": data.revenue})
    return charts.contributions(
        results.contributions(), revenue=revenue, grain=data.grain,
        baseline_share=None if share is None else (share.p5, share.p50, share.p95), ax=ax,
    )  # fmt: skip


def plot_roas(results: ResponseResults, *, ax: Axes | None = None) -> Axes:
    """Draw each channel's ROAS with its interval, beside what platforms claim where they do."""
    from roas import charts

    return charts.claimed_against_caused(_frame(results), break_even=results.break_even_roas, ax=ax)


def plot_marginal(results: ResponseResults, *, ax: Axes | None = None) -> Axes:
    """Draw what the next unit of money brings in each channel, with its interval."""
    from roas import charts

    return charts.marginal_roas_by_channel(_frame(results), break_even=results.break_even_roas, ax=ax)


def plot_prior(results: ResponseResults, *, ax: Axes | None = None) -> Axes:
    """Draw ROAS before and after the data."""
    from roas import charts

    return charts.prior_and_posterior(_frame(results), ax=ax)


def _frame(results: ResponseResults) -> pd.DataFrame:
    """Return one row per channel, with claimed ROAS (NaN where nothing is claimed)."""
    import numpy as np

    frame, data = results.to_frame(), results.data
    claimed = np.full(len(data.channels), np.nan) if data.claimed is None else np.nansum(data.claimed, axis=0)
    by_name = dict(zip(data.channels, claimed / data.spend.sum(axis=0), strict=True))
    return frame.assign(claimed_roas=frame["channel"].map(by_name).replace(0.0, np.nan))
