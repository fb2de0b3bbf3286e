"""The year's budget of false alarms: how much evidence an alert needs, given how many were opened already.

Every week every cause in every place is asked about again. The question is
"did nothing harmful happen?", the answer an e-value: a number that is at most
1 on average when nothing did. A week's e-values are held against
``weeks of the year / (promised share * alerts opened so far, these included)``:
e-LOND (Xu and Ramdas 2024) with equal parts for all weeks, and e-BH (Wang and
Ramdas 2022) among the findings of one week. With valid e-values the expected
share of false ones among the alerts opened in an ISO year is at most
`PROMISED`, whatever binds the e-values to each other: that matters, because
next Monday's data are last Monday's plus a week.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

from roas.weekly.week import Week

#: Share of the alerts opened in a year that may be false, on average: one in ten, as the weekly watch of
#: `roas.volatility.online.looks` promises for any alarm in a year.
PROMISED: Final = 0.1

#: Largest log e-value that is told apart: far beyond any level, and no overflow.
LARGEST_LOG: Final = 100.0

Key = TypeVar("Key", bound=Hashable)


def year_of(week: Week) -> int:
    """Return the ISO year, whose budget a week draws on."""
    return week.monday.isocalendar().year


def weeks_of(year: int) -> int:
    """Return how many weeks an ISO year has: 28 December always lies in its last.

    Examples
    --------
    >>> weeks_of(2025), weeks_of(2026)
    (52, 53)
    """
    return dt.date(year, 12, 28).isocalendar().week


def asked_for(week: Week, opened: int) -> float:
    """Return the e-value that an alert needs.

    Parameters
    ----------
    week : Week
    opened : int
        Alerts of the week's ISO year, this one and those of the same week included; at least 1.

    Notes
    -----
    ``weeks of the year / (PROMISED * opened)``: 520 for the first of a year of 52 weeks, 260 for the second.

    References
    ----------
    Xu and Ramdas (2024), Online multiple testing with e-values.

    Examples
    --------
    >>> asked_for(Week.parse("2025-W10"), 1), asked_for(Week.parse("2025-W40"), 2)
    (520.0, 260.0)
    """
    return weeks_of(year_of(week)) / (PROMISED * opened)


def open_now(e_values: Mapping[Key, float], week: Week, *, opened: int) -> tuple[frozenset[Key], float]:
    """Say which findings of one week become alerts, and the e-value that was asked for.

    Parameters
    ----------
    e_values : mapping
        Of the week's supported findings that are no alerts yet. What is not in it counts as no evidence.
    week : Week
    opened : int
        Alerts opened earlier in the same ISO year.

    Returns
    -------
    chosen : frozenset of keys
    level : float
        What each of them reached; what one more alert would need where there are none.

    Notes
    -----
    The largest k for which k of them reach ``asked_for(week, opened + k)``
    (e-BH). Proof of the promise: an alert opened in week t has
    ``1 / (alerts of the year) <= e / (asked_for * alerts so far) = PROMISED * e / weeks``;
    with the e-values of a week adding up to at most 1 on average where nothing
    happened, the sum over the weeks is at most `PROMISED`.

    References
    ----------
    Wang and Ramdas (2022), False discovery rate control with e-values.
    """
    ranked = sorted(e_values.values(), reverse=True)
    for k in range(len(ranked), 0, -1):
        level = asked_for(week, opened + k)
        if ranked[k - 1] >= level:
            return frozenset(key for key, value in e_values.items() if value >= level), level
    return frozenset(), asked_for(week, opened + 1)


def e_value(log_evidence: float | None) -> float:
    """Return an e-value from its log; 0 where nothing is known: what is not known opens no alert.

    Examples
    --------
    >>> e_value(0.0), e_value(None), e_value(float("nan"))
    (1.0, 0.0, 0.0)
    """
    if log_evidence is None or math.isnan(log_evidence):
        return 0.0
    return math.exp(min(log_evidence, LARGEST_LOG))
