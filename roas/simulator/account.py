"""An example account of a shop with a known truth."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from roas._typing import Grain
from roas.calendar import monday
from roas.errors import UsageError
from roas.simulator.causes.base import Planted
from roas.simulator.columns import FULL, check_columns, leave_out
from roas.simulator.draws import Draws
from roas.simulator.happenings import add_decoys, delay_claims, pause_campaigns, rename_campaigns
from roas.simulator.journeys import MOST_TOUCHES, check_size, draw_journeys
from roas.simulator.observe import observe, to_tables
from roas.simulator.outcome import expected_outcome
from roas.simulator.placement import place_causes, prepared_for, with_causes
from roas.simulator.shop import MAXIMUM_CHANNELS, MINIMUM_CHANNELS, Shop, draw_shop
from roas.simulator.truth import describe
from roas.simulator.world import World, build_world

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_START = dt.date(2024, 1, 1)
MINIMUM_WEEKS, MAXIMUM_WEEKS = 2, 520
SMALLEST_SCALE, LARGEST_SCALE = 0.01, 1000.0
LARGEST_CHASE, LONGEST_LAG, MOST_CHANGES = 3.0, 60.0, 1000


def simulate(
    *,
    seed: int = 0,
    causes: Iterable[str | Planted] = (),
    weeks: int = 104,
    grain: Grain = "day",
    start: dt.date | str = DEFAULT_START,
    scale: float = 1.0,
    channels: int | None = None,
    currency: str = "EUR",
    columns: str | Iterable[str] = FULL,
    chase: float = 0.0,
    claims_lag: float = 0.0,
    decoys: Iterable[str] = (),
    renamed: int = 0,
    paused: int = 0,
    journeys: bool | int = False,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Simulate the ad account of a shop whose truth is known.

    Parameters
    ----------
    seed : int
        Same seed, same account, to the byte. >= 0.
    causes : iterable of str or Planted
        What goes wrong; nothing by default. A name lets the simulator
        choose channel, onset and size; options may follow it, as in
        ``saturation:channel=Meta,size=0.3``.
    weeks : int
        Length of the account.
    grain : {"day", "week"}
        Weeks are the sums of the days of the daily account.
    start : date or ISO text
        First day, a Monday.
    scale : float
        Multiplies spend and orders; ROAS does not depend on it.
    channels : int, optional
        Number of channels; drawn between 4 and 6 if not given.
    currency : str
        ISO 4217 code written beside spend.
    columns : str or iterable of str
        ``full``, ``bare`` (date, channel, spend and claimed revenue in
        one table), or the columns to keep. Without ``campaign`` rows are
        added up to channels.
    chase : float
        Added to the exponent with which every channel's spend follows
        demand; 0 leaves search and shopping to do so a little.
    claims_lag : float
        Days after which a platform has counted half of a day's orders;
        0 is at once. No cause: claims of the last days are incomplete.
    decoys : iterable of str
        Harmless happenings: ``holiday``, ``price_wobble``, ``spend_test``.
    renamed, paused : int
        Campaigns that change their name, and that stop for good.
    journeys : bool or int
        Add journeys of some people in the last weeks; a number is the
        most touches, 30,000 if True.

    Returns
    -------
    tables : dict of DataFrame
        ``spend``: date, channel, campaign, spend, impressions, reach,
        clicks, conversions, conversion_value, currency. ``revenue``:
        date, revenue, orders, sessions, new_customers, promo.
        ``journeys``, if asked for: user_id, time, channel, campaign,
        conversion, conversion_value; always by the second.
    truth : dict
        JSON-ready; see docs/simulator.md.

    Raises
    ------
    UsageError
        If an argument is out of range or a cause is not known.

    Examples
    --------
    >>> tables, truth = simulate(weeks=4, causes=["tracking_break"])
    >>> [cause["effect_per_week"] for cause in truth["causes"]]
    [0.0]
    """
    first = _check(seed, weeks, grain, start, scale, channels, currency)
    _check_happenings(chase, claims_lag, renamed, paused)
    kept = check_columns(columns)
    most_touches = check_size(MOST_TOUCHES if journeys is True else journeys)
    draws = Draws(seed)
    shop = _chasing(draw_shop(draws, scale=scale, channels=channels), chase)
    calm = build_world(shop, draws, start=first, weeks=weeks)
    happened = _let_happen(calm, draws, claims_lag, decoys, paused)
    new_names = rename_campaigns(calm, renamed, draws)
    placed = place_causes(causes, calm, draws)
    healthy = prepared_for(calm, placed)
    world = with_causes(healthy, placed)
    outcome = expected_outcome(world)
    observed = observe(world, outcome, draws, grain=grain)
    setting = {
        "seed": seed,
        "start": first.isoformat(),
        "weeks": weeks,
        "grain": grain,
        "scale": scale,
        "currency": currency,
    }
    # What is not asked for is not written: older accounts keep their bytes.
    asked: dict[str, Any] = {"columns": kept if isinstance(kept, str) else list(kept)} if kept != FULL else {}
    asked |= {"chase": chase} if chase else {}
    asked |= {"renamed": new_names} if new_names else {}
    tables = leave_out(to_tables(world, observed, currency=currency, renamed=new_names), kept)
    truth = describe(healthy, world, placed, outcome, observed, setting | asked | happened)
    if most_touches:
        tables["journeys"], truth["journeys"] = draw_journeys(
            world, outcome, draws, most_touches=most_touches, renamed=new_names
        )
    return tables, truth


