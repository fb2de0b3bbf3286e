"""How a plan turned out: what it was predicted to change, beside what changed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from roas.plan.aftermath import Before, NotKnown, Observed, Outcome, before, outcome
from roas.plan.noted import SILENT, Noted, Spent, spent_of, weeks_over
from roas.quantiles import DIGITS, Q
from roas.response.data import DAYS

if TYPE_CHECKING:
    import pandas as pd

State = Literal["waiting", "running", "scored", "not_followed", "cannot_tell"]

#: Why a score is as it is; words are rendered where it is shown.
Why = Literal[
    "no_week", "weeks_left",  # waiting, running
    "as_predicted", "more", "less", "nothing", "opposite",  # scored
    "kept_as_expected", "kept_otherwise",  # scored: a plan that holds today's split
    "moved_little", "moved_otherwise",  # not followed
    "too_noisy", "short", "no_model", "not_settled", "gap", "no_revenue",  # cannot tell
    "new_control", "new_channel",  # cannot tell, for something that the time before did not have
]  # fmt: skip

#: Share from which a plan that moves money counts as followed (`roas.plan.noted.spent_of`): most of it
#: was done, and little else.
FOLLOWED: Final = 0.5

#: Share of the money that must have stayed where it was for today's split to
#: count as kept. In `roas.simulator`, where nobody acts on a plan, four weeks
#: differ from the eight before by 17 % of all money in the middle and by less
#: than a quarter in nine cases of ten (10 accounts, 30 dates).
KEPT: Final = 0.75

#: Part of a fingerprint: a score of another way of scoring is not used again.
METHOD: Final = "2"


@dataclass(frozen=True)
class Score:
    """How a plan turned out. Money is currency per week.

    Attributes
    ----------
    state : State
    why : Why
    spent : Spent
        What was really spent, and how far that follows the plan.
    realised : Q or None
        Revenue that came beyond what would have come, with what still
        arrives; None where it cannot be measured, or the weeks are not over.
    expected : Q or None
        What the model of the time before expects of the money that was really spent.
    tail : Q or None
        Part of `realised` that arrives after the plan's weeks, by the model.
    revenue : float or None
        What was sold per week.
    without : Q or None
        What would have been sold, luck included.
    probability_rose : float or None
        That revenue is higher than it would have been.
    fingerprint : str
        Of everything that the score rests on.
    about : tuple of str
        Names that the reason is about: of controls (``new_control``), or of
        channels that the model of the time before does not have. Those are
        named too where the figures count them in as the account's others.
    """

    state: State
    why: Why
    spent: Spent
    realised: Q | None = None
    expected: Q | None = None
    tail: Q | None = None
    revenue: float | None = None
    without: Q | None = None
    probability_rose: float | None = None
    fingerprint: str = field(default="", compare=False)
    about: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, which `Score.of_dict` reads."""
        quantiles = {name: getattr(self, name) for name in _QUANTILES}
        return {
            "state": self.state,
            "why": self.why,
            "weeks": self.spent.weeks,
            "spent": dict(self.spent.per_week),
            "followed": self.spent.followed,
            "beside": self.spent.beside,
            "made": self.spent.made,
            **{name: None if q is None else q.to_dict() for name, q in quantiles.items()},
            "revenue": self.revenue,
            "probability_rose": self.probability_rose,
            "fingerprint": self.fingerprint,
            "about": list(self.about),
        }

    @classmethod
    def of_dict(cls, found: Mapping[str, Any]) -> Score:
        """Read what `to_dict` wrote."""
        quantiles: dict[str, Any] = {name: None if found[name] is None else Q(**found[name]) for name in _QUANTILES}
        spent = Spent(found["weeks"], found["spent"], found["followed"], found["beside"], found.get("made"))
        rest = {name: found[name] for name in ("revenue", "probability_rose", "fingerprint")}
        about = tuple(map(str, found.get("about") or ()))  # scores of an earlier method have none
        return cls(found["state"], found["why"], spent, **quantiles, **rest, about=about)


