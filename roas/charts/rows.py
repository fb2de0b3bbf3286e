"""Rows of a table, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield rows whose columns are attributes, in whatever type they hold."""
    yield from frame.itertuples()


def known(value: Any) -> float | None:
    """Return a number, or None for one that is not known.

    Examples
    --------
    >>> known(2), known(float("nan")), known(None)
    (2.0, None, None)
    """
    return None if value is None or value != value else float(value)
