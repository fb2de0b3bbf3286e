"""``roas simulate`` hands every option on."""

from __future__ import annotations

import json

import pandas as pd
from click.testing import CliRunner

from roas.cli.main import cli
from roas.simulator import Planted, simulate


def run(*arguments):
    return CliRunner().invoke(cli, ["simulate", *map(str, arguments)], catch_exceptions=False)


def test_every_option_reaches_the_account(tmp_path):
    home = tmp_path / "account"
    done = run(
        home, "--seed", 4, "--weeks", 20, "--scale", 0.5, "--channels", 5, "--start", "2025-01-06", "--currency", "USD",
        "--cause", "creative_fatigue:channel=Meta,size=0.3", "--cause", "demand_shift:shape=slow",
        "--decoy", "holiday", "--decoy", "price_wobble", "--chase", 0.4, "--claims-lag", 2,
        "--renamed", 1, "--paused", 1, "--columns", "campaign,clicks,conversion_value,revenue,currency",
    )  # fmt: skip
    assert done.exit_code == 0
    tables, truth = simulate(
        seed=4,
        weeks=20,
        scale=0.5,
        channels=5,
        start="2025-01-06",
        currency="USD",
        causes=[Planted("creative_fatigue", channel="Meta", size=0.3), Planted("demand_shift", shape="slow")],
        decoys=["holiday", "price_wobble"],
        chase=0.4,
        claims_lag=2.0,
        renamed=1,
        paused=1,
        columns=["campaign", "clicks", "conversion_value", "revenue", "currency"],
    )
    assert json.loads((home / "truth.json").read_text(encoding="utf-8")) == truth
    for name, table in tables.items():
        found = pd.read_csv(home / f"{name}.csv", parse_dates=["date"])
        pd.testing.assert_frame_equal(found, table, check_dtype=False)


def test_a_bare_account_is_written_as_one_table(tmp_path):
    assert run(tmp_path / "a", "--weeks", 3, "--columns", "bare", "--quiet").exit_code == 0
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"account.csv", "truth.json"}
