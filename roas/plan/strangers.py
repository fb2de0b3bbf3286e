"""Channels that the model of the time before does not have: the account's other channels stand in for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from roas.plan._arrays import Array
from roas.plan.before import NotKnown
from roas.plan.expected import Expectation
from roas.plan.noted import CENT


def strangers(modelled: Collection[str], now: Mapping[str, float], spent: Mapping[str, float]) -> dict[str, float]:
    """Return by how much money per week moved in each channel that the model does not have.

    Examples
    --------
    >>> strangers(["Meta"], {"Meta": 500.0, "TV": 80.0}, {"Meta": 400.0, "TikTok": 120.0, "TV": 80.0})
    {'TikTok': 120.0}
    """
    others = sorted({*now, *spent} - set(modelled)) if spent else []
    moves = {name: spent.get(name, 0.0) - now.get(name, 0.0) for name in others}
    return {name: move for name, move in moves.items() if abs(move) >= CENT}


def as_others(expectation: Expectation, names: tuple[str, ...], *, seed: int) -> tuple[Array, Array]:
    """Return draws of what a unit of money per week brings, and what of it comes later, in a channel at random.

    Parameters
    ----------
    expectation : Expectation
    names : tuple of str
        The strangers.
    seed : int

    Raises
    ------
    NotKnown
        ``"new_channel"`` with the names: no channel of the model has money to judge by.
    """
    units = [
        [-draws / money for draws in expectation.of_nothing(name)]
        for name, money in expectation.held.items()
        if money >= CENT
    ]
    if not units:
        raise NotKnown("new_channel", *names)
    count = expectation.effects.draws
    pick = np.random.default_rng(seed).integers(len(units), size=count)
    brings, later = (np.array(each)[pick, np.arange(count)] for each in zip(*units, strict=True))
    return brings, later
