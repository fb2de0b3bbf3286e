"""A table whose columns have canonical names; the steps between cells and money."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roas.problems import Findings

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.locate import Accept
    from roas.io.platforms.base import Platform
    from roas.io.raw import RawTable


@dataclass
class Mapped:
    """A raw table under canonical names.

    Attributes
    ----------
    frame : DataFrame
        Index: line numbers; negative where a big file was reduced to
        groups, see `lines`. Columns: canonical names with raw cells, later
        dates and floats; ``_rows`` counts the file's rows behind each (1
        unless the file was reduced on reading).
    headers : dict of str to str
        Canonical name → the header as the file spells it.
    currency : str or None
        Currency that the headers state.
    cut_from : Timestamp or None
        Last date of the file, where ``--as-of`` left its last rows out.
    role : str
        What the rows are: ``spend``, ``revenue``, …
    """

    raw: RawTable
    platform: Platform
    frame: pd.DataFrame
    headers: dict[str, str]
    role: str
    findings: Findings
    currency: str | None = None
    rows_read: int = 0
    grain: str = "unknown"
    date_unit: str = "day"
    wide: list[str] = field(default_factory=list)
    clipped: bool = False
    cut_from: pd.Timestamp | None = None

    def has(self, *names: str) -> bool:
        """Return whether all of the canonical columns are there."""
        return all(n in self.frame.columns for n in names)

    def drop(self, mask: pd.Series, reason: str) -> None:
        """Leave out the rows under `mask`, and count them."""
        gone = mask.to_numpy(dtype=bool)
        if not gone.any():
            return
        lines = self.lines(mask, most=1)
        self.findings.reject(reason, int(self.frame["_rows"][gone].sum()), min(lines, default=None))
        self.frame = self.frame[~gone]

    def lines(self, mask: pd.Series, *, most: int = 4, accept: Accept | None = None) -> list[int]:
        """Return the lines of the rows under a mask, in order; of a big file the first `most`.

        There they are looked up by the cells of the groups; `accept` tells
        the rows of one group apart.
        """
        ids = self.frame.index[mask.to_numpy(dtype=bool)]
        found = {int(i) for i in ids if i > 0}
        if self.raw.groups is not None and (ids < 0).any():
            from roas.io.locate import lines_of

            groups = self.raw.groups.loc[ids[ids < 0]]
            found.update(lines_of(self.raw, groups, most=most, accept=accept))
        return sorted(found)

    def header_of(self, canonical: str) -> str:
        """Return the file's own header of a canonical column."""
        return self.headers.get(canonical, canonical)
