"""Files of journeys → journeys: touches through an engine, tables of paths as they are."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from roas.attribution.collect import Choices, Counted, collect
from roas.attribution.results import Journeys
from roas.errors import InputError, UsageError
from roas.io.load import FileReport
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.reading import ReadOptions
from roas.io.recognise import Overrides, journey_columns, recognise
from roas.io.sources import sources_of

if TYPE_CHECKING:
    from roas.attribution.touchpoints import TouchQuery
    from roas.io.engine import Engine
    from roas.io.mapped import Mapped
    from roas.io.raw import RawTable

Progress = Callable[[str], None]


@dataclass(frozen=True)
class JourneyOptions:
    """How journeys are read.

    Attributes
    ----------
    lookback_days : int
        Days before a journey's end in which touches count.
    half_life_days : float
        Of the time decay.
    by : {"channel", "campaign"}
        What gets credit.
    weekly : bool
        Keep weeks apart.
    conversion : sequence of str
        Words that mean a conversion.
    separator : str or None
        What stands between the touches of a path.
    engine : {"duckdb", "spark"}
    spark_master : str or None
        Address of a Spark cluster; None starts Spark here.
    read : ReadOptions
    columns : Overrides
    """

    lookback_days: int = 90
    half_life_days: float = 7.0
    by: Literal["channel", "campaign"] = "channel"
    weekly: bool = False
    conversion: Sequence[str] = ()
    separator: str | None = None
    engine: str = "duckdb"
    spark_master: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    columns: Overrides = field(default_factory=Overrides)


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
    tell = progress or (lambda _: None)
    opened: list[tuple[RawTable, Mapped]] = []
    try:
        for source in sources_of(given):
            tell(f"reading {source.name}")
            opened.extend((raw, _recognised(raw, options)) for raw in read_source(source, vocabulary()))
        if not opened:
            raise InputError("no table of journeys in what was given.")
        if opened[0][1].platform.format == "paths":
            return _paths(opened, options)
        return _touches(opened, options, tell)
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
    from roas.attribution.path_tables import read_path_table

    if len(opened) > 1:
        names = ", ".join(raw.name for raw, _ in opened[:4])
        raise UsageError(f"several tables, and the first is one of paths ({names}). Give one table of paths at a time.")
    raw, table = opened[0]
    for wanted, option in ((options.weekly, "--weekly"), (options.by != "channel", f"--by {options.by}")):
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
    opened: Sequence[tuple[RawTable, Mapped]], options: JourneyOptions, tell: Progress
) -> tuple[Journeys, list[FileReport]]:
    from roas.attribution.touchpoints import touch_query

    queries = []
    for raw, table in opened:
        if table.platform.format != "journeys":
            raise UsageError(f"{raw.name} is a table of paths; the files before it hold touches. Give one kind.")
        columns = journey_columns(raw, options.columns)
        queries.append(touch_query(raw, columns, options=options.read, conversion=options.conversion))
    for query in queries:
        query.refuse()
    if options.by == "campaign" and not any(query.campaign for query in queries):
        raise UsageError(
            f'--by campaign needs a campaign column; {opened[0][0].name} has none. Use --map campaign="Header".'
        )
    engine = _engine(options)
    try:
        tell("sorting touches into journeys")
        salt = secrets.randbits(62)
        rows = " UNION ALL ".join(
            _rows(engine, query, place, by=options.by, salt=salt, text=len(queries) > 1)
            for place, query in enumerate(queries)
        )
        choices = Choices(options.lookback_days, options.half_life_days, options.weekly)
        try:
            journeys, counted = collect(engine, rows, queries[0].reasons, choices)
        except InputError as error:
            raise InputError(f"{opened[0][0].name}: {error}") from None
    finally:
        engine.close()
    return _told(journeys, counted, opened, queries)


def _engine(options: JourneyOptions) -> Engine:
    if options.engine == "spark":
        from roas.io.spark import Spark

        return Spark(options.spark_master)
    from roas.io.engine import DuckDb

    return DuckDb()


def _rows(engine: Engine, query: TouchQuery, place: int, *, by: str, salt: int, text: bool) -> str:
    """Write what each row of a file is; of the id its salted hash alone, which several files take of its text."""
    whole = "CASE WHEN campaign IS NULL THEN channel ELSE concat(channel, ' / ', campaign) END"
    relation = engine.open(f"roas_source_{place}", query.source)
    selected = replace(query, source=replace(query.source, relation=relation)).select()
    person = "CAST(person AS VARCHAR)" if text else "person"
    rows = (
        f"SELECT salted({person}, {salt}) AS person, time_us AS moment, {whole if by == 'campaign' else 'channel'} AS unit, "
        f"converted AS sold, value AS worth, rejected FROM ({selected}) AS touches_{place}"
    )
    # Text is dear to read, and is read three times: once is enough.
    return f"SELECT * FROM {engine.keep(f'roas_touches_{place}', rows)}" if query.source.format == "csv" else rows


def _told(
    journeys: Journeys, counted: Counted, opened: Sequence[tuple[RawTable, Mapped]], queries: Sequence[TouchQuery]
) -> tuple[Journeys, list[FileReport]]:
    """Put what was found on the way into the reports of the files."""
    reports = [_report(raw, table) for raw, table in opened]
    for report, query in zip(reports, queries, strict=True):
        report.rows_read, report.currency, report.grain = query.rows, query.currency, None
        report.start, report.end = journeys.start, journeys.end
    reports[0].findings.rejected.extend(counted.rejected)
    currencies = sorted({query.currency for query in queries if query.currency})
    if len(currencies) > 1:
        raise InputError(f"journeys in several currencies ({', '.join(currencies)}). Convert their values first.")
    read = tuple(note for report in reports for note in report.findings.notes)
    for note in journeys.notes:
        reports[0].findings.note(note)
    currency = currencies[0] if currencies else None
    return replace(journeys, notes=(*read, *journeys.notes), currency=currency), reports
