"""Accounts whose report is looked at; each is written once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import roas
from roas.report.render import write_report

NAMES = (
    "Search",
    "Meta",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "\u202eevil\x1b[31m",
    "$a$ & \"b\" 'c'",
)


def spend(names: tuple[str, ...] = NAMES, *, days: int = 130, claims: bool = True, campaigns: int = 2) -> pd.DataFrame:
    """Spend 10 a day and campaign; the first channel 40; claims of twice that."""
    rows: list[dict[str, Any]] = []
    for day in pd.date_range("2025-01-06", periods=days):
        for i, name in enumerate(names):
            for k in range(max(campaigns, 1)):
                row: dict[str, Any] = {"date": day, "channel": name, "spend": 40.0 if i == 0 else 10.0}
                if campaigns:
                    row["campaign"] = f"{name} | {'brand' if k else 'prospecting'} {k}"
                if claims:
                    row |= {
                        "impressions": 1000,
                        "clicks": 20,
                        "conversions": 2,
                        "conversion_value": 2 * row["spend"],
                    }
                rows.append(row)
    return pd.DataFrame(rows)


def revenue(days: int = 130, amount: float = 500.0) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range("2025-01-06", periods=days), "revenue": amount, "orders": 9})


class Account:
    spend = staticmethod(spend)
    revenue = staticmethod(revenue)


@pytest.fixture(scope="session")
def account() -> type[Account]:
    return Account


@pytest.fixture(scope="session")
def hostile() -> roas.Analysis:
    """An account of channels with names that would like to run."""
    return roas.analyze(spend(), revenue(), currency="EUR", margin=0.5)


@pytest.fixture(scope="session")
def report(hostile: roas.Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of `hostile`. Tests read it and leave it as it is."""
    folder = tmp_path_factory.mktemp("report") / "out"
    write_report(hostile, folder)
    return folder


@pytest.fixture(scope="session")
def page(report: Path) -> str:
    return (report / "index.html").read_text(encoding="utf-8")
