"""``roas history``: look after the memory of the weekly report."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from roas.cli.options import printing
from roas.errors import InputError, UsageError

#: The folder that roas report writes to unless told otherwise.
REPORTS: Final = "reports"

#: Seconds to wait for a report that is being made.
WAIT_SECONDS: Final = 60.0

EXAMPLES = """\
Example: roas history check reports

Keep two years: roas history prune reports --keep-weeks 104
"""

_FOLDER = click.argument("folder", metavar="[DIR]", default=REPORTS)


@click.group(name="history", epilog=EXAMPLES)
def command() -> None:
    """Check, export or shorten the history that roas report keeps.

    The history is the file history.sqlite in the folder DIR of the reports.
    """


@command.command(name="check", epilog="Example: roas history check reports")
@_FOLDER
@printing
def check(folder: str, as_json: bool, quiet: bool) -> None:
    """Say what the history in DIR holds and whether it is whole. Changes nothing."""
    from roas.history.checking import state

    found = state(folder)
    if as_json:
        _print_json(found)
    elif not quiet:
        click.echo("\n".join(_lines(found)))
    if not found["whole"]:
        raise InputError(
            f"{found['file']}: the history is damaged ({'; '.join(found['problems'][:3])}).\n"
            "  The next roas report sets the file aside, saves what can be read, and says what was lost."
        )


@command.command(name="export", epilog="Example: roas history export reports -o history-tables")
@_FOLDER
@click.option("-o", "--output", metavar="OUT", help="Write one CSV for each table into this folder.")
@printing
def export(folder: str, output: str | None, as_json: bool, quiet: bool) -> None:
    """Write everything that the history in DIR holds as CSV files, or print it as JSON."""
    from roas.history import open_history
    from roas.history.exporting import document, tables

    if output is None and not as_json:
        raise UsageError("roas history export needs a place to write to: -o OUT, or --json to print.")
    with open_history(folder, read_only=True) as history:
        whole = document(history) if as_json else {}
        if output is not None:
            _write(tables(history), Path(output))
    if as_json:
        _print_json(whole)
    elif not quiet:
        click.echo(f"The history as tables: {_shown(output)}/")


@command.command(name="prune", epilog="Example: roas history prune reports --keep-weeks 104 --dry-run")
@_FOLDER
@click.option("-o", "--output", metavar="DIR", help="The same as the argument DIR, written as for roas report.")
@click.option(
    "--keep-weeks",
    type=int,
    default=104,
    show_default=True,
    metavar="N",
    help="Weeks that stay whole, up to and with the last one reported; at least 53.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be forgotten.")
@printing
def prune(folder: str, output: str | None, keep_weeks: int, dry_run: bool, as_json: bool, quiet: bool) -> None:
    """Forget old weeks in DIR. Plans, their scores and the latest value of every day stay."""
    from roas.history import open_history, pruning, report_lock

    place = output if output is not None else folder
    with open_history(place, read_only=True):  # nothing is begun where there is nothing
        pass
    with report_lock(Path(place), wait=WAIT_SECONDS), open_history(place) as history:
        done = pruning.prune(history, keep_weeks=keep_weeks, dry_run=dry_run)
        notes = [*history.notes, *done["notes"]]
    if not quiet:
        for note in notes:
            click.echo(f"Note: {note}", err=True)
    if as_json:
        _print_json({**done, "dry_run": dry_run})
    elif not quiet:
        click.echo(_pruned(done, dry_run=dry_run))


def _shown(path: str | None) -> str:
    from roas.format import visible

    return visible(Path(path or "").as_posix())


def _print_json(found: dict[str, Any]) -> None:
    from roas.analysis.document import dumps

    click.echo(dumps(found), nl=False)


def _write(found: dict[str, tuple[list[str], list[tuple[Any, ...]]]], output: Path) -> None:
    """Write the tables into a folder that is whole or not there."""
    from roas.io.folder import whole_folder
    from roas.report.tables_csv import rows_text

    names = {name: f"{name}.csv" for name in found}
    with whole_folder(output, written=frozenset(names.values()), mark="channel_values.csv") as folder:
        for name, (columns, rows) in found.items():
            (folder / names[name]).write_text(rows_text(columns, rows), encoding="utf-8", newline="")


def _lines(found: dict[str, Any]) -> list[str]:
    from roas.format import count, plural, visible

    weeks, plans = found["weeks"], found["plans"]
    held = f", {weeks['first']} to {weeks['last']}" if weeks["count"] else ""
    late = f"; {count(weeks['backfilled'])} of them made later" if weeks["backfilled"] else ""
    lines = [
        visible(found["file"]),
        f"  Whole:    {'yes, every page was read' if found['whole'] else 'no'}",
        f"  Weeks:    {count(weeks['count'])}{held}{late}",
        f"  Missing:  {_missing(weeks['missing'])}",
        f"  Plans:    {count(plans['count'])}, of which {count(plans['open'])} not scored yet",
        f"  Values:   {plural(found['rows']['channel_values'], 'value')} of channels, "
        f"{count(found['rows']['shop_values'])} of the shop",
        f"  Size:     {_size(found['size_bytes'])}",
        f"  Written:  by roas {visible(found['written_by'])}, form {found['form']}",
    ]
    return [line.rstrip() for line in lines]


#: Missing weeks that are named; the JSON names all.
_MOST_NAMED: Final = 6


def _missing(weeks: list[str]) -> str:
    if not weeks:
        return "no week"
    more = f" and {len(weeks) - _MOST_NAMED} more" if len(weeks) > _MOST_NAMED else ""
    return ", ".join(weeks[:_MOST_NAMED]) + more


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB"


def _pruned(done: dict[str, Any], *, dry_run: bool) -> str:
    from roas.format import count

    if done["first_kept"] is None:
        return "No week is reported yet: nothing to forget."
    rows = sum(done["forgotten"].values())
    if not rows:
        return f"Nothing is older than {done['first_kept']}: nothing to forget."
    parts = ", ".join(f"{name} {count(n)}" for name, n in done["forgotten"].items() if n)
    said = "Would forget" if dry_run else "Forgot"
    frees = "would free about" if dry_run else "freed"
    return f"{said} what is older than {done['first_kept']}: {parts} rows; {frees} {_size(done['bytes_freed'])}."
