"""One analysis → one HTML page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from roas.calendar import last_day
from roas.format import count, day, money, percent, plural, ratio, short_day, visible
from roas.report import caused_words, change_words, credited_words, unsteady_words
from roas.report import verdict as words
from roas.report.caused_table import caused_table
from roas.report.credited_table import credited_table
from roas.report.findings import findings
from roas.report.glossary import CAUSED_TERMS, MODEL, STEADY, STEADY_TERMS, TERMS
from roas.report.pictures import Picture
from roas.report.tables_page import Column, Table, page_table
from roas.report.tear_table import tear_table

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from roas.analysis.record import Analysis


def page(analysis: Analysis, pictures: Sequence[Picture]) -> str:
    """Return ``index.html``.

    Parameters
    ----------
    pictures : sequence of Picture
        The charts, drawn; shown where the page has a place for their name.
    """
    return _environment().get_template("page.html.j2").render(**context(analysis, pictures))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("roas.report"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["options"] = _options
    made.filters["held"] = _held
    return made


def _held(text: str) -> str:
    """Keep a percent sign on the line of its number."""
    return text.replace(" %", "\u00a0%").replace("(> ", "(>\u00a0")


def _options(text: str) -> Markup:
    """Set options of the command line apart, in a row and with what follows --for, so that no line breaks inside."""
    from markupsafe import Markup, escape

    one = r"--[a-z][a-z-]*(?:(?<=--for) (?:profit|revenue|cautious)\b)?"
    return Markup(re.sub(rf"(?<![\w-])({one}(?: {one})*)", r"<code>\1</code>", str(escape(_held(text)))))


def context(analysis: Analysis, pictures: Sequence[Picture]) -> dict[str, Any]:
    """Return everything the template shows, as words."""
    t, currency, window = analysis.totals, analysis.tables.currency, analysis.window
    channels, campaigns, run = analysis.channels, analysis.campaigns, analysis.run
    return {
        "run": f"Made by roas {run.version}, started {run.started}, {run.seconds:.3f} s.",
        "title": f"Advertising from {short_day(window['start'])} to {short_day(last_day(window))}",
        "period": f"{day(window['start'])} – {day(last_day(window))}",
        "scope": [
            plural(len(channels), "channel"), currency or "currency not named", f"by {window['grain']}"
        ],
        "verdict": words.verdict(analysis),
        "beside": words.beside(analysis),
        "findings": findings(analysis),
        "caution": caused_words.caution(analysis),
        "caused": _caused(analysis),
        "credited": _credited(analysis),
        "unsteady": _unsteady(analysis),
        "numbers": words.numbers(analysis),
        "comparison": words.comparison(analysis),
        "over_claim": words.over_claim(analysis),
        "claims": _claims(analysis),
        "channels": page_table(
            channels, [Column("channel", "Channel", text=True)], currency=currency, what="channels",
            caption=f"Channels by spend{_in(currency)}",
        ),
        "campaigns": page_table(
            campaigns, [Column("campaign", "Campaign", text=True), Column("channel", "Channel", text=True)],
            currency=currency, what="campaigns", caption=f"Campaigns by spend{_in(currency)}",
        ) if len(campaigns) else None,
        "labels": _labels(analysis) if len(analysis.labels) else None,
        "suggested": analysis.tags.suggested,
        "inputs": [_input(r) for r in analysis.inputs],
        "notes": [visible(n) for n in analysis.notes],
        "data": _data(analysis),
        "next_steps": words.next_steps(analysis),
        "margin": None if analysis.margin is None else (
            f"Break-even ROAS is {ratio(analysis.break_even_roas)}, "
            f"from a contribution margin of {percent(analysis.margin)}."
        ),
        "terms": _terms(analysis),
        "model": (*(MODEL if analysis.response is not None else ()), *(STEADY if analysis.volatility else ())),
        "charts": {p.name: p for p in pictures if p.wide},
        "spend": money(t["spend"], currency, full=True),
        "revenue": money(t["revenue"], currency, full=True),
    }  # fmt: skip


def _terms(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    caused = CAUSED_TERMS if analysis.response is not None else ()
    credit = credited_words.TERMS if analysis.credited is not None else ()
    return (*TERMS, *caused, *credit, *(STEADY_TERMS if analysis.volatility is not None else ()))


def _in(currency: str | None) -> str:
    return f", {currency}" if currency else ""


def _caused(analysis: Analysis) -> dict[str, Any] | None:
    """Return the section on what spend causes; None where nothing was asked of the model."""
    response = analysis.response
    if response is None:
        return None
    data = response.data
    return {
        "sentence": caused_words.sentence(analysis),
        "claims": caused_words.claims(analysis),
        "table": caused_table(analysis),
        "experiments": caused_words.experiments(analysis),
        "window": f"Estimated from {plural(data.periods, data.grain)}, "
        f"{day(str(data.dates[0]))} to {day(caused_words.last_day(response))}.",
    }


def _credited(analysis: Analysis) -> dict[str, Any] | None:
    """Return the section on who gets credit; None without journeys."""
    found = analysis.credited
    if found is None:
        return None
    beside = (credited_words.scaling(found),)
    return {
        "sentence": credited_words.sentence(analysis),
        "together": credited_words.together(analysis),
        "dates": credited_words.dates(analysis),
        "coverage": credited_words.coverage(analysis),
        "table": credited_table(analysis),
        "said": [*credited_words.unmatched(found), *credited_words.doubts(found), *filter(None, beside)],
        "method": credited_words.method(found),
    }


def _unsteady(analysis: Analysis) -> dict[str, Any] | None:
    """Return the section on volatility; None where no ROAS series is long enough."""
    found = analysis.volatility
    if found is None or (found.account is None and not found.channels):
        return None
    account = found.account
    return {
        "sentence": unsteady_words.sentence(analysis),
        "parts": None if account is None else " ".join(
            filter(None, (unsteady_words.made_of(account), unsteady_words.state(account)))
        ),
        "change": change_words.sentences(analysis),
        "breaks": unsteady_words.breaks(analysis),
        "watch": unsteady_words.watch(analysis),
        "judged": unsteady_words.judged(analysis),
        "sheet": tear_table(analysis),
        "together": unsteady_words.together(analysis),
    }  # fmt: skip


def _claims(analysis: Analysis) -> list[tuple[str, str]]:
    """Return the figures of claims beside the till, those that are known."""
    t, currency = analysis.totals, analysis.tables.currency
    rows = [
        ("Platforms claim", money(t["claimed_revenue"], currency)),
        ("The shop took", money(t["revenue"], currency)),
        ("Claims over the till", ratio(t["over_claim_ratio"])),
        ("Claimed ROAS", ratio(t["claimed_roas"])),
        ("MER", ratio(t["mer"])),
    ]
    return [(name, value) for name, value in rows if value != "–"]


def _labels(analysis: Analysis) -> Table:
    frame = analysis.labels
    frame = frame.assign(unlabelled=frame["label"].isna()).sort_values(
        ["group", "unlabelled", "spend"], ascending=[True, True, False], kind="stable"
    )
    frame = frame.assign(label=frame["label"].astype(object).where(frame["label"].notna(), "no label"))
    total = frame.groupby("group")["spend"].transform("sum")
    frame = frame.assign(spend_share=frame["spend"] / total.where(total != 0))
    names = [Column("label", "Label", text=True), Column("group", "Group", text=True)]
    sure = "suggested from names" if analysis.tags.suggested else "from the tags file"
    return page_table(
        frame,
        names,
        caption=f"Labels, {sure}{_in(analysis.tables.currency)}",
        currency=analysis.tables.currency,
        what="labels",
    )


def _input(report: Any) -> dict[str, Any]:
    left = [
        f"{count(r.count)} {r.reason}" + (f" (first: line {r.first_line})" if r.first_line is not None else "")
        for r in report.findings.rejected
    ]
    return {
        "file": visible(report.file),
        "format": (report.format or "not recognised").replace("_", " "),
        "read": count(report.rows_read),
        "used": count(report.rows_used),
        "left_out": [visible(x) for x in left],
        "notes": [visible(n) for n in report.findings.notes],
        "sha256": report.sha256,
    }


def _data(analysis: Analysis) -> list[str]:
    """Say what the data covers, and where it has holes."""
    from roas.charts.periods import on_grid

    window, weeks = analysis.window, analysis.weeks
    said = [f"{plural(window['periods'], window['grain'])}, {day(window['start'])} to {day(last_day(window))}."]
    grid = on_grid(weeks)
    absent = grid[grid["spend"].isna()]["week"]
    if len(absent):
        named = ", ".join(day(w) for w in absent.iloc[:3])
        said.append(
            f"{plural(len(absent), 'week')} without any row of spend: "
            f"{named}{' …' if len(absent) > 3 else ''}. They are gaps in the charts."
        )
    part = weeks[~weeks["complete"]]["week"]
    if len(part):
        said.append(
            f"Incomplete: week{'s' if len(part) != 1 else ''} of {', '.join(day(w) for w in part.iloc[:3])}"
            f"{' …' if len(part) > 3 else ''}; hatched in the charts, left out of comparisons."
        )
    return said
