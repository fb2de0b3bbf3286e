"""Small pictures inside a line of text: how a figure went, where a week lies, an interval beside another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markupsafe import Markup

    from roas.quantiles import Q

Values = Sequence[float | None]

#: Width and height of a sparkline, of the band, of an interval, in units of their own view.
LINE: Final = (120.0, 30.0)
BAND: Final = (240.0, 26.0)
SPAN: Final = (260.0, 12.0)

#: Empty edge left and right, so that dots are not cut.
_EDGE: Final = 4.0

#: Room that is left around the outermost value of a band, as a share of their range.
_AIR: Final = 0.08


def _svg(size: tuple[float, float], kind: str, says: str, inside: str) -> Markup:
    from markupsafe import Markup

    frame = '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" focusable="false">'
    return Markup(frame).format(kind, f"{size[0]:g}", f"{size[1]:g}", says) + Markup(f"{inside}</svg>")


def _n(value: float) -> str:
    """Write a coordinate: a tenth of a unit is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")


def sparkline(values: Values, *, says: str, settled: int | None = None, line: float | None = None) -> Markup:
    """Draw a ratio week by week, from zero; gaps stay gaps.

    Parameters
    ----------
    values : sequence of float or None
        One per week, the oldest first.
    says : str
        The same in words, for those who cannot see it.
    settled : int, optional
        From this place on values are still growing: drawn dashed, the last one hollow.
    line : float, optional
        Break-even, a thin line.
    """
    points = _points(values, line)
    fixed = len(values) if settled is None else max(settled, 0)
    parts = [] if line is None else [_level(line, values)]
    for first, last in _runs(points):
        cut = min(max(fixed - 1, first), last)
        parts += [_path(points[first : cut + 1], "spark"), _path(points[cut : last + 1], "spark late")]
    ends = [i for i, point in enumerate(points) if point is not None]
    if ends:
        parts.append(_dot(points[ends[-1]], "dot" if ends[-1] < fixed else "dot late"))
    return _svg(LINE, "line", says, "".join(parts))


def _top(values: Values, line: float | None) -> float:
    return max([v for v in (*values, line) if v is not None], default=0.0) or 1.0


def _points(values: Values, line: float | None) -> list[tuple[float, float] | None]:
    wide, high = LINE
    step = (wide - 2 * _EDGE) / max(len(values) - 1, 1)
    scale = (high - 2 * _EDGE) / _top(values, line)
    return [None if v is None else (_EDGE + i * step, high - _EDGE - v * scale) for i, v in enumerate(values)]


def _level(line: float, values: Values) -> str:
    wide, high = LINE
    y = high - _EDGE - line * (high - 2 * _EDGE) / _top(values, line)
    return f'<path class="even" d="M0 {_n(y)}H{_n(wide)}"/>'


def _runs(points: Sequence[object]) -> list[tuple[int, int]]:
    """Return first and last place of each stretch without a gap."""
    runs: list[tuple[int, int]] = []
    for i, point in enumerate(points):
        if point is None:
            continue
        runs = [*runs[:-1], (runs[-1][0], i)] if runs and runs[-1][1] == i - 1 else [*runs, (i, i)]
    return runs


def _path(points: Sequence[tuple[float, float] | None], kind: str) -> str:
    known = [point for point in points if point is not None]
    if not known:
        return ""
    if len(known) == 1:
        return "" if "late" in kind else _dot(known[0], "speck")
    return f'<path class="{kind}" d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in known)}"/>'


def _dot(point: tuple[float, float] | None, kind: str) -> str:
    assert point is not None
    radius = 1.2 if kind == "speck" else 2.6
    return f'<circle class="{kind}" cx="{_n(point[0])}" cy="{_n(point[1])}" r="{radius:g}"/>'


def bars(values: Values, *, says: str) -> Markup:
    """Draw an amount week by week as bars from zero; the last one stands out.

    Parameters
    ----------
    values : sequence of float or None
        One per week, the oldest first; a week without data has no bar.
    says : str
        The same in words.
    """
    wide, high = LINE
    step = wide / max(len(values), 1)
    parts = []
    for i, value in enumerate(values):
        if not value or value < 0:
            continue
        tall = max(value * (high - 2) / _top(values, None), 0.6)
        kind = "amount last" if i == len(values) - 1 else "amount"
        parts.append(
            f'<rect class="{kind}" x="{_n(i * step)}" y="{_n(high - tall)}" width="{_n(step * 0.72)}" height="{_n(tall)}"/>'
        )
    return _svg(LINE, "line", says, "".join(parts))


def band(value: float, low: float, high: float, past: Values, *, says: str, unusual: bool) -> Markup:
    """Draw where a week lies beside the range that nine weeks in ten lie in, and beside the weeks before it.

    Parameters
    ----------
    value, low, high : float
        This week, and the ends of the range.
    past : sequence of float or None
        Earlier weeks, a thin mark each.
    says : str
        The same in words.
    unusual : bool
        Whether the week lies outside.
    """
    marks = [v for v in past if v is not None]
    at = _scale((value, low, high, *marks), BAND[0])
    middle = BAND[1] / 2
    parts = [f'<rect class="often" x="{_n(at(low))}" y="3" width="{_n(at(high) - at(low))}" height="20" rx="4"/>']
    parts += [f'<path class="past" d="M{_n(at(v))} 8V18"/>' for v in marks]
    parts.append(
        f'<circle class="now{" odd" if unusual else ""}" cx="{_n(at(value))}" cy="{_n(middle)}" r="{6.5 if unusual else 5.5:g}"/>'
    )
    return _svg(BAND, "band", says, "".join(parts))


class _Scale:
    """A value → where it lies between the edges."""

    def __init__(self, low: float, high: float, wide: float) -> None:
        self.low, self.step = low, (wide - 4 * _EDGE) / ((high - low) or 1.0)

    def __call__(self, value: float) -> float:
        return 2 * _EDGE + (value - self.low) * self.step


def _scale(values: Sequence[float], wide: float) -> _Scale:
    low, high = min(values), max(values)
    air = _AIR * (high - low)
    return _Scale(low - air, high + air, wide)


def reach(intervals: Sequence[Q]) -> tuple[float, float]:
    """Return the ends of a scale on which several intervals and zero fit."""
    ends = [0.0, *(each.p5 for each in intervals), *(each.p95 for each in intervals)]
    return min(ends), max(ends)


def span(interval: Q, ends: tuple[float, float], *, says: str, kind: str) -> Markup:
    """Draw a 90 % interval with its middle, and zero as a thin line.

    Parameters
    ----------
    interval : Q
    ends : pair of float
        Of the scale, common to all that are compared (see `reach`).
    says : str
        The same in words.
    kind : str
        Class of the bar: ``predicted`` or ``realised``.
    """
    at = _scale(ends, SPAN[0])
    first, last, middle = at(interval.p5), at(interval.p95), at(interval.p50)
    parts = [
        f'<path class="zero" d="M{_n(at(0.0))} 0V{SPAN[1]:g}"/>',
        f'<rect class="{kind}" x="{_n(first)}" y="3" width="{_n(max(last - first, 1.5))}" height="6" rx="3"/>',
        f'<rect class="{kind} middle" x="{_n(middle - 1.5)}" y="1" width="3" height="10" rx="1"/>',
    ]
    return _svg(SPAN, "reach", says, "".join(parts))
