"""Files of touches, which belong together → journeys, through an engine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from roas.attribution.touches.collect import BETWEEN, Choices, Count, collect, count_rows
from roas.attribution.touches.tally import tell
from roas.errors import InputError, UsageError

if TYPE_CHECKING:
    from roas.attribution.options import JourneyOptions
    from roas.attribution.results import Journeys
    from roas.attribution.touches.rows import TouchQuery
    from roas.io.engine import Engine

#: What gets credit by campaign: a touch without one is its channel's.
_CAMPAIGN: Final = f"CASE WHEN campaign IS NULL THEN channel ELSE concat(channel, '{BETWEEN}', campaign) END"


def read_touches(queries: Sequence[TouchQuery], options: JourneyOptions, say: Callable[[str], None]) -> Journeys:
    """Make journeys of the touches of all files together.

    What was left out is put into the findings of each query.

    Raises
    ------
    InputError
        Every problem of a file in one message.
    UsageError
        An option that the files do not allow.
    """
    _check(queries, options)
    engine = _engine(options)
    try:
        salt = secrets.randbits(62)
        rows = " UNION ALL ".join(
            _rows(engine, query, place, by=options.by, salt=salt, text=len(queries) > 1)
            for place, query in enumerate(queries)
        )
        say("counting touches")
        counts = count_rows(engine, rows)
        for place, query in enumerate(queries):
            tell(query, _tally(place, query, counts))
            query.refuse()
        say("sorting touches into journeys")
        choices = Choices(
            options.lookback_days,
            options.half_life_days,
            weekly=options.weekly is not False,
            marked=any(query.event is not None for query in queries),
            copies=not all(query.fine for query in queries),
        )
        found = collect(engine, rows, counts, choices)
    finally:
        engine.close()
    currency = next((query.currency for query in queries if query.currency), None)
    return replace(found, currency=currency)


def _check(queries: Sequence[TouchQuery], options: JourneyOptions) -> None:
    for query in queries:
        query.refuse()
    if options.by == "campaign" and not any(query.campaign for query in queries):
        raise UsageError(
            f"--by campaign needs a campaign column, and {queries[0].name} has none.\n"
            '  Use --map campaign="Header" for the column that names campaigns.'
        )
    currencies = sorted({query.currency for query in queries if query.currency})
    if len(currencies) > 1:
        raise InputError(f"journeys in several currencies ({', '.join(currencies)}). Convert their values first.")


def _engine(options: JourneyOptions) -> Engine:
    if options.engine == "spark":
        from roas.io.spark import Spark

        return Spark(options.spark_master)
    from roas.io.engine import DuckDb

    return DuckDb()


def _rows(engine: Engine, query: TouchQuery, place: int, *, by: str, salt: int, text: bool) -> str:
    """Write what each row of a file is; of the id its salted hash alone, which several files take of its text."""
    relation = engine.open(f"roas_source_{place}", query.source)
    selected = replace(query, source=replace(query.source, relation=relation)).select()
    mark = f"COALESCE(salted(event, {salt}), 0)" if query.event is not None else "CAST(0 AS BIGINT)"
    person = "CAST(person AS VARCHAR)" if text else "person"
    rows = (
        f"SELECT {place} AS file, salted({person}, {salt}) AS person, {mark} AS mark, time_us AS moment, "
        f"{_CAMPAIGN if by == 'campaign' else 'channel'} AS unit, converted AS sold, value AS worth, amount, line, rejected "
        f"FROM ({selected}) AS touches_{place}"
    )
    # Text is dear to read, and is read three times: once is enough.
    return f"SELECT * FROM {engine.keep(f'roas_touches_{place}', rows)}" if query.source.format == "csv" else rows


def _tally(
    place: int, query: TouchQuery, counts: Sequence[Count]
) -> list[tuple[int, int, int, float, int, int, int | None]]:
    """Add the counts of one file up over its names: a row per reason, as `tell` reads them."""
    found = []
    for why in range(len(query.reasons) + 1):
        own = [each for each in counts if (each.file, each.rejected) == (place, why)]
        if own:
            lines = [each.line for each in own if each.line is not None]
            found.append((
                why, sum(each.rows for each in own), sum(each.conversions for each in own), sum(each.value for each in own),
                sum(each.unvalued for each in own), sum(each.idle for each in own), min(lines, default=None),
            ))  # fmt: skip
    return found
