"""What is to be seen of a chart: its words, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from roas.charts import layout, theme
from roas.report.inline_svg import inline_svg


def texts(ax: Any) -> list[str]:
    own = [t.get_text() for t in ax.texts if t.get_visible()]
    ticks = [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())] if ax.axison else []
    return own + ticks + [text for small in ax.child_axes for text in texts(small)]


def title(ax: Any) -> str:
    return layout.said(ax, "title")


def subtitle(ax: Any) -> str:
    return layout.said(ax, "subtitle")


def on(size: tuple[float, float]) -> Any:
    return theme.figure(size).add_subplot()


def boxes(ax: Any) -> list[Any]:
    """Where words are drawn, without title and subtitle."""
    renderer = ax.figure.canvas.get_renderer()
    shown = [t for t in ax.texts if t.get_visible() and t.get_gid() is None and t.get_text()]
    return [t.get_window_extent(renderer) for t in shown]


def overlap(a: Any, b: Any) -> bool:
    """Whether two words meet by more than the room above and below their letters."""
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(wide > 1 and high > 0.25 * min(a.height, b.height))


def points(ax: Any, marker: str) -> list[tuple[float, float]]:
    """Where a marker was drawn."""
    found = [np.column_stack([line.get_xdata(), line.get_ydata()]) for line in ax.lines if line.get_marker() == marker]
    return [(float(x), float(y)) for rows in found for x, y in rows]


def cut_off(ax: Any) -> list[str]:
    """Words that reach beyond the page."""
    renderer, page = ax.figure.canvas.get_renderer(), ax.figure.bbox
    drawn = [(t.get_text(), t.get_window_extent(renderer)) for t in ax.texts if t.get_visible()]
    return [
        text for text, box in drawn
        if not (box.x0 >= -1 and box.x1 <= page.x1 + 1 and box.y0 >= -1 and box.y1 <= page.y1 + 1)
    ]  # fmt: skip


def drawn_harmlessly(draw: Callable[..., Any], names: Sequence[str], *, longest: int) -> None:
    """Assert that names of any kind are drawn as they are, cut where they are long, in colours of the page."""
    with theme.style(live_text=True):
        ax = draw(names, ax=theme.figure().add_subplot())
    svg = inline_svg(ax.figure, name="x", says="", kind="wide")
    assert "\x1b" not in svg
    assert "<script" not in svg
    assert "\u202e" not in "".join(texts(ax))
    assert not any(t.get_parse_math() for t in ax.texts)
    assert not any("x" * (longest + 1) in t for t in texts(ax))
    assert not re.findall(r"#[0-9a-f]{6}\b", svg), "a colour without a variable stays as it is in the dark"
