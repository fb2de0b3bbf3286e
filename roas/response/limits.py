"""Sizes and bounds of the response model, each with its source."""

from __future__ import annotations

from typing import Final

#: Longest carryover in periods, and the largest retention that fits into it.
MAX_LAG: Final[dict[str, int]] = {"week": 13, "day": 56}
LARGEST_ALPHA: Final[dict[str, float]] = {"week": 0.95, "day": 0.985}

#: Periods up to which claims have a say on shape: it costs their square.
MOST_CLAIMED_PERIODS: Final = 320

#: Share of the periods with spend that may lack revenue at their ends.
MOST_OPEN: Final = 0.1

#: Controls from which their effects share a prior whose size is learned, and
#: the size to start from: one sd of a control moves sales by a tenth.
MANY_CONTROLS: Final = 5
CONTROL_SD: Final = 0.1

#: Visits that a shop counts per paid click: some readers leave before the page
#: has loaded, some decline to be counted.
VISITS_PER_CLICK: Final = 0.85

#: Weeks whose mean spend stands for the spend before the window.
BEFORE_WEEKS: Final = 4

#: A period this many standard errors off gets a column of its own (once in
#: some 150 000 normal periods); at most this share of periods does, found in
#: this many rounds, because large ones hide smaller ones.
SPIKE: Final = 4.5
SPIKE_SHARE: Final = 0.06
SPIKE_ROUNDS: Final = 5

#: The part of a curve below the spend ever observed is multiplied by a number
#: drawn evenly from this range: from a fifth to nearly twice what the Hill
#: curve says. Where curves of another family (x times Hill) are fitted by Hill
#: curves, truth lies between 0 and 1 times: over 40 worlds of pysimmmulator
#: ROAS is covered .86 of the time without the factor, .92 with it. "Ever"
#: leaves the lowest 2 % of periods out.
EXTRAPOLATION: Final = (0.2, 1.8)
LOWEST_QUANTILE: Final = 0.02

#: Sd of the log of a factor on the whole curve: what choosing one family of
#: curves adds. A guess at a tenth; over 40 worlds of pysimmmulator it lifts the
#: coverage of ROAS from .91 to .92 only.
STRUCTURE_SD: Final = 0.1

#: The same for how steep a curve is at one place: what the model leaves out
#: (effects that move with demand and with time, daily curves read by week)
#: adds about this much. Without it marginal ROAS of 40 worlds `funnel` in
#: benchmarks/response is covered .84 of the time, with it .90.
BEND_SD: Final = 0.15

#: Weeks of data below which no channel is called more than partly identified.
FEWEST_WEEKS: Final = 26

#: p95 / p5 of ROAS up to which a channel is called identified, and the share
#: of prior spread that data must remove for "identified" and "partly".
IDENTIFIED_RATIO: Final = 3.0
IDENTIFIED_CONTRACTION: Final = 0.4
PARTLY_CONTRACTION: Final = 0.15

#: Coefficient of variation of weekly spend below which it never varied.
VARIED: Final = 0.05

#: Correlation of weekly spend, or of posterior draws (negative), beyond which
#: two channels cannot be told apart.
COLLINEAR_SPEND: Final = 0.9
COLLINEAR_DRAWS: Final = -0.5

#: Standard errors by which a lift test and the estimate merged with it may
#: differ: beyond three, two tests or a test and the rest contradict each other.
CONTRADICTION: Final = 3.0

#: Correlation of spend with sales expected without it: spend chases demand.
CHASING: Final = 0.6

#: The same of spend and sales beyond season: more than half of what sales do is
#: then what one channel's spend does (0.71 squared). Either ads make that much,
#: or spend answers demand; sales alone do not tell which.
CHASING_SALES: Final = 0.71

#: Share of all spend below which a channel is small.
SMALL_SHARE: Final = 0.05

#: Weeks with spend below which a channel is new.
NEW_WEEKS: Final = 8

#: Marginal ROAS over break-even from which there is headroom.
HEADROOM: Final = 1.5

#: Probability below which the state of saturation is unknown.
KNOWN_STATE: Final = 0.5
