"""What the response model says of public series, and whether any of it is absurd.

    python benchmarks/response/real_series.py [NAME ...]

Reads the shared data folder beside the checkout and prints the tables of
REAL.md. Some of the series are real, some were simulated by others; the truth
of none is known here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from roas.response import ResponseModel

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "spend-revenue"


@dataclass(frozen=True)
class Series:
    """One account. `revenue` holds the controls; `holidays` is None for the model's default."""

    name: str
    spend: pd.DataFrame
    revenue: pd.DataFrame
    controls: tuple[str, ...] = ()
    holidays: tuple[()] | None = None

    def model(self, *, before: pd.Timestamp | None = None) -> ResponseModel:
        """Return the model of the whole series, or of what came before a date."""
        spend, revenue = self.spend, self.revenue
        if before is not None:
            spend, revenue = spend[spend["date"] < before], revenue[revenue["date"] < before]
        return ResponseModel(spend, revenue, controls=self.controls, holidays=self.holidays)


def long(table: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Return one row per date and channel of a table with one column per channel."""
    renamed = table[["date", *columns]].rename(columns=columns)
    return renamed.melt("date", var_name="channel", value_name="spend")


def robyn() -> Series:
    table = pd.read_csv(FOLDER / "robyn_dt_simulated_weekly.csv", parse_dates=["DATE"]).rename(columns={"DATE": "date"})
    controls = ("competitor_sales_B", "newsletter")
    spend = long(table, {c: c.removesuffix("_S") for c in table if c.endswith("_S")})
    return Series("robyn", spend, table[["date", "revenue", *controls]], controls)


def meridian_national() -> Series:
    table = pd.read_csv(FOLDER / "meridian_national_media.csv", parse_dates=["time"]).rename(columns={"time": "date"})
    table["revenue"] = table["conversions"] * table["revenue_per_conversion"]
    controls = tuple(c for c in table if c.endswith("_control"))
    spend = long(table, {c: c.removesuffix("_spend") for c in table if c.endswith("_spend")})
    return Series("meridian national", spend, table[["date", "revenue", *controls]], controls)


def meridian_geo() -> Series:
    """Add forty regions up; what is not money is averaged by population."""
    table = pd.read_csv(FOLDER / "meridian_geo_all_channels.csv", parse_dates=["time"]).rename(columns={"time": "date"})
    table["revenue"] = table["conversions"] * table["revenue_per_conversion"]
    controls = ("competitor_sales_control", "sentiment_score_control", "Promo")
    for name in controls:
        table[name] *= table["population"]
    media = {c: c.removesuffix("_spend") for c in table if c.endswith("_spend")}
    sums = table.groupby("date")[["revenue", "population", *controls, *media]].sum().reset_index()
    for name in controls:
        sums[name] /= sums["population"]
    return Series("meridian regions, summed", long(sums, media), sums[["date", "revenue", *controls]], controls)


def retailer() -> Series:
    """Keep every control of the file but its season dummies: the model has a season of its own."""
    table = pd.read_csv(FOLDER / "retailer_weekly_mmm_stan.csv", parse_dates=["wk_strt_dt"])
    table = table.rename(columns={"wk_strt_dt": "date", "sales": "revenue"})
    kinds = ("me_", "st_ct", "mrkdn_", "va_pub_", "hldy_")
    controls = tuple(c for c in table if c.startswith(kinds))
    spend = long(table, {c: c.removeprefix("mdsp_") for c in table if c.startswith("mdsp_")})
    return Series("retailer", spend, table[["date", "revenue", *controls]], controls, holidays=())


def shop_by_day() -> Series:
    """Read a shop's till, and what three platforms cost and claim."""
    folder = FOLDER / "daily-campaigns-bi"
    parts = [
        pd.read_csv(folder / f"{n}.csv", parse_dates=["date"]).assign(channel=n)
        for n in ("facebook", "google", "tiktok")
    ]
    spend = pd.concat(parts).rename(columns={"attributed revenue": "conversion_value"})
    till = pd.read_csv(folder / "business.csv", parse_dates=["date"]).rename(columns={"total revenue": "revenue"})
    return Series("shop by day", spend[["date", "channel", "spend", "conversion_value"]], till[["date", "revenue"]])


SERIES: dict[str, Callable[[], Series]] = {
    "robyn": robyn,
    "meridian-national": meridian_national,
    "meridian-geo": meridian_geo,
    "retailer": retailer,
    "shop": shop_by_day,
}


def load(names: list[str] | None = None) -> list[Series]:
    """Return the series that are asked for; none, with a message, when the folder is absent."""
    if not FOLDER.is_dir():
        print("The shared data folder is not beside this checkout: real series are skipped.")
        return []
    return [SERIES[name]() for name in names or SERIES]


def look(series: Series) -> None:
    """Fit one series and print its tables."""
    started = time.process_time()
    results = series.model().fit(seed=0)
    seconds = time.process_time() - started
    data, sample = results.data, results.sample
    share, checks = results.baseline_share, results.residual_checks()
    path = results.contributions().query("part == 'baseline'")
    revenue = np.nansum(data.revenue)
    fitted = results.contributions().groupby("date")["mean"].sum().to_numpy()
    known = np.isfinite(data.revenue)
    known[list(results.fitting.spikes)] = False
    explained = 1 - np.var(data.revenue[known] - fitted[known]) / np.var(data.revenue[known])
    print(f"\n### {series.name}\n")
    print(
        f"{data.dates[0]} to {data.dates[-1]}, {data.periods} {data.grain}s; revenue {revenue:.3g}, spend "
        f"{data.spend.sum():.3g} ({100 * data.spend.sum() / revenue:.1f} %); {len(data.control_names)} controls; {seconds:.1f} CPU s\n"
    )
    print(
        "| channel | share of spend | ROAS | marginal ROAS, last 8 weeks | share of revenue | half-life, days | verdict |"
    )
    print("|---|---|---|---|---|---|---|")
    for each in results.channels:
        why = f": {'; '.join(each.verdict.reasons)}" if each.verdict.reasons else ""
        part = f"{each.revenue.p50 / revenue:.3f} [{each.revenue.p5 / revenue:.3f}, {each.revenue.p95 / revenue:.3f}]"
        print(
            f"| {each.channel} | {each.spend / data.spend.sum():.3f} | {each.roas} | {each.marginal_roas or 'off'} | {part} | "
            f"{each.half_life_days} | {each.verdict.identified} ({each.verdict.contraction:.2f}){why} |"
        )
    print(
        f"\nBaseline share {share}; R² {explained:.2f} (of periods kept); residuals: "
        + ", ".join(f"{k} {v:.2g}" for k, v in checks.items())
    )
    tests = {
        "converged": results.converged,
        "no channel makes all revenue": all(each.revenue.p95 < revenue for each in results.channels),
        "no negative baseline share": share.p5 > 0,
        "no period of negative baseline": bool((path["p50"] >= 0).all()),
        "neighbouring residuals unrelated (|lag 1| < 0.2)": abs(checks["lag_1"]) < 0.2,
        "no outliers left (kurtosis < 5)": checks["kurtosis"] < 5,
    }
    print(
        f"R-hat {sample.rhat.max():.4f}, ESS {sample.ess.min():.0f}. "
        + "; ".join(f"{k}: {'yes' if v else 'NO'}" for k, v in tests.items())
    )
    for note in results.notes:
        print(f"Note: {note}")
    for name, why in results.excluded.items():
        print(f"Left out: {name}, {why}")


if __name__ == "__main__":
    for each in load(sys.argv[1:] or None):
        look(each)
