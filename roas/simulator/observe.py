"""From expected outcomes to what the exports show: luck, cents and grain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from roas._typing import Grain
from roas.simulator import draws as quantiles
from roas.simulator.draws import Array, Draws
from roas.simulator.happenings import current_name
from roas.simulator.outcome import Outcome
from roas.simulator.seasons import Dates
from roas.simulator.world import WARM_UP_DAYS, World

if TYPE_CHECKING:
    import pandas as pd

# Larger is calmer: variance = mean + mean**2 / size.
ORDER_SIZE = 400.0
CLAIM_SIZE = 80.0
NEW_SHARE_BASELINE, NEW_SHARE_CAUSED = 0.3, 0.6


@dataclass(frozen=True)
class Observed:
    """What happened: counts and money in cents, per exported period.

    Shapes: (campaigns, periods) or (periods,).
    """

    periods: Dates
    spend: Array
    impressions: Array
    reach: Array
    clicks: Array
    conversions: Array
    conversion_value: Array
    revenue: Array
    orders: Array
    sessions: Array
    new_customers: Array
    promotion: Array


def observe(world: World, outcome: Outcome, draws: Draws, *, grain: Grain) -> Observed:
    """Draw what the exports of the account show."""
    window = slice(WARM_UP_DAYS, None)
    span = 1 if grain == "day" else 7
    ads = _ads(world, outcome, draws)
    till = _till(world, outcome, draws)
    sums = {name: _add_up(values[..., window], span) for name, values in (ads | till).items()}
    audience = _add_up(world.audience[:, window], span) / span
    return Observed(
        periods=world.days[window][::span],
        reach=np.rint(_reach(sums["impressions"], audience)),
        promotion=(_add_up(world.promotion[window].astype(np.float64), span) > 0).astype(np.float64),
        **sums,
    )


def _ads(world: World, outcome: Outcome, draws: Draws) -> dict[str, Array]:
    """Draw what the platforms report, per campaign and day."""
    clicks, conversions, value = [], [], []
    for row, campaign in enumerate(world.shop.campaigns):
        name, days = campaign.name, len(world.days)
        luck = draws.uniform(f"{name} clicks", days)
        drawn = quantiles.poisson_quantile(luck, outcome.clicks[row])
        clicks.append(np.minimum(drawn, outcome.impressions[row]))
        count = quantiles.overdispersed_quantile(
            draws.uniform(f"{name} conversions", days),
            draws.normal(f"{name} conversion rate", days),
            outcome.claims[row],
            size=CLAIM_SIZE,
        )
        conversions.append(count)
        value.append(_value(world, outcome, count, draws.normal(f"{name} baskets", days)))
    return {
        "spend": outcome.spend,
        "impressions": outcome.impressions,
        "clicks": np.array(clicks),
        "conversions": np.array(conversions),
        "conversion_value": np.array(value),
    }


def _till(world: World, outcome: Outcome, draws: Draws) -> dict[str, Array]:
    """Draw what the shop's own books say, per day."""
    days = len(world.days)
    mean = outcome.baseline_orders + outcome.caused_orders
    orders = quantiles.overdispersed_quantile(
        draws.uniform("orders", days), draws.normal("order rate", days), mean, size=ORDER_SIZE
    )
    new = NEW_SHARE_BASELINE * outcome.baseline_orders + NEW_SHARE_CAUSED * outcome.caused_orders
    sessions = quantiles.poisson_quantile(draws.uniform("sessions", days), outcome.sessions)
    return {
        "revenue": _value(world, outcome, orders, draws.normal("baskets", days)),
        "orders": orders,
        "sessions": np.maximum(sessions, orders),
        "new_customers": quantiles.binomial_about(new / mean, orders, draws.normal("new customers", days)),
    }


def _value(world: World, outcome: Outcome, count: Array, noise: Array) -> Array:
    """Fill `count` baskets, to the cent."""
    variation = world.shop.order_value_variation
    total = quantiles.basket_total(count, noise, mean_value=outcome.order_value, variation=variation)
    return np.round(total, 2)


def _reach(impressions: Array, audience: Array) -> Array:
    """Return people reached: exposures are negative binomial, dispersion 1."""
    reached: Array = impressions * audience / (impressions + audience)
    return reached


def _add_up(values: Array, span: int) -> Array:
    """Sum blocks of `span` days; cents stay cents."""
    sums: Array = values.reshape(*values.shape[:-1], -1, span).sum(axis=-1)
    return np.round(sums, 2)


def to_tables(
    world: World, observed: Observed, *, currency: str, renamed: Iterable[Mapping[str, str]] = ()
) -> dict[str, pd.DataFrame]:
    """Lay the observations out as the two tables of a generic export."""
    return {"spend": _spend_table(world, observed, currency, renamed), "revenue": _revenue_table(observed)}


def _spend_table(world: World, observed: Observed, currency: str, renamed: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Return one row per period and campaign that did something."""
    import pandas as pd

    campaigns = world.shop.campaigns
    shown = (observed.spend > 0) | (observed.impressions > 0) | (observed.conversions > 0)
    # Transposed, so that rows come period by period.
    period, campaign = np.nonzero(shown.T)
    name = current_name(renamed)
    days = [day.astype(object) for day in observed.periods]
    columns: dict[str, Any] = {
        "date": observed.periods[period].astype("datetime64[s]"),
        "channel": [campaigns[i].channel for i in campaign],
        "campaign": [name(campaigns[i].name, days[t]) for t, i in zip(period, campaign, strict=True)],
        "spend": observed.spend.T[period, campaign],
    }
    for count in ("impressions", "reach", "clicks", "conversions"):
        columns[count] = getattr(observed, count).T[period, campaign].astype(np.int64)
    columns["conversion_value"] = observed.conversion_value.T[period, campaign]
    return pd.DataFrame(columns | {"currency": currency})


def _revenue_table(observed: Observed) -> pd.DataFrame:
    """Return one row per period of the shop's own books."""
    import pandas as pd

    columns: dict[str, Any] = {"date": observed.periods.astype("datetime64[s]"), "revenue": observed.revenue}
    for name in ("orders", "sessions", "new_customers"):
        columns[name] = getattr(observed, name).astype(np.int64)
    return pd.DataFrame(columns | {"promo": observed.promotion.astype(np.int64)})
