"""A chart that an analysis has something to show for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Plot:
    """A chart that is worth drawing.

    ``table`` names the CSV with its figures, ``rows`` counts its bars,
    ``alone`` tells that no other chart stands beside it, ``page`` that the
    page shows it (else it is a file only), ``lines`` how many rows of small
    charts it has.
    """

    name: str
    table: str
    draw: partial[Axes]
    rows: int = 0
    alone: bool = False
    page: bool = True
    lines: int = 1
