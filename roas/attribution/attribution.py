"""The record of one attribution: credit by model, and the journeys behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.path_list import PathList, path_list
from roas.attribution.places import PlaceRow, place_rows
from roas.attribution.spans import Span, days_to_convert, path_lengths
from roas.attribution.steps import Step, steps
from roas.attribution.suppress import Suppressed
from roas.attribution.weeks import WeekRow, Weeks, week_rows
from roas.limits import FEWEST_JOURNEYS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.attribution.results import Credit, Journeys, Removal
    from roas.attribution.scaled import Scaled
    from roas.attribution.suppress import Floats
    from roas.io.load import FileReport

#: Which model is read first where several were run: those that look at
#: journeys that did not convert, then the even ones, then single touches.
LEADING: Final = ("markov_auto", "markov", "shapley", "linear", "position", "time_decay")


@dataclass(frozen=True)
class Attribution:
    """Who gets credit for conversions, under each model. Credit is not cause.

    Attributes
    ----------
    journeys : Journeys
        What was read: distinct paths and what was counted on the way.
    credits : mapping of str to Credit
        By the model's name, in the order asked for.
    removal : Removal or None
        Share of conversions that would be lost without each channel.
    conventions : mapping
        Every choice that the figures depend on, by name; plain types.
    weeks : Weeks or None
        Credit week by week, where it was asked for and times are known.
    scaled : Scaled or None
        Values beside what channels caused; no attribution.
    fewest : int
        Journeys that a group must stand for to be listed by itself; 0 lists all.
    reports : tuple of FileReport
    inputs : tuple of mapping
        The same as ``inputs`` of the JSON document.
    run : mapping
        ``version``, ``started``, ``seconds``: all that may differ between runs.
    notes : tuple of str
    """

    journeys: Journeys
    credits: Mapping[str, Credit]
    removal: Removal | None = None
    conventions: Mapping[str, Any] = field(default_factory=dict)
    weeks: Weeks | None = None
    scaled: Scaled | None = None
    fewest: int = FEWEST_JOURNEYS
    reports: tuple[FileReport, ...] = ()
    inputs: tuple[Mapping[str, Any], ...] = ()
    run: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    # ---- figures, derived once ---------------------------------------------------------------

    @property
    def channels(self) -> tuple[str, ...]:
        """Names, sorted."""
        return self.journeys.paths.channels

    @property
    def bucket(self) -> str | None:
        """The name that stands for many, where there were too many to tell apart: no channel, so it never leads."""
        return self.journeys.bucket

    def ranked(self, amounts: Floats) -> list[int]:
        """Return the channels by an amount of each, the largest first and the bucket last."""
        return sorted(
            range(len(self.channels)),
            key=lambda c: (self.channels[c] == self.bucket, -amounts[c], self.channels[c]),
        )

    @cached_property
    def conversions(self) -> float:
        """Conversions that the models share out: those with a touch inside the lookback window."""
        return float(self.journeys.paths.conversions.sum())

    @cached_property
    def value(self) -> float:
        """Value of those conversions, currency."""
        return float(self.journeys.paths.value.sum())

    @property
    def leading(self) -> Credit:
        """The credit to read first: a model that looks at all journeys, where one was run."""
        for name in (*LEADING, *(m for m in self.credits if m.startswith("markov_"))):
            if name in self.credits:
                return self.credits[name]
        return next(iter(self.credits.values()))

    @cached_property
    def touchpoints(self) -> float:
        """Touches inside the lookback window."""
        paths = self.journeys.paths
        return float((paths.lengths * paths.journeys).sum())

    @cached_property
    def paths(self) -> PathList:
        """Every path that may be listed, most conversions first."""
        return path_list(self.journeys.paths, fewest=self.fewest)

    @cached_property
    def _steps(self) -> tuple[list[Step], int]:
        return steps(self.journeys.paths, fewest=self.fewest)

    @property
    def transitions(self) -> list[Step]:
        """Steps from one channel to the next."""
        return self._steps[0]

    @cached_property
    def _lengths(self) -> tuple[list[Span], int]:
        return path_lengths(self.journeys.paths, fewest=self.fewest)

    @property
    def path_lengths(self) -> list[Span]:
        """Journeys by the number of touches."""
        return self._lengths[0]

    @cached_property
    def _days(self) -> tuple[list[Span], int]:
        days = self.journeys.days_to_convert
        return ([], 0) if days is None else days_to_convert(days, fewest=self.fewest)

    @property
    def days_to_convert(self) -> list[Span] | None:
        """Converting journeys by days from first touch to conversion; None where no times are known."""
        return None if self.journeys.days_to_convert is None else self._days[0]

    @cached_property
    def _places(self) -> tuple[list[PlaceRow], int]:
        ordered = self.credits.get("shapley_ordered")
        if ordered is None or ordered.positions is None:
            return [], 0
        return place_rows(self.journeys.paths, ordered.positions, fewest=self.fewest)

    @property
    def positions(self) -> list[PlaceRow]:
        """Credit of the ordered Shapley by the place of the touch; empty without that model."""
        return self._places[0]

    @cached_property
    def _weekly(self) -> tuple[list[WeekRow], int, int]:
        if self.weeks is None:
            return [], 0, 0
        found = self.journeys
        return week_rows(self.weeks, found.paths, fewest=self.fewest, start=found.start, end=found.end)

    @property
    def weekly(self) -> list[WeekRow]:
        """Credit by week, model and channel; empty where it was not asked for."""
        return self._weekly[0]

    @cached_property
    def suppressed(self) -> Suppressed:
        """What is not listed by itself, since fewer than `fewest` journeys stand behind it."""
        return Suppressed(
            self.fewest,
            paths=self.paths.small,
            path_journeys=self.paths.small_journeys,
            transitions=self._steps[1],
            weeks=self._weekly[1],
            week_channels=self._weekly[2],
            places=self._places[1],
            ranges=self._lengths[1] + self._days[1],
        )

    # ---- renderings --------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return ``attribution.json`` (the contract's document) as plain types."""
        from roas.attribution.document import attribution_document

        return attribution_document(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per model and channel: credit with its 90 % interval.

        Columns: ``model``, ``channel``, ``conversions``, ``value`` (currency),
        ``share`` (of conversions) and ``conversions_p5`` … ``value_p95``.
        """
        from roas.attribution.frames import credit_frame

        return credit_frame(self)

    def plot_credit(self, *, measure: str = "conversions", ax: Axes | None = None) -> Axes:
        """Draw what each model credits to each channel; `measure` is ``"conversions"`` or ``"value"``."""
        from roas.attribution import pictures

        return pictures.credit(self, measure=measure, ax=ax)

    def plot_sankey(self, *, ax: Axes | None = None) -> Axes:
        """Draw how journeys move from touch to touch until they convert, or do not."""
        from roas.attribution import pictures

        return pictures.sankey(self, ax=ax)

    def plot_transitions(self, *, ax: Axes | None = None) -> Axes:
        """Draw where journeys go from each channel."""
        from roas.attribution import pictures

        return pictures.transitions(self, ax=ax)

    def plot_top_paths(self, *, ax: Axes | None = None) -> Axes:
        """Draw the paths with the most conversions."""
        from roas.attribution import pictures

        return pictures.top_paths(self, ax=ax)

    def plot_path_lengths(self, *, ax: Axes | None = None) -> Axes:
        """Draw how many journeys have how many touches, and what share of them converts."""
        from roas.attribution import pictures

        return pictures.path_lengths(self, ax=ax)

    def plot_time_to_convert(self, *, ax: Axes | None = None) -> Axes:
        """Draw how many days pass between the first touch and the conversion."""
        from roas.attribution import pictures

        return pictures.time_to_convert(self, ax=ax)

    def plot_removal(self, *, ax: Axes | None = None) -> Axes:
        """Draw which share of conversions each channel's removal would cost."""
        from roas.attribution import pictures

        return pictures.removal(self, ax=ax)

    def plot_positions(self, *, ax: Axes | None = None) -> Axes:
        """Draw at which place of the journey channels earn their credit."""
        from roas.attribution import pictures

        return pictures.positions(self, ax=ax)

    def plot_weeks(self, *, model: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw credit week by week, of the leading model unless one is named."""
        from roas.attribution import pictures

        return pictures.weeks(self, model=model, ax=ax)

    def plot_incremental(self, *, model: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw attributed value beside what was claimed and caused."""
        from roas.attribution import pictures

        return pictures.incremental(self, model=model, ax=ax)

    def __repr__(self) -> str:
        """Return a short summary."""
        names = ", ".join(self.credits)
        return f"<Attribution of {self.conversions:,.0f} conversions to {len(self.channels)} channels: {names or 'no model'}>"
