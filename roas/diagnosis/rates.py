"""How often accounts like this one are diagnosed rightly: the benchmark's table, cell by cell."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from roas.format import count, percent, plural, say_many
from roas.language import mark, say

Columns = Literal["bare", "claims", "funnel", "full"]

#: What each set of columns is called in a sentence.
COLUMNS: Final = {
    "bare": mark("no more than spend and claimed revenue"),
    "claims": mark("claimed conversions but no clicks"),
    "funnel": mark("impressions and clicks"),
    "full": mark("all columns"),
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
        return say(
            "{named} named, {wrong} wrong, {accused} of healthy accused",
            named=percent(self.named),
            wrong=percent(self.wrong),
            accused=percent(self.accused),
        )

    @property
    def like(self) -> str:
        """What the account has in common with those that were simulated."""
        parts = [sales_a_day(*self.cell["sales"])] if self.cell["sales"] else []
        return ", ".join([*parts, say(COLUMNS[self.cell["columns"]]), weeks_of_history(*self.cell["weeks"])])

    @property
    def says(self) -> str:
        """How far to trust the diagnosis of an account like this one."""
        return f"{self._of_ill} {self._of_healthy} {say('Of two simulators, the worse figure is given.')}"

    @property
    def _of_ill(self) -> str:
        accounts, named = plural(self.accounts, "simulated account"), percent(self.named)
        if not self.wrong:
            return say(
                "Tried on {accounts} like this one ({like}) that lost 30 % to a known cause: in {named} it was named, "
                "and none had only a wrong one named.",
                accounts=accounts,
                like=self.like,
                named=named,
            )
        return say(
            "Tried on {accounts} like this one ({like}) that lost 30 % to a known cause: in {named} it was named, "
            "and {wrong} only a wrong one.",
            accounts=accounts,
            like=self.like,
            named=named,
            wrong=percent(self.wrong),
        )

    @property
    def _of_healthy(self) -> str:
        if not self.accused:
            return say_many(
                "Of {number} healthy one, none was accused.",
                "Of {number} healthy ones, none was accused.",
                self.healthy,
            )
        return say_many(
            "Of {number} healthy one, {share} were accused of something.",
            "Of {number} healthy ones, {share} were accused of something.",
            self.healthy,
            share=percent(self.accused),
        )


def sales_a_day(low: float, high: float | None) -> str:
    """Say a range of sales; one that goes on to the end of the table has no upper bound.

    Examples
    --------
    >>> sales_a_day(30, 100), sales_a_day(300, 3000)
    ('30 to 100 sales a day', '300 sales a day or more')
    """
    if high is None or high >= OPEN_SALES:
        return say("{low} sales a day or more", low=count(low))
    return say("{low} to {high} sales a day", low=count(low), high=count(high))


def weeks_of_history(low: float, high: float | None) -> str:
    """Say a range of weeks; one that goes on to the end of the table has no upper bound.

    Examples
    --------
    >>> weeks_of_history(52, 156), weeks_of_history(76, 520)
    ('52 to 156 weeks of history', '76 weeks of history or more')
    """
    if high is None or high >= OPEN_WEEKS:
        return say("{low} weeks of history or more", low=count(low))
    return say("{low} to {high} weeks of history", low=count(low), high=count(high))


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
