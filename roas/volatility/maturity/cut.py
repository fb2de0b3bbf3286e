"""Immature days: up to which day all conversions have arrived, and how that is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from roas.format import say_many
from roas.language import say
from roas.volatility.maturity.completion import CompletionCurve
from roas.volatility.series import Of

#: Days at the end of click-dated claims that are left out where no attribution window is known: the shortest that
#: covers the default windows of the large platforms (diagnosis recipe 1.2: at least seven days).
IMMATURE_DAYS: Final = 7

#: Longest window taken at its word, days: the longest that platforms offer. More is a typing error.
LONGEST_WINDOW: Final = 90

#: Share reported at which a day counts as mature. The 2 % that may come are under the smallest change that four
#: weeks can show at 300 sales a day (6 %, diagnosis finding 6).
MATURE: Final = 0.98

Why = Literal["till", "window", "default", "exports"]


@dataclass(frozen=True)
class Maturity:
    """Up to which day figures are complete.

    Attributes
    ----------
    mature_until : date
        First day that is not mature (a half-open range ends here).
    days : int
        Days at the end that are left out.
    why : {"till", "window", "default", "exports"}
        Order-dated revenue; a known attribution window; none known; a curve learnt from exports.
    note : str
        One sentence for the reader.
    """

    mature_until: dt.date
    days: int
    why: Why
    note: str

    @property
    def last_mature(self) -> dt.date:
        """Last day that is mature."""
        return self.mature_until - dt.timedelta(1)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"mature_until": self.mature_until.isoformat(), "days": self.days, "why": self.why, "note": self.note}


def conservative_cut(last_day: dt.date, *, of: Of, window_days: int | None = None) -> Maturity:
    """Say which last days to leave out when there is one export only.

    Parameters
    ----------
    last_day : date
        Last day of the export.
    of : {"claimed_roas", "mer"}
        Claims of a platform are dated by click and grow for days; revenue of the till is
        dated by order and complete.
    window_days : int or None
        Attribution window of the claims, days. Not between 1 and `LONGEST_WINDOW`: taken as unknown.

    Notes
    -----
    ``max(7, window)`` days: one export cannot tell late reporting from decline.
    """
    end = last_day + dt.timedelta(days=1)
    if of == "mer":
        return Maturity(end, 0, "till", say("Till revenue is dated by order, so its last day counts."))
    known = window_days is not None and 1 <= window_days <= LONGEST_WINDOW
    days = max(IMMATURE_DAYS, window_days) if known and window_days is not None else IMMATURE_DAYS
    until = end - dt.timedelta(days=days)
    if known:
        note = say_many(
            "The last {days} days are left out: claims count late sales for {number} day after a click.",
            "The last {days} days are left out: claims count late sales for {number} days after a click.",
            window_days or 0, days=days,
        )  # fmt: skip
        return Maturity(until, days, "window", note)
    note = say(
        "The last {days} days are left out: claims keep growing for days after a click, and one export cannot show it.",
        days=days,
    )
    return Maturity(until, days, "default", note)


def maturity(curve: CompletionCurve, last_day: dt.date, *, of: Of, window_days: int | None = None) -> Maturity:
    """Say which last days to leave out, from successive exports where they tell.

    Parameters
    ----------
    curve : CompletionCurve
        Of :func:`roas.volatility.maturity.completion.completion_curve`; without one, the conservative cut.
    last_day : date
        Day of the newest export, at age zero.

    Notes
    -----
    A day is mature at the first age from which F, less its standard error,
    stays at `MATURE` or more; if exports do not reach that far, the conservative cut or the oldest
    age seen, whichever is longer.
    """
    if curve.method == "none":
        return conservative_cut(last_day, of=of, window_days=window_days)
    safe = np.minimum(curve.share - curve.error, 2 - curve.share - curve.error) >= MATURE
    short = np.flatnonzero(~safe)
    days = int(short[-1]) + 1 if len(short) else 0
    if days > curve.oldest:
        days = max(curve.oldest, conservative_cut(last_day, of=of, window_days=window_days).days)
        note = say_many(
            "The last {days} days are left out: earlier exports reach {number} day back, "
            "and sales were still being added then.",
            "The last {days} days are left out: earlier exports reach {number} days back, "
            "and sales were still being added then.",
            curve.oldest, days=days,
        )  # fmt: skip
    elif days:
        note = say_many(
            "The last day is left out: earlier exports show that {share} % of sales are reported after {number} day.",
            "The last {number} days are left out: earlier exports show that {share} % of sales are reported after "
            "{number} days.",
            days, share=f"{100 * MATURE:.0f}",
        )  # fmt: skip
    else:
        note = say("Earlier exports show that figures do not change afterwards, so the last day counts.")
    return Maturity(last_day + dt.timedelta(days=1 - days), days, "exports", note)
