"""Which campaigns ran: the part of a channel's rates that is only a change of campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]

#: Ratios that depend on which campaigns ran.
RATIOS: Final = (
    ("spend", "impressions"),
    ("clicks", "impressions"),
    ("spend", "clicks"),
    ("conversions", "clicks"),
    ("conversions", "spend"),
    ("conversion_value", "conversions"),
    ("conversion_value", "spend"),
    ("impressions", "reach"),
)

#: Weeks in which a campaign must have run to have a usual rate of its own: half a year, or two fifths of a
#: shorter history. A younger one counts at its channel's rate, so that what is wrong with new campaigns stays visible.
OWN_WEEKS: Final = 26
OWN_PART: Final = 0.4

#: Weeks of the channel's usual rate that a campaign's own is mixed with: small campaigns have noisy rates.
STEADIED: Final = 2.0


def makeup_of(rows: pd.DataFrame, channels: tuple[str, ...], n: int) -> dict[tuple[str, str], Array]:
    """Return for every ratio what the campaigns that ran alone would make of it.

    Parameters
    ----------
    rows : DataFrame
        Spend with ``block``.
    channels : tuple of str
    n : int
        Blocks.

    Returns
    -------
    dict of (top, bottom) to array, shape (channels, n)
        ``sum(bottom[k, t] * rate[k]) / sum(bottom[k, t]) / rate`` over campaigns k, with rate[k] the campaign's usual
        ratio and rate the channel's (indirect standardisation); 1 where nothing is known.
    """
    found = {ratio: np.ones((len(channels), n)) for ratio in RATIOS}
    if "campaign" not in rows.columns or not rows["campaign"].notna().any():
        return found
    names = [name for name in {name for ratio in RATIOS for name in ratio} if name in rows.columns]
    few = rows[["channel", "campaign", "block", *sorted(names)]]
    sums = few.groupby(["channel", "campaign", "block"], dropna=False, sort=True)[sorted(names)].sum().reset_index()
    for k, channel in enumerate(channels):
        part = sums[sums["channel"] == channel]
        campaign = (
            part["campaign"].astype("category").cat.codes.to_numpy().astype(np.int64) + 1
        )  # rows without one are a campaign too
        block = part["block"].to_numpy()
        for top, bottom in RATIOS:
            if top in names and bottom in names:
                above, below = (np.nan_to_num(part[name].to_numpy(dtype=np.float64)) for name in (top, bottom))
                found[top, bottom][k] = _makeup(campaign, block, above, below, n)
    return found


def _makeup(campaign: npt.NDArray[np.int64], block: npt.NDArray[np.int64], above: Array, below: Array, n: int) -> Array:
    count = int(campaign.max(initial=0)) + 1
    tops, bottoms = (np.bincount(campaign, each, minlength=count) for each in (above, below))
    if bottoms.sum() <= 0 or tops.sum() <= 0:
        return np.ones(n)
    weeks = np.bincount(campaign, below > 0, minlength=count)
    usual = tops.sum() / bottoms.sum()
    each_week = bottoms / np.maximum(weeks, 1)
    rate = (tops + STEADIED * each_week * usual) / np.maximum(bottoms + STEADIED * each_week, 1e-12)
    rate = np.where(weeks >= min(OWN_WEEKS, OWN_PART * n), rate, usual)
    expected = np.bincount(block, below * rate[campaign], minlength=n)
    whole = np.bincount(block, below, minlength=n)
    with np.errstate(invalid="ignore", divide="ignore"):
        makeup = np.where(whole > 0, expected / whole / usual, 1.0)
    return np.asarray(np.where(makeup > 0, makeup, 1.0))
