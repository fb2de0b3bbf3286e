"""What spend causes, as tables: for charts and for CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis
    from roas.response import ResponseResults

LEVELS: Final = ("p5", "p50", "p95")

#: Figure of the results → its name in ``channels.csv``.
_NAMES: Final = {
    **{
        f"{name}_{level}": f"incremental_{name}_{level}"
        for name in ("revenue", "roas", "roas_recent")
        for level in LEVELS
    },
    "state": "saturation",
    "probability": "saturation_probability",
}


def usable(analysis: Analysis) -> ResponseResults | None:
    """Return the estimates, unless there are none or the sampler has not converged."""
    response = analysis.response
    if response is None or not response.channels or not response.converged:
        return None
    return response


def caused_frame(analysis: Analysis) -> pd.DataFrame:
    """Return one row per channel with an estimate: figures as the charts take them.

    Returns
    -------
    DataFrame
        What `ResponseResults.to_frame` holds, ``claimed_roas`` (ratio),
        ``spend_per_week_recent`` (currency per week) and ``prior_roas_p5`` …
    """
    response = analysis.response
    assert response is not None
    frame = response.to_frame()
    beside = analysis.channels[["channel", "claimed_roas", "spend_per_week_recent"]]
    frame = frame.merge(beside.assign(channel=beside["channel"].astype(str)), on="channel", how="left")
    for level in LEVELS:
        frame[f"prior_roas_{level}"] = [getattr(each.prior_roas, level) for each in response.channels]
    return frame


def channels_table(analysis: Analysis) -> pd.DataFrame:
    """Return the channels of ``channels.csv``: the figures, and beside them what spend caused."""
    channels, response = analysis.channels, analysis.response
    if response is None:
        return channels
    why = channels["channel"].map({str(name): reason for name, reason in response.excluded.items()})
    if not response.channels:
        return channels.assign(not_in_model=why)
    estimates = response.to_frame().drop(columns="spend").rename(columns=_NAMES)
    estimates["experiment"] = [each.verdict.experiment for each in response.channels]
    estimates["converged"] = response.converged
    table = channels.merge(estimates, on="channel", how="left", validate="one_to_one")
    return table.assign(not_in_model=why) if why.notna().any() else table


def curves_table(response: ResponseResults) -> pd.DataFrame:
    """Return the response curves of all channels, one below the other (``response_curves.csv``)."""
    import pandas as pd

    parts = []
    for each in response.channels:
        curve = response.curve(each.channel).rename(columns={"spend": "spend_per_period"})
        curve.insert(0, "channel", each.channel)
        curve.insert(1, "period", response.data.grain)
        parts.append(curve)
    return pd.concat(parts, ignore_index=True)


def revenue_modelled(response: ResponseResults) -> pd.DataFrame:
    """Return the revenue that was explained: ``date``, ``revenue`` (currency per period)."""
    import pandas as pd

    data = response.data
    return pd.DataFrame({"date": data.dates.astype("datetime64[ns]"), "revenue": data.revenue})
