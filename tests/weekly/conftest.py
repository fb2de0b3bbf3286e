"""An account with plans, no model of it, and a language of brackets."""

from __future__ import annotations

import datetime as dt
import gettext
from typing import Any

import pandas as pd
import pytest

from roas import language
from roas.plan.aftermath import NotKnown
from roas.tables import Tables
from roas.weekly import scores as module
from tests.analysis import planned_account
from tests.weekly.plans import Light


@pytest.fixture
def account() -> Any:
    """Forty weeks up to Sunday 12 October 2025, all at today's money in the end."""
    spend = planned_account.spend()
    revenue = pd.DataFrame({"date": spend["date"].unique(), "revenue": 9000.0})
    return Light(Tables(spend, revenue, "week", "EUR"))


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """Days that a model was asked for; none is fitted."""
    asked: list[dt.date] = []

    def before(seen: Any, begins: dt.date, **_: Any) -> Any:
        asked.append(begins)
        raise NotKnown("not_settled")

    monkeypatch.setattr(module, "before", before)
    return asked


class Brackets(gettext.NullTranslations):
    """A language in which every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is said, is said in brackets; what has none was never translated."""
    monkeypatch.setattr(language, "_translations", lambda _: Brackets())
