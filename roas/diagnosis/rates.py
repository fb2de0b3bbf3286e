"""How often accounts like this one are diagnosed rightly: the benchmark's table, cell by cell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Columns = Literal["bare", "claims", "funnel", "full"]


@dataclass(frozen=True)
class Rates:
    """Error rates measured on simulated accounts of one cell.

    Attributes
    ----------
    cell : dict
        ``sales`` (conversions a day, a range), ``columns``, ``weeks``.
    named, wrong : float
        Of accounts with a planted cause (a hit of 30 %): the right cause supported; a wrong one supported and
        not the right one.
    accused : float
        Of healthy accounts: any cause supported.
    accounts, healthy : int
        Simulated accounts behind the figures.
    """

    cell: dict[str, Any]
    named: float
    wrong: float
    accused: float
    accounts: int
    healthy: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return dict(vars(self))


@cache
def _table() -> tuple[Rates, ...]:
    document = json.loads((files("roas.diagnosis") / "rates.json").read_text(encoding="utf-8"))
    return tuple(Rates(**each) for each in document["cells"])


def rates_for(*, sales_per_day: float, columns: Columns, weeks: float) -> Rates | None:
    """Return the rates of the cell that holds such an account; None where no simulated account is like it.

    Parameters
    ----------
    sales_per_day : float
        Conversions (else orders) per day, whole account.
    columns : {"bare", "claims", "funnel", "full"}
        What is exported: see `roas.diagnosis.gates.columns_of`.
    weeks : float
        Length of the history.
    """
    for each in _table():
        (few, many), (short, long) = each.cell["sales"], each.cell["weeks"]
        if each.cell["columns"] == columns and few <= sales_per_day < many and short <= weeks < long:
            return each
    return None
