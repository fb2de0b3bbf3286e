"""Which charts an attribution has something to show for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from roas.limits import CHART_CHANNELS
from roas.report.plot import Plot

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution


def plots(result: Attribution) -> list[Plot]:
    """Return the charts that the journeys allow, in the page's order."""
    rows = min(len(result.channels), CHART_CHANNELS + 1)
    found = []
    if result.credits and result.conversions:
        found.append(Plot("credit_by_model", "credit.csv", partial(result.plot_credit), rows + 2))
    if result.removal is not None:
        found.append(Plot("removal_effects", "removal.csv", partial(result.plot_removal), rows + 1))
    if result.scaled is not None and result.scaled.rows:
        some = min(len(result.scaled.rows), CHART_CHANNELS + 1)
        found.append(
            Plot(
                "attributed_against_caused", "attribution.json", partial(result.plot_incremental), some + 2, alone=True
            )
        )
    enough = bool(result.path_lengths)  # fewer than ten journeys in all have no picture
    if enough:
        found.append(Plot("path_flow", "paths.csv", partial(result.plot_sankey)))
    if result.transitions and enough:
        found.append(Plot("transition_matrix", "transitions.csv", partial(result.plot_transitions)))
    if result.paths.rows:
        found.append(Plot("top_paths", "paths.csv", partial(result.plot_top_paths), 8))
    if any(row.conversions for row in result.positions):
        found.append(Plot("credit_by_place", "places.csv", partial(result.plot_positions), rows))
    if enough:
        found.append(
            Plot("path_length", "path_lengths.csv", partial(result.plot_path_lengths), alone=not result.days_to_convert)
        )
    if result.days_to_convert:
        found.append(Plot("time_to_convert", "path_lengths.csv", partial(result.plot_time_to_convert)))
    if any(row.complete for row in result.weekly):
        found.append(Plot("credit_by_week", "weeks.csv", partial(result.plot_weeks), alone=True))
    return found
