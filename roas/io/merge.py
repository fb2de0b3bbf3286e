"""Canonical rows of many files → one account: currencies, grain, overlaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from roas.errors import InputError
from roas.format import plural
from roas.io.breakdowns import refuse_twins, settle_breakdowns
from roas.language import mark, say
from roas.limits import SAME_ACCOUNT_SHARE, SETTLING_DAYS
from roas.problems import Findings, counted

if TYPE_CHECKING:
    import pandas as pd

Overlap = Literal["auto", "add", "replace"]

#: What one amount is about, across files: an account id may be in one export and not in the other.
_KEY = ["date", "channel", "campaign", "geo"]


@dataclass
class Part:
    """The canonical rows of one file.

    Of an order export also the orders, see `roas.io.orders`; of revenue that
    is told by region also ``regions``. ``cut_from`` is the last date of the
    file, where ``--as-of`` left its last rows out.
    """

    name: str
    rows: pd.DataFrame
    grain: str
    findings: Findings = field(default_factory=Findings)
    orders: pd.DataFrame | None = None
    regions: pd.DataFrame | None = None
    cut_from: pd.Timestamp | None = None

    @property
    def reaches(self) -> pd.Timestamp:
        """The last date of the file, whatever was cut off: when it was exported shows in it."""
        last: pd.Timestamp = self.rows["date"].max()
        return last if self.cut_from is None else max(last, self.cut_from)

    @property
    def currencies(self) -> set[str]:
        """The currencies its rows are in."""
        return set(self.rows["currency"].dropna().unique())


def name_currencies(parts: list[Part], target: str) -> None:
    """Give files that say no currency that of the others, before money is converted.

    Where some are in the wanted currency already, they are taken to be in it too (`one_currency`).

    Raises
    ------
    InputError
        When the others are in several: which rate is theirs cannot be told.
    """
    said = {c: p.name for p in reversed(parts) for c in p.currencies}
    silent = [p for p in parts if not p.currencies]
    if not silent or not said or target in said:
        return
    if len(said) > 1:
        listed = " and ".join(f"{c} ({said[c]})" for c in sorted(said))
        raise InputError(
            f"{silent[0].name}: the file names no currency, and the others are in {listed}: which it is in cannot be "
            'told.\n  Add a column "currency" to it.'
        )
    currency = next(iter(said))
    for part in silent:
        part.findings.note(_taken_as(currency))
        part.rows = part.rows.assign(currency=currency)


def _taken_as(currency: str) -> str:
    return say("no currency in the file; taken as {currency}, the currency of the other files", currency=currency)


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
            part.findings.note(_taken_as(currency))
        part.rows = part.rows.assign(currency=currency)
    return currency


def one_grain(parts: list[Part], wanted: str | None) -> str:
    """Return the grain of all files, or refuse to mix days and weeks.

    With ``--grain week`` days are added up to weeks: those of the files that
    are by week already, else weeks that begin on Monday.

    Raises
    ------
    InputError
        When files differ and no grain was asked for, when weeks should
        become days, or when two files' weeks begin on different days.
    """
    found = {p.grain: p.name for p in reversed(parts) if p.grain in ("day", "week")}
    first = _first_weekday(parts)
    if wanted == "week":
        for part in parts:
            if part.grain != "week":
                _to_weeks(part, first)
        return "week"
    if wanted == "day" and "week" in found:
        raise InputError(f"{found['week']}: the file is by week; weeks cannot become days. Export it by day.")
    if len(found) > 1:
        raise InputError(
            f"{found['day']} is by day and {found['week']} by week; the two cannot be set side by side.\n"
            "  Export both by day, or use --grain week to add the days up to weeks."
        )
    return next(iter(found), wanted or "day")


_WEEKDAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"), mark("Sunday")
)  # fmt: skip


def _first_weekday(parts: list[Part]) -> int:
    """Return the weekday that dates of weekly files fall on (0 is Monday); refuse two."""
    found = {int(d): p.name for p in parts if p.grain == "week" for d in p.rows["date"].dt.day_of_week.unique()}
    if len(found) > 1:
        (a, one), (b, other) = sorted(found.items())[:2]
        raise InputError(
            f"the weeks of {one} are dated on a {_WEEKDAYS[a]} and those of {other} on a {_WEEKDAYS[b]}; "
            "they are not the same seven days.\n  Export both by day, or with weeks that begin on the same day."
        )
    return next(iter(found), 0)


def _to_weeks(part: Part, first: int) -> None:
    import pandas as pd

    from roas.calendar import to_weeks
    from roas.io.canonical import add_up

    rows = part.rows.assign(date=to_weeks(part.rows["date"], first=first))
    if first:
        part.findings.note(
            say("weeks begin on {weekday}, as in the files that are by week", weekday=say(_WEEKDAYS[first]))
        )
    keys = [c for c in ("date", "channel", "account", "campaign", "geo", "currency") if c in rows.columns]
    numbers = [c for c in rows.columns if c not in (*keys, "_rows", "reach")]
    days = (part.rows["date"].dt.day_of_week - first) % 7
    if len(days) and (days.loc[part.rows["date"].idxmin()] != 0 or days.loc[part.rows["date"].idxmax()] != 6):
        part.findings.note(say("days were added up to weeks; the first or the last week is not complete"))
    part.rows, part.grain = add_up(rows, keys, numbers), "week"
    if part.cut_from is not None:
        part.cut_from = to_weeks(pd.Series([part.cut_from]), first=first).iloc[0]


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
    settle_breakdowns(parts, overlap)
    for part in parts:
        part.rows = part.rows.reset_index(drop=True)
    keys = pd.concat([p.rows[_KEY].assign(part=i) for i, p in enumerate(parts)], ignore_index=True)
    shared = keys[keys.duplicated(_KEY, keep=False) & ~keys.duplicated([*_KEY, "part"])]
    met = {tuple(sorted(set(group))) for _, group in shared.groupby(_KEY, dropna=False)["part"]}
    pairs = sorted({(a, b) for group in met for a in group for b in group if a < b})
    for i, j in pairs:
        _settle(parts[i], parts[j], overlap)
    refuse_twins(parts)
    return [p for p in parts if len(p.rows)]


def _settle(first: Part, second: Part, overlap: Overlap) -> None:
    """Keep the newer of two files on the campaigns and days that both give."""
    keys = [*_KEY, "account"] if _tell_accounts(first, second) else _KEY
    both = side_by_side(first, second, keys)
    paid = both[(both["spend_a"] != 0) | (both["spend_b"] != 0)]
    if not len(both):
        return
    same_spend = equal(paid, "spend")
    later = newer(first, second, overlap)
    if overlap == "auto" and not is_one_account(first, second, paid, same_spend):
        raise InputError(_two_accounts(first, second, paid, same_spend))
    claims = all(bool(agree(paid, c).all()) for c in ("conversions", "conversion_value"))
    same = claims and bool(same_spend.all())
    if later is None and not same:
        raise InputError(
            f"{first.name} and {second.name} give the same campaigns and days with different conversions, and both "
            f"end on {first.reaches.date()}: which export is newer cannot be told.\n"
            "  Leave the older one out, or use --overlap replace: the file named later then counts."
        )
    kept = later or _richer(first, second)
    how = say("the same figures") if same else say("newer figures") if overlap == "auto" else say("named later")
    drop_keys(second if kept is first else first, kept, both, keys, how)


def _tell_accounts(first: Part, second: Part) -> bool:
    """Return whether both files say the account of every row."""
    return all(bool(p.rows["account"].notna().all()) for p in (first, second))


def _richer(first: Part, second: Part) -> Part:
    """Return the file that knows more of what platforms claim."""
    known = [int(p.rows[["conversions", "conversion_value"]].notna().sum().sum()) for p in (first, second)]
    return second if known[1] > known[0] else first


def side_by_side(first: Part, second: Part, keys: list[str]) -> pd.DataFrame:
    """Return the sums of two files on the keys that both give, with suffixes ``_a`` and ``_b``."""
    import pandas as pd

    return pd.merge(_sums(first, keys), _sums(second, keys), on=keys, suffixes=("_a", "_b"))


def _sums(part: Part, keys: list[str]) -> pd.DataFrame:
    rows = _keyed(part.rows)
    measures = ["spend", "conversions", "conversion_value"]
    return rows.groupby(keys)[measures].sum(min_count=1).round(6).reset_index()


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{c: rows[c].fillna("") for c in ("campaign", "geo", "account")})


def equal(both: pd.DataFrame, column: str) -> pd.Series:
    """Return where two files give the same amount; nothing is zero."""
    a, b = both[f"{column}_a"].fillna(0), both[f"{column}_b"].fillna(0)
    return (a - b).abs() < 0.005


def agree(both: pd.DataFrame, column: str) -> pd.Series:
    """Return where two files do not contradict each other: equal, or known to one of them only."""
    unknown = both[f"{column}_a"].isna() | both[f"{column}_b"].isna()
    return equal(both, column) | unknown


def newer(first: Part, second: Part, overlap: Overlap) -> Part | None:
    """Return the file that ends later, or was named later where that decides; None when they end together."""
    if overlap == "replace":
        return second
    a, b = first.reaches, second.reaches
    return None if a == b else first if a > b else second


def is_one_account(first: Part, second: Part, paid: pd.DataFrame, same_spend: pd.Series) -> bool:
    """Return whether two files' settled spend agrees.

    Where all shared days are recent, a later export may only have more.
    """
    if bool(same_spend.all()):
        return True
    ends = first.reaches, second.reaches
    settled = paid["date"] <= min(ends) - timedelta(SETTLING_DAYS)
    if settled.any():
        return bool(same_spend[settled].mean() >= SAME_ACCOUNT_SHARE)
    before, after = ("spend_a", "spend_b") if ends[0] < ends[1] else ("spend_b", "spend_a")
    return bool(ends[0] != ends[1] and (paid[after] >= paid[before] - 0.005).all())


def _two_accounts(first: Part, second: Part, paid: pd.DataFrame, same_spend: pd.Series) -> str:
    row = paid[~same_spend].iloc[0]
    name = f'"{row["campaign"]}"' if row["campaign"] else f'channel "{row["channel"]}"'
    return (
        f"{first.name} and {second.name} both give {name} on {row['date'].date()}, one with {row['spend_a']:,.2f} "
        f"and one with {row['spend_b']:,.2f}; {counted(int((~same_spend).sum()), 'campaign-day')} differ.\n"
        "  Two accounts or breakdowns: use --overlap add. "
        "A corrected export: use --overlap replace, the file named later then counts."
    )


def drop_keys(dropped: Part, kept: Part, both: pd.DataFrame, keys: list[str], how: str) -> None:
    """Leave out of one file what counts from another, and say so."""
    import pandas as pd

    marked = _keyed(dropped.rows).merge(both[keys].drop_duplicates(), on=keys, how="left", indicator=True)
    gone = pd.Series((marked["_merge"] == "both").to_numpy(), index=dropped.rows.index)
    count = int(dropped.rows["_rows"][gone].sum())
    dropped.findings.note(say(
        "{rows} also in {file} ({how}): counted once, from there", rows=plural(count, "row"), file=kept.name, how=how
    ))  # fmt: skip
    dropped.findings.reject(say("also in {file}, counted once", file=kept.name), count, None)
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
                f"{' and '.join(names[:3])} give different revenue for {day.date()} "
                f"({counted(int((spread > 0.005).sum()), 'date')} in all).\n  {hint}"
            )
        for i in sorted(set(twice["_part"]) - {0}):
            dates = plural(int((twice["_part"] == i).sum()), "date")
            parts[i].findings.note(say("{dates} also in another file with the same revenue: counted once", dates=dates))
        rows = rows.drop_duplicates("date", keep="first")
    return rows.drop(columns=["_part", "_rows"], errors="ignore").sort_values("date", ignore_index=True)


def one_by_region(parts: list[Part], revenue: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return revenue by date and region, where one file tells it and it adds up to `revenue`."""
    told = [p.regions for p in parts if p.regions is not None]
    if revenue is None or len(parts) != 1 or not told:
        return None
    whole = told[0].groupby("date")["revenue"].sum().reindex(revenue["date"], fill_value=0.0).to_numpy()
    agrees = abs(whole - revenue["revenue"].fillna(0.0).to_numpy()) <= 0.005 * (1 + told[0]["geo"].nunique())
    return told[0] if agrees.all() else None


def say_merged_spellings(merged: list[str], findings: Findings) -> None:
    """Note channels whose names differed only in case or spaces."""
    if merged:
        shown, more = "; ".join(merged[:3]), len(merged) - 3
        findings.note(say("{names} and {number} more", names=shown, number=more) if more > 0 else shown)
