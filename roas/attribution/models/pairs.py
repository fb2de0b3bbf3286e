"""Which channels each path holds: (path, channel) pairs, once each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.attribution.models.contexts import numbered
from roas.attribution.sums import summed

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Ints, Paths


@dataclass(frozen=True)
class Pairs:
    """The distinct (path, channel).

    Attributes
    ----------
    path, channel : array (pairs,)
    of_touch : array (touches,)
        The pair of each touch.
    """

    path: Ints
    channel: Ints
    of_touch: Ints

    @classmethod
    def of(cls, paths: Paths) -> Pairs:
        """List the pairs, path by path."""
        width = max(len(paths.channels), 1)
        found, of_touch = numbered(paths.owner * width + paths.codes, len(paths.conversions) * width)
        return cls(found // width, found % width, of_touch)

    def add_up(self, per_touch: Floats) -> Floats:
        """Add up over the touches of each pair, (pairs,)."""
        return summed(self.of_touch, per_touch, len(self.path))

    def by_channel(self, per_pair: Floats, channels: int) -> Floats:
        """Add up by channel, (channels,)."""
        return summed(self.channel, per_pair, channels)

    def matrix(self, per_pair: Floats, shape: tuple[int, int]) -> Any:
        """Lay amounts out as a sparse (channels, paths)."""
        from scipy.sparse import csr_matrix

        return csr_matrix((per_pair, (self.channel, self.path)), shape=shape)
