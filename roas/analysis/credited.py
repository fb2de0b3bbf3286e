"""Attribution beside what was claimed and what was caused, channel by channel, over the same dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from roas.analysis.credited_dates import FEWEST_SHARED_DAYS, Shared, share_dates
from roas.analysis.credited_rows import Row, Total
from roas.analysis.credited_sides import DAYS, Sides
from roas.analysis.document import input_document
from roas.errors import UsageError
from roas.io.load import FileReport
from roas.language import say
from roas.metrics import exact_sum
from roas.tables import has_values

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution
    from roas.attribution.results import Journeys
    from roas.io.load import LoadOptions, Progress
    from roas.response import ResponseResults
    from roas.tables import Tables


@dataclass(frozen=True)
class Credited:
    """Attribution of an account's journeys, and each channel's figures beside it.

    Attributes
    ----------
    attribution : Attribution
        Of the journeys that ended in the shared dates.
    dates : Shared
    rows : tuple of Row
        Channels that both sides know, largest spend first.
    total : Total or None
        Their sum, with each ratio over the channels that have both of its sides; None without rows.
    revenue : float or None
        The shop's, over the same dates.
    only_journeys, only_spend : tuple of str
        Channels that one side alone knows, those with most credit or spend first.
    notes : tuple of str
    """

    attribution: Attribution
    dates: Shared
    rows: tuple[Row, ...]
    total: Total | None
    revenue: float | None
    only_journeys: tuple[str, ...]
    only_spend: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def estimated(self) -> bool:
        """Whether any channel has an estimate of what it caused."""
        return any(row.caused is not None for row in self.rows)

    @property
    def model(self) -> str | None:
        """Name of the leading model; None where nothing was credited."""
        return self.attribution.leading.model if self.attribution.credits else None


def read(given: Any, options: LoadOptions, progress: Progress | None = None) -> tuple[Journeys, list[FileReport]]:
    """Read the journeys of an account, their weeks kept apart where they carry times.

    Raises
    ------
    InputError, UsageError
        As `roas.attribution.journeys.read_journeys`.
    """
    from roas.attribution.journeys import JourneyOptions, read_journeys
    from roas.io.recognise import Overrides

    chosen = JourneyOptions(weekly=None, read=options.read, columns=Overrides(options.columns.mapping))
    return read_journeys(given, chosen, progress)


def credited(
    tables: Tables,
    journeys: Journeys,
    reports: Sequence[FileReport],
    response: ResponseResults | None,
) -> Credited:
    """Attribute journeys, and put beside it what was spent, claimed and caused.

    Parameters
    ----------
    tables : Tables
    journeys : Journeys
        As `read` gives them.
    reports : sequence of FileReport
        Of the files of journeys.
    response : ResponseResults or None
        What spend causes, where it was estimated.

    Raises
    ------
    UsageError
        Journeys in another currency.

    Notes
    -----
    Spend, claims and what was caused are summed over the shared dates; a
    period that lies in them in part counts in that part. What was caused is
    the sum over those dates of each posterior draw of the contribution, and
    its 5, 50 and 95 % points. Channels are matched by name, without regard
    to case, accents and spaces.
    """
    from threadpoolctl import threadpool_limits

    from roas.analysis.attributed import attributed

    currency = _one_currency(tables, journeys)
    model = response if response is not None and response.channels and response.converged else None
    found, dates = share_dates(replace(journeys, currency=currency), *_span(tables, model))
    with threadpool_limits(1):  # sums must not depend on how many cores there are
        sides = Sides.of(tables, dates, model)
        of_dates = _of_dates(dates)
        result = attributed(found, caused=sides.caused(found, dates, of_dates))
    said = {note for report in reports for note in report.findings.notes}
    result = replace(
        result,
        reports=tuple(reports),
        inputs=tuple(input_document(report) for report in reports),
        notes=(*(note for note in found.notes if note not in said), *result.notes),
    )
    rows, total = sides.beside(result, dates.same)
    return Credited(
        result,
        dates,
        tuple(rows),
        total,
        _till(tables, dates),
        *sides.unmatched(result),
        notes=(*of_dates, *_of_value(result)),
    )


def _one_currency(tables: Tables, journeys: Journeys) -> str | None:
    if tables.currency and journeys.currency and tables.currency != journeys.currency:
        raise UsageError(
            f"--journeys is in {journeys.currency} and the account is in {tables.currency}.\n"
            f"  Give the values of the journeys in {tables.currency}."
        )
    return tables.currency or journeys.currency


def _span(tables: Tables, model: ResponseResults | None) -> tuple[dt.date, dt.date]:
    """Return the first and last day of spend, and of the estimates where there are any."""
    days = tables.spend["date"]
    low, high = days.min().date(), days.max().date() + dt.timedelta(DAYS[tables.grain] - 1)
    if model is not None:
        first, last = (day.item() for day in model.data.dates[[0, -1]].astype("datetime64[D]"))
        low, high = max(low, first), min(high, last + dt.timedelta(DAYS[model.data.grain] - 1))
    return low, high


def _of_dates(dates: Shared) -> tuple[str, ...]:
    """Say where journeys and spend are not of the same dates, or may not be."""
    if dates.same is None:
        undated = say(
            "The journeys carry no dates. All beside them is of {start} to {end}: "
            "compare only if the journeys are of the same time.",
            start=dates.start, end=dates.end,
        )  # fmt: skip
        return (undated,)
    if dates.same:
        return ()
    own = say("{start} to {end}", start=dates.first, end=dates.last) if dates.first else say("no week")
    apart = say(
        "Journeys ({dates}) and spend ({start} to {end}) share fewer than {days} days. "
        "Each stands for its own dates, and they are not divided by one another.",
        dates=own, start=dates.start, end=dates.end, days=FEWEST_SHARED_DAYS,
    )  # fmt: skip
    return (apart,)


def _of_value(result: Attribution) -> tuple[str, ...]:
    if not result.conversions or result.value:
        return ()
    return (
        say(
            "The journeys carry no value: credit is of conversions, and cannot be compared with money. "
            "Add a column conversion_value."
        ),
    )


def _till(tables: Tables, dates: Shared) -> float | None:
    """Add up the shop's revenue over the dates; None where it does not cover them all."""
    revenue = tables.revenue
    if revenue is None or not has_values(revenue, "revenue"):
        return None
    known = revenue.dropna(subset=["revenue"])
    days = DAYS[tables.grain]
    if known["date"].min().date() > dates.start or known["date"].max().date() + dt.timedelta(days - 1) < dates.end:
        return None
    share = dates.covers(known["date"].to_numpy().astype("datetime64[D]"), days)
    return exact_sum((known["revenue"] * share)[share > 0])
