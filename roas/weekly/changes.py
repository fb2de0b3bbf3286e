"""What changed since the last report, and why: each figure from then to now, step by step.

A figure of the week goes from what the last report printed, over the same
week as it is known now (restated data), to this week (new data; real where
luck seldom brings such a step, judged over all figures at once). An estimate goes from what was printed
over this version's answer to the same rows (model) and the corrected rows
(restated data) to today's. Steps join end to end, so their sum is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from roas.weekly.figures import UNITS
from roas.weekly.real import Key, real_steps
from roas.weekly.record import Because, Change, Unit
from roas.weekly.steps import Step, Value, chain
from roas.weekly.stored import COMPARED, scoped

#: Estimates with an interval, and how each is written.
ESTIMATES: Final[dict[str, Unit]] = {
    "incremental_revenue": "money",
    "baseline_share": "share",
    "incremental_roas": "ratio",
    "marginal_roas": "ratio",
}

#: Words that are compared.
STATES: Final = ("saturation", "volatility")

#: `roas.weekly.stored.figures_document` of a report.
Document = Mapping[str, Any]


def changes(
    before: Document | None,
    after: Document,
    restated: Document | None = None,
    *,
    remodelled: Document | None = None,
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
    a p-value (`roas.weekly.real`); over all figures and channels of the week they are judged at once
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
    real = real_steps(before, after, scopes)
    for channel in scopes:
        found += _week_figures(before, after, restated, channel, real)
        found += _estimates(before, after, restated, remodelled, channel)
    return tuple(found)


def _channels(before: Document, after: Document) -> list[str]:
    """Return the channels of either report; one that merely is not among the largest of both is left out."""
    now, then = after["channels"], before["channels"]
    come = [name for name in now if name in then or len(then) < COMPARED]
    return [*come, *(name for name in then if name not in now and len(now) < COMPARED)]


def _week_figures(
    before: Document,
    after: Document,
    restated: Document | None,
    channel: str | None,
    real: frozenset[Key],
) -> Iterator[Change]:
    last, this = before["week"], after["week"]
    printed = scoped(before["weeks"].get(last), channel)
    known = after["weeks"].get(last) or (restated or {}).get("weeks", {}).get(last)
    now, new = scoped(known, channel), scoped(after["weeks"].get(this), channel)
    for name, unit in UNITS.items():
        if name == "orders" or not (name in printed or name in new):
            continue
        then = printed.get(name)
        corrected = now.get(name) if known is not None else then
        because: Because = "real" if (channel, name) in real else "new_data"
        steps: list[Step] = [(corrected, "restated_data"), (new.get(name), because)]
        yield from chain(name, channel, then, steps, unit)


def _estimates(
    before: Document,
    after: Document,
    restated: Document | None,
    remodelled: Document | None,
    channel: str | None,
) -> Iterator[Change]:
    documents = (before, remodelled, restated, after)
    then, other, corrected, new = (scoped(each, channel) for each in documents)
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
        yield from chain(name, channel, _middle(then.get(name)), steps, ESTIMATES.get(name, "word"))


def _of_middle(before: Document, restated: Document, remodelled: Document | None) -> Because:
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
