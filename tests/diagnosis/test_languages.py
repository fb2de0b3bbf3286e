"""What a diagnosis says, in every language: nothing is left in English, nothing is lost."""

from __future__ import annotations

import datetime as dt
import gettext
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import product
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest

from roas import language
from roas.charts.evidence import evidence_chart
from roas.charts.evidence_weeks import by_week as _weeks
from roas.charts.evidence_words import evidence_title
from roas.charts.evidence_words import subtitle as _subtitle
from roas.diagnosis import sentences
from roas.diagnosis import verdict_words as words
from roas.diagnosis.base import CAUSES, Hypothesis
from roas.diagnosis.gates import Missing
from roas.diagnosis.metrics import METRICS
from roas.diagnosis.rates import Rates
from roas.diagnosis.readings import words as reading_words
from roas.diagnosis.readings.base import Reading
from roas.diagnosis.results import Diagnosis, Evidence, Exhibit, Explained, Finding
from roas.format import MONTHS
from roas.language import speaking
from roas.quantiles import Q
from roas.report import finding_summary, finding_words, findings, outcome_words, rates_words
from tests.diagnosis.test_words import EVIDENCE, FACTS

OTHERS = ("nl", "vi")
NAMES = [each.name for each in CAUSES]
DAY = dt.date(2026, 3, 2)

#: Stands for whatever a person named: digits and signs, so that a letter in a sentence is one of ours.
PLACE = "#1"
NOWHERE = (None, PLACE)

Said = tuple[str, Callable[[], str | None]]


def finding(cause: str, channel: str | None = PLACE, verdict: Any = "supported", rival: str | None = None) -> Finding:
    return Finding(
        cause=cause, channel=channel, campaign=None, verdict=verdict, probability=0.91, since=DAY,
        since_range=(DAY, DAY), effect_per_week=Q(1.0, 2.0, 3.0), evidence=(), rival=rival,
    )  # fmt: skip


# ---- everything that can be said -----------------------------------------------------------------


def of_findings() -> Iterator[Said]:
    for cause, channel in product(NAMES, NOWHERE):
        one = finding(cause, channel)
        yield f"title {cause} {channel}", partial(getattr, one, "title")
        yield f"refute {cause}", partial(getattr, one, "would_refute")
        yield f"action {cause} {channel}", partial(getattr, one, "action")
        for rival in (None, *NAMES):
            maybe = finding(cause, channel, "possible", rival)
            yield f"action {cause} {channel} or {rival}", partial(getattr, maybe, "action")


def of_evidence() -> Iterator[Said]:
    for each in EVIDENCE:
        facts = {**each.facts, **({"channel": PLACE} if each.facts.get("channel") else {})}
        yield f"{each.test} {facts}", partial(getattr, replace(each, facts=facts), "says")
    unknown = Evidence("evidence_ratio", 12.0, 20.0, {"rival": "something_else"})
    yield "evidence_ratio of something else", partial(getattr, unknown, "says")
    for metric, channel, kind in product(METRICS, NOWHERE, ("moved", "stayed")):
        facts = {"metric": metric, "channel": channel, "kind": kind, "low": -0.4, "high": 0.1}
        moved = Evidence(f"change_in_{metric}", -0.35, 0.1, facts)
        yield f"change_in_{metric} {channel} {kind}", partial(getattr, moved, "says")


def of_hypotheses() -> Iterator[Said]:
    for why, cause in product(FACTS, NAMES):
        for number, facts in enumerate(FACTS[why]):
            given = {**facts, **({"channel": PLACE} if facts.get("channel") else {})}
            yield (
                f"{why} {cause} {number}",
                partial(words.because, cause, why, given),
            )
    for metric, least in product(METRICS, (0.1, 0.5, 0.99)):
        facts = {"metric": metric, "change": -0.1, "least": least}
        yield f"power {metric} {least}", partial(words.because, "saturation", "power", facts)
    for column in sentences.WHERE:
        facts = {"missing": Missing(columns=(column,))}
        yield f"missing {column}", partial(words.because, "saturation", "missing", facts)


