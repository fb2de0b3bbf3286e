"""The page of a plan: one file, harmless, and its arithmetic is the command's. Sliders are tried in a real browser."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import roas
from roas.analysis.asked import Asked
from roas.analysis.planning import optimize, plan
from roas.analysis.record import Run
from roas.analysis.what_if import WhatIf
from roas.plan.evaluate import evaluate
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize as best_of
from roas.quantiles import LEVELS
from roas.report.plan_data import DRAWS, POINTS, WHOLE, amounts, as_json, packed, plan_data, thinned
from roas.report.plan_page import fingerprint, page, script
from roas.report.plan_tables import files
from tests.analysis import planned_account
from tests.plan.made import made

HOSTILE = "</script><script>alert(1)</script>"
NAMES = ("Meta", "=cmd|' /C calc'!A0", HOSTILE, "\u202eevil\x1b[31m", "Search")


def account(names: tuple[str, ...] = NAMES, *, n: int = 400, margin: float | None = None, **changes: Any) -> Any:
    """An account of made-up curves: `ask(*plans)` puts plans of it together."""
    model, today = made(names, n=n, spread=0.2, seed=3, **changes)
    response = SimpleNamespace(curves=model.curves, data=model.data, converged=True)
    window = {"start": "2025-01-06", "end": "2025-06-01", "grain": "week", "periods": 21, "mature_until": None}
    analysis: Any = SimpleNamespace(
        margin=margin,
        response=response,
        inputs=(),
        notes=(),
        tables=SimpleNamespace(currency="EUR"),
        window=window,
        diagnosis=SimpleNamespace(findings=()),
    )

    def ask(*plans: Any, optimized: bool = True, compared: bool = False) -> WhatIf:
        asked = tuple(Asked(p.name, optimize=optimized) for p in plans)
        keep = evaluate(model, today, {}, name="today", margin=margin)
        return WhatIf(analysis, today, asked, plans, keep, Run("1", "2026", 0.1), compared=compared)

    return SimpleNamespace(model=model, today=today, ask=ask)


@pytest.fixture(scope="module")
def hostile() -> WhatIf:
    """A best plan of channels with names that would like to run, and one that is not in the model."""
    made_up = account(excluded={"New": "too new"}, margin=0.4)
    limits = limits_of(made_up.today, max_change=0.3)
    best = best_of(made_up.model, made_up.today, limits=limits, margin=0.4)
    assert not best.held
    return made_up.ask(best)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def source(hostile: WhatIf) -> str:
    return page(hostile)


@pytest.fixture(scope="module")
def bare() -> roas.Analysis:
    return planned_account.bare()


# ---- the data --------------------------------------------------------------------------------


def unpacked(channel: dict[str, Any], draws: int) -> np.ndarray:
    """Read a channel as the page does: change in currency, shape (amounts, draws)."""
    whole = np.frombuffer(base64.b64decode(channel["gain"]), "<i2").reshape(len(channel["money"]), draws)
    scale: np.ndarray = np.frombuffer(base64.b64decode(channel["scale"]), "<f4").astype(float)
    return np.asarray(whole * scale)


def drawn(data: dict[str, Any], cents: list[int]) -> np.ndarray:
    out = np.zeros(data["draws"])
    for channel, amount in zip(data["channels"], cents, strict=True):
        if "money" in channel:
            out += [np.interp(amount, channel["money"], row) for row in unpacked(channel, data["draws"]).T]
    return out


@pytest.mark.parametrize("margin", [None, 0.4])
@pytest.mark.parametrize("wanted", ["best", "given"])
def test_the_page_computes_what_the_command_says(margin: float | None, wanted: str) -> None:
    made_up = account(NAMES, margin=margin, n=1000)
    if wanted == "best":
        limits = limits_of(made_up.today, max_change=0.5)
        found = best_of(made_up.model, made_up.today, limits=limits, margin=margin)
        assert not found.held
    else:
        found = evaluate(made_up.model, made_up.today, {"Meta": 1.0, "Search": 4000.0}, margin=margin)
    data = plan_data(made_up.ask(found))
    assert data is not None
    assert data["draws"] == DRAWS
    assert found.draws is not None
    low, middle, high = np.quantile(drawn(data, data["presets"][0]["cents"]), LEVELS)
    # Draws kept are evenly spread over the plan's own change, so a quantile is
    # off by half a step of them at most.
    order = np.sort(found.draws)
    step = len(order) // DRAWS
    for level, value in zip(LEVELS, (low, middle, high), strict=True):
        at = round(level * (len(order) - 1))
        rounding = 1e-4 * float(np.abs(order).max())
        assert order[max(at - step, 0)] - rounding <= value <= order[min(at + step, len(order) - 1)] + rounding


def test_today_changes_nothing_and_sums_are_joint() -> None:
    made_up = account(("A", "B"), n=150)
    data = plan_data(made_up.ask(evaluate(made_up.model, made_up.today, {"A": 100.0}), optimized=False))
    assert data is not None
    assert not drawn(data, [channel["now"] for channel in data["channels"]]).any()
    # With all draws kept and amounts among the points, the sum is the command's own, draw by draw.
    found = evaluate(made_up.model, made_up.today, {"A": data["channels"][0]["money"][20] / 100})
    assert found.draws is not None
    cents = [data["channels"][0]["money"][20], data["channels"][1]["now"]]
    assert np.allclose(drawn(data, cents), found.draws, atol=1e-4 * np.abs(found.draws).max())


def test_chords_stay_close_to_the_curves() -> None:
    made_up = account(("A", "B", "C"), n=100)
    given_plan = made_up.ask(evaluate(made_up.model, made_up.today, {}), optimized=False)
    data = plan_data(given_plan)
    assert data is not None
    for share in (0.55, 0.83, 1.17, 1.9):
        cents = [round(share * channel["now"]) for channel in data["channels"]]
        asked = {channel["name"]: x / 100 for channel, x in zip(data["channels"], cents, strict=True)}
        exact = evaluate(made_up.model, made_up.today, asked).revenue_change
        assert np.median(drawn(data, cents)) == pytest.approx(exact.p50, rel=0.02)


def test_marginal_roas_at_the_plan_is_the_commands(hostile: WhatIf) -> None:
    data = plan_data(hostile)
    assert data is not None
    for channel, move, cents in zip(data["channels"], hostile.plan.moves, data["presets"][0]["cents"], strict=True):
        if "money" in channel:
            q = move.marginal_roas
            assert channel["next"][channel["money"].index(cents)] == pytest.approx([q.p5, q.p50, q.p95], rel=1e-3)


def test_never_tried_begins_where_the_command_warns() -> None:
    made_up = account(("Meta", "Search"), n=80)
    data = plan_data(made_up.ask(evaluate(made_up.model, made_up.today, {}), optimized=False))
    assert data is not None
    for channel in data["channels"]:
        name, seen = channel["name"], channel["seen"]
        assert channel["now"] <= seen < channel["money"][-1]
        for cents, warned in ((0.99 * seen, False), (1.01 * seen, True)):
            found = evaluate(made_up.model, made_up.today, {name: round(cents) / 100})
            assert ("beyond_observed" in {w.kind for w in found.warnings}) == warned


@given(st.integers(1, 10**12), st.lists(st.integers(0, 10**12), max_size=8))
def test_amounts_rise_and_hold_what_is_wanted(top: int, wanted: list[int]) -> None:
    found = amounts(top, wanted).tolist()
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, top)
    assert {min(each, top) for each in wanted} <= set(found)
    assert len(found) == min(max(POINTS, len({0, top, *(min(w, top) for w in wanted)})), top + 1)


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=4, max_size=4), min_size=1, max_size=5))
def test_packing_is_off_by_half_a_unit_of_each_draw(rows: list[list[float]]) -> None:
    gains = np.array(rows)
    scale, whole = packed(gains)
    assert np.abs(whole).max() <= WHOLE
    largest = np.abs(gains).max(axis=1, keepdims=True)
    assert (np.abs(whole * scale[:, None].astype(float) - gains) <= 0.51 * largest / WHOLE + 1e-30).all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=900), st.integers(1, 300))
def test_thinning_keeps_the_spread(values: list[float], count: int) -> None:
    kept = thinned(np.array(values), count)
    assert len(set(kept.tolist())) == len(kept) == min(count, len(values))
    places = np.sort(np.argsort(np.argsort(values, kind="stable"), kind="stable")[kept])
    if np.ptp(values) > 0 and len(values) > 1:
        assert places[0] <= len(values) / count
        assert np.diff(places).max(initial=0) <= len(values) / min(count, len(values)) + 1


@pytest.mark.slow
def test_twenty_channels_fit_into_three_hundred_kilobytes() -> None:
    names = tuple(f"Channel {i:02d} of a large account" for i in range(20))
    made_up = account(names, n=800, margin=0.4)
    data = plan_data(made_up.ask(evaluate(made_up.model, made_up.today, {names[0]: 1.0}, margin=0.4)))
    assert data is not None
    assert data["draws"] == DRAWS
    assert len(as_json(data)) < 300_000


def test_estimates_that_did_not_settle_offer_no_sliders(bare: roas.Analysis) -> None:
    result = optimize(replace(bare, response=planned_account.response(converged=False)))
    text = page(result)
    assert plan_data(result) is None
    assert "<script" not in text
    assert "script-src" not in text
    assert "Keep today&#39;s split." in text


def test_the_same_question_gives_the_same_page(bare: roas.Analysis) -> None:
    one, two = (page(optimize(replace(bare, response=planned_account.response()))) for _ in range(2))
    assert one == two


def test_a_move_of_ones_own_is_not_called_best(bare: roas.Analysis) -> None:
    found = plan(replace(bare, response=planned_account.response()), shift="Meta=+500")
    data = plan_data(found)
    assert data is not None
    assert data["presets"][0]["name"] == "Your plan"
    assert not any(channel["fixed"] for channel in data["channels"])


def test_scenarios_are_offered_with_what_the_command_says_of_them() -> None:
    made_up = account(("Meta", "Search"), n=100)
    plans = [
        evaluate(made_up.model, made_up.today, {"Meta": x}, name=n) for n, x in (("<b>low</b>", 500.0), ("up", 9e3))
    ]
    result = made_up.ask(*plans, optimized=False, compared=True)
    data = plan_data(result)
    assert data is not None
    assert [each["name"] for each in data["presets"]] == ["Best plan", *(p.name for p in result.order)]
    for preset, asked in zip(data["presets"], (result.plan, *result.order), strict=True):
        q = asked.revenue_change
        assert preset["cents"] == [round(100 * move.planned) for move in asked.moves]
        assert preset["said"]["revenue"] == [q.p5, q.p50, q.p95]
        # Without a margin and with another total it is revenue less spend that is judged.
        more = asked.total - made_up.today.total
        assert preset["said"]["judged"] == pytest.approx([q.p5 - more, q.p50 - more, q.p95 - more], abs=0.01)
    other = evaluate(made_up.model, made_up.today, {"Meta": 1.0}, name="longer", weeks=9)
    longer = plan_data(made_up.ask(*plans, other, optimized=False, compared=True))
    assert longer is not None
    assert "longer" not in [each["name"] for each in longer["presets"]]


@pytest.mark.parametrize("currency", [None, "JPY", "CHF"])
@pytest.mark.parametrize("scale", [1e-4, 1e7])
def test_odd_accounts_have_a_page(currency: str | None, scale: float) -> None:
    made_up = account(("A", "B"), n=3, scale=scale)
    today = replace(made_up.today, spend=(0.0, made_up.today.spend[1]), observed={})
    found = evaluate(made_up.model, today, {})
    result = made_up.ask(found, optimized=False)
    analysis: Any = SimpleNamespace(**vars(result.analysis) | {"tables": SimpleNamespace(currency=currency)})
    odd = replace(result, today=today, keep=found, analysis=analysis)
    data = plan_data(odd)
    assert data is not None
    assert data["symbol"] == {None: "", "JPY": "¥", "CHF": "CHF "}[currency]
    for channel in data["channels"]:
        assert channel["now"] in channel["money"]
        assert channel["now"] <= channel["seen"] <= channel["money"][-1]
        assert np.diff(channel["money"]).min() > 0
    assert "nan" not in re.sub(r"<(script|style).*?</\1>", "", page(odd), flags=re.S)


def test_fixed_channels_stay_fixed(bare: roas.Analysis) -> None:
    data = plan_data(optimize(replace(bare, response=planned_account.response()), fix="Meta"))
    assert data is not None
    assert {channel["name"]: channel["fixed"] for channel in data["channels"]} == {
        "Meta": True, "Search": False, "TikTok": False,
    }  # fmt: skip


# ---- the file --------------------------------------------------------------------------------


VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Every element with its attributes, and nesting mistakes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.mistakes: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(tag)


def test_only_the_one_script_may_run(source: str) -> None:
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", source, re.S)
    assert [kind for kind, _ in scripts] == [' type="application/json" id="data"', ""]
    code = scripts[1][1]
    assert code == script()
    allowed = re.search(r"script-src '(sha256-[^']+)'", source)
    assert allowed is not None
    assert allowed[1] == "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert allowed[1] == fingerprint(code)
    assert "default-src 'none'" in source
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|fetch\(", code)


def test_names_cannot_leave_the_data(hostile: WhatIf, source: str) -> None:
    data = source.split('id="data">')[1].split("</script>")[0]
    assert "<" not in data
    assert json.loads(data)["channels"] == json.loads(as_json(plan_data(hostile) or {}))["channels"]
    assert HOSTILE not in source
    assert "\u202e" not in source
    assert "\x1b" not in source


def test_markup_nests_with_landmarks_and_labels(source: str) -> None:
    reader = Reader(source)
    assert reader.mistakes == reader.open == []
    tags = [tag for tag, _ in reader.elements]
    assert all(tags.count(tag) == 1 for tag in ("main", "header", "footer", "h1", "noscript"))
    assert not [key for _, attributes in reader.elements for key in attributes if key.startswith("on")]
    assert not re.search(r"https?://|@import|url\((?!#)", source)
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in reader.elements if "aria-labelledby" in a} <= set(ids)
    used = set(re.findall(r"var\((--[a-z-]+)\)", source))
    assert used <= set(re.findall(r"(--[a-z-]+):", source))


def test_the_answer_stands_without_javascript(hostile: WhatIf, source: str) -> None:
    text = html.unescape(re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", source, flags=re.S))
    said = " ".join(text.split())
    for part in ("90 % interval", "not modelled", "Total", "switched off here", "Before you act"):
        assert part in said
    assert '<section id="try" aria-labelledby="h-try" hidden>' in source


def test_the_folder_holds_the_page(bare: roas.Analysis) -> None:
    result = optimize(replace(bare, response=planned_account.response()))
    assert files(result)["index.html"] == page(result)


# ---- in a real browser -----------------------------------------------------------------------

#: Added to a copy of the page, before its own script: a mistake anywhere is written down.
WATCH = """<script>addEventListener("error", e => document.documentElement.dataset.error = e.message);
addEventListener("securitypolicyviolation", e => document.documentElement.dataset.error = e.violatedDirective);</script>"""


def visited(
    chromium: str, folder: Path, source: str, state: str, *, then: str = "", width: int = 1280
) -> dict[str, str]:
    """Open a page and return what it writes down of itself, with its visible texts.

    The page is opened as it is where nothing is done on it (its policy holds);
    to act, a copy without the policy gets a script of the test.
    """
    watched = source
    if then:
        watched = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source)
        watched = watched.replace("</head>", f"{WATCH}</head>").replace("</body>", f"<script>{then}</script></body>")
    (folder / "page.html").write_text(watched, encoding="utf-8")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
        f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--virtual-time-budget=3000",
        "--dump-dom", f"{(folder / 'page.html').as_uri()}{state}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, encoding="utf-8")
    assert "CONSOLE" not in done.stderr, done.stderr
    root = re.search(r"<html([^>]*)>", done.stdout)
    assert root is not None
    found = {key: html.unescape(value) for key, value in re.findall(r'data-([a-z]+)="([^"]*)"', root[1])}
    assert "error" not in found
    texts = re.findall(r'id="([a-z-]+)"[^>]*>([^<]*)<', done.stdout)
    return found | {f"#{key}": html.unescape(value).replace("\u00a0", " ") for key, value in texts}


def cents_of(found: dict[str, str]) -> list[int]:
    return [int(each) for each in found["cents"].split()]


@pytest.mark.chromium
def test_the_browser_computes_and_says_what_the_command_does(
    chromium: str, hostile: WhatIf, source: str, tmp_path: Path
) -> None:
    found = visited(chromium, tmp_path, source, "#check")
    best, data = hostile.plan, plan_data(hostile)
    assert data is not None
    assert cents_of(found) == data["presets"][0]["cents"]
    shown = json.loads(found["drawn"])
    assert shown["revenue"] == pytest.approx(np.quantile(drawn(data, cents_of(found)), LEVELS), rel=1e-9)
    from roas.report.plan_words import brings

    said = found["live"].replace("\u00a0", " ")
    assert said.removeprefix("About ") == brings(hostile, best).removeprefix("That brings about ")
    assert float(found["milliseconds"]) < 16
    rows = list(csv.reader(io.StringIO(found["csv"].removeprefix("\ufeff"))))
    theirs = list(csv.reader(io.StringIO(str(files(hostile)["plan.csv"]).removeprefix("\ufeff"))))
    assert [row[:4] for row in rows] == [row[:4] for row in theirs]
    assert rows[2][0].startswith("'=cmd")


@pytest.mark.chromium
@pytest.mark.slow
def test_the_page_writes_amounts_as_the_command_does(chromium: str, source: str, tmp_path: Path) -> None:
    from roas.format import change
    from roas.report.plan_moves import about, exact, sure

    rng = np.random.default_rng(0)
    values = [float(f"{v:.6g}") for v in 10 ** rng.uniform(-1.9, 13, 200)] + [9.5, 99.5, 999.4, 9995.0, 999_500.0, 1e6]
    cents = [int(c) for c in 10 ** rng.uniform(0, 12, 200)]
    chances = [0, 0.005, 0.01, 0.0994, 0.0995, 0.5, 0.925, 0.945, 0.99, 0.995, 1]
    moves = [(1000, 1000), (1000, 1003), (1000, 1120), (1000, 950), (0, 5), (100, 2000), (1000, 1095)]
    ours = [about(v, "EUR") for v in values] + [exact(c / 100, "EUR") for c in cents] + [sure(p) for p in chances]
    ours += ["–" if now == cents else change(cents / now - 1) if now else "new" for now, cents in moves]
    written = f"""document.documentElement.dataset.words = JSON.stringify([...{values}.map(about), ...{cents}.map(exact),
      ...{chances}.map(sure), ...{[list(m) for m in moves]}.map((m) => changeOf(...m))]);\n  // ---- start ---"""
    inside = source.replace("  // ---- start ---", written)
    theirs = json.loads(visited(chromium, tmp_path, inside, "", then="0")["words"])
    assert [text.replace("\u00a0", " ") for text in theirs] == ours


