"""Days from the first touch to the conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.layout import finish, font_of
from roas.charts.theme import FONT, GRID, HUES, INK, MUTED, TEXT, is_narrow
from roas.format import percent, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes

#: Share of conversions up to which days are drawn; what takes longer is said.
_DRAWN: Final = 0.995

#: Days after which marks below stand at whole weeks, and after which at months.
_WEEKS: Final = 16
_MONTHS: Final = 100


def time_to_convert(
    days: Sequence[float] | npt.NDArray[np.float64], *, lookback_days: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what share of conversions comes how many days after the first touch.

    Parameters
    ----------
    days : array (days + 1,)
        Converting journeys by whole days from their first touch to the
        conversion; the first entry counts those of less than a day.
    lookback_days : int, optional
        Days before the conversion in which touches count: no journey is longer.
    """
    import numpy as np

    with theme.style():
        ax = theme.axes(ax)
        what = "Share of conversions by whole days since the first touch"
        if lookback_days is not None:
            what += f"; touches count for {plural(lookback_days, 'day')}, so no journey is longer"
        counts = np.nan_to_num(np.asarray(days, dtype=float).ravel(), nan=0.0, posinf=0.0, neginf=0.0).clip(min=0.0)
        total = float(counts.sum())
        if total <= 0:
            nothing(ax, "No conversion has a time since its first touch.")
            return finish(ax, "How long journeys take cannot be told", what)
        reached = counts.cumsum() / total
        half, most, end = (_day(reached, share) for share in (0.5, 0.9, _DRAWN))
        last = _day(reached, 1.0)
        if last > end:
            what += (
                f". {percent(1 - float(reached[end]))} take longer than {plural(end, 'day')}, up to {last:,}: not drawn"
            )
        _draw(ax, counts[: end + 1] / total, half, most)
        return finish(ax, _title(half, most), what)


def _day(reached: npt.NDArray[np.float64], share: float) -> int:
    """Return the first day by which the share has converted."""
    return int((reached >= share - 1e-12).argmax())


def _draw(ax: Axes, shares: npt.NDArray[np.float64], half: int, most: int) -> None:
    import numpy as np

    end = len(shares) - 1
    for first, last, strength in ((0, half, 0.9), (half + 1, most, 0.55), (most + 1, end, 0.28)):
        if first <= min(last, end):
            part = shares[first : last + 1]
            edges = np.arange(first, first + len(part) + 1) - 0.5
            ax.stairs(part, edges, fill=True, color=HUES[0], alpha=strength, linewidth=0)
    top = float(shares.max())
    ax.set_xlim(-0.5, end + 0.5)
    _axes(ax, top, end)
    ax.set_ylim(0, top * 1.3)
    spots = [(half, "half", 1.27)] if half == most else [(half, "half", 1.27), (most, "90 %", 1.13)]
    for day, share, height in spots:
        _mark(ax, day, f"{share if half != most else '90 %'} {_within(day)}", top * height, right=day > 0.6 * end)


def _mark(ax: Axes, day: int, text: str, height: float, *, right: bool) -> None:
    ax.plot([day + 0.5] * 2, [0, height], color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
    ax.annotate(text, (day + 0.5, height), xytext=(-5 if right else 5, 0), textcoords="offset points", color=INK,
                ha="right" if right else "left", va="top", annotation_clip=False, **font_of())  # fmt: skip


def _axes(ax: Axes, top: float, end: int) -> None:
    from matplotlib.ticker import MaxNLocator

    step = 1 if end <= _WEEKS else 7 if end <= _MONTHS else 30
    most = 6 if is_narrow(ax) else 12
    every = step * -(-(end // step + 1) // most)
    style: dict[str, Any] = {"labelcolor": MUTED, "labelsize": TEXT, "labelfontfamily": FONT}
    ticks = list(range(0, end + 1, every))
    names = [plural(t, "day") if t == ticks[-1] else f"{t:,}" for t in ticks]
    ax.set_xticks(ticks, labels=names, **font_of())
    ax.tick_params(axis="x", length=4, color=GRID, **style)
    shares = [float(t) for t in MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top) if 0 <= t <= top * 1.001]
    ax.set_yticks(shares, labels=[percent(t).replace(".0 %", " %") for t in shares], **font_of())
    ax.tick_params(axis="y", length=0, pad=6, **style)
    ax.grid(axis="y", color=GRID, linewidth=1.0)


def _within(day: int) -> str:
    return "within a day" if day == 0 else f"within {plural(day + 1, 'day')}"


def _title(half: int, most: int) -> str:
    if half == most:
        return f"90 % of conversions come {_within(half)} of the first touch"
    return f"Half of the conversions come {_within(half)} of the first touch, 90 % {_within(most)}"
