"""Where journeys go from each channel: a table of shares, shaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.charts import theme
from roas.charts.attribution.canvas import canvas, write
from roas.charts.attribution.lanes import fitting, literal, reach
from roas.charts.attribution.rates import wilson
from roas.charts.attribution.states import CONVERSION, NULL, START
from roas.charts.attribution.states import OTHER as OTHER_STEPS
from roas.charts.axis import nothing
from roas.charts.layout import finish
from roas.charts.theme import GRID, HUES, INK, MUTED, OTHER, TEXT, is_narrow
from roas.charts.values import finite
from roas.format import percent, plural
from roas.limits import FEWEST_JOURNEYS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: What a chart calls them; short where there is no room.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    START: ("Start", "Start"), CONVERSION: ("Conversion", "Conversion"), NULL: ("No conversion", "None"),
}  # fmt: skip

#: Channels with a row and a column of their own, on a page and on a phone.
_MOST, _MOST_NARROW = 12, 6

#: Opacity of a share of one: letters on it keep 4.5:1, on white and in the dark.
_DARKEST: Final = 0.55

#: Width of a cell from which a share stands with its sign, points.
_ROOMY: Final = 36.0

#: Points that names above columns may take, turned; longer ones are numbered.
_TURNED: Final = 62.0

#: No channel has this name: names are never empty.
_OTHERS: Final = ""


def transition_matrix(
    transitions: pd.DataFrame,
    *,
    fewest: float = FEWEST_JOURNEYS,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw, for each state of a journey, the share of its journeys that goes to each next state.

    Parameters
    ----------
    transitions : DataFrame
        ``from``, ``to``, ``count``: how often a journey went from one state
        to the next. States are channels, and `START`, `CONVERSION`, `NULL`.
    fewest : float
        Moves below which a cell is not shown.
    bucket : str, optional
        A name that stands for many: in no title.

    Returns
    -------
    Axes
        Each row adds up to 100 %. Small channels are one row and one column.
    """
    with theme.style():
        ax = theme.axes(ax)
        what = "Share, in percent, of journeys at the state on the left that go on to the one above; rows add up to 100"
        table = _square(transitions, _MOST_NARROW if is_narrow(ax) else _MOST)
        if not len(table):
            nothing(ax, "No journey is known, or too few to draw.")
            return finish(ax, "Where journeys go cannot be told", what)
        hidden = int(((table > 0) & (table < fewest)).to_numpy().sum())
        if hidden:
            what += f". Dots: {plural(hidden, 'move')} seen fewer than {plural(fewest, 'time')}, hidden to keep persons unknown"
        _draw(ax, table, fewest, canvas(ax, _title(table, fewest, bucket), what))
        return ax


