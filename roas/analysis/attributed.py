"""Read journeys, run the models, return one record: ``roas.attribute``."""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from roas import __version__
from roas.analysis.attribute_options import check_kinds, reading_options, words_of
from roas.analysis.document import input_document
from roas.attribution.agreed import agreed
from roas.attribution.attribution import Attribution
from roas.errors import UsageError
from roas.limits import FEWEST_JOURNEYS

if TYPE_CHECKING:
    from roas.attribution.models import ModelOptions
    from roas.attribution.paths import Paths
    from roas.attribution.results import Credit, Journeys, Removal
    from roas.attribution.scaled import Caused
    from roas.io.load import Progress

#: Run where no model is named, as far as the data allow.
DEFAULT: Final = (
    *("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped"),
    *("markov", "markov_auto", "shapley", "shapley_ordered"),
)

#: Where nothing else is said; `docs/attribution.md` says what was agreed and why.
LOOKBACK: Final = "90d"
HALF_LIFE: Final = "7d"


def attribute(
    journeys: Any,
    *,
    models: str | Sequence[str] | None = None,
    lookback: str | int | None = None,
    half_life: str | float | None = None,
    position: Sequence[float] | str = (40, 20, 40),
    direct: Sequence[str] = (),
    weights: str | Path | None = None,
    by: str = "channel",
    weekly: bool = False,
    conversion: Sequence[str] = (),
    separator: str | None = None,
    intervals: bool = True,
    show_small: bool = False,
    engine: str = "duckdb",
    spark_master: str | None = None,
    incremental: Any = None,
    progress: Progress | None = None,
    **options: Any,
) -> Attribution:
    """Share conversions out to the channels of their journeys.

    Parameters
    ----------
    journeys : path, DataFrame, or a sequence of them
        Touchpoints (a user or journey id, a time, a channel, perhaps
        ``conversion`` and ``conversion_value``), or paths (``path``,
        ``conversions``, ``value``, ``nulls``).
    models : str or sequence of str, optional
        Names; all that the data allow where none is given.
    lookback : str or int, optional
        Whole days before a conversion in which touches count, ``"30d"``; 90
        where none is given. Paths carry no times and refuse it.
    half_life : str or float, optional
        Of the time decay, in days; 7 where none is given.
    position : three numbers
        Shares of first, middle and last touch; they add up to 1 or to 100.
    direct : sequence of str
        Names that mean a direct visit, beside the usual ones.
    weights : path, optional
        Custom rules: see the documentation.
    by : {"channel", "campaign"}
    weekly : bool
        Credit week by week too; needs times.
    conversion : sequence of str
        Events that are conversions, where the file names events.
    separator : str, optional
        What stands between the channels of a path.
    intervals : bool
        Resample journeys for 90 % intervals.
    show_small : bool
        List groups of fewer than ten journeys too. For your own eyes.
    engine : {"duckdb", "spark"}
    spark_master : str, optional
        Address of a Spark cluster.
    incremental : path or DataFrame, optional
        An ``analysis.json`` or lift tests: values are put beside, and scaled
        to, what channels caused. Labelled so, and no attribution.
    **options
        ``map``, ``date_format``, ``decimal``, ``currency``: as on the command line.

    Returns
    -------
    Attribution
        Credit is not cause.

    Raises
    ------
    InputError
        A file that cannot be used: where, what, and the next step.
    UsageError
        An option that cannot be honoured.
    """
    from roas.analysis.incremental import read_caused
    from roas.attribution.journeys import JourneyOptions, read_journeys, refuse_nothing_sold
    from roas.attribution.touches.times import check_pattern
    from roas.io.recognise import Overrides

    began, started = time.perf_counter(), datetime.now(UTC)
    say = progress or (lambda _: None)
    check_kinds(journeys, models, direct, weights, conversion, separator, incremental)
    asked, settings = _settings(models, position, direct, weights, intervals=intervals)
    load = reading_options(options, inspect.signature(attribute).parameters).load_options()
    check_pattern(load.read.date_format)
    said = {"--lookback": lookback, "--half-life": half_life, "--date-format": load.read.date_format,
            "--map": load.columns.mapping or None}  # fmt: skip
    chosen = JourneyOptions(
        lookback_days=int(days_of(LOOKBACK if lookback is None else lookback, option="--lookback", whole=True)),
        half_life_days=days_of(HALF_LIFE if half_life is None else half_life, option="--half-life", whole=False),
        by=_by(by),
        weekly=weekly,
        conversion=words_of(conversion),
        separator=separator,
        engine=_engine(engine, spark_master),
        spark_master=spark_master,
        read=load.read,
        columns=load.columns,
        given=frozenset(option for option, value in said.items() if value is not None),
    )
    found, reports = read_journeys(journeys, chosen, say)
    refuse_nothing_sold(found, reports)
    found = replace(found, currency=found.currency or load.currency)
    caused = None
    if incremental is not None:
        # --map is about journeys: lift tests have columns of their own.
        caused = read_caused(
            incremental, replace(load, columns=Overrides()), start=found.start, end=found.end, currency=found.currency
        )
    say("sharing out credit")
    result = attributed(
        found, models=asked, settings=settings, fewest=0 if show_small else FEWEST_JOURNEYS, caused=caused, by=by
    )
    noted = {note for report in reports for note in report.findings.notes}
    return replace(
        result,
        reports=tuple(reports),
        inputs=tuple(input_document(report) for report in reports),
        notes=(*(note for note in found.notes if note not in noted), *result.notes),
        run={
            "version": __version__,
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - began, 3),
        },
    )


