"""Start-up, and a whole ``roas analyze`` of two years by 50 campaigns.

python benchmarks/whole.py [--runs 7]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import compare, measure, write_table


def main() -> None:
    """Measure and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    roas = [sys.executable, "-m", "roas"]
    ours, peer, wall, cpu = compare([*roas, "--help"], [sys.executable, "-c", "import click"], runs=3 * runs)
    write_table(
        "start-up",
        ("command", "s wall", "s CPU", "ratio, wall", "ratio, CPU"),
        [
            ["`roas --help`", f"{ours.wall:.3f}", f"{ours.cpu:.3f}", f"{wall:.2f}", f"{cpu:.2f}"],
            ['`python -c "import click"`', f"{peer.wall:.3f}", f"{peer.cpu:.3f}", "1", "1"],
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        spend, revenue = account(Path(folder))
        rows = []
        for name, more in (
            ("summary", []),
            ("`--json`", ["--json"]),
            ("`-o DIR`: page, charts, tables", ["-o", str(Path(folder, "report"))]),
        ):
            cost = measure([*roas, "analyze", str(spend), "--revenue", str(revenue), "--quiet", *more], runs=runs)
            rows.append([name, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak:.0f}"])
    write_table("analyze", ("2 years x 50 campaigns, daily, with revenue", "s wall", "s CPU", "peak MB"), rows)


def account(folder: Path) -> tuple[Path, Path]:
    """Write a daily account of 50 campaigns with funnel columns, and its revenue."""
    import numpy as np
    import pandas as pd

    draw = np.random.default_rng(1)
    days = pd.date_range("2023-01-01", periods=731).strftime("%Y-%m-%d")
    frame = pd.MultiIndex.from_product([days, range(50)], names=["date", "unit"]).to_frame(index=False)
    frame["channel"] = np.array(["Search", "Social", "Video", "Shopping", "Display"])[frame["unit"] % 5]
    frame["campaign"] = "Campaign " + frame.pop("unit").astype(str)
    frame["spend"] = draw.gamma(4, 30, len(frame)).round(2)
    frame["impressions"] = (frame["spend"] * 95).astype(int)
    frame["clicks"] = draw.poisson(frame["spend"] * 1.5)
    frame["conversions"] = draw.binomial(frame["clicks"], 0.03)
    frame["conversion_value"] = (frame["conversions"] * draw.gamma(9, 7, len(frame))).round(2)
    by_day = frame.groupby("date")["spend"].sum()
    revenue = pd.DataFrame(
        {"date": by_day.index, "revenue": (5000 + 2 * by_day * draw.lognormal(0, 0.1, len(by_day))).round(2).to_numpy()}
    )
    frame.to_csv(folder / "spend.csv", index=False)
    revenue.to_csv(folder / "revenue.csv", index=False)
    return folder / "spend.csv", folder / "revenue.csv"


if __name__ == "__main__":
    main()
