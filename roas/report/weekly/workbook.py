"""The week as a workbook: real numbers with their units, one table a sheet, totals that a spreadsheet adds up itself."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from roas.charts import theme
from roas.charts.causal_words import is_known, with_probability
from roas.format import decimals, visible, width
from roas.language import say, speaking, spoken
from roas.metrics import ratio as divide
from roas.report.caused import usable
from roas.report.caused_words import known_words
from roas.report.weekly import alerted, changed, decided, headline, numbers, planned, trust
from roas.report.weekly.channels import WEEKS
from roas.report.weekly.names import amount, label, week_number, week_words, whose
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd

    from roas.quantiles import Q
    from roas.response import ChannelResponse
    from roas.weekly.record import WeeklyReport

Kind = Literal["text", "date", "money", "ratio", "count", "share", "truth"]
Row = Mapping[str, Any]

#: Characters that a cell can hold (Excel's specifications and limits).
LONGEST: Final = 32_767

#: Widths of columns in characters: below it headings break badly, above it texts wrap.
NARROWEST: Final = 9.0
WIDEST: Final = 48.0

#: Characters across a sheet on paper: texts above a table wrap there.
ACROSS: Final = 110

#: Points that one line of a cell takes.
_LINE: Final = 15.0

#: Unit → number format. A date is the same for every reader; a language's own marks are the spreadsheet's.
_FORMATS: Final[Mapping[str, str]] = {"date": "yyyy-mm-dd", "ratio": "0.00", "count": "#,##0", "share": "0.0%"}

#: Figures of a week's row, in the order of the sheet.
_OF_WEEK: Final = ("spend", "revenue", "mer", "claimed_revenue", "claimed_roas", "conversions", "orders")

#: Ratio → what it divides, so that a total is a ratio of sums.
_RATIOS: Final[Mapping[str, tuple[str, str]]] = {
    "mer": ("revenue", "spend"),
    "claimed_roas": ("claimed_revenue", "spend"),
}


class Typed(NamedTuple):
    """A value with a unit of its own, where a column holds several."""

    value: Any
    unit: Kind


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    ``total`` adds the column up, or divides the totals of two others.
    ``formula`` works a cell out of others of its row, named by key in braces.
    """

    key: str
    heading: str
    unit: Kind = "text"
    total: Literal["", "sum"] | tuple[str, str] = ""
    formula: str = ""


def write_workbook(report: WeeklyReport, path: str | Path) -> None:
    """Write the week as an XLSX file.

    Parameters
    ----------
    path : path
        Of the file; what stands there is replaced.

    Raises
    ------
    OSError
        When it cannot be written.

    Notes
    -----
    Texts are written as texts, whatever they begin with; totals are formulas
    that also carry their value. The same record gives the same bytes: the
    file says that it was made on the week's Sunday.
    """
    with speaking(report.language):
        made = _Book(report)
        for write in (_summary, _channels, _weeks, _changes, _alerts, _plan, _decisions, _files):
            write(made, report)
        Path(path).write_bytes(made.finished())


def money_format(currency: str | None) -> str:
    """Return how a spreadsheet writes amounts: the symbol where the language has it.

    Examples
    --------
    >>> money_format("EUR"), money_format("JPY"), money_format(None)
    ('"€"#,##0.00', '"¥"#,##0', '#,##0.00')
    """
    digits = decimals(currency)
    number = "#,##0" + ("." + "0" * digits if digits else "")
    if not currency:
        return number
    from babel import Locale
    from babel.numbers import get_currency_symbol

    symbol = get_currency_symbol(currency, locale=spoken()).replace('"', "")
    pattern = str(Locale.parse(spoken()).currency_formats["standard"].pattern).partition(";")[0]
    if not pattern.startswith("¤"):
        return f'{number}" {symbol}"'
    return f'"{symbol} "{number}' if not pattern.startswith("¤#") or symbol.isalpha() else f'"{symbol}"{number}'


def _ranged(key: str, heading: str, unit: Kind) -> list[Column]:
    """Return the columns of an estimate: its middle and both ends."""
    return [
        Column(key, heading, unit),
        Column(f"{key}_low", say("{figure}: low end, 90 % range", figure=heading), unit),
        Column(f"{key}_high", say("{figure}: high end, 90 % range", figure=heading), unit),
    ]


