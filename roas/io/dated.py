"""Date cells of a mapped table → midnight timestamps and a grain, or a refusal with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from roas.calendar import grain_of
from roas.format import plural
from roas.io.dates import DateReading, read_dates
from roas.io.distinct import each, which
from roas.io.headers import quoted
from roas.io.mapped import Mapped
from roas.io.numbers import is_null
from roas.io.reading import ReadOptions
from roas.language import say
from roas.limits import EARLIEST_DAY, FUTURE_DAYS
from roas.problems import aside, counted, examples, several

if TYPE_CHECKING:
    import pandas as pd

#: Rows of a channel, seven days apart each, over this share of the file's
#: dates, that make a series of weeks of it.
WEEKLY_ROWS, WEEKLY_SHARE = 4, 0.75


def find_dates(table: Mapped, options: ReadOptions) -> DateReading | None:
    """Find the date column, day before week before month, and read its cells."""
    frame = table.frame
    if "date" not in frame.columns:
        column = next((c for c in ("range_start", "week", "month") if c in frame.columns), None)
        if column is None:
            table.findings.error(
                f"no date column. Found: {quoted(table.raw.header)}.",
                'Export the file with a day column, or use --map date="Header".',
                line=table.raw.header_line,
            )
            return None
        table.frame = frame.rename(columns={column: "date"})
        table.headers["date"] = table.header_of(column)
        table.date_unit = {"week": "week", "month": "month"}.get(column, "range")
    reading = read_dates(_distinct(table.frame["date"]), habit=table.platform.habit, pattern=options.date_format)
    head = table.header_of("date")
    if reading.conflict:
        table.findings.error(
            f'"{reading.conflict[0]}" has the day first and "{reading.conflict[1]}" the month first.',
            'Use --date-format "%d/%m/%Y" or "%m/%d/%Y", or correct the cells.', column=head,
        )  # fmt: skip
    elif reading.undecided:
        first, second = both_ways(reading.undecided)
        table.findings.error(
            f'"{reading.undecided}" could be {first} or {second}, and no row settles it.',
            'Use --date-format "%d/%m/%Y" or "%m/%d/%Y".', line=_line_of(table, "date", reading.undecided), column=head,
        )  # fmt: skip
    elif reading.assumed:
        platform = table.platform.channel or table.platform.format
        if reading.order == "mdy":
            said = say(
                "dates are read month first, as {platform} always writes them; no cell settles it", platform=platform
            )
        else:
            said = say(
                "dates are read day first, as {platform} always writes them; no cell settles it", platform=platform
            )
        table.findings.note(said)
    if reading.unit in ("week", "month") and table.date_unit in ("day", "range"):
        table.date_unit = reading.unit
    return reading


def _distinct(cells: pd.Series) -> Iterable[Any]:
    import pandas as pd

    return [v for v in pd.factorize(cells)[1] if not is_null(v)]


def both_ways(cell: str) -> tuple[str, str]:
    """Return both days that a cell such as 03/04/2025 could mean, in words."""
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
    return next(iter(table.lines(table.frame[column].map(lambda v: v == cell), most=1)), None)


def put_dates(table: Mapped, reading: DateReading, options: ReadOptions) -> None:
    """Replace date cells by midnight timestamps; refuse what is no date."""
    import pandas as pd

    cells = table.frame["date"]
    if not reading.undecided and not reading.conflict:
        unread = ~which(cells, reading.days.__contains__)
        if unread.any():
            lines = table.lines(unread)
            shown = ["empty" if is_null(v) else f'"{v}"' for v in dict.fromkeys(cells[unread].tolist())]
            count = counted(int(table.frame["_rows"][unread].sum()), "row")
            table.findings.error(
                f"{count} with figures but without a readable "
                f"date{aside(examples(list(shown)), lines=several(lines))}.",
                "Correct the dates, or use --date-format.",
                line=next(iter(lines), None),
                column=table.header_of("date"),
            )
    table.frame["date"] = pd.Series(pd.to_datetime(each(cells, reading.days.get)), index=cells.index).astype(
        "datetime64[s]"
    )
    _plausible(table, options)
    if "range_end" in table.frame.columns:
        _ranges(table, options)
    if options.as_of is not None:
        late = table.frame["date"] > pd.Timestamp(options.as_of)
        table.cut_from = table.frame["date"].max() if late.any() else None
        if len(late) and late.all():
            table.findings.error(
                f"every row is dated after --as-of {options.as_of.isoformat()}.",
                "Give a later date, or leave the file out.",
            )
        table.drop(late, say("after --as-of {day}", day=options.as_of.isoformat()))


def _plausible(table: Mapped, options: ReadOptions) -> None:
    """Refuse dates that no account can have: a typing error, or the wrong format."""
    import pandas as pd

    days = table.frame["date"]
    latest = options.today + timedelta(FUTURE_DAYS)
    odd = (days < pd.Timestamp(EARLIEST_DAY)) | (days > pd.Timestamp(latest))
    if odd.any():
        lines = table.lines(odd)
        shown = sorted({d.date().isoformat() for d in days[odd]})
        count = counted(int(table.frame["_rows"][odd].sum()), "row")
        table.findings.error(
            f"{count} dated {examples(list(shown))}{aside(lines=several(lines))}; "
            f"dates from {EARLIEST_DAY.isoformat()} to a year from now are expected.",
            "Correct the dates, or say how they are written with --date-format.",
            line=next(iter(lines), None),
            column=table.header_of("date"),
        )


def _ranges(table: Mapped, options: ReadOptions) -> None:
    """Read exports that name a range per row: a day, a week, or a total of a period."""
    import pandas as pd

    if table.date_unit != "range":
        return
    reading = read_dates(_distinct(table.frame["range_end"]), habit=table.platform.habit, pattern=options.date_format)
    end = pd.to_datetime(table.frame["range_end"].map(reading.days))
    length = (end - table.frame["date"]).dt.days + (0 if _ends_at_midnight(table) else 1)
    lengths = set(length.dropna().astype(int))
    table.date_unit = "day"
    if lengths <= {1} or not lengths:
        return
    if lengths == {7}:
        table.date_unit = "week"
    elif lengths <= {28, 29, 30, 31} and (table.frame["date"].dt.day == 1).all() and table.frame["date"].nunique() > 1:
        table.date_unit = "month"
    else:
        longest = max(lengths)
        table.findings.error(
            f"one row covers {longest} days: the export holds totals of a period, not days.",
            "Export it again with the breakdown by day.",
            line=next(iter(table.lines(length == longest, most=1)), None),
            column=table.header_of("range_end"),
        )


def _ends_at_midnight(table: Mapped) -> bool:
    """Return whether ranges end where the next begins: at midnight, as in Snapchat's hours."""
    ends = [str(v).strip() for v in _distinct(table.frame["range_end"]) if isinstance(v, str)]
    return bool(ends) and all(re.search(r"[T ]0?0:00(:00(\.0+)?)?(Z|[ +-].*)?$", v) for v in ends)


