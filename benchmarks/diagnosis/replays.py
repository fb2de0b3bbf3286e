"""Real series, left alone and with a change planted, and what the diagnosis says of each.

    OMP_NUM_THREADS=1 python benchmarks/diagnosis/replays.py [NAME ...]

Reads the shared data folder beside the checkout; without it there is nothing to replay. Rolling windows of each
history are replayed as they are (A/A) and with one change from eight weeks before their end: the site sells 30 %
less (claims and till), one platform counts 30 % less (claims alone), baskets shrink by 30 %, or one channel's
impressions cost half as much again. What really went wrong in these accounts nobody wrote down, so "accused" in a
window left alone is an upper bound of false accusations. Several series were simulated by others; see `REAL`.

Most of these accounts lack columns. Where those that a cause needs are not exported ("can tell" is no), the right
answer is that it cannot be tested; naming any other cause there is as wrong as anywhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"

#: Share that a planted change leaves, and how much dearer impressions get.
LEFT, DEARER = 0.7, 1.5

#: Days from the planted change to the end of the window.
SINCE = 56

Item = tuple[str, pd.DataFrame, pd.DataFrame | None, dict[str, Any] | None]


@dataclass(frozen=True)
class History:
    """An account: its whole history, and the windows of it that are replayed, in days."""

    spend: pd.DataFrame
    revenue: pd.DataFrame | None
    window: int
    every: int
    since: int = SINCE

    def windows(self) -> Iterator[tuple[pd.DataFrame, pd.DataFrame | None]]:
        """Yield every window, the last one first."""
        first, last = self.spend["date"].min(), self.spend["date"].max() + pd.Timedelta(days=1)
        while (last - first).days >= self.window or last > self.spend["date"].max():
            start = last - pd.Timedelta(days=self.window)
            yield (
                _between(self.spend, start, last),
                None if self.revenue is None else _between(self.revenue, start, last),
            )
            last -= pd.Timedelta(days=self.every)


def _between(table: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    return table[(table["date"] >= start) & (table["date"] < end)].reset_index(drop=True)


def _long(table: pd.DataFrame, spends: dict[str, str], impressions: dict[str, str] | None = None) -> pd.DataFrame:
    """Return one row per date and channel of a table with columns per channel."""
    parts = []
    for column, channel in spends.items():
        part = pd.DataFrame({"date": table["date"], "channel": channel, "spend": table[column]})
        if impressions:
            part["impressions"] = table[impressions[channel]] if channel in impressions else np.nan
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def campaigns_feb() -> History:
    """Eleven campaigns over 28 days: impressions, clicks, claimed orders and revenue; no till."""
    table = pd.read_csv(FOLDER / "spend-revenue" / "campaigns_daily_feb2021.csv")
    table["date"] = pd.to_datetime(table["c_date"], format="%m/%d/%y")
    names = {"category": "channel", "campaign_name": "campaign", "campaign_cost": "spend", "orders": "conversions"}
    table = table.rename(columns=names | {"revenue": "conversion_value"})
    keep = ["date", "channel", "campaign", "spend", "impressions", "clicks", "conversions", "conversion_value"]
    return History(table[keep], None, window=28, every=28, since=12)


def shop() -> History:
    """Three platforms' campaigns and the shop's till over 120 days."""
    folder = FOLDER / "spend-revenue" / "daily-campaigns-bi"
    parts = [
        pd.read_csv(folder / f"{n}.csv", parse_dates=["date"]).assign(channel=n)
        for n in ("facebook", "google", "tiktok")
    ]
    spend = pd.concat(parts, ignore_index=True).rename(
        columns={"attributed revenue": "conversion_value", "impression": "impressions"}
    )
    keys = ["date", "channel", "campaign"]
    spend = spend.groupby(keys, as_index=False)[["spend", "impressions", "clicks", "conversion_value"]].sum()
    till = pd.read_csv(folder / "business.csv", parse_dates=["date"])
    till = till.rename(columns={"total revenue": "revenue", "# of orders": "orders", "new customers": "new_customers"})
    return History(spend, till[["date", "revenue", "orders", "new_customers"]], window=106, every=7, since=42)


def robyn() -> History:
    """Spend by week and the till, four years."""
    table = pd.read_csv(FOLDER / "spend-revenue" / "robyn_dt_simulated_weekly.csv", parse_dates=["DATE"])
    table = table.rename(columns={"DATE": "date"})
    spends = {c: c.removesuffix("_S") for c in map(str, table) if c.endswith("_S")}
    return History(_long(table, spends), table[["date", "revenue"]], window=728, every=182)


def retailer() -> History:
    """Ten channels' spend and impressions by week and the till, four years."""
    table = pd.read_csv(FOLDER / "spend-revenue" / "retailer_weekly_mmm_stan.csv", parse_dates=["wk_strt_dt"])
    table = table.rename(columns={"wk_strt_dt": "date", "sales": "revenue"})
    spends = {c: c.removeprefix("mdsp_") for c in map(str, table) if c.startswith("mdsp_")}
    views = {name: f"mdip_{name}" for name in spends.values()}
    return History(_long(table, spends, views), table[["date", "revenue"]], window=728, every=182)


