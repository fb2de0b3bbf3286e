"""Whether two reports rest on the same data, and were worked out the same way."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from roas import __version__

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.account import Account


def of_data(account: Account) -> str:
    """Return a digest of every table; equal for equal values, whatever files they came in.

    Money is compared to a hundredth of a cent: how a file's rows were grouped
    must not look like a correction.
    """
    tables = account.tables
    digest = hashlib.sha256()
    named = {"spend": tables.spend, "revenue": tables.revenue, "regions": tables.regions, "tests": account.tests}
    for name, frame in named.items():
        digest.update(name.encode())
        if frame is not None:
            digest.update(_of_frame(frame))
    return digest.hexdigest()


def _of_frame(frame: pd.DataFrame) -> bytes:
    from pandas.util import hash_pandas_object

    columns = sorted(str(column) for column in frame.columns if not str(column).startswith("_"))
    numbers = frame[columns].select_dtypes("number").round(4)
    texts = frame[columns].select_dtypes(exclude=["number", "datetime"]).astype("string")
    rounded = frame[columns].assign(**{str(name): part[name] for part in (numbers, texts) for name in part})
    return "\x1f".join(columns).encode() + hash_pandas_object(rounded, index=False).to_numpy().tobytes()


def of_settings(account: Account) -> str:
    """Return a digest of everything but the data that figures depend on: version, margin, labels."""
    said = {"version": __version__, "margin": account.margin, "tags": asdict(account.tags)}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
