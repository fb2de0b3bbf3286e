"""The weekly page in a real browser: it fits, it prints on two sheets, it logs nothing."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from roas.report.plan_page import plan_context
from roas.report.weekly import page as module
from roas.report.weekly.page import weekly_page
from roas.report.weekly.pictures import weekly_pictures
from roas.weekly.record import Change, WeeklyReport
from tests.report.weekly.example import alert, analysis, decision, what_if

pytestmark = [pytest.mark.chromium, pytest.mark.slow]

#: Sheets of paper that a page may take.
SHEETS = 2

#: What a page writes down of itself inside a frame: its width, what it would need, and who sticks out.
PROBE = """<script>addEventListener("load", () => { const d = document.documentElement;
  const out = e => e.getBoundingClientRect().right > d.clientWidth + 1 && !e.closest(".scroll, .skip, .unseen, svg");
  parent.postMessage([d.clientWidth, d.scrollWidth, [...document.querySelectorAll("body *")].filter(out)
    .map(e => e.className || e.tagName).join(" ")].join("|"), "*"); });</script>"""


def full(weekly: WeeklyReport, language: str) -> WeeklyReport:
    """The report with more of everything than a usual week has."""
    changes = tuple(
        Change(figure, f"Channel {n}", 1e6, 1.1e6, why, "money")
        for why in ("real", "restated_data", "model", "new_data")
        for figure in ("spend", "claimed_revenue")
        for n in range(6)
    )
    alerts = (*weekly.alerts, *(alert("confirmed", "mix_shift", f"Channel {n}") for n in range(3)))
    decisions = tuple(decision(name=f"Plan {n}") for n in range(8))
    return replace(weekly, language=language, changes=changes, alerts=alerts, decisions=decisions)


@pytest.fixture
def source(request: pytest.FixtureRequest, weekly: WeeklyReport, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page with everything on it, sliders too, in a language."""
    report, curves = full(weekly, request.param), what_if(analysis(), sliders=True)
    monkeypatch.setattr(module, "plan_context", lambda _: plan_context(curves))
    return weekly_page(report, weekly_pictures(report))


def run(chromium: str, folder: Path, *options: str) -> str:
    """Open ``page.html`` and return what the browser prints; nothing may be logged."""
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
        f"--user-data-dir={folder / 'profile'}", "--window-size=1400,900", "--virtual-time-budget=3000", *options,
        (folder / "page.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, encoding="utf-8")
    assert "CONSOLE" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize("source", ["en", "nl", "vi"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_fits_its_window(chromium: str, source: str, tmp_path: Path, width: int) -> None:
    inner = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", source).replace(
        "</body>", f"{PROBE}</body>"
    )
    (tmp_path / "inner.html").write_text(inner, encoding="utf-8")
    # A window of a browser has a smallest width; a frame has none.
    frame = f"""<!doctype html><html><body style="margin:0"><script>addEventListener("message",
      e => document.documentElement.dataset.fits = e.data)</script>
      <iframe src="inner.html" style="border:0;width:{width}px;height:800px"></iframe></body></html>"""
    (tmp_path / "page.html").write_text(frame, encoding="utf-8")
    found = re.search(r'data-fits="([^"]*)"', run(chromium, tmp_path, "--dump-dom"))
    assert found is not None
    assert found[1] == f"{width}|{width}|"


@pytest.mark.parametrize("source", ["en", "nl", "vi"], indirect=True)
def test_the_page_prints_on_two_sheets(chromium: str, source: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    run(chromium, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    pages = len(re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "page.pdf").read_bytes()))
    assert 1 <= pages <= SHEETS


@pytest.mark.parametrize("source", ["en"], indirect=True)
def test_the_page_opens_under_its_own_policy(chromium: str, source: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    opened = run(chromium, tmp_path, "--dump-dom")
    assert re.search(r'<section id="try"[^>]*hidden', opened) is None  # its script ran


#: Writes down what stands in the fields of the sliders.
FIELDS = """<script>addEventListener("load", () => { document.documentElement.dataset.fields =
  [...document.querySelectorAll(".amount input")].map(e => e.value).join(" "); });</script>"""


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("VND", 0)])
def test_amounts_to_type_have_the_decimals_of_their_currency(
    chromium: str, weekly: WeeklyReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, currency: str, decimals: int
) -> None:
    found = replace(analysis(), tables=replace(analysis().tables, currency=currency))
    curves = what_if(found, sliders=True)
    monkeypatch.setattr(module, "plan_context", lambda _: plan_context(curves))
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", weekly_page(weekly, []))
    (tmp_path / "page.html").write_text(page.replace("</body>", f"{FIELDS}</body>"), encoding="utf-8")
    fields = re.search(r'data-fields="([^"]*)"', run(chromium, tmp_path, "--dump-dom"))
    assert fields is not None
    parts = [each.partition(".")[2] for each in fields[1].split()]
    assert len(parts) >= 2
    assert max(len(part) for part in parts) == decimals