SHARE, EXACT = Q(0.2, 0.31, 0.44), Q(0.31, 0.31, 0.31)
TRENDS = (Q(0.1, 0.2, 0.3), Q(-0.3, -0.2, -0.1), Q(-0.1, 0.05, 0.2), Q(1e-5, 2e-4, 3e-4), 0.2, -0.2, 0.0)
LISTS = (["#1"], ["#1", "#2", "#3", "#4"])

#: Reading → the values that each of its facts may have; the first of each is the plain one.
READINGS: dict[str, dict[str, tuple[Any, ...]]] = {
    "below_break_even": {
        "basis": ("caused", "claims"), "break_even": (1.5,), "margin": (0.6, None), "weeks": (8, 1), "what": ("campaign", "channel"),
        "sure": (2, 1, 0, None), "units": (1234,), "average": (SHARE, EXACT), "modelled": (1.0, 0.7), "untold": (0.0, 0.2),
        "claimed": (None, 0.3), "channels": ([], *([(name, 0.9, SHARE, 0.1) for name in names] for names in LISTS)),
    },
    "missed_expectation": {
        "weeks": (8,), "by": (0.2,), "judged": (40,), "under": (0.6,), "at_least": (3, 0), "together": (-0.1, 0.0),
        "young_below": (0, 2), "usual": ([], [0.4, 0.55]), "season_known": (True, False), "young": (0, 1, 3), "small": (0, 1, 4),
        "spend_judged": (1.0, 0.6),
    },
    "over_claim": {"against": ("till", "caused"), "till": (None, SHARE), "change": (None, *TRENDS), "than": ("before", "year")},
    "performance_share": {
        "weeks": (8,), "labels": ("tags", "names"), "than": ("year", "before"), "without_ads": ("baseline", "unclaimed"),
        "then": (None, 0.5), "brand_change": (None, *TRENDS), "base_change": (None, *TRENDS),
    },
    "proliferation": {
        "weeks": (8,), "now": (12.0,), "then": (9.5,), "currency": (None,), "per_campaign": (None, 950.0),
        "per_campaign_change": (None, *TRENDS), "than": ("before",), "young": (None, 0.2), "young_then": (None, 0.1),
        "small": (None, 0.3), "small_then": (None, 0.4), "effective": (None, 7.7), "launches": (None, 2.0), "launches_then": (None, 1.5),
    },
    "returning_customers": {
        "weeks": (8,), "source": ("shop", "claims"), "currency": (None,), "than": ("year", "before"), "share_change": (None, *TRENDS),
        "cost": (None, Q(10.0, 20.0, 30.0)), "cost_change": TRENDS, "odd_weeks": (0, 1, 3),
    },
    "automated": {
        "rest": (False, True), "first_campaigns": (1, 5), "first_spend": (0.3,), "second_campaigns": (7,), "second_spend": (0.2,),
        "weeks": (12,), "ctr": (None, SHARE), "cvr": (None, SHARE), "suggested": (False, True),
    },
    "concentration": {
        "campaigns": (40,), "best": (4,), "names": LISTS, "weeks": (8,), "chosen": (26, 9, 1), "spend": (0.2,),
    },
}  # fmt: skip
READINGS["generated"] = READINGS["automated"] | {"rest": (False,)}


def told(name: str) -> Iterator[Reading]:
    """Every fact varied alone, then all at once in turns."""
    kinds = READINGS[name]
    plain = {key: values[0] for key, values in kinds.items()}
    several = [{key: values[turn % len(values)] for key, values in kinds.items()} for turn in range(1, 9)]
    varied = [plain | {key: value} for key, values in kinds.items() for value in values]
    pairs = [facts | {"basis": "claims"} for facts in varied] if "basis" in kinds else []
    for facts in (*varied, *pairs, *several):
        for value, state in ((SHARE, "concern"), (EXACT, "fine"), (Q(1.2, 1.4, 1.6), "unclear")):
            yield Reading(name, state, value, "share", facts)  # type: ignore[arg-type]


