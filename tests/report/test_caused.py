"""What spend causes: on the page, on a terminal, in CSV, with every standing."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import roas
from roas.report import caused_words as words
from roas.report.caused import channels_table, curves_table
from roas.report.caused_table import caused_table
from roas.report.page import page as render_page
from roas.report.pictures import draw, plots
from roas.report.render import write_report
from roas.report.summary import terminal_summary
from roas.report.verdict import next_steps, verdict
from roas.response import Q
from roas.simulator import simulate

#: Whole analyses: too dear for the fast suite.
pytestmark = pytest.mark.slow

EXPERIMENT = "Change {} alone for four weeks, by half or more, and leave the other channels as they are."


@pytest.fixture(scope="session")
def bare(account: Any) -> roas.Analysis:
    """Two channels, A 5200 and B 1300 of spend, claims of twice that, revenue of 65000; nothing estimated."""
    return roas.analyze(
        account.spend(("A", "B"), campaigns=1), account.revenue(), currency="EUR", margin=0.5, model=False
    )


@pytest.fixture(scope="session")
def fitted() -> roas.Analysis:
    """A small account with a real fit."""
    tables, _ = simulate(seed=1, weeks=60, grain="week")
    return roas.analyze(tables["spend"], tables["revenue"], margin=0.6)


@pytest.fixture(scope="session")
def known(account: Any, bare: roas.Analysis) -> roas.Analysis:
    """Both channels' effects are known: 1 to 3 for each 1 of spend."""
    found: roas.Analysis = account.believed(
        bare, account.channel("A", spend=5200.0), account.channel("B", spend=1300.0)
    )
    return found


@pytest.fixture(scope="session")
def unknown(account: Any, bare: roas.Analysis) -> roas.Analysis:
    """The same figures, but no channel's effect is known."""
    pair = [account.channel(n, spend=s, identified="not identified") for n, s in (("A", 5200.0), ("B", 1300.0))]
    found: roas.Analysis = account.believed(bare, *pair)
    return found


def on_terminal(analysis: roas.Analysis) -> str:
    out = io.StringIO()
    terminal_summary(analysis, Console(file=out, width=80))
    return out.getvalue()


def on_page(analysis: roas.Analysis) -> str:
    """The page's text, without pictures."""
    source = render_page(analysis, [])
    text = re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", source, flags=re.S))
    return " ".join(html.unescape(text).replace("\xa0", " ").split())


# ---- the sentence --------------------------------------------------------------------------------


def test_a_known_total_is_said_with_its_interval(known: roas.Analysis) -> None:
    analysis = known
    assert words.standing(analysis) == "known"
    assert words.sentence(analysis) == (
        "Ads caused about €13.0K of the €65.0K revenue (90 % interval €6.50K to €19.5K); "
        "the rest would have come without them."
    )
    assert verdict(analysis) == (
        "Ads caused €6.50K to €19.5K of the €65.0K revenue, 1.00 to 3.00 for each €1 spent on them; "
        "platforms claim €13.0K. The figures are of 6 Jan 2025 to 15 May 2025."
    )
    assert words.caution(analysis) == "Estimated from revenue and spend, not measured by an experiment."
    assert words.experiments(analysis) == []
    assert words.summary_line(analysis) == "The effect of every channel in the model is known."


def test_where_nothing_is_known_no_figure_is_a_finding(unknown: roas.Analysis) -> None:
    analysis = unknown
    assert words.sentence(analysis) == (
        "What ads caused cannot be told from these files: no channel's effect is known. Between €6.50K and €19.5K "
        "of the €65.0K revenue is likely (90 % interval), but that range rests mostly on what is usual elsewhere, "
        "not on this account."
    )
    assert verdict(analysis).startswith(
        "The shop took €65.0K from 6 Jan 2025 to 15 May 2025, 10.0 times the €6.50K spent on ads"
    )
    assert words.caution(analysis).endswith("The ranges below are wide, and they are no findings.")
    table = caused_table(analysis)
    assert table is not None
    assert [row.state for row in table.rows] == ["may be saturated"] * 2  # 97 %, but of an assumption


