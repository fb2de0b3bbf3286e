"""Weigh all causes in all places against each other and against nothing having happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import SIGNATURES, mix_shift
from roas.diagnosis.causes.base import Signature
from roas.diagnosis.causes.harmless import HARMLESS
from roas.diagnosis.compare import hold_against, something_else
from roas.diagnosis.panel import Array
from roas.diagnosis.seen import Seen

#: Before looking: nothing happened in half of all accounts; something that none of the causes describes seldom, because
#: it fits almost anything; a change that does no harm about as often as a cause.
NOTHING, SOMETHING_ELSE, HARMLESS_CHANGE = 0.5, 0.003, 0.02

#: Each cause beforehand. One that asks for something that is seldom met by chance is likelier once that is seen.
CAUSE: Final = 0.03


@dataclass(frozen=True)
class Weighed:
    """All candidates with their probabilities.

    Attributes
    ----------
    candidates : tuple of Candidate
    probability : array, shape (candidates,)
        Of each; the rest up to 1 is `nothing`.
    nothing : float
        Probability that nothing happened.
    log_odds : array, shape (candidates,)
        Log of prior times evidence of each over nothing.
    evidence : array, shape (candidates,)
        Log of the evidence alone.
    """

    candidates: tuple[Candidate, ...]
    probability: Array
    nothing: float
    log_odds: Array
    evidence: Array

    def ahead(self, k: int) -> tuple[float, Candidate | None]:
        """Return the log evidence over the next best explanation, and which; None: nothing happened.

        What a cause asks for counts as evidence; how likely causes are beforehand does not.
        """
        odds, rival = self.rival(k)
        mine = float(self.log_odds[k])
        if rival is None:
            return mine + float(np.log(NOTHING / CAUSE)), None
        beforehand = float(np.log(SOMETHING_ELSE / CAUSE)) if rival.signature is None else 0.0
        return mine - odds + beforehand, rival

    def innocent(self) -> float:
        """Return the log evidence, over nothing, of the innocent explanation that fits best: a harmless change, or 0."""
        fits = [value for value, each in zip(self.evidence, self.candidates, strict=True) if each.harmless]
        return max(0.0, float(max(fits, default=0.0)))

    def log_share(self, k: int) -> float:
        """Return the log of a cause's share, in this place, of one unit laid out over all causes and places.

        Causes have equal parts; a cause's part is laid out evenly over the places where it can have happened. What a
        cause asks for is counted as no evidence here.
        """
        signature = self.candidates[k].signature
        open_places = sum(each.signature is signature and bool(each.possible.any()) for each in self.candidates)
        return -float(np.log(len(SIGNATURES) * max(open_places, 1)))

    def rival(self, k: int) -> tuple[float, Candidate | None]:
        """Return the log odds of the next best explanation by another cause, and which; None: nothing happened."""
        mine = self.candidates[k].signature
        others = [
            (float(self.log_odds[i]), each) for i, each in enumerate(self.candidates) if each.signature is not mine
        ]
        best = max(others, key=lambda item: item[0], default=(-np.inf, None))
        return best if best[0] > 0 else (0.0, None)


def places(seen: Seen, signature: Signature) -> list[int | None]:
    """Return where a cause can be: each channel and all at once, or the account."""
    if signature.scope == "account":
        return [None]
    channels: list[int | None] = list(range(len(seen.panel.channels)))
    return [*channels, None] if len(channels) > 1 and signature is not mix_shift.CAUSE else channels


def candidates_of(seen: Seen) -> list[Candidate]:
    """Return every cause in every place, and what no cause describes."""
    found = [
        hold_against(seen, signature, place)
        for signature in SIGNATURES.values()
        if signature is not mix_shift.CAUSE
        for place in places(seen, signature)
    ]
    if seen.panel.has("conversion_value") and len(seen.panel.channels) > 1:
        move = mix_shift.moves(seen)
        for channel in range(len(seen.panel.channels)):
            ratio = mix_shift.log_ratio(seen, channel, move)[:, None]
            found.append(Candidate(mix_shift.CAUSE, channel, ratio, np.maximum(-move.effect, 0.0)[:, None]))
    for signature in HARMLESS:
        held = [hold_against(seen, signature, place) for place in range(len(seen.panel.channels))]
        found += [replace(each, signature=None, harmless=True) for each in held]
    elsewhere: list[int | None] = [*range(len(seen.panel.channels)), None]
    return found + [something_else(seen, place) for place in elsewhere]


def weigh(seen: Seen) -> Weighed:
    """Return the probability of every cause in every place."""
    found = candidates_of(seen)
    prior = seen.shapes.prior
    open_places: dict[str, int] = {}
    for each in found:
        if each.signature is not None and each.possible.any():
            open_places[each.signature.name] = open_places.get(each.signature.name, 0) + 1
    evidence = np.array([each.evidence(prior) for each in found])
    beforehand = np.array([_beforehand(each, open_places, len(seen.panel.channels)) for each in found])
    log_odds = np.log(beforehand / NOTHING) + evidence
    top = max(float(log_odds.max(initial=0.0)), 0.0)
    odds = np.exp(log_odds - top)
    whole = float(odds.sum()) + float(np.exp(-top))
    return Weighed(tuple(found), odds / whole, float(np.exp(-top)) / whole, log_odds, evidence)


def _beforehand(each: Candidate, open_places: dict[str, int], channels: int) -> float:
    if each.signature is None:
        prior = HARMLESS_CHANGE / len(HARMLESS) if each.harmless else SOMETHING_ELSE
        return prior / (channels + 1)
    return CAUSE / each.signature.by_chance / max(open_places.get(each.signature.name, 1), 1)
