"""Read small tables of touches the way `roas attribute` does, and run the expressions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roas.attribution.touches.query import touch_query
from roas.attribution.touches.rows import TouchQuery
from roas.attribution.touches.tally import tally_sql, tell
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.reading import ReadOptions
from roas.io.recognise import Overrides, journey_columns, parse_map
from roas.io.scan import scan_text
from roas.io.sources import sources_of

TODAY = dt.date(2026, 1, 1)


def query_of(
    given: Any, *, maps: Sequence[str] = (), conversion: Sequence[str] = (), big: bool = False, **options: Any
) -> TouchQuery:
    """Read a path or frame; `big` leaves text to the engine however small it is."""
    source = sources_of(given)[0]
    overrides = Overrides(mapping=parse_map(maps))
    raw = scan_text(source, vocabulary()) if big else next(iter(read_source(source, vocabulary())))
    columns = journey_columns(raw, overrides)
    return touch_query(raw, columns, options=ReadOptions(today=TODAY, **options), conversion=conversion)


def rows_of(query: TouchQuery, columns: str = "*", *, kept: bool = True) -> list[tuple[Any, ...]]:
    """Return rows in order of person and time."""
    query.refuse()
    where = "WHERE rejected = 0" if kept else ""
    with query.source.connect() as connection:
        return connection.execute(
            f"SELECT {columns} FROM ({query.select()}) {where} ORDER BY person, time_us, channel"
        ).fetchall()


def times_of(query: TouchQuery) -> list[str | None]:
    """Return the times in ISO, in the order of the persons."""
    zero = dt.datetime(1970, 1, 1)
    return [
        None if us is None else (zero + dt.timedelta(microseconds=us)).isoformat()
        for (us,) in rows_of(query, "time_us", kept=False)
    ]


def told(query: TouchQuery) -> list[str]:
    """Count what is left out, and return every sentence about the table."""
    query.refuse()
    with query.source.connect() as connection:
        tell(query, connection.execute(tally_sql(query)).fetchall())
    return [p.says for p in query.findings.problems]


def csv_of(folder: Path, times: Sequence[str], header: str = "time", delimiter: str = ",") -> str:
    """Write one touch a time, persons u1, u2 …; the last converts."""
    rows = [delimiter.join(["user_id", header, "channel", "conversion"])]
    for i, time in enumerate(times, start=1):
        cell = f'"{time}"' if delimiter in time else time
        rows.append(delimiter.join([f"u{i}", cell, "Search", str(int(i == len(times)))]))
    path = folder / "touches.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)
