"""Records → rates.json, the error rates that ship with roas."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.diagnosis import score
from benchmarks.diagnosis.accounts import other_generator
from benchmarks.diagnosis.answers import REPOSITORY, version
from benchmarks.diagnosis.cells import COLUMNS
from benchmarks.diagnosis.score import Outcome, Share
from benchmarks.diagnosis.tables import LEAST, by_generator, healthy, ill, worse
from roas.diagnosis.rates import OPEN_SALES, OPEN_WEEKS, Rates

RATES = REPOSITORY / "roas" / "diagnosis" / "rates.json"

#: Edges of the bands of rates.json: half-way, on a log scale, between the levels that are simulated.
SALES_BANDS: Final = ((5.0, 18.0), (18.0, 67.0), (67.0, 300.0), (300.0, OPEN_SALES))
WEEKS_BANDS: Final = ((20.0, 38.0), (38.0, 76.0), (76.0, OPEN_WEEKS))


def cells(of: Sequence[Outcome]) -> list[Rates]:
    """Return the cells of rates.json: hits of 30 % and healthy accounts; sales bands, then all sales together."""
    hit = [each for each in ill(of) if each.job.size == 0.3]
    found = []
    for columns in COLUMNS:
        for weeks in WEEKS_BANDS:
            for sales in (*SALES_BANDS, None):
                inside = [each for each in [*hit, *healthy(of)] if _inside(each, columns, weeks, sales)]
                rates = _rates({"sales": sales and list(sales), "columns": columns, "weeks": list(weeks)}, inside)
                found += [rates] if rates else []
    return found


def _inside(of: Outcome, columns: str, weeks: tuple[float, float], sales: tuple[float, float] | None) -> bool:
    if of.job.columns != columns or not weeks[0] <= of.job.weeks < weeks[1]:
        return False
    # Where sales are, they count as an account's own would: as exported, not as asked for.
    return sales is None or (of.sales is not None and sales[0] <= of.sales < sales[1])


def _rates(cell: dict[str, Any], of: Sequence[Outcome]) -> Rates | None:
    """Return the rates of a cell, the worse of the generators each; None with too few accounts in any."""
    hit, well = ill(of), healthy(of)
    for some in (hit, well):
        sizes = [len(found) for _, found in by_generator(some)]
        if len(sizes) < (2 if other_generator() else 1) or min(sizes, default=0) < LEAST:
            return None
    named = worse(hit, score.named, low_is_worse=True)
    wrong = worse(hit, score.wrong_only, low_is_worse=False)
    accused = worse(well, score.accused, low_is_worse=False)
    return Rates(
        cell, round(named.rate, 4), round(wrong.rate, 4), round(accused.rate, 4), len(hit), len(well),
        _ends(named), _ends(wrong), _ends(accused),
    )  # fmt: skip


def _ends(of: Share) -> tuple[float, float]:
    low, high = of.interval
    return round(low, 4), round(high, 4)


def write_rates(records: Sequence[dict[str, Any]], path: Path = RATES) -> None:
    """Write the cells that ship with roas, with the versions of what was measured."""
    found = [each.to_dict() for each in cells(score.outcomes(records))]
    seeds = [int(each["key"].rsplit("/", 1)[1]) for each in records]
    head = {"schema": "roas.rates/1", "engine": version("engine", "ours"), "seeds": [min(seeds), max(seeds)]}
    lines = ",\n".join(json.dumps(each) for each in found)
    path.write_text(f'{json.dumps(head)[:-1]}, "cells": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{len(found)} cells in {path}", file=sys.stderr)
