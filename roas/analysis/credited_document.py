"""Attribution beside claims and effects → ``attribution`` of ``analysis.json``, in plain types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.attribution.document import number
from roas.attribution.document import plain as plain_types

if TYPE_CHECKING:
    from roas.analysis.credited import Credited
    from roas.analysis.credited_rows import Row, Worth

#: Digits of money and of conversions; ratios have those of every estimate.
_MONEY: Final = 12
_RATIO: Final = 6


def credited_document(found: Credited) -> dict[str, Any]:
    """Return the side by side, compact; the whole attribution is ``attribution.json``."""
    result, dates = found.attribution, found.dates
    journeys = result.journeys
    return {
        "window": {
            "start": dates.start.isoformat(),
            "end": dates.end.isoformat(),
            "same_dates": dates.same,
            "journeys": None
            if dates.first is None or dates.last is None
            else {"start": dates.first.isoformat(), "end": dates.last.isoformat()},
        },
        "models": list(result.credits),
        "leading": found.model,
        "channels": [{"channel": row.channel} | _figures(row) | {"identified": row.identified} for row in found.rows],
        "totals": {
            "conversions": number(result.conversions),
            "value": number(result.value),
            "revenue": _digits(found.revenue, _MONEY),
            "matched": None if found.total is None else _figures(found.total),
        },
        "unmatched": {"journeys": list(found.only_journeys), "spend": list(found.only_spend)},
        "conventions": {k: v for k, v in plain_types(result.conventions).items() if k != "models"},
        "unattributed": {
            "conversions": number(journeys.unattributed_conversions),
            "value": number(journeys.unattributed_value),
        },
        "notes": [*found.notes, *result.notes],
    }


def _figures(row: Row) -> dict[str, Any]:
    caused, returned = row.caused, row.incremental_roas
    return {
        "spend": _digits(row.spend, _MONEY),
        "claimed_revenue": _digits(row.claimed, _MONEY),
        "attributed_conversions": _digits(row.conversions, _MONEY),
        "attributed_revenue": None if row.attributed is None else _worth(row.attributed),
        "incremental_revenue": None if caused is None else caused.to_dict(),
        "over_claim_ratio": _digits(row.over_claim, _RATIO),
        "credit_over_cause": _digits(row.credit_over_cause, _RATIO),
        "attributed_roas": _digits(row.attributed_roas, _RATIO),
        "incremental_roas": None if returned is None else returned.to_dict(),
    }


def _worth(worth: Worth) -> dict[str, Any]:
    return {name: _digits(getattr(worth, name), _MONEY) for name in ("value", "lowest", "highest")}


def _digits(value: float | None, digits: int) -> float | int | None:
    """Return a number to so many digits; None for none.

    Examples
    --------
    >>> _digits(1 / 3, 6), _digits(2.0, 6), _digits(None, 6)
    (0.333333, 2, None)
    """
    return None if value is None else number(float(f"{value:.{digits}g}"))