def _ends(key: str, q: Q | None) -> dict[str, float | None]:
    """Return the cells of an estimate; empty ones where there is none."""
    if q is None:
        return {}
    return {key: q.p50, f"{key}_low": q.p5, f"{key}_high": q.p95}


# ---- the book --------------------------------------------------------------------------------


class _Book:
    """A workbook in memory, with one format for each unit and look."""

    def __init__(self, report: WeeklyReport) -> None:
        import xlsxwriter

        self.file = io.BytesIO()
        plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self.book: Any = xlsxwriter.Workbook(self.file, {"in_memory": True, **plain})
        made = dt.datetime.combine(report.week.sunday, dt.time())
        self.book.set_properties({"title": week_words(report.week), "author": "roas", "created": made})
        self.units = {**_FORMATS, "money": money_format(report.analysis.tables.currency)}
        self.looks: dict[tuple[Any, ...], Any] = {}
        self.later: list[Callable[[], Any]] = []  # sheets that follow others which show what is in them

    def finished(self) -> bytes:
        """Return the file."""
        self.book.close()
        return self.file.getvalue()

    def look(self, unit: Kind = "text", **more: Any) -> Any:
        """Return the format of a unit, in bold and the like."""
        key = (unit, *sorted(more.items()))
        if key not in self.looks:
            number = {"num_format": self.units[unit]} if unit in self.units else {"text_wrap": unit == "text"}
            self.looks[key] = self.book.add_format({"valign": "top", **number, **more})
        return self.looks[key]

    def sheet(self, name: str) -> Any:
        """Add a sheet that prints on pages as wide as itself."""
        made = self.book.add_worksheet(name)
        made.set_landscape()
        made.set_paper(9)  # A4
        made.fit_to_pages(1, 0)
        made.hide_gridlines(2)
        return made

    def put(self, sheet: Any, row: int, column: int, value: Any, unit: Kind, **more: Any) -> None:
        """Write one value in its unit; what is not known stays empty."""
        look = self.look(unit, **more)
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look("truth", **more))
        elif isinstance(value, str):
            text = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
            sheet.write_string(row, column, text, self.look("text", **more))
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), look)
        elif known(value) is not None:
            sheet.write_number(row, column, value, look)
        elif more:
            sheet.write_blank(row, column, None, look)

    def table(
        self, name: str, columns: Sequence[Column], rows: Sequence[Row], *, nothing: str, totals: Row | None = None
    ) -> Any:
        """Write a sheet that is one table: headings that stay, a filter, rows, totals where some are asked for.

        Parameters
        ----------
        nothing : str
            What an empty table says.
        totals : mapping, optional
            Totals that are no sums, by key.
        """
        sheet = self.sheet(name)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            self.put(sheet, 0, place, column.heading, "text", bold=True, bg_color="#EEF1F4", bottom=1)
            sheet.set_column(place, place, _wide(column, rows))
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        if not rows:
            sheet.write_string(1, 0, nothing)
            return sheet
        for line, row in enumerate(rows, start=1):
            self._row(sheet, line, columns, row)
        if totals is not None or any(column.total for column in columns):
            self._totals(sheet, columns, rows, totals or {})
        return sheet

    def _row(self, sheet: Any, line: int, columns: Sequence[Column], row: Row) -> None:
        at = {column.key: _cell(line, place) for place, column in enumerate(columns)}
        for place, column in enumerate(columns):
            value, unit = _typed(row.get(column.key), column.unit)
            if column.formula and value is not None:
                sheet.write_formula(line, place, f"={column.formula.format(**at)}", self.look(unit), value)
            else:
                self.put(sheet, line, place, value, unit)

    def _totals(self, sheet: Any, columns: Sequence[Column], rows: Sequence[Row], given: Row) -> None:
        line, bold = len(rows) + 1, {"bold": True, "top": 1}
        at = {column.key: _cell(line, place) for place, column in enumerate(columns)}
        sums = {column.key: _sum(rows, column.key) for column in columns if column.total == "sum"}
        for place, column in enumerate(columns):
            look, value = self.look(column.unit, **bold), sums.get(column.key)
            if value is not None:
                first, last = _cell(1, place), _cell(len(rows), place)
                sheet.write_formula(line, place, f"=SUM({first}:{last})", look, value)
            elif isinstance(column.total, tuple) and _comparable(rows, *column.total):
                over, under = column.total
                share = divide(sums[over], sums[under])
                formula = f'=IF({at[under]}=0,"",{at[over]}/{at[under]})'
                sheet.write_formula(line, place, formula, look, "" if share is None else share)
            else:
                self.put(
                    sheet, line, place, given.get(column.key, say("Total") if place == 0 else None), column.unit, **bold
                )


