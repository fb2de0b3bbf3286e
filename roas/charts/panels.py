"""Small charts in a grid, with room for words measured in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Cell:
    """Where a small chart stands in its grid: room for words in points, whatever the size of the whole.

    Matplotlib asks for it before each drawing (an axes locator).
    """

    whole: Axes
    row: int
    column: int
    rows: int
    columns: int
    head: float
    foot: float
    side: float = 46.0

    def __call__(self, _: Any, renderer: Any) -> Any:
        """Return the box of the small chart, in shares of the figure."""
        from matplotlib.transforms import Bbox, TransformedBbox

        figure: Any = self.whole.get_figure(root=True)
        box, point = self.whole.get_window_extent(renderer), figure.dpi / 72
        wide, high = box.width / self.columns, box.height / self.rows
        left, top = box.x0 + self.column * wide + self.side * point, box.y1 - self.row * high - self.head * point
        bottom = box.y1 - (self.row + 1) * high + self.foot * point
        place = Bbox.from_extents(left, min(bottom, top - point), box.x0 + (self.column + 1) * wide - 8 * point, top)
        return TransformedBbox(place, figure.transFigure.inverted())
