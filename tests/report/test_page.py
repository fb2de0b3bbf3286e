"""The page: complete in itself, safe, readable by everyone."""

from __future__ import annotations

import html
import re
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import roas
from roas.report.page import page as render_page
from roas.report.pictures import draw, plots
from roas.report.verdict import verdict

#: Whole analyses: too dear for the fast suite.
pytestmark = pytest.mark.slow

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Every element with its attributes, the text outside style, and nesting mistakes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.mistakes: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def test_markup_nests(reader: Reader) -> None:
    assert reader.mistakes == []
    assert reader.open == []


def test_names_are_escaped(page: str, reader: Reader) -> None:
    assert "<script" not in page
    assert reader.all("script", "iframe", "object", "form") == []
    assert "<script>alert(1)</script>" in " ".join(reader.text)
    assert not [k for _, attributes in reader.elements for k in attributes if k.startswith("on")]


def test_control_characters_are_written_out(page: str) -> None:
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\\u202eevil\\x1b[31m" in page


def test_nothing_is_loaded(page: str, reader: Reader) -> None:
    for _, attributes in reader.elements:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:,")), (name, value)
    assert not re.search(r"url\((?!#)", page)
    assert "@import" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_every_picture_has_words(reader: Reader) -> None:
    pictures = reader.all("svg")
    assert len(pictures) >= 10
    for attributes in pictures:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"] or "") > 30
    assert all(attributes.get("alt") for attributes in reader.all("img"))


def test_every_chart_stands_on_the_page_once_per_width(hostile: roas.Analysis, reader: Reader) -> None:
    names = {attributes["id"] for attributes in reader.all("figure")}
    every = plots(hostile)
    assert names == {plot.name for plot in every if plot.page}
    assert "claimed_roas_by_week" in {plot.name for plot in every if not plot.page}  # MER stands in its place
    assert [a["class"] for a in reader.all("svg")] == ["wide", "narrow"] * len(names)


def test_ids_are_unique_and_links_lead_somewhere(page: str, reader: Reader) -> None:
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    targets = [str(a["href"])[1:] for _, a in reader.elements if str(a.get("href", "")).startswith("#")]
    targets += re.findall(r"url\(#([^)]+)\)", page)
    targets += [str(a["aria-labelledby"]) for _, a in reader.elements if "aria-labelledby" in a]
    assert targets
    assert set(targets) <= set(ids)


def test_headings_are_in_order(reader: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_language_and_tables(reader: Reader) -> None:
    assert reader.all("html")[0]["lang"] == "en"
    assert len(reader.all("main")) == len(reader.all("header")) == len(reader.all("footer")) == 1
    assert reader.all("a")[0] == {"class": "skip", "href": "#main"}
    assert len(reader.all("caption")) == len(reader.all("table")) > 2
    assert all(a.get("scope") in ("col", "row") for a in reader.all("th"))
    scrolled = [a for a in reader.all("div") if str(a.get("class", "")).split()[:1] == ["scroll"]]
    assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in scrolled)


def test_charts_follow_the_page_colours(reader: Reader) -> None:
    styles = " ".join(str(a.get("style", "")) for tag, a in reader.elements if tag in ("path", "text", "g", "use"))
    assert "var(--ink)" in styles
    assert "var(--sans)" in styles
    assert re.findall(r"#[0-9a-f]{6}", styles) == []


def test_every_colour_variable_is_defined(page: str) -> None:
    used = set(re.findall(r"var\((--[a-z-]+)\)", page))
    defined = set(re.findall(r"(--[a-z-]+):", page))
    assert used
    assert used <= defined


@pytest.mark.parametrize("block", [":root {\n  color-scheme", "prefers-color-scheme: dark"])
def test_text_has_contrast(page: str, block: str) -> None:
    part = page[page.index(block) :].split("}")[0]
    colours = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", part))

    def luminance(colour: str) -> float:
        values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(colours[one]), luminance(colours[other])))
        return (high + 0.05) / (low + 0.05)

    for paper in ("--paper", "--ground"):
        for text in ("--ink", "--muted", "--blue", "--orange-text", "--green-text", "--pink-text"):
            if text in ("--ink", "--muted") or paper == "--paper":
                assert contrast(text, paper) >= 4.5, (text, paper)
    for line in ("--blue", "--orange", "--green", "--pink", "--grey"):
        assert contrast(line, "--paper") >= 3.0, line


