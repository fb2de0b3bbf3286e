"""Words around a chart and the room they need, measured instead of guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from roas.charts.theme import FONT, INK, MUTED, TEXT, TITLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation
    from matplotlib.transforms import BboxBase

#: Points around the chart, and between the words and the drawing.
MARGIN: Final = 11.0
GAP: Final = 12.0
LEADING: Final = 1.3

#: Whether title and subtitle are left to the page (see `words_apart`).
_APART: ContextVar[bool] = ContextVar("apart", default=False)


def finish(ax: Axes, title: str, subtitle: str, *, ends: Sequence[Annotation] = ()) -> Axes:
    """Write the title and the subtitle, and give everything its room.

    Parameters
    ----------
    title : str
        The finding.
    subtitle : str
        Metric, unit, period.
    ends : sequence of Annotation
        Labels at the right end of lines, nudged apart.

    Notes
    -----
    On a figure of its own the chart is laid out to its edges; among other
    axes only the words are set and the layout stays with the caller.
    """
    for text, gid in ((title, "title"), (subtitle, "subtitle")):
        drawn = ax.annotate(text, (0, 1), xycoords="axes fraction", xytext=(0, 0), textcoords="offset points",
                            va="bottom", gid=gid, annotation_clip=False)  # fmt: skip
        drawn.set(parse_math=False, in_layout=False, color=INK if gid == "title" else MUTED)
        drawn.set_fontsize(TITLE if gid == "title" else TEXT)
        drawn.set_fontweight("bold" if gid == "title" else "normal")
        drawn.set_visible(not _APART.get())
    arrange(ax)
    _nudge(ax, ends)
    return ax


def arrange(ax: Axes) -> None:
    """Fit title, subtitle, drawing and labels into the figure."""
    fig = _figure(ax)
    renderer = fig.canvas.get_renderer() if hasattr(fig.canvas, "get_renderer") else fig._get_renderer()  # type: ignore[attr-defined]
    point = fig.dpi / 72
    width, height = fig.bbox.width / point, fig.bbox.height / point
    alone = fig.axes == [ax]
    box = ax.get_window_extent(renderer)
    if alone:
        ax.set_position((0.1, 0.1, 0.8, 0.7))
        top = _head_height(ax, width - 2 * MARGIN, renderer)
        drawing = _fill(ax, renderer, (MARGIN, MARGIN, width - MARGIN, height - MARGIN - top), (width, height))
        box = ax.get_window_extent(renderer)
        room, left = width - 2 * MARGIN, MARGIN - box.x0 / point
    else:
        drawing, room, left = None, box.width / point, 0.0
    above = GAP + ((drawing.y1 - box.y1) / point if drawing is not None else 0)
    for gid in ("subtitle", "title"):
        text: Any = words(ax, gid)
        if text is None or not text.get_visible():
            continue
        wrapped = _wrapped(text, room, renderer)
        text.set_text(wrapped)
        text.set_linespacing(LEADING)
        text.set_position((left, above))
        above += (wrapped.count("\n") + 1) * text.get_fontsize() * LEADING + 1


def words(ax: Axes, gid: str) -> Annotation | None:
    """Return the chart's title or subtitle as it stands on it."""
    return next((t for t in ax.texts if t.get_gid() == gid), None)  # type: ignore[return-value]


def said(ax: Axes, gid: str) -> str:
    """Return the text of a chart's ``title`` or ``subtitle``, on one line."""
    found = words(ax, gid)
    return "" if found is None else found.get_text().replace("\n", " ")


@contextmanager
def words_apart() -> Iterator[None]:
    """Leave title and subtitle to the page and use their room, for as long as the block lasts.

    The words are still on the chart (see `said`), and not drawn.
    """
    before = _APART.set(True)
    try:
        yield
    finally:
        _APART.reset(before)


def _figure(ax: Axes) -> Figure:
    fig = ax.get_figure(root=True)
    assert fig is not None
    return fig


