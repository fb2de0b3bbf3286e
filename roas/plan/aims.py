"""A target marginal ROAS beside what channels reach: nowhere, everywhere, or not for a small move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from roas.charts.causal_words import one
from roas.format import ratio, visible
from roas.language import mark
from roas.plan.doubts import BINDS
from roas.plan.outcome import marginal
from roas.plan.results import Warned
from roas.plan.sentences import Sentence
from roas.plan.task import Amounts, Task


def aims(task: Task, planned: Amounts, taken_back: Sequence[str]) -> tuple[Warned, ...]:
    """Say where a target cannot be met inside the limits, and which channels small moves leave away from it.

    Medians of the next unit at both limits and at the plan are compared with
    the target; nothing where no target is asked for.
    """
    if task.goal.objective != "target_roas" or not task.channels:
        return ()
    inside = {name: [_next(task, name, x) for x in _amounts(task, name, planned)] for name in task.channels}
    return (*_out_of_reach(task, inside), *_left(task, planned, taken_back))


def _amounts(task: Task, name: str, planned: Amounts) -> tuple[float, ...]:
    limit = task.limits[name]
    return (limit.low, planned[name], limit.high)


def _next(task: Task, name: str, amount: float) -> float:
    return float(np.median(marginal(task.judge, name, amount)))


def _out_of_reach(task: Task, inside: dict[str, list[float]]) -> list[Warned]:
    target = task.goal.price
    most = max(inside, key=lambda name: (max(inside[name]), name))
    least = min(inside, key=lambda name: (min(inside[name]), name))
    if max(inside[most]) < target * (1 - BINDS):
        message, name, found = (
            mark("No channel's next {unit} brings {target} inside the limits: the most is {found} ({channel})."),
            most,
            max(inside[most]),
        )
    elif min(inside[least]) > target * (1 + BINDS):
        message, name, found = (
            mark(
                "Every channel's next {unit} brings more than {target} all the way to its upper limit: "
                "the least is {found} ({channel})."
            ),
            least,
            min(inside[least]),
        )
    else:
        return []
    return [Warned(None, "other", Sentence(message, **_fields(task, name, found)))]


def _left(task: Task, planned: Amounts, taken_back: Sequence[str]) -> list[Warned]:
    message = mark(
        "{channel} stays as it is, although its next {unit} brings {found}, not {target}: "
        "the move is too small to be worth the work."
    )
    found = {name: _next(task, name, planned[name]) for name in taken_back}
    away = [name for name, each in found.items() if abs(each / task.goal.price - 1) > BINDS]
    return [Warned(name, "other", Sentence(message, **_fields(task, name, found[name]))) for name in away]


def _fields(task: Task, name: str, found: float) -> dict[str, Any]:
    return {
        "unit": (one, task.today.currency),
        "target": (ratio, task.goal.price),
        "found": (ratio, found),
        "channel": (visible, name),
    }
