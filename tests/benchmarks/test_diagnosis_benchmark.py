"""The benchmark of the diagnosis: its design, its definitions and its simple rules."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REPOSITORY = Path(__file__).parents[2]
if not (REPOSITORY / "benchmarks" / "diagnosis").is_dir():
    pytest.skip("the benchmarks are not part of this copy", allow_module_level=True)
sys.path.insert(0, str(REPOSITORY))

from benchmarks.diagnosis import answers, rules, run, score, shipped, tables  # noqa: E402
from benchmarks.diagnosis.accounts import Account, make, with_more_campaigns  # noqa: E402
from benchmarks.diagnosis.calibration import brier, calibration_error, fit, isotonic, reliability  # noqa: E402
from benchmarks.diagnosis.cells import BLOCKS, CAUSES, DEVELOPMENT, FINAL, Job, jobs, matching, read_job  # noqa: E402
from benchmarks.diagnosis.score import Share  # noqa: E402

# Jobs


def test_a_job_is_read_back_from_its_key() -> None:
    for job in jobs(BLOCKS, DEVELOPMENT, 1)[::97]:
        assert read_job(job.key) == job


def test_the_design_is_the_same_every_time_and_asks_nothing_twice() -> None:
    found = jobs(BLOCKS, DEVELOPMENT, 2)
    assert found == jobs(BLOCKS, DEVELOPMENT, 2)
    assert len({job.key for job in found}) == len(found)


def test_every_cause_and_every_level_is_asked_about_in_both_generators() -> None:
    found = jobs(BLOCKS, DEVELOPMENT, 1)
    for generator in ("ours", "other"):
        mine = [job for job in found if job.generator == generator]
        assert {job.cause for job in mine} == {None, *CAUSES}
        assert {job.second for job in mine} == {None, *CAUSES}
        assert {(job.columns, job.sales, job.weeks) for job in mine if job.healthy} == {
            (columns, sales, weeks)
            for columns in ("bare", "claims", "funnel", "full")
            for sales in (10, 30, 150, 600)
            for weeks in (26, 56, 104)
        }


def test_factors_keep_the_shops_of_the_centre_and_the_grid_has_its_own() -> None:
    seeds = {
        block: {job.seed for job in jobs([block], DEVELOPMENT, 4) if job.cause == "saturation"} for block in BLOCKS
    }
    assert seeds["factors"] <= seeds["centre"] and len(seeds["centre"]) == 8
    assert len(seeds["grid"]) > 40


def test_every_cell_of_the_grid_has_enough_healthy_accounts() -> None:
    cells = Counter(
        (job.generator, job.columns, job.sales, job.weeks) for job in jobs(["grid"], FINAL, 10) if job.healthy
    )
    assert len(cells) == 96 and min(cells.values()) >= 60


def test_dividing_campaigns_keeps_every_total() -> None:
    account = make(Job(weeks=26, size=0.0))
    many = with_more_campaigns(account, times=3)
    assert many.spend["campaign"].nunique() == 3 * account.spend["campaign"].nunique()
    for name in ("spend", "clicks", "reach", "conversion_value"):
        assert many.spend[name].sum() == pytest.approx(account.spend[name].sum())


def test_final_seeds_are_never_development_seeds() -> None:
    assert not set(DEVELOPMENT) & set(FINAL)
    assert {job.seed for job in jobs(["centre", "fill"], range(1000, 1100), 3)} <= set(FINAL)


def test_cells_are_chosen_by_their_fields() -> None:
    found = matching(jobs(["grid"], DEVELOPMENT, 5), "columns=bare|claims,weeks=26,cause=-")
    assert found and all(job.healthy and job.weeks == 26 and job.columns in ("bare", "claims") for job in found)
    with pytest.raises(SystemExit, match="no field"):
        matching(found, "colums=bare")


@pytest.mark.parametrize("generator", ["ours", "other"])
@pytest.mark.parametrize("columns", ["bare", "claims", "funnel", "full"])
def test_generators_export_the_same_columns(generator: str, columns: str) -> None:
    account = make(Job(generator, "auction_inflation", columns=columns, weeks=26, sales=30.0))
    campaigns = {"campaign", "impressions", "clicks"}
    spend = {
        "bare": {"revenue"},
        "claims": {"conversions", "conversion_value"},
        "funnel": {"conversions", "conversion_value", *campaigns},
        "full": {"conversions", "conversion_value", "reach", *campaigns},
    }
    till = {
        "claims": {"revenue"},
        "funnel": {"revenue", "orders"},
        "full": {"revenue", "orders", "sessions", "new_customers", "promo"},
    }
    assert set(account.spend) - {"currency"} == {"date", "channel", "spend", *spend[columns]}
    assert (None if account.revenue is None else set(account.revenue) - {"date"}) == till.get(columns)
    assert [each.cause for each in account.truths] == ["auction_inflation"]
    if columns != "bare":
        assert account.sales_per_day == pytest.approx(30, rel=0.4)


# Answers

SMALL = Job(cause="conversion_rate_drop", columns="claims", weeks=26, sales=30.0)


def test_a_job_is_answered_once(tmp_path: Path) -> None:
    cache = tmp_path / "answers.jsonl"
    impossible = replace(SMALL, size=0.999, cause="fragmentation", seed=5)
    records = run.ask([SMALL, impossible], cache=cache, processes=1, direct=True)
    assert [(each["part"], each["key"]) for each in records] == [
        (part, job.key) for job in (SMALL, impossible) for part in ("engine", "rules")
    ]
    assert not any("error" in each for each in records) and "skipped" in records[2]
    cut_off = cache.read_text(encoding="utf-8") + '{"part": "engine", "vers'
    cache.write_text(cut_off, encoding="utf-8")
    assert run.missing([SMALL, impossible], run.read_cache(cache)) == []
    assert run.ask([SMALL, impossible], cache=cache, processes=1, direct=True) == records
    assert cache.read_text(encoding="utf-8") == cut_off


def test_another_engine_is_asked_anew(tmp_path: Path) -> None:
    cache = tmp_path / "answers.jsonl"
    line = {"part": "engine", "version": "older", "key": SMALL.key}
    cache.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert run.missing([SMALL], run.read_cache(cache)) == [(SMALL, ("engine", "rules"))]


def test_an_exception_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(account: Account, *, direct: bool) -> None:
        raise ZeroDivisionError("no spend")

    monkeypatch.setattr(answers, "diagnose", broken)
    [record] = answers.answer(SMALL, ("engine",), direct=True)
    assert record["error"].startswith("ZeroDivisionError: no spend (")
    [outcome] = score.outcomes([record])
    assert outcome.silent and outcome.error


@pytest.mark.slow
def test_the_diagnosis_alone_says_what_analyze_says() -> None:
    for job in (SMALL, Job(cause="tracking_break", weeks=56), Job(cause="mix_shift", columns="bare")):
        account = make(job)
        alone, whole = (answers.diagnose(account, direct=direct)[0] for direct in (True, False))
        assert alone.to_dict() == whole.to_dict()


# Scores


def record(job: Job, *said: tuple[str, str | None, float, float], truth: Any = None, **more: Any) -> dict[str, Any]:
    """An engine's record: findings as (cause, channel, probability, loss), supported from .8 on."""
    planted: Any = [{"cause": job.cause, "channel": "Meta", "channels": [], "since": "2025-10-06", "effect": 100.0}]
    findings = [
        {
            "cause": cause,
            "channel": channel,
            "verdict": "supported" if p >= 0.8 else "possible",
            "probability": p,
            "since": "2025-10-20",
            "range": ["2025-10-06", "2025-10-27"],
            "effect": [0.5 * loss, loss, 1.5 * loss],
            "rival": None,
        }
        for cause, channel, p, loss in said
    ]
    base = {"part": "engine", "version": "", "key": job.key, "sales": job.sales, "findings": findings}
    planted = [] if job.healthy else planted if truth is None else truth
    return base | {"truth": planted, "verdicts": {}, "because": {}, "seconds": 0.1} | more


