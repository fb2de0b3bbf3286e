"""The same account told in another way gets the same verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas.diagnosis.results import Diagnosis
from roas.diagnosis.runner import diagnose
from roas.io.load import LoadOptions, merge_files, read_files
from roas.simulator import simulate

MONEY = ("spend", "conversion_value", "revenue")
COUNTS = ("impressions", "reach", "clicks", "conversions")

#: One healthy account and one per way to be hit: everywhere, in one channel, in the platform's count; two bare ones.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "healthy": {"seed": 3},
    "site": {"seed": 4, "causes": ["conversion_rate_drop:size=0.5"]},
    "prices": {"seed": 5, "causes": ["auction_inflation:size=0.5,shape=step"]},
    "counting": {"seed": 6, "causes": ["tracking_break:size=0.5"]},
    "bare healthy": {"seed": 3, "columns": "bare"},
    "bare counting": {"seed": 6, "causes": ["tracking_break:size=0.5"], "columns": "bare"},
}

#: Those that every run tries; the others take longer than that is worth.
QUICK = ("site", "bare counting")


@dataclass(frozen=True)
class Told:
    """An account as files tell it: exports of spend, the shop's revenue, and who a channel is in the plain telling."""

    spend: tuple[pd.DataFrame, ...]
    revenue: pd.DataFrame | None
    names: tuple[tuple[str, str], ...] = ()

    def change(self, columns: Callable[[pd.DataFrame], pd.DataFrame]) -> Told:
        """Change every table."""
        revenue = None if self.revenue is None else columns(self.revenue)
        return replace(self, spend=tuple(map(columns, self.spend)), revenue=revenue)


@cache
def account(name: str) -> Told:
    tables, _ = simulate(weeks=40, channels=4, scale=1.5, **ACCOUNTS[name])
    return Told((tables["account"] if "account" in tables else tables["spend"],), tables.get("revenue"))


def diagnosed(told: Told) -> Diagnosis:
    options = LoadOptions()
    return diagnose(merge_files(read_files(list(told.spend), told.revenue, options=options), options))


@cache
def plain(name: str) -> Diagnosis:
    return diagnosed(account(name))


def verdicts(of: Diagnosis, told: Told) -> set[tuple[str, str | None, str]]:
    """Cause, channel in the plain telling, and verdict: of hypotheses and of findings."""
    names: dict[str | None, str | None] = dict(told.names)
    hypotheses = {(each.cause, names.get(each.channel, each.channel), each.verdict) for each in of.hypotheses}
    findings = {(each.cause, names.get(each.channel, each.channel), f"found {each.verdict}") for each in of.findings}
    return hypotheses | findings


def shuffled(told: Told) -> Told:
    return told.change(lambda table: table.sample(frac=1, random_state=7).reset_index(drop=True))


def in_cents(told: Told) -> Told:
    """Write money in a currency a hundred times smaller."""
    return told.change(lambda table: table.assign(**{c: (table[c] * 100).round(0) for c in MONEY if c in table}))


def renamed(told: Told, new: Callable[[list[str]], list[str]]) -> Told:
    known = sorted({channel for table in told.spend for channel in table["channel"]})
    names = dict(zip(known, new(known), strict=True))
    spend = tuple(table.assign(channel=table["channel"].map(names)) for table in told.spend)
    return replace(told, spend=spend, names=tuple((after, before) for before, after in names.items()))


def renamed_in_order(told: Told) -> Told:
    return renamed(told, lambda known: [f"Channel {nth}" for nth in range(len(known))])


def renamed_against_order(told: Told) -> Told:
    return renamed(told, lambda known: [f"Channel {len(known) - nth}" for nth in range(len(known))])


def twice(told: Told) -> Told:
    return replace(told, spend=told.spend * 2)


def split(told: Told) -> Told:
    """Halve the rows of the largest campaign under two names; odd cents and counts go to the first."""
    [table] = told.spend
    if "campaign" not in table:
        return told
    largest = table.groupby("campaign")["spend"].sum().idxmax()
    mine = table["campaign"] == largest
    one, two = table[mine].copy(), table[mine].copy()
    for column in (c for c in (*MONEY, *COUNTS) if c in table):
        unit = 0.01 if column in MONEY else 1.0
        units = np.round(table.loc[mine, column] / unit)
        one[column], two[column] = (units - units // 2) * unit, units // 2 * unit
    parts = [table[~mine], one.assign(campaign=f"{largest} a"), two.assign(campaign=f"{largest} b")]
    return replace(told, spend=(pd.concat(parts, ignore_index=True),))


TELLINGS = (shuffled, in_cents, renamed_in_order, renamed_against_order, twice, split)


def quick_or_slow(name: str) -> Any:
    return pytest.param(name, id=name, marks=() if name in QUICK else pytest.mark.slow)


@pytest.mark.slow
@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.__name__)
@pytest.mark.parametrize("name", [quick_or_slow(name) for name in ACCOUNTS])
def test_verdicts_do_not_depend_on_the_telling(name: str, telling: Callable[[Told], Told]) -> None:
    told = telling(account(name))
    assert verdicts(diagnosed(told), told) == verdicts(plain(name), account(name))


@pytest.mark.slow
@pytest.mark.parametrize("telling", [shuffled, twice], ids=lambda telling: telling.__name__)
@pytest.mark.parametrize("name", ACCOUNTS)
def test_order_and_copies_change_no_figure(name: str, telling: Callable[[Told], Told]) -> None:
    assert diagnosed(telling(account(name))).to_dict() == plain(name).to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("name", ACCOUNTS)
def test_money_times_a_hundred_is_loss_times_a_hundred(name: str) -> None:
    for one, two in zip(plain(name).findings, diagnosed(in_cents(account(name))).findings, strict=True):
        assert (two.cause, two.channel, two.since) == (one.cause, one.channel, one.since)
        assert two.probability == pytest.approx(one.probability, abs=1e-6)
        assert two.effect_per_week.p50 == pytest.approx(100 * one.effect_per_week.p50, rel=1e-4, abs=0.01)


def test_the_telling_is_really_another_one() -> None:
    told = account("site")
    [table] = told.spend
    [halved] = split(told).spend
    assert len(halved) > len(table) and halved["campaign"].nunique() == table["campaign"].nunique() + 1
    for column in ("spend", "conversion_value", *COUNTS):
        assert halved[column].sum() == pytest.approx(table[column].sum(), rel=1e-9)
    assert not shuffled(told).spend[0].equals(table)
    assert set(renamed_against_order(told).spend[0]["channel"]).isdisjoint(table["channel"])


@pytest.mark.slow
def test_something_is_found_in_the_account_whose_site_broke() -> None:
    """Else every test above would pass by saying nothing."""
    assert any(each.verdict == "supported" for each in plain("site").findings)
