"""Write the folder of an attribution: JSON, tables, charts, page, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from roas.analysis.document import dumps
from roas.attribution import frames
from roas.errors import OutputError
from roas.io.folder import whole_folder
from roas.report.attribution_page import page
from roas.report.attribution_plots import plots
from roas.report.pictures import draw
from roas.report.tables_csv import csv_text

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution

#: A folder that holds this file is ours and may be replaced.
MARK: Final = "attribution.json"

#: Tables that an attribution may have to write.
TABLES: Final = frozenset(
    {"credit.csv", "paths.csv", "transitions.csv", "path_lengths.csv", "removal.csv", "places.csv", "weeks.csv"}
)

#: Names at the top of the folder that are ours; anything else there is kept.
WRITTEN: Final = TABLES | {MARK, "charts", "index.html"}


def write_attribution(
    result: Attribution, directory: str | Path, *, progress: Callable[[str], None] | None = None
) -> list[str]:
    """Write everything an attribution has to show into a folder.

    Parameters
    ----------
    directory : path
        An earlier attribution there is replaced in one step; other people's
        files in it stay.

    Returns
    -------
    list of str
        The files written, relative to `directory`, sorted.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds a report of ``roas
        analyze``. What stood there still stands.
    """
    say = progress or (lambda _: None)
    _not_of_analyze(Path(directory))
    with whole_folder(directory, written=WRITTEN, mark="attribution.json") as folder:
        say("drawing charts")
        pictures = [draw(plot) for plot in plots(result)]
        say("writing the tables")
        files: dict[str, str | bytes] = {MARK: dumps(result.to_dict()), **tables(result)}
        for picture in pictures:
            files[f"charts/{picture.name}.png"] = picture.png
            files[f"charts/{picture.name}.svg"] = picture.svg
        files["index.html"] = page(result, pictures)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
    return sorted(files)


def _not_of_analyze(directory: Path) -> None:
    """Refuse to write a page over that of another command."""
    if (directory / "analysis.json").exists() and not (directory / MARK).exists():
        raise OutputError(
            f"{directory.as_posix()}: the folder holds a report of roas analyze, whose page and charts would be lost.\n"
            "  Choose another folder with -o."
        )


def tables(result: Attribution) -> dict[str, str]:
    """Return the CSV files by name; those without rows are left out."""
    found = {
        "credit.csv": frames.credit_frame(result),
        "paths.csv": frames.path_frame(result),
        "transitions.csv": frames.transition_frame(result),
        "path_lengths.csv": frames.length_frame(result),
    }
    if result.removal is not None:
        found["removal.csv"] = frames.removal_frame(result)
    if result.positions:
        found["places.csv"] = frames.place_frame(result)
    if result.weeks is not None:
        found["weeks.csv"] = frames.week_frame(result)
    return {name: csv_text(frame) for name, frame in found.items()}
