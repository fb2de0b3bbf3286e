"""Files → one account: the whole way from what a person named to tables."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from roas.errors import InputError, RoasError, UsageError
from roas.io import fx, merge
from roas.io.canonical import canonical_revenue, canonical_spend, one_spelling, revenue_by_region, sorted_by
from roas.io.experiments import test_rows
from roas.io.headers import fold, header, words
from roas.io.mapped import Mapped
from roas.io.merge import Part
from roas.io.normalise import ReadOptions, normalise
from roas.io.orders import one_order_book, order_rows
from roas.io.platforms import vocabulary
from roas.io.raw import NoTable, RawTable
from roas.io.readers import read_source
from roas.io.recognise import Overrides, recognise
from roas.io.snapshots import successive_exports
from roas.io.sources import Source, sha256_of, sources_of
from roas.io.text import says_nothing
from roas.language import say
from roas.problems import Findings, Problem
from roas.tables import SPEND_KEYS, Tables

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str], None]


@dataclass(frozen=True)
class LoadOptions:
    """Everything that may be said about reading and merging.

    ``currency`` is the currency of the analysis; ``fx`` a file of rates;
    ``grain`` ``"week"`` adds days up; ``overlap`` decides between files that
    give the same campaign and day.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    columns: Overrides = field(default_factory=Overrides)
    currency: str | None = None
    fx: str | None = None
    grain: str | None = None
    overlap: merge.Overlap = "auto"


@dataclass
class FileReport:
    """What one file turned out to be, for ``inspect`` and ``inputs[]``."""

    file: str
    sha256: str = ""
    format: str | None = None
    role: str = "other"
    channel: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    grain: str | None = None
    start: date | None = None
    end: date | None = None
    currency: str | None = None
    rows_read: int = 0
    columns: list[tuple[str, str | None]] = field(default_factory=list)
    totals: dict[str, float | None] = field(default_factory=dict)
    channels: list[tuple[str, float]] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    passed_over: bool = False

    @property
    def rows_used(self) -> int:
        """Rows that count in the totals."""
        return self.rows_read - sum(r.count for r in self.findings.rejected)


@dataclass
class Loaded:
    """The files' reports and their tables, before merging."""

    reports: list[FileReport] = field(default_factory=list)
    spend: list[Part] = field(default_factory=list)
    revenue: list[tuple[Part, str]] = field(default_factory=list)  # with its format and whether named
    sessions: list[Part] = field(default_factory=list)
    experiments: list[pd.DataFrame] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """Every error as a sentence that begins with its file."""
        return [p.sentence(r.file) for r in self.reports if not r.passed_over for p in r.findings.errors]


def read_files(spend: Any, revenue: Any = None, *, options: LoadOptions, progress: Progress | None = None) -> Loaded:
    """Read every file and collect its problems; never stops at the first.

    Parameters
    ----------
    spend, revenue : path, DataFrame, or a sequence of them
        As in `roas.analyze`. `revenue` may be None.

    Raises
    ------
    InputError
        When a path, folder or glob names nothing.
    """
    sources = [*_sources(spend, None), *_sources(revenue, "revenue")]
    loaded = Loaded()
    for source in sources:
        if progress:
            progress(f"reading {source.name}")
        _read_one(source, loaded, options)
    _refuse_unknown_headers(loaded, options.columns)
    return loaded


def _refuse_unknown_headers(loaded: Loaded, columns: Overrides) -> None:
    """Refuse ``--map`` for a header that no file has."""
    if not all(r.columns for r in loaded.reports):
        return  # a file that cannot be read at all is the nearer reason
    known = {fold(h): h.strip() for r in loaded.reports for h, _ in r.columns}
    for canonical, heads in columns.mapping.items():
        for head in (h for h in heads if fold(h) not in known):
            near = difflib.get_close_matches(fold(head), known, n=1, cutoff=0.7)
            hint = f' Did you mean "{known[near[0]]}"?' if near else " `roas inspect` lists the headers."
            raise UsageError(f'--map {canonical}="{head}": no file has a column "{head}".{hint}')


