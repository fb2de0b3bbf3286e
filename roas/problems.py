"""Problems and rejected rows: bad rows are data, misuse is an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from roas.language import say

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Problem:
    """One thing a person should know about a file.

    ``says`` tells what was found, ``fix`` the next step. ``line`` counts from
    1 as an editor does; ``column`` is the header as the file spells it.
    """

    severity: Severity
    says: str
    fix: str = ""
    line: int | None = None
    column: str | None = None

    def sentence(self, file: str) -> str:
        """Return the problem as one message: where, what, next step."""
        where = file
        if self.line is not None:
            where += f", line {self.line}"
        if self.column is not None:
            where += f', column "{self.column}"'
        return f"{where}: {self.says}" + (f"\n  {self.fix}" if self.fix else "")


@dataclass(frozen=True)
class Rejected:
    """Rows left out for one reason: how many, and the first line."""

    reason: str
    count: int
    first_line: int | None


@dataclass
class Findings:
    """What reading one file turned up, collected in the order it was met."""

    problems: list[Problem] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def error(self, says: str, fix: str = "", *, line: int | None = None, column: str | None = None) -> None:
        """Add a problem that makes the file unusable."""
        self.problems.append(Problem("error", says, fix, line, column))

    def warn(self, says: str, fix: str = "", *, line: int | None = None, column: str | None = None) -> None:
        """Add a doubt that a person should look at."""
        self.problems.append(Problem("warning", says, fix, line, column))

    def note(self, says: str, *, line: int | None = None, column: str | None = None) -> None:
        """Add a repair or a reading that was chosen for a stated reason."""
        self.problems.append(Problem("note", says, "", line, column))

    def reject(self, reason: str, count: int, first_line: int | None) -> None:
        """Count rows that were left out."""
        if count:
            self.rejected.append(Rejected(reason, int(count), None if first_line is None else int(first_line)))

    @property
    def errors(self) -> list[Problem]:
        """The problems that make the file unusable."""
        return [p for p in self.problems if p.severity == "error"]

    @property
    def notes(self) -> list[str]:
        """Repairs and doubts as sentences, for ``inputs[].notes``."""
        return [p.says for p in self.problems if p.severity != "error"]


def counted(number: int, word: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def several(lines: list[int]) -> list[int] | None:
    """Return lines worth listing: one alone already stands at the head of the message."""
    return lines if len(lines) > 1 else None


def aside(*parts: str, lines: list[int] | None = None) -> str:
    """Put details in brackets: at most three lines, and what else is known.

    Examples
    --------
    >>> aside("lowest -38.20", lines=[212, 213, 219, 300])
    ' (lines 212, 213, 219 …; lowest -38.20)'
    """
    found = list(lines or [])
    where = f"line{'s' if len(found) > 1 else ''} {examples(list(found))}" if found else ""
    told = "; ".join(p for p in (where, *parts) if p)
    return f" ({told})" if told else ""


def aside_said(*parts: str, lines: list[int] | None = None) -> str:
    """Do as `aside` in the language in force: for notes, where `aside` is for refusals, which are English.

    Examples
    --------
    >>> aside_said(lines=[212, 213]), aside_said("3 in all", lines=[7]), aside_said()
    (' (lines 212, 213)', ' (line 7; 3 in all)', '')
    """
    found = list(lines or [])
    named = examples(list(found))
    where = [say("lines {lines}", lines=named) if len(found) > 1 else say("line {line}", line=named)] if found else []
    told = "; ".join(p for p in (*where, *parts) if p)
    return f" ({told})" if told else ""


def examples(values: list[object], most: int = 3) -> str:
    """Name at most three values and say that there are more."""
    shown = ", ".join(str(v) for v in values[:most])
    return shown + (" …" if len(values) > most else "")
