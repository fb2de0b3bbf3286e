"""What would have been sold without a plan: a model of the time before it, asked about the weeks after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas._typing import Grain
from roas.errors import InputError, UsageError
from roas.limits import FEWEST_MODEL_WEEKS
from roas.plan._arrays import Array
from roas.plan.effects import effects_of
from roas.plan.noted import CENT
from roas.plan.today import Today
from roas.response.data import DAYS, assemble, year_ends

if TYPE_CHECKING:
    import pandas as pd

    from roas.response.data import MediaData
    from roas.response.lift import LiftTest
    from roas.response.model import ResponseModel
    from roas.response.results import ResponseResults

#: Share of a plan's weeks whose revenue must be known.
KNOWN_SHARE: Final = 0.5

#: Share of the range that a control had before the plan by which it may leave
#: it: so far the straight line of the model is carried on. Of a bell curve the
#: largest of four draws passes that of sixty before it in one case of sixteen,
#: and by this much in one of forty.
LEAVES: Final = 0.1

#: Name of the days around New Year among the controls (`roas.response.data`).
HOLIDAYS: Final = "holidays"


class NotKnown(Exception):
    """Why nothing can be said; ``args[0]`` is a key of `roas.plan.score.Why`, the others are names it is about."""


@dataclass(frozen=True)
class Observed:
    """Tables that end somewhere after a plan began.

    Attributes
    ----------
    spend, revenue : DataFrame
        Canonical.
    grain : {"day", "week"}
        That of the tables.
    model_grain : {"day", "week"}
        That of the model.
    tests : sequence of LiftTest
        Experiments; those that were over when the plan began anchor the model.
    """

    spend: pd.DataFrame
    revenue: pd.DataFrame
    grain: Grain
    model_grain: Grain
    tests: Sequence[LiftTest] = ()


@dataclass(frozen=True)
class Before:
    """A model of the time before a day, and what the tables say of the time from that day on.

    Attributes
    ----------
    response : ResponseResults
        Fitted to nothing from that day on.
    spend : mapping
        Channel of the model → money per period from that day on, currency.
    revenue : array, shape (P,)
        Currency per period from that day on; NaN where not known.
    controls : mapping
        Name → value per period: promotions and holidays as they were.
    """

    response: ResponseResults
    spend: Mapping[str, Array]
    revenue: Array
    controls: Mapping[str, Array]

    @property
    def per_week(self) -> int:
        """Periods of a week."""
        return 7 // DAYS[self.response.data.grain]


@dataclass(frozen=True)
class Outcome:
    """Draws of what a plan's weeks changed, currency per week, each of shape (n,).

    Attributes
    ----------
    revenue : float
        What was really sold.
    without : array
        What would have been sold with the money left as it was, luck included.
    expected, tail : array
        What the model expects of the money that was really spent, with what
        still arrives after the plan's weeks; the latter alone.
    unmodelled : tuple of str
        Channels that the model does not have and whose money moved: in
        `expected` and `tail` they are taken to be as the others.
    """

    revenue: float
    without: Array
    expected: Array
    tail: Array
    unmodelled: tuple[str, ...] = ()

    @property
    def realised(self) -> Array:
        """What was sold beyond that, and what still arrives."""
        return self.revenue - self.without + self.tail


def before(seen: Observed, begins: dt.date, *, weeks: int, seed: int = 0) -> Before:
    """Fit the response model to everything before a day.

    Parameters
    ----------
    seen : Observed
    begins : date
        First day that the model may not know.
    weeks : int
        Weeks from that day on that will be asked about.
    seed : int

    Raises
    ------
    NotKnown
        ``"short"``, ``"gap"``, ``"no_model"``, ``"not_settled"``, and
        ``"new_control"`` with the names of the controls (`new_controls`).

    Notes
    -----
    A model by week of a table by day needs weeks that begin on the weekday of
    `begins`. All dates are moved on by up to six days for that, holidays and
    tests with them; the yearly season is a curve without a fixed origin.
    """
    from numpy.linalg import LinAlgError
    from threadpoolctl import threadpool_limits

    cut = _Cut.of(seen, begins, weeks)
    if cut.weeks_before < FEWEST_MODEL_WEEKS:
        raise NotKnown("short")
    if strange := new_controls(cut.revenue, cut.first, cut.holidays):
        raise NotKnown("new_control", *strange)
    start = np.datetime64(cut.first.date(), "D")
    with threadpool_limits(1):
        try:
            model, whole = _models(seen, cut, begins)
            if model.data.dates[-1] + np.timedelta64(DAYS[model.data.grain], "D") != start:
                raise NotKnown("gap")
            response = model.fit(seed=seed)
        except (InputError, UsageError, LinAlgError):
            raise NotKnown("no_model") from None
    if response.fitting is None:
        raise NotKnown("no_model")
    if not response.converged:
        raise NotKnown("not_settled")
    later = whole.dates >= start
    names = [name for name in response.data.channels if name in whole.channels]
    return Before(
        response,
        {name: whole.spend[later, whole.channels.index(name)] for name in names},
        whole.revenue[later],
        {name: whole.controls[later, i] for i, name in enumerate(whole.control_names)},
    )


def new_controls(revenue: pd.DataFrame, first: pd.Timestamp, holidays: Sequence[dt.date] = ()) -> tuple[str, ...]:
    """Return the controls that leave the range they had before a day, in the order of their names.

    Parameters
    ----------
    revenue : DataFrame
        Canonical, up to the end of a plan: ``date`` and controls.
    first : Timestamp
        First day of the plan.
    holidays : sequence of date
        Days of all of it.

    Returns
    -------
    tuple of str
        A first promotion, a new price, a control that nobody had noted
        before; `HOLIDAYS` where all of them lie in the plan's weeks. What
        they did to sales cannot be told from what the plan did.

    Notes
    -----
    With [a, b] the values before, on the rows as they are: any value below
    ``a - LEAVES * (b - a)`` or above ``b + LEAVES * (b - a)`` counts.
    """
    from roas.response.controls import choose_controls

    late = (revenue["date"] >= first).to_numpy()
    found = []
    for name in choose_controls(revenue).names:
        values = revenue[name].to_numpy(np.float64)
        before, after = values[~late & np.isfinite(values)], values[late & np.isfinite(values)]
        if not len(after):
            continue
        if not len(before) or _leaves(after, float(before.min()), float(before.max())):
            found.append(name)
    days = [day >= first.date() for day in holidays]
    return (*sorted(found), *([HOLIDAYS] if days and all(days) else []))


def _leaves(values: Array, low: float, high: float) -> bool:
    room = LEAVES * (high - low)
    return bool(values.min() < low - room or values.max() > high + room)


@dataclass(frozen=True)
class _Cut:
    """Tables of whole weeks up to the end of a plan, with dates moved on so that a week of the model begins with it."""

    spend: pd.DataFrame
    revenue: pd.DataFrame
    first: pd.Timestamp
    moved: dt.timedelta

    @classmethod
    def of(cls, seen: Observed, begins: dt.date, weeks: int) -> _Cut:
        import pandas as pd

        by_day = seen.grain == "day" and seen.model_grain == "week"
        moved = dt.timedelta(days=-begins.weekday() % 7 if by_day else 0)
        first = pd.Timestamp(begins + moved)
        spend, revenue = (_whole_weeks(table, first, moved, weeks) for table in (seen.spend, seen.revenue))
        return cls(_silence(spend, revenue, DAYS[seen.grain]), revenue, first, moved)

    @property
    def weeks_before(self) -> float:
        """Weeks before the plan that both tables cover."""
        known = self.revenue.loc[self.revenue["revenue"].notna(), "date"]
        if not len(self.spend) or not len(known):
            return 0.0
        return float((self.first - max(self.spend["date"].min(), known.min())).days) / 7

    @property
    def holidays(self) -> list[dt.date]:
        """Holidays of all its days, moved on like them."""
        real = [(each - self.moved).date() for each in (self.spend["date"].min(), self.spend["date"].max())]
        return [day + self.moved for day in year_ends(np.array(real, "datetime64[D]"))]


def _whole_weeks(table: pd.DataFrame, first: pd.Timestamp, moved: dt.timedelta, weeks: int) -> pd.DataFrame:
    import pandas as pd

    dates = pd.to_datetime(table["date"]) + moved
    whole = max((first - dates.min()).days // 7, 0) if len(dates) else 0
    inside = (dates >= first - pd.Timedelta(days=7 * whole)) & (dates < first + pd.Timedelta(days=7 * weeks))
    return table.assign(date=dates)[inside]


def _silence(spend: pd.DataFrame, revenue: pd.DataFrame, days: int) -> pd.DataFrame:
    """Add rows of no spend where revenue goes on after the last row of spend: `weeks_over` has taken it for that."""
    import pandas as pd

    if not len(spend) or not len(revenue) or revenue["date"].max() <= spend["date"].max():
        return spend
    step = pd.Timedelta(days=days)
    dates = pd.date_range(spend["date"].max() + step, revenue["date"].max(), freq=step)
    # One channel is enough: the others are nothing where they have no row.
    rows = pd.DataFrame({"date": dates, "channel": spend["channel"].iloc[0], "spend": 0.0})
    return pd.concat([spend, rows.astype({"channel": spend["channel"].dtype})], ignore_index=True)


def _models(seen: Observed, cut: _Cut, begins: dt.date) -> tuple[ResponseModel, MediaData]:
    """Return the model of the time before, not fitted yet, and one calendar of everything."""
    from roas.response.controls import choose_controls
    from roas.response.model import ResponseModel

    old = [table[table["date"] < cut.first] for table in (cut.spend, cut.revenue)]
    how: dict[str, Any] = {
        "controls": choose_controls(old[1]).names,
        "holidays": cut.holidays,
        "grain": seen.model_grain,
    }
    tests = tuple(
        replace(test, start=test.start + cut.moved, end=test.end + cut.moved)
        for test in seen.tests
        if test.end < begins
    )
    return ResponseModel(*old, tests=tests, **how), assemble(cut.spend, cut.revenue, **how)


def outcome(
    known: Before, now: Mapping[str, float], weeks: int, *, spent: Mapping[str, float] | None = None, seed: int = 0
) -> Outcome:
    """Compare what was sold in the first weeks with what would have been.

    Parameters
    ----------
    known : Before
    now : mapping
        Channel → money per week before the plan, held in the other course of
        things; channels that the model does not have are left out.
    weeks : int
    spent : mapping, optional
        Channel → money per week of the plan's weeks. Channels that the model
        does not have are read from here alone.
    seed : int
        Of the channel that stands in for one that the model does not have.

    Raises
    ------
    NotKnown
        ``"no_revenue"``: of half the weeks or more. ``"new_channel"`` with
        names: money of channels that the model does not have moved, and
        nothing can stand in for them.

    Notes
    -----
    Per draw i and week, ``realised_i = sold - without_i + tail_i``. `without`
    is the forecast of the model of the time before: baseline, what money that
    stays as it was brings, carryover of earlier money, and noise, summed over
    the periods with known revenue and divided by their weeks. `tail` is what
    the difference in money still brings in the longest carryover after the
    weeks, with money back to what it was. It is the model's, since those weeks
    have not been measured, or hold other changes.

    A channel that the model does not have (new, or never estimated) is a
    stranger. What it sold in these weeks is measured like the rest. What it is
    expected to bring, and what of that comes later, is taken from a channel of
    the account that is drawn for each draw, as what a unit of all its money
    brings: as unlike as the account's channels are, so unlike it may be.
    """
    response, periods = known.response, weeks * known.per_week
    names = response.data.channels
    held = {name: float(now.get(name, 0.0)) for name in names}
    sold = known.revenue[:periods]
    told = np.flatnonzero(np.isfinite(sold))
    if len(sold) < periods or len(told) < KNOWN_SHARE * periods:
        raise NotKnown("no_revenue")
    draws, _ = response.forecast_draws(weeks, held, controls=_frame(known.controls, periods))
    measured = len(told) / known.per_week
    expected, tail = _expected(known, held, weeks)
    strange = _strange(names, now, spent or {})
    if strange:
        more, later = _as_others(known, held, weeks, seed, tuple(strange))
        moved = sum(strange.values())
        expected, tail = expected + moved * more, tail + moved * later
    return Outcome(
        revenue=float(sold[told].sum()) / measured,
        without=draws["revenue"][:, told].sum(axis=1) / measured,
        expected=expected,
        tail=tail,
        unmodelled=tuple(strange),
    )


def _strange(names: Sequence[str], now: Mapping[str, float], spent: Mapping[str, float]) -> dict[str, float]:
    """Return by how much money per week moved in each channel that the model does not have."""
    others = sorted({*now, *spent} - set(names)) if spent else []
    moves = {name: spent.get(name, 0.0) - now.get(name, 0.0) for name in others}
    return {name: move for name, move in moves.items() if abs(move) >= CENT}


def _as_others(
    known: Before, held: Mapping[str, float], weeks: int, seed: int, about: tuple[str, ...]
) -> tuple[Array, Array]:
    """Return draws of what one unit of money per week brings, and what of it comes later, in a channel at random."""
    response, per_week = known.response, known.per_week
    effects = effects_of(response, Today(tuple(held), tuple(held.values())), weeks)
    brings, later = [], []
    for name, money in held.items():
        if money < CENT:
            continue
        brings.append(-effects.change(name, np.zeros(1))[:, 0] / money)
        later.append(-_later(response, held, name, np.zeros(weeks * per_week), weeks) / money)
    if not brings:
        raise NotKnown("new_channel", *about)
    pick = np.random.default_rng(seed).integers(len(brings), size=effects.draws)
    rows = np.arange(effects.draws)
    return np.array(brings)[pick, rows], np.array(later)[pick, rows]


def _later(response: ResponseResults, held: Mapping[str, float], name: str, spent: Array, weeks: int) -> Array:
    """Return draws of what a channel's other money still brings after the weeks, currency per week of them."""
    c, usual = response.data.channels.index(name), held[name] * weeks / len(spent)
    after = np.full(response.curves.max_lag, usual)
    real, other = (
        response.curves.contribution(c, np.concatenate([path, after]))[:, len(spent) :]
        for path in (spent, np.full(len(spent), usual))
    )
    return np.asarray((real - other).sum(axis=1) / weeks)


def _frame(controls: Mapping[str, Array], periods: int) -> Any:
    """Return controls as they were; one that is not known all along is left to the model."""
    import pandas as pd

    columns = {name: values[:periods] for name, values in controls.items()}
    kept = {name: each for name, each in columns.items() if len(each) == periods and np.isfinite(each).all()}
    return pd.DataFrame(kept, index=range(periods))


def _expected(known: Before, held: Mapping[str, float], weeks: int) -> tuple[Array, Array]:
    """Return what the money that was really spent should bring, and the part of it that arrives afterwards."""
    response, per_week = known.response, known.per_week
    effects = effects_of(response, Today(tuple(held), tuple(held.values())), weeks)
    expected, tail = np.zeros(effects.draws), np.zeros(effects.draws)
    for name in response.data.channels:
        spent = known.spend.get(name, np.zeros(0))[: weeks * per_week]
        spent = np.concatenate([spent, np.zeros(weeks * per_week - len(spent))])
        expected += effects.change(name, spent.reshape(weeks, per_week).sum(axis=1)[None])[:, 0]
        tail += _later(response, held, name, spent, weeks)
    return expected, tail
