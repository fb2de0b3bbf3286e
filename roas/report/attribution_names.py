"""How models, credited conversions, channels and shares are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from roas.charts.attribution.model_names import model_label
from roas.format import percent

#: Names that keep their capital inside a sentence.
_PROPER: Final = ("Markov", "Shapley", "W-")

_SHORT: Final = {"first": "First", "last": "Last", "markov_auto": "Markov auto"}


def model_name(model: str) -> str:
    """Return a model's name as it stands inside a sentence.

    Examples
    --------
    >>> model_name("last"), model_name("w_shaped"), model_name("markov_3")
    ('last touch', 'W-shaped', 'Markov, order 3')
    """
    if model == "markov_auto":
        return "Markov, automatic order"
    label = model_label(model)
    return label if label.startswith(_PROPER) else label[:1].lower() + label[1:]


def amount(value: float) -> str:
    """Write credited conversions: whole ones from 100 on, else one decimal.

    Examples
    --------
    >>> amount(5344.9), amount(4.62), amount(0)
    ('5,345', '4.6', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 99.95 or float(value).is_integer() else f"{value:,.1f}"


def short_name(model: str) -> str:
    """Return a model's name as it heads a column.

    Examples
    --------
    >>> short_name("markov_auto"), short_name("markov_3"), short_name("last_non_direct"), short_name("first")
    ('Markov auto', 'Markov 3', 'Last non-direct', 'First')
    """
    if model in _SHORT:
        return _SHORT[model]
    return model_label(model).replace(", order ", " ")


def conversions(value: float) -> str:
    """Count credited conversions.

    Examples
    --------
    >>> conversions(1.0), conversions(0.4), conversions(4012)
    ('1 conversion', '0.4 conversions', '4,012 conversions')
    """
    said = amount(value)
    return f"{said} conversion{'' if said == '1' else 's'}"


def all_of(names: Sequence[str]) -> str:
    """Name up to three channels, else count them.

    Examples
    --------
    >>> all_of(["A", "B"]), all_of(["A", "B", "C"]), all_of(["A", "B", "C", "D"])
    ('A and B', 'A, B and C', '4 channels')
    """
    return f"{len(names):,} channels" if len(names) > 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def between(low: float, high: float) -> str:
    """Write a range of shares; one share where both are written alike."""
    first, last = percent(float(low)), percent(float(high))
    return first if first == last else f"{first.removesuffix(' %')} to {last}"


def either(names: Sequence[str]) -> str:
    """Name at most three channels.

    Examples
    --------
    >>> either(["A"]), either(["A", "B"]), either(["A", "B", "C", "D"])
    ('A', 'A or B', 'A, B or one of 2 more')
    """
    if len(names) <= 2:
        return " or ".join(names)
    return f"{names[0]}, {names[1]} or {names[2] if len(names) == 3 else f'one of {len(names) - 2} more'}"
