"""Two files of one channel and the same days, cut in different ways: by campaign, by place, or not at all."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from roas.errors import InputError
from roas.language import say
from roas.problems import counted

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.merge import Overlap, Part

#: Days of unlike totals that two exports must share, all equal, before they
#: are taken for one account under other campaign names.
SAME_TOTALS_DAYS = 3

#: Days of unlike spend, equal to the cent, before two channels of two files
#: are taken for one. Three amounts of four digits agree by chance once in 1e12.
TWIN_DAYS = 3

_CUTS = ("campaign", "geo")


def settle_breakdowns(parts: list[Part], overlap: Overlap) -> None:
    """Count a channel's day once where two files give it at different levels.

    The same totals are the same money: the finer file counts, or the newer
    one where the platform has corrected its claims since.

    Raises
    ------
    InputError
        When the totals differ, or are equal under other campaign names.
    """
    for first, second in combinations(parts, 2):
        shared = set(first.rows["channel"].unique()) & set(second.rows["channel"].unique())
        for channel in sorted(shared):
            if _other_accounts(first, second, channel):
                continue
            cuts = [_cuts(part, channel) for part in (first, second)]
            if cuts[0] != cuts[1]:
                _settle(first, second, channel, cuts, overlap)
            elif overlap == "auto" and "campaign" in cuts[0]:
                _refuse_renamed(first, second, channel)


def refuse_twins(parts: list[Part]) -> None:
    """Refuse one account under two channel names in two files.

    A Google Ads export beside a sheet that calls it "Google", or Google
    Analytics' costs beside the platform's own: the same amounts on the same
    days, to the cent.

    Raises
    ------
    InputError
        When two channels of different files spend the same on every day.
    """
    seen: dict[frozenset[tuple[object, float]], tuple[str, str]] = {}
    for part in parts:
        paid = part.rows[part.rows["spend"].fillna(0) != 0]
        days = paid.groupby(["channel", "date"])["spend"].sum().round(2)
        for channel, amounts in days.groupby(level=0):
            if amounts.nunique() < TWIN_DAYS:
                continue
            name, other = seen.setdefault(
                frozenset(zip(amounts.index.get_level_values(1), amounts, strict=True)), (part.name, str(channel))
            )
            if name != part.name:
                raise InputError(
                    f'{name} ("{other}") and {part.name} ("{channel}") spend the same on each of {len(amounts)} days: '
                    "one account in two files.\n  Leave one out, or use --overlap add if they are two accounts."
                )


def _other_accounts(first: Part, second: Part, channel: str) -> bool:
    """Return whether both files say the account of a channel's rows, and none is in both."""
    one, other = _of(first, channel)["account"], _of(second, channel)["account"]
    return bool(one.notna().all() and other.notna().all()) and not set(one) & set(other)


def _of(part: Part, channel: str) -> pd.DataFrame:
    return part.rows[part.rows["channel"] == channel]


def _cuts(part: Part, channel: str) -> set[str]:
    rows = _of(part, channel)
    return {c for c in _CUTS if rows[c].notna().any()}


def _settle(first: Part, second: Part, channel: str, cuts: list[set[str]], overlap: Overlap) -> None:
    from roas.io import merge

    keys = ["date", "channel", *sorted(cuts[0] & cuts[1])]
    both = merge.side_by_side(first, second, keys)
    both = both[both["channel"] == channel]
    paid = both[(both["spend_a"] != 0) | (both["spend_b"] != 0)]
    if not len(paid):
        return
    equal = merge.equal(paid, "spend")
    newer = merge.newer(first, second, overlap)
    if overlap == "auto" and not merge.is_one_account(first, second, paid, equal):
        raise InputError(_differ(first, second, channel, cuts, paid, equal))
    claims = all(bool(merge.agree(paid, c).all()) for c in ("conversions", "conversion_value"))
    finer = first if len(cuts[0]) > len(cuts[1]) else second
    kept = newer if newer is not None and (overlap == "replace" or not claims) else finer
    dropped = second if kept is first else first
    finer_how = say("finer, with the same spend")
    how = finer_how if kept is finer else say("newer figures") if overlap == "auto" else say("named later")
    merge.drop_keys(dropped, kept, both, keys, how)


def _differ(first: Part, second: Part, channel: str, cuts: list[set[str]], paid: pd.DataFrame, equal: pd.Series) -> str:
    row = paid[~equal].iloc[0]
    levels = [" and ".join(["by " + c for c in sorted(cut)]) or "as a whole" for cut in cuts]
    return (
        f'{first.name} gives "{channel}" {levels[0]} and {second.name} {levels[1]}; on {row["date"].date()} that is '
        f"{row['spend_a']:,.2f} and {row['spend_b']:,.2f}. {counted(int((~equal).sum()), 'day')} of {len(paid)} "
        "differ.\n"
        "  One account in two exports: leave one out. Two accounts: use --overlap add."
    )


def _refuse_renamed(first: Part, second: Part, channel: str) -> None:
    from roas.io import merge

    one, other = _of(first, channel), _of(second, channel)
    if set(one["campaign"].dropna()) & set(other["campaign"].dropna()):
        return
    both = merge.side_by_side(first, second, ["date", "channel"])
    paid = both[(both["channel"] == channel) & ((both["spend_a"] != 0) | (both["spend_b"] != 0))]
    days = paid["spend_a"].round(2).nunique()
    if days >= SAME_TOTALS_DAYS and days == len(paid) and bool(merge.equal(paid, "spend").all()):
        raise InputError(
            f'{first.name} and {second.name} give "{channel}" the same spend on each of {len(paid)} days, under other '
            "campaign names: one account in two exports.\n"
            "  Leave one out, or use --overlap add if they are two accounts."
        )
