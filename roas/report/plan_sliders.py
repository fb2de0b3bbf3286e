"""The sliders of a plan, ready to stand inside any page: data, words, style, script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final

from roas.language import say
from roas.report.plan_data import as_json, plan_data

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf

#: Parts of the script, in the order in which they build on each other.
SCRIPTS: Final = ("plan_curves.js", "plan_words.js", "plan_split.js", "plan_rows.js", "plan_page.js")

#: Rules of the sliders; colours and type are variables of ``page.css``.
STYLE: Final = "plan_sliders.css"


def plan_context(result: WhatIf) -> dict[str, Any]:
    """Return what ``plan_sliders.html.j2`` needs, in the language in force.

    Returns
    -------
    dict
        ``say``, and ``sliders``: None where nothing may be moved, else
        ``data`` and ``script`` (texts of the two script elements),
        ``fingerprint`` (of the script, for the page's security policy),
        ``style`` (for its style element, after ``page.css``), ``by_week``
        and ``profit``. The elements' ids are `IDS`.
    """
    from markupsafe import Markup

    data = plan_data(result)
    if data is None:
        return {"say": say, "sliders": None}
    code = script()
    return {
        "say": say,
        "sliders": {
            "data": Markup(as_json(data)),
            "script": Markup(code),
            "fingerprint": fingerprint(code),
            "style": Markup(_text(STYLE).rstrip()),
            "by_week": result.plan.by_week is not None,
            "profit": result.analysis.margin is not None,
        },
    }


#: Ids of the sliders: no other element of a page around them may have one of these, nor begin with "name-".
IDS: Final = frozenset({
    "try", "h-try", "revenue", "revenue-range", "profit", "profit-range", "chance", "judged", "total", "total-change",
    "span-range", "span-middle", "span-low", "span-middle-says", "span-high", "live", "presets", "keep", "movers",
    "doubt", "reset", "csv", "link", "said", "address", "data",
})  # fmt: skip


@cache
def script() -> str:
    """Return the page's script, as it stands between its tags: its parts in one closure."""
    parts = "\n".join(_text(name) for name in SCRIPTS)
    return f'\n"use strict";\n(() => {{\n{indent(parts, "  ")}}})();\n'


def fingerprint(code: str) -> str:
    """Return what a page's security policy knows a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode("ascii")


def _text(name: str) -> str:
    return files("roas.report").joinpath("templates", name).read_text(encoding="utf-8").replace("\r\n", "\n")