def _by(given: str) -> Literal["channel", "campaign"]:
    if given == "channel":
        return "channel"
    if given == "campaign":
        return "campaign"
    raise UsageError(f'--by "{given}" is not known. Use channel or campaign.')


def _engine(given: str, master: str | None) -> str:
    if given not in ("duckdb", "spark"):
        raise UsageError(f'--engine "{given}" is not known. Use duckdb or spark.')
    if master is not None and given != "spark":
        raise UsageError("--spark-master needs --engine spark.")
    return given


def attributed(
    journeys: Journeys,
    *,
    models: Sequence[str] | None = None,
    settings: ModelOptions | None = None,
    fewest: int = FEWEST_JOURNEYS,
    caused: Caused | None = None,
    by: str = "channel",
    notes: Sequence[str] = (),
) -> Attribution:
    """Run the models on journeys that have been read.

    Parameters
    ----------
    journeys : Journeys
    models : sequence of str, optional
        All that the journeys allow where none is named.
    settings : ModelOptions, optional
    fewest : int
        Journeys that a group must stand for to be listed; 0 lists all.
    caused : Caused, optional
        Put beside the attributed value.
    by : {"channel", "campaign"}

    Returns
    -------
    Attribution
        Without reports, inputs and run.
    """
    from roas.attribution.models import ModelOptions, attribute_paths
    from roas.attribution.scaled import scale
    from roas.attribution.weeks import by_week

    paths, chosen = journeys.paths, settings or ModelOptions()
    credits, removal, doubts = _run(journeys, models, chosen)
    weekly = None
    if credits and paths.periods is not None:
        plain, same = replace(chosen, intervals=False), _each_week(credits)
        run = tuple(dict.fromkeys(same.values()))

        def share(week: Paths) -> dict[str, Credit]:
            found = attribute_paths(week, run, plain)
            return {name: found[as_run] for name, as_run in same.items()}

        weekly = by_week(paths, share)
    return Attribution(
        journeys,
        credits,
        removal=removal,
        conventions=agreed(journeys, credits, by=by, settings=chosen, fewest=fewest, weekly=weekly is not None),
        weeks=weekly,
        scaled=None if caused is None else scale(paths.channels, credits, caused, parents=_parents(paths)),
        fewest=fewest,
        notes=(*notes, *doubts),
    )


def _run(
    journeys: Journeys, models: Sequence[str] | None, settings: ModelOptions
) -> tuple[dict[str, Credit], Removal | None, list[str]]:
    """Run the models; of those that nobody asked for, leave out a chain that is too large to be exact."""
    from roas.attribution.models import attribute_all, attribute_paths

    if not journeys.paths.conversions.any():
        return {}, None, ["No conversion has a touch inside the lookback window: there is no credit to share out."]
    names = list(models) if models else _default(journeys, settings)
    doubts: list[str] = []
    while True:
        try:
            if models is None and "markov" not in names:
                return attribute_paths(journeys.paths, names, settings), None, doubts
            found = attribute_all(journeys.paths, names, settings)
            return found.credits, found.removal, doubts
        except UsageError as error:
            large = next((name for name in ("markov_auto", "markov") if name in names), None)
            if models is not None or large is None:
                raise
            names.remove(large)
            doubts.append(f"{large} was left out: {error}")


