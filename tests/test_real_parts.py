"""The real parts that other tests lean on are there and answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.chromium
def test_browser_renders_a_page(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<body><script>document.body.textContent = 6 * 7</script>", encoding="utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", profile, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert "<body>42</body>" in done.stdout


@pytest.mark.postgres
def test_database_answers(postgres: str) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(postgres)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select 6 * 7")).scalar() == 42
    engine.dispose()


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_missing_part_skips_or_fails(tmp_path: Path, required: str, outcome: str) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    test = "import pytest\n@pytest.mark.chromium\ndef test_page(): pass\n"
    (tmp_path / "test_page.py").write_text(test, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = chromium\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--color=no", str(tmp_path)],
        env={**os.environ, "PATH": "", "ROAS_REQUIRE_REAL_PARTS": required},
        capture_output=True,
        text=True,
    )
    assert re.search(rf"= {outcome} in ", done.stdout)
