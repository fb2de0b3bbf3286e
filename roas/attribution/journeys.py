"""Files of journeys → journeys: touches through an engine, tables of paths as they are."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from roas.attribution.fewer import fewer_names, said_of
from roas.attribution.options import JourneyOptions as JourneyOptions
from roas.attribution.results import Journeys
from roas.errors import InputError, UsageError
from roas.io.headers import fold, quoted
from roas.io.load import FileReport
from roas.io.platforms import vocabulary
from roas.io.platforms.generic import JOURNEYS, PATHS
from roas.io.readers import read_source
from roas.io.recognise import Overrides, journey_columns, recognise
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
    raws: list[RawTable] = []
    try:
        for source in sources_of(given):
            say(f"reading {source.name}")
            raws.extend(read_source(source, vocabulary()))
        if not raws:
            raise InputError("no table of journeys in what was given.")
        if "--map" in options.given:
            _refuse_unknown_columns(raws, options.columns)
        opened = [(raw, _recognised(raw, options)) for raw in raws]
        if opened[0][1].platform.format == "paths":
            return _paths(opened, options)
        return _touches(opened, options, say)
    finally:
        for raw in raws:
            raw.close()


def _refuse_unknown_columns(raws: Sequence[RawTable], columns: Overrides) -> None:
    """Refuse ``--map`` for a column that journeys do not have, and for a header that no file has."""
    ours = {*JOURNEYS.columns, *PATHS.columns, "order_id"}
    known = {fold(head): head.strip() for raw in raws for head in raw.header if head.strip()}
    for canonical, heads in columns.mapping.items():
        if canonical not in ours:
            raise UsageError(f"--map {canonical}: journeys have no such column. They have {', '.join(sorted(ours))}.")
        for head in (h for h in heads if fold(h) not in known):
            near = difflib.get_close_matches(fold(head), known, n=1, cutoff=0.7)
            hint = f'Did you mean "{known[near[0]]}"?' if near else f"Found: {quoted(list(known.values()))}."
            raise UsageError(f'--map {canonical}="{head}": no file has a column "{head}". {hint}')


def _refuse_options(given: frozenset[str], cannot: Sequence[str], why: str) -> None:
    """Refuse options that were given and cannot apply."""
    for option in (each for each in cannot if each in given):
        raise UsageError(f"{option} {why}")


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
    _refuse_options(
        options.given, ("--lookback", "--half-life", "--date-format"),
        f"needs touches with times; {raw.name} holds paths, which carry none.",
    )  # fmt: skip
    found = read_path_table(table, separator=options.separator, conversion=options.conversion, options=options.read)
    paths = fewer_names(found.paths)
    if paths.bucket is not None:
        raw.findings.note(said_of(paths.bucket))
    found = replace(found, paths=paths, notes=tuple(raw.findings.notes))
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
    from roas.attribution.tables.path_texts import spellings
    from roas.attribution.touches.query import touch_query
    from roas.attribution.touches.read import read_touches

    if options.separator is not None:
        raise UsageError(
            f"--separator splits the paths of a table of paths; {opened[0][0].name} holds touches, one a row."
        )
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
    for note in (*found.notes, *filter(None, [spellings(found.paths.channels)])):
        reports[0].findings.note(note)
    return replace(
        found,
        notes=tuple(note for report in reports for note in report.findings.notes),
        rejected=tuple(each for report in reports for each in report.findings.rejected),
    ), reports


def refuse_nothing_sold(found: Journeys, reports: Sequence[FileReport]) -> None:
    """Refuse journeys of which none converted, in any file.

    Raises
    ------
    InputError
    """
    if found.paths.conversions.sum() or found.unattributed_conversions:
        return
    names = ", ".join(report.file for report in reports[:3]) + (" …" if len(reports) > 3 else "")
    lost = next((problem.says for report in reports for problem in report.findings.problems
                 if "conversion" in problem.says and "left out" in problem.says), None)  # fmt: skip
    raise InputError(
        f"{names}: no journey converted: there is no credit to share.\n"
        "  Export the conversions too, or say what is one: --conversion WORD for an event, "
        '--map conversion="Header" for a column.' + (f"\n\n  Also: {lost}" if lost else "")
    )