#: Sums in a fingerprint that are written to the cent (claims and visits to the hundredth).
MONEY: Final = frozenset({"spend", "revenue", "conversions", "conversion_value", "clicks", "sessions"})

_QUANTILES: Final = ("realised", "expected", "tail", "without")


def score(plan: Noted, seen: Observed, *, known: Before | NotKnown | None = None, seed: int = 0) -> Score:
    """Score a plan on tables that go on after it began.

    Parameters
    ----------
    plan : Noted
    seen : Observed
        A row of spend or revenue after the plan's weeks changes nothing.
    known : Before, optional
        `before` of the same tables and day, where it is there already; it
        may also be the reason why there is none.
    seed : int

    Returns
    -------
    Score
        Never raises for odd data: ``cannot_tell`` with the reason.

    Notes
    -----
    ``realised = sold - (forecast of the time before, money left as it was) +
    what still arrives`` (`roas.plan.aftermath.outcome`), as an effect of the
    plan under these assumptions: nothing else changed at the same time that
    the time before does not know (prices, stock, competitors, tracking);
    promotions and holidays work as they did; a level that drifts goes on
    drifting as it did. The forecast's draws hold luck, drift and doubt about
    every parameter, so the interval is one for what the plan did.

    Verdict: `realised` fits the prediction where the 90 % interval of their
    difference holds 0 (both taken as independent; half widths added in
    squares). Where it fits, and its own interval holds 0 too, these weeks
    cannot tell the plan from no plan (``too_noisy``); where it fits and does
    not hold 0, it came ``as_predicted``. Where it holds 0 and does not fit,
    there is ``nothing`` to see of what was predicted. What is clearly not zero
    and does not fit is ``opposite`` in sign or, by its distance from zero,
    ``more`` or ``less``, if the prediction is clearly not zero itself; beside a
    prediction of about nothing it is ``more``.

    Where a control leaves the range that it had before the plan, its effect
    cannot be told from the plan's (``new_control``). What channels that the
    model does not have bring is in `realised` as far as it was sold in these
    weeks; what they still bring afterwards is taken to be as in the account's
    other channels, at random. Without any such channel, ``new_channel``.
    """
    silent = 0 if plan.stops else SILENT
    over = weeks_over(seen.spend, seen.revenue, plan.begins, days=DAYS[seen.grain], silent=silent)
    spent = spent_of(plan, seen.spend, min(over, plan.weeks))
    if spent.weeks == 0:
        return Score("waiting", "no_week", spent)
    if spent.weeks < plan.weeks:
        return Score("running", "weeks_left", spent)
    mark = fingerprint(plan, seen)
    try:
        if isinstance(known, NotKnown):
            raise known
        known = known or before(seen, plan.begins, weeks=plan.weeks, seed=seed)
        found = outcome(known, plan.now, plan.weeks, spent=spent.per_week, seed=seed)
    except NotKnown as reason:
        why, *about = reason.args
        return Score("cannot_tell", why, spent, fingerprint=mark, about=tuple(about))
    return _judged(plan, spent, found, mark)


def _judged(plan: Noted, spent: Spent, found: Outcome, mark: str) -> Score:
    realised = Q.of(found.realised)
    state, why = _verdict(plan, spent, realised)
    return Score(
        state,
        why,
        spent,
        realised=realised,
        expected=Q.of(found.expected),
        tail=Q.of(found.tail),
        revenue=float(f"{found.revenue:.{DIGITS}g}"),
        without=Q.of(found.without),
        probability_rose=round(float(np.mean(found.realised > 0)), 4),
        fingerprint=mark,
        about=found.unmodelled,
    )


def _verdict(plan: Noted, spent: Spent, realised: Q) -> tuple[State, Why]:
    assert spent.followed is not None
    assert spent.beside is not None
    if plan.held:
        if spent.followed < KEPT:
            return "not_followed", "moved_little"
        return "scored", "kept_as_expected" if holds(realised, 0.0) else "kept_otherwise"
    if spent.followed < FOLLOWED:
        made = spent.followed if spent.made is None else spent.made
        return "not_followed", "moved_little" if made < FOLLOWED else "moved_otherwise"
    return told(realised, plan.predicted)


