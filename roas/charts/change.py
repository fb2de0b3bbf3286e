"""What a change of ROAS consists of: parts that add up, in no order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.causal_words import one, ranged_words
from roas.charts.layout import finish
from roas.charts.places import points_of
from roas.charts.rows import each_row, known
from roas.charts.signed import Signed, signed_rows
from roas.charts.theme import HUES, INK, OTHER, TEXT, is_narrow, literal
from roas.charts.values import claims, finite
from roas.format import count, ratio
from roas.language import mark, say
from roas.limits import CHART_CHANNELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Whiskers are drawn as far as this many times the longest bar.
_WHISKER_REACH: Final = 2.2

#: Share of the change below which its largest part is not the story.
_SMALL: Final = 0.25

_LEVELS: Final = ("p5", "p50", "p95")


class _Words(NamedTuple):
    """Titles that name the largest part, to be said."""

    most: str
    many: str
    others: str


_TOOK: Final = _Words(
    mark("{part} took {size} of the {moved} that ROAS lost"),
    mark("ROAS lost {moved} in many parts; the largest, {part}, took {size}"),
    mark("{part} took {size}; others gave some back, so ROAS lost {moved}"),
)
_BROUGHT: Final = _Words(
    mark("{part} brought {size} of the {moved} that ROAS gained"),
    mark("ROAS gained {moved} in many parts; the largest, {part}, brought {size}"),
    mark("{part} brought {size}; others took some back, so ROAS gained {moved}"),
)
_NO_PART_TOOK: Final = mark("ROAS lost {moved}; which part took it cannot be told")
_NO_PART_BROUGHT: Final = mark("ROAS gained {moved}; which part brought it cannot be told")


@dataclass(frozen=True)
class Part:
    """One part of a change, in ROAS points; ``clear`` that its interval leaves out zero."""

    name: str
    value: float
    low: float | None
    high: float | None
    clear: bool


def change_bars(
    effects: pd.DataFrame,
    *,
    before: float | None,
    after: float | None,
    periods: str = "",
    total: Mapping[str, float] | None = None,
    currency: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how much each part took from ROAS or brought to it, with 90 % intervals.

    Parameters
    ----------
    effects : DataFrame
        ``factor`` (plain words), ``p5``, ``p50``, ``p95`` (ROAS points, adding
        up to ``after - before``) and, where judged, ``material`` (bool).
    before, after : float
        ROAS of the two periods.
    periods : str
        Which ones, as the subtitle says it.
    total : mapping, optional
        ``p5``, ``p50``, ``p95`` of the whole change.

    Returns
    -------
    Axes
        Every bar begins at zero: a cascade would tell a story of who came
        first, and the parts have no order.
    """
    with theme.style():
        ax = theme.axes(ax)
        parts = _parts(effects)
        start, end = _figure(before), _figure(after)
        subtitle = _subtitle(start, end, periods, one(currency))
        if not parts:
            nothing(ax, say("Needs two periods with spend, revenue and the columns of the funnel."))
            return finish(ax, say("What the change of ROAS consists of cannot be told"), subtitle)
        whole = _whole(parts, start, end, total)
        rows = [_row(ax, part) for part in _shown(parts)]
        rows.append(
            Signed(say("All together"), whole.value, whole.low, whole.high, _says(ax, whole), INK, gap=0.3, strong=True)
        )
        longest = max((abs(r.value) for r in rows if r.value is not None), default=1.0) or 1.0
        signed_rows(
            ax, rows, reach=_WHISKER_REACH * longest, heading="" if _is_brief(ax) else say("90 % interval in brackets")
        )
        return finish(ax, _title(parts, whole, start, end), subtitle)


def _parts(effects: pd.DataFrame) -> list[Part]:
    """Return the parts that are known, the largest first."""
    table = finite(effects, _LEVELS)
    table = table.assign(material=claims(table, "material", missing=True))
    found = []
    for row in each_row(table[table["p50"].notna()]):
        low, high = known(row.p5), known(row.p95)
        clear = low is not None and high is not None and (low > 0 or high < 0)
        found.append(Part(literal(row.factor, most=26), float(row.p50), low, high, clear and bool(row.material)))
    return sorted(found, key=lambda part: -abs(part.value))


