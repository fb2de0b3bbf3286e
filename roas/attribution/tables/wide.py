"""Wide journeys: one row a journey, one touch a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.tables.finished import finished
from roas.attribution.tables.gathered import gather, sums
from roas.attribution.tables.outcomes import Outcomes, outcomes_of, read_cells
from roas.attribution.tables.path_lists import as_text
from roas.attribution.tables.path_texts import CONVERSION, NULL, Sequences, Unclear, kept, kinds, stripped
from roas.attribution.tables.refusals import refuse, stop, structure, unread_ids, where
from roas.format import plural, visible
from roas.io.distinct import which
from roas.io.headers import fold
from roas.io.numbers import is_null
from roas.io.reading import ReadOptions

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.results import Journeys
    from roas.io.mapped import Mapped

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]

#: Chance with which an ordinary channel may look like the mark of a conversion,
#: by standing last wherever it stands. One in a million tables.
CHANCE: Final = 1e-6

_FIX: Final = 'Add a column "conversion" with 1 or 0, or name the cell that marks a conversion: --conversion "21".'


@dataclass(frozen=True)
class _Cells:
    """The touches of all rows, row after row; `row` is the row of each touch."""

    names: list[str]
    codes: Codes
    row: Ints
    rows: int
    notes: tuple[str, ...]

    @property
    def starts(self) -> Ints:
        """Where each row begins."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.row, minlength=self.rows))]).astype(np.int64)


def read_wide_journeys(
    table: Mapped, *, conversion: Sequence[str] = (), options: ReadOptions | None = None
) -> Journeys:
    """Read a table with one touch a column.

    Parameters
    ----------
    table : Mapped
        As `roas.io` recognises it: ``touch 1``, ``touch 2`` …, perhaps
        ``conversions``, ``value``, ``currency``; cells unread.
    conversion : sequence of str
        Words that mark a conversion: in the conversion column, or, without
        one, in the cell after the last touch. In the middle of a row such a
        cell ends one journey and the next begins.
    options : ReadOptions, optional
        The decimal mark.

    Returns
    -------
    Journeys
        Without times.

    Raises
    ------
    InputError
        Every problem of the table in one message, with lines.
    """
    structure(table)
    unread_ids(table)
    stop(table)
    cells = _cells(table)
    if table.has("conversions") and which(table.frame["conversions"], is_null).all():
        table.frame = table.frame.drop(columns="conversions")
    given = np.array([fold(name) in {fold(word) for word in conversion} for name in cells.names], dtype=bool)
    column = table.has("conversions") and not given.any()
    flagged = read_cells(table, conversion=conversion if column else (), options=options or ReadOptions())
    stop(table)
    if column or (not given.any() and (kinds(cells.names, NULL) > 0).any()):
        return _by_column(table, cells, flagged=flagged)
    if conversion and not given.any():
        shown = " or ".join(f'"{visible(word)}"' for word in conversion)
        table.findings.error(f"no cell says {shown}.", _FIX, line=table.raw.header_line)
        stop(table)
    mark, note = (given, None) if given.any() else _mark(table, cells)
    return _by_mark(table, cells, mark, note)


def _cells(table: Mapped) -> _Cells:
    """Give codes to the cells; empty ones are no touches."""
    import pandas as pd

    columns = sorted((c for c in table.frame.columns if str(c).startswith("touch ")), key=lambda c: int(c[6:]))
    rows = len(table.frame)
    flat = pd.concat([table.frame[c] for c in columns], ignore_index=True)
    codes, uniques = pd.factorize(flat.to_numpy(dtype=object))
    texts = ["" if is_null(v) else str(as_text(v)).strip() for v in uniques]
    if all(text.removesuffix(".0").isdigit() for text in texts if text):
        texts = [text.removesuffix(".0") for text in texts]  # whole numbers that pandas wrote as fractions
    names = list(dict.fromkeys(text for text in texts if text))
    place = {name: i for i, name in enumerate(names)}
    recode = np.array([*(place.get(text, -1) for text in texts), -1], dtype=np.int32)
    grid = recode[codes].reshape(len(columns), rows).T
    filled = grid >= 0
    gaps = int((filled[:, 1:] & ~filled[:, :-1]).any(axis=1).sum())
    notes = (f"{plural(gaps, 'row')} with an empty column between touches: closed",) if gaps else ()
    return _Cells(names, grid[filled], np.nonzero(filled)[0], rows, notes)


def _by_column(table: Mapped, cells: _Cells, *, flagged: bool) -> Journeys:
    """Take the outcome from a column, or from the last word of every row."""
    try:
        paths = stripped(cells.names, cells.codes, cells.starts, notes=cells.notes)
    except Unclear as unclear:
        line = int(table.frame.index[unclear.path])
        table.findings.error(unclear.says, unclear.fix, line=line if line > 0 else None)
        stop(table)
        raise
    outcomes = outcomes_of(table, flagged=flagged, ends=paths.ends)
    stop(table)
    if outcomes is None:
        raise AssertionError("an outcome that is not told, without an error")
    return _journeys(table, paths, outcomes)


