"""The result on a terminal: the verdict, three numbers, the channels, the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.charts.rows import each_row
from roas.format import money, percent, ratio, shorten, visible
from roas.report import verdict as words
from roas.tables import has_values

if TYPE_CHECKING:
    from rich.console import Console

    from roas.analysis.record import Analysis

#: Channels listed; the page and the tables list the others.
ROWS: Final = 15


def terminal_summary(analysis: Analysis, console: Console) -> None:
    """Print what matters of an analysis, for 80 columns.

    Names are written literally: neither rich's markup nor a control
    character in them does anything.
    """
    from rich.text import Text

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style), soft_wrap=False)

    window = analysis.window
    say(f"{window['start']} to {window['end']}, {analysis.tables.currency or 'currency not named'}", "dim")
    say(words.verdict(analysis), "bold")
    console.print()
    for number in words.numbers(analysis):
        line = Text(f"{visible(number.label):<28} ")
        line.append(f"{number.value:>9}", "bold")
        line.append(f"   {number.says}", "dim")
        console.print(line, soft_wrap=False)
    say(words.comparison(analysis), "dim")
    console.print()
    console.print(_channels(analysis))
    console.print()
    say(words.over_claim(analysis))
    say(words.caution(analysis))
    for step in words.next_steps(analysis)[:1]:
        console.print()
        say(f"Next: {step}")


def _channels(analysis: Analysis) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    currency, channels = analysis.tables.currency, analysis.channels
    claims = has_values(channels, "claimed_roas")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("Channel", overflow="fold", max_width=26)
    headings = (
        ["Spend", "Share", "Claimed", "ROAS claimed", "CPA", "CTR"]
        if claims
        else ["Spend", "Share", "A week, recent", "ROAS"]
    )
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in each_row(channels.head(ROWS)):
        cells = [money(row.spend, currency), percent(row.spend_share)]
        if claims:
            cells += [
                money(row.claimed_revenue, currency),
                ratio(row.claimed_roas),
                money(row.cpa, currency),
                percent(row.ctr),
            ]
        else:
            cells += [money(row.spend_per_week_recent, currency), "–"]
        table.add_row(Text(shorten(visible(row.channel), 52)), *cells)
    rest = channels.iloc[ROWS:]
    if len(rest):
        share = [money(float(rest["spend"].sum()), currency), percent(float(rest["spend_share"].sum()))]
        table.add_row(Text(f"{len(rest):,} others"), *share, *[""] * (len(headings) - 2))
    return table
