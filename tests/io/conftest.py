"""Shared by the reader's tests: files in a folder of their own, refusals, both ways of reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import roas
from roas.analysis.record import Analysis
from roas.errors import RoasError

Place = Callable[[str, "str | bytes"], str]
Refusal = Callable[..., str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Write a file into an empty folder, which becomes the working one; returns the name."""
    monkeypatch.chdir(tmp_path)

    def put(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return put


@pytest.fixture
def refusal() -> Refusal:
    """The message with which `roas.analyze` refuses its arguments."""

    def refused(*arguments: Any, **options: Any) -> str:
        with pytest.raises(RoasError) as caught:
            roas.analyze(*arguments, **options)
        return str(caught.value)

    return refused


@pytest.fixture
def analysed(place: Place) -> Callable[..., Analysis]:
    """Analyse one file, ``a.csv``, of the content given: what is read, not what it causes."""
    return lambda content, **options: roas.analyze(place("a.csv", content), model=False, **options)


@pytest.fixture
def refused(place: Place, refusal: Refusal) -> Refusal:
    """The message with which one file, ``a.csv``, of the content given is refused."""
    return lambda content, **options: refusal(place("a.csv", content), **options)
