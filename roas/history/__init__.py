"""What earlier weeks said: one SQLite file beside the reports, the only state of roas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.history.book import History as History
    from roas.history.book import Week as Week
    from roas.history.lock import report_lock as report_lock
    from roas.history.opening import FILE_NAME as FILE_NAME
    from roas.history.opening import open_history as open_history

_HOMES = {
    "FILE_NAME": "roas.history.opening",
    "History": "roas.history.book",
    "Week": "roas.history.book",
    "open_history": "roas.history.opening",
    "report_lock": "roas.history.lock",
}

__all__ = ["FILE_NAME", "History", "Week", "open_history", "report_lock"]

__getattr__ = resolver("roas.history", _HOMES)
