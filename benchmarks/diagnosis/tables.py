"""Records → the tables of README.md."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(REPOSITORY)]

from benchmarks.diagnosis import score  # noqa: E402
from benchmarks.diagnosis.answers import STRENGTH  # noqa: E402
from benchmarks.diagnosis.calibration import brier, calibration_error, reliability  # noqa: E402
from benchmarks.diagnosis.cells import (  # noqa: E402
    BESIDE,
    CAUSES,
    COLUMNS,
    GENERATORS,
    KINDS,
    SALES,
    SHAPES,
    SIZES,
    WEEKS,
    Job,
)
from benchmarks.diagnosis.score import Outcome, Share  # noqa: E402

PAGE = HERE / "README.md"

#: A cell with fewer accounts of a generator says nothing: the interval of 0 of 20 reaches 16 %.
LEAST: Final = 20

#: Share of healthy accounts that may be accused, in any cell.
ACCUSED: Final = 0.05

Rows = list[dict[str, Any]]


def markdown(rows: Rows) -> str:
    """Write rows as a table; keys of the first rows are the heads."""
    if not rows:
        return "Nothing to show."
    heads = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(row.get(head, "")) for head in heads) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.3f}"
    return str(value).replace("|", "/").replace("\n", " ")


def by_generator(of: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Return the outcomes of each generator that there is."""
    found = [(name, [each for each in of if each.job.generator == name]) for name in GENERATORS]
    return [(name, some) for name, some in found if some]


def answerable(of: Sequence[Outcome]) -> list[Outcome]:
    return [each for each in of if each.job.answerable]


def ill(of: Iterable[Outcome]) -> list[Outcome]:
    """Return accounts with exactly one planted cause."""
    return [each for each in of if not each.job.healthy and each.job.second is None]


def healthy(of: Iterable[Outcome]) -> list[Outcome]:
    return [each for each in of if each.job.healthy]


def headline(of: Sequence[Outcome]) -> Rows:
    """Set every promise beside its measured figure, generator by generator."""
    rows: Rows = []
    for name, some in by_generator(of):
        cell, well = answerable(some), healthy(some)
        pairs = score.stated(ill(some) + well)
        error = f"{100 * calibration_error(pairs):.1f} points, n {len(pairs):,}" if pairs else "–"
        rows += [
            _line(name, "named", "≥ 95 %", score.named(cell)),
            _line(name, "wrong", "≤ 2 %", score.wrong(cell)),
            _line(name, "wrong and the right one not named", "", score.wrong_only(cell)),
            _line(name, "nothing supported", "", score.silent(cell)),
            _line(name, "in the right channel, of those named", "", score.placed(cell)),
            _line(name, "healthy accused, all cells", "≤ 5 %", score.accused(well)),
            _line(name, "healthy accused, worst cell", "≤ 5 %", _worst_cell(well)),
            _line(name, "cells that accuse above 5 % beyond luck", "0", _beyond_luck(well)),
            _line(name, "onset within three weeks", "≥ 80 %", score.on_time(cell)),
            _line(name, "range of the onset holds it", "90 %", score.onset_covered(cell)),
            _line(name, "90 % interval holds the loss", "85 to 95 %", score.covered(cell, losing=True)),
            _line(name, "the same, causes that lose nothing", "", score.covered(cell, losing=False)),
            _line(name, "median error of the loss", "", _round(score.loss_error(cell))),
            _line(name, "calibration error, all findings", "≤ 3 points", error),
            _line(name, "raised an exception", "0", score.share(some, lambda each: each.error is not None)),
        ]
    return rows


def _line(generator: str, what: str, goal: str, measured: object) -> dict[str, Any]:
    return {"generator": generator, "in the answerable cell": what, "goal": goal, "measured": str(measured)}


def _cell_rates(of: Sequence[Outcome]) -> list[Share]:
    """Return accusation rates by columns, sales and weeks, of the cells that have enough accounts."""
    cells: dict[tuple[str, float, int], list[Outcome]] = {}
    for each in of:
        cells.setdefault((each.job.columns, each.job.sales, each.job.weeks), []).append(each)
    return [score.accused(some) for some in cells.values() if len(some) >= LEAST]