def test_what_is_known_in_part_is_named(account: Any, bare: roas.Analysis) -> None:
    some = account.believed(
        bare, account.channel("A", spend=5200.0, identified="not identified"), account.channel("B", spend=1300.0)
    )
    assert words.standing(some) == "partly known"
    assert words.sentence(some) == (
        "Of the €65.0K revenue, ads may have caused €6.50K to €19.5K (90 % interval); only the effect of B is known; "
        "the rest of that range is an assumption."
    )
    assert words.caution(some) == "What ads caused in all cannot be told: only the effect of B is known."
    half = account.believed(
        bare, account.channel("A", identified="partly"), account.channel("B", identified="not identified")
    )
    assert "only the effect of A is partly known" in words.sentence(half)
    assert verdict(some).startswith("The shop took")


def test_a_wide_total_is_no_verdict(account: Any, bare: roas.Analysis) -> None:
    wide = account.believed(bare, account.channel("A", spend=6500.0, roas=Q(0.5, 2.0, 4.0)))
    assert words.standing(wide) == "partly known"
    assert verdict(wide).startswith("The shop took")


def test_estimates_that_did_not_settle_are_not_shown(account: Any, bare: roas.Analysis) -> None:
    analysis = account.believed(bare, account.channel("A"), converged=False)
    said = "What ads caused cannot be told: the estimates did not settle, so they decide nothing and are not shown."
    assert words.sentence(analysis) == words.caution(analysis) == said
    assert words.claims(analysis) == words.summary_line(analysis) == ""
    assert caused_table(analysis) is None
    assert not [plot for plot in plots(analysis) if plot.table in ("response_curves.csv", "contributions.csv")]
    for text in (on_page(analysis), " ".join(on_terminal(analysis).split())):
        assert said in text
        assert "ROAS caused" not in text.split("Method")[0]
        assert "1.00 to 3.00" not in text
    assert not channels_table(analysis)["converged"].any()


def test_no_channel_in_the_model_is_said_with_the_reason(account: Any, bare: roas.Analysis) -> None:
    analysis = account.believed(bare, excluded={"A": "nothing was spent", "B": "nothing was spent"})
    assert words.sentence(analysis) == (
        "What ads caused cannot be told: no channel could be estimated (nothing was spent)."
    )
    assert words.sentence(analysis) in on_page(analysis)
    assert list(channels_table(analysis)["not_in_model"]) == ["nothing was spent"] * 2


def test_without_estimates_the_caution_says_why(account: Any, bare: roas.Analysis) -> None:
    assert words.caution(bare) == (
        "What spend causes is not estimated here. The figures are sums and ratios of what the files say; "
        "some of this revenue may have come without ads."
    )
    claims = roas.analyze(account.spend(("A",), days=20), currency="EUR")
    assert words.caution(claims) == (
        "What spend causes is not estimated here: that needs the shop's revenue, at least by week. "
        "Platforms count their own sales, and several may count the same one."
    )
    short = roas.analyze(account.spend(("A",), days=20), account.revenue(20), currency="EUR")
    assert words.caution(short).startswith(
        "What spend causes is not estimated: spend and revenue share 3 weeks, 8 are needed."
    )
    for analysis in (bare, claims, short):
        assert "What spend causes </h2>" not in render_page(analysis, [])
        assert not [plot for plot in plots(analysis) if "caused" in plot.name or "response" in plot.name]


# ---- claims and experiments ----------------------------------------------------------------------


def test_claims_are_set_beside_what_was_caused(
    account: Any, bare: roas.Analysis, known: roas.Analysis, unknown: roas.Analysis
) -> None:
    assert words.claims(known) == "Platforms claim €13.0K for the same spend, 0.67 to 2.00 times what it caused."
    assert words.claims(unknown) == (
        "Platforms claim €13.0K for the same spend, by that range 0.67 to 2.00 times what it caused."
    )
    one = account.believed(bare, account.channel("A", spend=5200.0))  # B is not in the model: neither are its claims
    assert words.claims(one) == "Platforms claim €10.4K for the same spend, 0.67 to 2.00 times what it caused."


def test_claims_of_some_channels_are_not_set_beside_the_effect_of_all(account: Any) -> None:
    rows = account.spend(("A", "B"), campaigns=1)
    rows.loc[rows["channel"] == "B", "conversion_value"] = np.nan
    analysis = roas.analyze(rows, account.revenue(), currency="EUR", model=False)
    assert words.claims(account.believed(analysis, account.channel("A"), account.channel("B"))) == ""


