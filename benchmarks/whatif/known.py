"""How much could be known at all: what a planner expects who believes the model, and what it would gain unafraid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from fits import Fit
from scoring import best_gain, limits_for, now_of

from roas.plan.allocate import best_split, worth
from roas.plan.effects import effects_of
from roas.plan.limits import limits_of
from roas.plan.tables import Tables, tables_of

#: Draws of the model, and how many of them take the part of the truth.
DRAWS, TRUTHS = 400, 12

MAX_CHANGE, WEEKS = 0.3, 8


def known_table(fits: Mapping[str, Sequence[Fit]]) -> tuple[Sequence[str], list[list[str]]]:
    """Return what is knowable by generator.

    Notes
    -----
    *Expected*: the mean gain of the split that is best on average over the draws, over the mean of the best gains if
    each draw were the truth and were known. No planner with the same data and the same model can expect more.
    *Unafraid*: the true gain of that split, never held back, over the best gain. *Correlation*: of log marginal ROAS,
    estimated and true, between the channels of an account.
    """
    rows = []
    for kind, group in fits.items():
        parts = np.array([_parts(fit) for fit in group if fit.converged]).sum(axis=0)
        pairs = [pair for fit in group if fit.converged for pair in _slopes(fit)]
        estimated, true, doubt = np.array(pairs).T
        rows.append([
            kind, f"{parts[0] / parts[1]:.2f}", f"{parts[2] / parts[3]:.2f}",
            f"{np.corrcoef(estimated, true)[0, 1]:.2f}", f"{true.std():.2f}", f"{estimated.std():.2f}",
            f"{doubt.mean():.2f}",
        ])  # fmt: skip
    header = ("", "expected by the model", "unafraid, in truth", "correlation", "sd between channels, true",
              "estimated", "doubt on a channel (sd)")  # fmt: skip
    return header, rows


def _tables(fit: Fit) -> Tables:
    effects = effects_of(fit, fit.today, WEEKS, draws=DRAWS, fast=True)
    return tables_of(effects, fit.today, limits_of(fit.today, max_change=MAX_CHANGE))


def _parts(fit: Fit) -> tuple[float, float, float, float]:
    tables = _tables(fit)
    now, total = list(tables.now), sum(tables.now)
    split = best_split(tables.values(1.0, 0.0), tables.low, tables.high, total)
    expected = float((tables.draws_at(split.cents) - tables.draws_at(now)).mean())
    best = []
    for draw in np.linspace(0, tables.draws - 1, TRUTHS).round().astype(int):
        values = tables.values(1.0, 0.0, np.eye(tables.draws)[draw])
        best.append(best_split(values, tables.low, tables.high, total).value - worth(values, now))
    today = now_of(fit.today)
    planned = today | {n: cents / 100 for n, cents in zip(tables.names, split.cents, strict=True)}
    most = best_gain(fit.truth, fit.today, limits_for(fit.today, MAX_CHANGE), WEEKS)[0]
    return expected, float(np.mean(best)), fit.truth.gain(planned, today, WEEKS), most


def _slopes(fit: Fit) -> list[tuple[float, float, float]]:
    """Return log marginal ROAS, estimated and true, less the account's mean, and the doubt on it."""
    effects = effects_of(fit, fit.today, WEEKS, draws=DRAWS, fast=True)
    now = now_of(fit.today)
    found = []
    for name in effects.channels:
        if now.get(name, 0) <= 0:
            continue
        both = effects.change(name, np.array([0.8, 1.2]) * now[name])
        drawn = (both[:, 1] - both[:, 0]) / (0.4 * now[name])
        curve = fit.truth.of(name, WEEKS)
        true = float(curve(1.2) - curve(0.8)) / (0.4 * now[name])
        if true > 0 and drawn.mean() > 0:
            found.append((np.log(drawn.mean()), np.log(true), np.log(np.maximum(drawn, 1e-3 * drawn.mean())).std()))
    middle = np.mean(found, axis=0) if found else np.zeros(3)
    return [(a - middle[0], b - middle[1], doubt) for a, b, doubt in found]
