"""What spend causes: the response model on the tables of an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from roas._typing import Grain
from roas.analysis.lift_tests import lift_tests
from roas.analysis.model_notes import model_notes
from roas.analysis.regions import by_region, fit_regions
from roas.errors import InputError, UsageError
from roas.format import count, decimal
from roas.language import mark, say
from roas.limits import FEWEST_MODEL_WEEKS, WEEKLY_MODEL_WEEKS
from roas.metrics import common_days, exact_sum
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    import pandas as pd

    from roas.response import ResponseResults


#: Begins every note that says why nothing was estimated, in every language.
NOT_ESTIMATED: Final = mark("What spend causes is not estimated: {why}")


def is_not_estimated(note: str) -> bool:
    """Return whether a note, said in the language in force, tells why nothing was estimated."""
    head, _, tail = say(NOT_ESTIMATED, why="\0").partition("\0")
    return note.startswith(head) and note.endswith(tail)


def _not_estimated(why: str) -> tuple[str]:
    return (say(NOT_ESTIMATED, why=why),)


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
    if experiments is not None:
        _refuse_other_money(experiments, tables.currency)
    if revenue is None or not has_values(revenue, "revenue"):
        return None, ()
    start, end = common_days(tables.spend, revenue)
    weeks = 0.0 if start > end else ((end - start).days + (7 if tables.grain == "week" else 1)) / 7
    if weeks < FEWEST_MODEL_WEEKS:
        return None, _not_estimated(
            say(
                "spend and revenue share {weeks} weeks, {needed} are needed.",
                weeks=count(round(weeks)),
                needed=FEWEST_MODEL_WEEKS,
            )
        )
    made = exact_sum(revenue["revenue"][revenue["date"].between(start, end)]) or 0.0
    if made < 0:
        return None, _not_estimated(
            say("refunds are more than revenue ({money} from {day} on).", money=decimal(made, 0), day=start.date())
        )
    if progress:
        progress("estimating what spend causes")
    from numpy.linalg import LinAlgError
    from threadpoolctl import threadpool_limits

    # One thread: small matrices gain nothing from more, and sums must not
    # depend on how many cores there are.
    with threadpool_limits(1):
        try:
            return _fit(tables, experiments, margin, weeks)
        except (InputError, UsageError) as error:
            return None, _not_estimated(str(error))
        except LinAlgError:
            return None, _not_estimated(say("the figures are too extreme to compute with."))


def _refuse_other_money(experiments: pd.DataFrame, currency: str | None) -> None:
    said = sorted(set(experiments["currency"].dropna()))
    if currency is not None and said and said != [currency]:
        raise InputError(
            f"cannot compare lift tests in {' and '.join(said)} with an account in {currency}.\n"
            f"  Give incremental_revenue, standard_error and spend_change in {currency}."
        )


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
    tests, doubts = lift_tests(experiments, tables)
    grain = _grain(tables, weeks)
    results = None
    learnable, why = by_region(tables)
    doubts = [*doubts, *why]
    if learnable and not tests:
        results = fit_regions(tables, controls.names, margin)
        if not results.converged:
            doubts = [
                *doubts,
                say("The model of the regions has not converged; the estimates are those of their sums."),
            ]
    if results is None or not results.converged:
        results = ResponseModel(
            tables.spend, tables.revenue, controls=controls.names, margin=margin or 1.0, grain=grain, tests=tests
        ).fit(seed=0)
    results.settle()
    return results, (*doubts, *model_notes(results, controls, tables))
