"""One record, the contract's document, and figures that add up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

import roas
from roas.errors import UsageError

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "datasets" / "small-shop"
RETAILER = ROOT / "datasets" / "retailer-weekly"


@pytest.fixture(scope="module")
def shop() -> roas.Analysis:
    return roas.analyze(SHOP, model=False)


def long_rows(**changes: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "date": pd.date_range("2025-01-06", periods=28).strftime("%Y-%m-%d").repeat(2),
            "channel": ["A", "B"] * 28,
            "spend": [10.0, 20.0] * 28,
            "conversion_value": [30.0, 20.0] * 28,
        }
    )
    return frame.assign(**changes)


def test_documents_match_their_schema(shop: roas.Analysis) -> None:
    for result in (shop, roas.analyze(RETAILER, model=False), roas.analyze(long_rows())):
        jsonschema.validate(result.to_dict(), roas.schema("analysis"))
    jsonschema.validate(roas.inspect([SHOP, RETAILER]).to_dict(), roas.schema("inspection"))


@pytest.mark.slow
@pytest.mark.parametrize("folder", [SHOP, RETAILER], ids=["shop", "retailer"])
def test_estimates_of_the_bundled_accounts_match_the_schema(folder: Path) -> None:
    document = roas.analyze(folder).to_dict()
    jsonschema.validate(document, roas.schema("analysis"))
    assert document["model"]["converged"]
    assert all(each["incremental"]["roas"]["p5"] > 0 for each in document["channels"])


def test_channels_and_campaigns_add_up_to_the_totals(shop: roas.Analysis) -> None:
    document = shop.to_dict()
    for part in ("channels", "campaigns"):
        for figure in ("spend", "conversions", "claimed_revenue"):
            added = sum(row[figure] for row in document[part])
            assert added == pytest.approx(document["totals"][figure], abs=0.005)


def test_bundled_account_has_the_sums_of_its_files(shop: roas.Analysis) -> None:
    spend, revenue = pd.read_csv(SHOP / "spend.csv"), pd.read_csv(SHOP / "revenue.csv")
    totals = shop.to_dict()["totals"]
    assert totals["spend"] == pytest.approx(spend["spend"].sum(), abs=0.005)
    assert totals["revenue"] == pytest.approx(revenue["revenue"].sum(), abs=0.005)
    assert totals["mer"] == pytest.approx(revenue["revenue"].sum() / spend["spend"].sum())


def test_recent_spend_is_the_mean_of_the_last_eight_weeks(shop: roas.Analysis) -> None:
    spend = pd.read_csv(SHOP / "spend.csv", parse_dates=["date"])
    recent = spend[spend["date"] > spend["date"].max() - pd.Timedelta(days=56)].groupby("channel")["spend"].sum() / 8
    for row in shop.to_dict()["channels"]:
        assert row["spend_per_week_recent"] == pytest.approx(recent[row["channel"]], abs=0.01)


def test_a_short_window_is_divided_by_its_own_weeks() -> None:
    rows = roas.analyze(long_rows()).to_dict()["channels"]
    assert {r["channel"]: r["spend_per_week_recent"] for r in rows} == {"A": 70.0, "B": 140.0}


def test_without_revenue_nothing_is_said_of_causes() -> None:
    document = roas.analyze(long_rows()).to_dict()
    assert all(c["incremental"] is None for c in document["channels"])
    assert document["totals"]["incremental_revenue"] is None
    assert document["totals"]["mer"] is None
    assert document["diagnosis"]["healthy"] is True


def test_every_cause_is_answered_with_the_missing_column() -> None:
    hypotheses = roas.analyze(long_rows()).to_dict()["diagnosis"]["hypotheses"]
    assert len({h["cause"] for h in hypotheses}) == 14
    because = {h["cause"]: h["because"] for h in hypotheses}
    assert "revenue" in because["demand_shift"]
    assert "reach" in because["audience_exhaustion"]


def test_mer_is_taken_over_the_dates_that_both_tables_cover() -> None:
    revenue = pd.DataFrame({"date": pd.date_range("2025-01-20", periods=14).strftime("%Y-%m-%d"), "revenue": 90.0})
    result = roas.analyze(long_rows(), revenue=revenue)
    assert result.totals["mer"] == pytest.approx(90 / 30)
    assert any("2025-01-20 to 2025-02-02 only" in n for n in result.notes)


def test_revenue_outside_the_window_is_not_counted() -> None:
    revenue = pd.DataFrame({"date": pd.date_range("2024-12-01", periods=90).strftime("%Y-%m-%d"), "revenue": 90.0})
    result = roas.analyze(long_rows(), revenue=revenue)
    assert result.totals["revenue"] == pytest.approx(28 * 90)
    assert any("outside the dates of spend" in n for n in result.notes)


def test_over_claim_is_claims_over_the_till() -> None:
    revenue = pd.DataFrame({"date": pd.date_range("2025-01-06", periods=28).strftime("%Y-%m-%d"), "revenue": 40.0})
    assert roas.analyze(long_rows(), revenue=revenue).totals["over_claim_ratio"] == pytest.approx(50 / 40)


def test_a_frame_and_its_file_give_the_same_document(tmp_path: Path) -> None:
    file = tmp_path / "spend.csv"
    long_rows().to_csv(file, index=False)
    a, b = roas.analyze(file).to_dict(), roas.analyze(pd.read_csv(file)).to_dict()
    for document in (a, b):
        for key in ("run", "inputs"):
            document.pop(key)
    assert a == b


def test_same_input_gives_the_same_bytes_apart_from_the_run(tmp_path: Path) -> None:
    file = tmp_path / "spend.csv"
    long_rows().to_csv(file, index=False)
    texts = []
    for _ in range(2):
        document = roas.analyze(file).to_dict()
        document.pop("run")
        texts.append(json.dumps(document))
    assert texts[0] == texts[1]


def test_labels_from_names_are_called_suggested(shop: roas.Analysis) -> None:
    labels = shop.to_dict()["labels"]
    assert labels and all(row["suggested"] for row in labels)
    for group in {row["group"] for row in labels}:
        assert sum(r["spend"] for r in labels if r["group"] == group) == pytest.approx(shop.totals["spend"], abs=0.01)


def test_labels_from_a_file_are_not(tmp_path: Path) -> None:
    tags = tmp_path / "tags.toml"
    tags.write_text('[team]\nours = ["A*"]\n', encoding="utf-8")
    rows = long_rows(campaign=["A1", "B1"] * 28)
    labels = roas.analyze(rows, tags=str(tags)).to_dict()["labels"]
    assert [(r["label"], r["spend"], r["suggested"]) for r in labels] == [(None, 560.0, False), ("ours", 280.0, False)]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"margin": 60}, "--margin 60"),
        ({"currency": "XYZ1"}, "ISO 4217"),
        ({"overlap": "guess"}, "--overlap"),
        ({"map": ["nonsense"]}, "--map"),
        ({"map": ["spent=x"]}, 'Did you mean "spend"'),
        ({"platform": "facebok"}, "--platform"),
        ({"unknown_option": 1}, "unknown_option"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        roas.analyze(long_rows(), **options)


def test_map_takes_a_mapping_too() -> None:
    rows = long_rows().rename(columns={"spend": "Money out"})
    assert roas.analyze(rows, map={"spend": "Money out"}).totals["spend"] == pytest.approx(840.0)


def test_charts_return_axes(shop: roas.Analysis) -> None:
    drawn = {t.get_text() for axes in (shop.plot(), shop.plot_channels()) for t in axes.texts}
    assert {"Search", "Meta"} & drawn
    assert len(shop.to_frame()) == 4
    assert "MER" in repr(shop)
