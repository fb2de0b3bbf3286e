"""How the journeys of each row ended: conversions, value and nulls from a table's columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.tables.refusals import refuse
from roas.attribution.touches.values import SHARED, mixed, signs, unsigned, way_out
from roas.format import plural, visible
from roas.io.cells import read_numbers
from roas.io.distinct import each, which
from roas.io.headers import fold, header, iso_currencies, words
from roas.io.numbers import is_null
from roas.problems import examples

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.io.mapped import Mapped
    from roas.io.reading import ReadOptions

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

COUNTS: Final = ("conversions", "journeys", "nulls")

#: Words for "converted" and for "did not", in languages whose exports were seen.
YES: Final = frozenset({"true", "yes", "y", "t", "converted", "ja", "oui", "si", "sim", "wahr", "vrai", "co"})
NO: Final = frozenset(
    {"false", "no", "n", "f", "not converted", "nein", "nee", "non", "nao", "falsch", "faux", "khong"}
)

#: Headers that hold a flag, not a count: with a number of journeys beside them they say how all of those ended.
_FLAGS: Final = frozenset({"conversion", "converted", "is conversion", "is converted", "conversion flag"})

#: Cells that carry no sign of a currency.
_DIGITS: Final = re.compile(r"[\d.,\s+-]*")

_NO_NUMBER: Final = "Correct the cells; write 0 where there is none."


@dataclass
class Outcomes:
    """What the rows say, as arrays (rows,).

    ``one_each``: every row is one journey, so squared values are known.
    ``told``: notes on how the columns were read.
    """

    conversions: Floats
    value: Floats
    nulls: Floats
    nulls_known: bool
    one_each: bool = False
    told: list[str] = field(default_factory=list)

    @property
    def table(self) -> Floats:
        """Conversions, value, nulls and, where known, squared values: (rows, 3 or 4)."""
        columns = [self.conversions, self.value, self.nulls]
        return np.column_stack([*columns, self.value**2] if self.one_each else columns)


def read_cells(table: Mapped, *, conversion: Sequence[str], options: ReadOptions) -> bool:
    """Read the outcome columns of paths or wide journeys, in place.

    Parameters
    ----------
    table : Mapped
        With some of ``conversions``, ``journeys``, ``nulls``, ``value``,
        ``currency``. Every error goes into its findings.
    conversion : sequence of str
        Words in ``conversions`` that mark a conversion; none: those of ordinary language.

    Returns
    -------
    bool
        Whether ``conversions`` held words or truth values: a flag, no count.
    """
    table.currency = _currency(table, options.currency)
    flagged = table.has("conversions") and _put_flags(table, conversion)
    numbers = [c for c in (*COUNTS, "value") if table.has(c) and not (flagged and c == "conversions")]
    cells = {c: table.frame[c].copy() for c in numbers}
    read_numbers(table, numbers, decimal=options.decimal, micros=frozenset(), currency=table.currency)
    for column in numbers:
        _refuse_unread(table, column, cells[column])
    return flagged


def outcomes_of(table: Mapped, *, flagged: bool, ends: npt.NDArray[np.int8]) -> Outcomes | None:
    """Put the columns together that `read_cells` has read.

    Parameters
    ----------
    ends : array (rows,)
        1 where the path itself ends in a word for conversion, -1 in one for
        null: the outcome where no column has it.

    Returns
    -------
    Outcomes or None
        None where the table cannot say how journeys ended; then that is an error in its findings.
    """
    if not table.has("conversions") and not _from_ends(table, ends):
        return None
    found = _combined(table, flagged)
    _refuse_impossible(table, found, ends)
    return found


def _currency(table: Mapped, given: str | None) -> str | None:
    """Return the currency of the values: by the header, a column, a sign or the person; two are an error."""
    found: set[str | None] = {table.currency, given}
    cells: list[str] = []
    if table.has("value"):
        found.add(header(table.header_of("value")).currency)
        cells = [v for v in dict.fromkeys(table.frame["value"].tolist()) if isinstance(v, str)]
    if table.has("currency"):
        texts = {str(v).strip().upper() for v in table.frame["currency"].unique() if not is_null(v)}
        found |= {text for text in texts if text in iso_currencies()}
    codes = sorted(code for code in found if code)
    symbols, said = signs(v for v in cells if not _DIGITS.fullmatch(v))
    said = tuple(name for name in said if name in SHARED or name in iso_currencies())
    bare = next((v for v in cells if unsigned(v, symbols)), None) if said and not codes else None
    named = list(dict.fromkeys((*codes, *said)))
    clash = mixed(named, bare)
    if clash is not None:
        table.findings.error(
            f"values in {clash} stand in one table.", f"Give all of them in one currency.{way_out(named)}",
            column=table.header_of("value"),
        )  # fmt: skip
        return None
    return next((name for name in named if name not in SHARED), None)


def _put_flags(table: Mapped, conversion: Sequence[str]) -> bool:
    """Turn words for "converted" into 1 and 0, in place; returns whether there were any."""
    cells = table.frame["conversions"]
    if conversion:
        wanted = {fold(word) for word in conversion}
        found = np.array(each(cells, lambda v: not is_null(v) and fold(str(v)) in wanted), dtype=float)
        if not found.any():
            refuse(
                table, np.ones(len(found), dtype=bool), f"and none says {' or '.join(visible(word) for word in conversion)}",
                "Name the word that marks a conversion with --conversion.", column="conversions",
            )  # fmt: skip
        table.frame["conversions"] = found
        return True
    import pandas as pd

    distinct = [v for v in pd.unique(cells) if not is_null(v)]
    said = [v for v in distinct if _is_word(v)]
    if not said or not all(_is_word(v) or _digit(v) is not None for v in distinct):
        return False  # counts; a word among them is an odd cell
    unknown = [v for v in said if _meant(v) is None]
    refuse(
        table, which(cells, lambda v: v in unknown).to_numpy(dtype=bool), "with a word that says nothing of a conversion",
        "Name the word that marks one with --conversion, or write 1 and 0.", column="conversions",
        shown=examples([f'"{visible(v)}"' for v in unknown]),
    )  # fmt: skip
    values = each(cells, lambda v: _meant(v) if _is_word(v) else _digit(v))
    table.frame["conversions"] = np.array([np.nan if v is None else v for v in values], dtype=float)
    if not unknown:
        refuse(
            table, np.isnan(table.frame["conversions"].to_numpy()), "without an outcome",
            "Say for every journey whether it converted.", column="conversions",
        )  # fmt: skip
    return True


def _is_word(value: Any) -> bool:
    if isinstance(value, bool | np.bool_):
        return True
    return isinstance(value, str) and not is_null(value) and not any(c.isdigit() for c in value)


def _meant(value: Any) -> float | None:
    word = fold(str(value))
    return 1.0 if word in YES else 0.0 if word in NO else None


def _digit(value: Any) -> float | None:
    return None if is_null(value) else {"0": 0.0, "1": 1.0}.get(str(value).strip().removesuffix(".0"))


def _refuse_unread(table: Mapped, column: str, cells: Any) -> None:
    """Refuse what is no number, no finite one, a share, or below zero."""
    values = table.frame[column].to_numpy(dtype=float)
    share = which(cells, lambda v: isinstance(v, str) and "%" in v).to_numpy(dtype=bool)
    unread = share | (np.isnan(values) & ~which(cells, is_null).to_numpy(dtype=bool))
    if unread.any():
        shown = examples([repr(v) for v in dict.fromkeys(str(c)[:40] for c in cells[unread].tolist())])
        what = "with no amount of money" if column == "value" else "with no count"
        refuse(table, unread, what, _NO_NUMBER, column=column, shown=shown)
    fix = (
        "Refunds belong to the orders they undo: net them, or remove the rows."
        if column == "value"
        else "A count of journeys cannot be negative: correct the rows."
    )
    refuse(table, values < 0, "below zero", fix, column=column)


def _from_ends(table: Mapped, ends: npt.NDArray[np.int8]) -> bool:
    """Take the outcome from the last word of every path, where all have one; else ask for a column."""
    if len(ends) and (ends != 0).all():
        table.frame["conversions"] = (ends > 0).astype(float)
        table.findings.note("how a journey ended is read from the last word of its path")
        return True
    if table.has("journeys"):
        head = table.header_of("journeys")
        says = f'no column says which journeys converted ("{head}" counts journeys).'
        fix = 'Add a column "conversions". If all of them converted, call this one "conversions".'
    else:
        says = "no column says which journeys converted."
        fix = 'Add a column "conversions": a count, or 1 and 0 with one journey a row.'
    table.findings.error(says, fix, line=table.raw.header_line)
    return False


def _combined(table: Mapped, flagged: bool) -> Outcomes:
    """Put counts, flags and numbers of journeys together."""
    told: list[str] = []
    found = {c: table.frame[c].to_numpy(dtype=float) for c in (*COUNTS, "value") if table.has(c)}
    conversions = found["conversions"]
    known = conversions[~np.isnan(conversions)]
    is_flag = flagged or words(table.header_of("conversions")) in _FLAGS or "conversions" not in table.headers
    binary = bool(np.isin(known, (0.0, 1.0)).all())
    one_each = False
    if "nulls" in found:
        nulls = _zero_filled(table, found["nulls"], conversions, "nulls", told)
        conversions = _zero_filled(table, conversions, found["nulls"], "conversions", told)
    elif "journeys" in found:
        conversions, nulls = _of_journeys(table, conversions, found["journeys"], is_flag and binary, told)
    elif binary and (known == 0).any():
        refuse(table, np.isnan(conversions), "without an outcome", "Fill in 1 or 0.", column="conversions")
        one_each, nulls = True, 1.0 - conversions
        if not is_flag:
            told.append(f'"{table.header_of("conversions")}" is 1 or 0 in every row: each row is read as one journey')
    else:
        refuse(
            table, np.isnan(conversions), "without an outcome", "Fill in the conversions; a row broken over two lines "
            "shows so too.", column="conversions",
        )  # fmt: skip
        one_each, nulls = is_flag and binary, np.zeros(len(conversions))
    value = _value(table, found.get("value"), conversions, told)
    return Outcomes(conversions, value, nulls, bool(np.nansum(nulls) > 0), one_each, told)


def _zero_filled(table: Mapped, own: Floats, other: Floats, column: str, told: list[str]) -> Floats:
    """Read an empty count as none where the row's other outcome is there."""
    empty = np.isnan(own)
    if column == "nulls":
        refuse(
            table, empty & np.isnan(other), "without an outcome", "Fill in conversions and nulls, or remove the row; "
            "a row broken over two lines shows so too.", column="conversions",
        )  # fmt: skip
    if (empty & ~np.isnan(other)).any():
        count = plural(int((empty & ~np.isnan(other)).sum()), "row")
        told.append(f'{count} with an empty "{table.header_of(column)}": read as 0')
    return np.nan_to_num(own)


