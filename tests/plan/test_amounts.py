"""Amounts in words: whole units without decimals, in currencies of none, two and three."""

from __future__ import annotations

import pytest

from roas.language import speaking
from roas.plan.amounts import about, exact, whole


@pytest.mark.parametrize("language", ["en", "nl", "vi"])
@pytest.mark.parametrize("currency", ["BHD", "KWD", "EUR", "JPY", "VND", None])
@pytest.mark.parametrize("value", [0, 7, 100, 1000, 1300, 10_000, 999_000, 999_999])
def test_a_whole_amount_keeps_its_digits_and_no_decimals(value: int, currency: str | None, language: str) -> None:
    with speaking(language):
        assert "".join(each for each in whole(value, currency) if each.isdigit()) == str(value)


def test_three_decimals_go_as_two_do() -> None:
    assert about(1312.4, "BHD") == "BHD 1,300"
    assert exact(1000.0, "BHD") == "BHD 1,000"
    assert exact(41.255, "BHD") == "BHD 41.255"