def known(value: Any) -> float | None:
    """Return a finite number; None for everything else."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _is_told(value: Any) -> bool:
    return bool(value) if isinstance(value, str) else known(value) is not None


def _typed(value: Any, unit: Kind) -> tuple[Any, Kind]:
    return (value.value, value.unit) if isinstance(value, Typed) else (value, unit)


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def _sum(rows: Sequence[Row], key: str) -> float | None:
    found = [each for each in (known(row.get(key)) for row in rows) if each is not None]
    return math.fsum(found) if found else None


def _comparable(rows: Sequence[Row], over: str, under: str) -> bool:
    """Return whether both sums are of the same rows: a ratio of anything else would be wrong."""
    pairs = [(known(row.get(over)) is None, known(row.get(under)) is None) for row in rows]
    return all(a == b for a, b in pairs) and not all(a for a, _ in pairs)


def _wide(column: Column, rows: Sequence[Row]) -> float:
    """Return how many characters wide a column should be: its longest word of a heading, its longest value."""
    longest = max((width(word) for word in column.heading.split()), default=0)
    for row in rows:
        value, unit = _typed(row.get(column.key), column.unit)
        if isinstance(value, str):
            longest = max(longest, width(value))
        elif (number := known(value)) is not None:
            longest = max(longest, len(f"{number:,.2f}") + 2 * (unit == "money"))
    return min(max(longest + 2.0, NARROWEST), WIDEST)


# ---- the sheets ------------------------------------------------------------------------------


def _summary(made: _Book, report: WeeklyReport) -> None:
    """Write the verdict, the figures of the week with their usual range, and what to know of them."""
    sheet, bold = made.sheet(say("Summary")), {"bold": True, "bg_color": "#EEF1F4", "bottom": 1}
    headings = (
        say("Figure"), say("This week"), say("Week before"), say("Change"), say("Usual: from"), say("Usual: to"),
        say("Beside the usual"),
    )  # fmt: skip
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(headings) - 1, 14)
    line = 0
    for text, size in ((week_words(report.week), 11), (headline.verdict(report), 14), (headline.lead(report), 11)):
        line = _paragraph(made, sheet, line, text, len(headings), font_size=size, bold=size > 11)
    line += 1
    for place, heading in enumerate(headings):
        made.put(sheet, line, place, heading, "text", **bold)
    for line, each in enumerate(report.figures, start=line + 1):  # noqa: B020
        unit: Kind = "text" if each.unit == "word" else each.unit
        made.put(sheet, line, 0, label(each.name), "text", bold=True)
        for place, value in ((1, each.value), (2, each.before), (4, each.low), (5, each.high)):
            made.put(sheet, line, place, value, unit)
        made.put(sheet, line, 3, each.change, "share")
        state = numbers.state_of(each)
        made.put(sheet, line, 6, say(numbers.STATES[state]), "text", bold=each.unusual)
    line += 2
    data = trust.data(report)
    for text in (
        say("Usual: nine weeks in ten lie between the two when nothing happens."),
        changed.since(report), alerted.promise(report), alerted.used(report), data["covers"], data["settled"],
        *data["notes"], say("Made by roas {version}.", version=report.run.version),
    ):  # fmt: skip
        line = _paragraph(made, sheet, line, text, len(headings)) if text else line


def _paragraph(made: _Book, sheet: Any, line: int, text: str, columns: int, **more: Any) -> int:
    """Write a text across the table, as high as it needs; return the line below."""
    size = more.get("font_size", 11) / 11
    lines = math.ceil(width(text) * size * (1.1 if more.get("bold") else 1.0) / ACROSS)
    sheet.merge_range(line, 0, line, columns - 1, "", made.look("text", **more))
    sheet.set_row(line, (max(lines, 1)) * _LINE * size)
    made.put(sheet, line, 0, text, "text", **more)
    return line + 1


def _channels(made: _Book, report: WeeklyReport) -> None:
    """Write one row a channel, the largest spend first, with its spend by week as a small picture."""
    spend = _by_week(report)
    columns = [
        Column("channel", say("Channel")),
        Column("spend", say("Spend this week"), "money", "sum"),
        Column("claimed_revenue", say("Revenue claimed this week"), "money", "sum"),
        Column("claimed_roas", say("Claimed ROAS this week"), "ratio", _RATIOS["claimed_roas"]),
        Column("conversions", say("Conversions claimed this week"), "count", "sum"),
        *_ranged("roas", say("ROAS caused, whole period"), "ratio"),
        *_ranged("marginal", say("Marginal ROAS"), "ratio"),
        Column("state", say("Saturation")),
        Column("known", say("How well it is known")),
        *_ranged("swing", say("Swing of weekly ROAS without luck, sd of its logarithm"), "ratio"),
        Column("line", say("Spend, last {number} weeks", number=str(WEEKS))),
    ]
    rows = _channel_rows(report, list(spend.columns))
    always = ("channel", "spend", "state", "line")
    columns = [each for each in columns if each.key in always or any(_is_told(row.get(each.key)) for row in rows)]
    sheet = made.table(say("Channels"), columns, rows, nothing=say("No channel spent anything."))
    name = say("Channels by week")
    of_week = Column("week", say("Week from"), "date")
    weekly = [of_week, *(Column(f"={channel}", visible(channel), "money", "sum") for channel in spend.columns)]
    cells = [
        {"week": week.date(), **{f"={channel}": value for channel, value in row.items()}}
        for week, row in zip(spend.index, spend.to_dict("records"), strict=True)
    ]
    _sparklines(sheet, name, report, spend, len(columns) - 1)
    made.later.append(lambda: made.table(name, weekly, cells, nothing=say("No channel spent anything.")))


def _by_week(report: WeeklyReport) -> pd.DataFrame:
    """Return spend by week and channel, every week to the report's own, the largest spend of the half year first."""
    import pandas as pd

    last = pd.Timestamp(report.week.monday)
    rows = report.analysis.channel_weeks
    rows = rows[rows["week"] <= last].assign(channel=rows["channel"].astype(str))
    table = rows.pivot_table(index="week", columns="channel", values="spend", aggfunc="sum", sort=True, observed=True)
    if len(table):
        table = table.reindex(pd.date_range(table.index.min(), last, freq="7D"))
    order = table.tail(WEEKS).sum().sort_values(ascending=False, kind="stable").index
    return table[order]


