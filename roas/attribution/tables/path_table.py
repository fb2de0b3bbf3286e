"""Tables of paths → journeys: counts per path, or one path a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.tables.finished import finished
from roas.attribution.tables.gathered import gather, sums
from roas.attribution.tables.outcomes import COUNTS, Outcomes, outcomes_of, read_cells
from roas.attribution.tables.path_lists import as_text
from roas.attribution.tables.path_texts import Sequences, Unclear, kept, sequences_of
from roas.attribution.tables.refusals import refuse, stop, structure, unread_ids, where
from roas.attribution.tables.wide import read_wide_journeys
from roas.errors import UsageError
from roas.format import plural
from roas.io.numbers import is_null
from roas.io.reading import ReadOptions
from roas.io.summary_rows import is_total_label
from roas.limits import TOTALS_TOLERANCE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from roas.attribution.results import Journeys
    from roas.io.mapped import Mapped

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Column:
    """The path column: its distinct texts, and the text of each row (-1: no path)."""

    texts: list[str]
    of_row: Ints


def read_path_table(
    table: Mapped,
    *,
    separator: str | None = None,
    conversion: Sequence[str] = (),
    options: ReadOptions | None = None,
) -> Journeys:
    """Read a table of paths.

    Parameters
    ----------
    table : Mapped
        As `roas.io` recognises it: ``path`` and some of ``conversions``,
        ``value``, ``nulls``, ``journeys``, ``currency``, cells unread. Without
        ``path`` it has one touch a column, see `read_wide_journeys`.
    separator : str, optional
        What stands between touches; decided from the whole column without it.
    conversion : sequence of str
        Words in the conversion column that mark a conversion.
    options : ReadOptions, optional
        The decimal mark.

    Returns
    -------
    Journeys
        Without times. Conversions of rows without a path are unattributed.

    Raises
    ------
    InputError
        Every problem of the table in one message, with lines.
    UsageError
        A separator for a table with one touch a column.
    """
    if not table.has("path"):
        if separator is not None:
            raise UsageError(f"--separator splits paths; {table.raw.name} has one touch a column.")
        return read_wide_journeys(table, conversion=conversion, options=options)
    structure(table)
    unread_ids(table)
    stop(table)
    column = _column(table)
    paths = _split(table, column, separator)
    flagged = read_cells(table, conversion=conversion, options=options or ReadOptions())
    stop(table)
    column = _without_totals(table, column, paths)
    ends = np.zeros(len(column.of_row), dtype=np.int8)
    ends[column.of_row >= 0] = paths.ends[column.of_row[column.of_row >= 0]]
    outcomes = outcomes_of(table, flagged=flagged, ends=ends)
    stop(table)
    if outcomes is None:
        raise AssertionError("an outcome that is not told, without an error")
    return _journeys(table, column, paths, outcomes)


def _column(table: Mapped) -> _Column:
    """Factorise the path column; lists of a typed table become text."""
    import pandas as pd

    cells = table.frame["path"]
    if any(not isinstance(v, str) for v in cells.head(1000).tolist()) or table.raw.kind in ("frame", "table", "xlsx"):
        cells = cells.map(as_text)
        for name in [c for c in table.raw.cells if table.raw.cells[c].map(_is_list).any()]:
            table.raw.cells[name] = table.raw.cells[name].map(as_text)  # text, as all cells are
    codes, uniques = pd.factorize(cells.to_numpy(dtype=object))
    empty = np.array([is_null(text) for text in uniques] + [True])
    place = np.full(len(uniques) + 1, -1, dtype=np.int64)
    place[~empty] = np.arange(int((~empty).sum()))
    return _Column([str(text) for text, gone in zip(uniques, empty, strict=False) if not gone], place[codes])


def _is_list(cell: object) -> bool:
    return isinstance(cell, list | tuple | np.ndarray)


def _split(table: Mapped, column: _Column, separator: str | None) -> Sequences:
    """Split the texts, or make the doubt an error at the line that shows it."""
    try:
        return sequences_of(column.texts, separator)
    except Unclear as unclear:
        line = next(iter(where(table, column.of_row == unclear.path)), None)
        table.findings.error(unclear.says, unclear.fix, line=line, column=table.header_of("path"))
        stop(table)
        raise


def _without_totals(table: Mapped, column: _Column, paths: Sequences) -> _Column:
    """Leave totals rows out: one must add up, or its label is an error.

    A row without a path is a totals row too where it holds the sums of all others.
    """
    numbers = table.frame[[c for c in (*COUNTS, "value") if table.has(c)]].to_numpy(dtype=float)
    labels = np.zeros(len(column.texts) + 1, dtype=bool)  # the last is for no path
    alone = np.flatnonzero(paths.lengths == 1)
    labels[alone] = [is_total_label(column.texts[i].strip()) for i in alone]
    label = labels[column.of_row]
    blank = column.of_row < 0
    maybe = label | blank if int(blank.sum()) == 1 else label
    plain = np.nansum(numbers[~maybe], axis=0)
    total = np.zeros(len(label), dtype=bool)
    if int((~maybe).sum()) > 1 and numbers.shape[1]:
        for sums_of in (plain, np.nansum(numbers[~label], axis=0)):
            total |= maybe & _add_up(numbers, sums_of)
    refuse(
        table, label & ~total, "labelled as a total, and the other rows do not add up to it",
        "Remove it if it is one. If a channel has that name, rename the channel.", column="path",
    )  # fmt: skip
    stop(table)
    table.drop(_series(table, total), "totals row")
    return _Column(column.texts, column.of_row[~total])


def _add_up(numbers: Floats, sums_of: Floats) -> Mask:
    """Return which rows hold the sums of the others, in every column that they fill."""
    near = np.abs(numbers - sums_of) <= TOTALS_TOLERANCE * np.abs(sums_of)
    result: Mask = (near | np.isnan(numbers)).all(axis=1) & (np.nan_to_num(numbers) != 0).any(axis=1)
    return result


def _series(table: Mapped, mask: Mask) -> pd.Series:
    import pandas as pd

    return pd.Series(mask, index=table.frame.index)


def _journeys(table: Mapped, column: _Column, paths: Sequences, outcomes: Outcomes) -> Journeys:
    """Add equal paths up, and set conversions without touches aside."""
    numbers, of_row = outcomes.table, column.of_row
    nothing = outcomes.conversions + outcomes.nulls == 0
    touched = of_row >= 0
    touched[touched] = paths.lengths[of_row[touched]] > 0
    bare = ~nothing & ~touched
    touched &= ~nothing
    left = sums(np.zeros(int(bare.sum()), dtype=np.int64), numbers[bare], 1)[0]
    of_text = sums(of_row[touched], numbers[touched], len(column.texts))
    seen = np.zeros(len(column.texts), dtype=bool)
    seen[of_row[touched]] = True
    if not seen.any():
        table.findings.error(
            "no journey has a touch.", "Check that the path column is filled.", column=table.header_of("path")
        )
        stop(table)
    codes, starts, _ = kept(paths.codes, paths.starts, np.repeat(seen, paths.lengths))
    found = gather(paths.names, codes, np.concatenate([starts[:1], starts[1:][seen]]), of_text[seen])
    said = [*paths.notes, *outcomes.told]
    again = int(touched.sum()) - len(found.conversions)
    if again and not outcomes.one_each:
        said.append(f"{plural(again, 'row')} with the path of another row: added to it")
    for mask, reason in (
        (nothing, "path without a journey"),
        (bare & (outcomes.conversions == 0), "journeys without touches that did not convert"),
    ):
        lines = where(table, mask)
        table.findings.reject(reason, int(mask.sum()), next(iter(lines), None))
    return finished(table, found, said, nulls_known=outcomes.nulls_known, without_touches=(left[0], left[1]))
