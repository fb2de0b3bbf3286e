"""``roas inspect``."""

from __future__ import annotations

from typing import Any

import click

from roas.cli.notes import progress
from roas.cli.options import printing, reading


@click.command(name="inspect", epilog="Example: roas inspect exports/*.csv")
@click.argument("files", nargs=-1, required=True)
@reading
@printing
def command(files: tuple[str, ...], as_json: bool, quiet: bool, **given: Any) -> int:
    """Say what each file is, how its columns map and what is wrong with it.

    Nothing is analysed. Every problem is shown at once, with the line, the
    column and what to do.
    """
    from roas.analysis.inspection import inspect

    with progress(quiet=quiet) as tell:
        found = inspect(list(files), progress=tell, **given)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(found.to_dict()), nl=False)
    else:
        from roas.report.inspection import print_inspection

        print_inspection(found)
    return 0
