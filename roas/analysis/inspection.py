"""What files are, without analysing them: ``roas inspect``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.analysis.document import input_document, plain
from roas.analysis.options import Options
from roas.io.load import FileReport, Progress, read_files

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "roas.inspection/1"


@dataclass(frozen=True)
class Inspection:
    """Every file's report, with every problem at once."""

    reports: tuple[FileReport, ...]

    @property
    def usable(self) -> bool:
        """Whether no file has an error."""
        return not any(r.findings.errors for r in self.reports if not r.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Return ``inspection.json`` as plain types."""
        return {"schema": SCHEMA, "inputs": [_document(r) for r in self.reports]}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per file."""
        import pandas as pd

        rows = [_document(r) for r in self.reports]
        flat = [{k: v for k, v in d.items() if not isinstance(v, list | dict)} | d["totals"] for d in rows]
        return pd.DataFrame(flat)


def inspect(files: Any, *, progress: Progress | None = None, **options: Any) -> Inspection:
    """Tell what files are, how their columns map and what is wrong with them.

    Parameters
    ----------
    files : path, DataFrame, or a sequence of them
    **options
        As for `roas.analyze`.

    Raises
    ------
    InputError
        When a path, folder or glob names nothing.
    """
    loaded = read_files(files, options=Options(**options).load_options(), progress=progress)
    return Inspection(tuple(loaded.reports))


def _document(report: FileReport) -> dict[str, Any]:
    base = input_document(report)
    return {
        "file": base["file"],
        "sha256": base["sha256"],
        "format": base["format"],
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "header_line": report.header_line,
        "grain": report.grain,
        "start": report.start.isoformat() if report.start else None,
        "end": report.end.isoformat() if report.end else None,
        "currency": report.currency,
        "rows_read": report.rows_read,
        "rows_used": report.rows_used,
        "rejected": base["rejected"],
        "columns": [{"header": h, "canonical": c} for h, c in report.columns],
        "totals": {k: plain(report.totals.get(k)) for k in ("spend", "conversions", "claimed_revenue", "revenue")},
        "channels": [{"channel": c, "spend": s} for c, s in report.channels],
        "problems": [
            {"severity": p.severity, "line": p.line, "column": p.column, "says": p.says, "fix": p.fix}
            for p in report.findings.problems
        ],
        "notes": base["notes"],
        "passed_over": report.passed_over,
    }  # fmt: skip
