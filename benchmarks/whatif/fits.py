"""One fit per account, kept in a folder: what plans and rules need afterwards."""

from __future__ import annotations

import pickle
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from accounts import Account, Truth

from roas.limits import WEEKLY_MODEL_WEEKS
from roas.plan.today import Today, today_of
from roas.response import ResponseModel
from roas.response.controls import choose_controls


@dataclass(frozen=True)
class Data:
    """What a plan reads of a model's data."""

    channels: tuple[str, ...]
    grain: str


@dataclass(frozen=True)
class Fit:
    """An account after its fit; stands in for ``ResponseResults``.

    Attributes
    ----------
    name : str
    curves : Curves or None
        None where nothing could be fitted.
    today : Today
    converged : bool
        As `roas whatif`, a plan rests on nothing else.
    claims : DataFrame
        Spend and claimed revenue by whole week and channel.
    truth : Truth
    traits : dict
    seconds : float
        CPU time of the fit.
    why : str
        Why nothing could be fitted.
    """

    name: str
    curves: Any
    data: Data
    today: Today
    converged: bool
    claims: pd.DataFrame
    truth: Truth
    traits: dict[str, Any]
    seconds: float
    why: str = ""


def fitted(name: str, make: Callable[[], Account], folder: Path) -> Fit:
    """Return a fit, from the folder where it is there."""
    file = folder / f"{name}.pickle"
    if file.exists():
        found: Fit = pickle.loads(file.read_bytes())
        return found
    account = make()
    assert account.name == name, (account.name, name)
    found = fit(account)
    folder.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_bytes(pickle.dumps(found))
    part.replace(file)
    return found


def fit(account: Account) -> Fit:
    """Fit as `roas analyze` does: its choice of grain and of controls."""
    from roas.errors import InputError, UsageError

    spend, revenue = account.spend, account.revenue
    weeks = ((revenue["date"].max() - revenue["date"].min()).days + 1) / 7
    claimed = "conversion_value" in spend and bool(spend["conversion_value"].notna().any())
    grain = "week" if claimed and weeks >= WEEKLY_MODEL_WEEKS else "day"
    started = time.process_time()
    why, results = "", None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            controls = choose_controls(revenue).names
            results = ResponseModel(spend, revenue, controls=controls, margin=1.0, grain=grain).fit(seed=0)
            results.settle()
        except (InputError, UsageError, np.linalg.LinAlgError) as error:
            why, results = str(error), None
    known = results is not None and results.fitting is not None and bool(results.channels)
    return Fit(
        name=account.name,
        curves=results.curves if known else None,
        data=Data(results.data.channels, results.data.grain) if known else Data((), grain),
        today=today_of(results, spend),
        converged=known and bool(results.converged),
        claims=weekly(spend),
        truth=account.truth,
        traits=account.traits | {"weeks": round(weeks)},
        seconds=time.process_time() - started,
        why=why,
    )


def weekly(spend: pd.DataFrame) -> pd.DataFrame:
    """Add spend and claimed revenue up by whole week (Monday to Sunday) and channel."""
    rows = spend.assign(week=spend["date"] - pd.to_timedelta(spend["date"].dt.dayofweek, unit="D"))
    if "conversion_value" not in rows:
        rows = rows.assign(conversion_value=np.nan)
    days = rows.groupby("week")["date"].transform("nunique")
    sums = rows[days == 7].groupby(["week", "channel"])[["spend", "conversion_value"]].sum(min_count=1)
    return sums.rename(columns={"conversion_value": "claimed"}).reset_index()