def _default(journeys: Journeys, settings: ModelOptions) -> list[str]:
    """Return the models that the journeys allow: time decay needs times, own weights a file."""
    named = [name for name in DEFAULT if name != "time_decay" or journeys.paths.decay is not None]
    return [*named, *(["custom"] if settings.custom else [])]


def _each_week(credits: Mapping[str, Credit]) -> dict[str, str]:
    """Return which model to run on each week for each of the whole: an automatic order is chosen only once."""
    return {name: _as_run(credit) if name == "markov_auto" else name for name, credit in credits.items()}


def _as_run(credit: Credit) -> str:
    order = credit.facts.get("order", 1)
    return "markov" if order == 1 else f"markov_{order}"


def _parents(paths: Paths) -> dict[str, str] | None:
    """Return the channel of each campaign; None where credit is by channel."""
    return None if paths.parents is None else dict(zip(paths.channels, paths.parents, strict=True))


def _settings(
    models: str | Sequence[str] | None,
    position: Sequence[float] | str,
    direct: Sequence[str],
    weights: str | Path | None,
    *,
    intervals: bool,
) -> tuple[tuple[str, ...] | None, ModelOptions]:
    """Check what can be checked before a file is read."""
    from roas.attribution.models import ModelOptions, check_models
    from roas.attribution.models.custom import read_rule
    from roas.attribution.models.rules import DIRECT as USUAL

    names = model_names(models)
    settings = ModelOptions(
        direct=(*USUAL, *([direct] if isinstance(direct, str) else direct)),
        position=position_shares(position),
        custom=weights,
        intervals=intervals,
    )
    if names and "custom" in names and weights is None:
        raise UsageError("--model custom needs a file with the shares: add --weights rule.toml.")
    if names and weights is not None and "custom" not in names:
        names = (*names, "custom")
    check_models(names or (), settings)
    if weights is not None:
        read_rule(weights)
    return names, settings


_DAYS: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) *(?:d|day|days)?", re.IGNORECASE)


def days_of(given: str | float, *, option: str, whole: bool) -> float:
    """Read a number of days above zero.

    Examples
    --------
    >>> days_of("30d", option="--lookback", whole=True), days_of(0.5, option="--half-life", whole=False)
    (30.0, 0.5)
    """
    read = _DAYS.fullmatch(str(given).strip())
    days = float(read[1]) if read else 0.0
    if days > 0 and (not whole or days.is_integer()):
        return days
    what = "a number of whole days above zero" if whole else "a number of days above zero"
    hint = " Hours are not offered: a day is the smallest window." if str(given).strip().endswith("h") else ""
    raise UsageError(f'{option} "{given}" is not {what}. Write it as 30d.{hint}')


def position_shares(given: Sequence[float] | str) -> tuple[float, float, float]:
    """Read shares of first, middle and last touch, in percent or as parts of 1.

    Examples
    --------
    >>> position_shares("40,20,40"), position_shares((0.5, 0, 0.5))
    ((0.4, 0.2, 0.4), (0.5, 0.0, 0.5))
    """
    try:
        shares = [float(x) for x in (given.split(",") if isinstance(given, str) else given)]
    except (TypeError, ValueError):
        shares = []
    total = sum(shares)
    for whole in (1.0, 100.0):
        if len(shares) == 3 and abs(total - whole) < 1e-6 * whole and all(x >= 0 for x in shares):
            first, middle, last = (x / whole for x in shares)
            return first, middle, last
    parts = given if isinstance(given, list | tuple) else [given]
    shown = ",".join(f"{x}" for x in parts)
    raise UsageError(
        f'--position "{shown}": give the shares of first, middle and last touch, none below zero, that add up to 100, '
        "for example 40,20,40."
    )


def model_names(given: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Spell names of models as the contract does; None where none is named.

    Examples
    --------
    >>> model_names(["Markov-2", "last, markov_1"])
    ('markov_2', 'last', 'markov')
    """
    if not given:
        return None
    asked = [given] if isinstance(given, str) else list(given)
    words = [re.sub(r"[\s-]+", "_", each.strip().casefold()) for word in asked for each in str(word).split(",")]
    high = next((word for word in words if re.fullmatch(r"markov_([1-9][0-9]+|0+)", word)), None)
    if high is not None:
        raise UsageError(f'--model {high}: orders of a Markov chain go from 1 ("markov") to 9 ("markov_9").')
    return tuple(dict.fromkeys("markov" if word == "markov_1" else word for word in words if word)) or None
