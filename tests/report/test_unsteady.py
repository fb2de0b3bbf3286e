"""Volatility in words and tables: nothing called a change that may be luck."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import roas
from roas.quantiles import Q
from roas.report import change_words, unsteady_words
from roas.report.page import page as render_page
from roas.report.pictures import plots
from roas.report.render import write_report
from roas.report.summary import terminal_summary
from roas.report.tear_table import tear_table
from roas.report.unsteady_tables import unsteady_tables
from roas.simulator import Planted, simulate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def failing() -> roas.Analysis:
    """A shop whose site converts 35 % less since week 48 of 60."""
    tables, _ = simulate(seed=2, weeks=60, causes=[Planted("conversion_rate_drop", since="2024-12-02", factor=0.65)])
    return roas.analyze(tables["spend"], tables["revenue"], model=False, margin=0.4)


@pytest.fixture(scope="session")
def words_of(failing: roas.Analysis) -> str:
    text = re.sub(r"<svg.*?</svg>", "", render_page(failing, []), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " "))


def with_account(analysis: roas.Analysis, **changes: Any) -> roas.Analysis:
    """The same analysis, its account's volatility changed."""
    assert analysis.volatility is not None and analysis.volatility.account is not None
    account = replace(analysis.volatility.account, **changes)
    return replace(analysis, volatility=replace(analysis.volatility, account=account))


def test_the_page_says_swing_luck_and_what_is_left(words_of: str) -> None:
    assert re.search(
        r"From week to week, MER swings by ±\d+ %. Luck alone would make ±[\d.]+ %; "
        r"without it ±\d+ % remain \(90 % interval ±[\d.]+ % to ±[\d.]+ %\)",
        words_of,
    )


def test_luck_alone_is_not_called_movement(failing: roas.Analysis) -> None:
    assert failing.volatility is not None and failing.volatility.account is not None
    swing = replace(failing.volatility.account.swing, true_log_sd=Q(0.0, 0.01, 0.05))
    said = unsteady_words.sentence(with_account(failing, swing=swing))
    assert said is not None and said.endswith("no movement beyond it is certain.")


def test_without_a_count_luck_is_left_open(failing: roas.Analysis) -> None:
    assert failing.volatility is not None and failing.volatility.account is not None
    noise = replace(failing.volatility.account.noise, basis="unknown")
    said = unsteady_words.sentence(with_account(failing, noise=noise))
    assert said is not None and "cannot be told" in said


def test_comparisons_give_their_interval_or_why_not(failing: roas.Analysis) -> None:
    said = change_words.sentences(failing)
    assert len(said) >= 3
    for line in said:
        chosen_by_the_data = line.startswith("After the last break")
        assert ("90 % interval" in line) != (chosen_by_the_data or "comparison" in line or "season" in line), line


def test_every_factor_has_words() -> None:
    from roas.decompose.chains import FACTORS

    assert set(change_words.FACTOR) == set(FACTORS)


def test_every_part_has_words() -> None:
    from roas.volatility.shares import PARTS

    assert set(unsteady_words.PART) == set(PARTS)


def test_the_tear_sheet_holds_every_channel(failing: roas.Analysis) -> None:
    table = tear_table(failing)
    assert table is not None
    assert [row.channel for row in (*table.rows, *table.more)] == list(failing.channels["channel"])
    assert all(len(row.cells) == len(table.headings) for row in table.rows)
    assert "no --margin" not in table.caption
    bare = tear_table(replace(failing, margin=None))
    assert bare is not None and "no --margin is given" in bare.caption


def test_tables_add_up(failing: roas.Analysis) -> None:
    parts = unsteady_tables(failing)["decomposition.csv"]
    for _, pair in parts.groupby("pair"):
        whole = pair[pair["channel"].isna()]["ratio"].sum()
        assert pair[pair["channel"].notna() & pair["campaign"].isna()]["ratio"].sum() == pytest.approx(whole)


def test_the_terminal_says_it_in_eighty_columns(failing: roas.Analysis) -> None:
    out = io.StringIO()
    terminal_summary(failing, Console(file=out, width=80))
    assert "From week to week, MER swings" in out.getvalue()
    assert max(len(line) for line in out.getvalue().splitlines()) <= 80


def test_charts_and_files_are_written(failing: roas.Analysis, tmp_path: Path) -> None:
    names = {plot.name for plot in plots(failing)}
    assert {"roas_with_noise", "volatility_split", "change_bars", "funnel_plot", "return_and_risk"} <= names
    files = set(write_report(failing, tmp_path / "out"))
    assert {"volatility.csv", "breaks.csv", "decomposition.csv", "tear_sheet.csv", "funnel.csv"} <= files
    text = (tmp_path / "out" / "volatility.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["channel"] == "" and rows[0]["of"] == "mer"


def test_hostile_names_stay_text() -> None:
    tables, _ = simulate(seed=2, weeks=20)
    spend = tables["spend"].assign(
        channel=tables["spend"]["channel"].where(tables["spend"]["channel"] != "Meta", "<script>x</script>")
    )
    analysis = roas.analyze(spend, model=False)
    assert "<script>x" not in render_page(analysis, [])


def test_a_short_account_has_no_section(failing: roas.Analysis) -> None:
    tables, _ = simulate(seed=2, weeks=4)
    assert "Luck or change?" not in render_page(roas.analyze(tables["spend"], tables["revenue"], model=False), [])
    assert "Luck or change?" in render_page(failing, [])
