"""Days that stand twice in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.format import decimal, plural
from roas.io.distinct import group_codes
from roas.io.mapped import Mapped
from roas.io.recognise import is_numeric
from roas.language import mark, say
from roas.problems import counted, examples

if TYPE_CHECKING:
    import pandas as pd

#: Why such rows are left out, in ``inputs[].rejected``.
REPEATED = mark("repeated date, counted once")


def drop_repeated_days(table: Mapped) -> None:
    """Count a day once when all of its rows with money stand in the file k times.

    A row that happens to equal another (two ads of the same cost) is no
    evidence of a repeated import, so it stays; a whole day in which every
    row with money has the same number of exact twins, over all of the
    file's columns, is one.
    """
    import pandas as pd

    raw, frame = table.raw, table.frame
    if raw.repeats is not None:
        _say_repeats(table, raw.repeats.days, raw.repeats.rows)
        table.findings.reject(say(REPEATED), raw.repeats.rows, None)
    money = next((c for c in ("spend", "revenue") if c in frame.columns), None)
    if raw.scan is not None or money is None or table.platform.rowwise or not raw.cells.index.is_unique:
        return
    by_line = frame.assign(_money=frame[money].fillna(0).abs()).groupby(level=0)
    lines = pd.DataFrame({"date": by_line["date"].first(), "money": by_line["_money"].sum()})
    cells = raw.cells.loc[lines.index]
    whole = pd.Series(group_codes(cells.astype(str), list(cells.columns)), index=lines.index)
    _refuse_restated(table, lines, cells)
    if whole.is_unique:
        return
    paid = (lines["money"] != 0).to_numpy()
    copies = whole.map(whole.value_counts())
    per_day = copies[paid].groupby(lines["date"][paid]).agg(["min", "max"])
    days = per_day.index[(per_day["min"] == per_day["max"]) & (per_day["min"] > 1)]
    twin = whole.duplicated()
    again = lines.index[twin & lines["date"].isin(days)]
    single = lines.index[twin & ~lines["date"].isin(days) & paid]
    if len(again):
        _say_repeats(table, len(days), len(again))
    if len(single):
        total = float(lines["money"][single].sum())
        table.findings.warn(
            say(
                "{rows} equal to an earlier row in every column ({total} {header}): kept, since other rows of the same "
                "date do not repeat.",
                rows=plural(len(single), "row"),
                total=decimal(total, 2),
                header=table.header_of(money),
            ),
            "Remove what is a copy.",
            line=int(single[0]),
        )
    table.drop(pd.Series(frame.index.isin(again)), say(REPEATED))


def _refuse_restated(table: Mapped, lines: pd.DataFrame, cells: pd.DataFrame) -> None:
    """Refuse a day of which every row stands twice with the same spend and other claims.

    An older and a newer export were put into one file; which rows are the
    newer ones it does not say.
    """
    claims = [c for c in ("conversions", "conversion_value") if c in table.frame.columns]
    if table.role != "spend" or not claims or table.wide:
        return
    texts = [c for c in cells.columns if not is_numeric(cells[c])]
    keyed = cells[texts].assign(_date=lines["date"], _money=lines["money"].round(2)).astype(str)
    same = lines["money"].astype(int) * 0 + group_codes(keyed, list(keyed.columns))
    paid = (lines["money"] != 0).to_numpy()
    copies = same[paid].groupby(same[paid]).transform("size")
    per_day = copies.groupby(lines["date"][paid]).agg(["min", "max"])
    days = per_day.index[(per_day["min"] == per_day["max"]) & (per_day["min"] > 1)]
    claimed = table.frame[claims].fillna(0).sum(axis=1)
    differ = claimed.groupby(same).transform("nunique")[paid] > 1
    odd = [d for d in days if bool(differ[(lines["date"][paid] == d).to_numpy()].all())]
    if odd:
        line = int(lines.index[(lines["date"] == odd[0]).to_numpy()][-1])
        table.findings.error(
            f"every row of {counted(len(odd), 'date')} stands twice with the same spend and other conversions "
            f"({examples([d.date().isoformat() for d in odd])}): an older and a newer export in one file.",
            "Remove the older rows, or put the two exports into files of their own.", line=line,
        )  # fmt: skip


def _say_repeats(table: Mapped, days: int, rows: int) -> None:
    table.findings.note(
        say(
            "{dates} in the file more than once, every row the same: counted once ({rows} left out)",
            dates=plural(days, "date"),
            rows=plural(rows, "row"),
        )
    )