def test_verdict_comes_first_and_says_what_is_not_known(hostile: roas.Analysis, page: str) -> None:
    title = html.unescape(re.search(r"<h1>(.*?)</h1>", page, re.S)[1])  # type: ignore[index]
    assert title.replace("\xa0", " ") == verdict(hostile)
    before = page.index("<main")
    assert "What ads caused cannot be told from these files: no channel&#39;s effect is known." in page[:before]
    assert "luck and drift" in page or "A change can be noise" in page
    assert "That is not a clean bill of health" in page


def test_suggested_labels_are_marked(page: str) -> None:
    assert '<span class="badge">SUGGESTED</span>' in page
    assert "nobody confirmed them" in page


def test_hypotheses_are_folded_and_counted(page: str, reader: Reader) -> None:
    assert re.search(r"<summary>14 causes: \d+ ", page)
    assert all("open" not in attributes for attributes in reader.all("details"))


@pytest.mark.slow
def test_page_stays_small_with_thousands_of_campaigns(account: Any) -> None:
    names = tuple(f"c{i}" for i in range(40))
    rows = account.spend(names, days=2, campaigns=1)
    many = rows.loc[rows.index.repeat(65)].reset_index(drop=True)
    many["campaign"] = [f"campaign {i % 65} of {c}" for i, c in enumerate(many["channel"])]
    analysis = roas.analyze(many, account.revenue(2), currency="EUR")
    assert len(analysis.campaigns) == 2600
    text = render_page(analysis, [draw(plot) for plot in plots(analysis)])
    assert len(text.encode()) < 3_000_000
    assert "2,550 more campaigns" in text
    assert text.count("<tr") < 200
    assert "38 more campaigns, and the sum of the others" in text


def test_the_sum_of_unlisted_campaigns_is_right(account: Any) -> None:
    rows = account.spend(("A",), days=1, campaigns=60)
    analysis = roas.analyze(rows.assign(campaign=[f"k{i}" for i in range(60)]), currency="EUR")
    text = render_page(analysis, [draw(plot) for plot in plots(analysis)])
    rest = text[text.index("10 more campaigns") :]
    assert "€400" in rest.split("</tr>")[0]  # ten of forty
    assert "2.00" in rest.split("</tr>")[0]


# ---- in a real browser ---------------------------------------------------------------------------

PROBE = """<script>
addEventListener("load", () => {
  const d = document.documentElement, box = e => e.getBoundingClientRect();
  const out = e => box(e).right > d.clientWidth + 1 && !e.closest(".scroll, svg, .skip");
  const shown = [...document.querySelectorAll("svg")].filter(e => box(e).width > 0);
  const letters = shown.flatMap(s => [...s.querySelectorAll("text")].map(t => box(t).height)).filter(h => h);
  parent.postMessage(JSON.stringify({
    client: d.clientWidth, scroll: d.scrollWidth,
    wide: [...document.querySelectorAll("body *")].filter(out).map(e => e.tagName),
    kinds: [...new Set(shown.map(e => e.getAttribute("class")))],
    ground: getComputedStyle(document.body).backgroundColor, letters: Math.min(...letters)}), "*");
});
</script>"""

FRAME = """<!doctype html><title>waiting</title><body style="margin:0">
<iframe src="page.html" style="border:0;width:{width}px;height:800px"></iframe>
<script>addEventListener("message", e => document.title = e.data)</script>"""


@pytest.mark.chromium
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_page_fits_its_window(chromium: str, page: str, tmp_path: Path, width: int, dark: bool) -> None:
    import json

    # The page forbids scripts; the copy that is measured allows the one that measures.
    source = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", f"{PROBE}</body>")
    assert "postMessage" in source
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    (tmp_path / "frame.html").write_text(FRAME.format(width=width), encoding="utf-8")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--window-size=1400,900",
        "--virtual-time-budget=5000", "--dump-dom", (tmp_path / "frame.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, encoding="utf-8")
    found = json.loads(html.unescape(re.search(r"<title>(.*?)</title>", done.stdout, re.S)[1]))  # type: ignore[index]
    assert found["client"] == width
    assert found["scroll"] == width
    assert found["wide"] == []
    assert found["kinds"] == (["wide"] if width == 1280 else ["narrow"])
    assert found["ground"] == ("rgb(18, 21, 25)" if dark else "rgb(246, 247, 249)")
    assert found["letters"] >= 10
