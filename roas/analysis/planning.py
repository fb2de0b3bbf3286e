"""What if: moves, budgets and the best split, asked of an analysed account."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas import __version__
from roas.analysis.answers import answer, compare, scaled
from roas.analysis.asked import (
    MAX_CHANGE,
    WEEKS,
    Asked,
    amount,
    checked,
    named_amounts,
    objective_of,
    share,
    whole_weeks,
)
from roas.analysis.python_names import refuse_names
from roas.analysis.record import Analysis, Run
from roas.analysis.what_if import WhatIf
from roas.errors import UsageError

if TYPE_CHECKING:
    from roas.analysis.scenario_files import Scenarios
    from roas.io.load import Progress

__all__ = ["WhatIf", "answer", "compare", "optimize", "plan", "scaled", "whatif"]

#: What a person sees who asks for nothing.
EXAMPLES: Final = (
    'roas whatif spend.csv --revenue shop.csv --shift "Meta>Search=500"\n'
    "  roas whatif spend.csv --revenue shop.csv --optimize --max-change 30%\n"
    "  roas whatif spend.csv --revenue shop.csv --budget 5000 --optimize"
)


#: What `optimize` takes.
SEARCH: Final = (
    *("budget", "objective", "target_marginal_roas", "target_revenue", "max_change", "minimum", "maximum", "fix"),
    *("weeks", "by_week", "name"),
)


def plan(
    analysis: Analysis,
    spend: Mapping[str, float] | None = None,
    *,
    shift: str | Iterable[str] = (),
    budget: float | str | None = None,
    weeks: int = WEEKS,
    by_week: bool = False,
    name: str = "",
) -> WhatIf:
    """Say what a named split of money changes, against today's.

    Parameters
    ----------
    analysis : Analysis
    spend : mapping of channel to amount, optional
        Currency per week; channels that are not named stay as they are.
    shift : str or list of str, optional
        ``"Meta=-20%"``, ``"Meta=+500"``, ``"Meta>Search=500"``, in turn.
    budget : float, optional
        Today's split scaled to this total.
    weeks : int
        Length of the plan.
    by_week : bool
        Say each week's money, in pulses where they pay.
    name : str
        Of the scenario.

    Returns
    -------
    WhatIf

    Raises
    ------
    UsageError
        Nothing is asked, or it contradicts itself or the account.
    InputError
        The account has no estimate of what spend causes.
    """
    asked = Asked(
        name=name,
        spend=None if spend is None else named_amounts(spend, option="spend"),
        shift=(shift,) if isinstance(shift, str) else tuple(shift),
        budget=None if budget is None else amount(budget, option="budget"),
        weeks=whole_weeks(weeks, option="weeks"),
    )
    return _by_week(answer(analysis, [asked]), by_week)


def optimize(
    analysis: Analysis,
    *,
    budget: float | str | None = None,
    objective: str = "revenue",
    target_marginal_roas: float | None = None,
    target_revenue: float | str | None = None,
    max_change: float | str = MAX_CHANGE,
    minimum: Mapping[str, float] | Iterable[str] = (),
    maximum: Mapping[str, float] | Iterable[str] = (),
    fix: str | Iterable[str] = (),
    weeks: int = WEEKS,
    by_week: bool = False,
    name: str = "",
    **others: Any,
) -> WhatIf:
    """Look for the best split of money inside limits; today's split where nothing better can be defended.

    Parameters
    ----------
    analysis : Analysis
    budget : float, optional
        Currency per week; today's total unless given.
    objective : {"revenue", "profit", "cautious"}
    target_marginal_roas : float, optional
        Spend until the next unit of money brings this.
    target_revenue : float, optional
        Look for the least money that reaches this revenue per week.
    max_change : float or str
        Share of today's spend that a channel may move by.
    minimum, maximum : mapping, or texts such as ``"TikTok=500"``
        Currency per week, by channel or by label.
    fix : list of str
        Channels or labels that keep what they have.
    weeks : int
    by_week : bool
        Say each week's money, in pulses where they pay.

    Returns
    -------
    WhatIf

    Raises
    ------
    UsageError
        Limits that cannot be met, or names that are not known.
    InputError
        The account has no estimate of what spend causes.
    """
    refuse_names(others, SEARCH)
    asked = Asked(
        name=name,
        optimize=True,
        budget=None if budget is None else amount(budget, option="budget"),
        objective=objective_of(objective, option="objective"),
        target_marginal_roas=target_marginal_roas,
        target_revenue=None if target_revenue is None else amount(target_revenue, option="target_revenue"),
        max_change=share(max_change, option="max_change"),
        minimum=named_amounts(minimum, option="minimum"),
        maximum=named_amounts(maximum, option="maximum"),
        fix=(fix,) if isinstance(fix, str) else tuple(fix),
        weeks=whole_weeks(weeks, option="weeks"),
    )
    return _by_week(answer(analysis, [asked]), by_week)


def _by_week(found: WhatIf, wanted: bool) -> WhatIf:
    from roas.analysis import flights

    return flights.by_week(found) if wanted else found


def whatif(
    spend: Any,
    revenue: Any = None,
    *,
    shift: str | Iterable[str] = (),
    budget: float | str | None = None,
    optimize: bool = False,
    objective: str = "revenue",
    target_marginal_roas: float | None = None,
    target_revenue: float | str | None = None,
    max_change: float | str = MAX_CHANGE,
    minimum: Mapping[str, float] | Iterable[str] = (),
    maximum: Mapping[str, float] | Iterable[str] = (),
    fix: str | Iterable[str] = (),
    weeks: int = WEEKS,
    by_week: bool = False,
    scenarios: str | Path | None = None,
    margin: float | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> WhatIf:
    """Analyse an account and say what moving money would change.

    Parameters
    ----------
    spend, revenue
        As for `roas.analyze`; what-if needs revenue.
    shift, budget, weeks, by_week
        As for `plan`. A budget without ``optimize`` scales today's split.
    optimize, objective, target_marginal_roas, target_revenue, max_change, minimum, maximum, fix
        As for `roas.analysis.planning.optimize`.
    scenarios : path, optional
        A TOML or CSV file of several questions; the other arguments are what
        its scenarios have unless they say otherwise.
    margin : float, optional
        Contribution margin in (0, 1]; profit needs it. By default the one
        that stands in the file of scenarios.
    **options
        As for `roas.analyze`: ``tags``, ``experiments``, ``map`` and so on.

    Returns
    -------
    WhatIf

    Raises
    ------
    UsageError, InputError
        One message: where, what was found, the next step.
    """
    from roas.analysis.run import analyze

    began, started = time.perf_counter(), datetime.now(UTC)
    refuse_names(options)
    asked = Asked(
        shift=(shift,) if isinstance(shift, str) else tuple(shift),
        budget=None if budget is None else amount(budget, option="--budget"),
        optimize=optimize,
        objective=objective_of(objective),
        target_marginal_roas=target_marginal_roas,
        target_revenue=None if target_revenue is None else amount(target_revenue, option="--target-revenue"),
        max_change=share(max_change, option="--max-change"),
        minimum=named_amounts(minimum, option="--min"),
        maximum=named_amounts(maximum, option="--max"),
        fix=(fix,) if isinstance(fix, str) else tuple(fix),
        weeks=whole_weeks(weeks),
    )
    several = None if scenarios is None else _read(scenarios, asked)
    margin = margin if several is None else _one_margin(margin, several)
    checked(asked, margin=margin, alone=several is None)
    if several is None and asked.nothing:
        raise UsageError(f"nothing is asked. Name a move, a budget, or ask for the best split:\n  {EXAMPLES}")
    analysis = analyze(spend, revenue, margin=margin, progress=progress, **options)
    if progress:
        progress("weighing plans")
    found = _by_week(answer(analysis, [asked]) if several is None else compare(analysis, several), by_week)
    seconds = round(time.perf_counter() - began, 3)
    return replace(found, run=Run(__version__, started.isoformat(timespec="seconds"), seconds))


def _read(scenarios: str | Path, base: Asked) -> Scenarios:
    from roas.analysis.scenario_files import read_scenarios

    if not base.nothing:
        raise UsageError(
            "--scenarios is asked beside another question. Put --shift, --budget, --optimize or the target into the file."
        )
    return read_scenarios(scenarios, base)


def _one_margin(margin: float | None, several: Scenarios) -> float | None:
    """Return the margin by which scenarios are compared: the command's or the file's, not one of each."""
    if margin is not None and several.margin is not None and margin != several.margin:
        raise UsageError(
            f"--margin {margin:g} and margin = {several.margin:g} of {several.file} differ, "
            "and scenarios are compared by one. Leave one of them out."
        )
    return several.margin if margin is None else margin