@pytest.mark.chromium
@pytest.mark.slow
def test_a_link_restores_the_split_and_a_bad_one_does_nothing(chromium: str, source: str, tmp_path: Path) -> None:
    start = visited(chromium, tmp_path, source, "#check")
    best = cents_of(start)
    other = [best[0] + 12345, 0, *best[2:]]
    link = start["link"].replace("-1-" + "0" * len(best), "-0-" + "1" + "0" * (len(best) - 1))
    link = link.replace(".".join(map(str, best)), ".".join(map(str, other)))
    found = visited(chromium, tmp_path, source, f"{link}-check")
    assert cents_of(found) == other
    assert found["keep"] == "false"
    assert found["fixed"] == "1" + "0" * (len(best) - 1)
    assert found["link"] == link
    for bad in ("#v1-00000000-1-0-5-check", f"{link}.7-check", link.replace("12345", "x") + "<img>-check", "#%00check"):
        assert visited(chromium, tmp_path, source, bad)["cents"] == start["cents"]


@pytest.mark.chromium
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_fits_its_window(chromium: str, source: str, tmp_path: Path, width: int) -> None:
    # A window of a browser has a smallest width; a frame has none.
    (tmp_path / "inner.html").write_text(source, encoding="utf-8")
    frame = f"""<!doctype html><html><body style="margin:0"><iframe src="inner.html#check" id="f"
      style="border:0;width:{width}px;height:800px"></iframe></body></html>"""
    (tmp_path / "page.html").write_text(frame, encoding="utf-8")
    probe = """<script>addEventListener("load", () => { const d = document.documentElement;
      const out = e => e.getBoundingClientRect().right > d.clientWidth + 1 && !e.closest(".scroll, .skip, .unseen");
      parent.postMessage([d.clientWidth, d.scrollWidth, [...document.querySelectorAll("body *")].filter(out)
        .map(e => e.className || e.tagName).join(" ")].join("|"), "*"); });</script>"""
    inner = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source).replace(
        "</body>", f"{probe}</body>"
    )
    (tmp_path / "inner.html").write_text(inner, encoding="utf-8")
    listen = "addEventListener('message', e => document.documentElement.dataset.fits = e.data)"
    found = visited(chromium, tmp_path, frame, "", then=listen, width=1400)
    assert found["fits"] == f"{width}|{width}|"


