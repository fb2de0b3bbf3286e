"""Rows of an experiments file → lift tests of the whole market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.metrics import exact_sum
from roas.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

    from roas.response.lift import LiftTest


def lift_tests(experiments: pd.DataFrame | None, tables: Tables) -> tuple[list[LiftTest], list[str]]:
    """Turn rows into lift tests of the whole market.

    A test in one region is scaled up by the region's share of the channel's
    spend in those days, which supposes that the other regions respond alike.
    """
    from roas.response.lift import LiftTest

    found: list[LiftTest] = []
    notes: list[str] = []
    if experiments is None:
        return found, notes
    for row in experiments.to_dict("records"):
        name = f"Lift test of {row['channel']}, {row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d}"
        share = 1.0
        if row["geo"] is not None:
            share = _share_of(tables.spend, row)
            if not share > 0:
                notes.append(f"{name}, is not used: spend of {row['geo']} is not in the files.")
                continue
            notes.append(
                f"{name}: {row['geo']} had {100 * share:.0f} % of the channel's spend; scaled up to all of it."
            )
        change = row["spend_change"]
        known = change == change and change != 0
        sign = -1.0 if known and change < 0 < row["incremental_revenue"] else 1.0
        if sign < 0:
            notes.append(f"{name}: spend was cut and revenue is given as positive: it is read as revenue lost.")
        found.append(
            LiftTest(
                row["channel"], row["start"].date(), row["end"].date(), sign * row["incremental_revenue"] / share,
                row["standard_error"] / share, change / share if known else None,
            )
        )  # fmt: skip
    return found, notes


def _share_of(spend: pd.DataFrame, row: dict[Any, Any]) -> float:
    """Return a region's share of a channel's spend during a test."""
    rows = spend[(spend["channel"] == row["channel"]) & (spend["date"] >= row["start"]) & (spend["date"] <= row["end"])]
    part, whole = (exact_sum(some["spend"]) or 0.0 for some in (rows[rows["geo"] == row["geo"]], rows))
    return part / whole if whole > 0 else 0.0
