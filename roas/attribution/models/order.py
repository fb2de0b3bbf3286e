"""How much memory a chain needs: the order that best foretells journeys it has not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.models.contexts import Level, levels
from roas.attribution.sums import summed

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Ints, Paths

#: Orders tried. Beyond four touches contexts of real journeys are nearly all unique.
ORDERS: Final = (1, 2, 3, 4)

#: Parts that the journeys are split into, each foretold by the others.
FOLDS: Final = 5

#: Journeys looked at; a sample of so many tells orders apart (its standard
#: error is a tenth of that of 10,000) and keeps the choice to seconds.
MOST_JOURNEYS: Final = 1_000_000


@dataclass(frozen=True)
class OrderChoice:
    """The order chosen, and why.

    Attributes
    ----------
    order : int
    evidence : tuple of dict
        Per order: ``order``; ``score``, the mean log chance of an unseen
        journey; ``behind``, how far that is behind the best order's; and
        ``standard_error`` of that difference, journey by journey.
    journeys : float
        Journeys looked at.
    sampled : bool
        Whether these were a sample.
    """

    order: int
    evidence: tuple[dict[str, float], ...]
    journeys: float
    sampled: bool

    def facts(self) -> dict[str, Any]:
        """Return plain types."""
        why = (
            f"order {self.order} is the lowest within one standard error of the best "
            f"at foretelling journeys left out ({FOLDS} parts)"
        )
        return {
            "order": self.order,
            "why": why,
            "evidence": [dict(row) for row in self.evidence],
            "journeys_compared": self.journeys,
            "sampled": self.sampled,
        }


def choose_order(
    paths: Paths, *, orders: tuple[int, ...] = ORDERS, seed: int = 0, known: list[Level] | None = None
) -> OrderChoice:
    """Choose the order of the chain by held-out likelihood.

    Parameters
    ----------
    paths : Paths
    orders : tuple of int
        Candidates, rising.
    seed : int
        Of the split of the journeys.
    known : list of Level, optional
        Contexts already numbered, up to the longest order and one more.

    Returns
    -------
    OrderChoice
        Order 1 where nothing can be compared.

    Notes
    -----
    Journeys are split into `FOLDS` parts. Each part's journeys, step by step
    to their end, get the chance that the other parts' counts give them. For
    a context h with n steps seen, t kinds of them, and the shorter context
    h': ``p(y | h) = (n(h, y) + t p(y | h')) / (n + t)`` (Witten and Bell),
    down to equal chances, so that nothing is impossible. The lowest order
    whose mean log chance is within one standard error of the best is
    chosen; differences are paired by journey.

    References
    ----------
    Witten, Bell (1991), The zero-frequency problem. Hastie, Tibshirani,
    Friedman (2009), The elements of statistical learning, section 7.10.
    """
    generator = np.random.default_rng(seed)
    counts = np.stack([paths.conversions, paths.nulls])
    total = float(counts.sum())
    sampled = total > MOST_JOURNEYS
    if sampled:
        counts = _thinned(counts, MOST_JOURNEYS / total, generator)
        paths, counts, known = _only(paths, counts), counts[:, counts.any(axis=0)], None
    parts = _split(counts, generator)
    if not np.all(parts.sum(axis=(0, 1)) > 0):
        return OrderChoice(orders[0], (), float(counts.sum()), sampled)
    scores = _scores(paths, parts, orders, known)
    return _chosen(scores, parts, orders, sampled)


def _thinned(counts: Floats, share: float, generator: np.random.Generator) -> Floats:
    return generator.binomial(np.rint(counts).astype(np.int64), share).astype(np.float64)


def _only(paths: Paths, counts: Floats) -> Paths:
    """Keep the paths that any journey of the sample took."""
    kept = counts.any(axis=0)
    lengths = paths.lengths
    starts = np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64)
    codes = paths.codes[np.repeat(kept, lengths)]
    return replace(
        paths,
        codes=codes,
        starts=starts,
        conversions=counts[0, kept],
        nulls=counts[1, kept],
        value=paths.value[kept],
        value_squares=None,
        decay=None,
        periods=None,
    )


def _split(counts: Floats, generator: np.random.Generator) -> Floats:
    """Deal journeys out to the folds; (2, paths, folds). What is left of a fractional count goes to one fold."""
    whole = np.floor(counts)
    parts = generator.multinomial(whole.astype(np.int64), np.full(FOLDS, 1 / FOLDS)).astype(np.float64)
    rest = counts - whole
    rows = np.nonzero(rest > 0)
    parts[(*rows, generator.integers(0, FOLDS, len(rows[0])))] += rest[rows]
    return parts


def _scores(paths: Paths, parts: Floats, orders: tuple[int, ...], known: list[Level] | None) -> list[Floats]:
    """Return the log chance of each journey without its own fold, by order; (2, paths, folds)."""
    if known is None or len(known) <= orders[-1]:
        known = levels(paths, orders[-1] + 1)
    journeys = parts.sum(axis=0)
    begun = _Steps.start(paths, known, parts, journeys)
    out = []
    for order in range(1, orders[-1] + 1):
        begun = begun.longer(order)
        if order in orders:
            out.append(begun.journey_scores())
    return out


@dataclass(frozen=True)
class _Steps:
    """Chances of what comes next after each context of one length, without each fold.

    Attributes
    ----------
    going : array (contexts one touch longer, folds)
        Chance of the step that makes the longer context.
    ending : array (2, contexts, folds)
        Chance of converting, of being lost.
    seen : array (contexts + 1, folds)
        Journeys' visits to each context; the start of a journey comes last.
    """

    paths: Paths
    known: list[Level]
    parts: Floats
    journeys: Floats
    order: int
    going: Floats
    ending: Floats
    seen: Floats

    @classmethod
    def start(cls, paths: Paths, known: list[Level], parts: Floats, journeys: Floats) -> _Steps:
        """Begin with what comes next after no context: channel, conversion or null."""
        kinds = float(len(paths.channels) + 2)
        steps = _by_context(known[0].of_touch, known[0].size, journeys, paths.lengths)
        ends = _others(parts.sum(axis=1))
        seen = steps.sum(axis=0) + ends.sum(axis=0)
        going, ending = (steps + 1) / (seen + kinds), (ends + 1) / (seen + kinds)
        return cls(paths, known, parts, journeys, 0, going, ending[:, None, :], seen[None])

    def longer(self, order: int) -> _Steps:
        """Look one touch further back, leaning on what is known without it."""
        paths, state, step = self.paths, self.known[order - 1], self.known[order]
        steps = _by_context(step.of_touch, step.size, self.journeys, paths.lengths)
        last = state.of_touch[paths.starts[1:] - 1]
        ends = np.stack([_others(_scatter(last, state.size, part)) for part in self.parts])
        # The start of a journey, -1, is the last row.
        origin = np.where(step.before < 0, state.size, step.before)
        seen, kinds = (
            _scatter(origin, state.size + 1, steps),
            _scatter(origin, state.size + 1, (steps > 0).astype(np.float64)),
        )
        seen[:-1] += ends.sum(axis=0)
        kinds[:-1] += (ends > 0).sum(axis=0)
        shorter = np.append(state.suffix, len(self.seen) - 1) if order > 1 else np.zeros(state.size + 1, dtype=np.int64)
        # Where the longer look sees no journeys, or the same ones, it has nothing to add.
        adds = (kinds > 0) & (seen != self.seen[shorter])
        trust = np.divide(1.0, seen + kinds, out=np.zeros_like(seen), where=adds)
        keep = np.where(adds, kinds * trust, 1.0)
        going = trust[origin] * steps + keep[origin] * self.going[step.suffix]
        below = self.ending[:, shorter[:-1]]
        ending = trust[:-1] * ends + keep[:-1] * below
        return _Steps(paths, self.known, self.parts, self.journeys, order, going, ending, seen)

    def journey_scores(self) -> Floats:
        """Add up log chances along each path and its end; (2, paths, folds)."""
        from scipy.sparse import csr_matrix

        of_touch = self.known[self.order].of_touch
        ones = np.ones(len(of_touch))
        taken = csr_matrix((ones, of_touch, self.paths.starts), shape=(len(self.paths.nulls), len(self.going)))
        along = taken @ np.log(self.going)
        last = self.known[self.order - 1].of_touch[self.paths.starts[1:] - 1]
        return np.asarray(along[None] + np.log(self.ending)[:, last])


def _by_context(of_touch: Ints, size: int, journeys: Floats, lengths: Ints) -> Floats:
    """Count journeys over each context without each fold, (contexts, folds)."""
    per_fold = np.stack([summed(of_touch, np.repeat(part, lengths), size) for part in journeys.T], axis=1)
    return _others(per_fold)


def _others(per_fold: Floats) -> Floats:
    """Return what all other folds hold; the folds are the last axis."""
    return np.asarray(per_fold.sum(axis=-1, keepdims=True) - per_fold)


def _scatter(places: Ints, size: int, amounts: Floats) -> Floats:
    return np.stack([summed(places, each, size) for each in amounts.T], axis=1)


def _chosen(scores: list[Floats], parts: Floats, orders: tuple[int, ...], sampled: bool) -> OrderChoice:
    total = float(parts.sum())
    means = [float((parts * score).sum() / total) for score in scores]
    best = int(np.argmax(means))
    evidence = []
    for order, score, mean in zip(orders, scores, means, strict=True):
        difference = scores[best] - score
        behind = means[best] - mean
        spread = float((parts * (difference - behind) ** 2).sum() / total)
        error = (spread / max(total - 1, 1.0)) ** 0.5
        evidence.append({"order": float(order), "score": mean, "behind": behind, "standard_error": error})
    chosen = next(i for i, row in enumerate(evidence) if row["behind"] <= row["standard_error"])
    for row, order in zip(evidence, orders, strict=True):
        row["order"] = order
    return OrderChoice(orders[chosen], tuple(evidence), total, sampled)
