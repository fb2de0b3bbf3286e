"""Attribution as tables, for people and for CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from roas.attribution.attribution import Attribution
    from roas.attribution.path_list import PathRow
    from roas.attribution.results import Credit
    from roas.attribution.suppress import Floats

#: Between the channels of a path that is written as one cell.
ARROW: Final = " > "


def credit_frame(result: Attribution) -> pd.DataFrame:
    """One row per model and channel: credit with its 90 % interval."""
    import pandas as pd

    frames = [_model(result, credit) for credit in result.credits.values()]
    columns = ["model", "channel", "conversions", "value", "share", *_POINTS]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


_POINTS: Final = ("conversions_p5", "conversions_p95", "value_p5", "value_p95")


def _model(result: Attribution, credit: Credit) -> pd.DataFrame:
    import pandas as pd

    total = result.conversions
    frame = pd.DataFrame(
        {
            "model": credit.model,
            "channel": list(result.channels),
            "conversions": credit.conversions,
            "value": credit.value,
            "share": credit.conversions / total if total else 0.0,
        }
    )
    points = (_ends(credit.conversions_interval, len(frame)), _ends(credit.value_interval, len(frame)))
    for name, column in zip(_POINTS, np.concatenate(points, axis=1).T, strict=True):
        frame[name] = column
    return frame.iloc[result.ranked(credit.conversions)]


def _ends(interval: Floats | None, rows: int) -> Floats:
    return np.full((rows, 2), np.nan) if interval is None else interval


def path_frame(result: Attribution) -> pd.DataFrame:
    """One row per path that may be listed; the last row holds all others together, blank where these are too few."""
    import pandas as pd

    rows = [_path(row) for row in result.paths.rows]
    if result.paths.other.paths:
        rows.append(_path(result.paths.other))
    return pd.DataFrame(rows, columns=["path", "paths", "touches", "journeys", "conversions", "value", "nulls"])


def _path(row: PathRow) -> dict[str, Any]:
    return {
        "path": "(other)" if row.path is None else ARROW.join(row.path),
        "paths": row.paths,
        "touches": None if row.path is None else len(row.path),
        "journeys": row.journeys,
        "conversions": row.conversions,
        "value": row.value,
        "nulls": row.nulls,
    }


def transition_frame(result: Attribution) -> pd.DataFrame:
    """One row per step from one state to the next."""
    import pandas as pd

    rows = [(s.source, s.target, s.count, s.probability) for s in result.transitions]
    return pd.DataFrame(rows, columns=["from", "to", "count", "probability"])


def length_frame(result: Attribution) -> pd.DataFrame:
    """One row per number of touches, and per number of days to the conversion."""
    import pandas as pd

    spans = [("touches", s) for s in result.path_lengths] + [("days", s) for s in result.days_to_convert or []]
    rows = [
        (unit, s.first, s.last, None if unit == "days" else s.journeys,
         s.journeys if s.conversions is None else s.conversions, s.value)
        for unit, s in spans
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "first", "last", "journeys", "conversions", "value"])


def removal_frame(result: Attribution) -> pd.DataFrame:
    """One row per channel: the share of conversions lost without it."""
    import pandas as pd

    assert result.removal is not None
    ends = _ends(result.removal.interval, len(result.channels))
    frame = pd.DataFrame(
        {"channel": list(result.channels), "effect": result.removal.effect, "p5": ends[:, 0], "p95": ends[:, 1]}
    )
    return frame.iloc[result.ranked(result.removal.effect)].reset_index(drop=True)


def week_frame(result: Attribution) -> pd.DataFrame:
    """One row per week, model and channel; ``complete`` where the data cover all of the week."""
    import pandas as pd

    rows = [(r.week, r.model, r.channel, r.conversions, r.value, r.complete) for r in result.weekly]
    frame = pd.DataFrame(rows, columns=["week", "model", "channel", "conversions", "value", "complete"])
    return frame.astype({"week": "datetime64[s]"})


def place_frame(result: Attribution) -> pd.DataFrame:
    """One row per channel and place in the journey; ``later`` for the last one, which holds all after it."""
    import pandas as pd

    rows = [(r.channel, r.place, r.later, r.conversions) for r in result.positions]
    return pd.DataFrame(rows, columns=["channel", "place", "later", "conversions"])
