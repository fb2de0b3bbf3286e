"""Charts of one attribution: each takes the record and ``ax=None``, and returns the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from roas.attribution import frames
from roas.attribution.flow_paths import flow_paths
from roas.charts import attribution as drawn
from roas.charts.attribution.model_names import model_label
from roas.charts.attribution.states import OTHER
from roas.charts.theme import channel_colours
from roas.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from roas.attribution.attribution import Attribution
    from roas.attribution.suppress import Floats


def colours(result: Attribution) -> dict[str, str]:
    """Give the channels with the most credit a colour, the same in every chart."""
    if not result.credits:
        return channel_colours(result.channels)
    return channel_colours(result.channels[c] for c in result.ranked(result.leading.conversions))


def credit(result: Attribution, *, measure: str, ax: Axes | None) -> Axes:
    """Draw what each model credits to each channel."""
    return drawn.credit_by_model(
        frames.credit_frame(result),
        measure=measure,
        currency=result.journeys.currency,
        colours=colours(result),
        bucket=result.bucket,
        ax=ax,
    )


def sankey(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw how journeys move from touch to touch until they convert, or do not."""
    nulls = None if result.journeys.nulls_known else False
    paths = flow_paths(result.journeys.paths, fewest=result.fewest)
    return drawn.path_flow(paths, nulls=nulls, colours=colours(result), bucket=result.bucket, ax=ax)


def transitions(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw where journeys go from each channel; small steps stand under ``(other)``."""
    frame = frames.transition_frame(result)
    return drawn.transition_matrix(frame[frame["from"] != OTHER], fewest=0, bucket=result.bucket, ax=ax)


def top_paths(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw the paths with the most conversions."""
    import pandas as pd

    others = [result.paths.other] if result.paths.other.conversions is not None else []
    rows = [(r.path or (), r.journeys, r.conversions, r.value) for r in (*result.paths.rows, *others)]
    frame = pd.DataFrame(rows, columns=["path", "journeys", "conversions", "value"])
    return drawn.top_paths(
        frame if result.value else frame.drop(columns="value"),
        currency=result.journeys.currency,
        fewest=result.fewest,
        nulls_known=result.journeys.nulls_known,
        colours=colours(result),
        bucket=result.bucket,
        ax=ax,
    )


def path_lengths(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw how many journeys have how many touches, and what share of them converts."""
    import pandas as pd

    paths = result.journeys.paths
    lengths, place = np.unique(paths.lengths, return_inverse=True)
    frame = pd.DataFrame(
        {
            "touches": lengths,
            "journeys": np.bincount(place, weights=paths.journeys, minlength=len(lengths)),
            "conversions": np.bincount(place, weights=paths.conversions, minlength=len(lengths)),
        }
    )
    return drawn.path_length(frame, nulls_known=result.journeys.nulls_known, fewest=result.fewest, ax=ax)


def time_to_convert(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw how many days pass between the first touch and the conversion."""
    spans = result.days_to_convert
    if spans is None:
        raise UsageError("Days to convert are not known: paths carry no times. Give touchpoints (user, time, channel).")
    return drawn.time_to_convert(_spread(result), lookback_days=result.journeys.lookback_days, ax=ax)


def _spread(result: Attribution) -> Floats:
    """Return conversions by day; days that were joined share theirs evenly."""
    spans = result.days_to_convert or []
    days = np.zeros(spans[-1].last + 1 if spans else 1)
    for span in spans:
        days[span.first : span.last + 1] = span.journeys / (span.last + 1 - span.first)
    return days


def removal(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw which share of conversions each channel's removal would cost."""
    if result.removal is None:
        raise UsageError("Removal effects are not known: no conversion had a touch before it.")
    frame = frames.removal_frame(result).rename(columns={"p5": "effect_p5", "p95": "effect_p95"})
    return drawn.removal_effects(
        frame, nulls_known=result.journeys.nulls_known, colours=colours(result), bucket=result.bucket, ax=ax
    )


def positions(result: Attribution, *, ax: Axes | None) -> Axes:
    """Draw at which place of the journey channels earn their credit, by the ordered Shapley."""
    if not result.positions:
        raise UsageError("Credit by place needs the model shapley_ordered. Add it to models.")
    frame = frames.place_frame(result)
    return drawn.credit_by_place(
        frame[frame["conversions"].notna()], colours=colours(result), bucket=result.bucket, ax=ax
    )


def weeks(result: Attribution, *, model: str | None, ax: Axes | None) -> Axes:
    """Draw the conversions credited to each channel, week by week."""
    if result.weeks is None:
        raise UsageError("Credit by week was not asked for, or no times are known. Use weekly=True.")
    chosen = model or result.leading.model
    frame = frames.week_frame(result)
    return drawn.credit_by_week(
        frame[frame["model"] == chosen],
        model=model_label(chosen),
        colours=colours(result),
        bucket=result.bucket,
        ax=ax,
    )


def incremental(result: Attribution, *, model: str | None, ax: Axes | None) -> Axes:
    """Draw attributed value beside what is claimed and what was caused."""
    import pandas as pd

    if result.scaled is None:
        raise UsageError("What channels caused was not given. Use incremental=FILE.")
    chosen = model or result.leading.model
    rows = [
        (r.channel, r.attributed[chosen], r.claimed, r.caused.p5, r.caused.p50, r.caused.p95)
        for r in result.scaled.rows
    ]
    names = ["channel", "attributed", "claimed", "caused_p5", "caused_p50", "caused_p95"]
    frame = pd.DataFrame(rows, columns=names)
    if frame["claimed"].isna().all():
        frame = frame.drop(columns="claimed")
    return drawn.attributed_against_caused(
        frame, currency=result.journeys.currency, model=model_label(chosen), colours=colours(result), ax=ax
    )
