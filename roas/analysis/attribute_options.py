"""What a person may hand to ``roas.attribute``: kinds of values, checked before a file is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any, Final

from roas.analysis.options import Options
from roas.errors import UsageError
from roas.format import visible

#: Of the options that say how files are read, those that journeys take.
_READING: Final = ("map", "date_format", "decimal", "currency")


def words_of(given: Any) -> tuple[str, ...]:
    """Return words that stand alone or in a sequence; a flag or a number is a word too."""
    return tuple(str(word) for word in ([given] if isinstance(given, str | int | float) else given))


def check_kinds(
    journeys: Any, models: Any, direct: Any, weights: Any, conversion: Any, separator: Any, incremental: Any
) -> None:
    """Refuse values of a kind that no option takes, before a file is read."""
    for name, value, fits, what in (
        ("journeys", journeys, _is_table(journeys) or _many(journeys, _is_table), "a path, a table, or a list of them"),
        ("models", models, models is None or _many(models, _is_text), 'names of models, for example ["last", "markov"]'),
        ("direct", direct, _many(direct, _is_text), "names of channels"),
        ("weights", weights, weights is None or isinstance(weights, str | PathLike),
         "the path of a TOML file: first, middle, last and [channels]"),
        ("conversion", conversion, _many(conversion, lambda v: isinstance(v, str | int | float)) or
         isinstance(conversion, int | float), "names of events"),
        ("separator", separator, separator is None or (isinstance(separator, str) and separator != ""), "text"),
        ("incremental", incremental, incremental is None or _is_table(incremental), "a path or a table of lift tests"),
    ):  # fmt: skip
        if not fits:
            raise UsageError(f"{name}: {what} expected, not {_shown(value)}.")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_table(value: Any) -> bool:
    """Return whether a value names a file or is a table."""
    return (isinstance(value, str | bytes | PathLike) and bool(str(value))) or (
        hasattr(value, "columns") and hasattr(value, "index")
    )


def _many(value: Any, fits: Callable[[Any], bool]) -> bool:
    """Return whether a value, or every one of a list, fits."""
    return fits(value) or (isinstance(value, list | tuple | set | frozenset) and all(fits(each) for each in value))


def _shown(value: Any) -> str:
    return visible(repr(value)[:40])


def reading_options(given: Mapping[str, Any], others: Iterable[str]) -> Options:
    """Check the kinds of what `Options` holds; the values are checked there.

    Parameters
    ----------
    given : dict
        Options that say how files are read, by name.
    others : iterable of str
        Names beside those that the person may have meant.

    Raises
    ------
    UsageError
    """
    unknown = [name for name in given if name not in _READING]
    if unknown:
        near = difflib.get_close_matches(unknown[0], (*_READING, *others), n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"Beside those in its signature: {', '.join(_READING)}."
        raise UsageError(f'attribute() has no option "{unknown[0]}". {hint}')
    for name in ("date_format", "decimal", "currency"):
        if given.get(name) is not None and not isinstance(given[name], str):
            raise UsageError(f"{name}: text expected, not {_shown(given[name])}.")
    maps = given.get("map", ())
    heads = [*maps.keys(), *maps.values()] if isinstance(maps, Mapping) else maps
    if isinstance(maps, str) or not _many(heads, lambda v: _many(v, _is_text)):
        raise UsageError(f'map: {{"user": "Cookie"}} or ["user=Cookie"] expected, not {_shown(maps)}.')
    return Options(**given)
