"""Read the account: every wider question, in one order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.diagnosis.readings import (
    break_even,
    concentration,
    labels,
    missed,
    over_claim,
    performance,
    proliferation,
    returning_customers,
)
from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.luck import Luck, luck_of
from roas.diagnosis.readings.view import View, look_at
from roas.tables import Tables

if TYPE_CHECKING:
    from roas.response import ResponseResults
    from roas.tags import Tags
    from roas.volatility.maturity.cut import Maturity
    from roas.volatility.results import AccountVolatility


@dataclass(frozen=True)
class Known:
    """What a reading may look at."""

    view: View
    tags: Tags
    luck: Luck
    margin: float | None
    response: ResponseResults | None


#: Name → how it is read, in the order in which they are shown. A new reading is a module, a line here and a sentence
#: in `roas.diagnosis.readings.words`.
READINGS: Final[Mapping[str, Callable[[Known], Reading]]] = {
    break_even.NAME: lambda of: break_even.read(of.view, of.luck, of.response, margin=of.margin),
    missed.NAME: lambda of: missed.read(of.view, of.luck),
    over_claim.NAME: lambda of: over_claim.read(of.view, of.response),
    performance.NAME: lambda of: performance.read(of.view, of.tags, of.response),
    proliferation.NAME: lambda of: proliferation.read(of.view),
    returning_customers.NAME: lambda of: returning_customers.read(of.view),
    labels.AUTOMATED.name: lambda of: labels.read(of.view, of.tags, of.luck, labels.AUTOMATED),
    labels.GENERATED.name: lambda of: labels.read(of.view, of.tags, of.luck, labels.GENERATED),
    concentration.NAME: lambda of: concentration.read(of.view, margin=of.margin),
}


def read_account(
    tables: Tables,
    *,
    tags: Tags,
    margin: float | None = None,
    response: ResponseResults | None = None,
    volatility: AccountVolatility | None = None,
    maturity: Mapping[str, Maturity] | None = None,
) -> tuple[Reading, ...]:
    """Answer the wider questions about an account.

    Parameters
    ----------
    tables : Tables
    tags : Tags
        Labels of campaigns, given or suggested.
    margin : float, optional
        Contribution margin, in (0, 1].
    response : ResponseResults, optional
        What spend caused.
    volatility : AccountVolatility, optional
        What luck does to each channel; else estimated from `tables`.
    maturity : mapping of channel to Maturity, optional
        Up to which day its claims have arrived; later days of claims are left out.

    Returns
    -------
    tuple of Reading
        One for each of `READINGS`; what cannot be measured says what is missing.
    """
    known = _known(tables, tags, margin, response, volatility, maturity)
    return tuple(read(known) for read in READINGS.values())


def read_one(name: str, tables: Tables, *, tags: Tags, **what: Any) -> Reading:
    """Answer one question of `READINGS`; arguments as in `read_account`."""
    given = {**dict.fromkeys(("margin", "response", "volatility", "maturity")), **what}
    return READINGS[name](_known(tables, tags, **given))


def _known(
    tables: Tables,
    tags: Tags,
    margin: float | None,
    response: ResponseResults | None,
    volatility: AccountVolatility | None,
    maturity: Mapping[str, Maturity] | None,
) -> Known:
    view = look_at(tables, maturity or {})
    return Known(view, tags, luck_of(view, tables, volatility), margin, response)
