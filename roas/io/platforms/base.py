"""What a platform module says about its exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roas._typing import Role
from roas.io.dates import Order
from roas.io.headers import words

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

Step = Callable[["Mapped"], None]


def nothing(table: Mapped) -> None:
    """Leave a table as it is."""


def _spellings(headers: tuple[str, ...]) -> tuple[str, ...]:
    """Fold headers; one in camelCase counts in one word too, as a folded header has it."""
    return tuple(dict.fromkeys(k for h in headers for k in (words(h), words(h.casefold()))))


@dataclass(frozen=True)
class Platform:
    """One export layout: its headers, its habits and its quirks.

    Attributes
    ----------
    format : str
        Short name of the contract (``google_ads``).
    channel : str or None
        The channel its rows belong to; None when a column says it.
    role : str
        What the file is: ``spend``, ``revenue``, ``sessions``, ``journeys``,
        ``experiments`` or ``other`` (read, but no money of its own).
    columns : dict
        Canonical name → headers in any language, the preferred first.
        Headers compare folded (`roas.io.headers.words`), never by prefix.
    signs : tuple of tuple of str
        The layout is recognised when at least one header of every group stands in the
        header row.
    titles : str
        Regular expression (case folded) that a line above the header matches;
        it recognises the layout on its own, given a spend or date header.
    habit : {"dmy", "mdy"} or None
        Order of day and month that the platform always writes, used only
        where no cell of the column settles it.
    micros : frozenset of str
        Canonical columns in millionths when their header does not say so.
    numbers : frozenset of str
        Extra canonical columns that hold numbers, beside the usual measures.
    rowwise : bool
        True when rows must be seen one at a time, e.g. order exports.
    prepare, finish : callable
        Steps on the mapped table before and after cells are read.
    """

    format: str
    channel: str | None
    role: Role
    columns: dict[str, tuple[str, ...]]
    signs: tuple[tuple[str, ...], ...] = ()
    titles: str = ""
    habit: Order | None = None
    micros: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    rowwise: bool = False
    prepare: Step = nothing
    finish: Step = nothing
    _keys: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Fold the headers once."""
        for canonical, headers in self.columns.items():
            self._keys[canonical] = _spellings(headers)
        object.__setattr__(self, "signs", tuple(_spellings(group) for group in self.signs))

    def keys(self, canonical: str) -> tuple[str, ...]:
        """Return the folded headers of a canonical column, preferred first."""
        return self._keys.get(canonical, ())

    def has_signs(self, keys: set[str]) -> bool:
        """Return whether the header row carries this layout's signs."""
        return bool(self.signs) and all(any(h in keys for h in group) for group in self.signs)

    def map(self, keys: list[str]) -> dict[str, int]:
        """Map canonical names to column positions by folded header."""
        found: dict[str, int] = {}
        taken: set[int] = set()
        for canonical, headers in self._keys.items():
            for name in headers:
                position = next((i for i, k in enumerate(keys) if k == name and i not in taken), None)
                if position is not None:
                    found[canonical] = position
                    taken.add(position)
                    break
        return found
