"""What large forecast errors are worth: evidence of heavy tails against breaks.

A noise that wanders in jumps makes a staircase of few steps; so do breaks. If
jumps of all sizes are there, one more parameter, the weight of the tails,
describes them at less cost than a date for each. Measured by `generic` in
`benchmarks/volatility/breaks.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Degrees of freedom tried, from jumps without a variance to nearly normal.
FREEDOM: Final = (1.5, 2.0, 3.0, 4.0, 6.0, 10.0)
#: Steps of the fit of the scale; each brings it a good part nearer, and the gain is flat about it.
STEPS: Final = 20
#: Fewest errors in which tails are judged.
ERRORS_NEEDED: Final = 30


def tail_gain(errors: Array) -> float:
    """Return the log evidence that Student errors gain over normal ones.

    Parameters
    ----------
    errors : array, shape (n,)
        Forecast errors, any scale.

    Returns
    -------
    float
        0 at least: normal errors are always possible.

    Notes
    -----
    ``max log L(Student) - max log L(normal) - log(n) / 2``: the scale is fitted
    in both, the degrees of freedom cost one parameter (Schwarz 1978). The
    scale by the weights of Lange, Little and Taylor (1989), Robust
    statistical modeling using the t distribution.
    """
    from scipy.special import gammaln

    n = len(errors)
    squares = errors**2
    if n < ERRORS_NEEDED or not squares.mean() > 0:
        return 0.0
    squares = squares / squares.mean()
    freedom = np.array(FREEDOM)[:, None]
    least = 1 / n  # as little as breaks can leave of a variance: their evidence is bounded alike
    scale = np.full((len(FREEDOM), 1), max(float(np.median(squares)), least))
    for _ in range(STEPS):
        scale = np.maximum(((freedom + 1) * squares / (freedom + squares / scale)).mean(axis=1, keepdims=True), least)
    constant = gammaln((freedom + 1) / 2) - gammaln(freedom / 2) - np.log(freedom * np.pi * scale) / 2
    student = n * constant[:, 0] - ((freedom + 1) / 2 * np.log1p(squares / scale / freedom)).sum(axis=1)
    normal = -n / 2 * (np.log(2 * np.pi) + 1)
    return float(max(0.0, student.max() - normal - np.log(n) / 2))
