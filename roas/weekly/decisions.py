"""What became of the plans that were noted: each scored once its weeks are over, and told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from roas._typing import Grain
from roas.format import day, money, percent, visible
from roas.language import mark, say
from roas.plan.aftermath import HOLIDAYS, NotKnown, Observed, before
from roas.plan.noted import Noted
from roas.plan.score import Score, fingerprint, score
from roas.quantiles import Q
from roas.weekly.record import Decision
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.plan.aftermath import Before

#: Share of a change from which it is worth saying that this much of it arrives later.
LATER: Final = 0.2

#: States that say how a plan ended; others wait for further weeks.
ENDED: Final = frozenset({"scored", "not_followed", "cannot_tell"})

Row = Mapping[str, Any]


def decisions(
    analysis: Analysis, plans: Sequence[Row], week: Week, *, scores: Mapping[int, Score] | None = None
) -> tuple[Decision, ...]:
    """Tell of every plan how it turned out, the newest first, in the language in force.

    Parameters
    ----------
    analysis : Analysis
        Of everything up to the week's Sunday.
    plans : sequence of mapping
        Rows of the history (``history.plans.all()``).
    week : Week
        Of the report; plans whose data end after it are left out.
    scores : mapping, optional
        What `scores_of` returned for the same plans; else it is asked here.
    """
    known = scores_of(analysis, plans, week) if scores is None else scores
    rows = sorted((row for row in plans if row["id"] in known), key=lambda row: (row["data_end"], row["id"]))
    return tuple(_decision(row, known[row["id"]], analysis.tables.currency) for row in reversed(rows))


def scores_of(analysis: Analysis, plans: Sequence[Row], week: Week) -> dict[int, Score]:
    """Score every plan that a week's report may speak of.

    Parameters
    ----------
    analysis, plans, week
        As for `decisions`. A score that a row's ``scores`` hold is used
        again where everything that it rests on is as it was.

    Returns
    -------
    dict of int to Score
        The number of each plan → its score. ``to_dict`` of those in a state
        of `ENDED` is what the history keeps (``document`` of a score).
    """
    seen = _seen(analysis)
    found: dict[int, Score] = {}
    models: dict[tuple[dt.date, int], Before | NotKnown] = {}
    for row in plans:
        if row["data_end"] > week.sunday:
            continue
        plan = noted(row)
        if seen is None:
            found[row["id"]] = _unseen(plan, analysis, week)
            continue
        kept = _kept(row, plan, seen)
        found[row["id"]] = kept or _scored(plan, seen, models)
    return found


def noted(row: Row) -> Noted:
    """Read a plan as the history keeps it."""
    split = {str(name): each for name, each in row["plan"].items()}
    return Noted(
        now={name: float(each["now"]) for name, each in split.items()},
        planned={name: float(each["planned"]) for name, each in split.items()},
        weeks=int(row["weeks"]),
        begins=row["data_end"] + dt.timedelta(days=1),
        predicted=_predicted(row),
    )


def _predicted(row: Row) -> Q:
    found = row["predicted"] or {}
    return Q(*(float(found.get(level) or 0.0) for level in ("p5", "p50", "p95")))


def _seen(analysis: Analysis) -> Observed | None:
    """Return the tables a score rests on; None without revenue."""
    tables, response = analysis.tables, analysis.response
    if tables.revenue is None or not tables.revenue["revenue"].notna().any():
        return None
    grain = cast("Grain", tables.grain)
    fitting = getattr(response, "fitting", None)
    return Observed(
        tables.spend,
        tables.revenue,
        grain,
        grain if response is None else response.data.grain,
        getattr(fitting, "tests", ()),
    )


def _unseen(plan: Noted, analysis: Analysis, week: Week) -> Score:
    """Say what can be said of a plan without revenue."""
    from roas.plan.noted import spent_of

    over = max(((week.sunday - plan.begins).days + 1) // 7, 0)
    spent = spent_of(plan, analysis.tables.spend, min(over, plan.weeks))
    if spent.weeks < plan.weeks:
        return Score("running", "weeks_left", spent) if spent.weeks else Score("waiting", "no_week", spent)
    return Score("cannot_tell", "no_revenue", spent)


def _kept(row: Row, plan: Noted, seen: Observed) -> Score | None:
    """Return an earlier score that still holds."""
    documents = [each["document"] for each in row.get("scores", ()) if each["document"].get("fingerprint")]
    if not documents:
        return None
    now = fingerprint(plan, seen)
    return next((Score.of_dict(each) for each in reversed(documents) if each["fingerprint"] == now), None)


def _scored(plan: Noted, seen: Observed, models: dict[tuple[dt.date, int], Before | NotKnown]) -> Score:
    """Score a plan; plans of the same day and length share a model."""
    early = score(plan, seen, known=NotKnown("no_model"))
    if early.state not in ENDED:
        return early
    key = plan.begins, plan.weeks
    if key not in models:
        try:
            models[key] = before(seen, plan.begins, weeks=plan.weeks)
        except NotKnown as reason:
            models[key] = reason
    return score(plan, seen, known=models[key])


def _decision(row: Row, found: Score, currency: str | None) -> Decision:
    plan = noted(row)
    return Decision(
        made=dt.date.fromisoformat(str(row["made"])[:10]),
        who=row["who"],
        name=row["name"],
        weeks=plan.weeks,
        begins=plan.begins,
        predicted=plan.predicted,
        # No test of the plan: what came of the money as it was spent stays out of sight of what was predicted.
        realised=None if found.state == "not_followed" else found.realised,
        followed=found.spent.followed,
        state=found.state,
        because=" ".join(because(plan, found, currency)),
    )


# ---- words -----------------------------------------------------------------------------------


#: What was measured beside what was predicted, by the verdict.
MEASURED: Final = {
    "as_predicted": mark(
        "Revenue changed by {realised} a week ({low} to {high}) against an unchanged split. "
        "That fits the prediction of {predicted}."
    ),
    "more": mark(
        "Revenue changed by {realised} a week ({low} to {high}) against an unchanged split. "
        "That is a larger change than the predicted {predicted}."
    ),
    "less": mark(
        "Revenue changed by {realised} a week ({low} to {high}) against an unchanged split. "
        "That is a smaller change than the predicted {predicted}."
    ),
    "nothing": mark(
        "Between {low} and {high} a week against an unchanged split: no change can be seen, "
        "where {predicted} was predicted."
    ),
    "opposite": mark(
        "Revenue changed by {realised} a week ({low} to {high}) against an unchanged split, "
        "the other way than the predicted {predicted}."
    ),
    "kept_as_expected": mark(
        "The split was kept, and sales came as expected: between {low} and {high} a week off the forecast."
    ),
    "kept_otherwise": mark(
        "The split was kept, but sales were {realised} a week off the forecast ({low} to {high}). "
        "Something else moved them."
    ),
    "too_noisy": mark(
        "Between {low} and {high} a week: the sales of these weeks cannot tell the plan from no plan. "
        "{predicted} was predicted."
    ),
}

#: Why nothing can be measured.
NOT_MEASURED: Final = {
    "short": mark("Too few weeks with spend and revenue lie before the plan to say what would have come without it."),
    "no_model": mark("No model fits the weeks before the plan, so what would have come without it is not known."),
    "not_settled": mark(
        "The estimates from the weeks before the plan did not settle, so what would have come without it is not known."
    ),
    "gap": mark("The exports have a gap right before the plan, so what would have come without it is not known."),
    "no_revenue": mark("The revenue of the plan's weeks is not known, so its effect cannot be told."),
    "new_control": mark(
        "In the plan's weeks something else began or left the range it had before: {names}. "
        "What that did cannot be told from what the plan did."
    ),
    "new_channel": mark(
        "Money of channels that were new moved in these weeks: {names}. The weeks before say nothing of what they bring."
    ),
}

#: How far a plan was followed, while it runs.
RUNNING: Final = mark("Week {done} of {weeks} is over. So far {followed} of the planned moves were made.")
RUNNING_HELD: Final = mark("Week {done} of {weeks} is over. So far {followed} of the money stayed where it was.")

#: Under which the figures are what the plan did.
ASSUMED: Final = mark("This holds if nothing else changed in these weeks.")


def because(plan: Noted, found: Score, currency: str | None) -> Iterator[str]:
    """Yield the sentences on a score, in the language in force."""
    if found.state == "waiting":
        yield say(
            "No whole week of the plan is in the exports yet. It runs from {first} to {last}.",
            first=day(plan.begins),
            last=day(plan.ends),
        )
        return
    followed = percent(_made(found))
    if found.state == "running":
        text = RUNNING_HELD if plan.held else RUNNING
        yield say(text, done=found.spent.weeks, weeks=plan.weeks, followed=followed)
        return
    if found.state == "not_followed":
        yield _not_followed(plan, found, currency)
    if found.realised is None:
        yield say(NOT_MEASURED[found.why], names=", ".join(_name(each) for each in found.about))
        return
    if found.state == "not_followed":
        yield _of_what_was_spent(found, currency)
        return
    fields = {name: signed(value, currency) for name, value in _points(plan, found.realised)}
    yield say(MEASURED[found.why], **fields)
    if found.tail is not None and found.state == "scored" and _arrives_later(found.realised, found.tail):
        yield say("{later} of that is still to arrive, by the model.", later=signed(found.tail.p50, currency))
    if found.state == "scored" and found.about:
        yield say(
            "The weeks before the plan say nothing about {names}. What it still brings afterwards is taken to be as in "
            "the other channels.",
            names=", ".join(_name(each) for each in found.about),
        )
    if found.state == "scored" and not plan.held:
        yield say(ASSUMED)


def _name(about: str) -> str:
    return say("holidays") if about == HOLIDAYS else visible(about.removeprefix("control: "))


def _points(plan: Noted, realised: Q) -> tuple[tuple[str, float], ...]:
    return (
        ("realised", realised.p50),
        ("low", realised.p5),
        ("high", realised.p95),
        ("predicted", plan.predicted.p50),
    )


def _arrives_later(realised: Q, tail: Q) -> bool:
    return tail.p50 * realised.p50 > 0 and abs(tail.p50) >= LATER * abs(realised.p50)


def _made(found: Score) -> float | None:
    """Return the share of the planned moves that was made, whatever else moved beside them."""
    return found.spent.followed if found.spent.made is None else found.spent.made


def _not_followed(plan: Noted, found: Score, currency: str | None) -> str:
    followed = percent(_made(found))
    if found.why == "moved_otherwise":
        return say(
            "The planned moves were made, but {amount} a week moved otherwise; the plan itself moves {planned}. "
            "So this is no test of it.",
            amount=money(found.spent.beside, currency),
            planned=money(plan.moved, currency),
        )
    if plan.held:
        return say(
            "Only {followed} of the money stayed where it was, so this is no test of the plan.", followed=followed
        )
    return say("Only {followed} of the planned moves were made, so this is no test of the plan.", followed=followed)


def _of_what_was_spent(found: Score, currency: str | None) -> str:
    assert found.realised is not None
    assert found.expected is not None
    return say(
        "With the money as it was spent, revenue came between {low} and {high} a week off an unchanged split; "
        "the model expects {expected}.",
        low=signed(found.realised.p5, currency),
        high=signed(found.realised.p95, currency),
        expected=signed(found.expected.p50, currency),
    )


def signed(value: float, currency: str | None) -> str:
    """Write a change of money with its sign.

    Examples
    --------
    >>> signed(120, "EUR"), signed(-500, "EUR"), signed(0, "EUR")
    ('+€120', '−€500', '€0')
    """
    written = money(value, currency)
    return f"+{written}" if value > 0 else written
