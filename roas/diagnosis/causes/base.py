"""What a cause does to the series of an account: which move, which way, how far compared with the hit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen
    from roas.diagnosis.shapes import Course

#: Lowest and highest change of a log metric for a hit of size 1 (log); (0, 0) is unchanged.
Load = tuple[float, float]


@dataclass(frozen=True)
class Signature:
    """The generative model of one cause.

    Attributes
    ----------
    name : str
        As in `roas.diagnosis.base.CAUSES`.
    scope : {"channel", "account"}
        What is hit: one channel (then also all of them at once), or the shop.
    hit : mapping of metric to Load
        Metrics of the channel that is hit; for an account cause, of all channels.
    till : mapping of metric to Load
        Series of the till; for a channel cause only those that do not follow from its fall in response.
    shows : str
        The metric by which people see it, for words and charts.
    courses : tuple of str
        Shapes in which it comes.
    sells : Load
        For a channel cause: how much of a fall in claimed sales the till loses.
    requires : callable or None
        (Seen, channel) -> mask over shapes: where it can have happened at all. None: anywhere.
    gate : str
        Name of what `requires` asks for, for words.
    by_chance : float
        Share of places and onsets that meet what `requires` asks for with nothing wrong (healthy simulated accounts),
        at least 0.05 so that it alone convicts nobody.
    sets_size : callable or None
        (Seen, channel) -> array over shapes: the size of the hit where it is observed and not free.
    """

    name: str
    scope: Literal["channel", "account"]
    hit: Mapping[str, Load]
    till: Mapping[str, Load] = field(default_factory=dict)
    shows: str = "cvr"
    courses: tuple[Course, ...] = ("step", "ramp", "slow")
    sells: Load = (0.3, 1.5)
    requires: Callable[[Seen, int | None], npt.NDArray[np.bool_]] | None = None
    gate: str = ""
    by_chance: float = 1.0
    sets_size: Callable[[Seen, int | None], npt.NDArray[np.float64]] | None = None
