"""Results → the contract's JSON documents, in plain types."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis
    from roas.decompose import Changes
    from roas.io.load import FileReport
    from roas.response import ChannelResponse, ResponseResults

_NO_ESTIMATE = {"revenue": None, "roas": None, "roas_recent": None, "marginal_roas": None}


def plain(value: Any) -> Any:
    """Return a number as int or float, None for NaN, text as it is."""
    if value is None or value != value:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def records(frame: pd.DataFrame, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Return rows as dicts of plain values."""
    chosen = [c for c in columns if c in frame.columns]
    return [
        {c: plain(v) for c, v in zip(chosen, row, strict=True)}
        for row in frame[chosen].itertuples(index=False, name=None)
    ]


def input_document(report: FileReport) -> dict[str, Any]:
    """Return one entry of ``inputs``."""
    return {
        "file": report.file,
        "sha256": report.sha256,
        "format": report.format,
        "rows_read": report.rows_read,
        "rows_used": report.rows_used,
        "rejected": [
            {"reason": r.reason, "count": r.count, "first_line": r.first_line} for r in report.findings.rejected
        ],
        "notes": report.findings.notes,
    }


def analysis_document(result: Analysis) -> dict[str, Any]:
    """Return ``analysis.json``: complete, with null for what is not estimated."""
    totals = result.totals
    causal = result.revenue_in_window is not None
    return {
        "schema": "roas.analysis/1",
        "run": {"version": result.run.version, "started": result.run.started, "seconds": result.run.seconds},
        "inputs": [input_document(r) for r in result.inputs],
        "window": result.window,
        "currency": result.tables.currency,
        "totals": {k: plain(totals[k]) for k in _TOTALS}
        | _caused_in_all(result)
        | {"volatility": _volatility(result, None)},
        "channels": [
            _channel(row, causal, result.caused.get(row["channel"])) | _steadiness(result, row["channel"])
            for row in records(result.channels, result.channels.columns)
        ],
        "campaigns": records(result.campaigns, ("channel", "campaign", *_FIGURES)),
        "labels": records(result.labels, ("group", "label", "suggested", *_FIGURES)),
        "diagnosis": result.diagnosis.to_dict(),
        "decomposition": None if result.changes is None else _changes(result.changes),
        "steadiness": None if result.volatility is None else result.volatility.to_dict(),
        "model": None if result.response is None else _model(result.response),
        "attribution": _credited(result),
        "notes": list(result.notes),
    }


def _credited(result: Analysis) -> dict[str, Any] | None:
    """Return credit beside claims and effects; the whole of it is the document of ``result.attribution``."""
    if result.credited is None:
        return None
    from roas.analysis.credited_document import credited_document

    return credited_document(result.credited)


def _caused_in_all(result: Analysis) -> dict[str, Any]:
    response = result.response
    revenue, share = (None, None) if response is None else (response.incremental_revenue, response.baseline_share)
    return {"incremental_revenue": revenue and revenue.to_dict(), "baseline_share": share and share.to_dict()}


def _volatility(result: Analysis, channel: str | None) -> dict[str, Any] | None:
    """Return the contract's V of the account, or of one channel; None where no ROAS series exists."""
    found = result.volatility
    if found is None:
        return None
    measured = found.account if channel is None else found.channels.get(str(channel))
    return None if measured is None else measured.to_dict()


def _steadiness(result: Analysis, channel: str) -> dict[str, Any]:
    """Return what is said of one channel's volatility, and how late its claims arrive."""
    late = None if result.maturity is None else result.maturity.get(str(channel))
    return {
        "volatility": _volatility(result, channel),
        "tear_sheet": _sheet(result, channel),
        "maturity": None if late is None else late.to_dict() | {"mature_until": late.last_mature.isoformat()},
    }


def _sheet(result: Analysis, channel: str) -> dict[str, Any] | None:
    """Return the tear sheet of one channel; None where no ROAS series exists."""
    sheet = None if result.volatility is None else result.volatility.sheets.get(str(channel))
    return None if sheet is None else {k: v for k, v in sheet.to_dict().items() if k != "name"}


def _changes(changes: Changes) -> dict[str, Any]:
    """Return the decompositions; campaigns are left to decomposition.csv, which may hold thousands."""
    document = changes.to_dict()
    for pair in document["pairs"]:
        del pair["by_campaign"]
        if pair["name"] == "around_break":  # the data chose the day: such a p-value would be too small
            pair["p_value"] = pair["interval_95"] = None
    return document


def _model(response: ResponseResults) -> dict[str, Any]:
    """Say how far the estimates can be trusted."""
    data, sample = response.data, response.sample
    return {
        "grain": data.grain,
        "start": str(data.dates[0]),
        "end": str(data.dates[-1]),
        "periods": data.periods,
        "regions": len(response.geos) or None,
        "controls": [name.removeprefix("control: ") for name in response.controls],
        "converged": response.converged,
        "rhat": None if sample is None else round(float(sample.rhat.max()), 3),
        "ess": None if sample is None else round(float(sample.ess.min())),
        "claims": _claims(response),
        "experiments": [check.to_dict() for check in response.checks],
        "excluded": [{"channel": name, "because": why} for name, why in sorted(response.excluded.items())],
    }


_RATIOS = ("cpa", "cpm", "cpc", "ctr", "cvr", "aov")
_FIGURES = ("spend", "impressions", "clicks", "conversions", "claimed_revenue", "claimed_roas", *_RATIOS)
_TOTALS = (
    *_FIGURES,
    *("revenue", "orders", "mer", "over_claim_ratio", "average_order", "new_customers", "cost_per_new_customer"),
)


def _claims(response: ResponseResults) -> dict[str, Any] | None:
    """Say what claims had a say on, and by whom."""
    posterior = None if response.fitting is None else response.fitting.posterior
    if posterior is None or posterior.claimed_level is None:
        return None
    claims, names = posterior.claims, response.data.channels
    voting = () if claims is None else claims.channels
    return {
        "shape": [names[c] for c in voting],
        "demand_log_sd": None if claims is None else float(f"{claims.demand_sd:.3g}"),
        "drift_log_sd_per_year": {}
        if claims is None
        else {names[c]: float(f"{sd:.3g}") for c, sd in zip(voting, claims.drift, strict=True)},
    }


def _channel(row: dict[str, Any], causal: bool, caused: ChannelResponse | None) -> dict[str, Any]:
    shown = ("channel", "spend_per_week_recent", "spend_share", *_FIGURES)
    named = {k: row.get(k) for k in shown}
    if caused is None:
        return named | {
            "incremental": dict(_NO_ESTIMATE) if causal else None,
            "saturation": {"state": "unknown", "probability": None},
            "response": None,
        }
    estimated = caused.to_dict()
    beside = ("identified", "reasons", "experiment", "half_life_days", "contraction", "prior_roas")
    return named | {
        "incremental": estimated["incremental"],
        "saturation": estimated["saturation"],
        "response": {k: estimated[k] for k in beside},
    }


def dumps(document: dict[str, Any]) -> str:
    """Write a document as JSON: fields in the contract's order, NaN refused, one final newline."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
