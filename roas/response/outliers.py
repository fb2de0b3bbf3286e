"""Periods that nothing explains, and how much controls explain: looked at where the posterior is highest."""

from __future__ import annotations

import numpy as np

from roas.response.design import cosines
from roas.response.limits import CONTROL_SD, SPIKE
from roas.response.prepare import Fitting
from roas.response.sample import Mode


def find_spikes(fitting: Fitting, mode: Mode) -> tuple[int, ...]:
    """Return periods whose revenue the rest of the window rules out, worst first.

    Each period is left out in turn (in closed form): its error divided by
    the standard error of predicting it from all others.
    """
    posterior, design = fitting.posterior, fitting.posterior.design
    parameters = posterior.split(mode.point[None])
    spectrum = design.spectrum(*parameters[6:])
    precision = 1 / spectrum.variance[0]
    pull = posterior.collapsed(posterior.explained(mode.point[None])[1], parameters).pull[0]
    basis = cosines(np.eye(design.periods))
    plain = (basis**2 * precision).sum(axis=1)
    weighted = precision[:, None] * design.waves
    inverse = np.linalg.inv(design.waves.T @ weighted + design.shrink)
    projected = basis @ weighted
    own = plain - ((projected @ inverse) * projected).sum(axis=1)
    errors = np.abs(pull) / np.sqrt(np.maximum(own, 1e-12))
    # A period with a column of its own fits exactly; nothing is left to test.
    errors[own < 1e-6 * plain.max()] = 0.0
    worst = np.argsort(-errors, kind="stable")
    # A giant makes its neighbours look odd: those wait for the next round.
    least = max(SPIKE, errors[worst[0]] / 3)
    return tuple(int(i) for i in worst if errors[i] > least)


def control_effect(fitting: Fitting, mode: Mode) -> float:
    """Return how large the effects of the controls are, as the sd of their prior.

    One step of expectation and maximisation at the mode: the mean square of
    the controls' coefficients, their uncertainty included; relative to mean
    revenue. Many flat priors would let controls explain noise.
    """
    posterior, design = fitting.posterior, fitting.posterior.design
    precision = 1 / design.spectrum(*posterior.split(mode.point[None])[6:10]).variance[0]
    inverse = np.linalg.inv(design.waves.T @ (precision[:, None] * design.waves) + design.shrink)
    left = cosines(posterior.revenue - posterior.explained(mode.point[None])[1][0])
    means = design.named @ inverse @ (design.waves.T @ (precision * left))
    square = (means**2 + ((design.named @ inverse) * design.named).sum(axis=1))[design.controls]
    square = square[[sd > 0 for _, _, sd in design.layout.controls]]
    # Two controls' worth of prior keep few from running to zero.
    return float(np.sqrt((square.sum() + 2 * CONTROL_SD**2) / (len(square) + 2)))
