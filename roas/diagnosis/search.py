"""Name causes one after the other: the likeliest first, then what is left without it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from roas.diagnosis.calibration import calibrated
from roas.diagnosis.candidate import Candidate
from roas.diagnosis.evidence import OVER_RIVAL
from roas.diagnosis.money import loss_draws
from roas.diagnosis.panel import Panel
from roas.diagnosis.posterior import take_out
from roas.diagnosis.seen import Seen, look
from roas.diagnosis.series import Taken
from roas.diagnosis.weigh import Weighed, weigh

#: Probability from which a cause is accused, and from which it is worth saying: set on simulated accounts so that
#: under one healthy account in twenty is accused (benchmarks/diagnosis).
SUPPORTED: Final = 0.85
POSSIBLE: Final = 0.3

#: Weeks that a change must have lasted before anything is accused: shorter ones come and go (a price that
#: wobbles, a bank holiday).
OLD_ENOUGH: Final = 4

#: Causes named at most; each later one rests on what the earlier ones left.
MOST_CAUSES: Final = 4


@dataclass(frozen=True)
class Named:
    """A cause found.

    Attributes
    ----------
    seen : Seen
        What was looked at: without the causes named before.
    candidate : Candidate
    probability : float
        Calibrated.
    over_rival : float
        Log evidence over the next best explanation.
    rival : Candidate or None
        That explanation, which may be no cause; None where it is that nothing happened.
    supported : bool
    over_innocent : float
        Log evidence over nothing, or the harmless change that fits best.
    log_share : float
        Log of its part of one unit laid out over all causes and places, see `Weighed.log_share`.
    """

    seen: Seen
    candidate: Candidate
    probability: float
    over_rival: float
    rival: Candidate | None
    supported: bool
    over_innocent: float = -np.inf
    log_share: float = -np.inf


@dataclass(frozen=True)
class Searched:
    """All that was found.

    Attributes
    ----------
    named : tuple of Named
    seen : Seen
        The account as it is.
    left : Seen
        What the supported ones leave.
    last : Weighed
        All causes weighed on that.
    """

    named: tuple[Named, ...]
    seen: Seen
    left: Seen
    last: Weighed


def search(
    panel: Panel, *, brand: tuple[int, ...] = (), break_even: float = 1.0, untestable: frozenset[str] = frozenset()
) -> Searched:
    """Name causes until nothing that is left can be named."""
    seen = left = look(panel, brand=brand, break_even=break_even)
    last = weigh(left)
    named: list[Named] = []
    taken: Taken = {}
    for _ in range(MOST_CAUSES):
        best = _best(left, last, untestable, named)
        if best is None or not best.supported:
            break
        named.append(best)
        taken = take_out(left, best.candidate, taken)
        left = look(panel, brand=brand, break_even=break_even, taken_out=taken)
        last = weigh(left)
    also = _possible(left, last, untestable, named)
    return Searched((*named, *also), seen, left, last)


def _name(seen: Seen, weighed: Weighed, k: int) -> Named:
    candidate = weighed.candidates[k]
    ahead, rival = weighed.ahead(k)
    raw = float(weighed.probability[k])
    probability = calibrated(raw)
    weight = candidate.weights(seen.shapes.prior).sum(axis=1)
    age = seen.panel.weeks - float(weight @ seen.shapes.onset)
    old = age >= OLD_ENOUGH or (candidate.signature is not None and candidate.signature.courses == ("dip",))
    supported = raw >= SUPPORTED and ahead >= np.log(OVER_RIVAL) and old and _costs(seen, candidate)
    over_innocent = float(weighed.evidence[k]) - weighed.innocent()
    return Named(seen, candidate, probability, ahead, rival, bool(supported), over_innocent, weighed.log_share(k))


def _costs(seen: Seen, candidate: Candidate) -> bool:
    """Return whether what it costs is surely more than nothing, or nothing because only the count is wrong."""
    draws = loss_draws(seen, candidate)
    return bool((draws == 0).all() or np.quantile(draws, 0.05) > 0)


def _best(seen: Seen, weighed: Weighed, untestable: frozenset[str], named: list[Named]) -> Named | None:
    """Return the likeliest cause that can be tested and is not named yet."""
    order = np.argsort(-weighed.probability, kind="stable")
    for k in order:
        if _open(weighed.candidates[k], untestable, named):
            return _name(seen, weighed, int(k))
    return None


def _open(candidate: Candidate, untestable: frozenset[str], named: list[Named]) -> bool:
    signature = candidate.signature
    if signature is None or signature.name in untestable:
        return False
    return not any(
        each.candidate.signature is signature and each.candidate.channel == candidate.channel for each in named
    )


def _possible(seen: Seen, weighed: Weighed, untestable: frozenset[str], named: list[Named]) -> list[Named]:
    """Return what is left that is worth saying, though not proven; one place per cause."""
    found: list[Named] = []
    for k in np.argsort(-weighed.probability, kind="stable"):
        if weighed.probability[k] < POSSIBLE:
            break
        if _open(weighed.candidates[k], untestable, [*named, *found]):
            found.append(replace(_name(seen, weighed, int(k)), supported=False))
    return found
