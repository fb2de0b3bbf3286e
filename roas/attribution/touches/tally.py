"""What was left out of a table of touches, with the conversions and the value that went with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from roas.format import money
from roas.problems import counted

if TYPE_CHECKING:
    from roas.attribution.touches.rows import TouchQuery

#: Share of rows that may be left out for one reason before the file is taken
#: as read the wrong way: half of an export is no slip of the pen.
MOST_LEFT_OUT: Final = 0.5

_FIXES: Final = {
    "no user or journey id": 'Export the id of every row, or name another column: --map user="Header".',
    "no readable time": "Correct the times, or say how they are written with --date-format.",
    "a time before 2000": "Correct the times, or say how they are written with --date-format.",
    "a time in the future": "Correct the times, or the clock that wrote them.",
    "a value that is no number": "Correct the values.",
    "a conversion taken back (negative)": "Subtract refunds from the order they belong to, and export again.",
    "no channel, and no conversion": 'Name the channel of every touch, or use --map channel="Header".',
}


def tally_sql(query: TouchQuery) -> str:
    """Write the query whose rows `tell` reads: one per reason, small."""
    one = "CAST(1 AS BIGINT)"
    return (
        f"SELECT rejected, count(*) AS found, sum(CASE WHEN converted THEN {one} ELSE 0 END) AS conversions, "
        f"sum(value) AS value, sum(CASE WHEN converted AND amount IS NULL THEN {one} ELSE 0 END) AS unvalued, "
        f"sum(CASE WHEN NOT converted AND amount <> 0 THEN {one} ELSE 0 END) AS idle, "
        f"min(line) AS line FROM ({query.select()}) AS rows_read GROUP BY rejected ORDER BY rejected"
    )


def tell(query: TouchQuery, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put what was left out, and what counts as nothing, into the query's findings."""
    findings = query.findings
    kept = 0
    for rejected, found, conversions, value, unvalued, idle, line in rows:
        if rejected == 0:
            kept = int(found)
            _tell_kept(query, int(conversions), int(unvalued), int(idle))
            continue
        reason = query.reasons[int(rejected) - 1]
        findings.reject(reason, int(found), line)
        lost = f", {counted(int(conversions), 'conversion')} among them" if conversions else ""
        worth = f" worth {money(float(value), query.currency, full=True)}" if conversions and value else ""
        says = f"{counted(int(found), 'row')} left out{lost}{worth}: {reason}."
        tell_it = findings.error if found > MOST_LEFT_OUT * query.rows else findings.warn
        tell_it(says, _FIXES.get(reason, "Export the file again."), line=line if found == 1 else None)
    if not kept and not findings.errors:
        findings.error("no row of touches is left.", "Export it again for a period with activity.")


def _tell_kept(query: TouchQuery, conversions: int, unvalued: int, idle: int) -> None:
    """Say which conversions count without a value, and which values without a conversion."""
    if query.valued and unvalued:
        which = "no conversion has" if unvalued == conversions else f"{counted(unvalued, 'conversion')} without"
        query.findings.warn(
            f"{which} a value: each counts as a conversion worth 0.", "Add the values if they are known."
        )
    if idle:
        rows = "1 row with a value is no conversion" if idle == 1 else f"{idle:,} rows with a value are no conversions"
        query.findings.note(f"{rows}: the value counts nowhere")
