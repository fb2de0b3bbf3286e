"""What spend causes: the response model on the tables of an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from roas._typing import Grain
from roas.errors import InputError, UsageError
from roas.limits import FEWEST_MODEL_WEEKS, WEEKLY_MODEL_WEEKS
from roas.metrics import common_days
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    from roas.response import ResponseResults


def estimate(
    tables: Tables, *, margin: float | None, progress: Callable[[str], None] | None = None
) -> tuple[ResponseResults | None, tuple[str, ...]]:
    """Fit the response model, where the tables allow it.

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
            return _fit(tables, margin, weeks)
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


def _fit(tables: Tables, margin: float | None, weeks: float) -> tuple[ResponseResults, tuple[str, ...]]:
    from roas.response import ResponseModel
    from roas.response.controls import choose_controls

    assert tables.revenue is not None
    controls = choose_controls(tables.revenue)
    model = ResponseModel(
        tables.spend, tables.revenue, controls=controls.names, margin=margin or 1.0, grain=_grain(tables, weeks)
    )
    results = model.fit(seed=0)
    results.settle()
    notes = [f"Response model: {note}." for note in results.notes]
    if controls.left_out:
        named = ", ".join(f'"{name}"' for name, _ in controls.left_out[:3])
        more = " …" if len(controls.left_out) > 3 else ""
        notes.append(f"Not used as a control, because ads move it too: {named}{more}.")
    if results.sample is not None and not results.converged:
        notes.append("The response model has not converged: its estimates decide nothing.")
    return results, tuple(notes)
