"""Channels: what spend caused, beside what is claimed, what comes next, and what was thought before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.causal_words import KNOWN, Range, and_open, is_known, listed, one, ranged, side_of, state_words
from roas.charts.intervals import Span, faint_zero, spans
from roas.charts.layout import finish
from roas.charts.response import range_of
from roas.charts.rows import each_row, known
from roas.charts.theme import OTHER, is_narrow, literal
from roas.format import plural, ratio, say_many
from roas.language import say
from roas.limits import CHART_CHANNELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: State of saturation → marker: the words stand beside it.
MARKERS: Final[Mapping[str, str]] = {"saturated": "v", "efficient": "o", "headroom": "^", "unknown": "s"}


def claimed_against_caused(
    channels: pd.DataFrame,
    *,
    break_even: float | None = None,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each channel's claimed ROAS beside the ROAS that it caused.

    Parameters
    ----------
    channels : DataFrame
        ``channel``, ``spend`` (currency), ``roas_p5``, ``roas_p50``,
        ``roas_p95`` (incremental) and, where platforms claim, ``claimed_roas``.
    break_even : float, optional
        1 / contribution margin, drawn as a thin line.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    """
    with theme.style():
        ax = theme.axes(ax)
        shown, more = _largest(channels, "roas")
        claims = "claimed_roas" in channels.columns and bool(shown["claimed_roas"].notna().any())
        subtitle = _claims_subtitle(currency, claims=claims)
        if not len(shown):
            nothing(ax, say("No channel has an estimate."))
            return finish(ax, say("What spend causes cannot be told"), subtitle)
        hues = colours or theme.channel_colours(_by_spend(channels)["channel"])
        rows = [
            Span(_name(ax, row), range_of(row, "roas"), _says(range_of(row, "roas")),
                 hues.get(str(row.channel), OTHER), claim=known(row.claimed_roas) if claims else None)
            for row in each_row(shown)
        ]  # fmt: skip
        spans(ax, rows, heading=say("caused"), break_even=break_even)
        faint_zero(ax)
        return finish(ax, _claims_title(shown) if claims else _best_title(shown), subtitle + more)


