"""Credit beside claims and effects as tables: for the page, the chart and a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.charts.causal_words import is_known, ranged
from roas.format import money, plural, ratio, visible
from roas.language import say
from roas.metrics import ratio as divide
from roas.report.caused import LEVELS
from roas.report.tables_page import IN_SIGHT, ROWS
from roas.report.tear_table import Row as Cells
from roas.report.tear_table import TearTable

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.credited import Credited
    from roas.analysis.credited_rows import Row
    from roas.analysis.record import Analysis
    from roas.quantiles import Q


def credited_table(analysis: Analysis) -> TearTable | None:
    """Return the page's table, largest spend first; None without a channel that both sides know."""
    found, currency = analysis.credited, analysis.tables.currency
    if found is None or not found.rows:
        return None
    rows = [_cells(row, found, currency) for row in found.rows[:ROWS]]
    left = len(found.rows) - len(rows)
    caption = (
        say("Claimed, credited and caused, {currency}", currency=currency)
        if currency
        else say("Claimed, credited and caused")
    )
    if left:
        smaller = plural(left, "smaller channel")
        caption += f"; {say('{channels} in attributed.csv only', channels=smaller)}"
    return TearTable(caption, tuple(_headings(found)), rows[:IN_SIGHT], rows[IN_SIGHT:])


def _headings(found: Credited) -> list[tuple[str, str]]:
    claims = any(row.claimed is not None for row in found.rows)
    return [
        (say("Spend"), say("of the dates compared")),
        *([(say("Claimed"), say("what the platform reports; below it how many times the credit that is"))] if claims else []),
        (say("Credit"), say("value that journeys credit to it by the leading model; below it the range over all models")),
        *([(say("Caused"), say("revenue that its spend caused; below it the 90 % interval")),
           (say("Credit ÷ caused"), say("credit over the middle of what spend caused; below it over its 90 % interval"))] if found.estimated else []),
        (say("ROAS credited"), say("credit over spend")),
        *([(say("ROAS caused"), say("revenue caused over spend; below it the 90 % interval"))] if found.estimated else []),
    ]  # fmt: skip


def _cells(row: Row, found: Credited, currency: str | None) -> Cells:
    worth, returned = row.attributed, row.incremental_roas
    cells = [(money(row.spend, currency), "")]
    if any(each.claimed is not None for each in found.rows):
        over = row.over_claim
        cells.append((money(row.claimed, currency), "" if over is None else say("{times} × credit", times=ratio(over))))
    if worth is None:
        cells.append((plural(round(row.conversions), "sale"), ""))
    else:
        cells.append((money(worth.value, currency), ranged(worth.lowest, worth.highest, currency)))
    if found.estimated:
        known = is_known(row.identified)
        cells += [
            _estimate(row.caused, currency, known=known),
            _over_cause(row) if known else ("–", ""),
        ]
    cells.append((ratio(row.attributed_roas), ""))
    if found.estimated:
        cells.append(_estimate(returned, currency, known=known, ratios=True))
    return Cells(visible(row.channel), tuple(cells))


def _over_cause(row: Row) -> tuple[str, str]:
    """Write credit over cause, and what the interval of the cause makes of it."""
    if row.credit_over_cause is None or row.attributed is None or row.caused is None:
        return "–", ""
    low, high = (divide(row.attributed.value, point) for point in (row.caused.p95, row.caused.p5))
    sure = row.caused.p5 > 0
    return ratio(row.credit_over_cause), ranged(low, high, ratios=True) if sure else say(
        "{number} or more", number=ratio(low)
    )


def _estimate(points: Q | None, currency: str | None, *, known: bool, ratios: bool = False) -> tuple[str, str]:
    """Write an estimate and its interval; without a middle where data say nothing of it."""
    if points is None:
        return "–", say("not estimated")
    between = ranged(points.p5, points.p95, currency, ratios=ratios)
    if not known:
        return say("not known"), between
    return (ratio(points.p50) if ratios else money(points.p50, currency)), between


def chart_frame(found: Credited) -> pd.DataFrame:
    """Return what `roas.charts.attributed_against_caused` draws; effects that are not known are left out."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for row in found.rows:
        caused = row.caused if is_known(row.identified) else None
        rows.append(
            {
                "channel": row.channel,
                "attributed": None if row.attributed is None else row.attributed.value,
                "claimed": row.claimed,
                "caused_p5": None if caused is None else caused.p5,
                "caused_p50": None if caused is None else caused.p50,
                "caused_p95": None if caused is None else caused.p95,
            }
        )
    frame = pd.DataFrame(rows).astype(dict.fromkeys(list(rows[0])[1:], float))
    return frame.drop(columns="claimed") if frame["claimed"].isna().all() else frame


def attributed_frame(found: Credited) -> pd.DataFrame:
    """Return one row per channel that both sides know, all figures with all their digits (``attributed.csv``)."""
    import pandas as pd

    return pd.DataFrame([_figures(row) for row in found.rows])


def _figures(row: Row) -> dict[str, Any]:
    worth, returned = row.attributed, row.incremental_roas
    points = {f"incremental_revenue_{k}": None if row.caused is None else getattr(row.caused, k) for k in LEVELS}
    returns = {f"incremental_roas_{k}": None if returned is None else getattr(returned, k) for k in LEVELS}
    return {
        "channel": row.channel,
        "spend": row.spend,
        "claimed_revenue": row.claimed,
        "attributed_conversions": row.conversions,
        "attributed_revenue": None if worth is None else worth.value,
        "attributed_revenue_lowest": None if worth is None else worth.lowest,
        "attributed_revenue_highest": None if worth is None else worth.highest,
        **points,
        "identified": row.identified,
        "over_claim_ratio": row.over_claim,
        "credit_over_cause": row.credit_over_cause,
        "attributed_roas": row.attributed_roas,
        **returns,
    }
