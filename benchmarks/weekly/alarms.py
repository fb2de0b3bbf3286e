"""How often a healthy account is alarmed when it is looked at every week, and how soon a failing one is.

    export OMP_NUM_THREADS=1
    python benchmarks/weekly/alarms.py            # look at what is not looked at yet, and print the tables
    python benchmarks/weekly/alarms.py --fold     # only fold the looks there are
    python benchmarks/weekly/alarms.py --write    # also into docs/alerts.md

A look is one diagnosis of everything up to a Sunday: a second. Looks are kept line by line in ``build/alarms.jsonl`` with
their plain evidence, so that another power or promise needs no new look. Groups: ``healthy`` (our simulator, nothing
planted), ``other`` (the second generator of ``benchmarks/diagnosis``, nothing planted), ``failing`` (one cause of 30 % from
21 July 2025). The weeks of a group lie in one ISO year.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

LOOKS: Final = ROOT / "build" / "alarms.jsonl"
PAGE: Final = ROOT / "docs" / "alerts.md"

#: Accounts of each group, weeks that are looked at, and the first of them.
GROUPS: Final = {
    "healthy": (16, 40, dt.date(2025, 3, 3)),
    "other": (8, 16, dt.date(2025, 3, 3)),
    "failing": (10, 16, dt.date(2025, 7, 21)),
}

#: What happens in healthy accounts of ours, columns and sizes in turn.
KINDS: Final[tuple[dict[str, Any], ...]] = (
    {}, {"decoys": ["holiday"]}, {"chase": 0.5}, {"decoys": ["price_wobble"]}, {},
)  # fmt: skip
COLUMNS: Final = (
    "full",
    "date,channel,campaign,spend,impressions,clicks,conversions,conversion_value,currency,revenue,orders",
)
SCALES: Final = (1.0, 0.35, 3.0)
OTHER_KINDS: Final = ("plain", "holiday", "strong_season", "growth", "rough", "promotion", "scale_down", "refresh")
PLANTED: Final = (
    "tracking_break", "auction_inflation", "conversion_rate_drop", "creative_fatigue", "demand_shift",
    "order_value_drop", "harvesting", "audience_exhaustion", "saturation", "mix_shift",
)  # fmt: skip
ONSET: Final = dt.date(2025, 7, 21)


@dataclass(frozen=True)
class Account:
    """Tables of the whole history, the first day looked at, and the planted (cause, channel)."""

    tables: Any
    first: dt.date
    truth: tuple[str, str | None] | None


def account(group: str, number: int) -> Account:
    """Make one account."""
    from roas.io.load import LoadOptions, merge_files, read_files
    from roas.simulator import Planted, simulate

    _, weeks, first = GROUPS[group]
    truth = None
    if group == "other":
        from benchmarks.diagnosis.accounts import make
        from benchmarks.diagnosis.cells import Job

        kind = OTHER_KINDS[number % len(OTHER_KINDS)]
        job = Job(generator="other", cause=None, kind=kind, size=0.0, sales=150.0, columns="full", weeks=104,
                  shape="step", seed=9000 + number)  # fmt: skip
        made = make(job)
        spend, revenue = made.spend, made.revenue
        last = spend["date"].max().date()
        first = last - dt.timedelta(days=last.weekday() + 1 + 7 * weeks - 1)
    else:
        failing = group == "failing"
        causes = [Planted(PLANTED[number % len(PLANTED)], since=ONSET, size=0.3)] if failing else []
        frames, said = simulate(
            seed=(8000 if failing else 7000) + number,
            causes=causes,
            weeks=98 if failing else 62 + weeks,
            scale=SCALES[number % 3],
            columns=COLUMNS[number % 2],
            **({} if failing else KINDS[number % len(KINDS)]),
        )
        spend, revenue = frames["spend"], frames["revenue"]
        if failing:
            truth = (said["causes"][0]["cause"], said["causes"][0]["scope"]["channel"])
    options = LoadOptions()
    return Account(merge_files(read_files(spend, revenue, options=options), options), first, truth)


def look(tables: Any, until: dt.date) -> dict[str, Any]:
    """Diagnose everything up to a day, and keep the plain evidence of what is named."""
    import numpy as np
    import pandas as pd

    from roas.analysis.unsteady import maturity_of
    from roas.diagnosis.gates import missing_for
    from roas.diagnosis.lateness import lateness_of
    from roas.diagnosis.panel import build_panel
    from roas.diagnosis.runner import brand_channels, late_days
    from roas.diagnosis.search import search
    from roas.diagnosis.weigh import weigh

    end = pd.Timestamp(until)
    spend, revenue = (t[t["date"] <= end].reset_index(drop=True) for t in (tables.spend, tables.revenue))
    cut = replace(tables, spend=spend, revenue=revenue)
    late = lateness_of(cut)
    panel = build_panel(cut, immature_days=late_days(cut, late, maturity_of(cut)))
    assert panel is not None
    untestable = frozenset(name for name, each in missing_for(panel).items() if each)
    found = search(panel, brand=brand_channels(panel), untestable=untestable)
    weighed = weigh(found.seen)
    parts = [
        [weighed.log_share(k), float(weighed.evidence[k]) - weighed.innocent()]
        for k, each in enumerate(weighed.candidates)
        if each.signature is not None and np.isfinite(weighed.evidence[k])
    ]
    rows = [
        {
            "cause": each.candidate.signature.name if each.candidate.signature else "",
            "channel": None if each.candidate.channel is None else panel.channels[each.candidate.channel],
            "supported": each.supported,
            "probability": each.probability,
            "over_innocent": each.over_innocent,
            "log_share": each.log_share,
        }
        for each in found.named
    ]
    powers = {str(p): float(np.logaddexp.reduce([s + p * e for s, e in parts])) for p in (1.0, 0.8, 0.6)}
    return {"rows": rows, "all": powers}


def looks(groups: list[str]) -> None:
    """Look at every week of every account that is not in the file yet."""
    LOOKS.parent.mkdir(exist_ok=True)
    done = {(each["group"], each["account"], each["look"]) for each in read()}
    with LOOKS.open("a") as file:
        for group in groups:
            for number in range(GROUPS[group][0]):
                weeks = [k for k in range(GROUPS[group][1]) if (group, number, k) not in done]
                made = account(group, number) if weeks else None
                for k in weeks:
                    assert made is not None
                    monday = made.first + dt.timedelta(days=7 * k)
                    seen = look(made.tables, monday + dt.timedelta(days=6))
                    head = {"group": group, "account": number, "look": k, "monday": str(monday), "truth": made.truth}
                    file.write(json.dumps(head | seen) + "\n")
                    file.flush()


def read() -> list[dict[str, Any]]:
    """Return the looks there are."""
    return [json.loads(line) for line in LOOKS.read_text().splitlines()] if LOOKS.exists() else []


@dataclass
class Told:
    """What one account was told: looks, weeks until each first, and what was opened."""

    looks: int = 0
    supported: int | None = None
    alarm: int | None = None
    accused_looks: int = 0
    opened: int = 0
    withdrawn: int = 0
    wrong: int = 0


def told(account: list[dict[str, Any]]) -> Told:
    """Fold the looks of one account as weekly reports do."""
    from roas.diagnosis.base import Verdict
    from roas.diagnosis.calibration import cautious_evidence
    from roas.weekly.alerts import Seen, alerts_of
    from roas.weekly.week import Week

    out, history = Told(), []
    for each in sorted(account, key=lambda one: one["look"]):
        week, truth = Week(dt.date.fromisoformat(each["monday"])), each["truth"]
        history.append(Seen(week, "demand_shift", "", None, "cannot_tell"))
        for row in each["rows"]:
            verdict: Verdict = "supported" if row["supported"] else "possible"
            log = cautious_evidence(row["over_innocent"], row["log_share"])
            history.append(
                Seen(week, row["cause"], row["channel"], None, verdict, row["probability"], log_evidence=log)
            )
            if row["supported"] and (not truth or truth[0] == row["cause"]) and out.supported is None:
                out.supported = each["look"]
        out.looks += 1
        out.accused_looks += any(row["supported"] for row in each["rows"])
        for alert in alerts_of(history, week)[0]:
            out.opened += alert.state == "opened"
            out.withdrawn += alert.state == "withdrawn"
            if alert.state == "opened":
                right = bool(truth) and truth[0] == alert.cause and truth[1] in (alert.channel, None)
                out.wrong += not right
                out.alarm = each["look"] if right and out.alarm is None else out.alarm
    return out


def tables() -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Yield name, header and rows of each table."""
    by: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for each in read():
        by.setdefault((each["group"], each["account"]), []).append(each)
    quiet = []
    for group in ("healthy", "other"):
        accounts = [rows for (name, _), rows in by.items() if name == group]
        if not accounts:
            continue
        answers = [told(rows) for rows in accounts]
        count = sum(one.looks for one in answers)
        means = [
            sum(math.exp(look["all"][p]) for rows in accounts for look in rows) / count for p in ("1.0", "0.8", "0.6")
        ]
        top = max(math.exp(look["all"]["0.8"]) for rows in accounts for look in rows)
        quiet.append([
            group, str(len(accounts)), f"{count / 52:.1f}", f"{sum(one.accused_looks for one in answers)} of {count}",
            str(sum(one.supported is not None for one in answers)), str(sum(one.opened for one in answers)),
            " / ".join(f"{mean:.2f}" for mean in means), f"{top:.0f}",
        ])  # fmt: skip
    yield "alarms", [
        "accounts with nothing wrong", "accounts", "account-years", "looks with a supported finding",
        "accounts with one at any time", "alerts opened", "mean evidence of a look at power 1 / 0.8 / 0.6",
        "largest at 0.8",
    ], quiet  # fmt: skip
    yield "detection", [
        "planted", "channel", "weeks until supported", "weeks until the alert", "taken back", "wrong alerts"
    ], [
        [rows[0]["truth"][0], rows[0]["truth"][1] or "all", _weeks(one.supported), _weeks(one.alarm),
         str(one.withdrawn), str(one.wrong)]
        for (name, _), rows in sorted(by.items()) if name == "failing" for one in [told(rows)]
    ]  # fmt: skip


def _weeks(look: int | None) -> str:
    return "never" if look is None else str(look + 1)


def main() -> None:
    """Look, fold, print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--fold", action="store_true", help="look at nothing new")
    options.add_argument("--write", action="store_true", help="write the tables into docs/alerts.md")
    options.add_argument("groups", nargs="*", default=list(GROUPS), metavar="GROUP")
    given = options.parse_args()
    if not given.fold:
        looks(given.groups)
    for name, header, rows in tables():
        lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        print("\n".join(lines) + "\n")
        if given.write:
            page = PAGE.read_text(encoding="utf-8")
            before, after = page.split(f"<!-- {name} -->")[0], page.split(f"<!-- /{name} -->")[1]
            PAGE.write_text(f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- /{name} -->{after}", "utf-8")


if __name__ == "__main__":
    main()
