"""How often accounts like this one are diagnosed rightly: the benchmark's table, cell by cell."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from roas.format import count, percent, plural

Columns = Literal["bare", "claims", "funnel", "full"]

#: What each set of columns is called in a sentence.
COLUMNS: Final = {
    "bare": "no more than spend and claimed revenue",
    "claims": "claimed conversions but no clicks",
    "funnel": "impressions and clicks",
    "full": "all columns",
}

#: From so many on a bound is no bound: the cell reaches as far as is useful.
OPEN_SALES: Final = 3000.0
OPEN_WEEKS: Final = 520.0


@dataclass(frozen=True)
class Rates:
    """Error rates measured on simulated accounts of one cell.

    Attributes
    ----------
    cell : dict
        ``sales`` (conversions a day, a range, or None: any), ``columns``, ``weeks`` (a range).
    named, wrong : float
        Of accounts with a planted cause (a hit of 30 %): the right cause supported; a wrong one supported and
        not the right one. Each is the worse figure of two independent simulators.
    accused : float
        Of healthy accounts: any cause supported; the worse of two simulators.
    accounts, healthy : int
        Simulated accounts behind the figures, both simulators.
    named_interval, wrong_interval, accused_interval : pair of float
        95 % Wilson intervals, on the accounts of the worse simulator alone.
    """

    cell: dict[str, Any]
    named: float
    wrong: float
    accused: float
    accounts: int
    healthy: int
    named_interval: tuple[float, float] = (0.0, 1.0)
    wrong_interval: tuple[float, float] = (0.0, 1.0)
    accused_interval: tuple[float, float] = (0.0, 1.0)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def short(self) -> str:
        """The three rates in half a line."""
        return f"{percent(self.named)} named, {percent(self.wrong)} wrong, {percent(self.accused)} of healthy accused"

    @property
    def like(self) -> str:
        """What the account has in common with those that were simulated."""
        parts = [_range(self.cell["sales"], "sale", " a day", OPEN_SALES)] if self.cell["sales"] else []
        parts += [COLUMNS[self.cell["columns"]], _range(self.cell["weeks"], "week", " of history", OPEN_WEEKS)]
        return ", ".join(parts)

    @property
    def says(self) -> str:
        """How far to trust the diagnosis of an account like this one."""
        wrongly = "none had only a wrong one named" if not self.wrong else f"{percent(self.wrong)} only a wrong one"
        accused = "none was accused" if not self.accused else f"{percent(self.accused)} were accused of something"
        return (
            f"Tried on {plural(self.accounts, 'simulated account')} like this one ({self.like}) that lost 30 % "
            f"to a known cause: in {percent(self.named)} it was named, and {wrongly}. "
            f"Of {plural(self.healthy, 'healthy one')}, {accused}. Of two simulators, the worse figure is given."
        )


def _range(bounds: Any, what: str, after: str, last: float) -> str:
    """Say a range; one that goes on to the end of the table has no upper bound."""
    low, high = bounds
    if high >= last:
        return f"{count(low)} {what}s{after} or more"
    return f"{count(low)} to {count(high)} {what}s{after}"


@cache
def _table() -> tuple[Rates, ...]:
    document = json.loads((files("roas.diagnosis") / "rates.json").read_text(encoding="utf-8"))
    return tuple(read_cell(each) for each in document["cells"])


def read_cell(found: dict[str, Any]) -> Rates:
    """Read one cell of the table, as `Rates.to_dict` writes it."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Rates(**plain)


def rates_for(*, sales_per_day: float | None, columns: Columns, weeks: float) -> Rates | None:
    """Return the rates of the cell that holds such an account; None where no simulated account is like it.

    Parameters
    ----------
    sales_per_day : float or None
        Conversions (else orders) per day, whole account. None or NaN
        where no file counts them.
    columns : {"bare", "claims", "funnel", "full"}
        What is exported: see `roas.diagnosis.gates.columns_of`.
    weeks : float
        Length of the history.

    Notes
    -----
    Cells of known sales come first. An account that no such cell holds,
    because nobody counts its sales or the cell had too few accounts, gets
    the cell of its columns and history over all sales. One with fewer
    sales than any that was simulated gets None: its rates are worse.
    """
    known = sales_per_day is not None and math.isfinite(sales_per_day)
    alike = [each for each in _table() if each.cell["columns"] == columns and _holds(each.cell["weeks"], weeks)]
    if known:
        assert sales_per_day is not None
        for each in alike:
            if each.cell["sales"] and _holds(each.cell["sales"], sales_per_day):
                return each
        least = min((each.cell["sales"][0] for each in _table() if each.cell["sales"]), default=0.0)
        if sales_per_day < least:
            return None
    return next((each for each in alike if each.cell["sales"] is None), None)


def _holds(bounds: Any, value: float) -> bool:
    low, high = bounds
    return bool(low <= value < high)
