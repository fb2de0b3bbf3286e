"""What each row of a table of touches is, in SQL that the engine runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.errors import InputError

if TYPE_CHECKING:
    from roas.attribution.touches.source import TouchSource
    from roas.problems import Findings

#: Why a row is left out, in the order in which it is asked; `TouchQuery.rejected` counts from 1.
REASONS: Final = (
    "no user or journey id", "no readable time", "a time before 2000", "a time in the future", "a value that is no number", "a conversion taken back (negative)",
    "no channel, and no conversion", "more cells than the header",
)  # fmt: skip


@dataclass(frozen=True)
class TouchQuery:
    """How the engine reads touches and what each row is; expressions are in DuckDB's SQL.

    Attributes
    ----------
    source : TouchSource
        What stands after FROM, and how to make it known.
    user : str
        VARCHAR, or BIGINT where the file has whole numbers; NULL for nobody.
    time_us : str
        BIGINT, microseconds since 1970 UTC; NULL where it cannot be read.
    channel : str
        VARCHAR, trimmed; NULL where empty.
    converted : str
        BOOLEAN, never NULL.
    amount : str
        DOUBLE: the number in the value column, on any row; NULL where there is none.
    odd : str
        INTEGER: 1 where the amount is no number, 2 where a conversion is taken
        back, 3 where the row is broken, else 0.
    campaign : str or None
        VARCHAR, trimmed.
    event : str or None
        VARCHAR, trimmed: the number of the order or event, NULL where empty.
        Rows with different ones are different, however alike they are.
    bounds : tuple of int
        Half-open range of the times that a touch can have, microseconds.
    valued : bool
        Whether there is a value column.
    currency : str or None
        As the header, the cells or a currency column say.
    fine : bool
        False where only days are known: the order inside a day is not.
    rows : int
        Rows of the file, broken ones included.
    name : str
        The file, as messages call it.
    findings : Findings
        Problems found so far; with errors the expressions are not to be used.
    """

    source: TouchSource
    user: str
    time_us: str
    channel: str
    converted: str
    amount: str
    odd: str
    campaign: str | None
    bounds: tuple[int, int]
    valued: bool
    currency: str | None
    fine: bool
    rows: int
    name: str
    findings: Findings
    event: str | None = None
    reasons: tuple[str, ...] = REASONS

    @property
    def value(self) -> str:
        """DOUBLE, never NULL: the conversion's value, 0 where it has none and for touches."""
        zero = "CAST(0 AS DOUBLE)"
        return f"CASE WHEN {self.converted} THEN COALESCE({self.amount}, {zero}) ELSE {zero} END"

    def select(self) -> str:
        """Write a query of all rows, in two steps so that no expression is written twice.

        Columns: person, time_us, channel, converted, value (never NULL),
        amount, campaign, event, line (small files), and ``rejected``: 0 for a row
        that counts, else 1 + the place of the reason in `reasons`.
        """
        campaign = self.campaign or "CAST(NULL AS VARCHAR)"
        event = self.event or "CAST(NULL AS VARCHAR)"
        line = "line" if self.source.frame is not None else "CAST(NULL AS BIGINT)"
        low, high = self.bounds
        return (
            "SELECT person, time_us, channel, converted, "
            "CASE WHEN converted THEN COALESCE(amount, CAST(0 AS DOUBLE)) ELSE CAST(0 AS DOUBLE) END AS value, "
            "amount, campaign, event, line, "
            "CASE WHEN odd = 3 THEN 8 WHEN person IS NULL THEN 1 WHEN time_us IS NULL THEN 2 "
            f"WHEN time_us < {low} THEN 3 WHEN time_us >= {high} THEN 4 "
            "WHEN odd = 1 THEN 5 WHEN odd = 2 THEN 6 WHEN channel IS NULL AND NOT converted THEN 7 ELSE 0 END AS rejected "
            f"FROM (SELECT {self.user} AS person, {self.time_us} AS time_us, {self.channel} AS channel, "
            f"{self.converted} AS converted, {self.amount} AS amount, {self.odd} AS odd, {campaign} AS campaign, "
            f"{event} AS event, {line} AS line FROM {self.source.relation}) AS touches"
        )

    def close(self) -> None:
        """Remove the temporary copy of the file, if there is one; the query cannot be used after that."""
        if self.source.holder is not None:
            self.source.holder.cleanup()

    def refuse(self) -> None:
        """Raise every error as one message, if there are any.

        Raises
        ------
        InputError
        """
        errors = [p.sentence(self.name) for p in self.findings.errors]
        if errors:
            raise InputError(errors[0] + "".join(f"\n\n  Also: {e}" for e in errors[1:10]))
