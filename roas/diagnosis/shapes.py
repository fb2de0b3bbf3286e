"""When and how a change may come: every onset looked at, in the shapes that causes have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from roas.diagnosis.panel import Array

Course = Literal["step", "ramp", "slow", "long", "dip", "passing"]

#: Weeks until the change is fully there.
COURSES: Final[dict[Course, int]] = {"step": 1, "ramp": 4, "slow": 13, "long": 30}

#: Weeks that a change must have lasted, and that must lie before it.
FEWEST_AFTER: Final[dict[Course, int]] = {"step": 2, "ramp": 3, "slow": 6, "long": 16}

#: Weeks between the onsets that are tried.
EVERY: Final[dict[Course, int]] = {"step": 1, "ramp": 1, "slow": 2, "long": 3}

#: Lengths, in weeks, of what comes and goes without a cause, and how far back it is looked for.
PASSING: Final = (2, 5)
PASSING_BACK: Final = 30

#: Weeks after which half of a dip is made up: hangovers of promotions pass in weeks (Van Heerde, Leeflang and
#: Wittink 2000 find dips within six weeks).
DIP_HALF_LIFE: Final = 1.5
FEWEST_BEFORE: Final = 6

#: Weeks back in which onsets are looked for; older ones are how things are. What fades slowly began long ago.
LONGEST_BACK: Final[dict[Course, int]] = {"step": 40, "ramp": 40, "slow": 52, "long": 70}

#: Weeks back at which an onset is half as likely to be the one asked about as one just now.
RECENT: Final = 8

#: Length scales of a season, in years of phase: broad waves, and peaks of about three weeks; shares of variance.
BROAD, SHARP = 0.8, 0.2
_YEAR: Final = 52.18


@dataclass(frozen=True)
class Shapes:
    """Onsets and courses.

    Attributes
    ----------
    matrix : array, shape (weeks, shapes)
        0 before the onset; 1 at the end, so that a change is how far it has come (a dip: at its deepest).
    onset : array of int, shape (shapes,)
        Block in which it begins.
    course : tuple of str, length shapes
    """

    matrix: Array
    onset: npt.NDArray[np.int64]
    course: tuple[Course, ...]

    @cached_property
    def apart(self) -> Array:
        """Weeks between any two."""
        t = np.arange(len(self.matrix), dtype=np.float64)
        return np.abs(t[:, None] - t[None, :])

    @cached_property
    def prior(self) -> Array:
        """Weight of each onset beforehand: people ask about what happened lately, each course alike."""
        back = len(self.matrix) - self.onset
        weight = 1.0 / (back + RECENT)
        return np.array([w / weight[self.at(c)].sum() for w, c in zip(weight, self.course, strict=True)])

    @cached_property
    def season(self) -> Array:
        """Covariance of a season of size 1: periodic kernels of two lengths."""
        phase = np.sin(np.pi * self.apart / _YEAR) ** 2
        return np.asarray(0.7 * np.exp(-2 * phase / BROAD**2) + 0.3 * np.exp(-2 * phase / SHARP**2))

    def at(self, course: Course) -> npt.NDArray[np.int64]:
        """Return the positions of one course."""
        return np.flatnonzero(np.array(self.course) == course)


def build_shapes(weeks: int, *, dips: tuple[float, ...] = ()) -> Shapes:
    """Return every onset and course for a history of so many weeks; none where it is too short.

    Parameters
    ----------
    weeks : int
    dips : tuple of float
        Where a dip may begin, in weeks from the first: where promotions ended.
    """
    columns: list[Array] = []
    onsets: list[int] = []
    courses: list[Course] = []
    t = np.arange(weeks)
    for course, length in COURSES.items():
        first = max(FEWEST_BEFORE, weeks - LONGEST_BACK[course])
        for onset in range(first, weeks - FEWEST_AFTER[course] + 1, EVERY[course]):
            course_so_far = np.clip((t - onset + 1) / length, 0.0, 1.0)
            columns.append(course_so_far / course_so_far[-1])
            onsets.append(onset)
            courses.append(course)
    for end in dips:
        columns.append(_dip(t, end))
        onsets.append(int(end))
        courses.append("dip")
    for length in PASSING:
        for onset in range(max(FEWEST_BEFORE, weeks - PASSING_BACK), weeks - length, 2):
            columns.append(np.where((t >= onset) & (t < onset + length), 1.0, 0.0))
            onsets.append(onset)
            courses.append("passing")
    matrix = np.column_stack(columns) if columns else np.zeros((weeks, 0))
    return Shapes(matrix, np.array(onsets, dtype=np.int64), tuple(courses))


def _dip(t: npt.NDArray[np.int64], end: float) -> Array:
    """Return the mean over each week of a dip that is 1 where a promotion ends and halves every `DIP_HALF_LIFE`."""
    rate = np.log(2) / DIP_HALF_LIFE
    first, last = np.maximum(t - end, 0.0), np.maximum(t + 1 - end, 0.0)
    return np.asarray((np.exp(-rate * first) - np.exp(-rate * last)) / rate)
