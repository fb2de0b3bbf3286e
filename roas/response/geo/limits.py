"""Sizes and bounds of the model with regions."""

from __future__ import annotations

from typing import Final

#: Fewest regions; with one, the national model says as much.
FEWEST_GEOS: Final = 2

#: Regions modelled one by one; beyond that the smallest are added up to
#: groups of like size. A fit costs time in proportion to regions, and the
#: smallest ones say least.
MOST_GEOS: Final = 200
GROUPS: Final = 20

#: Share of periods a region may lack before it is left out.
LARGEST_GAP: Final = 0.3

#: Regions that the first search for a mode uses.
START_GEOS: Final = 24

#: Rounds in which noise scales, gaps and outliers are settled before sampling.
ROUNDS: Final = 3

#: Sd, relative to revenue, of what one standard deviation of a control moves in one region.
CONTROL_SD: Final = 0.3

#: Weight, in periods, of the typical noise scale when that of a region is estimated.
SCALE_WEIGHT: Final = 8.0

#: Numbers evaluated together when draws become money.
BLOCK: Final = 4_000_000

#: Draws × regions × channels × periods up to which all draws are kept, and how
#: many are in any case.
KEPT_NUMBERS: Final = 60_000_000
FEWEST_DRAWS: Final = 400