def _channel_rows(report: WeeklyReport, names: Sequence[str]) -> list[Row]:
    import pandas as pd

    analysis = report.analysis
    rows = analysis.channel_weeks
    rows = rows[rows["week"] == pd.Timestamp(report.week.monday)]
    week = {str(row["channel"]): row for row in rows.to_dict("records")}
    shown, steady = usable(analysis) is not None, analysis.volatility
    found: list[Row] = []
    for name in names:
        row = week.get(name, {"spend": 0.0})
        each, swings = analysis.caused.get(name) if shown else None, steady and steady.channels.get(name)
        found.append(
            {key: row.get(key) for key in ("spend", "claimed_revenue", "claimed_roas", "conversions")}
            | {"channel": visible(name), "state": say("cannot be told"), "known": ""}
            | (_ends("swing", swings.swing.true_log_sd) if swings else {})
            | (_caused(each) if each else {})
        )
    return found


def _caused(each: ChannelResponse) -> dict[str, Any]:
    state = with_probability(each.state, each.probability, known=is_known(each.verdict.identified))
    ends = _ends("roas", each.roas) | _ends("marginal", each.marginal_roas)
    return {**ends, "state": state, "known": known_words(each)}


def _sparklines(sheet: Any, source: str, report: WeeklyReport, spend: pd.DataFrame, column: int) -> None:
    """Draw each channel's spend of the last half year in its row, in the colour that it has on every chart."""
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    hues = theme.channel_colours(report.analysis.channels["channel"])
    first, last = max(len(spend) - WEEKS, 0) + 1, len(spend)
    for place, channel in enumerate(spend.columns, start=1):
        cells = f"{quote_sheetname(source)}!{xl_range_abs(first, place, last, place)}"
        colour = hues.get(channel, theme.OTHER)
        sheet.add_sparkline(place, column, {"range": cells, "type": "column", "series_color": colour, "min": 0})
    sheet.set_column(column, column, 26)


