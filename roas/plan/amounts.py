"""Money of a plan in words: amounts that a person enters, estimates, and totals that read alike."""

from __future__ import annotations

import re
from typing import Final

from roas.format import decimals, money

#: Below half a cent nothing moves.
MOVES: Final = 0.005

#: Amounts from here on are written short, as €1.24M.
SHORT: Final = 1e6

#: Amounts from here on are written without cents.
_WHOLE: Final = 100.0

#: Digits of an estimate in a sentence: its interval says that more would mean nothing.
_DIGITS: Final = 2


def exact(value: float, currency: str | None) -> str:
    """Write money that a person will enter somewhere: to the unit, to the cent where it is small."""
    if abs(value) >= SHORT:
        return money(value, currency)
    if abs(value) >= _WHOLE or float(value).is_integer():
        return whole(value, currency)
    return money(value, currency, full=True)


def whole(value: float, currency: str | None) -> str:
    """Write money to the unit, without decimals.

    As many zeros go as the currency has decimals, and only where no digits
    follow, wherever the language has its symbol: €1,200.00, 1.200,00 €, BHD 1,000.000.
    """
    text, places = money(float(round(value)), currency, full=True), decimals(currency)
    return re.sub(rf"[.,]0{{{places}}}(?![.,]?\d)", "", text) if places else text


def about(value: float, currency: str | None) -> str:
    """Write an estimate of money, without more digits than it has; no sign."""
    size = abs(value)
    if size >= SHORT or size == 0:
        return money(size, currency)
    return whole(rounded(size), currency) if size >= 10 else money(size, currency)


def times(value: float, number: int, currency: str | None) -> str:
    """Write an estimate taken a number of times: what `about` writes, times the number."""
    return exact(round(rounded(value) * number, 6), currency)


def rounded(value: float) -> float:
    """Return the size of an estimate with the digits that `about` writes."""
    size = abs(value)
    if size >= SHORT:
        return float(f"{size:.3g}")
    return float(f"{size:.{_DIGITS}g}") if size >= 10 else round(size, 2)


def same_total(total: float, today: float) -> bool:
    """Tell whether two totals are the same as they are written: apart by less than the last digit of `exact`."""
    return abs(total - today) < (1.0 if min(abs(total), abs(today)) >= _WHOLE else MOVES)
