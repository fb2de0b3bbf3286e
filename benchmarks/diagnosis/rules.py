"""Simple rules that people and tools use in place of a diagnosis, asked about the same accounts.

Each compares the last 8 weeks with the 8 before, per channel, on what the export holds, and names one cause
or none. Most causes are planted 12 weeks before the end, so two rules are also asked over 12 and 12 weeks, as if
somebody had told them when to look:

largest factor      the channel that lost most claimed revenue at its spend; of CPM, click-through, conversion
                    rate and basket the one that moved most in the bad direction. Always answers where a channel fell
largest factor, 10 %  the same, silent while that channel's claimed ROAS fell by less than 10 %
always saturation   the channel whose spend grew most is saturated
spend up, ROAS down  a channel whose spend rose and whose claimed ROAS fell by 10 % or more is saturated
checklist           what agencies' playbooks list, from the shop to the ad: the first line that moved by 15 %
rolling z           an alarm on any day of the last 8 weeks at which the account's ROAS is 2.5 standard deviations
                    off its last 30 days. Names no cause
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from benchmarks.diagnosis.accounts import Account

#: Length of each half; the second is when most causes begin, which no rule could know.
WEEKS: Final = 8
TOLD: Final = 12

#: Relative moves that people act on.
FELL, MOVED = 0.10, 0.15

#: The documented alert of several tools: 30 days, 2.5 standard deviations.
WINDOW, LIMIT = 30, 2.5

#: A factor that moved for the worse → the cause that people read into it.
READ_AS: Final = {
    "cpm": "auction_inflation",
    "ctr": "creative_fatigue",
    "cvr": "conversion_rate_drop",
    "cpa": "conversion_rate_drop",
    "aov": "order_value_drop",
}

#: An answer: cause and channel (None: whole account).
Named = tuple[str, str | None]

#: What a platform reports of a channel, where the export has it.
COUNTS: Final = ("spend", "impressions", "reach", "clicks", "conversions", "value")


@dataclass(frozen=True)
class Halves:
    """Sums over the last 8 weeks and the 8 before: channels in rows, and the shop's."""

    before: pd.DataFrame
    after: pd.DataFrame
    shop_before: pd.Series | None
    shop_after: pd.Series | None

    def move(self, above: str, below: str) -> pd.Series | None:
        """Return the log change of a ratio per channel; None where a column is missing."""
        if above not in self.before or below not in self.before:
            return None
        return _log_change(self.before[above], self.before[below], self.after[above], self.after[below])

    def shop_move(self, above: str, below: str | None = None) -> float:
        """Return the log change of a shop's figure, or of a ratio of two; NaN where a column is missing."""
        if self.shop_before is None or self.shop_after is None:
            return np.nan
        if above not in self.shop_before or (below is not None and below not in self.shop_before):
            return np.nan
        one, two = ((s[above], 1.0 if below is None else s[below]) for s in (self.shop_before, self.shop_after))
        return float(_log(two[0], two[1]) - _log(one[0], one[1]))


def halves(account: Account, *, weeks: int = WEEKS) -> Halves:
    """Add up the last `weeks` and as many before."""
    spend = account.spend.assign(date=pd.to_datetime(account.spend["date"]))
    # Without a shop "revenue" is what platforms claim.
    spend = spend.rename(columns={"conversion_value": "value", "revenue": "value"})
    columns = [name for name in COUNTS if name in spend]
    end = spend["date"].max() + pd.Timedelta(days=1)
    middle, start = end - pd.Timedelta(weeks=weeks), end - pd.Timedelta(weeks=2 * weeks)
    after = spend[spend["date"] >= middle].groupby("channel")[columns].sum()
    before = spend[(spend["date"] >= start) & (spend["date"] < middle)].groupby("channel")[columns].sum()
    both = before.index.intersection(after.index)
    shop = _shop(account, start, middle)
    return Halves(before.loc[both], after.loc[both], *shop)


def _shop(account: Account, start: Any, middle: Any) -> tuple[pd.Series | None, pd.Series | None]:
    if account.revenue is None:
        return None, None
    table = account.revenue.assign(date=pd.to_datetime(account.revenue["date"])).set_index("date")
    return table[(table.index >= start) & (table.index < middle)].sum(), table[table.index >= middle].sum()


def _log(above: Any, below: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.asarray(above, dtype=float) / np.asarray(below, dtype=float))


def _log_change(one_above: Any, one_below: Any, two_above: Any, two_below: Any) -> pd.Series:
    moved = _log(two_above, two_below) - _log(one_above, one_below)
    return pd.Series(np.where(np.isfinite(moved), moved, np.nan), index=one_above.index)


