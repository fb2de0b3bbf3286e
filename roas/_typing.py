"""Aliases used in signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Grain: TypeAlias = Literal["day", "week"]
Role: TypeAlias = Literal["spend", "revenue", "journeys", "experiments", "sessions", "other"]
Json: TypeAlias = Mapping[str, Any]

#: A file, folder, glob, URL or "-", or a table already in memory.
Input: TypeAlias = "str | PathLike[str] | pd.DataFrame"
Inputs: TypeAlias = "Input | Sequence[Input]"
