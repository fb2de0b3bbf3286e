"""What a fitted response model says, in money and with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.errors import UsageError
from roas.limits import RECENT_WEEKS
from roas.quantiles import DIGITS, LEVELS, Q
from roas.response import plots
from roas.response._arrays import Array
from roas.response.baseline import Baselines, draw_baselines, later
from roas.response.curves import Curves, curves_of, thin
from roas.response.data import DAYS, Dates, MediaData
from roas.response.figures import ChannelResponse, plain
from roas.response.lift import LiftCheck, LiftTest
from roas.response.limits import CONTRADICTION, STRUCTURE_SD
from roas.response.planned import planned_controls, planned_spend
from roas.response.sample import Sample
from roas.response.verdicts import Evidence, Figures, State, Verdict, judge, saturation_state

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.response.prepare import Fitting


@dataclass(frozen=True)
class ResponseResults:
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

    data: MediaData
    fitting: Fitting | None
    sample: Sample | None
    excluded: Mapping[str, str]
    margin: float = 1.0
    seed: int = 0
    notes: tuple[str, ...] = field(default=())
    checks: tuple[LiftCheck, ...] = ()

    # -- trust -----------------------------------------------------------

    @property
    def converged(self) -> bool:
        """Whether R-hat < 1.01 and bulk ESS > 400 for every parameter."""
        return self.sample is not None and self.sample.converged

    @property
    def break_even_roas(self) -> float:
        """One over the contribution margin."""
        return 1 / self.margin

    @property
    def controls(self) -> tuple[str, ...]:
        """Columns held fixed."""
        return self.data.control_names

    @property
    def geos(self) -> tuple[str, ...]:
        """Regions in the model; none when it knows of none."""
        return ()

    def settle(self) -> None:
        """Work out every figure now, rather than when it is first asked for."""
        if self.fitting is not None:
            _ = self.channels, self.incremental_revenue, self.baseline_share

    # -- draws -----------------------------------------------------------

    @cached_property
    def _points(self) -> Array:
        return thin(self._fitted[1].draws)

    @property
    def _fitted(self) -> tuple[Fitting, Sample]:
        if self.fitting is None or self.sample is None:
            raise UsageError(f"nothing was fitted: {'; '.join(dict.fromkeys(self.excluded.values()))}.")
        return self.fitting, self.sample

    @cached_property
    def curves(self) -> Curves:
        """Response curves of the draws, in money."""
        return curves_of(self._fitted[0], self._points, seed=self.seed)

    @cached_property
    def _totals(self) -> tuple[Array, Array]:
        """Revenue caused in the whole window and per draw: (C, n) and all media per period, (n, T)."""
        window, total = [], np.zeros((self.curves.draws, self.data.periods))
        for c in self.curves.each():
            path = self.curves.contribution(c)
            window.append(path.sum(axis=1))
            total += path
        return np.array(window), total

    @cached_property
    def _baselines(self) -> Baselines:
        fitting, _ = self._fitted
        return draw_baselines(fitting.posterior, self._points, self._totals[1] / fitting.unit, seed=self.seed)

    # -- figures ---------------------------------------------------------

    @cached_property
    def channels(self) -> tuple[ChannelResponse, ...]:
        """The effect of each channel that was modelled, largest spend first."""
        if self.fitting is None:
            return ()
        found = [self._channel(c) for c in self.curves.each()]
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
    def _verdicts(self) -> tuple[Verdict, ...]:
        fitting, sample = self._fitted
        c = fitting.posterior.channels
        parameters = fitting.posterior.split(self._points)
        spend = np.array([self.data.spend[:, i].sum() for i in range(c)])[:, None]
        return judge(
            self.data,
            Figures(parameters.log_roas, self._totals[0] / spend, self._slopes / spend),
            self._evidence,
            within=float(np.exp(parameters.log_within).mean()),
            pooled_sd=float(parameters.pooled[3].std()),
            converged=sample.converged,
        )

    @property
    def _evidence(self) -> Evidence:
        fitting, _ = self._fitted
        posterior, names = fitting.posterior, self.data.channels
        fixed, known = posterior.design.fixed, np.isfinite(self.data.revenue)
        columns = np.column_stack([np.where(known, self.data.revenue, 0.0), self.data.spend])
        beyond = columns - fixed @ (fixed.T @ columns)
        return Evidence(
            expected=np.median(self._baselines.path, axis=0),
            sales=beyond[:, 0],
            spend=beyond[:, 1:],
            demand_seen=posterior.claims is not None and posterior.claims.demand_sd > 0,
            varied=self._varied,
            tested=frozenset(names.index(check.test.channel) for check in self.checks),
            disputed=frozenset(names.index(check.test.channel) for check in self.checks if self._disputed(check)),
        )

    @property
    def _varied(self) -> frozenset[int]:
        """Channels whose spend varied where its sum over the market does not show it."""
        return frozenset()

    def _disputed(self, check: LiftCheck) -> bool:
        """Tell a test that the model did not foresee, or that the merged estimate still misses."""
        middle = float(np.median(self.lift_draws(check.test)))
        allowed = CONTRADICTION * np.hypot(check.test.error, STRUCTURE_SD * abs(check.test.revenue))
        return check.disagrees or abs(middle - check.test.revenue) > allowed

    @cached_property
    def _slopes(self) -> Array:
        """Spend times its marginal revenue, added up over the window, shape (C, n)."""
        return np.array([self.curves.rising(c).sum(axis=1) for c in self.curves.each()])

    def _channel(self, c: int) -> ChannelResponse:
        fitting, _ = self._fitted
        curves, spend = self.curves, self.data.spend[:, c]
        path, window, recent = curves.contribution(c), spend.sum(), self.data.recent(RECENT_WEEKS)
        lately = spend[recent].sum()
        marginal = curves.rising(c)[:, recent].sum(axis=1) / lately if lately > 0 else None
        state: State = "unknown"
        probability = 0.0
        if marginal is not None and self._verdicts[c].varied:
            state, probability = saturation_state(marginal, self.break_even_roas)
        posterior = fitting.posterior
        prior = posterior.priors.roas
        spread = float(np.hypot(prior.between, prior.within))
        middle = fitting.roas_unit * np.exp(posterior.center[3 * posterior.channels + c])
        return ChannelResponse(
            channel=self.data.channels[c],
            spend=float(window),
            revenue=Q.of(path.sum(axis=1)),
            roas=Q.of(path.sum(axis=1) / window),
            roas_recent=Q.of(path[:, recent].sum(axis=1) / lately) if lately > 0 else None,
            marginal_roas=None if marginal is None else Q.of(marginal),
            marginal_roas_window=Q.of(self._slopes[c] / window),
            half_life_days=Q.of(np.log(0.5) / np.log(curves.alpha[c]) * DAYS[self.data.grain]),
            half_saturation=Q.of(curves.typical[c] * np.exp(np.minimum(curves.room[c] / curves.slope[c], 50))),
            slope=Q.of(curves.slope[c]),
            state=state,
            probability=round(probability, 3),
            prior_roas=Q(*(float(f"{middle * np.exp(z * spread):.{DIGITS}g}") for z in (-1.645, 0.0, 1.645))),
            verdict=self._verdicts[c],
        )

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
        parts = [("baseline", self._baselines.path * fitting.unit)]
        names = [f"{n} (channel)" if n == "baseline" else n for n in self.data.channels]
        parts += [(names[c], self.curves.contribution(c)) for c in self.curves.each()]
        return _stacked(self.data.dates, parts)

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
        import pandas as pd

        self.channel(channel)
        c = self.data.channels.index(channel)
        carried = self.curves.carried(c).mean(axis=0) * self.curves.typical[c]
        grid = np.linspace(0, reach * max(self.data.spend[:, c].max(), carried.max()), points)
        revenue = self.curves.steady(c, grid)
        more = self.curves.steady(c, grid * 1.001 + 1e-6 * self.curves.typical[c])
        slope = (more - revenue) / (grid * 0.001 + 1e-6 * self.curves.typical[c])
        bands = np.quantile(revenue, LEVELS, axis=0)
        return pd.DataFrame(
            {
                "spend": grid,
                "p5": bands[0],
                "p50": bands[1],
                "p95": bands[2],
                "marginal_p50": np.median(slope, axis=0),
                "observed": (grid >= carried.min()) & (grid <= carried.max()),
            }
        )

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
        draws = self._steady(spend)
        return Q.of(draws if against is None else draws - self._steady(against))

    def predict_draws(self, spend: Mapping[str, float]) -> Array:
        """Return what `predict` summarises: one value per draw."""
        return self._steady(spend)

    def _steady(self, spend: Mapping[str, float]) -> Array:
        for name in spend:
            self.channel(name)
        recent = self.data.recent(RECENT_WEEKS)
        total = np.zeros(self.curves.draws)
        for c in self.curves.each():
            level = spend.get(self.data.channels[c], float(self.data.spend[recent, c].mean()))
            if not (np.isfinite(level) and level >= 0):
                raise UsageError(f"spend of {self.data.channels[c]} must be an amount of money, not {level}.")
            total += self.curves.steady(c, np.array([level]))[:, 0]
        return total

    def lift_draws(self, test: LiftTest) -> Array:
        """Return draws of what a lift test brings, shape (n,), currency."""
        c = self.data.channels.index(test.channel)
        covered, spend = test.otherwise(self.data, c)
        touched = covered > 0
        without = self.curves.revenue(c, self.curves.carried_by(c, spend))
        return np.asarray((self.curves.contribution(c) - without)[:, touched].sum(axis=1))

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
        import pandas as pd

        draws, dates = self.forecast_draws(weeks, spend, controls=controls)
        out: dict[str, Any] = {"date": dates.astype("datetime64[ns]")}
        for prefix, values in (
            ("", draws["revenue"]),
            ("baseline_", draws["baseline"]),
            ("media_", draws["media"]),
        ):
            for name, row in zip(("p5", "p50", "p95"), np.quantile(values, LEVELS, axis=0), strict=True):
                out[prefix + name] = row
            out[prefix + "mean"] = values.mean(axis=0)
        return pd.DataFrame(out)

    def forecast_draws(
        self,
        weeks: int,
        spend: Mapping[str, float] | pd.DataFrame | None = None,
        *,
        controls: pd.DataFrame | None = None,
    ) -> tuple[dict[str, Array], Dates]:
        """Return draws of revenue, baseline and media after the window, and their dates."""
        fitting, _ = self._fitted
        periods = weeks * 7 // DAYS[self.data.grain]
        if weeks < 1:
            raise UsageError(f"weeks {weeks}: a forecast needs at least one.")
        dates = later(self.data.dates, self.data.grain, periods)
        plan = planned_spend(self.data, periods, spend)
        media = np.zeros((self.curves.draws, periods))
        for c in self.curves.each():
            media += self.curves.contribution(c, plan[:, c])
        rng = np.random.default_rng((self.seed, 3))
        baseline, noise = self._baselines.ahead(dates, planned_controls(self.data, periods, controls), rng)
        baseline, noise = baseline * fitting.unit, noise * fitting.unit
        return {"revenue": baseline + media + noise, "baseline": baseline, "media": media}, dates

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
        from statsmodels.stats.diagnostic import acorr_ljungbox
        from statsmodels.stats.stattools import jarque_bera

        values = np.delete(self.residuals(), list(self._fitted[0].spikes))
        lags = max(1, min(10, len(values) // 5))
        box = acorr_ljungbox(values, lags=[lags])["lb_pvalue"].iloc[0]
        _, normal, _, kurtosis = jarque_bera(values)
        lag = float(np.corrcoef(values[1:], values[:-1])[0, 1]) if len(values) > 3 else 0.0
        return {
            "lag_1": lag,
            "ljung_box": float(box),
            "jarque_bera": float(normal),
            "kurtosis": float(kurtosis),
        }

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
        import pandas as pd

        rows = []
        for each in self.channels:
            row: dict[str, Any] = {"channel": each.channel, "spend": each.spend}
            for name in ("revenue", "roas", "roas_recent", "marginal_roas", "half_life_days", "prior_roas"):
                q: Q | None = getattr(each, name)
                for level in ("p5", "p50", "p95"):
                    row[f"{name}_{level}"] = np.nan if q is None else getattr(q, level)
            row |= {"state": each.state, "probability": each.probability}
            row |= {"identified": each.verdict.identified, "contraction": each.verdict.contraction}
            row["reasons"] = "; ".join(each.verdict.reasons)
            rows.append(row)
        return pd.DataFrame(rows)

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


def _stacked(dates: Dates, parts: list[tuple[str, Array]]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for name, draws in parts:
        low, middle, high = np.quantile(draws, LEVELS, axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "date": dates.astype("datetime64[ns]"),
                    "part": name,
                    "p5": low,
                    "p50": middle,
                    "p95": high,
                    "mean": draws.mean(axis=0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
