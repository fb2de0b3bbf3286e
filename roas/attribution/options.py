"""How journeys are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from roas.io.reading import ReadOptions
from roas.io.recognise import Overrides


@dataclass(frozen=True)
class JourneyOptions:
    """How journeys are read.

    Attributes
    ----------
    lookback_days : int
        Days before a journey's end in which touches count.
    half_life_days : float
        Of the time decay.
    by : {"channel", "campaign"}
        What gets credit.
    weekly : bool or None
        Keep weeks apart; None: where times are known.
    conversion : sequence of str
        Words that mean a conversion.
    separator : str or None
        What stands between the touches of a path.
    engine : {"duckdb", "spark"}
    spark_master : str or None
        Address of a Spark cluster; None starts Spark here.
    read : ReadOptions
    columns : Overrides
    given : frozenset of str
        Options that the person gave, as the command line spells them: one that
        cannot apply is refused.
    """

    lookback_days: int = 90
    half_life_days: float = 7.0
    by: Literal["channel", "campaign"] = "channel"
    weekly: bool | None = False
    conversion: Sequence[str] = ()
    separator: str | None = None
    engine: str = "duckdb"
    spark_master: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    columns: Overrides = field(default_factory=Overrides)
    given: frozenset[str] = frozenset()
