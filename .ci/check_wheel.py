"""Fail unless a wheel holds every file of the package."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "roas"
NEEDED = ("py.typed", "schemas/analysis.json", "report/templates/")


def main(wheel: str) -> str | None:
    """Return what is wrong with the wheel, or None."""
    packed = set(zipfile.ZipFile(wheel).namelist())
    files = [path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*") if path.is_file()]
    missing = [name for name in files if "__pycache__" not in name and name not in packed]
    missing += [name for name in NEEDED if not any(p.startswith(f"roas/{name}") for p in packed)]
    return f"{wheel} lacks {', '.join(sorted(missing))}" if missing else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
