"""Distinct path texts → sequences of channels: each text is split once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.tables.path_lists import items_of
from roas.attribution.tables.separators import splitting_of
from roas.format import plural, visible
from roas.io.headers import fold

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]

#: Words of other tools for the ends of a journey.
START: Final = ("start", "begin")
CONVERSION: Final = ("conversion", "conv", "converted")
NULL: Final = ("null", "no conversion", "non conversion", "not converted")
_BRACKETS: Final = re.compile(r"^(?:\((.*)\)|\[(.*)\]|<(.*)>|\{(.*)\})$")

#: A name in quotation marks, at an end of the path or beside something that could separate.
_QUOTED: Final = re.compile(r"""(?:^|(?<=[\s>→➔➜⟶⇒»›|;,/\\^~]))"((?:[^"]|"")+)"(?=$|[\s>→➔➜⟶⇒»›|;,/\\^~=-])""")


#: What stands for such a name while paths are split.
_MARK: Final = re.compile("\x00[0-9]+\x00")


@dataclass(frozen=True)
class Sequences:
    """Paths as codes.

    Attributes
    ----------
    names : tuple of str
        Name of each code, in the order in which they were met.
    codes : array (touches,), int32
    starts : array (paths + 1,), int64
        Here a path may be empty.
    ends : array (paths,), int8
        1 where the text ends in a word for conversion, -1 for none, 0 without such a word.
    notes : tuple of str
    """

    names: tuple[str, ...]
    codes: Codes
    starts: Ints
    ends: npt.NDArray[np.int8]
    notes: tuple[str, ...] = ()

    @property
    def lengths(self) -> Ints:
        """Touches of each path."""
        return np.diff(self.starts)


class Unclear(Exception):
    """A column of paths that can be read in more than one way, what to do, and the text that shows it."""

    def __init__(self, says: str, fix: str, path: int) -> None:
        super().__init__(says)
        self.says, self.fix, self.path = says, fix, path


class _Codes(dict[str, int]):
    """Codes by text, given in the order in which texts are met."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code


def sequences_of(texts: Sequence[str], separator: str | None = None) -> Sequences:
    """Split distinct, non-empty path texts.

    Raises
    ------
    Unclear
        Where what separates touches cannot be told.
    """
    texts = [" ".join(text.splitlines()) for text in texts] if any("\n" in text for text in texts) else texts
    lists = _lists(texts) if separator is None else None
    if lists is not None:
        return stripped(*_coded(lists))
    masked, quoted = _masked(texts)
    splitting = splitting_of(masked, separator)
    if splitting.doubt is not None:
        doubt = splitting.doubt
        raise Unclear(_shown(doubt.says, quoted), _shown(doubt.fix, quoted), masked.index(doubt.example))
    token = splitting.token
    raw, codes, starts = _coded([t] if token is None else t.split(token) for t in masked)
    names = [_unmasked(piece, quoted) for piece in raw] if quoted else raw
    return stripped(names, codes, starts, notes=(splitting.note,) if splitting.note else ())


def _lists(texts: Sequence[str]) -> list[list[str]] | None:
    """Return the items of paths that are all lists; refuse where only some plainly are."""
    if not any(text[:1] in "[({cl" for text in texts[:1]) and not any(text.startswith(('["', "['")) for text in texts):
        return None
    found = [items_of(text) for text in texts]
    whole = [items for items in found if items is not None]
    if len(whole) == len(found):
        return whole
    if any(text.startswith(('["', "['")) for text, items in zip(texts, found, strict=True) if items is not None):
        odd = found.index(None)
        says = f'some paths are written as lists and others are not ("{visible(texts[odd])}").'
        raise Unclear(says, "Write all of them in one way.", odd)
    return None


def _masked(texts: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Put a placeholder for each name in quotation marks; what is quoted is never split."""
    if not any('"' in text for text in texts):
        return list(texts), {}
    texts = [text.replace("\x00", "") for text in texts]  # zero bytes are no part of a name, and are ours here
    marks: dict[str, str] = {}

    def hide(found: re.Match[str]) -> str:
        return marks.setdefault(found[1].replace('""', '"').strip(), f"\x00{len(marks)}\x00")

    masked = [_QUOTED.sub(hide, text) if '"' in text else text for text in texts]
    return masked, {mark: name for name, mark in marks.items()}


def _unmasked(piece: str, quoted: dict[str, str]) -> str:
    """Return a name without its quotation marks; where it is part of a longer one they stay."""
    if piece.strip() in quoted:
        return quoted[piece.strip()]
    return _MARK.sub(lambda mark: f'"{quoted[mark[0]]}"', piece)


def _shown(says: str, quoted: dict[str, str]) -> str:
    for mark, name in quoted.items():
        says = says.replace(visible(mark), f'"{visible(name)}"')
    return says


