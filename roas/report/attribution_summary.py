"""Attribution on a terminal: the verdict, credit by channel and model, what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.scaled import LABEL
from roas.format import money, percent, plural, shorten, visible
from roas.report import attribution_words as words
from roas.report.attribution_names import amount, short_name

if TYPE_CHECKING:
    from rich.console import Console

    from roas.attribution.attribution import Attribution
    from roas.attribution.results import Credit

#: Channels listed; credit.csv and the JSON list the others.
ROWS: Final = 15

#: Models beside the leading one, as many as 80 columns hold.
BESIDE: Final = 3
_WANTED: Final = ("last", "linear", "shapley", "first", "position", "time_decay", "markov")

#: Letters of a heading's line; it breaks between words, never inside one.
_LINE: Final = 14


def attribution_summary(result: Attribution, console: Console) -> None:
    """Print what matters of an attribution, for 80 columns; names literally."""
    from rich.text import Text

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(text), style=style), soft_wrap=False)

    say(_about(result), "dim")
    say(words.verdict(result), "bold")
    for line in (words.close_race(result), words.steady(result), words.disagreement(result)):
        if line:
            say(line)
    if result.credits and result.conversions:
        console.print()
        console.print(_table(result))
    console.print()
    for line in words.left_out(result):
        say(line)
    _say_scaled(result, console, say)
    say(words.CAUTION)


def _about(result: Attribution) -> str:
    journeys = result.journeys
    dates = f"{journeys.start} to {journeys.end}, " if journeys.start and journeys.end else ""
    count = plural(round(float(journeys.paths.journeys.sum())), "journey")
    worth = f", worth {money(result.value, journeys.currency)}" if result.value else ""
    window = "no times" if journeys.lookback_days is None else f"lookback {plural(journeys.lookback_days, 'day')}"
    return f"{dates}{count}, {plural(round(result.conversions), 'conversion')}{worth}, {window}"


def _say_scaled(result: Attribution, console: Console, say: Any) -> None:
    lines = words.scaled_lines(result)
    if lines:
        console.print()
        say(f"{LABEL.capitalize()} (what channels caused; not attribution):", "bold")
        for line in lines:
            say(line)
        console.print()


def _table(result: Attribution) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    lead = result.leading
    beside = _beside(result, lead)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("Channel", overflow="fold", max_width=18)
    for heading in (_heading(lead.model), "Share", *(["90 % interval"] if _known(lead) else [])):
        table.add_column(heading, justify="right", no_wrap=True)
    for credit in beside:
        table.add_column(_heading(credit.model), justify="right", no_wrap=True)
    order = result.ranked(lead.conversions)
    for c in order[:ROWS]:
        table.add_row(Text(shorten(visible(result.channels[c]), 36)), *_cells(result, lead, beside, [c]))
    if order[ROWS:]:
        table.add_row(Text(plural(len(order) - ROWS, "other")), *_cells(result, lead, beside, order[ROWS:]))
    return table


def _cells(result: Attribution, lead: Credit, beside: list[Credit], channels: list[int]) -> list[str]:
    """Write one row: sums over channels; an interval is of one channel alone."""
    own = float(lead.conversions[channels].sum())
    cells = [amount(own), percent(own / result.conversions)]
    if _known(lead):
        assert lead.conversions_interval is not None
        low, high = (float(x) for x in lead.conversions_interval[channels[0]])
        cells.append(f"{amount(low)} – {amount(high)}" if len(channels) == 1 else "")
    return [*cells, *(amount(float(c.conversions[channels].sum())) for c in beside)]


def _known(credit: Credit) -> bool:
    return credit.conversions_interval is not None and bool(np.isfinite(credit.conversions_interval).all())


def _beside(result: Attribution, lead: Credit) -> list[Credit]:
    asked = [m for m in (*_WANTED, *result.credits) if m in result.credits and m != lead.model]
    return [result.credits[m] for m in dict.fromkeys(asked)][:BESIDE]


def _heading(model: str) -> str:
    name = short_name(model)
    if len(name) <= _LINE or " " not in name:
        return shorten(name, 2 * _LINE)
    first, _, rest = name.partition(" ")
    return f"{shorten(first, _LINE)}\n{shorten(rest, _LINE)}"