def _mark(table: Mapped, cells: _Cells) -> tuple[npt.NDArray[np.bool_], str | None]:
    """Find the cell that marks a conversion: a word for it, or what always stands last.

    An ordinary channel that stands ``n`` times is last in all of them with
    probability ``q ** n``, `q` being the share of cells that are last in their
    row. Below `CHANCE`, or in every row, it is the mark.
    """
    word = kinds(cells.names, CONVERSION) > 0
    if word.any():
        return word, None
    starts = cells.starts
    last = cells.codes[starts[1:][np.diff(starts) > 0] - 1]
    stood = np.bincount(cells.codes, minlength=len(cells.names))
    ended = np.bincount(last, minlength=len(cells.names))
    q = len(last) / max(len(cells.codes), 1)
    found = (stood > 1) & (stood == ended) & ((q ** stood.astype(float) < CHANCE) | (stood == len(last)))
    if int(found.sum()) != 1:
        table.findings.error("nothing says which journeys converted.", _FIX, line=table.raw.header_line)
        stop(table)
    code = int(np.flatnonzero(found)[0])
    every = "in every row" if ended[code] == len(last) else f"in {plural(int(ended[code]), 'row')}"
    return found, f'"{visible(cells.names[code])}" always stands last, {every}: it is read as the mark of a conversion'


def _by_mark(table: Mapped, cells: _Cells, mark: npt.NDArray[np.bool_], note: str | None) -> Journeys:
    """Cut rows at the mark: a journey ends at its conversion."""
    converted = mark[cells.codes]
    begins = np.ones(len(cells.codes), dtype=bool)
    begins[1:] = (cells.row[1:] != cells.row[:-1]) | converted[:-1]
    journey = np.cumsum(begins) - 1
    count = int(begins.sum())
    conversions = np.bincount(journey, weights=converted, minlength=count).astype(np.float64)
    of_row = cells.row[begins]
    value = _values(table, np.bincount(of_row, weights=conversions, minlength=cells.rows).astype(np.float64))
    starts = np.concatenate([np.flatnonzero(begins), [len(cells.codes)]]).astype(np.int64)
    codes, starts, _ = kept(cells.codes, starts, ~converted)
    several = int((np.bincount(of_row, minlength=cells.rows) > 1).sum())
    told = [note] if note else []
    if several:
        told.append(
            f"{plural(several, 'row')} with touches after a conversion: cut there, a journey ends at its conversion"
        )
    if not table.has("value"):
        told.append("no column of values: every value is 0, and credit counts conversions only")
    paths = Sequences(tuple(cells.names), codes, starts, np.zeros(count, dtype=np.int8), cells.notes)
    worth = value[of_row] * conversions
    nulls = 1.0 - conversions
    return _journeys(table, paths, Outcomes(conversions, worth, nulls, bool(nulls.any()), one_each=True, told=told))


def _values(table: Mapped, conversions: Floats) -> Floats:
    """Return the value of each row, which must have one conversion for it to belong to."""
    if not table.has("value"):
        return np.zeros(len(conversions))
    value: Floats = np.nan_to_num(table.frame["value"].to_numpy(dtype=float))
    refuse(
        table, (value > 0) & (conversions == 0), "with a value and no conversion",
        "A value belongs to a conversion: mark it, or empty the value.", column="value",
    )  # fmt: skip
    refuse(
        table, (value > 0) & (conversions > 1), "with one value and several conversions",
        "Give each journey a row of its own, with its own value.", column="value",
    )  # fmt: skip
    stop(table)
    return value


def _journeys(table: Mapped, paths: Sequences, outcomes: Outcomes) -> Journeys:
    """Add equal journeys up, and set conversions without touches aside."""
    touched = (paths.lengths > 0) & (outcomes.conversions + outcomes.nulls > 0)
    bare = (paths.lengths == 0) & (outcomes.conversions > 0)
    numbers = outcomes.table
    left = sums(np.zeros(int(bare.sum()), dtype=np.int64), numbers[bare], 1)[0]
    if not touched.any():
        table.findings.error("no journey has a touch.", "Check the numbered columns.", line=table.raw.header_line)
        stop(table)
    if len(paths.lengths) == len(table.frame):
        none = ~touched & ~bare
        table.findings.reject(
            "row without touches or conversion", int(none.sum()), next(iter(where(table, none)), None)
        )
    codes, starts, _ = kept(paths.codes, paths.starts, np.repeat(touched, paths.lengths))
    found = gather(paths.names, codes, np.concatenate([starts[:1], starts[1:][touched]]), numbers[touched])
    said = [*paths.notes, *outcomes.told]
    return finished(table, found, said, nulls_known=outcomes.nulls_known, without_touches=(left[0], left[1]))