HIT = Job(cause="saturation")
WELL = Job(size=0.0)
RECORDS = [
    record(HIT, ("saturation", "Meta", 0.9, 120.0)),
    record(HIT, ("saturation", "TikTok", 0.9, 300.0), ("mix_shift", "Meta", 0.85, 10.0)),
    record(HIT, ("demand_shift", None, 0.95, 10.0)),
    record(HIT, ("saturation", "Meta", 0.4, 80.0)),
    record(WELL),
    record(WELL, ("creative_fatigue", "Meta", 0.82, 5.0)),
]


def test_what_counts_as_right() -> None:
    of = score.outcomes(RECORDS)
    ill = of[:4]
    assert score.named(ill) == Share(2, 4)
    assert score.placed(ill) == Share(1, 2)
    assert score.wrong(ill) == Share(2, 4)
    assert score.wrong_only(ill) == Share(1, 4)
    assert score.silent(ill) == Share(1, 4)
    assert score.accused(of) == Share(1, 2)
    assert score.on_time(ill) == Share(1, 1)
    assert score.onset_covered(ill) == Share(1, 1)
    assert score.covered(ill, losing=True) == Share(1, 1)
    assert score.loss_error(ill) == pytest.approx(0.2)


def test_a_cause_in_several_channels_is_found_in_any_of_them() -> None:
    truth = [{"cause": "saturation", "channel": None, "channels": ["Meta", "X"], "since": "2025-10-06", "effect": 1.0}]
    [one] = score.outcomes([record(HIT, ("saturation", "X", 0.9, 1.0), truth=truth)])
    assert one.placed and len(one.matched) == 1


