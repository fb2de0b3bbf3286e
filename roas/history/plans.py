"""Plans that were decided on, and how they turned out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from roas.errors import UsageError
from roas.history.store import Store
from roas.history.values import as_day, day, from_json, moment, number, text, to_json
from roas.history.verdicts import gathered, quantiles
from roas.history.weeks import monday_of

_PLAN: Final = (
    "id", "made", "who", "data_end", "weeks", "name", "plan",
    "predicted_p5", "predicted_p50", "predicted_p95", "probability_better", "options",
)  # fmt: skip
_SCORE: Final = ("plan_id", "week", "realised_p5", "realised_p50", "realised_p95", "followed", "document")


class Plans:
    """One row per plan, and one score per plan and week that looked at it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(
        self,
        *,
        made: datetime | str,
        who: str,
        data_end: date | str,
        weeks: int,
        plan: Mapping[str, Any],
        predicted: Mapping[str, Any] | None,
        probability_better: float | None,
        options: Mapping[str, Any],
        name: str = "",
    ) -> int:
        """Note a plan and return its number. Numbers are never used twice.

        Parameters
        ----------
        made : datetime or str
            When it was decided, with its zone.
        who : str
            Who decided.
        data_end : date or str
            The last day of the data that it was made from.
        weeks : int
            Its length.
        plan : mapping
            Channel → what it spends per week now and as planned, in currency.
        predicted : mapping or None
            p5, p50 and p95 of the change in revenue per week, in currency.
        probability_better : float or None
            That it beats today's split.
        options : mapping
            What was asked for.
        name : str
            What people call it.
        """
        ended = day(data_end)
        row = (
            moment(made), text(who), ended, int(weeks), text(name), to_json(plan),
            *quantiles(predicted), number(probability_better), to_json(options),
        )  # fmt: skip
        with self._store.transaction():
            self._store.insert("plans", [row], _PLAN[1:])
            return int(self._store.rows("SELECT last_insert_rowid()")[0][0])

    def all(self) -> list[dict[str, Any]]:
        """Return every plan with its ``scores``, in the order in which they were noted."""
        return self._read("")

    def get(self, number: int) -> dict[str, Any] | None:
        """Return one plan with its ``scores``; None where there is none of that number."""
        found = self._read("WHERE id = ?", number)
        return found[0] if found else None

    def open(self) -> list[dict[str, Any]]:
        """Return the plans that no report has scored yet."""
        return self._read("WHERE id NOT IN (SELECT plan_id FROM scores)")

    def remove(self, number: int) -> None:
        """Forget a plan that was noted by mistake, with its scores.

        Raises
        ------
        UsageError
            Where there is no plan of that number.
        """
        with self._store.transaction():
            if self._store.run("DELETE FROM plans WHERE id = ?", (number,)).rowcount == 0:
                known = ", ".join(str(each["id"]) for each in self.all()) or "none"
                raise UsageError(f"there is no plan {number} in the history. There are: {known}.")

    def score(
        self,
        plan_id: int,
        week: str,
        *,
        realised: Mapping[str, Any] | None,
        followed: float | None,
        document: Mapping[str, Any],
    ) -> None:
        """Note how a plan turned out, as one week's report saw it.

        Parameters
        ----------
        plan_id : int
            A plan's number.
        week : str
            ISO week of the report. An earlier score of the same week is replaced.
        realised : mapping or None
            p5, p50 and p95 of the change in revenue per week against the
            counterfactual, in currency. None where the data cannot tell.
        followed : float or None
            Share of the planned move that was made.
        document : mapping
            How it was worked out.
        """
        monday_of(week)
        row = (plan_id, week, *quantiles(realised), number(followed), to_json(document))
        with self._store.transaction():
            self._store.run("DELETE FROM scores WHERE plan_id = ? AND week = ?", (plan_id, week))
            self._store.insert("scores", [row], _SCORE)

    def forget_scores(self, week: str) -> None:
        """Forget what one week's report said of all plans."""
        with self._store.transaction():
            self._store.run("DELETE FROM scores WHERE week = ?", (week,))

    def _read(self, where: str, *values: Any) -> list[dict[str, Any]]:
        scores: dict[int, list[dict[str, Any]]] = {}
        for row in self._store.rows(f"SELECT {', '.join(_SCORE)} FROM scores ORDER BY plan_id, week"):
            scores.setdefault(row[0], []).append(_score(row))
        plans = self._store.rows(f"SELECT {', '.join(_PLAN)} FROM plans {where} ORDER BY id", values)
        return [{**_plan(row), "scores": scores.get(row[0], [])} for row in plans]


def _plan(row: tuple[Any, ...]) -> dict[str, Any]:
    found = gathered(dict(zip(_PLAN, row, strict=True)), "predicted")
    return {
        **found,
        "data_end": as_day(found["data_end"]),
        "plan": from_json(found["plan"]),
        "options": from_json(found["options"]),
    }


def _score(row: tuple[Any, ...]) -> dict[str, Any]:
    found = gathered(dict(zip(_SCORE, row, strict=True)), "realised")
    return {**found, "document": from_json(found["document"])}
