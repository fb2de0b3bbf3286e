"""Diagnose an account: gates, then what changed, then why, then words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.diagnosis.calibration import SUREST, cautious_evidence
from roas.diagnosis.gates import columns_of, missing_for, sales_per_day
from roas.diagnosis.lateness import OVER_STEADY, Lateness, lateness_of
from roas.diagnosis.panel import Panel, build_panel
from roas.diagnosis.results import Diagnosis, Finding
from roas.quantiles import Q
from roas.tables import Tables

if TYPE_CHECKING:
    from roas.diagnosis.base import Hypothesis
    from roas.diagnosis.search import Named, Searched
    from roas.response import ResponseResults
    from roas.tags import Tags
    from roas.volatility.maturity.cut import Maturity
    from roas.volatility.results import AccountVolatility

#: Days at the end whose claims are left out where nothing is known of how late they arrive.
LATE_DAYS: Final = 7

#: Days left out at most: beyond it, lateness and a real fall look alike.
MOST_LATE_DAYS: Final = 28

#: Share of an account's claims that must be late before all platforms are.
MOST_OF_CLAIMS: Final = 0.6


def diagnose(
    tables: Tables,
    *,
    tags: Tags | None = None,
    margin: float | None = None,
    response: ResponseResults | None = None,
    volatility: AccountVolatility | None = None,
    maturity: Mapping[str, Maturity] | None = None,
) -> Diagnosis:
    """Say of every cause what can be said of it.

    Parameters
    ----------
    tables : Tables
    tags : Tags, optional
        Labels of channels and campaigns, for the readings.
    margin : float, optional
        Contribution margin; effects are then profit.
    response : ResponseResults, optional
        What spend causes: turns claims lost into sales lost.
    volatility, maturity
        What was measured of noise, and of late claims, before.

    Returns
    -------
    Diagnosis
    """
    import scipy.linalg  # noqa: F401 - brings its own BLAS, which can only be limited once it is there
    from threadpoolctl import threadpool_limits

    from roas.diagnosis.rates import rates_for
    from roas.diagnosis.readings.run import read_account
    from roas.tags import suggest_tags

    # One thread: small matrices gain nothing from more, and sums must not depend on how many cores there are.
    with threadpool_limits(1):
        late = lateness_of(tables)
        panel = build_panel(tables, immature_days=late_days(tables, late, maturity))
        findings, hypotheses, searched = _found(tables, panel, late, margin=margin, response=response)
        readings = read_account(
            tables, tags=tags or suggest_tags(), margin=margin, response=response, volatility=volatility, maturity=maturity
        )  # fmt: skip
    shared = None
    if searched is not None:
        from roas.diagnosis.shares import explained

        shared = explained(searched, findings, margin=margin)
    rates = None
    if panel is not None:
        rates = rates_for(sales_per_day=sales_per_day(panel), columns=columns_of(panel), weeks=panel.weeks)
    return Diagnosis(findings, hypotheses, readings, shared, rates)


def late_days(tables: Tables, late: Mapping[str, Lateness], maturity: Mapping[str, Maturity] | None) -> dict[str, int]:
    """Return per channel how many days of claims at the end are left out."""
    found = {}
    for channel in tables.spend["channel"].unique():
        known = maturity.get(str(channel)) if maturity else None
        days = known.days if known is not None else LATE_DAYS
        if known is None or known.why != "exports":
            read = late.get(str(channel))
            if read is not None and read.over_steady >= OVER_STEADY and read.over_step > 0:
                days = max(days, read.days)
        found[str(channel)] = min(days, MOST_LATE_DAYS)
    return found


def _found(
    tables: Tables, panel: Panel | None, late: dict[str, Lateness], *, margin: float | None,
    response: ResponseResults | None,
) -> tuple[tuple[Finding, ...], tuple[Hypothesis, ...], Searched | None]:  # fmt: skip
    from roas.diagnosis.hypotheses import hypotheses_of
    from roas.diagnosis.search import search
    from roas.diagnosis.shapes import build_shapes

    missing = missing_for(panel)
    searched = None
    if panel is not None and len(build_shapes(panel.weeks).onset) and panel.channels:
        untestable = frozenset(name for name, each in missing.items() if each)
        searched = search(panel, brand=brand_channels(panel), break_even=1 / (margin or 1.0), untestable=untestable)
    findings = [] if searched is None else [_finding(each, margin, response) for each in searched.named]
    lag = _late_findings(panel, late)
    findings = sorted([*findings, *lag], key=_by_money)
    testable = tables.grain == "day"
    hypotheses = hypotheses_of(searched, missing, late, lag_testable=testable)
    return tuple(findings), _with_lag(hypotheses, lag), searched


def _by_money(finding: Finding) -> tuple[bool, float, str, str]:
    """Supported first, then the costliest believable one, then by name."""
    return finding.verdict != "supported", -finding.effect_per_week.p50, finding.cause, finding.channel or ""


def brand_channels(panel: Panel) -> tuple[int, ...]:
    """Return the channels that may build the brand: those that claim less per unit of spend than the account does."""
    spend = np.nan_to_num(panel.sums["spend"]).sum(axis=1)
    claims = np.nan_to_num(panel.sums["conversion_value"]).sum(axis=1)
    if claims.sum() <= 0 or spend.sum() <= 0:
        return tuple(range(len(panel.channels)))
    average = claims.sum() / spend.sum()
    return tuple(k for k in range(len(panel.channels)) if spend[k] > 0 and claims[k] / spend[k] < average)


def _finding(named: Named, margin: float | None, response: ResponseResults | None) -> Finding:
    from roas.diagnosis.evidence import evidence_of
    from roas.diagnosis.exhibits import exhibits_of
    from roas.diagnosis.money import loss_per_week

    seen, candidate = named.seen, named.candidate
    signature = candidate.signature
    assert signature is not None
    rival = named.rival.signature.name if named.rival is not None and named.rival.signature is not None else None
    since, span = _since(named)
    return Finding(
        cause=signature.name,
        channel=seen.panel.channels[candidate.channel] if candidate.channel is not None else None,
        campaign=None,
        verdict="supported" if named.supported else "possible",
        probability=named.probability,
        since=since,
        since_range=span,
        effect_per_week=loss_per_week(seen, candidate, caused=_caused(response, seen.panel), margin=margin),
        evidence=evidence_of(seen, candidate, over_rival=named.over_rival, rival=rival or _unknown(named)),
        exhibits=exhibits_of(seen, candidate, since),
        rival=None if named.supported else rival,
        log_evidence=cautious_evidence(named.over_innocent, named.log_share),
    )


def _unknown(named: Named) -> str | None:
    """Return what the next explanation is where it is no cause; None: that nothing happened."""
    return "something_else" if named.rival is not None else None


def _since(named: Named) -> tuple[dt.date, tuple[dt.date, dt.date]]:
    """Return the median onset and the range that holds it nine times in ten, as first days of weeks."""
    weight = named.candidate.weights(named.seen.shapes.prior).sum(axis=1)
    by_week = np.bincount(named.seen.shapes.onset, weight, minlength=named.seen.panel.weeks).cumsum()
    place = [int(np.searchsorted(by_week, level * by_week[-1])) for level in (0.05, 0.5, 0.95)]
    early, middle, late = (named.seen.panel.starts[min(k, named.seen.panel.weeks - 1)] for k in place)
    # A change is dated to its week: the day may be any of it.
    return middle, (early - dt.timedelta(days=6), late + dt.timedelta(days=6))


def _caused(response: ResponseResults | None, panel: Panel) -> dict[str, tuple[float, float]]:
    """Return per channel what a claimed sale stands for, from the response model: its 90 % range, within sense."""
    if response is None or not response.converged:
        return {}
    found = {}
    for each in response.channels:
        if each.channel not in panel.channels:
            continue
        k = panel.channels.index(each.channel)
        claimed, spent = np.nansum(panel.sums["conversion_value"][k]), np.nansum(panel.sums["spend"][k])
        if claimed > 0 and spent > 0:
            low, high = (q * spent / claimed for q in (each.roas.p5, each.roas.p95))
            found[each.channel] = (float(np.clip(low, 0.0, 1.2)), float(np.clip(high, 0.05, 1.5)))
    return found


def _late_findings(panel: Panel | None, late: Mapping[str, Lateness]) -> list[Finding]:
    """Return late reporting as findings: of all platforms where most of the claims are late, else of each."""
    from roas.diagnosis.evidence import evidence_of_lateness

    found = {name: each for name, each in late.items() if each.is_late}
    if not found or panel is None:
        return []
    usual = {name: each.usual for name, each in late.items()}
    if len(late) > 1 and sum(usual[name] for name in found) >= MOST_OF_CLAIMS * sum(usual.values()) and len(found) > 1:
        worst = max(found.values(), key=lambda each: each.usual)
        found = {"": worst}
    out = []
    for name, each in found.items():
        odds = min(each.over_steady, each.over_step)
        probability = round(min(float(1 / (1 + np.exp(-odds - 1))), SUREST), 3)
        span = (each.since - dt.timedelta(days=7), each.since + dt.timedelta(days=7))
        out.append(
            Finding(
                "reporting_lag", name or None, None, "supported", probability, each.since, span, Q(0.0, 0.0, 0.0),
                evidence_of_lateness(name or None, each),
            )
        )  # fmt: skip
    return out


def _with_lag(hypotheses: tuple[Hypothesis, ...], lag: list[Finding]) -> tuple[Hypothesis, ...]:
    from roas.diagnosis.base import Hypothesis
    from roas.diagnosis.verdict_words import because

    if not lag:
        return hypotheses
    found = []
    for each in hypotheses:
        if each.cause != "reporting_lag":
            found.append(each)
            continue
        for finding in lag:
            facts = {"probability": finding.probability, "rival": None, "young": False}
            found.append(
                Hypothesis("reporting_lag", "supported", because("reporting_lag", "supported", facts), finding.channel)
            )
    return tuple(found)
