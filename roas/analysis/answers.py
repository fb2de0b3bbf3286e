"""Questions → plans: the model, today and the limits put together, nothing decided without estimates that settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.asked import Asked, checked
from roas.analysis.record import Analysis
from roas.analysis.what_if import TODAY, WhatIf
from roas.errors import InputError, UsageError
from roas.language import mark, say
from roas.plan.sentences import Sentence

if TYPE_CHECKING:
    from roas.analysis.scenario_files import Scenarios
    from roas.plan.results import Limit, Plan
    from roas.plan.today import Today


@dataclass
class _Desk:
    """What every answer needs: the model, today, and notes on what was decided."""

    analysis: Analysis
    today: Today
    notes: list[str] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether the estimates may decide anything."""
        return self.analysis.response is not None and bool(self.analysis.response.converged)


def answer(analysis: Analysis, questions: Sequence[Asked], *, compared: bool = False) -> WhatIf:
    """Answer questions about one account.

    Raises
    ------
    UsageError, InputError
        The first question that cannot be answered.
    """
    desk = _desk(analysis)
    return _result(desk, [(asked, _alone(_one, desk, asked)) for asked in questions], compared=compared)


def compare(analysis: Analysis, scenarios: Scenarios) -> WhatIf:
    """Answer every scenario of a file.

    Raises
    ------
    InputError
        Every error of the file in one message.
    """
    from roas.plan.names import find, unknown

    desk = _desk(analysis)
    for where, _, channel in scenarios.channels:
        if find(channel, desk.today.channels) is None:
            scenarios.errors.append(f"{where}: {unknown(channel, desk.today.channels)}")
    wrong = {name for _, name, channel in scenarios.channels if find(channel, desk.today.channels) is None}
    wrong |= {name for name, key in scenarios.where.items() if any(e.startswith(key) for e in scenarios.errors)}
    answers: list[tuple[Asked, Plan]] = []
    for asked in scenarios.asked:
        if asked.name in wrong:
            continue
        try:
            answers.append((asked, _alone(_one, desk, asked)))
        except UsageError as error:
            scenarios.errors.append(f"{scenarios.where.get(asked.name, asked.name)}: {error}")
    scenarios.refuse()
    return _result(desk, answers, compared=True)


def _result(desk: _Desk, answers: Sequence[tuple[Asked, Plan]], *, compared: bool) -> WhatIf:
    weeks = answers[0][0].weeks
    return WhatIf(
        analysis=desk.analysis,
        today=desk.today,
        asked=tuple(asked for asked, _ in answers),
        plans=tuple(found for _, found in answers),
        keep=_alone(_keep, desk, Asked(TODAY, weeks=weeks)),
        run=desk.analysis.run,
        notes=tuple(dict.fromkeys(desk.notes)),
        compared=compared,
    )


def _alone(work: Callable[[_Desk, Asked], Plan], desk: _Desk, asked: Asked) -> Plan:
    """Compute in one thread: sums must not depend on how many cores there are."""
    import scipy.linalg  # noqa: F401 - brings its own BLAS, which can only be limited once it is there
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return work(desk, asked)


def _desk(analysis: Analysis) -> _Desk:
    from roas.plan.doubts import why_left_out
    from roas.plan.today import today_of

    response = analysis.response
    if response is None:
        raise InputError(_no_model(analysis))
    if response.fitting is None or not response.channels:
        left_out = [why_left_out(reason) for reason in dict.fromkeys(response.excluded.values())]
        raise InputError(
            say(
                "what moving money changes cannot be told: no channel could be estimated ({reasons}).\n"
                "  What-if needs weeks in which spend and revenue both vary; roas analyze shows what the files say.",
                reasons="; ".join(left_out) or say("there is too little spend"),
            )
        )
    return _Desk(analysis, today_of(response, analysis.tables.spend))


def _no_model(analysis: Analysis) -> str:
    """Say what is missing for a model, and how to give it."""
    from roas.analysis.causal import is_not_estimated

    for note in analysis.notes:
        if is_not_estimated(note):
            return say(
                "what moving money changes cannot be told. {note}\n  Give spend and revenue of at least half a year.",
                note=note,
            )
    if analysis.totals["revenue"] is None:
        return say(
            "what moving money changes cannot be told without the shop's revenue.\n"
            "  Add --revenue FILE: a table with date and revenue, by day or by week, or an export of orders."
        )
    return say(
        "what moving money changes cannot be told: the analysis was made without its model (model=False, --no-model)."
    )


def _one(desk: _Desk, asked: Asked) -> Plan:
    """Answer one question."""
    checked(asked, margin=desk.analysis.margin, alone=True)
    if asked.nothing:
        raise UsageError("nothing is asked. Give shift, spend, budget, optimize or a target.")
    if not asked.optimizes:
        planned = _planned(desk, asked)
        return _evaluated(desk, asked, planned) if desk.settled else _unsettled(desk, asked)
    limits = _limits(desk, asked)
    return _best(desk, asked, limits) if desk.settled else _unsettled(desk, asked)


