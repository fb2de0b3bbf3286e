"""Since which report each supported finding has been said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.diagnosis.results import Diagnosis

Key = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Told:
    """Since which report a supported finding has been said.

    Attributes
    ----------
    cause, channel, campaign : str or None
    state : {"new", "still", "first"}
        The last report did not say it; it did; there is no earlier report.
    since : Week
        First of the reports that said it without a break; this week's where it is new.
    """

    cause: str
    channel: str | None
    campaign: str | None
    state: Literal["new", "still", "first"]
    since: Week


def told_since(diagnosis: Diagnosis, verdicts: Iterable[Mapping[str, Any]], week: Week) -> tuple[Told, ...]:
    """Say of every supported finding whether the last report said it, and since which report it stands.

    Parameters
    ----------
    diagnosis : Diagnosis
        Of this week.
    verdicts : iterable of mapping
        What earlier reports said, as the history keeps it: ``week``, ``cause``, ``channel``, ``campaign``,
        ``verdict``. Rows of this week and later ones are not looked at.
    week : Week

    Returns
    -------
    tuple of Told
        In the order of ``diagnosis.findings``, costliest first.

    Notes
    -----
    A finding stands since the first of the reports that said it without a
    break up to now. A report in which it could not be tested, because its
    column was not in the files, is no break and says nothing.
    """
    reports: dict[Week, dict[Key, str]] = {}
    for row in verdicts:
        when = Week.parse(row["week"])
        if when < week:
            verdicts_then = reports.setdefault(when, {})
            key = row["cause"], row.get("channel"), row.get("campaign")
            verdicts_then[key] = _stronger(row["verdict"], verdicts_then.get(key))
    newest_first = sorted(reports.items(), reverse=True)
    supported = [each for each in diagnosis.findings if each.verdict == "supported"]
    return tuple(_told((each.cause, each.channel, each.campaign), newest_first, week) for each in supported)


def _stronger(one: str, other: str | None) -> str:
    return "supported" if "supported" in (one, other) else one


def _told(key: Key, newest_first: list[tuple[Week, dict[Key, str]]], week: Week) -> Told:
    since = week
    for when, said in newest_first:
        verdict = said.get(key) or _of_cause(key[0], said)
        if verdict == "supported":
            since = when
        elif verdict != "untestable":
            break
    if not newest_first:
        return Told(*key, state="first", since=week)
    return Told(*key, state="new" if since == week else "still", since=since)


def _of_cause(cause: str, said: Mapping[Key, str]) -> str:
    """Return ``untestable`` where a report could test the cause nowhere, else that it did not say it."""
    verdicts = [verdict for (each, _, _), verdict in said.items() if each == cause]
    return "untestable" if verdicts and all(each == "untestable" for each in verdicts) else "cannot_tell"
