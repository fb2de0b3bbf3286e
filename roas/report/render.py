"""Write the report folder: JSON, tables, charts, page, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.document import dumps
from roas.io.folder import whole_folder
from roas.report.attribution_tables import WRITTEN as ATTRIBUTION
from roas.report.attribution_tables import tables as attribution_tables
from roas.report.caused import channels_table, curves_table, usable
from roas.report.credited_table import attributed_frame
from roas.report.finding_tables import finding_tables
from roas.report.page import page
from roas.report.pictures import draw, plots
from roas.report.tables_csv import csv_text, rows_text
from roas.report.unsteady_tables import unsteady_tables
from roas.tags import as_toml

if TYPE_CHECKING:
    from roas.analysis.record import Analysis

#: Names at the top of the folder that are ours; anything else there is kept.
WRITTEN: Final = frozenset(
    {
        "analysis.json",
        "channels.csv",
        "campaigns.csv",
        "weeks.csv",
        "channel_weeks.csv",
        "labels.csv",
        "inputs.csv",
        "response_curves.csv",
        "contributions.csv",
        "volatility.csv",
        "breaks.csv",
        "decomposition.csv",
        "tear_sheet.csv",
        "funnel.csv",
        "findings.csv",
        "finding_weeks.csv",
        "hypotheses.csv",
        "readings.csv",
        "attributed.csv",
        *ATTRIBUTION,
    }
)
TAGS: Final = "tags.toml"
_STAMP: Final = "# Unchanged so far: "


def write_report(
    analysis: Analysis, directory: str | Path, *, progress: Callable[[str], None] | None = None
) -> list[str]:
    """Write everything an analysis has to show into a folder.

    Parameters
    ----------
    directory : path
        An earlier report there is replaced in one step; other people's
        files in it stay, and so does a ``tags.toml`` that someone changed.

    Returns
    -------
    list of str
        The files written, relative to `directory`, sorted.

    Raises
    ------
    OutputError
        When the folder cannot be written. What stood there still stands.
    """
    say = progress or (lambda _: None)
    tags = bool(analysis.tags.suggested and len(analysis.labels) and _is_ours(Path(directory) / TAGS))
    with whole_folder(directory, written=WRITTEN | ({TAGS} if tags else set())) as folder:
        say("drawing charts")
        pictures = [draw(plot) for plot in plots(analysis)]
        say("writing the report")
        files: dict[str, str | bytes] = {"analysis.json": dumps(analysis.to_dict()), **_tables(analysis)}
        if analysis.attribution is not None:
            files["attribution.json"] = dumps(analysis.attribution.to_dict())
        if tags:
            files[TAGS] = stamped(as_toml(analysis.labelled))
        for picture in pictures:
            files[f"charts/{picture.name}.png"] = picture.png
            files[f"charts/{picture.name}.svg"] = picture.svg
        files["index.html"] = page(analysis, pictures)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
    return sorted(files)


def _tables(analysis: Analysis) -> dict[str, str]:
    """Return the CSV files; campaigns, labels and estimates only where there are any."""
    tables = {
        "channels.csv": csv_text(channels_table(analysis)),
        "weeks.csv": csv_text(analysis.weeks),
        "channel_weeks.csv": csv_text(analysis.channel_weeks),
        "inputs.csv": _inputs(analysis),
    }
    if len(analysis.campaigns):
        tables["campaigns.csv"] = csv_text(analysis.campaigns)
    if len(analysis.labels):
        first = ["group", "label", "suggested"]
        tables["labels.csv"] = csv_text(
            analysis.labels[[*first, *analysis.labels.columns.difference(first, sort=False)]]
        )
    response = usable(analysis)
    if response is not None:
        tables["response_curves.csv"] = csv_text(curves_table(response))
        tables["contributions.csv"] = csv_text(response.contributions())
    if analysis.credited is not None:
        tables |= attribution_tables(analysis.credited.attribution)
        if analysis.credited.rows:
            tables["attributed.csv"] = csv_text(attributed_frame(analysis.credited))
    more = unsteady_tables(analysis) | finding_tables(analysis)
    return tables | {name: csv_text(frame) for name, frame in more.items()}


def _inputs(analysis: Analysis) -> str:
    header = (
        "file",
        "format",
        "role",
        "start",
        "end",
        "rows_read",
        "rows_used",
        "rows_left_out",
        "reasons",
        "notes",
        "sha256",
    )
    rows: list[tuple[Any, ...]] = [
        (
            r.file, r.format, r.role, r.start and r.start.isoformat(), r.end and r.end.isoformat(),
            r.rows_read, r.rows_used, r.rows_read - r.rows_used,
            " | ".join(f"{x.count} {x.reason}" for x in r.findings.rejected), " | ".join(r.findings.notes),
            r.sha256,
        )
        for r in analysis.inputs
    ]  # fmt: skip
    return rows_text(header, rows)


def stamped(toml: str) -> str:
    """Sign suggested labels, so that a later run knows whether a person changed them."""
    return f"{_STAMP}{hashlib.sha256(toml.encode()).hexdigest()[:16]}\n{toml}"


def _is_ours(path: Path) -> bool:
    """Return whether a tags file is as roas wrote it (or is not there)."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return True
    except (OSError, UnicodeDecodeError):
        return False
    return text == stamped(text.partition("\n")[2])
