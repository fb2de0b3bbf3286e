"""A diagnosis made by hand: two supported findings, two possible ones, every cause, readings, rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from roas.diagnosis.base import CAUSES, Hypothesis, Verdict
from roas.diagnosis.rates import Rates
from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.results import Diagnosis, Evidence, Exhibit, Explained, Finding
from roas.quantiles import Q

LAST = dt.date(2025, 12, 22)
LOSS = Q(400.0, 1200.0, 2100.0)


@dataclass(frozen=True)
class Line(Evidence):
    """Evidence whose sentence is given."""

    sentence: str = "Click-through fell by 28 %."

    @property
    def says(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Told(Reading):
    """A reading whose sentence is given."""

    sentence: str = ""

    @property
    def says(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Example(Finding):
    """A finding whose words are given."""

    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.words.get("title", "Click-through wears out as the ads age")

    @property
    def would_refute(self) -> str:
        return self.words.get(
            "would_refute", "New ads, shown to the same people, that draw no more clicks than the old."
        )

    @property
    def action(self) -> str:
        return self.words.get("action", "Replace the three oldest ads first, and keep the budget where it is.")


def exhibit(
    metric: str = "ctr", channel: str | None = "Meta", *, weeks: int = 104, usual: float = 0.026, factor: float = 0.72,
    since: dt.date | None = dt.date(2025, 5, 12), seed: int = 0,
) -> Exhibit:  # fmt: skip
    """A year or two of weeks about `usual`, times `factor` since the onset; one week without a value."""
    rng = np.random.default_rng(seed)
    days = [LAST - dt.timedelta(7 * n) for n in reversed(range(weeks))]
    expected = usual * (1 + 0.06 * np.sin(np.arange(weeks) / 8))
    hit = np.array([since is not None and day >= since for day in days])
    observed = expected * np.where(hit, factor, 1.0) * np.exp(rng.normal(0, 0.05, weeks))
    observed[weeks // 3] = np.nan
    begin = weeks if since is None else int(hit.argmax()) - 20
    shown = np.where(np.arange(weeks) >= begin, expected, np.nan)
    low, high = tuple(0.9 * shown), tuple(1.1 * shown)
    return Exhibit(metric, channel, tuple(days), tuple(observed), tuple(shown), low, high, since)


def finding(
    cause: str = "creative_fatigue", channel: str | None = "Meta", *, effect: Q = LOSS,
    verdict: Any = "supported", probability: float = 0.96, lines: int = 5, exhibits: tuple[Exhibit, ...] | None = None,
    rival: str | None = None, **words: str,
) -> Example:  # fmt: skip
    """A finding that began on 12 May 2025, two weeks more or less."""
    since = dt.date(2025, 5, 12)
    says = [
        "Click-through fell by 28 % since 12 May 2025, while the price of impressions and the site did not change.",
        "The mean age of the ads rose from 24 to 71 days.",
        "Ads younger than 30 days still draw 2.5 % of those who see them; older ones 1.7 %.",
        "The fall is slow, over seven weeks: a broken tag or a new page would be sudden.",
        "Frequency rose by 4 % only: people do not see the ads too often.",
    ]
    return Example(
        cause, channel, None, verdict, probability, since, (dt.date(2025, 4, 28), dt.date(2025, 5, 26)), effect,
        tuple(Line("ctr_fell", -0.28, -0.1, {}, says[n % len(says)]) for n in range(lines)),
        (exhibit(channel=channel),) if exhibits is None else exhibits, rival, words=words,
    )  # fmt: skip


def hypotheses(*verdicts: Verdict, channels: tuple[str, ...] = ("Meta", "Search")) -> tuple[Hypothesis, ...]:
    """Every cause, the first two of them in each channel, with the verdicts in turns."""
    found: list[Hypothesis] = []
    for n, cause in enumerate(CAUSES):
        for channel in channels if n < 2 else (None,):
            verdict = verdicts[len(found) % len(verdicts)]
            because = f"the test asks whether {cause.means}, and the answer is {verdict.replace('_', ' ')}"
            found.append(Hypothesis(cause.name, verdict, because.capitalize() + ".", channel))
    return tuple(found)


def reading(name: str, state: State, sentence: str) -> Told:
    value = None if state == "unknown" else Q(0.2, 0.31, 0.44)
    return Told(name, state, value, "share", {}, ("campaign",) if state == "unknown" else (), sentence)


READINGS = (
    reading("below_break_even", "fine", "12 % of spend (90 % range 5 to 19 %) goes where it does not pay back."),
    reading("launch_churn", "unknown", "Whether campaigns are replaced too often cannot be told: campaigns are not exported."),
    reading("claims", "concern", "Platforms claim 1.7 times what their ads cause (90 % range 1.3 to 2.4)."),
    reading("brand", "unclear", "Brand spend fell by 20 %; whether sales without ads follow cannot be told yet."),
)  # fmt: skip

RATES = Rates({"sales": [30, 100], "columns": "full", "weeks": [52, 156]}, 0.96, 0.01, 0.03, 400, 200)


def diagnosis(**changes: Any) -> Diagnosis:
    """Two supported findings (the dearer one first), two possible ones, 16 hypotheses."""
    mixed: tuple[Verdict, ...] = ("ruled_out", "cannot_tell", "untestable", "ruled_out")
    first = finding(title="Meta: click-through wears out as the ads age")
    second = finding(
        "conversion_rate_drop", None, effect=Q(-90.0, 610.0, 1300.0), lines=2, probability=0.998,
        exhibits=(exhibit("orders_per_session", None, usual=0.031, factor=0.8, seed=1),),
        title="The site sells less to those who come, from every source", would_refute="Orders per visit at their old level once the checkout of April is back.",
        action="Look at what changed on the site about 12 May 2025; put the old checkout beside the new one for two weeks.",
    )  # fmt: skip
    broken = finding(
        "tracking_break", "Search", effect=Q(0.0, 0.0, 0.0), verdict="possible", probability=0.41, lines=1, rival="harvesting",
        exhibits=(exhibit("claims_over_till", "Search", usual=0.9, factor=0.6, seed=2),), title="Search: its count of sales broke",
    )  # fmt: skip
    vague = finding("mix_shift", None, effect=Q(-40.0, 130.0, 380.0), verdict="possible", probability=0.22, lines=2,
                    exhibits=(), title="Money moved to weaker channels")  # fmt: skip
    accused: dict[str, Verdict] = {each.cause: each.verdict for each in (first, second, broken, vague)}
    every = tuple(replace(h, verdict=accused.get(h.cause, h.verdict)) for h in hypotheses(*mixed))
    made = Diagnosis(
        (first, second, broken, vague), every, READINGS,
        Explained(2100.0, (("creative_fatigue", "Meta", 1200.0), ("conversion_rate_drop", None, 610.0)), 290.0), RATES,
    )  # fmt: skip
    return replace(made, **changes)
