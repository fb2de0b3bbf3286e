"""The table of a plan on a terminal of 80 columns: names whole, as long as the numbers leave room."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests.report.test_plan import answered, made, move, printed

NAMES = ("Performance Max", "Remarketing Display", "Shopping")


@pytest.mark.parametrize("currency", ["EUR", "BHD", "JPY", "CHF", None])
@pytest.mark.parametrize("size", [100.0, 13_000.0, 310_000.0])
def test_names_stay_whole_in_every_currency(currency: str | None, size: float) -> None:
    plan = made(*(move(name, size * (i + 1), size * (i + 1) * share) for i, (name, share) in
                  enumerate(zip(NAMES, (1.3, 0.7, 1.1), strict=True))))  # fmt: skip
    result = answered(plan)
    analysis: Any = SimpleNamespace(**vars(result.analysis) | {"tables": SimpleNamespace(currency=currency)})
    out = printed(replace(result, analysis=analysis))
    rows = [line for line in out.splitlines() if line.startswith(NAMES) and "[" in line]
    assert len(rows) == 3
    assert max(map(len, out.splitlines())) <= 80
    assert not any(".000" in line or "…" in line for line in rows)
