"""Every attribution model by name: credit, convention and interval."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.attribution.models.resample import FEWEST_REPLICATES, REPLICATES
from roas.attribution.models.rules import DIRECT, POSITION
from roas.errors import UsageError
from roas.format import visible

if TYPE_CHECKING:
    from pathlib import Path

    from roas.attribution.models.markov import Transitions
    from roas.attribution.paths import Paths
    from roas.attribution.results import Credit, Removal

#: Names, in the contract's order. Besides these: ``markov_4`` … ``markov_9``,
#: and ``custom`` where a rule file is given.
MODELS: Final = (
    "first",
    "last",
    "last_non_direct",
    "linear",
    "time_decay",
    "position",
    "w_shaped",
    "markov",
    "markov_2",
    "markov_3",
    "markov_auto",
    "shapley",
    "shapley_ordered",
)

CUSTOM: Final = "custom"

MARKOV_ORDER: Final = re.compile(r"markov_([2-9])")


@dataclass(frozen=True)
class ModelOptions:
    """Settings of the models.

    Attributes
    ----------
    direct : tuple of str
        Channels that count as direct.
    position : (first, middle, last)
        Adding up to 1.
    custom : path or None
        File of the rule ``custom``.
    replicates : int
        Redrawn sets of journeys for intervals.
    seed : int
        Of everything drawn.
    intervals : bool
    """

    direct: tuple[str, ...] = DIRECT
    position: tuple[float, float, float] = POSITION
    custom: str | Path | None = None
    replicates: int = REPLICATES
    seed: int = 0
    intervals: bool = True


@dataclass(frozen=True)
class Attributed:
    """Credit by model, and the order-1 chain behind removal effects.

    Attributes
    ----------
    credits : dict
        Model → Credit, in the order asked for.
    removal : Removal
    transitions : Transitions
    """

    credits: dict[str, Credit]
    removal: Removal
    transitions: Transitions


def attribute_paths(
    paths: Paths, models: Iterable[str] = MODELS, options: ModelOptions = ModelOptions()
) -> dict[str, Credit]:
    """Credit channels under each model.

    Parameters
    ----------
    paths : Paths
    models : iterable of str
        Of `MODELS`, ``markov_2`` … ``markov_9``, or ``custom``.
    options : ModelOptions

    Returns
    -------
    dict
        Model → Credit. Conversions and value of each add up to the observed
        totals.

    Raises
    ------
    UsageError
        For an unknown name, an option that cannot be, a model that needs
        times the paths do not carry, or a chain too large to be exact.

    Examples
    --------
    >>> from roas.attribution.paths import Paths
    >>> paths = Paths.of([("AB", 2, 30, 0), ("A", 1, 10, 1), ("B", 0, 0, 1)])
    >>> attribute_paths(paths, ["linear"])["linear"].conversions
    array([2., 1.])
    """
    from roas.attribution.models.run import Run

    return Run(paths, tuple(models), options).credits()


def attribute_all(paths: Paths, models: Iterable[str] = MODELS, options: ModelOptions = ModelOptions()) -> Attributed:
    """Credit channels under each model, with removal effects and transitions on the same redrawn journeys.

    See `attribute_paths`.
    """
    from roas.attribution.models.run import Run

    run = Run(paths, tuple(models), options, chain=True)
    return Attributed(run.credits(), run.removal(), run.transitions())


def check_models(models: Iterable[str], options: ModelOptions = ModelOptions()) -> None:
    """Refuse unknown models and options that cannot be, before anything is read.

    Raises
    ------
    UsageError
        Naming what was found and the nearest name.
    """
    names = tuple(models)
    for name in names:
        if name in MODELS or MARKOV_ORDER.fullmatch(name) or (name == CUSTOM and options.custom is not None):
            continue
        if name == CUSTOM:
            raise UsageError("--model custom needs the file of the rule, for example --custom rule.toml.")
        near = difflib.get_close_matches(name.casefold(), [*MODELS, CUSTOM], n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f'--model "{visible(name)}": no such model. {meant}Models: {", ".join(MODELS)}, {CUSTOM}.')
    if options.intervals and options.replicates < FEWEST_REPLICATES:
        raise UsageError(
            f"{options.replicates} replicates are too few for a 90 % interval; expected {FEWEST_REPLICATES} or more."
        )
