"""A page of a plan opened in headless Chromium, and what it writes down of itself."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

SLIDER = "input[type=range]"
FIELD = ".amount input"


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


def press(selector: str, value: object, *, kind: str = "input") -> str:
    """What a hand on a slider, or in a field, does."""
    return f"""{{ const e = document.querySelectorAll({selector!r})[0]; e.focus(); e.value = {value};
      e.dispatchEvent(new Event({kind!r}, {{bubbles: true}})); }}"""
