"""``roas analyze``."""

from __future__ import annotations

from typing import Any

import click

from roas.cli.notes import progress, say_notes
from roas.cli.options import printing, reading

FAIL_ON = 3


@click.command(
    name="analyze",
    epilog="Example: roas analyze google.csv meta.csv --revenue orders.csv --margin 0.6 -o report",
)
@click.argument("spend", nargs=-1, required=True)
@click.option(
    "--revenue",
    multiple=True,
    metavar="FILE",
    help="The shop's revenue: a daily table or an orders export. Repeat for several.",
)
@click.option(
    "--journeys",
    multiple=True,
    metavar="FILE",
    help="Customer journeys (touchpoints or paths): what they credit, beside what is claimed and caused. Repeat for several.",
)
@click.option(
    "--experiments",
    metavar="FILE",
    help="Lift tests (channel, start, end, incremental_revenue, standard_error): they anchor the estimates.",
)
@click.option(
    "--margin",
    type=float,
    metavar="SHARE",
    help="Contribution margin, e.g. 0.6; break-even ROAS is 1 / margin.",
)
@click.option("--tags", metavar="FILE", help="Labels for campaigns (TOML); without it labels are suggested from names.")
@click.option(
    "--no-model",
    "model",
    flag_value=False,
    default=True,
    type=bool,
    help="Do not estimate what spend causes: sums, ratios, luck and breaks only.",
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Write analysis.json, tables, charts and index.html into this folder.",
)
@click.option(
    "--fail-on",
    multiple=True,
    metavar="CAUSE",
    help="Exit 3 when this cause (or any) is a supported finding.",
)
@reading
@printing
def command(
    spend: tuple[str, ...],
    output: str | None,
    fail_on: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    **given: Any,
) -> int:
    """Analyse an advertising account.

    SPEND: exports of ad platforms, tables with date, channel and spend, a
    folder, a glob, - for standard input, or a database table
    (duckdb:///file.db?table=spend). Shop exports among them are recognised.
    """
    from roas.analysis.run import analyze
    from roas.diagnosis.base import check_causes

    check_causes(fail_on)
    with progress(quiet=quiet) as tell:
        revenue, journeys = (list(given.pop(name)) or None for name in ("revenue", "journeys"))
        result = analyze(list(spend), revenue, journeys=journeys, progress=tell, **given)
        if output is not None:
            from roas.report.render import write_report

            tell("drawing the page")
            write_report(result, output)
    say_notes(result.inputs, result.notes, quiet=quiet)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(result.to_dict()), nl=False)
    else:
        from rich.console import Console

        from roas.report.summary import terminal_summary

        terminal_summary(result, Console(highlight=False))
        if output is not None:
            click.echo(f"\nThe page: {output}/index.html")
    return FAIL_ON if result.supports(fail_on) else 0
