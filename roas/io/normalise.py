"""A mapped table → dates, floats and honest rows; every problem at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from roas.calendar import grain_of
from roas.io.cells import numeric_columns, read_numbers
from roas.io.dates import DateReading, read_dates
from roas.io.distinct import each, which
from roas.io.headers import SYMBOLS, iso_currencies
from roas.io.mapped import Mapped
from roas.io.numbers import Mark, is_null
from roas.io.platforms.generic import DAILY_REVENUE
from roas.io.recognise import MEASURES
from roas.io.repeats import drop_repeated_days
from roas.io.summary_rows import check_totals, split_summary_rows
from roas.limits import EARLIEST_DAY, FUTURE_DAYS, MICROS_CPC
from roas.problems import Findings, examples
from roas.tables import MONEY

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ReadOptions:
    """What the person decided for all files.

    ``credits``: negative spend is subtracted (``"net"``) or refused (None).
    ``today``: the clock, only ever used to refuse dates far in the future.
    """

    date_format: str | None = None
    decimal: Mark | None = None
    credits: str | None = None
    currency: str | None = None
    micros: frozenset[str] = field(default_factory=frozenset)
    as_of: date | None = None
    today: date = field(default_factory=date.today)


def normalise(table: Mapped, options: ReadOptions) -> list[Mapped]:
    """Read a mapped table's cells, in place.

    Returns
    -------
    list of Mapped
        The table itself, and the shop's revenue where a spend table repeats
        it on every row of a day.
    """
    if table.role in ("journeys", "experiments"):
        return [table]
    _structure(table)
    table.platform.prepare(table)
    if table.findings.errors:
        return [table]
    reading = _dates(table, options)
    measures = numeric_columns(table, MEASURES)
    dated = which(table.frame["date"], reading.days.__contains__) if reading else _none(table)
    totals = split_summary_rows(table, dated, measures)
    _currency(table)
    mark = read_numbers(table, measures, decimal=options.decimal, micros=options.micros)
    if reading:
        _put_dates(table, reading, options)
    if table.findings.errors:
        return [table]
    table.platform.finish(table)
    drop_repeated_days(table)
    if len(totals):
        check_totals(table, totals, measures, mark)
    _grain(table)
    _check(table, options)
    return _split_revenue(table)


def _none(table: Mapped) -> pd.Series:
    import pandas as pd

    return pd.Series(False, index=table.frame.index)


def _structure(table: Mapped) -> None:
    """Refuse files that were cut off or whose cells slipped sideways."""
    raw = table.raw
    if raw.cut_off is not None:
        table.findings.error(
            "the file ends in the middle of a row: it was cut off.",
            "Download or copy it again.",
            line=raw.cut_off,
        )
    from roas.io.summary_rows import is_total_label

    slipped = [line for line, text in raw.wide.items() if not is_total_label(text)]
    if slipped:
        table.findings.error(
            f"{len(slipped)} rows have more cells than the header (lines {examples(list(slipped))}); "
            "an unquoted separator inside a name shifts the money into the wrong column.",
            "Export the file again, or put the names in quotes.", line=slipped[0],
        )  # fmt: skip


# ---- dates ----------------------------------------------------------------------------------------


def _dates(table: Mapped, options: ReadOptions) -> DateReading | None:
    """Find the date column, day before week before month, and read its cells."""
    frame = table.frame
    if "date" not in frame.columns:
        column = next((c for c in ("range_start", "week", "month") if c in frame.columns), None)
        if column is None:
            table.findings.error(
                "no date column.",
                'Export the file with a day column, or use --map date="Header".',
                line=table.raw.header_line,
            )
            return None
        table.frame = frame.rename(columns={column: "date"})
        table.headers["date"] = table.header_of(column)
        table.date_unit = {"week": "week", "month": "month"}.get(column, "range")
    reading = read_dates(
        _distinct(table.frame["date"]), habit=table.platform.habit, pattern=options.date_format
    )
    head = table.header_of("date")
    if reading.conflict:
        table.findings.error(
            f'"{reading.conflict[0]}" has the day first and "{reading.conflict[1]}" the month first.',
            'Use --date-format "%d/%m/%Y" or "%m/%d/%Y", or correct the cells.', column=head,
        )  # fmt: skip
    elif reading.undecided:
        first, second = _both_ways(reading.undecided)
        table.findings.error(
            f'"{reading.undecided}" could be {first} or {second}, and no row settles it.',
            'Use --date-format "%d/%m/%Y" or "%m/%d/%Y".', line=_line_of(table, "date", reading.undecided), column=head,
        )  # fmt: skip
    elif reading.assumed:
        order = "month" if reading.order == "mdy" else "day"
        table.findings.note(
            f"dates are read {order} first, as {table.platform.channel or table.platform.format} always writes them; no cell settles it"
        )
    if reading.unit in ("week", "month") and table.date_unit in ("day", "range"):
        table.date_unit = reading.unit
    return reading


def _distinct(cells: pd.Series) -> Iterable[Any]:
    import pandas as pd

    return [v for v in pd.factorize(cells)[1] if not is_null(v)]


def _both_ways(cell: str) -> tuple[str, str]:
    import re

    first, second, year = (int(n) for n in re.findall(r"\d+", cell)[:3])
    year += 2000 if year < 100 else 0
    names = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    return f"{first} {names[second - 1]}", f"{names[first - 1]} {second}"


def _line_of(table: Mapped, column: str, cell: Any) -> int | None:
    rows = table.frame.index[table.frame[column].map(lambda v: v == cell).to_numpy(dtype=bool)]
    return int(rows[0]) if len(rows) and rows[0] else None


def _put_dates(table: Mapped, reading: DateReading, options: ReadOptions) -> None:
    """Replace date cells by midnight timestamps; refuse what is no date."""
    import pandas as pd

    cells = table.frame["date"]
    if not reading.undecided and not reading.conflict:
        unread = ~which(cells, reading.days.__contains__)
        if unread.any():
            rows = table.frame.index[unread.to_numpy()]
            shown = ["(empty)" if is_null(v) else f'"{v}"' for v in dict.fromkeys(cells[unread].tolist())]
            table.findings.error(
                f"{int(table.frame['_rows'][unread].sum())} rows have figures but no readable date ({examples(list(shown))}; lines {examples(list(rows))}).",
                "Correct the dates, or use --date-format.", line=int(rows[0]) or None, column=table.header_of("date"),
            )  # fmt: skip
    table.frame["date"] = pd.Series(pd.to_datetime(each(cells, reading.days.get)), index=cells.index).astype(
        "datetime64[s]"
    )
    _plausible(table, options)
    if "range_end" in table.frame.columns:
        _ranges(table, options)
    if options.as_of is not None:
        late = table.frame["date"] > pd.Timestamp(options.as_of)
        table.drop(late, f"after --as-of {options.as_of.isoformat()}")


def _plausible(table: Mapped, options: ReadOptions) -> None:
    """Refuse dates that no account can have: a typing error, or the wrong format."""
    import pandas as pd

    days = table.frame["date"]
    latest = options.today + timedelta(FUTURE_DAYS)
    odd = (days < pd.Timestamp(EARLIEST_DAY)) | (days > pd.Timestamp(latest))
    if odd.any():
        rows = table.frame.index[odd.to_numpy()]
        shown = sorted({d.date().isoformat() for d in days[odd]})
        table.findings.error(
            f"{int(odd.sum())} rows are dated {examples(list(shown))} (lines {examples(list(rows))}); "
            f"dates from {EARLIEST_DAY.isoformat()} to a year from now are expected.",
            "Correct the dates, or say how they are written with --date-format.", line=int(rows[0]) or None, column=table.header_of("date"),
        )  # fmt: skip


def _ranges(table: Mapped, options: ReadOptions) -> None:
    """Read exports that name a range per row: a day, a week, or a total of a period."""
    import pandas as pd

    if table.date_unit != "range":
        return
    reading = read_dates(
        _distinct(table.frame["range_end"]), habit=table.platform.habit, pattern=options.date_format
    )
    end = pd.to_datetime(table.frame["range_end"].map(reading.days))
    length = (end - table.frame["date"]).dt.days + 1
    lengths = set(length.dropna().astype(int))
    table.date_unit = "day"
    if lengths <= {1} or not lengths:
        return
    if lengths == {7}:
        table.date_unit = "week"
    elif lengths <= {28, 29, 30, 31} and (table.frame["date"].dt.day == 1).all():
        table.date_unit = "month"
    else:
        longest = max(lengths)
        row = table.frame.index[(length == longest).to_numpy()][0]
        table.findings.error(
            f"one row covers {longest} days: the export holds totals of a period, not days.",
            "Export it again with the breakdown by day.", line=int(row) or None, column=table.header_of("range_end"),
        )  # fmt: skip


def _grain(table: Mapped) -> None:
    """Tell days from weeks and refuse a mixture, with the line where it changes."""
    if "date" not in table.frame.columns or table.findings.errors:
        return
    days = sorted(d.date() for d in table.frame["date"].dropna().unique())
    reading = grain_of(days)
    grain = reading.grain
    if table.date_unit in ("week", "month") and grain in ("unknown", "day", "week"):
        grain = table.date_unit if grain == "unknown" or table.date_unit == "month" else grain
    if grain == "mixed" and reading.first_odd:
        import pandas as pd

        rows = table.frame.index[(table.frame["date"] == pd.Timestamp(reading.first_odd)).to_numpy()]
        table.findings.error(
            f"days and weeks are mixed, or the dates are ragged: the step changes at {reading.first_odd.isoformat()}.",
            "Export the whole file by day, or the whole file by week.", line=int(rows[0]) or None if len(rows) else None, column=table.header_of("date"),
        )  # fmt: skip
    elif grain == "month":
        table.findings.error("the file is by month, which is too coarse: 12 points a year carry no reading of ROAS.",
                             "Export it by day or by week.", column=table.header_of("date"))  # fmt: skip
    elif reading.missing and grain in ("day", "week"):
        shown = examples([d.isoformat() for d in reading.missing])
        table.findings.note(f"no row at all on {len(reading.missing)} {grain}s ({shown}): a gap, not zero")
    table.grain = grain


# ---- money ----------------------------------------------------------------------------------------


def _currency(table: Mapped) -> None:
    """Settle the currency: a column, the header, or a symbol that names one."""
    import pandas as pd

    frame = table.frame
    if "currency" in frame.columns:
        codes = pd.Series(each(frame["currency"], _code), index=frame.index, dtype=object)
        known = sorted({c for c in codes.dropna() if c in iso_currencies()})
        strange = sorted({c for c in codes.dropna() if c not in iso_currencies()})
        if strange:
            table.findings.warn(
                f"not currency codes: {examples(list(strange))}",
                "ISO 4217 codes such as EUR are expected.",
                column=table.header_of("currency"),
            )
        if len(known) == 1:
            table.currency = known[0]
            frame["currency"] = known[0]
        elif known:
            frame["currency"] = codes.where(codes.isin(known), None)
            return
    if table.currency is None:
        table.currency = _symbol(table)
    frame["currency"] = table.currency


def _code(cell: Any) -> str | None:
    return None if is_null(cell) else str(cell).strip().upper()


def _symbol(table: Mapped) -> str | None:
    """Return the one currency that the symbols in money cells name."""
    found = set()
    for column in (c for c in table.frame.columns if c in MONEY):
        for value in table.frame[column].head(2000).tolist():
            if isinstance(value, str) and not value.strip().isdigit():
                code = next((SYMBOLS[s] for s in sorted(SYMBOLS, key=len, reverse=True) if s in value), None)
                if code is None and "$" in value:
                    code = "$"
                found.add(code)
    found.discard(None)
    if found == {"$"}:
        table.findings.note(
            'amounts carry "$", which twenty currencies use: the currency is not known; --currency USD says it'
        )
        return None
    found.discard("$")
    if len(found) > 1:
        table.findings.error(f"amounts in {' and '.join(sorted(map(str, found)))} stand in one file without a currency column.",
                             "Put each currency in a file of its own, or add a column \"currency\".")  # fmt: skip
    return next(iter(found)) if len(found) == 1 else None


def _check(table: Mapped, options: ReadOptions) -> None:
    """Look for money that cannot be right: negatives, micros, nothing at all."""
    frame = table.frame
    if not len(frame) and not table.findings.errors:
        table.findings.error(
            "no rows of data below the header.",
            "Export it again for a period with activity.",
            line=table.raw.header_line,
        )
        return
    if "spend" not in frame.columns:
        return
    head = table.header_of("spend")
    negative = frame["spend"] < 0
    if negative.any() and options.credits != "net":
        rows = frame.index[negative.to_numpy()]
        code = f" {table.currency}" if table.currency else ""
        table.findings.error(
            f"{int(negative.sum())} negative amounts (lines {examples(list(rows))}; lowest {frame['spend'].min():,.2f}{code}).",
            "These are usually credits. Use --credits net to subtract them, or remove the rows.", line=int(rows[0]) or None, column=head,
        )  # fmt: skip
    elif negative.any():
        table.findings.note(
            f"{int(negative.sum())} negative amounts were subtracted as credits ({math.fsum(frame['spend'][negative]):,.2f})"
        )
    if not frame["spend"].notna().any():
        table.findings.error("the spend column is empty.", "Export it again with cost.", column=head)
    _suspect_micros(table, options)


def _suspect_micros(table: Mapped, options: ReadOptions) -> None:
    """Stop where whole-number spend makes a click cost thousands (survey rule 9)."""
    from roas.io.cells import ZERO_DECIMAL

    frame = table.frame
    if (
        "clicks" not in frame.columns
        or "spend" in options.micros
        or (table.currency or options.currency) in ZERO_DECIMAL
    ):
        return
    both = frame["spend"].notna() & (frame["clicks"] > 0)
    spend, clicks = frame["spend"][both].sum(), frame["clicks"][both].sum()
    if clicks and spend / clicks > MICROS_CPC and (frame["spend"].dropna() % 1 == 0).all():
        table.findings.error(
            f"a click would cost {spend / clicks:,.0f}; the amounts may be in micros (millionths).",
            "Use --micros spend if they are, or --currency VND (or another without decimals) if they are not.", column=table.header_of("spend"),
        )  # fmt: skip


# ---- revenue beside spend -------------------------------------------------------------------------


def _split_revenue(table: Mapped) -> list[Mapped]:
    """Tell the shop's revenue from a claim when a spend table has a column of that name.

    The same amount on every row of a date is the till's, repeated by a join;
    amounts that differ by channel are what somebody attributed.
    """
    if table.role != "spend" or "revenue" not in table.frame.columns or table.findings.errors:
        return [table]
    frame = table.frame
    by_day = frame.groupby("date")["revenue"]
    several = by_day.size() > 1
    repeated = (
        bool((by_day.nunique(dropna=True) <= 1).all())
        and several.mean() > 0.5
        and frame["revenue"].nunique() > 1
    )
    alone = (frame.get("channel") == "All channels").all() if "channel" in frame.columns else False
    head = table.header_of("revenue")
    if repeated or alone:
        till = frame.drop_duplicates("date")[
            [c for c in ("date", "revenue", "currency") if c in frame.columns]
        ].copy()
        till["_rows"] = 0
        if repeated:
            table.findings.note(
                f'"{head}" is the same on every row of a date: read once a date, as the shop\'s revenue'
            )
        beside = Mapped(
            table.raw,
            DAILY_REVENUE,
            till,
            {"revenue": head},
            "revenue",
            Findings(),
            table.currency,
            grain=table.grain,
        )
        table.frame = frame.drop(columns="revenue")
        return [table, beside]
    if "conversion_value" not in frame.columns:
        table.frame = frame.rename(columns={"revenue": "conversion_value"})
        table.headers["conversion_value"] = head
        table.findings.note(
            f'"{head}" differs from row to row of a date: read as revenue that platforms claim, not as the shop\'s'
        )
    else:
        table.frame = frame.drop(columns="revenue")
        table.findings.note(
            f'"{head}" is left aside: it differs by row, and the claimed revenue stands in "{table.header_of("conversion_value")}"'
        )
    return [table]
