"""Money of a mapped table: its currency, and amounts that cannot be right."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from roas.format import decimal, plural
from roas.io.cells import ZERO_DECIMAL
from roas.io.distinct import each
from roas.io.headers import SYMBOLS, iso_currencies
from roas.io.mapped import Mapped
from roas.io.numbers import is_null, strip
from roas.io.reading import ReadOptions
from roas.language import say
from roas.limits import MICROS_CPC
from roas.problems import aside, counted, examples, several
from roas.tables import MONEY

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.locate import Accept


def settle_currency(table: Mapped) -> None:
    """Settle the currency: a column, the header, or a symbol that names one."""
    import pandas as pd

    frame = table.frame
    if "currency" in frame.columns:
        codes = pd.Series(each(frame["currency"], _code), index=frame.index, dtype=object)
        known = sorted({c for c in codes.dropna() if c in iso_currencies()})
        strange = sorted({c for c in codes.dropna() if c not in iso_currencies()})
        _say_strange_codes(table, codes, known, strange)
        if table.currency and known and known != [table.currency]:
            table.findings.error(
                f'the header says {table.currency} and the column "{table.header_of("currency")}" '
                f'{" and ".join(known)}.',
                "Correct the one that is wrong.", column=table.header_of("currency"),
            )  # fmt: skip
        if len(known) == 1:
            table.currency = known[0]
            frame["currency"] = known[0]
        elif known:
            frame["currency"] = codes.where(codes.isin(known), None)
            return
    if table.currency is None:
        table.currency = _symbol(table)
    frame["currency"] = table.currency


def _say_strange_codes(table: Mapped, codes: pd.Series, known: list[str], strange: list[str]) -> None:
    """Settle cells that name no currency: beside one known code they may be empty, not another word."""
    head = table.header_of("currency")
    if strange and known:
        lines = table.lines(codes.isin(strange))
        shown = examples([f'"{c}"' for c in strange])
        table.findings.error(
            f"no currency code: {shown}; other rows are in {' and '.join(known)}.",
            "Correct the cells: ISO 4217 codes such as EUR are expected.",
            line=next(iter(lines), None),
            column=head,
        )
    elif strange:
        table.findings.warn(
            say("not currency codes: {codes}", codes=examples(list(strange))),
            "ISO 4217 codes such as EUR are expected.",
            column=head,
        )
    empty = codes.isna()
    if not known or not empty.any():
        return
    count = int(table.frame["_rows"][empty].sum())
    if len(known) == 1:
        table.findings.note(say(
            "{rows} without a currency: taken as {currency}, the currency of all others",
            rows=plural(count, "row"), currency=known[0],
        ))  # fmt: skip
    else:
        table.findings.error(
            f"{counted(count, 'row')} without a currency, and the others are in {' and '.join(known)}.",
            "Fill the cells.", line=next(iter(table.lines(empty, most=1)), None), column=head,
        )  # fmt: skip


def _code(cell: Any) -> str | None:
    return None if is_null(cell) else str(cell).strip().upper()


def _symbol(table: Mapped) -> str | None:
    """Return the one currency that the symbols in money cells name."""
    found = set()
    sample = {i for c, i in table.raw.group_columns.items() if c in MONEY}  # where the engine read the cells
    cells = [table.raw.cells[i] for i in sorted(sample)]
    for column in [*(table.frame[c] for c in table.frame.columns if c in MONEY), *cells]:
        for value in column.head(2000).tolist():
            if isinstance(value, str) and not value.strip().isdigit():
                code = next((SYMBOLS[s] for s in sorted(SYMBOLS, key=len, reverse=True) if s in value), None)
                if code is None and "$" in value:
                    code = "$"
                found.add(code)
    found.discard(None)
    if found == {"$"}:
        table.findings.note(
            say('amounts carry "$", which twenty currencies use: the currency is not known; --currency USD says it')
        )
        return None
    if len(found) > 1:
        table.findings.error(f"amounts in {' and '.join(sorted(map(str, found)))} stand in one file without a "
                             "currency column.",
                             "Put each currency in a file of its own, or add a column \"currency\".")  # fmt: skip
    return next(iter(found)) if len(found) == 1 else None


def check_money(table: Mapped, options: ReadOptions) -> None:
    """Look for money that cannot be right: negatives, micros, nothing at all."""
    frame = table.frame
    if not len(frame) and not table.findings.errors:
        table.findings.error(
            "no rows of data below the header.",
            "Export it again for a period with activity.",
            line=table.raw.header_line,
        )
        return
    if "spend" not in frame.columns:
        return
    head = table.header_of("spend")
    negative = frame["spend"] < 0
    if negative.any() and options.credits != "net":
        lines = table.lines(negative, accept=_is_credit(table))
        lowest = f"lowest {frame['spend'].min():,.2f}" + (f" {table.currency}" if table.currency else "")
        count = counted(int(frame["_rows"].clip(lower=1)[negative].sum()), "negative amount")
        table.findings.error(
            f"{count}{aside(lowest, lines=several(lines))}.",
            "These are usually credits. Use --credits net to subtract them, or remove the rows.",
            line=next(iter(lines), None),
            column=head,
        )
    elif negative.any():
        amounts = plural(int(frame["_rows"].clip(lower=1)[negative].sum()), "negative amount")
        total = decimal(math.fsum(frame["spend"][negative]), 2)
        table.findings.note(say("{amounts} subtracted as credits ({total})", amounts=amounts, total=total))
    if not frame["spend"].notna().any() and "conversion_action" in frame.columns:
        table.role = "other"
        table.findings.note(
            say(
                'rows by "{header}" without cost: not read; the campaign report holds the same conversions beside the '
                "spend",
                header=table.header_of("conversion_action"),
            )
        )
        return
    if not frame["spend"].notna().any():
        table.findings.error("the spend column is empty.", "Export it again with cost.", column=head)
    _say_unknown_spend(table)
    _suspect_micros(table, options)


def _is_credit(table: Mapped) -> Accept:
    """Return a test for rows of a big file whose spend is negative."""
    position = table.raw.group_columns.get("spend", 0)

    def test(row: list[str]) -> bool:
        cell = strip(row[position]) if position < len(row) else None
        return cell is not None and cell.negative

    return test


def _say_unknown_spend(table: Mapped) -> None:
    """Count cells without spend where others have some: not known is not zero."""
    frame = table.frame
    unknown = frame["spend"].isna()
    if not unknown.any() or unknown.all() or "conversion_action" in frame.columns:
        return
    if not table.wide:
        rows = plural(int(frame["_rows"][unknown].sum()), "row")
        head = table.header_of("spend")
        table.findings.note(say('{rows} without "{header}": not known, which is not zero', rows=rows, header=head))
        return
    for channel, cells in unknown.groupby(frame["channel"], sort=True):
        if cells.any():
            table.findings.note(
                say(
                    '{rows} without the spend of "{channel}": not known, which is not zero',
                    rows=plural(int(cells.sum()), "row"),
                    channel=channel,
                )
            )


def _suspect_micros(table: Mapped, options: ReadOptions) -> None:
    """Stop where whole-number spend makes a click cost thousands (survey rule 9)."""
    frame = table.frame
    if (
        "clicks" not in frame.columns
        or "spend" in options.micros
        or (table.currency or options.currency) in ZERO_DECIMAL
    ):
        return
    both = frame["spend"].notna() & (frame["clicks"] > 0)
    spend, clicks = frame["spend"][both].sum(), frame["clicks"][both].sum()
    if clicks and spend / clicks > MICROS_CPC and (frame["spend"].dropna() % 1 == 0).all():
        table.findings.error(
            f"a click would cost {spend / clicks:,.0f}; the amounts may be in micros (millionths).",
            "Use --micros spend if they are, or --currency VND (or another without decimals) if they are not.",
            column=table.header_of("spend"),
        )  # fmt: skip
