"""The record of one weekly report: renderers compute nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from roas.quantiles import Q
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis, Run
    from roas.analysis.what_if import WhatIf
    from roas.diagnosis.results import Finding
    from roas.weekly.corrections import Correction
    from roas.weekly.told import Told

#: How a figure is written: an amount, a ratio such as ROAS, a number of things, a share, a word.
Unit = Literal["money", "ratio", "count", "share", "word"]

#: Why a figure differs from the last report.
Because = Literal["new_data", "restated_data", "model", "real"]

#: State of an alert in this report.
State = Literal["opened", "confirmed", "withdrawn"]

#: Probability under which luck is said to bring a week seldom: what the ranges leave outside.
SELDOM: Final = 0.1


@dataclass(frozen=True)
class Figure:
    """One figure of the week beside what weeks usually bring.

    Attributes
    ----------
    name : str
        ``spend``, ``revenue``, ``mer``, ``claimed_revenue``, ``claimed_roas``, ``conversions``.
    unit : Unit
    value, before : float or None
        This week and the week before, as known now.
    low, high : float or None
        Nine weeks in ten lie between them when nothing happens; None where too few weeks tell.
    unlikely : float or None
        How seldom luck brings a week with this figure, or any that is judged with it, so far out (`roas.weekly.figures`).
    """

    name: str
    unit: Unit
    value: float | None
    before: float | None
    low: float | None = None
    high: float | None = None
    unlikely: float | None = None

    @property
    def unusual(self) -> bool:
        """Whether luck alone seldom brings such a week: of the figures judged together, any in one week in ten."""
        if self.value is None or self.low is None or self.high is None:
            return False
        if self.unlikely is not None and self.unlikely >= SELDOM:
            return False
        return not self.low <= self.value <= self.high

    @property
    def inside(self) -> bool:
        """Whether it lies in its own range; nine weeks in ten do, so of several figures one often does not."""
        if self.value is None or self.low is None or self.high is None:
            return False
        return self.low <= self.value <= self.high

    @property
    def change(self) -> float | None:
        """Relative change against the week before; None where there is none to take."""
        return self.value / self.before - 1 if self.value is not None and self.before else None


@dataclass(frozen=True)
class Change:
    """One figure that differs from the last report, or a part of its change, with the reason.

    Attributes
    ----------
    figure : str
        As in the analysis: ``spend``, ``claimed_revenue``, ``incremental_roas``, ``saturation`` …
    channel : str or None
        Whose; None for the account.
    before, after : float, str or None
    because : {"new_data", "restated_data", "model", "real"}
        A further week came; old ones were corrected; version, margin or labels differ; luck seldom brings this.
    unit : Unit
    """

    figure: str
    channel: str | None
    before: float | str | None
    after: float | str | None
    because: Because
    unit: Unit

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's plain values."""
        scope = {"channel": self.channel, "campaign": None}
        parts = {"figure": self.figure, "scope": scope, "before": self.before, "after": self.after}
        return {**parts, "because": self.because}


@dataclass(frozen=True)
class Alert:
    """A finding that began, holds, or is taken back.

    Attributes
    ----------
    cause, channel, campaign : str or None
    since : date
        First day of the loss, as last estimated.
    state : {"opened", "confirmed", "withdrawn"}
    said : Week
        The week whose report opened it.
    probability : float
        Of the finding, now.
    effect_per_week : Q or None
        Loss in currency per week; None once it is withdrawn.
    e_value : float
        Evidence against "nothing happened": at most 1 on average when nothing did.
    level : float
        The evidence that was asked for, given all alerts of the year.
    """

    cause: str
    channel: str | None
    campaign: str | None
    since: dt.date
    state: State
    said: Week
    probability: float
    effect_per_week: Q | None
    e_value: float
    level: float

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's plain values, and the evidence."""
        return {
            "cause": self.cause,
            "scope": {"channel": self.channel, "campaign": self.campaign},
            "since": self.since.isoformat(),
            "state": self.state,
            "said": str(self.said),
            "probability": self.probability,
            "effect_per_week": self.effect_per_week.to_dict() if self.effect_per_week else None,
            "e_value": self.e_value,
            "level": self.level,
        }