def _head_height(ax: Axes, room: float, renderer: Any) -> float:
    height = 0.0
    for gid in ("title", "subtitle"):
        text = words(ax, gid)
        if text is not None and text.get_visible():
            height += (_wrapped(text, room, renderer).count("\n") + 1) * text.get_fontsize() * LEADING + 1  # type: ignore[operator]
    return height + GAP if height else 0.0


def _fill(
    ax: Axes, renderer: Any, room: tuple[float, float, float, float], page: tuple[float, float]
) -> BboxBase | None:  # fmt: skip
    """Move the axes' edges until everything drawn just fits the room (points); return what it then fills."""
    point = _figure(ax).dpi / 72
    for _ in range(3):  # labels in data units move with the axes, so one step is not enough
        drawn, place = ax.get_tightbbox(renderer), ax.get_position()
        if drawn is None:
            return None
        wrong = (
            room[0] - drawn.x0 / point, room[2] - drawn.x1 / point,
            room[1] - drawn.y0 / point, room[3] - drawn.y1 / point,
        )  # fmt: skip
        if max(map(abs, wrong)) < 0.25:
            return drawn
        left, right = place.x0 + wrong[0] / page[0], place.x1 + wrong[1] / page[0]
        low, high = place.y0 + wrong[2] / page[1], place.y1 + wrong[3] / page[1]
        ax.set_position((left, low, max(right - left, 0.1), max(high - low, 0.1)))
    return ax.get_tightbbox(renderer)


def _wrapped(text: Annotation, room: float, renderer: Any) -> str:
    """Break a text into lines no wider than `room` points."""
    point, font = renderer.points_to_pixels(1.0), text.get_fontproperties()
    size, weight = float(text.get_fontsize()), str(text.get_fontweight())

    def measured(word: str) -> float:
        key = (word, size, weight)
        if key not in _WIDTHS:
            _WIDTHS[key] = renderer.get_text_width_height_descent(word, font, False)[0] / point
        return _WIDTHS[key]

    lines: list[str] = []
    used, space = 0.0, measured("n n") - measured("nn")
    for word in text.get_text().split():
        longer = used + space + measured(word)
        if lines and longer <= room:
            lines[-1], used = f"{lines[-1]} {word}", longer
        else:
            lines.append(word)
            used = measured(word)
    if len(_WIDTHS) > 5000:
        _WIDTHS.clear()
    return "\n".join(lines)


#: Width in points of words met, by size and weight: titles share most of theirs.
_WIDTHS: dict[tuple[str, float, str], float] = {}


def _nudge(ax: Axes, labels: Sequence[Annotation]) -> None:
    """Move labels at the ends of lines apart, as little as possible."""
    if len(labels) < 2:
        return
    point = _figure(ax).dpi / 72
    where = [(ax.transData.transform((0, label.xy[1]))[1] / point, label) for label in labels]
    where.sort(key=lambda pair: pair[0])
    step = TEXT * 1.25
    heights = [sum(1 + label.get_text().count("\n") for label in (a[1],)) * step for a in where]
    spots = [height for height, _ in where]
    for i in range(1, len(spots)):
        spots[i] = max(spots[i], spots[i - 1] + (heights[i] + heights[i - 1]) / 2)
    shift = sum(s - h for s, (h, _) in zip(spots, where, strict=True)) / len(spots)
    floor = ax.get_window_extent().y0 / point
    shift = min(shift, spots[0] - floor - heights[0] / 2) if spots[0] - shift < floor + heights[0] / 2 else shift
    for spot, (height, label) in zip(spots, where, strict=True):
        x, _ = label.get_position()
        label.set_position((x, spot - shift - height))


def font_of(size: float = TEXT) -> dict[str, Any]:
    """Return what every text of a chart is drawn with: no formula is read into it."""
    return {"fontsize": size, "fontfamily": FONT, "parse_math": False}
