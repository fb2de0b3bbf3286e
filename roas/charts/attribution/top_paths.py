"""The paths that convert most often, as chains of channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.attribution.canvas import canvas, write
from roas.charts.attribution.lanes import amount, literal, reach
from roas.charts.axis import nothing
from roas.charts.layout import finish
from roas.charts.rows import each_row, known
from roas.charts.theme import GRID, INK, MUTED, OTHER, TEXT, is_narrow
from roas.charts.values import finite
from roas.format import money, percent, plural
from roas.limits import FEWEST_JOURNEYS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Paths that one chart shows.
_MOST: Final = 10

#: Points: a row, at least, on a page and on a phone; and what title and subtitle take.
_TALL, _TALL_NARROW, _HEAD = 18.0, 27.0, 80.0

#: Letters of a channel's name in a chain, the longest that fit are written.
_LENGTHS: Final = (40, 30, 22, 16, 12, 9)

#: Points: from a chip's edge to its letters, and between two chips.
_PAD, _APART = 5.0, 12.0

#: Opacity of a chip: its letters keep 4.5:1.
_TINT: Final = 0.22

#: What stands for touches that are left out.
_CUT: Final = "…"


@dataclass(frozen=True)
class _Chip:
    channel: str
    text: str
    wide: float


def top_paths(
    paths: pd.DataFrame,
    *,
    currency: str | None = None,
    fewest: float = FEWEST_JOURNEYS,
    nulls_known: bool = True,
    colours: Mapping[str, str] | None = None,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the paths with most conversions, with their conversion rate and value.

    Parameters
    ----------
    paths : DataFrame
        ``path`` (the channels' names in order, a tuple or list), ``journeys``,
        ``conversions`` and, where known, ``value`` (currency). An empty path
        stands for all others: it counts in what a share is of.
    fewest : float
        Journeys below which a path is not shown.
    nulls_known : bool
        False where only converting journeys were exported: no rate is told then.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    bucket : str, optional
        A name that stands for many: paths with it come last.
    """
    with theme.style():
        ax = theme.axes(ax)
        table, total = _table(paths, fewest, bucket)
        what = "Paths with most conversions; ×3: three touches in a row"
        if not len(table):
            nothing(ax, f"No path has {fewest:,.0f} journeys and a conversion.")
            return finish(ax, "Which paths convert cannot be told", what)
        narrow = is_narrow(ax)
        room = ax.get_figure(root=True).get_figheight() * 72 - (_HEAD if narrow else 1.3 * _HEAD)  # type: ignore[union-attr]
        shown = table.head(max(min(_MOST, int(room // (_TALL_NARROW if narrow else _TALL))), 1))
        columns = {"conversions": [amount(known(v), None) for v in shown["conversions"]]}
        if nulls_known:
            what += ". Rate: conversions per journey on this path"
            columns["rate"] = [percent(row.conversions / row.journeys) for row in each_row(shown)]
        if shown["value"].notna().any():
            columns["value"] = [money(known(v), currency) for v in shown["value"]]
        if fewest > 1:
            what += f". Paths of fewer than {plural(fewest, 'journey')} are not shown"
        hues = colours or theme.channel_colours(_by_use(table))
        _draw(ax, list(shown["path"]), columns, hues, canvas(ax, _title(table, total), what))
        return ax


def _table(paths: pd.DataFrame, fewest: float, bucket: str | None) -> tuple[pd.DataFrame, float]:
    """Return the paths that may be shown, most conversions first, and the conversions of all."""
    import pandas as pd

    rows = finite(paths, ["journeys", "conversions", "value"])
    rows["path"] = [tuple(map(str, names)) for names in rows["path"]]
    rows = rows.groupby("path", as_index=False, sort=False)[["journeys", "conversions", "value"]].sum(min_count=1)
    total = float(rows["conversions"].sum())
    rows = rows[(rows["journeys"] >= fewest) & (rows["conversions"] > 0) & (rows["path"].map(len) > 0)]
    rows = rows.sort_values(["conversions", "journeys", "path"], ascending=[False, False, True], kind="stable")
    many = rows["path"].map(lambda names: bucket in names).astype(bool)
    return (rows if many.all() else pd.concat([rows[~many], rows[many]])), total


def _by_use(table: pd.DataFrame) -> list[str]:
    uses: dict[str, float] = {}
    for row in each_row(table):
        for name in set(row.path):
            uses[name] = uses.get(name, 0.0) + row.conversions
    return sorted(uses, key=lambda name: (-uses[name], name))


def _draw(
    ax: Axes, paths: Sequence[tuple[str, ...]], columns: Mapping[str, Sequence[str]], hues: Mapping[str, str],
    size: tuple[float, float],
) -> None:  # fmt: skip
    wide, high = size
    narrow = is_narrow(ax)
    letters = TEXT - 1.0 if not narrow and len(paths) <= 9 else TEXT - 1.5
    right = wide
    ends = {}
    for name in reversed(list(columns)):  # columns of figures, from the right
        ends[name] = right
        widest = max(reach(ax, text, letters) for text in (*columns[name], name))
        right -= 0.0 if narrow else widest + 14
    head = 0.0 if narrow else letters * 1.5
    tall = (high - head) / len(paths)
    for name, x in ends.items():
        if not narrow:
            write(ax, x, head / 2, name, colour=MUTED, size=letters, ha="right")
    for i, names in enumerate(paths):
        if i:
            ax.plot([0, wide], [head + i * tall] * 2, color=GRID, linewidth=1.0, zorder=0)
        y = head + (i + (0.3 if narrow else 0.5)) * tall
        _chain(ax, names, y, right - 4, letters, hues)
        if narrow:
            words = " · ".join(_in_words(name, columns[name][i]) for name in columns)
            write(ax, 0, y + 0.44 * tall, words, colour=MUTED, size=letters)
        else:
            for name, x in ends.items():
                write(ax, x, y, columns[name][i], size=letters, ha="right")


def _in_words(column: str, text: str) -> str:
    return text if column == "value" else f"{text} convert" if column == "rate" else f"{text} {column}"


def _chain(ax: Axes, names: Sequence[str], y: float, room: float, size: float, hues: Mapping[str, str]) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, half = 0.0, size * 0.78
    for i, chip in enumerate(_fitted(ax, names, room, size)):
        if i:
            write(ax, x + _APART / 2, y, "›", colour=MUTED, size=size, ha="center")
            x += _APART
        if chip.text == _CUT:
            write(ax, x + chip.wide / 2, y, _CUT, colour=MUTED, size=size, ha="center")
        else:
            ax.add_patch(
                FancyBboxPatch((x, y - half), chip.wide, 2 * half, boxstyle="round,pad=0,rounding_size=4", linewidth=0,
                               facecolor=hues.get(chip.channel, OTHER), alpha=_TINT)
            )  # fmt: skip
            write(ax, x + _PAD, y, chip.text, colour=INK, size=size)
        x += chip.wide


def _fitted(ax: Axes, names: Sequence[str], room: float, size: float) -> list[_Chip]:
    """Return the longest chain that fits: repeats together, then the middle cut out, then names shortened."""
    runs = [(name, len(list(same))) for name, same in groupby(names)]
    for kept in range(len(runs), 1, -1):
        for most in _LENGTHS[: len(_LENGTHS) if kept <= 3 else -1]:
            chips = _chips(ax, _ends(runs, kept), most, size)
            if sum(chip.wide for chip in chips) + _APART * (len(chips) - 1) <= room:
                return chips
    for most in range(_LENGTHS[0], 4, -1):
        chips = _chips(ax, _ends(runs, min(2, len(runs))), most, size)
        if sum(chip.wide for chip in chips) + _APART * (len(chips) - 1) <= room:
            break
    return chips


def _ends(runs: Sequence[tuple[str, int]], kept: int) -> list[tuple[str, int]]:
    if kept >= len(runs):
        return list(runs)
    head = (kept + 1) // 2
    return [*runs[:head], (_CUT, 0), *runs[len(runs) - (kept - head) :]]


def _chips(ax: Axes, runs: Sequence[tuple[str, int]], most: int, size: float) -> list[_Chip]:
    found = []
    for name, times in runs:
        text = _CUT if not times else literal(name, most=most) + (f" ×{times:,}" if times > 1 else "")
        found.append(_Chip(name, text, reach(ax, text, size) + (2 * _PAD if times else 0.0)))
    return found


def _title(table: pd.DataFrame, total: float) -> str:
    first: Any = table.iloc[0]
    path, share = first["path"], percent(float(first["conversions"]) / total)
    level = int((table["conversions"] == first["conversions"]).sum())
    if level > 1:
        return f"{level:,} paths are level, with the most conversions: {share} of all each"
    if len(set(path)) == 1:
        touches = "a single touch" if len(path) == 1 else f"{len(path):,} touches in a row"
        return f"The path with most conversions is {literal(path[0])}, {touches}: {share} of all"
    return f"The path with most conversions goes from {literal(path[0], most=20)} to {literal(path[-1], most=20)}: {share} of all"