def _lost(of: Halves) -> pd.Series:
    """Return claimed revenue lost at today's spend, per channel; positive is a loss."""
    roas = of.before["value"] / of.before["spend"].where(of.before["spend"] > 0)
    return (roas * of.after["spend"] - of.after["value"]).dropna()


def largest_factor(of: Halves, *, least: float = 0.0) -> Named | None:
    """Name the factor that moved most for the worse in the channel that lost most."""
    lost, fell = _lost(of), of.move("value", "spend")
    if not len(lost) or fell is None or lost.max() <= 0:
        return None
    channel = str(lost.idxmax())
    if not fell[channel] <= np.log(1 - least):
        return None
    factors = {
        "cpm": of.move("spend", "impressions"),
        "ctr": of.move("clicks", "impressions"),
        "cvr": of.move("conversions", "clicks"),
        "aov": of.move("value", "conversions"),
    }
    if factors["cvr"] is None:
        factors["cpa"] = of.move("spend", "conversions")
    worse = {
        name: float(moved[channel]) * (1 if name in ("cpm", "cpa") else -1)
        for name, moved in factors.items() if moved is not None and np.isfinite(moved[channel])
    }  # fmt: skip
    if not worse or max(worse.values()) <= 0:
        return None
    cause = READ_AS[max(worse, key=lambda name: worse[name])]
    return cause, None if cause in ("conversion_rate_drop", "order_value_drop") else channel


def always_saturation(of: Halves) -> Named | None:
    """Say that the channel whose spend grew most is saturated."""
    grew = (of.after["spend"] - of.before["spend"]).dropna()
    return ("saturation", str(grew.idxmax())) if len(grew) else None


def spend_up_roas_down(of: Halves) -> Named | None:
    """Name saturation where spend rose and ROAS fell by 10 %; the worst such channel."""
    grew = _log(of.after["spend"], of.before["spend"])
    fell = of.move("value", "spend")
    if fell is None:
        return None
    hit = fell[(grew >= np.log(1 + FELL)) & (fell.to_numpy() <= np.log(1 - FELL))]
    return ("saturation", str(hit.idxmin())) if len(hit) else None


def checklist(of: Halves) -> Named | None:
    """Go down the list from the shop to the ad, and stop at the first line that moved by 15 %."""
    down, up = np.log(1 - MOVED), np.log(1 + MOVED)
    rate = of.move("conversions", "clicks")
    if of.shop_move("revenue", "orders") <= down:
        return "order_value_drop", None
    if of.shop_move("orders", "sessions") <= down or (rate is not None and len(rate) > 1 and rate.max() <= down):
        return "conversion_rate_drop", None
    if of.shop_move("sessions") <= down:
        return "demand_shift", None
    for cause, moved, limit in (
        ("auction_inflation", of.move("spend", "impressions"), up),
        ("audience_exhaustion", of.move("impressions", "reach"), up),
        ("creative_fatigue", of.move("clicks", "impressions"), down),
        ("tracking_break", rate if rate is not None else of.move("conversions", "spend"), down),
    ):
        hit = None if moved is None else moved[moved >= limit] if limit > 0 else moved[moved <= limit]
        if hit is not None and len(hit):
            return cause, str(hit.idxmax() if limit > 0 else hit.idxmin())
    return spend_up_roas_down(of)


def rolling_z(account: Account) -> bool:
    """Return whether daily ROAS of the account raised an alarm in the last 8 weeks."""
    spend = account.spend.assign(date=pd.to_datetime(account.spend["date"]))
    money = spend.groupby("date")["spend"].sum()
    if account.revenue is not None:
        till = account.revenue.assign(date=pd.to_datetime(account.revenue["date"])).groupby("date")["revenue"].sum()
    else:
        till = spend.groupby("date")["revenue" if "revenue" in spend else "conversion_value"].sum()
    roas = (till.reindex(money.index) / money.where(money > 0)).to_numpy(dtype=float)
    past = pd.Series(roas).shift(1).rolling(WINDOW)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (roas - past.mean().to_numpy()) / past.std().to_numpy()
    return bool((np.abs(z[-7 * WEEKS :]) >= LIMIT).any())


def all_answers(account: Account) -> dict[str, Any]:
    """Ask every rule: ``{rule: [cause, channel] or None}``; the rolling z answers true or false."""
    of, told = halves(account), halves(account, weeks=TOLD)
    named = {
        "largest factor": largest_factor(of),
        "largest factor, 10 %": largest_factor(of, least=FELL),
        "always saturation": always_saturation(of),
        "spend up, ROAS down": spend_up_roas_down(of),
        "checklist": checklist(of),
        "largest factor, told when": largest_factor(told),
        "checklist, told when": checklist(told),
    }
    return {rule: None if said is None else list(said) for rule, said in named.items()} | {
        "rolling z": rolling_z(account)
    }