@dataclass(frozen=True)
class Decision:
    """A plan that somebody noted, and how it turned out.

    Attributes
    ----------
    made : date
    who, name : str
    weeks : int
        Length of the plan.
    begins : date
        First day that the plan is about.
    predicted : Q
        Change in revenue, currency per week.
    realised : Q or None
        The same, measured against what would have come without the plan; None until it can be.
    followed : float or None
        How far what was done is what was planned, 0 to 1; None before there are days to tell.
    state : {"waiting", "running", "scored", "not_followed", "cannot_tell"}
    because : str
        A sentence on the state.
    """

    made: dt.date
    who: str
    name: str
    weeks: int
    begins: dt.date
    predicted: Q
    realised: Q | None
    followed: float | None
    state: Literal["waiting", "running", "scored", "not_followed", "cannot_tell"]
    because: str

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's plain values, and more."""
        return {
            "made": self.made.isoformat(),
            "who": self.who,
            "name": self.name,
            "weeks": self.weeks,
            "begins": self.begins.isoformat(),
            "predicted": self.predicted.to_dict(),
            "realised": self.realised.to_dict() if self.realised else None,
            "followed": self.followed,
            "state": self.state,
            "because": self.because,
        }


@dataclass(frozen=True)
class Ledger:
    """How many false alarms the alerts of a year may hold, and what has been used of that.

    Attributes
    ----------
    promised : float
        Share of opened alerts that may be false, on average over the year.
    opened, withdrawn : int
        This ISO year, up to this week.
    weeks : int
        Weeks with a report that it rests on.
    """

    promised: float
    opened: int
    withdrawn: int
    weeks: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"promised": self.promised, "opened": self.opened, "withdrawn": self.withdrawn, "weeks": self.weeks}


@dataclass(frozen=True)
class WeeklyReport:
    """What one week's report says.

    Attributes
    ----------
    week : Week
    language : str
        BCP 47 tag of the sentences.
    analysis : Analysis
        Of everything up to the week's Sunday.
    previous : Week or None
        The report that this one is compared with; None for the first.
    figures : tuple of Figure
        The first three are the page's numbers.
    changes, alerts, decisions : tuples
    ledger : Ledger
    plan : WhatIf or None
        The best split within `max_change` of today's; None without a model of the response.
    notes : tuple of str
        What the report wants known: missed weeks, late exports, a history that was repaired.
    run : Run
    corrections : tuple of Correction
        What platforms and the shop say differently of days that were reported before.
    standing : tuple of Alert
        Alerts that are still open and that this report says nothing new of.
    told : tuple of Told
        Of each supported finding of the analysis, in its order: new, or said since which report.
    earlier_currency : str or None
        Of the earlier reports, where it is another one than this report's: then nothing of them is compared, and
        `previous` is None.
    """

    week: Week
    language: str
    analysis: Analysis
    previous: Week | None
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]
    alerts: tuple[Alert, ...]
    decisions: tuple[Decision, ...]
    ledger: Ledger
    plan: WhatIf | None
    notes: tuple[str, ...]
    run: Run
    corrections: tuple[Correction, ...] = ()
    standing: tuple[Alert, ...] = ()
    told: tuple[Told, ...] = ()
    earlier_currency: str | None = None

    def told_of(self, finding: Finding) -> Told | None:
        """Return since when a finding has been said; None where it is not a supported one."""
        key = finding.cause, finding.channel, finding.campaign
        return next((each for each in self.told if (each.cause, each.channel, each.campaign) == key), None)

    def to_dict(self) -> dict[str, Any]:
        """Return ``report.json`` (the contract's document) as plain types."""
        from roas.weekly.document import report_document

        return report_document(self)
