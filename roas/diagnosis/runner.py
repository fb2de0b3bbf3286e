"""Run the battery of causes over an account."""

from __future__ import annotations

from roas.diagnosis.base import CAUSES, Cause, Hypothesis
from roas.diagnosis.results import Diagnosis
from roas.tables import Tables, has_values

#: Where a person gets a column that is missing.
_WHERE = {
    "revenue": "the shop's revenue per day (--revenue orders.csv)",
    "impressions": "impressions in the ad export",
    "clicks": "clicks in the ad export",
    "reach": "reach in the ad export",
    "conversions": "conversions in the ad export",
    "conversion_value": "conversion value in the ad export",
    "campaign": "campaigns in the ad export",
    "orders": "orders per day beside the shop's revenue",
    "sessions": "sessions per day beside the shop's revenue",
    "promo": "a promo column (0/1) beside the shop's revenue",
}


def diagnose(tables: Tables) -> Diagnosis:
    """Say of every cause what can be said of it.

    This version adds up and compares; it tests no cause yet. Each is
    untestable, and `because` names what is missing: a column of the account,
    or the test itself.
    """
    return Diagnosis((), tuple(Hypothesis(c.name, "untestable", _because(c, tables)) for c in CAUSES))


def _because(cause: Cause, tables: Tables) -> str:
    missing = [c for c in cause.needs if not _present(tables, c)]
    if missing:
        return f"To ask whether {cause.means}, roas needs {' and '.join(_WHERE[c] for c in missing)}."
    return f"The columns are there; this version of roas has no test yet of whether {cause.means}."


def _present(tables: Tables, column: str) -> bool:
    if column in ("revenue", "orders", "sessions", "promo"):
        return tables.revenue is not None and has_values(tables.revenue, column)
    return has_values(tables.spend, column)
