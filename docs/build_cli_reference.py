"""Write `cli.md` from the help of every command, or check that it is current.

python docs/build_cli_reference.py           rewrite it
python docs/build_cli_reference.py --check   exit 1 where it differs
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

PAGE = Path(__file__).with_name("cli.md")
WIDTH = 80  # of the help text, whatever the terminal

HEAD = """\
# Commands

Written by `docs/build_cli_reference.py` from each command's `--help`; change the help, not this page.
"""


def sections(command: click.Command, name: str, above: click.Context | None = None) -> Iterator[str]:
    """Yield one section for a command and for each command below it."""
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = command.context_class(command, info_name=name, parent=above, **settings)
    lines = [line.rstrip() for line in click.unstyle(command.get_help(context)).splitlines()]
    yield "\n".join([f"## {context.command_path}", "", "```text", *lines, "```", ""])
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from sections(found, below, context)


def page(command: click.Command) -> str:
    """Return the whole page for the program's top command."""
    return "\n".join([HEAD, *sections(command, "roas")])


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    from roas.cli.main import cli

    wanted = page(cli)
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    found = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if found == wanted:
        return 0
    sys.stderr.writelines(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), "cli.md", "help"))
    print(f"docs/{PAGE.name} is out of date: run python docs/{Path(__file__).name}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