def test_the_experiment_that_settles_most_money_comes_first(
    account: Any, bare: roas.Analysis, known: roas.Analysis
) -> None:
    wide = account.channel("B", spend=1300.0, roas=Q(0.1, 2.0, 90.0), identified="not identified")
    analysis = account.believed(bare, account.channel("A", spend=5200.0, identified="partly"), wide)
    assert words.experiments(analysis) == [f"{EXPERIMENT.format('B')} Then the same, one at a time, for A."]
    assert words.summary_line(analysis).startswith("Not known, or only partly: A and B. Change B alone")
    assert f"{EXPERIMENT.format('B')} Then the same" in on_page(analysis)


# ---- the table -----------------------------------------------------------------------------------


def test_the_table_gives_each_figure_its_interval_and_each_doubt_its_reason(account: Any, bare: roas.Analysis) -> None:
    b = account.channel("B", spend=1300.0, identified="partly", state="headroom", probability=0.7, marginal=None)
    table = caused_table(account.believed(bare, account.channel("A", spend=5200.0), b))
    assert table is not None
    first, second = table.rows
    assert (first.channel, first.spend, first.claimed, first.over) == ("A", "€5.20K", "2.00", "0.67 to 2.00 × caused")
    assert (first.roas, first.roas_range) == ("2.00", "1.00 to 3.00")
    assert (first.next, first.next_range) == ("€1.00", "€0.50 to €1.40")
    assert (first.state, first.known) == ("saturated (97 %)", "known")
    assert (second.next, second.next_range) == ("–", "no spend lately")
    assert second.state == "probably has headroom (70 %)"
    assert second.known == "partly known: its spend varied too little for the noise of revenue"


def test_a_channel_outside_the_model_stays_in_the_table(account: Any, bare: roas.Analysis) -> None:
    analysis = account.believed(bare, account.channel("A", spend=5200.0), excluded={"B": "its spend is zero"})
    table = caused_table(analysis)
    assert table is not None
    assert (table.rows[1].channel, table.rows[1].roas, table.rows[1].known) == (
        "B", "–", "not in the model: its spend is zero",
    )  # fmt: skip
    assert "–" in on_terminal(analysis)


@pytest.mark.slow
def test_twenty_channels_are_listed_and_folded(account: Any) -> None:
    names = tuple(f"c{i:02}" for i in range(20))
    rows = roas.analyze(account.spend(names, campaigns=0), account.revenue(), currency="EUR", model=False)
    analysis = account.believed(rows, *(account.channel(n, identified="not identified") for n in names))
    table = caused_table(analysis)
    assert table is not None
    assert (len(table.rows), len(table.more)) == (12, 8)
    assert "8 more channels" in on_page(analysis)
    text = on_terminal(analysis)
    assert "5 others" in text
    assert max(map(len, text.splitlines())) <= 80
    for plot in plots(analysis):
        if plot.name in ("claimed_against_caused", "contributions", "response_curves"):
            assert draw(plot).png[:4] == b"\x89PNG"


# ---- terminal ------------------------------------------------------------------------------------


def test_terminal_sets_estimates_beside_claims(known: roas.Analysis) -> None:
    text = on_terminal(known)
    assert max(map(len, text.splitlines())) <= 80
    heading = next(line for line in text.splitlines() if line.startswith("Channel"))
    assert (
        heading.split("  ")
        and re.sub(r"\s{2,}", "|", heading.strip()) == "Channel|Spend|ROAS claimed|ROAS caused|Next €1"
    )
    row = next(line for line in text.splitlines() if line.startswith("A "))
    assert re.sub(r"\s{2,}", "|", row.strip()) == "A|€5.20K|2.00|2.00 [1.00–3.00]|1.00 [0.50–1.40]"
    assert "Ads caused €6.50K to €19.5K" in text
    assert "Estimated from revenue and spend, not measured by an experiment." in text


def test_terminal_names_what_is_not_known_and_the_experiment(unknown: roas.Analysis) -> None:
    text = " ".join(on_terminal(unknown).split())
    assert "Between €6.50K and €19.5K of the €65.0K revenue is likely" in text
    assert f"Not known, or only partly: A and B. {EXPERIMENT.format('A')}" in text


def test_terminal_keeps_to_its_width_with_long_names_and_large_figures(account: Any) -> None:
    names = ("n" * 60, "日本語キャンペーン" * 3)
    rows = roas.analyze(account.spend(names, campaigns=0), account.revenue(), currency="EUR", model=False)
    large = Q(100.0, 250.0, 999.0)
    text = on_terminal(account.believed(rows, *(account.channel(n, roas=large, marginal=large) for n in names)))
    assert max(map(len, text.splitlines())) <= 80
    assert "250 [100–999]" in text


