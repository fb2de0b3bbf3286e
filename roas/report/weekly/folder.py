"""Write one week's folder: page, document, texts, workbook, cards; all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from roas.analysis.document import dumps
from roas.io.folder import sync, whole_folder
from roas.language import ENGLISH

if TYPE_CHECKING:
    from roas.weekly.record import WeeklyReport

#: Names at the top of the folder that are ours; anything else there is kept.
WRITTEN: Final = frozenset({"index.html", "report.json", "report.md", "report.txt", "report.xlsx", "cards"})

#: The file by which an earlier report of a week is known.
MARK: Final = "report.json"


def week_folder(folder: str | Path, week: str, language: str) -> Path:
    """Return where a week's report stands: languages beside each other, English without a tag."""
    return Path(folder) / (week if language == ENGLISH else f"{week}-{language}")


@contextmanager
def week_written(report: WeeklyReport, folder: str | Path) -> Iterator[Path]:
    """Write a week's report, and put it in its place among the reports when the block has ended well.

    Yields
    ------
    Path
        The week's folder, where what stood before still stands: all files are
        on the disk beside it, so what remains to be done needs no room.

    Raises
    ------
    OutputError
        When it cannot be written. What stood there still stands.
    """
    target = week_folder(folder, str(report.week), report.language)
    with whole_folder(target, written=WRITTEN, mark=MARK) as fresh:
        _write(report, fresh)
        sync(fresh)
        yield target


def _write(report: WeeklyReport, fresh: Path) -> None:
    from roas.report.weekly.cards import cards
    from roas.report.weekly.page import weekly_page
    from roas.report.weekly.pictures import weekly_pictures
    from roas.report.weekly.text import weekly_markdown, weekly_text
    from roas.report.weekly.workbook import write_workbook

    texts = {
        "index.html": weekly_page(report, weekly_pictures(report)),
        "report.json": dumps(report.to_dict()),
        "report.md": weekly_markdown(report),
        "report.txt": weekly_text(report),
    }
    for name, text in texts.items():
        (fresh / name).write_bytes(text.encode("utf-8", "backslashreplace"))
    write_workbook(report, fresh / "report.xlsx")
    (fresh / "cards").mkdir()
    for name, png in cards(report).items():
        (fresh / "cards" / f"{name}.png").write_bytes(png)
