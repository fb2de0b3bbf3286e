"""Shapley attribution: closed forms, at any number of channels.

The game of a set of channels is the conversions (or the value) of journeys
that use no channel outside it. In that game a journey's conversion is
shared equally by the distinct channels it touched, so nothing needs to be
enumerated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.models.pairs import Pairs
from roas.attribution.sums import summed

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Ints, Paths

#: Places in a path told apart; the last column holds this place and all later.
#: Ten hold nine journeys of ten in the reference table.
PLACES: Final = 10

#: Channels up to which a set fits one integer.
_BITS: Final = 62


def place_names() -> tuple[str, ...]:
    """Name the columns of a table by place.

    Examples
    --------
    >>> place_names()[0], place_names()[-1]
    ('1', '10+')
    """
    return (*(str(place) for place in range(1, PLACES)), f"{PLACES}+")


def shapley_weights(paths: Paths, pairs: Pairs | None = None) -> Floats:
    """Weigh touches so that each distinct channel of a path gets the same.

    Parameters
    ----------
    paths : Paths
    pairs : Pairs, optional
        Where they are already known.

    Returns
    -------
    array, shape (touches,)
        ``1 / (|S| m)`` for a channel that occurs `m` times in a path with
        the set `S` of channels. Added up over its touches a channel gets
        ``1 / |S|``, the set Shapley value; touch by touch it is the ordered
        Shapley value, which splits that by place.

    References
    ----------
    Zhao, Mahboobi, Bagheri (2018), Shapley value methods for attribution
    modeling in online advertising.
    """
    pairs = Pairs.of(paths) if pairs is None else pairs
    times = np.bincount(pairs.of_touch, minlength=len(pairs.path))
    sizes = np.bincount(pairs.path, minlength=len(paths.conversions))
    return np.asarray((1.0 / (times * sizes[pairs.path]))[pairs.of_touch])


def set_shapley(paths: Paths) -> tuple[Floats, Floats]:
    """Credit of the set Shapley value, by distinct sets of channels.

    Returns
    -------
    conversions, value : array (channels,)
        ``sum over sets S that hold the channel of outcome(S) / |S|``; value
        in currency.

    Examples
    --------
    >>> from roas.attribution.paths import Paths
    >>> set_shapley(Paths.of([("AB", 2, 30, 0), ("A", 1, 10, 1)]))
    (array([2., 1.]), array([25., 15.]))
    """
    members, conversions, value = _sets(paths)
    each = 1.0 / np.maximum(members.sum(axis=1), 1)
    return (conversions * each) @ members, (value * each) @ members


def _sets(paths: Paths) -> tuple[Floats, Floats, Floats]:
    """Return distinct sets as a table (sets, channels) of 0 and 1, with their outcomes."""
    width = len(paths.channels)
    if not len(paths.codes):
        return np.zeros((0, width)), np.zeros(0), np.zeros(0)
    bits = (np.int64(1) << (np.arange(width) % _BITS)).astype(np.int64)
    words = [
        np.bitwise_or.reduceat(np.where(paths.codes // _BITS == word, bits[paths.codes], 0), paths.starts[:-1])
        for word in range(-(-width // _BITS))
    ]
    found, of = _distinct(words)
    places = np.arange(width)
    members = ((found[:, places // _BITS] >> (places % _BITS)) & 1).astype(np.float64)
    return (
        members,
        summed(of, paths.conversions, len(found)),
        summed(of, paths.value, len(found)),
    )


def _distinct(words: list[Ints]) -> tuple[Ints, Ints]:
    """Return distinct rows of integers, and the place of each row among them."""
    of = np.zeros(len(words[0]), dtype=np.int64)
    for word in words:
        numbers, place = np.unique(word, return_inverse=True)
        of = np.unique(of * len(numbers) + place, return_inverse=True)[1]
    one = np.zeros(of.max(initial=-1) + 1, dtype=np.int64)
    one[of] = np.arange(len(of))
    return np.column_stack(words)[one], of


def by_place(paths: Paths, amounts: Floats) -> Floats:
    """Add up amounts per touch by channel and place.

    Parameters
    ----------
    amounts : array, shape (touches,)

    Returns
    -------
    array, shape (channels, PLACES)
        The last column holds all places from `PLACES` on.
    """
    cells = paths.codes.astype(np.int64) * PLACES + np.minimum(paths.position, PLACES - 1)
    sums = summed(cells, amounts, len(paths.channels) * PLACES)
    return sums.reshape(len(paths.channels), PLACES)
