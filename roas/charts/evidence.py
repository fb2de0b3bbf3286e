"""One series by week, beside what it would have been without the cause that is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, tidy_money, value_axis, week_axis
from roas.charts.layout import finish, font_of
from roas.charts.periods import on_grid, span
from roas.charts.places import points_of
from roas.charts.theme import INK, MUTED, OTHER, PAPER, literal
from roas.charts.values import finite, named_unit, sentence
from roas.format import compact, day, day_and_month, decimal, money, percent, ratio, say_many
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

#: Weeks before the onset from which the expectation is drawn, so that it is seen to fit there.
_BEFORE: Final = 8

#: A week this many times above the 9th decile is drawn at the upper edge, as in `roas.charts.unsteady`.
_HIGHEST: Final = 3.0

#: Relative change below which a series is said to be as expected.
_SAME: Final = 0.005

#: Points that the words of the onset take above the drawing.
_LINE: Final = 18.5

#: Weeks up to which each is a point of its own.
_POINTS: Final = 80


class _Shown(Protocol):
    """A weekly series, what it would have been, and since when it differs (`roas.diagnosis.results.Exhibit`)."""

    @property
    def channel(self) -> str | None: ...
    @property
    def weeks(self) -> Sequence[dt.date]: ...
    @property
    def observed(self) -> Sequence[float]: ...
    @property
    def expected(self) -> Sequence[float]: ...
    @property
    def low(self) -> Sequence[float]: ...
    @property
    def high(self) -> Sequence[float]: ...
    @property
    def since(self) -> dt.date | None: ...


class _Named(Protocol):
    """What a series is called, its unit and what it is made of (`roas.diagnosis.metrics.Metric`)."""

    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> Literal["money", "ratio", "share", "count"]: ...
    @property
    def says(self) -> str: ...


def evidence_chart(
    exhibit: _Shown,
    *,
    metric: _Named,
    currency: str | None = None,
    title: str | None = None,
    colour: str = INK,
    ax: Axes | None = None,
) -> Axes:
    """Draw a series by week beside what it would have been without the cause.

    Parameters
    ----------
    exhibit : Exhibit
        ``weeks`` (Mondays), ``observed`` in the unit of `metric`,
        ``expected``, ``low``, ``high`` (without the cause, with a 90 % band;
        NaN where nothing is expected) and ``since`` (date of the onset).
    metric : Metric
        ``label``, ``unit`` (money, ratio, share or count) and ``says``.
    title : str, optional
        The finding; made from the data where it is not given.
    colour : str
        Of the observed line: the channel's own.

    Returns
    -------
    Axes
        A week without a value is a gap. The expectation is dashed and begins
        a little before the onset, which is marked and dated.
    """
    with theme.style():
        ax = theme.axes(ax)
        grid = _weeks(exhibit)
        says = _subtitle(grid, metric, currency)
        if not grid["observed"].notna().any():
            nothing(ax, say("{metric}: no week has a value.", metric=say(metric.label)))
            return finish(ax, title or _of(exhibit, say("{metric} cannot be told", metric=_inside(metric))), says)
        top, bottom = _limits(grid)
        _frame(ax, grid, (top, bottom), metric, currency)
        ends = _draw(ax, grid, top, colour, metric, currency)
        _mark_onset(ax, grid, exhibit.since)
        over = grid.loc[grid["observed"] > top * 1.0001, "observed"] if top > 0 else grid["observed"][:0]
        if len(over):
            highest = _write(over.max(), metric, currency)
            says += ". " + say_many(
                "{number} week above the chart, up to {highest}",
                "{number} weeks above the chart, up to {highest}",
                len(over), highest=highest,
            )  # fmt: skip
        return finish(ax, title or evidence_title(exhibit, metric=metric, currency=currency), says, ends=ends)


def evidence_title(exhibit: _Shown, *, metric: _Named, currency: str | None = None) -> str:
    """Say how far the series is from what was expected, and since when.

    Notes
    -----
    The median over the weeks since the onset of ``observed / expected - 1``;
    of ``observed - expected`` where the expectation is not above zero, since
    a share of nothing says nothing.
    """
    grid, about = _weeks(exhibit), _inside(metric)
    after = grid[grid["since"] & grid["observed"].notna() & grid["expected"].notna()]
    if exhibit.since is None or not len(after):
        return _of(exhibit, say("{metric} by week", metric=about))
    since = day(exhibit.since)
    if not (after["expected"] > 0).all() or (after["observed"] < 0).any():
        gap = float((after["observed"] - after["expected"]).median())
        size = money(abs(gap), currency) if metric.unit == "money" else compact(abs(gap))
        return _of(exhibit, _moved(about, size, since, lower=gap < 0))
    moved = float((after["observed"] / after["expected"]).median()) - 1
    if abs(moved) < _SAME:
        return _of(exhibit, say("{metric} is as expected since {date}", metric=about, date=since))
    return _of(exhibit, _moved(about, percent(abs(moved)), since, lower=moved < 0))


def _moved(about: str, size: str, since: str, *, lower: bool) -> str:
    if lower:
        return say("{metric} is {size} lower than expected since {date}", metric=about, size=size, date=since)
    return say("{metric} is {size} higher than expected since {date}", metric=about, size=size, date=since)


def _inside(metric: _Named) -> str:
    """Name the series inside a sentence."""
    label = say(metric.label)
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _of(exhibit: _Shown, says: str) -> str:
    """Begin a title: with the channel, or for the account with what it says."""
    return _begin(sentence(says, literal(exhibit.channel) if exhibit.channel else ""))


def _begin(says: str) -> str:
    return says[:1].upper() + says[1:]


def _weeks(exhibit: _Shown) -> pd.DataFrame:
    """Return one row per week from first to last, and which are since the onset."""
    import pandas as pd

    columns = ("observed", "expected", "low", "high")
    table = pd.DataFrame({name: list(getattr(exhibit, name)) for name in columns}, dtype=object)
    table = finite(table, columns).assign(week=pd.to_datetime(pd.Series(list(exhibit.weeks), dtype=object)))
    grid = on_grid(table[table["week"].notna()].sort_values("week", kind="stable"))
    if exhibit.since is None:
        return grid.assign(since=False)
    onset = pd.Timestamp(exhibit.since)
    grid = grid.assign(since=grid["week"] + pd.Timedelta(days=6) >= onset)
    grid.loc[grid["week"] < onset - pd.Timedelta(weeks=_BEFORE), ["expected", "low", "high"]] = float("nan")
    return grid


def _limits(grid: pd.DataFrame) -> tuple[float, float]:
    """Return where the chart ends: at the extreme week, unless it dwarfs nearly all others."""
    seen = grid["observed"].dropna()
    highest, usual = float(seen.max()), float(seen.quantile(0.9))
    highest = min(highest, _HIGHEST * usual) if usual > 0 else highest
    for column, share in (("expected", 1.0), ("high", 0.9)):
        there = grid[column].dropna()
        if len(there):
            highest = max(highest, min(float(there.quantile(share)), 1.5 * max(highest, 0.0) or float("inf")))
    lows = [float(v) for v in (seen.min(), grid["low"].min(), grid["expected"].min()) if v == v]
    return highest, min(*lows, 0.0) if seen.min() < 0 else 0.0


def _frame(
    ax: Axes, grid: pd.DataFrame, limits: tuple[float, float], metric: _Named, currency: str | None
) -> None:  # fmt: skip
    """Set both axes, zero among the values, with room above for the words of the onset."""
    week_axis(ax, grid["week"])
    value_axis(ax, *limits, currency=currency if metric.unit == "money" else None, ratios=metric.unit == "ratio")
    ticks = [float(t) for t in ax.get_yticks()]
    if metric.unit == "share":
        ax.set_yticks(ticks, labels=_percents(ticks), **font_of())
    elif metric.unit == "count":
        ax.set_yticks(ticks, labels=[tidy_money(t, None) for t in ticks], **font_of())
    if grid["since"].any():
        low, high = ax.get_ylim()
        ax.set_ylim(low, low + (high - low) / max(1 - _LINE / _inner(ax)[1], 0.4))


def _percents(ticks: Sequence[float]) -> list[str]:
    """Write round shares, all with the digits that one of them needs."""
    digits = next((d for d in range(4) if all(abs(round(100 * t, d) - 100 * t) < 1e-9 for t in ticks)), 4)
    return [percent(t, digits) for t in ticks]


def _number(value: float, digits: int) -> str:
    """Write a number of a tick."""
    return decimal(value, digits).replace("-", "−")


def _inner(ax: Axes) -> tuple[float, float]:
    """Return about how wide and high the drawing will be, in points."""
    figure: Any = ax.get_figure(root=True)
    return figure.get_figwidth() * 72 - 115, figure.get_figheight() * 72 - 115


def _draw(
    ax: Axes, grid: pd.DataFrame, top: float, colour: str, metric: _Named, currency: str | None
) -> list[Annotation]:  # fmt: skip
    """Draw the band, the expectation and the weeks; return the labels at the right."""
    x, seen = days_of(grid["week"]), grid["observed"].clip(upper=top) if top > 0 else grid["observed"]
    low, high, level = (grid[name].to_numpy(float) for name in ("low", "high", "expected"))
    edge = ax.get_ylim()[1]
    ax.fill_between(x, low, high.clip(max=2 * edge) if edge > 0 else high, color=INK, alpha=0.13, linewidth=0, zorder=0)
    ax.plot(x, level, color=MUTED, linewidth=1.8, linestyle=(0, (4, 2.5)), zorder=2, gid="expected")
    ax.plot(x, seen.to_numpy(float), color=colour, linewidth=1.6, solid_joinstyle="round", zorder=3, gid="observed")
    alone = seen.notna() & seen.shift().isna() & seen.shift(-1).isna()
    spots = seen.notna() if len(x) <= _POINTS else alone
    size = 3.6 if len(x) <= _POINTS else 5.0
    ax.plot(x[spots], seen[spots].to_numpy(float), "o", color=colour, markersize=size, markeredgewidth=0, zorder=4)
    right = ax.get_xlim()[1]
    found = [
        ("expected", say("Expected"), grid["expected"].dropna(), OTHER),
        ("observed", say("Observed"), seen.dropna(), colour),
    ]
    ends = []
    for column, name, values, hue in found:
        if len(values):
            last = grid[column].dropna().iloc[-1]
            label = at_end(ax, right, float(values.iloc[-1]), f"{name}\n{_write(float(last), metric, currency)}", hue)
            label.set_fontweight("bold" if column == "observed" else "normal")
            ends.append(label)
    return ends


def _mark_onset(ax: Axes, grid: pd.DataFrame, since: dt.date | None) -> None:
    """Draw an upright line where the cause begins, with its date."""
    import pandas as pd

    if since is None or not grid["since"].any() or grid["since"].all():
        return
    at = float(days_of(pd.Series([pd.Timestamp(since)]))[0]) - 3.5  # a week is drawn about its Monday
    left, right = ax.get_xlim()
    wide, _ = _inner(ax)
    says = say("since {date}", date=day_and_month(since))
    ax.axvline(at, color=INK, linewidth=1.1, linestyle=(0, (1, 1.5)), zorder=2)
    on_left = points_of(ax, says) + 6 > (right - at) / (right - left) * wide + 60
    ax.annotate(says, (at, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
                xytext=(-4 if on_left else 4, -1), ha="right" if on_left else "left", va="top", color=INK,
                annotation_clip=False, zorder=5, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
                **font_of())  # fmt: skip


def _write(value: float, metric: _Named, currency: str | None) -> str:
    """Write one value in the unit of its metric."""
    if metric.unit == "money":
        return money(value, currency)
    if metric.unit == "share":
        return percent(value)
    return ratio(value) if metric.unit == "ratio" else ("−" if value < 0 else "") + compact(abs(value))


def _subtitle(grid: pd.DataFrame, metric: _Named, currency: str | None) -> str:
    parts = [_begin(say(metric.says))]
    if "per week" not in metric.says:
        parts.append(say("by week"))
    if metric.unit == "money":
        parts.append(named_unit(currency))
    says = f"{', '.join(parts)}; {span(grid)}"
    if grid["expected"].notna().any():
        says += ". " + say("Dashed: expected without the cause, band: 90 %")
    return says