def of_readings() -> Iterator[Said]:
    assert set(READINGS) == set(reading_words._SAYS)
    for name in READINGS:
        for number, each in enumerate(told(name)):
            yield f"{name} {number}", partial(getattr, each, "says")
        for missing in (*((each,) for each in reading_words._GIVE), ("revenue", "history"), ()):
            unknown = Reading(name, "unknown", None, "share", {}, missing)
            yield f"{name} without {missing}", partial(getattr, unknown, "says")


RATES = [
    Rates({"sales": sales, "columns": columns, "weeks": weeks}, 0.96, wrong, accused, 400, healthy)
    for sales, columns, weeks in (([67, 300], "full", [38, 76]), (None, "bare", [76, 520]), ([300, 3000], "claims", [20, 38]), ([0, 5], "funnel", [0, 20]))
    for wrong, accused, healthy in ((0.0, 0.0, 60), (0.012, 0.004, 1))
]  # fmt: skip


def of_rates() -> Iterator[Said]:
    for number, each in enumerate(RATES):
        yield f"rates {number}", partial(getattr, each, "says")
        yield f"rates {number} in short", partial(getattr, each, "short")
        yield f"rates {number} on the page", partial(rates_words.rates, each)
    endless = replace(RATES[0], cell={"sales": [300, 1e9], "columns": "full", "weeks": [0, 52]})
    yield "rates without an end", partial(rates_words.rates, endless)
    yield "rates without a cell", partial(rates_words.rates, replace(RATES[0], cell={}))
    yield "no rates", partial(rates_words.rates, None)


def account(diagnosis: Diagnosis, margin: float | None = None) -> Any:
    """What the words look at of an analysis."""
    return SimpleNamespace(diagnosis=diagnosis, margin=margin, tables=SimpleNamespace(currency=None))


def stake(one: Finding, of: Any, row: int, column: int) -> str:
    return findings._stakes(one, of)[row][column]


def lines(one: Finding, of: Any) -> str:
    return " ".join(finding_summary._lines(one, of))


def of_page() -> Iterator[Said]:
    one, maybe = finding("saturation"), finding("mix_shift", None, "possible")
    wide = replace(one, since_range=(DAY - dt.timedelta(9), DAY))
    free = replace(one, effect_per_week=Q(0.0, 0.0, 0.0))
    for margin, each in product((None, 0.6), (one, wide, free)):
        of = account(Diagnosis((each,), ()), margin)
        yield f"headline {each} {margin}", partial(finding_words.headline, of)
        yield f"lost {each} {margin}", partial(finding_words.lost, each.effect_per_week, of)
        yield f"range {each} {margin}", partial(finding_words.loss_range, each.effect_per_week, of)
        yield f"since {each} {margin}", partial(finding_words.since, each)
        yield f"between {each} {margin}", partial(finding_words.since_range, each)
        for verdict, rival in (("supported", None), ("possible", None), ("possible", "mix_shift")):
            brief = replace(each, verdict=verdict, rival=rival)  # type: ignore[arg-type]
            yield f"brief {brief} {margin}", partial(finding_summary._brief, brief, of)
            yield f"lines {brief} {margin}", partial(lines, brief, of)
        for row, column in product(range(3), range(3)):
            yield f"stake {row} {column} {each} {margin}", partial(stake, each, of, row, column)
    for ill in ((one,), (one, one), (one, maybe), (one, maybe, maybe), (maybe,), (maybe, maybe)):
        of = account(Diagnosis(ill, ()))
        yield f"outcome {[each.verdict for each in ill]}", partial(outcome_words.outcome, of)
    for number, verdicts in enumerate(
        (("ruled_out",), ("untestable",), ("ruled_out", "untestable"), ("cannot_tell",),
         ("ruled_out", "cannot_tell", "untestable", "possible", "supported"), ("ruled_out", *["cannot_tell"] * 13))
    ):  # fmt: skip
        rows = [Hypothesis(name, verdicts[k % len(verdicts)], "") for k, name in enumerate(NAMES)]  # type: ignore[arg-type]
        yield f"outcome of {number}", partial(outcome_words.outcome, account(Diagnosis((), tuple(rows))))
        yield f"counted of {number}", partial(outcome_words.counted, Diagnosis((), tuple(rows)))
    for margin, (total, parts, rest) in product(
        (None, 0.6), ((500.0, True, 200.0), (500.0, True, -200.0), (-90.0, True, 0.0), (500.0, False, 0.0))
    ):
        shares = Explained(total, ((("saturation", None, 300.0),) if parts else ()), rest)
        of = account(Diagnosis((), (), explained=shares), margin)
        yield f"explained {total} {rest} {margin}", partial(outcome_words.explained, of)
    for cause in NAMES:
        yield f"name {cause}", partial(finding_words.cause_name, cause)
    for probability in (0.5, 0.999, 0.001, float("nan")):
        yield f"sure {probability}", partial(finding_words.sure, probability)
    for word in (*finding_words.HEADINGS.values(), *finding_words.STATES.values()):
        yield f"word {word}", partial(language.say, word)


