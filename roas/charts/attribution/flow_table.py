"""Paths → how journeys move from touch to touch, and how they end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

#: A path: names of its channels in order, conversions, journeys without one.
Path: TypeAlias = tuple[Sequence[str], float, float]

#: Nodes that are no channel: how journeys ended, and small channels together.
#: Channels are counted from 0, largest first.
WON: Final = -1
LOST: Final = -2
OTHERS: Final = -3

#: Share of a column's journeys below which a channel stands among the others there.
THIN: Final = 0.015


@dataclass(frozen=True)
class Flow:
    """Journeys by node and column.

    Attributes
    ----------
    names : list of str
        Channels that have a node somewhere, largest first; nodes are counted so.
    columns : list of dict
        Node → journeys, one dict a column; the last column is how they ended.
    links : list of dict
        (node, node of the next column, whether they convert in the end) → journeys.
    """

    names: list[str]
    columns: list[dict[int, float]]
    links: list[dict[tuple[int, int, bool], float]]


@dataclass(frozen=True)
class Steps:
    """Paths as short as they are drawn, with (conversions, others); and what conversions begin and end with."""

    seen: dict[tuple[str, ...], tuple[float, float]]
    first: dict[str, float]
    last: dict[str, float]
    touches: int

    @property
    def converting(self) -> float:
        """Share of journeys that convert; 0 where there are none."""
        won, every = sum(w for w, _ in self.seen.values()), sum(map(sum, self.seen.values()))
        return won / every if every else 0.0


def steps_of(paths: Iterable[Path], touches: int) -> Steps:
    """Keep the first `touches` − 1 touches of each path and the last one; add up what is then equal."""
    seen: dict[tuple[str, ...], tuple[float, float]] = {}
    first, last = defaultdict[str, float](float), defaultdict[str, float](float)
    for names, conversions, null in paths:
        if not len(names):
            continue
        won, lost = max(float(conversions), 0.0), max(float(null), 0.0)
        short = tuple(map(str, names if len(names) <= touches else [*names[: touches - 1], names[-1]]))
        before = seen.get(short, (0.0, 0.0))
        seen[short] = (before[0] + won, before[1] + lost)
        first[short[0]] += won
        last[short[-1]] += won
    return Steps(seen, dict(first), dict(last), touches)


def flow_of(steps: Steps, *, most: int, nulls: bool) -> Flow:
    """Follow journeys from column to column.

    Parameters
    ----------
    most : int
        Channels with a node of their own.
    nulls : bool
        Whether journeys without conversion are followed.

    Notes
    -----
    A journey that has ended stays in the node of its end until the last
    column, so that every column holds all journeys.
    """
    touches = steps.touches
    seen = steps.seen if nulls else {names: (won, 0.0) for names, (won, _) in steps.seen.items()}
    kept, ranked = _kept(seen, most, touches)
    code = {name: i for i, name in enumerate(name for name in ranked if any(name in column for column in kept))}
    columns = [defaultdict[int, float](float) for _ in range(touches + 1)]
    links = [defaultdict[tuple[int, int, bool], float](float) for _ in range(touches)]
    for names, outcome in seen.items():
        own = [code[name] if name in kept[i] else OTHERS for i, name in enumerate(names)]
        for end, amount in zip((WON, LOST), outcome, strict=True):
            if amount > 0:
                nodes = [*own, *[end] * (touches + 1 - len(own))]
                for i, node in enumerate(nodes):
                    columns[i][node] += amount
                for i, link in enumerate(links):
                    link[nodes[i], nodes[i + 1], end == WON] += amount
    return Flow(list(code), [dict(c) for c in columns], [dict(link) for link in links])


def _kept(
    seen: dict[tuple[str, ...], tuple[float, float]], most: int, touches: int
) -> tuple[list[set[str]], list[str]]:
    """Return which channels have a node of their own in each column, and all channels, largest first."""
    sizes = [defaultdict[str, float](float) for _ in range(touches)]
    for names, outcome in seen.items():
        for i, name in enumerate(names):
            sizes[i][name] += sum(outcome)
    whole = sum(map(sum, seen.values()))
    every: dict[str, float] = defaultdict(float)
    for size in sizes:
        for name, amount in size.items():
            every[name] += amount
    ranked = sorted(every, key=lambda name: (-every[name], name))
    large = set(ranked if len(ranked) <= most + 1 else ranked[:most])
    return [{name for name in size if name in large and size[name] >= THIN * whole} for size in sizes], ranked