def _meridian(table: pd.DataFrame) -> History:
    spends = {c: c.removesuffix("_spend") for c in map(str, table) if c.endswith("_spend")}
    views = {name: f"{name}_impression" for name in spends.values()}
    table = table.assign(orders=table["conversions"])
    return History(_long(table, spends, views), table[["date", "revenue", "orders"]], window=728, every=182)


def meridian_national() -> History:
    """Four channels' spend and impressions by week, the till, three years."""
    table = pd.read_csv(FOLDER / "spend-revenue" / "meridian_national_media.csv", parse_dates=["time"])
    table["revenue"] = table["conversions"] * table["revenue_per_conversion"]
    return _meridian(table.rename(columns={"time": "date"}))


def meridian_geo(geo: str | None) -> Callable[[], History]:
    """One region of forty, or all of them added up."""

    def read() -> History:
        table = pd.read_csv(FOLDER / "spend-revenue" / "meridian_geo_all_channels.csv", parse_dates=["time"])
        table["revenue"] = table["conversions"] * table["revenue_per_conversion"]
        table = table.rename(columns={"time": "date"})
        if geo is not None:
            table = table[table["geo"] == geo]
        return _meridian(table.drop(columns=["geo"]).groupby("date", as_index=False).sum())

    return read


def trimmed_match(geo: int | None) -> Callable[[], History]:
    """One channel and the till by day, January to October 2020 (an experiment ran after); one region or all."""

    def read() -> History:
        table = pd.read_csv(FOLDER / "geo" / "trimmed_match_post_analysis.csv", parse_dates=["date"])
        table = table[(table["date"] < "2020-11-01") & ((table["geo"] == geo) | (geo is None))]
        sums = table.groupby("date", as_index=False)[["response", "cost"]].sum()
        spend = sums.rename(columns={"cost": "spend"}).assign(channel="ads")[["date", "channel", "spend"]]
        return History(spend, sums.rename(columns={"response": "revenue"})[["date", "revenue"]], window=210, every=30)

    return read


def ad_exchange() -> History:
    """Prices of an ad exchange, hour by hour in the summer of 2011, bought for 1000 a day; nothing is sold."""
    folder = FOLDER / "changepoints" / "nab_adexchange"
    price = {
        name: pd.read_csv(folder / f"exchange-2_{name}.csv", parse_dates=["timestamp"])
        .set_index("timestamp")["value"]
        .resample("D")
        .mean()
        for name in ("cpm", "cpc")
    }
    days = price["cpm"].index
    spend = pd.DataFrame({"date": days, "channel": "exchange", "spend": 1000.0})
    spend["impressions"] = (1000 * 1000 / price["cpm"].to_numpy()).round()
    spend["clicks"] = (1000 / price["cpc"].to_numpy()).round()
    return History(spend.iloc[:-1], None, window=68, every=68, since=28)


#: Name → how to read it, and what it is.
REAL: dict[str, tuple[Callable[[], History], str]] = {
    "campaigns, Feb 2021": (campaigns_feb, "a real shop, it is said"),
    "shop by day": (shop, "an exercise, generated"),
    "robyn": (robyn, "simulated by others"),
    "retailer": (retailer, "real, masked"),
    "meridian national": (meridian_national, "simulated by others"),
    "meridian all regions": (meridian_geo(None), "simulated by others"),
    "meridian Geo0": (meridian_geo("Geo0"), "simulated by others"),
    "meridian Geo9": (meridian_geo("Geo9"), "simulated by others"),
    "trimmed match, all": (trimmed_match(None), "example data of a package"),
    "trimmed match, 10": (trimmed_match(10), "example data of a package"),
    "trimmed match, 98": (trimmed_match(98), "example data of a package"),
    "ad exchange": (ad_exchange, "real prices"),
}


