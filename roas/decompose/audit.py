"""The same change split a second way: Shapley values over all orders of the factors."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any, Final

import numpy as np

from roas.decompose._arrays import Array, Flags, Whole
from roas.decompose.chains import FACTORS, PLACE, log_ratios
from roas.decompose.lmdi import mix_logs, shares

#: Share of mean ROAS from which an effect is material. Where factors move by
#: 20 % the two ways of splitting differ by under 0.5 % of ROAS in 95 of 100
#: lines, and never in the sign of an effect above 0.3 %
#: (`benchmarks/volatility/periods.py`), so a material effect has a sign.
MATERIAL: Final = 0.01


@dataclass(frozen=True)
class AuditLine:
    """One factor, split both ways; ROAS points of units with spend in both periods."""

    factor: str
    lmdi: float
    shapley: float
    material: bool

    @property
    def agrees(self) -> bool:
        """Whether both say the same sign."""
        return self.lmdi * self.shapley > 0 or self.lmdi == self.shapley


@dataclass(frozen=True)
class Audit:
    """What a second way of splitting says.

    Attributes
    ----------
    lines : tuple of AuditLine
    largest_difference : float
        Of one factor, as a share of the mean ROAS of both periods.
    """

    lines: tuple[AuditLine, ...]
    largest_difference: float

    @property
    def agrees(self) -> bool:
        """Whether every material factor has the same sign both ways."""
        return all(line.agrees for line in self.lines if line.material)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "method": "shapley",
            "agrees": self.agrees,
            "largest_difference": self.largest_difference,
            "factors": [
                {"factor": x.factor, "lmdi": x.lmdi, "shapley": x.shapley, "material": x.material, "agrees": x.agrees}
                for x in self.lines
            ],
        }


def shapley(before: Array, after: Array, channel: Whole, chains: tuple[tuple[int, ...], ...]) -> Array:
    """Split the change of ROAS by Shapley values, centred like the LMDI lines.

    Parameters
    ----------
    before, after, channel, chains
        As in `roas.decompose.lmdi.lines`, without draws: shape (n_units, 5).

    Returns
    -------
    array, shape (n_factors,)
        ROAS points, over units with spend in both periods and revenue not
        below zero; 0 for factors that no unit has.

    Notes
    -----
    The value of a set of factors is the ROAS with these at their level
    after and all others before; a factor's line is its mean marginal effect
    over all orders, from all ``2^n`` sets.

    References
    ----------
    Sun (1998), Accounting for energy use in different industries. Ang, Liu
    and Chew (2003), Perfect decomposition techniques.
    """
    split = shares(before, after, channel)
    ratios = log_ratios(before, after, chains)
    lasting = (before[:, 0] > 0) & (after[:, 0] > 0) & (before[:, 4] >= 0) & (after[:, 4] >= 0)
    logs = mix_logs(ratios, split, lasting)
    low, high = before[:, 4] / before[:, 0].sum(), after[:, 4] / after[:, 0].sum()
    players = [k for k in range(len(FACTORS)) if logs[:, k].any() or (lasting & (ratios.broken == k)).any()]
    out = np.zeros(len(FACTORS))
    if players:
        out[players] = _values(
            logs[:, players], (ratios.broken[:, None] == np.array(players)).astype(np.float64), low, high, lasting
        )
    for name, centre in (("mix_between", split.centre_between), ("mix_within", split.centre_within)):
        out[PLACE[name]] -= centre[(before[:, 0] > 0) & (after[:, 0] > 0)].sum()
    return out


def _values(logs: Array, broken: Array, low: Array, high: Array, lasting: Flags) -> Array:
    """Return the Shapley value of each factor, shape (n,)."""
    n = logs.shape[1]
    sets = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    rising = (low == 0) & (high > 0)  # from nothing: worked backwards from the level after
    base = np.where(lasting, np.where(rising, high, low), 0.0)
    moved = np.exp(np.where(rising, (sets - 1) @ logs.T, sets @ logs.T))
    stopped = np.where(rising, (1 - sets) @ broken.T, sets @ broken.T) > 0
    worth = (np.where(stopped, 0.0, moved) * base).sum(axis=1)
    size = sets.sum(axis=1)
    weight = np.array([factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)])
    without = [np.flatnonzero(sets[:, k] == 0) for k in range(n)]
    return np.array([weight[size[s]] @ (worth[s | (1 << k)] - worth[s]) for k, s in enumerate(without)])


def audited(found: Array, other: Array, lasting_roas: float, present: tuple[str, ...]) -> Audit:
    """Set LMDI lines (n_factors,) beside Shapley lines, in ROAS points."""
    floor = MATERIAL * lasting_roas
    lines = tuple(
        AuditLine(
            name, a := float(found[PLACE[name]]), float(other[PLACE[name]]), bool(lasting_roas > 0 and abs(a) >= floor)
        )
        for name in present
        if name != "entry_exit"
    )
    gaps = [abs(line.lmdi - line.shapley) for line in lines]
    return Audit(lines, max(gaps, default=0.0) / lasting_roas if lasting_roas > 0 else 0.0)
