"""What platforms and the shop said differently of days that were reported before."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from roas.language import speaking
from roas.weekly.corrections import Correction, corrections
from roas.weekly.week import Week
from tests.weekly.accounts import MONDAY


def restated(**columns: list[Any]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.assign(date=pd.to_datetime(frame["date"]))


def test_late_claims_of_the_last_week_are_told_as_a_share_of_it() -> None:
    rows = restated(channel=["Meta", "Meta"], date=["2025-01-06", "2025-01-01"], kind=["changed", "changed"],
                    conversion_value_before=[90.0, 10.0], conversion_value_after=[100.0, 30.0])  # fmt: skip
    known = pd.DataFrame({"channel": "Meta", "date": pd.to_datetime(["2025-01-06", "2025-01-07"]),
                          "conversion_value": [100.0, 100.0]})  # fmt: skip
    (found,) = corrections(rows, Week(MONDAY), known)
    assert found.late == pytest.approx(0.05) and found.days == 2 and found.moved("conversion_value") == 30.0
    assert found.says_late() == "5.0 % of what Meta now claims for last report's week came after that report."
    assert found.says("EUR") == "Meta corrected 2 days (1 Jan to 6 Jan): claimed revenue went from €100 to €130."


def test_a_day_that_appears_counts_in_full_and_a_new_column_corrects_nothing() -> None:
    rows = restated(channel=["A", "A", "B", "B"], date=["2025-01-06"] * 4,
                    kind=["appeared", "changed", "changed", "changed"],
                    spend_before=[None, 1.0, 1.0, 1.0], spend_after=[5.0, 1.0, 1.0, 1.0],
                    conversions_before=[None, 4.0, None, None], conversions_after=[2.0, 4.0, 7.0, 8.0])  # fmt: skip
    (found,) = corrections(rows, Week(MONDAY))
    assert (found.channel, found.moved("spend"), found.moved("conversions")) == ("A", 5.0, 2.0)


def test_a_name_that_is_new_or_gone_corrects_nothing() -> None:
    rows = restated(channel=["A", "B"], date=["2025-01-06"] * 2, kind=["appeared", "gone"],
                    spend_before=[None, 1.0], spend_after=[5.0, None])  # fmt: skip
    assert corrections(rows, Week(MONDAY)) == ()


def test_no_earlier_export_no_corrections() -> None:
    assert corrections(None, Week(MONDAY)) == ()
    assert corrections(pd.DataFrame({"date": []}), Week(MONDAY)) == ()


def test_the_shop_corrects_revenue() -> None:
    rows = restated(date=["2025-01-06"], kind=["changed"], revenue_before=[1000.0], revenue_after=[900.0])
    (found,) = corrections(rows, Week(MONDAY))
    assert found.says("EUR") == "The shop corrected 1 day (6 Jan): revenue went from €1.00K to €900."
    assert found.says_late() is None


ALL = ("spend", "conversions", "conversion_value")

SPOKEN = [
    Correction(None, MONDAY, MONDAY, 1, {"revenue": 1.0}, {"revenue": 2.0}, None),
    *(Correction("Meta", MONDAY, MONDAY, 3, dict.fromkeys(ALL, 1.0), {**dict.fromkeys(ALL, 1.0), name: 2.0}, 0.1)
      for name in ALL),
]  # fmt: skip


@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize("found", SPOKEN)
def test_every_word_is_translated(found: Correction) -> None:
    said = [text for text in (found.says("EUR"), found.says_late()) if text]
    assert said and all(text.startswith("⟦") and text.endswith("⟧") for text in said)


@pytest.mark.parametrize("spoken", ["nl", "vi"])
@pytest.mark.parametrize("found", SPOKEN)
def test_other_languages_say_something_else(found: Correction, spoken: str) -> None:
    english = found.says("EUR")
    with speaking(spoken):
        said = found.says("EUR") + (found.says_late() or "")
    assert "corrected" in english and "corrected" not in said and "claims" not in said and "{" not in said
