"""What would be lost if a channel's journeys ended there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.charts import theme
from roas.charts.attribution.lanes import MOST_ROWS, Lane, lanes, letters, literal, name_of, share_ticks
from roas.charts.attribution.models import ranged_shares
from roas.charts.axis import nothing
from roas.charts.intervals import faint_zero
from roas.charts.layout import finish
from roas.charts.rows import each_row, known
from roas.charts.theme import OTHER, is_narrow
from roas.charts.values import finite
from roas.format import percent, plural

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


#: Effects nearer than this are one: sums of the same numbers in another order.
_SAME: Final = 1e-9


def removal_effects(
    effects: pd.DataFrame,
    *,
    nulls_known: bool = True,
    colours: Mapping[str, str] | None = None,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which share of conversions each channel's removal would cost, with 90 % intervals.

    Parameters
    ----------
    effects : DataFrame
        ``channel``, ``effect`` (share of conversions, 0 to 1) and, where
        journeys were resampled, ``effect_p5``, ``effect_p95``.
    nulls_known : bool
        False where only converting journeys were exported.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    bucket : str, optional
        A name that stands for many: the last row, and in no title.
    """
    import pandas as pd

    with theme.style():
        ax = theme.axes(ax)
        what = "Share of conversions lost, in the Markov model, if journeys ended where they meet the channel"
        table = finite(effects, ["effect", "effect_p5", "effect_p95"])
        table = table[table["effect"].notna()].sort_values("effect", ascending=False, kind="stable")
        if not len(table):
            nothing(ax, "No channel has a removal effect.")
            return finish(ax, "What a channel's removal would cost cannot be told", what)
        is_one = table["channel"].astype(str) != bucket  # the bucket last
        table = pd.concat([table[is_one], table[~is_one]])
        shown = table if len(table) <= MOST_ROWS + 1 else table.head(MOST_ROWS)
        hues = colours or theme.channel_colours(table["channel"].astype(str))
        told = bool((shown["effect_p5"].notna() & shown["effect_p95"].notna()).any())
        _draw(ax, shown, hues)
        what += f"{'; line: 90 % interval' if told else ''}. A journey counts for each of its channels, so they add up to more than 100 %"
        if not nulls_known:
            what += ". Only converting journeys are known: nothing shows how often a channel leads to nothing"
        if len(shown) < len(table):
            what += f". {plural(len(table) - len(shown), 'smaller channel')} not drawn"
        return finish(ax, _title(table[: int(is_one.sum())] if is_one.any() else table), what)


def _draw(ax: Axes, shown: pd.DataFrame, hues: Mapping[str, str]) -> None:
    rows, values = [], []
    for row in each_row(shown):
        low, high = known(row.effect_p5), known(row.effect_p95)
        says = percent(row.effect) if low is None or high is None else ranged_shares(low, high)
        rows.append(Lane(name_of(ax, row.channel, says), says))
        values.append((row.effect, low, high, hues.get(str(row.channel), OTHER)))
    middles = lanes(ax, rows)
    top = max(high if high is not None else value for value, _, high, _ in values)
    for at, (value, low, high, colour) in zip(middles, values, strict=True):
        ax.plot([0, value], [at, at], color=colour, linewidth=2.0, alpha=0.3, zorder=1, solid_capstyle="butt")
        if low is not None and high is not None:
            ax.plot([low, high], [at, at], color=colour, linewidth=6.0, alpha=0.4, zorder=2, solid_capstyle="butt")
        ax.plot([value], [at], "o", color=colour, markersize=7, zorder=3, clip_on=False)
    ax.set_xlim(0, top * 1.03 or 1.0)
    share_ticks(ax, top or 1.0, marks=3 if is_narrow(ax) else 5, size=letters(len(rows)))
    faint_zero(ax)


def _title(table: pd.DataFrame) -> str:
    """Name the channel whose removal costs most, or those that cannot be told from it."""
    first, rest = table.iloc[0], table.iloc[1:]
    says = percent(float(first["effect"]))
    level = rest[(rest["effect_p95"] > first["effect_p5"]) | (rest["effect"] >= first["effect"] - _SAME)]
    if len(level):
        names = f"{literal(first['channel'])} and {literal(level.iloc[0]['channel'])}" if len(level) == 1 else ""
        who = names or f"{literal(first['channel'])} and {len(level):,} others"
        return f"{who} cost most to lose; the order among them cannot be told"
    return f"Without {literal(first['channel'])}, the model loses {says} of conversions, more than without any other"
