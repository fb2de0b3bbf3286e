"""Causes written as text: ``saturation:channel=Meta,size=0.3``."""

from __future__ import annotations

import dataclasses
from typing import Any

from roas.errors import UsageError
from roas.simulator.causes.base import Planted

NUMBERS = ("factor", "size")
OPTIONS = tuple(field.name for field in dataclasses.fields(Planted) if field.name != "cause")


def read_cause(text: str) -> Planted:
    """Read a cause with its options from one line of text.

    Parameters
    ----------
    text : str
        A name, or a name, a colon and ``option=value`` with commas
        between; options as in `Planted`.

    Raises
    ------
    UsageError
        If an option is not known or its value not a number where one is
        needed.

    Examples
    --------
    >>> read_cause("saturation:channel=Meta,size=0.3").size
    0.3
    """
    name, _, rest = text.partition(":")
    options: dict[str, Any] = {}
    for part in rest.split(",") if rest else []:
        option, sign, value = (each.strip() for each in part.partition("="))
        if option not in OPTIONS or not sign:
            raise UsageError(f'cause "{text}": "{part}" is not one of {", ".join(f"{each}=…" for each in OPTIONS)}.')
        options[option] = _number(text, option, value) if option in NUMBERS else value
    return Planted(name.strip(), **options)


def _number(text: str, option: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise UsageError(f'cause "{text}": {option} "{value}" is not a number. Write it as 0.3.') from None
