"""The error rates that stand beside a diagnosis."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from roas.diagnosis import rates
from roas.diagnosis.rates import Rates, rates_for, read_cell

FUNNEL = {"columns": "funnel", "weeks": [76.0, 520.0]}
CELLS = [
    Rates({"sales": [67.0, 300.0], **FUNNEL}, 0.96, 0.012, 0.03, 212, 64, (0.92, 0.98), (0.0, 0.04), (0.01, 0.1)),
    Rates({"sales": [18.0, 67.0], **FUNNEL}, 0.9, 0.0, 0.0, 200, 60),
    Rates({"sales": None, **FUNNEL}, 0.91, 0.02, 0.04, 800, 240),
    Rates({"sales": None, "columns": "bare", "weeks": [20.0, 38.0]}, 0.1, 0.01, 0.02, 100, 50),
]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_table", lambda: tuple(CELLS))


@pytest.mark.usefixtures("table")
def test_an_account_gets_the_cell_that_holds_it() -> None:
    assert rates_for(sales_per_day=67, columns="funnel", weeks=104) is CELLS[0]
    assert rates_for(sales_per_day=66.9, columns="funnel", weeks=76) is CELLS[1]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("sales", [None, math.nan, 1000.0])
def test_without_a_cell_of_its_sales_an_account_gets_all_sales_together(sales: float | None) -> None:
    assert rates_for(sales_per_day=sales, columns="funnel", weeks=104) is CELLS[2]


@pytest.mark.usefixtures("table")
def test_where_nothing_like_it_was_simulated_nothing_is_promised() -> None:
    assert rates_for(sales_per_day=3, columns="funnel", weeks=104) is None
    assert rates_for(sales_per_day=100, columns="funnel", weeks=30) is None
    assert rates_for(sales_per_day=None, columns="bare", weeks=10) is None
    assert rates_for(sales_per_day=100, columns="full", weeks=104) is None


def test_rates_are_said_with_the_accounts_behind_them() -> None:
    assert CELLS[0].short == "96 % named, 1.2 % wrong, 3.0 % of healthy accused"
    assert CELLS[0].says == (
        "Tried on 212 simulated accounts like this one (67 to 300 sales a day, impressions and clicks, "
        "76 weeks of history or more) that lost 30 % to a known cause: in 96 % it was named, and 1.2 % only a wrong "
        "one. Of 64 healthy ones, 3.0 % were accused of something. Of two simulators, the worse figure is given."
    )


def test_never_in_the_simulation_is_not_said_as_zero_percent() -> None:
    assert "and none had only a wrong one named" in CELLS[1].says
    assert "Of 60 healthy ones, none was accused." in CELLS[1].says


def test_cells_survive_being_written() -> None:
    for each in CELLS:
        assert read_cell(json.loads(json.dumps(each.to_dict()))) == each


def test_the_table_that_ships_can_be_read_and_is_coherent() -> None:
    for each in rates._table():
        found: dict[str, Any] = each.to_dict()
        assert each.accounts > 0 and each.healthy > 0
        assert each.named + each.wrong <= 2
        for name in ("named", "wrong", "accused"):
            low, high = found[f"{name}_interval"]
            assert 0 <= low <= found[name] <= high <= 1
        assert each.says and each.short
