"""Accounts with a known truth, from three generators that share no code.

``own`` is roas.simulator: healthy accounts, 4 to 6 channels, counting noise,
demand that surprises, spend that chases it. ``pysimmmulator`` is the package
of that name (0.6.2, optional): 2 to 5 channels, 2 or 3 years, curves that are
convex and then linear, so that they never saturate.

``funnel`` draws accounts whose curves, claims and demand have forms that the
model does not have: see there.

Two faults of pysimmmulator 0.6.2 are stepped around: channels bought by click
get no clicks unless they also have a price per impression (all channels here
are bought by impression), and with campaigns longer than a day the baseline
is laid out by campaign number instead of by day (campaigns here last a day).
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class World:
    """Tables and truth. Ratios per channel; `marginal` over the last 8 weeks."""

    name: str
    spend: pd.DataFrame
    revenue: pd.DataFrame
    roas: dict[str, float]
    marginal: dict[str, float]
    baseline_share: float
    chase: float = 0.0  # power of demand that spend follows

    def traits(self) -> list[str]:
        """Return the groups that the world belongs to, for tables by kind."""
        weekly = self.spend.assign(date=self.spend["date"].dt.to_period("W"))
        wide = weekly.pivot_table(index="date", columns="channel", values="spend", aggfunc="sum", fill_value=0.0)
        till = self.revenue.groupby(self.revenue["date"].dt.to_period("W"))["revenue"].sum()
        jumps = float(np.log(till[till > 0]).diff().iloc[1:-1].std())
        apart = wide.corr().to_numpy()[np.triu_indices(wide.shape[1], 1)]
        return [
            f"channels: {'2 or 3' if wide.shape[1] < 4 else '4' if wide.shape[1] == 4 else '5 or 6'}",
            f"history: {'up to 104 weeks' if len(wide) <= 105 else 'longer'}",
            f"noise: sales move by {'less' if jumps < 0.08 else 'more'} than 8 % from week to week",
            f"collinearity: largest correlation of spend {'below' if apart.max() < 0.6 else 'above'} 0.6",
            f"spend follows demand: {'no' if self.chase == 0 else 'mildly' if self.chase < 1 else 'hard'}",
        ]


def own(seed: int, *, weeks: int = 104) -> World:
    from roas.simulator import simulate

    tables, truth = simulate(seed=seed, weeks=weeks)
    return World(
        f"own {seed}",
        tables["spend"],
        tables["revenue"],
        {each["channel"]: each["roas"] for each in truth["channels"]},
        {each["channel"]: each["marginal_roas"] for each in truth["channels"]},
        truth["totals"]["baseline_share"],
    )


NAMES = ("Facebook", "Long Tail", "TV", "Video", "Radio")


def pysimmmulator(seed: int) -> World:
    """Draw the settings of a world around those of the package's manual."""
    from pysimmmulator import Simulate

    logging.disable(logging.CRITICAL)
    config, names = _config(np.random.default_rng(1000 + seed))
    simulation = Simulate(random_seed=seed)
    kept: dict[str, pd.DataFrame] = {}
    finish = simulation.consolidate_dataframe

    def watched(mmm_df: pd.DataFrame, *rest: Any, **named: Any) -> pd.DataFrame:
        kept["inside"] = mmm_df.copy()
        kept["outside"] = finish(mmm_df, *rest, **named).copy()
        return kept["outside"]

    simulation.consolidate_dataframe = watched
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        simulation.run_with_config(config)
    out, inside = kept["outside"], kept["inside"]
    known = out["total_revenue"].notna().to_numpy() & out["baseline_revenue"].notna().to_numpy()
    out, inside = out[known], inside[known]
    value = config["basic_params"]["revenue_per_conv"]
    recent = slice(-56, None)
    roas, marginal = {}, {}
    for name in names:
        caused = out[f"{name}_conversions"].to_numpy() * value
        money = out[f"{name}_spend"].to_numpy()
        shape = config["adstock_params"]["saturation"][name]["params"]
        carried = inside[f"{name}_impressions_adstocked"].to_numpy()
        knee = np.quantile(np.linspace(carried.min(), carried.max(), 100), shape["gamma"])
        free = knee ** shape["alpha"] / (carried ** shape["alpha"] + knee ** shape["alpha"])
        roas[name] = float(caused.sum() / money.sum())
        steep = caused * (1 + shape["alpha"] * free)
        marginal[name] = float(steep[recent].sum() / money[recent].sum())
    spend = pd.concat(
        [pd.DataFrame({"date": out["date"], "channel": n, "spend": out[f"{n}_spend"]}) for n in names],
        ignore_index=True,
    )
    revenue = pd.DataFrame({"date": out["date"], "revenue": out["total_revenue"]}).reset_index(drop=True)
    share = float(out["baseline_revenue"].sum() / out["total_revenue"].sum())
    return World(f"pysimmmulator {seed}", spend, revenue, roas, marginal, share)


