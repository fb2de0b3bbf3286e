"""What Google's cost column needs: its unit, its currency, and counting it once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from roas.format import count, decimal
from roas.io.cells import ZERO_DECIMAL
from roas.io.headers import fold, header, words
from roas.io.numbers import is_null
from roas.io.platforms.steps import plain_number, put
from roas.language import mark, say
from roas.limits import MICROS_CPC

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: Cost of one click, or of one impression where there are no clicks, in a
#: two-decimal currency, from which whole numbers must be millionths: ten times
#: the price that is doubtful, and 50,000 a thousand impressions.
SURE_PER_CLICK = 10 * MICROS_CPC
SURE_PER_IMPRESSION = 50.0

#: Zero-decimal currencies have clicks of ten thousands, so there more is needed.
_ZERO_DECIMAL_FACTOR = 1_000.0

#: One hundredth of a unit in millionths: the old reports rounded to it.
_HUNDREDTH = 10_000

_WHOLE = re.compile(r"\d+")
_OLD_TITLE = re.compile(r"^[a-z]+(_[a-z]+)*_performance_report \(")
_KEYS = ("date", "week", "month", "hour", "account", "campaign", "campaign_id", "ad_group", "ad_group_id",
         "creative",
         "creative_id", "geo", "device")  # fmt: skip


#: What a click or an impression would cost in millionths, to be said.
_PRICE = {
    "clicks": mark("{price} for one of {number} clicks"),
    "impressions": mark("{price} for one of {number} impressions"),
}


def settle_converted(table: Mapped, converted: tuple[str, ...]) -> None:
    """Forget the account's currency where only the converted cost is there."""
    key = words(header(table.header_of("spend")).key)
    if table.has("spend", "currency") and key in {words(h) for h in converted}:
        table.frame = table.frame.drop(columns="currency")
        table.findings.warn(
            say(
                '"{spend}" is in the manager account\'s currency, which the file does not name; "{currency}" is that of '
                "each account and is not used",
                spend=table.header_of("spend"),
                currency=table.header_of("currency"),
            ),
            "Use --currency to name it.",
            column=table.header_of("spend"),
        )


def _whole(cell: Any) -> int | None:
    """Return a bare whole number, as the old reports write millionths."""
    if isinstance(cell, str):
        return int(cell) if _WHOLE.fullmatch(cell.strip()) else None
    number = plain_number(cell)
    return int(number) if number is not None and number.is_integer() else None


def _currencies(table: Mapped) -> set[str]:
    cells = table.frame["currency"].dropna().unique().tolist() if table.has("currency") else []
    return {str(c).strip().upper() for c in [table.currency, *cells] if not is_null(c)}


def settle_micros(table: Mapped) -> None:
    """Tell whether a column that is just called ``Cost`` is in millionths.

    Interface downloads are in units: they begin with a title, and write
    decimals. Old API reports have neither; there the price of a click
    decides. What stays doubtful is refused later, like any other file.
    """
    title = fold(table.raw.preamble[0]) if table.raw.preamble else ""
    if not table.has("spend") or "spend" in table.platform.micros or (title and not _OLD_TITLE.match(title)):
        return
    cells = [_whole(c) for c in table.frame["spend"].tolist() if not is_null(c)]
    whole = [c for c in cells if c is not None]
    if len(whole) < len(cells) or not sum(whole):
        return
    known = _currencies(table)
    factor = _ZERO_DECIMAL_FACTOR if known and known <= ZERO_DECIMAL else 1.0
    for unit, sure in (("clicks", SURE_PER_CLICK), ("impressions", SURE_PER_IMPRESSION)):
        number = sum(filter(None, map(plain_number, table.frame[unit].tolist()))) if table.has(unit) else 0.0
        if not number:
            continue
        if sum(whole) / number >= sure * factor and (known or all(c % _HUNDREDTH == 0 for c in whole)):
            _divide(table, say(
                _PRICE[unit], price=decimal(sum(whole) / number, 0), number=decimal(number, 0)
            ))  # fmt: skip
        return


def _divide(table: Mapped, shown: str) -> None:
    table.platform = replace(table.platform, micros=table.platform.micros | {"spend"})
    head = table.header_of("spend")
    table.findings.note(
        say(
            '"{header}" holds only whole numbers, {shown}: millionths, as the old reporting API writes them; '
            "divided by {million}",
            header=head,
            shown=shown,
            million=count(1_000_000),
        ),
        column=head,
    )


def count_cost_once(table: Mapped) -> None:
    """Keep cost, clicks and impressions once where rows are split by conversion action.

    Such rows repeat them or leave them blank for every action. Where the
    actions of one campaign and day carry different figures, they cannot be
    told apart, and the file is refused.
    """
    if not table.has("conversion_action"):
        return
    keys = [c for c in _KEYS if table.has(c)]
    rows = list(map(tuple, table.frame[keys].to_numpy(dtype=object).tolist()))
    repeated = 0
    for measure in ("spend", "impressions", "clicks"):
        if not table.has(measure):
            continue
        kept: dict[tuple[Any, ...], int] = {}
        cells = table.frame[measure].tolist()
        for number, (key, cell) in enumerate(zip(rows, cells, strict=True)):
            if is_null(cell):
                continue
            first = kept.setdefault(key, number)
            if first == number:
                continue
            if plain_number(cells[first]) == 0:
                cells[first], kept[key] = None, number
            elif cells[first] == cell or plain_number(cell) == 0:
                cells[number] = None
                repeated += 1
            else:
                _refuse(table, measure, number, cells[first], cell)
                return
        put(table, measure, cells)
    if repeated:
        table.findings.note(
            say(
                'rows are split by "{header}" and repeat cost, impressions and clicks; these are counted once',
                header=table.header_of("conversion_action"),
            )
        )


def _refuse(table: Mapped, measure: str, number: int, first: Any, second: Any) -> None:
    head = table.header_of(measure)
    table.findings.error(
        f'rows are split by "{table.header_of("conversion_action")}" and "{head}" differs between the rows '
        f"of one campaign and day ({first}, {second}): their sum would not be what was spent.",
        "Export again without the segment Conversions > Conversion action.",
        line=next((int(i) for i in table.frame.index[[number]] if i > 0), None),
        column=head,
    )
