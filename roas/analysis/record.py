"""The record of one analysis: tables, figures, verdicts; renderers compute nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from roas.calendar import periods_between
from roas.errors import UsageError
from roas.io.load import FileReport
from roas.limits import RECENT_WEEKS
from roas.metrics import common_days, exact_sum, metrics_by, ratio, total_metrics, weekly
from roas.tables import Tables, has_values
from roas.tags import Tags, label_campaigns

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.analysis.credited import Credited
    from roas.analysis.judged import Judged
    from roas.analysis.what_if import WhatIf
    from roas.attribution.attribution import Attribution
    from roas.decompose import Changes, Comparison
    from roas.diagnosis.results import Diagnosis
    from roas.response import ChannelResponse, ResponseResults
    from roas.volatility.maturity.cut import Maturity
    from roas.volatility.results import AccountVolatility


@dataclass(frozen=True)
class Run:
    """Version and clock: the only part of a result that may differ between runs."""

    version: str
    started: str
    seconds: float


@dataclass(frozen=True)
class Analysis:
    """What an account's files say: one record for JSON, tables, charts and the page.

    Attributes
    ----------
    tables : Tables
        The merged canonical tables.
    inputs : tuple of FileReport
        Every file, with what was read, left out and doubted.
    margin : float or None
        Contribution margin, in (0, 1]; break-even ROAS is ``1 / margin``.
    tags : Tags
        Labels used; ``tags.suggested`` when nobody confirmed them.
    diagnosis : Diagnosis
        What got worse and why; every cause with a verdict and a reason.
    response : ResponseResults or None
        What spend causes; None without revenue, with too little of it, or
        when it was not asked for.
    volatility : AccountVolatility or None
        How unstable ROAS is, of the account and of each channel.
    changes : Changes or None
        Where changes of ROAS came from, over the default pairs of periods.
    maturity : mapping of channel to Maturity, or None
        Up to which day its claims have arrived; empty where nothing is claimed.
    credited : Credited or None
        What journeys credit beside what was claimed and caused; None without journeys.
    """

    tables: Tables
    inputs: tuple[FileReport, ...]
    margin: float | None
    tags: Tags
    diagnosis: Diagnosis
    run: Run
    notes: tuple[str, ...] = ()
    response: ResponseResults | None = None
    volatility: AccountVolatility | None = None
    changes: Changes | None = None
    maturity: Mapping[str, Maturity] | None = None
    credited: Credited | None = None

    # ---- figures, derived once ---------------------------------------------------------------

    @cached_property
    def window(self) -> dict[str, Any]:
        """First and last date, grain, periods."""
        days = self.tables.spend["date"]
        start, end = days.min().date(), days.max().date()
        return {
            "start": start.isoformat(),
            "end": end.isoformat(),
            "grain": self.tables.grain,
            "periods": periods_between(start, end, self.tables.grain),
            "mature_until": self._mature_until,
        }

    @property
    def _mature_until(self) -> str | None:
        """Last day whose conversions have all arrived: in every channel that claims, else the last."""
        if self.maturity is None:
            return None
        last = self.tables.spend["date"].max().date() + dt.timedelta(6 if self.tables.grain == "week" else 0)
        return str(min((each.last_mature for each in self.maturity.values()), default=last))

    @cached_property
    def revenue_in_window(self) -> pd.DataFrame | None:
        """The shop's revenue between the first and last date of spend."""
        revenue = self.tables.revenue
        if revenue is None or not has_values(revenue, "revenue"):
            return None
        days = self.tables.spend["date"]
        inside = revenue[(revenue["date"] >= days.min()) & (revenue["date"] <= days.max())]
        return inside.reset_index(drop=True) if inside["revenue"].notna().any() else None

    @cached_property
    def totals(self) -> dict[str, Any]:
        """The account's sums and ratios (currency, counts; None for not known)."""
        sums = total_metrics(self.tables.spend)
        revenue = self.revenue_in_window
        out: dict[str, Any] = dict(sums)
        out["revenue"] = exact_sum(revenue["revenue"]) if revenue is not None else None
        out["orders"] = exact_sum(revenue["orders"]) if revenue is not None and has_values(revenue, "orders") else None
        out["mer"], out["over_claim_ratio"] = self._against_till()
        out["average_order"] = ratio(out["revenue"], out["orders"])
        new = (
            exact_sum(revenue["new_customers"])
            if revenue is not None and has_values(revenue, "new_customers")
            else None
        )
        out["new_customers"] = new
        out["cost_per_new_customer"] = ratio(sums["spend"], new)
        return out

    def _against_till(self) -> tuple[float | None, float | None]:
        """MER and claims over the till, both over the dates that both tables cover."""
        revenue = self.revenue_in_window
        if revenue is None:
            return None, None
        start, end = common_days(self.tables.spend, revenue)
        spend = self.tables.spend
        part = spend[(spend["date"] >= start) & (spend["date"] <= end)]
        till = exact_sum(revenue["revenue"][(revenue["date"] >= start) & (revenue["date"] <= end)])
        return ratio(till, exact_sum(part["spend"])), ratio(exact_sum(part["conversion_value"]), till)

    @cached_property
    def channels(self) -> pd.DataFrame:
        """One row per channel: the figures, and spend per week of the last 8 weeks."""
        table = metrics_by(self.tables.spend, ["channel"])
        recent = self._recent().groupby("channel")["spend"].sum().round(6)
        table["spend_per_week_recent"] = (table["channel"].map(recent).fillna(0.0) / self._recent_weeks).round(6)
        total = table["spend"].sum()
        table["spend_share"] = table["spend"] / total if total else float("nan")
        return table

    def _recent(self) -> pd.DataFrame:
        import pandas as pd

        spend = self.tables.spend
        span = pd.Timedelta(days=7 * RECENT_WEEKS - (1 if self.tables.grain == "day" else 7))
        recent: pd.DataFrame = spend[spend["date"] >= spend["date"].max() - span]
        return recent

    @property
    def _recent_weeks(self) -> float:
        """Weeks that *recent* covers: 8, or the whole window where it is shorter."""
        weeks = self.window["periods"] / (7 if self.tables.grain == "day" else 1)
        return float(min(RECENT_WEEKS, weeks))

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """One row per channel and campaign; empty where no campaign is exported."""
        table = metrics_by(self.tables.spend, ["channel", "campaign"])
        return table[table["campaign"].notna()].reset_index(drop=True)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """One row per ISO week: spend, claims, the till, MER."""
        return weekly(self.tables.spend, self.revenue_in_window, grain=self.tables.grain)

    @cached_property
    def channel_weeks(self) -> pd.DataFrame:
        """One row per ISO week and channel."""
        return weekly(self.tables.spend, None, grain=self.tables.grain, keys=["channel"])

    @cached_property
    def labelled(self) -> pd.DataFrame:
        """Every channel and campaign with its label in each group."""
        return label_campaigns(self.tables.spend, self.tags)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """One row per group and label: the figures; ``label`` None for unlabelled spend."""
        import pandas as pd

        parts = []
        spend = self.tables.spend.merge(self.labelled, on=["channel", "campaign"], how="left")
        for group in self.labelled.columns.difference(["channel", "campaign"], sort=False):
            part = metrics_by(spend, [group]).rename(columns={group: "label"})
            parts.append(part.assign(group=group, suggested=self.tags.suggested))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    @property
    def break_even_roas(self) -> float | None:
        """``1 / margin``; None without a margin."""
        return 1.0 / self.margin if self.margin else None

    @cached_property
    def caused(self) -> dict[str, ChannelResponse]:
        """Estimated effect by channel; without the channels that are not in the model."""
        return {} if self.response is None else {each.channel: each for each in self.response.channels}

    @cached_property
    def attribution(self) -> Attribution | None:
        """Who gets credit for the conversions of the journeys; None without journeys. Credit is not cause."""
        if self.credited is None:
            return None
        run = {"version": self.run.version, "started": self.run.started, "seconds": self.run.seconds}
        return replace(self.credited.attribution, run=run)

    @cached_property
    def settled_weeks(self) -> pd.DataFrame:
        """The same as `weeks`; without a till, weeks whose claims are still arriving count as incomplete."""
        import pandas as pd

        weeks = self.weeks
        if self.totals["revenue"] is not None or self._mature_until is None:
            return weeks
        settled = weeks["week"] + pd.Timedelta(days=6) <= pd.Timestamp(self._mature_until)
        return weeks.assign(complete=weeks["complete"] & settled)

    @cached_property
    def recent_roas(self) -> Comparison | None:
        """MER (or what is claimed) of the last 8 complete weeks against the 8 before; None without 16 such weeks."""
        import numpy as np

        from roas.charts.periods import recent_and_before
        from roas.decompose import compare

        account = None if self.volatility is None else self.volatility.account
        pair = recent_and_before(self.settled_weeks)
        if account is None or pair is None:
            return None
        series = account.series
        middle, end = (np.datetime64(week, "D") for week in (pair.recent["week"].iloc[0], pair.recent["week"].iloc[-1]))
        place = int(np.searchsorted(series.dates, middle))
        last = int(np.searchsorted(series.dates, end + np.timedelta64(7, "D")))
        span = RECENT_WEEKS * series.periods_per_week
        return compare(
            series.spend,
            series.revenue,
            before=slice(place - span, place),
            after=slice(place, last),
            periods_per_week=series.periods_per_week,
        )

    @cached_property
    def judged(self) -> Judged | None:
        """Campaigns (or channels) beside what luck does at their own spend; None where sales are not counted."""
        from roas.analysis.judged import judged_units

        return judged_units(self)

    def supports(self, causes: Sequence[str]) -> bool:
        """Return whether one of the causes (or ``any``) is a supported finding."""
        found = {h.cause for h in self.diagnosis.hypotheses if h.verdict == "supported"}
        return bool(found) if "any" in causes else bool(found & set(causes))

    # ---- what if -----------------------------------------------------------------------------

    def plan(
        self,
        spend: Mapping[str, float] | None = None,
        *,
        shift: str | Iterable[str] = (),
        budget: float | str | None = None,
        weeks: int = 4,
        name: str = "",
        by_week: bool = False,
    ) -> WhatIf:
        """Say what a named split of money changes, against today's; see `roas.analysis.planning.plan`."""
        from roas.analysis.planning import plan

        return plan(self, spend, shift=shift, budget=budget, weeks=weeks, name=name, by_week=by_week)

    def optimize(self, **asked: Any) -> WhatIf:
        """Look for the best split of money inside limits; see `roas.analysis.planning.optimize`.

        Parameters
        ----------
        **asked
            ``budget``, ``objective``, ``target_marginal_roas``,
            ``target_revenue``, ``max_change``, ``minimum``, ``maximum``,
            ``fix``, ``weeks``, ``name``, ``by_week``. Money is per week.
        """
        from roas.analysis.planning import optimize

        return optimize(self, **asked)

    # ---- renderings --------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return ``analysis.json`` (the contract's document) as plain types."""
        from roas.analysis.document import analysis_document

        return analysis_document(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per channel: spend, claims and ratios."""
        return self.channels.copy()

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw spend and the shop's revenue by week (currency)."""
        from roas.charts import spend_and_revenue

        return spend_and_revenue(self.weeks, currency=self.tables.currency, ax=ax)

    def plot_channels(self, *, ax: Axes | None = None) -> Axes:
        """Draw each channel's claimed ROAS beside the share of spend it takes."""
        from roas.charts import claimed_roas_by_channel

        return claimed_roas_by_channel(
            self.channels, break_even=self.break_even_roas, currency=self.tables.currency, ax=ax
        )

    def plot_finding(self, number: int = 0, *, exhibit: int = 0, ax: Axes | None = None) -> Axes:
        """Draw a finding's evidence: a series by week beside what it would have been without the cause.

        Parameters
        ----------
        number : int
            Place in ``diagnosis.findings``, from 0.
        exhibit : int
            Which of the finding's series; 0 is the main one.

        Raises
        ------
        UsageError
            Where there is no such finding, or no such series of it.
        """
        from roas.charts import evidence_chart
        from roas.diagnosis.metrics import METRICS

        findings = self.diagnosis.findings
        if not 0 <= number < len(findings):
            raise UsageError(f"There is no finding {number}: this analysis has {len(findings)}, counted from 0.")
        shown = findings[number].exhibits
        if not 0 <= exhibit < len(shown):
            raise UsageError(f"Finding {number} has no series {exhibit}: it has {len(shown)}, counted from 0.")
        metric = METRICS[shown[exhibit].metric]
        return evidence_chart(shown[exhibit], metric=metric, currency=self.tables.currency, ax=ax)

    def __repr__(self) -> str:
        """Return a short summary."""
        totals, window = self.totals, self.window
        mer = "" if totals["mer"] is None else f", MER {totals['mer']:.2f}"
        spend = f"{totals['spend']:,.2f} {self.tables.currency or ''}".strip()
        return f"<Analysis {window['start']} to {window['end']}, {len(self.channels)} channels, spend {spend}{mer}>"
