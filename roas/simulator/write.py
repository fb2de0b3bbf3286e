"""Write a simulated account to a directory, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from roas.errors import OutputError, UsageError

if TYPE_CHECKING:
    import pandas as pd

Layout = Literal["long", "wide"]

TRUTH_FILE = "truth.json"
# What an earlier simulation may have left; anything else in the directory is
# the user's and stays.
OUR_FILES = frozenset({"spend.csv", "revenue.csv", "account.csv", "journeys.csv", TRUTH_FILE})


def write_account(
    directory: str | os.PathLike[str],
    tables: Mapping[str, pd.DataFrame],
    truth: Mapping[str, Any],
    *,
    layout: Layout = "long",
) -> list[Path]:
    """Write the tables as CSV and the truth as JSON.

    Parameters
    ----------
    directory : path
        Created, or replaced if it holds an earlier simulation; other
        files in it are kept.
    tables, truth
        As returned by `simulate`; one CSV file per table.
    layout : {"long", "wide"}
        ``long``: spend.csv and revenue.csv. ``wide``: account.csv with
        one spend column per channel, revenue and promo. Journeys are a
        file of their own in both.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UsageError
        If the directory holds something else than a simulation.
    OutputError
        If the place cannot be written. Nothing is left half-written.
    """
    if layout not in ("long", "wide"):
        raise UsageError(f'layout "{layout}" is not known. Use "long" or "wide".')
    if layout == "wide" and not {"revenue", "promo"} <= set(tables.get("revenue", ())):
        raise UsageError('layout "wide" needs the columns revenue and promo. Use layout "long".')
    target = Path(directory).resolve()
    frames = dict(tables) if layout == "long" else _in_one(tables)
    files = {f"{name}.csv": _csv(frame) for name, frame in frames.items()}
    files[TRUTH_FILE] = _json(truth)
    try:
        _refuse_foreign(target, named=directory)
        _replace(target, files)
    except OSError as error:
        raise OutputError(f"{directory}: cannot write here ({error.strerror}). Choose another directory.") from error
    return [Path(directory) / name for name in sorted(files)]


def _refuse_foreign(target: Path, *, named: str | os.PathLike[str]) -> None:
    """Refuse to touch what is not an earlier simulation."""
    if target.exists() and not target.is_dir():
        raise UsageError(f"{named} is a file. Name a directory.")
    if target.is_dir() and any(target.iterdir()) and not (target / TRUTH_FILE).is_file():
        raise UsageError(
            f"{named} is not empty and holds no {TRUTH_FILE}, so it is not an earlier simulation."
            " Name a new or empty directory."
        )


def _in_one(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Put spend and revenue into one table."""
    others = {name: table for name, table in tables.items() if name not in ("spend", "revenue")}
    return {"account": _wide(tables)} | others


def _wide(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per period: spend per channel, revenue, promo."""
    spend, revenue = tables["spend"], tables["revenue"]
    wide = spend.pivot_table(index="date", columns="channel", values="spend", aggfunc="sum", sort=False)
    # A channel without a row in a period spent nothing then.
    wide = wide.reindex(revenue["date"]).fillna(0.0).round(2)
    wide.columns = [f"{channel.lower()}_spend" for channel in wide.columns]
    return wide.reset_index().assign(revenue=revenue["revenue"], promo=revenue["promo"])


def _csv(frame: pd.DataFrame) -> bytes:
    written = "%Y-%m-%dT%H:%M:%S" if "time" in frame else "%Y-%m-%d"
    text = frame.to_csv(index=False, float_format="%.2f", date_format=written, lineterminator="\n")
    return text.encode("utf-8")


def _json(truth: Mapping[str, Any]) -> bytes:
    text = json.dumps(truth, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def _replace(target: Path, files: Mapping[str, bytes]) -> None:
    """Build the directory beside its place, then swap it in by renaming."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        _keep_others(target, fresh)
        _swap(fresh, target, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _keep_others(target: Path, fresh: Path) -> None:
    """Copy what the user keeps beside the simulation."""
    for item in target.iterdir() if target.is_dir() else ():
        if item.name in OUR_FILES:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, fresh / item.name, symlinks=True)
        else:
            shutil.copy2(item, fresh / item.name, follow_symlinks=False)


def _swap(fresh: Path, target: Path, old: Path) -> None:
    """Put `fresh` in the place of `target`; on failure put `target` back."""
    if not target.exists():
        fresh.rename(target)
        return
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise
    # The account is in place; remains of the old one are not worth an error.
    shutil.rmtree(old, ignore_errors=True)
