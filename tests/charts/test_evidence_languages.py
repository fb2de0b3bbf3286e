"""Titles of evidence in other languages: whole sentences, dates as they are said."""

from __future__ import annotations

import pytest

from roas.charts.evidence_words import evidence_title, size_says
from roas.diagnosis.metrics import METRICS
from roas.language import speaking
from tests.charts.test_evidence import exhibit


@pytest.mark.parametrize(
    ("language", "expected"), [("vi", "từ ngày 12 tháng 5"), ("nl", "sinds 12 mei 2025"), ("en", "since 12 May 2025")]
)
def test_a_title_says_its_date_as_the_language_does(language: str, expected: str) -> None:
    with speaking(language):
        assert expected in evidence_title(exhibit(), metric=METRICS["ctr"])


@pytest.mark.parametrize(
    ("language", "expected"), [("vi", "tuần điển hình"), ("nl", "doorsneeweek"), ("en", "typical week")]
)
def test_two_sizes_are_explained_in_the_language(language: str, expected: str) -> None:
    with speaking(language):
        assert expected in size_says(exhibit(), -0.4)
        assert not size_says(exhibit(), -0.26)
