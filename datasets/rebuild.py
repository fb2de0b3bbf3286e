"""Rebuild the example accounts: ``python datasets/rebuild.py [DIRECTORY]``.

Each account is made by `roas.simulator` from a fixed seed, with a card
(README.md) whose figures are taken from its truth. Journeys of one of them
lie in a folder of their own: an account is read folder by folder.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roas.simulator import Planted, simulate, write_account
from roas.simulator.write import Layout


@dataclass(frozen=True)
class Example:
    """One bundled account: how to simulate it and what its card says."""

    name: str
    title: str
    about: str
    settings: Mapping[str, Any]
    layout: Layout


EXAMPLES = (
    Example(
        name="small-shop",
        title="Small shop, by day",
        about="A small web shop. Its budget for Meta was raised far past what the channel can return.",
        settings={"seed": 11, "scale": 0.4, "causes": (Planted("saturation", channel="Meta"),)},
        layout="long",
    ),
    Example(
        name="retailer-weekly",
        title="Retailer, by week",
        about="A large web retailer: six channels, three years, one wide table. Nothing is wrong with it.",
        settings={
            "seed": 12,
            "scale": 12.0,
            "weeks": 156,
            "grain": "week",
            "start": dt.date(2023, 1, 2),
            "channels": 6,
        },
        layout="wide",
    ),
)

JOURNEYS_OF = EXAMPLES[0]
JOURNEYS_NAME = f"{JOURNEYS_OF.name}-journeys"
# Keeps the file under a megabyte.
MOST_TOUCHES = 18_000

LONG_COLUMNS = """\
| file | column | unit |
|---|---|---|
| spend.csv | date | day, ISO 8601 |
| | channel, campaign | name |
| | spend | {currency} |
| | impressions, clicks | count |
| | reach | people who saw an ad that day; never add it over days |
| | conversions | orders the platform counts as its own |
| | conversion_value | their value as the platform reports it, {currency} |
| | currency | ISO 4217 |
| revenue.csv | date | day |
| | revenue | the till, net of discounts, {currency} |
| | orders, sessions, new_customers | count |
| | promo | 1 on days with a promotion |

A paused campaign has rows only while orders it caused still arrive."""

WIDE_COLUMNS = """\
| file | column | unit |
|---|---|---|
| account.csv | date | Monday of the week, ISO 8601 |
| | …_spend | spend of the channel in that week, {currency} |
| | revenue | the till in that week, net of discounts, {currency} |
| | promo | 1 in weeks with a promotion |"""

CARD = """\
# {title}

{about} The numbers are simulated, so the truth is known: no real shop is in here.

{start} to {end}, seed {seed}, {channels} channels, {campaigns} campaigns. Causes: {causes}.

## Columns

{columns}

## Truth

truth.json holds all of it (see docs/simulator.md). In short, in {currency}:

| channel | spend | claimed ROAS | true ROAS | true ROAS, last 8 weeks | marginal ROAS, last 8 weeks |
|---|---:|---:|---:|---:|---:|
{rows}

Revenue {revenue:.0f}, of which {baseline_share:.0%} would come without ads. Platforms claim
{over_claim:.2f} times what ads caused.

## Rebuild

    python datasets/rebuild.py

The result is the same to the byte; a test compares it.
"""


JOURNEYS_CARD = """\
# {title}: journeys

What some of its people did: {touches} touches of {people} people, {conversions} orders. The numbers are simulated,
like the account in ../{name}, whose channels and campaigns have the same names here.

Orders are of {start} to {end}, touches before them from {touches_from} on; seed {seed}.

## Try it

    roas attribute datasets/{name}-journeys/journeys.csv
    roas attribute datasets/{name}-journeys/journeys.csv --by campaign
    roas analyze datasets/{name} --journeys datasets/{name}-journeys/journeys.csv -o report

## Columns

