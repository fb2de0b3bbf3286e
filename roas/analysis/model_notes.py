"""What a person should know about the estimates, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.calendar import periods_between
from roas.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roas.response import ResponseResults
    from roas.response.controls import Controls


def model_notes(results: ResponseResults, controls: Controls, tables: Tables) -> list[str]:
    """Return the notes of a fitted model, the most telling first."""
    notes = []
    if results.sample is not None and not results.converged:
        notes.append("The response model has not converged: its estimates decide nothing.")
    notes += [_first_upper(f"{check.says()}.") for check in results.checks]
    notes += [f"Response model: {note}." for note in results.notes]
    notes += _uncovered(results, tables)
    held = [name.removeprefix("control: ") for name in results.controls if name != "holidays"]
    if held:
        notes.append(f"Held fixed in the response model: {_listed(held)}.")
    if controls.left_out:
        notes.append(f"Not held fixed, because ads move it too: {_listed([name for name, _ in controls.left_out])}.")
    return notes


def _listed(names: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _uncovered(results: ResponseResults, tables: Tables) -> list[str]:
    """Say which part of the window has no estimate."""
    data, days = results.data, tables.spend["date"]
    whole = periods_between(days.min().date(), days.max().date(), data.grain)
    if data.periods >= whole - 2:  # a broken period at each end
        return []
    return [
        f"What spend causes is estimated over {data.periods} of {whole} {data.grain}s, from {data.dates[0]} on: "
        "revenue is not known for the others, and what they caused is not in the estimates."
    ]


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
