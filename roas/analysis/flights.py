"""A plan by channel and week: the same money every week, or pulses where they truly pay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.plan.results import Limit, Plan


def by_week(result: WhatIf) -> WhatIf:
    """Spread every plan of a what-if over its weeks; see `roas.plan.flighting`.

    Each channel's money over all weeks stays as it is, to the cent. A plan
    that was looked for inside limits keeps them in every week; a split that
    somebody named has none. Plans of estimates that did not settle stay even,
    without a word on pulses.
    """
    import scipy.linalg  # noqa: F401 - brings its own BLAS, which can only be limited once it is there
    from threadpoolctl import threadpool_limits

    from roas.plan.flighting import flighted

    response, margin = result.analysis.response, result.analysis.margin
    if response is None or not response.converged:
        return result
    with threadpool_limits(1):
        plans = tuple(
            flighted(response, result.today, plan, margin=margin, limits=_limits(result, plan)) for plan in result.plans
        )
    return replace(result, plans=plans)


def _limits(result: WhatIf, plan: Plan) -> dict[str, Limit] | None:
    """Return what a plan was looked for inside of; None for a split that was named."""
    if not result.question(plan).optimizes:
        return None
    return {move.channel: move.limit for move in plan.moves}
