"""Reading 1e5 to 1e7 rows of an ad export, beside DuckDB's own scan and group-by.

python benchmarks/reading.py [--runs 5] [--most 1e7]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import compare, write_table

GENERATE = """
COPY (SELECT date '2023-01-01' + (i // {per_day})::int AS "Day",
  ['Google Ads', 'Meta', 'TikTok', 'Microsoft Ads'][1 + i % 4] AS "Channel",
  'Campaign ' || (i % {campaigns}) AS "Campaign", 'Ad group ' || (i % 4000) AS "Ad group", 'ad_' || (i % 20000) AS "Ad",
  round(hash(i) % 10000 / 100, 2)::decimal(12, 2) AS "Spend", hash(i + 1) % 10000 AS "Impressions",
  hash(i + 2) % 200 AS "Clicks", round(hash(i + 3) % 1000 / 100, 2)::decimal(10, 2) AS "Conversions",
  round(hash(i + 4) % 50000 / 100, 2)::decimal(12, 2) AS "Conversion value"
FROM range({rows}) t(i)) TO '{file}' (HEADER)
"""

OURS = """
import sys
from roas.io.load import LoadOptions, read_files
loaded = read_files(sys.argv[1], options=LoadOptions())
print(loaded.reports[0].totals)
"""

PEER = """
import sys, duckdb
print(len(duckdb.connect().execute(f'''
  SELECT "Day", "Channel", "Campaign", sum("Spend"), sum("Impressions"), sum("Clicks"), sum("Conversions"),
    sum("Conversion value")
  FROM read_csv('{sys.argv[1]}') GROUP BY ALL''').fetchall()))
"""


def main() -> None:
    """Measure each size and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--most", type=float, default=1e7)
    options = parser.parse_args()
    cells = [(c, n) for c in (50, 400) for n in (100_000, 1_000_000, 10_000_000) if n <= options.most]
    with tempfile.TemporaryDirectory() as folder:
        rows = [_one(Path(folder, "export.csv"), size, campaigns, options.runs) for campaigns, size in cells]
    header = (
        "rows",
        "campaigns x days",
        "roas, s wall / CPU",
        "DuckDB, s wall / CPU",
        "ratio, wall",
        "ratio, CPU",
        "roas, peak MB",
        "DuckDB, peak MB",
    )
    write_table("reading", header, rows)


def _one(file: Path, size: int, campaigns: int, runs: int) -> list[str]:
    import duckdb

    duckdb.connect().execute(
        GENERATE.format(per_day=max(size // 730, 1), campaigns=campaigns, rows=size, file=file.as_posix())
    )
    ours, peer, wall, cpu = compare(
        [sys.executable, "-c", OURS, str(file)], [sys.executable, "-c", PEER, str(file)], runs=runs
    )
    return [
        f"{size:,}", f"{campaigns} x 731", f"{ours.wall:.2f} / {ours.cpu:.2f}", f"{peer.wall:.2f} / {peer.cpu:.2f}",
        f"{wall:.2f}", f"{cpu:.2f}", f"{ours.peak:.0f}", f"{peer.peak:.0f}",
    ]  # fmt: skip


if __name__ == "__main__":
    main()
