"""What `analyze` says that spend causes: on good accounts, on bad ones, and where it must stay silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest

import roas
from roas.errors import InputError

#: Whole analyses: too dear for the fast suite.
pytestmark = pytest.mark.slow

Wide = dict[str, Any]


@dataclass
class Shop:
    """Wide spend and revenue by period; claims are `claimed` times what is caused."""

    dates: pd.DatetimeIndex
    spend: pd.DataFrame
    revenue: pd.Series
    caused: pd.DataFrame
    claimed: float | None = 1.6
    controls: pd.DataFrame | None = None

    def rows(self) -> pd.DataFrame:
        long = self.spend.rename_axis("date").reset_index().melt("date", var_name="channel", value_name="spend")
        if self.claimed is not None:
            caused = self.caused.rename_axis("date").reset_index().melt("date", value_name="caused")["caused"]
            long["conversion_value"] = (self.claimed * caused).round(2)
            long["conversions"] = (self.claimed * caused / 40).round()
        return long.assign(date=long["date"].dt.strftime("%Y-%m-%d"))

    def till(self) -> pd.DataFrame:
        frame = pd.DataFrame({"date": self.dates.strftime("%Y-%m-%d"), "revenue": self.revenue.round(2)})
        return frame if self.controls is None else frame.join(self.controls.set_axis(frame.index))

    def analyze(self, **options: Any) -> roas.Analysis:
        till = self.till()
        return roas.analyze(self.rows(), till[till["revenue"].notna()].reset_index(drop=True), **options)


def shop(periods: int = 40, channels: int = 2, seed: int = 0, freq: str = "W-MON", noise: float = 0.03) -> Shop:
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2024-01-01", periods=periods, freq=freq)
    scale = 1.0 if freq == "W-MON" else 1 / 7
    names = [f"c{i}" for i in range(channels)]
    spend = pd.DataFrame(
        np.round(900 * scale * np.exp(0.5 * rng.standard_normal((periods, channels))), 2), dates, columns=names
    )
    caused = 4000 * scale * spend / (1500 * scale + spend)
    base = 9000 * scale * max(channels, 2) / 2
    total = base + caused.sum(axis=1) + noise * base * rng.standard_normal(periods)
    return Shop(dates, spend, total.rename("revenue"), caused)


def unsure(result: roas.Analysis) -> dict[str, str]:
    """Channel → how far it is identified."""
    return {name: each.verdict.identified for name, each in result.caused.items()}


def quantiles(document: dict[str, Any]) -> list[dict[str, float]]:
    found = [document["totals"]["incremental_revenue"], document["totals"]["baseline_share"]]
    for each in document["channels"]:
        found += (each["incremental"] or {}).values()
        found += [] if each["response"] is None else [each["response"][k] for k in ("half_life_days", "prior_roas")]
    return [q for q in found if q is not None]


def sound(result: roas.Analysis) -> dict[str, Any]:
    """The document, after what holds of every account has been checked."""
    document = result.to_dict()
    jsonschema.validate(document, roas.schema("analysis"))
    for q in quantiles(document):
        assert np.isfinite(list(q.values())).all()
        assert q["p5"] <= q["p50"] <= q["p95"]
    revenue = document["totals"]["revenue"] or 0.0
    revenue = document["totals"]["revenue"] or 0.0
    for each in document["channels"]:
        caused = (each["incremental"] or {}).get("revenue")
        if caused is not None:
            assert caused["p95"] <= max(revenue, 0.0), f"{each['channel']} makes more than all revenue"
            assert caused["p5"] >= 0
        if each["response"] is not None and each["response"]["identified"] != "identified":
            assert each["response"]["reasons"]
    if document["model"] is not None and not document["model"]["converged"]:
        assert "identified" not in unsure(result).values()
    return document


# -- the fast part: four fits ------------------------------------------------

LIFT = pd.DataFrame(
    {
        "channel": ["c0", "c1", "Radio"],
        "start": ["2024-05-06", "2024-06-03", "2024-05-06"],
        "end": ["2024-06-02", "2024-06-16", "2024-06-02"],
        "incremental_revenue": [6500.0, 900.0, 1.0],
        "standard_error": [500.0, 300.0, 1.0],
        "spend_change": [np.nan, -700.0, np.nan],
    }
)


@pytest.fixture(scope="module")
def fitted() -> roas.Analysis:
    return shop().analyze()


@pytest.fixture(scope="module")
def anchored() -> roas.Analysis:
    return shop().analyze(experiments=LIFT, margin=0.5)


def test_a_plain_account_is_estimated(fitted: roas.Analysis) -> None:
    document = sound(fitted)
    assert document["model"]["converged"] and document["model"]["grain"] == "week"
    truth = shop()
    for each in document["channels"]:
        roas_ = truth.caused[each["channel"]].sum() / truth.spend[each["channel"]].sum()
        assert each["incremental"]["roas"]["p5"] < roas_ < each["incremental"]["roas"]["p95"]
    share = document["totals"]["baseline_share"]
    assert share["p5"] < 1 - truth.caused.to_numpy().sum() / truth.revenue.sum() < share["p95"]


def test_claims_that_had_a_say_are_named(fitted: roas.Analysis) -> None:
    claims = sound(fitted)["model"]["claims"]
    assert claims["shape"] == ["c0", "c1"]
    assert set(claims["drift_log_sd_per_year"]) == {"c0", "c1"}


def test_lift_tests_stand_beside_what_the_model_foresaw(anchored: roas.Analysis) -> None:
    document = sound(anchored)
    first, second = document["model"]["experiments"]
    assert (first["channel"], first["start"], first["end"]) == ("c0", "2024-05-06", "2024-06-02")
    assert first["agrees"] is True
    assert second["incremental_revenue"] == -900.0
    notes = document["notes"]
    assert any(n.startswith("Lift test of c0, 2024-05-06 to 2024-06-02: measured 6,500") for n in notes)
    assert (
        "Lift test of c1, 2024-06-03 to 2024-06-16: spend was cut and revenue is given as positive: "
        "it is read as revenue lost." in notes
    )
    assert any("lift test of Radio" in n and "the channel is not in the model" in n for n in notes)


def test_a_lift_test_narrows_the_interval(fitted: roas.Analysis, anchored: roas.Analysis) -> None:
    before, after = (each.caused["c0"].roas for each in (fitted, anchored))
    assert after.p95 / after.p5 < before.p95 / before.p5


@pytest.mark.slow
def test_rows_in_another_order_change_the_hash_alone(fitted: roas.Analysis) -> None:
    truth = shop()
    mixed = roas.analyze(truth.rows().sample(frac=1, random_state=1), truth.till().sample(frac=1, random_state=2))
    one, other = fitted.to_dict(), mixed.to_dict()
    for document in (one, other):
        document.pop("run")
        for file in document["inputs"]:
            file.pop("sha256")
    assert json.dumps(one) == json.dumps(other)


# -- no estimate, and everything else ----------------------------------------


def test_without_a_model_everything_else_is_the_same(fitted: roas.Analysis) -> None:
    with_model, without = fitted.to_dict(), shop().analyze(model=False).to_dict()
    assert without["model"] is None
    assert without["totals"]["incremental_revenue"] is None and without["totals"]["baseline_share"] is None
    for each in without["channels"]:
        assert each["incremental"] == dict.fromkeys(("revenue", "roas", "roas_recent", "marginal_roas"))
        assert each["saturation"] == {"state": "unknown", "probability": None}
        assert each["response"] is None
    for document in (with_model, without):
        for part in ("run", "model", "notes"):
            del document[part]
        del document["diagnosis"]["readings"]  # what lies below break-even is the model's to say
        for name in ("incremental_revenue", "baseline_share"):
            del document["totals"][name]
        for each in document["channels"]:
            del each["incremental"], each["saturation"], each["response"]
            if each["tear_sheet"] is not None:  # holds what the next unit brings, which the model says
                del each["tear_sheet"]["marginal_return"], each["tear_sheet"]["missing"]
    assert with_model == without


@pytest.mark.parametrize(("weeks", "said"), [(7, "7"), (1, "1"), (3, "3")])
def test_fewer_than_eight_common_weeks_are_said_word_for_word(weeks: int, said: str) -> None:
    account = shop()
    account.revenue = account.revenue.where(np.arange(40) < weeks)
    document = sound(account.analyze())
    assert document["model"] is None
    assert all(set(each["incremental"].values()) == {None} for each in document["channels"])
    assert (
        f"What spend causes is not estimated: spend and revenue share {said} weeks, 8 are needed." in document["notes"]
    )


def test_fifty_days_are_seven_weeks() -> None:
    document = sound(shop(50, freq="D").analyze())
    assert document["notes"][-1] == (
        "What spend causes is not estimated: spend and revenue share 7 weeks, 8 are needed."
    )  # fmt: skip


def test_tables_that_share_no_date_are_not_estimated() -> None:
    account = shop()
    till = account.till().assign(date=pd.date_range("2020-01-06", periods=40, freq="7D").strftime("%Y-%m-%d"))
    document = sound(roas.analyze(account.rows(), till))
    assert document["model"] is None
    assert any("share 0 weeks, 8 are needed" in note for note in document["notes"])


def test_refunds_beyond_revenue_are_not_explained_by_ads() -> None:
    account = shop()
    account.revenue.iloc[::2] *= -1.5
    document = sound(account.analyze())
    assert document["model"] is None
    assert document["notes"][-1] == (
        "What spend causes is not estimated: refunds are more than revenue (-112,568 from 2024-01-01 on)."
    )


@pytest.mark.slow
def test_a_test_more_exact_than_numbers_can_be_is_no_crash() -> None:
    wrong = LIFT.head(1).assign(standard_error=1e-9)
    document = shop().analyze(experiments=wrong).to_dict()
    assert document["model"] is None or document["model"]["experiments"][0]["standard_error"] == 1e-9


def test_spend_without_revenue_has_no_effect_at_all() -> None:
    document = sound(roas.analyze(shop().rows()))
    assert document["model"] is None
    assert all(each["incremental"] is None for each in document["channels"])
    assert document["totals"]["mer"] is None


def test_tests_in_another_currency_are_refused() -> None:
    account = shop()
    with pytest.raises(InputError) as caught:
        roas.analyze(
            account.rows().assign(currency="EUR"), account.till(), experiments=LIFT.assign(currency="USD"),
            currency="EUR",
        )  # fmt: skip
    assert str(caught.value) == (
        "cannot compare lift tests in USD with an account in EUR.\n"
        "  Give incremental_revenue, standard_error and spend_change in EUR."
    )


# -- hostile accounts --------------------------------------------------------


def zero_spend(account: Shop) -> None:
    account.spend["c1"] = 0.0


def never_varies(account: Shop) -> None:
    account.spend["c1"] = 500.0


def twins(account: Shop) -> None:
    account.spend["c1"] = account.spend["c0"]


def constant_revenue(account: Shop) -> None:
    account.revenue[:] = 20000.0


def zero_revenue(account: Shop) -> None:
    account.revenue[:] = 0.0


def giant_outlier(account: Shop) -> None:
    account.revenue.iloc[20] *= 1000


def starts_last_week(account: Shop) -> None:
    account.spend.iloc[:-1, 1] = 0.0
    account.caused.iloc[:-1, 1] = 0.0


def chases_demand(account: Shop) -> None:
    wave = 1 + 0.5 * np.sin(2 * np.pi * np.arange(len(account.dates)) / 26)
    account.revenue *= wave
    account.spend["c1"] = (900 * wave).round(2)


def missing_weeks(account: Shop) -> None:
    gone = [5, 6, 21]
    for name in ("spend", "caused", "revenue"):
        setattr(account, name, getattr(account, name).drop(account.dates[gone]))
    account.dates = account.dates.delete(gone)


def half_of_the_window(account: Shop) -> None:
    account.revenue = account.revenue.where(np.arange(len(account.dates)) >= len(account.dates) // 2)


def negative_days(account: Shop) -> None:
    account.revenue.iloc[[3, 9, 30]] = -800.0


def control_with_gaps(account: Shop) -> None:
    rng = np.random.default_rng(4)
    values = np.where(rng.random(len(account.dates)) < 0.3, np.nan, rng.standard_normal(len(account.dates)))
    account.controls = pd.DataFrame(
        {"temperature": values, "orders": account.revenue.to_numpy() / 50, "price": 9.0, "promo": 0}
    )


def control_of_its_own_past(account: Shop) -> None:
    known = np.where(np.arange(len(account.dates)) < 6, 1.0 * np.arange(len(account.dates)), np.nan)
    account.controls = pd.DataFrame({"temperature": known})


def claims_of_nothing(account: Shop) -> None:
    account.claimed = 0.0


def wild_claims(account: Shop) -> None:
    account.caused["c0"] *= 1000


def no_claims(account: Shop) -> None:
    account.claimed = None


def no_effect(account: Shop) -> None:
    account.revenue = account.revenue - account.caused.sum(axis=1)
    account.claimed = 3.0


def tiny_money(account: Shop) -> None:
    for name in ("spend", "caused", "revenue"):
        setattr(account, name, getattr(account, name) / 1000)


def one_pulse(account: Shop) -> None:
    account.spend["c1"] = 0.0
    account.spend.iloc[20, 1] = 5000.0


def huge_spend(account: Shop) -> None:
    account.spend *= 1e4


CASES: dict[str, tuple[dict[str, Any], Callable[[Shop], None] | None, set[str]]] = {
    "zero spend": ({}, zero_spend, {"c1"}),
    "never varies": ({}, never_varies, {"c1"}),
    "two channels move as one": ({}, twins, {"c0", "c1"}),
    "constant revenue": ({}, constant_revenue, {"c0", "c1"}),
    "zero revenue": ({}, zero_revenue, {"c0", "c1"}),
    "one giant outlier": ({"periods": 50}, giant_outlier, set()),
    "starts last week": ({}, starts_last_week, {"c1"}),
    "spend chases demand": ({"periods": 78}, chases_demand, {"c1"}),
    "fewer than 26 weeks": ({"periods": 20}, None, {"c0", "c1"}),
    "eight weeks": ({"periods": 8}, None, {"c0", "c1"}),
    "nine weeks of days": ({"periods": 63, "freq": "D"}, None, {"c0", "c1"}),
    "half a year of days": ({"periods": 190, "freq": "D"}, None, set()),
    "three years of weeks": ({"periods": 156, "channels": 3}, None, set()),
    "missing weeks": ({}, missing_weeks, set()),
    "revenue covers half": ({"periods": 60}, half_of_the_window, set()),
    "revenue covers fewer than 26 weeks": ({"periods": 40}, half_of_the_window, {"c0", "c1"}),
    "negative days": ({}, negative_days, set()),
    "negative days of days": ({"periods": 100, "freq": "D"}, negative_days, {"c0", "c1"}),
    "forty channels": ({"periods": 60, "channels": 40}, None, {f"c{i}" for i in range(40)}),
    "one channel": ({"channels": 1}, None, set()),
    "controls with gaps": ({}, control_with_gaps, set()),
    "a control of six weeks": ({}, control_of_its_own_past, set()),
    "claims of nothing": ({}, claims_of_nothing, set()),
    "wild claims": ({}, wild_claims, set()),
    "no claims": ({}, no_claims, set()),
    "claims and no effect": ({"periods": 60}, no_effect, set()),
    "tiny money": ({}, tiny_money, set()),
    "one pulse": ({}, one_pulse, {"c1"}),
    "spend beyond revenue": ({}, huge_spend, set()),
}


@cache
def hostile(name: str) -> roas.Analysis:
    options, change, _ = CASES[name]
    account = shop(**options)
    if change is not None:
        change(account)
    return account.analyze()


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_hostile_account_is_sound(name: str) -> None:
    document = sound(hostile(name))
    known = {channel for channel, how in unsure(hostile(name)).items() if how == "identified"}
    assert not known & CASES[name][2], "what cannot be known is called identified"
    json.dumps(document, allow_nan=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "channel", "reason"),
    [
        ("never varies", "c1", "its spend never varied"),
        ("two channels move as one", "c0", "its spend moves with c1"),
        ("starts last week", "c1", "it has run for one week only"),
        ("spend chases demand", "c1", "its spend follows demand"),
        ("fewer than 26 weeks", "c0", "only 20 weeks of data; 26 are needed"),
    ],
)
def test_the_reason_is_named(name: str, channel: str, reason: str) -> None:
    assert any(reason in text for text in hostile(name).caused[channel].verdict.reasons)


@pytest.mark.slow
def test_channels_that_cannot_be_modelled_are_named() -> None:
    assert sound(hostile("zero spend"))["model"]["excluded"] == [
        {"channel": "c1", "because": "no spend in the window"}
    ]  # fmt: skip
    excluded = sound(hostile("zero revenue"))["model"]["excluded"]
    assert {each["because"] for each in excluded} == {"revenue is zero in every period"}


@pytest.mark.slow
def test_an_outlier_does_not_drown_the_rest() -> None:
    plain, broken = shop(50).analyze(), hostile("one giant outlier")
    assert any("far off the rest" in note for note in broken.notes)
    for name, each in plain.caused.items():
        found, other = each.marginal_roas, broken.caused[name].marginal_roas
        assert found is not None and other is not None
        assert other.p50 == pytest.approx(found.p50, rel=0.4)


@pytest.mark.slow
def test_columns_that_ads_move_are_no_controls() -> None:
    document = sound(hostile("controls with gaps"))
    assert document["model"]["controls"][0] == "temperature"
    assert not {"price", "promo", "orders"} & set(document["model"]["controls"])


@pytest.mark.slow
def test_ads_without_effect_are_not_praised() -> None:
    for each in hostile("claims and no effect").caused.values():
        assert each.roas.p5 < 0.5
        assert not (each.verdict.identified == "identified" and each.roas.p5 > 1)


# -- reproducible ------------------------------------------------------------


@pytest.mark.slow
def test_threads_and_repetition_change_nothing(tmp_path: Path) -> None:
    account = shop()
    account.rows().to_csv(tmp_path / "spend.csv", index=False)
    account.till().to_csv(tmp_path / "revenue.csv", index=False)
    LIFT.to_csv(tmp_path / "lift.csv", index=False)
    command = ["analyze", "spend.csv", "--revenue", "revenue.csv", "--experiments", "lift.csv", "--json", "--quiet"]
    texts = []
    for threads in ("1", "2", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "roas", *command], cwd=tmp_path, capture_output=True, check=True, text=True,
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
        )  # fmt: skip
        document = json.loads(done.stdout)
        assert document.pop("run")
        texts.append(json.dumps(document))
    assert texts[0] == texts[1] == texts[2]