def _config(rng: np.random.Generator) -> tuple[dict[str, Any], list[str]]:
    count, years = int(rng.integers(2, 6)), int(rng.choice([2, 3]))
    names = list(NAMES[:count])
    shares = rng.dirichlet(np.full(count, 4.0))
    price = {n: float(rng.uniform(2, 20)) for n in names}
    budget = float(rng.uniform(5e3, 5e4))
    keep = {n: float(rng.uniform(0, 0.7)) for n in names}
    base, media = float(rng.uniform(8e3, 6e4)), float(rng.uniform(0.15, 0.5))
    parts = rng.dirichlet(np.full(count, 5.0))
    sales = base * media / (1 - media)
    rate = {}
    for name, share, part in zip(names, shares, parts, strict=True):
        views = budget * share / (price[name] / 1000) / (1 - keep[name]) * 0.6
        rate[name] = float(min(1.0, sales * part / views))
    return {
        "basic_params": {
            "years": years,
            "channels_impressions": names,
            "channels_clicks": [],
            "frequency_of_campaigns": 1,
            "start_date": "2021/1/4",
            "true_cvr": rate,
            "revenue_per_conv": float(rng.uniform(5, 60)),
        },
        "baseline_params": {
            "base_p": base,
            "trend_p": base * float(rng.uniform(0, 0.3)),
            "temp_var": 8,
            "temp_coef_mean": base * float(rng.uniform(0, 0.03)),
            "temp_coef_sd": base * 0.003,
            "error_std": base * float(rng.uniform(0.03, 0.2)),
        },
        "ad_spend_params": {
            "campaign_spend_mean": budget,
            "campaign_spend_std": budget * float(rng.uniform(0.4, 0.8)),
            "max_min_proportion_on_each_channel": {
                n: {"min": float(s * 0.3), "max": float(min(1.0, s * 1.7))}
                for n, s in list(zip(names, shares, strict=True))[:-1]
            },
        },
        "media_params": {
            "true_cpm": price,
            "true_cpc": {},
            "noisy_cpm_cpc": {n: {"loc": 0.0, "scale": 0.05 * price[n]} for n in names},
        },
        "cvr_params": {"noisy_cvr": {n: {"loc": 0.0, "scale": 0.0001} for n in names}},
        "adstock_params": {
            "adstock": {n: {"type": "geometric", "params": {"lambda": keep[n]}} for n in names},
            "saturation": {
                n: {
                    "type": "scurve",
                    "params": {"alpha": float(rng.uniform(1, 3)), "gamma": float(rng.uniform(0.1, 0.5))},
                }
                for n in names
            },
        },
        "output_params": {"aggregation_level": "daily"},
    }, names


def synthetic(periods: int, channels: int, grain: str, seed: int = 0) -> World:
    """Make a plain account of any size, for timing."""
    rng = np.random.default_rng(seed)
    step = "D" if grain == "day" else "W-MON"
    dates = pd.date_range("2022-01-03", periods=periods, freq=step)
    spend = np.exp(0.5 * rng.standard_normal((periods, channels))) * rng.uniform(200, 1000, channels)
    caused = 3 * spend.mean(axis=0) * spend / (1.4 * spend.mean(axis=0) + spend) * 1.5
    base = (
        2
        * caused.sum(axis=1).mean()
        * (1 + 0.1 * np.sin(np.arange(periods) * 2 * np.pi / (365 if step == "D" else 52)))
    )
    revenue = base + caused.sum(axis=1) + 0.06 * base.mean() * rng.standard_normal(periods)
    names = [f"channel {i:02d}" for i in range(channels)]
    long = pd.DataFrame(spend, columns=names).assign(date=dates).melt("date", var_name="channel", value_name="spend")
    return World("synthetic", long, pd.DataFrame({"date": dates, "revenue": revenue}), {}, {}, 0.0)


