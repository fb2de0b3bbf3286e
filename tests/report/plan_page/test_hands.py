"""What a hand does on the page of a plan: links, marks, amounts typed; tried in a real browser."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from roas.analysis.what_if import WhatIf
from roas.language import speaking
from roas.plan.evaluate import evaluate
from roas.report.plan_data import plan_data
from roas.report.plan_page import page
from tests.report.plan_page.accounts import account
from tests.report.plan_page.browser import FIELD, SLIDER, cents_of, press, visited

NAMES = ("Meta", "Search", "TikTok")

#: What the page says of a link, on top of the sliders.
OTHER = """const p = document.querySelector("#try > .flag[role=status]");
  document.documentElement.dataset.other = p.hidden ? "" : p.textContent;"""


def asked(currency: str = "EUR", digests: tuple[str, ...] = ("a",), **changes: Any) -> WhatIf:
    """Money from Meta to Search, in an account of a currency, read from files of these fingerprints."""
    made_up = account(NAMES, n=80, **changes)
    today = replace(made_up.today, currency=currency)
    meta, search = today.of("Meta"), today.of("Search")
    found = evaluate(made_up.model, today, {"Meta": round(0.8 * meta), "Search": round(1.1 * search)})
    result: WhatIf = made_up.ask(found, optimized=False)
    files = tuple(SimpleNamespace(sha256=each, file="f.csv") for each in digests)
    analysis: Any = SimpleNamespace(
        **vars(result.analysis) | {"tables": SimpleNamespace(currency=currency), "inputs": files}
    )
    return replace(result, today=today, analysis=analysis)


def written(result: WhatIf) -> str:
    """The page, without the list of its files."""
    analysis: Any = SimpleNamespace(**vars(result.analysis) | {"inputs": ()})
    return page(replace(result, analysis=analysis))


@pytest.fixture(scope="module")
def source() -> str:
    return written(asked())


def data_of(result: WhatIf) -> dict[str, Any]:
    found = plan_data(result)
    assert found is not None
    return found


def test_a_link_is_known_by_files_and_by_todays_money() -> None:
    ours = data_of(asked(digests=("a", "b")))["id"]
    assert data_of(asked(digests=("b", "a")))["id"] == ours  # the order of files says nothing
    assert data_of(asked(digests=("a", "c")))["id"] != ours
    assert data_of(asked("USD", digests=("a", "b")))["id"] != ours
    assert data_of(asked(scale=1.01, digests=("a", "b")))["id"] != ours


@pytest.mark.chromium
@pytest.mark.slow
def test_a_link_of_another_account_is_refused_in_words(chromium: str, source: str, tmp_path: Path) -> None:
    theirs = visited(chromium, tmp_path, written(asked(scale=0.7)), "#check")["link"]
    ours = visited(chromium, tmp_path, source, "#check", then=OTHER)
    assert ours["other"] == ""
    found = visited(chromium, tmp_path, source, f"{theirs}-check", then=OTHER)
    assert found["cents"] == ours["cents"]
    assert found["other"].startswith("This link does not fit this page")
    moved = visited(chromium, tmp_path, source, f"{theirs}-check", then=press(SLIDER, 0) + OTHER)
    assert moved["other"] == ""
    assert visited(chromium, tmp_path, source, f"{ours['link']}-check", then=OTHER)["other"] == ""


@pytest.mark.chromium
@pytest.mark.slow
def test_a_marked_channel_stays_under_every_button(chromium: str, source: str, tmp_path: Path) -> None:
    start = cents_of(visited(chromium, tmp_path, source, "#check"))
    today_then_best = """const press = (i) => document.querySelectorAll("#presets button")[i].click();
      press(0); document.querySelectorAll(".hold input")[0].click(); %s press(1);"""
    found = visited(chromium, tmp_path, source, "#check", then=today_then_best % "")
    now = [channel["now"] for channel in data_of(asked())["channels"]]
    moved = cents_of(found)
    assert moved[0] == now[0] != start[0]
    assert sum(moved) == sum(start)
    assert moved[1] / start[1] == pytest.approx(moved[2] / start[2], rel=1e-4)
    assert found["#said"] == "Fixed, so as they were: Meta."
    free = "document.getElementById('keep').click();"
    assert cents_of(visited(chromium, tmp_path, source, "#check", then=today_then_best % free)) == [now[0], *start[1:]]


@pytest.mark.chromium
@pytest.mark.slow
def test_each_end_of_a_slider_has_its_own_words(chromium: str, source: str, tmp_path: Path) -> None:
    low = visited(chromium, tmp_path, source, "#check", then=press(FIELD, '"-5"', kind="change"))
    assert cents_of(low)[0] == 0
    assert low["#said"] == "Meta stops at €0: less than that cannot be spent."
    free = "document.getElementById('keep').click();"
    high = visited(chromium, tmp_path, source, "#check", then=free + press(FIELD, '"1e9"', kind="change"))
    assert "no number" in high["#said"]
    high = visited(chromium, tmp_path, source, "#check", then=free + press(FIELD, '"999,999,999"', kind="change"))
    assert high["#said"].startswith("Meta goes up to")
    keys = """const field = document.querySelector(".amount input"), key = (key) =>
      field.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
      document.getElementById('keep').click(); key("ArrowUp"); key("ArrowUp"); key("ArrowDown");
      field.dispatchEvent(new Event("input", {bubbles: true}));"""
    start, after = (cents_of(visited(chromium, tmp_path, source, "#check", then=then)) for then in ("0", keys))
    assert after[0] > start[0]
    assert after[1:] == start[1:]


#: What is typed → cents, or what is wrong with it, by language.
TYPED: dict[str, dict[str, float | str]] = {
    "en": {
        "1,234": 1234, "1,234.5": 1234.5, "1234.56": 1234.56, "€1,234,567": 1234567, " 12 345 ": 12345, "12,5": 12.5,
        "-5": -5, "−5": -5, "0.125": 0.125, "1.234": "open", "1234,567": "open", "1.234.567": 1234567, ".5": 0.5,
        "": "no_number", "abc": "no_number", "1,23,4": "no_number", "1,2.3,4": "no_number", "1e3": "no_number",
        "12.34.567": "no_number",
    },
    "nl": {"1.234": 1234, "1.234,5": 1234.5, "€ 1.234.567,89": 1234567.89, "1,234": "open", "12.5": 12.5, "0,5": 0.5},
    "vi": {"1.234.567": 1234567, "1.234,5": 1234.5, "1,234": "open", "1234": 1234},
}  # fmt: skip


@pytest.mark.chromium
@pytest.mark.slow
@pytest.mark.parametrize("language", TYPED)
def test_fields_show_grouped_digits_and_read_them_back(chromium: str, tmp_path: Path, language: str) -> None:
    with speaking(language):
        inside = written(asked(scale=10_000_000))
    texts = list(TYPED[language])
    cents = [0, 5, 99_99, 100_00, 1_234_00, 123_456_789, 10**13 + 1]
    written_down = f"""document.documentElement.dataset.read = JSON.stringify({texts}.map(amountOf));
      document.documentElement.dataset.back = JSON.stringify({cents}.map((c) => [written(c), amountOf(written(c)).value]));
      // ---- start ---"""
    inside = inside.replace("// ---- start ---", written_down)
    field = f"""const f = document.querySelector('{FIELD}'); document.documentElement.dataset.field = f.value;
      document.documentElement.dataset.cut = [...document.querySelectorAll('{FIELD}')]
        .some((e) => {{ e.value = e.value.replace(/[0-9]/g, "0"); return e.scrollWidth > e.clientWidth; }});"""
    found = visited(chromium, tmp_path, inside, "#check", then=field)
    said = [each.get("problem", each.get("value")) for each in json.loads(found["read"])]
    assert dict(zip(texts, said, strict=True)) == TYPED[language]
    back = json.loads(found["back"])
    assert [value for _, value in back] == [each / 100 for each in cents]
    assert back[5][0] == {"en": "1,234,567.89"}.get(language, "1.234.567,89")
    group = "," if language == "en" else "."
    assert group in found["field"]
    assert found["cut"] == "false"


@pytest.mark.chromium
@pytest.mark.slow
def test_a_yen_is_whole_and_the_total_stays_to_the_hundredth(chromium: str, tmp_path: Path) -> None:
    result = asked("JPY", scale=1.2345678)
    now = [channel["now"] for channel in data_of(result)["channels"]]
    assert any(each % 100 for each in now)
    today = "document.querySelectorAll('#presets button')[0].click();"
    found = visited(chromium, tmp_path, written(result), "#check", then=today + press(SLIDER, 12_345))
    moved = cents_of(found)
    assert sum(moved) == sum(now)
    assert sum(each % 100 != 0 for each in moved) <= 1  # one channel holds what today's total has beyond whole yen
    assert moved[0] % 100 == 0
    ends = [channel["money"][-1] for channel in data_of(result)["channels"]]
    assert not any(each % 100 for each in ends)


def test_a_plan_for_a_target_is_judged_as_every_split_of_the_page_is() -> None:
    result = asked()
    aimed = replace(result.plan, probability_better=0.123, facts={**result.plan.facts, "objective": "target_roas"})
    said = data_of(replace(result, plans=(aimed,)))["presets"][0]["said"]
    assert said["better"] == float((result.worth(result.plan) > 0).mean())
    assert said["better"] != 0.123
