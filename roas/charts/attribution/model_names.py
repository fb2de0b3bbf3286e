"""Attribution models as charts name and mark them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from roas.charts.theme import literal

#: Models whose names words alone do not make; "markov_2" and the like are read off.
_LABELS: Final[Mapping[str, str]] = {
    "first": "First touch", "last": "Last touch", "last_non_direct": "Last non-direct", "linear": "Linear",
    "time_decay": "Time decay", "position": "Position", "w_shaped": "W-shaped", "custom": "Own weights",
    "markov": "Markov", "shapley": "Shapley", "shapley_ordered": "Ordered Shapley",
    "ordered_shapley": "Ordered Shapley",
}  # fmt: skip

#: Rules are hollow marks that tell them apart without colour …
_RULE_MARKS: Final[Mapping[str, str]] = {
    "first": "<", "last": ">", "last_non_direct": "4", "linear": "|", "time_decay": "^", "position": "D",
    "w_shaped": "v", "custom": "x",
}  # fmt: skip
_SPARE_RULES: Final = ("+", "p", "h", "*", "1", "2", "3")

#: … models that learn from the journeys are filled ones.
_LEARNED_MARKS: Final = ("o", "s", "P", "X", "*", "d", "h", "p")

#: Marks made of strokes: they have no inside to fill.
STROKES: Final = frozenset("|x+1234")


def model_label(model: object) -> str:
    """Name a model as a marketer reads it.

    Examples
    --------
    >>> model_label("last_non_direct"), model_label("markov_2"), model_label("my_rule")
    ('Last non-direct', 'Markov, order 2', 'My rule')
    """
    name = str(model)
    if name in _LABELS:
        return _LABELS[name]
    order = re.fullmatch(r"markov_(\d+)", name)
    if order:
        return f"Markov, order {order[1]}"
    plain = name.replace("_", " ").strip()
    return literal(plain[:1].upper() + plain[1:], most=24)


def is_learned(model: object) -> bool:
    """Tell models that learn from all journeys from rules that share one journey at a time.

    Examples
    --------
    >>> is_learned("markov_2"), is_learned("shapley"), is_learned("time_decay")
    (True, True, False)
    """
    return "markov" in str(model) or "shapley" in str(model)


def marks_of(models: Sequence[str]) -> dict[str, str]:
    """Give each model a mark of its own, as long as there are any.

    Examples
    --------
    >>> marks_of(["last", "markov_1", "shapley", "own"])
    {'last': '>', 'markov_1': 'o', 'shapley': 's', 'own': '+'}
    """
    rules, learned, given = 0, 0, {}
    for model in models:
        if is_learned(model):
            given[model] = _LEARNED_MARKS[learned % len(_LEARNED_MARKS)]
            learned += 1
        elif model in _RULE_MARKS:
            given[model] = _RULE_MARKS[model]
        else:
            given[model] = _SPARE_RULES[rules % len(_SPARE_RULES)]
            rules += 1
    return given