def _planned(desk: _Desk, asked: Asked) -> dict[str, float]:
    """Return the split that was named, every channel."""
    from roas.plan.names import channel_of
    from roas.plan.scenarios import shifted

    if asked.shift:
        return dict(shifted(desk.today, list(asked.shift)))
    if asked.spend is not None:
        named: dict[str, float] = {}
        for name, money in asked.spend.items():
            channel = channel_of(name, desk.today.channels)
            if channel in named:
                raise UsageError(f'"{channel}" is named twice. Give one amount.')
            named[channel] = money
        return dict(zip(desk.today.channels, desk.today.spend, strict=True)) | named
    assert asked.budget is not None
    desk.notes.append(
        Sentence(
            mark(
                "The budget is spread as today's money is. "
                "With --optimize (Python: analysis.optimize) the best split is looked for."
            )
        )
    )
    return scaled(desk.today, asked.budget)


def scaled(today: Today, budget: float) -> dict[str, float]:
    """Scale today's split to a budget, to the cent; channels without a curve keep what they have.

    Raises
    ------
    UsageError
        The channels that are kept cost more than the budget, or nothing is spent today.
    """
    from roas.plan.cents import share_out, to_cents
    from roas.plan.payable import payable

    now = {name: to_cents(money) for name, money in zip(today.channels, today.spend, strict=True)}
    free = sorted((name for name in today.modelled if now[name] > 0), key=lambda name: (-now[name], name))
    kept = sum(money for name, money in now.items() if name not in free)
    left = to_cents(budget) - kept
    if left < 0:
        raise UsageError(
            f"--budget {budget:,.2f} is less than the {kept / 100:,.2f} a week of channels that are not in the model and stay as they are."
        )
    if not free:
        raise UsageError("no channel with an estimate spends anything today, so there is no split to scale.")
    had = [now[name] for name in free]
    parts = dict(zip(free, payable(share_out(left, had), had, today.currency, fixed=True), strict=True))
    return {name: parts.get(name, money) / 100 for name, money in now.items()}


def _evaluated(desk: _Desk, asked: Asked, planned: Mapping[str, float]) -> Plan:
    from roas.plan.evaluate import evaluate

    margin = desk.analysis.margin
    response = desk.analysis.response
    assert response is not None
    return evaluate(response, desk.today, planned, weeks=asked.weeks, margin=margin, name=asked.name)


def _best(desk: _Desk, asked: Asked, limits: Mapping[str, Limit]) -> Plan:
    from roas.plan.optimize import optimize as best

    response, margin = desk.analysis.response, desk.analysis.margin
    assert response is not None
    shared: dict[str, Any] = {"limits": limits, "weeks": asked.weeks, "margin": margin, "name": asked.name}
    if asked.target_revenue is not None:
        from roas.plan.target import target_revenue

        return target_revenue(response, desk.today, asked.target_revenue, **shared)
    if asked.target_marginal_roas is not None:
        shared |= {"objective": "target_roas", "target_marginal_roas": asked.target_marginal_roas}
    else:
        shared |= {"objective": asked.objective, "budget": asked.budget}
    return best(response, desk.today, **shared)


def _keep(desk: _Desk, asked: Asked) -> Plan:
    """Return today's split as a plan that changes nothing."""
    from roas.plan.results import Warned

    if not desk.settled:
        return _unsettled(desk, asked)
    now = dict(zip(desk.today.channels, desk.today.spend, strict=True))
    reason = Sentence(mark("No scenario is more likely than not to beat today's split."))
    return replace(_evaluated(desk, asked, now), held=True, warnings=(Warned(None, "held", reason),))


UNSETTLED: Final = Sentence(mark("The estimates did not settle, so they decide nothing: today's split stays as it is."))


def _unsettled(desk: _Desk, asked: Asked) -> Plan:
    """Return today's split, for estimates that may not decide anything."""
    from roas.plan.results import ChannelMove, Limit, Plan, Warned
    from roas.quantiles import Q

    none, unknown = Q(0.0, 0.0, 0.0), Q(float("nan"), float("nan"), float("nan"))
    moves = tuple(
        ChannelMove(name, money, money, Limit(money, money), none, unknown, "prior")
        for name, money in zip(desk.today.channels, desk.today.spend, strict=True)
    )
    return Plan(
        name=asked.name,
        weeks=asked.weeks,
        moves=moves,
        revenue_change=none,
        profit_change=None if desk.analysis.margin is None else none,
        probability_better=0.0,
        regret=none,
        warnings=(Warned(None, "held", UNSETTLED),),
        held=True,
        facts={"converged": False},
    )


def _limits(desk: _Desk, asked: Asked) -> dict[str, Limit]:
    from roas.analysis.labelled_channels import labelled_channels
    from roas.plan.limits import limits_of

    channels = desk.today.channels
    labels = labelled_channels(desk.analysis, [*asked.minimum, *asked.maximum, *asked.fix], channels)
    if labels and desk.analysis.tags.suggested:
        said = "; ".join(f"{label}: {', '.join(labels[label])}" for label in labels)
        suggested = mark("Labels are suggested from names ({labels}). Confirm them with --tags.")
        desk.notes.append(Sentence(suggested, labels=(str, said)))
    return limits_of(
        desk.today,
        by_tag=labels,
        max_change=asked.max_change,
        minimum=asked.minimum,
        maximum=asked.maximum,
        fixed=asked.fix,
    )