def _worst_cell(of: Sequence[Outcome]) -> Share:
    return max(_cell_rates(of), key=lambda each: each.rate, default=Share(0, 0))


def _beyond_luck(of: Sequence[Outcome]) -> str:
    """Count the cells whose whole interval lies above 5 %."""
    rates = _cell_rates(of)
    return f"{sum(each.interval[0] > ACCUSED for each in rates)} of {len(rates)}"


def causes(of: Sequence[Outcome]) -> Rows:
    """Every cause in the answerable cell."""
    rows: Rows = []
    for cause in CAUSES:
        for name, some in by_generator(answerable(of)):
            mine = [each for each in some if each.job.cause == cause]
            if mine:
                rows.append({"cause": cause, "generator": name} | _figures(mine))
    return rows


def _figures(of: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "named": score.named(of),
        "wrong": _percent(score.wrong(of)),
        "silent": _percent(score.silent(of)),
        "right channel": _percent(score.placed(of)),
        "on time": _percent(score.on_time(of)),
        "loss covered": _percent(_all_covered(of)),
        "loss error": _round(score.loss_error(of)),
    }


def _all_covered(of: Sequence[Outcome]) -> Share:
    one, two = score.covered(of, losing=True), score.covered(of, losing=False)
    return Share(one.hits + two.hits, one.of + two.of)


def _percent(of: Share) -> str:
    return f"{100 * of.rate:.0f} %" if of.of else "–"


