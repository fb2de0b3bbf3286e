"""Every choice that the figures of one attribution depend on, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.models.shapley import PLACES
from roas.charts.attribution.states import CONVERSION, NULL, OTHER, START

if TYPE_CHECKING:
    from roas.attribution.models import ModelOptions
    from roas.attribution.results import Credit, Journeys

_WEEKS: Final = (
    "Each ISO week's ended journeys are shared out by themselves; for Markov and Shapley the weeks of a channel need "
    "not add up to its total. Weeks that the data do not cover wholly are marked as not complete."
)


def agreed(
    journeys: Journeys, credits: Mapping[str, Credit], *, by: str, settings: ModelOptions, fewest: int, weekly: bool
) -> dict[str, Any]:
    """Name the conventions of one attribution, in the order of the work.

    Parameters
    ----------
    journeys : Journeys
    credits : mapping of str to Credit
        What was run: only what these depend on is named.
    by : {"channel", "campaign"}
    settings : ModelOptions
        As the models were run.
    fewest : int
        Journeys that a group must stand for; 0 lists all.
    weekly : bool
        Whether credit by week stands beside.
    """
    timed = journeys.lookback_days is not None
    ranged = any(c.conversions_interval is not None for c in credits.values())
    return {
        "credit_for": by,
        **(_timed(journeys) if timed else _untimed()),
        "nulls": _nulls(journeys),
        **_models(journeys, credits, settings.position, settings.direct),
        "intervals": _intervals(settings) if ranged else "None.",
        **({"weeks": _WEEKS} if weekly else {}),
        "privacy": _privacy(fewest),
        "names": f"{START}, {CONVERSION}, {NULL} and {OTHER} stand for no channel; place {PLACES} holds all later ones too.",
        "models": {name: credit.convention for name, credit in credits.items()},
    }


def _timed(journeys: Journeys) -> dict[str, str]:
    return {
        "journey": "A journey ends at its conversion; a person's next journey begins after it. Touches after the last "
        "conversion are a journey without conversion of their own.",
        "lookback": f"Touches count up to {journeys.lookback_days} days before the journey's end: its conversion, or its "
        "last touch where it did not convert.",
        "causality": "No touch after a conversion gets credit for it.",
        "duplicates": "Rows that repeat another in id, time, channel, conversion and value count once.",
        "ties": "At one time a touch comes before a conversion, and touches follow the order of the channels' names.",
        "no_touch": "Conversions without a touch inside the window are in no model's credit; see unattributed.",
    }


def _untimed() -> dict[str, str]:
    return {
        "journey": "One path is one journey, as the file gives it.",
        "lookback": "None: paths carry no times.",
    }


def _nulls(journeys: Journeys) -> str:
    if journeys.nulls_known:
        return "Journeys that did not convert are in the file and count."
    return (
        "Journeys that did not convert are not in the file: a channel's removal effect then tells only how often "
        "journeys that converted pass through it."
    )


def _models(
    journeys: Journeys, credits: Mapping[str, Credit], position: Sequence[float], direct: Sequence[str]
) -> dict[str, Any]:
    """Name what the models that were run depend on."""
    said: dict[str, Any] = {}
    if "position" in credits:
        said["position"] = "/".join(f"{100 * share:g}" for share in position) + _TWO
    if "w_shaped" in credits:
        said["w_shaped"] = "30 first, 30 middle, 30 last, 10 over the rest; equal parts up to three touches"
    if "time_decay" in credits:
        said["half_life"] = f"{journeys.half_life_days:g}d"
    if "last_non_direct" in credits:
        said["direct"] = list(direct)
    if any(name.startswith("markov") for name in credits):
        said["markov"] = (
            "Absorbing chain with start, conversion and null; removing a channel sends its traffic to null; exact, not "
            "simulated; self-transitions kept; credit in proportion to removal effects; value by the same chain with the "
            "expected value as reward."
        )
    if any(name.startswith("shapley") for name in credits):
        said["shapley"] = (
            "A set of channels is worth the conversions (or the value) of all journeys that touch no other channel. "
            "Exact, at any number of channels."
        )
    if "shapley_ordered" in credits:
        said["shapley_ordered"] = (
            "Zhao, Mahboobi and Bagheri (2018): each channel's part of a journey, split evenly over its places in it."
        )
    return said


_TWO: Final = "; of two touches, first and last in proportion"


def _intervals(settings: ModelOptions) -> dict[str, Any]:
    return {
        "level": 0.9,
        "resampled": "journeys, with the outcome of each: drawn again, or worked out from what each journey adds where "
        "there are very many; facts say which",
        "replicates": settings.replicates,
        "seed": settings.seed,
        "says": "How far chance in the journeys moves credit. Not how far credit is from what the channel caused.",
    }


def _privacy(fewest: int) -> str:
    if not fewest:
        return "Nothing is hidden: --show-small was given. Not for passing on."
    return (
        f"Paths, steps, weeks and places of fewer than {fewest} journeys are not listed by themselves but counted as "
        f"{OTHER} or left out; where {OTHER} itself would be so few, the next larger group joins it. Totals of channels are never hidden, so that credit adds up. No ids are kept."
    )
