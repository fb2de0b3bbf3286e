"""Every attribution model: rules, absorbing chains, Shapley games; and their intervals."""

from roas.attribution.models.api import MODELS as MODELS
from roas.attribution.models.api import ModelOptions as ModelOptions
from roas.attribution.models.api import attribute_all as attribute_all
from roas.attribution.models.api import attribute_paths as attribute_paths
from roas.attribution.models.api import check_models as check_models
