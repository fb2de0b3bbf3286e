"""What each figure of the page is, as computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from roas.language import mark, say

#: Term → definition, both to be said.
TERMS: Final = (
    (mark("Claimed revenue, claimed ROAS"),
     mark("What an ad platform reports as its own; ROAS is its sum over the sum of spend. "
     "Claims of two platforms may overlap, so their sum is no revenue.")),
    ("MER", mark("Revenue of the shop over all ad spend, of the dates that both cover. It credits no channel.")),
    (mark("Revenue of the shop"),
     mark("Net of discounts and refunds, without tax and shipping, where the export separates them; "
     "otherwise as exported.")),
    (mark("Claims over the till"), mark("The sum of all claims over the shop's revenue, of the dates that both cover.")),
    ("CPA, CPM, CPC", mark("Spend per conversion, per thousand impressions, per click.")),
    ("CTR, CVR", mark("Clicks over impressions; conversions over clicks. Conversions are what platforms count.")),
    (mark("Ratios"),
     mark("Every ratio is a sum over a sum, never a mean of ratios, over the channels that report both sides.")),
    (mark("Recent"),
     mark("The last 8 weeks. A week runs from Monday to Sunday and is complete when the data covers all of it.")),
    (mark("Break-even"), mark("1 over the contribution margin: the return at which a sale pays for its ad.")),
)  # fmt: skip

#: The same, of estimates.
CAUSED_TERMS: Final = (
    (mark("Caused revenue, ROAS caused"),
     mark("Revenue that would not have come without the spend, later effects included; over spend. "
     "JSON and CSV call it incremental.")),
    (mark("90 % interval"),
     mark("The range that the truth lies in with a probability of 90 %, if the model holds. "
     "Its middle is as likely too high as too low.")),
    (mark("What the next unit of spend brings"),
     mark("Revenue from one more unit of money a week at the spend of the last 8 weeks; JSON and CSV call it marginal ROAS.")),
    (mark("Saturated, efficient, headroom"),
     mark("The next unit brings less than break-even, up to one and a half times it, or more. "
     "“Probably” below a probability of 80 %, “may be” below 60 % and where the effect is not known.")),
    (mark("Known, partly known, not known"),
     mark("How far the data, and not the model's assumptions, decide a channel's ROAS; "
     "JSON and CSV say identified, partly, not identified.")),
)  # fmt: skip

#: How the estimates were made, and what they cannot know.
MODEL: Final = (
    mark(
        "What spend causes is estimated by comparing times of more and of less spend. Revenue is taken apart into "
        "what comes anyway (level, trend, season, weekdays, holidays, promotions and other known drivers, and a slow drift) "
        "and what each channel adds: its effect fades over days or weeks, and each further unit of money adds less. "
        "Where an account's data are silent, the model falls back on what is usual elsewhere: all ads together "
        "make 13 to 68 % of revenue. Such channels are called not known."
    ),
    mark(
        "It cannot know what no column shows. Spend that follows demand, such as search on a good day, looks as if it "
        "caused that demand. Effects that depend on each other, or change over time, are not modelled. "
        "Outside the spend that was ever tried, a curve is an assumption. Only an experiment measures."
    ),
)

#: Terms of volatility.
STEADY_TERMS: Final = (
    (mark("Swing"),
     mark("How far a week's ROAS typically lies from its average: the standard deviation of log weekly ROAS, as a share. "
     "JSON and CSV call it log sd.")),
    (mark("Luck"),
     mark("What a ROAS does when nothing changes: sales are counted in whole numbers, and baskets differ. "
     "With N sales a week it is about √((1 + basket variation²) / N). JSON and CSV call it sampling.")),
    (mark("Luck's band, funnel"),
     mark("Nine in ten weeks, or campaigns, of an unchanged account lie inside; the smaller the spend, the wider.")),
    (mark("Break"), mark("A day on which a new level began, told from drift, season and single odd days.")),
    (mark("Alarm"),
     mark("What a look every Monday would have raised. In an account where nothing changes, at most one year in ten has any.")),
)  # fmt: skip

#: How volatility was measured.
STEADY: Final = (
    mark(
        "Luck is computed, not assumed: sales are counted (compound Poisson) and the variation of baskets is read from how "
        "the mean basket jumps between days. The parts of a change are order-free (logarithmic mean Divisia index, checked "
        "by the Shapley value); their intervals allow for what one day has to do with the next. What moves ROAS together with demand, spend or "
        "season is correlation."
    ),
)


def said(terms: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return terms and definitions in the language in force.

    Examples
    --------
    >>> said([("MER", "Revenue of the shop over all ad spend.")])
    (('MER', 'Revenue of the shop over all ad spend.'),)
    """
    return tuple((say(term), say(means)) for term, means in terms)