def _scaled(table: pd.DataFrame, rows: pd.Series, columns: tuple[str, ...], factor: float) -> pd.DataFrame:
    out = table.copy()
    for name in columns:
        if name in out:
            out[name] = out[name].astype(float).mask(rows, out[name] * factor)
    return out


def _thinned(table: pd.DataFrame, rows: pd.Series, seed: int) -> pd.DataFrame:
    """Lose each claimed sale with probability 0.3 where sales are counted, and the value in proportion."""
    out, rng = table.copy(), np.random.default_rng(seed)
    if "conversions" in out:
        old = out["conversions"].astype(float)
        drawn = rng.binomial(old.fillna(0).to_numpy().astype(int), LEFT).astype(float)
        kept = old.where(~rows, pd.Series(drawn, index=old.index))
        out["conversions"] = kept
        if "conversion_value" in out:
            out["conversion_value"] = out["conversion_value"] * (kept / old.where(old > 0, 1.0)).where(old > 0, 1.0)
        return out
    return _scaled(out, rows, ("conversion_value",), LEFT)


def _claimed(spend: pd.DataFrame) -> bool:
    return "conversion_value" in spend


def _largest(spend: pd.DataFrame, column: str) -> str:
    return str(spend.groupby("channel")[column].sum().idxmax())


def site(spend: pd.DataFrame, till: pd.DataFrame | None, start: pd.Timestamp, seed: int) -> Item | None:
    """Let the site sell 30 % less to everybody."""
    if till is None and not _claimed(spend):
        return None
    sold = None if till is None else _scaled(till, till["date"] >= start, ("revenue", "orders", "new_customers"), LEFT)
    truth = {"cause": "conversion_rate_drop", "channel": None}
    return "site", _thinned(spend, spend["date"] >= start, seed), sold, truth


def tracking(spend: pd.DataFrame, till: pd.DataFrame | None, start: pd.Timestamp, seed: int) -> Item | None:
    """Let the platform that claims most miss 30 % of its sales; needs a till to be told from a worse site."""
    if not _claimed(spend) or till is None:
        return None
    channel = _largest(spend, "conversion_value")
    rows = (spend["date"] >= start) & (spend["channel"] == channel)
    return "tracking", _thinned(spend, rows, seed), till, {"cause": "tracking_break", "channel": channel}


def baskets(spend: pd.DataFrame, till: pd.DataFrame | None, start: pd.Timestamp, seed: int) -> Item | None:
    """Let every order be worth 30 % less."""
    if till is None or "orders" not in till:
        return None
    poorer = _scaled(till, till["date"] >= start, ("revenue",), LEFT)
    claims = _scaled(spend, spend["date"] >= start, ("conversion_value",), LEFT)
    return "baskets", claims, poorer, {"cause": "order_value_drop", "channel": None}


def price(spend: pd.DataFrame, till: pd.DataFrame | None, start: pd.Timestamp, seed: int) -> Item | None:
    """Let the channel with most money pay half as much again per impression.

    What it claims falls as much, and the till by what is no longer claimed; without claims nobody knows what the
    till would lose, and it stays.
    """
    if "impressions" not in spend:
        return None
    channel = _largest(spend[spend["impressions"].fillna(0) > 0], "spend")
    rows = (spend["date"] >= start) & (spend["channel"] == channel)
    names = ("impressions", "clicks", "conversions", "conversion_value")
    dear = _scaled(spend, rows, names, 1 / DEARER)
    if till is not None and _claimed(spend):
        gone = (spend["conversion_value"] - dear["conversion_value"]).groupby(spend["date"]).sum()
        till = till.copy()
        left = 1 - till["date"].map(gone).fillna(0) / till["revenue"]
        for name in {"revenue", "orders", "new_customers"} & set(till):
            till[name] = till[name] * left
    return "price", dear, till, {"cause": "auction_inflation", "channel": channel}


