"""What the options of the command are called in Python, where a name is taken there or is a step of its own."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from roas.errors import UsageError

#: Option of the command, as one may try it in Python → what to write.
RENAMED: Final = {
    "min": 'minimum={"TikTok": 500}',
    "max": 'maximum={"TikTok": 500}',
    "for": 'objective="profit"',
    "for_": 'objective="profit"',
    "fixed": 'fix=["Meta"]',
    "output": "roas.report.plan_tables.write_plan(found, folder)",
    "save": "found.save(folder, who=..., name=...)",
    "who": "found.save(folder, who=...)",
    "history": "found.save(folder)",
    "json": "found.to_dict()",
}


def refuse_names(given: Iterable[str], known: Iterable[str] | None = None) -> None:
    """Refuse arguments by names that belong to the command line, saying what they are in Python.

    Parameters
    ----------
    given : iterable of str
        Names of arguments.
    known : iterable of str, optional
        All that there are; any other is refused too. By default others pass.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> refuse_names(["min"])
    Traceback (most recent call last):
    roas.errors.UsageError: "min" is a name of the command line. In Python write minimum={"TikTok": 500}.
    """
    for name in given:
        if name in RENAMED:
            raise UsageError(f'"{name}" is a name of the command line. In Python write {RENAMED[name]}.')
        if known is not None:
            near = get_close_matches(name, known := list(known), n=1)
            guess = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
            raise UsageError(f'there is no argument "{name}". {guess}')
