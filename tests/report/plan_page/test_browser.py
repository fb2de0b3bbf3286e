"""The sliders of a plan, tried in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from roas.analysis.what_if import WhatIf
from roas.quantiles import LEVELS
from roas.report.plan_data import plan_data
from roas.report.plan_tables import files
from tests.report.plan_page.browser import FIELD, SLIDER, cents_of, press, visited
from tests.report.plan_page.draws import drawn


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
