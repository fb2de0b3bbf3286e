"""The figures that a report keeps, so that the next one can say what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.document import plain
from roas.weekly.figures import CLAIMED, UNITS, Weekly, range_of, rounded, still_arriving, weekly_sums
from roas.weekly.usual import FARTHEST_AHEAD
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.quantiles import Q
    from roas.weekly.usual import Usual

#: Weeks whose sums a report keeps, so that the next one can tell what was corrected in them: two months, in case some
#: Mondays are missed.
KEPT_WEEKS: Final = 9

#: Channels, the largest by spend, whose figures are compared: a page lists no more.
COMPARED: Final = 40


def figures_document(analysis: Analysis) -> dict[str, Any]:
    """Return the figures that the next report compares with, as plain JSON types.

    Returns
    -------
    dict
        ``schema``, ``version``, ``currency``, ``window``; ``week``, the last
        complete ISO week, or null; ``weeks``, the sums of the last
        `KEPT_WEEKS` of them; ``bands``, the usual ranges of the last one
        (``{"totals": {figure: …}, "channels": {name: {figure: …}}}``), and
        ``unlikely``, how seldom luck brings what it brought, told from the
        weeks up to 1, 2, … `FARTHEST_AHEAD` before it;
        ``totals`` and ``channels``, over the whole window: the sums,
        estimates as ``{p5, p50, p95}``, and states.
    """
    account = weekly_sums(analysis)
    names = [str(name) for name in analysis.channels["channel"][:COMPARED]]
    parts = {name: weekly_sums(analysis, name) for name in names}
    week = account.weeks[-1] if account.weeks else None
    kept = account.weeks[-KEPT_WEEKS:]
    return {
        "schema": "roas.figures/1",
        "version": analysis.run.version,
        "currency": analysis.tables.currency,
        "window": dict(analysis.window),
        "week": None if week is None else str(week),
        "weeks": {str(each): _sums_of(account, parts, each) for each in kept},
        **_usual(analysis, account, parts, week),
        "totals": _whole_account(analysis),
        "channels": {name: _whole_channel(analysis, name) for name in names},
    }


def _sums_of(account: Weekly, parts: Mapping[str, Weekly], week: Week) -> dict[str, Any]:
    totals, *channels = (
        {name: sums.at(name, week) for name in UNITS if name in sums.values} for sums in (account, *parts.values())
    )
    return {"totals": totals, "channels": dict(zip(parts, channels, strict=True))}


def _usual(analysis: Analysis, account: Weekly, parts: Mapping[str, Weekly], week: Week | None) -> dict[str, Any]:
    """Return the usual range of every figure of the week and how unlikely it is; of claims that still arrive neither."""
    if week is None:
        return {"bands": None, "unlikely": None}
    scopes: list[tuple[str | None, Weekly]] = [(None, account), *parts.items()]
    found = {channel: _usual_of(sums, week, still_arriving(analysis, week, channel)) for channel, sums in scopes}
    whole = found.pop(None)
    return {
        name: {"totals": whole[name], "channels": {channel: each[name] for channel, each in found.items()}}
        for name in ("bands", "unlikely")
    }


def _usual_of(sums: Weekly, week: Week, arriving: bool) -> dict[str, dict[str, list[Any] | None]]:
    bands: dict[str, list[Any] | None] = {}
    unlikely: dict[str, list[Any] | None] = {}
    for name in (each for each in UNITS if each in sums.values):
        value = sums.at(name, week)
        found = None if value is None or (arriving and name in CLAIMED) else sums.usual(name, week)
        bands[name] = None if found is None else list(range_of(found))
        unlikely[name] = None if found is None or value is None else _seldom(found, value)
    return {"bands": bands, "unlikely": unlikely}


def _seldom(found: Usual, value: float) -> list[float | None]:
    told = (found.unlikely(value, ahead=back) for back in range(1, FARTHEST_AHEAD + 1))
    return [None if each is None else rounded(each) for each in told]


def _whole_account(analysis: Analysis) -> dict[str, Any]:
    totals, response, steady = analysis.totals, analysis.response, analysis.volatility
    found: dict[str, Any] = {name: plain(totals.get(name)) for name in UNITS}
    found["incremental_revenue"] = _plain(None if response is None else response.incremental_revenue)
    found["baseline_share"] = _plain(None if response is None else response.baseline_share)
    account = None if steady is None else steady.account
    return {**found, "volatility": None if account is None else account.to_dict()["state"]}


def _whole_channel(analysis: Analysis, name: str) -> dict[str, Any]:
    row = analysis.channels.set_index("channel").loc[name]
    found: dict[str, Any] = {each: plain(row[each]) for each in UNITS if each in row.index}
    caused, steady = analysis.caused.get(name), analysis.volatility
    estimated = {} if caused is None else caused.to_dict()
    causal, state = estimated.get("incremental") or {}, estimated.get("saturation") or {}
    measured = None if steady is None else steady.channels.get(name)
    return {
        **found,
        "incremental_revenue": causal.get("revenue"),
        "incremental_roas": causal.get("roas"),
        "marginal_roas": causal.get("marginal_roas"),
        "saturation": state.get("state"),
        "volatility": None if measured is None else measured.to_dict()["state"],
    }


def _plain(value: Q | None) -> dict[str, float] | None:
    return None if value is None else value.to_dict()


def scoped(part: Mapping[str, Any] | None, channel: str | None) -> Mapping[str, Any]:
    """Return the figures of the account or a channel; none where the part is missing."""
    if part is None:
        return {}
    found = part["totals"] if channel is None else part["channels"].get(channel)
    return found or {}
