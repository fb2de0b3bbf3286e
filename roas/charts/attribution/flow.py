"""Paths of journeys as a river: from the first touch to the conversion, or to nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.attribution.canvas import canvas, write
from roas.charts.attribution.flow_table import LOST, OTHERS, WON, Flow, Path, Steps, flow_of, steps_of
from roas.charts.attribution.lanes import fitting, literal, reach
from roas.charts.attribution.states import OTHER as SMALL
from roas.charts.axis import nothing
from roas.charts.layout import finish
from roas.charts.theme import INK, MUTED, OTHER, PAPER, TEXT, is_narrow
from roas.format import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Channels with a name of their own, on a page and on a phone.
_MOST, _MOST_NARROW = 8, 5

#: Share of journeys that must convert for those that do not to be drawn
#: beside them: below it the others would be all there is to see.
_FEWEST_WON: Final = 0.05

#: Points: thickness of a node, room of a label, least room between nodes, thinnest ribbon.
_NODE, _LABEL, _GAP, _THINNEST = 8.0, 13.0, 3.0, 0.3

#: Letters of a shortened name from which its share stands beside it.
_WITH_SHARE: Final = 16

#: Letters of labels, points.
_SMALL: Final = TEXT - 1.5

_ENDS: Final = {WON: "Conversion", LOST: "No conversion"}


@dataclass(frozen=True)
class _Box:
    """A node as drawn: points from the upper edge, and how far ribbons have filled its two sides."""

    top: float
    high: float

    @property
    def middle(self) -> float:
        return self.top + self.high / 2


def path_flow(
    paths: Iterable[Path],
    *,
    nulls: bool | None = None,
    colours: Mapping[str, str] | None = None,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how journeys move from touch to touch until they convert, or do not.

    Parameters
    ----------
    paths : iterable of (names, conversions, nulls)
        Distinct paths: the channels in order, the journeys that converted
        and those that did not. Only the first three names and the last one
        are looked at.
    nulls : bool, optional
        Draw journeys without conversion too; by default where at least a
        twentieth of all journeys converts.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    bucket : str, optional
        A name that stands for many: in no title.

    Returns
    -------
    Axes
        Coloured: journeys that convert in the end; grey: those that do not.
        A column a touch; journeys that have ended run along the upper edge
        (conversions) and the lower one. Small channels of a column are one.
    """
    with theme.style():
        ax = theme.axes(ax)
        narrow = is_narrow(ax)
        touches = 3 if narrow else 4
        steps = steps_of(paths, touches)
        drawn = steps.converting >= _FEWEST_WON if nulls is None else nulls
        flow = flow_of(steps, most=_MOST_NARROW if narrow else _MOST, nulls=drawn)
        if not flow.columns[0]:
            nothing(ax, "No journey is known, or too few to draw." if drawn else "No journey converted.")
            return finish(ax, "Paths cannot be told", "Journeys from touch to touch")
        size = canvas(ax, _title(steps, bucket), _subtitle(has_nulls=LOST in flow.columns[-1]))
        hues = colours or theme.channel_colours(flow.names)
        while len(flow.names) > 2 and _height(ax, flow, size) > size[1]:  # fewer names where there is no room
            flow = flow_of(steps, most=len(flow.names) - 2, nulls=drawn)
        _draw(ax, flow, [hues.get(name, OTHER) for name in flow.names], size)
        return ax


def _height(ax: Axes, flow: Flow, size: tuple[float, float]) -> float:
    """Return the least height that the labels of a column and the key take, in points."""
    key = len(flow.names) * _LABEL + 6 if _are_numbered(ax, flow, _step(ax, flow, size)[0] - _NODE - 6) else 0.0
    return (max(map(len, flow.columns)) + 2.2) * _LABEL + 8 + key


def _step(ax: Axes, flow: Flow, size: tuple[float, float]) -> tuple[float, float]:
    """Return how far columns stand apart, and the room of the words after the last one."""
    ends = max(reach(ax, word, _SMALL) for node, word in _ENDS.items() if node in flow.columns[-1])
    return (size[0] - _NODE - ends - 5) / (len(flow.columns) - 1), ends


