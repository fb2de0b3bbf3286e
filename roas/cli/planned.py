"""Commands of the contract that this version does not have: they say so and stop."""

from __future__ import annotations

import click

from roas.errors import UsageError

_WAITS_FOR = {
    "report": "weekly report",
}


def _planned(name: str, what: str) -> click.Command:
    @click.command(
        name=name,
        help=f"Not in this version: {what}. Its name and place are fixed, so it is listed; it exits with code 2.",
        context_settings={"ignore_unknown_options": True},
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def refuse(arguments: tuple[str, ...]) -> None:
        raise UsageError(
            f"roas {name}: this version has no {what}.\n"
            "  roas analyze reads, compares and estimates what spend causes; the CHANGELOG says what comes next."
        )

    return refuse


commands = {name: _planned(name, what) for name, what in _WAITS_FOR.items()}
