"""The text table of the results."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from roas.format import percent, ratio, shorten, visible

if TYPE_CHECKING:
    from roas.quantiles import Q
    from roas.response.results import ResponseResults

WIDTH = 98


def summarise(results: ResponseResults) -> str:
    """Write the results as text, statsmodels style."""
    data, sample = results.data, results.sample
    unit = "days" if data.grain == "day" else "weeks"
    lines = ["Response model: what spend causes".center(WIDTH).rstrip(), "=" * WIDTH]
    lines.append(f"Window      {data.dates[0]} to {data.dates[-1]}, {data.periods} {unit}")
    if sample is None:
        lines.append("Fitted      nothing")
    else:
        state = "yes" if sample.converged else "NO: read nothing into these figures"
        lines.append(f"Converged   {state} (R-hat {sample.rhat.max():.4f}, ESS {sample.ess.min():.0f})")
        lines.append(f"Baseline    {_interval(results.baseline_share, percent)} of revenue")
        lines += _table(results)
    if results.excluded:
        lines.append("Not in the model:")
        lines += [f"  {visible(name)}: {visible(reason)}" for name, reason in sorted(results.excluded.items())]
    lines += [f"Note: {visible(note)}" for note in results.notes]
    return "\n".join(lines)


def _table(results: ResponseResults) -> list[str]:
    head = f"{'':18s}{'incremental ROAS':>24s}{'marginal ROAS':>24s}{'half-life':>10s}  {'state':10s} known"
    lines = ["-" * WIDTH, head, "-" * WIDTH]
    lines += [
        f"{shorten(visible(each.channel), 17):18s}{_interval(each.roas, ratio):>24s}"
        f"{_interval(each.marginal_roas, ratio):>24s}{each.half_life_days.p50:>8.1f} d"
        f"  {each.state:10s} {each.verdict.identified}"
        for each in results.channels
    ]
    lines.append("-" * WIDTH)
    for each in results.channels:
        lines += [f"{visible(each.channel)}: {visible(reason)}." for reason in each.verdict.reasons]
    lines.append("Estimated from revenue and spend; median [5 %, 95 %]. Break-even ROAS "
                 f"{ratio(results.break_even_roas)}.")  # fmt: skip
    return lines


def _interval(q: Q | None, written: Callable[[float | None], str]) -> str:
    if q is None:
        return "–"
    return f"{written(q.p50)} [{written(q.p5)}, {written(q.p95)}]"
