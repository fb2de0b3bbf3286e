"""Whether money moved from building the brand to performance, beside what sales without ads did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.diagnosis.readings.base import Reading, State
from roas.diagnosis.readings.ratios import Moved, exact, exact_change, moved
from roas.diagnosis.readings.view import Array, Mask, View, before, recent, weeks_in, year_ago
from roas.limits import RECENT_WEEKS
from roas.quantiles import Q

if TYPE_CHECKING:
    from roas.response import ResponseResults
    from roas.tags import Tags

NAME: Final = "performance_share"

#: Names that say brand building, in channels or campaigns. Sources: the platforms' own objectives (awareness, reach,
#: video views) and the media that sell no clicks. A brand *search* campaign is none of them: it catches demand.
BRAND_NAMES: Final = re.compile(
    r"\b(awareness|branding|brand (building|film|image|lift|campaign)|reach|video views|upper funnel|tofu?"
    r"|tv|ctv|television|ooh|dooh|out of home|radio|podcasts?|audio|cinema|sponsor\w*|print)\b"
)

#: Labels of a tags file that mean one or the other.
BRAND_LABELS: Final = frozenset({"brand", "branding", "brand building", "brand-building", "awareness"})
PERFORMANCE_LABELS: Final = frozenset({"performance", "activation", "direct response", "direct-response"})

#: The group of labels in which "brand" means search terms (docs/tags.md).
SEARCH_TERMS: Final = "intent"

#: Points by which the performance share must rise to count: five, half of what separates the usual advice (60:40)
#: from the usual practice online (50:50, Binet and Field 2013, which is a prior and no evidence).
POINTS: Final = 0.05

#: Relative fall of sales without ads that counts: 5 %, what a brand loses over two to three quarters of the erosion
#: that 18 months of data can show (2 % a quarter, diagnosis.md promise G).
EROSION: Final = 0.05


def read(view: View, tags: Tags, response: ResponseResults | None) -> Reading:
    """Hold the performance share of spend against sales without ads, a year apart.

    Parameters
    ----------
    view : View
    tags : Tags
        A group with a label "performance" or "brand" (not of search terms) decides; else names suggest.
    response : ResponseResults or None
        Its baseline, where it converged; else revenue that no platform claims.

    Returns
    -------
    Reading
        ``value`` is the performance share of the last 8 weeks' spend, counted and not estimated. A concern needs both: the share rose, and
        sales without ads fell. That both moved is a correlation.
    """
    brand, how = brand_units(view, tags)
    end = len(view.weeks)
    if not brand.any():
        return Reading(NAME, "unknown", None, "share", {"labels": how}, missing=("brand labels",))
    performance, whole = view.spend[~brand].sum(axis=0), view.spend.sum(axis=0)
    now = exact(performance, whole, recent(end))
    if now is None:
        return Reading(NAME, "unknown", None, "share", {"labels": how}, missing=("history",))
    then = year_ago(end)
    base, of = _without_ads(view, response)
    facts: dict[str, Any] = {
        "weeks": weeks_in(recent(end)),
        "labels": how,
        "than": "year" if then else "before",
        "without_ads": of,
        "currency": view.currency,
    }
    then = then or before(end)
    before_that = exact(performance, whole, then)
    ones, money = np.ones(end), view.spend[brand].sum(axis=0)
    till = None if base is None else moved(base, ones, recent(end), then)
    facts |= {
        "then": before_that,
        "brand_change": exact_change(exact(money, ones, recent(end)), exact(money, ones, then)),
        "base_change": None if till is None else till.change,
        "correlation": None if base is None else _correlation(performance / np.maximum(whole, 1e-300), base),
    }
    missing = () if till is not None else ("revenue",)
    state = _state(now, before_that, till) if facts["than"] == "year" else "unclear"
    return Reading(NAME, state, Q.at(now, now, now), "share", facts, missing)


def _state(now: float, then: float | None, till: Moved | None) -> State:
    if then is None or till is None:
        return "unclear"
    rose = now - then > POINTS
    if rose and till.change.p50 < -EROSION and till.change.p95 < 0:
        return "concern"
    return "fine" if not rose or till.change.p5 > -EROSION else "unclear"


def brand_units(view: View, tags: Tags) -> tuple[Mask, str]:
    """Mark the units that build the brand; and how that is known: "tags" or "names"."""
    if not tags.suggested:
        group = _group(tags)
        if group is not None:
            labels = _labels(view, tags, group)
            said = [label is not None and label.casefold() in BRAND_LABELS for label in labels]
            if not any(label.casefold() in BRAND_LABELS for label in tags.groups[group]):
                said = [label is None or label.casefold() not in PERFORMANCE_LABELS for label in labels]
            return np.array(said, dtype=np.bool_), "tags"
    names = [f"{view.channels[c]} {name or ''}" for c, name in zip(view.channel, view.campaigns, strict=True)]
    found = [BRAND_NAMES.search(re.sub(r"[^\w]+|_", " ", name.casefold())) is not None for name in names]
    return np.array(found, dtype=np.bool_), "names"


def _group(tags: Tags) -> str | None:
    """Return the group of labels that tells brand from performance."""
    for group, labels in tags.groups.items():
        said = {label.casefold() for label in labels}
        if said & PERFORMANCE_LABELS or (group.casefold() != SEARCH_TERMS and said & BRAND_LABELS):
            return group
    return None


def _labels(view: View, tags: Tags, group: str) -> list[str | None]:
    from roas.diagnosis.readings.labels import labels_of

    return labels_of(view, tags, group)


def _without_ads(view: View, response: ResponseResults | None) -> tuple[Array | None, str]:
    """Return weekly sales without ads: the model's baseline, else revenue that no platform claims."""
    if response is not None and response.converged and response.channels:
        parts = response.contributions()
        part = parts[parts["part"] == "baseline"]
        days = part["date"].to_numpy().astype("datetime64[D]")
        week = (days - view.weeks[0]) // np.timedelta64(7, "D") if len(view.weeks) else np.zeros(0, dtype=int)
        inside = (week >= 0) & (week < len(view.weeks))
        whole = 1 if response.data.grain == "week" else 7
        count = np.bincount(week[inside], minlength=len(view.weeks))
        sums = np.bincount(week[inside], part["mean"].to_numpy(dtype=float)[inside], len(view.weeks))
        return np.where(count >= whole, sums, np.nan), "baseline"
    if "revenue" in view.till and view.has("conversion_value"):
        rest = view.till["revenue"] - view.claims.sum(axis=0)
        rest[view.ripe_weeks :] = np.nan
        return (np.maximum(rest, 0.0), "unclaimed") if np.nansum(rest) > 0 else (None, "unclaimed")
    return None, "none"


def _correlation(share: Array, base: Array) -> float | None:
    known = np.isfinite(share) & np.isfinite(base)
    if known.sum() < 2 * RECENT_WEEKS or not (share[known].std() > 0 and base[known].std() > 0):
        return None
    return float(np.corrcoef(share[known], base[known])[0, 1])
