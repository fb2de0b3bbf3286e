"""The yardstick: touchpoints packed into one integer each, sorted by DuckDB, streamed out block by block.

    python bare_sort.py FILE

Reads nothing but what a journey needs (user, time, channel, conversion), keeps no value, checks nothing, counts the
rows that come out. No attribution from touchpoints can do with less.
"""

from __future__ import annotations

import sys

import duckdb

#: Blocks of 2,048 rows fetched at once.
FETCHED = 200


def main(file: str) -> None:
    con = duckdb.connect()
    source = f"read_{'csv' if file.endswith('.csv') else 'parquet'}('{file}')"
    con.execute(
        f"CREATE TEMP TABLE codes AS SELECT channel, row_number() OVER (ORDER BY channel) - 1 AS code "
        f"FROM (SELECT DISTINCT channel FROM {source})"
    )
    con.execute(
        f"""SELECT (user_id::BIGINT << 36) | ((epoch(time)::BIGINT - 1700000000) << 8) | (code << 1) | conversion AS k
            FROM {source} JOIN codes USING (channel) ORDER BY k"""
    )
    rows = 0
    while len(block := con.fetch_df_chunk(FETCHED)):
        rows += len(block)
    print(rows)


if __name__ == "__main__":
    main(sys.argv[1])
