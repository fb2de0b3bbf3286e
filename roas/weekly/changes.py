"""What changed since the last report, and why: each figure from then to now, step by step.

A figure of the week goes from what the last report printed, over the same
week as it is known now (restated data), to this week (new data; real where
luck seldom brings such a step, judged over all figures at once). An estimate goes from what was printed
over this version's answer to the same rows (model) and the corrected rows
(restated data) to today's. Steps join end to end, so their sum is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.document import plain
from roas.weekly.control import FALSE_SHARE, shares_false
from roas.weekly.figures import CLAIMED, SUMS, UNITS, Weekly, range_of, rounded, still_arriving, weekly_sums
from roas.weekly.record import Because, Change, Unit
from roas.weekly.usual import FARTHEST_AHEAD
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.quantiles import Q
    from roas.weekly.usual import Usual

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
        "weeks": {str(each): _both(account, parts, lambda sums, each=each: _sums_of(sums, each)) for each in kept},
        **_usual(analysis, account, parts, week),
        "totals": _whole_account(analysis),
        "channels": {name: _whole_channel(analysis, name) for name in names},
    }


def _both(account: Weekly, parts: Mapping[str, Weekly], take: Any) -> dict[str, Any]:
    return {"totals": take(account), "channels": {name: take(each) for name, each in parts.items()}}


def _sums_of(sums: Weekly, week: Week) -> dict[str, float | None]:
    return {name: sums.at(name, week) for name in UNITS if name in sums.values}


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
    → this week. The last step is ``real`` where luck seldom brings it, else
    ``new_data``. Told from the weeks up to the last report's, each figure has
    a p-value (`_seldomness`); over all figures and channels of the week they are judged at once
    by Benjamini and Yekutieli's procedure, which holds however they depend
    on each other: on average at most `FALSE_SHARE` of the rows called real are
    luck, and in a week in which nothing happened the probability of any is at most that.

    An estimate is news only where its median leaves the 90 % interval that
    the last report printed; a state where the word changes. Its steps need
    `remodelled` and `restated`; without them the change is ``model`` where
    the version differs, else ``new_data``.
    """
    if before is None:
        return ()
    found: list[Change] = []
    scopes = (None, *_channels(before, after))
    real = _real(before, after, scopes)
    for channel in scopes:
        found += _week_figures(before, after, restated, channel, real)
        found += _estimates(before, after, restated, remodelled, channel)
    return tuple(found)


def _real(
    before: Mapping[str, Any], after: Mapping[str, Any], scopes: Sequence[str | None]
) -> frozenset[tuple[str | None, str]]:
    """Return whose figures luck seldom makes so different, judged over all of them at once."""
    apart = _weeks_apart(before["week"], after["week"])
    told: dict[tuple[str | None, str], float] = {}
    for channel in scopes:
        by_name = _scoped(after.get("unlikely"), channel)
        for name in UNITS:
            p_value = _seldomness(by_name.get(name), apart)
            if p_value is not None and name != "orders":
                told[channel, name] = p_value
    judged = shares_false(list(told.values()))
    return frozenset(key for key, share in zip(told, judged, strict=True) if share <= FALSE_SHARE)


def _weeks_apart(last: str | None, this: str | None) -> int:
    """Count the weeks from the last report's to this one's; 1 where either has none."""
    if last is None or this is None:
        return 1
    return max((Week.parse(this).monday - Week.parse(last).monday).days // 7, 1)


def _seldomness(told: Sequence[float | None] | None, apart: int) -> float | None:
    """Return how seldom luck brings a step over some weeks.

    Over one week: a week so unusual. Over several, of the two that count here,
    the smaller times two (Bonferroni): a last week so unusual, or one so far
    from what could be foreseen at the last report, level and all. Where that
    lies too far back, the first alone.
    """
    if told is None or told[0] is None:
        return None
    whole = told[apart - 1] if apart <= len(told) else None
    return told[0] if apart == 1 or whole is None else min(2 * min(told[0], whole), 1.0)


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
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    restated: Mapping[str, Any] | None,
    channel: str | None,
    real: frozenset[tuple[str | None, str]],
) -> Iterator[Change]:
    last, this = before["week"], after["week"]
    printed = _scoped(before["weeks"].get(last), channel)
    known = after["weeks"].get(last) or (restated or {}).get("weeks", {}).get(last)
    now, new = _scoped(known, channel), _scoped(after["weeks"].get(this), channel)
    for name, unit in UNITS.items():
        if name == "orders" or not (name in printed or name in new):
            continue
        then = printed.get(name)
        corrected = now.get(name) if known is not None else then
        because: Because = "real" if (channel, name) in real else "new_data"
        steps: list[Step] = [(corrected, "restated_data"), (new.get(name), because)]
        yield from _chain(name, channel, then, steps, unit)


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
