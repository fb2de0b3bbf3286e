"""One weekly report, made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from roas import language
from roas.report.weekly.page import weekly_page
from roas.report.weekly.pictures import weekly_pictures
from roas.weekly.record import WeeklyReport
from tests.report.weekly.example import weekly_report


@pytest.fixture(scope="session")
def weekly() -> WeeklyReport:
    return weekly_report()


@pytest.fixture(scope="session")
def weekly_source(weekly: WeeklyReport) -> str:
    """The page of `weekly`, with its charts."""
    return weekly_page(weekly, weekly_pictures(weekly))


class Bracketed:
    """A language in which every sentence stands in brackets: what has none was never translated."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: float) -> str:
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A block in which everything that is said stands in brackets."""

    @contextmanager
    def block() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(language, "_translations", lambda _: Bracketed())
            yield

    return block


def outside(text: str) -> str:
    """What stands outside of all brackets."""
    depth, kept = 0, []
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        if depth == 0 and character != "⟧":
            kept.append(character)
    assert depth == 0
    return "".join(kept)
