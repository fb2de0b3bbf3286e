"""What a diagnosis can say of each cause, as sentences that the catalogues know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from roas.language import mark

#: Cause → what it is called inside a sentence.
NAMES: Final[Mapping[str, str]] = {
    "saturation": mark("saturation"),
    "auction_inflation": mark("dearer impressions"),
    "creative_fatigue": mark("tired creatives"),
    "audience_exhaustion": mark("a worn-out audience"),
    "tracking_break": mark("broken tracking"),
    "harvesting": mark("harvesting of sales that come anyway"),
    "reporting_lag": mark("late reporting"),
    "fragmentation": mark("too many small campaigns"),
    "conversion_rate_drop": mark("a site that converts less"),
    "order_value_drop": mark("smaller baskets"),
    "mix_shift": mark("money moved to weaker channels"),
    "demand_shift": mark("a weaker market"),
    "baseline_erosion": mark("fading sales without ads"),
    "promotion_hangover": mark("the weeks after a promotion"),
}

#: Cause → the finding, for one channel and for all (or the account).
TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "saturation": (
        mark("{where} gets more money than it can turn into sales"),
        mark("Ads get more money than they can turn into sales"),
    ),
    "auction_inflation": (
        mark("{where} pays more for the same impressions"),
        mark("Impressions got dearer everywhere"),
    ),
    "creative_fatigue": (
        mark("The ads on {where} are worn out: fewer people click"),
        mark("Ads are worn out everywhere: fewer people click"),
    ),
    "audience_exhaustion": (
        mark("{where} shows its ads to the same people too often"),
        mark("Ads reach the same people too often everywhere"),
    ),
    "tracking_break": (
        mark("{where} stopped counting part of its sales"),
        mark("Platforms stopped counting part of their sales"),
    ),
    "harvesting": (
        mark("{where} claims sales that would have come anyway"),
        mark("Platforms claim sales that would have come anyway"),
    ),
    "reporting_lag": (
        mark("{where} looks worse than it is: its last sales are still being reported"),
        mark("The last days look worse than they are: sales are still being reported"),
    ),
    "fragmentation": (
        mark("{where} is spread over too many young campaigns"),
        mark("Money is spread over too many young campaigns"),
    ),
    "conversion_rate_drop": ("", mark("The site turns fewer visits into orders")),
    "order_value_drop": ("", mark("Orders got smaller")),
    "mix_shift": (mark("Money moved to {where}, which brings less"), mark("Money moved to channels that bring less")),
    "demand_shift": ("", mark("The market got weaker: fewer people come, paid or not")),
    "baseline_erosion": ("", mark("Sales without ads are fading since brand money was cut")),
    "promotion_hangover": ("", mark("The last promotion took sales from the weeks after it")),
}

#: Cause → what would change our mind.
REFUTE: Final[Mapping[str, str]] = {
    "saturation": mark(
        "Sales per unit of spend stay as low after spend goes back to where it was, or fell as much where spend did not rise."
    ),
    "auction_inflation": mark(
        "The price of impressions rose only where you spent more, or it rises every year in these weeks."
    ),
    "creative_fatigue": mark(
        "New ads are clicked as little as old ones, or a fresh set changes nothing within three weeks."
    ),
    "audience_exhaustion": mark("Reach grows with spend again, or response fell as much where frequency stayed."),
    "tracking_break": mark(
        "The shop's own orders from this channel (coupon, survey, landing page) fell as much as its claims."
    ),
    "harvesting": mark("Sales of the shop fall when this channel is paused for two weeks."),
    "reporting_lag": mark("The same days look as bad in an export two weeks from now."),
    "fragmentation": mark("The channel's one big, old campaign sells as much less as the new ones."),
    "conversion_rate_drop": mark("Visits that no ad brought convert as before, or only one channel fell."),
    "order_value_drop": mark("Baskets of the shop are as large as before once returns and discounts are taken out."),
    "mix_shift": mark("The stronger channel would not have kept its return on the money it lost."),
    "demand_shift": mark("Searches for what you sell, or competitors' sales, did not fall."),
    "baseline_erosion": mark(
        "Direct visits and searches for the brand did not fall, or the whole category fell as much."
    ),
    "promotion_hangover": mark("Orders stay low six weeks after the promotion, or were low before it ended."),
}

#: Cause → what to do.
ACTIONS: Final[Mapping[str, str]] = {
    "saturation": mark(
        "Take {where} back towards its earlier budget in two steps, three weeks apart, and watch sales of the shop, not claims."
    ),
    "auction_inflation": mark(
        "Check bids, placements and who else bids on {where}; lower targets or move money until the price falls."
    ),
    "creative_fatigue": mark(
        "Put new creatives on {where}, one ad set first; a click rate back at its old level within two weeks confirms it."
    ),
    "audience_exhaustion": mark(
        "Widen the audience of {where} or cap its frequency, and stop adding money to it meanwhile."
    ),
    "tracking_break": mark(
        "Find out what changed in the tag, consent or attribution settings of {where} around the time its count fell, "
        "and have it put right. Do not cut its budget on its own figures."
    ),
    "harvesting": mark(
        "Pause {where} for two weeks in part of your regions, or lower it by a third, and see whether the shop notices."
    ),
    "reporting_lag": mark("Leave the last days out when you judge {where}, and export again next week."),
    "fragmentation": mark(
        "Merge the small campaigns of {where} into few, and leave them alone until each has 50 conversions a week."
    ),
    "conversion_rate_drop": mark(
        "Look at the shop first: speed, checkout, stock, prices, and what was released around the time it began. "
        "Ads are not the reason."
    ),
    "order_value_drop": mark(
        "Look at prices, discounts, free-shipping limits and what is out of stock. Ads are not the reason."
    ),
    "mix_shift": mark("Move the money back from {where}, half of it first, and compare four weeks."),
    "demand_shift": mark(
        "Spend less while the market is weak, or accept a lower return. Changing campaigns will not bring it back."
    ),
    "baseline_erosion": mark(
        "Give brand work its money back for two quarters, and watch direct visits and unpaid orders."
    ),
    "promotion_hangover": mark(
        "Wait it out: judge no campaign on these weeks, and count them as part of the promotion's cost."
    ),
}

#: Two causes that tie → the cheapest thing that tells them apart.
PILOTS: Final[Mapping[frozenset[str], str]] = {
    frozenset({"saturation", "demand_shift"}): mark("Cut one channel by 30 % for three weeks in half of your regions."),
    frozenset({"tracking_break", "conversion_rate_drop"}): mark("Export the shop's orders per day beside the claims."),
    frozenset({"creative_fatigue", "audience_exhaustion"}): mark("Put fresh creatives into one ad set and leave its audience alone."),
    frozenset({"conversion_rate_drop", "demand_shift"}): mark("Export the shop's visits per day (sessions)."),
    frozenset({"fragmentation", "tracking_break"}): mark("Merge two of the small campaigns and wait three weeks."),
    frozenset({"saturation", "audience_exhaustion"}): mark("Take the budget back by a fifth for three weeks; add reach to the export."),
    frozenset({"saturation", "tracking_break"}): mark("Take the budget back by a fifth for three weeks."),
    frozenset({"promotion_hangover", "demand_shift"}): mark("Wait three weeks: a hangover passes, a weak market does not."),
    frozenset({"baseline_erosion", "demand_shift"}): mark("Add searches for the brand and for the category (both are free to export)."),
    frozenset({"harvesting", "tracking_break"}): mark("Pause the channel's retargeting for two weeks in part of your regions."),
}  # fmt: skip

#: Canonical column → where a person gets it.
WHERE: Final[Mapping[str, str]] = {
    "revenue": mark("the shop's revenue per day (--revenue orders.csv)"),
    "impressions": mark("impressions in the ad export"),
    "clicks": mark("clicks in the ad export"),
    "reach": mark("reach in the ad export"),
    "claims": mark("conversions or conversion value in the ad export"),
    "baskets": mark("orders beside the shop's revenue, or conversions beside conversion value"),
    "conversions": mark("conversions in the ad export"),
    "conversion_value": mark("conversion value in the ad export"),
    "campaign": mark("campaigns in the ad export"),
    "orders": mark("orders per day beside the shop's revenue"),
    "sessions": mark("sessions per day beside the shop's revenue"),
    "promo": mark("a promo column (0/1) beside the shop's revenue"),
    "days": mark("the export by day, not by week"),
}

#: Gate → why the cause cannot have happened.
GATES: Final[Mapping[str, str]] = {
    "spend_rose": mark("No channel's spend rose by half, further than it usually moves, and stayed there."),
    "seen_more_often": mark("Nowhere did people see the ads more often by a tenth, unless spend had risen by much."),
    "campaigns_multiplied": mark("Nowhere did campaigns multiply, or new ones take over, at much the same spend."),
    "brand_cut": mark("No channel that may build the brand was cut by half for good."),
    "promotion_ended": mark("No promotion ended in the last four months."),
    "money_moved": mark("No money moved from stronger to weaker channels that was worth {least} of the return."),
    "no_onset": mark("The history is too short for it to begin in."),
}
