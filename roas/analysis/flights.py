"""A plan by channel and week: the same money every week, or pulses where they truly pay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf


def by_week(result: WhatIf) -> WhatIf:
    """Spread every plan of a what-if over its weeks; see `roas.plan.flighting`.

    Each channel's money over all weeks stays as it is, to the cent. Plans of
    estimates that did not settle stay even, without a word on pulses.
    """
    import scipy.linalg  # noqa: F401 - brings its own BLAS, which can only be limited once it is there
    from threadpoolctl import threadpool_limits

    from roas.plan.flighting import flighted

    response, margin = result.analysis.response, result.analysis.margin
    if response is None or not response.converged:
        return result
    with threadpool_limits(1):
        plans = tuple(flighted(response, result.today, plan, margin=margin) for plan in result.plans)
    return replace(result, plans=plans)
