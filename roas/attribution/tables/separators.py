"""What stands between the touches of a path: decided from the whole column, or asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from roas.format import visible

#: Arrows: nobody puts them into a name lightly, so one kind alone separates touches.
_SIGNS: Final = ("→", "➔", "➜", "⟶", "⇒", "»", "›", "&gt;")
_DRAWN: Final = re.compile(r"[-=]*>+")

#: Marks that separate touches in some tables and stand in names in others.
_MARKS: Final = ("|", ";", ",", "/", "\\", "^", "~", "\t")

#: Ordinary characters of names; only proof makes one of them worth asking about.
_ORDINARY: Final = (" - ", " – ", "_", ":", "+", "-", ".", " ")


@dataclass(frozen=True)
class Doubt:
    """Why a column cannot be split, what to do, and a path that shows it."""

    says: str
    fix: str
    example: str


@dataclass(frozen=True)
class Splitting:
    """How paths are split.

    ``token`` is the text to split at, spaces beside it are no part of names;
    None: every path is one touch. ``note`` states a reading that was chosen.
    """

    token: str | None
    note: str | None = None
    doubt: Doubt | None = None


def pieces(text: str, token: str | None) -> list[str]:
    """Split one path; an empty piece is a gap.

    Examples
    --------
    >>> pieces("Email >  Paid Search", ">")
    ['Email', 'Paid Search']
    """
    return [text.strip()] if token is None else [piece.strip() for piece in text.split(token)]


def splitting_of(texts: Sequence[str], given: str | None = None) -> Splitting:
    """Decide what separates touches.

    Parameters
    ----------
    texts : sequence of str
        The distinct paths, none of them empty.
    given : str, optional
        The separator as the person says it. With spaces around it, it
        splits only where it stands with spaces.

    Notes
    -----
    One kind of arrow alone separates. A mark such as ``|`` or ``/`` does
    where channels are seen in both orders, or twice in a row, across it: the
    parts of a name (``google / cpc``) keep their order. Beside an arrow, a
    mark stays part of names where splitting at the arrow leaves fewer
    different names. Anything else is a doubt.

    Examples
    --------
    >>> splitting_of(["Email > Social", "Social"]).token
    '>'
    >>> splitting_of(["google / cpc", "bing / cpc"]).doubt is None
    False
    """
    joined = "\n".join(text.replace("\n", " ") for text in texts)
    if given is not None:
        return _as_given(joined, given)
    arrows, marks = _arrows(joined), [mark for mark in _MARKS if mark in joined.replace("&gt;", "")]
    if len(arrows) > 1:
        both = " and ".join(f'"{visible(arrow)}"' for arrow in arrows[:2])
        fix = f'Write one of them everywhere, or use --separator "{visible(arrows[0])}" to split at that one only.'
        example = next(text for text in texts if arrows[0] in text)
        return Splitting(None, doubt=Doubt(f"{both} both stand between names in the paths.", fix, example))
    if arrows:
        return _by_arrow(texts, joined, arrows[0], marks)
    if marks:
        return _by_mark(texts, joined, marks)
    proven = next((token for token in _ORDINARY if token in joined and _turns(texts, token)), None)
    if proven is not None:
        return Splitting(None, doubt=_asked(texts, proven, "looks like the separator"))
    return Splitting(None, "no path holds a separator: each is read as one touch")


def _as_given(joined: str, given: str) -> Splitting:
    if given in joined:
        return Splitting(given)
    return Splitting(None, f'no path holds the separator "{visible(given)}": each is read as one touch')


def _arrows(joined: str) -> list[str]:
    """Return the kinds of arrow in the column."""
    found = [sign for sign in _SIGNS if sign in joined]
    if ">" not in joined:
        return found
    if not any(longer in joined for longer in ("->", "=>", ">>")):  # the plain one: no need to look at each
        return [*found, ">"]
    return [*found, *sorted(set(_DRAWN.findall(joined)))]


def _by_arrow(texts: Sequence[str], joined: str, arrow: str, marks: list[str]) -> Splitting:
    doubt = _uneven(joined, arrow)
    if doubt is not None:
        return Splitting(None, doubt=doubt)
    if not marks:
        return Splitting(arrow, None if arrow == ">" else _stated(arrow))
    names = _vocabulary(texts, arrow)
    rival = next((mark for mark in marks if _vocabulary(texts, mark) <= names), None)
    if rival is not None:
        return Splitting(None, doubt=_two(texts, arrow, rival))
    return Splitting(arrow, f"{_stated(arrow)}; {_listed(marks)} stays part of the names")


def _by_mark(texts: Sequence[str], joined: str, marks: list[str]) -> Splitting:
    proven = [mark for mark in marks if _turns(texts, mark)]
    if not proven:
        return Splitting(None, doubt=_asked(texts, marks[0], "may stand between touches, or be part of a name"))
    best = min(proven, key=lambda mark: _vocabulary(texts, mark))
    names = _vocabulary(texts, best)
    rival = next((mark for mark in marks if mark != best and _vocabulary(texts, mark) <= names), None)
    if rival is not None:
        return Splitting(None, doubt=_two(texts, best, rival))
    doubt = _uneven(joined, best)
    if doubt is not None:
        return Splitting(None, doubt=doubt)
    kept = [mark for mark in marks if mark != best]
    return Splitting(best, _stated(best) + (f"; {_listed(kept)} stays part of the names" if kept else ""))


def _vocabulary(texts: Iterable[str], token: str) -> int:
    """Count the different names that splitting at a token leaves."""
    return len({piece for text in texts for piece in pieces(text, token)})


def _turns(texts: Iterable[str], token: str) -> bool:
    """Return whether two names stand in both orders across a token, or one beside itself."""
    seen: set[tuple[str, str]] = set()
    for text in texts:
        if token in text:
            for pair in pairwise(pieces(text, token)):
                if "" not in pair and (pair[0] == pair[1] or (pair[1], pair[0]) in seen):
                    return True
                seen.add(pair)
    return False


def _uneven(joined: str, token: str) -> Doubt | None:
    """Return a doubt where a token stands with spaces here and without there."""
    total = joined.count(token)
    if joined.count(f" {token} ") == total or (f" {token}" not in joined and f"{token} " not in joined):
        return None
    seen: dict[tuple[bool, bool], int] = {}
    for found in re.finditer(re.escape(token), joined):
        left, right = joined[: found.start()][-1:], joined[found.end() : found.end() + 1]
        if left not in ("", "\n") and right not in ("", "\n"):  # at an end it may lack its space
            seen.setdefault((left.isspace(), right.isspace()), found.start())
    if len(seen) < 2:
        return None
    found_in = dict.fromkeys(f'"{visible(_line(joined, at))}"' for at in seen.values())
    wide = f"{' ' if any(left for left, _ in seen) else ''}{token}{' ' if any(right for _, right in seen) else ''}"
    says = (
        f'"{visible(token)}" stands with spaces beside it and without ({", ".join(found_in)}): '
        "one of them may be part of a channel's name."
    )
    fix = (
        f'Use --separator "{visible(wide)}" to split only there, or --separator "{visible(token)}" to split at '
        "every one; or put the name in quotation marks."
    )
    return Doubt(says, fix, _line(joined, max(seen.values())))


def _line(joined: str, at: int) -> str:
    return joined[joined.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]


def _two(texts: Sequence[str], one: str, other: str) -> Doubt:
    example = next((t for t in texts if one in t and other in t), next(t for t in texts if one in t))
    a, b = visible(one), visible(other)
    return Doubt(
        f'"{a}" and "{b}" stand in the paths, and either could separate touches ("{visible(example)}").',
        f'Use --separator "{a}" or --separator "{b}": the other is then part of the names.',
        example,
    )


def _asked(texts: Sequence[str], token: str, what: str) -> Doubt:
    example = next(text for text in texts if token in text)
    shown = visible(token)
    return Doubt(
        f'"{shown}" {what} ("{visible(example)}").',
        f'Use --separator "{shown}" if it stands between touches, or --separator " > " if it is part of the names.',
        example,
    )


def _stated(token: str) -> str:
    return f'paths are split at "{visible(token)}"'


def _listed(marks: Sequence[str]) -> str:
    return " or ".join(f'"{visible(mark)}"' for mark in marks)
