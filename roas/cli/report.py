"""``roas report``."""

from __future__ import annotations

from typing import Any

import click

from roas.cli.notes import progress, say_notes
from roas.cli.options import printing, reading

FAIL_ON = 3

EXAMPLES = """\
Example: roas report exports/ --revenue orders.csv -o reports

In Dutch, for a week of your choice: roas report exports/ --revenue orders.csv --week 2026-W46 --lang nl

For a scheduler: roas report exports/ --revenue orders.csv --quiet --fail-on any --wait 600
"""


@click.command(name="report", epilog=EXAMPLES)
@click.argument("spend", nargs=-1, required=True)
@click.option(
    "--revenue",
    multiple=True,
    metavar="FILE",
    help="The shop's revenue: a daily table or an orders export. Repeat for several.",
)
@click.option("--journeys", multiple=True, metavar="FILE", help="Customer journeys, for attribution.")
@click.option(
    "--experiments",
    metavar="FILE",
    help="Lift tests (channel, start, end, incremental_revenue, standard_error): they anchor the estimates.",
)
@click.option("--margin", type=float, metavar="SHARE", help="Contribution margin, e.g. 0.6.")
@click.option("--tags", metavar="FILE", help="Labels for campaigns (TOML).")
@click.option(
    "--week",
    metavar="WEEK",
    help="ISO week, e.g. 2026-W46. By default the last complete one in the files, after those missed since the last report.",
)
@click.option("--since", metavar="WEEK", help="Also make the weeks from this one on that have no report yet.")
@click.option("--lang", "language", default="en", show_default=True, metavar="en|nl|vi", help="Language of the report.")
@click.option(
    "--max-change",
    default="30%",
    show_default=True,
    metavar="SHARE",
    help="How far the plan may move a channel from today's spend.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    default="reports",
    show_default=True,
    metavar="DIR",
    help="Where the reports and their history (history.sqlite) stand; one folder per week.",
)
@click.option("--dry-run", is_flag=True, help="Make everything, write nothing.")
@click.option(
    "--wait", type=float, default=0.0, metavar="SECONDS", help="How long to wait for another run in the same folder."
)
@click.option(
    "--fail-on", multiple=True, metavar="CAUSE", help="Exit 3 when this cause (or any) is a supported finding."
)
@reading
@printing
def command(
    spend: tuple[str, ...], fail_on: tuple[str, ...], as_json: bool, quiet: bool, dry_run: bool, **given: Any
) -> int:
    """Make the weekly report: what changed since the last one, and why.

    SPEND: exports as for roas analyze. The same week again replaces its
    report and changes nothing else; weeks that were missed are caught up
    with. Two runs in one folder do not collide.
    """
    from roas.diagnosis.base import check_causes
    from roas.language import speaking
    from roas.report.weekly.run import weekly_report

    check_causes(fail_on)
    with progress(quiet=quiet) as tell:
        revenue, journeys = (list(given.pop(name)) or None for name in ("revenue", "journeys"))
        made = weekly_report(list(spend), revenue, journeys=journeys, dry_run=dry_run, progress=tell, **given)
    report = made.report
    with speaking(report.language):
        say_notes(report.analysis.inputs, [*made.notes, *report.notes, *report.analysis.notes], quiet=quiet)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(made.to_dict()), nl=False)
    else:
        from roas.report.weekly.text import weekly_text

        with speaking(report.language):
            click.echo(weekly_text(report), nl=False)
        for folder in made.folders:
            click.echo(f"\n{folder.as_posix()}/index.html", nl=False)
        click.echo("\nNothing was written: --dry-run." if dry_run else "")
    return FAIL_ON if report.analysis.supports(fail_on) else 0
