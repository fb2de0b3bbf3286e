"""`roas report`: which weeks are due, one after the other, under a lock, each noted when its folder stands."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.account import PAUSED, Account, read_account
from roas.errors import UsageError
from roas.format import visible
from roas.history import open_history, report_lock
from roas.history.opening import FILE_NAME
from roas.language import ENGLISH, speaking
from roas.report.weekly.folder import MARK, week_written
from roas.weekly.build import build
from roas.weekly.week import Week, last_complete

if TYPE_CHECKING:
    from roas.history import History
    from roas.io.load import Progress
    from roas.weekly.record import WeeklyReport

#: Missed weeks that are caught up with unasked: two months of a server that stood still.
MOST_MISSED: Final = 8

#: Where reports stand unless said otherwise.
FOLDER: Final = "reports"


@dataclass(frozen=True)
class Reported:
    """What a run made.

    Attributes
    ----------
    reports : tuple of WeeklyReport
        Oldest first; the last one is the week that was asked for.
    folders : tuple of Path
        Theirs; empty after a dry run.
    history : Path
    notes : tuple of str
        On the run itself: weeks that were caught up with, or left out.
    """

    reports: tuple[WeeklyReport, ...]
    folders: tuple[Path, ...]
    history: Path
    notes: tuple[str, ...]

    @property
    def report(self) -> WeeklyReport:
        """The week that was asked for."""
        return self.reports[-1]

    def to_dict(self) -> dict[str, Any]:
        """Return ``report.json`` of the week that was asked for."""
        return self.report.to_dict()


def weekly_report(
    spend: Any,
    revenue: Any = None,
    *,
    week: str | None = None,
    since: str | None = None,
    language: str = ENGLISH,
    folder: str | Path = FOLDER,
    dry_run: bool = False,
    wait: float = 0.0,
    max_change: str = "30%",
    journeys: Any = None,
    experiments: Any = None,
    margin: float | None = None,
    tags: str | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Reported:
    """Make the weekly report: what changed since the last one, and why.

    Parameters
    ----------
    spend, revenue, journeys, experiments, margin, tags, **options
        As for `roas.analyze`.
    week : str, optional
        ISO week such as ``2026-W46``; the last complete one in the files by
        default, after those that were missed since the last report.
    since : str, optional
        Make the weeks from this one on that have no report yet.
    language : str
        BCP 47 tag: ``en``, ``nl``, ``vi``.
    folder : path
        Where the reports and their history stand.
    dry_run : bool
        Make everything, keep nothing.
    wait : float
        Seconds to wait for another run in the same folder.
    max_change : str
        How far the plan may move a channel.

    Returns
    -------
    Reported

    Raises
    ------
    InputError
        A file that cannot be used, or a history that is not ours.
    UsageError
        An option that cannot be honoured; a week that the files do not hold.
    OutputError
        A folder that cannot be written, or that another run has.
    """
    tell = progress or (lambda _: None)
    asked = None if week is None else Week.parse(week)
    first = None if since is None else Week.parse(since, "--since")
    with speaking(language):
        account = read_account(
            spend,
            revenue,
            journeys=journeys,
            experiments=experiments,
            margin=margin,
            tags=tags,
            options=options,
            progress=progress,
        ).in_iso_weeks()
        target = _target(account, asked)
        if first is not None and first > target:
            raise UsageError(f"--since {first} lies after the week to report, {target}.")
        said = _said(margin=margin, tags=tags, options=options)
        with _place(Path(folder), dry_run=dry_run, wait=wait) as place, open_history(place) as history:
            due, caught = _due(
                history, account, target, since=first, made=_made(Path(folder), language), alone=week is not None
            )
            notes = (*_held_back(account), *caught)
            reports, folders = [], []
            for each in due:
                made = build(account, each, history, max_change=max_change, progress=progress)
                reports.append(made.report)
                tell(f"{each}: writing the report")
                with nullcontext() if dry_run else week_written(made.report, place) as written:
                    with history.week(str(each)) as transaction:
                        made.note(transaction, options=said)
                    if written is not None:
                        folders.append(written)
            return Reported(tuple(reports), tuple(folders), history.path, notes)


def _target(account: Account, week: Week | None) -> Week:
    """Return the week to report, or say why it cannot be."""
    last = last_complete(account.last_day)
    if week is None:
        week = last
    if week.sunday < account.first_day or last.sunday < account.first_day:
        raise UsageError(
            f"there is no complete week to report: the files hold {account.first_day.isoformat()} to "
            f"{account.last_day.isoformat()}, and a week is Monday to Sunday.\n  Export at least one whole week."
        )
    if week > last:
        why = "".join(f"\n  {each}" for each in _held_back(account))
        raise UsageError(
            f"--week {week} ends on {week.sunday.isoformat()}, but the files are complete up to "
            f"{account.last_day.isoformat()} only.{why}\n  Export again when the week is over, or report {last}."
        )
    return week


def _held_back(account: Account) -> tuple[str, ...]:
    """Name the channels, or the shop, whose files end a week or more before the others."""
    if last_complete(account.last_day) == last_complete(account.newest_day):
        return ()
    short = {
        name: last for name, last in account.reaches.items() if last_complete(last) < last_complete(account.newest_day)
    }
    return tuple(
        f"{'The revenue' if name == 'revenue' else visible(name)} ends on {last.isoformat()}, other files reach to "
        f"{account.newest_day.isoformat()}: export it again. A channel without rows for {PAUSED} days counts as paused."
        for name, last in sorted(short.items())
    )


def _made(folder: Path, language: str) -> Container[Week]:
    """Return the weeks whose report stands in the folder, in a language."""
    return {
        Week.parse(each.parent.name[:8])
        for each in folder.glob(f"????-W??{'' if language == ENGLISH else f'-{language}'}/{MARK}")
    }


def _due(
    history: History, account: Account, target: Week, *, since: Week | None, made: Container[Week], alone: bool
) -> tuple[list[Week], tuple[str, ...]]:
    """Return the weeks to make, oldest first: those missed since the last report, then the one asked for."""
    known = {Week.parse(each) for each in history.runs.weeks()}
    first = max(Week.of(account.first_day).next, since) if since else None
    if first is None:
        before = [each for each in known if each < target]
        if alone or not before or target in known:
            return [target], ()
        first = max(before).next
    missed = [each for each in first.to(target) if (each not in known or each not in made) and each != target]
    if since is None and len(missed) > MOST_MISSED:
        left = len(missed) - MOST_MISSED
        note = f"{left} missed weeks before {missed[left]} were left out; --since {missed[0]} makes them too."
        return [*missed[left:], target], (note,)
    notes = (f"Caught up with {missed[0]} to {missed[-1]}.",) if missed else ()
    return [*missed, target], notes


def _said(*, margin: float | None, tags: str | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that differ from what they are by default, as the history keeps them."""
    given = {"margin": margin, "tags": None if tags is None else Path(tags).name, **options}
    return {name: str(value) for name, value in given.items() if value not in (None, (), [], "auto")}


@contextmanager
def _place(folder: Path, *, dry_run: bool, wait: float) -> Iterator[Path]:
    """Give the folder to work in, locked; for a dry run a copy of its history that is thrown away."""
    if not dry_run:
        with report_lock(folder, wait=wait):
            yield folder
        return
    if (folder / FILE_NAME).exists():
        open_history(folder, read_only=True).close()  # a damaged one is said, and not mended in a copy
    with tempfile.TemporaryDirectory() as scratch:
        for suffix in ("", "-wal"):
            file = folder / f"{FILE_NAME}{suffix}"
            if file.exists():
                shutil.copy2(file, Path(scratch) / file.name)
        yield Path(scratch)
