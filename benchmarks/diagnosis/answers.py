"""What is said of one account: by the diagnosis, and by the simple rules.

Each answer is one JSON-ready record. Scores are worked out from records, never from accounts, so that a
definition can change without a new run.
"""

from __future__ import annotations

import hashlib
import math
import time
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.diagnosis import rules
from benchmarks.diagnosis.accounts import Account, NotPossible, make
from benchmarks.diagnosis.cells import Job

if TYPE_CHECKING:
    from roas.diagnosis.results import Diagnosis

REPOSITORY: Final = Path(__file__).resolve().parents[2]

#: What the engine's answers come from, and what in it only words them or tells how often they are right.
WITHIN: Final = (
    "diagnosis",
    "response",
    "volatility",
    "decompose",
    "metrics.py",
    "calendar.py",
    "limits.py",
    "tags.py",
)
WITHOUT: Final = ("readings", "words.py", "rates.py")

PARTS: Final = ("engine", "rules")

#: From the strongest to the weakest thing that can be said of a cause.
STRENGTH: Final = ("supported", "possible", "cannot_tell", "untestable", "ruled_out")


@cache
def version(part: str, generator: str) -> str:
    """Return a hash of the sources that a record depends on: who answers, and who made the account."""
    here = Path(__file__).parent
    answering = [here / "rules.py"] if part == "rules" else _engine_sources()
    making = (
        sorted(here.glob("other_*.py"))
        if generator == "other"
        else sorted((REPOSITORY / "roas/simulator").rglob("*.py"))
    )
    found = hashlib.sha256()
    for path in [*answering, *making, here / "accounts.py"]:
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()[:12]


def _engine_sources() -> list[Path]:
    package = REPOSITORY / "roas"
    found = [path for name in WITHIN for path in sorted([package / name, *(package / name).rglob("*.py")])]
    return [path for path in found if path.is_file() and not {*path.parts} & {*WITHOUT}]


def diagnose(account: Account, *, direct: bool) -> tuple[Diagnosis, float]:
    """Return the diagnosis and the seconds it took: of `analyze` without the model, or of the diagnosis alone."""
    if direct:
        from roas.analysis.unsteady import maturity_of
        from roas.diagnosis.runner import diagnose as run
        from roas.io.load import LoadOptions, merge_files, read_files

        options = LoadOptions()
        tables = merge_files(read_files(account.spend, account.revenue, options=options), options)
        began = time.perf_counter()
        return run(tables, maturity=maturity_of(tables)), time.perf_counter() - began
    import roas

    began = time.perf_counter()
    found = roas.analyze(account.spend, account.revenue, model=False).diagnosis
    return found, time.perf_counter() - began


def answer(job: Job, parts: tuple[str, ...], *, direct: bool) -> list[dict[str, Any]]:
    """Make the account of a job once, and return one record per part."""
    records: list[dict[str, Any]] = []
    try:
        account = make(job)
    except NotPossible as error:
        return [_head(job, part) | {"skipped": str(error)} for part in parts]
    if "engine" in parts:
        records.append(_head(job, "engine") | _facts(account) | _engine(account, direct=direct))
    if "rules" in parts:
        records.append(_head(job, "rules") | _facts(account) | {"answers": rules.all_answers(account)})
    return records


def _head(job: Job, part: str) -> dict[str, Any]:
    return {"part": part, "version": version(part, job.generator), "key": job.key}


def _facts(account: Account) -> dict[str, Any]:
    truths = [
        {
            "cause": each.cause,
            "channel": each.channel,
            "channels": list(each.channels),
            "since": each.since.isoformat(),
            "effect": _number(each.effect),
        }
        for each in account.truths
    ]
    sales = account.sales_per_day
    return {"truth": truths, "sales": None if sales is None else round(sales, 2)}


def _engine(account: Account, *, direct: bool) -> dict[str, Any]:
    """Return what the diagnosis says; an exception is an answer too, and a bad one."""
    try:
        found, seconds = diagnose(account, direct=direct)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
        return {"error": said, "findings": [], "verdicts": {}, "because": {}, "seconds": None}
    planted = {each.cause for each in account.truths}
    return {
        "seconds": round(seconds, 4),
        "direct": direct,
        "findings": [_finding(each) for each in found.findings],
        "verdicts": _strongest(found),
        "because": {each.cause: each.because for each in reversed(found.hypotheses) if each.cause in planted},
    }


def _finding(each: Any) -> dict[str, Any]:
    effect = each.effect_per_week
    return {
        "cause": each.cause,
        "channel": each.channel,
        "verdict": each.verdict,
        "probability": each.probability,
        "since": each.since.isoformat(),
        "range": [day.isoformat() for day in each.since_range],
        "effect": [_number(effect.p5), _number(effect.p50), _number(effect.p95)],
        "rival": each.rival,
    }


def _strongest(found: Diagnosis) -> dict[str, str]:
    """Return the strongest verdict on each cause, over all places."""
    best: dict[str, str] = {}
    for each in found.hypotheses:
        if each.cause not in best or STRENGTH.index(each.verdict) < STRENGTH.index(best[each.cause]):
            best[each.cause] = each.verdict
    return best


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
