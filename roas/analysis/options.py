"""What a person may say about an analysis, by the names of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from roas.calendar import parse_day
from roas.errors import UsageError
from roas.io.headers import iso_currencies
from roas.io.load import LoadOptions
from roas.io.normalise import ReadOptions
from roas.io.recognise import Overrides, parse_map

if TYPE_CHECKING:
    from roas.io.merge import Overlap
    from roas.io.numbers import Mark


@dataclass(frozen=True)
class Options:
    """What a person may say about an analysis; the command line's options by name."""

    map: Sequence[str] | Mapping[str, str | Sequence[str]] = ()
    platform: str | None = None
    channel: str | None = None
    currency: str | None = None
    fx: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    credits: str | None = None
    micros: Sequence[str] = ()
    grain: str | None = None
    overlap: str = "auto"
    as_of: str | date | None = None

    def load_options(self) -> LoadOptions:
        """Check the options and put them in the shape that reading takes.

        Raises
        ------
        UsageError
            An option whose value is not known.
        """
        currency = self._currency()
        _one_of("decimal", self.decimal, (".", ","))
        _one_of("credits", self.credits, ("net",))
        _one_of("grain", self.grain, ("day", "week"))
        _one_of("overlap", self.overlap, ("auto", "add", "replace"))
        as_of = parse_day(self.as_of, option="--as-of") if isinstance(self.as_of, str) else self.as_of
        read = ReadOptions(
            date_format=self.date_format,
            decimal=cast("Mark | None", self.decimal),
            credits=self.credits,
            currency=currency,
            micros=frozenset(self.micros),
            as_of=as_of,
        )
        columns = Overrides(parse_map(self._map_texts()), self.platform, self.channel)
        return LoadOptions(read, columns, currency, self.fx, self.grain, cast("Overlap", self.overlap))

    def _map_texts(self) -> list[str]:
        if not isinstance(self.map, Mapping):
            return [str(t) for t in self.map]
        pairs = ((k, [heads] if isinstance(heads, str) else heads) for k, heads in self.map.items())
        return [f"{canonical}={head}" for canonical, heads in pairs for head in heads]

    def _currency(self) -> str | None:
        if not self.currency:
            return None
        if self.currency.upper() not in iso_currencies():
            raise UsageError(f'--currency "{self.currency}" is no ISO 4217 code. Write EUR, USD, VND, …')
        return self.currency.upper()


def _one_of(option: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        raise UsageError(f'--{option} "{value}" is not known. Use {" or ".join(allowed)}.')
