"""Baseline erosion: sales without ads decay after brand money was cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.diagnosis.causes.base import Signature

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen

#: Fall of log spend from which brand money was cut: by half or more.
CUT: Final = -0.7

#: Weeks between the cut and the beginning of the decay that still go together.
NEAR: Final = 4


def brand_cut(seen: Seen, _channel: int | None) -> npt.NDArray[np.bool_]:
    """Return where brand money had just been cut for good."""
    steps = seen.shapes.at("step")
    cuts = np.zeros(seen.panel.weeks + 1, dtype=bool)
    for channel in seen.brand:
        fell = steps[seen.spend_change[channel][steps] <= CUT]
        cuts[seen.shapes.onset[fell]] = True
    near = np.zeros(len(seen.shapes.onset), dtype=bool)
    for j, onset in enumerate(seen.shapes.onset):
        near[j] = bool(cuts[max(0, onset - NEAR) : onset + NEAR + 1].any())
    return near


#: Visits and unpaid orders fade over months while paid clicks still sell (diagnosis signature H12).
CAUSE: Final = Signature(
    name="baseline_erosion",
    scope="account",
    hit={"cvr": (-0.2, 0.15), "ctr": (-0.3, 0.05), "cpm": (-0.05, 0.3), "aov": (-0.2, 0.0)},
    till={
        "claims_over_till": (0.2, 0.7),
        "orders": (-1.0, -0.5),
        "orders_per_session": (-0.8, 0.0),
        "revenue": (-1.1, -0.5),
        "sessions": (-1.0, -0.2),
        "order_value": (-0.3, 0.0),
    },
    shows="unattributed",
    courses=("slow", "long"),
    requires=brand_cut,
    gate="brand_cut",
    by_chance=0.1,
)