def _sources(given: Any, role: str | None) -> list[Source]:
    return [] if given is None else sources_of(given, role=role)


def _read_one(source: Source, loaded: Loaded, options: LoadOptions) -> None:
    """Read one source; whatever is wrong with it becomes part of its report."""
    try:
        for raw in read_source(source, vocabulary() | _given_words(options)):
            _read_table(raw, source, loaded, options)
    except InputError as error:
        report = _unread(source, error)
        report.passed_over = source.from_folder and isinstance(error, NoTable)
        loaded.reports.append(report)


def _given_words(options: LoadOptions) -> frozenset[str]:
    """Count headers that ``--map`` names as known ones."""
    return frozenset(words(header(h).key) for heads in options.columns.mapping.values() for h in heads)


def _unread(source: Source, error: Exception) -> FileReport:
    """Report a source that could not be read at all."""
    try:
        digest = sha256_of(source) if source.path or source.data is not None else ""
    except RoasError:
        digest = ""
    file, problem = _told(error, source.name)
    report = FileReport(file, digest)
    report.findings.problems.append(problem)
    return report


_WHERE = re.compile(r"(?P<member>/.+?)?(?:, line (?P<line>\d+))?: (?P<says>.*)", re.DOTALL)


def _told(error: Exception, name: str) -> tuple[str, Problem]:
    """Take a message apart: its file (of an archive, the member) and the problem."""
    says, _, fix = str(error).partition("\n")
    where = _WHERE.fullmatch(says.removeprefix(name)) if says.startswith(name) else None
    if where is None:
        return name, Problem("error", says.strip(), fix.strip())
    line = int(where["line"]) if where["line"] else None
    return name + (where["member"] or ""), Problem("error", where["says"].strip(), fix.strip(), line)


def _read_table(raw: RawTable, source: Source, loaded: Loaded, options: LoadOptions) -> None:
    raw.mark = options.read.decimal
    try:
        _report_table(raw, source, loaded, options)
    finally:
        raw.close()


def _report_table(raw: RawTable, source: Source, loaded: Loaded, options: LoadOptions) -> None:
    report = FileReport(
        raw.name, raw.sha256, encoding=raw.encoding, delimiter=raw.delimiter if raw.kind == "text" else None,
        header_line=raw.header_line,
        rows_read=len(raw.cells), findings=raw.findings,
    )  # fmt: skip
    loaded.reports.append(report)
    said = says_nothing(raw) if raw.scan is None else None
    if said or not len(raw.cells):
        report.columns = [(h, None) for h in raw.header]
        report.format = _format_of(raw, options)
        report.findings.error(
            f'the export says "{said}"' if said else "no rows of data below the header.",
            "Export it again for a period with activity.",
            line=raw.header_line,
        )
        report.findings.reject(say("no data"), len(raw.cells), None)
        report.passed_over = source.from_folder
        return
    try:
        tables = recognise(raw, options.columns, role=source.role)
    except InputError as error:
        report.sha256 = raw.digest
        report.columns = [(h, None) for h in raw.header]
        report.findings.problems.append(_told(error, raw.name)[1])
        report.passed_over = source.from_folder
        return
    read = replace(options.read, grain=options.grain)
    products = [product for table in tables for product in normalise(table, read)]
    for product in products:
        _file_away(product, report, source, loaded)
    report.sha256, report.encoding = raw.digest, raw.encoding
    _describe(report, tables[0])
    _list_columns(report, products)
    report.passed_over = source.from_folder and bool(report.findings.errors) and report.role not in ("spend", "revenue")


def _format_of(raw: RawTable, options: LoadOptions) -> str | None:
    try:
        return recognise(raw, options.columns)[0].platform.format
    except InputError:
        return None


