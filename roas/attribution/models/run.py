"""One attribution: every model computed once, and their spread from the same journeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.attribution.models.api import CUSTOM, MARKOV_ORDER, ModelOptions, check_models
from roas.attribution.models.contexts import levels
from roas.attribution.models.custom import CustomRule, read_rule
from roas.attribution.models.markov import Solved, Transitions, solve, transition_counts
from roas.attribution.models.markov_spread import REDRAWN_STATES, Variances, variances
from roas.attribution.models.order import ORDERS, choose_order
from roas.attribution.models.pairs import Pairs
from roas.attribution.models.redraw import Replicates, redraw
from roas.attribution.models.resample import MOST_CELLS, cells, interval
from roas.attribution.models.rules import RULES
from roas.attribution.models.shapley import by_place, set_shapley, shapley_weights
from roas.attribution.models.spread import interval_from
from roas.attribution.models.transition_spread import transition_variances
from roas.attribution.models.weighted import Weighted, by_time, by_weights, worked_intervals
from roas.attribution.models.words import convention
from roas.attribution.results import Credit, Removal

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Paths


class Run:
    """One call: models are computed once, then their spread together."""

    def __init__(self, paths: Paths, models: tuple[str, ...], options: ModelOptions, *, chain: bool = False) -> None:
        check_models(models, options)
        self.paths, self.options = paths, options
        self.models = tuple(dict.fromkeys(models))
        self.rule: CustomRule | None = (
            read_rule(str(options.custom)) if CUSTOM in self.models and options.custom else None
        )
        self.facts: dict[str, dict[str, Any]] = {name: {} for name in self.models}
        self.pairs = Pairs.of(paths)
        self.weighted = {name: each for name in self.models if (each := self._weigh(name)) is not None}
        self.solved = self._solve(chain)
        self.spreads: dict[int, Variances] = {}
        self.drawn: Replicates | None = None
        if self._redrawn:
            chains = {name: each for name, each in self.solved.items() if each.layout.size <= REDRAWN_STATES}
            self.drawn = redraw(
                paths, self.pairs, self.weighted, chains, replicates=options.replicates, seed=options.seed
            )

    @property
    def _spread_known(self) -> bool:
        return self.options.intervals and bool(self.paths.journeys.sum() > 0)

    @property
    def _redrawn(self) -> bool:
        return self._spread_known and cells(self.paths) <= MOST_CELLS

    def _weigh(self, name: str) -> Weighted | None:
        paths, pairs = self.paths, self.pairs
        if name == "time_decay":
            return by_time(paths, pairs)
        if name == CUSTOM and self.rule is not None:
            unused = self.rule.unused(paths)
            if unused:
                self.facts[name]["unused_channels"] = list(unused)
            return by_weights(paths, pairs, self.rule.weights(paths))
        if name in ("shapley", "shapley_ordered"):
            return by_weights(paths, pairs, shapley_weights(paths, pairs))
        if name not in RULES:
            return None
        settings: dict[str, Any] = {}
        if name == "last_non_direct":
            settings["direct"] = self.options.direct
        if name == "position":
            settings["shares"] = self.options.position
        return by_weights(paths, pairs, RULES[name].weights(paths, **settings))

    def _solve(self, chain: bool) -> dict[str, Solved]:
        orders = {
            name: self._order(name) for name in self.models if name.startswith("markov") and name != "markov_auto"
        }
        if chain:
            orders.setdefault("markov", 1)
        auto = "markov_auto" in self.models
        longest = max([*orders.values(), *(ORDERS if auto else ())], default=0)
        known = levels(self.paths, longest + 1) if longest else []
        if auto:
            choice = choose_order(self.paths, seed=self.options.seed, known=known)
            orders["markov_auto"] = choice.order
            self.facts["markov_auto"] |= choice.facts()
        done: dict[int, Solved] = {}
        for order in sorted(set(orders.values())):
            done[order] = solve(self.paths, order, known=known)
        return {name: done[order] for name, order in orders.items()}

    @staticmethod
    def _order(name: str) -> int:
        found = MARKOV_ORDER.fullmatch(name)
        return int(found[1]) if found else 1

    def _model(self, name: str) -> Weighted | Solved:
        return self.weighted[name] if name in self.weighted else self.solved[name]

    def _positions(self) -> Floats:
        per_touch = shapley_weights(self.paths, self.pairs)
        return by_place(self.paths, per_touch * np.repeat(self.paths.conversions, self.paths.lengths))

    def _variances(self, solved: Solved) -> Variances:
        """Work out a chain's spread once, however many ask."""
        order = solved.layout.order
        if order not in self.spreads:
            self.spreads[order] = variances(self.paths, solved.layout, solved.counts)
        return self.spreads[order]

    def credits(self) -> dict[str, Credit]:
        """Return the credit of each model, in the order asked for."""
        return {name: self._credit(name) for name in self.models}

    def _credit(self, name: str) -> Credit:
        facts = self.facts[name]
        conversions_interval, value_interval = self._intervals(name)
        model = self._model(name)
        if name in self.solved:
            facts |= _chain_facts(self.solved[name])
        conversions, value = model.conversions, model.value
        if name == "shapley":
            conversions, value = set_shapley(self.paths)
        return Credit(
            name,
            self._convention(name),
            conversions,
            value,
            conversions_interval,
            value_interval,
            self._positions() if name == "shapley_ordered" else None,
            facts,
        )

    def _intervals(self, name: str) -> tuple[Floats | None, Floats | None]:
        if not self._spread_known:
            return None, None
        facts = self.facts[name]
        facts["value_spread_within_paths"] = self.paths.value_squares is not None
        if self.drawn is not None and name in self.drawn.conversions:
            facts |= {"intervals": "journeys redrawn", "replicates": self.options.replicates}
            point = self._model(name)
            return (
                interval(point.conversions, np.concatenate(self.drawn.conversions[name])),
                interval(point.value, np.concatenate(self.drawn.value[name])),
            )
        facts["intervals"] = "worked out from each journey's influence"
        if name in self.weighted:
            return worked_intervals(self.paths, self.pairs, self.weighted[name])
        return self._worked_chain(self.solved[name])

    def _worked_chain(self, solved: Solved) -> tuple[Floats, Floats]:
        found = self._variances(solved)
        conversions = interval_from(solved.conversions, found.conversions)
        if solved.own_value:
            return conversions, interval_from(solved.value, found.value)
        total = float(solved.conversions.sum())
        scaled = conversions * (float(self.paths.value.sum()) / total if total else 0.0)
        value = solved.value[:, None]
        return conversions, np.hstack(
            [np.minimum(scaled, value).min(1, keepdims=True), np.maximum(scaled, value).max(1, keepdims=True)]
        )

    def _convention(self, name: str) -> str:
        if name == CUSTOM and self.rule is not None:
            return self.rule.convention
        order = self.solved[name].layout.order if name in self.solved else 1
        return convention(name, self.options, order=order)

    def removal(self) -> Removal:
        """Return the order-1 removal effects with their interval."""
        solved = self.solved["markov"]
        point = solved.losses.effects
        if self.drawn is not None and self.drawn.effects:
            return Removal(point, interval(point, np.concatenate(self.drawn.effects)))
        if not self._spread_known:
            return Removal(point)
        found = interval_from(point, self._variances(solved).effects)
        return Removal(point, np.clip(found, 0.0, 1.0))

    def transitions(self) -> Transitions:
        """Return the order-1 transitions with the interval of their shares."""
        plain = transition_counts(self.paths)
        if not self._spread_known:
            return plain
        if self.drawn is not None and self.drawn.tables:
            found = interval(plain.shares, np.concatenate(self.drawn.tables))
        else:
            spread = transition_variances(self.paths, self.solved["markov"].layout, plain.counts)
            found = np.clip(interval_from(plain.shares, spread), 0.0, 1.0)
        return Transitions(plain.sources, plain.targets, plain.counts, found)


def _chain_facts(solved: Solved) -> Mapping[str, Any]:
    found = {"order": solved.layout.order, "states": solved.layout.size, "steps": solved.layout.step.size}
    return found if solved.own_value else {**found, "value_shared_like": "conversions"}
