"""Commented reports: several tables in one text, each under its own comment lines.

Google Analytics and Adobe Workspace write files that begin with a rule of
dashes, equals or hash signs and may stack tables. `read_sections` reads what
is of use in them; any other text is none of its business.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from roas.errors import InputError
from roas.io.headers import header, words
from roas.io.platforms import adobe_analytics, ga4
from roas.io.raw import RawTable
from roas.io.text import read_text
from roas.language import say
from roas.tables import REVENUE_MEASURES, SPEND_MEASURES

_RULE = re.compile(r'^\ufeff?"?#[ \t]?[-=#]{8,}')
_COMMENT = re.compile(r'^\ufeff?"?#')
_MEASURES = frozenset((*SPEND_MEASURES, *REVENUE_MEASURES))


@dataclass(frozen=True)
class Section:
    """One table's text, with the comment lines right above it.

    Attributes
    ----------
    text : str
    first_line : int
        Line of the file at which the text begins, from 1.
    title : str
        What the comments call it, else its header row.
    above : list of str
        Comment lines of the whole file, which stand above the first table only.
    """

    text: str
    first_line: int
    title: str
    above: list[str] = field(default_factory=list)


def is_commented(head: bytes) -> bool:
    """Return whether a file begins like a commented report."""
    return bool(_RULE.match(head.decode("utf-8-sig", "replace").lstrip()))


def sections(text: str) -> list[Section] | None:
    """Cut a commented report into its tables.

    Parameters
    ----------
    text : str
        The decoded text of a file.

    Returns
    -------
    list of Section or None
        None when the text does not begin with a commented rule: then it is
        one table or something else, and read as such. Stretches of comments
        without a table under them are not returned.

    Notes
    -----
    A section begins at a comment line below table rows, after an empty line
    or where the comment is a rule. A cell such as Shopify's ``#1001`` begins
    no section: it follows another row.
    """
    # Lines as the csv module counts them: no break at a form feed or U+2028.
    lines = list(io.StringIO(text, newline=""))
    first = next((line for line in lines if line.strip("\ufeff \t\r\n")), "")
    if not _RULE.match(first):
        return None
    starts, in_table, before = [0], False, ""
    for number, line in enumerate(lines):
        if _COMMENT.match(line) and (not before.strip() or _RULE.match(line)):
            if in_table:
                starts.append(number)
            in_table = False
        elif line.strip() and not (_COMMENT.match(line) and not in_table):
            in_table = True
        before = line
    ends = [*starts[1:], len(lines)]
    found: list[Section] = []
    for start, end in zip(starts, ends, strict=True):
        part = lines[start:end]
        comments, rows = _comments(part), _rows(part)
        if rows:
            above = _comments(lines[: ends[0]]) if found else []
            found.append(Section("".join(part), start + 1, _title(comments, rows[0]), above))
    return found


def _comments(lines: list[str]) -> list[str]:
    """Return the comment lines above the first row, unquoted."""
    kept = []
    for line in lines:
        if line.strip("\ufeff \t\r\n") and not _COMMENT.match(line):
            break
        kept.append(line.strip('\ufeff" \t\r\n'))
    return [c for c in kept if c]


def _rows(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip("\ufeff \t\r\n") and not _COMMENT.match(line)]


def _title(comments: list[str], header_row: str) -> str:
    """Return the last comment that is neither a rule nor ``name: value``."""
    for comment in reversed(comments):
        said = comment.lstrip("#").strip()
        if said and ":" not in said and not _RULE.match(comment) and not re.fullmatch(r"[\d-]+", said):
            return said
    return header_row[:60]


def read_sections(
    text: str, *, name: str, sha256: str, encoding: str, vocabulary: frozenset[str]
) -> list[RawTable] | None:
    """Read the tables of a commented report; None when the text is none.

    Line numbers are those of the file. Of several tables those with a date
    and a measure not read before are kept: the others repeat the same visits
    by another dimension, and adding them would count visits twice. What was
    passed over is noted.

    Raises
    ------
    InputError
        When no section holds a table.
    """
    parts = sections(text)
    if parts is None:
        return None
    tables: list[tuple[Section, RawTable]] = []
    failed: list[InputError] = []
    for part in parts:
        try:
            raw = read_text(part.text, name=name, sha256=sha256, encoding=encoding, vocabulary=vocabulary)
        except InputError as error:
            failed.append(error)
            continue
        _move(raw, part)
        adobe_analytics.name_dimensions(raw)
        tables.append((part, raw))
    if not tables:
        raise failed[0] if failed else InputError(f"{name}: the report holds no rows. Export it again.")
    kept = _of_use(tables) or tables[:1]
    passed = [p.title for p in parts if p not in [part for part, _ in kept]]
    if passed:
        kept[0][1].findings.note(say(
            "tables without a date, or with the same figures again, were passed over: {names}.", names="; ".join(passed)
        ))  # fmt: skip
    for part, raw in kept if len(kept) > 1 else []:
        raw.name = f"{name}#{part.title}"
    return [raw for _, raw in kept]


def _move(raw: RawTable, part: Section) -> None:
    """Count lines as the file does, and keep what the file says about itself."""
    by = part.first_line - 1
    raw.cells.index = raw.cells.index + by
    raw.header_line += by
    raw.wide = {line + by: text for line, text in raw.wide.items()}
    raw.narrow = {line + by: count for line, count in raw.narrow.items()}
    raw.cut_off = None if raw.cut_off is None else raw.cut_off + by
    raw.preamble = [*part.above, *raw.preamble]


def _of_use(tables: list[tuple[Section, RawTable]]) -> list[tuple[Section, RawTable]]:
    kept, seen = [], set[str]()
    for part, raw in tables:
        keys = [words(header(h).key) for h in raw.header]
        mapped = set().union(*(p.map(keys) for p in (*ga4.PLATFORMS, *adobe_analytics.PLATFORMS)))
        measures = mapped & _MEASURES
        if "date" in mapped and measures and not measures & seen:
            seen |= measures
            kept.append((part, raw))
    return kept
