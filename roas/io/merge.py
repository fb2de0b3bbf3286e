"""Canonical rows of many files → one account: currencies, grain, overlaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from roas.errors import InputError
from roas.limits import SAME_ACCOUNT_SHARE, SETTLING_DAYS
from roas.problems import Findings

if TYPE_CHECKING:
    import pandas as pd

Overlap = Literal["auto", "add", "replace"]

#: What one amount is about, across files: an account id may be in one export and not in the other.
_KEY = ["date", "channel", "campaign", "geo"]


@dataclass
class Part:
    """The canonical rows of one file."""

    name: str
    rows: pd.DataFrame
    grain: str
    findings: Findings = field(default_factory=Findings)

    @property
    def currencies(self) -> set[str]:
        """The currencies its rows are in."""
        return set(self.rows["currency"].dropna().unique())


def one_currency(parts: list[Part], wanted: str | None) -> str | None:
    """Return the currency of all money, or refuse to add two.

    Parameters
    ----------
    wanted : str or None
        ``--currency``. Files that say no currency are taken to be in it.

    Raises
    ------
    InputError
        When the files are in more than one currency (after ``--fx``).
    """
    said = {c: p.name for p in reversed(parts) for c in p.currencies}
    if len(said) > 1 or (wanted and said and wanted not in said):
        listed = " and ".join(f"{c} ({said[c]})" for c in sorted(said))
        target = wanted or sorted(said)[0]
        raise InputError(
            (f"cannot add money in {listed}." if len(said) > 1 else f"money is in {listed}, not in {wanted}.")
            + f"\n  Give rates with --fx rates.csv (columns: date, currency, rate) and --currency {target}."
        )
    currency = wanted or next(iter(said), None)
    for part in parts:
        if currency and not part.currencies and said:
            part.findings.note(
                f"no currency in the file; taken as {currency}, the currency of the other files"
            )
        part.rows = part.rows.assign(currency=currency)
    return currency


def one_grain(parts: list[Part], wanted: str | None) -> str:
    """Return the grain of all files, or refuse to mix days and weeks.

    With ``--grain week`` days are added up to the Monday of their week.

    Raises
    ------
    InputError
        When files differ and no grain was asked for, or weeks should become days.
    """
    found = {p.grain: p.name for p in reversed(parts) if p.grain in ("day", "week")}
    if wanted == "week":
        for part in parts:
            if part.grain != "week":
                _to_weeks(part)
        return "week"
    if wanted == "day" and "week" in found:
        raise InputError(f"{found['week']}: the file is by week; weeks cannot become days. Export it by day.")
    if len(found) > 1:
        raise InputError(
            f"{found['day']} is by day and {found['week']} by week; the two cannot be set side by side.\n"
            "  Export both by day, or use --grain week to add the days up to weeks."
        )
    return next(iter(found), wanted or "day")


def _to_weeks(part: Part) -> None:
    from roas.calendar import to_weeks
    from roas.io.canonical import add_up

    rows = part.rows.assign(date=to_weeks(part.rows["date"]))
    keys = [c for c in ("date", "channel", "account", "campaign", "geo", "currency") if c in rows.columns]
    numbers = [c for c in rows.columns if c not in (*keys, "_rows", "reach")]
    days = part.rows["date"].dt.day_of_week
    if len(days) and (days.loc[part.rows["date"].idxmin()] != 0 or days.loc[part.rows["date"].idxmax()] != 6):
        part.findings.note("days were added up to weeks; the first or the last week is not complete")
    part.rows, part.grain = add_up(rows, keys, numbers), "week"


def without_overlap(parts: list[Part], overlap: Overlap) -> list[Part]:
    """Let every campaign and day count once across files.

    Two files that give one campaign and day are the same export twice, or an
    older and a newer export of one account (their spend agrees, but for the
    last days), or something else: that is refused.

    Raises
    ------
    InputError
        When the figures contradict each other and ``--overlap`` does not decide.
    """
    import pandas as pd

    if overlap == "add" or len(parts) < 2:
        return parts
    for part in parts:
        part.rows = part.rows.reset_index(drop=True)
    keys = pd.concat([p.rows[_KEY].assign(part=i) for i, p in enumerate(parts)], ignore_index=True)
    shared = keys[keys.duplicated(_KEY, keep=False) & ~keys.duplicated([*_KEY, "part"])]
    met = shared.groupby(_KEY, dropna=False)["part"].agg(lambda s: tuple(sorted(set(s))))
    pairs = sorted({(a, b) for group in met.unique() for a in group for b in group if a < b})
    for i, j in pairs:
        _settle(parts[i], parts[j], overlap)
    return [p for p in parts if len(p.rows)]


def _settle(first: Part, second: Part, overlap: Overlap) -> None:
    """Keep the newer of two files on the campaigns and days that both give."""
    import pandas as pd

    both = pd.merge(_by_key(first), _by_key(second), on=_KEY, suffixes=("_a", "_b"))
    paid = both[(both["spend_a"] != 0) | (both["spend_b"] != 0)]
    if not len(both):
        return
    equal = _equal(paid, "spend")
    newer = _newer(first, second, overlap)
    if overlap == "auto" and not bool(equal.all()):
        _refuse_different_accounts(first, second, paid, equal)
    if newer is None and not (
        bool(equal.all())
        and bool(_equal(paid, "conversion_value").all())
        and bool(_equal(paid, "conversions").all())
    ):
        raise InputError(
            f"{first.name} and {second.name} give the same campaigns and days with different conversions, and both end on "
            f"{first.rows['date'].max().date()}: which export is newer cannot be told.\n"
            "  Leave the older one out, or use --overlap replace: the file named later then counts."
        )
    kept = newer or first
    dropped = second if kept is first else first
    _drop_keys(dropped, kept, both, same=bool(equal.all()) and bool(_equal(paid, "conversion_value").all()))


def _by_key(part: Part) -> pd.DataFrame:
    rows = part.rows.assign(campaign=part.rows["campaign"].fillna(""), geo=part.rows["geo"].fillna(""))
    return rows.groupby(_KEY, dropna=False)[["spend", "conversions", "conversion_value"]].sum().reset_index()


def _equal(both: pd.DataFrame, column: str) -> pd.Series:
    a, b = both[f"{column}_a"].fillna(0), both[f"{column}_b"].fillna(0)
    return (a - b).abs() < 0.005


def _newer(first: Part, second: Part, overlap: Overlap) -> Part | None:
    if overlap == "replace":
        return second
    a, b = first.rows["date"].max(), second.rows["date"].max()
    return None if a == b else first if a > b else second


def _refuse_different_accounts(first: Part, second: Part, paid: pd.DataFrame, equal: pd.Series) -> None:
    """Refuse to choose between files whose settled spend disagrees."""
    settled_until = min(first.rows["date"].max(), second.rows["date"].max()) - timedelta(SETTLING_DAYS)
    settled = paid["date"] <= settled_until
    judged = equal[settled] if settled.any() else equal
    if settled.any() and judged.mean() >= SAME_ACCOUNT_SHARE:
        return
    if not settled.any():
        older_is_first = first.rows["date"].max() < second.rows["date"].max()
        before, after = ("spend_a", "spend_b") if older_is_first else ("spend_b", "spend_a")
        if (
            first.rows["date"].max() != second.rows["date"].max()
            and (paid[after] >= paid[before] - 0.005).all()
        ):
            return
    row = paid[~equal].iloc[0]
    name = f'"{row["campaign"]}"' if row["campaign"] else f'channel "{row["channel"]}"'
    raise InputError(
        f"{first.name} and {second.name} both give {name} on {row['date'].date()}, one with {row['spend_a']:,.2f} and one with "
        f"{row['spend_b']:,.2f}; {int((~equal).sum())} campaigns and days differ.\n"
        "  Two accounts or breakdowns: use --overlap add. A corrected export: use --overlap replace, the file named later then counts."
    )


def _drop_keys(dropped: Part, kept: Part, both: pd.DataFrame, *, same: bool) -> None:
    import pandas as pd

    rows = dropped.rows.assign(
        campaign=dropped.rows["campaign"].fillna(""), geo=dropped.rows["geo"].fillna("")
    )
    marked = rows.merge(both[_KEY].drop_duplicates(), on=_KEY, how="left", indicator=True)
    gone = pd.Series((marked["_merge"] == "both").to_numpy(), index=dropped.rows.index)
    count = int(dropped.rows["_rows"][gone].sum())
    how = "with the same figures" if same else "newer, with later figures"
    dropped.findings.note(f"{count} rows also stand in {kept.name} ({how}): counted once, from there")
    dropped.findings.reject(f"also in {kept.name}, counted once", count, None)
    dropped.rows = dropped.rows[~gone]


def one_revenue(parts: list[Part], *, chosen: bool) -> pd.DataFrame | None:
    """Return the shop's revenue, once a date.

    Parameters
    ----------
    parts : list of Part
        Revenue tables, in the order given.
    chosen : bool
        Whether the person named them with ``--revenue``.

    Raises
    ------
    InputError
        When two files give different revenue for one date.
    """
    import pandas as pd

    if not parts:
        return None
    rows = pd.concat([p.rows.assign(_part=i) for i, p in enumerate(parts)], ignore_index=True)
    twice = rows[rows.duplicated("date", keep=False)]
    if len(twice):
        spread = twice.groupby("date")["revenue"].agg(lambda s: s.max() - s.min())
        if (spread > 0.005).any():
            day = spread[spread > 0.005].index[0]
            names = [parts[i].name for i in twice[twice["date"] == day]["_part"]]
            hint = (
                "Leave one out: revenue of one shop must come from one place."
                if chosen
                else "Say which one is the shop's with --revenue FILE."
            )
            raise InputError(
                f"{' and '.join(names[:3])} give different revenue for {day.date()} ({len(spread)} dates in all).\n  {hint}"
            )
        for i in sorted(set(twice["_part"]) - {0}):
            parts[i].findings.note(
                f"{int((twice['_part'] == i).sum())} dates also stand in another file with the same revenue: counted once"
            )
        rows = rows.drop_duplicates("date", keep="first")
    return rows.drop(columns=["_part", "_rows"], errors="ignore").sort_values("date", ignore_index=True)


def say_merged_spellings(merged: list[str], findings: Findings) -> None:
    """Note channels whose names differed only in case or spaces."""
    if merged:
        findings.note("; ".join(merged[:3]) + (f" and {len(merged) - 3} more" if len(merged) > 3 else ""))
