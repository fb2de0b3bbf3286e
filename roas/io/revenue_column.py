"""A revenue column in a spend table: the shop's, repeated by a join, or what platforms claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.mapped import Mapped
from roas.io.platforms.generic import DAILY_REVENUE
from roas.language import say
from roas.problems import Findings, counted

if TYPE_CHECKING:
    import pandas as pd


def split_revenue(table: Mapped) -> list[Mapped]:
    """Tell the shop's revenue from a claim when a spend table has a column of that name.

    The same amount on every row of a date is the till's, repeated by a join;
    amounts that differ by channel are what somebody attributed.
    """
    if table.role != "spend" or "revenue" not in table.frame.columns or table.findings.errors:
        return [table]
    frame = table.frame
    repeated = _repeated_over(table)
    if table.findings.errors:
        return [table]
    alone = "channel" in frame.columns and bool((frame["channel"] == "All channels").all())
    head = table.header_of("revenue")
    if repeated or alone:
        known = frame[frame["revenue"].notna()]
        once = known.drop_duplicates(repeated) if repeated else known
        till = once[[c for c in ("date", "revenue", "currency") if c in frame.columns]].copy()
        till["_rows"] = 0
        if repeated:
            said = (
                say(
                    '"{header}" is the same on every row of a date and place: read once a date and place, as the shop\'s '
                    "revenue", header=head,
                )
                if "geo" in repeated
                else say('"{header}" is the same on every row of a date: read once a date, as the shop\'s revenue', header=head)
            )  # fmt: skip
            table.findings.note(said)
        beside = Mapped(
            table.raw,
            DAILY_REVENUE,
            till,
            {"revenue": head},
            "revenue",
            Findings(),
            table.currency,
            grain=table.grain,
        )
        table.frame = frame.drop(columns="revenue")
        return [table, beside]
    if "conversion_value" not in frame.columns:
        table.frame = frame.rename(columns={"revenue": "conversion_value"})
        table.headers["conversion_value"] = head
        says = (
            say('"{header}" differs from row to row of a date: read as revenue that platforms claim, not as the shop\'s.',
                header=head)
            if frame["date"].duplicated().any()
            else say('"{header}" stands beside a channel: read as revenue that platforms claim, not as the shop\'s.',
                     header=head)
        )  # fmt: skip
        table.findings.warn(
            says,
            f'If it is what the shop took, put date and "{head}" into a file of their own and give it with --revenue.',
        )
    else:
        table.frame = frame.drop(columns="revenue")
        table.findings.note(
            say(
                '"{header}" is left aside: it differs by row, and the claimed revenue stands in "{claimed}"',
                header=head,
                claimed=table.header_of("conversion_value"),
            )
        )
    return [table]


def _repeated_over(table: Mapped) -> list[str] | None:
    """Return the columns (date, or date and place) on whose rows revenue is one amount, written again.

    Rows that agree on most dates and differ on some leave it open: an error.
    """
    frame = table.frame
    if frame["channel"].nunique() < 2 and "campaign" not in frame.columns:
        return None
    for keys in (["date"], ["date", "geo"]):
        if "geo" in keys and "geo" not in frame.columns:
            continue
        same = _agreeing(frame, keys)
        if not len(same):
            return None
        if same.all():
            return keys
        if same.mean() > 0.5 and ("geo" in keys or "geo" not in frame.columns):
            _refuse_open(table, int(same.sum()), int((~same).sum()))
    return None


def _agreeing(frame: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Tell for each group of several rows whether they name one amount; empty where few are such groups."""
    groups = frame[frame["revenue"].notna()].groupby(keys, dropna=False)["revenue"]
    said = (groups.size() > 1) & (groups.max() != 0)
    same = groups.nunique() == 1
    return same[said] if said.sum() > 0.5 * (groups.max() != 0).sum() else same[:0]


def _refuse_open(table: Mapped, same: int, different: int) -> None:
    head = table.header_of("revenue")
    table.findings.error(
        f"the same amount on every row of {counted(same, 'date')}, and different amounts on {different}: "
        "the shop's revenue and what platforms claim cannot be told apart.",
        f'Correct the rows, or use --map conversion_value="{head}" if platforms claim it.',
        column=head,
    )
