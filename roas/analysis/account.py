"""An account as it was read: every table, before anything is estimated; and as it stood on an earlier day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from roas.analysis import credited
from roas.analysis.options import Options
from roas.errors import InputError, UsageError
from roas.io.load import FileReport, Loaded, LoadOptions, Progress, merge_files, read_files
from roas.tables import Tables
from roas.tags import Tags, read_tags, suggest_tags

if TYPE_CHECKING:
    import pandas as pd

    from roas.attribution.results import Journeys

#: A period that is a week belongs to the ISO week in which its middle lies: weeks of an export may begin on Sunday.
_MIDDLE: Final = {"day": 0, "week": 3}


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
    """

    tables: Tables
    inputs: tuple[FileReport, ...]
    tags: Tags
    margin: float | None = None
    tests: pd.DataFrame | None = None
    journeys: Journeys | None = None
    traced: tuple[FileReport, ...] = ()

    @property
    def last_day(self) -> dt.date:
        """The last day that spend and the shop's revenue both reach; for weeks, the middle of the last one."""
        ends = [self.tables.spend["date"].max()]
        if self.tables.revenue is not None and self.tables.revenue["revenue"].notna().any():
            ends.append(self.tables.revenue.dropna(subset=["revenue"])["date"].max())
        last: dt.date = min(ends).date()
        return last + dt.timedelta(_MIDDLE[self.tables.grain])

    @property
    def first_day(self) -> dt.date:
        """The first day of spend."""
        first: dt.date = self.tables.spend["date"].min().date()
        return first

    def until(self, last: dt.date) -> Account:
        """Return the account as it would have been read on an earlier day, with what is known today of its days.

        Raises
        ------
        UsageError
            Where nothing was spent up to then.
        """
        import pandas as pd

        end = pd.Timestamp(last) - pd.Timedelta(days=_MIDDLE[self.tables.grain])

        def cut(frame: pd.DataFrame | None, column: str = "date") -> pd.DataFrame | None:
            return None if frame is None else frame[frame[column] <= end].reset_index(drop=True)

        tables = self.tables
        spend = cut(tables.spend)
        if spend is None or not len(spend):
            raise UsageError(f"there is no spend up to {last.isoformat()}: the files begin on {self.first_day}.")
        kept = replace(
            tables,
            spend=spend,
            revenue=cut(tables.revenue),
            regions=cut(tables.regions),
            snapshots=cut(tables.snapshots, "as_of"),
        )
        tests = None if self.tests is None else cut(self.tests, "end")
        return replace(self, tables=kept, tests=tests if tests is not None and len(tests) else None)


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
