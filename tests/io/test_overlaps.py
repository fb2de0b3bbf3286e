"""Several files of one account: every campaign and day counts once, or the files are refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

import roas

HEAD = "date,channel,campaign,spend,conversions,conversion_value\n"


def export(days, spend=lambda d: 10 + d, sales=lambda d: 2, campaign="A", channel="Meta") -> str:
    """A campaign export of those days of January."""
    return HEAD + "".join(f"2025-01-{d:02},{channel},{campaign},{spend(d)},{sales(d)},{30 * sales(d)}\n" for d in days)


def by_channel(days, spend=lambda d: 10 + d, channel="Meta") -> str:
    return "date,channel,spend\n" + "".join(f"2025-01-{d:02},{channel},{spend(d)}\n" for d in days)


FULL = export(range(1, 21))
FULL_SPEND = float(sum(10 + d for d in range(1, 21)))

Refusal = Callable[..., str]


def used(result) -> dict[str, int]:
    return {r.file: r.rows_used for r in result.inputs}


def test_the_same_export_twice(place):
    files = [place("a.csv", FULL), place("b.csv", FULL)]
    result = roas.analyze(files)
    assert result.totals["spend"] == FULL_SPEND
    assert used(result) == {"a.csv": 20, "b.csv": 0}
    assert result.inputs[1].findings.notes == ["20 rows also in a.csv (the same figures): counted once, from there"]
    assert roas.analyze(files, overlap="add").totals["spend"] == 2 * FULL_SPEND
    assert roas.analyze(files, overlap="replace").totals["spend"] == FULL_SPEND


@pytest.mark.parametrize("order", [["old.csv", "new.csv"], ["new.csv", "old.csv"]])
def test_the_newer_of_two_exports_counts(place, order):
    place("old.csv", FULL)
    place("new.csv", export(range(5, 26), sales=lambda d: 3))
    result = roas.analyze(order)
    assert result.totals["spend"] == sum(10 + d for d in range(1, 26))
    assert result.totals["conversions"] == 4 * 2 + 21 * 3
    assert used(result) == {"old.csv": 4, "new.csv": 21}
    old = next(r for r in result.inputs if r.file == "old.csv")
    assert old.findings.notes == ["16 rows also in new.csv (newer figures): counted once, from there"]


def test_spend_of_the_last_days_may_still_change(place):
    place("old.csv", FULL)
    place("new.csv", export(range(1, 26), spend=lambda d: 10 + d + (0.5 if d > 18 else 0)))
    assert roas.analyze(["old.csv", "new.csv"]).totals["spend"] == sum(
        10 + d + (0.5 if d > 18 else 0) for d in range(1, 26)
    )


def test_the_same_last_day_with_other_claims_is_open(place, refusal):
    files = [place("a.csv", FULL), place("c.csv", export(range(5, 21), sales=lambda d: 3))]
    assert refusal(files) == (
        "a.csv and c.csv give the same campaigns and days with different conversions, and both end on 2025-01-20: "
        "which "
        "export is newer cannot be told.\n"
        "  Leave the older one out, or use --overlap replace: the file named later then counts."
    )
    assert roas.analyze(files, overlap="replace").totals["conversions"] == 4 * 2 + 16 * 3
    assert roas.analyze(files[::-1], overlap="replace").totals["conversions"] == 20 * 2


def test_other_spend_is_another_account(place, refusal):
    files = [place("a.csv", FULL), place("d.csv", export(range(1, 21), spend=lambda d: 7 + 2 * d))]
    assert refusal(files) == (
        'a.csv and d.csv both give "A" on 2025-01-01, one with 11.00 and one with 9.00; 19 campaign-days differ.\n'
        "  Two accounts or breakdowns: use --overlap add. "
        "A corrected export: use --overlap replace, the file named later then counts."
    )
    assert roas.analyze(files, overlap="add").totals["spend"] == FULL_SPEND + sum(7 + 2 * d for d in range(1, 21))


def test_two_halves_are_a_whole(place):
    files = [place("h1.csv", export(range(1, 11))), place("h2.csv", export(range(11, 21)))]
    result = roas.analyze(files)
    assert result.totals["spend"] == FULL_SPEND
    assert not any(r.findings.rejected for r in result.inputs)


def test_campaigns_of_one_file_only_stay(place):
    files = [place("a.csv", FULL), place("b.csv", FULL + export(range(1, 21), campaign="B").removeprefix(HEAD))]
    assert roas.analyze(files).totals["spend"] == 2 * FULL_SPEND


@pytest.mark.parametrize("order", list(permutations(["a.csv", "ch.csv"])))
def test_a_channel_total_beside_its_campaigns_counts_once(place, order):
    place("a.csv", FULL + export(range(1, 21), campaign="B", spend=lambda d: 1).removeprefix(HEAD))
    place("ch.csv", by_channel(range(1, 21), spend=lambda d: 11 + d))
    result = roas.analyze(list(order))
    assert result.totals["spend"] == FULL_SPEND + 20
    assert used(result) == {"a.csv": 40, "ch.csv": 0}
    assert len(result.campaigns) == 2


def test_days_of_the_coarser_file_only_stay(place):
    files = [place("a.csv", export(range(1, 11))), place("ch.csv", by_channel(range(1, 21)))]
    result = roas.analyze(files)
    assert result.totals["spend"] == FULL_SPEND
    assert used(result) == {"a.csv": 10, "ch.csv": 10}


def test_a_channel_total_that_differs_is_refused(place, refusal):
    files = [place("a.csv", FULL), place("ch.csv", by_channel(range(1, 11), spend=lambda d: 17))]
    assert refusal(files) == (
        'a.csv gives "Meta" by campaign and ch.csv as a whole; on 2025-01-01 that is 11.00 and 17.00. 9 days of 10 '
        "differ.\n"
        "  One account in two exports: leave one out. Two accounts: use --overlap add."
    )
    assert roas.analyze(files, overlap="add").totals["spend"] == FULL_SPEND + 170
    assert (
        roas.analyze(files, overlap="replace").totals["spend"] == FULL_SPEND - sum(10 + d for d in range(1, 11)) + 170
    )


def test_a_breakdown_by_place_counts_once(place):
    place("a.csv", by_channel(range(1, 21), spend=lambda d: 2 * d))
    geo = "date,channel,geo,spend\n" + "".join(
        f"2025-01-{d:02},Meta,{g},{d}\n" for d in range(1, 21) for g in ("DE", "FR")
    )
    result = roas.analyze(["a.csv", place("geo.csv", geo)])
    assert result.totals["spend"] == 420.0
    assert used(result) == {"a.csv": 0, "geo.csv": 40}


def test_one_account_under_other_campaign_names(place, refusal):
    files = [place("names.csv", FULL), place("ids.csv", export(range(1, 21), campaign="1234567"))]
    assert refusal(files) == (
        'names.csv and ids.csv give "Meta" the same spend on each of 20 days, under other campaign names: one account '
        "in "
        "two exports.\n  Leave one out, or use --overlap add if they are two accounts."
    )
    assert roas.analyze(files, overlap="add").totals["spend"] == 2 * FULL_SPEND


def test_campaigns_of_equal_budget_in_two_files_are_two(place):
    files = [place("a.csv", export(range(1, 21), spend=lambda d: 10)),
             place("b.csv", export(range(1, 21), spend=lambda d: 10, campaign="B"))]  # fmt: skip
    assert roas.analyze(files).totals["spend"] == 400.0


def test_three_files_in_any_order(place):
    place("a.csv", FULL)
    place("b.csv", export(range(15, 26)))
    place("c.csv", export(range(1, 26), channel="Google"))
    totals = {roas.analyze(list(order)).totals["spend"] for order in permutations(["a.csv", "b.csv", "c.csv"])}
    assert totals == {2.0 * sum(10 + d for d in range(1, 26))}


def test_revenue_of_two_places(place, refusal):
    spend = place("s.csv", by_channel(range(1, 4)))
    one = place("r1.csv", "date,revenue\n2025-01-01,100\n2025-01-02,20\n")
    same = place("r2.csv", "date,revenue\n2025-01-02,20\n2025-01-03,30\n")
    other = place("r3.csv", "date,revenue\n2025-01-02,21\n2025-01-03,30\n")
    assert roas.analyze(spend, revenue=[one, same]).totals["revenue"] == 150.0
    assert refusal(spend, revenue=[one, other]) == (
        "r1.csv and r3.csv give different revenue for 2025-01-02 (1 date in all).\n"
        "  Leave one out: revenue of one shop must come from one place."
    )
    assert refusal([spend, one, other]).endswith("\n  Say which one is the shop's with --revenue FILE.")
    chosen = roas.analyze([spend, other], revenue=one)
    assert chosen.totals["revenue"] == 120.0
    assert chosen.inputs[1].findings.notes == ["its revenue is left aside: --revenue names another file"]


def test_days_and_weeks_of_two_files(place, refusal):
    daily = place("d.csv", by_channel(range(6, 20), spend=lambda d: 1))
    weekly = place("w.csv", "week,channel,spend\n2025-01-06,TV,10\n2025-01-13,TV,10\n")
    assert refusal([daily, weekly]) == (
        "d.csv is by day and w.csv by week; the two cannot be set side by side.\n"
        "  Export both by day, or use --grain week to add the days up to weeks."
    )
    result = roas.analyze([daily, weekly], grain="week")
    assert (result.totals["spend"], result.window["periods"]) == (34.0, 2)
    assert refusal(weekly, grain="day") == "w.csv: the file is by week; weeks cannot become days. Export it by day."


@pytest.mark.parametrize("order", [["old.csv", "new.csv"], ["new.csv", "old.csv"]])
@pytest.mark.parametrize("grain", [None, "week"])
def test_which_export_is_newer_is_told_before_as_of_cuts(place, order, grain):
    """Both reach past the day that is asked about; the one that was made later knows more of it."""
    place("old.csv", export(range(6, 20)))
    place("new.csv", export(range(6, 27), sales=lambda d: 3))
    result = roas.analyze(order, as_of="2025-01-12", grain=grain, model=False)
    assert (result.totals["spend"], result.totals["conversions"]) == (sum(10 + d for d in range(6, 13)), 7 * 3)
    old = next(r for r in result.inputs if r.file == "old.csv")
    assert "7 rows also in new.csv (newer figures): counted once, from there" in old.findings.notes


def test_exports_that_reach_equally_far_stay_undecided_under_as_of(place, refusal):
    files = [place("a.csv", FULL), place("c.csv", export(range(5, 21), sales=lambda d: 3))]
    assert "both end on 2025-01-20: which export is newer cannot be told" in refusal(files, as_of="2025-01-12")
