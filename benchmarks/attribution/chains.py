"""Chains of known truth: journeys drawn from them, and what every model's credit is in the long run.

A chain of order k chooses the next touch, a conversion or an end without one from the
last k channels of the journey. Everything here is written from the definitions, shares no
code with `roas.attribution` and is exact but for rounding, except the time decay.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import comb
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Journeys still under way after this share of all are ignored in sums over lengths.
REST = 1e-13

#: Journeys drawn at once.
BLOCK = 1_000_000

#: Numbers in one block of matrices.
WORK = 4_000_000


@dataclass(frozen=True)
class Chain:
    """How a journey goes on.

    Attributes
    ----------
    channels : tuple of str
    order : int
    contexts : tuple of tuple of int
        The last channels of a journey, oldest first; the first is empty: the start.
    steps : array (contexts, channels + 2)
        Rows add up to 1: next channel, then conversion, then end without one.
    """

    channels: tuple[str, ...]
    order: int
    contexts: tuple[tuple[int, ...], ...]
    steps: Floats

    @cached_property
    def following(self) -> Ints:
        """Number of the context after each context and next channel, (contexts, channels); 0 where that never happens."""
        number = {context: i for i, context in enumerate(self.contexts)}
        return np.array(
            [
                [number.get((*context, c)[-self.order :], 0) for c in range(len(self.channels))]
                for context in self.contexts
            ]
        )

    @cached_property
    def moves(self) -> Floats:
        """Probability of going from context to context, (contexts, contexts)."""
        square = np.zeros((len(self.contexts),) * 2)
        rows = np.arange(len(self.contexts))[:, None]
        np.add.at(square, (rows, self.following), self.steps[:, :-2])
        return square

    @property
    def fingerprint(self) -> str:
        """Eight letters that another chain hardly shares."""
        return hashlib.sha256(repr(self.channels).encode() + self.steps.tobytes()).hexdigest()[:8]

    @property
    def converts(self) -> Floats:
        """Probability of converting next, (contexts,)."""
        return self.steps[:, -2]

    @cached_property
    def holding(self) -> npt.NDArray[np.bool_]:
        """Whether the last touch of a context is the channel, (contexts, channels)."""
        last = np.array([context[-1] if context else -1 for context in self.contexts])
        found: npt.NDArray[np.bool_] = last[:, None] == np.arange(len(self.channels))
        return found


def contexts_of(channels: int, order: int) -> tuple[tuple[int, ...], ...]:
    """Return every sequence of up to `order` channels, the empty one first."""
    return tuple(c for k in range(order + 1) for c in itertools.product(range(channels), repeat=k))


def draw_chain(
    channels: int, order: int, *, seed: int, conversion: float = 0.06, end: float = 0.2, memory: float = 0.5
) -> Chain:
    """Draw a chain whose next touch depends on the last `order` channels.

    Parameters
    ----------
    channels, order : int
    seed : int
    conversion, end : float
        Means of the probability to convert, and to end without, after a touch.
    memory : float
        Share of each row that is drawn for the whole context; the rest is the row of
        the context without its oldest channel. 0: the chain is of order 1 in truth.
    """
    random = np.random.default_rng([seed, channels, order])
    contexts = contexts_of(channels, order)
    popular = random.dirichlet(np.full(channels, 2.0))
    rows: dict[tuple[int, ...], Floats] = {}
    for context in contexts:
        go = random.dirichlet(channels * 1.5 * popular + 0.05)
        ends = random.beta(4 * conversion, 4 * (1 - conversion)), random.beta(8 * end, 8 * (1 - end))
        out = np.array([0.0, 0.0]) if not context else np.array([ends[0], (1 - ends[0]) * ends[1]])
        own = np.concatenate([go * (1 - out.sum()), out])
        rows[context] = own if len(context) < 2 else (1 - memory) * rows[context[1:]] + memory * own
    names = tuple(f"channel {i + 1:02d}" for i in range(channels))
    return Chain(names, order, contexts, np.array([rows[context] for context in contexts]))


def read_paths(file: Path) -> list[tuple[list[str], float, float, float]]:
    """Read a path table: channels of a path, conversions, their value, ends without one."""
    columns = ("total_conversions", "total_conversion_value", "total_null")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [(row["path"].split(" > "), *(float(row[name]) for name in columns)) for row in rows]  # type: ignore[misc]


def fit_chain(file: Path, order: int = 1) -> Chain:
    """Fit a chain to a path table by counting; contexts that never occur are left out."""
    table = read_paths(file)
    names = tuple(sorted({name for path, *_ in table for name in path}))
    code = {name: i for i, name in enumerate(names)}
    counts: dict[tuple[int, ...], Floats] = {(): np.zeros(len(names) + 2)}
    for path, conversions, _, nulls in table:
        context: tuple[int, ...] = ()
        for name in path:
            counts[context][code[name]] += conversions + nulls
            context = (*context, code[name])[-order:]
            counts.setdefault(context, np.zeros(len(names) + 2))
        counts[context][-2:] += conversions, nulls
    contexts = tuple(sorted(counts, key=lambda each: (len(each), each)))
    steps = np.array([counts[context] for context in contexts])
    return Chain(names, order, contexts, steps / steps.sum(1, keepdims=True))


# Journeys


@dataclass(frozen=True)
class Drawn:
    """Touches of drawn journeys, in the order in which they were drawn: all first touches, then all second ones.

    Attributes
    ----------
    journey, place, channel : array (touches,)
    converted : array (journeys,)
    """

    journey: Ints
    place: Ints
    channel: Ints
    converted: npt.NDArray[np.bool_]

    @cached_property
    def lengths(self) -> Ints:
        """Touches of each journey, (journeys,)."""
        return np.bincount(self.journey, minlength=len(self.converted))


def draw_journeys(chain: Chain, journeys: int, *, seed: int | list[int]) -> Drawn:
    """Draw journeys from a chain; at least one touch each, as nobody can see an empty one."""
    random = np.random.default_rng(seed)
    upto = np.cumsum(chain.steps, axis=1)
    converted = np.zeros(journeys, bool)
    parts = [
        part for first in range(0, journeys, BLOCK) for part in _walk(chain, upto, random, converted, first, journeys)
    ]
    order = np.argsort(np.concatenate([np.full(len(p[0]), p[1]) for p in parts]), kind="stable")
    journey, place, channel = (
        np.concatenate([np.broadcast_to(p[i], len(p[0])) for p in parts])[order] for i in range(3)
    )
    return Drawn(journey, place, channel, converted)


def _walk(
    chain: Chain, upto: Floats, random: np.random.Generator, converted: npt.NDArray[np.bool_], first: int, journeys: int
) -> Iterator[tuple[Ints, int, Ints]]:
    alive = np.arange(first, min(first + BLOCK, journeys))
    state, place = np.zeros(len(alive), np.int64), 0
    while len(alive):
        chosen = (random.random(len(alive))[:, None] > upto[state]).sum(1).clip(max=upto.shape[1] - 1)
        converted[alive[chosen == len(chain.channels)]] = True
        on = chosen < len(chain.channels)
        state, alive, channel = chain.following[state[on], chosen[on]], alive[on], chosen[on]
        if len(alive):
            yield alive, place, channel
        place += 1


# Truth


def chance(chain: Chain, without: frozenset[int] = frozenset(), worth: Floats | None = None) -> float:
    """Return the probability to convert without ever touching these channels, or what is gained so.

    `worth` is what a visit of each context brings on average, (contexts,); a conversion counts 1 otherwise.
    """
    kept = np.array([not without & set(context) for context in chain.contexts])
    moves = chain.moves[np.ix_(kept, kept)]
    gained = chain.converts if worth is None else worth
    return float(np.linalg.solve(np.eye(len(moves)) - moves, gained[kept])[0])


def first_order(chain: Chain) -> Chain:
    """Return the order-1 chain that very many journeys of this chain would be fitted by."""
    visits = np.linalg.solve((np.eye(len(chain.contexts)) - chain.moves).T, np.eye(len(chain.contexts))[0])
    last = np.array([context[-1] + 1 if context else 0 for context in chain.contexts])
    flow = np.zeros((len(chain.channels) + 1, len(chain.channels) + 2))
    np.add.at(flow, last, visits[:, None] * chain.steps)
    return Chain(chain.channels, 1, contexts_of(len(chain.channels), 1), flow / flow.sum(1, keepdims=True))


def removal_effects(chain: Chain, worth: Floats | None = None) -> Floats:
    """Return the share of conversions, or of worth, that passes through each channel, (channels,)."""
    whole = chance(chain, worth=worth)
    return np.array([1 - chance(chain, frozenset([c]), worth) / whole for c in range(len(chain.channels))])


def markov_credit(chain: Chain, worth: Floats | None = None) -> Floats:
    """Return removal effects, scaled to the expected conversions (or worth) of one journey, (channels,)."""
    effects = removal_effects(chain, worth)
    return effects * (chance(chain, worth=worth) / float(effects.sum()))


def worth_of(file: Path, chain: Chain) -> Floats:
    """Return the value that a visit of each context brings on average, in a path table that the chain was fitted to."""
    code = {name: i for i, name in enumerate(chain.channels)}
    number = {context: i for i, context in enumerate(chain.contexts)}
    gained, visits = np.zeros(len(number)), np.zeros(len(number))
    for path, conversions, value, nulls in read_paths(file):
        codes = [code[name] for name in path]
        visited = [number[tuple(codes[max(0, i - chain.order) : i])] for i in range(len(codes) + 1)]
        np.add.at(visits, visited, conversions + nulls)
        gained[visited[-1]] += value
    return gained / visits


def chances_inside(chain: Chain) -> Floats:
    """Return the probability to convert touching only channels of a set, for every set, (2 ** channels,).

    Bit c of a set's number says whether channel c is in it.
    """
    n, size = len(chain.channels), len(chain.contexts)
    needs = np.array([sum(1 << c for c in set(context)) for context in chain.contexts])
    out = np.empty(2**n)
    block = max(1, WORK // size**2)
    for first in range(0, 2**n, block):
        sets = np.arange(first, min(first + block, 2**n))
        kept = (needs & ~sets[:, None]) == 0
        inside = np.eye(size) - chain.moves * kept[:, :, None] * kept[:, None, :]
        out[sets] = np.linalg.solve(inside, (chain.converts * kept)[:, :, None])[:, 0, 0]
    return out


def shapley_value(game: Floats) -> Floats:
    """Return the Shapley value of a game given for every set of players, bit c for player c, by its definition."""
    n = len(game).bit_length() - 1
    sets = np.arange(len(game))
    size = np.bitwise_count(sets.astype(np.uint64)).astype(int)
    weight = np.array([1 / (n * comb(n - 1, k)) for k in range(n)])
    worth = np.zeros(n)
    for c in range(n):
        without = sets[(sets >> c) & 1 == 0]
        worth[c] = weight[size[without]] @ (game[without | 1 << c] - game[without])
    return worth


def shapley_credit(chain: Chain) -> Floats:
    """Return the Shapley value of the game v(S) = probability to convert inside S, (channels,)."""
    return shapley_value(chances_inside(chain))


def places(chain: Chain) -> list[Floats]:
    """Return P(a journey has L touches, converts, and touch m is channel c): one array (L, channels) per L from 1 on."""
    forward, backward = [np.eye(len(chain.contexts))[0]], [chain.converts]
    while forward[-1].sum() > REST:
        forward.append(forward[-1] @ chain.moves)
        backward.append(chain.moves @ backward[-1])
    return [
        np.array([(forward[m] * backward[length - m]) @ chain.holding for m in range(1, length + 1)])
        for length in range(1, len(forward))
    ]


def rule_credit(chain: Chain) -> dict[str, Floats]:
    """Return expected credit of one journey under the rules that know places only, (channels,) each."""
    out = {name: np.zeros(len(chain.channels)) for name in ("first", "last", "linear", "position", "w_shaped")}
    for at in places(chain):
        for name, weights in rule_weights(len(at)).items():
            out[name] += weights @ at
    return out


def rule_weights(length: int) -> dict[str, Floats]:
    """Return what each place of a journey of this length gets, as the contract says."""
    first, last = np.eye(length)[0], np.eye(length)[-1]
    even = np.full(length, 1 / length)
    inner = (np.ones(length) - first - last) / max(length - 2, 1)
    position = even if length < 3 else 0.4 * first + 0.4 * last + 0.2 * inner
    w_shaped = even
    if length > 3:
        anchors = first + last + np.eye(length)[(length - 1) // 2]
        w_shaped = 0.3 * anchors + 0.1 * (1 - anchors) / (length - 3)
    return {"first": first, "last": last, "linear": even, "position": position, "w_shaped": w_shaped}
