"""Where data lie, how processes are timed and how tables reach README.md."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).with_name("README.md")
PATHS = "journeys/pathdata_paths.csv"
Credits = dict[str, dict[str, float]]


def path_table(given: str | None) -> Path | None:
    """Find the real path table: the option, else ROAS_SHARED_DATA, else ``shared/data`` beside the repository."""
    if given:
        if not Path(given).is_file():
            raise SystemExit(f"Error: {given}: no such file. Give the path table with --paths.")
        return Path(given)
    folder = Path(os.environ.get("ROAS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    return folder / PATHS if (folder / PATHS).is_file() else None


def build_folder(given: str | None) -> Path:
    """Return the folder for made files, which is not part of the repository."""
    folder = Path(given) if given else REPOSITORY / "build" / "attribution"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True)
class Run:
    """One whole process: seconds of wall and CPU time, megabytes at the peak, what it printed, why it failed."""

    wall: float
    cpu: float
    peak: float
    printed: str = ""
    failed: str = ""

    def cell(self) -> str:
        """Write wall / CPU / peak, or why there is nothing to write."""
        return self.failed or f"{digits(self.wall)} / {digits(self.cpu)} / {self.peak:,.0f}"


def digits(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"


def run(
    command: Sequence[str], *, limit: float = 600, env: Mapping[str, str] | None = None, family: bool = False
) -> Run:
    """Run a command in one BLAS thread and let the system account for it.

    With `family`, CPU seconds and memory are summed over all processes it started (read
    from /proc five times a second): a JVM is not waited for by the Python that starts it.
    """
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **(env or {})}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=surroundings, start_new_session=True)
        late = threading.Timer(limit, lambda: os.killpg(process.pid, 9))
        late.start()
        watch = Family(process.pid) if family else None
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
        if watch:
            cpu, peak = watch.end()
        out.seek(0), err.seek(0)
        printed, said = out.read().decode(), err.read().decode(errors="replace").strip()
    if wall >= limit:
        return Run(wall, cpu, peak, failed=f"stopped at {limit:.0f} s")
    if process.returncode:
        print(f"failed: {' '.join(command)}\n{said[-2000:]}", file=sys.stderr)
        return Run(
            wall, cpu, peak, failed="failed: " + re.sub(r"[|\s]+", " ", said.splitlines()[-1] if said else "")[:90]
        )
    return Run(wall, cpu, peak, printed)


class Family:
    """CPU seconds and resident memory of every process of a session, from /proc."""

    def __init__(self, session: int) -> None:
        self.session, self.cpu, self.peak = session, dict[str, float](), 0.0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.ended.wait(0.2):
            self._look()

    def _look(self) -> None:
        tick, page, total = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE"), 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.session:
                self.cpu[stat.parts[-2]] = (int(fields[11]) + int(fields[12])) / tick
                total += int(fields[21]) * page / 1e6
        self.peak = max(self.peak, total)

    def end(self) -> tuple[float, float]:
        """Stop watching; return CPU seconds and megabytes at the peak."""
        self.ended.set()
        self.thread.join()
        return sum(self.cpu.values()), self.peak


class Peers:
    """Other packages, run by the interpreter of their own environment; absent ones are said, not hidden."""

    def __init__(self, python: str | None) -> None:
        self.python = python
        self.versions: dict[str, str] = {}
        if not python:
            print(
                "No peers: give --peers PYTHON, an environment with peers.txt. Their rows are left out.",
                file=sys.stderr,
            )

    def __bool__(self) -> bool:
        return self.python is not None

    def ask(self, job: str, file: Path, *, limit: float = 600) -> tuple[Run, Credits]:
        """Run one job of peers.py on a file; return its cost and its credits by model."""
        assert self.python
        done = run([self.python, str(Path(__file__).with_name("peers.py")), job, str(file)], limit=limit)
        if done.failed:
            return done, {}
        answer = json.loads(done.printed)
        self.versions[answer["package"]] = answer["version"]
        return done, answer["credits"]


def roas_command(file: Path, models: Iterable[str], *more: str) -> list[str]:
    """Return ``roas attribute FILE`` for these models, with JSON on standard output."""
    chosen = [part for model in models for part in ("--model", model)]
    return [sys.executable, "-m", "roas", "attribute", str(file), *chosen, "--json", "--quiet", *more]


def credits_of(document: Mapping[str, Any], field: str = "conversions") -> Credits:
    """Read the credits out of attribution.json."""
    return {name: {row["channel"]: float(row[field]) for row in rows} for name, rows in document["models"].items()}


def furthest(ours: Mapping[str, float], theirs: Mapping[str, float], *, of_total: bool = False) -> float:
    """Return the largest difference of credit, relative to theirs (to 1 where that is less), or to all of theirs."""
    names, whole = {*ours, *theirs}, sum(map(abs, theirs.values()))
    pairs = [(ours.get(name, 0.0), theirs.get(name, 0.0)) for name in names]
    return max(abs(a - b) / max(whole if of_total else abs(b), 1.0) for a, b in pairs)


def exponent(small: float, large: float, times: float) -> float:
    """Return e of ``large = small * times**e``."""
    return math.log(large / small) / math.log(times)


def machine(peers: Mapping[str, str] | None = None) -> str:
    """Say on what the figures were taken, and beside which versions."""
    from benchmarks.measure import machine as ours

    others = ", ".join(f"{name} {version}" for name, version in sorted((peers or {}).items()))
    return ours() + (f" Peers: {others}." if others else "")


def write(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, said: str, page: Path = PAGE) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->`` by what was said and a table."""
    lines = [said, "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    print(f"\n{name}", *lines, sep="\n", flush=True)
    text = page.read_text(encoding="utf-8")
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    if text.count(opening) != 1 or text.count(closing) != 1:
        raise SystemExit(f"Error: {page.name} has no place for the table {name!r}.")
    before, after = text.split(opening)[0], text.split(closing)[1]
    page.write_text(f"{before}{opening}\n" + "\n".join(lines) + f"\n{closing}{after}", encoding="utf-8")


def writer(keep: bool) -> Callable[..., None]:
    """Return `write`, or what only prints."""
    if keep:
        return write

    def show(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, said: str) -> None:
        print(f"\n{name}", said, " | ".join(header), *(" | ".join(row) for row in rows), sep="\n", flush=True)

    return show
