"""What a person decided about reading cells, for all files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from roas.io.numbers import Mark


@dataclass(frozen=True)
class ReadOptions:
    """What the person decided for all files.

    ``credits``: negative spend is subtracted (``"net"``) or refused (None).
    ``today``: the clock, only ever used to refuse dates far in the future.
    ``grain``: ``"week"`` when days will be added up to weeks anyway.
    """

    date_format: str | None = None
    decimal: Mark | None = None
    credits: str | None = None
    currency: str | None = None
    micros: frozenset[str] = field(default_factory=frozenset)
    as_of: date | None = None
    today: date = field(default_factory=date.today)
    grain: str | None = None
