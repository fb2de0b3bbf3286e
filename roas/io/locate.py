"""Where rows stand in a big file whose lines were lost when it was reduced."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roas.io.numbers import is_null
from roas.io.scan import open_text

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.raw import RawTable

#: Rows looked for by their longest cell, before every row is parsed instead.
_FEW = 8

Accept = Callable[[list[str]], bool]


def lines_of(raw: RawTable, groups: pd.DataFrame, *, most: int, accept: Accept | None = None) -> list[int]:
    """Return the first lines whose cells are those of one of the groups.

    Parameters
    ----------
    groups : DataFrame
        Rows of ``raw.groups``: text cells, and sums that are not compared.
    most : int
        How many lines are wanted; the file is read no further.
    accept : callable, optional
        A further test of a row's cells.
    """
    if raw.scan is None or raw.scan.path is None or not len(groups):
        return []
    places = [(c, i) for c, i in raw.group_columns.items() if c in groups.columns and _is_text(groups[c])]
    wanted = {tuple(map(_plain, row)) for row in groups[[c for c, _ in places]].to_numpy(dtype=object)}
    cut = {i for c, i in places if c == "date" and raw.days_cut}

    def key(row: list[str]) -> Hashable:
        cells = [row[i] if i < len(row) else None for _, i in places]
        return tuple(
            _plain(c[:10] if c is not None and i in cut else c) for c, (_, i) in zip(cells, places, strict=True)
        )

    found: list[int] = []
    for number, row in _rows(raw.scan.path, raw.scan.delimiter, raw.scan.skip, _keys(wanted)):
        if key(row) in wanted and (accept is None or accept(row)):
            found.append(number)
            if len(found) == most:
                break
    return found


def _is_text(cells: pd.Series) -> bool:
    return all(isinstance(v, str) or is_null(v) for v in cells.tolist())


def _plain(cell: Any) -> str | None:
    return None if is_null(cell) else str(cell)


def _keys(wanted: Iterable[tuple[str | None, ...]]) -> list[bytes]:
    """Return a piece of text for each row that its line must hold; none when that is unknown."""
    keys = []
    for row in wanted:
        safe = [c for c in row if c and not set(c) & set('"\r\n')]
        if not safe:
            return []
        keys.append(max(safe, key=len).encode())
    return keys if len(keys) <= _FEW else []


def _rows(path: Path, delimiter: str, skip: int, keys: list[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of the rows below the header; with keys, only of lines that hold one."""
    with open_text(path) as file:
        if keys:
            for number, line in enumerate(file, start=1):
                if number > skip and any(k in line for k in keys):
                    yield number, next(csv.reader([line.decode("utf-8", "replace")], delimiter=delimiter), [])
            return
        reader = csv.reader(io.TextIOWrapper(file, "utf-8", "replace", newline=""), delimiter=delimiter)
        before = 0
        for row in reader:
            if before >= skip:
                yield before + 1, row
            before = reader.line_num