def settle_grain(table: Mapped, options: ReadOptions) -> None:
    """Tell days from weeks and refuse a mixture, with the line where it changes."""
    if "date" not in table.frame.columns or table.findings.errors:
        return
    days = sorted(d.date() for d in table.frame["date"].dropna().unique())
    reading = grain_of(days)
    grain = reading.grain
    if table.date_unit == "month" and grain != "mixed":
        grain = "month"
    elif table.date_unit == "week" and grain == "unknown":
        grain = "week"
    if grain == "mixed" and reading.first_odd:
        import pandas as pd

        lines = table.lines(table.frame["date"] == pd.Timestamp(reading.first_odd), most=1)
        table.findings.error(
            f"days and weeks are mixed, or the dates are ragged: the step changes at {reading.first_odd.isoformat()}.",
            "Export the whole file by day, or the whole file by week.",
            line=next(iter(lines), None),
            column=table.header_of("date"),
        )
    elif grain == "month":
        table.findings.error("the file is by month, which is too coarse: 12 points a year carry no reading of ROAS.",
                             "Export it by day or by week.", column=table.header_of("date"))  # fmt: skip
    elif reading.missing and grain in ("day", "week"):
        shown = examples([d.isoformat() for d in reading.missing])
        days_or_weeks = plural(len(reading.missing), "day") if grain == "day" else plural(len(reading.missing), "week")
        table.findings.note(
            say("no row at all on {periods} ({shown}): a gap, not zero", periods=days_or_weeks, shown=shown)
        )
    if grain == "day" and options.grain != "week":
        _refuse_weekly_channels(table, days)
    table.grain = grain


def _refuse_weekly_channels(table: Mapped, days: list[date]) -> None:
    """Refuse channels with a row every seven days beside others with one a day.

    Such a row may be a week's spend; were it that day's alone, there would
    be no telling.
    """
    frame = table.frame
    if table.role != "spend" or "channel" not in frame.columns or frame["channel"].nunique() < 2:
        return
    weekly = []
    for channel, cells in frame.groupby("channel", sort=True)["date"]:
        own = sorted(d.date() for d in cells.unique())
        whole = (own[-1] - own[0]).days >= WEEKLY_SHARE * (days[-1] - days[0]).days
        if len(own) >= WEEKLY_ROWS and whole and all((b - a).days == 7 for a, b in pairwise(own)):
            weekly.append(str(channel))
    if weekly:
        shown = examples([f'"{c}"' for c in weekly])
        table.findings.error(
            f"days and weeks are mixed: {shown} with one row every seven days, the file as a whole by day.",
            "Use --grain week to add the days up, or write a row with 0 for each day without spend.",
            column=table.header_of("date"),
        )
