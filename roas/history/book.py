"""The history as one object, and one week of it as one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from roas.history.plans import Plans
from roas.history.runs import Inputs, Runs
from roas.history.schema import version_of
from roas.history.snapshots import Snapshots
from roas.history.store import Store
from roas.history.verdicts import Alerts, Verdicts
from roas.history.weeks import monday_of

if TYPE_CHECKING:
    import pandas as pd


class History:
    """What earlier weeks said. Opened by `roas.history.open_history`.

    Attributes
    ----------
    runs, inputs, snapshots, verdicts, alerts, plans
        The parts. Each has ``note`` to write and others to read; each write
        is whole or did not happen.
    notes : tuple of str
        What a person should know of the opening: a damaged file set aside,
        a disk without a write-ahead log. In the language in force then.
    path : Path
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, notes: Iterable[str] = ()) -> None:
        self.path: Final = path
        self.notes: Final = tuple(notes)
        self.store: Final = Store(path, connection)
        self.runs: Final = Runs(self.store)
        self.inputs: Final = Inputs(self.store)
        self.snapshots: Final = Snapshots(self.store)
        self.verdicts: Final = Verdicts(self.store)
        self.alerts: Final = Alerts(self.store)
        self.plans: Final = Plans(self.store)

    @contextmanager
    def week(self, week: str) -> Iterator[Week]:
        """Replace everything that is known of a week, or nothing.

        Everything of the week is forgotten at first: its run, inputs,
        snapshot, verdicts, alerts and scores of plans. What the block notes
        takes its place when the block ends well. Whatever goes wrong inside,
        a kill and a full disk included, leaves the history as it was.

        Raises
        ------
        ValueError
            Where the text is not a week, or the block noted no run.
        """
        monday_of(week)
        with self.store.transaction():
            self.store.run("DELETE FROM runs WHERE week = ?", (week,))  # inputs, verdicts and alerts go with it
            self.plans.forget_scores(week)
            self.snapshots.forget(week)
            yield Week(self, week)
            if self.runs.get(week) is None:
                raise ValueError(f"nothing was noted of the run of {week}")

    @contextmanager
    def consistent(self) -> Iterator[None]:
        """Read everything inside the block from one moment, whatever others write meanwhile."""
        if self.store.inside():
            yield
            return
        self.store.run("BEGIN")
        try:
            yield
        finally:
            if self.store.inside():
                self.store.run("ROLLBACK")

    @property
    def version(self) -> int:
        """The version of the file's schema."""
        return version_of(self.store.connection)

    def close(self) -> None:
        """Close the file; its write-ahead log is merged into it."""
        self.store.connection.close()

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Week:
    """One week inside its transaction: the parts of the history with the week filled in."""

    def __init__(self, history: History, week: str) -> None:
        self._history = history
        self.week: Final = week

    def run(
        self,
        *,
        made: datetime | str,
        version: str,
        language: str,
        options: Mapping[str, Any],
        document: Mapping[str, Any],
        backfilled: bool = False,
    ) -> None:
        """Note the run, before anything else of the week. See `Runs.note`."""
        self._history.runs.note(
            self.week,
            made=made,
            version=version,
            language=language,
            options=options,
            document=document,
            backfilled=backfilled,
        )

    def inputs(self, files: Iterable[Mapping[str, Any]]) -> None:
        """Note the files. See `Inputs.note`."""
        self._history.inputs.note(self.week, files)

    def snapshot(self, frame: pd.DataFrame, shop: pd.DataFrame | None = None) -> None:
        """Note what the exports say. See `Snapshots.note`."""
        self._history.snapshots.note(self.week, frame, shop)

    def verdicts(self, verdicts: Iterable[Mapping[str, Any]]) -> None:
        """Note what the diagnosis said. See `Verdicts.note`."""
        self._history.verdicts.note(self.week, verdicts)

    def alerts(self, alerts: Iterable[Mapping[str, Any]]) -> None:
        """Note which alerts were given. See `Alerts.note`."""
        self._history.alerts.note(self.week, alerts)

    def score(
        self, plan_id: int, *, realised: Mapping[str, Any] | None, followed: float | None, document: Mapping[str, Any]
    ) -> None:
        """Note how a plan turned out. See `Plans.score`."""
        self._history.plans.score(plan_id, self.week, realised=realised, followed=followed, document=document)
