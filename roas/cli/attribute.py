"""``roas attribute``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from roas.cli.notes import progress, say_notes
from roas.cli.options import printing
from roas.problems import Findings, counted

if TYPE_CHECKING:
    from roas.io.load import FileReport

EXAMPLES = """\
Example: roas attribute touchpoints.csv --lookback 30d -o attribution

One model of a table of paths: roas attribute paths.csv --model markov --json
"""


def _once(report: FileReport) -> FileReport:
    """Return a report that says only once which rows were left out: the sentence on them says more."""
    said, findings = report.findings.problems, Findings(list(report.findings.problems))
    for each in report.findings.rejected:
        if not any(each.reason in problem.says for problem in said):
            findings.note(f"{counted(each.count, 'row')} left out: {each.reason}")
    return replace(report, findings=findings)


@click.command(name="attribute", epilog=EXAMPLES)
@click.argument("journeys", nargs=-1, required=True)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="first, last, last_non_direct, linear, time_decay, position, w_shaped, markov (also markov_2 "
    "to markov_9, markov_auto), shapley, shapley_ordered, custom. Repeat for several; without it, all that the data allow.",
)
@click.option(
    "--lookback",
    show_default="90d",
    metavar="DAYS",
    help="Touches count up to so many days before the conversion.",
)
@click.option(
    "--half-life",
    show_default="7d",
    metavar="DAYS",
    help="Time decay: a touch so long before the conversion counts half.",
)
@click.option(
    "--position",
    default="40,20,40",
    show_default=True,
    metavar="SHARES",
    help="Position: percent for the first, the middle and the last touch.",
)
@click.option(
    "--direct", multiple=True, metavar="NAME", help="A channel that means a direct visit. Repeat for several."
)
@click.option("--weights", metavar="FILE", help="Own rules: shares by place of the touch.")
@click.option(
    "--by", type=click.Choice(["channel", "campaign"]), default="channel", show_default=True, help="What gets credit."
)
@click.option("--weekly", is_flag=True, help="Credit week by week too, by the week in which a journey ends.")
@click.option("--conversion", multiple=True, metavar="WORD", help="An event that is a conversion. Repeat for several.")
@click.option("--separator", metavar="TEXT", help='What stands between the channels of a path, e.g. ">".')
@click.option(
    "--no-intervals",
    "intervals",
    flag_value=False,
    default=True,
    type=bool,
    help="Do not resample journeys for 90 % intervals.",
)
@click.option(
    "--show-small",
    is_flag=True,
    help="List groups of fewer than ten journeys too. For your own eyes, not for passing on.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What sorts touches into journeys.",
)
@click.option("--spark-master", metavar="URL", help="With --engine spark: the cluster, e.g. spark://host:7077.")
@click.option(
    "--incremental",
    metavar="FILE",
    help="analysis.json of roas analyze, or lift tests: put value beside what channels caused, and scale it to that.",
)
@click.option(
    "--map",
    "map",
    multiple=True,
    metavar='COLUMN="HEADER"',
    help='Which header a column has, e.g. --map user="Cookie". Repeat for more columns.',
)
@click.option("--date-format", metavar="PATTERN", help='How times are written, e.g. "%d/%m/%Y %H:%M".')
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal mark, where a file leaves it open.")
@click.option("--currency", metavar="CODE", help="Currency of the conversions' value.")
@click.option(
    "-o", "--output", metavar="DIR", help="Write attribution.json, tables, charts and index.html into this folder."
)
@printing
def command(journeys: tuple[str, ...], output: str | None, as_json: bool, quiet: bool, **given: Any) -> int:
    """Share conversions out to the channels of their journeys.

    JOURNEYS: touchpoints (user, time, channel, perhaps conversion and
    conversion_value) in one or more files, or one table of paths (path,
    conversions, value, nulls); - for standard input, or a database table
    (duckdb:///file.db?table=touches). Credit is not cause.
    """
    from roas.analysis.attributed import attribute

    with progress(quiet=quiet) as tell:
        result = attribute(list(journeys), progress=tell, **given)
        if output is not None:
            from roas.report.attribution_tables import write_attribution

            write_attribution(result, output, progress=tell)
    say_notes([_once(report) for report in result.reports], result.notes, quiet=quiet)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(result.to_dict()), nl=False)
    else:
        from rich.console import Console

        from roas.report.attribution_summary import attribution_summary

        attribution_summary(result, Console(highlight=False))
        if output is not None:
            click.echo(f"\nThe page: {output}/index.html")
    return 0
