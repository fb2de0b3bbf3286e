"""Charts: each takes a table and ``ax=None``, and returns the Axes it drew on."""

from __future__ import annotations

from roas.charts.attribution import (
    attributed_against_caused,
    credit_by_model,
    credit_by_place,
    credit_by_week,
    path_flow,
    path_length,
    removal_effects,
    time_to_convert,
    top_paths,
    transition_matrix,
)
from roas.charts.campaigns import campaigns_by_spend
from roas.charts.caused import claimed_against_caused, marginal_roas_by_channel, prior_and_posterior
from roas.charts.change import change_bars
from roas.charts.channels import channel_spend_by_week, claimed_roas_by_channel
from roas.charts.claims import claims_against_till
from roas.charts.evidence import evidence_chart
from roas.charts.evidence_words import evidence_title
from roas.charts.funnel import funnel_plot
from roas.charts.labels import labels_bars
from roas.charts.movers import volatility_split
from roas.charts.parts import contributions
from roas.charts.response import response_curve, response_curves
from roas.charts.returns import loss_curve, return_and_risk
from roas.charts.unsteady import roas_with_noise
from roas.charts.weeks import claimed_roas_by_week, mer_by_week, spend_and_revenue

__all__ = [
    "attributed_against_caused",
    "campaigns_by_spend",
    "change_bars",
    "channel_spend_by_week",
    "claimed_against_caused",
    "claimed_roas_by_channel",
    "claimed_roas_by_week",
    "claims_against_till",
    "contributions",
    "credit_by_model",
    "credit_by_place",
    "credit_by_week",
    "evidence_chart",
    "evidence_title",
    "funnel_plot",
    "labels_bars",
    "loss_curve",
    "marginal_roas_by_channel",
    "mer_by_week",
    "path_flow",
    "path_length",
    "prior_and_posterior",
    "removal_effects",
    "response_curve",
    "response_curves",
    "return_and_risk",
    "roas_with_noise",
    "spend_and_revenue",
    "time_to_convert",
    "top_paths",
    "transition_matrix",
    "volatility_split",
]