def marginal_roas_by_channel(
    channels: pd.DataFrame,
    *,
    break_even: float | None = None,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what the next unit of money brings in each channel, and how saturated it is.

    Parameters
    ----------
    channels : DataFrame
        ``channel``, ``spend`` (currency), ``marginal_roas_p5``, ``_p50``,
        ``_p95``, ``state`` and ``probability`` of saturation, and
        ``identified``: of a channel that is not, nothing is said outright.
    """
    with theme.style():
        ax = theme.axes(ax)
        unit = one(currency)
        subtitle = say(
            "Revenue that one more {unit} a week brings, at the spend of the last 8 weeks; bar: 90 % interval",
            unit=unit,
        )
        shown, more = _largest(channels, "marginal_roas")
        if not len(shown):
            nothing(ax, say("No channel has an estimate."))
            return finish(ax, say("What the next {unit} brings cannot be told", unit=unit), subtitle)
        hues = colours or theme.channel_colours(_by_spend(channels)["channel"])
        rows = [
            Span(_name(ax, row), range_of(row, "marginal_roas"),
                 state_words(row.state, known(row.probability), known=_is_known(row)),
                 hues.get(str(row.channel), OTHER), MARKERS.get(str(row.state), "s"))
            for row in each_row(shown)
        ]  # fmt: skip
        spans(ax, rows, heading=say("saturation"), break_even=break_even)
        faint_zero(ax)
        return finish(ax, _next_title(shown, break_even, unit), subtitle + more)


def prior_and_posterior(
    channels: pd.DataFrame,
    *,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what was thought of each channel before its data, and after.

    Parameters
    ----------
    channels : DataFrame
        ``channel``, ``spend`` (currency), ``roas_p5``, ``_p50``, ``_p95``,
        ``prior_roas_p5``, ``_p50``, ``_p95``, ``identified``.
    """
    with theme.style():
        ax = theme.axes(ax)
        subtitle = say(
            "ROAS caused, revenue per {unit}; 90 % intervals. Grey: before the data, "
            "from what is usual elsewhere; coloured: with the data",
            unit=one(currency),
        )
        shown, more = _largest(channels, "roas")
        if not len(shown):
            nothing(ax, say("No channel has an estimate."))
            return finish(ax, say("What the data tell cannot be shown"), subtitle)
        hues = colours or theme.channel_colours(_by_spend(channels)["channel"])
        rows = [
            Span(_name(ax, row), range_of(row, "roas"), say(KNOWN.get(str(row.identified), KNOWN["not identified"])),
                 hues.get(str(row.channel), OTHER), before=range_of(row, "prior_roas"))
            for row in each_row(shown)
        ]  # fmt: skip
        spans(ax, rows, heading=say("effect"))
        faint_zero(ax)
        return finish(ax, _known_title(shown), subtitle + more)


def _claims_subtitle(currency: str | None, *, claims: bool) -> str:
    unit = one(currency)
    if not claims:
        return say(
            "ROAS over all weeks, revenue per {unit}. Bar: 90 % interval of what spend caused, point: its middle",
            unit=unit,
        )
    return say(
        "ROAS over all weeks, revenue per {unit}. Bar: 90 % interval of what spend caused, point: its middle; "
        "hollow: what the platform claims",
        unit=unit,
    )


def _by_spend(channels: pd.DataFrame) -> pd.DataFrame:
    return channels.sort_values("spend", ascending=False, kind="stable")


def _largest(channels: pd.DataFrame, figure: str) -> tuple[pd.DataFrame, str]:
    """Return the largest channels that have the figure, and words for those that are not shown."""
    every = _by_spend(channels)
    known_ones = every[every[f"{figure}_p50"].notna()]
    shown = known_ones.head(CHART_CHANNELS)
    rest = len(known_ones) - len(shown)
    return shown, f". {say('{channels} not drawn', channels=plural(rest, 'smaller channel'))}" if rest else ""


def _name(ax: Axes, row: Any) -> str:
    return literal(row.channel, most=18 if is_narrow(ax) else 22)


def _says(value: Range | None) -> str:
    return "–" if value is None else ranged(value[0], value[2], ratios=True)


def _claims_title(shown: pd.DataFrame) -> str:
    """Count the claims that lie outside the range of what spend caused, where the data tell one."""
    claiming = shown.dropna(subset=["claimed_roas"])
    if "identified" in claiming.columns:
        claiming = claiming[claiming["identified"].map(is_known).astype(bool)]
        if not len(claiming):
            return say("Claims cannot be checked: the data tell no channel's effect")
    over = claiming[claiming["claimed_roas"] > claiming["roas_p95"]]
    if len(over):
        return say_many(
            "{channels} claims more than its spend caused", "{channels} claim more than their spend caused",
            len(over), channels=listed([literal(c, most=20) for c in over["channel"]]),
        )  # fmt: skip
    under = claiming[claiming["claimed_roas"] < claiming["roas_p5"]]
    if len(under):
        return say_many(
            "{channels} claims less than its spend caused", "{channels} claim less than their spend caused",
            len(under), channels=listed([literal(c, most=20) for c in under["channel"]]),
        )  # fmt: skip
    return say("Claims lie within the ranges of what spend caused")


def _best_title(shown: pd.DataFrame) -> str:
    """Name the best and the worst channel, where their ranges do not meet."""
    ordered = shown.sort_values("roas_p50", ascending=False, kind="stable")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    if len(ordered) == 1:
        return say(
            "{channel} caused {roas} per 1 of spend",
            channel=literal(first["channel"]), roas=ranged(first["roas_p5"], first["roas_p95"], ratios=True),
        )  # fmt: skip
    if first["roas_p5"] > last["roas_p95"]:
        return say(
            "{best} caused {most} per 1 of spend, {worst} {least}",
            best=literal(first["channel"]), most=ratio(first["roas_p50"]),
            worst=literal(last["channel"]), least=ratio(last["roas_p50"]),
        )  # fmt: skip
    return say("Which channel causes most per 1 of spend cannot be told: the ranges overlap")


def _next_title(shown: pd.DataFrame, break_even: float | None, unit: str) -> str:
    """Name the channels where the next unit of money surely pays, and where it surely does not."""
    found: dict[str, list[str]] = {"yes": [], "no": [], "open": []}
    for row in each_row(shown):
        found[_pays(row, break_even)].append(literal(row.channel, most=20))
    yes, no, rest = found["yes"], found["no"], len(found["open"])
    if yes and no:
        said = say("The next {unit} pays in {yes}, not in {no}", unit=unit, yes=listed(yes), no=listed(no))
    elif yes:
        said = say("The next {unit} pays in {yes}", unit=unit, yes=listed(yes))
    elif no:
        said = say("The next {unit} does not pay in {no}", unit=unit, no=listed(no))
    else:
        return say("Whether the next {unit} pays cannot be told for any channel", unit=unit)
    return and_open(said, rest)


def _pays(row: Any, break_even: float | None) -> str:
    """Return ``yes`` or ``no`` where the whole interval lies on one side of break-even, else ``open``."""
    if not _is_known(row):
        return "open"
    return {"below": "no", "above": "yes"}.get(side_of(range_of(row, "marginal_roas"), break_even), "open")


def _is_known(row: Any) -> bool:
    return is_known(getattr(row, "identified", None))


def _known_title(shown: pd.DataFrame) -> str:
    names = [literal(c, most=20) for c in shown.loc[shown["identified"] == "identified", "channel"]]
    if not names:
        return say("The data tell no channel's effect: the ranges are mostly what was thought before")
    if len(names) == len(shown):
        return say_many(
            "The data tell the effect of the channel", "The data tell the effect of all {number} channels", len(names)
        )
    return say_many(
        "The data tell the effect of {names}, not of the other {number} channel",
        "The data tell the effect of {names}, not of the other {number} channels",
        len(shown) - len(names), names=listed(names),
    )  # fmt: skip
