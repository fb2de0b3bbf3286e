"""Money, ratios, percents and dates → text, as the language in force writes them: the only place that does.

English is written by our own rules (three significant digits, a thin set of
units). Every other language follows CLDR, through Babel.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from roas.language import ENGLISH, choose, filled, say, spoken

DASH = "–"

#: Written out, since ``%B`` follows the locale that a host program has set.
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

#: Invisible characters that letters and emoji need to join as they should.
_JOINERS: Final = frozenset("\u200c\u200d")


@cache
def _symbol(currency: str) -> str:
    from babel.numbers import get_currency_symbol

    return get_currency_symbol(currency, locale="en")


@cache
def decimals(currency: str | None) -> int:
    """Return how many decimals a currency is written with (CLDR; 2 where unknown)."""
    if not currency:
        return 2
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def money(value: float | None, currency: str | None, *, full: bool = False) -> str:
    """Write an amount: three significant digits, or all of them with `full`.

    Examples
    --------
    >>> money(1_240_000, "EUR"), money(-380, "EUR"), money(1234.5, "EUR", full=True), money(None, "EUR")
    ('€1.24M', '−€380', '€1,234.50', '–')
    """
    if value is None or value != value:
        return DASH
    sign = "−" if value < 0 else ""
    amount = abs(float(value))
    if spoken() != ENGLISH:
        return sign + (_full_amount(amount, currency) if full else _short_amount(amount, currency))
    symbol = _symbol(currency) if currency else ""
    symbol = f"{symbol} " if len(symbol) > 2 and symbol.isalpha() else symbol
    if full:
        return f"{sign}{symbol}{amount:,.{decimals(currency)}f}"
    return f"{sign}{symbol}{compact(amount)}"


def round_money(value: float, currency: str | None) -> str:
    """Write a round amount, such as a mark on an axis, without the zeros that `money` carries for precision.

    Examples
    --------
    >>> round_money(1, "EUR"), round_money(1500, "EUR"), round_money(20_000, "EUR")
    ('€1', '€1.5K', '€20K')
    """
    mark = "[.]" if spoken() == ENGLISH else re.escape(decimal(0.5, 1).strip("05"))
    return re.sub(rf"{mark}0+(?!\d)|({mark}\d*[1-9])0+(?!\d)", r"\1", money(value, currency), count=1)


def _full_amount(amount: float, currency: str | None) -> str:
    from babel.numbers import format_currency, format_decimal

    if not currency:
        return format_decimal(amount, "#,##0.00", locale=spoken())
    return format_currency(amount, currency, locale=spoken())


def _short_amount(amount: float, currency: str | None) -> str:
    """Put the unit and the currency where the language has them."""
    if not currency:
        return compact(amount)
    from babel.numbers import format_compact_currency

    if spoken() in _IN_WORDS:
        return re.sub(r"2([.,]0+)?", compact(amount), _full_amount(2.0, currency), count=1)
    return _in_unit(amount, lambda one: format_compact_currency(one, currency, locale=spoken()))


def compact(value: float) -> str:
    """Write a magnitude with three significant digits.

    Examples
    --------
    >>> compact(1_240_000), compact(533_004.94), compact(46.26), compact(0)
    ('1.24M', '533K', '46.3', '0')
    """
    if spoken() != ENGLISH:
        from babel.numbers import format_compact_decimal

        kind: Literal["short", "long"] = "long" if spoken() in _IN_WORDS else "short"
        return _in_unit(value, lambda one: format_compact_decimal(one, format_type=kind, locale=spoken()))
    number, limit = _scaled(value)
    return number + next((unit for size, unit in _UNITS if size == limit), "")


def _scaled(value: float) -> tuple[str, float]:
    """Write a magnitude with three significant digits, in English digits, and return its power of a thousand too."""
    limit = next((size for size, _ in _UNITS if value >= size * 0.9995), 1.0)
    return "0" if value == 0 else f"{value / limit:.{_digits(value / limit)}f}", limit


def _in_unit(value: float, write: Callable[[float], str]) -> str:
    """Put the same digits as in English into the words a language has for the size; Babel would drop ending zeros."""
    number, limit = _scaled(value)
    power = 10.0 ** (len(number.partition(".")[0]) - 1)
    frame = write(limit * power)
    found = re.search(r"\d+(?:[.,]\d+)*", frame)
    assert found is not None
    part = float(re.sub(r"\D", "", found[0])) / power  # less than 1 where a language groups by more than thousands
    shown = float(number) * part
    digits = len(number.partition(".")[2]) if part == 1 else _digits(shown)
    return frame[: found.start()] + decimal(shown, digits) + frame[found.end() :]


#: Languages in which people write thousand, million and billion out: of "N", "Tr" and "T" only the first is guessed.
_IN_WORDS: Final = frozenset({"vi"})

#: What stands before a number, the number, and what stands after it.
_AMOUNT: Final = re.compile(r"([^\d]*)(\d[\d.,]*)([^\d]*)")

#: From largest to smallest, as English writes them.
_UNITS: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def _digits(value: float) -> int:
    """Return how many decimals make three significant digits of a number below 1000."""
    return 2 if value < 9.995 else 1 if value < 99.95 else 0


def span(low: str, high: str) -> str:
    """Write a range in the fewest letters: a sign of money and a unit that both ends share stand once.

    Examples
    --------
    >>> span("€8.00M", "€9.00M"), span("€800", "€1.20K"), span("−€20.0", "€310")
    ('€8.00–9.00M', '€800 – €1.20K', '−€20.0 – €310')
    """
    ends = [_AMOUNT.fullmatch(end) for end in (low, high)]
    if ends[0] and ends[1] and ends[0][1] == ends[1][1] and ends[0][3] == ends[1][3] and "−" not in ends[0][1]:
        return f"{ends[0][1]}{ends[0][2]}{DASH}{ends[1][2]}{ends[0][3]}"
    return f"{low} {DASH} {high}"


def decimal(value: float, digits: int) -> str:
    """Write a number with so many decimals, its thousands set apart.

    Examples
    --------
    >>> decimal(1234.5, 2), decimal(3, 1)
    ('1,234.50', '3.0')
    """
    if spoken() == ENGLISH:
        return f"{value:,.{digits}f}"
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=spoken()).replace("-", "−")


def ratio(value: float | None) -> str:
    """Write a ratio such as ROAS.

    Examples
    --------
    >>> ratio(3.5623), ratio(12.04), ratio(None)
    ('3.56', '12.0', '–')
    """
    if value is None or value != value:
        return DASH
    if spoken() == ENGLISH:
        return f"{value:.{_digits(abs(value))}f}"
    return decimal(value, _digits(abs(value)))


def percent(value: float | None, digits: int | None = None) -> str:
    """Write a share: with one decimal below a tenth, or with as many as are asked for.

    Examples
    --------
    >>> percent(0.431), percent(0.0178), percent(0.00002), percent(0)
    ('43 %', '1.8 %', '< 0.1 %', '0 %')
    """
    if value is None or value != value:
        return DASH
    if digits is None and value == 0:
        return _percent_of("0")
    if digits is None and 0 < abs(value) < 0.001:
        return f"< {_percent_of(decimal(0.1, 1))}"
    if digits is None:
        digits = 0 if abs(value) >= 0.0995 else 1
    written = f"{100 * value:.{digits}f}".replace("-", "−") if spoken() == ENGLISH else decimal(100 * value, digits)
    return _percent_of(written)


def _percent_of(number: str) -> str:
    """Put the percent sign where the language has it."""
    if spoken() == ENGLISH:
        return f"{number} %"
    from babel import Locale

    return str(Locale.parse(spoken()).percent_formats[None].pattern).replace("#,##0", number)


def count(value: float | None) -> str:
    """Write a count in full, without decimals it does not need.

    Examples
    --------
    >>> count(39439.0), count(1908.07)
    ('39,439', '1,908.1')
    """
    if value is None or value != value:
        return DASH
    return decimal(value, 0 if float(value).is_integer() else 1)


def say_many(one: str, many: str, number: float, /, **fields: Any) -> str:
    """Say one sentence about a number of things; its field ``number`` is the count, written out.

    Examples
    --------
    >>> say_many("{number} week", "{number} weeks", 1), say_many("{number} week", "{number} weeks", 1200)
    ('1 week', '1,200 weeks')
    """
    return filled(choose(one, many, number), {"number": count(number), **fields})


def plural(number: float, word: str) -> str:
    """Count things.

    Examples
    --------
    >>> plural(1, "week"), plural(1200, "channel")
    ('1 week', '1,200 channels')
    """
    # The catalogues know each word that some call here counts.
    return say_many(f"{{number}} {word}", f"{{number}} {word}s", number)


def day(value: Any) -> str:
    """Write a date as 24 March 2025.

    Examples
    --------
    >>> day("2025-03-24")
    '24 March 2025'
    """
    when = _date(value)
    if spoken() == ENGLISH:
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
    return _by_skeleton(when, "yMMMMd")


def short_day(value: Any) -> str:
    """Write a date as 24 Mar 2025.

    Examples
    --------
    >>> short_day("2025-03-24")
    '24 Mar 2025'
    """
    when = _date(value)
    if spoken() == ENGLISH:
        return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"
    return _by_skeleton(when, "yMMMd")


def day_and_month(value: Any) -> str:
    """Write a date without its year, as 24 Mar.

    Examples
    --------
    >>> day_and_month("2025-03-24")
    '24 Mar'
    """
    when = _date(value)
    if spoken() == ENGLISH:
        return f"{when.day} {MONTHS[when.month - 1][:3]}"
    return _by_skeleton(when, "MMMd")


def month(value: Any) -> str:
    """Write the month of a date, as Mar.

    Examples
    --------
    >>> month("2025-03-24")
    'Mar'
    """
    when = _date(value)
    if spoken() == ENGLISH:
        return MONTHS[when.month - 1][:3]
    return _by_skeleton(when, "MMM")


def _date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


#: Dates in full where CLDR's long form is not what is written: CLDR leaves the word for year out in Vietnamese.
_LONG: Final = {"vi": "d MMMM 'năm' y"}


def _by_skeleton(when: date, skeleton: str) -> str:
    from babel.dates import format_date, format_skeleton

    if skeleton == "yMMMMd":  # CLDR names no such skeleton: the nearest would cut the month
        return format_date(when, _LONG.get(spoken(), "long"), locale=spoken())
    return format_skeleton(skeleton, when, locale=spoken())


def change(value: float | None) -> str:
    """Write a relative change with its sign.

    Examples
    --------
    >>> change(0.121), change(-0.05), change(0), change(None)
    ('+12 %', '−5.0 %', '0 %', '–')
    """
    if value is None or value != value:
        return DASH
    if abs(value) < 0.0005:
        return percent(0)
    sign = "+" if value > 0 else "−"
    if abs(value) >= 10:
        return sign + _percent_of(decimal(abs(100 * value), 0))
    return sign + percent(abs(value))


#: Log sd above which up and down are too uneven for one ±: +49 % is −33 %.
_EVEN: Final = 0.4


def swing(log_sd: float | None) -> str:
    """Write a standard deviation of logs as the swing of the quantity itself.

    Examples
    --------
    >>> swing(0.12), swing(0.0004), swing(1.1), swing(None)
    ('±13 %', 'under ±0.1 %', 'a factor of 3.0', '–')
    """
    if log_sd is None or log_sd != log_sd:
        return DASH
    if log_sd > _EVEN:
        return say("a factor of {number}", number=decimal(math.exp(log_sd), 1))
    share = math.expm1(log_sd)
    return say("under ±{share}", share=percent(0.001)) if 0 < share < 0.001 else f"±{percent(share)}"


def visible(text: object) -> str:
    r"""Write out characters that cannot be seen, or that turn a line around.

    Line breaks, escape codes and direction overrides in a name could forge
    what a terminal or a page shows; letters of every script stay.

    Examples
    --------
    >>> visible("a\x1b[31m"), visible("one\ntwo"), visible("x\u202ey"), visible("Ünï 日本")
    ('a\\x1b[31m', 'one\\ntwo', 'x\\u202ey', 'Ünï 日本')
    """
    return "".join(_shown(c) for c in str(text))


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    return character.encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """Count the columns a text takes: two for a wide character, none for a mark.

    Examples
    --------
    >>> width("abc"), width("日本"), width("e\u0301")
    (3, 4, 1)
    """
    return sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in _JOINERS or character == "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, most: int) -> str:
    """Cut the middle out of a long name: campaigns often differ at both ends.

    Examples
    --------
    >>> shorten("Spring sale 2025 | prospecting | DE", 20)
    'Spring sale…ng | DE'
    >>> shorten("Meta", 20)
    'Meta'
    """
    if width(text) <= most:
        return text
    tail_room = (most - 1) * 2 // 5
    head, tail, used = "", "", 0
    for c in reversed(text):
        if used + _columns(c) > tail_room:
            break
        tail, used = c + tail, used + _columns(c)
    for c in text:
        if used + _columns(c) > most - 1:
            break
        head, used = head + c, used + _columns(c)
    return f"{head.rstrip()}…{tail.lstrip()}"
