"""A table of touches → typed SQL expressions: who, when, where, whether it converted, for how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.touches.conversions import Conversion, quoted, read_conversion
from roas.attribution.touches.look import Look, Shape, look
from roas.attribution.touches.rows import TouchQuery
from roas.attribution.touches.times import SAMPLE_CELLS, TimeColumn, TimeReading, bounds_us, check_pattern, read_time
from roas.attribution.touches.values import SHARED, Value, mixed, read_value, signs, way_out
from roas.format import money
from roas.io.headers import header as read_header
from roas.io.numbers import is_null
from roas.io.reading import ReadOptions
from roas.problems import counted

if TYPE_CHECKING:
    from roas.attribution.touches.source import TouchSource
    from roas.io.raw import RawTable

#: Cells that say "nobody": what exports write for no id, and the id of phones whose owner refused.
NOBODY: Final = ("-", "null", "NULL", "Null", "none", "None", "NONE", "nan", "NaN", "NAN", "n/a", "N/A", "NA", "<NA>",
                 "undefined", "(not set)", "\\N", "00000000-0000-0000-0000-000000000000")  # fmt: skip

#: Cells that name no channel. ``(none)`` and ``(direct)`` are names, of direct traffic.
NOWHERE: Final = ("-", "null", "NULL", "Null", "none", "None", "NONE", "nan", "NaN", "NAN", "n/a", "N/A", "<NA>",
                  "undefined", "(not set)", "\\N")  # fmt: skip


def touch_query(
    raw: RawTable, columns: Mapping[str, int], *, options: ReadOptions | None = None, conversion: Sequence[str] = ()
) -> TouchQuery:
    """Decide how a table of touches is read.

    Parameters
    ----------
    raw : RawTable
        Of any format; big text and Parquet are not read into memory.
    columns : dict of str to int
        `roas.io.recognise.journey_columns`: canonical name → position.
    options : ReadOptions, optional
        ``date_format``, ``decimal``, ``currency`` and ``today`` count here.
    conversion : sequence of str
        ``--conversion``: words that mean a conversion.

    Returns
    -------
    TouchQuery
        Check ``findings.errors`` (or call `refuse`) before using it.
    """
    given = options or ReadOptions()
    check_pattern(given.date_format)
    at = {name: f"c{i}" for name, i in columns.items()}
    words = [at[n] for n in ("conversion", "event", "currency") if n in at]
    text_value = at.get("conversion_value") if _is_text(raw, columns) else None
    needed = 1 + max(
        (columns[n] for n in ("user", "time", "date", "channel", "source", "medium") if n in columns), default=0
    )
    dated = columns.get("time", columns.get("date", 0))
    source, seen = look(raw, sorted(set(columns.values())), words, text_value, Shape(needed, dated))
    table = _Table(raw, source, seen, dict(columns), at)
    time = _time(table, given)
    value, currency = _value(table, given)
    converted = _converted(table, conversion, value)
    _tell_mended(table, converted, value, currency)
    return _put_together(table, time, converted, value, currency, given)


@dataclass(frozen=True)
class _Table:
    """What is known while expressions are written: the table, its source and where its columns are."""

    raw: RawTable
    source: TouchSource
    seen: Look
    columns: dict[str, int]
    at: dict[str, str]

    def header(self, name: str) -> str:
        return self.raw.header[self.columns[name]].strip()

    def kind(self, name: str) -> Any:
        return self.source.kinds.get(self.at[name], "text")

    def cells(self, name: str) -> list[Any]:
        """Distinct cells of the head that say something."""
        if self.source.frame is not None:
            found = self.source.frame[self.at[name]].drop_duplicates()
        else:
            found = self.raw.cells[self.columns[name]].drop_duplicates()
        return [v for v in found.tolist() if not is_null(v)]

    def line(self, name: str, cell: Any) -> int | None:
        cells = self.raw.cells[self.columns[name]]
        found = cells.index[cells.map(lambda v: str(v).strip() == str(cell).strip())]
        return int(found[0]) if len(found) and (self.raw.scan is None or self.raw.scan.query is None) else None

    def distinct(self, sql: str, where: str, most: int) -> list[str]:
        with self.source.connect() as connection:
            rows = connection.execute(
                f"SELECT DISTINCT {sql} AS cell FROM {self.source.relation} WHERE {where} ORDER BY cell LIMIT {most}"
            ).fetchall()
        return [str(cell) for (cell,) in rows if cell is not None]


def _is_text(raw: RawTable, columns: Mapping[str, int]) -> bool:
    """Return whether the value column is text, whose decimal mark has to be found."""
    if "conversion_value" not in columns:
        return False
    head = raw.cells[columns["conversion_value"]].head(1_000)
    return any(isinstance(v, str) for v in head.tolist()) or (raw.scan is not None and raw.scan.query is None)


def _time(table: _Table, options: ReadOptions) -> TimeReading | None:
    """Read the finer of the time columns; a time of day takes its date from the other."""
    read: dict[str, TimeReading] = {}
    for name in ("time", "date"):
        if name not in table.columns:
            continue
        c = table.at[name]
        column = TimeColumn(
            c, table.kind(name), table.header(name), table.cells(name)[:SAMPLE_CELLS],
            lambda most, c=c: table.distinct(  # type: ignore[misc]
                f"split_part(replace(trim({c}), ',', ' '), ' ', 1)", f"{c} IS NOT NULL", most),
            lambda cell, name=name: table.line(name, cell),  # type: ignore[misc]
        )  # fmt: skip
        fine = read.get("time")
        if fine is not None and fine.fine and not fine.clock:
            break  # the date says nothing more
        found = read_time(column, table.raw.findings, pattern=options.date_format)
        if found is not None:
            read[name] = found
    return _finer(table, read)


def _finer(table: _Table, read: Mapping[str, TimeReading]) -> TimeReading | None:
    time, day = read.get("time"), read.get("date")
    findings = table.raw.findings
    if time is not None and time.clock:
        if day is None or day.clock:
            findings.error(
                "holds times of day without a date.", 'Use --map date="Header" for the column of dates.',
                column=table.header("time"),
            )  # fmt: skip
            return None
        return TimeReading(f"({day.sql} + {time.sql})")
    found = day if time is None or (day is not None and day.fine and not time.fine and not day.clock) else time
    if found is None and not findings.errors:
        findings.error("no time in any row.", 'Use --map time="Header".', line=table.raw.header_line)
    if found is not None and not found.fine:
        findings.note("only days are known: the order of touches inside a day is not")
    return found


def _value(table: _Table, options: ReadOptions) -> tuple[Value | None, str | None]:
    if "conversion_value" not in table.columns:
        return None, options.currency
    head, c = table.header("conversion_value"), table.at["conversion_value"]
    cells = table.cells("conversion_value")
    if table.kind("conversion_value") == "text" and c in table.seen.marked:
        marked = f"{c} LIKE '%.%' OR {c} LIKE '%,%'"
        if not any("." in str(v) or "," in str(v) for v in cells) or _open(cells):
            cells = [*cells, *table.distinct(c, marked, SAMPLE_CELLS)]
    if table.kind("conversion_value") == "text":
        cells = [*cells, *_otherwise_signed(table, c, cells)]
    value = read_value(c, table.kind("conversion_value"), cells, head, table.raw.findings, mark=options.decimal)
    return value, _currency(table, value, head, options)


def _otherwise_signed(table: _Table, c: str, cells: Sequence[Any]) -> list[str]:
    """Return amounts of a big file without the signs that its head shows."""
    known, _ = signs(str(v) for v in cells)
    if not known or table.source.frame is not None:
        return []
    others = "".join(f" AND NOT contains({c}, {quoted([sign])})" for sign in known)
    return table.distinct(c, f"regexp_matches({c}, '[1-9]'){others}", SAMPLE_CELLS)


def _currency(table: _Table, value: Value | None, head: str, options: ReadOptions) -> str | None:
    """Return the one currency of the values; amounts that cannot be added up are an error."""
    column = table.seen.words.get(table.at.get("currency", ""), {})
    said = [read_header(table.raw.header[table.columns["conversion_value"]]).currency, options.currency]
    said += sorted({w.strip().upper() for w in column if not is_null(w)})
    known = [w for w in said if w]
    named = list(dict.fromkeys((*known, *(value.currencies if value else ()))))
    clash = mixed(named, None if known or value is None else value.bare)
    if clash is not None:
        table.raw.findings.error(
            f"amounts in {clash} cannot be added up.", f"Export one currency, or convert first.{way_out(named)}",
            column=head,
        )  # fmt: skip
        return None
    return next((w for w in named if w not in SHARED), None)


def _open(cells: Sequence[Any]) -> bool:
    from roas.io.numbers import decide_mark

    return decide_mark(str(v) for v in cells).mark is None


def _converted(table: _Table, given: Sequence[str], value: Value | None) -> Conversion | None:
    """Find the column that says what converted: a flag before an event before money."""
    findings = table.raw.findings
    named = [n for n in ("conversion", "event") if n in table.columns]
    if given and len(named) == 2:  # words are names of events
        from roas.io.headers import words

        wanted = {words(g) for g in given}
        named.sort(key=lambda n: not wanted & {words(t) for t in table.seen.words.get(table.at[n], {})})
    before = len(findings.errors)
    for name in named:
        c = table.at[name]
        seen = table.seen.words.get(c, {})
        if not seen and len(named) > 1 and name == "conversion":
            continue  # an empty column beside one that says something
        found = read_conversion(c, table.kind(name), seen, table.header(name), findings, given)
        if found is not None or len(findings.errors) > before:
            if len(named) == 2 and found is not None:
                other = next(n for n in ("conversion", "event") if n != name)
                findings.note(f'"{table.header(name)}" says what converted; "{table.header(other)}" is left aside')
            return found
    if value is not None:
        findings.note(f'no column says what converted: rows with "{table.header("conversion_value")}" above 0 do')
        return Conversion(f"COALESCE({value.sql} > 0, FALSE)", f"COALESCE({value.sql} < 0, FALSE)")
    if "conversion_value" not in table.columns:
        findings.error(
            "no row says what converted, and there is no value either.",
            'Use --map conversion="Header", with 0 and 1 or names of events in it.',
            line=table.raw.header_line, column=table.header(named[0]) if named else None,
        )  # fmt: skip
    return None


#: Types in which a cell of text is put back into its column; of times nothing is asked here.
_TYPES: Final = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


def _tell_mended(table: _Table, converted: Conversion | None, value: Value | None, currency: str | None) -> None:
    """Say which conversions, and what money, went with rows that were broken over two lines."""
    rows = table.seen.mended
    if not rows or converted is None or table.raw.findings.errors:
        return
    import duckdb

    used = {c: (i, _TYPES.get(table.source.kinds.get(c, "text"), "VARCHAR")) for c, i in
            ((table.at[name], table.columns[name]) for name in ("conversion", "event", "conversion_value") if name in table.at)}  # fmt: skip
    cells = " UNION ALL ".join(
        "SELECT " + ", ".join(f"TRY_CAST(NULLIF({quoted([row[i]])}, '') AS {kind}) AS {c}" for c, (i, kind) in used.items())
        for row in rows
    )  # fmt: skip
    amount = value.sql if value else "0"
    with duckdb.connect() as engine:
        found = engine.execute(
            f"SELECT count(*), sum(amount) FROM (SELECT {converted.sql} AS sold, {amount} AS amount FROM ({cells})) WHERE sold"
        ).fetchone()
    sold, worth = found or (0, None)
    if sold:
        said = f" worth {money(float(worth), currency, full=True)}" if worth else ""
        table.raw.findings.warn(f"{counted(int(sold), 'conversion')}{said} went with lines that are broken over two.")


def _user(table: _Table) -> str:
    c = table.at.get("user", "CAST(NULL AS VARCHAR)")
    if "user" in table.at and table.kind("user") == "whole":
        return f"CAST({c} AS BIGINT)"
    text = c if "user" in table.at and table.kind("user") == "text" else f"CAST({c} AS VARCHAR)"
    return _said(text, NOBODY)


def _said(text: str, nothing: Sequence[str]) -> str:
    return f"CASE WHEN {text} IN ({quoted(nothing)}) THEN NULL ELSE NULLIF(trim({text}), '') END"


def _named(table: _Table, name: str) -> str | None:
    if name not in table.at:
        return None
    c = table.at[name]
    return _said(c if table.kind(name) == "text" else f"CAST({c} AS VARCHAR)", NOWHERE)


def _order(table: _Table) -> str | None:
    """Read the number of the order or event, which tells rows apart that are alike in all else."""
    if "order_id" not in table.at:
        return None
    c = table.at["order_id"]
    return _said(c if table.kind("order_id") == "text" else f"CAST({c} AS VARCHAR)", NOBODY)


def _channel(table: _Table) -> str:
    """Read the channel; without such a column source and medium, as analytics pair them."""
    channel, source, medium = (_named(table, n) for n in ("channel", "source", "medium"))
    if channel is not None:
        return channel
    if source is not None and medium is not None:
        table.raw.findings.note(
            f'no channel column: "{table.header("source")}" and "{table.header("medium")}" name the channel, '
            'as in "google / cpc"'
        )
        pair = f"COALESCE({source}, '(direct)') || ' / ' || COALESCE({medium}, '(none)')"
        return f"CASE WHEN {source} IS NULL AND {medium} IS NULL THEN NULL ELSE {pair} END"
    alone = source or medium
    if alone is None:
        return "CAST(NULL AS VARCHAR)"
    name = "source" if source else "medium"
    table.raw.findings.note(f'no channel column: "{table.header(name)}" names the channel')
    return alone


def _put_together(
    table: _Table, time: TimeReading | None, converted: Conversion | None, value: Value | None, currency: str | None,
    options: ReadOptions,
) -> TouchQuery:  # fmt: skip
    turned = converted or Conversion("FALSE")
    alone = not {"conversion", "event"} & table.columns.keys()  # money says what converted
    odd = "0"
    if value is not None:  # asked of conversions only: they are few, and touches have no value that counts
        odd = f"CASE WHEN {value.unread} THEN 1 WHEN COALESCE({value.sql} < 0, FALSE) THEN 2 ELSE 0 END"
        odd = odd if alone else f"CASE WHEN {turned.sql} THEN {odd} ELSE 0 END"
    if turned.back != "FALSE" and not alone:
        odd = f"CASE WHEN {turned.back} THEN 2 ELSE {odd} END"
    if table.source.padded:
        odd = f"CASE WHEN c{len(table.source.headers)} IS NOT NULL THEN 3 ELSE {odd} END"
    return TouchQuery(
        event=_order(table), source=table.source, user=_user(table), time_us=time.sql if time else "CAST(NULL AS BIGINT)",
        channel=_channel(table), converted=turned.sql, amount=value.sql if value else "CAST(NULL AS DOUBLE)",
        odd=odd, campaign=_named(table, "campaign"),
        bounds=bounds_us(options.today), valued=value is not None, currency=currency, fine=bool(time and time.fine),
        rows=table.seen.rows + table.seen.broken, name=table.raw.name, findings=table.raw.findings,
    )  # fmt: skip
