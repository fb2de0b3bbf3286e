"""``roas whatif``."""

from __future__ import annotations

from typing import Any

import click

from roas.cli.notes import progress, say_notes
from roas.cli.options import printing, reading
from roas.errors import UsageError

EXAMPLES = """\
Example: roas whatif google.csv meta.csv --revenue orders.csv --optimize --max-change 30%

A move of your own: roas whatif exports/ --revenue orders.csv --shift "Meta>Search=500"

Another budget: roas whatif exports/ --revenue orders.csv --budget 12000 --optimize --min "TikTok=500" -o plan

Decided: roas whatif exports/ --revenue orders.csv --shift "Meta>Search=500" --save --name "less Meta"
"""


@click.command(name="whatif", epilog=EXAMPLES)
@click.argument("spend", nargs=-1, required=True)
@click.option(
    "--revenue",
    multiple=True,
    metavar="FILE",
    help="The shop's revenue: a daily table or an orders export. Repeat for several. What-if needs it.",
)
@click.option(
    "--shift",
    multiple=True,
    metavar="TEXT",
    help='A move: "Meta=-20%", "Meta=+500", "Meta=2000" or "Meta>Search=500". Repeat for several.',
)
@click.option(
    "--budget", metavar="AMOUNT", help="Money per week. Scales today's split; with --optimize, the best split."
)
@click.option("--optimize", is_flag=True, help="Look for the best split inside the limits.")
@click.option(
    "--for",
    "objective",
    type=click.Choice(["revenue", "profit", "cautious"]),
    default="revenue",
    show_default=True,
    help="What the best split is best for. profit needs --margin; cautious: the best bad case.",
)
@click.option(
    "--target-marginal-roas",
    type=float,
    metavar="X",
    help="Spend in each channel until the next unit of money brings X.",
)
@click.option("--target-revenue", metavar="AMOUNT", help="What it would take to reach this revenue per week.")
@click.option(
    "--max-change",
    default="30%",
    show_default=True,
    metavar="SHARE",
    help="How far a channel may move from today's spend.",
)
@click.option(
    "--min",
    "minimum",
    multiple=True,
    metavar='"CHANNEL=AMOUNT"',
    help="The least a channel, or all channels of a label, may get per week. Repeat for several.",
)
@click.option(
    "--max",
    "maximum",
    multiple=True,
    metavar='"CHANNEL=AMOUNT"',
    help="The most a channel, or all channels of a label, may get per week. Repeat for several.",
)
@click.option(
    "--fix", multiple=True, metavar="CHANNEL", help="Leave this channel or label as it is. Repeat for several."
)
@click.option("--weeks", default="4", show_default=True, metavar="N", help="Length of the plan.")
@click.option("--by-week", is_flag=True, help="Say each week's money, in pulses where they truly pay.")
@click.option(
    "--scenarios",
    metavar="FILE",
    help="Several questions, compared: TOML, CSV (scenario, channel, spend_per_week), or the plan.csv of an earlier plan.",
)
@click.option(
    "--experiments",
    metavar="FILE",
    help="Lift tests (channel, start, end, incremental_revenue, standard_error): they anchor the estimates.",
)
@click.option("--margin", type=float, metavar="SHARE", help="Contribution margin, e.g. 0.6: adds profit.")
@click.option("--tags", metavar="FILE", help="Labels for campaigns (TOML), for limits by label.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Write a page to try splits on, plan.json, plan.csv, scenarios.csv and a chart into this folder.",
)
@click.option("--save", is_flag=True, help="Note the plan: later reports say how it turned out.")
@click.option(
    "--history",
    metavar="FILE",
    help="With --save: the history, or the folder of the reports it lies in.  [default: reports/history.sqlite]",
)
@click.option("--who", metavar="TEXT", help="With --save: who decided. By default the login name.")
@click.option("--name", metavar="TEXT", help="With --save: what you call the plan.")
@reading
@printing
def command(
    spend: tuple[str, ...],
    output: str | None,
    save: bool,
    history: str | None,
    who: str | None,
    name: str | None,
    as_json: bool,
    quiet: bool,
    **given: Any,
) -> int:
    """Say what moving money between channels would change, or find the best split.

    SPEND: exports as for roas analyze. Amounts are money per week; today is
    the mean of the last 8 weeks. Where nothing better can be defended, the
    answer is today's split, and why.
    """
    from roas.analysis.planning import whatif
    from roas.analysis.saving import FOLDER

    _of_saving({"--history": history, "--who": who, "--name": name}, save=save)
    revenue = list(given.pop("revenue")) or None
    with progress(quiet=quiet) as tell:
        result = whatif(list(spend), revenue, progress=tell, **given)
        if output is not None:
            from roas.report.plan_tables import write_plan

            write_plan(result, output, progress=tell)
    saved = result.save(history or FOLDER, who=who, name=name or "") if save else None
    # The summary says on its own what was decided on the way.
    decided = result.notes if as_json else ()
    say_notes(result.analysis.inputs, [*decided, *result.analysis.notes], quiet=quiet)
    if as_json:
        from roas.analysis.document import dumps

        click.echo(dumps(result.to_dict()), nl=False)
    else:
        from rich.console import Console

        from roas.report.plan_summary import plan_summary

        plan_summary(result, Console(highlight=False))
        if output is not None:
            click.echo(f"\nThe plan: {output}/plan.csv")
    if saved is not None:
        say_notes((), saved.notes, quiet=quiet)
        if not (as_json and quiet):
            click.echo(saved.sentence() if as_json else f"\n{saved.sentence()}", err=as_json)
    return 0


def _of_saving(given: dict[str, str | None], *, save: bool) -> None:
    """Refuse words about a note that is not made."""
    idle = [option for option, said in given.items() if said is not None]
    if idle and not save:
        raise UsageError(f"{' and '.join(idle)} go with a plan that is noted. Add --save, or leave them out.")
