"""Tables as charts get them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt


def weeks(count: int = 20, *, start: str = "2025-01-06") -> pd.DataFrame:
    """Spend 100 a week, revenue 400; the last 8 weeks 200 and 600."""
    late = np.arange(count) >= count - 8
    spend, revenue = np.where(late, 200.0, 100.0), np.where(late, 600.0, 400.0)
    table = pd.DataFrame({"week": pd.date_range(start, periods=count, freq="7D"), "spend": spend, "revenue": revenue})
    table["claimed_revenue"] = 2 * spend
    table["claimed_roas"], table["mer"] = 2.0, revenue / spend
    return table.assign(complete=True)


def channels(names: list[str]) -> pd.DataFrame:
    """Spend falls from name to name, claimed ROAS rises from 1."""
    spend = 1000.0 * np.arange(len(names), 0, -1)
    claims = spend * np.arange(1.0, len(names) + 1)
    table = pd.DataFrame({"channel": names, "spend": spend, "claimed_revenue": claims})
    return table.assign(claimed_roas=claims / spend, spend_share=spend / spend.sum())


def channel_weeks(names: list[str], count: int = 10) -> pd.DataFrame:
    days = pd.date_range("2025-01-06", periods=count, freq="7D")
    rows = [(d, n, 10.0 * (len(names) - i)) for d in days for i, n in enumerate(names)]
    return pd.DataFrame(rows, columns=["week", "channel", "spend"]).assign(complete=True)


def labels(names: list[str]) -> pd.DataFrame:
    return channels(names).rename(columns={"channel": "label"}).assign(group="g", suggested=True)


class Make:
    labels = staticmethod(labels)
    weeks = staticmethod(weeks)
    channels = staticmethod(channels)
    channel_weeks = staticmethod(channel_weeks)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    yield
    plt.close("all")
