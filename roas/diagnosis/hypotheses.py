"""A verdict on every cause that is not named: what is missing, what speaks against it, or that nobody can tell."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from roas.diagnosis.base import CAUSES, Hypothesis, Verdict
from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.gates import Missing
from roas.diagnosis.lateness import Lateness
from roas.diagnosis.posterior import plain_contrast
from roas.diagnosis.search import Searched
from roas.diagnosis.seen import Seen
from roas.diagnosis.verdict_words import because
from roas.diagnosis.weigh import Weighed

#: Size (log) of a hit that matters: a fifth.
MATTERS: Final = 0.22

#: A cause is ruled out where a hit that matters is twenty times less likely than none, at every onset of the last
#: half year.
AGAINST: Final = -3.0
LOOKED_BACK: Final = 26

#: Load (lowest plus highest) from which a series tells something of a cause.
_TELLING: Final = 0.6

#: Weeks back at which it is said what a series did; and what a test with this many errors sees four times in five.
_RECENT: Final = 8
_DETECTED: Final = 2.8


def hypotheses_of(
    searched: Searched | None, missing: dict[str, Missing], late: dict[str, Lateness], *, lag_testable: bool
) -> tuple[Hypothesis, ...]:
    """Return every cause at least once, in the order of the contract; named ones in every place they have."""
    found: list[Hypothesis] = []
    for cause in CAUSES:
        found += _named(searched, cause.name)
        if any(each.cause == cause.name for each in found):
            continue
        if missing[cause.name]:
            found.append(_say(cause.name, "untestable", "missing", missing=missing[cause.name]))
        elif cause.name == "reporting_lag":
            found.append(_lag(late, testable=lag_testable))
        elif searched is None:
            found.append(_say(cause.name, "untestable", "short"))
        else:
            found.append(_judged(searched, cause.name))
    return tuple(found)


def _say(cause: str, verdict: Verdict, why: str, place: str | None = None, **facts: Any) -> Hypothesis:
    return Hypothesis(cause, verdict, because(cause, why, facts), place)


def _named(searched: Searched | None, cause: str) -> list[Hypothesis]:
    out = []
    for each in searched.named if searched else ():
        signature = each.candidate.signature
        if signature is not None and signature.name == cause:
            channel = each.candidate.channel
            name = each.seen.panel.channels[channel] if channel is not None else None
            rival = each.rival.signature.name if each.rival is not None and each.rival.signature is not None else None
            facts = {"probability": each.probability, "rival": rival, "young": not each.supported and rival is None}
            verdict: Verdict = "supported" if each.supported else "possible"
            out.append(_say(cause, verdict, verdict, name, **facts))
    return out


def _lag(late: dict[str, Lateness], *, testable: bool) -> Hypothesis:
    """Judge late reporting where it is not named."""
    if not late:
        return _say("reporting_lag", "cannot_tell" if testable else "untestable", "few_sales")
    worst = max(late.items(), key=lambda item: item[1].over_steady)
    facts: dict[str, Any] = {"channel": worst[0], "missing": worst[1].missing}
    if all(each.over_steady < 0 for each in late.values()):
        return _say("reporting_lag", "ruled_out", "on_time", **facts)
    return _say("reporting_lag", "cannot_tell", "perhaps_late", **facts)


def _judged(searched: Searched, cause: str) -> Hypothesis:
    seen, weighed = searched.left, searched.last
    places = [each for each in weighed.candidates if each.signature is not None and each.signature.name == cause]
    signature = SIGNATURES[cause]
    if not any(each.possible.any() for each in places):
        return _say(cause, "ruled_out", "gate", gate=signature.gate or "no_onset")
    best = max(places, key=lambda each: each.evidence(seen.shapes.prior))
    name = seen.panel.channels[best.channel] if best.channel is not None and cause != "mix_shift" else None
    witness = _witness(seen, best)
    against = [_most(seen, each) for each in places]
    if max(against, default=-np.inf) < AGAINST:
        return _say(cause, "ruled_out", "would_show", None, **witness)
    tie = _tie(weighed, best)
    if tie is not None:
        return _say(cause, "cannot_tell", "tie", name, rival=tie, **witness)
    return _say(cause, "cannot_tell", "power", name, **witness)


def _most(seen: Seen, candidate: Candidate) -> float:
    """Return the best log ratio of a hit that matters, begun in the last half year."""
    recent = seen.panel.weeks - seen.shapes.onset <= LOOKED_BACK
    inside = candidate.possible & recent
    sized = np.where(candidate.sizes >= MATTERS, candidate.log_ratio, -np.inf)
    return float(sized[inside].max()) if inside.any() else -np.inf


def _tie(weighed: Weighed, best: Candidate) -> str | None:
    """Return the cause that explains what this one might, where something did happen."""
    mine = next(k for k, each in enumerate(weighed.candidates) if each is best)
    odds, rival = weighed.rival(mine)
    if rival is None or rival.signature is None or odds <= 0 or float(weighed.log_odds[mine]) < odds - np.log(20):
        return None
    return rival.signature.name


def _witness(seen: Seen, candidate: Candidate) -> dict[str, Any]:
    """Return what the series did by which the cause would show, eight weeks back, and the least that would show."""
    signature = candidate.signature
    assert signature is not None
    steps = seen.shapes.at("step")
    if not len(steps):
        return {}
    shape = int(steps[np.abs(seen.panel.weeks - seen.shapes.onset[steps] - _RECENT).argmin()])
    loads = {**signature.hit, **signature.till}
    telling = [metric for metric, load in loads.items() if abs(sum(load)) >= _TELLING]
    if signature.scope == "account":
        telling.sort(key=lambda metric: metric not in signature.till)
    for metric in (signature.shows, *telling, "response", "claimed_roas", "revenue"):
        change, variance = plain_contrast(seen, metric, candidate.channel if metric in seen.shared.weights else None)
        if change is not None:
            error = float(np.sqrt(variance[shape]))
            least = float(-np.expm1(-_DETECTED * error))
            return {"metric": metric, "change": float(np.expm1(change[shape])), "least": least}
    return {}