def press(selector: str, value: object, *, kind: str = "input") -> str:
    """What a hand on a slider, or in a field, does."""
    return f"""{{ const e = document.querySelectorAll({selector!r})[0]; e.focus(); e.value = {value};
      e.dispatchEvent(new Event({kind!r}, {{bubbles: true}})); }}"""


SLIDER = "input[type=range]"
FIELD = ".amount input"


@pytest.mark.chromium
@pytest.mark.slow
def test_the_total_is_kept_to_the_cent_and_going_back_brings_back(chromium: str, source: str, tmp_path: Path) -> None:
    start = cents_of(visited(chromium, tmp_path, source, "#check"))
    away = "".join(press(SLIDER, value) for value in (0, start[0] + 77777, 10**13, 123457))
    found = visited(chromium, tmp_path, source, "#check", then=away)
    moved = cents_of(found)
    assert sum(moved) == sum(start)
    assert moved[0] != start[0]
    assert moved[-1] == start[-1]  # not in the model
    others = list(range(1, len(start) - 1))
    ratios = [moved[i] / start[i] for i in others]
    assert max(ratios) - min(ratios) < 1e-4
    assert found["#total-change"] == "as today"
    back = away + press(FIELD, start[0] / 100, kind="change")
    assert cents_of(visited(chromium, tmp_path, source, "#check", then=back)) == start


