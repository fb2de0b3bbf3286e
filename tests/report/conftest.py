"""Accounts whose report is looked at; each is written once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import roas
from roas.report.render import write_report
from roas.response import ChannelResponse, Q, ResponseResults
from roas.response.data import MediaData
from roas.response.verdicts import EXPERIMENT, Identification, State, Verdict

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


#: A ROAS, and a marginal one.
TWO, ONE = Q(1.0, 2.0, 3.0), Q(0.5, 1.0, 1.4)


def q(low: float, middle: float, high: float) -> Q:
    return Q(low, middle, high)


def channel(
    name: str,
    *,
    spend: float = 1000.0,
    roas: Q = TWO,
    marginal: Q | None = ONE,
    state: State = "saturated",
    probability: float = 0.97,
    identified: Identification = "identified",
    reasons: Sequence[str] = ("its spend varied too little for the noise of revenue",),
) -> ChannelResponse:
    known = identified == "identified"
    return ChannelResponse(
        channel=name, spend=spend, revenue=q(*(spend * r for r in (roas.p5, roas.p50, roas.p95))), roas=roas,
        roas_recent=roas, marginal_roas=marginal, marginal_roas_window=roas, half_life_days=q(1.0, 2.0, 4.0),
        half_saturation=q(10.0, 20.0, 40.0), slope=q(0.8, 1.0, 1.2), state=state, probability=probability,
        prior_roas=q(0.4, 1.5, 5.0),
        verdict=Verdict(identified, 0.5, () if known else tuple(reasons),
                        None if known else EXPERIMENT.format(channel=name)),
    )  # fmt: skip


@dataclass(frozen=True)
class Estimates:
    """As much of `ResponseResults` as the report may use, with chosen figures: no model is run."""

    channels: tuple[ChannelResponse, ...]
    dates: Any
    revenue: Any
    grain: Any = "day"
    converged: bool = True
    excluded: dict[str, str] = field(default_factory=dict)
    checks: tuple[Any, ...] = ()
    break_even_roas: float = 1.0

    @property
    def incremental_revenue(self) -> Q | None:
        if not self.channels:
            return None
        return q(*(sum(getattr(c.revenue, level) for c in self.channels) for level in ("p5", "p50", "p95")))

    @property
    def baseline_share(self) -> Q | None:
        total, caused = float(np.nansum(self.revenue)), self.incremental_revenue
        return None if caused is None else q(*(1 - v / total for v in (caused.p95, caused.p50, caused.p5)))

    @cached_property
    def data(self) -> MediaData:
        size = (len(self.dates), len(self.channels))
        return MediaData(
            self.dates, self.grain, tuple(c.channel for c in self.channels), np.ones(size), self.revenue,
            np.zeros((size[0], 0)),
        )  # fmt: skip

    def channel(self, name: str) -> ChannelResponse:
        return next(c for c in self.channels if c.channel == name)

    def curve(self, channel: str) -> pd.DataFrame:
        self.channel(channel)
        x = np.linspace(0, 150.0, 31)
        y = 300.0 * x / (100 + x)
        bands = {"spend": x, "p5": 0.5 * y, "p50": y, "p95": 2 * y}
        return pd.DataFrame({**bands, "marginal_p50": 3e4 / (100 + x) ** 2, "observed": (x > 20) & (x < 100)})

    def contributions(self) -> pd.DataFrame:
        parts = [("baseline", 0.6), *((c.channel, 0.4 / len(self.channels)) for c in self.channels)]
        rows = [
            pd.DataFrame({"date": self.dates.astype("datetime64[ns]"), "part": name, "p5": 0.8 * share * self.revenue,
                          "p50": share * self.revenue, "p95": 1.2 * share * self.revenue, "mean": share * self.revenue})
            for name, share in parts
        ]  # fmt: skip
        return pd.concat(rows, ignore_index=True)

    def to_frame(self) -> pd.DataFrame:
        return ResponseResults.to_frame(self)  # type: ignore[arg-type]


def believed(analysis: roas.Analysis, *channels: ChannelResponse, **changes: Any) -> roas.Analysis:
    """The analysis with estimates of chosen figures, over its own dates."""
    revenue = analysis.revenue_in_window
    assert revenue is not None
    dates = revenue["date"].to_numpy().astype("datetime64[D]")
    given = {"break_even_roas": 2.0} | changes
    found: Any = Estimates(channels, dates, revenue["revenue"].to_numpy(float), **given)
    return replace(analysis, response=found)


class Account:
    spend = staticmethod(spend)
    revenue = staticmethod(revenue)
    channel = staticmethod(channel)
    believed = staticmethod(believed)


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
