"""What is said of a plan's score, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from roas.format import day, money, percent, visible
from roas.language import mark, say
from roas.plan.aftermath import HOLIDAYS
from roas.plan.noted import Noted
from roas.plan.score import Score
from roas.quantiles import Q

#: Share of a change from which it is worth saying that this much of it arrives later.
LATER: Final = 0.2

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
    elif found.state == "running":
        text = RUNNING_HELD if plan.held else RUNNING
        yield say(text, done=found.spent.weeks, weeks=plan.weeks, followed=percent(_made(found)))
    else:
        yield from _over(plan, found, currency)


def _over(plan: Noted, found: Score, currency: str | None) -> Iterator[str]:
    """Yield the sentences on a plan whose weeks are over."""
    followed = found.state != "not_followed"
    if not followed:
        yield _not_followed(plan, found, currency)
    if found.realised is None:
        yield say(NOT_MEASURED[found.why], names=_names(found.about))
    elif followed:
        fields = {name: signed(value, currency) for name, value in _points(plan, found.realised)}
        yield say(MEASURED[found.why], **fields)
        if found.state == "scored":
            yield from _reservations(plan, found, found.realised, currency)
    else:
        yield _of_what_was_spent(found, found.realised, currency)


def _reservations(plan: Noted, found: Score, realised: Q, currency: str | None) -> Iterator[str]:
    """Yield what is to be known beside a result."""
    if found.tail is not None and _arrives_later(realised, found.tail):
        yield say("{later} of that is still to arrive, by the model.", later=signed(found.tail.p50, currency))
    if found.about:
        yield say(
            "The weeks before the plan say nothing about {names}. What it still brings afterwards is taken to be as in "
            "the other channels.",
            names=_names(found.about),
        )
    if not plan.held:
        yield say(ASSUMED)


def _names(about: Iterable[str]) -> str:
    names = (say("holidays") if each == HOLIDAYS else visible(each.removeprefix("control: ")) for each in about)
    return ", ".join(names)


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


def _of_what_was_spent(found: Score, realised: Q, currency: str | None) -> str:
    assert found.expected is not None
    return say(
        "With the money as it was spent, revenue came between {low} and {high} a week off an unchanged split; "
        "the model expects {expected}.",
        low=signed(realised.p5, currency),
        high=signed(realised.p95, currency),
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