def _weeks(made: _Book, report: WeeklyReport) -> None:
    """Write one row a week of the account, and whether the week and its claims are complete."""
    import pandas as pd

    weeks, settled = report.analysis.weeks, report.analysis.window["mature_until"]
    weeks = weeks[weeks["week"] <= pd.Timestamp(report.week.monday)]
    shown = [name for name in _OF_WEEK if name in weeks.columns and has_values(weeks, name)]
    claimed = not {"claimed_revenue", "conversions"}.isdisjoint(shown)
    units: dict[str, Kind] = {"mer": "ratio", "claimed_roas": "ratio", "conversions": "count", "orders": "count"}
    columns = [
        Column("week", say("Week from"), "date"),
        Column("whole", say("Whole week"), "truth"),
        *([Column("settled", say("All claims have arrived"), "truth")] if claimed else []),
        *(Column(name, label(name), units.get(name, "money"), _RATIOS.get(name, "sum")) for name in shown),
    ]
    until = None if settled is None else dt.date.fromisoformat(settled)
    rows = []
    for row in weeks.to_dict("records"):
        monday = row["week"].date()
        arrived = None if until is None else monday + dt.timedelta(6) <= until
        known_ones = {name: row[name] for name in shown}
        rows.append({**known_ones, "week": monday, "whole": bool(row["complete"]), "settled": arrived})
    made.table(say("Weeks"), columns, rows, nothing=say("The files say nothing of this week."))
    for write in made.later:
        write()


def _changes(made: _Book, report: WeeklyReport) -> None:
    """Write every figure that differs from the last report, with the reason, news first."""
    currency = report.analysis.tables.currency
    columns = [
        Column("why", say("Why")), Column("whose", say("Channel")), Column("figure", say("Figure")),
        Column("before", say("Before")), Column("after", say("After")), Column("share", say("Change"), "share"),
    ]  # fmt: skip
    rows = []
    for reason, (heading, _) in changed.REASONS.items():
        for each in report.changes:
            if each.because != reason:
                continue
            unit: Kind = "text" if each.unit == "word" else each.unit
            before, after = (
                amount(v, each.unit, currency) if isinstance(v, str) else v for v in (each.before, each.after)
            )
            row = {"why": say(heading), "whose": whose(each.channel), "figure": label(each.figure)}
            a, b = known(before), known(after)
            share = b / a - 1 if a is not None and b is not None and a > 0 else None
            rows.append(row | {"before": Typed(before, unit), "after": Typed(after, unit), "share": share})
    sheet, line = made.table(say("Changes"), columns, rows, nothing=changed.since(report)), max(len(rows), 1) + 2
    for text in (text for each in report.corrections for text in (each.says(currency), each.says_late()) if text):
        line = _paragraph(made, sheet, line, text, len(columns))


def _alerts(made: _Book, report: WeeklyReport) -> None:
    """Write every alert with its loss and its evidence."""
    loss = say("Profit lost a week") if report.analysis.margin is not None else say("Revenue lost a week")
    columns = [
        Column("state", say("State")), Column("title", say("Alert")), Column("since", say("Since"), "date"),
        Column("said", say("First said in")), *_ranged("loss", loss, "money"),
        Column("sure", say("Probability"), "share"), Column("seen", say("Evidence (e-value)"), "ratio"),
        Column("asked", say("Evidence that an alert asks for"), "ratio"),
    ]  # fmt: skip
    listed = [
        (say(badge), each) for state, badge in alerted.BADGES.items() for each in report.alerts if each.state == state
    ]
    listed += [(say("Still open, nothing new"), each) for each in report.standing]
    rows = [
        {
            "state": state, "title": headline.alert_title(each, report),
            "since": each.since, "said": week_number(each.said), **_ends("loss", each.effect_per_week),
            "sure": each.probability, "seen": _evidence(each.e_value), "asked": _evidence(each.level),
        }
        for state, each in listed
    ]  # fmt: skip
    made.table(say("Alerts"), columns, rows, nothing=say("There is no alert."))


