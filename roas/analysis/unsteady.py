"""How unstable the account is, and where its last change came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from roas._typing import Grain
from roas.tables import Tables

if TYPE_CHECKING:
    from roas.decompose import Changes
    from roas.response import ResponseResults
    from roas.volatility.maturity.cut import Maturity
    from roas.volatility.results import AccountVolatility


def maturity_of(tables: Tables) -> dict[str, Maturity]:
    """Return per channel up to which day its claims have arrived.

    Learned from successive exports where several were given; else the
    conservative cut. Empty without claims: the till is dated by order.
    """
    import datetime as dt

    from roas.volatility.maturity.completion import completion_curve
    from roas.volatility.maturity.cut import conservative_cut, maturity

    last = tables.spend["date"].max().date() + dt.timedelta(6 if tables.grain == "week" else 0)
    spend = tables.spend
    claims = spend.groupby("channel")[["conversion_value", "conversions"]].sum().gt(0).any(axis=1)
    found = {str(name): conservative_cut(last, of="claimed_roas") for name in claims.index[claims]}
    if tables.snapshots is not None:
        for name, rows in tables.snapshots.groupby("channel"):
            found[str(name)] = maturity(completion_curve(rows.drop(columns="channel")), last, of="claimed_roas")
    return found


def immature_notes(maturity: Mapping[str, Maturity]) -> tuple[str, ...]:
    """Say which last days breaks and comparisons leave out, and why: channels of one reason together."""
    named: dict[str, list[str]] = {}
    for channel, each in maturity.items():
        if each.days:
            named.setdefault(each.note, []).append(channel)
    whose = {note: "" if len(named) == 1 else f"{', '.join(channels)}: " for note, channels in named.items()}
    return tuple(f"Breaks and comparisons of claims. {whose[note]}{note}" for note in named)


def measure(
    tables: Tables, maturity: Mapping[str, Maturity], *, margin: float | None, response: ResponseResults | None
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
        days = {name: each.days for name, each in maturity.items()}
        found = measure_account(tables, margin=margin, marginal_roas=marginal, immature_days=days)
        breaks = [] if found.account is None else [each.date for each in found.account.breaks.levels]
        changes = decompose_all(
            tables.spend,
            revenue=tables.revenue,
            grain=grain,
            mature_until=min((each.mature_until for each in maturity.values()), default=None),
            breaks=[day.astype(object) for day in breaks if day is not None],
        )
    return found, changes
