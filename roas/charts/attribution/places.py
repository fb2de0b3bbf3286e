"""Where in journeys each channel earns its credit: at the beginning, between, at the end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts import theme
from roas.charts.attribution.lanes import (
    MOST_ROWS,
    Lane,
    Sign,
    amount,
    key,
    lanes,
    left_of,
    letters,
    literal,
    name_of,
    reach,
)
from roas.charts.axis import nothing
from roas.charts.layout import finish, font_of
from roas.charts.theme import INK, OTHER, PAPER, is_narrow
from roas.charts.values import finite
from roas.format import percent
from roas.limits import FEWEST_JOURNEYS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Places in words, in the order of a journey.
_WORDS: Final = ("only", "first", "middle", "last")

#: Opacity of places, from the first: letters on the strongest keep 4.5:1.
_STRENGTHS: Final[Mapping[int, tuple[float, ...]]] = {
    1: (0.5,), 2: (0.55, 0.2), 3: (0.55, 0.3, 0.12), 4: (0.55, 0.38, 0.23, 0.1),
}  # fmt: skip

#: Numbered places with a part of their own; later ones are one part.
_NUMBERED: Final = 3

#: Credit that a channel needs for the title to speak of it: conversions.
_TOLD: Final = FEWEST_JOURNEYS


@dataclass(frozen=True)
class _Row:
    channel: str
    parts: tuple[float, ...]

    @property
    def total(self) -> float:
        return math.fsum(self.parts)

    def share(self, place: int) -> float:
        return self.parts[place] / self.total


def credit_by_place(
    credit: pd.DataFrame,
    *,
    model: str = "Ordered Shapley",
    colours: Mapping[str, str] | None = None,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which share of each channel's credit it earns at which place of the journey.

    Parameters
    ----------
    credit : DataFrame
        ``channel``, ``place``, ``conversions`` (credited): a row a channel
        and place. Places are the words "only", "first", "middle" and "last",
        or whole numbers from 1 (the place of the touch).
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    bucket : str, optional
        A name that stands for many: the last row, and in no title.
    """
    with theme.style():
        ax = theme.axes(ax)
        what = f"Share of each channel's credited conversions by the touch's place in the journey; {literal(model)}"
        places, rows = _rows(credit, bucket)
        if not rows:
            nothing(ax, "No channel has credit.")
            return finish(ax, "Where credit is earned cannot be told", what)
        shown = rows if len(rows) <= MOST_ROWS + 1 else rows[:MOST_ROWS]
        rest = rows[len(shown) :]
        if rest:
            shown = [
                *shown,
                _Row(f"{len(rest):,} others", tuple(map(math.fsum, zip(*(r.parts for r in rest), strict=True)))),
            ]
        hues = colours or theme.channel_colours(row.channel for row in rows)
        _draw(ax, places, shown, hues)
        return finish(
            ax,
            _title(places, [row for row in rows[: len(shown)] if row.channel != bucket] or rows),
            f"{what}. Right: conversions",
        )


def _rows(credit: pd.DataFrame, bucket: str | None) -> tuple[list[str], list[_Row]]:
    """Return the places met, in order, and channels with their credit at each, the largest first."""
    table = finite(credit, ["conversions"])
    table = table[table["conversions"] > 0]
    table = table.assign(channel=table["channel"].astype(str), place=[_place(p) for p in table["place"]])
    met = sorted(set(table["place"]))
    sums = table.groupby(["channel", "place"])["conversions"].sum().to_dict()
    names = sorted(set(table["channel"]))
    rows = [_Row(name, tuple(float(sums.get((name, place), 0.0)) for place in met)) for name in names]
    return [_heading(place) for place in met], sorted(rows, key=lambda row: (row.channel == bucket, -row.total))


def _place(place: object) -> int:
    """Return an order of places: words, or numbers up to the one that stands for all later ones."""
    text = str(place)
    if text in _WORDS:
        return _WORDS.index(text)
    return 10 + min(int(float(text)), _NUMBERED + 1)


def _heading(place: int) -> str:
    if place < 10:
        return ("only touch", "first", "in between", "last")[place]
    return ("1st touch", "2nd", "3rd", "4th and later")[place - 11]


def _draw(ax: Axes, places: Sequence[str], rows: Sequence[_Row], hues: Mapping[str, str]) -> None:
    from matplotlib.colors import to_rgba

    narrow, size = is_narrow(ax), letters(len(rows))
    words = [Lane(name_of(ax, row.channel, "1.23K"), amount(row.total, None)) for row in rows]
    strengths = _STRENGTHS[len(places)]
    for at, row in zip(lanes(ax, words), rows, strict=True):
        left = 0.0
        for place, strength in enumerate(strengths):
            share = row.share(place)
            ax.barh(at, share, left=left, height=0.46 if narrow else 0.72, linewidth=1.2, edgecolor=PAPER,
                    facecolor=to_rgba(hues.get(row.channel, OTHER), strength))  # fmt: skip
            _inside(ax, left, share, at, min(size, 9.5))
            left += share
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    signs = [Sign(name, {"marker": "s", "color": INK, "alpha": strength, "markersize": 9, "markeredgewidth": 0})
             for name, strength in zip(places, strengths, strict=True)]  # fmt: skip
    key(ax, signs, left=left_of(ax, [lane.name for lane in words]))


def _inside(ax: Axes, left: float, share: float, at: float, size: float) -> None:
    """Write a share into its part, where it fits: half the figure's width is surely there."""
    text = percent(share)
    wide = ax.get_figure(root=True).get_figwidth() * 72 * (0.8 if is_narrow(ax) else 0.55)  # type: ignore[union-attr]
    if share * wide > reach(ax, text, size) + 4:
        ax.annotate(text, (left + share / 2, at), ha="center", va="center", color=INK, **font_of(size))


def _title(places: Sequence[str], rows: Sequence[_Row]) -> str:
    told = [row for row in rows if row.total >= _TOLD]
    if len(places) < 2 or len(told) < 2:
        row = (told or list(rows))[0]
        best = max(range(len(places)), key=row.share)
        return f"{literal(row.channel)} earns {percent(row.share(best))} of its credit {_where(places[best])}"
    opens, closes = (max(told, key=lambda row: row.share(place)) for place in (_opening(places), len(places) - 1))
    if opens is closes:
        return f"{literal(opens.channel)} earns most both {_where(places[_opening(places)])} and {_where(places[-1])}"
    return (
        f"{literal(opens.channel, most=22)} earns {percent(opens.share(_opening(places)))} of its credit "
        f"{_where(places[_opening(places)])}, {literal(closes.channel, most=22)} "
        f"{percent(closes.share(len(places) - 1))} {_where(places[-1])}"
    )


def _opening(places: Sequence[str]) -> int:
    return 1 if places[0] == "only touch" and len(places) > 1 else 0


def _where(place: str) -> str:
    return {
        "only touch": "as the only touch", "first": "as the first touch", "in between": "in between",
        "last": "as the last touch", "1st touch": "at the 1st touch", "2nd": "at the 2nd", "3rd": "at the 3rd",
        "4th and later": "at the 4th and later",
    }[place]  # fmt: skip
