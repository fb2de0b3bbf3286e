"""An account as it was read: every table, before anything is estimated; and as it stood on an earlier day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from roas.analysis import credited
from roas.analysis.options import Options
from roas.errors import InputError, UsageError
from roas.io.load import FileReport, Loaded, LoadOptions, Progress, merge_files, read_files
from roas.language import mark, say
from roas.tables import Tables
from roas.tags import Tags, read_tags, suggest_tags

if TYPE_CHECKING:
    import pandas as pd

    from roas.attribution.results import Journeys

#: A week of an export belongs to the ISO week in which its middle lies: it may begin on a Sunday.
_MIDDLE: Final = 3

#: Days after which a channel without rows counts as paused; before, its export may only be late. Two Mondays.
PAUSED: Final = 14

_WEEKDAYS: Final = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"),
    mark("Sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """What a person's files say, read and merged.

    Attributes
    ----------
    tables : Tables
    inputs : tuple of FileReport
        Every file, with what was read, left out and doubted.
    tags : Tags
    margin : float or None
    tests : DataFrame or None
        Lift tests.
    journeys : Journeys or None
        With `traced`, the reports of their files.
    exported : date or None
        Last day of the files, where the tables were cut at an earlier one.
    """

    tables: Tables
    inputs: tuple[FileReport, ...]
    tags: Tags
    margin: float | None = None
    tests: pd.DataFrame | None = None
    journeys: Journeys | None = None
    traced: tuple[FileReport, ...] = ()
    exported: dt.date | None = None

    @property
    def newest_day(self) -> dt.date:
        """The last day of any spend."""
        return self._end(self.tables.spend["date"].max())

    @property
    def first_day(self) -> dt.date:
        """The first day of spend."""
        first: dt.date = self.tables.spend["date"].min().date()
        return first

    @cached_property
    def reaches(self) -> dict[str, dt.date]:
        """Name up to which day each channel is known, and the shop (under ``revenue``).

        A channel is known as far as the files that hold it, so a pause inside
        a file that goes on is a pause. One whose files end more than `PAUSED`
        days before the others counts as paused too.
        """
        files: dict[str, dt.date] = {}
        for report in self.inputs:
            for channel, _ in report.channels if report.role == "spend" else ():
                if report.end is not None:
                    name = channel.casefold()
                    files[name] = max(files.get(name, report.end), report.end)
        found: dict[str, dt.date] = {}
        ends = self.tables.spend.groupby("channel")["date"].max()
        for channel, last in zip(map(str, ends.index), ends, strict=True):
            known = max(files.get(channel.casefold(), last.date()), last.date())
            found[channel] = self._end(known)
        found = {name: last for name, last in found.items() if (self.newest_day - last).days <= PAUSED}
        till = self.tables.revenue
        if till is not None and till["revenue"].notna().any():
            found["revenue"] = self._end(till.dropna(subset=["revenue"])["date"].max())
        return found

    @property
    def last_day(self) -> dt.date:
        """The last day that every channel that still runs, and the shop, are known for."""
        return min(self.reaches.values())

    def _end(self, label: Any) -> dt.date:
        """Return the last day of the period with a label."""
        first: dt.date = label.date() if hasattr(label, "date") else label
        return first + dt.timedelta(6 if self.tables.grain == "week" else 0)

    def in_iso_weeks(self) -> Account:
        """Return the same account with weeks that begin on Monday: each the ISO week that holds its middle.

        Days stay as they are.
        """
        import pandas as pd

        tables, begins = self.tables, self.tables.spend["date"].min().weekday()
        if tables.grain != "week" or begins == 0:
            return self

        def moved(frame: pd.DataFrame | None) -> pd.DataFrame | None:
            if frame is None:
                return None
            middle = frame["date"] + pd.Timedelta(days=_MIDDLE)
            return frame.assign(
                date=(middle - pd.to_timedelta(middle.dt.day_of_week, unit="D")).astype(frame["date"].dtype)
            )

        spend = moved(tables.spend)
        assert spend is not None
        note = say(
            "Weeks of the files begin on {weekday}; each is shown as the ISO week, Monday to Sunday, that holds most of it.",
            weekday=say(_WEEKDAYS[begins]),
        )
        whole = replace(
            tables,
            spend=spend,
            revenue=moved(tables.revenue),
            regions=moved(tables.regions),
            notes=(*tables.notes, note),
        )
        return replace(self, tables=whole)

    def until(self, last: dt.date) -> Account:
        """Return the account as it would have been read on an earlier day, with what is known today of its days.

        Raises
        ------
        UsageError
            Where nothing was spent up to then.
        """
        import pandas as pd

        end = pd.Timestamp(last) - pd.Timedelta(days=6 if self.tables.grain == "week" else 0)

        def cut(frame: pd.DataFrame | None, column: str = "date", until: pd.Timestamp = end) -> pd.DataFrame | None:
            return None if frame is None else frame[frame[column] <= until].reset_index(drop=True)

        tables = self.tables
        spend = cut(tables.spend)
        if spend is None or not len(spend):
            raise UsageError(f"there is no spend up to {last.isoformat()}: the files begin on {self.first_day}.")
        kept = replace(
            tables,
            spend=spend,
            revenue=cut(tables.revenue),
            regions=cut(tables.regions),
            snapshots=tables.snapshots,
        )
        tests = None if self.tests is None else cut(self.tests, "end", pd.Timestamp(last))
        return replace(
            self,
            tables=kept,
            tests=tests if tests is not None and len(tests) else None,
            exported=self.exported or self.newest_day,
        )


def read_account(
    spend: Any,
    revenue: Any = None,
    *,
    journeys: Any = None,
    experiments: Any = None,
    margin: float | None = None,
    tags: str | None = None,
    options: Mapping[str, Any],
    progress: Progress | None = None,
) -> Account:
    """Read and merge files, as `roas.analyze` names them.

    Raises
    ------
    InputError
        A file that cannot be used: where, what, and the next step.
    UsageError
        An option that cannot be honoured.
    """
    import pandas as pd

    if margin is not None and not 0 < margin <= 1:
        raise UsageError(
            f"--margin {margin} is no contribution margin: give a share above 0 and up to 1, for example 0.6."
        )
    try:
        chosen = Options(**options).load_options()
    except TypeError as error:
        raise UsageError(str(error).replace("Options.__init__()", "analyze()")) from None
    labels = read_tags(tags) if tags else suggest_tags()
    loaded = read_files(spend, revenue, options=_of_spend(chosen, journeys), progress=progress)
    tables = merge_files(loaded, chosen)
    touched, traced = (None, []) if journeys is None else credited.read(journeys, chosen, progress)
    beside = _experiments(experiments, chosen)
    return Account(
        tables=tables,
        inputs=_in_order(loaded, [*traced, *beside.reports]),
        tags=labels,
        margin=margin,
        tests=pd.concat(beside.experiments, ignore_index=True) if beside.experiments else None,
        journeys=touched,
        traced=tuple(traced),
    )


def _in_order(loaded: Loaded, beside: list[FileReport]) -> tuple[FileReport, ...]:
    return tuple(r for r in [*loaded.reports, *beside] if not r.passed_over)


def _of_spend(options: LoadOptions, journeys: Any) -> LoadOptions:
    """Leave out what ``--map`` says of columns that journeys alone have: no other file need have them."""
    if journeys is None:
        return options
    from roas.io.platforms.generic import DAILY_REVENUE, JOURNEYS, LONG, ORDER_ROWS, PATHS

    others = {name for layout in (LONG, DAILY_REVENUE, ORDER_ROWS) for name in layout.columns}
    theirs = {name for layout in (JOURNEYS, PATHS) for name in layout.columns} - others
    kept = {name: heads for name, heads in options.columns.mapping.items() if name not in theirs}
    return replace(options, columns=replace(options.columns, mapping=kept))


def _experiments(given: Any, options: LoadOptions) -> Loaded:
    """Read lift tests."""
    found = Loaded()
    if given is None:
        return found
    read = read_files(given, options=options)
    for report in read.reports:
        if report.findings.errors and report.format in (None, "experiments"):
            raise InputError(report.findings.errors[0].sentence(report.file))
        if report.role != "experiments":
            raise UsageError(
                f"{report.file}: --experiments expects lift tests (channel, start, end, incremental_revenue, "
                f"standard_error); this reads as {report.format}."
            )
        if report.findings.errors:
            raise InputError(report.findings.errors[0].sentence(report.file))
    found.reports += read.reports
    found.experiments += read.experiments
    return found
