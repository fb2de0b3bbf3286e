"""Errors in a table of journeys: collected with their lines, raised together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.errors import InputError
from roas.io.distinct import which
from roas.io.headers import words
from roas.io.numbers import is_null
from roas.problems import aside, counted, several

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.io.mapped import Mapped

    Mask = npt.NDArray[np.bool_]

#: Errors of one file that one message holds; more only bury the first.
_MOST: Final = 10


def where(table: Mapped, mask: Mask) -> list[int]:
    """Return the first lines of the rows under a mask."""
    import pandas as pd

    return table.lines(pd.Series(mask, index=table.frame.index)) if mask.any() else []


def refuse(table: Mapped, mask: Mask, says: str, fix: str, *, column: str | None = None, shown: str = "") -> None:
    """Make the rows under `mask` an error: how many, which lines, what to do."""
    if not mask.any():
        return
    lines = where(table, mask)
    head = table.header_of(column) if column is not None else None
    count = counted(int(mask.sum()), "row")
    table.findings.error(
        f"{count} {says}{aside(*([shown] if shown else []), lines=several(lines))}.",
        fix, line=next(iter(lines), None), column=head,
    )  # fmt: skip


def stop(table: Mapped) -> None:
    """Raise every error of the table in one message, the first one first.

    Raises
    ------
    InputError
    """
    errors = [problem.sentence(table.raw.name) for problem in table.findings.errors]
    if errors:
        first, *others = errors
        more = f"\n\n  … and {len(errors) - _MOST} more." if len(errors) > _MOST else ""
        raise InputError(first + "".join(f"\n\n  Also: {other}" for other in others[: _MOST - 1]) + more)


def structure(table: Mapped) -> None:
    """Refuse a table that was cut off, or whose cells slipped sideways."""
    raw = table.raw
    if raw.cut_off is not None:
        says = "the file ends in the middle of a row: it was cut off."
        table.findings.error(says, "Download or copy it again.", line=raw.cut_off)
    lines = sorted(raw.wide)
    if table.has("beyond"):
        lines = where(table, ~which(table.frame.pop("beyond"), is_null).to_numpy(dtype=bool))
    if lines:
        table.findings.error(
            f"{counted(len(lines), 'row')} with more cells than the header{aside(lines=several(lines))}: "
            f'an unquoted "{raw.delimiter or ","}" inside a path or a number shifts the cells.',
            "Put quotation marks around such cells, or export the file again.", line=lines[0],
        )  # fmt: skip


def unread_ids(table: Mapped) -> None:
    """Say which columns look like ids of people: nothing is read of them."""
    known = {head.strip() for head in table.headers.values()}
    ids = [h.strip() for h in table.raw.header if h.strip() not in known and _ID & set(words(h).split())]
    if ids:
        named = ", ".join(f'"{head}"' for head in ids[:3])
        table.findings.note(f"{named} {'looks like an id' if len(ids) == 1 else 'look like ids'}: not read")


#: Words in the headers of columns that name a person or a device.
_ID: Final = frozenset({"id", "ids", "uid", "uuid", "user", "customer", "visitor", "client", "cookie", "email", "phone",
                        "device", "session", "gaid", "idfa", "gclid", "fbclid"})  # fmt: skip