def _chasing(shop: Shop, chase: float) -> Shop:
    """Let every channel's spend follow demand harder."""
    if not chase:
        return shop
    return replace(
        shop, channels=tuple(replace(each, demand_chase=each.demand_chase + chase) for each in shop.channels)
    )


def _let_happen(world: World, draws: Draws, claims_lag: float, decoys: Iterable[str], paused: int) -> dict[str, Any]:
    """Put into a healthy account what is no cause; return what did happen."""
    names = (decoys,) if isinstance(decoys, str) else decoys
    found: dict[str, Any] = {"paused": pause_campaigns(world, paused, draws), "decoys": add_decoys(world, names, draws)}
    delay_claims(world, claims_lag)
    found["claims_lag"] = claims_lag
    return {name: value for name, value in found.items() if value}


def _check_happenings(chase: float, claims_lag: float, renamed: int, paused: int) -> None:
    """Refuse happenings that cannot be simulated."""
    if not 0 <= chase <= LARGEST_CHASE:
        raise UsageError(f"chase {chase} is out of range. Use 0 to {LARGEST_CHASE:g}.")
    if not 0 <= claims_lag <= LONGEST_LAG:
        raise UsageError(f"claims_lag {claims_lag} is out of range. Use 0 to {LONGEST_LAG:g} days.")
    for name, count in (("renamed", renamed), ("paused", paused)):
        if not 0 <= count <= MOST_CHANGES:
            raise UsageError(f"{name} {count} is out of range. Use 0 to {MOST_CHANGES}.")


def _check(
    seed: int,
    weeks: int,
    grain: str,
    start: dt.date | str,
    scale: float,
    channels: int | None,
    currency: str,
) -> dt.date:
    """Refuse settings that cannot be simulated; return the first day."""
    if seed < 0:
        raise UsageError(f"seed {seed} is negative. Use 0 or a larger whole number.")
    if not MINIMUM_WEEKS <= weeks <= MAXIMUM_WEEKS:
        raise UsageError(f"weeks {weeks} is out of range. Use {MINIMUM_WEEKS} to {MAXIMUM_WEEKS}.")
    if grain not in get_args(Grain):
        raise UsageError(f'grain "{grain}" is not known. Use "day" or "week".')
    if not (math.isfinite(scale) and SMALLEST_SCALE <= scale <= LARGEST_SCALE):
        raise UsageError(f"scale {scale} is out of range. Use {SMALLEST_SCALE:g} to {LARGEST_SCALE:g}.")
    if channels is not None and not MINIMUM_CHANNELS <= channels <= MAXIMUM_CHANNELS:
        raise UsageError(f"channels {channels} is out of range. Use {MINIMUM_CHANNELS} to {MAXIMUM_CHANNELS}.")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise UsageError(f'currency "{currency}" is not an ISO 4217 code. Use three capitals such as EUR.')
    return _first_day(start)


def _first_day(start: dt.date | str) -> dt.date:
    try:
        first = dt.date.fromisoformat(str(start))
    except ValueError:
        raise UsageError(f'start "{start}" is not a date. Write it as 2024-01-01.') from None
    if first != monday(first):
        raise UsageError(f"start {first} is not a Monday. The Monday of that week is {monday(first)}.")
    return first
