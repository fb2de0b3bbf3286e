"""How often accounts like this one are diagnosed rightly, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.diagnosis.rates import OPEN_SALES, OPEN_WEEKS
from roas.format import count
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.diagnosis.rates import Rates

#: What a cell is about → the end of the measured table, which stands for any number above.
_OPEN: Final = {"sales": OPEN_SALES, "weeks": OPEN_WEEKS}

#: What a cell is about → its range, without an upper end, and without a lower one.
_CELLS: Final[Mapping[str, tuple[str, str, str]]] = {
    "sales": (
        mark("{low} to {high} sales a day"),
        mark("{low} sales a day or more"),
        mark("under {high} sales a day"),
    ),
    "weeks": (
        mark("{low} to {high} weeks of history"),
        mark("{low} weeks of history or more"),
        mark("under {high} weeks of history"),
    ),
}


def rates(found: Rates | None) -> str:
    """Say how often accounts like this one are diagnosed rightly."""
    if found is None:
        return say("How often accounts like this one are diagnosed rightly has not been measured.")
    fields = {
        "named": _of_hundred(found.named),
        "wrong": _of_hundred(found.wrong),
        "accused": _of_hundred(found.accused),
        "accounts": count(found.accounts + found.healthy),
    }
    like = "; ".join(filter(None, (_cell(found, key) for key in _CELLS)))
    if not like:
        return say(
            "In {accounts} simulated accounts: where something was wrong, its cause was named in {named} of 100 and a "
            "wrong cause in {wrong} of 100. Of healthy accounts, {accused} in 100 were accused of something.",
            **fields,
        )
    return say(
        "In {accounts} simulated accounts like yours ({like}): where something was wrong, its cause was named in "
        "{named} of 100 and a wrong cause in {wrong} of 100. Of healthy accounts, {accused} in 100 were accused of "
        "something.",
        like=like,
        **fields,
    )


def _of_hundred(share: float) -> str:
    """Write how many of a hundred; simulated accounts are too few for decimals, except below one."""
    return count(round(100 * share, 0 if share >= 0.01 else 1))


def _cell(found: Rates, key: str) -> str:
    ends = found.cell.get(key)
    if not ends:
        return ""
    low, high = ends
    both, or_more, under = _CELLS[key]
    if high is None or high >= _OPEN[key]:
        return say(or_more, low=count(low))
    return say(both if low else under, low=count(low), high=count(high))