def funnel(seed: int) -> World:
    """Draw an account with funnel columns whose forms are none of the model's.

    74 to 130 weeks by day, 4 to 6 channels. Curves are exponential, power or
    Hill; platforms count by the day of the click or of the order, miss some
    sales and harvest others; some accounts chase demand or ramp up.
    """
    rng = np.random.default_rng(5000 + seed)
    days, count = 7 * int(rng.integers(74, 131)), int(rng.integers(4, 7))
    dates = pd.date_range("2023-01-02", periods=days)
    time = np.arange(days)
    demand = _demand(rng, dates)
    account = float(rng.uniform(1.0, 4.0))
    chase = rng.choice([0.0, 0.0, 0.7, 1.5])
    level = rng.uniform(300, 3000) * rng.dirichlet(np.full(count, 2.5)) * count
    ramp = np.exp(rng.choice([0.0, 0.0, 0.5, -0.4]) * (time / days - 0.5))
    names = list(("Search", "Meta", "Shopping", "TikTok", "Video", "Display")[:count])
    rows, roas, marginal, caused_all = [], {}, {}, np.zeros(days)
    value = float(rng.uniform(40, 120))
    for c, name in enumerate(names):
        weekly = np.repeat(_wander(rng, days // 7, rng.uniform(0.15, 0.45), 0.6), 7)
        spend = level[c] * ramp * np.exp(weekly + 0.08 * rng.standard_normal(days))
        if name in ("Search", "Shopping") or rng.random() < 0.3:
            spend *= demand**chase
        for start in rng.integers(0, days - 21, rng.integers(0, 3)):  # pauses and tests
            spend[start : start + 14] *= rng.choice([0.15, 0.4, 1.8])
        keep = float(rng.uniform(0.0, 0.92))
        kernel = keep ** np.arange(70)
        carried = np.convolve(np.concatenate([np.full(70, spend[:28].mean()), spend]), kernel / kernel.sum())
        carried = carried[70 : 70 + days]
        curve = _curve(rng, float(np.average(spend, weights=spend)))
        true_roas = account * float(np.exp(0.45 * rng.standard_normal()))
        scale = true_roas * spend.sum() / (curve(carried) * demand**0.5).sum()
        caused = scale * curve(carried) * demand**0.5
        steep = scale * (curve(carried * 1.001) - curve(carried * 0.999)) / 0.002 * demand**0.5
        roas[name], marginal[name] = true_roas, float(steep[-56:].sum() / spend[-56:].sum())
        seen = caused if rng.random() < 0.5 else scale * curve(spend) * demand**0.5
        rate, over = float(rng.uniform(0.5, 1.0)), float(rng.gamma(1.2, 0.8))
        harvest = over * caused.mean() * (spend / spend.mean()) ** rng.uniform(0.5, 1.0) * demand
        claims = (rate * seen + harvest) * np.exp(rng.choice([0, 0, 0.15]) * _wander(rng, days, 1.0, 0.995))
        conversions = rng.poisson(claims / value)
        clicks = rng.poisson(spend / rng.uniform(0.5, 2))
        rows.append(pd.DataFrame({
            "date": dates, "channel": name, "spend": spend.round(2), "clicks": clicks,
            "conversions": conversions, "conversion_value": conversions * value,
        }))  # fmt: skip
        caused_all += caused
    share = float(rng.uniform(0.45, 0.85))
    base = demand * np.exp(_wander(rng, days, 0.04, 0.99))
    base *= caused_all.sum() * share / (1 - share) / base.sum()
    revenue = value * rng.poisson((base + caused_all) / value) * np.exp(0.03 * rng.standard_normal(days))
    table = pd.concat(rows, ignore_index=True)
    table = table[table["spend"] > 0].reset_index(drop=True)
    return World(
        f"funnel {seed}", table, pd.DataFrame({"date": dates, "revenue": revenue}), roas, marginal, share, float(chase)
    )


def _demand(rng: np.random.Generator, dates: pd.DatetimeIndex) -> np.ndarray:
    turn = 2 * np.pi * dates.day_of_year.to_numpy() / 365.25
    season = rng.uniform(0.03, 0.2) * np.cos(turn - rng.uniform(0, 6)) + 0.05 * np.cos(2 * turn - rng.uniform(0, 6))
    weekday = rng.normal(0, 0.08, 7)[dates.day_of_week]
    years = np.arange(len(dates)) / 365.25
    surprise = np.repeat(_wander(rng, len(dates) // 7 + 1, rng.uniform(0.03, 0.08), 0.5), 7)[: len(dates)]
    return np.asarray(np.exp(season + weekday + rng.uniform(-0.1, 0.15) * years + surprise))


def _wander(rng: np.random.Generator, steps: int, sd: float, keep: float) -> np.ndarray:
    out, state = np.empty(steps), sd * rng.standard_normal()
    for i in range(steps):
        state = keep * state + sd * np.sqrt(1 - keep**2) * rng.standard_normal()
        out[i] = state
    return out


def _curve(rng: np.random.Generator, typical: float) -> Any:
    kind = rng.integers(3)
    if kind == 0:
        knee = typical * rng.uniform(0.4, 2.5)
        return lambda x: 1 - np.exp(-x / knee)
    if kind == 1:
        power = rng.uniform(0.35, 0.9)
        return lambda x: (x / typical) ** power
    knee, slope = typical * rng.uniform(0.4, 2.0), rng.uniform(0.9, 1.8)
    return lambda x: x**slope / (knee**slope + x**slope)
