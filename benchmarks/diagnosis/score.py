"""What counts as right: definitions, and figures with their intervals.

named       a planted cause is among the supported findings (its place is counted apart, as `placed`)
wrong       a cause that was not planted is supported; `wrong_only`: and none that was
silent      nothing is supported: the account is left at "cannot tell", "possible" or less
accused     a healthy account in which anything is supported
on time     the finding of the planted cause begins within three weeks of the truth
covered     its 90 % interval of the loss per week holds the truth's
loss error  median of |estimate / truth - 1| over findings whose true loss is not zero
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from benchmarks.diagnosis.cells import Job, read_job

#: Days between a stated and a true onset that still count as on time.
ON_TIME: Final = 21

#: Normal quantile of a two-sided 95 % interval.
Z: Final = 1.959964


@dataclass(frozen=True)
class Share:
    """A rate with its Wilson interval (Wilson 1927, JASA 22:209): 95 %, accounts taken as independent."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        """The share; NaN of nothing."""
        return self.hits / self.of if self.of else math.nan

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Low and high end; (0, 1) of nothing."""
        if not self.of:
            return 0.0, 1.0
        p, n = self.rate, self.of
        middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = self.interval
        return f"{100 * self.rate:.1f} % ({100 * low:.0f}–{100 * high:.0f}, n {self.of:,})"


#: Kinds of healthy accounts of which a cause is true: where all platforms count late, saying so accuses nobody.
TRUE_OF: Final = {"claims_lag": "reporting_lag"}


@dataclass(frozen=True)
class Found:
    """A finding, as recorded."""

    cause: str
    channel: str | None
    verdict: str
    probability: float
    since: dt.date
    between: tuple[dt.date, dt.date]
    effect: tuple[float, float, float]


@dataclass(frozen=True)
class Planted:
    """A planted cause, as recorded; `effect` is NaN where the generator does not know it."""

    cause: str
    channel: str | None
    channels: tuple[str, ...]
    since: dt.date
    effect: float

    def is_said_by(self, found: Found) -> bool:
        """Whether a finding names the cause in its place: its channel, or one of several that are hit."""
        return found.cause == self.cause and found.channel in (self.channel, *self.channels)


@dataclass(frozen=True)
class Outcome:
    """One account: what was planted and what was said."""

    job: Job
    sales: float | None
    planted: tuple[Planted, ...]
    findings: tuple[Found, ...]
    verdicts: dict[str, str]
    because: dict[str, str]
    seconds: float | None
    direct: bool
    error: str | None

    @cached_property
    def supported(self) -> tuple[Found, ...]:
        """What is accused."""
        return tuple(each for each in self.findings if each.verdict == "supported")

    @property
    def accuses(self) -> bool:
        """Whether anything is supported that is not true of such an account."""
        return any(each.cause != TRUE_OF.get(self.job.kind) for each in self.supported)

    @property
    def causes(self) -> frozenset[str]:
        """What was planted."""
        return frozenset(each.cause for each in self.planted)

    @property
    def said(self) -> frozenset[str]:
        """Causes that are supported, without what is true of this kind of account anyway."""
        return frozenset(each.cause for each in self.supported if each.cause != TRUE_OF.get(self.job.kind))

    @property
    def named(self) -> bool:
        """Whether a planted cause is supported, in any place."""
        return bool(self.causes & self.said)

    @property
    def all_named(self) -> bool:
        """Whether every planted cause is supported."""
        return self.causes <= self.said

    @property
    def placed(self) -> bool:
        """Whether a planted cause is supported in its place."""
        return any(true.is_said_by(said) for true in self.planted for said in self.supported)

    @property
    def wrong(self) -> bool:
        """Whether a cause that was not planted is supported."""
        return bool(self.said - self.causes)

    @property
    def wrong_only(self) -> bool:
        """Whether only causes that were not planted are supported."""
        return self.wrong and not self.named

    @property
    def silent(self) -> bool:
        """Whether nothing is supported."""
        return not self.supported

    @property
    def matched(self) -> tuple[tuple[Planted, Found], ...]:
        """Planted causes with the supported finding in their place, each once."""
        pairs = ((true, next(filter(true.is_said_by, self.supported), None)) for true in self.planted)
        return tuple((true, said) for true, said in pairs if said)


