"""Small texts through the hooks of a layout, without the files, sheets and checks around them."""

from __future__ import annotations

import pandas as pd

from roas.io import text
from roas.io.dates import read_dates
from roas.io.headers import header, words
from roas.io.mapped import Mapped
from roas.io.numbers import to_number
from roas.io.platforms import adobe_analytics, ga4, shopify, stripe, warehouse, woocommerce
from roas.io.raw import RawTable
from roas.io.sections import read_sections
from roas.tables import REVENUE_MEASURES, SPEND_MEASURES

LAYOUTS = tuple(p for m in (ga4, adobe_analytics, shopify, woocommerce, stripe, warehouse) for p in m.PLATFORMS)

VOCABULARY = frozenset(k for p in LAYOUTS for c in p.columns for k in p.keys(c))


def recognised(header_row: str) -> str | None:
    """The format whose signs a header row carries, the best mapped one first."""
    keys = [words(header(h).key) for h in header_row.split(",")]
    found = [p for p in LAYOUTS if p.has_signs(set(keys))]
    return max(found, key=lambda p: len(p.map(keys))).format if found else None


def tables(content: str) -> list[RawTable]:
    name, encoding = "export.csv", "utf-8"
    found = read_sections(content, name=name, sha256="", encoding=encoding, vocabulary=VOCABULARY)
    return found or [text.read_text(content, name=name, sha256="", encoding=encoding, vocabulary=VOCABULARY)]


def unordered(content: str) -> RawTable:
    """The table of a text as DuckDB hands a big file over: no row knows its line."""
    raw = tables(content)[0]
    raw.cells.index = pd.Index([0] * len(raw.cells))
    return raw


def mapped(raw: RawTable, layout: str) -> Mapped:
    """A raw table under canonical names, before any cell is read."""
    keys = [words(header(h).key) for h in raw.header]
    platform = max((p for p in LAYOUTS if p.format == layout), key=lambda p: (p.has_signs(set(keys)), len(p.map(keys))))
    columns = platform.map(keys)
    frame = raw.cells[list(columns.values())].copy()
    frame.columns = pd.Index(list(columns))
    frame["_rows"] = 1
    heads = {c: raw.header[i] for c, i in columns.items()}
    return Mapped(raw, platform, frame, heads, platform.role, raw.findings, rows_read=len(frame))


def read(content: str | RawTable, layout: str) -> Mapped:
    """A text through both hooks of its layout, with cells read between them."""
    table = mapped(tables(content)[0] if isinstance(content, str) else content, layout)
    table.platform.prepare(table)
    if table.findings.errors:
        return table
    for name in table.frame.columns:
        if name in (*SPEND_MEASURES, *REVENUE_MEASURES) or name in table.platform.numbers:
            cells = [to_number(v, ".") for v in table.frame[name]]
            table.frame[name] = pd.Series(cells, index=table.frame.index, dtype="float64")
    table.frame["date"] = pd.to_datetime(table.frame["date"].map(read_dates(table.frame["date"].unique()).days))
    table.platform.finish(table)
    return table


def rejected(table: Mapped) -> dict[str, int]:
    return {r.reason: r.count for r in table.findings.rejected}


def notes(table: Mapped) -> str:
    return " ".join(table.findings.notes)
