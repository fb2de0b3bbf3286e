"""What a person may say about an analysis, by the names of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from roas.calendar import parse_day
from roas.errors import UsageError
from roas.io.load import LoadOptions
from roas.io.normalise import ReadOptions
from roas.io.recognise import Overrides, parse_map


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
        """Check the options and put them in the shape that reading takes."""
        texts = self.map if not isinstance(self.map, Mapping) else [
            f"{k}={h}" for k, heads in self.map.items() for h in ([heads] if isinstance(heads, str) else heads)
        ]  # fmt: skip
        currency = self.currency.upper() if self.currency else None
        if currency is not None:
            from roas.io.headers import iso_currencies

            if currency not in iso_currencies():
                raise UsageError(f'--currency "{self.currency}" is no ISO 4217 code. Write EUR, USD, VND, …')
        for name, value, allowed in (
            ("decimal", self.decimal, (".", ",")), ("credits", self.credits, ("net",)), ("grain", self.grain, ("day", "week")),
            ("overlap", self.overlap, ("auto", "add", "replace")),
        ):  # fmt: skip
            if value is not None and value not in allowed:
                raise UsageError(f'--{name} "{value}" is not known. Use {" or ".join(allowed)}.')
        as_of = parse_day(self.as_of, option="--as-of") if isinstance(self.as_of, str) else self.as_of
        read = ReadOptions(
            self.date_format, self.decimal, self.credits, currency, frozenset(self.micros), as_of
        )  # type: ignore[arg-type]
        columns = Overrides(parse_map([str(t) for t in texts]), self.platform, self.channel)
        return LoadOptions(read, columns, currency, self.fx, self.grain, self.overlap)  # type: ignore[arg-type]
