"""What a report is compared with, and what came of it: earlier reports, earlier exports, corrected days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.history.weeks import later
from roas.weekly import currencies
from roas.weekly.changes import changes
from roas.weekly.corrections import Correction, corrections
from roas.weekly.notes import short_files
from roas.weekly.recomputed import recomputed, shorter
from roas.weekly.record import Change
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.account import Account
    from roas.history import History
    from roas.io.load import Progress


@dataclass(frozen=True)
class Compared:
    """A report beside the one before it.

    Attributes
    ----------
    previous : Week or None
        The report that it is compared with.
    currency : str or None
        Of the earlier reports, where it is another one: then nothing is compared.
    changes, corrections : tuples
    notes : tuple of str
        What is not compared, and why.
    """

    previous: Week | None = None
    currency: str | None = None
    changes: tuple[Change, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[str, ...] = ()


def compare(
    account: Account,
    week: Week,
    history: History,
    document: Mapping[str, Any],
    *,
    reports: Mapping[str, str | None],
    progress: Progress | None = None,
) -> Compared:
    """Compare a report with the last one before it, and today's exports with what earlier ones said.

    Parameters
    ----------
    account : Account
        Everything the files say, later weeks too.
    week : Week
    history : History
    document : mapping
        `roas.weekly.stored.figures_document` of this report.
    reports : mapping
        Currency of each report before it (`roas.weekly.currencies.of_reports`).
    """
    if not reports:
        return Compared()
    now, newest = document["currency"], max(reports)
    own = currencies.comparable(reports, now, week)
    earlier = None if own is None else history.runs.get(own)
    if own is None or earlier is None:
        before = reports[newest]
        return Compared(currency=before, notes=(currencies.not_compared(before, now),))
    short = shorter(account, earlier)
    corrected, unknown = _corrections(account.until(week.sunday), Week.parse(own), history, week)
    return Compared(
        previous=Week.parse(own),
        changes=_changes(account, earlier, document, history, short=short, progress=progress),
        corrections=corrected,
        notes=(
            *currencies.taken_for(reports[own], now),
            *(() if own == newest else (currencies.passed_over(newest, reports[newest], own, now),)),
            *(short_files(account) if short else ()),
            *unknown,
        ),
    )


def _changes(
    account: Account,
    earlier: Mapping[str, Any],
    document: Mapping[str, Any],
    history: History,
    *,
    short: bool,
    progress: Progress | None,
) -> tuple[Change, ...]:
    if short:
        return changes(earlier["document"], document)
    restated, remodelled = recomputed(account, earlier, history, progress=progress)
    return changes(earlier["document"], document, restated, remodelled=remodelled)


def _corrections(
    cut: Account, last: Week, history: History, week: Week
) -> tuple[tuple[Correction, ...], tuple[str, ...]]:
    """Return what exports now say differently of days that earlier reports knew; a note where it cannot be told."""
    now = cut.tables.currency
    found: list[Correction] = []
    odd: list[str] = []
    for shop, rows in ((True, cut.tables.revenue), (False, cut.tables.spend)):
        own, noted_in = currencies.exports_before(history, str(week), now, shop=shop)
        if rows is not None and own is not None:
            restated = history.snapshots.restated(later(own, 1), rows, shop=shop)
            found += corrections(restated, last, None if shop else rows)
        elif rows is not None and noted_in is not None:
            odd.append(noted_in)
    return tuple(found), currencies.not_corrected(odd, now)
