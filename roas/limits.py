"""Minimum sizes, bounds and defaults, each with its source."""

from __future__ import annotations

from datetime import date
from typing import Final

#: Rows searched for a header row. Preambles seen run to 15 lines (CM360 with
#: one line per filter, export-format survey section 10); 60 leaves room.
HEADER_SEARCH_ROWS: Final = 60

#: Bytes above which a CSV is reduced by DuckDB before pandas sees it. Both
#: ways take about a second here (benchmarks/reading); above it DuckDB wins.
BIG_FILE_BYTES: Final = 6_000_000

#: First day that can be advertising data of a living account. The first
#: clickable banner ran on 27 October 1994 (HotWired); television and print
#: panels in teaching sets start later than this.
EARLIEST_DAY: Final = date(1990, 1, 1)

#: Weeks that spend and revenue must share before the response model is asked
#: at all: with fewer, even wide intervals are the prior's alone.
FEWEST_MODEL_WEEKS: Final = 8

#: Weeks from which an account with claims is modelled by week: half a year, as
#: many periods as a channel's verdict needs.
WEEKLY_MODEL_WEEKS: Final = 26

#: Regions that spend and revenue must share, and the share of spend they must
#: hold, for a model by region: fewer say little of how regions differ.
REGIONS: Final = 4
REGIONS_SPEND_SHARE: Final = 0.8

#: Days past the clock after which a date is a typing error, not a plan.
FUTURE_DAYS: Final = 366

#: *Recent* in every figure: the last 8 weeks (contract).
RECENT_WEEKS: Final = 8

#: Spend per click in a two-decimal currency above which a column without a
#: unit is probably in micros (survey rule 9).
MICROS_CPC: Final = 1_000.0

#: Days at the end of an older export whose spend a platform may still correct
#: (invalid-click credits arrive within days; survey rule 16).
SETTLING_DAYS: Final = 3

#: Share of settled campaign-days whose spend must agree before two exports
#: are taken as the same account read twice. A different account agrees on
#: almost none, a restated one on all but corrected days.
SAME_ACCOUNT_SHARE: Final = 0.9

#: Relative difference between kept rows and a totals row that is worth
#: saying: half a cent per row is rounding, a thousandth is not.
TOTALS_TOLERANCE: Final = 0.001

#: Uncompressed bytes read from one archive; more is refused, not unpacked.
ARCHIVE_BYTES: Final = 64_000_000_000

#: Channels above which a table of channels stops being readable; charts show
#: the largest ones and an "other" line. JSON and CSV always hold all.
CHART_CHANNELS: Final = 8

#: Journeys that a path, a week or a step must stand for before it is listed by
#: itself in anything that may be passed on. Ads Data Hub reports rows of 50
#: users, and of 10 where only clicks and conversions are counted; statistical
#: offices use 3 to 10. Ten is our choice among these, not a legal standard.
FEWEST_JOURNEYS: Final = 10
