"""Successive exports of one account: what each said of the same days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import roas
from roas.io.merge import Part
from roas.io.snapshots import successive_exports


def exports(*, delay: float, ends: tuple[int, ...] = (56, 63, 70, 77), per_day: int = 200) -> list[pd.DataFrame]:
    """Exports of one channel on these days; sales are reported `delay` days after the click on average."""
    rng = np.random.default_rng(1)
    day = np.repeat(np.arange(max(ends)), rng.poisson(per_day, max(ends)))
    reported = day + (rng.exponential(delay, len(day)) if delay else 0.0)
    tables = []
    for end in ends:
        seen = (day < end) & (reported < end)
        count = np.bincount(day[seen], minlength=end)[:end].astype(float)
        dates = pd.date_range("2025-01-06", periods=end)
        tables.append(
            pd.DataFrame(
                {
                    "date": dates,
                    "channel": "Meta",
                    "spend": 1000.0,
                    "conversions": count,
                    "conversion_value": 60 * count,
                }
            )
        )
    return tables


def parts(tables: list[pd.DataFrame]) -> list[Part]:
    return [Part(f"{k}.csv", table, "day") for k, table in enumerate(tables)]


def test_what_each_export_said_is_kept() -> None:
    found = successive_exports(parts(exports(delay=3.0)))
    assert found is not None
    assert found["as_of"].nunique() == 4 and set(found["channel"]) == {"Meta"}
    newest = found.groupby("as_of")["date"].max()
    assert list(newest) == list(newest.index)


def test_exports_that_agree_tell_nothing_of_lag() -> None:
    assert successive_exports(parts(exports(delay=0.0))) is None
    assert successive_exports(parts(exports(delay=3.0, ends=(70,)))) is None
    assert successive_exports(parts([t.drop(columns="conversions") for t in exports(delay=3.0)])) is None
    assert successive_exports([]) is None


@pytest.mark.parametrize(("delay", "least", "most"), [(1.0, 3, 6), (5.0, 12, 30)])
def test_the_lag_is_learned_from_them(delay: float, least: int, most: int) -> None:
    found = roas.analyze(exports(delay=delay), model=False, currency="EUR").to_dict()
    [channel] = found["channels"]
    assert channel["maturity"]["why"] == "exports"
    assert least <= channel["maturity"]["days"] <= most
    last = pd.Timestamp(found["window"]["end"])
    assert (last - pd.Timestamp(found["window"]["mature_until"])).days == channel["maturity"]["days"]
    assert any("earlier exports" in note for note in found["notes"])


def test_a_flat_account_with_late_sales_has_no_break() -> None:
    found = roas.analyze(exports(delay=5.0), model=False, currency="EUR").to_dict()
    assert found["channels"][0]["volatility"]["breaks"] == []


def test_one_export_is_cut_by_a_week() -> None:
    found = roas.analyze(exports(delay=5.0)[-1], model=False, currency="EUR").to_dict()
    assert found["channels"][0]["maturity"]["days"] == 7


def test_an_export_that_as_of_cuts_is_as_old_as_it_was() -> None:
    """What a newer export knows of a day came later, though its last days are left out."""
    tables = exports(delay=3.0)
    cut = tables[0]["date"].max()
    whole = successive_exports(parts(tables))
    found = successive_exports(
        [
            Part(f"{k}.csv", table[table["date"] <= cut], "day", cut_from=table["date"].max())
            for k, table in enumerate(tables)
        ]
    )
    assert found is not None and whole is not None
    pd.testing.assert_frame_equal(found, whole[whole["date"] <= cut].reset_index(drop=True))
