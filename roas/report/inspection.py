"""``roas inspect`` in the terminal: a paragraph a file, every problem in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.format import count, money, visible

if TYPE_CHECKING:
    from rich.console import Console

    from roas.analysis.inspection import Inspection
    from roas.io.load import FileReport

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_NAMES = {
    "spend": "spend",
    "conversions": "conversions",
    "claimed_revenue": "claimed revenue",
    "revenue": "revenue",
}


def print_inspection(found: Inspection, *, console: Console | None = None) -> None:
    """Print what every file is, how it maps and what is wrong with it."""
    if console is None:
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=False)
    for report in found.reports:
        _print_file(report, console)
    files = len(found.reports)
    wrong = sum(bool(r.findings.errors) for r in found.reports)
    tail = f"{wrong} cannot be used as they are." if wrong else "All can be used."
    console.print(f"{files} {'file' if files == 1 else 'files'} looked at. {tail}", markup=False)


def _print_file(report: FileReport, console: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Text.assemble((visible(report.file), "bold"), f"  {_kind(report)}"))
    lines = [line for line in (_where(report), _rows(report), _totals(report), _channels(report)) if line]
    if report.columns:
        lines.append(_columns(report))
    for line in lines:
        console.print(Padding(Text(visible(line)), (0, 0, 0, 2), expand=False))
    for problem in report.findings.problems:
        where = f"line {problem.line}: " if problem.line else ""
        where += f'column "{problem.column}": ' if problem.column else ""
        said = f"{where}{problem.says}" + (f" {problem.fix}" if problem.fix else "")
        text = Text.assemble(
            (problem.severity.capitalize(), f"bold {_COLOURS[problem.severity]}"), f": {visible(said)}"
        )
        console.print(Padding(text, (0, 0, 0, 2), expand=False))
    console.print()


def _kind(report: FileReport) -> str:
    if report.format is None:
        return "not recognised"
    return f"{report.format}, {report.role}" + (" (passed over)" if report.passed_over else "")


def _where(report: FileReport) -> str:
    dates = f"{report.start} to {report.end}, by {report.grain}" if report.start else "no dates"
    mark = {"\t": "tab"}.get(report.delimiter or "", report.delimiter)
    text = ", ".join(
        filter(
            None,
            [
                report.encoding,
                f'cells by "{mark}"' if mark else None,
                f"header on line {report.header_line}" if report.header_line else None,
            ],
        )
    )
    return f"{dates}; currency {report.currency or 'not said'}; {text}"


def _rows(report: FileReport) -> str:
    out = f"{count(report.rows_read)} rows read, {count(report.rows_used)} used"
    left = [
        f"{count(r.count)} {r.reason}" + (f" (from line {r.first_line})" if r.first_line else "")
        for r in report.findings.rejected
    ]
    return out + (f"; left out: {'; '.join(left)}" if left else "")


def _totals(report: FileReport) -> str:
    parts = []
    for name, value in report.totals.items():
        shown = count(value) if name == "conversions" else money(value, report.currency, full=True)
        parts.append(f"{_NAMES[name]} {shown}")
    return ", ".join(parts)


def _channels(report: FileReport) -> str:
    shown = [f"{c} {money(s, report.currency, full=True)}" for c, s in report.channels[:8]]
    more = len(report.channels) - len(shown)
    return ("spend by channel: " + ", ".join(shown) + (f" and {more} more" if more > 0 else "")) if shown else ""


def _columns(report: FileReport) -> str:
    mapped = [f'"{h}" is {c}' for h, c in report.columns if c]
    unread = [f'"{h}"' for h, c in report.columns if not c and h.strip()]
    out = "columns: " + (", ".join(mapped) or "none read")
    return out + (
        f"; not read: {', '.join(unread[:10])}" + (f" and {len(unread) - 10} more" if len(unread) > 10 else "")
        if unread
        else ""
    )