def _describe(report: FileReport, table: Mapped) -> None:
    """Fill in what the file is, from its first table."""
    report.format, report.role, report.channel = table.platform.format, table.role, table.platform.channel
    report.currency = table.currency
    report.grain = (
        table.grain
        if table.grain in ("day", "week", "month")
        else ("day" if "date" in table.frame.columns and table.grain == "unknown" else None)
    )
    report.rows_read = table.rows_read


def _list_columns(report: FileReport, tables: list[Mapped]) -> None:
    """Pair every header of the file with what it was read as, if anything."""
    canonical: dict[str, str] = {}
    for table in reversed(tables):
        canonical |= {h.strip(): c.removeprefix("control: ") for c, h in table.headers.items()}
        canonical |= {h.strip(): "spend" for h in table.wide}
    report.columns = [(h, canonical.get(h.strip())) for h in tables[0].raw.header]


def _file_away(table: Mapped, report: FileReport, source: Source, loaded: Loaded) -> None:
    """Put a table's canonical rows with those of its kind, and total them."""
    if table.findings is not report.findings:
        report.findings.problems.extend(table.findings.problems)
    if table.role == "experiments" and not report.findings.errors:
        loaded.experiments.append(test_rows(table))
        report.start, report.end = (table.frame[c].agg(how).date() for c, how in (("start", "min"), ("end", "max")))
    if (
        report.findings.errors
        or "date" not in table.frame.columns
        or table.role in ("journeys", "experiments", "other")
    ):
        return
    if table.role == "spend" and "spend" in table.frame.columns:
        rows = canonical_spend(table)
        loaded.spend.append(Part(report.file, rows, _known(table.grain), report.findings, cut_from=table.cut_from))
        _total(
            report,
            rows,
            {"spend": "spend", "conversions": "conversions", "claimed_revenue": "conversion_value"},
        )
        sums = rows.groupby("channel")["spend"].sum()
        report.channels = sorted(((str(c), round(float(v), 2)) for c, v in sums.items()), key=lambda x: (-x[1], x[0]))
    elif table.role == "revenue" and "revenue" in table.frame.columns:
        rows = canonical_revenue(table)
        orders = order_rows(table)
        if orders is not None:
            orders.attrs["format"] = table.platform.format
        part = Part(report.file, rows, _known(table.grain), report.findings, orders, revenue_by_region(table))
        loaded.revenue.append((part, source.role or ""))
        _total(report, rows, {"revenue": "revenue"})
    elif table.role == "sessions":
        rows = canonical_revenue(table)
        target = loaded.revenue if source.role == "revenue" and "revenue" in rows.columns else None
        part = Part(report.file, rows, _known(table.grain), report.findings)
        if target is not None:
            target.append((part, "revenue"))
            report.findings.note(
                say("web analytics, not the till: refunds, tax and sales outside the site may be missing or in it")
            )
            _total(report, rows, {"revenue": "revenue"})
        else:
            loaded.sessions.append(part)
    else:
        return
    days = rows["date"].dropna()
    if len(days):
        report.start = min(filter(None, [report.start, days.min().date()]))
        report.end = max(filter(None, [report.end, days.max().date()]))


def _known(grain: str) -> str:
    return grain if grain in ("day", "week") else "unknown"


def _total(report: FileReport, rows: pd.DataFrame, names: dict[str, str]) -> None:
    for name, column in names.items():
        if column in rows.columns and rows[column].notna().any():
            report.totals[name] = round(math.fsum(rows[column].dropna()), 6)