def _draw(ax: Axes, flow: Flow, hues: Sequence[str], size: tuple[float, float]) -> None:
    wide, high = size
    small = _SMALL
    step, ends = _step(ax, flow, size)
    head = _LABEL + 8
    numbered = _are_numbered(ax, flow, step - _NODE - 6)
    if numbered:
        high -= _key(ax, flow, hues, (wide, high), small)
    boxes, scale = _boxes(flow.columns, head, high - _LABEL / 2)
    for i, link in enumerate(flow.links):
        _ribbons(ax, link, (i * step + _NODE, (i + 1) * step), (boxes[i], boxes[i + 1]), scale, hues)
    total = math.fsum(flow.columns[0].values())
    for i, column in enumerate(boxes):
        last = i == len(boxes) - 1
        heading = _heading(ax, i, len(boxes) - 1, step - 4, small)
        write(ax, i * step, _LABEL / 2, heading, colour=MUTED, size=small)
        for node, box in column.items():
            _node(ax, i * step, box, _colour(node, hues))
            if node < 0 and node != OTHERS and not last:
                continue  # the band of those that have ended is named where it ends
            room = (ends if last else step - _NODE) - 6
            name = f"{node + 1}" if numbered and node >= 0 else "Others" if node == OTHERS else ""
            words = _words(ax, name or node, flow, flow.columns[i][node] / total, room, small)
            _label(ax, i * step + _NODE, box, words, small, floor=(head, high), boxed=not last)


def _boxes(
    columns: Sequence[Mapping[int, float]], top: float, bottom: float
) -> tuple[list[dict[int, _Box]], float]:  # fmt: skip
    """Place the nodes of each column so that their labels never meet; return points per journey too."""
    order = [sorted(c, key=_rank) for c in columns]
    room = bottom - top
    scale = min(_scale([c[node] for node in nodes], room) for c, nodes in zip(columns, order, strict=True))
    placed = []
    for column, nodes in zip(columns, order, strict=True):
        highs = [column[node] * scale for node in nodes]
        gaps = _gaps(highs)
        spare = (room - sum(highs) - sum(gaps)) / max(len(gaps), 1)
        y, boxes = top if gaps else top + spare / 2, {}
        for node, high, gap in zip(nodes, highs, [*gaps, 0.0], strict=True):
            boxes[node] = _Box(y, high)
            y += high + gap + spare
        placed.append(boxes)
    return placed, scale


def _rank(node: int) -> int:
    """Order nodes of a column: conversions above, channels, the others, those without conversion below."""
    return {WON: -1, OTHERS: 10**6, LOST: 10**6 + 1}.get(node, node)


def _gaps(highs: Sequence[float]) -> list[float]:
    return [max(_GAP, _LABEL - (a + b) / 2) for a, b in pairwise(highs)]


def _scale(amounts: Sequence[float], room: float) -> float:
    """Return points per journey at which a column just fills its room (bisection: gaps shrink as nodes grow)."""
    low, high = 0.0, room / sum(amounts)
    for _ in range(40):
        middle = (low + high) / 2
        highs = [amount * middle for amount in amounts]
        low, high = (middle, high) if sum(highs) + sum(_gaps(highs)) <= room else (low, middle)
    return low


def _ribbons(
    ax: Axes, link: Mapping[tuple[int, int, bool], float], x: tuple[float, float],
    boxes: tuple[Mapping[int, _Box], Mapping[int, _Box]], scale: float, hues: Sequence[str],
) -> None:  # fmt: skip
    """Draw what goes from one column to the next: those that convert above, the others below, grey and first."""
    from matplotlib.patches import PathPatch

    starts = _stacked(link, boxes[0], scale, 0)
    ends = _stacked(link, boxes[1], scale, 1)
    shapes: dict[tuple[bool, str, float], list[tuple[float, ...]]] = {}
    for each, amount in link.items():
        if amount * scale < _THINNEST:
            continue
        source, _, won = each
        colour = MUTED if _colour(source, hues) == OTHER else _colour(source, hues)
        look = (won, colour, 0.75 if source == WON else 0.5) if won else (False, OTHER, 0.22)
        shapes.setdefault(look, []).append((starts[each], ends[each], amount * scale))
    for (won, colour, alpha), ribbons in sorted(shapes.items()):
        patch = PathPatch(_outline(x, ribbons), facecolor=colour, alpha=alpha, linewidth=0, zorder=2 if won else 1)
        ax.add_patch(patch)


def _stacked(
    link: Mapping[tuple[int, int, bool], float], boxes: Mapping[int, _Box], scale: float, side: int
) -> dict[tuple[int, int, bool], float]:  # fmt: skip
    """Return where each ribbon meets its node: conversions above, then by the node at the other end."""
    free, found = {node: box.top for node, box in boxes.items()}, {}
    for each in sorted(link, key=lambda each: (not each[2], _rank(each[1 - side]))):
        found[each] = free[each[side]]
        free[each[side]] += link[each] * scale
    return found


