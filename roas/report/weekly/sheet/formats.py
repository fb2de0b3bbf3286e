"""How a spreadsheet writes each unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from roas.format import decimals
from roas.language import spoken

#: Unit of a cell.
Kind = Literal["text", "date", "money", "ratio", "count", "share", "truth"]

#: Unit → number format. A date is the same for every reader; a language's own marks are the spreadsheet's.
_FORMATS: Final[Mapping[str, str]] = {"date": "yyyy-mm-dd", "ratio": "0.00", "count": "#,##0", "share": "0.0%"}


def formats(currency: str | None) -> dict[str, str]:
    """Return unit → number format; texts and truths have none."""
    return {**_FORMATS, "money": money_format(currency)}


def money_format(currency: str | None) -> str:
    """Return how a spreadsheet writes amounts: the symbol where the language has it.

    Examples
    --------
    >>> money_format("EUR"), money_format("JPY"), money_format(None)
    ('"€"#,##0.00', '"¥"#,##0', '#,##0.00')
    """
    digits = decimals(currency)
    number = "#,##0" + ("." + "0" * digits if digits else "")
    if not currency:
        return number
    from babel import Locale
    from babel.numbers import get_currency_symbol

    symbol = get_currency_symbol(currency, locale=spoken()).replace('"', "")
    pattern = str(Locale.parse(spoken()).currency_formats["standard"].pattern).partition(";")[0]
    if not pattern.startswith("¤"):
        return f'{number}" {symbol}"'
    return f'"{symbol} "{number}' if not pattern.startswith("¤#") or symbol.isalpha() else f'"{symbol}"{number}'
