"""What channels caused: read from an earlier analysis, or from lift tests."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.scaled import Caused
from roas.errors import InputError, UsageError
from roas.io.load import LoadOptions, read_files
from roas.language import say
from roas.quantiles import Q

if TYPE_CHECKING:
    import pandas as pd

#: Standard errors from the middle to the 5 and 95 % points of a normal law.
Z90: Final = 1.6448536269514722

_WANTED: Final = (
    "Give the analysis.json of `roas analyze -o DIR`, or a table of lift tests (channel, start, end, "
    "incremental_revenue, standard_error)."
)


def read_caused(
    given: Any, options: LoadOptions, *, start: dt.date | None, end: dt.date | None, currency: str | None
) -> Caused:
    """Read what each channel caused.

    Parameters
    ----------
    given : path or DataFrame
        An ``analysis.json``, or lift tests.
    options : LoadOptions
        For a table of lift tests.
    start, end : date or None
        First and last day of the journeys, which lift tests are carried over to.
    currency : str or None
        Of the journeys.

    Raises
    ------
    InputError, UsageError
        A file that is neither, or that is in another currency.
    """
    document = _document(given)
    if document is None:
        found, money = _from_tests(given, options, start, end)
    else:
        found, money = _from_analysis(str(given), document, start, end), document.get("currency")
    if money and currency and money != currency:
        raise UsageError(
            f"--incremental {found.source} is in {money} and the journeys are in {currency}.\n"
            f"  Analyse both in one currency; --currency says what the journeys are in."
        )
    if not found.revenue:
        raise InputError(f"{found.source}: it says of no channel what it caused.\n  {_WANTED}")
    return found


def _document(given: Any) -> dict[str, Any] | None:
    """Return the analysis that a file holds; None for a table."""
    if not isinstance(given, (str, Path)) or not str(given).casefold().endswith(".json"):
        return None
    try:
        document = json.loads(Path(given).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{given}: there is no such file.\n  {_WANTED}") from None
    except OSError as error:
        raise InputError(f"{given}: {(error.strerror or str(error)).lower()}.\n  {_WANTED}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{given}: this is no JSON document.\n  {_WANTED}") from None
    if not isinstance(document, dict) or document.get("schema") != "roas.analysis/1":
        raise InputError(f"{given}: this JSON is no analysis of roas.\n  {_WANTED}")
    return document


def _from_analysis(name: str, document: dict[str, Any], start: dt.date | None, end: dt.date | None) -> Caused:
    """Take the incremental revenue of every channel that has one."""
    revenue: dict[str, Q] = {}
    claimed: dict[str, float] = {}
    try:
        for row in document["channels"]:
            points = (row.get("incremental") or {}).get("revenue")
            if points is None:
                continue
            revenue[str(row["channel"])] = Q(*(_finite(points[k]) for k in ("p5", "p50", "p95")))
            if row.get("claimed_revenue") is not None:
                claimed[str(row["channel"])] = _finite(row["claimed_revenue"])
        window = document["window"]
        first, last = (dt.date.fromisoformat(window[k]) for k in ("start", "end"))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"{name}: fields of the analysis are missing or changed.\n  {_WANTED}") from None
    if window.get("grain") == "week":
        last += dt.timedelta(days=6)
    notes = _other_dates(first, last, start, end)
    return Caused(name, "analysis", revenue, claimed, first.isoformat(), last.isoformat(), notes)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _other_dates(first: dt.date, last: dt.date, start: dt.date | None, end: dt.date | None) -> tuple[str, ...]:
    """Say where two sets of dates differ by more than a week at either end."""
    if start is None or end is None:
        undated = say(
            "The analysis covers {first} to {last}; the journeys carry no dates. Compare only where they are the same.",
            first=first, last=last,
        )  # fmt: skip
        return (undated,)
    if abs((first - start).days) <= 7 and abs((last - end).days) <= 7:
        return ()
    apart = say(
        "The analysis covers {first} to {last}, the journeys {start} to {end}: what was caused and what is attributed "
        "are of different times. Run both over the same dates.",
        first=first, last=last, start=start, end=end,
    )  # fmt: skip
    return (apart,)


def _from_tests(
    given: Any, options: LoadOptions, start: dt.date | None, end: dt.date | None
) -> tuple[Caused, str | None]:
    """Take lift tests, carried over to the days of the journeys."""
    loaded = read_files(given, options=options)
    report = loaded.reports[0]
    if report.findings.errors and report.format in (None, "experiments"):
        raise InputError(report.findings.errors[0].sentence(report.file))
    if not loaded.experiments:
        raise UsageError(f"{report.file}: this reads as {report.format}, not as lift tests.\n  {_WANTED}")
    tests = loaded.experiments[0]
    days = (end - start).days + 1 if start and end else None
    revenue, notes = _pooled(tests, days)
    first, last = tests["start"].min().date(), tests["end"].max().date()
    span = (start, end) if start and end else (first, last)
    said = (
        say("Lift tests give revenue a day; it is carried over to every day of the journeys, as if the channel had worked "
            "the same on all of them.")
        if days
        else say("The journeys carry no dates: what the lift tests measured stands for the days of the tests only."),
    )  # fmt: skip
    codes = [c for c in tests["currency"].unique() if c]
    return Caused(
        report.file, "lift tests", revenue, {}, span[0].isoformat(), span[1].isoformat(), (*said, *notes)
    ), (codes[0] if codes else None)  # fmt: skip


def _pooled(tests: pd.DataFrame, days: int | None) -> tuple[dict[str, Q], list[str]]:
    """Pool the tests of each channel by inverse variance; those of a part of it are left out.

    A test of a change of spend, or of one region, does not measure the whole
    channel, and no scale is known here.
    """
    notes = []
    sums: dict[str, list[tuple[float, float]]] = {}
    for row in tests.to_dict("records"):
        named = {"channel": row["channel"], "start": f"{row['start']:%Y-%m-%d}", "end": f"{row['end']:%Y-%m-%d}"}
        if row["geo"] is not None:
            notes.append(say(
                "Lift test of {channel}, {start} to {end}, is not used: it measured one region, not the whole channel.",
                **named,
            ))  # fmt: skip
        elif row["spend_change"] == row["spend_change"]:
            notes.append(say(
                "Lift test of {channel}, {start} to {end}, is not used: it measured a change of spend, not the whole "
                "channel.", **named,
            ))  # fmt: skip
        else:
            length = (row["end"] - row["start"]).days + 1 if days else 1
            sums.setdefault(row["channel"], []).append(
                (row["incremental_revenue"] / length, row["standard_error"] / length)
            )
    out = {}
    for channel, found in sorted(sums.items()):
        weight = math.fsum(1 / error**2 for _, error in found)
        middle = math.fsum(value / error**2 for value, error in found) / weight * (days or 1)
        error = math.sqrt(1 / weight) * (days or 1)
        out[channel] = Q.at(middle - Z90 * error, middle, middle + Z90 * error)
    return out, notes
