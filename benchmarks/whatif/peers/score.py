"""Score what peers planned, beside roas and the rules on the same accounts.

    python score.py FOLDER --keep FITS [--write]

FOLDER holds ``*.jsonl``: one line per peer and account, with planned money per week, CPU seconds, and (where the peer
says so) the change of revenue per week that it predicts.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))

import accounts
import other
import run
from fits import Fit, fitted
from rules import RULES
from scoring import Score, best_gain, captured, limits_for, mean_share, scored, worse

WEEKS = 8

HEADER = (
    "", "accounts", "captured", "mean of shares", "kept as it is", "made worse", "predicted / true", "CPU s"
)  # fmt: skip


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = [json.loads(t) for f in sorted(asked.folder.glob("*.jsonl")) for t in f.read_text().splitlines() if t]
    names = sorted({line["account"] for line in lines})
    fits = {name: _fit(name, asked.keep) for name in names}
    best = {n: best_gain(f.truth, f.today, limits_for(f.today, run.MAX_CHANGE), WEEKS)[0] for n, f in fits.items()}
    ours = [scored(f, run.planned(f, run.MAX_CHANGE, WEEKS), best[n], WEEKS) for n, f in fits.items()]
    rows = [_row("roas", ours, [s.mean for s in ours], [f.seconds for f in fits.values()])]
    for peer in sorted({line["peer"] for line in lines}):
        mine = [line for line in lines if line["peer"] == peer]
        found = [scored(fits[m["account"]], m["planned"], best[m["account"]], WEEKS) for m in mine]
        said = [m["predicted"] if m.get("predicted") is not None else np.nan for m in mine]
        rows.append(_row(f"{peer} {mine[0]['version']}", found, said, [m["cpu"] for m in mine]))
    for name in ("equal marginal claimed revenue", "best claimed ROAS to its limit"):
        ruled = [
            scored(f, RULES[name](f, limits_for(f.today, run.MAX_CHANGE)), best[n], WEEKS) for n, f in fits.items()
        ]
        rows.append(_row(name, ruled, [], []))
    if asked.write:
        run.measure.write_table("peers", HEADER, rows)
    else:
        for row in (HEADER, *rows):
            print("| " + " | ".join(row) + " |")


def _fit(name: str, folder: Path) -> Fit:
    kind, seed = name.split("-")
    make = accounts.own if kind == "own" else getattr(other, kind)
    return fitted(name, partial(make, int(seed)), folder)


def _row(name: str, scores: list[Score], said: list[float], seconds: list[float]) -> list[str]:
    moved = [(m, s.gain) for m, s in zip(said, scores, strict=False) if np.isfinite(m) and not s.held]
    ratio = sum(m for m, _ in moved) / sum(g for _, g in moved) if moved else float("nan")
    return [
        name, str(len(scores)), f"{captured(scores)[0]:.2f}", f"{mean_share(scores):.2f}",
        f"{sum(s.held for s in scores)}", f"{worse(scores)}", f"{ratio:.1f}" if moved else "–",
        f"{np.mean(seconds):.0f}" if seconds else "–",
    ]  # fmt: skip


if __name__ == "__main__":
    main()
