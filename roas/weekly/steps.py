"""Steps from one value to another: those that change something, joined end to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from roas.weekly.figures import SUMS
from roas.weekly.record import Because, Change, Unit

#: Two amounts or counts are the same below half a cent, two ratios below half of their third decimal: less cannot be
#: read, and is the order of a sum.
SAME_SUM: Final = 0.005
SAME_RATIO: Final = 0.0005

Value = float | str | None
Step = tuple[Value, Because]


def chain(name: str, channel: str | None, first: Value, steps: Sequence[Step], unit: Unit) -> Iterator[Change]:
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
