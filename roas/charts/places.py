"""Where words beside a point may stand: measured, and clear of what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from roas.charts.theme import FONT, TEXT

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

    #: Boxes in pixels, shape (n, 4): left, low, right, high.
    Boxes: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]

#: Directions from a point in which words are tried, the best first: shares of
#: the distance to it, and how the words are anchored there.
_AROUND: Final[tuple[tuple[float, float, str, str], ...]] = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top"),
    (0.7, 0.7, "left", "bottom"), (0.7, -0.7, "left", "top"),
    (-0.7, 0.7, "right", "bottom"), (-0.7, -0.7, "right", "top"),
)  # fmt: skip

#: Share of the words' size that lies left of, or below, where they are anchored.
_BEFORE: Final = {"left": 0.0, "center": 0.5, "right": 1.0, "bottom": 0.0, "top": 1.0}


@dataclass(frozen=True)
class Spot:
    """A free place: the shift from the point (points), the anchors, and the box it fills (see `Boxes`)."""

    shift: tuple[float, float]
    ha: Any
    va: Any
    box: Boxes


def points_of(ax: Axes, text: str, size: float = TEXT, *, bold: bool = False) -> float:
    """Return how wide a text is drawn, in points."""
    from matplotlib.font_manager import FontProperties

    figure: Any = ax.get_figure(root=True)
    renderer = figure.canvas.get_renderer() if hasattr(figure.canvas, "get_renderer") else figure._get_renderer()
    font = FontProperties(family=[FONT], size=size, weight="bold" if bold else "normal")
    wide, _, _ = renderer.get_text_width_height_descent(text, font, False)
    return float(wide / renderer.points_to_pixels(1.0))


def boxes_about(ax: Axes, x: Sequence[float], y: Sequence[float], half: float) -> Boxes:
    """Return a square about each point, `half` points to each side; none about a point without a value."""
    import numpy as np

    if not len(x):
        return np.empty((0, 4))
    where = np.asarray(ax.transData.transform(np.column_stack([x, y]).astype(float)))
    where, side = where[np.isfinite(where).all(axis=1)], half * _pixels(ax)
    return np.column_stack([where - side, where + side])


def free_spot(
    ax: Axes, at: tuple[float, float], text: str, taken: Boxes, *, away: float = 8.0, bold: bool = False
) -> Spot | None:
    """Return the first free place about a point; None where there is none inside the axes."""
    import numpy as np

    pixels = _pixels(ax)
    x, y = ax.transData.transform(at)
    wide, high = points_of(ax, text, bold=bold) * pixels, 1.2 * TEXT * pixels
    room = ax.get_window_extent()
    for right, up, ha, va in _AROUND:
        shift = (right * away, up * away)
        left, low = x + shift[0] * pixels - _BEFORE[ha] * wide, y + shift[1] * pixels - _BEFORE[va] * high
        box = np.array([[left, low, left + wide, low + high]])
        inside = left >= room.x0 and left + wide <= room.x1 and low >= room.y0 and low + high <= room.y1
        apart = (taken[:, :2] > box[:, 2:]).any(axis=1) | (taken[:, 2:] < box[:, :2]).any(axis=1)
        if inside and bool(apart.all()):
            return Spot(shift, ha, va, box)
    return None


def _pixels(ax: Axes) -> float:
    figure: Any = ax.get_figure(root=True)
    return float(figure.dpi) / 72