def told(realised: Q, predicted: Q) -> tuple[State, Why]:
    """Judge what was measured against what was predicted; see `score`.

    Examples
    --------
    >>> told(Q(-400, 50, 500), Q(20, 100, 180))
    ('cannot_tell', 'too_noisy')
    >>> told(Q(40, 120, 200), Q(20, 100, 180)), told(Q(300, 400, 500), Q(20, 100, 180))
    (('scored', 'as_predicted'), ('scored', 'more'))
    >>> told(Q(-40, 10, 60), Q(200, 300, 400)), told(Q(-90, -50, -10), Q(20, 100, 180))
    (('scored', 'nothing'), ('scored', 'opposite'))
    >>> told(Q(300, 400, 500), Q(0, 0, 0)), told(Q(40, 120, 200), Q(-300, -10, 300))
    (('scored', 'more'), ('scored', 'as_predicted'))
    """
    apart = realised.p50 - predicted.p50
    low = apart - math.hypot(realised.p50 - realised.p5, predicted.p95 - predicted.p50)
    high = apart + math.hypot(realised.p95 - realised.p50, predicted.p50 - predicted.p5)
    fits = low <= 0 <= high
    if holds(realised, 0.0):
        return ("cannot_tell", "too_noisy") if fits else ("scored", "nothing")
    if fits:
        return "scored", "as_predicted"
    if holds(predicted, 0.0):
        return "scored", "more"
    if realised.p50 * predicted.p50 < 0:
        return "scored", "opposite"
    # "More" is further from zero: of a plan that saves money, a larger loss of revenue.
    return "scored", "more" if (apart > 0) == (predicted.p50 > 0) else "less"


def holds(interval: Q, value: float) -> bool:
    """Return whether a value lies in the 90 % interval."""
    return interval.p5 <= value <= interval.p95


def fingerprint(plan: Noted, seen: Observed) -> str:
    """Return a hash of what a score rests on: the plan, the tables up to its end, the grain, tests, the method.

    Amounts of money count to the cent, controls to their last digit, whatever
    the order of rows and files.
    """
    import pandas as pd

    first, end = pd.Timestamp(plan.begins), pd.Timestamp(plan.ends) + pd.Timedelta(days=1)
    spend = seen.spend[seen.spend["date"] < end].sort_values(["date", "channel", "spend"], kind="stable")
    revenue = seen.revenue[seen.revenue["date"] < end].sort_values("date", kind="stable")
    # Claims and visits are read of the time before alone: platforms correct theirs for weeks.
    claims = [name for name in ("conversions", "conversion_value", "clicks") if name in spend.columns]
    old = spend[spend["date"] < first].groupby(["date", "channel"])[claims].sum(min_count=1)
    visits = [name for name in ("sessions",) if name in revenue.columns]
    unused = [*visits, *(name for name in ("currency", "orders", "new_customers") if name in revenue.columns)]
    parts = (
        spend.groupby(["date", "channel"])[["spend"]].sum().reset_index(),
        old.reset_index(),
        revenue.drop(columns=unused),
        revenue.loc[revenue["date"] < first, ["date", *visits]],
    )
    digest = hashlib.sha256(repr((METHOD, plan, seen.grain, seen.model_grain, tuple(seen.tests))).encode())
    for frame in parts:
        digest.update(_text(frame).encode())
    return digest.hexdigest()


def _text(frame: pd.DataFrame) -> str:
    """Write a table in the order of its columns and rows: sums of rows in another order differ after the cent."""
    from pandas.api.types import is_float_dtype

    exact = [name for name in frame.columns if is_float_dtype(frame[name]) and name not in MONEY]
    written = frame.assign(**{name: [repr(float(each)) for each in frame[name]] for name in exact})
    ordered = written.reindex(columns=sorted(written.columns))
    ordered = ordered.sort_values(list(ordered.columns), kind="stable")
    return str(ordered.to_csv(index=False, float_format="%.2f"))