PLANTS = (site, tracking, baskets, price)


#: Column of the till or of the exports, else.
TILL = ("revenue", "orders", "sessions", "promo")


def can_tell(cause: str, spend: pd.DataFrame, till: pd.DataFrame | None) -> bool:
    """Return whether every column that the cause needs is exported."""
    from roas.diagnosis.base import CAUSES

    needs = next(each.needs for each in CAUSES if each.name == cause)
    return all((till is not None and name in till) if name in TILL else name in spend for name in needs)


def replays(names: list[str] | None = None) -> Iterator[Item]:
    """Yield every replay: name, spend, revenue or None, and the planted truth or None.

    The truth holds ``cause``, ``channel`` (None for the account), ``since`` (ISO date) and ``can_tell``. Yields nothing where
    the shared data are absent.
    """
    if not FOLDER.is_dir():
        return
    for name in names or REAL:
        history = REAL[name][0]()
        for k, (spend, till) in enumerate(history.windows()):
            yield f"{name}: as it was, {k}", spend, till, None
            # A week begins on its label: the change starts with a period.
            dates = spend["date"].drop_duplicates().sort_values()
            start = dates[dates > dates.iloc[-1] - pd.Timedelta(days=history.since)].iloc[0]
            for plant in PLANTS:
                planted = plant(spend, till, start, k)
                if planted is not None:
                    kind, ads, sold, truth = planted
                    assert truth is not None
                    known = can_tell(truth["cause"], ads, sold)
                    yield f"{name}: {kind}, {k}", ads, sold, truth | {"since": str(start.date()), "can_tell": known}


def supported(item: Item) -> tuple[str, list[tuple[str, str | None]]]:
    """Return what the diagnosis accuses in one replay, and why it could not be run at all."""
    import roas

    _, spend, revenue, _ = item
    try:
        found = roas.analyze(spend, revenue, model=False).diagnosis.findings
    except roas.RoasError as error:
        return str(error).splitlines()[0], []
    return "", [(each.cause, each.channel) for each in found if each.verdict == "supported"]


def rows(names: list[str] | None = None) -> list[dict[str, Any]]:
    """Return one row per account and change: how many windows, and named, wrong, accused among them."""
    table: dict[tuple[str, str], dict[str, Any]] = {}
    for item in replays(names):
        account, _, rest = item[0].rpartition(": ")
        kind, truth = rest.rsplit(",", 1)[0], item[3]
        error, causes = supported(item)
        row = table.setdefault(
            (account, kind),
            {"account": account, "change": kind, "can_tell": "" if truth is None else truth["can_tell"]}
            | {"windows": 0, "named": 0, "wrong": 0, "accused": 0, "said": set()},
        )
        said = {cause for cause, _ in causes}
        row["windows"] += 1
        row["said"] |= {error} if error else said
        if truth is None:
            row["accused"] += bool(said)
        else:
            row["named"] += truth["cause"] in said
            row["wrong"] += bool(said) and truth["cause"] not in said
    return [row | {"said": ", ".join(sorted(row["said"]))} for row in table.values()]


def main(names: list[str]) -> None:
    if not FOLDER.is_dir():
        print("The shared data folder is not beside this checkout: nothing to replay.")
        return
    began = time.process_time()
    found = rows(names or None)
    print("| account | change | can tell | windows | named | wrong | accused | said |")
    print("|---|---|---|---|---|---|---|---|")
    for row in found:
        words = [
            {True: "yes", False: "no"}.get(value, value) if key == "can_tell" else value for key, value in row.items()
        ]
        print("| " + " | ".join(map(str, words)) + " |")
    for title, told, keys in (
        ("left alone", "", ("accused",)),
        ("planted, columns there", True, ("named", "wrong")),
        ("planted, columns missing", False, ("named", "wrong")),
    ):
        part = [row for row in found if row["can_tell"] is told or row["can_tell"] == told == ""]
        shares = ", ".join(f"{key} {sum(row[key] for row in part)}" for key in keys)
        print(f"\n{title}: {sum(row['windows'] for row in part)} windows, {shares}")
    print(f"\n{time.process_time() - began:.0f} CPU s")


if __name__ == "__main__":
    main(sys.argv[1:])