def _square(transitions: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return counts, a row a state that is left and a column a state that is reached."""
    rows = finite(transitions, ["count"])
    rows = rows[rows["count"] > 0]
    rows = rows.assign(**{side: rows[side].astype(str).replace(OTHER_STEPS, _OTHERS) for side in ("from", "to")})
    if not len(rows):
        return rows.iloc[:0]
    none = [*_WORDS, _OTHERS]
    reached = rows[~rows["to"].isin(none)].groupby("to")["count"].sum()
    left = rows[~rows["from"].isin(none)].groupby("from")["count"].sum()
    sizes = reached.add(left, fill_value=0).sort_values(ascending=False, kind="stable")
    names = [str(name) for name in sizes.index]
    shown = names if len(names) <= most + 1 else names[:most]
    own = {*shown, *_WORDS}
    for side in ("from", "to"):
        rows[side] = rows[side].where(rows[side].isin(list(own)), _OTHERS)
    rest = [_OTHERS]
    table = rows.pivot_table(index="from", columns="to", values="count", aggfunc="sum", fill_value=0.0)
    down = [state for state in (START, *shown, *rest) if state in table.index]
    across = [state for state in (*shown, *rest, CONVERSION, NULL) if state in table.columns]
    return table.reindex(index=down, columns=across, fill_value=0.0)


def _draw(ax: Axes, table: pd.DataFrame, fewest: float, size: tuple[float, float]) -> None:
    from matplotlib.patches import Rectangle

    wide, high = size
    narrow = is_narrow(ax)
    letters = TEXT - 2.5 if narrow or len(table) > 8 else TEXT - 1.5
    rows, heads = _names(ax, table, letters)
    left = max(reach(ax, name, letters) for name in rows) + 7
    step = (wide - left) / len(heads)
    widths = [reach(ax, name, letters) for name in heads]
    is_end = [str(state) in (*_WORDS, _OTHERS) for state in table.columns]
    turned = [  # channels all one way, the ends each as it fits
        long > step - 4 if end else any(r > step - 4 for r, e in zip(widths, is_end, strict=True) if not e)
        for long, end in zip(widths, is_end, strict=True)
    ]
    top = max([letters, *(long for long, turn in zip(widths, turned, strict=True) if turn)]) + 10
    tall = (high - top) / len(rows)
    for j, (name, turn) in enumerate(zip(heads, turned, strict=True)):
        x, y = left + (j + 0.5) * step, top - 6 if turn else top - 6 - letters / 2
        colour = MUTED if table.columns[j] in _WORDS else INK
        write(ax, x, y, name, size=letters, ha="center", turned=turn, colour=colour)
    for i, name in enumerate(rows):
        y, whole = top + i * tall, float(table.iloc[i].sum())
        write(ax, left - 7, y + tall / 2, name, size=letters, ha="right", colour=MUTED if i == 0 else INK)
        for j, state in enumerate(table.columns):
            count = float(table.iloc[i, j])  # type: ignore[arg-type]
            share, x = count / whole if whole else 0.0, left + j * step
            hue = {CONVERSION: HUES[2], NULL: OTHER}.get(str(state), HUES[0])
            seen = count >= fewest
            ax.add_patch(
                Rectangle((x + 1, y + 1), step - 2, tall - 2, linewidth=0, facecolor=hue if seen else GRID,
                          alpha=0.03 + (_DARKEST - 0.03) * share if seen else 0.35)
            )  # fmt: skip
            if count > 0:
                text = "·" if not seen else _brief(share) if narrow or step < _ROOMY else percent(share)
                write(ax, x + step / 2, y + tall / 2, text, size=letters, ha="center",
                      colour=INK if seen and share >= 0.01 else MUTED)  # fmt: skip


def _names(ax: Axes, table: pd.DataFrame, size: float) -> tuple[list[str], list[str]]:
    """Return the words of rows and columns; columns are numbered where names are too long to stand above them."""
    narrow = is_narrow(ax)
    channels = [str(s) for s in dict.fromkeys([*table.index, *table.columns]) if s not in _WORDS and s != _OTHERS]
    room = 0.38 * ax.get_figure(root=True).get_figwidth() * 72 if narrow else 150.0  # type: ignore[union-attr]
    longest = max((reach(ax, literal(name, most=40), size) for name in channels), default=0.0)
    step = (ax.get_figure(root=True).get_figwidth() * 72 - min(longest, room)) / (len(table.columns) + 1)  # type: ignore[union-attr]
    numbered = longest > max(_TURNED, step)
    number = {name: f"{i} " if numbered else "" for i, name in enumerate(channels, start=1)}

    def words(state: object, *, row: bool) -> str:
        if state in _WORDS:
            return _WORDS[str(state)][int(narrow or step < _ROOMY)]
        if state == _OTHERS:
            return "Others"
        if numbered and not row:
            return number[str(state)].strip()
        return number[str(state)] + fitting(ax, state, room, size)

    return [words(s, row=True) for s in table.index], [words(s, row=False) for s in table.columns]


def _brief(share: float) -> str:
    """Write a share without its sign, where cells are small."""
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def _title(table: pd.DataFrame, fewest: float, bucket: str | None) -> str:
    """Name the channel that journeys convert from most often, where that is sure, among moves that are shown."""
    channels = [str(state) for state in table.index if state not in (*_WORDS, _OTHERS, OTHER_STEPS, bucket)]
    if CONVERSION not in table.columns or not channels:
        return "No move to a conversion is known"
    won, touches = table[CONVERSION].astype(float), table.sum(axis=1).astype(float)
    shown = [name for name in channels if not 0 < float(won[name]) < fewest]
    if not any(float(won[name]) > 0 for name in shown):
        return f"No channel is followed by {plural(fewest, 'conversion')}" if fewest > 1 else "No conversion is known"
    rates = {name: wilson(float(won[name]), float(touches[name]), among=len(shown)) for name in shown}
    best = max(shown, key=lambda name: rates[name][1])
    level = [name for name in shown if rates[name][2] >= rates[best][0]]
    share = percent(rates[best][1])
    if len(shown) == 1:
        return f"{literal(best)} is followed by a conversion after {share} of its touches"
    if len(level) == 1:
        return f"{literal(best)} is followed by a conversion most often: after {share} of its touches"
    least = percent(min(rates[name][1] for name in level))
    spread = share if least == share else f"{least.removesuffix(' %')} to {share}"
    if len(level) == len(shown):
        return f"Channels are followed by a conversion about equally often: after {spread} of their touches"
    others = literal(next(name for name in level if name != best)) if len(level) == 2 else f"{len(level) - 1:,} others"
    return f"{literal(best)} and {others} are followed by a conversion most often; the order among them cannot be told"
