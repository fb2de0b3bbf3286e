"""What changed since the last report, and why: each figure from then to now, step by step.

A figure of the week goes from what the last report printed, over the same
week as it is known now (restated data), to this week (new data; real where
the week lies outside its usual range). An estimate goes from what was printed
over this version's answer to the same rows (model) and the corrected rows
(restated data) to today's. Steps join end to end, so their sum is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.document import plain
from roas.weekly.figures import SUMS, UNITS, Weekly, still_arriving, weekly_sums
from roas.weekly.record import Because, Change, Unit
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.quantiles import Q

#: Two amounts or counts are the same below half a cent, two ratios below half of their third decimal: less cannot be
#: read, and is the order of a sum.
SAME_SUM: Final = 0.005
SAME_RATIO: Final = 0.0005

#: Weeks whose sums a report keeps, so that the next one can tell what was corrected in them: two months, in case some
#: Mondays are missed.
KEPT_WEEKS: Final = 9

#: Channels, the largest by spend, whose figures are compared: a page lists no more.
COMPARED: Final = 40

#: Estimates with an interval, and how each is written.
ESTIMATES: Final[dict[str, Unit]] = {
    "incremental_revenue": "money",
    "baseline_share": "share",
    "incremental_roas": "ratio",
    "marginal_roas": "ratio",
}

#: Words that are compared.
STATES: Final = ("saturation", "volatility")

Value = float | str | None
Step = tuple[Value, Because]


def figures_document(analysis: Analysis) -> dict[str, Any]:
    """Return the figures that the next report compares with, as plain JSON types.

    Returns
    -------
    dict
        ``schema``, ``version``, ``currency``, ``window``; ``week``, the last
        complete ISO week, or null; ``weeks``, the sums of the last
        `KEPT_WEEKS` of them, and ``bands``, the usual ranges of the last one
        (``{"totals": {figure: …}, "channels": {name: {figure: …}}}``);
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
        "weeks": {str(each): _both(account, parts, lambda sums, each=each: _sums_of(sums, each)) for each in kept},
        "bands": None if week is None else _bands(analysis, account, parts, week),
        "totals": _whole_account(analysis),
        "channels": {name: _whole_channel(analysis, name) for name in names},
    }


def _both(account: Weekly, parts: Mapping[str, Weekly], take: Any) -> dict[str, Any]:
    return {"totals": take(account), "channels": {name: take(each) for name, each in parts.items()}}


def _sums_of(sums: Weekly, week: Week) -> dict[str, float | None]:
    return {name: sums.at(name, week) for name in UNITS if name in sums.values}


def _bands(analysis: Analysis, account: Weekly, parts: Mapping[str, Weekly], week: Week) -> dict[str, Any]:
    """Return the usual range of every figure of the week; of claims that are still arriving none."""

    def of(sums: Weekly, channel: str | None) -> dict[str, list[float] | None]:
        own = ("spend", "revenue", "mer", "orders")
        shown = [name for name in UNITS if name in sums.values]
        arriving = still_arriving(analysis, week, channel)
        ranges = {name: None if arriving and name not in own else sums.band(name, week) for name in shown}
        return {name: None if each is None else list(each) for name, each in ranges.items()}

    return {"totals": of(account, None), "channels": {name: of(each, name) for name, each in parts.items()}}


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


# ---- comparing ---------------------------------------------------------------------------------


def changes(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    restated: Mapping[str, Any] | None = None,
    *,
    remodelled: Mapping[str, Any] | None = None,
) -> tuple[Change, ...]:
    """Say of every figure how it came from the last report's value to today's.

    Parameters
    ----------
    before : mapping or None
        `figures_document` of the last report, as it was stored. None: this is the first.
    after : mapping
        Of this report.
    restated : mapping, optional
        Of the last report's window, from the rows as they are known now, by this version.
    remodelled : mapping, optional
        Of the last report's window, from the rows as they were known then, by this version.

    Returns
    -------
    tuple of Change
        The account first, then channels in the order of their spend; of one
        figure in the order of the steps, each beginning where the one before
        it ended. Steps that change nothing are left out.

    Notes
    -----
    Figures of a week (sums, and ratios of them): printed → the same week now
    → this week. The last step is ``real`` where this week lies outside the
    range that holds nine weeks in ten, else ``new_data``.

    An estimate is news only where its median leaves the 90 % interval that
    the last report printed; a state where the word changes. Its steps need
    `remodelled` and `restated`; without them the change is ``model`` where
    the version differs, else ``new_data``.
    """
    if before is None:
        return ()
    found: list[Change] = []
    for channel in (None, *_channels(before, after)):
        found += _week_figures(before, after, restated, channel)
        found += _estimates(before, after, restated, remodelled, channel)
    return tuple(found)


