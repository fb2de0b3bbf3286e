"""Files of journeys → journeys: touches through an engine, tables of paths as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from roas.attribution.options import JourneyOptions as JourneyOptions
from roas.attribution.results import Journeys
from roas.errors import InputError, UsageError
from roas.io.load import FileReport
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.recognise import journey_columns, recognise
from roas.io.sources import sources_of

if TYPE_CHECKING:
    from roas.io.mapped import Mapped
    from roas.io.raw import RawTable

Progress = Callable[[str], None]


def read_journeys(
    given: Any, options: JourneyOptions | None = None, progress: Progress | None = None
) -> tuple[Journeys, list[FileReport]]:
    """Read journeys.

    Parameters
    ----------
    given : path, DataFrame, or a sequence of them
        Files of touches, which belong together; or one table of paths.
    options : JourneyOptions, optional

    Returns
    -------
    Journeys, list of FileReport

    Raises
    ------
    InputError
        Every problem of a file in one message.
    UsageError
        A file that holds no journeys, or an option that does not fit.
    """
    options = options or JourneyOptions()
    say = progress or (lambda _: None)
    opened: list[tuple[RawTable, Mapped]] = []
    try:
        for source in sources_of(given):
            say(f"reading {source.name}")
            opened.extend((raw, _recognised(raw, options)) for raw in read_source(source, vocabulary()))
        if not opened:
            raise InputError("no table of journeys in what was given.")
        if opened[0][1].platform.format == "paths":
            return _paths(opened, options)
        return _touches(opened, options, say)
    finally:
        for raw, _ in opened:
            raw.close()


def _recognised(raw: RawTable, options: JourneyOptions) -> Mapped:
    if not len(raw.cells):
        raise InputError(
            f"{raw.name}: no rows of data below the header.\n  Export it again for a period with activity."
        )
    table = recognise(raw, options.columns, role="journeys")[0]
    if table.role != "journeys":
        raise UsageError(
            f"{raw.name} reads as {table.platform.format}, not as journeys.\n"
            "  Journeys have a user or journey id, a time and a channel; or path, conversions and nulls. "
            'Use --map user="Header" where a header is not known.'
        )
    return table


def _paths(opened: Sequence[tuple[RawTable, Mapped]], options: JourneyOptions) -> tuple[Journeys, list[FileReport]]:
    from roas.attribution.tables.path_table import read_path_table

    if len(opened) > 1:
        names = ", ".join(raw.name for raw, _ in opened[:4])
        raise UsageError(f"several tables, and the first is one of paths ({names}). Give one table of paths at a time.")
    raw, table = opened[0]
    for wanted, option in ((bool(options.weekly), "--weekly"), (options.by != "channel", f"--by {options.by}")):
        if wanted:
            raise UsageError(f"{option} needs touches with times; {raw.name} holds paths.")
    found = read_path_table(table, separator=options.separator, conversion=options.conversion, options=options.read)
    report = _report(raw, table)
    report.rows_read = table.rows_read
    return replace(found, half_life_days=options.half_life_days), [report]


def _report(raw: RawTable, table: Mapped) -> FileReport:
    report = FileReport(
        raw.name, raw.digest, table.platform.format, "journeys", encoding=raw.encoding,
        delimiter=raw.delimiter if raw.kind == "text" else None, header_line=raw.header_line, findings=raw.findings,
    )  # fmt: skip
    canonical = {header.strip(): name for name, header in table.headers.items()}
    report.columns = [(header, canonical.get(header.strip())) for header in raw.header]
    return report


def _touches(
    opened: Sequence[tuple[RawTable, Mapped]], options: JourneyOptions, say: Progress
) -> tuple[Journeys, list[FileReport]]:
    from roas.attribution.touches.query import touch_query
    from roas.attribution.touches.read import read_touches

    queries = []
    for raw, table in opened:
        if table.platform.format != "journeys":
            raise UsageError(f"{raw.name} is a table of paths; the files before it hold touches. Give one kind.")
        columns = journey_columns(raw, options.columns)
        queries.append(touch_query(raw, columns, options=options.read, conversion=options.conversion))
    found = read_touches(queries, options, say)
    reports = [_report(raw, table) for raw, table in opened]
    for report, query in zip(reports, queries, strict=True):
        report.rows_read, report.currency = query.rows, query.currency
        report.start, report.end = found.start, found.end
    for note in found.notes:
        reports[0].findings.note(note)
    return replace(
        found,
        notes=tuple(note for report in reports for note in report.findings.notes),
        rejected=tuple(each for report in reports for each in report.findings.rejected),
    ), reports
