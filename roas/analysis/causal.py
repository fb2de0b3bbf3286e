"""What spend causes: the response model on the tables of an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roas._typing import Grain
from roas.errors import InputError, UsageError
from roas.limits import FEWEST_MODEL_WEEKS, WEEKLY_MODEL_WEEKS
from roas.metrics import common_days
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    import pandas as pd

    from roas.response import ResponseResults
    from roas.response.lift import LiftTest


def estimate(
    tables: Tables,
    experiments: pd.DataFrame | None = None,
    *,
    margin: float | None,
    progress: Callable[[str], None] | None = None,
) -> tuple[ResponseResults | None, tuple[str, ...]]:
    """Fit the response model, where the tables allow it.

    Parameters
    ----------
    tables : Tables
    experiments : DataFrame, optional
        Lift tests, one a row, as `roas.io.experiments.test_rows` gives them.
    margin : float or None
        Contribution margin.

    Returns
    -------
    results, notes
        None without revenue, or where the two tables share too little time;
        a note then says why.
    """
    revenue = tables.revenue
    if revenue is None or not has_values(revenue, "revenue"):
        return None, ()
    start, end = common_days(tables.spend, revenue)
    weeks = 0.0 if start > end else ((end - start).days + (7 if tables.grain == "week" else 1)) / 7
    if weeks < FEWEST_MODEL_WEEKS:
        return None, (
            f"What spend causes is not estimated: spend and revenue share {weeks:.0f} weeks, "
            f"{FEWEST_MODEL_WEEKS} are needed.",
        )
    if progress:
        progress("estimating what spend causes")
    from threadpoolctl import threadpool_limits

    # One thread: small matrices gain nothing from more, and sums must not
    # depend on how many cores there are.
    with threadpool_limits(1):
        try:
            return _fit(tables, experiments, margin, weeks)
        except (InputError, UsageError) as error:
            return None, (f"What spend causes is not estimated: {error}",)


def _grain(tables: Tables, weeks: float) -> Grain:
    """Choose the period of the model.

    With claims, weeks: platforms book a sale on the day of the click or of
    the order, which weeks do not mind, and weeks are less easily fooled by
    spend that answers the demand of the day. Without claims, or with too few
    weeks, the period of the files.
    """
    if has_values(tables.spend, "conversion_value") and weeks >= WEEKLY_MODEL_WEEKS:
        return "week"
    return "week" if tables.grain == "week" else "day"


def _fit(
    tables: Tables, experiments: pd.DataFrame | None, margin: float | None, weeks: float
) -> tuple[ResponseResults, tuple[str, ...]]:
    from roas.response import ResponseModel
    from roas.response.controls import choose_controls

    assert tables.revenue is not None
    controls = choose_controls(tables.revenue)
    tests, doubts = _tests(experiments, tables)
    model = ResponseModel(
        tables.spend,
        tables.revenue,
        controls=controls.names,
        margin=margin or 1.0,
        grain=_grain(tables, weeks),
        tests=tests,
    )
    results = model.fit(seed=0)
    results.settle()
    notes = [*doubts, *(f"{_first_upper(check.says())}." for check in results.checks)]
    notes += [f"Response model: {note}." for note in results.notes]
    if controls.left_out:
        named = ", ".join(f'"{name}"' for name, _ in controls.left_out[:3])
        more = " …" if len(controls.left_out) > 3 else ""
        notes.append(f"Not used as a control, because ads move it too: {named}{more}.")
    if results.sample is not None and not results.converged:
        notes.append("The response model has not converged: its estimates decide nothing.")
    return results, tuple(notes)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tests(experiments: pd.DataFrame | None, tables: Tables) -> tuple[list[LiftTest], list[str]]:
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
    from roas.metrics import exact_sum

    rows = spend[(spend["channel"] == row["channel"]) & (spend["date"] >= row["start"]) & (spend["date"] <= row["end"])]
    part, whole = (exact_sum(some["spend"]) or 0.0 for some in (rows[rows["geo"] == row["geo"]], rows))
    return part / whole if whole > 0 else 0.0
