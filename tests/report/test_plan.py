"""A plan in words, on a terminal and in its folder: what is said, what is not."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import roas
from roas.analysis.asked import Asked
from roas.analysis.record import Run
from roas.analysis.what_if import WhatIf
from roas.charts.layout import said
from roas.charts.plan import planned_spend
from roas.plan.results import ChannelMove, Limit, Plan, Warned
from roas.plan.today import Today
from roas.quantiles import Q
from roas.report import plan_words as words
from roas.report.plan_moves import about, interval, moves_words
from roas.report.plan_summary import plan_summary
from roas.report.plan_tables import write_plan

GAIN = Q(80.0, 640.0, 1300.0)
HOSTILE = "=cmd|' /C calc'!A0\x1b[31m\u202e<script>"


def move(name: str, now: float, planned: float, *, gain: Q = GAIN, known: str = "known") -> ChannelMove:
    low, high = sorted((now, planned))
    return ChannelMove(name, now, planned, Limit(low, high), gain, Q(0.5, 1.0, 2.0), known)


def made(*moves: ChannelMove, **changes: Any) -> Plan:
    given: dict[str, Any] = {
        "name": "", "weeks": 4, "moves": moves, "revenue_change": GAIN, "profit_change": None,
        "probability_better": 0.96, "regret": Q(80.0, 640.0, 1300.0), "draws": np.linspace(80, 1300, 50),
        "facts": {"objective": "revenue"},
    }  # fmt: skip
    return Plan(**(given | changes))


def answered(*plans: Plan, margin: float | None = None, **changes: Any) -> WhatIf:
    """As much of a what-if as the report may use."""
    moves = plans[0].moves
    today = Today(
        tuple(m.channel for m in moves), tuple(m.now for m in moves), currency="EUR",
        experiments={m.channel: f"Change {m.channel} alone." for m in moves if m.known != "known"},
        excluded=changes.pop("excluded", {}),
    )  # fmt: skip
    analysis = SimpleNamespace(
        margin=margin, response=SimpleNamespace(converged=changes.pop("converged", True)), inputs=(), notes=(),
        diagnosis=SimpleNamespace(findings=changes.pop("findings", ())),
        tables=SimpleNamespace(currency="EUR"),
        window={"start": "2025-01-06", "end": "2025-06-01", "grain": "day", "periods": 147, "mature_until": None},
    )  # fmt: skip
    asked = changes.pop("asked", tuple(Asked(p.name, optimize=True) for p in plans))
    keep = made(*(replace(m, planned=m.now) for m in moves), held=True, name="today")
    return WhatIf(analysis, today, asked, plans, keep, Run("1", "2026", 0.1), **changes)  # type: ignore[arg-type]


SWAP = made(
    move("Meta", 6000, 4800, gain=Q(-900.0, -500.0, -200.0)),
    move("Search", 1000, 2200, gain=Q(700.0, 1150.0, 1900.0), known="partly"),
)


def test_the_verdict_is_an_instruction_with_amounts_and_names() -> None:
    result = answered(SWAP)
    assert words.verdict(result, SWAP) == "Take €1,200 a week from Meta and give it to Search."
    assert words.brings(result, SWAP) == (
        "That brings about €640 more revenue a week (90 % interval: €80 to €1,300). "
        "The chance that it beats today's split is 96 %."
    )
    assert words.doing_nothing(result, SWAP) == "Doing nothing costs about €640 of revenue a week, €2,560 over 4 weeks."
    assert words.carriers(result, SWAP) == ("By channel: Search brings about €1,200 more; Meta brings about €500 less.")


def test_the_pilot_is_of_the_doubtful_channel_that_moves() -> None:
    said = words.cautions(answered(SWAP), SWAP)
    assert said == ["What Search brings is only partly known. The pilot that would settle most: change Search alone."]


@pytest.mark.parametrize(
    ("chance", "known", "start"),
    [(0.96, "known", "Take"), (0.96, "prior", "Probably best: take"), (0.6, "known", "Probably best: take")],
)
def test_advice_is_as_sure_as_its_ground(chance: float, known: str, start: str) -> None:
    plan = made(move("Meta", 600, 480, known=known), move("Search", 100, 220), probability_better=chance)
    result = answered(plan)
    assert words.verdict(result, plan).startswith(start)
    told = " ".join(words.gains(result, plan))
    assert ("rests on what is usual elsewhere" in told) == (known == "prior")


@pytest.mark.parametrize(
    ("chance", "start"),
    [
        (0.95, "Worth doing"),
        (0.7, "Probably worth doing"),
        (0.5, "A toss-up"),
        (0.3, "Probably not"),
        (0.02, "Better not"),
    ],
)
def test_a_move_of_ones_own_is_judged(chance: float, start: str) -> None:
    plan = made(move("Meta", 600, 480), move("Search", 100, 220), probability_better=chance)
    assert words.verdict(answered(plan, asked=(Asked(shift=("x",)),)), plan).startswith(start)


def test_another_budget_says_what_it_costs_and_whether_it_pays() -> None:
    plan = made(move("Meta", 1000, 1500), probability_better=0.2, revenue_change=Q(100.0, 200.0, 300.0))
    result = answered(plan, asked=(Asked(optimize=True, budget=1500.0),))
    assert words.verdict(result, plan) == "The best split of €1,500 a week: give €500 a week to Meta."
    assert words.total_words(result, plan) == (
        "The plan spends €1,500 a week, €500 more than today. The extra money would not earn itself back."
    )
    assert "in revenue less spend is 20 %" in words.brings(result, plan)
    assert words.doing_nothing(result, plan) == ""


def test_a_held_plan_says_why_and_what_would_change_that() -> None:
    plan = made(
        replace(move("Meta", 600, 600, known="partly"), limit=Limit(420, 780)), move("Search", 100, 100),
        held=True, probability_better=0.0, warnings=(Warned(None, "held", "Today's split is kept: too close."),),
    )  # fmt: skip
    result = answered(plan)
    assert words.verdict(result, plan) == "Keep today's split."
    assert words.gains(result, plan) == ["Today's split is kept: too close."]
    assert words.cautions(result, plan) == ["The pilot that would settle most: change Meta alone."]
    unsettled = words.cautions(answered(plan, converged=False), plan)
    assert unsettled == ["More weeks of data, or fewer channels that spend in step, would let the estimates settle."]


def test_the_same_doubt_of_several_channels_is_said_once() -> None:
    limits = tuple(Warned(name, "binding", f"{name} stops.") for name in ("Meta", "Search"))
    plan = made(*SWAP.moves, warnings=(*limits, Warned("Meta", "ramp", "Meta goes far.")))
    found = words.doubts(plan)
    assert found[0] == "Meta goes far."
    assert found[1].startswith("Meta and Search stop at their limits")
    assert len(found) == 2


@given(st.floats(0.01, 1e9))
def test_an_estimate_keeps_its_size_and_at_most_three_digits(value: float) -> None:
    text = about(value, "EUR").removeprefix("€")
    unit = {"K": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1.0)
    number = float(text.rstrip("KMB").replace(",", "")) * unit
    assert number == pytest.approx(value, rel=0.06)
    assert about(-value, "EUR") == about(value, "EUR")


def test_an_interval_across_nothing_names_both_sides() -> None:
    assert interval(Q(-120.0, 400.0, 1300.0), "EUR") == "90 % interval: €120 less to €1,300 more"
    assert interval(Q(-1300.0, -400.0, -120.0), "EUR") == "90 % interval: €120 to €1,300"


def test_many_moves_are_counted_and_add_up() -> None:
    ups = [move(f"c{i}", 100, 200) for i in range(6)]
    plan = made(move("Meta", 1000, 400), *ups)
    said = moves_words(plan, "EUR")
    assert said == (
        "take €600 a week from Meta; give €100 a week to c0, €100 to c1, €100 to c2 and €300 to 3 other channels"
    )


def printed(result: WhatIf) -> str:
    out = io.StringIO()
    plan_summary(result, Console(width=80, file=out, highlight=False, color_system=None))
    return out.getvalue()


def test_a_terminal_shows_names_literally_within_eighty_columns() -> None:
    plan = made(move(HOSTILE, 600, 480), move("[bold]Search[/bold]", 100, 220, known="prior"))
    out = printed(answered(plan))
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]Search[/bold]" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_channel_that_is_not_modelled_says_so_in_the_table() -> None:
    result = answered(SWAP, excluded={"Meta": "too new"})
    assert "not modelled" in printed(result)


def scenarios() -> WhatIf:
    first = replace(SWAP, name="mild", draws=np.linspace(0, 100, 50), revenue_change=Q(5.0, 50.0, 95.0))
    second = replace(SWAP, name=HOSTILE, draws=np.linspace(80, 1300, 50))
    return answered(first, second, compared=True)


def test_scenarios_stand_best_first_with_the_lead() -> None:
    result = scenarios()
    assert result.plan.name == HOSTILE
    assert result.lead == 1.0  # each draw of the second lies above the same draw of the first
    out = " ".join(printed(result).split())
    assert "Best by revenue:" in out
    assert "the next one, is over 99 %" in out


def test_the_folder_is_whole_and_harmless(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    written = write_plan(scenarios(), folder)
    assert written == ["charts/planned_spend.png", "charts/planned_spend.svg", "index.html", "plan.csv", "plan.json",
                       "scenarios.csv"]  # fmt: skip
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["schema"] == "roas.plan/1"
    rows = list(csv.DictReader(io.StringIO((folder / "scenarios.csv").read_text(encoding="utf-8-sig"))))
    assert rows[1]["scenario"].startswith("'=cmd")
    assert [row["best"] for row in rows] == ["false", "true"]
    (folder / "mine.txt").write_text("kept", encoding="utf-8")
    again = {name: (folder / name).read_bytes() for name in written}
    write_plan(scenarios(), folder)
    assert {name: (folder / name).read_bytes() for name in written} == again
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "kept"


def test_weeks_that_differ_have_a_table(tmp_path: Path) -> None:
    by_week = np.array([[6000.0, 1000.0], [3600.0, 3400.0]])
    write_plan(answered(replace(SWAP, weeks=2, by_week=by_week)), tmp_path / "plan")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "plan" / "plan_weeks.csv").read_text(encoding="utf-8-sig"))))
    assert [(r["week"], r["channel"], r["spend"]) for r in rows] == [
        ("1", "Meta", "6000"), ("1", "Search", "1000"), ("2", "Meta", "3600"), ("2", "Search", "3400"),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["analysis.json", "attribution.json"])
def test_the_report_of_another_command_is_not_replaced(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).write_text("{}", encoding="utf-8")
    with pytest.raises(roas.OutputError, match="roas a"):
        write_plan(answered(SWAP), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [mark]


def test_the_chart_names_the_largest_cut_and_gain() -> None:
    ax = planned_spend(answered(SWAP).to_frame(), currency="EUR")
    assert said(ax, "title") == "€1.20K a week less for Meta, €1.20K more for Search"
    assert said(planned_spend(answered(SWAP).to_frame(), held=True), "title") == "Today's split stays as it is"
    assert said(planned_spend(answered(SWAP).to_frame().head(0)), "title") == "There is nothing to plan"
    plt.close("all")
