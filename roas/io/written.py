"""Sums in the notes of a file: every digit, as the language in force writes it."""

from __future__ import annotations

from roas.format import decimal
from roas.language import ENGLISH, spoken


def amount(value: float) -> str:
    """Write a sum to the cent; English sets no thousands apart, so that it can be searched for in the file.

    Examples
    --------
    >>> amount(1234.5), amount(-38.2)
    ('1234.50', '-38.20')
    """
    return f"{value:.2f}" if spoken() == ENGLISH else decimal(value, 2)


def exact(value: float) -> str:
    """Write a sum with the decimals that it has, ten digits at most.

    Examples
    --------
    >>> exact(1234.5), exact(12.0)
    ('1234.5', '12')
    """
    text = f"{value:.10g}"
    return text if spoken() == ENGLISH or "e" in text else decimal(value, len(text.partition(".")[2]))