def read(record: dict[str, Any]) -> Outcome:
    """Read an engine's record."""
    planted = tuple(
        Planted(
            each["cause"], each["channel"], tuple(each["channels"]),
            dt.date.fromisoformat(each["since"]), _number(each["effect"]),
        )
        for each in record["truth"]
    )  # fmt: skip
    findings = tuple(
        Found(
            each["cause"], each["channel"], each["verdict"], each["probability"],
            dt.date.fromisoformat(each["since"]), _dates(each["range"]), (_number(low), _number(middle), _number(high)),
        )
        for each in record["findings"] for low, middle, high in [each["effect"]]
    )  # fmt: skip
    return Outcome(
        read_job(record["key"]), record["sales"], planted, findings, record["verdicts"], record["because"],
        record["seconds"], bool(record.get("direct")), record.get("error"),
    )  # fmt: skip


def _dates(between: Sequence[str]) -> tuple[dt.date, dt.date]:
    first, last = map(dt.date.fromisoformat, between)
    return first, last


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def outcomes(records: Iterable[dict[str, Any]]) -> list[Outcome]:
    """Return the engine's outcomes; accounts that could not be made are left out."""
    return [read(each) for each in records if each["part"] == "engine" and "skipped" not in each]


def share(of: Sequence[Outcome], claim: Callable[[Outcome], bool]) -> Share:
    """Return how often a claim holds."""
    return Share(sum(map(claim, of)), len(of))


def named(of: Sequence[Outcome]) -> Share:
    return share(of, lambda each: each.named)


def placed(of: Sequence[Outcome]) -> Share:
    """Of the accounts whose cause is named: in the right place."""
    return share([each for each in of if each.named], lambda each: each.placed)


def wrong(of: Sequence[Outcome]) -> Share:
    return share(of, lambda each: each.wrong)


def wrong_only(of: Sequence[Outcome]) -> Share:
    return share(of, lambda each: each.wrong_only)


def silent(of: Sequence[Outcome]) -> Share:
    return share(of, lambda each: each.silent)


def accused(of: Sequence[Outcome]) -> Share:
    """Of the healthy among them."""
    return share([each for each in of if each.job.healthy], lambda each: each.accuses)


def on_time(of: Sequence[Outcome]) -> Share:
    """Of the findings in the right place: onset within three weeks."""
    pairs = [pair for each in of for pair in each.matched]
    return Share(sum(abs((said.since - true.since).days) <= ON_TIME for true, said in pairs), len(pairs))


def onset_covered(of: Sequence[Outcome]) -> Share:
    """Of the findings in the right place: the stated range of the onset holds the true one, to the week."""
    pairs = [pair for each in of for pair in each.matched]
    week = dt.timedelta(days=6)
    return Share(
        sum(said.between[0] - week <= true.since <= said.between[1] + week for true, said in pairs), len(pairs)
    )


def covered(of: Sequence[Outcome], *, losing: bool) -> Share:
    """Of the findings in the right place: the 90 % interval holds the true loss. Causes that lose nothing apart."""
    pairs = [
        (t, s) for each in of for t, s in each.matched if math.isfinite(t.effect) and (abs(t.effect) > 0) == losing
    ]
    return Share(sum(said.effect[0] <= true.effect <= said.effect[2] for true, said in pairs), len(pairs))


def loss_error(of: Sequence[Outcome]) -> float:
    """Return the median relative error of the loss; NaN where none is known."""
    errors = [
        abs(said.effect[1] / true.effect - 1) for each in of for true, said in each.matched
        if math.isfinite(true.effect) and abs(true.effect) > 0 and math.isfinite(said.effect[1])
    ]  # fmt: skip
    return statistics.median(errors) if errors else math.nan