# ---- a real fit, and the folder ------------------------------------------------------------------


@pytest.mark.slow
def test_a_real_fit_is_shown_everywhere(fitted: roas.Analysis, tmp_path: Path) -> None:
    assert fitted.response is not None
    names = write_report(fitted, tmp_path / "out")
    charts = {Path(n).stem for n in names if n.startswith("charts/")}
    assert {"claimed_against_caused", "marginal_roas_by_channel", "response_curves", "contributions",
            "prior_and_posterior"} <= charts  # fmt: skip
    assert sum(n.startswith("response_curve_") for n in charts) == min(6, len(fitted.caused))
    assert {"response_curves.csv", "contributions.csv"} <= set(names)
    text = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert html.escape(words.sentence(fitted), quote=True).replace(" %", "\xa0%") in text
    for each in fitted.caused:
        assert f"<bdi>{html.escape(each)}</bdi>" in text


def test_channels_csv_holds_the_estimates(fitted: roas.Analysis) -> None:
    table = channels_table(fitted).set_index("channel")
    assert list(table["spend"]) == list(fitted.channels["spend"])
    for name, each in fitted.caused.items():
        assert table.loc[name, "incremental_revenue_p50"] == each.revenue.p50
        assert table.loc[name, "incremental_roas_p5"] == each.roas.p5
        assert table.loc[name, "saturation"] == each.state
        assert table.loc[name, "identified"] == each.verdict.identified
        if each.marginal_roas is not None:
            assert table.loc[name, "marginal_roas_p95"] == each.marginal_roas.p95
    assert not [c for c in table.columns if c.endswith(("_x", "_y"))]


def test_curves_csv_holds_every_channel(fitted: roas.Analysis) -> None:
    assert fitted.response is not None
    table = curves_table(fitted.response)
    assert list(table.columns) == [
        "channel", "period", "spend_per_period", "p5", "p50", "p95", "marginal_p50", "observed",
    ]  # fmt: skip
    assert set(table["channel"]) == set(fitted.caused)
    assert (table["p5"] <= table["p95"]).all()


@pytest.mark.slow
def test_hostile_names_stay_text_everywhere(report: Path, page: str, hostile: roas.Analysis) -> None:
    assert hostile.response is not None
    assert "&lt;script&gt;alert(1)&lt;/script&gt; alone" not in page  # the largest comes first
    assert "for &lt;script&gt;alert(1)&lt;/script&gt;, " in page
    for name in ("response_curves.csv", "contributions.csv"):
        rows = list(csv.reader(io.StringIO((report / name).read_text(encoding="utf-8-sig"))))
        assert not [c for row in rows for c in row if re.match(r"[=+@\t\r]|-(?![\d.])", c)], name
    for path in (report / "charts").iterdir():
        assert re.fullmatch(r"[a-z0-9_]+\.(png|svg)", path.name)
        if path.suffix == ".svg":
            assert "<script" not in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_contributions_csv_adds_up_to_the_fit(report: Path, hostile: roas.Analysis) -> None:
    back = pd.read_csv(report / "contributions.csv", encoding="utf-8-sig")
    assert list(back.columns) == ["date", "part", "p5", "p50", "p95", "mean"]
    assert set(back["part"].str.removeprefix("'")) == {"baseline", *(n for n in hostile.caused)}
    assert back.groupby("date")["mean"].sum().mean() == pytest.approx(500.0, rel=0.02)


def test_next_steps_say_what_a_margin_does(account: Any) -> None:
    analysis = roas.analyze(account.spend(("A",)), account.revenue(), currency="EUR", model=False)
    assert next_steps(analysis)[-1] == (
        "Give the contribution margin (--margin 0.6): it sets break-even, "
        "which without it is 1, as if every sale were profit."
    )


def test_lift_tests_are_named_as_a_source(known: roas.Analysis) -> None:
    assert words.modelled(known) == words.MODELLED
    object.__setattr__(known.response, "checks", (object(), object()))
    try:
        assert words.modelled(known) == "Estimated from revenue, spend and 2 lift tests."
    finally:
        object.__setattr__(known.response, "checks", ())
