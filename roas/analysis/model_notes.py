"""What a person should know about the estimates, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.calendar import periods_between
from roas.language import say
from roas.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roas.response import ResponseResults
    from roas.response.controls import Controls


def model_notes(results: ResponseResults, controls: Controls, tables: Tables) -> list[str]:
    """Return the notes of a fitted model, the most telling first."""
    notes = []
    if results.sample is not None and not results.converged:
        notes.append(say("The response model has not converged: its estimates decide nothing."))
    notes += [_first_upper(f"{check.says()}.") for check in results.checks]
    notes += [say("Response model: {note}.", note=note) for note in results.notes]
    notes += _uncovered(results, tables)
    held = [name.removeprefix("control: ") for name in results.controls if name != "holidays"]
    if held:
        notes.append(say("Held fixed in the response model: {columns}.", columns=_listed(held)))
    if controls.left_out:
        moved = _listed([name for name, _ in controls.left_out])
        notes.append(say("Not held fixed, because ads move it too: {columns}.", columns=moved))
    return notes


def _listed(names: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:most])
    return say("{names} and {number} more", names=shown, number=len(names) - most) if len(names) > most else shown


def _uncovered(results: ResponseResults, tables: Tables) -> list[str]:
    """Say which part of the window has no estimate."""
    data, days = results.data, tables.spend["date"]
    whole = periods_between(days.min().date(), days.max().date(), data.grain)
    if data.periods >= whole - 2:  # a broken period at each end
        return []
    fields = {"part": data.periods, "whole": whole, "day": data.dates[0]}
    if data.grain == "day":
        return [say(
            "What spend causes is estimated over {part} of {whole} days, from {day} on: "
            "revenue is not known for the others, and what they caused is not in the estimates.", **fields,
        )]  # fmt: skip
    return [say(
        "What spend causes is estimated over {part} of {whole} weeks, from {day} on: "
        "revenue is not known for the others, and what they caused is not in the estimates.", **fields,
    )]  # fmt: skip


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
