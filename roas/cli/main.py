"""The ``roas`` command: its group, and what happens when something fails."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from roas import __version__
from roas.cli.stopping import Stop, stoppable
from roas.errors import RoasError

#: Command → (module with ``command``, the line that ``--help`` shows). The
#: modules are imported when a command runs, so that help stays instant.
COMMANDS = {
    "analyze": ("roas.cli.analyze", "Read exports, add up, compare claims with the till, write the page."),
    "attribute": ("roas.cli.attribute", "Share conversions out to the channels of their journeys."),
    "whatif": ("roas.cli.whatif", "Say what moving money would change, or find the best split."),
    "report": ("roas.cli.report", "The weekly report: what changed since the last one, and why."),
    "history": ("roas.cli.history", "Check, export or prune what earlier reports said."),
    "inspect": ("roas.cli.inspect", "Say what files are, how columns map, what is wrong."),
    "simulate": ("roas.cli.simulate", "Write an example account with a known truth."),
    "schema": ("roas.cli.schema", "Print the JSON Schema of a document."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a first week with roas."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 2 bad usage or unusable input, 3 --fail-on matched, 130 interrupted.",
)
@click.version_option(__version__, prog_name="roas")
def cli() -> None:
    """Why ROAS swings, what spend causes, where the money should go next.

    \b
    roas inspect exports/                         what are these files?
    roas analyze exports/ --revenue orders.csv -o roas-report
    roas report exports/ --revenue orders.csv     every Monday
    """  # noqa: D301 - click reads the escape as "keep these lines"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    Every refusal is one message on standard error that starts with
    ``Error:``. A traceback is shown only with ``ROAS_DEBUG=1``.
    """
    _prepare_streams()
    with stoppable() as stop:
        return _run(arguments, stop)


def _run(arguments: list[str] | None, stop: Stop) -> int:
    try:
        result = cli.main(args=arguments, prog_name="roas", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:  # the reader of our output has gone, as in `roas ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        return _refuse(_usage(error))
    except Exception as error:
        if stop.asked:  # a library turned the stop into an error of its own
            return _interrupted()
        if isinstance(error, RoasError):
            return _refuse(str(error))
        if os.environ.get("ROAS_DEBUG"):
            raise
        return _refuse(_unexpected(error))


def _prepare_streams() -> None:
    """Write UTF-8 whatever the locale says, and never fail on a strange name."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _interrupted() -> int:
    click.echo("Interrupted; nothing was left half-written.", err=True)
    return 130


def _refuse(message: str) -> int:
    click.echo(f"Error: {message}", err=True)
    return 2


def _usage(error: click.ClickException) -> str:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    return message + (f'\n  See "{context.command_path} --help".' if context is not None else "")


def _unexpected(error: Exception) -> str:
    """Word what we did not foresee: no room, no memory, or a mistake of ours."""
    if isinstance(error, MemoryError):
        return "the machine has not enough memory for this input."
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{(error.strerror or str(error)).lower()}."
    return (
        f"roas met something it does not handle ({type(error).__name__}: {' '.join(str(error).split())[:200]}).\n"
        "  This is a mistake in roas. ROAS_DEBUG=1 shows where; please report it with the header of your file."
    )
