"""Which channel is meant by a name that a person typed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from roas.errors import UsageError
from roas.format import visible


def find(name: str, channels: Iterable[str]) -> str | None:
    """Return the channel of that name, else the only one that differs in case or spaces alone.

    Examples
    --------
    >>> find("google  ads", ["Meta", "Google Ads"]), find("Bing", ["Meta"])
    ('Google Ads', None)
    """
    known = list(channels)
    if name in known:
        return name
    alike = [each for each in known if _folded(each) == _folded(name)]
    return alike[0] if len(alike) == 1 else None


def channel_of(name: str, channels: Sequence[str]) -> str:
    """Return the channel of that name.

    Raises
    ------
    UsageError
        Naming the nearest channel.
    """
    found = find(name, channels)
    if found is None:
        raise UsageError(unknown(name, channels))
    return found


def unknown(name: str, channels: Sequence[str]) -> str:
    """Say that there is no such channel, and which one is near."""
    folded = {_folded(each): each for each in channels}
    near = difflib.get_close_matches(_folded(name), list(folded), n=1)
    hint = f'Did you mean "{visible(folded[near[0]])}"?' if near else f"There are: {listed(channels)}."
    return f'there is no channel "{visible(name.strip())}". {hint}'


def listed(channels: Sequence[str], most: int = 8) -> str:
    """Write channels in a row, the first few of many."""
    shown = ", ".join(visible(each) for each in channels[:most]) or "none"
    return f"{shown} and {len(channels) - most} more" if len(channels) > most else shown


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
