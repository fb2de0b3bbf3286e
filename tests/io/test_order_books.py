"""Order exports in parts: every order counts once."""

from __future__ import annotations

import pytest

import roas
from roas.errors import InputError

HEAD = "order id,order date,amount,currency\n"
SPEND = "date,channel,spend,currency\n2025-03-01,A,10,EUR\n2025-03-02,A,10,EUR\n2025-03-03,A,10,EUR\n"


def revenue(place, *books: str) -> roas.Analysis:
    files = [place(f"orders{i}.csv", HEAD + "\n".join(book.split()) + "\n") for i, book in enumerate(books)]
    return roas.analyze(place("spend.csv", SPEND), revenue=files)


def test_an_export_cut_inside_a_day_is_added_up(place) -> None:
    result = revenue(place, "1,2025-03-01,100,EUR 2,2025-03-02,50,EUR", "3,2025-03-02,50,EUR 4,2025-03-03,7,EUR")
    assert (result.totals["revenue"], result.totals["orders"]) == (207.0, 4.0)


def test_an_order_in_two_exports_counts_once_from_the_later_one(place) -> None:
    result = revenue(place, "1,2025-03-01,100,EUR 2,2025-03-02,50,EUR", "2,2025-03-02,30,EUR 3,2025-03-03,7,EUR")
    assert result.totals["revenue"] == 137.0
    assert any("1 order also in a later export" in n for n in result.inputs[1].findings.notes)


def test_one_number_with_two_dates_is_two_shops(place) -> None:
    with pytest.raises(InputError, match="two shops"):
        revenue(place, "1,2025-03-01,100,EUR", "1,2025-03-02,100,EUR")
