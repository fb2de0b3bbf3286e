"""Alerts: findings with enough evidence for a whole year of looking, until that evidence is gone.

A pure fold over what past reports said (`Seen`): weeks run late, twice or out
of order give the same alerts, because only the sorted weeks count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from roas.diagnosis.base import Verdict
from roas.quantiles import Q
from roas.weekly.ledger import PROMISED, e_value, open_now, year_of
from roas.weekly.record import Alert, Ledger, State
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.diagnosis.results import Diagnosis

#: More weeks of data than when it was opened, from which an alert that still stands is confirmed: half of the eight
#: weeks called recent, so that much of what it rests on is new.
CONFIRMING_WEEKS: Final = 4

#: Probability under which a finding that is no longer supported counts as gone: then it is more likely wrong than right.
EVEN: Final = 0.5

#: E-value under which the evidence speaks for nothing having happened.
NO_EVIDENCE: Final = 1.0

#: Reports in a row that must say so: one odd week takes nothing back.
REPORTS_TO_WITHDRAW: Final = 2

#: Weeks after which the diagnosis no longer asks when something began (`roas.diagnosis.shapes.LONGEST_BACK` of a
#: step): a loss as old is how things are, and its evidence leaves the window without anything being taken back.
TOO_OLD: Final = 40

Key = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Seen:
    """What one week's report said of one cause in one place.

    Attributes
    ----------
    week : Week
    cause : str
    channel, campaign : str or None
    verdict : str
        As in `roas.diagnosis.base.Verdict`.
    probability : float or None
        Of the cause; None where it was not named.
    since : date or None
    effect : Q or None
        Loss in currency per week.
    log_evidence : float or None
        Log e-value, see `roas.diagnosis.results.Finding.log_evidence`; None where not known.
    """

    week: Week
    cause: str
    channel: str | None
    campaign: str | None
    verdict: Verdict
    probability: float | None = None
    since: dt.date | None = None
    effect: Q | None = None
    log_evidence: float | None = None

    @property
    def key(self) -> Key:
        """What makes it the same alert next week, wherever its first day moves to."""
        return self.cause, self.channel, self.campaign

    @property
    def gone(self) -> bool:
        """Whether the evidence for it has gone: no longer supported, and unlikely or without evidence."""
        unlikely = (self.probability or 0.0) < EVEN
        return self.verdict != "supported" and (unlikely or e_value(self.log_evidence) < NO_EVIDENCE)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Seen:
        """Read a stored row: the names of `verdicts_of`, and ``week`` (text)."""
        effect = row.get("effect")
        return cls(
            Week.parse(row["week"]),
            row["cause"],
            row.get("channel"),
            row.get("campaign"),
            row["verdict"],
            row.get("probability"),
            row.get("since"),
            Q(**effect) if effect else None,
            row.get("log_evidence"),
        )


def verdicts_of(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """Return what a diagnosis says of every cause, to be kept for the reports to come.

    Every cause has a row, also where nothing was found: a week without any row is a week without a report.

    Returns
    -------
    list of dict
        ``cause``, ``channel``, ``campaign``, ``verdict``; of findings also ``probability``, ``since`` (date),
        ``effect`` (p5, p50, p95; currency per week) and ``log_evidence``, else None.
    """
    found = {(each.cause, each.channel, each.campaign): each for each in diagnosis.findings}
    rows = []
    for each in diagnosis.hypotheses:
        key = each.cause, each.channel, each.campaign
        finding = found.get(key)
        rows.append(
            {
                **dict(zip(("cause", "channel", "campaign"), key, strict=True)),
                "verdict": each.verdict,
                "probability": finding.probability if finding else None,
                "since": finding.since if finding else None,
                "effect": finding.effect_per_week.to_dict() if finding else None,
                "log_evidence": finding.log_evidence if finding else None,
            }
        )
    return rows


@dataclass(frozen=True)
class _Standing:
    """An open alert."""

    said: Week
    level: float
    last: Seen
    since: dt.date
    doubts: int = 0


@dataclass
class _Year:
    """What the fold carries from week to week."""

    standing: dict[Key, _Standing] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)
    withdrawn: dict[int, int] = field(default_factory=dict)
    weeks: dict[int, int] = field(default_factory=dict)


def alerts_of(history: Iterable[Seen | Mapping[str, Any]], week: Week) -> tuple[tuple[Alert, ...], Ledger]:
    """Say which alerts a week's report opens, confirms and withdraws.

    Parameters
    ----------
    history : iterable of Seen, or of stored rows as `Seen.of` reads them
        Of that week and the weeks before it, in any order; later weeks are not looked at. A row that stands
        twice counts once.
    week : Week

    Returns
    -------
    alerts : tuple of Alert
        Opened, confirmed, withdrawn; the costliest first among each. Empty for a week without a report.
    ledger : Ledger
        Of the week's ISO year up to the week.

    Notes
    -----
    *Opened*: supported, and with the e-value that `roas.weekly.ledger` asks
    for. *Confirmed*: an open alert that is supported, `CONFIRMING_WEEKS` or
    more after it was opened; every such week says so. *Withdrawn*: not
    supported, and unlikely or without evidence, in two reports running. In
    any other week an open alert is silent, and stays open: see
    `open_alerts`. A report in which the cause cannot be tested at all (its
    column is gone) says nothing either way. An alert whose loss is too old to
    be asked about ends in silence.
    """
    fold, said = _fold(history, week)
    year = year_of(week)
    counts = (each.get(year, 0) for each in (fold.opened, fold.withdrawn, fold.weeks))
    return said, Ledger(PROMISED, *counts)


def open_alerts(history: Iterable[Seen | Mapping[str, Any]], week: Week) -> tuple[Alert, ...]:
    """Return every alert that stands after a week's report, said in it or not.

    Those of which the report is silent have the state ``opened`` within the first weeks, else ``confirmed``.
    """
    fold, _ = _fold(history, week)
    return _sorted(
        _alert(each, "confirmed" if _weeks_between(each.said, week) >= CONFIRMING_WEEKS else "opened")
        for each in fold.standing.values()
    )


def _fold(history: Iterable[Seen | Mapping[str, Any]], until: Week) -> tuple[_Year, tuple[Alert, ...]]:
    """Return where things stand after a week, and what its report said."""
    fold = _Year()
    said: tuple[Alert, ...] = ()
    seen = (each if isinstance(each, Seen) else Seen.of(each) for each in history)
    for week, rows in _by_week(seen, until):
        alerts = _take_in(fold, week, rows)
        if week == until:
            said = alerts
    return fold, said


def _by_week(history: Iterable[Seen], until: Week) -> Iterator[tuple[Week, dict[Key, Seen]]]:
    """Yield each week's rows, sorted so that the order of storing does not count; of two rows the stronger."""
    rows = sorted((each for each in history if each.week <= until), key=_order)
    for week, group in groupby(rows, key=lambda each: each.week):
        yield week, {each.key: each for each in group}