def of_charts() -> Iterator[Said]:
    weeks = tuple(DAY - dt.timedelta(weeks=k) for k in reversed(range(12)))
    courses = ((2.0, True, 1.4), (2.0, True, 1.0), (-2.0, True, 1.4), (-2.0, True, 0.4), (2.0, False, 1.0))
    kinds = [("ctr", channel, course) for channel, course in product(NOWHERE, courses)]
    kinds += [(name, PLACE, (2.0, True, 0.7)) for name in ("mer", "unattributed")]
    for name, channel, (usual, since, factor) in kinds:
        flat = (usual,) * 12
        seen = tuple(usual * (factor if k >= 6 else 1.0) for k in range(12))
        shown = Exhibit(name, channel, weeks, seen, flat, flat, flat, weeks[6] if since else None)
        yield (
            f"chart {name} {channel} {usual} {since} {factor}",
            partial(evidence_title, shown, metric=METRICS[name]),
        )
    grid = _weeks(shown)
    for metric in METRICS.values():
        yield f"unit {metric.name}", partial(_subtitle, grid, metric, None)


PARTS = {
    "findings": of_findings, "evidence": of_evidence, "hypotheses": of_hypotheses, "readings": of_readings,
    "rates": of_rates, "page": of_page, "charts": of_charts,
}  # fmt: skip


@cache
def sayings(part: str) -> tuple[Said, ...]:
    return tuple(PARTS[part]())


@cache
def spoken(part: str, tag: str) -> dict[str, str]:
    """What a part says in a language, by what it is about."""
    with speaking(tag):
        return {about: say() or "" for about, say in sayings(part)}


# ---- nothing is left in English ------------------------------------------------------------------