def _channels(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the channels of either report; one that merely is not among the largest of both is left out."""
    now, then = after["channels"], before["channels"]
    come = [name for name in now if name in then or len(then) < COMPARED]
    return [*come, *(name for name in then if name not in now and len(now) < COMPARED)]


def _scoped(part: Mapping[str, Any] | None, channel: str | None) -> Mapping[str, Any]:
    """Return the figures of the account or a channel; none where the part is missing."""
    if part is None:
        return {}
    found = part["totals"] if channel is None else part["channels"].get(channel)
    return found or {}


def _week_figures(
    before: Mapping[str, Any], after: Mapping[str, Any], restated: Mapping[str, Any] | None, channel: str | None
) -> Iterator[Change]:
    last, this = before["week"], after["week"]
    printed = _scoped(before["weeks"].get(last), channel)
    known = after["weeks"].get(last) or (restated or {}).get("weeks", {}).get(last)
    now, new = _scoped(known, channel), _scoped(after["weeks"].get(this), channel)
    bands = _scoped(after["bands"], channel)
    for name, unit in UNITS.items():
        if name == "orders" or not (name in printed or name in new):
            continue
        then = printed.get(name)
        corrected = now.get(name) if known is not None else then
        because: Because = "real" if _outside(new.get(name), bands.get(name)) else "new_data"
        steps: list[Step] = [(corrected, "restated_data"), (new.get(name), because)]
        yield from _chain(name, channel, then, steps, unit)


def _outside(value: float | None, band: Sequence[float] | None) -> bool:
    return value is not None and band is not None and not band[0] <= value <= band[1]


def _estimates(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    restated: Mapping[str, Any] | None,
    remodelled: Mapping[str, Any] | None,
    channel: str | None,
) -> Iterator[Change]:
    documents = (before, remodelled, restated, after)
    then, other, corrected, new = (_scoped(each, channel) for each in documents)
    for name in (*ESTIMATES, *STATES):
        if not _news(then.get(name), new.get(name)):
            continue
        middle: list[Step] = []
        if remodelled is not None:
            middle.append((_middle(other.get(name)), "model"))
        if restated is not None:
            middle.append((_middle(corrected.get(name)), _of_middle(before, restated, remodelled)))
        whole: Because = "new_data" if restated is not None or before["version"] == after["version"] else "model"
        steps: list[Step] = [*middle, (_middle(new.get(name)), whole)]
        yield from _chain(name, channel, _middle(then.get(name)), steps, ESTIMATES.get(name, "word"))


def _of_middle(before: Mapping[str, Any], restated: Mapping[str, Any], remodelled: Mapping[str, Any] | None) -> Because:
    """Say what the step from the printed estimate to that of the corrected rows is due to.

    Where both rows and version changed and nobody answered the old rows anew, it is put down to the version.
    """
    return "restated_data" if remodelled is not None or before["version"] == restated["version"] else "model"


def _news(then: Any, now: Any) -> bool:
    """Tell whether an estimate left the interval it had, or a word changed."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        return not then["p5"] <= now["p50"] <= then["p95"]
    return bool(then != now)


def _middle(value: Any) -> Value:
    """Return the median of an estimate; a word, or nothing, as it is."""
    return float(value["p50"]) if isinstance(value, Mapping) else value


def _chain(name: str, channel: str | None, first: Value, steps: Sequence[Step], unit: Unit) -> Iterator[Change]:
    """Yield the steps that change something; each begins where the last one shown ended."""
    same = SAME_SUM if name in SUMS or unit == "money" else SAME_RATIO
    shown: list[Step] = [(first, "new_data")]
    for value, because in steps:
        if not _alike(shown[-1][0], value, same):
            shown.append((value, because))
    for (start, _), (end, because) in pairwise(shown):
        yield Change(name, channel, start, end, because, unit)


def _alike(one: Value, other: Value, same: float) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    return abs(one - other) < same
