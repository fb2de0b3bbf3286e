"""The page of a plan is one file, and harmless whatever its names say."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import roas
from roas.analysis.planning import optimize
from roas.analysis.what_if import WhatIf
from roas.report.plan_data import as_json, plan_data
from roas.report.plan_page import fingerprint, page, script
from roas.report.plan_tables import files
from tests.analysis import planned_account
from tests.report.plan_page.accounts import HOSTILE

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
