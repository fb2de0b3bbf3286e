"""A history of many pages, and damage to one of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from roas.history import History
from tests.history.noted import note, plan, spend


def big(history: History) -> None:
    """Enough rows for many pages."""
    rows = [
        (f"Channel {i % 20}", f"2026-{1 + i // 200:02d}-{1 + i // 20 % 10:02d}", float(i), 1.0) for i in range(2000)
    ]
    for week in ("2026-W44", "2026-W45", "2026-W46"):
        note(history, week, spend(*rows), document={"words": "long " * 2000})
    plan(history)


def damage(path: Path, page: int, with_: bytes = b"\xa5") -> None:
    with path.open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(with_ * 4096)


def page_of(path: Path, kind: str, table: str) -> int:
    """A page in the middle of a table, as SQLite's own statistics name it; its root where there are none."""
    with sqlite3.connect(path) as file:
        root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    file.close()
    if kind == "root":
        return int(root)
    content = path.read_bytes()
    start = (root - 1) * 4096
    cells = int.from_bytes(content[start + 3 : start + 5], "big")
    middle = int.from_bytes(
        content[start + 12 + cells // 2 * 2 :][:2], "big"
    )  # an interior page: 12 bytes, then pointers
    return int.from_bytes(content[start + middle :][:4], "big")