def stated(of: Sequence[Outcome]) -> list[tuple[float, bool]]:
    """Return every finding's probability, and whether its cause was planted in its place."""
    return [
        (each.probability, any(true.is_said_by(each) for true in account.planted))
        for account in of for each in account.findings if each.cause != TRUE_OF.get(account.job.kind)
    ]  # fmt: skip


def said_of_planted(of: Sequence[Outcome]) -> Counter[str]:
    """Count the strongest verdict on each planted cause."""
    return Counter(each.verdicts.get(true.cause, "not mentioned") for each in of for true in each.planted)


def confusion(of: Sequence[Outcome]) -> dict[str, Counter[str]]:
    """Return planted → supported, counted in accounts with at most one planted cause; nothing said is "nothing"."""
    table: dict[str, Counter[str]] = {}
    for each in of:
        if each.job.second is None:
            row = table.setdefault(each.job.cause or "healthy", Counter())
            row["accounts"] += 1
            row.update(each.said or {"nothing"})
    return table


def worst(of: Sequence[Outcome], count: int = 10) -> list[tuple[Outcome, str]]:
    """Return the worst accounts and what is wrong in each: every kind of mistake once before any comes twice."""
    judged = sorted(((*_badness(each), each) for each in of), key=lambda item: (-item[0], item[2].job.key))
    first: dict[str, tuple[Outcome, str]] = {}
    rest: list[tuple[Outcome, str]] = []
    for bad, why, each in judged:
        if bad <= 0:
            break
        if why in first:
            rest.append((each, why))
        else:
            first[why] = (each, why)
    return [*first.values(), *rest][:count]


def _badness(of: Outcome) -> tuple[float, str]:
    """Say how bad: an exception, then false accusations by how sure they were, then silence where an answer is promised."""
    if of.error:
        return 9.0, of.error
    false = [each for each in of.supported if each.cause not in of.causes]
    if false:
        most = max(false, key=lambda each: each.probability)
        planted = " and ".join(sorted(of.causes)) or "nothing"
        return 2 + most.probability - of.named, f"{planted} planted, {most.cause} said{', too' if of.named else ''}"
    if of.job.answerable and of.silent:
        return 1.0, f"{of.job.cause} not named ({of.verdicts.get(of.job.cause or '', 'not mentioned')})"
    return 0.0, ""


def rule_answers(records: Iterable[dict[str, Any]]) -> list[tuple[Job, frozenset[str], dict[str, Any]]]:
    """Return job, planted causes and every rule's answer."""
    return [
        (read_job(each["key"]), frozenset(true["cause"] for true in each["truth"]), each["answers"])
        for each in records if each["part"] == "rules" and "skipped" not in each
    ]  # fmt: skip


@dataclass(frozen=True)
class RuleScore:
    """How one rule did on the same accounts."""

    named: Share
    wrong: Share
    accused: Share


def rule_scores(records: Iterable[dict[str, Any]], keep: Callable[[Job], bool]) -> dict[str, RuleScore]:
    """Score every rule on accounts with a planted cause that `keep` keeps, and on all healthy ones.

    An alarm that names no cause (rolling z) counts as neither named nor wrong.
    """
    found = rule_answers(records)
    ill = [(causes, said) for job, causes, said in found if not job.healthy and keep(job)]
    healthy = [said for job, _, said in found if job.healthy]
    rules = dict.fromkeys(rule for _, _, said in found for rule in said)
    return {
        rule: RuleScore(
            Share(sum(_cause(said[rule]) in causes for causes, said in ill), len(ill)),
            Share(sum(_cause(said[rule]) not in {*causes, None} for causes, said in ill), len(ill)),
            Share(sum(bool(said[rule]) for said in healthy), len(healthy)),
        )
        for rule in rules
    }


def _cause(said: Any) -> str | None:
    return said[0] if isinstance(said, list) else None
