"""How a plan turned out: what it was predicted to change, beside what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from roas.plan.aftermath import Outcome, outcome
from roas.plan.before import Before, NotKnown, before
from roas.plan.fingerprint import fingerprint
from roas.plan.noted import SILENT, Noted, Spent, spent_of, weeks_over
from roas.plan.observed import Observed
from roas.plan.verdict import State, Why, verdict
from roas.quantiles import DIGITS, Q
from roas.response.data import DAYS

__all__ = ["Score", "State", "Why", "fingerprint", "score"]

_QUANTILES: Final = ("realised", "expected", "tail", "without")


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
    state, why = verdict(plan, spent, realised)
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
