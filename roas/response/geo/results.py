"""What a fitted model with regions says: the national figures, and those of each region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.errors import UsageError
from roas.language import say
from roas.quantiles import Q
from roas.response._arrays import Array
from roas.response.curves import curves_of, thin
from roas.response.geo.curves import GeoCurves, geo_curves_of, kept_draws
from roas.response.geo.prepare import GeoFitting
from roas.response.limits import VARIED
from roas.response.posterior import BLOCKS
from roas.response.prepare import prepare
from roas.response.results import ResponseResults
from roas.response.sample import Sample

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class GeoResponseResults(ResponseResults):
    """Results of `GeoResponseModel.fit`.

    All figures of `ResponseResults` are sums over regions. `data` and
    `fitting` are the national sums and the national model's view of them.

    Attributes
    ----------
    geo : GeoFitting or None
        The model with regions in its own units; None when nothing was fitted.
    """

    geo: GeoFitting | None = None

    @property
    def _geo(self) -> GeoFitting:
        if self.geo is None:
            raise UsageError(f"nothing was fitted: {'; '.join(dict.fromkeys(self.excluded.values()))}.")
        return self.geo

    @property
    def geos(self) -> tuple[str, ...]:
        """Regions in the model."""
        return () if self.geo is None else self.geo.data.geos

    @property
    def controls(self) -> tuple[str, ...]:
        """Columns held fixed, those of the whole market first."""
        own = () if self.geo is None else self.geo.data.control_names
        return (*self.data.control_names, *own)

    @property
    def _varied(self) -> frozenset[int]:
        spend = self._geo.data.spend  # (G, T, C)
        shares = spend / np.maximum(spend.mean(axis=1, keepdims=True), 1e-300)
        return frozenset(int(c) for c in np.flatnonzero(shares.std(axis=1).max(axis=0) >= VARIED))

    # -- draws -----------------------------------------------------------

    @cached_property
    def _draws(self) -> Array:
        return thin(self._fitted[1].draws, kept_draws(self._geo))

    @cached_property
    def _points(self) -> Array:
        """The draws as the national model would have them."""
        return national_points(self._geo, self._draws)

    @cached_property
    def curves(self) -> GeoCurves:
        """Response curves of the draws, in money."""
        national = curves_of(self._fitted[0], self._points, seed=self.seed)
        return geo_curves_of(self._geo, self._draws, national, seed=self.seed)

    # -- figures ---------------------------------------------------------

    def by_geo(self) -> pd.DataFrame:
        """Return incremental ROAS of every channel in every region.

        Returns
        -------
        DataFrame
            ``geo``, ``channel``, ``spend`` and ``revenue`` (median, currency
            over the window), ``p5``, ``p50``, ``p95`` of ROAS (missing
            without spend) and ``response_p50``: the region's response over
            that of all regions. Regions that say little are near the others.
        """
        import pandas as pd

        geo, rows = self._geo, []
        for c in self.curves.each():
            caused = self.curves.by_geo(c)
            for g, name in enumerate(geo.data.geos):
                spend = float(geo.data.spend[g, :, c].sum())
                roas = Q.of(caused[g] / spend) if spend > 0 else None
                rows.append(
                    {
                        "geo": name,
                        "channel": self.data.channels[c],
                        "spend": spend,
                        "revenue": Q.of(caused[g]).p50,
                        "p5": np.nan if roas is None else roas.p5,
                        "p50": np.nan if roas is None else roas.p50,
                        "p95": np.nan if roas is None else roas.p95,
                        "response_p50": Q.of(self.curves.slopes[c, g]).p50,
                    }
                )
        return pd.DataFrame(rows).sort_values(["geo", "channel"], ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as the national model does, and the regions."""
        return {**super().to_dict(), "geos": list(self.geos)}


def results_of(
    geo: GeoFitting, drawn: Sample, *, excluded: Mapping[str, str], margin: float, seed: int
) -> GeoResponseResults:
    """Wrap a fit, with the national model's view of the sums over regions."""
    national = geo.national
    view = prepare(national, priors=geo.posterior.national.priors, spikes=geo.spikes)
    view = replace(view, unit=geo.unit)
    revenue = np.round(national.revenue / geo.unit, 11)
    view = replace(view, posterior=replace(view.posterior, revenue=revenue))
    return GeoResponseResults(
        data=national,
        fitting=view,
        sample=drawn,
        excluded=excluded,
        margin=margin,
        seed=seed,
        notes=(*national.notes, *remarks(geo)),
        geo=geo,
    )


def remarks(geo: GeoFitting) -> list[str]:
    """Say which revenue was replaced by what is expected."""
    missing = ~np.isfinite(geo.data.revenue)
    far, dates, out = geo.filled & ~missing, geo.data.national.dates, []
    together = [t for t in geo.spikes if not missing[:, t].all()]
    if together:
        days = ", ".join(str(dates[t]) for t in together[:3]) + (" …" if len(together) > 3 else "")
        out.append(say(
            "{number} period(s) with revenue far off in all regions are taken out: {days}",
            number=len(together), days=days,
        ))  # fmt: skip
    if far.any():
        places = [f"{geo.data.geos[g]} {dates[t]}" for g, t in np.argwhere(far)[:3]]
        more = " …" if far.sum() > 3 else ""
        out.append(say(
            "{number} period(s) of regions with revenue far off are taken out: {places}",
            number=int(far.sum()), places=f"{', '.join(places)}{more}",
        ))  # fmt: skip
    if missing.any():
        out.append(say("{number} period(s) of regions without revenue are left open", number=int(missing.sum())))
    return out


def national_points(geo: GeoFitting, draws: Array) -> Array:
    """Return points of the national model that say the same about the sums over regions.

    The common movement is the nation's; regions' own movements add to it by
    their share in the sum.
    """
    posterior = geo.posterior
    size, c = posterior.national.size, posterior.channels
    out = draws[:, :size].copy()
    quiet = float(((posterior.weights / posterior.loading) ** 2).sum())
    walk, noise, share, keep = draws[:, size : size + 4].T
    first = BLOCKS * c + BLOCKS + 1
    common = out[:, first : first + 4].T
    out[:, first] = 0.5 * np.logaddexp(2 * common[0], 2 * walk + np.log(quiet))
    white = np.exp(2 * common[1]), quiet * np.exp(2 * noise)
    shares = 1 / (1 + np.exp(-common[2])), 1 / (1 + np.exp(-share))
    lasting = white[0] * shares[0], white[1] * shares[1]
    own = lasting[1] / (lasting[0] + lasting[1])
    total = (lasting[0] + lasting[1]) / (white[0] + white[1])
    out[:, first + 1] = 0.5 * np.log(white[0] + white[1])
    out[:, first + 2] = np.log(total / (1 - total))
    out[:, first + 3] = (1 - own) * draws[:, first + 3] + own * keep
    return out


__all__: Final = ["GeoResponseResults", "national_points", "remarks", "results_of"]
