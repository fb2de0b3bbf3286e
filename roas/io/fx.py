"""Amounts of several currencies → one, with the person's own rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.errors import InputError
from roas.io.dates import read_dates
from roas.io.headers import words
from roas.io.numbers import decide_mark, to_number
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.sources import sources_of

if TYPE_CHECKING:
    import pandas as pd

MONEY_COLUMNS = ("spend", "conversion_value", "revenue")


def read_rates(path: str, *, date_format: str | None = None) -> pd.DataFrame:
    """Read rates: columns ``date``, ``currency``, ``rate``.

    ``rate`` is what one unit of ``currency`` is worth in the currency of the
    analysis on that date.

    Raises
    ------
    InputError
        A missing column, or a rate that is no positive number.
    """
    import pandas as pd

    raw = next(iter(read_source(sources_of(path)[0], vocabulary() | {"rate"})))
    keys = [words(h) for h in raw.header]
    missing = [c for c in ("date", "currency", "rate") if c not in keys]
    if missing:
        raise InputError(f"{raw.name}: no {missing[0]} column. Rates need the columns date, currency, rate.")
    cells = raw.cells[[keys.index(c) for c in ("date", "currency", "rate")]]
    cells.columns = ["date", "currency", "rate"]
    reading = read_dates(cells["date"].unique(), pattern=date_format)
    if reading.undecided or reading.conflict or reading.unread:
        raise InputError(
            f'{raw.name}, column "date": {reading.undecided or reading.unread or reading.conflict} cannot be read. '
            "Write YYYY-MM-DD."
        )
    mark = decide_mark([c for c in cells["rate"] if isinstance(c, str)]).mark or "."
    try:
        rates = [to_number(c, mark) for c in cells["rate"]]
    except ValueError as error:
        raise InputError(f'{raw.name}, column "rate": {error} is not a number.') from None
    if any(r is None or r <= 0 for r in rates):
        raise InputError(f'{raw.name}, column "rate": every rate must be above zero.')
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(cells["date"].map(reading.days)),
            "currency": cells["currency"].str.upper(),
            "rate": rates,
        }
    )
    return frame.sort_values(["date", "currency"], ignore_index=True)


def convert(frame: pd.DataFrame, rates: pd.DataFrame, target: str, *, name: str) -> pd.DataFrame:
    """Express a table's money in `target`, each date at its last known rate.

    Raises
    ------
    InputError
        When a currency has no rate on or before one of its dates.
    """
    import pandas as pd

    foreign = frame["currency"].notna() & (frame["currency"] != target)
    if not foreign.any():
        return frame
    part = frame[foreign].reset_index().sort_values("date", kind="stable")
    part["currency"], rates = part["currency"].astype(str), rates.astype({"currency": str})
    part["date"], rates["date"] = part["date"].astype("datetime64[s]"), rates["date"].astype("datetime64[s]")
    joined = pd.merge_asof(part, rates.sort_values("date", kind="stable"), on="date", by="currency")
    lacking = joined[joined["rate"].isna()]
    if len(lacking):
        row = lacking.iloc[0]
        raise InputError(
            f"{name}: no rate for {row['currency']} on or before {row['date'].date()}. Add it to the --fx file."
        )
    rate = joined.set_index("index")["rate"]
    out = frame.copy()
    for column in MONEY_COLUMNS:
        if column in out.columns:
            out.loc[rate.index, column] = (out.loc[rate.index, column] * rate).round(6)
    out.loc[foreign, "currency"] = target
    return out