class _Silent(gettext.NullTranslations):
    """A language in which every letter is a dot: what is still a letter, no catalogue has seen."""

    def gettext(self, message: str) -> str:
        return "".join(
            re.sub(r"[^\W\d_]", "·", text).replace("{", "{{").replace("}", "}}") + ("" if name is None else f"{{{name}}}")
            for text, name, _, _ in Formatter().parse(message)
        ) if "{" in message else re.sub(r"[^\W\d_]", "·", message)  # fmt: skip

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class _Bracketed(gettext.NullTranslations):
    """A language that says English in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


#: Letters that no catalogue holds: dates, and thousands.
WRITTEN = re.compile(rf"\d+ (?:{'|'.join(MONTHS)}) \d+|\d[KMB]\b")


@pytest.mark.parametrize("part", PARTS)
def test_every_word_goes_through_the_catalogues(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_translations", lambda _: _Silent())
    left = {about: said for about, say in sayings(part) if re.search(r"[^\W\d_]", WRITTEN.sub("", said := say() or ""))}
    assert not left


def test_every_word_of_a_chart_goes_through_the_catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import pyplot as plt
    from matplotlib.text import Text

    monkeypatch.setattr(language, "_translations", lambda _: _Silent())
    weeks = tuple(DAY - dt.timedelta(weeks=k) for k in reversed(range(40)))
    flat = (0.02,) * 40
    high = Exhibit("ctr", PLACE, weeks, (0.02,) * 30 + (0.9,) + (0.01,) * 9, flat, flat, flat, weeks[30])
    empty = replace(high, observed=(float("nan"),) * 40)
    said = []
    for shown in (high, empty):
        ax = evidence_chart(shown, metric=METRICS["ctr"])
        texts: Any = ax.figure.findobj(Text)
        said += [text.get_text() for text in texts if text not in ax.get_xticklabels()]
        plt.close("all")
    dates = re.compile(rf"\b(?:{'|'.join(name[:3] for name in MONTHS)})\b")
    assert sum("·" in each for each in said) >= 7
    assert not [each for each in said if re.search(r"[^\W\d_]", dates.sub("", WRITTEN.sub("", each)))]


def outside(said: str) -> str:
    """Return what stands outside all brackets."""
    depth, kept = 0, []
    for letter in said:
        depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
        if not depth and letter != "⟧":
            kept.append(letter)
    return "".join(kept)


@pytest.mark.parametrize("part", PARTS)
def test_sentences_stand_whole_in_their_brackets(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_translations", lambda _: _Bracketed())
    left = {about: said for about, say in sayings(part) if re.search(r"\w", WRITTEN.sub("", outside(said := say() or "").replace(PLACE, "")))}  # fmt: skip
    assert not left


# ---- the languages there are ---------------------------------------------------------------------

#: Sentences never hold these: what was not filled in, and what only the code calls so.
SEAMS = re.compile(r"\bNone\b|\b[Nn]a[Nn]\b|\binf\b|[{}]|[a-z]_[a-z]|  ")


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("part", PARTS)
def test_a_translation_shows_no_seams_and_says_as_much(part: str, tag: str) -> None:
    for about, said in spoken(part, tag).items():
        english = spoken(part, "en")[about]
        assert bool(said) == bool(english), about
        assert not SEAMS.search(said.replace("new_customers", "x")), said
        assert said.endswith(".") == english.endswith("."), said
        if english and english[0].isupper():
            assert not said[0].islower(), said
        assert (PLACE in said) == (PLACE in english), said


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("part", PARTS)
def test_no_sentence_stays_english(part: str, tag: str) -> None:
    same = {
        about for about, said in spoken(part, tag).items() if said == spoken(part, "en")[about] and said.count(" ") > 2
    }
    assert not same


@pytest.mark.parametrize("tag", OTHERS)
def test_numbers_are_those_of_the_language(tag: str) -> None:
    late = Evidence("days_missing", 3.4, 1.5, {"channel": None, "arrived": 0.2, "days": 9})
    with speaking(tag):
        assert "3,4" in late.says
        assert "20%" in late.says


@pytest.mark.parametrize("tag", OTHERS)
def test_what_goes_on_after_a_colon_begins_with_no_name(tag: str) -> None:
    with speaking(tag):
        for sentence in (*sentences.ACTIONS.values(), *sentences.PILOTS.values()):
            said = language.say(sentence)
            assert said[0].isupper() and said[1].islower(), said


@pytest.mark.parametrize("tag", OTHERS)
def test_counts_agree_with_their_nouns(tag: str) -> None:
    def of(sure: int) -> str:
        facts = {key: values[0] for key, values in READINGS["below_break_even"].items()}
        with speaking(tag):
            return Reading(
                "below_break_even", "concern", SHARE, "share", facts | {"basis": "claims", "sure": sure}
            ).says

    agree = {
        "nl": ("1 campagne van 1.234 ligt", "2 campagnes van 1.234 liggen"),
        "vi": ("1 trong 1.234 chiến dịch", "2 trong 1.234 chiến dịch"),
    }
    for sure, words_of in enumerate(agree[tag], start=1):
        assert words_of in of(sure)
