"""What a person asks of a what-if, and how amounts and shares are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, Literal

from roas.errors import UsageError
from roas.format import visible
from roas.io.numbers import decide_mark, mark_is_open, to_number

Objective = Literal["revenue", "profit", "target_roas", "cautious"]

#: What ``--for`` may say.
OBJECTIVES: Final = ("revenue", "profit", "cautious")

#: Largest amount of money per week, in currency: doubles hold its cents exactly.
LARGEST: Final = 1e12

#: Weeks of a plan unless another number is given: a month of budget (contract).
WEEKS: Final = 4

#: Longest plan: a year. Beyond it season and prices say more than curves do.
MOST_WEEKS: Final = 52

#: How far a channel may move unless another share is given (contract).
MAX_CHANGE: Final = 0.30


@dataclass(frozen=True)
class Asked:
    """One question: a shift, a budget, the best split, or amounts by channel. Money is per week.

    Attributes
    ----------
    name : str
        Of the scenario; empty for a single question.
    shift : tuple of str
        ``"Meta=-20%"``, ``"Meta=+500"``, ``"Meta>Search=500"``.
    spend : mapping of channel to amount, or None
        Channels that are not named stay as they are.
    budget : float or None
    optimize : bool
        Look for the best split inside the limits.
    objective : {"revenue", "profit", "target_roas", "cautious"}
    target_marginal_roas, target_revenue : float or None
        Spend until the next unit of money brings this; reach this much
        revenue caused by ads per week.
    max_change : float
        Share of today's spend that a channel may move by.
    minimum, maximum : mapping of channel or label to amount
    fix : tuple of str
        Channels or labels that keep what they have.
    weeks : int
    """

    name: str = ""
    shift: tuple[str, ...] = ()
    spend: Mapping[str, float] | None = None
    budget: float | None = None
    optimize: bool = False
    objective: Objective = "revenue"
    target_marginal_roas: float | None = None
    target_revenue: float | None = None
    max_change: float = MAX_CHANGE
    minimum: Mapping[str, float] = field(default_factory=dict)
    maximum: Mapping[str, float] = field(default_factory=dict)
    fix: tuple[str, ...] = ()
    weeks: int = WEEKS

    @property
    def optimizes(self) -> bool:
        """Whether the best split is looked for, not one that was named."""
        return self.optimize or self.target_revenue is not None or self.target_marginal_roas is not None

    @property
    def nothing(self) -> bool:
        """Whether nothing is asked at all."""
        return not (self.shift or self.optimizes or self.spend is not None or self.budget is not None)


def amount(text: Any, *, option: str) -> float:
    """Read money per week, to the cent.

    Examples
    --------
    >>> amount("4321.09", option="--budget"), amount("€1 200", option="--budget"), amount(500, option="--budget")
    (4321.09, 1200.0, 500.0)
    >>> amount("1.200", option="--budget")
    Traceback (most recent call last):
    roas.errors.UsageError: --budget "1.200" could be thousands or decimals. Write it without a separator, for example 1500, or with two decimals.
    """
    said = str(text).strip()
    if mark_is_open(said):
        raise UsageError(
            f'{option} "{visible(said)}" could be thousands or decimals. '
            "Write it without a separator, for example 1500, or with two decimals."
        )
    try:
        value = to_number(said, decide_mark([said]).mark or ".")
    except ValueError:
        value = None
    if value is None or "%" in said or not 0 <= value <= LARGEST:
        raise UsageError(
            f'{option} "{visible(said)}" is no amount of money. Give money per week, for example 4500 or 4321.09.'
        )
    return round(float(value), 2)


def share(text: Any, *, option: str) -> float:
    """Read a share: with a percent sign, or from 0 to 1.

    Examples
    --------
    >>> share("30%", option="--max-change"), share("0.3", option="--max-change"), share("150 %", option="--max-change")
    (0.3, 0.3, 1.5)
    """
    said = str(text).strip()
    number = said.removesuffix("%").strip().replace(",", ".")
    percent = said.endswith("%")
    try:
        value = float(number) / (100 if percent else 1)
    except ValueError:
        value = float("nan")
    if isinstance(text, str) and not percent and 1 < value < float("inf"):
        raise UsageError(f'{option} "{visible(said)}": write "{number}%" or "{100 * value:g}%", whichever is meant.')
    if not 0 <= value < float("inf"):
        raise UsageError(f'{option} "{said}" is no share. Write it as "30%" or 0.3.')
    return round(value, 12)


def named_amounts(texts: Mapping[str, Any] | Iterable[str], *, option: str) -> dict[str, float]:
    """Read ``"TikTok=500"`` or a mapping; the last "=" parts name and amount.

    Examples
    --------
    >>> named_amounts(["TikTok=500", "a=b=1"], option="--min")
    {'TikTok': 500.0, 'a=b': 1.0}
    """
    if isinstance(texts, Mapping):
        return {str(name): amount(value, option=f"{option} {name}") for name, value in texts.items()}
    out: dict[str, float] = {}
    for text in [texts] if isinstance(texts, str) else texts:
        name, mark, value = str(text).rpartition("=")
        if not mark or not name.strip():
            raise UsageError(f'{option} "{text}" names no channel. Write "TikTok=500": a channel and money per week.')
        if name.strip() in out:
            raise UsageError(f'{option} names "{name.strip()}" twice. Give one amount.')
        out[name.strip()] = amount(value, option=f"{option} {name.strip()}")
    return out


def whole_weeks(value: Any, *, option: str = "--weeks") -> int:
    """Read the length of a plan."""
    try:
        weeks = int(str(value))
    except ValueError:
        weeks = 0
    if not 1 <= weeks <= MOST_WEEKS:
        raise UsageError(f'{option} "{value}": a plan has 1 to {MOST_WEEKS} whole weeks.')
    return weeks


def objective_of(text: Any, *, option: str = "--for") -> Objective:
    """Read what a plan shall be best for."""
    if text not in OBJECTIVES:
        near = get_close_matches(str(text), OBJECTIVES, n=1)
        guess = f' Did you mean "{near[0]}"?' if near else ""
        raise UsageError(
            f'{option} "{text}" is not known.{guess} Use {", ".join(OBJECTIVES[:-1])} or {OBJECTIVES[-1]}.'
        )
    return text  # type: ignore[no-any-return]


def checked(asked: Asked, *, margin: float | None, alone: bool = True) -> Asked:
    """Return the question, where it can be answered; say what contradicts itself.

    Parameters
    ----------
    asked : Asked
    margin : float or None
    alone : bool
        Whether this is a whole question, not only what scenarios begin from.

    Raises
    ------
    UsageError
    """
    named = bool(asked.shift) or asked.spend is not None
    _check_named(asked, named=named)
    _check_targets(asked)
    if asked.objective == "profit" and margin is None:
        raise UsageError(
            "--for profit needs the contribution margin: add --margin, for example --margin 0.6 "
            "(in a file of scenarios: margin = 0.6 at its top)."
        )
    if alone and not asked.optimizes and not asked.nothing:
        _check_unused(asked)
    return asked


def _check_named(asked: Asked, *, named: bool) -> None:
    if asked.shift and asked.spend is not None:
        raise UsageError("a scenario has shifts or amounts by channel, not both.")
    if named and asked.optimizes:
        raise UsageError(
            "--shift says what to do, --optimize asks what is best: give one of them.\n"
            "  To hold a channel while the best split is looked for, use --fix, --min or --max, "
            'for example --min "Meta=2000".'
        )
    if named and asked.budget is not None:
        raise UsageError(
            "--shift changes the total itself, so it cannot be combined with --budget.\n"
            '  To move money and keep the total, write --shift "Meta>Search=500".'
        )


def _check_targets(asked: Asked) -> None:
    if asked.target_revenue is not None and (
        asked.budget is not None or asked.target_marginal_roas is not None or asked.objective != "revenue"
    ):
        raise UsageError(
            "--target-revenue looks for the budget itself: leave out --budget, --for and --target-marginal-roas."
        )
    if asked.target_marginal_roas is None:
        return
    if asked.objective != "revenue" or asked.budget is not None:
        raise UsageError("--target-marginal-roas decides how much to spend: leave out --budget and --for.")
    if not 0 < asked.target_marginal_roas < float("inf"):
        raise UsageError(
            f"--target-marginal-roas {asked.target_marginal_roas} is no ratio. Give one above 0, for example 1.5."
        )


def _check_unused(asked: Asked) -> None:
    """Refuse limits beside a split that is named: they would be ignored."""
    given = {
        "--min": bool(asked.minimum),
        "--max": bool(asked.maximum),
        "--fix": bool(asked.fix),
        "--for": asked.objective != "revenue",
    }
    idle = [option for option, said in given.items() if said]
    if idle:
        raise UsageError(
            f"{' and '.join(idle)} steer the search for the best split, and none is asked for. Add --optimize, or leave "
            f"{'it' if len(idle) == 1 else 'them'} out."
        )
