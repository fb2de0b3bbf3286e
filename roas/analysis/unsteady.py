"""How unstable the account is, and where its last change came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._typing import Grain
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    from roas.decompose import Changes
    from roas.response import ResponseResults
    from roas.volatility.maturity import Maturity
    from roas.volatility.results import AccountVolatility


def maturity_of(tables: Tables) -> Maturity:
    """Return up to which day conversions have arrived: all of them at the till, fewer of those claimed."""
    import datetime as dt

    from roas.volatility.maturity import conservative_cut

    last = tables.spend["date"].max().date() + dt.timedelta(6 if tables.grain == "week" else 0)
    claims = has_values(tables.spend, "conversion_value") or has_values(tables.spend, "conversions")
    return conservative_cut(last, of="claimed_roas" if claims else "mer")


def measure(
    tables: Tables, maturity: Maturity, *, margin: float | None, response: ResponseResults | None
) -> tuple[AccountVolatility, Changes]:
    """Return the volatility of the account and its channels, and where its changes came from."""
    from threadpoolctl import threadpool_limits

    from roas.decompose import decompose_all
    from roas.volatility.account import measure_account

    channels = () if response is None or not response.converged else response.channels
    marginal = {each.channel: each.marginal_roas for each in channels if each.marginal_roas is not None}
    grain: Grain = "week" if tables.grain == "week" else "day"
    # One thread: small matrices gain nothing from more, and sums must not
    # depend on how many cores there are.
    with threadpool_limits(1):
        found = measure_account(tables, margin=margin, marginal_roas=marginal, immature_days=maturity.days)
        breaks = [] if found.account is None else [each.date for each in found.account.breaks.levels]
        changes = decompose_all(
            tables.spend,
            revenue=tables.revenue,
            grain=grain,
            mature_until=maturity.mature_until,
            breaks=[day.astype(object) for day in breaks if day is not None],
        )
    return found, changes
