"""An example account of a shop with a known truth."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

from roas._typing import Grain
from roas.calendar import monday
from roas.errors import UsageError
from roas.simulator.causes.base import Planted
from roas.simulator.draws import Draws
from roas.simulator.observe import observe, to_tables
from roas.simulator.outcome import expected_outcome
from roas.simulator.placement import place_causes, with_causes
from roas.simulator.shop import MAXIMUM_CHANNELS, MINIMUM_CHANNELS, draw_shop
from roas.simulator.truth import describe
from roas.simulator.world import build_world

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_START = dt.date(2024, 1, 1)
MINIMUM_WEEKS, MAXIMUM_WEEKS = 2, 520
SMALLEST_SCALE, LARGEST_SCALE = 0.01, 1000.0


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
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Simulate the ad account of a shop whose truth is known.

    Parameters
    ----------
    seed : int
        Same seed, same account, to the byte. >= 0.
    causes : iterable of str or Planted
        What goes wrong; nothing by default. A name lets the simulator
        choose channel, onset and size.
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

    Returns
    -------
    tables : dict of DataFrame
        ``spend``: date, channel, campaign, spend, impressions, reach,
        clicks, conversions, conversion_value, currency. ``revenue``:
        date, revenue, orders, sessions, new_customers, promo.
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
    draws = Draws(seed)
    healthy = build_world(draw_shop(draws, scale=scale, channels=channels), draws, start=first, weeks=weeks)
    placed = place_causes(causes, healthy, draws)
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
    tables = to_tables(world, observed, currency=currency)
    return tables, describe(healthy, placed, outcome, observed, setting)


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
