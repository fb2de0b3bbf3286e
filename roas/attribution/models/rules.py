"""Rules: fixed shares by a touch's place in its path, or by its channel.

A rule is one function that gives every touch a weight, so that the weights
of each path add up to 1, and one line in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.sums import summed
from roas.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Floats, Paths

#: Channel names that mean "nobody sent this visit", in the spellings of Google
#: Analytics 3 and 4, Adobe Analytics, Matomo and warehouse exports; compared
#: without case and outer spaces.
DIRECT: Final = (
    "direct",
    "(direct)",
    "direct / none",
    "(direct) / (none)",
    "direct/none",
    "(direct)/(none)",
    "(none)",
    "none",
    "direct traffic",
    "direct visit",
    "direct entry",
    "typed/bookmarked",
    "typed / bookmarked",
)

#: First, middle, last: the usual U shape (contract).
POSITION: Final = (0.4, 0.2, 0.4)

#: First, middle touch, last, all others: the contract's W shape.
W_SHAPE: Final = (0.3, 0.3, 0.3, 0.1)

#: How far shares may be from adding up to 1: they are typed with few digits.
SHARES_SLACK: Final = 1e-6


@dataclass(frozen=True)
class Rule:
    """A rule's weights and the sentence that names its convention."""

    weights: Callable[..., Floats]
    convention: str


def first(paths: Paths) -> Floats:
    """Give each path's first touch everything; (touches,)."""
    weights = np.zeros(len(paths.codes))
    weights[paths.starts[:-1]] = 1.0
    return weights


def last(paths: Paths) -> Floats:
    """Give each path's last touch everything; (touches,)."""
    weights = np.zeros(len(paths.codes))
    weights[paths.starts[1:] - 1] = 1.0
    return weights


def last_non_direct(paths: Paths, *, direct: Sequence[str] = DIRECT) -> Floats:
    """Give everything to the last touch that is not direct.

    Parameters
    ----------
    paths : Paths
    direct : sequence of str
        Channels that count as direct, whatever their case.

    Returns
    -------
    array, shape (touches,)
        A path of direct touches only credits its last.
    """
    if not len(paths.codes):
        return np.zeros(0)
    known = {_folded(name) for name in direct}
    of = paths.parents or paths.channels  # of a campaign, its channel says whether it is direct
    is_direct = np.array([_folded(name) in known for name in of], dtype=bool)
    places = np.where(is_direct[paths.codes], -1, np.arange(len(paths.codes)))
    chosen = np.maximum.reduceat(places, paths.starts[:-1])
    weights = np.zeros(len(paths.codes))
    weights[np.where(chosen < 0, paths.starts[1:] - 1, chosen)] = 1.0
    return weights


def linear(paths: Paths) -> Floats:
    """Give every touch of a path the same; (touches,)."""
    return np.repeat(1.0 / paths.lengths, paths.lengths)


def position(paths: Paths, *, shares: Sequence[float] = POSITION, two: Sequence[float] | None = None) -> Floats:
    """Give the first and the last touch fixed shares; those between divide the middle one.

    Parameters
    ----------
    paths : Paths
    shares : (first, middle, last)
        Not negative, adding up to 1.
    two : (first, last), optional
        Shares of a path of two touches; otherwise first and last in
        proportion, so 50/50 for the usual 40/20/40.

    Returns
    -------
    array, shape (touches,)

    Raises
    ------
    UsageError
        If the shares are negative, not finite, or do not add up to 1.
    """
    start, middle, end = _checked(shares)
    pair = (start, end) if two is None else two
    pair = pair if sum(pair) > 0 else (1.0, 1.0)
    lengths = paths.lengths
    weights = np.repeat(middle / np.maximum(lengths - 2, 1), lengths)
    weights[paths.starts[:-1]] = np.where(lengths > 2, start, pair[0] / sum(pair))
    weights[paths.starts[1:] - 1] = np.where(lengths > 2, end, pair[1] / sum(pair))
    weights[paths.starts[:-1][lengths == 1]] = 1.0
    return weights


