"""Reports in different currencies: what was said in another one is never compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roas.analysis.account import Account
from roas.history import History, open_history
from roas.tables import Tables
from roas.tags import suggest_tags
from roas.weekly import currencies, fingerprint
from roas.weekly.compared import Compared, compare
from roas.weekly.recomputed import as_known
from roas.weekly.stored import figures_document
from roas.weekly.week import Week
from tests.weekly.accounts import analysis_of, steady, till

#: The fourth week of the account, and those after it.
WEEKS = [Week.parse(f"2025-W{number:02}") for number in range(5, 9)]


def account(week: Week, currency: str | None = "EUR", rate: float = 1.0) -> Account:
    """What the files say at the end of a week, in a currency."""
    spend, shop = steady(10), till(10, amount=1000.0 * rate)
    spend[["spend", "conversion_value"]] *= rate
    full = analysis_of(spend, shop).tables.spend.assign(currency=currency)
    return Account(Tables(full, shop, "day", currency), (), suggest_tags()).until(week.sunday)


def document_of(found: Account, **more: Any) -> dict[str, Any]:
    figures = figures_document(analysis_of(found.tables.spend, found.tables.revenue, currency=found.tables.currency))
    way = {"data": fingerprint.of_data(found), "settings": fingerprint.of_settings(found)}
    return {**figures, **way, "live": True, "exported_in": found.tables.currency, **more}


def note(history: History, week: Week, found: Account, *, export: bool = True, **more: Any) -> None:
    with history.week(str(week)) as into:
        into.run(
            made="2025-02-03T08:00:00Z", version="1.0", language="en", options={}, document=document_of(found, **more)
        )
        if export:
            into.snapshot(found.tables.spend, found.tables.revenue)


def beside(history: History, week: Week, found: Account) -> Compared:
    reports = currencies.of_reports(history, str(week))
    return compare(found, week, history, document_of(found), reports=reports)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """The first of the weeks was reported in euro."""
    with open_history(tmp_path) as opened:
        note(opened, WEEKS[0], account(WEEKS[0]))
        yield opened


def test_a_report_in_another_currency_is_compared_with_nothing(history: History) -> None:
    found = beside(history, WEEKS[1], account(WEEKS[1], "USD", 1.1))
    said = "Earlier reports are in EUR; this one is in USD, so nothing is compared."
    assert found == Compared(currency="EUR", notes=(said,))


def test_the_same_amounts_under_another_name_are_not_compared_either(history: History) -> None:
    assert beside(history, WEEKS[1], account(WEEKS[1], "USD")).changes == ()


@pytest.mark.parametrize("currency", ["EUR", None])
def test_the_same_currency_is_compared(history: History, currency: str | None) -> None:
    """Files that name none are read as before: a declared currency moves no money."""
    found = account(WEEKS[1], currency)
    found.tables.spend["conversion_value"] += 7.0 * (found.tables.spend.index == 3)
    reports = currencies.of_reports(history, str(WEEKS[1]))
    assert currencies.comparable(reports, currency, WEEKS[1]) == str(WEEKS[0])
    corrected = compare(found, WEEKS[1], history, document_of(found), reports=reports).corrections
    assert [each.moved("conversion_value") for each in corrected] == [pytest.approx(7.0)]


def test_a_currency_that_changes_back_is_compared_over_the_one_between(history: History) -> None:
    note(history, WEEKS[1], account(WEEKS[1], "USD", 1.1))
    found = beside(history, WEEKS[2], account(WEEKS[2]))
    assert (found.previous, found.currency, found.corrections) == (WEEKS[0], None, ())
    assert {each.because for each in found.changes} <= {"new_data", "real"}
    assert found.notes == (
        "The report of week 6 of 2025 is in USD, so this one is compared with that of week 5 of 2025, which is in EUR too.",
    )
    note(history, WEEKS[2], account(WEEKS[2]))
    after = beside(history, WEEKS[3], account(WEEKS[3]))
    assert (after.previous, after.notes) == (WEEKS[2], ())


def test_a_currency_of_long_ago_is_no_news() -> None:
    reports: dict[str, str | None] = {"2024-W01": "EUR", "2025-W05": "USD"}
    assert currencies.comparable(reports, "EUR", WEEKS[1]) is None
    assert currencies.comparable(reports, "USD", WEEKS[1]) == "2025-W05"


def test_exports_in_another_currency_tell_no_correction(history: History) -> None:
    """A week that was caught up with has no export of its own: the last one is in euro."""
    note(history, WEEKS[1], account(WEEKS[1], "USD", 1.1), export=False)
    found = beside(history, WEEKS[2], account(WEEKS[2], "USD", 1.1))
    assert (found.previous, found.corrections) == (WEEKS[1], ())
    assert found.notes == (
        "The exports noted last are in EUR; these are in USD, so what was corrected since is not known.",
    )


def test_a_report_made_again_in_another_currency_keeps_that_of_its_export(history: History) -> None:
    then = account(WEEKS[0])
    now = account(WEEKS[0], "USD", 1.1)
    with history.week(str(WEEKS[0])) as into:
        into.run(
            made="2025-02-03T08:00:00Z", version="1.0", language="en", options={},
            document=document_of(now, exported_in="EUR"),
        )  # fmt: skip
        into.snapshot(then.tables.spend, then.tables.revenue)
    assert as_known(now, history, str(WEEKS[0])) is None
    assert as_known(then, history, str(WEEKS[0])) is not None
    found = beside(history, WEEKS[1], account(WEEKS[1], "USD", 1.1))
    assert (found.previous, found.corrections) == (WEEKS[0], ())


def test_a_report_that_names_no_currency_is_taken_for_that_before_it(history: History) -> None:
    note(history, WEEKS[1], account(WEEKS[1], None))
    assert list(currencies.of_reports(history, str(WEEKS[2])).values()) == ["EUR", "EUR"]
    assert beside(history, WEEKS[2], account(WEEKS[2], "USD")).currency == "EUR"


def test_plans_in_another_currency_are_left_out_and_said() -> None:
    rows: list[dict[str, Any]] = [{"options": {"currency": each}} for each in ("EUR", "USD", "USD", None)]
    kept, notes = currencies.plans_in([*rows, {"options": {}}], "EUR")
    assert kept == [rows[0], rows[3], {"options": {}}]
    assert notes == ("2 saved plans are in USD; this report is in EUR, so they are neither shown nor scored.",)
    assert currencies.plans_in(rows[:1], "EUR") == (rows[:1], ())


def test_verdicts_carry_on_without_the_money_of_another_currency() -> None:
    rows = [{"week": f"2025-W{n:02}", "cause": "saturation", "effect": {"p50": 5.0}} for n in (5, 6)]
    found = currencies.in_own(rows, {"2025-W05": "EUR", "2025-W06": "USD"}, "USD")
    assert [each["effect"] for each in found] == [None, {"p50": 5.0}]


def test_an_older_history_says_its_currency_once() -> None:
    assert currencies.of_snapshot({"document": {"currency": "EUR"}}) == "EUR"
    assert currencies.of_snapshot(None) is None


def test_reports_that_named_none_are_said_to_be_taken_for_this_one(tmp_path: Path) -> None:
    with open_history(tmp_path) as opened:
        note(opened, WEEKS[0], account(WEEKS[0], None))
        found = beside(opened, WEEKS[1], account(WEEKS[1]))
        assert found.previous == WEEKS[0]
        assert found.notes == ("Earlier reports name no currency; they are taken to be in EUR.",)
        assert beside(opened, WEEKS[1], account(WEEKS[1], None)).notes == ()
