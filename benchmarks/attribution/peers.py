"""One model of another package on one file, inside that package's own environment: JSON on standard output.

    PYTHON peers.py JOB FILE       # FILE: a path table (CSV), or touchpoints (Parquet) for jobs named so

Needs neither `roas` nor anything of this repository.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

Credits = dict[str, dict[str, float]]
warnings.simplefilter("ignore")


def table(file: str) -> Any:
    """Read a path table: path, total_conversions, total_conversion_value, total_null."""
    import pandas as pd

    return pd.read_csv(file)


# channelattribution

PLACES = {"path": "var_path", "total_conversions": "var_conv", "total_conversion_value": "var_value"}


def channelattribution_rules(file: str) -> Credits:
    import ChannelAttribution  # type: ignore[import-not-found]

    found = ChannelAttribution.heuristic_models(table(file), *PLACES, flg_pro=False).set_index("channel_name")
    names = {"first": "first_touch", "last": "last_touch", "linear": "linear_touch"}
    return {ours: dict(found[f"{theirs}_conversions"]) for ours, theirs in names.items()} | {
        f"{ours} value": dict(found[f"{theirs}_value"]) for ours, theirs in names.items()
    }


def channelattribution_markov(file: str, order: int = 1, seed: int = 1, conv_par: float = 0.05) -> Credits:
    import ChannelAttribution

    settings = {"order": order, "seed": seed, "conv_par": conv_par, "verbose": False, "flg_pro": False}
    found = ChannelAttribution.markov_model(table(file), *PLACES, var_null="total_null", **settings)
    found = (found["result"] if isinstance(found, dict) else found).set_index("channel_name")
    return {"markov": dict(found["total_conversions"])}


# do-attribution


def do_markov(file: str, order: int = 1, removal: str = "redirect_to_null") -> Credits:
    import numpy as np
    from do_attribution import MarkovAttribution  # type: ignore[import-not-found]

    frame = table(file)
    paths = np.concatenate([frame["path"], frame["path"]])
    ended = np.repeat([1, 0], len(frame))
    weights = np.concatenate([frame["total_conversions"], frame["total_null"]]).astype(float)
    model = MarkovAttribution(order=order, removal_strategy=removal)
    shares = model.fit(paths[weights > 0], ended[weights > 0], weights[weights > 0])["attribution"]
    return {"markov": {name: share * float(frame["total_conversions"].sum()) for name, share in shares.items()}}


# mta


def mta(file: str, model: str, *, loops: bool = False) -> Credits:
    import mta as peer  # type: ignore[import-not-found]

    frame = table(file)
    found = peer.MTA(frame, allow_loops=loops, add_timepoints=False)
    steps = {
        "rules": (found.first_touch, found.last_touch, partial(found.linear, "proportional"), found.position_based),
        "markov": (found.markov,),
        "shapley": (found.shapley,),
        "linear": (found.linear,),
    }
    for step in steps[model]:
        step(normalize=False)  # normalised shares are rounded to six decimals
    ours = {"first_touch": "first", "last_touch": "last", "pos_based": "position"}
    total = float(frame["total_conversions"].sum())
    return {
        ours.get(name, name): {channel: float(x) / sum(credit.values()) * total for channel, x in credit.items()}
        for name, credit in found.attribution.items()
    }


# marketing-attribution-models


def mam_paths(file: str) -> Any:
    import pandas as pd
    from mam import MAM  # type: ignore[import-not-found]

    frame = table(file)
    rows = [
        frame[["path"]].assign(n=frame[column], ended=ended)
        for column, ended in (("total_conversions", True), ("total_null", False))
    ]
    grouped = pd.concat(rows)
    return MAM(
        grouped[grouped["n"] > 0].reset_index(drop=True),
        format_type="grouped_journey",
        channels_colname="path",
        journey_with_conv_colname="ended",
        occurrences_colname="n",
    )


def mam_touchpoints(file: str) -> Any:
    import polars as pl  # type: ignore[import-not-found]
    from mam import MAM

    return MAM(
        pl.read_parquet(file, columns=["user_id", "time", "channel", "conversion"]).with_columns(
            pl.col("conversion").cast(bool)
        ),
        format_type="session",
        channels_colname="channel",
        journey_with_conv_colname="conversion",
        datetime_colname="time",
        user_id_colname="user_id",
        create_journey_id_based_on_conversion=True,
    )


def mam(make: Callable[[str], Any], file: str, *models: str) -> Credits:
    found, out = make(file), {}
    for ours, theirs in (each.split("=") for each in models):
        rows = getattr(found, f"run_{theirs}")().to_dict()
        rows = (
            rows
            if isinstance(rows, list)
            else [dict(zip(rows, each, strict=True)) for each in zip(*rows.values(), strict=True)]
        )
        out[ours] = {str(next(iter(row.values()))): float(row["attribution"]) for row in rows}
    return out


RULES = ("first=first_click", "last=last_click", "linear=linear", "position=position_based")

# shapley-attribution


def shapley_attribution(file: str, model: str = "shapley") -> Credits:
    import shapley_attribution as peer  # type: ignore[import-not-found]

    frame = table(file)
    frame = frame[frame["total_conversions"] > 0]
    journeys = [path.split(" > ") for path in frame["path"]]
    each = [path for path, n in zip(journeys, frame["total_conversions"], strict=True) for _ in range(int(n))]
    rules = {
        "first": peer.FirstTouchAttribution,
        "last": peer.LastTouchAttribution,
        "linear": peer.LinearAttribution,
        "position": peer.PositionBasedAttribution,
    }
    chosen = rules if model == "rules" else {"shapley": peer.SimplifiedShapleyAttribution}
    return {name: {c: float(x) for c, x in kind().fit(each).get_attribution().items()} for name, kind in chosen.items()}


JOBS: dict[str, tuple[str, Callable[..., Credits]]] = {
    "channelattribution rules": ("channelattribution", channelattribution_rules),
    **{
        f"channelattribution markov_{k} seed {s}": (
            "channelattribution",
            lambda f, k=k, s=s: channelattribution_markov(f, k, s),
        )
        for k in (1, 2, 3)
        for s in (1, 2)
    },
    "channelattribution markov_1 conv_par 0.01": (
        "channelattribution",
        lambda f: channelattribution_markov(f, conv_par=0.01),
    ),
    **{f"do-attribution markov_{k}": ("do-attribution", lambda f, k=k: do_markov(f, k)) for k in (1, 2, 3)},
    "do-attribution fail": ("do-attribution", lambda f: do_markov(f, removal="fail")),
    "do-attribution fail_refit": ("do-attribution", lambda f: do_markov(f, removal="fail_refit")),
    "mta rules": ("mta", lambda f: mta(f, "rules", loops=True)),
    "mta linear": ("mta", lambda f: mta(f, "linear")),
    "mta markov": ("mta", lambda f: mta(f, "markov")),
    "mta markov with loops": ("mta", lambda f: mta(f, "markov", loops=True)),
    "mta shapley": ("mta", lambda f: mta(f, "shapley")),
    "MAM rules": ("marketing-attribution-models", lambda f: mam(mam_paths, f, *RULES)),
    "MAM markov": ("marketing-attribution-models", lambda f: mam(mam_paths, f, "markov=markov")),
    "MAM shapley": ("marketing-attribution-models", lambda f: mam(mam_paths, f, "shapley=shapley")),
    "MAM touchpoints, rules": (
        "marketing-attribution-models",
        lambda f: mam(mam_touchpoints, f, *RULES, "time_decay=time_decay"),
    ),
    "MAM touchpoints, markov": ("marketing-attribution-models", lambda f: mam(mam_touchpoints, f, "markov=markov")),
    "shapley-attribution rules": ("shapley-attribution", lambda f: shapley_attribution(f, "rules")),
    "shapley-attribution shapley": ("shapley-attribution", shapley_attribution),
}


@contextlib.contextmanager
def only_our_words() -> Iterator[Any]:
    """Send what packages print to standard error; yield the real standard output."""
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as real:
        os.dup2(2, 1)
        yield real


def main(job: str, file: str) -> None:
    package, model = JOBS[job]
    with only_our_words() as out:
        began = time.perf_counter()
        credits = model(file)
        seconds = time.perf_counter() - began
        plain = {name: {str(c): float(x) for c, x in shares.items()} for name, shares in credits.items()}
        json.dump({"package": package, "version": version(package), "seconds": seconds, "credits": plain}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
