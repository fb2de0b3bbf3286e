"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_READING = (
    click.option(
        "--map",
        "map",
        multiple=True,
        metavar='COLUMN="HEADER"',
        help='Which header a column has, e.g. --map spend="Money out". Repeat for more columns; '
        "repeat spend= for a table with one column a channel.",
    ),
    click.option("--platform", metavar="NAME", help="Read every file as this platform's export (meta, google_ads, …)."),
    click.option("--channel", metavar="NAME", help="Channel of files that name none."),
    click.option("--currency", metavar="CODE", help="Currency of the analysis, and of files that say none."),
    click.option(
        "--fx",
        metavar="FILE",
        help="Exchange rates: columns date, currency, rate (value of one unit in --currency).",
    ),
    click.option("--date-format", metavar="PATTERN", help='How dates are written, e.g. "%d/%m/%Y".'),
    click.option("--decimal", type=click.Choice([".", ","]), help="The decimal mark, where a file leaves it open."),
    click.option("--credits", type=click.Choice(["net"]), help="Subtract negative spend instead of refusing it."),
    click.option("--micros", multiple=True, metavar="COLUMN", help="This column is in millionths, e.g. spend."),
    click.option("--grain", type=click.Choice(["day", "week"]), help="week: add days up to weeks."),
    click.option(
        "--overlap",
        type=click.Choice(["auto", "add", "replace"]),
        default="auto",
        show_default=True,
        help="Files that give the same campaign and day: add them, or let the file named later replace the earlier.",
    ),
    click.option("--as-of", metavar="DATE", help="Leave out everything after this date (YYYY-MM-DD)."),
)

_PRINTING = (
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."),
    click.option("--quiet", is_flag=True, help="No progress and no notes on standard error."),
)


def reading(command: F) -> F:
    """Add the options that say how files are read."""
    for option in reversed(_READING):
        command = option(command)
    return command


def printing(command: F) -> F:
    """Add ``--json`` and ``--quiet``."""
    for option in reversed(_PRINTING):
        command = option(command)
    return command
