"""Raw cells of a mapped table → floats: one decimal mark, micros, bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.format import plural, say_many
from roas.io.headers import SYMBOLS, words
from roas.io.mapped import Mapped
from roas.io.numbers import Mark, MarkReading, decide_mark, is_censored, to_number
from roas.language import say
from roas.problems import aside, aside_said, counted, examples
from roas.tables import COUNTS, MONEY

if TYPE_CHECKING:
    import pandas as pd

#: Currencies written without decimals in practice (survey rule 8; CLDR).
ZERO_DECIMAL = frozenset({"VND", "JPY", "KRW", "CLP", "IDR", "PYG", "UGX", "XOF", "XAF", "HUF", "ISK", "TWD"})

#: Languages whose numbers use a decimal comma, told by their header words.
_COMMA_WORDS = frozenset(["tag", "kosten", "klicks", "umsatz", "kampagne", "jour", "cout", "clics", "campagne", "dia",
  "coste", "fecha", "custo", "cliques", "dag", "klikken", "omzet", "giorno", "costo", "ngay", "chi", "chien", "datum",
  "woche", "semaine", "semana", "gasto", "spesa", "uitgaven", "ausgaben", "valeur", "wert"])  # fmt: skip


def numeric_columns(table: Mapped, measures: frozenset[str]) -> list[str]:
    """Return the table's columns that hold numbers, in a stable order."""
    controls = [c for c in table.frame.columns if str(c).startswith("control: ")]
    return [c for c in table.frame.columns if c in measures or c in table.platform.numbers] + controls


def read_numbers(
    table: Mapped,
    columns: list[str],
    *,
    decimal: Mark | None,
    micros: frozenset[str],
    currency: str | None = None,
) -> Mark | None:
    """Replace the cells of `columns` by floats (NaN for null), in place.

    Returns the decimal mark that was used.

    Money that cannot be read is an error with its line; a count that cannot
    be read becomes null and is said.
    """
    before = len(table.findings.errors)
    mark = decimal or _mark(table, columns, currency)
    settled = len(table.findings.errors) == before
    for column in columns:
        values, bad, bounds = _parse(table.frame[column], mark)
        if bounds:
            table.findings.note(
                say(
                    '{cells} with a bound, not a number (such as "<5"): read as not known', cells=plural(bounds, "cell")
                ),
                column=table.header_of(column),
            )
        if bad and settled:
            _say_unreadable(table, column, bad)
        scale = (
            column in micros
            or column in table.platform.micros
            or {"micro", "micros"} & set(words(table.header_of(column)).split())
        )
        table.frame[column] = (values / 1e6).round(6) if scale else values
    return mark


def _texts(cells: pd.Series) -> list[str]:
    if cells.dtype != object:  # numbers already, read by the engine
        return []
    return [v for v in dict.fromkeys(cells.tolist()) if isinstance(v, str)]


def _mark(table: Mapped, columns: list[str], currency: str | None) -> Mark | None:
    """Decide the decimal mark once per file, or say what leaves it open."""
    cells = {c: _texts(table.frame[c]) for c in columns}
    money = [v for c in columns if c in MONEY for v in cells[c]]
    counts = [v for c in columns if c in COUNTS for v in cells[c]]
    others = [v for c in columns if c not in MONEY and c not in COUNTS for v in cells[c]]
    rest = [v for c in table.raw.cells.columns for v in _texts(table.raw.cells[c].head(500)) if v.endswith("%")]
    reading = decide_mark([*money, *others], counts, rest)
    if table.raw.scan is not None and table.raw.mark in (".", ","):
        return _same_mark(table, ".", reading) if table.raw.mark == "." else _same_mark(table, ",", reading)
    if reading.mark or not (reading.open_cell or reading.conflict):
        return reading.mark
    if reading.conflict:
        _refuse_two_marks(table, *reading.conflict)
        return "."
    return _open_mark(table, str(reading.open_cell), currency)


