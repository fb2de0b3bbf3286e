"""The week in few lines, as blocks that Markdown and plain text both write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any, Final, Literal

from roas.format import day, plural, say_many
from roas.language import say
from roas.report.findings import findings
from roas.report.rates_words import rates
from roas.report.weekly import alerted, changed, channels, decided, headline, lately, numbers, planned, trust
from roas.report.weekly.names import week_words

if TYPE_CHECKING:
    from roas.report.weekly.changed import Group, Row
    from roas.weekly.record import WeeklyReport

Kind = Literal["title", "verdict", "heading", "line", "item"]

#: What a message shows of each kind; the page has all.
FINDINGS: Final = 3
CHANGES: Final = 6
ALERTS: Final = 5
DECISIONS: Final = 3
ROWS: Final = 10

#: Columns of the plan that a message shows: channel, last week, now, planned.
PLANNED: Final = 4

#: Characters that a number in a table, or its heading, may take; and a number with its range.
CELL: Final = 13
RANGED: Final = 24


@dataclass(frozen=True)
class Text:
    """One paragraph, heading or item; ``strong`` stands before it and is emphasised."""

    kind: Kind
    text: str
    strong: str = ""


@dataclass(frozen=True)
class Grid:
    """A small table; the first column is text, the others are numbers.

    ``notes`` has a text for below each row, empty where there is nothing to say; without any, no row has one. ``widest``
    is how many characters a number, or its heading, may take.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    widest: int = CELL


Block = Text | Grid


def digest(report: WeeklyReport) -> list[Block]:
    """Return what a message of the week says, in the language in force."""
    parts = (_head, _changes, _findings, _plan, _decisions, _channels, _data)
    return [block for part in parts for block in part(report)]


def _head(report: WeeklyReport) -> Iterator[Block]:
    currency = report.analysis.tables.currency or say("currency not named")
    scope = f"{week_words(report.week)} · {plural(len(report.analysis.channels), 'channel')} · {currency}"
    yield Text("title", scope)
    yield Text("verdict", headline.verdict(report))
    lead = headline.lead(report)
    if lead:
        yield Text("line", lead)
    for each in numbers.numbers(report):
        said = " · ".join(filter(None, (f"({each.badge})", each.moved, each.says)))
        yield Text("item", said, strong=f"{each.label}: {each.value}")


def _changes(report: WeeklyReport) -> Iterator[Block]:
    yield Text("heading", say("What changed"))
    yield Text("line", changed.since(report))
    found = alerted.alerts(report)
    for each in found[:ALERTS]:
        cost = f"{each.cost}. " if each.cost else ""
        yield Text("item", f"{cost}{each.since}", strong=f"{each.badge}: {each.title}.")
    if len(found) > ALERTS:
        yield _more(len(found) - ALERTS)
    for line in (*alerted.standing(report)[:ALERTS], *alerted.told(report)[:FINDINGS]):
        yield Text("item", line)
    for row in changed.of_account(report):
        yield Text("item", f"{_step(row)}, {row.usual}", strong=f"{row.figure}:")
    yield from _moved([group for group in changed.groups(report) if group.reason != "new_data"])
    yield Text("line", f"{alerted.promise(report)} {alerted.used(report)}")


def _moved(groups: Sequence[Group]) -> Iterator[Block]:
    """Write the changes that are more than one week of new data."""
    rows = [(group.heading, row) for group in groups for row in (*group.rows, *group.more)]
    for line in [line for group in groups for line in group.said][:CHANGES]:
        yield Text("item", line)
    for heading, row in rows[:CHANGES]:
        yield Text("item", f"{row.whose}, {row.figure}: {_step(row)}", strong=f"{heading}:")
    if len(rows) > CHANGES:
        yield _more(len(rows) - CHANGES)


def _step(row: Row) -> str:
    return f"{row.before} → {row.after}{f' ({row.moved})' if row.moved else ''}"


def _more(number: int) -> Text:
    return Text("item", say_many("{number} more on the page.", "{number} more on the page.", number))


def _findings(report: WeeklyReport) -> Iterator[Block]:
    found = findings(report.analysis)
    yield Text("heading", say("What went wrong"))
    yield Text("line", found["outcome"])
    for card in found["supported"][:FINDINGS]:
        said = say("{cost}. To do: {action}", cost=_cost(card["stakes"]), action=card["action"])
        yield Text("item", said, strong=f"{card['title']}.")
    if len(found["supported"]) > FINDINGS:
        yield _more(len(found["supported"]) - FINDINGS)
    for card in found["possible"][:FINDINGS]:
        yield Text("item", _possible(card), strong=f"{card['title']}.")
    if len(found["possible"]) > FINDINGS:
        yield _more(len(found["possible"]) - FINDINGS)