def _of_journeys(
    table: Mapped, conversions: Floats, journeys: Floats, is_flag: bool, told: list[str]
) -> tuple[Floats, Floats]:
    """Return conversions and nulls from a number of journeys and a count or a flag."""
    head, other = table.header_of("journeys"), table.header_of("conversions")
    fix = f'Fill in "{other}" and "{head}".'
    refuse(table, np.isnan(conversions) | np.isnan(journeys), "without an outcome", fix, column="conversions")
    if is_flag:
        told.append(f'"{other}" says how the journeys that "{head}" counts ended')
        return conversions * journeys, (1.0 - conversions) * journeys
    fix = f'"{head}" should count all journeys of the path, those without a conversion too.'
    refuse(table, conversions > journeys, "with more conversions than journeys", fix, column="conversions")
    told.append(f'journeys without a conversion are "{head}" minus "{other}"')
    return conversions, journeys - conversions


def _value(table: Mapped, value: Floats | None, conversions: Floats, told: list[str]) -> Floats:
    if value is None:
        told.append("no column of values: every value is 0, and credit counts conversions only")
        return np.zeros(len(conversions))
    empty = np.isnan(value)
    if (empty & (conversions > 0)).any():
        count = plural(int((empty & (conversions > 0)).sum()), "row")
        told.append(f"{count} with conversions and no value: the value is read as 0")
    return np.nan_to_num(value)


def _refuse_impossible(table: Mapped, found: Outcomes, ends: npt.NDArray[np.int8]) -> None:
    """Refuse value without a conversion, and columns that contradict the path's own last word."""
    column = "value" if table.has("value") else None
    refuse(
        table, (found.value > 0) & (found.conversions == 0), "with a value and no conversion",
        "A value belongs to conversions: correct the counts, or empty the value.", column=column,
    )  # fmt: skip
    if "conversions" in table.headers:
        contradicted = ((ends > 0) & (found.conversions == 0)) | ((ends < 0) & (found.conversions > 0))
        refuse(
            table, contradicted, "whose path ends otherwise than its columns say",
            "Correct the path or the conversions.", column="conversions",
        )  # fmt: skip
    for what, numbers in (("conversions", found.conversions), ("nulls", found.nulls)):
        odd = int((np.nan_to_num(numbers) % 1 != 0).sum())
        if odd:
            found.told.append(f"{what} are fractions in {plural(odd, 'row')}: kept as they are")
