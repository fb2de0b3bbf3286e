"""The result on a terminal: the verdict, three numbers, what went wrong, the channels, the next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.calendar import last_day
from roas.charts.causal_words import one
from roas.charts.rows import each_row
from roas.format import money, percent, ratio, shorten, visible
from roas.report import caused_words, credited_words, unsteady_words
from roas.report import verdict as words
from roas.report.caused import usable
from roas.report.finding_summary import print_findings
from roas.tables import has_values

if TYPE_CHECKING:
    from rich.console import Console

    from roas.analysis.record import Analysis
    from roas.response import ChannelResponse

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
    say(f"{window['start']} to {last_day(window)}, {analysis.tables.currency or 'currency not named'}", "dim")
    say(words.verdict(analysis), "bold")
    came_back = words.beside(analysis)
    if came_back is not None:
        say(came_back)
    console.print()
    for number in words.numbers(analysis):
        line = Text(f"{visible(number.label):<28} ")
        line.append(f"{number.value:>9}", "bold")
        line.append(f"   {number.says}", "dim")
        console.print(line, soft_wrap=False)
    say(words.comparison(analysis), "dim")
    console.print()
    print_findings(analysis, console)
    console.print()
    console.print(_channels(analysis))
    console.print()
    say(words.over_claim(analysis))
    if usable(analysis) is None:
        say(caused_words.caution(analysis))
    else:
        known = caused_words.standing(analysis) == "known"  # the verdict has said it
        say(caused_words.modelled(analysis) if known else caused_words.sentence(analysis))
        say(caused_words.summary_line(analysis))
    for credit in credited_words.summary_lines(analysis):
        say(credit)
    for steadiness in unsteady_words.summary_lines(analysis):
        say(steadiness)
    for step in words.next_steps(analysis)[:1]:
        console.print()
        say(f"Next: {step}")


def _channels(analysis: Analysis) -> Any:
    from rich.text import Text

    channels = analysis.channels
    columns = _columns(analysis)
    table = _empty([heading for heading, _ in columns], widest=18 if usable(analysis) is not None else 26)
    for row in each_row(channels.head(ROWS)):
        table.add_row(Text(shorten(visible(row.channel), 52)), *(write(row) for _, write in columns))
    rest = channels.iloc[ROWS:]
    if len(rest):
        sums = {
            "Spend": money(float(rest["spend"].sum()), analysis.tables.currency),
            "Share": percent(float(rest["spend_share"].sum())),
        }
        table.add_row(Text(f"{len(rest):,} others"), *(sums.get(heading, "") for heading, _ in columns))
    return table


def _empty(headings: Sequence[str], *, widest: int) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("Channel", overflow="fold", max_width=widest)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _columns(analysis: Analysis) -> list[tuple[str, Callable[[Any], str]]]:
    """Return what is listed of each channel: its heading and how it is written."""
    currency, channels = analysis.tables.currency, analysis.channels
    claims, caused = has_values(channels, "claimed_roas"), analysis.caused
    spend: list[tuple[str, Callable[[Any], str]]] = [("Spend", lambda row: money(row.spend, currency))]
    if usable(analysis) is not None:
        claimed: list[tuple[str, Callable[[Any], str]]] = [("ROAS claimed", lambda row: ratio(row.claimed_roas))]
        return [
            *spend,
            *(claimed if claims else []),
            ("ROAS caused", lambda row: _estimate(caused, row, caused_words.caused_ratio)),
            (f"Next {one(currency)}", lambda row: _estimate(caused, row, caused_words.next_ratio)),
        ]
    spend.append(("Share", lambda row: percent(row.spend_share)))
    if not claims:
        return [
            *spend,
            ("A week, recent", lambda row: money(row.spend_per_week_recent, currency)),
            ("ROAS", lambda _: "–"),
        ]
    return [
        *spend,
        ("Claimed", lambda row: money(row.claimed_revenue, currency)),
        ("ROAS claimed", lambda row: ratio(row.claimed_roas)),
        ("CPA", lambda row: money(row.cpa, currency)),
        ("CTR", lambda row: percent(row.ctr)),
    ]


def _estimate(caused: Mapping[str, ChannelResponse], row: Any, write: Callable[[ChannelResponse], str]) -> str:
    each = caused.get(str(row.channel))
    return "–" if each is None else write(each)
