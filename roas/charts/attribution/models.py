"""Credit of each channel under each model: what they agree on, and what they do not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.attribution.lanes import (
    MOST_ROWS,
    Lane,
    Sign,
    amount_ticks,
    key,
    lanes,
    left_of,
    letters,
    literal,
    name_of,
)
from roas.charts.attribution.model_names import STROKES, is_learned, marks_of, model_label
from roas.charts.axis import nothing
from roas.charts.causal_words import listed
from roas.charts.intervals import faint_zero
from roas.charts.layout import finish
from roas.charts.rows import each_row, known
from roas.charts.theme import GRID, MUTED, OTHER, PAPER, is_narrow
from roas.charts.values import finite
from roas.format import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Credits nearer than this share of the total are one: sums of the same numbers in another order.
_SAME: Final = 1e-9

#: Channels of one share under every model, to the percent, are agreed on.
_AGREED: Final = 0.01


@dataclass(frozen=True)
class _Model:
    """One mark: its words, and each channel's credit with its interval (NaN where there is none)."""

    label: str
    marker: str
    learned: bool
    credit: Mapping[str, float]
    low: Mapping[str, float | None]
    high: Mapping[str, float | None]

    @property
    def total(self) -> float:
        return math.fsum(self.credit.values())


def credit_by_model(
    credit: pd.DataFrame,
    *,
    measure: str = "conversions",
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each model credits to each channel, and how far the models disagree.

    Parameters
    ----------
    credit : DataFrame
        ``model``, ``channel``, ``conversions`` (or ``value``, currency) and,
        where journeys were resampled, ``conversions_p5``, ``conversions_p95``
        (``value_p5`` …): one row a model and channel.
    measure : {"conversions", "value"}
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    bucket : str, optional
        A name that stands for many: the last row, and in no title.

    Returns
    -------
    Axes
        A row a channel, the most credited first. The grey bar runs from the
        model that gives least to the one that gives most. Models of equal
        credit share a mark.
    """
    with theme.style():
        ax = theme.axes(ax)
        money = currency or "currency not named"
        what = "conversions" if measure == "conversions" else f"value, {money}"
        table = _table(credit, measure)
        if not len(table):
            nothing(ax, "No channel has credit.")
            return finish(ax, "Who gets credit cannot be told", f"Credited {what}, by model")
        order = _order(table, measure, bucket)
        models = _models(table, measure)
        shown = order if len(order) <= MOST_ROWS + 1 else order[:MOST_ROWS]
        models, more = _with_others(models, shown, order)
        hues = colours or theme.channel_colours(order)
        _draw(ax, models, [*shown, *more], hues, currency if measure == "value" else None)
        subtitle = f"Credited {what}. Grey bar: from the least to the most that a model gives"
        if any(value is not None for m in models if m.learned for value in m.low.values()):
            subtitle += "; line: 90 % interval"
        return finish(
            ax,
            _title(models, [name for name in order if name != bucket] or order, measure),
            f"{subtitle}. Right: share of all",
        )


def _table(credit: pd.DataFrame, measure: str) -> pd.DataFrame:
    table = finite(credit, [measure, f"{measure}_p5", f"{measure}_p95"])
    table = table[table[measure].notna()]
    return table.assign(channel=table["channel"].astype(str), model=table["model"].astype(str))


def _order(table: pd.DataFrame, measure: str, bucket: str | None) -> list[str]:
    """Return channels by their credit over all models, the largest first, and the bucket last."""
    sums = table.groupby("channel", sort=True)[measure].sum().sort_values(ascending=False, kind="stable")
    return sorted((str(name) for name in sums.index), key=lambda name: name == bucket)


def _models(table: pd.DataFrame, measure: str) -> list[_Model]:
    """Return the models in the order of the table; those of equal credit become one."""
    names = list(dict.fromkeys(table["model"]))
    marks, found = marks_of(names), list[_Model]()
    for name in names:
        rows = list(each_row(table[table["model"] == name]))
        new = _Model(
            model_label(name), marks[name], is_learned(name),
            {row.channel: float(getattr(row, measure)) for row in rows},
            {row.channel: known(getattr(row, f"{measure}_p5")) for row in rows},
            {row.channel: known(getattr(row, f"{measure}_p95")) for row in rows},
        )  # fmt: skip
        twin = next((i for i, old in enumerate(found) if _are_equal(old, new)), None)
        if twin is None:
            found.append(new)
        elif found[twin].label != new.label:
            old = found[twin]
            label = f"{old.label} = {new.label}"
            found[twin] = _Model(label, old.marker, old.learned, old.credit, old.low, old.high)
    return sorted(found, key=lambda model: model.learned)


def _are_equal(one: _Model, other: _Model) -> bool:
    near = _SAME * max(abs(one.total), abs(other.total))
    names = one.credit.keys() | other.credit.keys()
    return one.learned == other.learned and all(
        abs(one.credit.get(name, 0.0) - other.credit.get(name, 0.0)) <= near for name in names
    )


def _with_others(models: list[_Model], shown: Sequence[str], order: Sequence[str]) -> tuple[list[_Model], list[str]]:
    """Add up the channels that are not shown; intervals of sums are not known."""
    rest = order[len(shown) :]
    if not rest:
        return models, []
    others = f"{len(rest):,} others"
    return [
        _Model(m.label, m.marker, m.learned,
               {**m.credit, others: math.fsum(m.credit.get(name, 0.0) for name in rest)}, m.low, m.high)
        for m in models
    ], [others]  # fmt: skip


def _draw(
    ax: Axes, models: Sequence[_Model], rows: Sequence[str], hues: Mapping[str, str], currency: str | None
) -> None:  # fmt: skip
    total = max(math.fsum(m.credit.get(name, 0.0) for name in rows) for m in models)
    beside = [_says(models, name, total) for name in rows]
    words = [Lane(name_of(ax, name, says), says) for name, says in zip(rows, beside, strict=True)]
    middles = lanes(ax, words, heading="share")
    size, apart = letters(len(rows)), (0.13 if is_narrow(ax) else 0.2) * min(1.0, (len(rows) + 2) / 10)
    top = 0.0
    for name, at in zip(rows, middles, strict=True):
        values = [m.credit.get(name, 0.0) for m in models]
        ax.plot([min(values), max(values)], [at, at], color=GRID, linewidth=9 if len(rows) > 9 else 12,
                solid_capstyle="round", zorder=1)  # fmt: skip
        learned = [m for m in models if m.learned]
        for model in models:
            lift = -apart if learned and len(learned) < len(models) else 0.0
            if model.learned:
                lift = -lift + apart / 2 * (learned.index(model) - (len(learned) - 1) / 2) / max(len(learned) - 1, 1)
            top = max(top, _mark(ax, model, name, at + lift, hues.get(name, OTHER)))
    ax.set_xlim(0, top * 1.03 or 1.0)
    amount_ticks(ax, top, currency, marks=3 if is_narrow(ax) else 5, size=size)
    faint_zero(ax)
    left = left_of(ax, [lane.name for lane in words])
    key(ax, [Sign(m.label, _style(m, MUTED)) for m in models], left=left)


def _mark(ax: Axes, model: _Model, name: str, at: float, colour: str) -> float:
    """Draw one model's credit; return the highest value drawn."""
    value, low, high = model.credit.get(name, 0.0), model.low.get(name), model.high.get(name)
    ends = [value]
    if model.learned and low is not None and high is not None:
        ax.plot([low, high], [at, at], color=colour, linewidth=2.2, alpha=0.6, solid_capstyle="butt", zorder=3)
        ends.append(high)
    style = _style(model, colour if model.learned else MUTED)
    ax.plot([value], [at], linestyle="none", clip_on=False, zorder=4 if model.learned else 2, **style)
    return max(ends)


def _style(model: _Model, colour: str) -> dict[str, Any]:
    """Return how a model's mark looks: filled where it learns, hollow where it is a rule."""
    if model.learned:
        return {"marker": model.marker, "markersize": 6.5, "color": colour, "markeredgewidth": 0}
    inside = colour if model.marker in STROKES else PAPER
    return {"marker": model.marker, "markersize": 5.5, "markerfacecolor": inside, "markeredgecolor": colour,
            "markeredgewidth": 1.1}  # fmt: skip


def _says(models: Sequence[_Model], name: str, total: float) -> str:
    low, high = _shares(models, name)
    return ranged_shares(low, high) if total > 0 else ""


def _shares(models: Sequence[_Model], name: str) -> tuple[float, float]:
    found = [m.credit.get(name, 0.0) / m.total if m.total else 0.0 for m in models]
    return min(found), max(found)


def ranged_shares(low: float, high: float) -> str:
    """Write a range of shares.

    Examples
    --------
    >>> ranged_shares(0.24, 0.42), ranged_shares(0.241, 0.244), ranged_shares(0.0, 0.0004)
    ('24 to 42 %', '24 %', '0 to < 0.1 %')
    """
    first, last = percent(low), percent(high)
    return first if first == last else f"{first.removesuffix(' %')} to {last}"


def _title(models: Sequence[_Model], order: Sequence[str], measure: str) -> str:
    what = "conversions" if measure == "conversions" else "value"
    if len(models) == 1:
        credit, only = models[0].credit, "All models agree: " if " = " in models[0].label else ""
        top = max(credit.get(name, 0.0) for name in order)
        level = [name for name in order if credit.get(name, 0.0) >= top - _SAME * models[0].total]
        share = percent(top / models[0].total if models[0].total else 0.0)
        if len(level) > 1:
            names = listed([literal(name, most=20) for name in level])
            return f"{only}{names} are level, with {share} of {what} each"
        return f"{only}{literal(level[0])} gets {share} of {what}"
    wide = max(order, key=lambda name: _shares(models, name)[1] - _shares(models, name)[0])
    low, high = _shares(models, wide)
    if high - low < _AGREED:
        return f"The models agree on every channel, within a percent of {what}"
    return f"{literal(wide)} gets {ranged_shares(low, high)} of {what}, depending on the model"
