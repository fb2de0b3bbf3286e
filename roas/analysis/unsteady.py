"""How unstable the account is, and where its last change came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from roas._typing import Grain
from roas.format import day, decimal
from roas.language import ENGLISH, say, spoken
from roas.tables import Tables

if TYPE_CHECKING:
    from roas.decompose import Changes
    from roas.response import ResponseResults
    from roas.volatility.maturity.cut import Maturity
    from roas.volatility.results import AccountVolatility


#: Share of spend from which a channel's break is one of the account.
MUCH: Final = 0.2

#: Days within which breaks of two series are one: as `roas.volatility.breaks.local` joins sales and baskets.
SAME_BREAK: Final = 14

#: Probability from which a break sets the periods of a comparison.
SURE: Final = 0.9


def maturity_of(tables: Tables, exported: dt.date | None = None) -> dict[str, Maturity]:
    """Return per channel up to which day its claims have arrived.

    Learned from successive exports where several were given; else the
    conservative cut. Empty without claims: the till is dated by order.

    Parameters
    ----------
    tables : Tables
    exported : date, optional
        Last day of the export, where the tables were cut at an earlier one:
        what has arrived since then counts.
    """
    from roas.volatility.maturity.completion import completion_curve
    from roas.volatility.maturity.cut import conservative_cut, maturity

    end = tables.spend["date"].max().date() + dt.timedelta(6 if tables.grain == "week" else 0)
    last = max(exported or end, end)
    spend = tables.spend
    claims = spend.groupby("channel")[["conversion_value", "conversions"]].sum().gt(0).any(axis=1)
    found = {str(name): conservative_cut(last, of="claimed_roas") for name in claims.index[claims]}
    if tables.snapshots is not None:
        for name, rows in tables.snapshots.groupby("channel"):
            found[str(name)] = maturity(completion_curve(rows.drop(columns="channel")), last, of="claimed_roas")
    return {name: _until(each, end) for name, each in found.items()} if last > end else found


def _until(found: Maturity, end: dt.date) -> Maturity:
    """Count the immature days that lie in tables which end before the export does."""
    days = max((end - found.last_mature).days, 0)
    if not days:
        note = say("The export reaches far enough past the last day: its sales have been reported.")
        return replace(found, mature_until=end + dt.timedelta(1), days=0, note=note)
    note = say("Days after {day} are left out: their sales were still being reported.", day=day(found.last_mature))
    return replace(found, days=days, note=note)


def immature_notes(maturity: Mapping[str, Maturity]) -> tuple[str, ...]:
    """Say which last days breaks and comparisons leave out, and why: channels of one reason together."""
    named: dict[str, list[str]] = {}
    for channel, each in maturity.items():
        if each.days:
            named.setdefault(each.note, []).append(channel)
    whose = {note: "" if len(named) == 1 else f"{', '.join(channels)}: " for note, channels in named.items()}
    return tuple(f"{say('Breaks and comparisons of claims.')} {whose[note]}{note}" for note in named)


def odd_notes(found: AccountVolatility) -> tuple[str, ...]:
    """Name days so far out of line that they weigh on every figure."""
    return tuple(
        say(
            "{whose}: ROAS of {day} is {roas} where {expected} was to be expected. "
            "A typing error, or a single large order? It weighs on every figure.",
            whose=name or say("The account"), day=when, roas=_three(roas), expected=_three(expected),
        )
        for name, of in found
        for when, roas, expected in of.odd
    )  # fmt: skip


def _three(value: float) -> str:
    """Write a number with three significant digits."""
    text = f"{value:,.3g}"
    if spoken() == ENGLISH or "e" in text:
        return text
    return decimal(value, len(text.partition(".")[2]))


def _sure_breaks(found: AccountVolatility, tables: Tables) -> list[dt.date]:
    """Return the days of breaks worth comparing around: of the account, and of channels that are much of it."""
    spend = tables.spend.groupby("channel")["spend"].sum()
    whole = float(spend.sum()) or 1.0
    large = {str(name) for name in spend.index if spend[name] >= MUCH * whole}
    sure = [
        (each.probability, each.date.astype(object))
        for name, of in found
        if name is None or name in large
        for each in of.breaks.levels
        if each.date is not None and each.probability >= SURE
    ]
    days: list[dt.date] = []
    for _, when in sorted(sure, key=lambda item: (-item[0], item[1])):
        if all(abs((when - other).days) > SAME_BREAK for other in days):
            days.append(when)
    return days


def measure(
    tables: Tables, maturity: Mapping[str, Maturity], *, margin: float | None, response: ResponseResults | None
) -> tuple[AccountVolatility, Changes]:
    """Return the volatility of the account and its channels, and where its changes came from."""
    import scipy.linalg  # noqa: F401 - brings its own BLAS, which can only be limited once it is there
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
        breaks = _sure_breaks(found, tables)
        changes = decompose_all(
            tables.spend,
            revenue=tables.revenue,
            grain=grain,
            mature_until=min((each.mature_until for each in maturity.values()), default=None),
            breaks=breaks,
        )
    return found, changes