def merge_files(loaded: Loaded, options: LoadOptions) -> Tables:
    """Make one account of the files, or refuse with every reason at once.

    Raises
    ------
    InputError
        All errors of all files in one message, the first one first.
    """
    if loaded.errors:
        first, *others = loaded.errors
        raise InputError(
            first
            + "".join(f"\n\n  Also: {o}" for o in others[:9])
            + (f"\n\n  … and {len(others) - 9} more." if len(others) > 9 else "")
        )
    if not loaded.spend:
        files = ", ".join(r.file for r in loaded.reports[:5])
        found = sorted({str(r.format) for r in loaded.reports if r.format})
        raise InputError(
            f"no advertising spend in {files}" + (f" (found {', '.join(found)})." if found else ".")
            + "\n  Add an export of an ad platform, or a table with date, channel, spend. `roas inspect` shows how "
              "files are read."
        )  # fmt: skip
    revenue_parts = one_order_book(_choose_revenue(loaded))
    every = [*loaded.spend, *revenue_parts]
    if options.fx:
        _convert(every, options)
    currency = merge.one_currency(every, options.currency)
    grain = merge.one_grain([*every, *(p for p in loaded.sessions)], options.grain)
    snapshots = successive_exports(loaded.spend)
    spend = _spend_table(merge.without_overlap(loaded.spend, options.overlap))
    revenue = merge.one_revenue(revenue_parts, chosen=any(named for _, named in loaded.revenue))
    if revenue is not None and loaded.sessions and "sessions" not in revenue.columns:
        revenue = _add_sessions(revenue, loaded.sessions)
    regions = merge.one_by_region(revenue_parts, revenue)
    return Tables(spend, revenue, grain, currency, tuple(_passed_over(loaded)), regions, snapshots)


def _passed_over(loaded: Loaded) -> list[str]:
    return [
        say("{file} was passed over: {why}", file=r.file, why=r.findings.errors[0].says)
        for r in loaded.reports
        if r.passed_over and r.findings.errors
    ]


def _choose_revenue(loaded: Loaded) -> list[Part]:
    """Take the revenue named with ``--revenue``; without any, what was found."""
    named = [p for p, role in loaded.revenue if role]
    for part, role in loaded.revenue:
        if named and not role:
            part.findings.note(say("its revenue is left aside: --revenue names another file"))
    return named or [p for p, _ in loaded.revenue]


def _convert(parts: list[Part], options: LoadOptions) -> None:
    if not options.currency:
        raise InputError("--fx needs --currency: the currency to convert into, for example --currency EUR.")
    rates = fx.read_rates(str(options.fx), date_format=options.read.date_format)
    merge.name_currencies(parts, options.currency)
    for part in parts:
        foreign = part.currencies - {options.currency}
        if foreign:
            part.rows = fx.convert(part.rows, rates, options.currency, name=part.name)
            part.findings.note(
                say(
                    "{currencies} was converted to {currency} at the rates of {file}",
                    currencies=", ".join(sorted(foreign)),
                    currency=options.currency,
                    file=options.fx,
                )
            )
            if "channel" not in part.rows.columns:
                part.rows = _one_row_a_date(part.rows)


def _one_row_a_date(rows: pd.DataFrame) -> pd.DataFrame:
    from roas.io.canonical import add_up

    numbers = [c for c in rows.columns if c not in ("date", "currency", "_rows")]
    return add_up(rows, ["date", "currency"], numbers)


def _spend_table(parts: list[Part]) -> pd.DataFrame:
    """Stack the files' rows in one order, with one spelling a channel."""
    import pandas as pd

    table = pd.concat([p.rows for p in parts], ignore_index=True) if len(parts) > 1 else parts[0].rows
    table["channel"], merged = one_spelling(table["channel"])
    merge.say_merged_spellings(merged, parts[0].findings)
    return sorted_by(table, [*SPEND_KEYS, "spend"]) if len(parts) > 1 or merged else table


def _add_sessions(revenue: pd.DataFrame, parts: list[Part]) -> pd.DataFrame:
    part = next((p for p in parts if "sessions" in p.rows.columns), None)
    if part is None:
        return revenue
    return revenue.merge(part.rows[["date", "sessions"]], on="date", how="left")