def _order(row: Seen) -> tuple[Week, str, str, str, bool, float, float, str]:
    strength = (row.verdict == "supported", row.probability or 0.0, e_value(row.log_evidence))
    return row.week, row.cause, row.channel or "", row.campaign or "", *strength, str(row.since)


def _take_in(fold: _Year, week: Week, rows: dict[Key, Seen]) -> tuple[Alert, ...]:
    """Take in one report; return what it says."""
    year = year_of(week)
    fold.weeks[year] = fold.weeks.get(year, 0) + 1
    said = [alert for key in sorted(fold.standing, key=_text) if (alert := _again(fold, key, week, rows)) is not None]
    new = {
        key: e_value(row.log_evidence)
        for key, row in rows.items()
        if row.verdict == "supported" and key not in fold.standing
    }
    chosen, level = open_now(new, week, opened=fold.opened.get(year, 0))
    for key in sorted(chosen, key=_text):
        fold.standing[key] = _Standing(week, level, rows[key], rows[key].since or week.monday)
        said.append(_alert(fold.standing[key], "opened"))
    fold.opened[year] = fold.opened.get(year, 0) + len(chosen)
    fold.withdrawn[year] = fold.withdrawn.get(year, 0) + sum(each.state == "withdrawn" for each in said)
    return _sorted(said)


def _again(fold: _Year, key: Key, week: Week, rows: dict[Key, Seen]) -> Alert | None:
    """Say of an open alert what one more report makes of it; None where it says nothing."""
    standing = fold.standing[key]
    of_cause = [row for row in rows.values() if row.cause == key[0]]
    if key not in rows and of_cause and all(row.verdict == "untestable" for row in of_cause):
        return None
    row = rows.get(key, Seen(week, *key, verdict="cannot_tell"))
    if row.verdict == "untestable":
        return None
    doubts = standing.doubts + 1 if row.gone else 0
    standing = replace(standing, last=row, since=row.since or standing.since, doubts=doubts)
    fold.standing[key] = standing
    if doubts >= REPORTS_TO_WITHDRAW:
        del fold.standing[key]
        old = (week.sunday - standing.since).days > 7 * TOO_OLD
        return None if old else _alert(standing, "withdrawn")
    if row.verdict == "supported" and _weeks_between(standing.said, week) >= CONFIRMING_WEEKS:
        return _alert(standing, "confirmed")
    return None


def _weeks_between(first: Week, last: Week) -> int:
    return (last.monday - first.monday).days // 7


def _alert(standing: _Standing, state: State) -> Alert:
    last = standing.last
    return Alert(
        *last.key,
        since=standing.since,
        state=state,
        said=standing.said,
        probability=last.probability or 0.0,
        effect_per_week=None if state == "withdrawn" else last.effect,
        e_value=e_value(last.log_evidence),
        level=standing.level,
    )


def _text(key: Key) -> tuple[str, str, str]:
    """Return a key that can be sorted."""
    return key[0], key[1] or "", key[2] or ""


def _sorted(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Sort by state, as they happen in the life of an alert, and by cost."""
    states = ("opened", "confirmed", "withdrawn")

    def place(alert: Alert) -> tuple[int, float, tuple[str, str, str]]:
        cost = alert.effect_per_week.p50 if alert.effect_per_week else 0.0
        return states.index(alert.state), -cost, _text((alert.cause, alert.channel, alert.campaign))

    return tuple(sorted(alerts, key=place))
