"""``roas simulate``."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import click

from roas._typing import Grain
from roas.cli.options import printing

Layout: TypeAlias = Literal["long", "wide"]


EXAMPLES = """\
Example: roas simulate example --cause saturation --seed 7

Two causes, sized: roas simulate example --cause creative_fatigue:channel=Meta,size=0.3 --cause
demand_shift:since=2025-06-02,shape=slow --decoy holiday

With journeys: roas simulate example --journeys && roas attribute example/journeys.csv
"""


@click.command(name="simulate", epilog=EXAMPLES)
@click.argument("directory", metavar="DIR")
@click.option(
    "--cause",
    "causes",
    multiple=True,
    metavar="NAME",
    help="Plant this cause; repeat for several. Without it the account is healthy. NAME:option=value,… sets"
    " channel, since (a date), size (share lost, such as 0.3) or factor, and shape (step, ramp or slow).",
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
@click.option("--scale", type=float, default=1.0, show_default=True, help="Multiplies spend and orders.")
@click.option("--channels", type=int, help="Number of channels, 4 to 6; drawn if not given.")
@click.option("--start", metavar="DATE", default="2024-01-01", show_default=True, help="First day, a Monday.")
@click.option("--currency", metavar="CODE", default="EUR", show_default=True, help="ISO 4217 code.")
@click.option(
    "--columns",
    metavar="NAMES",
    default="full",
    show_default=True,
    help="Columns to keep, with commas between. bare: one table of date, channel, spend and claimed revenue.",
)
@click.option(
    "--decoy",
    "decoys",
    multiple=True,
    metavar="NAME",
    help="A harmless happening, no cause: holiday, price_wobble or spend_test. Repeat for several.",
)
@click.option(
    "--chase",
    type=float,
    default=0.0,
    show_default=True,
    help="How much harder budgets follow demand: added to the exponent of every channel.",
)
@click.option(
    "--claims-lag",
    type=float,
    default=0.0,
    show_default=True,
    metavar="DAYS",
    help="Platforms count half of a day's orders after this time, in every channel.",
)
@click.option("--renamed", type=click.IntRange(min=0), default=0, show_default=True, help="Campaigns renamed midway.")
@click.option("--paused", type=click.IntRange(min=0), default=0, show_default=True, help="Campaigns stopped midway.")
@click.option(
    "--journeys",
    is_flag=True,
    help="Write journeys.csv too: what some people did in the last weeks, for roas attribute.",
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
    **settings: Any,
) -> int:
    """Write an example account with a known truth into DIR.

    truth.json says what each channel really caused and what was planted.
    """
    from roas.simulator import simulate, write_account

    by_week: Grain = "week" if layout == "wide" else grain
    tables, truth = simulate(seed=seed, causes=causes, weeks=weeks, grain=by_week, **settings)
    paths = write_account(directory, tables, truth, layout=layout)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(truth), nl=False)
    elif not quiet:
        for path in paths:
            click.echo(path)
    return 0
