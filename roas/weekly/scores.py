"""How plans that were noted turned out: each scored once its weeks are over, and not twice from the same data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from roas._typing import Grain
from roas.plan.aftermath import NotKnown, Observed, before
from roas.plan.noted import Noted
from roas.plan.score import Score, fingerprint, score
from roas.quantiles import Q
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.plan.aftermath import Before

#: States that say how a plan ended; others wait for further weeks.
ENDED: Final = frozenset({"scored", "not_followed", "cannot_tell"})

#: A plan as the history keeps it.
Row = Mapping[str, Any]


def scores_of(analysis: Analysis, plans: Sequence[Row], week: Week) -> dict[int, Score]:
    """Score every plan that a week's report may speak of.

    Parameters
    ----------
    analysis, plans, week
        As for `roas.weekly.decisions.decisions`. A score that a row's ``scores`` hold is used
        again where everything that it rests on is as it was.

    Returns
    -------
    dict of int to Score
        The number of each plan → its score. ``to_dict`` of those in a state
        of `ENDED` is what the history keeps (``document`` of a score).
    """
    seen = _seen(analysis)
    found: dict[int, Score] = {}
    models: dict[tuple[dt.date, int], Before | NotKnown] = {}
    for row in plans:
        if row["data_end"] > week.sunday:
            continue
        plan = noted(row)
        if seen is None:
            found[row["id"]] = _unseen(plan, analysis, week)
            continue
        kept = _kept(row, plan, seen)
        found[row["id"]] = kept or _scored(plan, seen, models)
    return found


def noted(row: Row) -> Noted:
    """Read a plan as the history keeps it."""
    split = {str(name): each for name, each in row["plan"].items()}
    return Noted(
        now={name: float(each["now"]) for name, each in split.items()},
        planned={name: float(each["planned"]) for name, each in split.items()},
        weeks=int(row["weeks"]),
        begins=row["data_end"] + dt.timedelta(days=1),
        predicted=_predicted(row),
    )


def _predicted(row: Row) -> Q:
    found = row["predicted"] or {}
    return Q(*(float(found.get(level) or 0.0) for level in ("p5", "p50", "p95")))


def _seen(analysis: Analysis) -> Observed | None:
    """Return the tables a score rests on; None without revenue."""
    tables, response = analysis.tables, analysis.response
    if tables.revenue is None or not tables.revenue["revenue"].notna().any():
        return None
    grain = cast("Grain", tables.grain)
    fitting = getattr(response, "fitting", None)
    return Observed(
        tables.spend,
        tables.revenue,
        grain,
        grain if response is None else response.data.grain,
        getattr(fitting, "tests", ()),
    )


def _unseen(plan: Noted, analysis: Analysis, week: Week) -> Score:
    """Say what can be said of a plan without revenue."""
    from roas.plan.noted import spent_of

    over = max(((week.sunday - plan.begins).days + 1) // 7, 0)
    spent = spent_of(plan, analysis.tables.spend, min(over, plan.weeks))
    if spent.weeks < plan.weeks:
        return Score("running", "weeks_left", spent) if spent.weeks else Score("waiting", "no_week", spent)
    return Score("cannot_tell", "no_revenue", spent)


def _kept(row: Row, plan: Noted, seen: Observed) -> Score | None:
    """Return an earlier score that still holds."""
    documents = [each["document"] for each in row.get("scores", ()) if each["document"].get("fingerprint")]
    if not documents:
        return None
    now = fingerprint(plan, seen)
    return next((Score.of_dict(each) for each in reversed(documents) if each["fingerprint"] == now), None)


def _scored(plan: Noted, seen: Observed, models: dict[tuple[dt.date, int], Before | NotKnown]) -> Score:
    """Score a plan; plans of the same day and length share a model."""
    early = score(plan, seen, known=NotKnown("no_model"))
    if early.state not in ENDED:
        return early
    key = plan.begins, plan.weeks
    if key not in models:
        try:
            models[key] = before(seen, plan.begins, weeks=plan.weeks)
        except NotKnown as reason:
            models[key] = reason
    return score(plan, seen, known=models[key])
