"""A touch as one integer: time, whether it converted, channel. Sorted as integers, touches become journeys."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2
from typing import Final

#: Bits of a signed 64-bit integer that may be used.
BITS: Final = 63

DAY_US: Final = 86_400_000_000

#: Bits of a double's mantissa.
_MANTISSA: Final = 52


@dataclass(frozen=True)
class Packing:
    """How touches are packed, and what the fold over them needs to know.

    A key is ``(time - origin) << (bits + 1) | converted << bits | code``, so
    keys order by time, then touches before conversions, then channels by name.

    Attributes
    ----------
    origin : int
        First moment of the data, microseconds since 1970 UTC.
    channels : int
        Number of channels; code `channels` stands for a conversion without a touch.
    bits : int
        Bits of a code.
    lookback : int
        Microseconds before a journey's end in which a touch counts.
    half_life : int
        Of the time decay, microseconds.
    weekly : bool
        Keep journeys of different weeks apart.
    copies : bool
        Equal conversions are so many conversions: where only days are known,
        two orders of one day look alike.
    share_grid, value_grid : float
        Shares and values are rounded to multiples of these, so small that it
        cannot be seen and so large that sums are exact, whatever their order.
    """

    origin: int
    channels: int
    bits: int
    lookback: int
    half_life: int
    weekly: bool = False
    share_grid: float = 2.0**-30
    value_grid: float = 2.0**-20
    copies: bool = False

    @property
    def mask(self) -> int:
        """The bits of a code."""
        return (1 << self.bits) - 1


def grid(total: float) -> float:
    """Return the finest power of two in whose multiples sums up to `total` are exact.

    Multiples of g below 2^53 g are doubles, so adding them rounds nothing.

    Examples
    --------
    >>> grid(1.0) == 2.0**-52, grid(1000.0) == 2.0**-42
    (True, True)
    """
    return 2.0 ** (ceil(log2(total)) - _MANTISSA) if total > 0 else 2.0**-_MANTISSA


def bits_for(codes: int, span: int) -> int | None:
    """Return the bits of a code, or None where codes and a span of microseconds do not fit into one key."""
    bits = max(1, int(codes).bit_length())
    return bits if bits + 1 + int(span).bit_length() <= BITS else None
