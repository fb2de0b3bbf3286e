"""Charts of attribution: who is credited, along which paths, and what that is worth."""

from __future__ import annotations

from roas.charts.attribution.flow import path_flow
from roas.charts.attribution.lengths import path_length
from roas.charts.attribution.matrix import transition_matrix
from roas.charts.attribution.models import credit_by_model
from roas.charts.attribution.places import credit_by_place
from roas.charts.attribution.removal import removal_effects
from roas.charts.attribution.states import CONVERSION, NULL, START
from roas.charts.attribution.times import time_to_convert
from roas.charts.attribution.top_paths import top_paths
from roas.charts.attribution.weeks import credit_by_week
from roas.charts.attribution.worth import attributed_against_caused

__all__ = [
    "CONVERSION",
    "NULL",
    "START",
    "attributed_against_caused",
    "credit_by_model",
    "credit_by_place",
    "credit_by_week",
    "path_flow",
    "path_length",
    "removal_effects",
    "time_to_convert",
    "top_paths",
    "transition_matrix",
]