def _coded(paths: Iterable[Sequence[str]]) -> tuple[list[str], Codes, Ints]:
    """Give codes to pieces; equal texts have equal codes."""
    code = _Codes()
    lengths: list[int] = []

    def each() -> Iterable[Sequence[str]]:
        for path in paths:
            lengths.append(len(path))
            yield path

    codes = np.fromiter(map(code.__getitem__, chain.from_iterable(each())), dtype=np.int32)
    return list(code), codes, np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def stripped(raw: Sequence[str], codes: Codes, starts: Ints, *, notes: tuple[str, ...] = ()) -> Sequences:
    """Trim names, close gaps, and take the words for start and outcome off the ends."""
    trimmed = [piece.strip() for piece in raw]
    names = list(dict.fromkeys(trimmed))
    place = {name: i for i, name in enumerate(names)}
    codes = np.array([place[name] for name in trimmed], dtype=np.int32)[codes] if len(codes) else codes
    said = list(notes)
    codes, starts, gaps = kept(codes, starts, np.array([bool(name) for name in names], dtype=bool)[codes])
    if gaps:
        said.append(f"{plural(gaps, 'path')} with an empty place between touches: closed")
    first = kinds(names, START)
    codes, starts, begun = _cut(codes, starts, first, at_start=True)
    last = np.where(kinds(names, CONVERSION) > 0, kinds(names, CONVERSION), -kinds(names, NULL))
    ends = np.zeros(len(starts) - 1, dtype=np.int8)
    ending = _ends(codes, starts)
    ends[ending >= 0] = np.sign(_sure(last, ending))[ending[ending >= 0]]
    codes, starts, _ = _cut(codes, starts, np.abs(_sure(last, ending)), at_start=False)
    if begun or ends.any():
        said.append(_told(begun, ends))
    _refuse_inside(names, codes, starts, np.maximum(first, np.abs(last)) == 2)
    return Sequences(tuple(names), codes, starts, ends, tuple(said))


def kinds(names: Sequence[str], words: tuple[str, ...]) -> Ints:
    """Return 2 for a word in brackets, 1 for the bare word, 0 for a channel."""
    found = np.zeros(len(names), dtype=np.int64)
    for i, name in enumerate(names):
        inner = _BRACKETS.match(name)
        bare = next((g for g in inner.groups() if g is not None), "") if inner else name
        if fold(bare).replace("-", " ").replace("_", " ") in words:
            found[i] = 2 if inner else 1
    return found


def _ends(codes: Codes, starts: Ints, *, at_start: bool = False) -> Ints:
    """Return the first or last code of each path, -1 for an empty one."""
    found = np.full(len(starts) - 1, -1, dtype=np.int64)
    filled = np.diff(starts) > 0
    found[filled] = codes[starts[:-1][filled] if at_start else starts[1:][filled] - 1]
    return found


def _sure(kinds: Ints, ending: Ints) -> Ints:
    """Keep a bare word only where every path has one there: it may be a channel's name."""
    filled = ending[ending >= 0]
    return kinds if len(filled) and (kinds[filled] != 0).all() else np.where(np.abs(kinds) == 2, kinds, 0)


def _cut(codes: Codes, starts: Ints, kinds: Ints, *, at_start: bool) -> tuple[Codes, Ints, int]:
    """Take the marked words off one end of the paths."""
    ending = _ends(codes, starts, at_start=at_start)
    sure = _sure(kinds, ending) > 0
    cut = (ending >= 0) & sure[np.maximum(ending, 0)] if len(kinds) else np.zeros(len(ending), dtype=bool)
    keep = np.ones(len(codes), dtype=bool)
    keep[starts[:-1][cut] if at_start else starts[1:][cut] - 1] = False
    codes, starts, _ = kept(codes, starts, keep)
    return codes, starts, int(cut.sum())


def kept(codes: Codes, starts: Ints, keep: npt.NDArray[np.bool_]) -> tuple[Codes, Ints, int]:
    """Leave touches out; returns codes, starts and the number of paths that changed."""
    if keep.all():
        return codes, starts, 0
    counts = np.concatenate([[0], np.cumsum(keep, dtype=np.int64)])[starts]
    return codes[keep], counts, int((np.diff(counts) != np.diff(starts)).sum())


def _told(begun: int, ends: npt.NDArray[np.int8]) -> str:
    words = ["start"] * bool(begun) + ["conversion"] * bool((ends > 0).any()) + ["null"] * bool((ends < 0).any())
    named = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"the words for {named} at the ends of paths are no touches: left out"


def _refuse_inside(names: Sequence[str], codes: Codes, starts: Ints, words: npt.NDArray[np.bool_]) -> None:
    """Refuse a start or an outcome in the middle: several journeys stand in one path."""
    inside = words[codes] if len(codes) else np.zeros(0, dtype=bool)
    if inside.any():
        at = int(np.flatnonzero(inside)[0])
        path = int(np.searchsorted(starts, at, side="right")) - 1
        text = " > ".join(names[c] for c in codes[starts[path] : starts[path + 1]])
        says = f'"{visible(names[codes[at]])}" stands in the middle of a path ("{visible(text)}").'
        raise Unclear(says, "Give each journey a row of its own: it ends at its conversion.", path)


def spellings(names: Iterable[str]) -> str | None:
    """Say which channels differ in case, accents or spaces only; they are kept apart."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(fold(name), []).append(name)
    twins = [group for group in groups.values() if len(group) > 1]
    if not twins:
        return None
    shown = "; ".join(" and ".join(f'"{visible(name)}"' for name in group) for group in twins[:3])
    more = f" and {len(twins) - 3} more" if len(twins) > 3 else ""
    return f"channels that differ in spelling only are kept apart: {shown}{more}"