def test_an_account_that_cannot_be_made_is_not_scored() -> None:
    assert score.outcomes([{"part": "engine", "version": "", "key": HIT.key, "skipped": "too large a hit"}]) == []


def test_probabilities_are_held_against_cause_and_place() -> None:
    pairs = score.stated(score.outcomes(RECORDS))
    assert Counter(pairs) == Counter(
        {(0.9, True): 1, (0.9, False): 1, (0.85, False): 1, (0.95, False): 1, (0.4, True): 1, (0.82, False): 1}
    )


def test_confusion_counts_what_was_said_of_what_was_planted() -> None:
    table = score.confusion(score.outcomes(RECORDS))
    assert table["saturation"] == Counter(accounts=4, saturation=2, mix_shift=1, demand_shift=1, nothing=1)
    assert table["healthy"] == Counter(accounts=2, nothing=1, creative_fatigue=1)


def test_the_worst_accounts_come_with_every_kind_of_mistake_once() -> None:
    broken = record(HIT, error="ValueError: nothing to add up")
    reasons = [why for _, why in score.worst(score.outcomes([*RECORDS, RECORDS[2], broken]), 6)]
    assert reasons == [
        "ValueError: nothing to add up",
        "saturation planted, demand_shift said",
        "nothing planted, creative_fatigue said",
        "saturation planted, mix_shift said, too",
        "saturation not named (not mentioned)",
        "saturation planted, demand_shift said",
    ]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (1, 1, 0.2065, 1.0)]
)
def test_intervals_are_wilson_s(hits: int, of: int, low: float, high: float) -> None:
    assert Share(hits, of).interval == pytest.approx((low, high), abs=2e-4)


def test_no_account_is_no_rate() -> None:
    assert math.isnan(Share(0, 0).rate) and str(Share(0, 0)) == "–"


# Tables


