"""``roas simulate``."""

from __future__ import annotations

from typing import Literal, TypeAlias

import click

from roas._typing import Grain
from roas.cli.options import printing

Layout: TypeAlias = Literal["long", "wide"]


@click.command(name="simulate", epilog="Example: roas simulate example --cause saturation --seed 7")
@click.argument("directory", metavar="DIR")
@click.option(
    "--cause",
    "causes",
    multiple=True,
    metavar="NAME",
    help="Plant this cause; repeat for several. Without it the account is healthy.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The same seed gives the same files.",
)
@click.option("--weeks", type=click.IntRange(min=1), default=104, show_default=True, help="Length of the account.")
@click.option(
    "--grain",
    type=click.Choice(["day", "week"]),
    default="day",
    show_default=True,
    help="One row a day or a week.",
)
@click.option(
    "--layout",
    type=click.Choice(["long", "wide"]),
    default="long",
    show_default=True,
    help="long: spend.csv and revenue.csv. wide: account.csv.",
)
@printing
def command(
    directory: str,
    causes: tuple[str, ...],
    seed: int,
    weeks: int,
    grain: Grain,
    layout: Layout,
    as_json: bool,
    quiet: bool,
) -> int:
    """Write an example account with a known truth into DIR.

    truth.json says what each channel really caused and what was planted.
    """
    from roas.simulator import simulate, write_account

    tables, truth = simulate(seed=seed, causes=causes, weeks=weeks, grain="week" if layout == "wide" else grain)
    paths = write_account(directory, tables, truth, layout=layout)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(truth), nl=False)
    elif not quiet:
        for path in paths:
            click.echo(path)
    return 0
