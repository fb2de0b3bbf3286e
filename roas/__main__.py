"""``python -m roas`` and the ``roas`` command."""

from __future__ import annotations

import sys

from roas.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
