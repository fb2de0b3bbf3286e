"""What is known of one channel's effect, from the draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from roas.limits import RECENT_WEEKS
from roas.quantiles import DIGITS, Q
from roas.response._arrays import Array
from roas.response.curves import Curves
from roas.response.data import DAYS, MediaData
from roas.response.figures import ChannelResponse
from roas.response.verdicts import State, Verdict, saturation_state

if TYPE_CHECKING:
    from roas.response.prepare import Fitting


def channel_effect(
    c: int, data: MediaData, fitting: Fitting, curves: Curves, *, slope: Array, verdict: Verdict, break_even: float
) -> ChannelResponse:
    """Return the effect of a channel.

    Parameters
    ----------
    slope : array, shape (n,)
        Spend times its marginal revenue, added up over the window.
    break_even : float
        ROAS from which spend pays.
    """
    spend = data.spend[:, c]
    path, window, recent = curves.contribution(c), spend.sum(), data.recent(RECENT_WEEKS)
    lately = spend[recent].sum()
    marginal = curves.rising(c)[:, recent].sum(axis=1) / lately if lately > 0 else None
    state: State = "unknown"
    probability = 0.0
    if marginal is not None and verdict.varied:
        state, probability = saturation_state(marginal, break_even)
    return ChannelResponse(
        channel=data.channels[c],
        spend=float(window),
        revenue=Q.of(path.sum(axis=1)),
        roas=Q.of(path.sum(axis=1) / window),
        roas_recent=Q.of(path[:, recent].sum(axis=1) / lately) if lately > 0 else None,
        marginal_roas=None if marginal is None else Q.of(marginal),
        marginal_roas_window=Q.of(slope / window),
        half_life_days=Q.of(np.log(0.5) / np.log(curves.alpha[c]) * DAYS[data.grain]),
        half_saturation=Q.of(curves.typical[c] * np.exp(np.minimum(curves.room[c] / curves.slope[c], 50))),
        slope=Q.of(curves.slope[c]),
        state=state,
        probability=round(probability, 3),
        prior_roas=_prior_roas(fitting, c),
        verdict=verdict,
    )


def _prior_roas(fitting: Fitting, c: int) -> Q:
    """Return what was believed of a channel's ROAS before the data."""
    posterior = fitting.posterior
    prior = posterior.priors.roas
    spread = float(np.hypot(prior.between, prior.within))
    middle = fitting.roas_unit * np.exp(posterior.center[3 * posterior.channels + c])
    return Q(*(float(f"{middle * np.exp(z * spread):.{DIGITS}g}") for z in (-1.645, 0.0, 1.645)))
