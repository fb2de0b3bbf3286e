"""One sentence per model: how it shares a conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.attribution.models.rules import RULES

if TYPE_CHECKING:
    from roas.attribution.models.api import ModelOptions

_SHAPLEY: Final = (
    "The distinct channels of a journey share its conversion equally: the Shapley value of the game "
    "in which a set of channels keeps the journeys that use no others"
)


def convention(name: str, options: ModelOptions, *, order: int = 1) -> str:
    """Name the convention of a model.

    Parameters
    ----------
    name : str
        Of the models, ``custom`` apart: that rule names itself.
    options : ModelOptions
    order : int
        Touches that a Markov chain remembers.
    """
    if name == "position":
        first, middle, last = (f"{100 * share:g}" for share in options.position)
        return (
            f"{first} % to the first touch, {last} % to the last, {middle} % divided by those between; "
            "of two touches, first and last in proportion."
        )
    if name in RULES:
        return RULES[name].convention
    if name == "time_decay":
        return "A touch weighs half as much for each half-life that it came before the conversion."
    if name == "shapley":
        return f"{_SHAPLEY}."
    if name == "shapley_ordered":
        return (
            f"{_SHAPLEY}; a channel's part is split evenly over the places where it occurs "
            "(Zhao, Mahboobi and Bagheri, 2018)."
        )
    remembers = "the last touch" if order == 1 else f"the last {order} touches"
    chosen = ", as many as foretell unseen journeys best" if name == "markov_auto" else ""
    return (
        f"Markov chain that remembers {remembers}{chosen}, with start, conversion and null states: a channel is "
        "credited in proportion to the conversions lost when its traffic goes to null; exact, not simulated."
    )