def _evidence(value: float) -> float | str:
    """Return evidence as a cell holds it: a spreadsheet has no number without end."""
    return "∞" if value == math.inf else value


def _plan(made: _Book, report: WeeklyReport) -> None:
    """Write now, planned and the change per channel; a changed plan is worked out again by the sheet."""
    columns = [
        Column("channel", say("Channel")),
        Column("now", say("Spend a week now"), "money", "sum"),
        Column("planned", say("Spend a week, planned"), "money", "sum"),
        Column("change", say("Change"), "money", "sum", formula="{planned}-{now}"),
        Column("share", say("Change, share"), "share", formula='IF({now}=0,"",{change}/{now})'),
        *_ranged("brings", say("Revenue a week that the move brings"), "money"),
    ]
    found, rows, totals = report.plan, [], {}
    if found is not None:
        moves = sorted(found.plan.moves, key=lambda m: (-abs(m.planned - m.now), -m.now, m.channel))
        for move in moves:
            now, plan = round(move.now, 2), round(move.planned, 2)
            size, told = round(plan - now, 2), move.channel not in found.today.excluded and move.planned != move.now
            cells = {"now": now, "planned": plan, "change": size, "share": size / now if now else ""}
            effect = _ends("brings", move.revenue_change) if told else {}
            rows.append({"channel": visible(move.channel), **cells, **effect})
        totals = _ends("brings", found.plan.revenue_change)
    sheet = made.table(say("Plan"), columns, rows, nothing=headline.lead(report), totals=totals)
    words = planned.plan(report)
    if words is not None:
        line = len(rows) + 3
        for text in (words["verdict"], *words["gains"], *words["more"]):
            line = _paragraph(made, sheet, line, text, len(columns))


def _decisions(made: _Book, report: WeeklyReport) -> None:
    """Write every plan that was noted, predicted beside realised."""
    columns = [
        Column("name", say("Plan")), Column("state", say("State")), Column("who", say("Noted by")),
        Column("made", say("Noted on"), "date"), Column("begins", say("Begins on"), "date"),
        Column("weeks", say("Weeks"), "count"),
        *_ranged("predicted", say("Revenue change a week, predicted"), "money"),
        *_ranged("realised", say("Revenue change a week, realised"), "money"),
        Column("followed", say("Share of the moves made"), "share"), Column("said", say("In words")),
    ]  # fmt: skip
    rows = [
        {
            "name": visible(each.name) or say("Plan without a name"), "state": say(decided.STATES[each.state]),
            "who": visible(each.who), "made": each.made, "begins": each.begins, "weeks": each.weeks,
            **_ends("predicted", each.predicted), **_ends("realised", each.realised), "followed": each.followed,
            "said": visible(each.because),
        }
        for each in report.decisions
    ]  # fmt: skip
    made.table(say("Decisions"), columns, rows, nothing=say("No plan was noted so far."))


def _files(made: _Book, report: WeeklyReport) -> None:
    """Write every file: what was read, used and left out, and why."""
    columns = [
        Column("file", say("File")), Column("format", say("Format")), Column("start", say("First day"), "date"),
        Column("end", say("Last day"), "date"), Column("read", say("Rows read"), "count", "sum"),
        Column("used", say("Rows used"), "count", "sum"),
        Column("left", say("Rows left out"), "count", "sum", formula="{read}-{used}"),
        Column("said", say("Remarks")), Column("sha256", say("SHA-256 of the file")),
    ]  # fmt: skip
    rows = []
    for each in report.analysis.inputs:
        words = trust.file(each)
        days = {"start": each.start, "end": each.end}
        read = {"read": each.rows_read, "used": each.rows_used, "left": each.rows_read - each.rows_used}
        said = {"said": "; ".join(words["said"]), "sha256": words["sha256"]}
        rows.append({"file": words["file"], "format": words["format"], **days, **read, **said})
    made.table(say("Files"), columns, rows, nothing=say("No file was read."))