def _possible(card: Mapping[str, Any]) -> str:
    """Say how likely a finding is that is not proven, and what it would cost."""
    _, cost, between = card["stakes"][0]
    said = {"chance": card["sure"], "cost": cost}
    if between:
        return say("Not proven; chance that this is the cause: {chance}. {cost} ({range}).", **said, range=between)
    return say("Not proven; chance that this is the cause: {chance}. {cost}.", **said)


def _cost(stakes: Sequence[tuple[str, str, str]]) -> str:
    """Write what a finding costs, with its range."""
    _, value, between = stakes[0]
    return f"{value} ({between})" if between else value


def _plan(report: WeeklyReport) -> Iterator[Block]:
    found = planned.plan(report)
    if found is None:
        return
    yield Text("heading", say("Where money should go"))
    for line in filter(None, (found["verdict"], *found["gains"], found["assumed"])):
        yield Text("line", line)
    rows = [tuple(cells[:PLANNED]) for cells in (*found["table"].rows, found["table"].rest)]
    yield Grid(tuple(column.heading for column in found["table"].columns[:PLANNED]), tuple(rows))
    yield Text("line", " ".join((found["now"], *found["already"])))


def _decisions(report: WeeklyReport) -> Iterator[Block]:
    found = decided.decisions(report)
    if not found:
        return
    yield Text("heading", say("What was decided, and what came of it"))
    for row in found[:DECISIONS]:
        realised = say("Realised: {change}", change=row.realised) if row.realised else ""
        said = [say("Predicted: {change}", change=row.predicted), realised, row.because]
        sentences = (f"{each.removesuffix('.')}." for each in said if each)
        yield Text("item", " ".join(sentences), strong=f"{row.badge}: {row.title}.")
    if len(found) > DECISIONS:
        yield _more(len(found) - DECISIONS)


def _channels(report: WeeklyReport) -> Iterator[Block]:
    rows = channels.channels(report)
    yield Text("heading", say("Channels"))
    yield Text("line", _of_channels(report))
    claimed, modelled = channels.claims(report), lately.window(report.analysis) is not None
    shown = (True, True, claimed, modelled)
    headings = (say("Channel"), say("Spend"), say("Claimed"), say("Caused"))
    cells = ((row.channel, row.spend, row.claimed, _ranged(row)) for row in rows[:ROWS])
    yield Grid(
        tuple(compress(headings, shown)),
        tuple(tuple(compress(each, shown)) for each in cells),
        tuple(row.doubt for row in rows[:ROWS]) if modelled else (),
        RANGED if modelled else CELL,
    )
    if len(rows) > ROWS:
        yield _more(len(rows) - ROWS)


def _ranged(row: channels.Row) -> str:
    return f"{row.caused} ({row.caused_range})" if row.caused_range else row.caused


def _of_channels(report: WeeklyReport) -> str:
    """Say which weeks the channels' figures are of."""
    found, claimed = lately.window(report.analysis), channels.claims(report)
    if found is None and claimed:
        return say("Spend of the week, and ROAS as platforms claim it. What spend caused cannot be told.")
    if found is None:
        return say("Spend of the week. What spend caused cannot be told.")
    if not claimed:
        return say_many(
            "Spend of the week; beside it the ROAS that spend caused in the {number} week to {date} (90 % range).",
            "Spend of the week; beside it the ROAS that spend caused in the {number} weeks to {date} (90 % range).",
            found.weeks,
            date=day(found.end),
        )
    return say_many(
        "Spend of the week and ROAS as platforms claim it; beside it the ROAS that spend caused in the {number} week to "
        "{date} (90 % range).",
        "Spend of the week and ROAS as platforms claim it; beside it the ROAS that spend caused in the {number} weeks to "
        "{date} (90 % range).",
        found.weeks,
        date=day(found.end),
    )


def _data(report: WeeklyReport) -> Iterator[Block]:
    data, origin = trust.data(report), trust.origin(report)
    yield Text("heading", say("Data and method"))
    yield Text("line", " ".join(filter(None, (data["covers"], data["settled"]))))
    for note in report.notes:
        yield Text("item", note)
    yield Text("line", rates(report.analysis.diagnosis.rates))
    yield Text("line", origin["run"])
