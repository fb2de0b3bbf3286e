"""Which channels a label stands for, so that a limit can be set on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from roas.errors import UsageError
from roas.format import visible
from roas.limits import RECENT_WEEKS
from roas.plan.names import find

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis


def labelled_channels(analysis: Analysis, names: Iterable[str], channels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return label → its channels, for the labels among `names`.

    Parameters
    ----------
    analysis : Analysis
    names : iterable of str
        Channels or labels, as a person wrote them; a channel's name wins.
    channels : sequence of str
        Of the account.

    Returns
    -------
    dict
        A label has a channel where every campaign of it that spent in the
        last 8 weeks carries the label.

    Raises
    ------
    UsageError
        A label stands in two groups with different channels, or covers only
        a part of a channel: money is planned by channel.
    """
    asked = [name for name in names if find(name, channels) is None]
    if not asked:
        return {}
    table = _recent_labels(analysis)
    groups = [str(group) for group in table.columns.difference(["channel", "campaign"], sort=False)]
    every = sorted({str(label) for group in groups for label in table[group].dropna()})
    out: dict[str, tuple[str, ...]] = {}
    for name in asked:
        label = find(name, every)
        if label is not None:
            out[label] = _channels_of(label, table, groups, channels)
    return out


def _recent_labels(analysis: Analysis) -> pd.DataFrame:
    """Return the labels of campaigns that spent in the last 8 weeks."""
    import pandas as pd

    spend = analysis.tables.spend
    since = spend["date"].max() - pd.Timedelta(days=7 * RECENT_WEEKS - (1 if analysis.tables.grain == "day" else 7))
    running = spend[(spend["date"] >= since) & (spend["spend"] > 0)][["channel", "campaign"]].drop_duplicates()
    found: pd.DataFrame = running.merge(analysis.labelled, on=["channel", "campaign"], how="left")
    return found


def _channels_of(label: str, table: pd.DataFrame, groups: Sequence[str], channels: Sequence[str]) -> tuple[str, ...]:
    found = {group: _covered(label, table, group, channels) for group in groups if (table[group] == label).any()}
    if len({whole for whole, _ in found.values()}) > 1:
        raise UsageError(
            f'"{visible(label)}" is a label in {" and in ".join(sorted(found))}, of different channels. '
            "Name the channels, or give the labels different names."
        )
    whole, partly = next(iter(found.values()))
    if partly:
        raise UsageError(
            f'"{visible(label)}" covers only some campaigns of {", ".join(visible(each) for each in partly)}, '
            "and money is planned by channel.\n  Limit the channel, or give these campaigns a channel of their own."
        )
    return whole


def _covered(
    label: str, table: pd.DataFrame, group: str, channels: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the channels that carry a label in all campaigns, and those that do in some."""
    has = (table[group] == label).groupby(table["channel"].astype(str)).agg(["all", "any"])
    whole = tuple(name for name in channels if name in has.index and has.loc[name, "all"])
    partly = tuple(name for name in channels if name in has.index and has.loc[name, "any"] and name not in whole)
    return whole, partly
