"""An amount a week in large figures, with its 90 % range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.charts.theme import HUES, INK, MUTED, WORDS_OF
from roas.format import money
from roas.language import say
from roas.report.weekly.card.letters import BODY, LARGE, SMALL
from roas.report.weekly.names import between

if TYPE_CHECKING:
    from roas.quantiles import Q
    from roas.report.weekly.card.blank import Card


def estimate(
    card: Card, label: str, q: Q, currency: str | None, at: tuple[float, float, float], *, lost: bool = False
) -> float:
    """Write an amount a week in large figures, with its 90 % range; return where it ends."""
    x, y, wide = at
    y = card.write(label, x, y, wide, sizes=(BODY, SMALL, SMALL - 1), colour=MUTED)
    sign = "" if lost or q.p50 <= 0 else "+"
    hue = WORDS_OF[HUES[1]] if lost else INK
    y = card.write(f"{sign}{money(q.p50, currency)}", x, y, wide, sizes=(LARGE, 23.0, 19.0), bold=True, colour=hue)
    said = say("90 % range {range}", range=between(q, currency))
    said = f"{said[:1].upper()}{said[1:]}"
    return card.fewest(said, x, y - 1, wide, sizes=(SMALL, SMALL - 1), most=2, colour=MUTED)
