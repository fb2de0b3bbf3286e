"""What a reader hands on: header, cells and where they stood in the file."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roas.errors import InputError
from roas.problems import Findings

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.grouping import Repeats


class NoTable(InputError):
    """A file that can be read and holds no table of ours: in a folder it is passed over."""


@dataclass(frozen=True)
class Scan:
    """A table too big for pandas, as DuckDB will read it.

    Either delimited text (`path`, UTF-8, with `delimiter` and `skip` physical
    lines up to and including the header) or a `query` whose columns are
    typed, in `database` (None: in memory). `holder` keeps a temporary copy
    of the file alive; `packed` says that it is packed by gzip, `in_order`
    that it must be read by one thread.
    """

    path: Path | None = None
    delimiter: str = ","
    skip: int = 0
    query: str | None = None
    database: str | None = None
    holder: Any = None
    packed: bool = False
    in_order: bool = False


@dataclass
class RawTable:
    """One table as it stands in a file: nothing interpreted yet.

    Attributes
    ----------
    name : str
        The file as the person named it; ``book.xlsx`` or ``a.zip/b.csv``.
    header : list of str
    cells : DataFrame, object dtype
        Columns 0…n-1, one per header cell; text, or typed values where the
        format has types. The index is the line (or row) number in the file.
        For a big file the first rows only, see `scan`.
    preamble : list of str
        Lines above the header.
    wide : dict of int to str
        Lines with more cells than the header, with the text of the extra ones.
    narrow : dict of int to int
        Lines with fewer cells than the header, with their number.
    hashing : Future or None
        The hash of a big file, taken while the engine reads it.
    mark : str or None
        Decimal mark found while a big file was reduced, or said by the person before.
    groups : DataFrame or None
        The groups that a big file was reduced to, cells as they stood;
        indexed by negative numbers, which stand for lines not looked up yet.
    group_columns : dict of str to int
        Canonical columns of `groups`, with their position in the file.
    days_cut : bool
        Whether times were cut off the dates in `groups`.
    repeats : Repeats or None
        Days counted once while a big file was reduced.
    cut_off : int or None
        The line in which the file ends in the middle of a row.
    """

    name: str
    sha256: str
    header: list[str]
    cells: pd.DataFrame
    kind: str
    header_line: int = 1
    preamble: list[str] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    wide: dict[int, str] = field(default_factory=dict)
    narrow: dict[int, int] = field(default_factory=dict)
    cut_off: int | None = None
    scan: Scan | None = None
    mark: str | None = None
    groups: pd.DataFrame | None = None
    group_columns: dict[str, int] = field(default_factory=dict)
    days_cut: bool = False
    repeats: Repeats | None = None
    hashing: Future[str] | None = None
    findings: Findings = field(default_factory=Findings)

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, waited for where it is still being taken."""
        return self.hashing.result() if self.hashing is not None else self.sha256

    @property
    def stem(self) -> str:
        """The file's bare name, which may name a platform or a country."""
        return Path(self.name.split("?")[0]).name.split(".")[0]

    def close(self) -> None:
        """Remove the temporary copy of the file, if there is one."""
        if self.scan is not None and self.scan.holder is not None:
            self.scan.holder.cleanup()


def cells_frame(rows: list[list[Any]], width: int, lines: list[int]) -> pd.DataFrame:
    """Put rows of equal width into an object frame indexed by line."""
    import pandas as pd

    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    data = {i: pd.Series(list(columns[i]), dtype=object) for i in range(width)}
    frame = pd.DataFrame(data, dtype=object)
    frame.index = pd.Index(lines, dtype="int64")
    return frame
