"""Measure how often the diagnosis is right, over the whole surface of accounts.

    export OMP_NUM_THREADS=1
    python benchmarks/diagnosis/run.py --quick                      # one account per cause, both generators
    python benchmarks/diagnosis/run.py --seeds 0-199                # development: tune on these
    python benchmarks/diagnosis/run.py --seeds 1000-1999 --write    # final: README.md and rates.json; never tune on these
    python benchmarks/diagnosis/run.py --cells columns=bare,weeks=26 --generator ours
    python benchmarks/diagnosis/run.py --one ours/saturation/-/plain/0.3/150/full/104/own/17

Answers are kept, line by line, in build/diagnosis.jsonl under the job and a hash of the sources they depend on: an
interrupted run goes on where it stopped, and a changed engine is asked anew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY)]
os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.diagnosis import shipped, tables  # noqa: E402
from benchmarks.diagnosis.accounts import make, other_generator, with_more_campaigns  # noqa: E402
from benchmarks.diagnosis.answers import PARTS, answer, diagnose, version  # noqa: E402
from benchmarks.diagnosis.cells import BLOCKS, CAUSES, FINAL, Job, jobs, matching, read_job  # noqa: E402

CACHE = REPOSITORY / "build" / "diagnosis.jsonl"
Record = dict[str, Any]


def read_cache(path: Path) -> dict[tuple[str, str, str], Record]:
    """Read what is answered already: (part, version, key) → record. A line cut off by an interruption is passed over."""
    found: dict[tuple[str, str, str], Record] = {}
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except json.JSONDecodeError:
                    continue
                found[record["part"], record["version"], record["key"]] = record
    return found


def missing(wanted: Iterable[Job], known: dict[tuple[str, str, str], Record]) -> list[tuple[Job, tuple[str, ...]]]:
    """Return the jobs that are not answered, each with the parts that are missing."""
    left = [
        (job, tuple(part for part in PARTS if (part, version(part, job.generator), job.key) not in known))
        for job in wanted
    ]
    return [(job, parts) for job, parts in left if parts]


def _work(task: tuple[Job, tuple[str, ...]], *, direct: bool) -> list[Record]:
    job, parts = task
    return answer(job, parts, direct=direct)


def ask(wanted: list[Job], *, cache: Path, processes: int, direct: bool) -> list[Record]:
    """Return the records of all jobs, asking only for those that are missing."""
    known = read_cache(cache)
    left = missing(wanted, known)
    print(f"{len(wanted):,} accounts, {len(left):,} of them to be asked about.", file=sys.stderr)
    if left:
        cache.parent.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        with get_context("fork").Pool(processes) as pool, cache.open("a", encoding="utf-8") as lines:
            for done, records in enumerate(pool.imap_unordered(partial(_work, direct=direct), left, chunksize=4), 1):
                for record in records:
                    known[record["part"], record["version"], record["key"]] = record
                    lines.write(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n")
                lines.flush()
                _progress(done, len(left), time.perf_counter() - began)
        _warn_of_changes(wanted)
    return [known[part, version(part, job.generator), job.key] for job in wanted for part in PARTS]


def _progress(done: int, of: int, seconds: float) -> None:
    if done == of or done % max(1, of // 20) == 0:
        left = (of - done) * seconds / done
        print(
            f"{done:,} of {of:,}, {seconds / 60:.1f} minutes, about {left / 60:.1f} to go", file=sys.stderr, flush=True
        )


def _warn_of_changes(wanted: list[Job]) -> None:
    """Say when sources changed under a run: its answers may come from two engines."""
    before = {(part, name): version(part, name) for part in PARTS for name in {job.generator for job in wanted}}
    version.cache_clear()
    if any(version(part, name) != hashed for (part, name), hashed in before.items()):
        print("Warning: sources changed during the run. Run it again before you believe it.", file=sys.stderr)
    version.cache_clear()
    for part, name in before:
        version(part, name)


def show_one(key: str, *, direct: bool) -> None:
    """Print what is planted in one account and what is said of it."""
    account = make(read_job(key))
    for true in account.truths:
        print(f"planted: {true.cause} in {true.channel or 'the account'} since {true.since}, {true.effect:,.0f} a week")
    found, seconds = diagnose(account, direct=direct)
    for finding in found.findings:
        print(json.dumps(finding.to_dict(), indent=1, ensure_ascii=False, default=str))
    for each in found.hypotheses:
        print(f"{each.verdict:12} {each.cause} {each.channel or ''}: {each.because}")
    print(f"{seconds:.2f} s")


def time_large(count: int) -> list[dict[str, Any]]:
    """Time two years of about 50 campaigns, healthy and ill by turns: the diagnosis alone, and all of `analyze`."""
    causes = (None, *CAUSES)
    found: dict[bool, list[float]] = {True: [], False: []}
    campaigns = 0
    for seed in range(count):
        cause = causes[seed % len(causes)]
        account = with_more_campaigns(make(Job(cause=cause, size=0.3 if cause else 0.0, seed=seed)), times=3)
        campaigns = max(campaigns, account.spend["campaign"].nunique())
        for direct, taken in found.items():
            taken.append(diagnose(account, direct=direct)[1])
    return [
        {"what": tables.TIMED[direct], "accounts": count, "campaigns, most": campaigns} | tables.quantiles(taken)
        for direct, taken in found.items()
    ]


def chosen(options: argparse.Namespace) -> list[Job]:
    """Return the jobs that the options ask for."""
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    blocks = ["centre"] if options.quick else options.blocks.split(",")
    wanted = matching(jobs(blocks, seeds, 1 if options.quick else options.repeats), options.cells)
    if options.generator:
        wanted = [job for job in wanted if job.generator == options.generator]
    if not other_generator():
        wanted = [job for job in wanted if job.generator != "other"]
        print("The second generator is not here: ours only.", file=sys.stderr)
    return wanted


def main() -> None:
    about = __doc__ or ""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the centre, one account per cause and healthy kind")
    parser.add_argument("--blocks", default=",".join(BLOCKS), help=f"some of {','.join(BLOCKS)}")
    parser.add_argument("--cells", default="", help="only these, as columns=bare,weeks=26|56")
    parser.add_argument("--generator", choices=("ours", "other"), help="only this one")
    parser.add_argument("--seeds", default="0-199", help="0-199 to develop, 1000 and later for the final figures")
    parser.add_argument("--repeats", type=int, default=10, help="accounts per point of the centre; other blocks follow")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--direct", action="store_true", help="read and diagnose only, without the rest of analyze")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--write", action="store_true", help="write README.md; from final seeds also rates.json")
    parser.add_argument("--list", action="store_true", help="print the jobs and stop")
    parser.add_argument(
        "--speed", type=int, nargs="?", const=20, metavar="ACCOUNTS", help="time large accounts and stop"
    )
    parser.add_argument("--one", metavar="JOB", help="print everything about one account and stop")
    options = parser.parse_args()
    if options.one:
        show_one(options.one, direct=options.direct)
        return
    if options.speed:
        found = {"big": tables.markdown(time_large(options.speed))}
        print(found["big"])
        if options.write:
            tables.write_page(found)
        return
    wanted = chosen(options)
    if options.list:
        print(*(job.key for job in wanted), sep="\n")
        return
    records = ask(wanted, cache=options.cache, processes=options.processes, direct=options.direct)
    found = tables.all_tables(records)
    for name, table in found.items():
        print(f"\n{name}", table, sep="\n")
    if options.write:
        tables.write_page(found)
        if all(job.seed in FINAL for job in wanted):
            shipped.write_rates(records)
        else:
            print("Development seeds: rates.json is left as it is.", file=sys.stderr)


if __name__ == "__main__":
    main()
