"""A fitted model: its draws, what they say in money, and how far the data decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from roas.errors import UsageError
from roas.response._arrays import Array
from roas.response.baseline import Baselines, draw_baselines
from roas.response.curves import Curves, curves_of, thin
from roas.response.data import MediaData
from roas.response.lift import LiftCheck
from roas.response.limits import CONTRADICTION, STRUCTURE_SD
from roas.response.sample import Sample
from roas.response.verdicts import Evidence, Figures, Verdict, judge
from roas.response.whatif import lift_draws

if TYPE_CHECKING:
    from roas.response.prepare import Fitting


@dataclass(frozen=True, repr=False)
class Fitted:
    """What `roas.response.results.ResponseResults` is made of, and says of each field."""

    data: MediaData
    fitting: Fitting | None
    sample: Sample | None
    excluded: Mapping[str, str]
    margin: float = 1.0
    seed: int = 0
    notes: tuple[str, ...] = ()
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

    @cached_property
    def _slopes(self) -> Array:
        """Spend times its marginal revenue, added up over the window, shape (C, n)."""
        return np.array([self.curves.rising(c).sum(axis=1) for c in self.curves.each()])

    # -- what is known --------------------------------------------------

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
        middle = float(np.median(lift_draws(self.data, self.curves, check.test)))
        allowed = CONTRADICTION * np.hypot(check.test.error, STRUCTURE_SD * abs(check.test.revenue))
        return check.disagrees or abs(middle - check.test.revenue) > allowed
