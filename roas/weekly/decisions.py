"""What became of the plans that were noted: each with its score, told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from roas.plan.score import Score
from roas.weekly.decision_words import because
from roas.weekly.record import Decision
from roas.weekly.scores import Row, noted, scores_of
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis


def decisions(
    analysis: Analysis, plans: Sequence[Row], week: Week, *, scores: Mapping[int, Score] | None = None
) -> tuple[Decision, ...]:
    """Tell of every plan how it turned out, the newest first, in the language in force.

    Parameters
    ----------
    analysis : Analysis
        Of everything up to the week's Sunday.
    plans : sequence of mapping
        Rows of the history (``history.plans.all()``).
    week : Week
        Of the report; plans whose data end after it are left out.
    scores : mapping, optional
        What `scores_of` returned for the same plans; else it is asked here.
    """
    known = scores_of(analysis, plans, week) if scores is None else scores
    rows = sorted((row for row in plans if row["id"] in known), key=lambda row: (row["data_end"], row["id"]))
    return tuple(_decision(row, known[row["id"]], analysis.tables.currency) for row in reversed(rows))


def _decision(row: Row, found: Score, currency: str | None) -> Decision:
    plan = noted(row)
    return Decision(
        made=dt.date.fromisoformat(str(row["made"])[:10]),
        who=row["who"],
        name=row["name"],
        weeks=plan.weeks,
        begins=plan.begins,
        predicted=plan.predicted,
        # No test of the plan: what came of the money as it was spent stays out of sight of what was predicted.
        realised=None if found.state == "not_followed" else found.realised,
        followed=found.spent.followed,
        state=found.state,
        because=" ".join(because(plan, found, currency)),
    )
