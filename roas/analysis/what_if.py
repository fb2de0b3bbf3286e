"""The record of one what-if: the plans, in the order asked, and the one to read first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.asked import Asked
from roas.analysis.record import Analysis, Run
from roas.plan.results import Plan

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.analysis.saving import Saved
    from roas.plan.today import Today

    Floats = npt.NDArray[np.float64]

#: Name of today's split among scenarios.
TODAY: Final = "today"


@dataclass(frozen=True)
class WhatIf:
    """The answer to one question, or to several side by side. Money is per week.

    Attributes
    ----------
    analysis : Analysis
    today : Today
    asked : tuple of Asked
    plans : tuple of Plan
        One for each question, in the same order.
    keep : Plan
        Today's split, unchanged.
    run : Run
    notes : tuple of str
        What was decided on the way.
    compared : bool
        Whether scenarios were asked for, even if only one.
    """

    analysis: Analysis
    today: Today
    asked: tuple[Asked, ...]
    plans: tuple[Plan, ...]
    keep: Plan
    run: Run
    notes: tuple[str, ...] = ()
    compared: bool = False

    def worth(self, plan: Plan) -> Floats:
        """Return draws of what a plan brings less what it costs: revenue x margin (1 if none) less spend."""
        import numpy as np

        from roas.plan.outcome import objective_draws

        draws = np.full(1, plan.revenue_change.p50) if plan.draws is None else plan.draws
        return objective_draws(draws, plan.total - self.today.total, self.analysis.margin)

    @cached_property
    def order(self) -> tuple[Plan, ...]:
        """The plans, the largest median worth first; plans of equal worth stay in the order asked."""
        import numpy as np

        return tuple(sorted(self.plans, key=lambda plan: -float(np.median(self.worth(plan)))))

    @cached_property
    def plan(self) -> Plan:
        """The plan to read first: the only one, or the best scenario, or today's split where none beats it."""
        if not self.compared:
            return self.plans[0]
        good = [plan for plan in self.order if plan.probability_better > 0.5 and not plan.held]
        return good[0] if good else self.keep

    @cached_property
    def lead(self) -> float | None:
        """Probability that the best scenario is worth more than the next one; None where there are not two."""
        if len(self.plans) < 2 or self.plan is not self.order[0]:
            return None
        first, second = self.worth(self.order[0]), self.worth(self.order[1])
        # A plan that was looked for is judged by the last draws alone: those that both have are the last ones.
        both = min(len(first), len(second))
        return float((first[-both:] > second[-both:]).mean())

    def question(self, plan: Plan) -> Asked:
        """Return what was asked for a plan."""
        for asked, answer in zip(self.asked, self.plans, strict=True):
            if answer is plan:
                return asked
        return Asked(TODAY)

    # ---- memory ------------------------------------------------------------------------------

    def save(self, folder: str | Path = "reports", *, who: str | None = None, name: str = "") -> Saved:
        """Note the plan in the history of the reports, so that they can say how it turned out.

        Parameters
        ----------
        folder : path
            Folder of the reports, or the file; made where it is missing.
        who : str, optional
            Who decided; the login name by default.
        name : str
            What people call the plan.

        Returns
        -------
        Saved
            ``number``, ``file``, and whether it is ``new``: the same plan on
            the same data is noted once.
        """
        from roas.analysis.saving import save

        return save(self, folder, who=who, name=name)

    # ---- renderings --------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return ``plan.json`` (the contract's document) as plain types."""
        from roas.analysis.plan_document import plan_document

        return plan_document(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per channel: now, planned, change (currency per week), and what each brings."""
        from roas.analysis.plan_document import plan_frame

        return plan_frame(self.plan)

    def scenarios_frame(self) -> pd.DataFrame:
        """Return one row per scenario."""
        from roas.analysis.plan_document import scenario_frame

        return scenario_frame(self)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw money now against planned, by channel."""
        from roas.charts.plan import planned_spend

        return planned_spend(self.to_frame(), currency=self.analysis.tables.currency, held=self.plan.held, ax=ax)

    def __repr__(self) -> str:
        plan, change = self.plan, self.plan.revenue_change
        what = "today's split" if plan.held else f"{sum(m.now != m.planned for m in plan.moves)} channels move"
        return f"<WhatIf {what}, revenue {change.p50:+,.0f} [{change.p5:+,.0f}, {change.p95:+,.0f}] per week>"