def _round(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def kinds(of: Sequence[Outcome]) -> Rows:
    """Healthy accounts: accused by what happens in them."""
    some = by_generator(healthy(of))
    return [
        {"what happens": kind} | {name: score.accused([e for e in found if e.job.kind == kind]) for name, found in some}
        for kind in dict.fromkeys(kind for name, _ in some for kind in KINDS[name])
    ]


def accused_cells(of: Sequence[Outcome]) -> Rows:
    """Healthy accounts: accused by columns, history and sales, the worse generator in each."""
    rows: Rows = []
    for columns in COLUMNS:
        for weeks in WEEKS:
            row: dict[str, Any] = {"columns": columns, "weeks": weeks}
            for sales in SALES:
                cell = [e for e in healthy(of) if (e.job.columns, e.job.weeks, e.job.sales) == (columns, weeks, sales)]
                row[f"{sales:g} a day"] = worse(cell, score.accused, low_is_worse=False)
            rows.append(row)
    return rows


def named_cells(of: Sequence[Outcome]) -> Rows:
    """Hits of 30 %: named / wrong / silent by columns, history and sales, both generators."""
    rows: Rows = []
    for columns in COLUMNS:
        for weeks in WEEKS:
            row: dict[str, Any] = {"columns": columns, "weeks": weeks}
            for sales in SALES:
                cell = [
                    e for e in ill(of)
                    if (e.job.columns, e.job.weeks, e.job.sales, e.job.size) == (columns, weeks, sales, 0.3)
                ]  # fmt: skip
                row[f"{sales:g} a day"] = _three(cell)
            rows.append(row)
    return rows


def _three(of: Sequence[Outcome]) -> str:
    if not of:
        return "–"
    return f"{100 * score.named(of).rate:.0f} / {100 * score.wrong(of).rate:.0f} / {100 * score.silent(of).rate:.0f}"


def worse(of: Sequence[Outcome], measure: Callable[[Sequence[Outcome]], Share], *, low_is_worse: bool) -> Share:
    """Return the worse figure of the generators; of one that has accounts, where the other has none."""
    found = [each for _, some in by_generator(of) if (each := measure(some)).of]
    return (min if low_is_worse else max)(found, key=lambda each: each.rate, default=Share(0, 0))


def one_at_a_time(of: Sequence[Outcome]) -> Rows:
    """Change one thing about the centre: named, wrong, silent; healthy accused."""
    base = Job()
    levels: list[tuple[str, str, Sequence[Any]]] = [
        ("hit", "size", SIZES), ("sales a day", "sales", SALES), ("columns", "columns", COLUMNS),
        ("weeks", "weeks", WEEKS), ("onset", "shape", ("own", *SHAPES)),
        ("beside the cause", "kind", ("plain", *BESIDE)),
    ]  # fmt: skip
    rows: Rows = []
    for what, name, values in levels:
        rest = [other for _, other, _ in levels if other != name]
        for value in values:
            for generator, some in by_generator(of):
                near = [each for each in some if all(_same(each.job, base, other) for other in rest)]
                cell = [
                    each for each in near if getattr(each.job, name) == value or (name == "size" and each.job.healthy)
                ]
                hit = ill(cell)
                figures = {
                    "named": score.named(hit),
                    "wrong": _percent(score.wrong(hit)),
                    "silent": _percent(score.silent(hit)),
                }
                plain = Share(0, 0) if name in ("size", "shape", "kind") else score.accused(cell)
                rows.append(
                    {"changed": what, "to": value, "generator": generator} | figures | {"healthy accused": plain}
                )
    return rows


def _same(job: Job, base: Job, name: str) -> bool:
    """Whether a job has the centre's value; healthy accounts have no size and every kind."""
    return getattr(job, name) == getattr(base, name) or (job.healthy and name in ("size", "kind"))


def two_causes(of: Sequence[Outcome]) -> Rows:
    """Two causes at once, hits of 30 %, funnel columns or more, 30 sales a day or more."""
    rows: Rows = []
    for name, some in by_generator(of):
        pairs = [
            e
            for e in some
            if e.job.second and e.job.size >= 0.3 and e.job.sales >= 30 and e.job.columns in ("funnel", "full")
        ]
        first = score.share(pairs, lambda each: each.job.cause in each.said)
        rows.append(
            {
                "generator": name, "at least one named": score.named(pairs), "both": score.share(pairs, lambda e: e.all_named),
                "the first": first, "wrong": score.wrong(pairs), "silent": score.silent(pairs),
            }
        )  # fmt: skip
    return rows


def confusion(of: Sequence[Outcome]) -> Rows:
    """Planted in rows, supported in columns, percent of accounts of the answerable cell and of all healthy ones."""
    table = score.confusion([*answerable(of), *healthy(of)])
    short = {cause: "".join(part[0] for part in cause.split("_")) for cause in CAUSES}
    rows: Rows = []
    for planted in (*CAUSES, "healthy"):
        row = table.get(planted)
        if row:
            cells = {f"{short[c]}": f"{100 * row[c] / row['accounts']:.0f}" if row[c] else "" for c in CAUSES}
            silent = f"{100 * row['nothing'] / row['accounts']:.0f}"
            label = f"{planted} ({short[planted]})" if planted in short else planted
            rows.append({"planted": label, **cells, "nothing": silent, "n": row["accounts"]})
    return rows


def planted_verdicts(of: Sequence[Outcome]) -> Rows:
    """Say what the planted cause was called, by columns; ruled out is the gravest mistake."""
    rows: Rows = []
    for name, some in by_generator(of):
        for columns in COLUMNS:
            found = score.said_of_planted([e for e in ill(some) if e.job.columns == columns and e.job.size >= 0.3])
            count = found.total()
            if count:
                shares = {verdict: f"{100 * found[verdict] / count:.1f} %" for verdict in (*STRENGTH, "not mentioned")}
                rows.append({"generator": name, "columns": columns} | shares | {"n": count})
    return rows


def calibrated(of: Sequence[Outcome]) -> Rows:
    """Stated against kept probability, all findings of accounts with one cause or none."""
    rows: Rows = []
    for name, some in by_generator(of):
        pairs = score.stated(ill(some) + healthy(some))
        rows += [
            {
                "generator": name, "stated": f"{each.low:.1f}–{each.high:.1f}", "findings": each.findings,
                "mean stated": each.stated, "right": Share(round(each.kept * each.findings), each.findings),
            }
            for each in reliability(pairs)
        ]  # fmt: skip
        if pairs:
            row = {"generator": name, "stated": "calibration error", "findings": len(pairs)}
            rows.append(row | {"mean stated": calibration_error(pairs), "right": f"Brier score {brier(pairs):.3f}"})
    return rows


def rivals(records: Sequence[dict[str, Any]], of: Sequence[Outcome]) -> Rows:
    """Compare the diagnosis with simple rules on the same accounts: the answerable cell, and all healthy accounts."""
    rows: Rows = []
    for name, some in by_generator(of):
        cell = answerable(some)
        rows.append(
            {
                "generator": name,
                "who": "roas",
                "named": score.named(cell),
                "wrong": score.wrong(cell),
                "healthy accused": score.accused(some),
            }
        )
        mine = [each for each in records if each["key"].startswith(f"{name}/")]
        for rule, found in score.rule_scores(mine, lambda job: job.answerable).items():
            rows.append(
                {
                    "generator": name,
                    "who": rule,
                    "named": found.named,
                    "wrong": found.wrong,
                    "healthy accused": found.accused,
                }
            )
    return rows


def worst(of: Sequence[Outcome]) -> Rows:
    """List the ten worst accounts, to be made again with ``run.py --one``."""
    return [
        {"account": f"`{each.job.key}`", "what is wrong": why, "because": _because(each)}
        for each, why in score.worst(of)
    ]


def _because(of: Outcome) -> str:
    said = next(iter(of.because.values()), "")
    return said if len(said) <= 160 else f"{said[:157]}…"


TIMED: Final = {True: "diagnosis alone", False: "analyze without the model"}


def speed(of: Sequence[Outcome]) -> Rows:
    """Seconds per account: of the diagnosis alone, or within `analyze`."""
    rows: Rows = []
    for direct, what in TIMED.items():
        taken = [each.seconds for each in of if each.direct == direct and each.seconds is not None]
        if taken:
            rows.append({"what": what, "accounts": len(taken)} | quantiles(taken))
    return rows


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return median, 95th percentile and the longest."""
    taken = sorted(seconds)
    last = taken[min(len(taken) - 1, math.ceil(0.95 * len(taken)) - 1)]
    return {"median s": statistics.median(taken), "p95 s": last, "longest s": taken[-1]}


def not_possible(records: Sequence[dict[str, Any]]) -> Rows:
    """Accounts that a generator could not make, by reason."""
    counts: dict[tuple[str, str], int] = {}
    for each in records:
        if each["part"] == "engine" and "skipped" in each:
            generator, cause = each["key"].split("/")[:2]
            counts[generator, cause] = counts.get((generator, cause), 0) + 1
    return [{"generator": g, "cause": c, "accounts left out": n} for (g, c), n in sorted(counts.items())]


def all_tables(records: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return every table by its marker in the page."""
    of = score.outcomes(records)
    rows = {
        "headline": headline(of),
        "rivals": rivals(records, of),
        "causes": causes(of),
        "kinds": kinds(of),
        "accused": accused_cells(of),
        "named": named_cells(of),
        "one-at-a-time": one_at_a_time(of),
        "two-causes": two_causes(of),
        "planted-verdicts": planted_verdicts(of),
        "calibration": calibrated(of),
        "speed": speed(of),
        "worst": worst(of),
        "left-out": not_possible(records),
    } | {f"confusion-{name}": confusion(some) for name, some in by_generator(of)}
    return {name: markdown(found) for name, found in rows.items()}


def write_page(found: dict[str, str]) -> None:
    """Replace every table between ``<!-- name -->`` and ``<!-- /name -->`` in README.md."""
    from benchmarks.measure import machine

    text = PAGE.read_text(encoding="utf-8")
    for name, table in (found | {"machine": f"Last measured {machine()}"}).items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if start in text:
            before, after = text.split(start)[0], text.split(end)[1]
            gap = "" if name == "machine" else "\n"
            text = f"{before}{start}{gap}{table}{gap}{end}{after}"
    PAGE.write_text(text, encoding="utf-8")
