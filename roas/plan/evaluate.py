"""What a given split of money changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from roas.errors import UsageError
from roas.format import visible
from roas.plan.cents import money_of, to_cents
from roas.plan.effects import CurvesOf, effects_of
from roas.plan.names import channel_of
from roas.plan.outcome import Proposal, plan_of

if TYPE_CHECKING:
    from roas.plan.results import Plan
    from roas.plan.today import Today

Planned: TypeAlias = "Mapping[str, float] | npt.NDArray[np.float64]"


def evaluate(
    response: CurvesOf,
    today: Today,
    planned: Planned,
    *,
    weeks: int = 4,
    margin: float | None = None,
    name: str = "",
) -> Plan:
    """Say what a split of money changes against today's.

    Parameters
    ----------
    response : ResponseResults, or anything with ``curves`` and ``data``
    today : Today
    planned : mapping of str to float, or array of shape (weeks, channels)
        Currency per week; channels that are not named keep today's money. An
        array has a row per week and a column per channel of `today`.
    weeks : int
        Horizon; an array's rows stand above it.
    margin : float, optional
        Contribution margin, in (0, 1].
    name : str
        Of the scenario.

    Returns
    -------
    Plan
        Changes are per week of the horizon and count what still arrives
        after it, when money is back to today's; see `Effects`.

    Raises
    ------
    UsageError
        Unknown channels, amounts that are no money, a margin out of range.

    Notes
    -----
    Figures are quantiles and shares over posterior draws. They tell the
    change of what ads cause, not of sales: season, demand and luck move
    sales as well.
    """
    check_margin(margin)
    proposal, weeks = _proposal(today, planned, weeks)
    effects = effects_of(response, today, weeks)
    return plan_of(effects, today, proposal, margin=margin, name=name, facts={"objective": "given"})


def check_margin(margin: float | None) -> None:
    """Refuse what is no contribution margin."""
    if margin is not None and not 0 < margin <= 1:
        raise UsageError(
            f"--margin {margin} is no contribution margin: give a share above 0 and up to 1, for example 0.6."
        )


def _proposal(today: Today, planned: Planned, weeks: int) -> tuple[Proposal, int]:
    """Read a plan: one amount per channel, or one per week and channel."""
    if isinstance(planned, Mapping):
        amounts = dict(zip(today.channels, today.spend, strict=True))
        for given, amount in planned.items():
            channel = channel_of(given, today.channels)
            amounts[channel] = money_of(to_cents(amount, f"money of {visible(channel)}"))
        return Proposal(amounts), weeks
    table = np.asarray(planned, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(today.channels) or not len(table):
        raise UsageError(
            f"a plan by week needs one row per week and one column per channel ({len(today.channels)}); "
            f"it has the shape {table.shape}."
        )
    return by_week(today, table), len(table)


def by_week(today: Today, table: npt.NDArray[np.float64]) -> Proposal:
    """Return a proposal week by week; cells are rounded to the cent, and so is each channel's mean."""
    paths = {
        channel: np.array([to_cents(cell, f"money of {visible(channel)}") for cell in table[:, i]]) / 100
        for i, channel in enumerate(today.channels)
    }
    means = {channel: round(float(path.sum()) / len(path), 2) for channel, path in paths.items()}
    if all((path == path[0]).all() for path in paths.values()):
        return Proposal(means)
    return Proposal(means, paths)
