"""Attributed value beside what a channel caused, and credit scaled to it. Scaled figures are no attribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.io.headers import fold

if TYPE_CHECKING:
    from roas.attribution.results import Credit
    from roas.quantiles import Q

#: What every scaled figure is called. Never "attributed".
LABEL: Final = "scaled to incremental"


@dataclass(frozen=True)
class Caused:
    """Revenue that channels caused, from a model or from lift tests.

    Attributes
    ----------
    source : str
        Name of the file.
    kind : str
        ``"analysis"`` or ``"lift tests"``.
    revenue : mapping of channel to Q
        Currency, over the dates `start` to `end`.
    claimed : mapping of channel to float
        What platforms claim over the same dates, where that is known.
    start, end : str or None
        ISO dates that `revenue` stands for.
    notes : tuple of str
    """

    source: str
    kind: str
    revenue: Mapping[str, Q]
    claimed: Mapping[str, float]
    start: str | None = None
    end: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScaledRow:
    """One channel: what models attribute, what it claims, what it caused, currency.

    ``factors`` are caused revenue over attributed value, by model; None
    where nothing is attributed. ``parts`` are the channel's campaigns, each
    by model its share of the caused revenue's middle; empty without campaigns.
    """

    channel: str
    attributed: Mapping[str, float]
    caused: Q
    claimed: float | None
    factors: Mapping[str, float | None]
    parts: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True)
class Scaled:
    """Channels that both sides know, and those that only one knows."""

    caused: Caused
    rows: tuple[ScaledRow, ...]
    only_attributed: tuple[str, ...]
    only_caused: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain types, labelled for what they are."""
        return {
            "label": LABEL,
            "says": "Not attribution: revenue that each channel caused, beside the value that models attribute to it.",
            "source": self.caused.source,
            "kind": self.caused.kind,
            "window": {"start": self.caused.start, "end": self.caused.end},
            "channels": [
                {
                    "channel": row.channel,
                    "attributed": dict(row.attributed),
                    "claimed": row.claimed,
                    "caused": row.caused.to_dict(),
                    "factors": dict(row.factors),
                    "scaled_parts": [{"name": name, "value": dict(v)} for name, v in row.parts.items()],
                }
                for row in self.rows
            ],
            "unmatched": {"attributed": list(self.only_attributed), "caused": list(self.only_caused)},
            "notes": list(self.caused.notes),
        }


def scale(
    channels: tuple[str, ...],
    credits: Mapping[str, Credit],
    caused: Caused,
    *,
    parents: Mapping[str, str] | None = None,
) -> Scaled:
    """Put attributed value beside caused revenue, and scale the one to the other.

    Parameters
    ----------
    channels : tuple of str
        What credit is by.
    caused : Caused
    parents : mapping, optional
        Channel of each entry of `channels`, where these are campaigns.

    Notes
    -----
    ``factor = caused / attributed`` of a channel, with the middle of what it
    caused; a campaign's scaled value is its attributed value times the
    factor of its channel, so that a channel's campaigns add up to what the
    channel caused. Names are matched without regard to case and spaces.
    """
    known = {fold(name): name for name in caused.revenue}
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(channels):
        groups.setdefault(fold((parents or {}).get(name, name)), []).append(place)
    rows = [
        _row(known[key], [channels[p] for p in places], places, credits, caused, campaigns=parents is not None)
        for key, places in sorted(groups.items())
        if key in known
    ]
    rows.sort(key=lambda row: (-row.caused.p50, row.channel))
    alone = sorted(
        {
            (parents or {}).get(channels[places[0]], channels[places[0]])
            for k, places in groups.items()
            if k not in known
        }
    )
    return Scaled(caused, tuple(rows), tuple(alone), tuple(sorted(n for k, n in known.items() if k not in groups)))


def _row(
    name: str, names: list[str], places: list[int], credits: Mapping[str, Credit], caused: Caused, *, campaigns: bool
) -> ScaledRow:
    whole = caused.revenue[name]
    attributed = {model: float(credit.value[places].sum()) for model, credit in credits.items()}
    factors = {model: whole.p50 / value if value > 0 else None for model, value in attributed.items()}
    parts: dict[str, dict[str, float | None]] = {}
    for own, place in zip(names, places, strict=True) if campaigns else ():
        parts[own] = {
            model: None if factor is None else float(credits[model].value[place]) * factor
            for model, factor in factors.items()
        }
    return ScaledRow(name, attributed, whole, caused.claimed.get(name), factors, parts)
