"""Columns that are numbered: one touch each, in the order of a journey."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from roas.io.headers import words

_NUMBERED: Final = re.compile(r"^(.*?)[\s._\-#]*(\d{1,4})$")

#: Words for one touch of a journey; a column named so needs no further sign.
_TOUCH: Final = frozenset({"touch", "touchpoint", "channel", "step", "interaction", "contact", "stage", "kanal", "kanaal",
                           "canal", "canale", "tp", "source", "medium", "visit", "session", "event"})  # fmt: skip

#: Numbered columns without a word for touch that are taken as a journey: fewer may be two prices, or a test's halves.
_PLAIN: Final = 5


def numbered_columns(headers: Sequence[str], *, asked: bool) -> list[int]:
    """Return the positions of columns that number the touches of a journey, in their order.

    Parameters
    ----------
    asked : bool
        Whether the person says that the table holds journeys.

    Returns
    -------
    list of int
        Empty where no series of headers counts up from 0 or 1 without a gap.

    Examples
    --------
    >>> numbered_columns(["id", "touch_1", "touch_2", "value"], asked=False)
    [1, 2]
    """
    series: dict[str, dict[int, int]] = {}
    for position, head in enumerate(headers):
        found = _NUMBERED.match(head.strip())
        if found:
            series.setdefault(words(found[1]), {}).setdefault(int(found[2]), position)
    whole = {stem: places for stem, places in series.items() if _counts_up(sorted(places))}
    named = {stem: places for stem, places in whole.items() if _TOUCH & set(stem.split())}
    fewest = 2 if asked else _PLAIN
    chosen = named or {stem: places for stem, places in whole.items() if len(places) >= fewest}
    if not chosen:
        return []
    longest = max(chosen.values(), key=len)
    return [longest[number] for number in sorted(longest)]


def _counts_up(numbers: list[int]) -> bool:
    return len(numbers) > 1 and numbers[0] in (0, 1) and numbers[-1] - numbers[0] == len(numbers) - 1
