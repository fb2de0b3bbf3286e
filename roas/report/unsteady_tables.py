"""Volatility as tables, for CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis


def unsteady_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the files on volatility that have something to hold.

    Returns
    -------
    dict
        ``volatility.csv`` (one row per series; the account has no channel),
        ``breaks.csv``, ``tear_sheet.csv``, ``funnel.csv`` (campaigns or
        channels beside luck at their own spend), ``decomposition.csv`` (one
        row per pair of periods, channel, campaign and factor).
    """
    found = analysis.volatility
    tables: dict[str, pd.DataFrame] = {}
    if found is not None and (found.account is not None or found.channels):
        tables["volatility.csv"], tables["breaks.csv"] = found.to_frame(), found.breaks()
    if found is not None and found.sheets:
        from roas.volatility.sheet.tear import tear_table

        tables["tear_sheet.csv"] = tear_table(found.sheets.values())
    if analysis.judged is not None:
        judged = analysis.judged
        tables["funnel.csv"] = judged.units.rename(columns={"label": judged.what} if judged.what == "campaign" else {})
    parts = _decomposition(analysis)
    if parts is not None:
        tables["decomposition.csv"] = parts
    return tables


def _decomposition(analysis: Analysis) -> pd.DataFrame | None:
    """Return every line: the total without a channel, channels without a campaign."""
    import pandas as pd

    if analysis.changes is None:
        return None
    rows = []
    for pair, change in zip(analysis.changes.pairs, analysis.changes.changes, strict=True):
        whole = change.to_frame().drop(columns=["share"])
        part = pd.concat([whole, change.by_channel, change.by_campaign], ignore_index=True)
        part["pair"] = pair.name
        for name, period in (("before", pair.before), ("after", pair.after)):
            part[f"{name}_start"], part[f"{name}_end"] = period.start, period.end
        rows.append(part)
    lines = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    if not len(lines):
        return None
    first = ["pair", "before_start", "before_end", "after_start", "after_end", "channel", "campaign", "factor"]
    for name in first:
        if name not in lines:
            lines[name] = None
    return lines[[*first, *(c for c in lines.columns if c not in first)]]