def _outline(x: tuple[float, float], ribbons: Sequence[tuple[float, ...]]) -> Any:
    """Return ribbons as one path: two curves with level ends each."""
    from matplotlib.path import Path as Outline

    middle, points, codes = (x[0] + x[1]) / 2, list[tuple[float, float]](), list[int]()
    curve = [Outline.CURVE4] * 3
    for start, end, thick in ribbons:
        points += [
            (x[0], start), (middle, start), (middle, end), (x[1], end),
            (x[1], end + thick), (middle, end + thick), (middle, start + thick), (x[0], start + thick), (x[0], start),
        ]  # fmt: skip
        codes += map(int, [Outline.MOVETO, *curve, Outline.LINETO, *curve, Outline.CLOSEPOLY])
    return Outline(points, codes)


def _node(ax: Axes, x: float, box: _Box, colour: str) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((x, box.top), _NODE, max(box.high, 0.5), facecolor=colour, linewidth=0, zorder=3))


def _label(
    ax: Axes, x: float, box: _Box, text: str, size: float, *, floor: tuple[float, float], boxed: bool
) -> None:  # fmt: skip
    half = _LABEL * text.count("\n") / 2
    drawn = write(ax, x + 4, min(max(box.middle, floor[0] + half), floor[1] - half), text, size=size)
    drawn.set_zorder(5)
    if boxed:
        drawn.set_bbox({"facecolor": PAPER, "alpha": 0.72, "edgecolor": "none", "pad": 0.6})


def _are_numbered(ax: Axes, flow: Flow, room: float) -> bool:
    """Tell whether names are too long to stand beside their nodes: more than a third of one would be cut out."""
    return any(reach(ax, literal(name, most=40), _SMALL) > 1.5 * room for name in flow.names)


def _key(ax: Axes, flow: Flow, hues: Sequence[str], size: tuple[float, float], letters: float) -> float:
    """Write the channels' numbers and names below; return the room that takes."""
    from matplotlib.patches import Rectangle

    room = len(flow.names) * _LABEL + 6
    for i, name in enumerate(flow.names):
        y = size[1] - room + 6 + (i + 0.5) * _LABEL
        ax.add_patch(Rectangle((0, y - 4), _NODE, 8, facecolor=hues[i], linewidth=0))
        write(ax, _NODE + 5, y, f"{i + 1} {fitting(ax, name, size[0] - _NODE - 24, letters)}", size=letters)
    return room


def _words(ax: Axes, node: int | str, flow: Flow, share: float, room: float, size: float) -> str:
    """Return a node's name, with its share where there is room; shortened until it fits."""
    if isinstance(node, str):
        both = f"{node} · {percent(share)}" if node.isdigit() else f"{node} {percent(share)}"
        return both if reach(ax, both, size) <= room else node
    if node in _ENDS:
        one_line = f"{_ENDS[node]} {percent(share)}"
        return one_line if reach(ax, one_line, size) <= room else f"{_ENDS[node]}\n{percent(share)}"
    says = f" {percent(share)}"
    name = fitting(ax, flow.names[node], room - reach(ax, says, size), size)
    return name + says if "…" not in name or len(name) >= _WITH_SHARE else fitting(ax, flow.names[node], room, size)


def _colour(node: int, hues: Sequence[str]) -> str:
    if node == WON:
        return INK
    return hues[node] if node >= 0 else OTHER


def _heading(ax: Axes, column: int, touches: int, room: float, size: float) -> str:
    if column == touches:
        return "Outcome"
    if column == touches - 1:
        longest = f"Last of {touches} or more"
        return longest if reach(ax, longest, size) <= room else f"Last of {touches}+"
    return ("1st touch", "2nd touch", "3rd touch")[column]


def _subtitle(*, has_nulls: bool) -> str:
    how = (
        "Coloured: journeys that convert in the end, grey: those that do not"
        if has_nulls
        else "Journeys that convert; those that do not are not drawn"
    )
    return f"{how}. Of journeys too long to draw whole: their first touches and their last"


def _title(steps: Steps, bucket: str | None) -> str:
    won = math.fsum(steps.first.values())
    if won <= 0:
        return "No journey converted"
    firsts, lasts = ({n: v for n, v in by.items() if n not in (bucket, SMALL)} for by in (steps.first, steps.last))
    if not firsts or not lasts:
        return "Journeys from touch to touch"
    opens, closes = (max(sorted(by), key=by.__getitem__) for by in (firsts, lasts))
    begun, ended = percent(steps.first[opens] / won), percent(steps.last[closes] / won)
    if opens == closes:
        return f"{literal(opens)} opens {begun} of converting journeys and closes {ended}"
    return f"{literal(opens)} opens {begun} of converting journeys, {literal(closes)} closes {ended}"
