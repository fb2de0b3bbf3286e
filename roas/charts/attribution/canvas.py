"""A chart drawn in points: for pictures of boxes and ribbons, where no axis is read off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.charts.layout import finish, font_of
from roas.charts.theme import INK, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text


def canvas(ax: Axes, title: str, subtitle: str) -> tuple[float, float]:
    """Write title and subtitle, and let the axes count in points from the upper left; return width and height."""
    ax.set_axis_off()
    finish(ax, title, subtitle)
    figure: Any = ax.get_figure(root=True)
    renderer = figure.canvas.get_renderer() if hasattr(figure.canvas, "get_renderer") else figure._get_renderer()
    box, point = ax.get_window_extent(renderer), figure.dpi / 72
    wide, high = float(box.width / point), float(box.height / point)
    ax.set_xlim(0, wide)
    ax.set_ylim(high, 0)
    return wide, high


def write(
    ax: Axes, x: float, y: float, text: str, *, colour: str = INK, size: float = TEXT, ha: Any = "left",
    bold: bool = False, turned: bool = False,
) -> Text:  # fmt: skip
    """Write at a place of a canvas, centred on `y` (a turned text begins there and goes up)."""
    drawn = ax.text(x, y, text, color=colour, ha=ha, va="bottom" if turned else "center",
                    rotation=90 if turned else 0, clip_on=False, **font_of(size))  # fmt: skip
    drawn.set_fontweight("bold" if bold else "normal")
    return drawn
