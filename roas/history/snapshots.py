"""What the exports said of each day, as each week's report knew it.

A value has two dates: the day it is about, and the week whose export said so.
Only changes are kept: a row stands until a later week says something else of
the same day. So a platform that rewrites the past, and conversions that arrive
late, can be told from real change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.history.store import Store
from roas.history.values import day, rounded, text
from roas.history.weeks import monday_of

if TYPE_CHECKING:
    import pandas as pd

#: Two values are the same below half a cent (or half a hundredth of a
#: conversion, the finest that platforms write): less is the order of a sum.
SAME: Final = 0.005

Key = tuple[str, ...]
Values = tuple[float | None, ...]
State = dict[Key, Values]


@dataclass(frozen=True)
class Sort:
    """A table of values: what its rows are about, and what they say."""

    what: str
    table: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


CHANNELS: Final = Sort(
    "channels",
    "channel_values",
    ("channel", "date"),
    ("spend", "conversions", "conversion_value", "impressions", "clicks"),
)
SHOP: Final = Sort("shop", "shop_values", ("date",), ("revenue", "orders", "sessions"))


class Snapshots:
    """What the exports said, by the week that read them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, week: str, frame: pd.DataFrame, shop: pd.DataFrame | None = None) -> None:
        """Note what a week's exports say; what was noted of the week before is replaced.

        Later weeks keep what they said, so a week can be noted again, or late.

        Parameters
        ----------
        week : str
            ISO week of the report.
        frame : DataFrame
            ``channel``, ``date`` and any of ``spend``, ``conversions``,
            ``conversion_value`` (currency), ``impressions``, ``clicks``. Rows
            of one channel and day are added up; other columns are left out.
        shop : DataFrame or None
            ``date`` and any of ``revenue`` (currency), ``orders``,
            ``sessions``. None: the week had no shop export.
        """
        monday_of(week)
        with self._store.transaction():
            self._replace(CHANNELS, week, _state_of(frame, CHANNELS))
            self._replace(SHOP, week, None if shop is None else _state_of(shop, SHOP))

    def forget(self, week: str) -> None:
        """Forget what a week's exports said; later weeks keep what they said."""
        with self._store.transaction():
            for sort in (CHANNELS, SHOP):
                self._replace(sort, week, None)

    def weeks(self, *, shop: bool = False) -> list[str]:
        """Return the weeks whose exports were noted, oldest first."""
        query = "SELECT seen FROM snapshots WHERE what = ? ORDER BY seen"
        return [week for (week,) in self._store.rows(query, (_sort(shop).what,))]

    def as_of(self, week: str, *, shop: bool = False) -> pd.DataFrame | None:
        """Return the values as they were known in a week's report.

        A week without exports knew what the last one before it knew.

        Returns
        -------
        DataFrame or None
            Columns as in `note`, sorted by channel and date; NaN where the
            export had no value. None where nothing is known of that week.
        """
        sort = _sort(shop)
        seen = self._last(sort, week)
        return None if seen is None else _frame_of(self._state(sort, seen), sort)

    def restated(self, before_week: str, frame: pd.DataFrame, *, shop: bool = False) -> pd.DataFrame | None:
        """Return what a new export says differently of days that were known before.

        Parameters
        ----------
        before_week : str
            Compared with the last snapshot of an earlier week than this.
        frame : DataFrame
            The new export, as for `note`.
        shop : bool
            Compare the shop's values instead of the channels'.

        Returns
        -------
        DataFrame or None
            One row per channel and day that both could tell: ``kind``
            (``changed``; ``appeared``: was not there; ``gone``: no longer
            there), and ``<value>_before`` and ``<value>_after`` of each value.
            Days after the last one known before are news, days outside the
            new export were not asked for, a row of zeros says no more than no
            row, and a column that one side does not have at all is not compared. None where there is no earlier snapshot.
        """
        sort = _sort(shop)
        seen = self._last(sort, before_week, strictly=True)
        if seen is None:
            return None
        return _restated(self._state(sort, seen), _state_of(frame, sort), sort)

    def versions(self, *, shop: bool = False) -> pd.DataFrame:
        """Return every value that was ever said, with the week that said it first.

        Returns
        -------
        DataFrame
            Keys, ``seen``, ``gone`` (the row was no longer in the export) and
            the values, sorted by channel, date and week: how conversions
            arrived is read from it.
        """
        import pandas as pd

        sort = _sort(shop)
        columns = [*sort.keys, "seen", "gone", *sort.values]
        order = ", ".join((*sort.keys, "seen"))
        rows = self._store.rows(f"SELECT {', '.join(columns)} FROM {sort.table} ORDER BY {order}")
        frame = pd.DataFrame(rows, columns=columns)
        return _typed(frame.assign(gone=frame["gone"].astype(bool)), sort)

    def _last(self, sort: Sort, week: str, *, strictly: bool = False) -> str | None:
        query = f"SELECT max(seen) FROM snapshots WHERE what = ? AND seen {'<' if strictly else '<='} ?"
        found: str | None = self._store.rows(query, (sort.what, week))[0][0]
        return found

    def _state(self, sort: Sort, week: str, *, strictly: bool = False) -> State:
        """Return what was known in a week: of each key the row seen last."""
        keys, values = ", ".join(sort.keys), ", ".join(sort.values)
        # SQLite takes the other columns from the row of the maximum (sqlite.org/lang_select.html, 2.4)
        query = (
            f"SELECT {keys}, {values}, gone, max(seen) FROM {sort.table} "
            f"WHERE seen {'<' if strictly else '<='} ? GROUP BY {keys}"
        )
        width = len(sort.keys)
        return {row[:width]: row[width:-2] for row in self._store.rows(query, (week,)) if not row[-2]}

    def _replace(self, sort: Sort, week: str, state: State | None) -> None:
        """Write a week as its difference from the week before, and the next week as its from this one."""
        query = "SELECT min(seen) FROM snapshots WHERE what = ? AND seen > ?"
        following = self._store.rows(query, (sort.what, week))[0][0]
        after = None if following is None else self._state(sort, following)
        self._write(sort, week, state, SAME)
        if following is not None:
            self._write(sort, following, after, 0.0)  # exactly: noting a week again changes no other

    def _write(self, sort: Sort, week: str, state: State | None, same: float) -> None:
        self._store.run(f"DELETE FROM {sort.table} WHERE seen = ?", (week,))
        self._store.run("DELETE FROM snapshots WHERE seen = ? AND what = ?", (week, sort.what))
        if state is None:
            return
        known = self._state(sort, week, strictly=True)
        changed = [(*key, week, 0, *new) for key, new in state.items() if not _alike(known.get(key), new, same)]
        empty = (None,) * len(sort.values)
        gone = [(*key, week, 1, *empty) for key in known if key not in state]
        self._store.insert("snapshots", [(week, sort.what)], ("seen", "what"))
        self._store.insert(sort.table, [*changed, *gone], (*sort.keys, "seen", "gone", *sort.values))


