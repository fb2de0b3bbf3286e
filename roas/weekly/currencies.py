"""In which currency earlier reports stand: money in another one is never compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.format import say_many
from roas.language import say
from roas.weekly.stored import KEPT_WEEKS
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.history import History

Row = Mapping[str, Any]

#: Weeks to the last report in the same currency, over reports in another one: as long as a report keeps sums of weeks,
#: so that one odd run, or a few, break no comparison, and last year's figures do not come back as news.
FARTHEST_BACK: Final = KEPT_WEEKS


def others(one: str | None, other: str | None) -> bool:
    """Tell whether money is in two currencies; one that no file named is taken for the other.

    Examples
    --------
    >>> others("EUR", "USD"), others("EUR", None)
    (True, False)
    """
    return one is not None and other is not None and one != other


def of_reports(history: History, week: str) -> dict[str, str | None]:
    """Return the currency of each report before a week, oldest first.

    One that names none is taken to be in that of the report before it.
    """
    found: dict[str, str | None] = {}
    known = None
    for run in history.runs.through(week):
        if run["week"] < week:
            known = _said(run, "currency") or known
            found[run["week"]] = known
    return found


def in_own(verdicts: Iterable[Row], reports: Mapping[str, str | None], now: str | None) -> list[Row]:
    """Return earlier verdicts; without the money that was lost where it was told in another currency."""
    return [{**each, "effect": None} if others(reports.get(each["week"]), now) else each for each in verdicts]


def exports_before(history: History, week: str, now: str | None, *, shop: bool) -> tuple[str | None, str | None]:
    """Return the last week before `week` whose exports were noted in a currency, and what the last noted ones are in.

    They may be older than the last report: a week that is caught up with has
    none. No week, and the other currency, where all are in another one;
    neither where none were noted.
    """
    noted = [each for each in reversed(history.snapshots.weeks(shop=shop)) if each < week]
    told = {each: of_snapshot(history.runs.get(each)) for each in noted}
    own = next((each for each, currency in told.items() if not others(currency, now)), None)
    return own, next(iter(told.values()), None)


def of_snapshot(run: Row | None) -> str | None:
    """Return the currency of the exports that a report noted; not its own where it was made again in another one."""
    return None if run is None else _said(run, "exported_in", "currency")


def _said(run: Row, *names: str) -> str | None:
    """Return the first of some entries that a report's figures have; None where they are damaged."""
    document = run["document"] if isinstance(run["document"], Mapping) else {}
    found: str | None = next((document[name] for name in names if name in document), None)
    return found


def of_plan(plan: Row) -> str | None:
    """Return the currency of a plan that was noted; None where nobody said."""
    found: str | None = (plan.get("options") or {}).get("currency")
    return found


def comparable(reports: Mapping[str, str | None], now: str | None, week: Week) -> str | None:
    """Return the report that one can be compared with: the last one before it in its currency.

    Where reports in another one lie between, it may be `FARTHEST_BACK` weeks old at the most.
    """
    own = max((each for each, currency in reports.items() if not others(currency, now)), default=None)
    if own is None or own == max(reports):
        return own
    return own if (week.monday - Week.parse(own).monday).days <= 7 * FARTHEST_BACK else None


def passed_over(last: str, before: str | None, own: str, now: str | None) -> str:
    """Say that the last report was in another currency, so that an earlier one is compared with."""
    return say(
        "The report of {last} is in {before}, so this one is compared with that of {own}, which is in {now} too.",
        last=_named(last), before=before, own=_named(own), now=now,
    )  # fmt: skip


def _named(week: str) -> str:
    year, number = week.split("-W")
    return say("week {number} of {year}", number=str(int(number)), year=year)


def not_compared(before: str | None, now: str | None) -> str:
    """Say that nothing is compared; empty where the currency is the same."""
    if not others(before, now):
        return ""
    return say("Earlier reports are in {before}; this one is in {now}, so nothing is compared.", before=before, now=now)


def taken_for(before: str | None, now: str | None) -> tuple[str, ...]:
    """Say that reports that named no currency are taken to be in this one's; nothing where they named it."""
    if before is not None or now is None:
        return ()
    return (say("Earlier reports name no currency; they are taken to be in {now}.", now=now),)


def not_corrected(exports: Iterable[str], now: str | None) -> tuple[str, ...]:
    """Say that corrections are not known, where the last exports were in another currency; nothing without any."""
    found = sorted(set(exports))
    if not found:
        return ()
    return (
        say(
            "The exports noted last are in {before}; these are in {now}, so what was corrected since is not known.",
            before=", ".join(found), now=now,
        ),
    )  # fmt: skip


def plans_in(plans: Iterable[Row], now: str | None) -> tuple[list[Row], tuple[str, ...]]:
    """Return the plans in a report's currency, and a note on those in another one: their money is not compared."""
    every = list(plans)
    odd = Counter(each for row in every if others(each := of_plan(row), now) and each)
    notes = (
        say_many(
            "{number} saved plan is in {currency}; this report is in {now}, so it is neither shown nor scored.",
            "{number} saved plans are in {currency}; this report is in {now}, so they are neither shown nor scored.",
            number, currency=currency, now=now,
        )
        for currency, number in sorted(odd.items())
    )  # fmt: skip
    return [row for row in every if not others(of_plan(row), now)], tuple(notes)