def test_every_table_is_written_from_any_records() -> None:
    rule = {"part": "rules", "version": "", "key": HIT.key, "truth": RECORDS[0]["truth"], "sales": 150.0}
    answers = {"answers": {"always saturation": ["saturation", "Meta"], "checklist": None, "rolling z": True}}
    found = tables.all_tables([*RECORDS, rule | answers])
    assert "50.0 % (15–85, n 4)" in found["headline"]
    assert "| ours | always saturation | 100.0 % (21–100, n 1) | 0.0 %" in found["rivals"]
    assert all(text == "Nothing to show." or text.startswith("|") for text in found.values())
    assert tables.all_tables([])["causes"] == "Nothing to show."


def test_the_page_has_a_place_for_every_table() -> None:
    page = tables.PAGE.read_text(encoding="utf-8")
    for name in (*tables.all_tables([]), "big", "confusion-ours", "confusion-other", "machine"):
        assert page.count(f"<!-- {name} -->") == page.count(f"<!-- /{name} -->") == 1, name


def test_rates_are_the_worse_generator_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "other_generator", lambda: True)
    good: Any
    bad: Any
    silent: Any
    good, bad, silent = ("saturation", "Meta", 0.9, 1.0), ("mix_shift", "Meta", 0.9, 1.0), ()
    records = [
        record(Job(generator, cause, seed=seed, size=0.3 if cause else 0.0), *said)
        for generator, cause, counts in (
            ("ours", "saturation", {good: 38, bad: 2}),
            ("other", "saturation", {good: 30, silent: 10}),
            ("ours", None, {silent: 40}),
            ("other", None, {silent: 39, bad: 1}),
        )
        for seed, said in enumerate([[each] if each else [] for each, count in counts.items() for _ in range(count)])
    ]
    shipped.write_rates(records, tmp_path / "rates.json")
    document = json.loads((tmp_path / "rates.json").read_text(encoding="utf-8"))
    assert document["schema"] == "roas.rates/1"
    bands = {json.dumps(cell["cell"]["sales"]): cell for cell in document["cells"]}
    assert set(bands) == {"[67.0, 300.0]", "null"}
    cell = bands["null"]
    assert (cell["named"], cell["wrong"], cell["accused"]) == (0.75, 0.05, 0.025)
    assert (cell["accounts"], cell["healthy"]) == (80, 80)
    assert cell["cell"] == {"sales": None, "columns": "full", "weeks": [76.0, 520.0]}


def test_a_cell_with_few_accounts_promises_nothing() -> None:
    assert shipped.cells(score.outcomes(RECORDS)) == []


# Calibration


def test_two_parameters_are_recovered() -> None:
    rng = np.random.default_rng(1)
    raw = rng.normal(0, 2, 20_000)
    hit = rng.random(20_000) < 1 / (1 + np.exp(-(-0.7 + 1.6 * raw)))
    assert fit(list(raw), list(hit)) == pytest.approx((-0.7, 1.6), abs=0.06)


def test_a_map_never_turns_the_order_round() -> None:
    a, b = fit([-2.0, -1.0, 1.0, 2.0], [True, True, False, False])
    assert b == 0 and a == pytest.approx(0, abs=1e-9)


def test_perfect_scores_keep_a_finite_slope() -> None:
    a, b = fit([-3.0] * 50 + [3.0] * 50, [False] * 50 + [True] * 50)
    assert 0 < b < 3 and abs(a) < 1e-6


@pytest.mark.parametrize(("raw", "hit"), [([], []), ([1.0, 2.0], [True, True]), ([1.0, 1.0], [True, False])])
def test_too_little_to_fit_leaves_the_slope_alone(raw: list[float], hit: list[bool]) -> None:
    assert fit(raw, hit)[1] == 1.0


def test_pooling_adjacent_violators_gives_rising_steps() -> None:
    ends, rates = isotonic([1, 2, 3, 4, 5], [False, True, False, True, True])
    assert rates.tolist() == [0.0, 0.5, 1.0] and ends.tolist() == [1, 3, 5]


