"""The page's table of what spend causes: one row a channel, as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.charts.causal_words import is_known, one, ranged, with_probability
from roas.charts.rows import each_row, known
from roas.format import money, plural, ratio, visible
from roas.language import say
from roas.metrics import ratio as divide
from roas.report.caused import usable
from roas.report.caused_words import known_words
from roas.report.tables_page import IN_SIGHT, ROWS
from roas.tables import has_values

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.response import ChannelResponse


@dataclass(frozen=True)
class Row:
    """One channel: middles and intervals apart, so that they can be set apart."""

    channel: str
    spend: str
    claimed: str
    roas: str
    roas_range: str
    over: str
    next: str
    next_range: str
    state: str
    known: str


@dataclass(frozen=True)
class CausedTable:
    """The table: its headings that depend on the account, its rows, those folded away."""

    caption: str
    unit: str
    claims: bool
    rows: list[Row]
    more: list[Row]
    left: str = ""


def caused_table(analysis: Analysis) -> CausedTable | None:
    """Return every channel with what it caused, largest spend first; None without estimates to show."""
    if usable(analysis) is None:
        return None
    currency, channels = analysis.tables.currency, analysis.channels
    rows = [_row(analysis, row) for row in each_row(channels.head(ROWS))]
    rest = len(channels) - len(rows)
    return CausedTable(
        caption=say("What each channel caused, {currency}", currency=currency)
        if currency
        else say("What each channel caused"),
        unit=one(currency),
        claims=has_values(channels, "claimed_roas"),
        rows=rows[:IN_SIGHT],
        more=rows[IN_SIGHT:],
        left=f"{say('{channels} not listed.', channels=plural(rest, 'smaller channel'))} " if rest else "",
    )


def _row(analysis: Analysis, row: Any) -> Row:
    currency, name = analysis.tables.currency, str(row.channel)
    each, claimed = analysis.caused.get(name), known(row.claimed_roas)
    spend, claims = money(row.spend, currency), ratio(claimed)
    if each is None:
        assert analysis.response is not None
        why = visible(analysis.response.excluded.get(name) or say("no spend in the dates of the model"))
        absent = say("not in the model: {why}", why=why)
        return Row(visible(name), spend, claims, "–", "", "", "–", "", say("cannot be told"), absent)
    after = each.marginal_roas
    return Row(
        channel=visible(name), spend=spend, claimed=claims, over=_over(claimed, each),
        roas=ratio(each.roas.p50), roas_range=ranged(each.roas.p5, each.roas.p95, ratios=True),
        next="–" if after is None else money(after.p50, currency),
        next_range=say("no spend lately") if after is None else ranged(after.p5, after.p95, currency),
        state=with_probability(each.state, each.probability, known=is_known(each.verdict.identified)),
        known=known_words(each),
    )  # fmt: skip


def _over(claimed: float | None, each: ChannelResponse) -> str:
    """Say how many times what it caused a channel claims."""
    low, high = divide(claimed, each.roas.p95), divide(claimed, each.roas.p5)
    return "" if low is None or high is None else say("{times} × caused", times=ranged(low, high, ratios=True))
