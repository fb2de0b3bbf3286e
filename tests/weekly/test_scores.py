"""Each plan is scored once its weeks are over, and not twice from the same data."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from roas.history import open_history
from roas.quantiles import Q
from roas.weekly.decisions import decisions
from roas.weekly.scores import noted, scores_of
from tests.weekly.plans import LAST, MOVED, NOW, row


def test_plans_of_one_day_share_a_model(account: Any, fits: list[dt.date]) -> None:
    rows = [row(1, "2025-09-14"), row(2, "2025-09-14", plan=NOW), row(3, "2025-09-21")]
    scores_of(account, rows, LAST)
    assert fits == [dt.date(2025, 9, 15), dt.date(2025, 9, 22)]


def test_a_score_is_used_again_until_the_data_change(account: Any, fits: list[dt.date]) -> None:
    fresh = row(1, "2025-09-14")
    document = scores_of(account, [fresh], LAST)[1].to_dict()
    kept = {**fresh, "scores": [{"week": "2025-W40", "document": {}}, {"week": "2025-W41", "document": document}]}
    assert scores_of(account, [kept], LAST)[1].to_dict() == document
    assert len(fits) == 1
    assert account.tables.revenue is not None
    other = replace(account.tables, revenue=account.tables.revenue.assign(revenue=1.0))
    scores_of(replace(account, tables=other), [kept], LAST)
    assert len(fits) == 2


def test_what_the_history_keeps_comes_back(account: Any, fits: list[dt.date], tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        history.plans.note(
            made=dt.datetime(2025, 9, 14, 8, tzinfo=dt.UTC), who="Jo", data_end="2025-09-14", weeks=2, plan=MOVED,
            predicted={"p5": 50.0, "p50": 100.0, "p95": 150.0}, probability_better=0.9, options={}, name="plan 1",
        )  # fmt: skip
        rows = history.plans.all()
        (score,) = scores_of(account, rows, LAST).values()
        history.plans.score(1, str(LAST), realised=None, followed=score.spent.followed, document=score.to_dict())
        again = scores_of(account, history.plans.all(), LAST)
    assert decisions(account, rows, LAST) == decisions(account, [row(1, "2025-09-14")], LAST)
    assert again == {1: score}
    assert fits[1:] == [dt.date(2025, 9, 15)] * 2  # only what was told without the history's score


def test_a_row_without_a_prediction_is_no_traceback(account: Any, fits: list[dt.date]) -> None:
    for none in (None, {"p5": None, "p50": None, "p95": None}):
        assert noted(row(1, "2025-09-14", predicted=none)).predicted == Q(0, 0, 0)
