"""The volatility of an account: one record per ROAS series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.quantiles import DIGITS
from roas.volatility.breaks.found import Break, Breaks
from roas.volatility.noise import Noise
from roas.volatility.online.looks import Alarm, Watch
from roas.volatility.regimes.garch import ConditionalVolatility
from roas.volatility.regimes.shocks import Shocks
from roas.volatility.regimes.states import Regime
from roas.volatility.series import RoasSeries
from roas.volatility.shares import PARTS
from roas.volatility.sheet.comovement import Correlations
from roas.volatility.sheet.tear import TearSheet
from roas.volatility.truth import Swing

if TYPE_CHECKING:
    import pandas as pd

#: Columns of the table of breaks.
_BREAK: Final = ("channel", "kind", "date", "before", "after", "probability", "earliest", "latest")


@dataclass(frozen=True)
class SeriesVolatility:
    """How unstable one ROAS is, from what, and since when.

    Attributes
    ----------
    series : RoasSeries
        What was measured.
    noise : Noise
        Its noise floor.
    swing : Swing
        Observed and true log sd of weekly ROAS.
    shares : dict
        Shares of the variance of log weekly ROAS; they add to 1.
    breaks : Breaks
        New levels, and new variances.
    shocks : Shocks
        Standardised residuals.
    regime : Regime
        Calm or turbulent at the end.
    conditional : ConditionalVolatility
        How large the next shock is expected to be.
    odd : tuple of (date, ROAS, expected ROAS)
        Periods far above all others.
    """

    series: RoasSeries
    noise: Noise
    swing: Swing
    shares: dict[str, float]
    breaks: Breaks
    shocks: Shocks
    regime: Regime
    conditional: ConditionalVolatility
    odd: tuple[tuple[np.datetime64, float, float], ...] = ()

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """Weekly ROAS with the band of luck about the level of its time.

        Returns
        -------
        DataFrame
            ``week``, ``spend``, ``roas``, ``expected``, ``lower``,
            ``upper`` (90 % limits of luck alone; NaN where not known),
            ``mature``, ``complete``.
        """
        from roas.volatility.band import weekly_band

        return weekly_band(self.series, self.noise, [each.index for each in self.breaks.levels])

    def dates_of(self, each: Break) -> tuple[np.datetime64, np.datetime64]:
        """Return the 90 % interval of a break's date."""
        last = len(self.series.dates) - 1
        return self.series.dates[min(each.first, last)], self.series.dates[min(each.last, last)]

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's ``V``, and what stands behind it."""
        return {
            "of": self.series.of,
            "weeks": self.swing.weeks,
            "observed_log_sd": _rounded(self.swing.observed_log_sd),
            "true_log_sd": self.swing.true_log_sd.to_dict(),
            "shares": _add_to_one(self.shares),
            "state": self.regime.state,
            "breaks": [_break(each) for each in self.breaks.levels],
            "variance_breaks": [_break(each) for each in self.breaks.variances],
            "regime": self.regime.to_dict(),
            "conditional": self.conditional.to_dict(),
            "noise": {
                "basis": self.noise.basis,
                "basket_cv": _rounded(self.noise.basket_cv),
                "dispersion": _rounded(self.noise.dispersion),
                "log_sd": _rounded(float(np.sqrt(self.swing.sampling_variance))),
            },
        }


@dataclass(frozen=True)
class AccountVolatility:
    """Volatility of the account and of every channel with a ROAS series.

    Attributes
    ----------
    account : SeriesVolatility or None
        Of MER, or without a till of claimed ROAS.
    channels : dict
        Channel → its volatility, in order of spend.
    sheets : dict
        Channel → its tear sheet.
    correlations : Correlations
        Of weekly shocks between channels.
    watch : Watch
        What a look every week would have said.
    """

    account: SeriesVolatility | None
    channels: dict[str, SeriesVolatility]
    sheets: dict[str, TearSheet]
    correlations: Correlations
    watch: Watch

    def __iter__(self) -> Iterator[tuple[str | None, SeriesVolatility]]:
        if self.account is not None:
            yield None, self.account
        yield from self.channels.items()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per series: swing, shares, state; ``channel`` empty for the account."""
        import pandas as pd

        rows = [
            {
                "channel": name,
                "of": each.series.of,
                "weeks": each.swing.weeks,
                "observed_log_sd": each.swing.observed_log_sd,
                **{f"true_log_sd_{level}": value for level, value in each.swing.true_log_sd.to_dict().items()},
                **_add_to_one(each.shares),
                "state": each.regime.state,
            }
            for name, each in self
        ]
        return pd.DataFrame(rows, columns=None if rows else ["channel", "of", "weeks", "observed_log_sd", *PARTS])

    def to_dict(self) -> dict[str, Any]:
        """Return what concerns channels together: correlation of shocks, and alarms."""
        return {
            "correlations": self.correlations.to_dict(),
            "watch": {
                "judged": self.watch.judged,
                "alpha": self.watch.alpha,
                "alarms": [_alarm(each) for each in self.watch.alarms],
            },
        }

    def breaks(self) -> pd.DataFrame:
        """Return one row per break of any series, oldest first; ``channel`` empty for the account."""
        import pandas as pd

        rows = [
            (name, each.kind, each.date, each.before, each.after, each.probability, *of.dates_of(each))
            for name, of in self
            for each in of.breaks.found
        ]
        frame = pd.DataFrame(rows, columns=list(_BREAK))
        return frame.sort_values(["date", "probability"], kind="stable", ignore_index=True)

    def __repr__(self) -> str:
        """Return a short summary."""
        if self.account is None:
            return f"<AccountVolatility of {len(self.channels)} channels>"
        swing = self.account.swing
        return (
            f"<AccountVolatility: weekly log sd {swing.observed_log_sd:.3g}, "
            f"without luck {swing.true_log_sd}, {len(self.channels)} channels>"
        )


def _break(each: Break) -> dict[str, Any]:
    return {
        "date": str(each.date),
        "before": _rounded(each.before),
        "after": _rounded(each.after),
        "probability": round(each.probability, 4),
        "shape": each.shape,
    }


def _alarm(each: Alarm) -> dict[str, Any]:
    return {
        "channel": each.channel or None,
        "week": str(each.week),
        "since": str(each.since),
        "before": _rounded(each.before),
        "after": _rounded(each.after),
        "e_value": _rounded(each.e_value),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.{DIGITS}g}")


def _add_to_one(shares: dict[str, float]) -> dict[str, float]:
    """Round to six digits, the largest share taking what rounding leaves."""
    kept = {name: round(value, DIGITS) for name, value in shares.items()}
    largest = max(kept, key=lambda name: kept[name])
    kept[largest] = round(kept[largest] + 1 - sum(kept.values()), DIGITS)
    return kept