@pytest.mark.chromium
@pytest.mark.slow
def test_fixed_channels_stay_and_without_the_lock_nothing_else_moves(
    chromium: str, source: str, tmp_path: Path
) -> None:
    start = cents_of(visited(chromium, tmp_path, source, "#check"))
    fix = "document.querySelectorAll('.hold input')[1].click();"
    locked = cents_of(visited(chromium, tmp_path, source, "#check", then=fix + press(SLIDER, 0)))
    assert locked[1] == start[1]
    assert sum(locked) == sum(start)
    free = visited(
        chromium,
        tmp_path,
        source,
        "#check",
        then="document.getElementById('keep').click();" + press(FIELD, 10**7, kind="change"),
    )
    assert cents_of(free)[1:] == start[1:]
    assert cents_of(free)[0] > start[0]
    assert "goes up to" in free["#said"]
    assert "Meta would get more than was ever at work" in free["#doubt"]
    assert "more than today" in free["#total-change"]


@pytest.mark.chromium
@pytest.mark.slow
def test_buttons_bring_today_and_back(chromium: str, hostile: WhatIf, source: str, tmp_path: Path) -> None:
    today = [round(100 * money) for money in hostile.today.spend]
    click = "document.querySelectorAll('#presets button')[0].click();"
    found = visited(chromium, tmp_path, source, "#check", then=click)
    assert cents_of(found) == today
    assert found["live"] == "This is today's split: nothing changes."
    assert found["#chance"] == "–"
    again = click + "document.getElementById('keep').click(); document.getElementById('reset').click();"
    reset = visited(chromium, tmp_path, source, "#check", then=again)
    assert cents_of(reset) == (plan_data(hostile) or {})["presets"][0]["cents"]
    assert reset["keep"] == "true"
    nonsense = visited(chromium, tmp_path, source, "#check", then=press(FIELD, '""', kind="change"))
    assert cents_of(nonsense) == cents_of(reset)
    assert "no number" in nonsense["#said"]


@pytest.mark.chromium
@pytest.mark.slow
def test_a_link_can_be_copied_by_hand_where_the_clipboard_is_shut(chromium: str, source: str, tmp_path: Path) -> None:
    shut = """Object.defineProperty(navigator, "clipboard", {value: {writeText: () => Promise.reject()}});
      document.getElementById("link").click();
      setTimeout(() => { const field = document.getElementById("address");
        document.documentElement.dataset.field = [field.hidden, field.value.split("#")[1]].join(" "); }, 100);"""
    found = visited(chromium, tmp_path, source, "#check", then=shut)
    assert found["field"] == f"false {found['link'].removeprefix('#')}"
    assert found["#said"] == "Copy the link from the field."
    open_one = """Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => {
        document.documentElement.dataset.copied = text.split("#")[1]; }}});
      document.getElementById("link").click();"""
    found = visited(chromium, tmp_path, source, "#check", then=open_one)
    assert found["copied"] == found["link"].removeprefix("#")
    assert found["#said"].startswith("The link is copied.")
