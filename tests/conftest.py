"""Shared by every test: real parts, reference data, determinism."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "agg"  # before anything draws: no test opens a window

# The same examples in every run, and no clock: a slow machine fails no property.
settings.register_profile("roas", derandomize=True, deadline=None)
settings.load_profile("roas")


REPOSITORY = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def unavailable(reason: str) -> NoReturn:
    """Skip for want of a real part; fail where real parts are required."""
    if os.environ.get("ROAS_REQUIRE_REAL_PARTS") == "1":
        pytest.fail(f"{reason} (ROAS_REQUIRE_REAL_PARTS=1)", pytrace=False)
    pytest.skip(reason)


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def find_postgres() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, newest version first; None without a server."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    kept = Path("/usr/lib/postgresql").glob("*/bin/initdb")  # Debian keeps them off the path
    return max((p.parent for p in kept), key=lambda p: float(p.parent.name), default=None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("chromium") and not find_browser():
        unavailable("no Chromium found")
    if item.get_closest_marker("spark"):
        if not shutil.which("java"):
            unavailable("no Java found")
        if not find_spec("pyspark"):
            unavailable("the `spark` extra is not installed")
    if item.get_closest_marker("postgres") and not find_postgres():
        unavailable("no PostgreSQL server found")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Reference exports kept beside the repository, where there are any."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no reference data beside the repository")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium."""
    return find_browser() or unavailable("no Chromium found")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this run and empty."""
    programs = find_postgres() or unavailable("no PostgreSQL server found")
    if not find_spec("psycopg"):
        unavailable("the `sql` extra is not installed")
    root = sys.platform != "win32" and os.getuid() == 0
    owner = "postgres" if root else None  # the server refuses to run as root
    with tempfile.TemporaryDirectory(prefix="roas-postgres-") as name:
        folder = Path(name)
        if owner:
            shutil.chown(folder, owner)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        def run(program: str, *options: str) -> None:
            command = [str(programs / program), "-D", str(folder / "data"), *options]
            nothing = subprocess.DEVNULL
            subprocess.run(command, check=True, user=owner, cwd=folder, stdin=nothing, stdout=nothing)

        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        listen = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", listen, "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
