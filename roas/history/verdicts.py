"""What the diagnosis said each week, and which alerts were given.

The ledger of the alerts is recomputed from the verdicts, week after week, so
both are kept as they were said and never changed by a later week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from roas.history.store import Store
from roas.history.values import as_day, day, number, text, text_or_none

_VERDICT: Final = (
    "week", "cause", "channel", "campaign", "verdict", "probability", "since", "log_evidence",
    "effect_p5", "effect_p50", "effect_p95",
)  # fmt: skip
_ALERT: Final = ("week", "cause", "channel", "campaign", "since", "state", "level", "e_value")

#: One order for ever: by week, then as noted.
_ORDER: Final = "ORDER BY week, id"


class Verdicts:
    """One row per week, cause and scope."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, week: str, verdicts: Iterable[Mapping[str, Any]]) -> None:
        """Note what the diagnosis said of a week; what was noted of it before is replaced.

        Parameters
        ----------
        week : str
            A week whose run is noted.
        verdicts : iterable of mapping
            ``cause``, ``verdict``, and where known ``channel``, ``campaign``,
            ``probability``, ``since`` (date), ``log_evidence`` (natural log)
            and ``effect`` (mapping of p5, p50, p95; currency per week).
        """
        rows = [
            (
                week,
                text(each["cause"]),
                text_or_none(each.get("channel")),
                text_or_none(each.get("campaign")),
                text(each["verdict"]),
                number(each.get("probability")),
                day(each.get("since")),
                number(each.get("log_evidence")),
                *quantiles(each.get("effect")),
            )
            for each in verdicts
        ]
        with self._store.transaction():
            self._store.run("DELETE FROM verdicts WHERE week = ?", (week,))
            self._store.insert("verdicts", rows, _VERDICT)

    def of(self, week: str) -> list[dict[str, Any]]:
        """Return one week's verdicts, in the order in which they were noted."""
        return self._read("WHERE week = ?", week)

    def through(self, week: str) -> list[dict[str, Any]]:
        """Return the verdicts of all weeks up to and with `week`, oldest first."""
        return self._read("WHERE week <= ?", week)

    def _read(self, where: str, week: str) -> list[dict[str, Any]]:
        rows = self._store.rows(f"SELECT {', '.join(_VERDICT)} FROM verdicts {where} {_ORDER}", (week,))
        return [_verdict(row) for row in rows]


def _verdict(row: tuple[Any, ...]) -> dict[str, Any]:
    found = dict(zip(_VERDICT, row, strict=True))
    found["since"] = as_day(found["since"])
    return gathered(found, "effect")


class Alerts:
    """What was said each week: opened, confirmed, withdrawn."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, week: str, alerts: Iterable[Mapping[str, Any]]) -> None:
        """Note a week's alerts; what was noted of it before is replaced.

        Parameters
        ----------
        week : str
            A week whose run is noted.
        alerts : iterable of mapping
            ``cause``, ``state``, and where known ``channel``, ``campaign``,
            ``since`` (date), ``level`` and ``e_value``.
        """
        rows = [
            (
                week,
                text(each["cause"]),
                text_or_none(each.get("channel")),
                text_or_none(each.get("campaign")),
                day(each.get("since")),
                text(each["state"]),
                number(each.get("level")),
                number(each.get("e_value")),
            )
            for each in alerts
        ]
        with self._store.transaction():
            self._store.run("DELETE FROM alerts WHERE week = ?", (week,))
            self._store.insert("alerts", rows, _ALERT)

    def of(self, week: str) -> list[dict[str, Any]]:
        """Return one week's alerts, in the order in which they were noted."""
        return self._read("WHERE week = ?", week)

    def through(self, week: str) -> list[dict[str, Any]]:
        """Return the alerts of all weeks up to and with `week`, oldest first."""
        return self._read("WHERE week <= ?", week)

    def _read(self, where: str, week: str) -> list[dict[str, Any]]:
        rows = self._store.rows(f"SELECT {', '.join(_ALERT)} FROM alerts {where} {_ORDER}", (week,))
        found = [dict(zip(_ALERT, row, strict=True)) for row in rows]
        return [{**each, "since": as_day(each["since"])} for each in found]


def quantiles(given: Mapping[str, Any] | None) -> tuple[float | None, float | None, float | None]:
    """Return p5, p50 and p95 of a mapping; None for what it does not have."""
    known = given or {}
    return number(known.get("p5")), number(known.get("p50")), number(known.get("p95"))


def gathered(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a row with its three quantile columns as one mapping, None where none is known."""
    values = {p: row.pop(f"{name}_{p}") for p in ("p5", "p50", "p95")}
    return {**row, name: None if all(value is None for value in values.values()) else values}