def test_calibration_error_is_the_weighted_gap() -> None:
    pairs = [(0.95, True)] * 3 + [(0.95, False)] + [(0.15, False)] * 4
    assert [each.findings for each in reliability(pairs)] == [4, 4]
    assert calibration_error(pairs) == pytest.approx((0.2 + 0.15) / 2)
    assert brier([(1.0, True), (0.0, True)]) == 0.5
    assert math.isnan(calibration_error([]))


# Rules


def shop(**after: float) -> Account:
    """Two channels over 16 weeks; from the ninth week on figures of A are multiplied."""
    days = pd.date_range("2025-01-06", periods=112)
    rows = [
        {"date": day, "channel": name, "spend": 100.0, "impressions": 2e4, "reach": 1e4, "clicks": 400.0}
        | {"conversions": 10.0, "conversion_value": 600.0}
        for day in days for name in "AB"
    ]  # fmt: skip
    spend = pd.DataFrame(rows)
    late = (spend["date"] >= days[56]) & (spend["channel"] == "A")
    for column, factor in after.items():
        spend.loc[late, column] *= factor
    revenue = pd.DataFrame({"date": days, "revenue": 3000.0, "orders": 50.0, "sessions": 2000.0})
    return Account(spend, revenue, ())


FEWER_CLICKS = {"clicks": 0.7, "conversions": 0.7, "conversion_value": 0.7}


@pytest.mark.parametrize(
    ("after", "largest", "listed"),
    [
        (FEWER_CLICKS, ("creative_fatigue", "A"), ("creative_fatigue", "A")),
        (FEWER_CLICKS | {"impressions": 0.7, "reach": 0.7}, ("auction_inflation", "A"), ("auction_inflation", "A")),
        ({"conversions": 0.7, "conversion_value": 0.7}, ("conversion_rate_drop", None), ("tracking_break", "A")),
        ({"conversion_value": 0.7}, ("order_value_drop", None), None),
        ({"spend": 1.3, "impressions": 1.3, "reach": 1.3, "clicks": 1.3}, ("conversion_rate_drop", None), ("tracking_break", "A")),
        ({"spend": 1.05}, ("auction_inflation", "A"), None),
        ({}, None, None),
    ],
)  # fmt: skip
def test_rules_answer_as_they_are_told(after: dict[str, float], largest: Any, listed: Any) -> None:
    of = rules.halves(shop(**after))
    assert rules.largest_factor(of) == largest
    assert rules.checklist(of) == listed


def test_thresholds_keep_a_rule_silent() -> None:
    of = rules.halves(shop(spend=1.05))
    assert rules.largest_factor(of, least=rules.FELL) is None
    assert rules.spend_up_roas_down(of) is None
    assert rules.spend_up_roas_down(rules.halves(shop(spend=1.3))) == ("saturation", "A")
    assert rules.always_saturation(of) == ("saturation", "A")


def test_a_bare_account_answers_what_it_can() -> None:
    full = shop(conversion_value=0.7)
    spend = full.spend[["date", "channel", "spend", "conversion_value"]].rename(columns={"conversion_value": "revenue"})
    said = rules.all_answers(Account(spend, None, ()))
    assert said["largest factor"] is None and said["checklist"] is None
    assert said["always saturation"] is not None and isinstance(said["rolling z"], bool)


def test_a_steady_account_raises_no_alarm_and_a_broken_one_does() -> None:
    rng = np.random.default_rng(0)
    steady = shop()
    assert steady.revenue is not None
    till = steady.revenue.assign(revenue=3000 + rng.uniform(-50, 50, 112))
    assert not rules.rolling_z(Account(steady.spend, till, ()))
    till.loc[80:, "revenue"] *= 0.8
    assert rules.rolling_z(Account(steady.spend, till, ()))
