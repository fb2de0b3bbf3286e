"""What each figure of the page is, as computed."""

from __future__ import annotations

from typing import Final

#: Term → definition.
TERMS: Final = (
    ("Claimed revenue, claimed ROAS",
     "What an ad platform reports as its own; ROAS is its sum over the sum of spend. "
     "Claims of two platforms may overlap, so their sum is no revenue."),
    ("MER", "Revenue of the shop over all ad spend, of the dates that both cover. It credits no channel."),
    ("Revenue of the shop",
     "Net of discounts and refunds, without tax and shipping, where the export separates them; "
     "otherwise as exported."),
    ("Claims over the till", "The sum of all claims over the shop's revenue, of the dates that both cover."),
    ("CPA, CPM, CPC", "Spend per conversion, per thousand impressions, per click."),
    ("CTR, CVR", "Clicks over impressions; conversions over clicks. Conversions are what platforms count."),
    ("Ratios",
     "Every ratio is a sum over a sum, never a mean of ratios, over the channels that report both sides."),
    ("Recent",
     "The last 8 weeks. A week runs from Monday to Sunday and is complete when the data covers all of it."),
    ("Break-even", "1 over the contribution margin: the return at which a sale pays for its ad."),
)  # fmt: skip