def _refuse_two_marks(table: Mapped, dot: str, comma: str) -> None:
    table.findings.error(
        f'"{dot}" is written with a decimal point and "{comma}" with a decimal comma.',
        'Use --decimal "." or --decimal "," if one of them is a thousands mark.',
    )


def _same_mark(table: Mapped, mark: Mark, odd: MarkReading) -> Mark:
    """Return the mark by which a big file was added up, unless its odd rows contradict it."""
    against = odd.votes.get("," if mark == "." else ".")
    if against is not None:
        columns = [i for c, i in table.raw.group_columns.items() if c in MONEY]
        cells = [str(v) for i in columns for v in table.raw.cells[i].unique()]
        other = decide_mark(cells).votes.get(mark, "1.50" if mark == "." else "1,50")
        _refuse_two_marks(table, *((other, against) if mark == "." else (against, other)))
    return mark


def _open_mark(table: Mapped, cell: str, currency: str | None) -> Mark | None:
    """Settle ``1.234`` by currency or language, else ask."""
    symbol = next((SYMBOLS[s] for s in sorted(SYMBOLS, key=len, reverse=True) if s in cell), None)
    mark = "." if "." in cell else ","
    other: Mark = "," if mark == "." else "."
    if (table.currency or symbol or currency) in ZERO_DECIMAL:
        return other
    if {w for h in table.headers.values() for w in words(h).split()} & _COMMA_WORDS:
        table.findings.note(say('"{cell}" is read with a decimal comma, as in the language of the headers', cell=cell))
        return ","
    table.findings.error(
        f'"{cell}" could be a thousand or a decimal number, and no cell settles it.',
        'Use --decimal "." or --decimal ",".',
        column=next((table.header_of(c) for c in table.frame.columns if cell in set(table.frame[c].astype(str))), None),
    )
    return other


def _parse(cells: pd.Series, mark: Mark | None) -> tuple[pd.Series, dict[Any, str], int]:
    """Read each distinct text once; returns values, unreadable cells, bounds."""
    import numpy as np
    import pandas as pd

    if cells.dtype != object:
        return cells.astype("float64"), {}, 0
    # Kinds apart: to a hash table, True is 1.
    kinds = np.fromiter((1 if isinstance(v, str) else 2 * isinstance(v, bool) for v in cells), "int8", len(cells))
    values = np.full(len(cells), np.nan)
    bad: dict[Any, str] = {}
    bounds = 0
    for where in (kinds == kind for kind in range(3)):
        if not where.any():
            continue
        codes, uniques = pd.factorize(cells[where])
        read = np.full(len(uniques) + 1, np.nan)  # the last place is for null
        for i, value in enumerate(uniques):
            if isinstance(value, str) and is_censored(value):
                bounds += int((codes == i).sum())
                continue
            try:
                number = to_number(value, mark)
                read[i] = np.nan if number is None else number
            except (ValueError, TypeError, OverflowError):
                bad[value] = str(value)
        values[where] = read[codes]
    return pd.Series(values, index=cells.index), bad, bounds


def _say_unreadable(table: Mapped, column: str, bad: dict[Any, str]) -> None:
    wrong = {(type(v), v) for v in bad}
    mask = table.frame[column].map(lambda v: (type(v), v) in wrong)
    lines = table.lines(mask)
    shown = examples([repr(v if len(v) < 60 else v[:60] + "…") for v in bad.values()])
    number = int(mask.sum())
    listed = lines if number > 1 else None
    head, line = table.header_of(column), next(iter(lines), None)
    if column in MONEY:
        fix = "Correct the cells, or empty them where nothing is known."
        says = f"{counted(number, 'cell')} {'are not numbers' if number > 1 else 'is no number'}"
        table.findings.error(f"{says}{aside(shown, lines=listed)}.", fix, line=line, column=head)
    else:
        says = say_many(
            "{number} cell is no number{where}. It is read as not known.",
            "{number} cells are not numbers{where}. They are read as not known.",
            number, where=aside_said(shown, lines=listed),
        )  # fmt: skip
        table.findings.warn(says, "Correct the cells.", line=line, column=head)
