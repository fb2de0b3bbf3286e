"""Words of a series beside what it would have been: title, unit, values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, Protocol

from roas.charts.evidence_weeks import Shown, by_week
from roas.charts.periods import span
from roas.charts.theme import literal
from roas.charts.values import named_unit, sentence
from roas.format import change, compact, day, money, percent, ratio
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd

#: Relative change below which a series is said to be as expected.
_SAME: Final = 0.005

#: Two relative changes closer than this are told as one size: nobody acts otherwise on 25 % than on 27 %.
_CLOSE: Final = 0.03


class Named(Protocol):
    """What a series is called, its unit and what it is made of (`roas.diagnosis.metrics.Metric`)."""

    @property
    def label(self) -> str:
        """Return its name, to be said."""
        ...

    @property
    def unit(self) -> Literal["money", "ratio", "share", "count"]:
        """Return its unit."""
        ...

    @property
    def says(self) -> str:
        """Return what it is made of, to be said."""
        ...


def evidence_title(exhibit: Shown, *, metric: Named, currency: str | None = None) -> str:
    """Say how far the series is from what was expected, and since when.

    Notes
    -----
    The median over the weeks since the onset of ``observed / expected - 1``;
    of ``observed - expected`` where the expectation is not above zero, since
    a share of nothing says nothing.
    """
    about, after = inside(metric), _after(exhibit)
    if exhibit.since is None or not len(after):
        return headed(exhibit, say("{metric} by week", metric=about))
    since, moved = day(exhibit.since), _relative(after)
    if moved is None:
        gap = float((after["observed"] - after["expected"]).median())
        size = money(abs(gap), currency) if metric.unit == "money" else compact(abs(gap))
        return headed(exhibit, _moved(about, size, since, lower=gap < 0))
    if abs(moved) < _SAME:
        return headed(exhibit, say("{metric} is as expected since {date}", metric=about, date=since))
    return headed(exhibit, _moved(about, percent(abs(moved)), since, lower=moved < 0))


def size_says(exhibit: Shown, alone: float | None) -> str:
    """Say what the size in the title is of, where the list of evidence gives another one for the same series.

    Parameters
    ----------
    exhibit : Exhibit
    alone : float or None
        Relative change of the series judged on its own, as the list of
        evidence gives it; None where it is not in the list.

    Returns
    -------
    str
        Empty where both sizes are about the same, or there is only one.

    Notes
    -----
    The title's size is the middle of the weeks since the onset, against an
    expectation that all series of the cause made together. The list's is the
    change against the series' own usual course, once all of it is there.
    """
    after = _after(exhibit)
    if alone is None or exhibit.since is None or not len(after):
        return ""
    moved = _relative(after)
    if moved is None or abs(moved - alone) < _CLOSE:
        return ""
    return say(
        "The title is about the typical week since then; judged on its own, this series changed by {change}",
        change=change(alone),
    )


def _after(exhibit: Shown) -> pd.DataFrame:
    """Return the weeks since the onset that have both a value and an expectation."""
    grid = by_week(exhibit)
    return grid[grid["since"] & grid["observed"].notna() & grid["expected"].notna()]


def _relative(after: pd.DataFrame) -> float | None:
    """Return the median relative distance from what was expected; None where that is not above zero."""
    if not (after["expected"] > 0).all() or (after["observed"] < 0).any():
        return None
    return float((after["observed"] / after["expected"]).median()) - 1


def _moved(about: str, size: str, since: str, *, lower: bool) -> str:
    if lower:
        return say("{metric} is {size} lower than expected since {date}", metric=about, size=size, date=since)
    return say("{metric} is {size} higher than expected since {date}", metric=about, size=size, date=since)


def inside(metric: Named) -> str:
    """Name the series inside a sentence."""
    label = say(metric.label)
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def headed(exhibit: Shown, says: str) -> str:
    """Begin a title: with the channel, or for the account with what it says."""
    return _begin(sentence(says, literal(exhibit.channel) if exhibit.channel else ""))


def _begin(says: str) -> str:
    return says[:1].upper() + says[1:]


def written(value: float, metric: Named, currency: str | None) -> str:
    """Write one value in the unit of its metric."""
    if metric.unit == "money":
        return money(value, currency)
    if metric.unit == "share":
        return percent(value)
    return ratio(value) if metric.unit == "ratio" else ("−" if value < 0 else "") + compact(abs(value))


def subtitle(grid: pd.DataFrame, metric: Named, currency: str | None) -> str:
    """Say what is drawn, its unit and period, and what the dashes are."""
    parts = [_begin(say(metric.says))]
    if "per week" not in metric.says:
        parts.append(say("by week"))
    if metric.unit == "money":
        parts.append(named_unit(currency))
    says = f"{', '.join(parts)}; {span(grid)}"
    if grid["expected"].notna().any():
        says += ". " + say("Dashed: expected without the cause, band: 90 %")
    return says


def percents(ticks: Sequence[float]) -> list[str]:
    """Write round shares, all with the digits that one of them needs."""
    digits = next((d for d in range(4) if all(abs(round(100 * t, d) - 100 * t) < 1e-9 for t in ticks)), 4)
    return [percent(t, digits) for t in ticks]