def _sort(shop: bool) -> Sort:
    return SHOP if shop else CHANNELS


def _alike(old: Values | None, new: Values, same: float) -> bool:
    if old is None:
        return False
    return all(a is b if a is None or b is None else a == b or abs(a - b) < same for a, b in zip(old, new, strict=True))


def _state_of(frame: pd.DataFrame, sort: Sort) -> State:
    """Add a frame up to one row per key; the order of its rows changes nothing that is kept."""
    present = [value for value in sort.values if value in frame.columns]
    keyed = frame[[*sort.keys, *present]]
    added = keyed.groupby(list(sort.keys), dropna=False, observed=True, sort=True)[present].sum(min_count=1)
    columns: Mapping[str, list[Any]] = {value: added[value].tolist() for value in present}
    missing = [None] * len(added)
    keys = [_key(each, sort) for each in added.index.tolist()]
    rows = zip(*(columns.get(value, missing) for value in sort.values), strict=True)
    return {key: tuple(rounded(value) for value in row) for key, row in zip(keys, rows, strict=True)}


def _key(index: Any, sort: Sort) -> Key:
    parts = index if isinstance(index, tuple) else (index,)
    when = day(parts[-1])
    if when is None:
        raise ValueError("a row of a snapshot has no date")
    return (*("" if part != part or part is None else text(part) for part in parts[: len(sort.keys) - 1]), when)


def _frame_of(state: State, sort: Sort) -> pd.DataFrame:
    import pandas as pd

    rows = [(*key, *values) for key, values in sorted(state.items())]
    return _typed(pd.DataFrame(rows, columns=[*sort.keys, *sort.values]), sort)


def _typed(frame: pd.DataFrame, sort: Sort) -> pd.DataFrame:
    import pandas as pd

    dates = pd.to_datetime(frame["date"], format="%Y-%m-%d").astype("datetime64[us]")
    values = {name: frame[name].astype("float64") for name in sort.values}
    return frame.assign(date=dates, **values)


def _restated(before: State, after: State, sort: Sort) -> pd.DataFrame:
    import pandas as pd

    compared = [_has(before, i) and _has(after, i) for i in range(len(sort.values))]
    last = max((key[-1] for key in before), default="")
    first, end = min((key[-1] for key in after), default=""), max((key[-1] for key in after), default="")
    empty = (None,) * len(sort.values)
    rows = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        kind = "appeared" if old is None else "gone" if new is None else "changed"
        asked_for = key[-1] <= last and first <= key[-1] <= end
        if asked_for and _tells_apart(old, new, compared):
            pairs = (value for pair in zip(old or empty, new or empty, strict=True) for value in pair)
            rows.append((*key, kind, *pairs))
    names = [f"{value}_{side}" for value in sort.values for side in ("before", "after")]
    frame = pd.DataFrame(rows, columns=[*sort.keys, "kind", *names])
    dates = pd.to_datetime(frame["date"], format="%Y-%m-%d").astype("datetime64[us]")
    return frame.assign(date=dates, **{name: frame[name].astype("float64") for name in names})


def _has(state: State, i: int) -> bool:
    return any(values[i] is not None for values in state.values())


def _tells_apart(old: Values | None, new: Values | None, compared: list[bool]) -> bool:
    """Return whether two rows say different things; no row and a row of zeros say the same."""
    if old is None or new is None:
        return any(old or new or ())
    pick = [i for i, wanted in enumerate(compared) if wanted]
    return not _alike(tuple(old[i] for i in pick), tuple(new[i] for i in pick), SAME)
