"""Do a thing once per distinct cell of a column, not once per row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


def each(cells: pd.Series, function: Callable[[Any], Any]) -> list[Any]:
    """Return `function` of every cell, called once per distinct one.

    Null cells are given to the function as None.
    """
    import pandas as pd

    codes, uniques = pd.factorize(cells)
    results = [function(v) for v in uniques]
    if (codes < 0).any():
        results.append(function(None))  # code -1: the last place
    return [results[c] for c in codes]


def which(cells: pd.Series, test: Callable[[Any], bool]) -> pd.Series:
    """Return where `test` holds, as a boolean column."""
    import numpy as np
    import pandas as pd

    codes, uniques = pd.factorize(cells)
    results = np.array([bool(test(v)) for v in uniques] + [bool(test(None))])
    return pd.Series(results[codes], index=cells.index)


def ranks(cells: pd.Series) -> npt.NDArray[np.int64]:
    """Return each cell's place among the sorted distinct ones; null comes first."""
    import numpy as np
    import pandas as pd

    codes, uniques = pd.factorize(cells)
    order = np.argsort(
        np.asarray(uniques, dtype=str)
        if uniques.dtype == object or str(uniques.dtype) in ("str", "string")
        else np.asarray(uniques),
        kind="stable",
    )
    place = np.empty(len(uniques) + 1, dtype=np.int64)
    place[order] = np.arange(1, len(uniques) + 1)
    place[-1] = 0
    return place[codes]


def group_codes(frame: pd.DataFrame, keys: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return numbers of the distinct combinations of `keys` in sorted order, from 0."""
    import numpy as np

    combined = np.zeros(len(frame), dtype=np.int64)
    for key in keys:
        place = ranks(frame[key])
        _, combined = np.unique(combined * (int(place.max(initial=0)) + 1) + place, return_inverse=True)
    return combined
