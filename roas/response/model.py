"""Fit what spend causes: national data, by day or by week."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas._typing import Grain
from roas.errors import UsageError
from roas.format import decimal
from roas.language import mark, say
from roas.response.data import DAYS, MediaData, assemble
from roas.response.design import build_design
from roas.response.lift import EXACTEST, LiftTest, compare
from roas.response.limits import CONTROL_SD, MANY_CONTROLS, SPIKE_ROUNDS, SPIKE_SHARE
from roas.response.outliers import control_effect, find_spikes
from roas.response.prepare import Fitting, prepare
from roas.response.priors import Priors
from roas.response.sample import find_mode, sample

if TYPE_CHECKING:
    import pandas as pd

    from roas.response.results import ResponseResults


class ResponseModel:
    """What spend causes, from spend and revenue by day or by week.

    Revenue is a baseline plus one response per channel: a normalised
    geometric adstock passed through a Hill curve. Trend, season, weekday,
    controls and a random walk make the baseline; noise is white plus
    autoregressive. The baseline and noise are integrated out exactly.

    Parameters
    ----------
    spend : DataFrame
        ``date``, ``channel``, ``spend``; finer rows are added up.
    revenue : DataFrame
        ``date``, ``revenue`` and the columns named in `controls`.
    controls : sequence of str, optional
        Columns of `revenue` that drive sales by themselves. By default
        ``promo``, where it is there.
    holidays : iterable of date
        Days on which sales differ; they share one effect. By default the
        days between the years, from Christmas Eve to New Year.
    grain : {"day", "week"}, optional
        That of the tables by default.
    margin : float
        Contribution margin, in (0, 1]; break-even ROAS is its inverse.
    priors : Priors, optional
    tests : sequence of LiftTest, optional
        Experiments; those outside the window or of other channels are left
        out and named in the notes.

    Examples
    --------
    >>> from roas.simulator import simulate
    >>> tables, truth = simulate(seed=1, weeks=60)
    >>> results = ResponseModel(tables["spend"], tables["revenue"], grain="week").fit(seed=0)
    >>> results.converged
    True
    """

    def __init__(
        self,
        spend: pd.DataFrame,
        revenue: pd.DataFrame,
        *,
        controls: Sequence[str] | None = None,
        holidays: Iterable[dt.date] | None = None,
        grain: Grain | None = None,
        margin: float = 1.0,
        priors: Priors | None = None,
        tests: Sequence[LiftTest] = (),
    ) -> None:
        if not 0 < margin <= 1:
            raise UsageError(f"margin {margin} is out of range. Use a share such as 0.6.")
        if controls is None:
            controls = ("promo",) if "promo" in revenue.columns else ()
        self.margin, self.priors = margin, priors
        self.data, self.excluded = modelled(assemble(spend, revenue, controls=controls, holidays=holidays, grain=grain))
        self.tests, self.unused = usable(tests, self.data)

    def fit(self, *, seed: int = 0) -> ResponseResults:
        """Fit the model.

        Parameters
        ----------
        seed : int
            Same seed, same results, whatever the order of rows or channels.

        Returns
        -------
        ResponseResults
        """
        from roas.response.results import ResponseResults

        if not self.data.channels:
            return ResponseResults(self.data, None, None, self.excluded, self.margin, seed, self.data.notes)
        fitting = self._without_spikes(seed)
        results = self._drawn(fitting, seed)
        if not self.tests:
            return results
        checks = compare(self.tests, np.array([results.lift_draws(test) for test in self.tests]))
        anchored = prepare(
            self.data, priors=self.priors, spikes=fitting.spikes, tests=self.tests,
            control_sd=fitting.posterior.design.control_sd,
        )  # fmt: skip
        return replace(self._drawn(anchored, seed), checks=checks)

    def _drawn(self, fitting: Fitting, seed: int) -> ResponseResults:
        """Draw from a posterior; say what was taken out of its window."""
        from roas.response.results import ResponseResults

        posterior = fitting.posterior
        drawn = sample(posterior.evaluate, posterior.center, posterior.spread, seed=seed, move=posterior.stretch)
        notes = [*self.data.notes, *self.unused]
        far = [i for i in fitting.spikes if np.isfinite(self.data.revenue[i])]
        if far:
            days = ", ".join(str(self.data.dates[i]) for i in far[:3]) + (" …" if len(far) > 3 else "")
            notes.append(say(
                "{number} period(s) with revenue far off the rest are taken out: {days}", number=len(far), days=days
            ))  # fmt: skip
        missing = len(fitting.spikes) - len(far)
        if missing:
            notes.append(say("{number} period(s) without revenue are left open", number=missing))
        notes += drifting_claims(fitting)
        return ResponseResults(self.data, fitting, drawn, self.excluded, self.margin, seed, tuple(notes))

    def _without_spikes(self, seed: int) -> Fitting:
        """Build the model, taking periods out that nothing explains."""
        many = sum(sd > 0 for _, _, sd in build_design(self.data).layout.controls) >= MANY_CONTROLS
        control_sd = CONTROL_SD if many else None
        fitting = prepare(self.data, priors=self.priors, control_sd=control_sd)
        room = int(SPIKE_SHARE * self.data.periods) + 1
        for _ in range(SPIKE_ROUNDS):
            posterior = fitting.posterior
            rng = np.random.default_rng(seed)
            mode = find_mode(posterior.evaluate, posterior.center, posterior.spread, rng, starts=1)
            known = sum(np.isfinite(self.data.revenue[i]) for i in fitting.spikes)
            found = find_spikes(fitting, mode)[: room - known]
            learned = control_effect(fitting, mode) if many else None
            if not found and (learned is None or control_sd is None or abs(np.log(learned / control_sd)) < 0.1):
                break
            control_sd = learned
            spikes = (*fitting.spikes, *found)
            fitting = prepare(self.data, priors=self.priors, spikes=spikes, control_sd=control_sd)
        return fitting


def drifting_claims(fitting: Fitting) -> list[str]:
    """Name platforms whose claims move away from what their spend explains.

    Said from where a year's drift is as large as platforms usually differ
    (`Priors.over_within`).
    """
    claims, priors = fitting.posterior.claims, fitting.posterior.priors
    if claims is None:
        return []
    return [
        say(
            "claims of {channel} drift away from what its spend explains, by a factor of about {factor} in a year: "
            "their level has little say, only their quick changes count",
            channel=fitting.data.channels[c], factor=decimal(math.exp(drift), 1),
        )
        for c, drift in zip(claims.channels, claims.drift, strict=True)
        if drift > math.exp(priors.over_within[0])
    ]  # fmt: skip


#: Why a lift test is set aside, to be said.
_UNUSED: Final = {
    "unknown": mark("lift test of {channel}, {start} to {end}, is not used: the channel is not in the model"),
    "outside": mark(
        "lift test of {channel}, {start} to {end}, is not used: it reaches outside the window of spend and revenue"
    ),
    "too much": mark(
        "lift test of {channel}, {start} to {end}, is not used: it measured more than all revenue of the window; "
        "look at its unit"
    ),
    "overspent": mark(
        "lift test of {channel}, {start} to {end}, is not used: its spend_change is more than was spent on the channel "
        "in those days"
    ),
    "zero": mark(
        "lift test of {channel}, {start} to {end}, is not used: its spend_change is zero, so it tests nothing"
    ),
    "unspent": mark(
        "lift test of {channel}, {start} to {end}, is not used: nothing was spent then, and spend_change does not say "
        "what would have been"
    ),
}


def usable(tests: Sequence[LiftTest], data: MediaData) -> tuple[tuple[LiftTest, ...], tuple[str, ...]]:
    """Set tests aside that the model cannot be compared with, each with its reason."""
    kept, notes = [], []
    for test in tests:
        named = {"channel": test.channel, "start": test.start, "end": test.end}
        why = _why_unused(test, data)
        if why is not None:
            notes.append(say(_UNUSED[why], **named))
            continue
        kept.append(test)
        if test.error < EXACTEST * abs(test.revenue):
            notes.append(say(
                "lift test of {channel}, {start} to {end}, counts with a standard error of {share} of what it measured: "
                "none is surer", share=f"{EXACTEST:.0%}", **named,
            ))  # fmt: skip
    return tuple(kept), tuple(notes)


def _why_unused(test: LiftTest, data: MediaData) -> str | None:
    """Return the key of the reason why the model cannot be compared with a test; None where it can."""
    if test.channel not in data.channels:
        return "unknown"
    c = data.channels.index(test.channel)
    covered, without = test.otherwise(data, c)
    spent = float((data.spend[:, c] * covered).sum())
    if covered.sum() * DAYS[data.grain] < (test.end - test.start).days + 1:
        return "outside"
    if abs(test.revenue) > np.nansum(np.abs(data.revenue)):
        return "too much"
    if test.spend_change is not None and test.spend_change > spent * (1 + EXACTEST):
        return "overspent"
    if test.spend_change == 0:
        return "zero"
    return "unspent" if np.allclose(without, data.spend[:, c]) else None


def modelled(data: MediaData) -> tuple[MediaData, dict[str, str]]:
    """Set channels aside that cannot be in a model, each with its reason."""
    known = data.revenue[np.isfinite(data.revenue)]
    if not len(known) or not np.abs(known).sum() > 0:
        reason = say("revenue is zero in every period") if len(known) else say("revenue is not known in any period")
        excluded = dict.fromkeys(data.channels, reason)
    else:
        silent = data.spend.sum(axis=0) <= 0
        excluded = {n: say("no spend in the window") for n, s in zip(data.channels, silent, strict=True) if s}
    kept = [i for i, name in enumerate(data.channels) if name not in excluded]
    channels = tuple(data.channels[i] for i in kept)
    claims = {name: getattr(data, name) for name in ("claimed", "counts")}
    claims = {name: None if values is None else values[:, kept] for name, values in claims.items()}
    return replace(data, channels=channels, spend=data.spend[:, kept], **claims), excluded
