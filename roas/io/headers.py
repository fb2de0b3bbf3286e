"""Header cells → a spelling that can be compared, and the currency they carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_SPACES = re.compile(r"[\s\u00a0\u202f\u200b]+")
_UNIT = re.compile(r"\s*[(\[]([A-Z]{3})[)\]]$")
_SYMBOL = re.compile(r"\s*[(\[]\s*([$€£¥₫₹₩₺₽₱฿₪₴]|R\$|CA\$|A\$|US\$|kr|zł)\s*[)\]]$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Symbols that name one currency. The dollar sign is used by twenty; the
#: yen sign by two; "kr" by four: none of them decides.
SYMBOLS = {
    "€": "EUR", "£": "GBP", "₫": "VND", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₱": "PHP",
    "฿": "THB", "₪": "ILS", "₴": "UAH", "R$": "BRL", "CA$": "CAD", "A$": "AUD", "AU$": "AUD",
    "US$": "USD", "NZ$": "NZD", "HK$": "HKD", "MX$": "MXN", "S$": "SGD", "zł": "PLN", "đ": "VND",
    "Rp": "IDR", "RM": "MYR",
}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """One header cell: as written, for comparing, and its currency."""

    text: str
    key: str
    currency: str | None


@cache
def iso_currencies() -> frozenset[str]:
    """Return the ISO 4217 codes that CLDR knows."""
    from babel import Locale

    return frozenset(Locale("en").currencies)


@cache
def fold(text: str) -> str:
    """Fold case, accents, quotes and spaces, for comparing only.

    Examples
    --------
    >>> fold("  Coût\u00a0total ")
    'cout total'
    """
    text = text.replace("\ufeff", "").strip().strip('"').strip()
    text = text.replace("đ", "d").replace("Đ", "d").replace("’", "'").replace("`", "'")
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain).strip()


@cache
def header(text: str) -> Header:
    """Read one header cell.

    A trailing ``(EUR)`` is a currency only when ISO 4217 has it: ``(UTC)``
    and ``(CTR)`` are not. ``Amount spent (EUR)`` compares as ``amount spent``.

    Examples
    --------
    >>> header("Amount spent (EUR)")
    Header(text='Amount spent (EUR)', key='amount spent', currency='EUR')
    """
    clean = _SPACES.sub(" ", text.replace("\ufeff", "")).strip()
    currency = None
    unit = _UNIT.search(clean)
    symbol = _SYMBOL.search(clean)
    if unit and unit[1] in iso_currencies():
        clean, currency = clean[: unit.start()], unit[1]
    elif symbol:
        clean, currency = clean[: symbol.start()], SYMBOLS.get(symbol[1])
    return Header(text, fold(clean), currency)


@cache
def words(text: str) -> str:
    """Fold a header so that snake_case, camelCase and words compare equal.

    Examples
    --------
    >>> words("conversionValue"), words("Conversion_value")
    ('conversion value', 'conversion value')
    """
    return " ".join(re.split(r"[\s_.\-]+", fold(_CAMEL.sub(" ", text)))).strip()


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 read as Windows-1252 (``dÃ©pensÃ©`` → ``dépensé``)."""
    if "Ã" not in text and "â€" not in text and "Â" not in text:
        return text
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def quoted(headers: Sequence[str], most: int = 12) -> str:
    """List headers in a message; an empty one has no name.

    Examples
    --------
    >>> quoted(["Day", "", "Cost"])
    '"Day", "Cost"'
    """
    named = [f'"{h}"' for h in headers if str(h).strip()]
    return ", ".join(named[:most]) + (f" and {len(named) - most} more" if len(named) > most else "")
