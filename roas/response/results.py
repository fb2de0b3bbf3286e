"""What a fitted response model says, in money and with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.errors import UsageError
from roas.quantiles import Q
from roas.response import plots
from roas.response._arrays import Array
from roas.response.data import Dates
from roas.response.effects import channel_effect
from roas.response.figures import ChannelResponse, plain
from roas.response.fitted import Fitted
from roas.response.frames import channels_frame, contributions_frame, curve_frame, forecast_frame
from roas.response.lift import LiftTest
from roas.response.residuals import residual_checks
from roas.response.whatif import forecast_draws, lift_draws, steady_draws

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class ResponseResults(Fitted):
    """Results of `ResponseModel.fit`.

    Attributes
    ----------
    data : MediaData
        With the channels that were modelled.
    fitting : Fitting or None
        The model in its own units; None when nothing could be fitted.
    sample : Sample or None
    excluded : mapping
        Channel → why it is not in the model.
    margin : float
        Contribution margin; break-even ROAS is its inverse.
    seed : int
    notes : tuple of str
    checks : tuple of LiftCheck
        Each lift test beside what the model said before it knew of it.
    """

    # -- figures ---------------------------------------------------------

    def settle(self) -> None:
        """Work out every figure now, rather than when it is first asked for."""
        if self.fitting is not None:
            _ = self.channels, self.incremental_revenue, self.baseline_share

    @cached_property
    def channels(self) -> tuple[ChannelResponse, ...]:
        """The effect of each channel that was modelled, largest spend first."""
        if self.fitting is None:
            return ()
        fitting, _ = self._fitted
        found = [
            channel_effect(
                c, self.data, fitting, self.curves,
                slope=self._slopes[c], verdict=self._verdicts[c], break_even=self.break_even_roas,
            )
            for c in self.curves.each()
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda each: (-each.spend, each.channel)))

    def channel(self, name: str) -> ChannelResponse:
        """Return the effect of one channel."""
        for each in self.channels:
            if each.channel == name:
                return each
        raise UsageError(f'channel "{name}" is not in the model. {self._why_not(name)}')

    def _why_not(self, name: str) -> str:
        if name in self.excluded:
            return f"It was left out: {self.excluded[name]}."
        return f"There are: {', '.join(self.data.channels) or 'none'}."

    @cached_property
    def incremental_revenue(self) -> Q | None:
        """Revenue that all channels caused in the window; None when nothing was fitted."""
        return None if self.fitting is None else Q.of(self._totals[0].sum(axis=0))

    @cached_property
    def baseline_share(self) -> Q | None:
        """Share of revenue that would have come without ads, in periods that are known and not far off."""
        if self.fitting is None:
            return None
        usual = np.isfinite(self.data.revenue)
        usual[list(self.fitting.spikes)] = False
        revenue = float(self.data.revenue[usual].sum())
        return Q.of(1 - self._totals[1][:, usual].sum(axis=1) / revenue) if revenue > 0 else None

    def roas_draws(self) -> pd.DataFrame:
        """Return posterior draws of ROAS over the window: one column per channel."""
        import pandas as pd

        spend = np.array([self.data.spend[:, c].sum() for c in self.curves.each()])
        return pd.DataFrame((self._totals[0] / spend[:, None]).T, columns=list(self.data.channels))

    def contributions(self) -> pd.DataFrame:
        """Return revenue due to the baseline and each channel over time.

        Returns
        -------
        DataFrame
            ``date``, ``part`` ("baseline" or a channel), ``p5``, ``p50``,
            ``p95``, ``mean``; currency per period. Means add up to the fit.
        """
        fitting, _ = self._fitted
        return contributions_frame(self.data, self.curves, self._baselines.path * fitting.unit)

    def curve(self, channel: str, *, points: int = 60, reach: float = 1.5) -> pd.DataFrame:
        """Return revenue per period at steady spend, with its band.

        Parameters
        ----------
        channel : str
        points : int
        reach : float
            Largest spend, as a multiple of the largest one observed.

        Returns
        -------
        DataFrame
            ``spend`` (currency per period, the same week after week),
            ``p5``, ``p50``, ``p95`` (revenue, currency per period),
            ``marginal_p50`` and ``observed``: whether spend lies in the
            range that carried spend covered.
        """
        self.channel(channel)
        c = self.data.channels.index(channel)
        return curve_frame(self.data, self.curves, c, points=points, reach=reach)

    # -- what if and what next -------------------------------------------

    def predict(self, spend: Mapping[str, float], *, against: Mapping[str, float] | None = None) -> Q:
        """Return incremental revenue per period at steady spend.

        Parameters
        ----------
        spend : mapping
            Channel → spend per period, held long enough for carryover to
            settle. Channels that are not named spend what they spent in the
            last 8 weeks.
        against : mapping, optional
            A second plan; the result is then the difference to it.

        Returns
        -------
        Q
            Currency per period.
        """
        draws = self.predict_draws(spend)
        return Q.of(draws if against is None else draws - self.predict_draws(against))

    def predict_draws(self, spend: Mapping[str, float]) -> Array:
        """Return what `predict` summarises: one value per draw."""
        for name in spend:
            self.channel(name)
        return steady_draws(self.data, self.curves, spend)

    def lift_draws(self, test: LiftTest) -> Array:
        """Return draws of what a lift test brings, shape (n,), currency."""
        return lift_draws(self.data, self.curves, test)

    def forecast(
        self,
        weeks: int,
        spend: Mapping[str, float] | pd.DataFrame | None = None,
        *,
        controls: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Forecast revenue after the window.

        Parameters
        ----------
        weeks : int
        spend : mapping or DataFrame, optional
            Channel → spend per *week*, or one column per channel and one
            row per period. By default each channel spends what it spent per
            week in the last 8 weeks.
        controls : DataFrame, optional
            Control columns, one row per period; by default what they were
            a year (52 weeks) before, and their mean where that is not known.

        Returns
        -------
        DataFrame
            ``date``; ``p5``, ``p50``, ``p95``, ``mean`` of revenue, and the
            same of ``baseline`` and ``media``; currency per period.
        """
        return forecast_frame(*self.forecast_draws(weeks, spend, controls=controls))

    def forecast_draws(
        self,
        weeks: int,
        spend: Mapping[str, float] | pd.DataFrame | None = None,
        *,
        controls: pd.DataFrame | None = None,
    ) -> tuple[dict[str, Array], Dates]:
        """Return draws of revenue, baseline and media after the window, and their dates."""
        fitting, _ = self._fitted
        return forecast_draws(
            self.data, self.curves, self._baselines, weeks, spend, controls=controls, unit=fitting.unit, seed=self.seed
        )

    # -- checks ----------------------------------------------------------

    def residuals(self) -> Array:
        """Return whitened residuals, shape (T,): about standard normal when the model holds."""
        return self._baselines.whitened

    def residual_checks(self) -> dict[str, float]:
        """Test the whitened residuals with statsmodels.

        Returns
        -------
        dict
            ``lag_1`` (correlation of neighbours; a clearly positive one makes
            intervals too narrow, and fitting alone makes it somewhat
            negative), ``ljung_box`` (p-value of no autocorrelation),
            ``jarque_bera`` (p-value of normal), ``kurtosis`` (3 for a normal).
        """
        return residual_checks(np.delete(self.residuals(), list(self._fitted[0].spikes)))

    # -- renderings ------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: totals, channels, exclusions and the trust they deserve."""
        sample = self.sample
        return {
            "converged": self.converged,
            "rhat": None if sample is None else round(float(sample.rhat.max()), 4),
            "ess": None if sample is None else round(float(sample.ess.min())),
            "grain": self.data.grain,
            "periods": self.data.periods,
            "incremental_revenue": plain(self.incremental_revenue),
            "baseline_share": plain(self.baseline_share),
            "channels": [each.to_dict() for each in self.channels],
            "excluded": dict(self.excluded),
            "notes": list(self.notes),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per channel."""
        return channels_frame(self.channels)

    def plot_curve(self, channel: str, *, ax: Axes | None = None) -> Axes:
        """Draw what a channel's spend brings: median, 90 % band, today, break-even, range observed."""
        return plots.plot_curve(self, channel, ax=ax)

    def plot_contributions(self, *, ax: Axes | None = None) -> Axes:
        """Draw revenue over time, split into the baseline and what each channel caused."""
        return plots.plot_contributions(self, ax=ax)

    def plot_roas(self, *, ax: Axes | None = None) -> Axes:
        """Draw each channel's ROAS with its interval, beside what platforms claim."""
        return plots.plot_roas(self, ax=ax)

    def plot_marginal(self, *, ax: Axes | None = None) -> Axes:
        """Draw what the next unit of money brings in each channel."""
        return plots.plot_marginal(self, ax=ax)

    def plot_prior(self, *, ax: Axes | None = None) -> Axes:
        """Draw ROAS before and after the data."""
        return plots.plot_prior(self, ax=ax)

    def summary(self) -> str:
        """Return the results as a table of text."""
        from roas.response.summary import summarise

        return summarise(self)

    def __repr__(self) -> str:
        return self.summary()