def _shown(parts: list[Part]) -> list[Part]:
    """Return the largest parts, and the others added up."""
    if len(parts) <= CHART_CHANNELS + 1:
        return parts
    rest = parts[CHART_CHANNELS:]
    both = Part(
        say("{number} others", number=count(len(rest))), math.fsum(part.value for part in rest), None, None, clear=False
    )
    return [*parts[:CHART_CHANNELS], both]


def _whole(parts: list[Part], before: float | None, after: float | None, total: Mapping[str, float] | None) -> Part:
    figures = [_figure((total or {}).get(level)) for level in _LEVELS]
    moved = after - before if after is not None and before is not None else figures[1]
    value = math.fsum(part.value for part in parts) if moved is None else moved
    low, high = figures[0], figures[2]
    told = low is None or high is None or low > 0 or high < 0
    return Part("", value, low, high, told)


def _figure(value: float | None) -> float | None:
    found = known(value)
    return found if found is not None and math.isfinite(found) else None


def _row(ax: Axes, part: Part) -> Signed:
    colour = OTHER if not part.clear else HUES[0] if part.value > 0 else HUES[1]
    says = _says(ax, part)
    name = literal(part.name, most=_letters(ax, says)) if is_narrow(ax) else part.name
    return Signed(name, part.value, part.low, part.high, says, colour)


def _letters(ax: Axes, beside: str) -> int:
    """Return about how many letters a name may have on a narrow chart, where it shares its line."""
    room = ax.get_figure(root=True).get_figwidth() * 72 - 30 - points_of(ax, beside)  # type: ignore[union-attr]
    return max(int(room / (0.55 * TEXT)), 8)


def _says(ax: Axes, part: Part) -> str:
    if part.low is None or part.high is None or _is_brief(ax):
        return points(part.value)
    return f"{points(part.value)} ({ranged_words(points(part.low), points(part.high))})"


def _is_brief(ax: Axes) -> bool:
    """Tell a chart of half a page, where the bars need the room of the intervals' words."""
    return not is_narrow(ax) and ax.get_figure(root=True).get_figwidth() < 6  # type: ignore[union-attr]


def points(value: float) -> str:
    """Write a change of a ratio with its sign.

    Examples
    --------
    >>> points(0.412), points(-0.3), points(0.001)
    ('+0.41', '−0.30', '0.00')
    """
    text = ratio(abs(value))
    return text if text == ratio(0.0) else f"{'+' if value > 0 else '−'}{text}"


def _subtitle(before: float | None, after: float | None, periods: str, unit: str) -> str:
    moved = say(
        "ROAS from {before} to {after}, revenue per {unit}", before=ratio(before), after=ratio(after), unit=unit
    )
    when = f"; {literal(periods, most=120)}" if periods else ""
    how = say("The parts add up to the change; no order is implied. Whiskers: 90 % interval; grey: could be luck")
    return f"{moved}{when}. {how}"


def _title(parts: list[Part], whole: Part, before: float | None, after: float | None) -> str:
    """Name the largest part, where both it and the change are clear."""
    if before is None or after is None:
        return say("The change of ROAS cannot be told")
    if not whole.clear:
        return say(
            "ROAS went from {before} to {after}, no further than luck could take it",
            before=ratio(before), after=ratio(after),
        )  # fmt: skip
    if ratio(abs(whole.value)) == ratio(0.0):
        return say("ROAS stayed at {after}: what its parts took and brought adds up to nothing", after=ratio(after))
    fell = whole.value < 0
    moved = ratio(abs(whole.value))
    same = [part for part in parts if part.clear and (part.value < 0) == fell]
    if not same:
        return say((_NO_PART_TOOK if fell else _NO_PART_BROUGHT), moved=moved)
    first, words = same[0], _TOOK if fell else _BROUGHT
    size = ratio(abs(first.value))
    if abs(first.value) > abs(whole.value) and size != moved:
        says = words.others
    elif abs(first.value) < _SMALL * abs(whole.value):
        says = words.many
    else:
        says = words.most
    return say(says, part=first.name, size=size, moved=moved)
