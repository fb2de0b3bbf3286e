"""Rows of an experiments file → lift tests of the whole market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.format import decimal
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.metrics import exact_sum
from roas.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

    from roas.response.lift import LiftTest


def lift_tests(experiments: pd.DataFrame | None, tables: Tables) -> tuple[list[LiftTest], list[str]]:
    """Turn rows into lift tests of the whole market.

    A test in one region is scaled up by the region's usual share of the
    channel's spend, which supposes that the other regions respond alike.
    """
    from roas.response.lift import LiftTest

    found: list[LiftTest] = []
    notes: list[str] = []
    if experiments is None:
        return found, notes
    spelled = {str(name).casefold(): str(name) for name in tables.spend["channel"].unique()}
    for row in experiments.to_dict("records"):
        row["channel"] = spelled.get(row["channel"].casefold(), row["channel"])
        named = {"channel": row["channel"], "start": f"{row['start']:%Y-%m-%d}", "end": f"{row['end']:%Y-%m-%d}"}
        share = 1.0
        if row["geo"] is not None:
            share = _share_of(tables.spend, row)
            if not share > 0:
                notes.append(say(
                    "Lift test of {channel}, {start} to {end}, is not used: spend of {region} is not in the files.",
                    region=row["geo"], **named,
                ))  # fmt: skip
                continue
            notes.append(say(
                "Lift test of {channel}, {start} to {end}: {region} usually has {share} % of the channel's spend; "
                "scaled up to all of it.", region=row["geo"], share=decimal(100 * share, 0), **named,
            ))  # fmt: skip
        change = row["spend_change"]
        known = change == change
        sign = -1.0 if known and change < 0 < row["incremental_revenue"] else 1.0
        if sign < 0:
            notes.append(say(
                "Lift test of {channel}, {start} to {end}: spend was cut and revenue is given as positive: "
                "it is read as revenue lost.", **named,
            ))  # fmt: skip
        found.append(
            LiftTest(
                row["channel"], row["start"].date(), row["end"].date(), sign * row["incremental_revenue"] / share,
                row["standard_error"] / share, change / share if known else None,
            )
        )  # fmt: skip
    return found, notes


def _share_of(spend: pd.DataFrame, row: dict[Any, Any]) -> float:
    """Return a region's usual share of a channel's spend: that of the weeks before the test.

    During the test the share is what the test made of it. Where nothing was
    spent before, all other days count.
    """
    import pandas as pd

    rows = spend[spend["channel"] == row["channel"]]
    before = rows[(rows["date"] < row["start"]) & (rows["date"] >= row["start"] - pd.Timedelta(weeks=RECENT_WEEKS))]
    outside = rows[(rows["date"] < row["start"]) | (rows["date"] > row["end"])]
    for usual in (before, outside):
        part, whole = (exact_sum(some["spend"]) or 0.0 for some in (usual[usual["geo"] == row["geo"]], usual))
        if whole > 0 and part > 0:
            return part / whole
    return 0.0
