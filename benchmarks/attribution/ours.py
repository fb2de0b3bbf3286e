"""The models under test, called as a library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from roas.attribution.models import ModelOptions, attribute_paths
from roas.attribution.paths import Paths
from roas.attribution.results import Credit


def credits(paths: Paths, models: Sequence[str], **options: Any) -> dict[str, Credit]:
    """Return credit by model."""
    return attribute_paths(paths, models, ModelOptions(**options))
