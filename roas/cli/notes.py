"""Progress and notes: on standard error, and only where they are wanted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from roas.format import say_many, visible
from roas.language import say

if TYPE_CHECKING:
    from roas.io.load import FileReport

#: Notes shown one by one; the rest is counted, and stands in the JSON and on the page.
MOST_NOTES = 12


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is going on, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("starting") as status:

        def tell(text: str) -> None:
            status.update(Text(visible(text)))

        yield tell


def say_notes(reports: Iterable[FileReport], notes: Iterable[str] = (), *, quiet: bool) -> None:
    """Print repairs and doubts, one a line."""
    if quiet:
        return
    lines = [
        f"{r.file}: {_with_fix(p.says, p.fix)}" for r in reports for p in r.findings.problems if p.severity != "error"
    ]
    lines += [
        say_many(
            "{file}: {number} rows left out: {reason}",
            "{file}: {number} rows left out: {reason}",
            x.count,
            number=str(x.count),
            file=r.file,
            reason=x.reason,
        )
        for r in reports
        for x in r.findings.rejected
    ]
    lines += list(notes)
    for line in lines[:MOST_NOTES]:
        click.echo(say("Note: {note}", note=visible(line)), err=True)
    if len(lines) > MOST_NOTES:
        rest = say_many(
            "Note: and {number} more; all of them stand in the JSON and on the page.",
            "Note: and {number} more; all of them stand in the JSON and on the page.",
            len(lines) - MOST_NOTES,
        )
        click.echo(rest, err=True)


def _with_fix(says: str, fix: str) -> str:
    return f"{says} {fix}" if fix else says