| file | column | unit |
|---|---|---|
| journeys.csv | user_id | a person; made up |
| | time | the shop's clock, ISO 8601 |
| | channel, campaign | name; Direct and Organic search are visits that no ad brought, and have no campaign |
| | conversion | 1 in the visit of an order |
| | conversion_value | the order's value, {currency} |

Rows are in order of time. Followed are {share_of_orders:.0%} of the till's orders and {share_of_touches:.0%} of the
clicks and of the recognisable visits, so journeys convert far more often than visits do.

## Truth

Credit is not cause. In these weeks ads caused, in {currency}, of all orders, followed or not:

| channel | touches here | revenue caused |
|---|---:|---:|
{rows}

truth.json holds this and the account's whole truth (see docs/simulator.md). Who would have bought anyway searches for
the brand before buying, or clicks an ad that follows them. Their journeys look like those of people whom an ad moved.

## Rebuild

    python datasets/rebuild.py

The result is the same to the byte; a test compares it.
"""


def rebuild(directory: Path) -> list[Path]:
    """Write every example below `directory`; return the files written."""
    written = []
    for example in EXAMPLES:
        tables, truth = simulate(**example.settings)
        home = directory / example.name
        written += write_account(home, tables, truth, layout=example.layout)
        written.append(home / "README.md")
        written[-1].write_text(card(example, truth), encoding="utf-8", newline="\n")
    return written + rebuild_journeys(directory)


def rebuild_journeys(directory: Path) -> list[Path]:
    """Write the bundled journeys below `directory`; return the files written."""
    tables, truth = simulate(**JOURNEYS_OF.settings, journeys=MOST_TOUCHES)
    home = directory / JOURNEYS_NAME
    written = [*write_account(home, {"journeys": tables["journeys"]}, truth), home / "README.md"]
    written[-1].write_text(journeys_card(truth), encoding="utf-8", newline="\n")
    return written


def journeys_card(truth: Mapping[str, Any]) -> str:
    """Describe the journeys in words and in figures from their truth."""
    own = truth["journeys"]
    rows = (f"| {row['channel']} | {row['touches']} | {row['incremental_revenue']:.0f} |" for row in own["channels"])
    facts = {name: value for name, value in own.items() if name != "channels"}
    return JOURNEYS_CARD.format(
        title=JOURNEYS_OF.title,
        name=JOURNEYS_OF.name,
        seed=truth["seed"],
        currency=truth["currency"],
        rows="\n".join(rows),
        **facts,
    )


def card(example: Example, truth: Mapping[str, Any]) -> str:
    """Describe an example in words and in figures from its truth."""
    start = dt.date.fromisoformat(truth["start"])
    columns = LONG_COLUMNS if example.layout == "long" else WIDE_COLUMNS
    return CARD.format(
        title=example.title,
        about=example.about,
        start=start,
        end=start + dt.timedelta(weeks=truth["weeks"], days=-1),
        seed=truth["seed"],
        channels=len(truth["channels"]),
        campaigns=sum(len(channel["campaigns"]) for channel in truth["channels"]),
        causes="; ".join(map(_cause, truth["causes"])) or "none",
        columns=columns.format(currency=truth["currency"]),
        currency=truth["currency"],
        rows="\n".join(map(_row, truth["channels"])),
        revenue=truth["totals"]["revenue"],
        baseline_share=truth["totals"]["baseline_share"],
        over_claim=truth["totals"]["over_claim"],
    )


def _cause(cause: Mapping[str, Any]) -> str:
    where = cause["scope"]["channel"] or "the whole account"
    lost = f"{cause['effect_per_week']:.0f} of revenue lost a week"
    return f"{cause['cause']} of {where} since {cause['since']}, {lost}"


def _row(channel: Mapping[str, Any]) -> str:
    ratios = [channel[name] for name in ("claimed_roas", "roas", "roas_recent", "marginal_roas")]
    figures = " | ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"| {channel['channel']} | {channel['spend']:.0f} | {figures} |"


if __name__ == "__main__":
    for path in rebuild(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(path)
