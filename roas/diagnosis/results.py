"""What a diagnosis says: findings, hypotheses, evidence, and how often accounts like this are named rightly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from roas.diagnosis.base import Hypothesis, Verdict
from roas.quantiles import Q

if TYPE_CHECKING:
    import pandas as pd

    from roas.diagnosis.rates import Rates
    from roas.diagnosis.readings.base import Reading


@dataclass(frozen=True)
class Evidence:
    """One thing that was measured, and what it was held against.

    Attributes
    ----------
    test : str
        Name of the test, a key of `roas.diagnosis.evidence_words`.
    value : float
        What was measured; mostly a relative change (-0.3 is 30 % less).
    threshold : float
        What it was held against, same unit.
    facts : mapping
        What the sentence needs: names, dates, ranges.
    """

    test: str
    value: float
    threshold: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The sentence."""
        from roas.diagnosis.evidence_words import evidence_says

        return evidence_says(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's plain values."""
        return {"test": self.test, "value": self.value, "threshold": self.threshold, "says": self.says}


@dataclass(frozen=True)
class Exhibit:
    """What the chart of a finding draws: a weekly series, and what it would have been.

    Attributes
    ----------
    metric : str
        A key of `roas.diagnosis.metrics.METRICS`: ``cpm``, ``ctr``, ``cvr`` …
    channel : str or None
        Whose; None for the whole account.
    weeks : tuple of date
        Mondays.
    observed : tuple of float
        In the metric's own unit; NaN where a week has none.
    expected, low, high : tuple of float
        Without the cause, with a 90 % band; NaN where nothing is expected.
    since : date or None
        Where the cause begins.
    """

    metric: str
    channel: str | None
    weeks: tuple[dt.date, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    since: dt.date | None


@dataclass(frozen=True)
class Finding:
    """A cause that explains what got worse.

    Attributes
    ----------
    cause : str
        A name of `roas.diagnosis.base.CAUSES`.
    channel, campaign : str or None
        Where.
    verdict : {"supported", "possible"}
        Supported: at least 20 times as likely as the next rival, and nothing refutes it.
    probability : float
        Of this cause in this place, calibrated on simulated accounts.
    since : date
        Most likely first week; `since_range` holds the truth nine times in ten.
    effect_per_week : Q
        Revenue (profit with a margin) lost per week since, in currency; positive is a loss.
    evidence : tuple of Evidence
        The strongest first.
    exhibits : tuple of Exhibit
        What to draw; the first is the main one.
    rival : str or None
        The cause that explains the same nearly as well, where the verdict is only possible.
    log_evidence : float or None
        Log of this finding's part of the evidence against nothing, or something harmless, having happened, made
        cautious (`roas.diagnosis.calibration.cautious_evidence`): over all causes and places the parts add up to
        at most 1 on average where nothing happened, as far as the noise of the series is known. None: not known, as
        for late reporting, which has no such model.
    """

    cause: str
    channel: str | None
    campaign: str | None
    verdict: Literal["supported", "possible"]
    probability: float
    since: dt.date
    since_range: tuple[dt.date, dt.date]
    effect_per_week: Q
    evidence: tuple[Evidence, ...]
    exhibits: tuple[Exhibit, ...] = ()
    rival: str | None = None
    log_evidence: float | None = None

    @property
    def would_refute(self) -> str:
        """What would change our mind."""
        from roas.diagnosis.words import would_refute

        return would_refute(self)

    @property
    def action(self) -> str:
        """What to do; where causes tie, the cheapest pilot that separates them."""
        from roas.diagnosis.words import action

        return action(self)

    @property
    def title(self) -> str:
        """The finding in one short sentence."""
        from roas.diagnosis.words import title

        return title(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's plain values."""
        return {
            "cause": self.cause,
            "scope": {"channel": self.channel, "campaign": self.campaign},
            "verdict": self.verdict,
            "probability": self.probability,
            "since": self.since.isoformat(),
            "since_range": [each.isoformat() for each in self.since_range],
            "effect_per_week": self.effect_per_week.to_dict(),
            "evidence": [each.to_dict() for each in self.evidence],
            "would_refute": self.would_refute,
            "action": self.action,
            "rival": self.rival,
        }


@dataclass(frozen=True)
class Explained:
    """How much of what got worse each finding accounts for, currency per week.

    Attributes
    ----------
    total : float
        Change of weekly revenue at today's spend against what was to be expected; positive is a loss.
    parts : tuple of (cause, channel, amount)
        Shapley shares; with `unexplained` they add up to `total`.
    unexplained : float
        The rest.
    """

    total: float
    parts: tuple[tuple[str, str | None, float], ...]
    unexplained: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        parts = [{"cause": cause, "channel": channel, "per_week": amount} for cause, channel, amount in self.parts]
        return {"total_per_week": self.total, "parts": parts, "unexplained_per_week": self.unexplained}


@dataclass(frozen=True)
class Diagnosis:
    """Everything that is said about why the account got worse.

    Attributes
    ----------
    findings : tuple of Finding
        Supported ones first, then by money.
    hypotheses : tuple of Hypothesis
        Every cause at least once, with the reason.
    readings : tuple of Reading
        The wider questions about the account, each with its own evidence.
    explained : Explained or None
        Shares of the loss; None where nothing is to be shared.
    rates : Rates or None
        How often accounts like this one were named rightly; None where no benchmark is like it.
    """

    findings: tuple[Finding, ...]
    hypotheses: tuple[Hypothesis, ...]
    readings: tuple[Reading, ...] = ()
    explained: Explained | None = None
    rates: Rates | None = None

    @property
    def healthy(self) -> bool:
        """Whether nothing is accused."""
        return not any(each.verdict == "supported" for each in self.findings)

    def of(self, *verdicts: Verdict) -> tuple[Hypothesis, ...]:
        """Return the hypotheses with one of these verdicts."""
        return tuple(each for each in self.hypotheses if each.verdict in verdicts)

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's plain values."""
        return {
            "healthy": self.healthy,
            "findings": [each.to_dict() for each in self.findings],
            "hypotheses": [each.to_dict() for each in self.hypotheses],
            "readings": [each.to_dict() for each in self.readings],
            "explained": self.explained.to_dict() if self.explained else None,
            "rates": self.rates.to_dict() if self.rates else None,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per hypothesis: cause, channel, campaign, verdict, probability, effect, since, because."""
        import pandas as pd

        found = {(each.cause, each.channel, each.campaign): each for each in self.findings}
        rows = []
        for each in self.hypotheses:
            finding = found.get((each.cause, each.channel, each.campaign))
            effect = finding.effect_per_week if finding else None
            rows.append(
                {
                    "cause": each.cause,
                    "channel": each.channel,
                    "campaign": each.campaign,
                    "verdict": each.verdict,
                    "probability": finding.probability if finding else None,
                    "since": finding.since.isoformat() if finding else None,
                    "effect_p5": effect.p5 if effect else None,
                    "effect_p50": effect.p50 if effect else None,
                    "effect_p95": effect.p95 if effect else None,
                    "because": each.because,
                }
            )
        return pd.DataFrame(rows)
