"""How far the page can be trusted: the files, the method, its measured errors, where it comes from."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from roas.calendar import last_day
from roas.format import count, day, percent, ratio, visible
from roas.language import say
from roas.report import credited_words
from roas.report.glossary import CAUSED_TERMS, MODEL, STEADY, STEADY_TERMS, TERMS
from roas.report.rates_words import rates
from roas.report.weekly.alerted import promise
from roas.report.weekly.names import recognised

if TYPE_CHECKING:
    from roas.io.load import FileReport
    from roas.weekly.record import WeeklyReport


def data(report: WeeklyReport) -> dict[str, Any]:
    """Return the section on the files, as words."""
    window = report.analysis.window
    return {
        "covers": say("The data run from {start} to {end}.", start=day(window["start"]), end=day(last_day(window))),
        "settled": _settled(report),
        "files": [file(each) for each in report.analysis.inputs],
        "notes": [visible(note) for note in (*report.notes, *report.analysis.notes)],
    }


def _settled(report: WeeklyReport) -> str:
    """Say until when claims are complete; empty where all are."""
    window = report.analysis.window
    until = window["mature_until"]
    if until is None or dt.date.fromisoformat(until) >= last_day(window):
        return ""
    return say("Claims after {date} are still arriving and will grow.", date=day(until))


def file(found: FileReport) -> dict[str, Any]:
    """Return one file: what was read, used, left out and doubted."""
    left = [
        say("{number} {reason}", number=count(each.count), reason=visible(each.reason))
        if each.first_line is None
        else say(
            "{number} {reason} (first: line {line})",
            number=count(each.count),
            reason=visible(each.reason),
            line=str(each.first_line),
        )
        for each in found.findings.rejected
    ]
    return {
        "file": visible(PurePath(found.file).name),  # a page that is forwarded tells nobody where files lie
        "format": recognised(found.format),
        "read": count(found.rows_read),
        "used": count(found.rows_used),
        "said": [*left, *(visible(note) for note in found.findings.notes)],
        "sha256": found.sha256 or say("not known"),
    }


def method(report: WeeklyReport) -> dict[str, Any]:
    """Return the section on method and its measured errors, as words."""
    analysis = report.analysis
    modelled, steady = analysis.response is not None, analysis.volatility is not None
    paragraphs = [*(MODEL if modelled else ()), *(STEADY if steady else ())]
    terms = [
        *TERMS,
        *(CAUSED_TERMS if modelled else ()),
        *(credited_words.TERMS if analysis.credited is not None else ()),
        *(STEADY_TERMS if steady else ()),
    ]
    return {
        "paragraphs": [say(each) for each in paragraphs],
        "terms": [(say(term), say(means)) for term, means in terms],
        "band": say(
            "The range of a number is where one more week would lie nine times in ten, from the weeks before it: their "
            "trend and season, how far they strayed from it, and how few they are."
        ),
        "rates": rates(analysis.diagnosis.rates),
        "promise": promise(report),
        "margin": _margin(report),
    }


def _margin(report: WeeklyReport) -> str:
    analysis = report.analysis
    if analysis.margin is None:
        return say("No contribution margin is given: break-even is 1, as if every sale were profit.")
    return say(
        "Break-even ROAS is {ratio}, from a contribution margin of {share}.",
        ratio=ratio(analysis.break_even_roas),
        share=percent(analysis.margin),
    )


def origin(report: WeeklyReport) -> dict[str, str]:
    """Return where the page comes from, as words."""
    run = report.run
    return {
        "as_of": say("Data up to {date}.", date=day(last_day(report.analysis.window))),
        "same": say("The same files and the same history give the same page."),
        "run": say("Made by roas {version}, started {started}.", version=run.version, started=run.started),
    }
