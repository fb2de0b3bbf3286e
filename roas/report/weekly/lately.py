"""What each channel's spend caused: lately, beside a week's claims, and over the whole period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from roas.charts.causal_words import KNOWN, is_known, ranged, with_probability
from roas.format import DASH, ratio, visible
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.report.caused import usable
from roas.report.caused_words import known_words, last_day

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.quantiles import Q
    from roas.response import ChannelResponse


class Window(NamedTuple):
    """The weeks that *recent* covers, and their last day, ISO 8601."""

    weeks: int
    end: str


@dataclass(frozen=True)
class Caused:
    """One channel's ROAS caused as words: lately, over the whole period, and how far it is known.

    ``doubt`` says in a word or two that it is not, or not wholly, known (empty where it is); ``known`` says why too.
    """

    roas: str = DASH
    between: str = ""
    whole: str = DASH
    whole_between: str = ""
    state: str = ""
    doubt: str = ""
    known: str = ""


def window(analysis: Analysis) -> Window | None:
    """Return the weeks that `Caused.roas` is about: the last 8 of the model; None without estimates to show."""
    response = usable(analysis)
    if response is None:
        return None
    weeks = response.data.periods // (7 if response.data.grain == "day" else 1)
    return Window(max(min(RECENT_WEEKS, weeks), 1), last_day(response))


def caused(analysis: Analysis, channel: str) -> Caused:
    """Return what a channel's spend caused; dashes, and why, where nothing is estimated."""
    response = usable(analysis)
    if response is None:
        return Caused(state=say("cannot be told"))
    each = analysis.caused.get(channel)
    if each is None:
        why = visible(response.excluded.get(channel) or say("no spend in the dates of the model"))
        absent = say("not in the model: {why}", why=why)
        return Caused(state=say("cannot be told"), doubt=say("not in the model"), known=absent)
    return _estimated(each)


def _estimated(each: ChannelResponse) -> Caused:
    how, now = each.verdict.identified, each.roas_recent
    return Caused(
        roas=DASH if now is None else ratio(now.p50),
        between="" if now is None else _between(now),
        whole=ratio(each.roas.p50),
        whole_between=_between(each.roas),
        state=with_probability(each.state, each.probability, known=is_known(how)),
        doubt=say("no spend lately") if now is None else "" if how == "identified" else say(KNOWN[how]),
        known=known_words(each),
    )


def _between(q: Q) -> str:
    return ranged(q.p5, q.p95, ratios=True)