def w_shaped(paths: Paths) -> Floats:
    """Give 30 % each to the first, the middle and the last touch; the others divide 10 %.

    Returns
    -------
    array, shape (touches,)
        Up to three touches share equally. The middle touch of n is number
        ``(n + 1) // 2``: of an even number, the earlier of the two.
    """
    lengths = paths.lengths
    start, middle, end, rest = W_SHAPE
    weights = np.repeat(rest / np.maximum(lengths - 3, 1), lengths)
    weights[paths.starts[:-1]] = start
    weights[paths.starts[1:] - 1] = end
    weights[paths.starts[:-1] + (lengths - 1) // 2] = middle
    short = np.repeat(lengths <= 3, lengths)
    weights[short] = linear(paths)[short]
    return weights


def time_decay(paths: Paths) -> tuple[Floats, Floats]:
    """Credit of time decay: a touch weighs half as much per half-life before the conversion.

    The shares differ between journeys of one path, so they were added up
    journey by journey where the times were known.

    Returns
    -------
    conversions, value : array, shape (touches,)
        Credit that the paths' touches got; value in currency.

    Raises
    ------
    UsageError
        If the paths carry no times.
    """
    if paths.decay is None:
        raise UsageError(
            "time_decay needs the time of every touch, and paths carry none. "
            "Give touchpoint rows (user, time, channel), or use --model position or --model linear."
        )
    return paths.decay.conversions, paths.decay.value


def credit(paths: Paths, weights: Floats, outcome: Floats) -> Floats:
    """Add up what each channel gets.

    Parameters
    ----------
    weights : array, shape (touches,)
    outcome : array, shape (paths,)
        Conversions, or value in currency.

    Returns
    -------
    array, shape (channels,), unit of `outcome`

    Examples
    --------
    >>> from roas.attribution.paths import Paths
    >>> paths = Paths.of([(["A", "B"], 2, 30, 0), (["A"], 1, 10, 1)])
    >>> credit(paths, linear(paths), paths.conversions)
    array([2., 1.])
    """
    return per_channel(paths, weights * np.repeat(outcome, paths.lengths))


def per_channel(paths: Paths, amounts: Floats) -> Floats:
    """Add up amounts per touch, (touches,), by channel."""
    return summed(paths.codes, amounts, len(paths.channels))


#: Name → weights and convention. Time decay is not here: it has credit, not weights.
RULES: Final[Mapping[str, Rule]] = {
    "first": Rule(first, "The first touch of a journey gets the whole conversion."),
    "last": Rule(last, "The last touch before the conversion gets all of it."),
    "last_non_direct": Rule(
        last_non_direct,
        "The last touch that is not direct gets all of it; a journey of direct touches only credits the last.",
    ),
    "linear": Rule(linear, "Every touch of a journey gets the same."),
    "position": Rule(
        position,
        "First and last touch get fixed shares, those between divide the rest; of two touches, first and last in proportion.",
    ),
    "w_shaped": Rule(
        w_shaped,
        "First, middle and last touch get 30 % each, the others divide 10 %; up to three touches share equally; "
        "of an even number the earlier of the two in the middle counts as the middle.",
    ),
}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _checked(shares: Sequence[float]) -> npt.NDArray[np.float64]:
    found = np.asarray(shares, dtype=np.float64)
    if found.shape != (3,) or not np.all(found >= 0) or not abs(found.sum() - 1) <= SHARES_SLACK:
        shown = ", ".join(f"{share:g}" for share in shares)
        raise UsageError(
            f"position shares: found {shown}; expected three numbers, first, middle and last, none negative, "
            "that add up to 1. The usual ones are 0.4, 0.2, 0.4."
        )
    return np.asarray(found / found.sum())
