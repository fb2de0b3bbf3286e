"""Spend, claims and effects over some dates, and the credit of journeys beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.analysis.credited_rows import Row, Total, Worth
from roas.attribution.scaled import Caused
from roas.io.headers import fold
from roas.metrics import exact_sum
from roas.quantiles import Q

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from roas.analysis.credited_dates import Shared
    from roas.attribution.attribution import Attribution
    from roas.attribution.results import Journeys
    from roas.response import ResponseResults
    from roas.tables import Tables

    Floats = npt.NDArray[np.float64]

#: Where what was caused comes from, in ``attribution.json``.
SOURCE: Final = "this analysis"

#: Days in a period.
DAYS: Final[Mapping[str, int]] = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Sides:
    """Spend, claims and draws of what was caused, by folded name."""

    names: Mapping[str, str]
    spend: Mapping[str, float]
    claimed: Mapping[str, float | None]
    draws: Mapping[str, Floats]
    identified: Mapping[str, str]

    @classmethod
    def of(cls, tables: Tables, dates: Shared, model: ResponseResults | None) -> Sides:
        """Add up over the shared dates."""
        rows = tables.spend
        share = dates.covers(rows["date"].to_numpy().astype("datetime64[D]"), DAYS[tables.grain])
        rows = rows.assign(spend=rows["spend"] * share, conversion_value=rows["conversion_value"] * share)[share > 0]
        parts = rows.groupby(rows["channel"].astype(str).map(fold), sort=True)
        names, spend, claimed = {}, {}, {}
        for key, part in parts:
            spend[str(key)] = exact_sum(part["spend"]) or 0.0
            claimed[str(key)] = exact_sum(part["conversion_value"])
            names[str(key)] = _largest(part)
        draws, identified = _draws(model, dates) if model is not None else ({}, {})
        return cls(names, spend, claimed, draws, identified)

    def caused(self, journeys: Journeys, dates: Shared, notes: tuple[str, ...]) -> Caused | None:
        """Return what `attributed` puts beside credit; None without estimates, and where dates differ."""
        if not self.draws or dates.same is False or not journeys.paths.value.any():
            return None
        revenue = {self.names[key]: Q.of(draws) for key, draws in self.draws.items() if key in self.names}
        claims = {self.names[k]: claim for k, claim in self.claimed.items() if k in self.draws and claim is not None}
        return Caused(SOURCE, "analysis", revenue, claims, dates.start.isoformat(), dates.end.isoformat(), notes)

    def beside(self, result: Attribution, same: bool | None) -> tuple[list[Row], Total | None]:
        """Return the channels that both sides know, largest spend first, and their sum."""
        groups = self._groups(result)
        both = [key for key in self.names if key in groups]
        rows = [self._row(self.names[key], [key], groups[key], result, same) for key in both]
        rows.sort(key=lambda row: (-row.spend, row.channel))
        if not both:
            return [], None
        whole = self._row("", both, [place for key in both for place in groups[key]], result, same)
        return rows, Total(**vars(whole), rows=tuple(rows))

    def unmatched(self, result: Attribution) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return channels that journeys alone know, most credit first, and those that spend alone knows."""
        groups = self._groups(result)
        credit = result.leading.value + result.leading.conversions if result.credits else np.zeros(len(result.channels))
        order = sorted(range(len(result.channels)), key=lambda c: (-credit[c], result.channels[c]))
        alone = sorted((k for k in self.names if k not in groups), key=lambda k: (-self.spend[k], k))
        return (
            tuple(result.channels[c] for c in order if fold(result.channels[c]) not in self.names),
            tuple(self.names[k] for k in alone),
        )

    @staticmethod
    def _groups(result: Attribution) -> dict[str, list[int]]:
        groups: dict[str, list[int]] = {}
        for place, name in enumerate(result.channels):
            groups.setdefault(fold(name), []).append(place)
        return groups

    def _row(self, name: str, keys: list[str], places: list[int], result: Attribution, same: bool | None) -> Row:
        known = [self.claimed[k] for k in keys if self.claimed[k] is not None]
        drawn = [self.draws[k] for k in keys if k in self.draws]
        said = {self.identified[k] for k in keys if k in self.identified}
        return Row(
            name,
            round(math.fsum(self.spend[k] for k in keys), 6),
            round(math.fsum(c for c in known if c is not None), 6) if known else None,
            float(result.leading.conversions[places].sum()) if result.credits else 0.0,
            _worth(result, places),
            Q.of(np.sum(drawn, axis=0)) if drawn else None,
            said.pop() if len(said) == 1 else None,
            same,
        )


def _worth(result: Attribution, places: list[int]) -> Worth | None:
    """Add up the value that each model credits to some channels."""
    if not result.credits or not result.value:
        return None
    sums = {name: float(credit.value[places].sum()) for name, credit in result.credits.items()}
    return Worth(sums[result.leading.model], min(sums.values()), max(sums.values()))


def _largest(part: pd.DataFrame) -> str:
    """Return the spelling with the most spend."""
    sums = part.groupby(part["channel"].astype(str), sort=True)["spend"].sum()
    return str(sums.idxmax())


def _draws(model: ResponseResults, dates: Shared) -> tuple[dict[str, Floats], dict[str, str]]:
    """Return draws of what each channel caused over the dates, and how far data say so."""
    share = dates.covers(model.data.dates, DAYS[model.data.grain])
    draws: dict[str, Floats] = {}
    identified: dict[str, set[str]] = {}
    for place, name in enumerate(model.data.channels):
        key = fold(name)
        path = model.curves.contribution(place)
        # added in one piece where all of it counts: to the digit what `channels` says
        summed = np.asarray((path if (share == 1).all() else path * share).sum(axis=1))
        draws[key] = draws[key] + summed if key in draws else summed
        identified.setdefault(key, set()).add(model.channel(name).verdict.identified)
    return draws, {key: (words.pop() if len(words) == 1 else "partly") for key, words in identified.items()}
