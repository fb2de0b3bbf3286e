"""A plan on a terminal: the verdict, what it brings, the table, doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.calendar import last_day
from roas.charts.causal_words import one
from roas.format import change, money, plural, ratio, say_many, shorten, visible
from roas.language import say
from roas.report import plan_words as words
from roas.report.plan_moves import MOVES, exact, sure
from roas.report.plan_waits import other_waits
from roas.report.plan_weeks import week_parts

if TYPE_CHECKING:
    from rich.console import Console

    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan
    from roas.quantiles import Q

#: Channels listed; plan.csv and the JSON list all.
ROWS: Final = 20

#: Columns of a terminal on which any table fits: to measure one.
WIDE: Final = 1000

#: Scenarios listed; scenarios.csv lists all.
SCENARIOS: Final = 20


def plan_summary(result: WhatIf, console: Console) -> None:
    """Print what matters of a what-if, for 80 columns; names literally."""
    from rich.text import Text

    def tell(text: str, style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=False)

    plan = result.plan
    tell(_about(result, plan), "dim")
    if result.compared:
        tell(words.comparison(result), "bold")
        console.print()
        console.print(_scenarios(result))
        console.print()
    tell(words.verdict(result, plan), "bold")
    for line in [*words.gains(result, plan), *words.notes(result)]:
        tell(line)
    console.print()
    console.print(_fitting(result, plan, console))
    console.print()
    for part in week_parts(plan, result.analysis.tables.currency):
        tell(part) if isinstance(part, str) else console.print(part)
    for line in [*other_waits(result, plan), *words.cautions(result, plan)]:
        tell(line)
    if words.converged(result):
        tell(words.caution(result), "dim")


def _about(result: WhatIf, plan: Plan) -> str:
    window, currency = result.analysis.window, result.analysis.tables.currency
    said = say(
        "{start} to {end}, {currency}; a plan for {weeks}, money per week",
        start=window["start"],
        end=last_day(window).isoformat(),
        currency=currency or say("currency not named"),
        weeks=plural(plan.weeks, "week"),
    )
    return visible(said)


def _fitting(result: WhatIf, plan: Plan, console: Console) -> Any:
    """Return the table; amounts without their currency, which the first line names, where names would break."""
    currency = result.analysis.tables.currency
    table = _table(result, plan, currency)
    wide = console.measure(table, options=console.options.update(max_width=WIDE)).maximum
    return table if wide <= console.width else _table(result, plan, None)


def _table(result: WhatIf, plan: Plan, currency: str | None) -> Any:
    from rich.text import Text

    following = say("Next {unit}", unit=one(result.analysis.tables.currency))
    table = _empty((say("Channel"), say("Now"), say("Planned"), say("Change"), "", following))
    for move in plan.moves[:ROWS]:
        table.add_row(Text(shorten(visible(move.channel), 36)), *_cells(result, move, currency))
    rest = plan.moves[ROWS:]
    if rest:
        table.add_row(Text(others(len(rest))), *_sums(rest, currency), "")
    table.add_section()
    table.add_row(Text(say("Total")), *_sums(plan.moves, currency), "")
    return table


def _cells(result: WhatIf, move: ChannelMove, currency: str | None) -> list[str]:
    cells = _sums([move], currency)
    if move.channel in result.today.excluded:
        return [*cells, say("not modelled")]
    q = move.marginal_roas
    return [*cells, "–" if q.p50 != q.p50 else f"{ratio(q.p50)} [{ratio(q.p5)}–{ratio(q.p95)}]"]


def _sums(moves: Any, currency: str | None) -> list[str]:
    """Write now, planned, the change, and the change as a share."""
    now, planned = (sum(round(getattr(move, of) * 100) for move in moves) / 100 for of in ("now", "planned"))
    moved = planned - now
    if abs(moved) < MOVES:
        return [exact(now, currency), exact(planned, currency), "–", ""]
    sign = "+" if moved > 0 else "−"
    share = change(planned / now - 1) if now > 0 else say("new")
    return [
        exact(now, currency),
        exact(planned, currency),
        f"{sign}{exact(abs(moved), currency)}",
        share,
    ]


def _scenarios(result: WhatIf) -> Any:
    from rich.text import Text

    currency = result.analysis.tables.currency
    profit = result.analysis.margin is not None
    what = say("Profit") if profit else say("Revenue")
    table = _empty((say("Scenario"), say("Spend"), say("Change"), what, say("90 % interval"), say("Beats today")))
    for plan in result.order[:SCENARIOS]:
        q = plan.profit_change if profit and plan.profit_change is not None else plan.revenue_change
        table.add_row(
            Text(shorten(visible(plan.name), 36), style="bold" if plan is result.plan else ""),
            exact(plan.total, currency),
            _signed(plan.total - result.today.total, currency),
            _signed(q.p50, currency),
            between(q, currency),
            say("held") if plan.held else sure(plan.probability_better),
        )
    more = len(result.order) - SCENARIOS
    if more > 0:
        table.add_row(Text(others(more)), *[""] * 5)
    return table


def between(q: Q, currency: str | None) -> str:
    """Write the 90 % interval of a change with signs, as a cell has it."""
    return say("{low} to {high}", low=_signed(q.p5, currency), high=_signed(q.p95, currency))


def others(number: int) -> str:
    """Count the rows that are not shown."""
    return say_many("{number} other", "{number} others", number)


def _signed(value: float, currency: str | None) -> str:
    if abs(value) < MOVES:
        return "–"
    return f"{'+' if value > 0 else '−'}{money(abs(value), currency)}"


def _empty(headings: tuple[str, ...]) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(headings[0], overflow="fold")
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
