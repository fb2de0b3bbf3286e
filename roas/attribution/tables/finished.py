"""Journeys that came without times: what is said of them, whatever the layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from roas.attribution.results import Journeys
from roas.attribution.tables.path_texts import spellings
from roas.attribution.tables.refusals import stop
from roas.format import count, money

if TYPE_CHECKING:
    from roas.attribution.paths import Paths
    from roas.io.mapped import Mapped

#: Said where no journey ended in nothing. Removing a channel from the fitted
#: chain then takes away exactly the journeys that pass it. Where journeys do
#: follow an order-1 chain that loses nothing: seen only where it ends in a
#: conversion, a chain is a chain again (Doob's transform) that passes each
#: channel as often, so removal effects agree with those of all journeys; on
#: the 10,000 real paths of the attribution benchmark credits of channels with over
#: a hundred conversions move by up to 3.5 %.
NO_NULLS: Final = (
    "no journey here ended without a conversion: a removal effect then says in what share of converting journeys a "
    "channel stands, not how often the channel leads to nothing. Markov credit still adds up, and agrees with that "
    "from all journeys only as far as people move as its chain says"
)


def finished(
    table: Mapped,
    paths: Paths,
    said: Sequence[str],
    *,
    nulls_known: bool,
    without_touches: tuple[float, float] = (0, 0),
) -> Journeys:
    """Return the journeys with all notes, or refuse where nothing converted.

    Parameters
    ----------
    said : sequence of str
        How the table was read.
    without_touches : (float, float)
        Conversions without a touch, and their value.

    Raises
    ------
    InputError
    """
    conversions, value = map(float, without_touches)
    if not (paths.conversions.sum() or conversions):
        fix = "Export the journeys that converted too."
        table.findings.error("no journey converted: there is no credit to share.", fix, line=table.raw.header_line)
        stop(table)
    for note in said:
        table.findings.note(note)
    if conversions:
        worth = f" (value {money(value, table.currency, full=True)})" if value else ""
        table.findings.note(
            f"conversions without a touch: {count(conversions)}{worth}; no channel is given credit for them"
        )
    twins = spellings(paths.channels)
    if twins:
        table.findings.note(twins)
    if not nulls_known:
        table.findings.note(NO_NULLS)
    return Journeys(
        paths,
        unattributed_conversions=conversions,
        unattributed_value=value,
        nulls_known=nulls_known,
        currency=table.currency,
        rejected=tuple(table.findings.rejected),
        notes=tuple(table.findings.notes),
    )
